"""Chapter 10: what the plan would save if a few things were otherwise, by the study's own model.

A state is one level of every lever. The first level of each is `AS_STUDY`: the input is drawn, as
everywhere in the study, and not set at its centre. So the state in which every lever stands there
is the study's own result. Money is nominal yen a year; a draw is one possible world.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.methods.uncertainty import summary

AS_STUDY = "as_study"
CLAIM = "source_report"  # the scale model that is solved back from the report and no evidence
CLAIMED_QUARTERS = {"claim_quarter": 1, "claim_half": 2, "claim_three_quarters": 3, CLAIM: 4}
QUARTERS = 4
NOTHING_POOLED = "buying_only"
OTHER_PLATFORMS = ("core_one", "core_apart", NOTHING_POOLED)
MIGRATION = {AS_STUDY: 1.0, "migration_half": 0.5, "migration_paid": 0.0}
PRICE = {"price_low": "low", "price_high": "high"}
LEVERS = ("scale_reading", "spend", "platforms", "participants", "migration", "price", "uptake")
ASKED = ("participants", "platforms", "price", "uptake")  # what the model is run again for
PARTS = ("instances", "price", "demand", "transition", "agency")
COSTS = ("transition", "agency")
LEVELS = ("p10", "p50", "p90")
Savings = Callable[[Any, Any, pd.DataFrame, str], pd.DataFrame]


@dataclass(frozen=True)
class Model:
    """The study's model with the run's own choices, ready to be asked.

    ``plans`` holds chapter 3's plan by who takes part, `AS_STUDY` first; ``savings`` is chapter 4's
    saving a year by draw, with a column for each of `PARTS`, costs positive; ``scale_models`` are
    the rival readings, the run's ``own`` among them; ``spend`` holds chapter 3's row of
    ``spend_reached`` for each level of spend, of which ``reached`` says what pooling and buying
    reach a year, by draw; ``prices`` the low and the high end of the price effect, as shares.
    """

    plans: Mapping[str, Any]
    purchase: Any
    savings: Savings
    scale_models: Sequence[str]
    own: str
    spend: Mapping[str, pd.Series]
    reached: Callable[[pd.Series, pd.DataFrame], pd.Series]
    prices: Mapping[str, float]

    @property
    def levers(self) -> dict[str, tuple[str, ...]]:
        """The levels of every lever, the study's own first; what would say the same twice is left
        out.
        """
        rivals = [model for model in self.scale_models if model not in (self.own, CLAIM)]
        claims = [] if self.own == CLAIM else [*CLAIMED_QUARTERS]
        return {
            "scale_reading": (AS_STUDY, *rivals, *claims),
            "spend": tuple(self.spend),
            "platforms": (AS_STUDY, *self._other_platforms()),
            "participants": tuple(self.plans),
            "migration": tuple(MIGRATION),
            "price": (AS_STUDY, *(PRICE if self.purchase.joint_price else ())),
            "uptake": (AS_STUDY, "uptake_all"),
        }

    def spend_times(self, draws: pd.DataFrame) -> dict[str, NDArray]:
        """How many times what the run's own spend lets pooling and buying reach each level of spend
        does, by draw: what a run at that level would have.
        """
        own = self.reached(self.spend[AS_STUDY], draws)
        return {
            level: (self.reached(row, draws) / own).to_numpy() for level, row in self.spend.items()
        }

    def _other_platforms(self) -> Iterator[str]:
        """The levels of platforms that differ from the plan, one of those that are alike."""
        plan = self.plans[AS_STUDY]
        seen = [plan.terms["instances"].tolist()]
        for level in OTHER_PLATFORMS:
            on = on_platforms(plan, level).terms["instances"].tolist()
            if on not in seen:
                seen.append(on)
                yield level


def taking_part(residents: pd.Series, named: Sequence[str]) -> dict[str, list[str]]:
    """Return who takes part at each level of the lever ``participants``: everybody, and, where
    others are in the run alongside all of them, those whom the report names.

    >>> taking_part(pd.Series({"a": 3.0, "b": 1.0, "c": 1.0}), ["a", "b"])
    {'as_study': ['a', 'b', 'c'], 'report12': ['a', 'b']}
    """
    everybody = residents.index.tolist()
    some = [code for code in everybody if code in set(named)]
    whole = 0 < len(some) == len(set(named)) < len(everybody)
    return {AS_STUDY: everybody, **({"report12": some} if whole else {})}


def plans(plan: Any, residents: pd.Series, who: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Return chapter 3's plan for each level of the lever ``participants``, the study's own as it
    is.
    """
    of_all = residents.sum()
    return {
        level: plan
        if level == AS_STUDY
        else part_of_plan(plan, len(codes), residents[[*codes]].sum() / of_all)
        for level, codes in who.items()
    }


