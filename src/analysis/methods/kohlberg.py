"""Proof that charges are the prenucleolus, from the charges and the costs alone, over all 2**n
coalitions.

Kohlberg (1971): efficient charges are the prenucleolus exactly if, for every level, the coalitions
whose excess is at least that level are balanced, that is, positive weights on them add up to the
same for each player. In span-reduced form: walk down the levels of the coalitions whose charge is
not yet settled by those above (outside the span of their rows), and stop when every player is
settled: at most n - 1 levels, whatever the number of coalitions.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import null_space
from scipy.optimize import linprog

from analysis.methods.coalitions import (
    blocks,
    excess_blocks,
    half_sums,
    membership,
    require_charges,
    require_game,
    scale,
)

# a coalition outside the span misses it by chance with 1e-18, one inside by rounding (1e-15)
IN_SPAN = 1e-9
BALANCED = 1e-8  # what the weights of a balanced collection, which sum to 1, may leave over
TIES_AT_ONCE = 5_000
SIMPLEX = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}


@dataclass(frozen=True)
class KohlbergProof:
    """The check level by level; amounts are shares of the largest cost.

    `holds`; `levels` walked and `coalitions` found at them; `settled`, the rank reached (the number
    of players, or the proof fails); `smallest_weight` and `imbalance` of the balancing weights;
    `tie_width`, the widest spread of excess within a level; `gap`, the smallest distance between
    two levels: far above `tie_width`, or ties are doubtful.
    """

    holds: bool
    players: int
    levels: int
    coalitions: int
    settled: int
    smallest_weight: float
    imbalance: float
    tie_width: float
    gap: float

    def __str__(self) -> str:
        verdict = "prenucleolus proved" if self.holds else "NOT proved to be the prenucleolus"
        return (
            f"{verdict} (Kohlberg 1971): {self.settled} of {self.players} players settled by"
            f" {self.coalitions} coalitions on {self.levels} levels; smallest weight"
            f" {self.smallest_weight:.1e}, imbalance {self.imbalance:.0e}, ties within"
            f" {self.tie_width:.0e}, levels {self.gap:.1e} apart"
        )


def kohlberg_proof(costs: ArrayLike, charges: ArrayLike, tolerance: float = 1e-9) -> KohlbergProof:
    """Whether the charges are the prenucleolus of the cost game, with the figures the verdict rests
    on.

    Excesses that differ by at most `tolerance` (share of the largest cost) count as one level.
    Refused: no cost game, charges that do not pay the cost of all. Trap: a collection that contains
    a balanced one is balanced only if its other coalitions lie in the span of that one. Source:
    Kohlberg (1971).

    >>> kohlberg_proof([0, 6, 6, 8], [4, 4]).holds, kohlberg_proof([0, 6, 6, 8], [5, 3]).holds
    (True, False)
    """
    costs, n = require_game(costs)
    charges = require_charges(costs, charges)
    rng, unit = np.random.default_rng(n), scale(costs)
    settled = np.ones((1, n))
    tops, bottoms, found, weights, imbalances = [], [], 0, [1.0], [0.0]
    holds = True
    while holds and (free := null_space(settled)).size:
        masks, excess = _top_level(costs, charges, in_span(free, rng), tolerance * unit)
        tops.append(excess.max() / unit)
        bottoms.append(excess.min() / unit)
        found += len(masks)
        support, smallest, imbalance = _balancing(masks, free, rng)
        holds = bool(len(support)) and imbalance <= BALANCED
        weights.append(smallest)
        imbalances.append(imbalance)
        settled = np.vstack([settled, membership(support, n)])
    gaps = np.subtract(bottoms[:-1], tops[1:])
    widths = np.subtract(tops, bottoms)
    return KohlbergProof(
        holds,
        n,
        len(tops),
        found,
        n - null_space(settled).shape[1],
        min(weights),
        max(imbalances),
        float(widths.max(initial=0.0)),
        float(gaps.min(initial=np.inf)),
    )


def in_span(free: NDArray, rng: np.random.Generator) -> NDArray:
    """Which of the 2**n coalitions lie in the span of the rows whose null space has the columns
    `free`; (2**n,) bools.

    Two random vectors of the null space: a coalition in the span is orthogonal to both; one that is
    not, to both by chance, with a probability of about 1e-18. Sorted sums of the first vector show
    without a walk over all coalitions which are orthogonal to it: few, and the second is summed for
    these alone.
    """
    n = len(free)
    (low, high), (low_second, high_second) = (
        half_sums(free @ rng.normal(size=free.shape[1])) for _ in range(2)
    )
    order = np.argsort(low)
    starts, stops = (
        np.searchsorted(low, edge - high, sorter=order) for edge in (-IN_SPAN, IN_SPAN)
    )
    spanned = np.zeros(1 << n, dtype=bool)
    for block, fixed, start, stop in zip(blocks(n), high_second, starts, stops, strict=True):
        near = order[start:stop]
        spanned[block][near] = np.abs(low_second[near] + fixed) < IN_SPAN
    return spanned


def _top_level(
    costs: NDArray, charges: NDArray, spanned: NDArray, width: float
) -> tuple[NDArray, NDArray]:
    """Masks and excesses of the coalitions outside the span whose excess is the largest, or less by
    at most the width.
    """
    top, found = -np.inf, []
    for start, excess in excess_blocks(costs, charges):
        np.putmask(excess, spanned[start : start + len(excess)], -np.inf)
        top = max(top, float(excess.max()))
        near = np.flatnonzero(excess >= top - width)
        found.append((start + near, excess[near]))
    masks, excess = (np.concatenate(parts) for parts in zip(*found, strict=True))
    level = excess >= top - width
    return masks[level], excess[level]


def _balancing(
    masks: NDArray, free: NDArray, rng: np.random.Generator
) -> tuple[list[int], float, float]:
    """Coalitions with positive weights that span all of `masks`, the smallest weight and the
    largest imbalance.

    Nothing where the collection is not balanced. Each round finds weights on some of the
    coalitions, and leaves to the next round those which these do not span.
    """
    support, smallest, imbalance, n = [], 1.0, 0.0, len(free)
    while len(masks):
        few = rng.choice(masks, TIES_AT_ONCE, replace=False) if len(masks) > TIES_AT_ONCE else masks
        weighted, weights = _positive_weights(few, free)
        if not len(weighted) and len(few) < len(masks):
            weighted, weights = _positive_weights(masks, free)
        if not len(weighted):
            return [], smallest, imbalance
        support += weighted.tolist()
        smallest = min(smallest, float(weights.min()))
        imbalance = max(imbalance, float(np.abs(weights @ membership(weighted, n) @ free).max()))
        free = free @ null_space(membership(weighted, n) @ free)
        masks = masks[np.abs(membership(masks, n) @ free).max(axis=1, initial=0.0) > IN_SPAN]
    return support, smallest, imbalance


def _positive_weights(masks: NDArray, free: NDArray) -> tuple[NDArray, NDArray]:
    """Coalitions among `masks` with weights above 0, summing to 1, that add up to a row of the
    span; none if none do.
    """
    rows = membership(masks, len(free)) @ free
    system = np.vstack([rows.T, np.ones(len(masks))])
    goal = np.r_[np.zeros(rows.shape[1]), 1.0]
    solution = linprog(
        np.zeros(len(masks)), A_eq=system, b_eq=goal, method="highs", options=SIMPLEX
    )
    if solution.status != 0:
        return masks[:0], np.array([])
    weighted = solution.x > IN_SPAN
    return masks[weighted], solution.x[weighted]
