"""Chapter 9: what to decide next, from what stands today.

Every option is what it adds to leaving things as they are, which includes the joint buying that
runs already. Options are columns, draws of the study's one joint sequence are rows, so that margins
and probabilities are paired. Values are present values at the decision in constant prices,
discounted at the appraisal's rate; ``a year`` is the level yearly sum of the same present value.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any
from zlib import crc32

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.evidence import month_known
from analysis.methods.appraisal import discount_factors, present_value, years_in_service
from analysis.methods.calibration import weighted_mean, weighted_quantiles
from analysis.methods.uncertainty import quantiles
from workbook.units import decimal_fiscal_year

OPTIONS = ("stay", "widened", "own_agency", "shared_internal", "core_renewal", "report_plan")
INTERNAL = ("internal", "communication", "infrastructure")
CORE = ("core", "online_counter", "data_use")
STREAMS = {"internal": INTERNAL, "core": ("core",)}  # stage -> streams of the work plan
COMPONENTS = ("buying", "fee", "pooling", "moving", "agency")
LEVELS = {"p10": 0.1, "p50": 0.5, "p90": 0.9}
SAME = 1e-9
BLOCKS = 16
DRAWN = (
    "outturn_running_share",
    "widening_years",
    "buying_fee_share",
    "renewal_move_share",
    "internal_renewal",
    "core_renewal",
)


@dataclass(frozen=True)
class Terms:
    """How options are appraised: the years, the rate, and what buying and pooling need of the
    agency.

    ``start`` is the first fiscal year of the appraisal, that of the decision; ``running_share`` is
    the part of joint buying that runs already, by draw, ``served`` whether a joint buyer is there
    to be widened, ``agency_shares`` the part of the agency that joint buying, shared internal
    systems and everything need.
    """

    start: float
    years: int
    rate: float
    running_share: NDArray
    served: bool
    agency_shares: Mapping[str, float]

    @property
    def level(self) -> float:
        """What a present value is worth as a level sum in each year of the appraisal."""
        return 1 / float(discount_factors(self.rate, self.years).sum())

    @property
    def vehicle(self) -> str:
        """The option through which pooled options buy."""
        return "widened" if self.served else "own_agency"


@dataclass(frozen=True)
class Valued:
    """Present values by draw, one column per part: what is saved, and what it costs."""

    saving: pd.DataFrame
    cost: pd.DataFrame


def starts_on(decision_date: str | int) -> float:
    """Return the decimal fiscal year of a month written as YYYY-MM; a bare year is its December.

    >>> starts_on("2026-04"), starts_on("2026-10")
    (2026.0, 2026.5)
    """
    year, month = month_known(str(decision_date)).split("-")
    return round(decimal_fiscal_year(dt.date(int(year), int(month), 1)) * 12) / 12


def next_round(start: float) -> float:
    """Return the fiscal year of the first budget round that is still ahead: its items are named by
    the end of July.

    >>> next_round(2026.0), next_round(2026.25), next_round(2026.5)
    (2026.0, 2026.0, 2027.0)
    """
    return float(np.ceil(start - 0.25 - SAME))


def agency_shares(shares: pd.Series) -> dict[str, float]:
    """Return chapter 6's parts of the agency by what needs them: buying, and the pooled options."""
    needed = {"buying": "buying_only", "shared_internal": "wave_one", "core_renewal": "core_chosen"}
    return {need: float(shares[option]) for need, option in needed.items()}


def drawn_terms(terms: pd.DataFrame, draws: int, shape: str, replicate: int = 0) -> pd.DataFrame:
    """Return the terms that are drawn (`DRAWN`), one column each and one row per draw.

    Each has uniforms of its own, seeded by its name: they take no dimension of the study's
    sequence. ``replicate`` picks other ones.
    """
    names = list(DRAWN)
    seeds = {name: crc32(f"{name}{replicate or ''}".encode()) for name in names}
    uniforms = {name: np.random.default_rng(seed).random(draws) for name, seed in seeds.items()}
    low, central, high = (terms.loc[names, bound] for bound in ("low", "central", "high"))
    found = quantiles(pd.DataFrame(uniforms), low, central, high, shape)
    return found.rename_axis("draw")


