"""Cost games of pooling over draws: what a coalition pays in each, and how much the most tempted coalition would gain.

The costs are those of `pooling_game`, (1 - phi) C(S) + phi (sum of C_i^p)^(1/p) + body and coordination, never more
than C(S). There one game lists all its coalitions; here hundreds of games are searched without listing any.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.methods.pooling import coordination_loss


@dataclass(frozen=True)
class DrawnGames:
    """Games with the same players, one a draw (row); money in one unit, shares 0-1.

    ``own_costs`` (draws, players) is what each pays alone; ``fixed_share`` phi, ``body_cost``, ``loss`` (share of cost
    that coordination takes when all are together) and ``curvature`` are (draws,); ``exponent`` p is at least 1.
    Without coordination the savings are convex, cap and body included: saved is max(phi (C(S) - norm) - body, 0), a
    convex rising function of a supermodular rising one. So the core is not empty and holds the Shapley value.
    """

    own_costs: NDArray
    fixed_share: NDArray
    body_cost: NDArray
    loss: NDArray
    curvature: NDArray
    exponent: float

    @property
    def players(self) -> int:
        """The number of players."""
        return self.own_costs.shape[1]

    def paths(self, orders: NDArray) -> NDArray:
        """Return what the first 1, 2, … n of an order pay together, (draws, n); ``orders`` is (n,) or (draws, n).

        >>> games = DrawnGames(np.array([[3.0, 4.0]]), *np.array([[0.5], [0.5], [0.0], [1.0]]), exponent=2)
        >>> games.paths(np.array([0, 1])).tolist()   # alone 3; together 0.5 x 7 + 0.5 x 5 + 0.5
        [[3.0, 6.5]]
        """
        own = np.take_along_axis(self.own_costs, np.broadcast_to(orders, self.own_costs.shape), axis=1)
        alone = own.cumsum(axis=1)
        kept = 1 - self.fixed_share[:, None] + self._losses()
        pooled = kept * alone + self.fixed_share[:, None] * running_norm(own, self.exponent) + self.body_cost[:, None]
        pooled[:, 0] = np.inf   # one body alone pools nothing
        return np.minimum(pooled, alone)

    def cost_of(self, members: NDArray) -> NDArray:
        """Return what the players marked True, (n,), pay together in each draw, (draws,). Refused: nobody."""
        if not members.any():
            raise ValueError("a coalition needs a member")
        return self.paths(np.argsort(~members, kind="stable"))[:, members.sum() - 1]

    def shapley_estimate(self, orders: Iterable[NDArray]) -> NDArray:
        """Return each player's mean addition to the cost over the orders and their reverses, (draws, n).

        The orders are the same in all draws, so that no difference between draws comes from sampling.
        """
        both = [path for order in orders for path in (order, order[::-1])]
        total = np.zeros(self.own_costs.shape)
        for order in both:
            total[:, order] += np.diff(self.paths(order), axis=1, prepend=0)
        return total / len(both)

    def largest_excesses(self, charges: NDArray) -> NDArray:
        """Return, for each size 1 … n-1, the most that a coalition of that size pays beyond its own cost, (draws, n-1).

        Exact over all 2^n coalitions without listing them. Given its size, a coalition's excess is a convex function
        of two sums over its members, of a_i = charge less what i keeps paying and of w_i = C_i^p; a convex function is
        largest at a corner of what the sums can be, and a corner is the top of an order by a_i - t w_i for some t.
        The trap: the most tempted coalition is rarely one of the pairs or the n-1 that quick tests look at.
        """
        alone = -np.sort(self.own_costs - charges, axis=1)
        best, kept, losses = alone.cumsum(axis=1), 1 - self.fixed_share[:, None], self._losses()
        for sizes in [slice(s, s + 1) for s in range(1, self.players)] if losses.any() else [slice(1, None)]:
            gain = charges - (kept + losses[:, sizes][:, :1]) * self.own_costs
            best[:, sizes] = np.maximum(best[:, sizes], self._pooled_excesses(gain)[:, sizes])
        return best[:, :-1]

    def _losses(self) -> NDArray:
        """Share of cost that coordination takes in a coalition of 1, 2, … n; (draws, n)."""
        sizes = np.arange(1, self.players + 1)
        return coordination_loss(sizes, self.players, self.loss[:, None], self.curvature[:, None])

    def _pooled_excesses(self, gain: NDArray) -> NDArray:
        """Largest sum of gains less platform and body for each size, (draws, n)."""
        scores = self._corner_scores(gain)
        order = np.argsort(-scores, axis=2)
        own = np.take_along_axis(self.own_costs[:, None, :], order, axis=2)
        gains = np.take_along_axis(np.where(np.isfinite(scores), gain[:, None, :], -np.inf), order, axis=2).cumsum(axis=2)
        platform = self.fixed_share[:, None, None] * running_norm(own, self.exponent)
        return (gains - platform).max(axis=1) - self.body_cost[:, None]

    def _corner_scores(self, gain: NDArray) -> NDArray:
        """Scores by whose order the corners are found, (draws, candidates, n); -inf leaves a player out."""
        if np.isinf(self.exponent):
            return np.where(self.own_costs[:, None, :] <= self.own_costs[:, :, None], gain[:, None, :], -np.inf)
        weight = (self.own_costs / self.own_costs.max(axis=1, keepdims=True)) ** self.exponent
        one, other = np.triu_indices(self.players, k=1)
        apart = weight[:, one] - weight[:, other]
        swaps = np.divide(gain[:, one] - gain[:, other], apart, out=np.zeros_like(apart), where=apart != 0)
        swaps = np.sort(np.clip(swaps, 0, None), axis=1)
        swaps = np.hstack([np.zeros((len(gain), 1)), swaps, 2 * swaps[:, -1:] + 1])
        between = (swaps[:, 1:] + swaps[:, :-1]) / 2
        return gain[:, None, :] - between[:, :, None] * weight[:, None, :]


def running_norm(values: NDArray, exponent: float) -> NDArray:
    """Return (x_1^p + … + x_k^p)^(1/p) for k = 1 … n along the last axis; the running maximum where p is infinite.

    >>> running_norm(np.array([3.0, 4.0]), 2).tolist(), running_norm(np.array([3.0, 4.0, 2.0]), np.inf).tolist()
    ([3.0, 5.0], [3.0, 4.0, 4.0])
    """
    if np.isinf(exponent):
        return np.maximum.accumulate(values, axis=-1)
    largest = values.max(axis=-1, keepdims=True)   # powers of yen would overflow
    return largest * ((values / largest) ** exponent).cumsum(axis=-1) ** (1 / exponent)
