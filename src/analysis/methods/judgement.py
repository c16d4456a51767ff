"""Judgements of several experts about one quantity, pooled into one distribution.

Each expert gives five numbers in rising order: the lowest and the highest value held plausible, the
quartiles and the median. Between two of them the density is taken as flat, as in the Sheffield
elicitation framework (Oakley and O'Hagan 2019, SHELF 4; O'Hagan et al. 2006, Uncertain Judgements).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtrc, rel_entr

from analysis.methods.uncertainty import SHAPES

LEVELS = np.array([0.0, 0.25, 0.5, 0.75, 1.0])  # of the five numbers
QUARTERS = np.diff(LEVELS)
OVERSHOOT = 0.1  # of the intrinsic range beyond what was named (Cooke 1991)
FITTED_AT = (np.arange(200) + 0.5) / 200
MODES = np.linspace(0, 1, 101)  # places of the mode that are tried


@dataclass(frozen=True)
class Pool:
    """A pooled distribution: at ``values`` (rising, in the unit of the quantity) the ``chances`` of
    at most that much, straight between them.
    """

    values: NDArray[np.float64]
    chances: NDArray[np.float64]

    def quantile(self, level: ArrayLike) -> NDArray[np.float64]:
        """Return the values with these chances (0..1) of at most that much."""
        return np.interp(np.asarray(level, dtype=float), self.chances, self.values)


def linear_pool(numbers: ArrayLike, weights: ArrayLike | None = None) -> Pool:
    """Return the weighted mean of the experts' distributions (Stone 1961); equal weights without
    ``weights``.

    ``numbers`` has one row an expert: lowest, lower quartile, median, upper quartile, highest.
    Refused: numbers that do not rise, weights that are negative or all zero. Trap: the mean of the
    experts' quantiles is another distribution, far too narrow where they disagree.

    >>> apart = linear_pool([[0, 1, 2, 3, 4], [6, 7, 8, 9, 10]])
    >>> apart.quantile([0.25, 0.75]).tolist()  # the quantiles' mean: 4 and 6
    [2.0, 8.0]
    """
    rows = np.atleast_2d(np.asarray(numbers, dtype=float))
    if not (np.diff(rows) > 0).all():
        raise ValueError("an expert's five numbers must rise from the lowest to the highest")
    shares = np.ones(len(rows)) if weights is None else np.asarray(weights, dtype=float)
    if (shares < 0).any() or not shares.sum() > 0:
        raise ValueError("weights must not be negative, and not all zero")
    values = np.unique(rows)
    each = np.array([np.interp(values, row, LEVELS) for row in rows])
    return Pool(values, shares / shares.sum() @ each)


def calibration(quartiles: ArrayLike, realised: ArrayLike) -> NDArray[np.float64]:
    """Return each expert's calibration, the chance that a well calibrated one would miss the seed
    questions by as much (0..1).

    ``quartiles`` (experts, seeds, 3), ``realised`` (seeds). Cooke (1991), Experts in Uncertainty:
    with s the shares of the values in the four intervals, p a quarter each and N seeds, 2 N I(s, p)
    follows chi-square with three degrees of freedom. Trap: it is a test and no measure; with few
    seeds it parts nobody from anybody.

    >>> calibration([[[1, 2, 3]] * 4], [0.5, 1.5, 2.5, 3.5]).tolist()  # one in each quarter
    [1.0]
    """
    marks, values = np.asarray(quartiles, dtype=float), np.asarray(realised, dtype=float)
    intervals = (values[None, :, None] > marks).sum(axis=2)
    hits = (intervals[:, :, None] == np.arange(len(QUARTERS))).mean(axis=1)
    divergence = rel_entr(hits, QUARTERS).sum(axis=1)
    return np.asarray(chdtrc(len(QUARTERS) - 1, 2 * len(values) * divergence))


def information(quartiles: ArrayLike, realised: ArrayLike) -> NDArray[np.float64]:
    """Return each expert's mean information over the seed questions, in nats above a flat density.

    The flat density lies over the intrinsic range of a question: all quartiles and the value, with
    a tenth added at both ends (Cooke 1991). Shapes as for `calibration`. Trap: an expert is
    informative by being narrow, right or wrong; alone it is no merit.

    >>> # the narrow expert says more than the wide one
    >>> information([[[4.9, 5, 5.1]], [[0, 5, 10]]], [5]).round(2).tolist()
    [1.36, 0.29]
    """
    marks, values = np.asarray(quartiles, dtype=float), np.asarray(realised, dtype=float)
    named = np.concatenate([marks.transpose(1, 0, 2).reshape(len(values), -1), values[:, None]], 1)
    low, high = named.min(axis=1), named.max(axis=1)
    beyond = OVERSHOOT * (high - low)
    least, most = np.broadcast_arrays(low - beyond, high + beyond, marks[:, :, 0])[:2]
    gaps = np.diff(np.concatenate([least[:, :, None], marks, most[:, :, None]], axis=2))
    flat = QUARTERS * np.log(QUARTERS * (most - least)[:, :, None] / gaps)
    return np.asarray(flat.sum(axis=2).mean(axis=1))


def performance_weights(quartiles: ArrayLike, realised: ArrayLike) -> NDArray[np.float64]:
    """Return the experts' weights, calibration times information, adding up to one (Cooke 1991,
    global weights without a cut-off).

    Shapes as for `calibration`. Refused: experts of whom none has any weight.

    >>> seeds = [0.5, 1.5, 2.5, 3.5]
    >>> performance_weights([[[1, 2, 3]] * 4, [[1, 2, 3]] * 4], seeds).tolist()  # two alike
    [0.5, 0.5]
    """
    raw = calibration(quartiles, realised) * information(quartiles, realised)
    if not raw.sum() > 0:
        raise ValueError("no expert has any weight: use equal weights")
    return raw / raw.sum()


def nearest_triangle(
    pool: Pool, least: float = -np.inf, most: float = np.inf
) -> tuple[float, float, float]:
    """Return low, mode and high of the triangular distribution nearest to a pool (least squares of
    the quantiles, which keeps the mean), none of them below ``least`` or above ``most``.

    Trap: the ends are no plausible extremes; a triangle needs them further out to keep the
    quantiles. A pool of two camps has no good triangle: its quantiles next to the triangle's say
    how far it is off.

    >>> low, mode, high = nearest_triangle(linear_pool([[0, 3, 5, 7, 10]]))
    >>> print(f"{low:.2f} {mode:.2f} {high:.2f}")
    -1.54 5.00 11.54
    """
    aimed = pool.quantile(FITTED_AT)
    shapes = np.array([SHAPES["triangular"](FITTED_AT, 0.0, mode, 1.0) for mode in MODES])
    middles = shapes.mean(axis=1)
    spread, off = shapes - middles[:, None], aimed - aimed.mean()
    widths = np.maximum(spread @ off / (spread**2).sum(axis=1), 0)
    best = int(((off - widths[:, None] * spread) ** 2).sum(axis=1).argmin())
    low, width = aimed.mean() - widths[best] * middles[best], widths[best]
    ends = np.clip([low, low + MODES[best] * width, low + width], least, most)
    return float(ends[0]), float(ends[1]), float(ends[2])
