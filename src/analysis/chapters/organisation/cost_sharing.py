"""Chapter 5, second half: who pays what of the pooled systems, and who would do better outside.

Money is nominal yen a year; ``code`` is the six-digit local government code; a draw is one possible
world, the same in all chapters. What single wards cost is modelled: what is said of one ward is
an interval over draws or a share of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Any, Protocol, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.methods import cooperative_game as sharing
from analysis.methods.drawn_games import DrawnGames, running_norm

INPUTS = ["agency_running_cost", "coordination_loss", "coordination_curvature"]
ORDERS, JOINING_ORDERS, ORDERS_SEED = 200, 16, 5
# with coordination the search over coalitions is one a size, hence fewer draws
COORDINATION_DRAWS = 64
RIVAL_DRAWS, RIVAL_RULES = 64, ("shapley", "own_cost", "residents")
LEVELS = {"p10": 0.1, "p50": 0.5, "p90": 0.9}
Charges = Mapping[str, NDArray]


class PooledPlan(Protocol):
    """What this chapter needs of chapter 3's plan: the wards' spend a year, and the share of it
    that size spares.
    """

    annual_jpy: float
    terms: pd.DataFrame

    def fixed_share(self, scale_model: str, draws: pd.DataFrame) -> pd.Series:
        """Return the fixed share of cost under a scale model, one row per draw."""

    def group_savings(self, phi: pd.Series | float, draws: pd.DataFrame) -> pd.DataFrame:
        """Return each group's saving at a fixed share, net of coordination, one row per draw."""


def games_of(
    readings: Iterable[pd.DataFrame],
    pooled: pd.DataFrame,
    inputs: pd.DataFrame,
    exponent: float | None,
) -> list[DrawnGames]:
    """Return `ward_games` under each reading of what the wards cost, in the order of the
    readings.
    """
    return [ward_games(costs, pooled, inputs, exponent) for costs in readings]


def ward_games(
    costs: pd.DataFrame, pooled: pd.DataFrame, inputs: pd.DataFrame, exponent: float | None
) -> DrawnGames:
    """Return the wards' cost games, one per row of ``inputs``, players in the order of their codes,
    without coordination.

    ``inputs`` has `INPUTS` (joint agency's running cost in yen a year, coordination loss and its
    curvature) by draw, ``costs`` has a row per ward and draw (``draw``, ``code``, ``cost_jpy``),
    ``pooled`` chapter 3's ``fixed_share`` per draw; without an ``exponent`` the largest ward alone
    sets the platform. Refused: draws that a table lacks, all named.
    """
    exponent = np.inf if exponent is None else exponent
    own, shares = (
        costs.pivot(index="draw", columns="code", values="cost_jpy"),
        pooled.set_index("draw")["fixed_share"],
    )
    missing = sorted(set(inputs.index) - (set(own.dropna().index) & set(shares.index)))
    if missing:
        raise ValueError(f"no ward costs or no fixed share in draws {', '.join(map(str, missing))}")
    own_costs, nothing = own.loc[inputs.index].to_numpy(), np.zeros(len(inputs))
    phi = scaled_fixed_share(own_costs, shares.loc[inputs.index].to_numpy(), exponent)
    return DrawnGames(
        own_costs, phi, inputs["agency_running_cost"].to_numpy(), nothing, nothing + 1, exponent
    )


def scaled_fixed_share(own_costs: NDArray, fixed_share: NDArray, exponent: float) -> NDArray:
    """Return phi of the game (draws,), with which all together save what chapter 3 says of one
    platform.

    Chapter 3 counts municipalities of equal size: phi (1 - 1/n) of the spend. Here municipalities
    differ, so phi' = phi (1 - 1/n) C / (C - norm). Above one is cut, as in chapter 3; one ward
    alone, whose platform is its own, keeps its phi. The trap: one phi for both would let the study
    save two different sums.

    >>> # equal municipalities: no change
    >>> scaled_fixed_share(np.array([[1.0, 1.0]]), np.array([0.4]), np.inf).tolist()
    [0.4]
    """
    total, municipalities = own_costs.sum(axis=1), own_costs.shape[1]
    if municipalities == 1:
        return np.minimum(fixed_share, 1)
    spared = total - running_norm(own_costs, exponent)[:, -1]
    return np.minimum(fixed_share * (1 - 1 / municipalities) * total / spared, 1)


