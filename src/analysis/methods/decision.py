"""Which option is best when neither scores nor weights are known: stochastic acceptability analysis
(SMAA-2).

Nobody is asked for weights; the analysis says which weights would make each option the best, and
how many of them. Options that lack what is indispensable are out before anything is weighed.
Arrays: scores (samples, options, criteria), higher is better and the same scale for each criterion;
weights (samples, criteria), at least 0, sum 1; values (samples, options). Options are numbered from
0.
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

SAME = 1e-9  # values closer than this are tied


class Stretch(NamedTuple):
    """From which to which weight of a criterion the same options lead; more than one leader is a
    tie.
    """

    start: float
    stop: float
    leaders: tuple[int, ...]


def lacking(meets: pd.DataFrame) -> pd.Series:
    """The requirements (columns) that each option (row) does not meet, as a tuple; empty for those
    worth weighing.

    Refused: cells that are neither True nor False, named by option and requirement.
    Trap: a low score instead of a knock-out lets a form that cannot sign a contract win by its low
    set-up cost.

    >>> meets = pd.DataFrame(
    ...     {"contracts": [True, False], "employs": [True, False]}, index=["foundation", "council"]
    ... )
    >>> lacking(meets).to_dict()
    {'foundation': (), 'council': ('contracts', 'employs')}
    """
    unknown = meets.map(lambda met: met not in (True, False)).stack()
    if unknown.any():
        raise ValueError(
            "neither met nor unmet:"
            f" {', '.join(' '.join(map(str, cell)) for cell in unknown.index[unknown])}"
        )
    return meets.astype(bool).apply(lambda row: tuple(meets.columns[~row]), axis=1)


def sampled_together(
    low: ArrayLike, high: ArrayLike, samples: int, seed: int, weight_floor: float = 0.0
) -> tuple[NDArray, NDArray]:
    """Scores, even within their ranges, and weights, even over all weightings that give each
    criterion the floor.

    `low` and `high` (options, criteria). Weights are swing weights: of a step over the whole scale
    of the criterion. Refused: ranges of unlike shapes, low above high, a floor outside
    0..1/criteria. Trap: weights drawn one by one and divided by their sum are not even; they crowd
    around equal weights.

    >>> scores, weights = sampled_together(
    ...     [[0, 2], [1, 1]], [[4, 2], [1, 5]], samples=500, seed=1, weight_floor=0.1
    ... )
    >>> scores.shape, weights.shape, bool(weights.min() >= 0.1)
    ((500, 2, 2), (500, 2), True)
    """
    low, high = np.asarray(low, dtype=float), np.asarray(high, dtype=float)
    if low.ndim != 2 or low.shape != high.shape:
        raise ValueError(
            f"low and high must both be (options, criteria), not {low.shape} and {high.shape}"
        )
    if not (low <= high).all():
        cells = ", ".join(f"option {i} criterion {j}" for i, j in np.argwhere(~(low <= high)))
        raise ValueError(f"low must be at most high: {cells}")
    criteria = low.shape[1]
    if not 0 <= weight_floor <= 1 / criteria:
        raise ValueError(
            f"the least weight of {criteria} criteria lies in 0..{1 / criteria:.3g}, not"
            f" {weight_floor}"
        )
    rng = np.random.default_rng(seed)
    weights = weight_floor + (1 - criteria * weight_floor) * rng.dirichlet(
        np.ones(criteria), samples
    )
    return rng.uniform(low, high, (samples, *low.shape)), weights


def overall_values(scores: ArrayLike, weights: ArrayLike) -> NDArray:
    """Weighted sum of the scores, (samples, options). Refused: shapes that do not fit, weights
    below 0 or off a sum of 1.

    >>> overall_values([[[1.0, 0.0], [0.0, 1.0]]], [[0.75, 0.25]]).tolist()
    [[0.75, 0.25]]
    """
    scores, weights = np.asarray(scores, dtype=float), np.asarray(weights, dtype=float)
    if scores.ndim != 3 or weights.shape != (len(scores), scores.shape[2]):
        raise ValueError(
            f"scores (samples, options, criteria) and weights {weights.shape} do not fit:"
            f" {scores.shape}"
        )
    wrong = np.flatnonzero(~((weights >= 0).all(axis=1) & (abs(weights.sum(axis=1) - 1) < 1e-6)))
    if wrong.size:
        raise ValueError(
            f"weights must be at least 0 and sum to 1; {wrong.size} samples do not, the first"
            f" {wrong[0]}"
        )
    return np.einsum("soc,sc->so", scores, weights)


def ranks(values: ArrayLike) -> NDArray:
    """Rank of each option in each sample, 1 the best; tied options share the better rank and the
    next is left out.

    >>> ranks([[5.0, 7.0, 7.0]]).tolist()
    [[3, 1, 1]]
    """
    values = np.asarray(values, dtype=float)
    return 1 + (values[:, None, :] > values[:, :, None] + SAME).sum(axis=2)


def rank_acceptability(values: ArrayLike) -> NDArray:
    """Share of the samples in which each option (row) takes each rank (column), (options, options);
    rows sum to 1.

    A column may sum to more or less than 1: two options tied at the top are both first. Source:
    Lahdelma & Salminen (2001). Trap: the share depends on how the weights are sampled; it is no
    probability that the option is right.

    >>> rank_acceptability([[3.0, 2.0, 2.0], [1.0, 2.0, 0.0]]).tolist()
    [[0.5, 0.5, 0.0], [0.5, 0.5, 0.0], [0.0, 0.5, 0.5]]
    """
    taken = ranks(values)
    return np.stack([(taken == rank).mean(axis=0) for rank in range(1, taken.shape[1] + 1)], axis=1)


def shares_ahead(values: ArrayLike) -> NDArray:
    """Share of the samples in which the option of the row is ahead of that of the column, (options,
    options).

    >>> shares_ahead([[3.0, 2.0], [2.0, 2.0]]).tolist()  # ahead once, tied once
    [[0.0, 0.5], [0.0, 0.0]]
    """
    values = np.asarray(values, dtype=float)
    return (values[:, :, None] > values[:, None, :] + SAME).mean(axis=0)


def tied(values: ArrayLike, decisive: float) -> NDArray:
    """Which pairs of options are tied: neither is ahead in more than the `decisive` share of
    samples; (options, options).

    Refused: a decisive share outside 0.5..1. Trap: a list of ranks hides that the first is ahead by
    a tenth of a point.

    >>> tied([[3.0, 2.0, 1.0], [2.0, 3.0, 1.0]], decisive=0.6).tolist()
    [[False, True, False], [True, False, False], [False, False, False]]
    """
    if not 0.5 <= decisive <= 1:
        raise ValueError(f"an option is ahead in a share of the samples in 0.5..1, not {decisive}")
    ahead = shares_ahead(values)
    return (np.maximum(ahead, ahead.T) <= decisive) & ~np.eye(len(ahead), dtype=bool)


def leaders_by_weight(scores: ArrayLike, weights: ArrayLike, criterion: int) -> list[Stretch]:
    """Which option leads as the weight of one criterion goes from 0 to 1, the others keeping their
    proportions.

    `scores` (options, criteria) are one set, such as the middle of the ranges; `weights`
    (criteria,). A verdict flips where one stretch ends and the next begins. Refused: other criteria
    without any weight. Trap: the length of a stretch is no probability.

    >>> leaders_by_weight([[1.0, 0.0], [0.0, 3.0], [0.0, 3.0]], [0.5, 0.5], criterion=0)
    [Stretch(start=0.0, stop=0.75, leaders=(1, 2)), Stretch(start=0.75, stop=1.0, leaders=(0,))]
    """
    scores, others = np.asarray(scores, dtype=float), np.asarray(weights, dtype=float).copy()
    others[criterion] = 0
    if not others.sum() > 0:
        raise ValueError(f"beside criterion {criterion}, none has any weight to be scaled")
    without, only = scores @ (others / others.sum()), scores[:, criterion]
    gap, slope = without[:, None] - without, (without - only)[:, None] - (without - only)
    crossings = np.divide(gap, slope, out=np.zeros_like(gap), where=abs(slope) > SAME)
    stretches: list[Stretch] = []
    for start, stop in pairwise(
        np.unique([0.0, *crossings[(crossings > 0) & (crossings < 1)].round(12), 1.0])
    ):
        middle = (1 - (start + stop) / 2) * without + (start + stop) / 2 * only
        leaders = tuple(np.flatnonzero(middle >= middle.max() - SAME).tolist())
        if stretches and stretches[-1].leaders == leaders:
            start = stretches.pop().start
        stretches.append(Stretch(float(start), float(stop), leaders))
    return stretches
