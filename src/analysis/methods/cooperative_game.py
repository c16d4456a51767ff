"""Who pays how much of a joint cost: the Shapley value and the rules in use, for a cost game of
2**n costs.

c[S] is indexed by bit mask (bit i: player i belongs to the coalition), c[0] = 0. Charges are one
number a player in the unit of the costs and pay the cost of all. Whether a coalition would do
better outside: `stability`; the charges that tempt the most tempted coalition least: `nucleolus`.
"""

from collections.abc import Callable
from math import comb

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.methods.coalitions import BLOCK_BITS, blocks, coalition_sizes, require_game, scale

ORDERS_AT_ONCE = 256
NOTHING = 1e-12  # share of the game below which an amount is a rounding error


def shapley_value(costs: ArrayLike) -> NDArray:
    """Average over all orders of joining of what each player adds to the cost; array (n,), unit of
    the costs.

    Refused: what is no cost game of at most 25 players (`coalitions.require_game`).
    Trap: the value lies in the core where savings are convex, not in general. Source: Shapley
    (1953); computed as sum over S with i of (w(s - 1) + w(s)) c(S) - sum over S of w(s) c(S), w(s)
    = s! (n - s - 1)! / n!: one pass.

    >>> # airport
    >>> shapley_value([0, 8, 11, 11, 13, 13, 13, 13, 18, 18, 18, 18, 18, 18, 18, 18]).round(
    ...     9
    ... ).tolist()
    [2.0, 3.0, 4.0, 9.0]
    """
    costs, n = require_game(costs)
    without = np.array([1 / (n * comb(n - 1, s)) for s in range(n)] + [0.0])
    either = without + np.r_[0.0, without[:-1]]
    sizes = coalition_sizes(min(n, BLOCK_BITS))
    others = coalition_sizes(max(n - BLOCK_BITS, 0))
    weights = [(either[k:][sizes], without[k:][sizes]) for k in range(int(others.max()) + 1)]
    low, high, outside = np.zeros(len(sizes)), [], 0.0
    for block, k in zip(blocks(n), others, strict=True):
        weighted = weights[k][0] * costs[block]
        low += weighted
        high.append(weighted.sum())
        outside += weights[k][1] @ costs[block]
    return np.r_[_sums_with_each(low), _sums_with_each(np.array(high))] - outside


def sampled_shapley(
    cost_function: Callable[[NDArray], ArrayLike], n: int, draws: int, seed: int
) -> tuple[NDArray, NDArray]:
    """Estimate of the Shapley value and its standard error, arrays (n,), from orders drawn at
    random; any n.

    `cost_function` takes coalitions as rows of True and False (coalitions, n) and gives one cost
    each. A draw is an order and its reverse, whose errors partly cancel; each draw pays the cost of
    all, so the estimate does. Refused: fewer than two draws or one player, a cost function that
    does not give one finite cost a coalition or charges nobody. Trap: the error falls with the root
    of the draws; charges of a few players are not more certain. Source: Castro, Gómez & Tejada
    (2009).

    >>> estimate, error = sampled_shapley(
    ...     lambda member: member @ [1.0, 2.0, 4.0], n=3, draws=8, seed=1
    ... )
    >>> estimate.tolist(), error.tolist()  # costs that only add up have nothing to estimate
    ([1.0, 2.0, 4.0], [0.0, 0.0, 0.0])
    """
    if n < 1 or draws < 2:
        raise ValueError(f"at least one player and two draws are needed, not {n} and {draws}")
    rng = np.random.default_rng(seed)
    parts = [min(ORDERS_AT_ONCE, draws - start) for start in range(0, draws, ORDERS_AT_ONCE)]
    added = np.vstack(
        [
            _added_in_orders(cost_function, rng.permuted(np.tile(np.arange(n), (part, 1)), axis=1))
            for part in parts
        ]
    )
    return added.mean(axis=0), added.std(axis=0, ddof=1) / np.sqrt(draws)