def with_coordination(
    game: DrawnGames, inputs: pd.DataFrame, plan: PooledPlan, draws: int
) -> DrawnGames:
    """Return the first draws of the games with what differing rules cost, averaged over system
    groups by spend.

    What all lose on one platform is chapter 3's to say: its ``plan`` with one platform for each
    group. The trap: to take the loss of all wards for that of the few who take part.
    """
    chosen, groups = inputs.iloc[:draws], plan.terms.set_index("system_group")
    together: PooledPlan = replace(cast(Any, plan), terms=plan.terms.assign(instances=1))
    lost = -together.group_savings(0.0, chosen)[groups.index]
    loss = lost.to_numpy() @ groups["spend_share"].to_numpy()
    return DrawnGames(
        game.own_costs[:draws],
        game.fixed_share[:draws],
        game.agency_cost[:draws],
        loss,
        chosen["coordination_curvature"].to_numpy(),
        game.exponent,
    )


def quick_charges(game: DrawnGames, residents: NDArray) -> dict[str, NDArray]:
    """Return what each ward pays in each draw under the rules quick enough for every draw, (draws,
    wards) per rule.

    Shapley is estimated over the same joining orders in all draws; `shapley_error` says how far it
    may be off.
    """
    municipalities, total = game.players, game.cost_of(np.ones(game.players, dtype=bool))[:, None]
    return {
        "shapley": game.shapley_estimate(joining_orders(municipalities, ORDERS)),
        "own_cost": game.own_costs * (total / game.own_costs.sum(axis=1, keepdims=True)),
        "residents": total * sharing.proportional_shares(1.0, residents),
        "equal": total * sharing.equal_shares(1.0, municipalities),
    }


def joining_orders(municipalities: int, count: int) -> NDArray:
    """Return random orders of joining, (count, municipalities), the same in every run."""
    return np.random.default_rng(ORDERS_SEED).permuted(
        np.tile(np.arange(municipalities), (count, 1)), axis=1
    )


def shapley_error(central: DrawnGames, exact: NDArray) -> float:
    """Return the largest error of the estimate in the central case, as a share of a ward's charge;
    ``exact`` is (wards,).
    """
    estimate = central.shapley_estimate(joining_orders(central.players, ORDERS))[0]
    return float(np.abs(estimate / exact - 1).max())


def cost_shares(
    part: pd.DataFrame, game: DrawnGames, charges: Charges, central: Charges, central_own: NDArray
) -> pd.DataFrame:
    """Return what each ward pays under each rule: one row per ward and rule.

    Over draws: charge, charge per resident and charge as a share of own cost as P10, P50, P90, the
    gain against its own cost, and the share of draws in which it pays more than alone. Rules too
    slow for that have the central case only. ``part`` has code and residents in the order of the
    players; ``central`` and ``central_own`` are the central case's charges and own costs, (wards,).
    A gain is of running cost alone, the move not paid; less than a yen is none.
    """
    blocks = []
    for rule, central_charge in central.items():
        block = part[["code"]].assign(
            rule=rule,
            central_charge_jpy=central_charge,
            central_charge_per_resident_jpy=central_charge / part["residents"].to_numpy(float),
            central_share_of_own_cost=central_charge / central_own,
        )
        if rule in charges:
            paid, residents = charges[rule], part["residents"].to_numpy(float)
            gained = np.round(game.own_costs - paid)
            for name, values in (
                ("charge_{}_jpy", paid),
                ("charge_per_resident_{}_jpy", paid / residents),
                ("share_of_own_cost_{}", paid / game.own_costs),
                ("gain_{}_jpy", gained),
            ):
                block[[name.format(level) for level in LEVELS]] = np.quantile(
                    values, list(LEVELS.values()), axis=0
                ).T
            block["worse_off_share"] = (gained < 0).mean(axis=0)
        blocks.append(block)
    return pd.concat(blocks, ignore_index=True)


