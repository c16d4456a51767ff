"""Would anybody do better outside? Stand-alone and core tests of charges, and tests of a cost game
itself.

Costs are those of `coalitions` (2**n, index = bit mask, c[0] = 0). The excess of a coalition is
what its members are charged beyond what they would pay together on their own; above 0 they gain by
leaving. A tolerance is a share of the largest cost: 1e-9 of 60 billion yen is 60 yen.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.methods.coalitions import (
    Coalition,
    coalition_sums,
    excess_blocks,
    members,
    require_charges,
    require_game,
    scale,
)

MOST_PLAYERS_PAIRWISE = 13  # 3**13 pairs of disjoint coalitions
PAIRS_AT_ONCE = 2**16
Pairs = tuple[NDArray, NDArray]  # masks of disjoint coalitions


Ground = Literal["all pairs", "convex savings", "counterexample", "sample"]


@dataclass(frozen=True)
class Subadditivity:
    """Whether no two disjoint coalitions pay more together than apart, and how far that is proved.

    `ground` is "all pairs" or "convex savings" (proofs), "counterexample" (a disproof: `pair` of
    masks, `loss` by joining in the unit of the costs) or "sample": none of the `pairs` compared
    breaks it; of pairs drawn likewise, fewer than 3 in the number of draws do, with 95 %
    confidence. True and False as `holds`.
    """

    holds: bool
    ground: Ground
    pairs: int
    pair: tuple[int, int] | None = None
    loss: float = 0.0

    def __bool__(self) -> bool:
        return self.holds


def largest_excess(costs: ArrayLike, charges: ArrayLike) -> tuple[float, int]:
    """Largest excess over all coalitions but none and all, in the unit of the costs, and the mask
    of its coalition.

    Negative: every coalition gains by staying. Among equals the lowest mask. Refused: no cost game,
    one player, charges that do not pay the cost of all.

    >>> airport = [0, 8, 11, 11, 13, 13, 13, 13, 18, 18, 18, 18, 18, 18, 18, 18]
    >>> # the three small ones would pay 13 alone, not 13.5
    >>> largest_excess(airport, [4.5, 4.5, 4.5, 4.5])
    (0.5, 7)
    """
    worst = most_tempted(costs, charges)
    return worst.excess, worst.mask


def most_tempted(costs: ArrayLike, charges: ArrayLike) -> Coalition:
    """The coalition with the largest excess: `mask`, `excess`, `members`. Refused as in
    `largest_excess`.

    >>> most_tempted([0, 6, 6, 8], [5, 3])
    Coalition(mask=1, excess=-1.0, members=(0,))
    """
    costs, charges = _game_and_charges(costs, charges)
    tops = [
        (float(excess.max()), -start - int(excess.argmax()))
        for start, excess in excess_blocks(costs, charges)
    ]
    excess, mask = max(tops)
    return Coalition(-mask, excess, members(-mask))


def is_convex_saving(costs: ArrayLike, tolerance: float = 1e-9) -> bool:
    """Whether each player adds less to the cost the more are there already, over all coalitions and
    pairs of players.

    Then the savings game is convex: the core is not empty, the Shapley value lies in it (Shapley
    1971), and the costs are subadditive. Refused: no cost game.

    >>> is_convex_saving([0, 6, 6, 8]), is_convex_saving([0, 6, 6, 13])
    (True, False)
    """
    costs, n = require_game(costs)
    limit, thirds = tolerance * scale(costs), [(n + k) // 3 for k in range(3)]
    grid = costs.reshape([1 << third for third in thirds])
    # any two players are within two thirds of all: the costs of these, the other third fixed, fit
    # the cache
    turned = ((np.moveaxis(grid, (k, k - 2, k - 1), (0, 1, 2)), thirds[k - 2]) for k in range(3))
    masks = np.arange(1 << n - min(thirds) - 1)
    without = [masks >> j & 1 == 0 for j in range(n - min(thirds))]
    return all(
        _adds_less(part.ravel(), upper, limit, without) for parts, upper in turned for part in parts
    )


def is_subadditive(
    costs: ArrayLike, tolerance: float = 1e-9, draws: int = 2**20, seed: int = 0
) -> Subadditivity:
    """Whether any two disjoint coalitions pay together at most what they pay apart; `ground` says
    how it is known.

    Up to 13 players every pair is compared. Beyond, convex savings are a proof; else a single
    player joining any coalition, the two halves of every split of all, and `draws` random pairs are
    compared: a failure is a counterexample, none is evidence and no proof. Refused: no cost game.

    >>> bool(is_subadditive([0, 6, 6, 8])), is_subadditive([0, 6, 6, 13])
    (True, Subadditivity(holds=False, ground='counterexample', pairs=1, pair=(2, 1), loss=1.0))
    """
    costs, n = require_game(costs)
    limit = tolerance * scale(costs)
    if n <= MOST_PLAYERS_PAIRWISE:
        return _verdict(costs, _all_pairs(n), limit, "all pairs")
    if is_convex_saving(costs, tolerance):
        return Subadditivity(True, "convex savings", pairs=0)
    return _verdict(
        costs, chain(_structured_pairs(n), _random_pairs(n, draws, seed)), limit, "sample"
    )


def _adds_less(costs: NDArray, upper: int, limit: float, without: list[NDArray]) -> bool:
    """Whether each of the last `upper` players adds no more to the cost, but for the limit, once a
    player before it is there.

    A coalition with player j stands 2**j behind the same without: one shift compares all of them in
    one run of memory. `without` says for each j which coalitions it does not belong to.
    """
    n = len(costs).bit_length() - 1
    for i in range(n - upper, n):
        halves = costs.reshape(-1, 2, 1 << i)
        added = (halves[:, 1] - halves[:, 0]).ravel()  # by player i to each coalition of the others
        allowed = added + limit
        for j in range(i):
            more = added[1 << j :] > allowed[: -(1 << j)]
            more &= without[j][: len(more)]
            if more.any():
                return False
    return True


def _game_and_charges(costs: ArrayLike, charges: ArrayLike) -> tuple[NDArray, NDArray]:
    costs, n = require_game(costs)
    if n < 2:
        raise ValueError("one player has nobody to leave with or from: at least two are needed")
    return costs, require_charges(costs, charges)


def _verdict(costs: NDArray, pairs: Iterable[Pairs], limit: float, ground: Ground) -> Subadditivity:
    """Compare pairs (two arrays of disjoint masks at a time) and stop at the first array with a
    loss.
    """
    count = 0
    for left, right in pairs:
        losses = costs[left | right] - costs[left] - costs[right]
        count += losses.size
        worst = int(losses.argmax())
        if losses[worst] > limit:
            left, right = np.broadcast_arrays(left, right)
            pair = (int(left[worst]), int(right[worst]))
            return Subadditivity(False, "counterexample", count, pair, float(losses[worst]))
    return Subadditivity(True, ground, count)


def _all_pairs(n: int) -> Iterator[Pairs]:
    """Each pair of disjoint coalitions once: the left one holds the highest player of the two."""
    for left in range(1, 1 << n):
        below = [1 << i for i in range(left.bit_length()) if not left >> i & 1]
        if below:
            yield np.array([left]), coalition_sums(below)[1:]


def _structured_pairs(n: int) -> Iterator[Pairs]:
    """A single player and any coalition of others; then the two halves of each split of all."""
    everybody = np.arange(1, 1 << n)
    for i in range(n):
        yield np.array([1 << i]), everybody[everybody >> i & 1 == 0]
    halves = everybody[: (1 << n - 1) - 1]
    yield halves, everybody[-1] - halves


def _random_pairs(n: int, draws: int, seed: int) -> Iterator[Pairs]:
    """Disjoint coalitions of all sizes: the chance of taking part, and the side, are drawn for each
    pair.
    """
    rng = np.random.default_rng(seed)
    bits = 1 << np.arange(n)
    for start in range(0, draws, PAIRS_AT_ONCE):
        rows = min(PAIRS_AT_ONCE, draws - start)
        taking_part = rng.random((rows, n)) < rng.random((rows, 1))
        on_the_left = rng.random((rows, n)) < rng.random((rows, 1))
        yield (taking_part & on_the_left) @ bits, (taking_part & ~on_the_left) @ bits