def separable_costs_remaining_benefits(costs: ArrayLike) -> NDArray:
    """Charges (n,): what each adds to all the others, and of the rest a share by the benefit that
    remains to it.

    The separable cost of i is c(N) - c(N without i); its remaining benefit is the cost alone, c(i),
    less that. Refused: no cost game; a rest to share where no benefit remains. Trap: looks at 2n of
    the 2**n coalitions and may leave the core; a negative remaining benefit says that the game is
    not subadditive. James & Lee (1971); Tennessee Valley, in thousand dollars, as in Straffin &
    Heaney (1981):

    >>> # navigation, flood control, power
    >>> tennessee = [0, 163520, 140826, 301607, 250096, 378821, 367370, 412584]
    >>> separable_costs_remaining_benefits(tennessee).round().tolist()
    [117476.0, 99157.0, 195951.0]
    """
    costs, n = require_game(costs)
    alone, separable = _alone_and_separable(costs, n)
    rest = costs[-1] - separable.sum()
    return separable + _split(rest, alone - separable, costs, "remaining benefit")


def proportional_shares(total: float, weights: ArrayLike) -> NDArray:
    """Charges (n,) by weight: residents, own cost, …; they sum to the total.

    Refused: players whose weight is negative or not finite, weights that are all 0, a total that is
    not finite.

    >>> proportional_shares(100, [1, 3]).tolist()
    [25.0, 75.0]
    """
    weights = np.asarray(weights, dtype=float)
    wrong = np.flatnonzero(~(np.isfinite(weights) & (weights >= 0)))
    if wrong.size:
        raise ValueError(f"weights must be finite and at least 0; players {wrong.tolist()} are not")
    if not weights.sum() > 0 or not np.isfinite(total):
        raise ValueError("shares need a finite total and at least one weight above 0")
    return total * weights / weights.sum()


def equal_shares(total: float, n: int) -> NDArray:
    """Charges (n,), the same for each player. Refused: fewer than one player, a total that is not
    finite.

    >>> equal_shares(9, 3).tolist()
    [3.0, 3.0, 3.0]
    """
    if n < 1:
        raise ValueError(f"at least one player is needed, not {n}")
    return proportional_shares(total, np.ones(n))


def _sums_with_each(totals: NDArray) -> NDArray:
    """Sum over the coalitions with player i, for each player of the 2**k totals."""
    sums = []
    while len(totals) > 1:
        half = len(totals) // 2
        sums.append(totals[half:].sum())
        totals = totals[:half] + totals[half:]
    return np.array(sums[::-1])


def _added_in_orders(cost_function: Callable[[NDArray], ArrayLike], orders: NDArray) -> NDArray:
    """What each player adds, mean of each order (row) and its reverse; (orders, n)."""
    count, n = orders.shape
    position = np.argsort(orders, axis=1)[:, None, :]
    joined = np.arange(n + 1)[:, None]
    members = np.concatenate([position < joined, n - 1 - position < joined]).reshape(-1, n)
    costs = np.asarray(cost_function(members), dtype=float)
    if costs.shape != members.shape[:1] or not np.isfinite(costs).all():
        raise ValueError("the cost function must give one finite cost for each row of members")
    path = costs.reshape(2, count, n + 1)
    if path[..., 0].any():
        raise ValueError(
            "nobody costs nothing: the cost function must give 0 for an empty coalition"
        )
    forth, back = np.diff(path, axis=-1)
    return (
        np.take_along_axis(forth, position[:, 0], 1)
        + np.take_along_axis(back, n - 1 - position[:, 0], 1)
    ) / 2


def _alone_and_separable(costs: NDArray, n: int) -> tuple[NDArray, NDArray]:
    singles = 1 << np.arange(n)
    return costs[singles], costs[-1] - costs[len(costs) - 1 - singles]


def _split(amount: float, weights: NDArray, costs: NDArray, named: str) -> NDArray:
    """The amount by weight; nothing where there is nothing to split."""
    if abs(amount) <= NOTHING * scale(costs):
        return np.zeros(len(weights))
    if abs(weights.sum()) <= NOTHING * scale(costs):
        raise ValueError(f"{amount:.12g} is to be shared by {named}, and no player has any")
    return amount * weights / weights.sum()
