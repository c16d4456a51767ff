"""Unevenness of a cost per resident over municipalities: indices, the Lorenz curve, and what lies
between and within groups.

``values`` are costs per resident, one per municipality along the last axis (leading axes are
draws); ``weights`` are the residents of each municipality. Every resident counts the same: a
municipality weighs by its residents. Trap: an unweighted index lets Chiyoda count as much as
Setagaya and answers another question (are municipalities alike, not: do residents bear alike
costs). Refused throughout: fewer than two municipalities, and values or weights that are not
positive, all named by their position.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

ATKINSON_AVERSION = 0.5  # of the index in `INDICES`; at 1 it is 1 - exp(-Theil L)


def gini(values: ArrayLike, weights: ArrayLike) -> NDArray:
    """Return the Gini coefficient, 0 (all alike) to 1; half the mean distance of two residents over
    the mean (Gini 1912).

    >>> round(
    ...     float(gini([541, 1463, 2445, 3438, 4437, 5401, 6392, 8304, 11904, 22261], [1] * 10)), 7
    ... )
    0.4620911
    """
    values, shares = _measured(values, weights)
    order = np.argsort(values, axis=-1)
    people = np.take_along_axis(np.broadcast_to(shares, values.shape), order, axis=-1)
    costs = np.take_along_axis(values * shares, order, axis=-1) / _mean(values, shares)
    reached = np.cumsum(costs, axis=-1)
    return 1 - ((2 * reached - costs) * people).sum(axis=-1)


def theil_t(values: ArrayLike, weights: ArrayLike) -> NDArray:
    """Return Theil's T, the mean of r ln r, r = value / mean (Theil 1967): weighs by cost, moved
    most by the expensive end.

    >>> round(
    ...     float(theil_t([541, 1463, 2445, 3438, 4437, 5401, 6392, 8304, 11904, 22261], [1] * 10)),
    ...     7,
    ... )
    0.3623412
    """
    values, shares = _measured(values, weights)
    ratio = values / _mean(values, shares)
    return (shares * ratio * np.log(ratio)).sum(axis=-1)


def theil_l(values: ArrayLike, weights: ArrayLike) -> NDArray:
    """Return Theil's L, the mean log deviation -ln r: weighs by residents, moved most by the cheap
    end.

    The trap: some programs call this one "Theil"; it is not T.

    >>> round(
    ...     float(theil_l([541, 1463, 2445, 3438, 4437, 5401, 6392, 8304, 11904, 22261], [1] * 10)),
    ...     7,
    ... )
    0.4335946
    """
    values, shares = _measured(values, weights)
    return -(shares * np.log(values / _mean(values, shares))).sum(axis=-1)


def atkinson(values: ArrayLike, weights: ArrayLike, aversion: float = ATKINSON_AVERSION) -> NDArray:
    """Return Atkinson's index (1970): the share by which the generalised mean lies below the mean,
    0 to 1.

    ``aversion`` above zero; at 1 the geometric mean. The trap: made for incomes, where more is
    better. For costs it still orders unevenness, but "the share that could be given up" has no
    meaning here.

    >>> round(float(atkinson([1, 3], [1, 1], 1)), 4)  # 1 - sqrt(3) / 2
    0.134
    """
    values, shares = _measured(values, weights)
    if not aversion > 0:
        raise ValueError(f"aversion must be positive, not {aversion}")
    ratio = values / _mean(values, shares)
    if aversion == 1:
        return 1 - np.exp((shares * np.log(ratio)).sum(axis=-1))
    return 1 - (shares * ratio ** (1 - aversion)).sum(axis=-1) ** (1 / (1 - aversion))


def variation(values: ArrayLike, weights: ArrayLike) -> NDArray:
    """Return the coefficient of variation: the standard deviation over residents, as a share of the
    mean.

    >>> float(variation([1, 3], [1, 1]))
    0.5
    """
    values, shares = _measured(values, weights)
    return np.sqrt((shares * (values / _mean(values, shares) - 1) ** 2).sum(axis=-1))


def percentile_ratio(
    values: ArrayLike, weights: ArrayLike, upper: float = 0.9, lower: float = 0.1
) -> NDArray:
    """Return the upper over the lower percentile; a percentile is the least value that covers such
    a share of residents.

    The trap: interpolating between municipalities makes the ratio change when a municipality is
    counted as two equal halves.

    >>> float(percentile_ratio([1, 2, 4], [15, 70, 15]))
    4.0
    """
    values, shares = _measured(values, weights)
    order = np.argsort(values, axis=-1)
    reached = np.cumsum(
        np.take_along_axis(np.broadcast_to(shares, values.shape), order, axis=-1), axis=-1
    )
    ordered = np.take_along_axis(values, order, axis=-1)
    high, low = (
        np.take_along_axis(ordered, (reached < share - 1e-12).sum(axis=-1, keepdims=True), axis=-1)[
            ..., 0
        ]
        for share in (upper, lower)
    )
    return high / low


def extreme_ratio(values: ArrayLike, weights: ArrayLike) -> NDArray:
    """Return the most expensive municipality's cost per resident over the cheapest's; the one index
    that ignores residents.

    >>> float(extreme_ratio([2, 3, 8], [1, 1, 1]))
    4.0
    """
    values, _ = _measured(values, weights)
    return values.max(axis=-1) / values.min(axis=-1)


INDICES: dict[str, Callable[[ArrayLike, ArrayLike], NDArray]] = {
    "gini": gini,
    "theil_t": theil_t,
    "theil_l": theil_l,
    "atkinson": atkinson,
    "variation": variation,
    "p90_p10": percentile_ratio,
    "max_min": extreme_ratio,
}


def lorenz_curve(values: ArrayLike, weights: ArrayLike) -> pd.DataFrame:
    """Return the Lorenz curve, one row per municipality from the cheapest: its ``position`` and the
    shares reached with it.

    ``position`` is the municipality's place in ``values``; ``residents_share`` and ``cost_share``
    rise to 1; the origin is not a row. One-dimensional values only. The area between the curve and
    the diagonal is half the Gini coefficient.

    >>> lorenz_curve([3, 1], [1, 1]).values.tolist()
    [[1.0, 0.5, 0.25], [0.0, 1.0, 1.0]]
    """
    values, shares = _measured(values, weights)
    order = np.argsort(values, kind="stable")
    costs = values * shares / _mean(values, shares)
    return pd.DataFrame(
        {
            "position": order,
            "residents_share": _reaching_one(shares[order]),
            "cost_share": _reaching_one(costs[order]),
        }
    )


def between_within(values: ArrayLike, weights: ArrayLike, groups: Sequence[str]) -> pd.DataFrame:
    """Return how Theil's T and L divide into a part between and a part within groups, one row per
    index.

    Columns ``index`` (theil_t, theil_l), ``total``, ``between``, ``within``; the parts add up
    exactly. Between: every municipality at its group's mean. Within: the groups' own indices,
    weighted by cost (T) or residents (L) (Shorrocks 1980). The trap: the Gini coefficient does not
    divide like this; groups that overlap leave a rest.

    >>> parts = between_within([1, 1, 3, 3], [1, 1, 1, 1], ["a", "a", "b", "b"])
    >>> parts["between"].equals(parts["total"]), parts["within"].tolist()
    (True, [0.0, 0.0])
    """
    values, shares = _measured(values, weights)
    frame = pd.DataFrame({"group": list(groups), "people": shares, "cost": shares * values})
    sums = frame.groupby("group")[["people", "cost"]].transform("sum")
    levelled = (sums["cost"] / sums["people"]).to_numpy()
    rows = []
    for index in (theil_t, theil_l):
        total, between = float(index(values, weights)), float(index(levelled, weights))
        rows.append(
            {"index": index.__name__, "total": total, "between": between, "within": total - between}
        )
    return pd.DataFrame(rows)


def _measured(values: ArrayLike, weights: ArrayLike) -> tuple[NDArray, NDArray]:
    """The values, and the weights as shares of their sum."""
    values, weights = np.asarray(values, float), np.asarray(weights, float)
    if weights.ndim != 1 or values.shape[-1:] != weights.shape or len(weights) < 2:
        raise ValueError(
            f"unevenness needs one weight for each of two or more municipalities, not"
            f" {weights.shape} for"
            f" {values.shape}"
        )
    bad = [
        f"{name} {', '.join(map(str, np.unique(np.nonzero(~(numbers > 0))[-1])))}"
        for name, numbers in (("values", values), ("weights", weights))
        if not (numbers > 0).all()
    ]
    if bad:
        raise ValueError(f"not positive at positions: {'; '.join(bad)}")
    return values, weights / weights.sum()


def _mean(values: NDArray, shares: NDArray) -> NDArray:
    return (values * shares).sum(axis=-1, keepdims=True)


def _reaching_one(shares: NDArray) -> NDArray:
    """Cumulated shares, the last one exactly 1."""
    reached = np.cumsum(shares)
    return reached / reached[-1]
