"""A stock that part of itself feeds: freed capacity, put back to work, frees more, while some of it
is lost each year.

The stock is what earlier rounds freed. Each year a part of everything free flows back in
(``gain``), and a part of the stock flows out (``decay``). Whether the loop feeds itself is decided
by the two rates alone, never by the start; the start decides the sign.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def stock_path(
    start: ArrayLike, gain: ArrayLike, decay: ArrayLike, years: int
) -> NDArray[np.float64]:
    """Return all capacity free in each year, ``(years + 1, …)``, stepped year by year; year 0 is
    the start.

    ``start`` is freed every year from outside, in any unit a year; ``gain`` and ``decay`` are
    shares a year. The stock S begins at zero and S(t+1) = (1 - decay) S(t) + gain (start + S(t));
    free is start + S. A negative start (a cost to be met each year) grows in the same way. Refused:
    rates outside 0 <= gain, 0 < decay <= 1, negative years. Trap: adding the start again each year
    counts a yearly flow as a stock (Sterman 2000, chapter 8).

    >>> stock_path(100.0, 0.25, 0.5, 3).tolist()
    [100.0, 125.0, 143.75, 157.8125]
    """
    start, gain, decay = _rates(start, gain, decay)
    if years < 0:
        raise ValueError(f"years must not be negative: {years}")
    stock = np.zeros(np.broadcast_shapes(start.shape, gain.shape, decay.shape))
    free = [start + stock]
    for _ in range(years):
        stock = (1 - decay) * stock + gain * (start + stock)
        free.append(start + stock)
    return np.stack(free)


def closed_form(
    start: ArrayLike, gain: ArrayLike, decay: ArrayLike, years: int
) -> NDArray[np.float64]:
    """Return the capacity free after ``years`` without stepping: the geometric sum behind
    `stock_path`.

    start [1 + gain (1 + r + … + r^(years-1))] with r = 1 - decay + gain; at r = 1 the sum is the
    number of years.

    >>> closed_form(100.0, 0.25, 0.5, 3).item(), closed_form(100.0, 0.5, 0.5, 3).item()
    (157.8125, 250.0)
    """
    start, gain, decay = _rates(start, gain, decay)
    ratio = 1 - decay + gain
    apart = np.abs(ratio - 1) > 1e-12
    rounds = np.where(apart, (1 - ratio**years) / np.where(apart, 1 - ratio, 1), years)
    return start * (1 + gain * rounds)


def multiplier(gain: ArrayLike, decay: ArrayLike) -> NDArray[np.float64]:
    """Return what one unit freed a year becomes in the end: 1 / (1 - g) with g = gain / decay;
    infinite from g = 1 on.

    g is the gain per round: what a unit put back frees over its whole life of 1 / decay years.

    >>> multiplier([0.0, 0.25, 0.5], 0.5).tolist()
    [1.0, 2.0, inf]
    """
    _, gain, decay = _rates(0.0, gain, decay)
    per_round = gain / decay
    feeds_itself = per_round >= 1
    return np.where(feeds_itself, np.inf, 1 / np.where(feeds_itself, 1, 1 - per_round))


def _rates(start: ArrayLike, gain: ArrayLike, decay: ArrayLike) -> tuple[NDArray, NDArray, NDArray]:
    start, gain, decay = (np.asarray(values, dtype=float) for values in (start, gain, decay))
    wrong = [
        name
        for name, holds in (
            ("gain", (gain >= 0).all()),
            ("decay", ((decay > 0) & (decay <= 1)).all()),
        )
        if not holds
    ]
    if wrong:
        raise ValueError(
            f"rates a year must be 0 <= gain and 0 < decay <= 1; outside: {', '.join(wrong)}"
        )
    return start, gain, decay