def temptations(
    variants: Mapping[str, tuple[DrawnGames, Charges]], tolerance_jpy: float
) -> pd.DataFrame:
    """Return `temptation` of each variant of the games, one row per variant and rule."""
    return pd.concat(
        [
            temptation(name, game, charges, tolerance_jpy)
            for name, (game, charges) in variants.items()
        ],
        ignore_index=True,
    )


def temptation(
    variant: str, game: DrawnGames, charges: Charges, tolerance_jpy: float
) -> pd.DataFrame:
    """Return how strongly each rule tempts wards to leave, one row per rule, over all coalitions of
    every draw.

    A ward or coalition leaves if that spares it more than ``tolerance_jpy`` a year.
    ``largest_excess`` is what the most tempted coalition pays beyond its own cost (below zero: it
    would lose by leaving), ``compensation`` what would have to be paid to wards that pay more than
    alone. The trap: a rule that suits every ward alone may still lose 22 together.
    """
    rows = []
    for rule, paid in charges.items():
        # whole yen
        excesses, over = np.round(game.largest_excesses(paid)), np.round(paid - game.own_costs)
        leaving = excesses > tolerance_jpy
        first = np.where(leaving.any(axis=1), leaving.argmax(axis=1) + 1.0, np.nan)
        row = {
            "variant": variant,
            "rule": rule,
            "draws": len(paid),
            "ward_leaves_share": leaving[:, 0].mean(),
            "coalition_leaves_share": leaving.any(axis=1).mean(),
            "smallest_leaving_p50": (
                np.median(first[leaving.any(axis=1)]) if leaving.any() else np.nan
            ),
            "compensation_p50_jpy": np.median(np.clip(over, 0, None).sum(axis=1)),
        }
        for level, share in LEVELS.items():
            row[f"worse_off_{level}"] = np.quantile((over > tolerance_jpy).sum(axis=1), share)
            row[f"largest_excess_{level}_jpy"] = np.quantile(excesses.max(axis=1), share)
        rows.append(row)
    return pd.DataFrame(rows)


def largest_share(charges: NDArray) -> dict[str, float]:
    """Return P10, P50, P90 of the largest share that one ward bears; ``charges`` is (draws, wards).
    It names no ward.
    """
    return {
        level: float(np.quantile((charges / charges.sum(axis=1, keepdims=True)).max(axis=1), share))
        for level, share in LEVELS.items()
    }


def participation(game: DrawnGames) -> pd.DataFrame:
    """Return what 1, 2, … n wards save together in running cost, agency paid and the move not; one
    row per number.

    Over draws and random orders of joining.
    """
    saved = np.vstack(
        [
            game.own_costs[:, order].cumsum(axis=1) - game.paths(order)
            for order in joining_orders(game.players, JOINING_ORDERS)
        ]
    )
    levels = pd.DataFrame(
        np.quantile(saved, list(LEVELS.values()), axis=0).T,
        columns=[f"saving_{x}_jpy" for x in LEVELS],
    )
    return levels.assign(wards=range(1, game.players + 1), pays_share=(saved > 0).mean(axis=0))


