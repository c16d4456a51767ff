"""Chapter 5, what drives a ward's cost: the same sharing where chapter 2's rival drivers decide it.

What one ward pays alone is modelled, and the order of the wards turns with the driver chosen
(residents, or what each system group follows). So nothing that maps or ranks wards rests on one of
them: it is shown as the interval over all. Money is nominal yen a year.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.methods.drawn_games import DrawnGames

RIVAL = r"cost_by_(?P<driver>\w+)_jpy"  # the columns of `ward_costs` that hold a rival's costs


def rival_costs(wards: pd.DataFrame, own_costs: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the wards' own costs by draw as each rival driver of chapter 2 has them, by its name;
    none where chapter 2 has no rival.

    ``wards`` is chapter 2's table, ``own_costs`` its draws (``draw``, ``code``, ``cost_jpy``). The
    middle of each modelled ward moves to the rival's, its spread stays, and so does what a draw
    adds up to. An observed cost stays as it is: no driver knows better.
    """
    table, found = wards.set_index("code"), wards.columns.str.extract(RIVAL)["driver"]
    modelled = table["cost_p10_jpy"] < table["cost_p90_jpy"]
    rivals = {}
    for driver in found.dropna():
        moved = (table[f"cost_by_{driver}_jpy"] / table["cost_p50_jpy"]).where(modelled, 1.0)
        rivals[driver] = own_costs.assign(cost_jpy=_moved(own_costs, moved, modelled))
    return rivals


def _moved(own_costs: pd.DataFrame, factors: pd.Series, modelled: pd.Series) -> pd.Series:
    """The costs by a factor a ward, modelled ones put back on what they added up to in a draw."""
    costs, free = own_costs["cost_jpy"], own_costs["code"].map(modelled)
    moved = costs * own_costs["code"].map(factors)
    before, after = (
        values.where(free, 0.0).groupby(own_costs["draw"]).transform("sum")
        for values in (costs, moved)
    )
    return moved.where(~free, moved * before / after)


def charges_of_each(own: NDArray, rivals: Iterable[DrawnGames], orders: NDArray) -> list[NDArray]:
    """Return the Shapley charges of the run's own game, then those of each rival one over the same
    orders of joining, (draws, wards).
    """
    return [own, *(rival.shapley_estimate(orders) for rival in rivals)]


def medians_per_resident(charges: Iterable[NDArray], residents: NDArray) -> list[NDArray]:
    """Return each reading's median charge per resident, (wards,), from charges (draws, wards)."""
    return [np.median(paid, axis=0) / residents for paid in charges]


def interval(readings: Iterable[NDArray], name: str) -> pd.DataFrame:
    """Return the least and the largest value of each ward over the readings, and the interval of
    its rank from the lowest value up: ``NAME_low``, ``NAME_high``, ``rank_low``, ``rank_high``.

    >>> interval([np.array([5.0, 7.0]), np.array([8.0, 6.0])], "charge").to_dict("list")
    {'charge_low': [5.0, 6.0], 'charge_high': [8.0, 7.0], 'rank_low': [1, 1], 'rank_high': [2, 2]}
    """
    values = np.vstack(list(readings))
    ranks = values.argsort(axis=1).argsort(axis=1) + 1
    return pd.DataFrame(
        {
            f"{name}_low": values.min(axis=0),
            f"{name}_high": values.max(axis=0),
            "rank_low": ranks.min(axis=0),
            "rank_high": ranks.max(axis=0),
        }
    )


def order_turns(spans: pd.DataFrame) -> bool:
    """Say whether the drivers disagree on the order: over half of the wards may stand in the upper
    or in the lower half.
    """
    middle = (len(spans) + 1) / 2
    return bool(((spans["rank_low"] < middle) & (spans["rank_high"] > middle)).mean() > 0.5)