def moved_at_renewal(worth: Any, share: pd.Series) -> Any:
    """Return chapter 6's full year with the move at the part of its cost, by draw, that a renewal
    leaves.
    """
    return replace(worth, moving=worth.moving.mul(share, axis=0))


def valued(flows: Any, rate: float) -> Valued:
    """Return the present values of chapter 6's flows: renewals are costs, and what is left of an
    asset when the last year ends is taken off them.
    """
    saving = {part: present_value(yen, rate) for part, yen in flows.saving.items()}
    cost = {
        part: present_value(yen + flows.renewal.get(part, 0.0), rate) - flows.left_value(part, rate)
        for part, yen in flows.cost.items()
    }
    return Valued(pd.DataFrame(saving), pd.DataFrame(cost))


def at_renewal(dates: pd.DataFrame, renewals: Mapping[str, float]) -> pd.DataFrame:
    """Return the plan's dates put off so that no stream cuts over before its renewal; the agency is
    founded as much later as the earliest stream.

    ``renewals`` names stages (`STREAMS`) with a decimal fiscal year each, or dates by draw.
    """
    put_off, shifts = dates.copy(), []
    for stage, year in renewals.items():
        for stream in STREAMS[stage]:
            shift = (year - dates[f"{stream}_cutover"]).clip(lower=0)
            own = [stream, f"{stream}_contract", f"{stream}_cutover"]
            put_off[own] = dates[own].add(shift, axis=0)
            shifts.append(shift)
    put_off["agency"] = dates["agency"] + np.minimum.reduce(shifts)
    return put_off


def after_accounts(dates: pd.DataFrame, years: float = 1.0) -> pd.DataFrame:
    """Return the dates with core contracted no earlier than so many years after the last internal
    stream has moved: then its first accounts are there.
    """
    seen = dates[list(INTERNAL)].max(axis=1) + years
    shift = (seen - dates["core_contract"]).clip(lower=0)
    own = ["core", "core_contract", "core_cutover"]
    return dates.assign(**dates[own].add(shift, axis=0))


def fee_value(
    spend: NDArray, uptake: NDArray, starts: pd.Series, horizon: Any, terms: Terms, fee: NDArray
) -> NDArray:
    """Return the present value of the joint buyer's fee on what it newly buys, by draw.

    ``spend`` is the group's yearly spend without pooling, by year; ``fee`` a share by draw,
    with its tax.
    """
    served = years_in_service(starts, horizon.ramp_years, horizon.edges)
    return fee * uptake * (1 - terms.running_share) * present_value(spend * served, terms.rate)


def option_components(
    plan: Valued, renewal: Valued, fee: NDArray, terms: Terms
) -> dict[str, pd.DataFrame]:
    """Return, for each option, its components by draw (`COMPONENTS`); they add up to its value.

    ``plan`` is valued on the plan's dates from the decision on, ``renewal`` at renewals.
    """
    new, share = 1 - terms.running_share, terms.agency_shares
    through = {
        "widened": {"buying": new * renewal.saving["buying"], "fee": -fee},
        "own_agency": {
            "buying": new * plan.saving["buying"],
            "agency": -share["buying"] * plan.cost["agency"],
        },
    }
    pooled = {"shared_internal": INTERNAL, "core_renewal": (*INTERNAL, *CORE)}
    found = {"stay": {}, **through}
    for option, parts in pooled.items():
        more = _pooled(renewal, parts, share[option] - share["buying"])
        found[option] = _added(through[terms.vehicle], more)
    found["report_plan"] = _added(
        through["own_agency"], _pooled(plan, (*INTERNAL, *CORE), 1 - share["buying"])
    )
    if not terms.served:
        del found["widened"]
    index = plan.saving.index
    return {name: _complete(parts, index) for name, parts in found.items()}