def part_of_plan(plan: Any, municipalities: int, share: float) -> Any:
    """Return chapter 3's plan for some of its municipalities: ``municipalities`` of them, with a
    ``share`` of its residents and so of its spend, as chapter 2 scales a baseline.

    No system group has more platforms than municipalities.
    """
    terms = plan.terms.assign(instances=plan.terms["instances"].clip(upper=municipalities))
    return replace(
        plan,
        terms=terms,
        municipalities=municipalities,
        residents=plan.residents * share,
        annual_jpy=plan.annual_jpy * share,
    )


def on_platforms(plan: Any, level: str) -> Any:
    """Return chapter 3's plan with core on one platform, on one for each municipality, or nothing
    pooled at all.
    """
    chosen = plan.terms["instances"]
    core = (plan.terms["system_group"] == "core") | (level == NOTHING_POOLED)
    on = {AS_STUDY: chosen, "core_one": chosen.where(~core, 1)}
    instances = on.get(level, chosen.where(~core, plan.municipalities))
    return replace(plan, terms=plan.terms.assign(instances=instances))


def spends(reached: pd.DataFrame, arms: pd.DataFrame) -> dict[str, pd.Series]:
    """Return chapter 3's row of ``spend_reached`` for each level of spend: the study's, the rival
    baselines', and the study's after the move to standard systems.

    ``arms`` is chapter 8's: its row ``tokyo`` says how much all of the spend rises where what moves
    costs as much more as Tokyo's survey found. The trap: a rival total as a multiple of the run's
    own; a total that was divided out of the claim falls as the claim rises, a rival does not.
    """
    rows = {row["baseline"]: row for _, row in reached.iterrows()}
    own = rows.pop(reached.loc[reached["in_use"], "baseline"].item())
    levels = {AS_STUDY: own, **rows}
    for rise in arms.loc[arms["source_id"] == "tokyo", "rise"]:
        levels["after_move"] = pd.Series({**own, "annual_jpy": own["annual_jpy"] * rise})
    return levels


def drawn_otherwise(draws: pd.DataFrame, price: float | None, everybody: bool) -> pd.DataFrame:
    """Return the draws with one price effect in all of them, where one is given, and with every
    municipality in everything, where asked.
    """
    set_alike = {} if price is None else {"price_effect": price}
    taken_up = [name for name in draws if str(name).startswith("uptake_") and everybody]
    return draws.assign(**set_alike, **dict.fromkeys(taken_up, 1.0))


def states(model: Model, draws: pd.DataFrame, target_jpy: float, years: int) -> pd.DataFrame:
    """Return one row per state: its levels, gross and net saving, shares of the target, and the
    means of the parts that add up to the net saving.

    P10, P50 and P90 over ``draws`` in yen a year; a share is of ``target_jpy`` over ``years`` full
    years. ``verdict`` is ``loses`` below nothing, ``meets`` from the target on, else ``gains``.
    """
    rows = [
        {**setting, **_saved(parts, target_jpy, years)}
        for setting, parts in _every_state(model, draws)
    ]
    table = pd.DataFrame(rows)
    order = pd.MultiIndex.from_product(model.levers.values(), names=LEVERS)
    table = table.set_index([*LEVERS]).loc[order].reset_index()
    return table.assign(place=range(1, len(table) + 1))