def participants(part: pd.DataFrame, named: pd.DataFrame, game: DrawnGames) -> pd.DataFrame:
    """Return what the wards that the report names save together, what the others add, and what all
    save.

    One row per group of wards, running cost in yen a year and per resident, agency paid and the
    move not. A run that has only the named wards gives two rows, which are the same; one without
    any gives the row of all.
    """
    inside, everybody = part["code"].isin(named["code"]).to_numpy(), np.ones(len(part), dtype=bool)
    sides = {name: who for name, who in (("named", inside), ("all_wards", everybody)) if who.any()}
    saved = {
        name: np.round(game.own_costs[:, who].sum(axis=1) - game.cost_of(who))
        for name, who in sides.items()
    }
    groups = {name: (who, saved[name]) for name, who in sides.items()}
    if inside.any() and not inside.all():
        groups["others_add"] = (~inside, saved["all_wards"] - saved["named"])
    rows = []
    for name, (who, saving) in groups.items():
        residents = int(part.loc[who, "residents"].sum())
        levels = {
            f"saving_{level}_jpy": np.quantile(saving, share) for level, share in LEVELS.items()
        }
        rows.append(
            {"wards_in": name, "wards": int(who.sum()), "residents": residents}
            | levels
            | {
                "saving_per_resident_jpy": np.median(saving) / residents,
                "pays_share": (saving > 0).mean(),
            }
        )
    return pd.DataFrame(rows)


def rival_readings(
    costs: pd.DataFrame,
    plan: PooledPlan,
    draws: pd.DataFrame,
    baselines: pd.DataFrame,
    scale_models: Sequence[str],
    exponent: float | None,
    residents: NDArray,
    tolerance_jpy: float,
    drivers: Mapping[str, pd.DataFrame],
    own: tuple[str, str],
) -> pd.DataFrame:
    """Return one row per baseline and scale model: what pooling saves in running cost, and which
    rule keeps all wards in.

    Running cost alone, agency paid and move not. ``draws`` are chapter 3's joint draws (the first
    `RIVAL_DRAWS` count), ``costs`` the wards' own costs per draw, which a baseline scales alike.
    Below stand the run's ``own`` baseline and scale model with the costs that each of the rival
    ``drivers`` gives the wards (`drivers.rival_costs`). ``pays_from`` is the fewest wards whose
    median saving pays for the joint agency, missing where none do.
    """
    draws, rows = draws.iloc[:RIVAL_DRAWS], []
    annual = baselines.set_index("baseline")["annual_jpy"]
    readings = [("as_run", costs, *pair) for pair in product(annual.index, scale_models)]
    readings += [(driver, rival, *own) for driver, rival in drivers.items()]
    for driver, spent, baseline, model in readings:
        game = _rival_game(spent, plan, draws, annual[baseline], model, exponent)
        charges = quick_charges(game, residents)
        kept = temptation(
            model, game, {rule: charges[rule] for rule in RIVAL_RULES}, tolerance_jpy
        ).set_index("rule")
        curve = participation(game)
        together = curve.iloc[-1]
        rows.append(
            {"driver": driver, "baseline": baseline, "scale_model": model, "draws": len(draws)}
            | {
                name: together[name]
                for name in ("saving_p10_jpy", "saving_p50_jpy", "saving_p90_jpy", "pays_share")
            }
            | {
                "pays_from": curve.loc[curve["saving_p50_jpy"] > 0, "wards"].min(),
                "worse_off_p50": kept.at["residents", "worse_off_p50"],
                "ward_leaves_residents_share": kept.at["residents", "ward_leaves_share"],
            }
            | {
                f"coalition_leaves_{rule}_share": kept.at[rule, "coalition_leaves_share"]
                for rule in RIVAL_RULES
            }
        )
    return pd.DataFrame(rows).assign(place=range(1, len(rows) + 1)).astype({"pays_from": "Int64"})


def _rival_game(
    costs: pd.DataFrame,
    plan: PooledPlan,
    draws: pd.DataFrame,
    annual_jpy: float,
    model: str,
    exponent: float | None,
) -> DrawnGames:
    """The wards' games if their spend were ``annual_jpy`` a year and size mattered as one scale
    model has it.
    """
    rival: PooledPlan = replace(cast(Any, plan), annual_jpy=annual_jpy)
    phi = rival.fixed_share(model, draws)
    pooled = pd.DataFrame({"draw": draws.index, "fixed_share": phi.to_numpy()})
    scaled = costs.assign(cost_jpy=costs["cost_jpy"] * (annual_jpy / plan.annual_jpy))
    return ward_games(scaled, pooled, draws[INPUTS], exponent)