def _pooled(value: Valued, parts: Sequence[str], agency: float) -> dict[str, pd.Series]:
    return {
        "pooling": value.saving[list(parts)].sum(axis=1),
        "moving": -value.cost[list(parts)].sum(axis=1),
        "agency": -agency * value.cost["agency"],
    }


def _added(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    return {name: one.get(name, 0.0) + other.get(name, 0.0) for name in COMPONENTS}


def _complete(parts: Mapping[str, Any], index: pd.Index) -> pd.DataFrame:
    return pd.DataFrame({name: parts.get(name, 0.0) for name in COMPONENTS}, index=index)


def option_values(components: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return each option's value by draw; leaving as is is worth nothing by definition."""
    return pd.DataFrame({option: parts.sum(axis=1) for option, parts in components.items()})


def best_option(values: pd.DataFrame, weights: NDArray) -> str:
    """Return the option with the highest mean; of equals the one named first changes least."""
    return leader(option_means(values, weights))


def leader(means: pd.Series) -> str:
    """Return the option with the highest mean; of equals the one named first.

    >>> leader(pd.Series({"stay": 0.0, "widened": 0.0, "plan": -1.0}))
    'stay'
    """
    near = means.to_numpy() >= means.max() - SAME * np.abs(means).max()
    return str(means.index[int(np.argmax(near))])


def option_means(values: pd.DataFrame, weights: NDArray) -> pd.Series:
    """Return the mean of each column of draws."""
    return pd.Series(weighted_mean(values.to_numpy(), weights), values.columns)


def option_table(values: pd.DataFrame, weights: NDArray, terms: Terms) -> pd.DataFrame:
    """Return one row per option: its value and the same as a level sum a year (mean, P10, median,
    P90), how often it pays, how often it is best of its draw, whether it is chosen.

    The chosen one has the highest mean.
    """
    ahead, chosen = values.idxmax(axis=1), best_option(values, weights)
    rows = []
    for option in values:
        npv = levels(values[option].to_numpy(), weights)
        rows.append(
            {
                "option": option,
                **{f"yearly_{name}_jpy": yen * terms.level for name, yen in npv.items()},
                **{f"npv_{name}_jpy": yen for name, yen in npv.items()},
                "positive_share": float(weights @ (values[option] > 0)),
                "best_share": float(weights @ (ahead == option)),
                "chosen": option == chosen,
            }
        )
    return pd.DataFrame(rows).assign(place=range(1, len(rows) + 1))


def levels(values: NDArray, weights: NDArray) -> dict[str, float]:
    """Return mean, P10, median and P90 of weighted draws."""
    found = weighted_quantiles(values, weights, list(LEVELS.values()))
    return {"mean": float(weighted_mean(values, weights))} | dict(
        zip(LEVELS, found.tolist(), strict=True)
    )


def error_of_median(values: NDArray, weights: NDArray) -> float:
    """Return the Monte Carlo error (one standard error) of the median of weighted draws, from the
    medians of `BLOCKS` equal parts of the sequence.

    Each part is a scrambled sequence of its own; the whole is at least as even as its parts, so
    that the error is rather too large than too small.
    """
    parts = zip(np.array_split(values, BLOCKS), np.array_split(weights, BLOCKS), strict=True)
    medians = [weighted_quantiles(part, weight, [0.5])[0] for part, weight in parts]
    return float(np.std(medians, ddof=1) / np.sqrt(BLOCKS))


def margin(values: pd.DataFrame, weights: NDArray) -> tuple[str, dict[str, float], float]:
    """Return the next best option, by how much the chosen one beats it (paired by draw), and the
    share of draws in which it does.
    """
    best = best_option(values, weights)
    second = best_option(values.drop(columns=best), weights)
    ahead = (values[best] - values[second]).to_numpy()
    return second, levels(ahead, weights), float(weights @ (ahead > 0))


def components_table(
    components: Mapping[str, pd.DataFrame], weights: NDArray, terms: Terms
) -> pd.DataFrame:
    """Return one row per option and component: its mean as a level sum a year; they add up to the
    option's mean.
    """
    rows = [
        {"option": option, "component": name, "mean_jpy": mean * terms.level}
        for option, parts in components.items()
        for name, mean in option_means(parts, weights).items()
    ]
    return pd.DataFrame(rows).assign(place=range(1, len(rows) + 1))


def flip_factors(means: pd.DataFrame) -> pd.DataFrame:
    """Return one row per component: by what factor it would have to change in every option for
    another to be chosen, the nearest such factor, and that option; none where no factor does.

    ``means`` is option x component, in one unit. The factor is exact: means are linear in it.
    """
    best, rows = leader(means.sum(axis=1)), []
    for component in means:
        crossing = _crossings(means, component)
        nearest = (crossing - 1).abs().idxmin() if len(crossing) else None
        rows.append(
            {
                "component": component,
                "factor": crossing[nearest] if nearest else np.nan,
                "option": nearest or best,
                "flips": nearest is not None,
            }
        )
    return pd.DataFrame(rows).assign(place=range(1, len(rows) + 1))


def raised_until(means: pd.DataFrame, component: str) -> float:
    """Return how many times as large a component would have to be in every option for another to be
    chosen, none where no rise changes the choice. ``means`` as in `flip_factors`.

    >>> means = pd.DataFrame({"pooling": [0.0, 5.0], "moving": [0.0, -2.0]}, ["stay", "share"])
    >>> raised_until(means, "moving"), raised_until(means.assign(moving=[0.0, -9.0]), "moving")
    (2.5, nan)
    """
    crossing = _crossings(means, component)
    return float(crossing[crossing > 1].min())


def _crossings(means: pd.DataFrame, component: str) -> pd.Series:
    """By what factor on a component the chosen option is worth as much as each other one."""
    total = means.sum(axis=1)
    best = leader(total)
    slope = (means.loc[best, component] - means[component]).drop(best)
    crossing = 1 - (total[best] - total).drop(best) / slope.where(slope.abs() > SAME)
    return crossing[crossing >= 0].dropna()


def claim_stretches(own: pd.Series, claim: pd.Series) -> pd.DataFrame:
    """Return from which to which weight of the report's claim which option is chosen.

    ``own`` and ``claim`` are the options' means under the study's reading and under the claim; a
    weight w gives (1 - w) own + w claim. The corners are exact.
    """
    slope = claim - own
    corners = {0.0, 1.0}
    for option in own.index:
        crossing = (own[option] - own) / (slope - slope[option]).where(
            (slope - slope[option]).abs() > SAME
        )
        corners |= set(crossing[(crossing > 0) & (crossing < 1)].round(12))
    rows: list[dict[str, Any]] = []
    for start, stop in pairwise(sorted(corners)):
        chosen = leader(own + (start + stop) / 2 * slope)
        if rows and rows[-1]["option"] == chosen:
            rows[-1]["to_weight"] = stop
        else:
            rows.append({"from_weight": start, "to_weight": stop, "option": chosen})
    return pd.DataFrame(rows).assign(place=range(1, len(rows) + 1))


def under_rival(
    own: Mapping[str, pd.DataFrame], rival: Mapping[str, pd.DataFrame]
) -> dict[str, pd.DataFrame]:
    """Return the options' components if a rival scale model is right: it is about pooling, and in
    the report's claim buying is counted already; options that pool nothing are worth what they are
    worth.
    """
    pools = ("shared_internal", "core_renewal", "report_plan")
    return {option: (rival if option in pools else own)[option] for option in own}


def means_by_model(
    components: Mapping[str, Mapping[str, pd.DataFrame]], own: str, weights: NDArray, terms: Terms
) -> pd.DataFrame:
    """Return the mean of each option under each scale model as a level sum a year, models x
    options; the ``own`` model's is the study's.
    """
    held = {
        model: option_means(option_values(under_rival(components[own], parts)), weights)
        for model, parts in components.items()
    }
    return pd.DataFrame(held).T[list(components[own])] * terms.level