def with_all_draws(
    table: pd.DataFrame, model: Model, draws: pd.DataFrame, target_jpy: float, years: int
) -> pd.DataFrame:
    """Return the states with those that move one lever at most worked out on all of the study's
    ``draws``.

    Whatever chapter 4 or 8 says of such a state is then one number, to the last digit: the first
    row, the readings of the rival baselines and scale models, joint buying alone.
    """
    rows = [
        {**setting, **_saved(parts, target_jpy, years)}
        for setting, parts in _one_moved(model, draws)
    ]
    moved, whole = (pd.DataFrame(found).set_index([*LEVERS]) for found in (rows, table))
    whole.loc[moved.index, [*moved]] = moved
    return whole.reset_index()


def _every_state(
    model: Model, draws: pd.DataFrame
) -> Iterator[tuple[dict[str, str], dict[str, NDArray]]]:
    """Yield each state's levels and the parts of its saving, (draws,) each; the model is asked once
    for what it sees.
    """
    times, levers = model.spend_times(draws), model.levers
    for values in product(*(levers[name] for name in ASKED)):
        setting = dict(zip(ASKED, values, strict=True))
        yield from _states_at(model, draws, setting, levers["scale_reading"], times)


def _one_moved(
    model: Model, draws: pd.DataFrame
) -> Iterator[tuple[dict[str, str], dict[str, NDArray]]]:
    """Yield the states that move one lever at most, as `_every_state` does."""
    times, levers = model.spend_times(draws), model.levers
    study = dict.fromkeys(ASKED, AS_STUDY)
    moved = [{**study, name: level} for name in ASKED for level in levers[name][1:]]
    for setting in (study, *moved):
        readings = levers["scale_reading"] if setting == study else (AS_STUDY,)
        for state, parts in _states_at(model, draws, setting, readings, times):
            if sum(level != AS_STUDY for level in state.values()) <= 1:
                yield state, parts


def _states_at(
    model: Model,
    draws: pd.DataFrame,
    setting: Mapping[str, str],
    readings: Sequence[str],
    times: Mapping[str, NDArray],
) -> Iterator[tuple[dict[str, str], dict[str, NDArray]]]:
    """Yield the states at one setting of what the model is asked, under some readings of scale."""
    for reading, parts in _answers(model, draws, setting, readings).items():
        for other, scaled in _of_spend_and_migration(times, parts):
            yield {**setting, "scale_reading": reading, **other}, scaled


