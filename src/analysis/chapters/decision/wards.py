"""Chapter 9, who gains and who pays: an option's value by municipality, and beyond cash.

Each component goes to who causes it: what is bought and saved by the municipality's part of the
spend, the fee likewise, the move and the agency by residents. Who spends what is modelled, so it is
held under chapter 2's rival drivers too. Staff time for joint buying is the same in each. Money is
a level sum of yen a year in constant prices.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.chapters.decision.formulas import CORE, INTERNAL, Terms
from analysis.methods.appraisal import present_value, years_in_service
from analysis.methods.calibration import weighted_mean, weighted_quantiles

BY_SPEND = ("buying", "fee", "pooling")
BY_RESIDENTS = ("moving", "agency")
PAID = ("fee", "moving", "agency")
LEVELS = {"p10": 0.1, "p50": 0.5, "p90": 0.9}
HOURS_OF = "freed"  # chapter 7's stage


def spend_shares(cost_draws: pd.DataFrame, codes: list[str], draws: int) -> NDArray:
    """Return each municipality's part of the spend, (draws, municipalities).

    Chapter 2 keeps fewer draws than the joint sequence; they are gone through again and again.
    """
    wide = cost_draws.pivot(index="draw", columns="code", values="cost_jpy")[codes].to_numpy()
    return (wide / wide.sum(axis=1, keepdims=True))[np.arange(draws) % len(wide)]


def gains_by_draw(
    parts: pd.DataFrame, spend: NDArray, residents: NDArray, terms: Terms
) -> tuple[NDArray, NDArray]:
    """Return what each municipality gains, and what it pays, a year, (draws, municipalities); the
    gains of a draw add up to the option's value.
    """
    people = residents / residents.sum()
    share = {name: spend if name in BY_SPEND else people for name in parts}
    each = {name: parts[name].to_numpy()[:, None] * share[name] * terms.level for name in parts}
    gains = sum(each.values(), np.zeros((1, 1)))
    return gains, -sum((each[name] for name in PAID), np.zeros((1, 1)))


def ward_table(
    members: pd.DataFrame,
    gains: NDArray,
    paid: NDArray,
    weights: NDArray,
    liaison_jpy: float,
    rivals: Sequence[NDArray] = (),
) -> pd.DataFrame:
    """Return one row per municipality: gain (P10, median, P90), the least and the largest median
    over what drives spend, what is left of the gain after staff time, what it pays, the gain per
    resident, how often it gains.

    ``members`` has code, residents; ``rivals`` are the gains under rival drivers.
    """
    rows = members[["code", "residents"]].reset_index(drop=True)
    found = np.array([weighted_quantiles(g, weights, list(LEVELS.values())) for g in gains.T])
    rows[[f"gain_{level}_jpy" for level in LEVELS]] = found
    medians = np.array([medians_of(one, weights) for one in (gains, *rivals)])
    return rows.assign(
        gain_driver_low_jpy=medians.min(axis=0),
        gain_driver_high_jpy=medians.max(axis=0),
        gain_per_resident_jpy=found[:, 1] / rows["residents"],
        paid_jpy=weighted_mean(paid, weights),
        after_hours_jpy=found[:, 1] - liaison_jpy,
        gains_share=weights @ (gains > 0),
    )


def appraisal_table(
    components: Mapping[str, pd.DataFrame],
    weights: NDArray,
    terms: Terms,
    tax_rate: float,
    liaison_jpy: float,
    freed_jpy: Mapping[str, float],
    losers: Mapping[str, int],
) -> pd.DataFrame:
    """Return one row per option, as level sums a year: cash, the consumption tax in it, staff time
    freed and spent, and the economic worth, in which a tax is no cost.

    ``liaison_jpy`` is the staff time of all for joint buying, ``freed_jpy`` by option what pooling
    frees, both in yen a year; ``losers`` how many municipalities lose in the median.
    """
    rows = []
    for option, parts in components.items():
        fee = abs(float(weighted_mean(parts["fee"], weights))) * terms.level
        cash = float(weighted_mean(parts.sum(axis=1), weights)) * terms.level
        tax = fee * tax_rate / (1 + tax_rate)
        spent = 0.0 if option == "stay" else liaison_jpy
        freed = freed_jpy.get(option, 0.0)
        rows.append(
            {
                "option": option,
                "cash_jpy": cash,
                "tax_jpy": tax,
                "hours_freed_jpy": freed,
                "hours_spent_jpy": spent,
                "economic_jpy": cash + tax + freed - spent,
                "losers": losers[option],
            }
        )
    return pd.DataFrame(rows).assign(place=range(1, len(rows) + 1))


def medians_of(gains: NDArray, weights: NDArray) -> NDArray:
    """Return each municipality's median gain, (municipalities,)."""
    return np.array([weighted_quantiles(gain, weights, [0.5])[0] for gain in gains.T])


def losing(gains: NDArray, weights: NDArray) -> int:
    """Return how many municipalities lose in the median, whole yen."""
    return int((np.round(medians_of(gains, weights)) < 0).sum())


def service_part(
    spend: pd.Series, dates: pd.DataFrame, stages: Sequence[str], horizon: Any, terms: Terms
) -> float:
    """Return what part of the spend is pooled, by system group, times the part of the appraisal in
    which it is, in present values; mean over the draws.
    """
    total = 0.0
    for stage in stages:
        for group in INTERNAL if stage == "internal" else CORE:
            moved = dates[group if stage == "internal" else "core"]
            served = years_in_service(moved, horizon.ramp_years, horizon.edges)
            total += spend[group] * float(present_value(served, terms.rate).mean()) * terms.level
    return total


def hours_freed(
    stages: pd.DataFrame, served: Mapping[str, float], hour_jpy: float
) -> dict[str, float]:
    """Return the worth of the staff time that each option frees, yen a year.

    ``stages`` is chapter 7's, for everything pooled in a full year; ``served`` says by option what
    part of the spend is pooled, times the part of the appraisal in which it is.
    """
    hours = float(stages.set_index("stage").at[HOURS_OF, "p50"])
    return {option: hours * hour_jpy * part for option, part in served.items()}