def _of_spend_and_migration(
    spend_times: Mapping[str, NDArray], parts: Mapping[str, NDArray]
) -> Iterator[tuple[dict[str, str], dict[str, NDArray]]]:
    """Yield the parts at each level of spend and migration cost: the spend scales the saving and
    leaves the costs, as in chapter 4's readings. Parts may hold the draws more than once.
    """
    for (spend, times), (migration, left) in product(spend_times.items(), MIGRATION.items()):
        each: NDArray = np.tile(times, len(parts["agency"]) // len(times))
        factors: dict[str, Any] = dict.fromkeys(PARTS, each) | {"transition": left, "agency": 1.0}
        yield (
            {"spend": spend, "migration": migration},
            {part: parts[part] * factor for part, factor in factors.items()},
        )


def _answers(
    model: Model, draws: pd.DataFrame, setting: Mapping[str, str], readings: Sequence[str]
) -> dict[str, dict[str, NDArray]]:
    """The parts of the saving by reading, where only the reading is left open.

    Where nothing is pooled, no reading of scale matters. The trap: the report's claim has no joint
    buying in it, so that it would leave nothing at all; and it cannot be solved for a plan that
    pools nothing, even where it is the run's own.
    """
    price = PRICE.get(setting["price"])
    drawn = drawn_otherwise(
        draws, model.prices[price] if price else None, setting["uptake"] == "uptake_all"
    )
    plan = on_platforms(model.plans[setting["participants"]], setting["platforms"])
    evidence = [name for name in (model.own, *model.scale_models) if name != CLAIM]
    named = {model.own, *(_model_of(reading, model.own) for reading in readings)}
    asked = evidence[:1] if setting["platforms"] == NOTHING_POOLED else sorted(named)
    said = {name: model.savings(plan, model.purchase, drawn, name) for name in asked}
    own = said.get(model.own, said[asked[0]])
    return {
        reading: _mixed(_in_quarters(own, said.get(_model_of(reading, model.own), own), reading))
        for reading in readings
    }


def _model_of(reading: str, own: str) -> str:
    """The scale model that a reading is, or that it gives a weight."""
    return CLAIM if reading in CLAIMED_QUARTERS else own if reading == AS_STUDY else reading


def _in_quarters(own: pd.DataFrame, other: pd.DataFrame, reading: str) -> list[pd.DataFrame]:
    """The savings whose draws count alike: the study's own and the claim's in as many copies as
    their weights have quarters.

    The trap: taking the claim in every fourth draw. The order of the draws is not by chance, and
    every fourth has half of the first input's range.
    """
    quarters = CLAIMED_QUARTERS.get(reading, QUARTERS)
    return [other] if quarters == QUARTERS else [own] * (QUARTERS - quarters) + [other] * quarters


def _mixed(savings: Sequence[pd.DataFrame]) -> dict[str, NDArray]:
    return {
        part: np.concatenate([saving[part].to_numpy(float) for saving in savings]) for part in PARTS
    }


def _saved(parts: Mapping[str, NDArray], target_jpy: float, years: int) -> dict[str, Any]:
    """What a state says: levels of gross and net, shares of the target, means of the parts."""
    gross = parts["instances"] + parts["price"] + parts["demand"]
    net = gross - parts["transition"] - parts["agency"]
    levels = {"gross": summary(gross), "net": summary(net)}
    ratio = {name: found["p50"] * years / target_jpy for name, found in levels.items()}
    return {
        **{f"{name}_{at}_jpy": found[at] for name, found in levels.items() for at in LEVELS},
        **{f"{name}_ratio": value for name, value in ratio.items()},
        **{
            f"mean_{part}_jpy": values.mean() * (-1 if part in COSTS else 1)
            for part, values in parts.items()
        },
        "mean_net_jpy": net.mean(),
        "verdict": "loses" if ratio["net"] < 0 else "meets" if ratio["net"] >= 1 else "gains",
    }


def one_at_a_time(table: pd.DataFrame) -> pd.DataFrame:
    """Return the study's own state and each state that moves one lever from it, one row each.

    ``lever`` is blank in the first row, which moves none.
    """
    moved = table[[*LEVERS]] != AS_STUDY
    chosen = table[moved.sum(axis=1) <= 1].copy()
    of = moved.loc[chosen.index]
    lever = of.idxmax(axis=1).where(of.any(axis=1))
    level = [
        table.at[row, name] if isinstance(name, str) else AS_STUDY for row, name in lever.items()
    ]
    rank = lever.map({name: place for place, name in enumerate(LEVERS, 1)}).fillna(0)
    chosen = chosen.assign(lever=lever, level=level).loc[rank.sort_values(kind="stable").index]
    columns = ["lever", "level", *(f"net_{at}_jpy" for at in ("p50", "p10", "p90"))]
    columns += ["net_ratio", "gross_p50_jpy", "gross_ratio"]
    return chosen[columns].assign(place=range(1, len(chosen) + 1)).reset_index(drop=True)


def member_shares(residents: pd.Series, taking_part: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Return each municipality's share of the residents of those that take part, one row per level
    of the lever ``participants`` and municipality.

    ``residents`` is by code.

    >>> member_shares(pd.Series({"a": 30.0, "b": 10.0}), {"as_study": ["a", "b"]})["share"].tolist()
    [0.75, 0.25]
    """
    shares = {
        who: residents[[*codes]] / residents[[*codes]].sum() for who, codes in taking_part.items()
    }
    table = pd.concat(shares, names=["participants", "code"]).rename("share").reset_index()
    return table.assign(place=range(1, len(table) + 1))


def of_evidence(single: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of `one_at_a_time` that give the report's claim no weight, the study's own
    state left out.
    """
    return single[single["lever"].notna() & ~single["level"].isin(CLAIMED_QUARTERS)]


def median_at(single: pd.DataFrame, level: str) -> float | None:
    """Return the median net saving of `one_at_a_time` at one level, yen a year; None where the run
    has no such level.
    """
    found = single.loc[single["level"] == level, "net_p50_jpy"]
    return float(found.iloc[0]) if len(found) else None
