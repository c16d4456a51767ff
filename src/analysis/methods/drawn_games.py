"""Cost games of pooling over draws: what a coalition pays in each, and how much the most tempted
coalition would gain.

The costs are those of `pooling_game`, (1 - phi) C(S) + phi (sum of C_i^p)^(1/p) + agency and
coordination, never more than C(S). There one game lists all its coalitions; here hundreds of games
are searched without listing any.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from analysis.methods.pooling import coordination_loss

AT_ONCE = 2**19  # pairs of players, of all draws, that are held together


@dataclass(frozen=True)
class DrawnGames:
    """Games with the same players, one a draw (row); money in one unit, shares 0-1.

    ``own_costs`` (draws, players) is what each pays alone; ``fixed_share`` phi, ``agency_cost``,
    ``loss`` (share of cost that coordination takes when all are together) and ``curvature`` are
    (draws,); ``exponent`` p is at least 1. Without coordination the savings are convex, cap and
    agency included: saved is max(phi (C(S) - norm) - agency, 0), a convex rising function of a
    supermodular rising one. So the core is not empty and holds the Shapley value.
    """

    own_costs: NDArray
    fixed_share: NDArray
    agency_cost: NDArray
    loss: NDArray
    curvature: NDArray
    exponent: float

    @property
    def players(self) -> int:
        """The number of players."""
        return self.own_costs.shape[1]

    def paths(self, orders: NDArray) -> NDArray:
        """Return what the first 1, 2, … n of an order pay together, (draws, n); ``orders`` is (n,)
        or (draws, n).

        >>> games = DrawnGames(
        ...     np.array([[3.0, 4.0]]), *np.array([[0.5], [0.5], [0.0], [1.0]]), exponent=2
        ... )
        >>> games.paths(np.array([0, 1])).tolist()  # alone 3; together 0.5 x 7 + 0.5 x 5 + 0.5
        [[3.0, 6.5]]
        """
        own, weights = (
            (
                np.take(values, orders, axis=1)
                if np.ndim(orders) == 1
                else np.take_along_axis(values, orders, axis=1)
            )
            for values in (self.own_costs, self._weights)
        )
        alone = own.cumsum(axis=1)
        pooled = (
            self._kept * alone
            + self.fixed_share[:, None] * self._norms(weights)
            + self.agency_cost[:, None]
        )
        pooled[:, 0] = np.inf  # one municipality alone pools nothing
        return np.minimum(pooled, alone)

    def cost_of(self, members: NDArray) -> NDArray:
        """Return what the players marked True, (n,), pay together in each draw, (draws,). Refused:
        nobody.
        """
        if not members.any():
            raise ValueError("a coalition needs a member")
        return self.paths(np.argsort(~members, kind="stable"))[:, members.sum() - 1]

    def shapley_estimate(self, orders: Iterable[NDArray]) -> NDArray:
        """Return each player's mean addition to the cost over the orders and their reverses,
        (draws, n).

        The orders are the same in all draws, so that no difference between draws comes from
        sampling.
        """
        both = [path for order in orders for path in (order, order[::-1])]
        total = np.zeros(self.own_costs.shape)
        for order in both:
            added = self.paths(order)
            added[:, 1:] = np.diff(added, axis=1)  # the first adds all that it pays alone
            total += added.take(np.argsort(order), axis=1)  # the players in their own order again
        return total / len(both)

    def shapley_of_spared(self, factors: NDArray, orders: Iterable[NDArray]) -> NDArray:
        """Return the Shapley value of what shared platforms spare, phi (C(S) - norm) times a factor
        by the number of members, over the orders and their reverses, (draws, n).

        ``factors`` (draws, n) says for 1, 2, … n members how much of one platform's sparing is left
        on the platforms that so many run.

        >>> games = DrawnGames(
        ...     np.array([[3.0, 4.0]]), *np.array([[0.5], [0.5], [0.0], [1.0]]), exponent=2
        ... )
        >>> # 0.5 x (7 - 5) = 1 is spared, and two players are alike in what they add
        >>> games.shapley_of_spared(np.array([[1.0, 1.0]]), [np.array([0, 1])]).tolist()
        [[0.5, 0.5]]
        """
        both = [path for order in orders for path in (order, order[::-1])]
        total = np.zeros(self.own_costs.shape)
        for order in both:
            own = self.own_costs[:, order]
            spared = own.cumsum(axis=1) - running_norm(own, self.exponent)
            worth = self.fixed_share[:, None] * spared * factors
            total += np.diff(worth, axis=1, prepend=0.0).take(np.argsort(order), axis=1)
        return total / len(both)

    def largest_excesses(self, charges: NDArray) -> NDArray:
        """Return, for each size 1 … n-1, the most that a coalition of that size pays beyond its own
        cost, (draws, n-1); of one player alone, what that one does, (draws, 1).

        Exact over all 2^n coalitions without listing them. Given its size, a coalition's excess is
        a convex function of two sums over its members, of a_i = charge less what i keeps paying and
        of w_i = C_i^p; a convex function is largest at a corner of what the sums can be, and a
        corner is the top of an order by a_i - t w_i for some t: the slope of the platform's cost
        there.
        The trap: the most tempted coalition is rarely one of the pairs or the n-1 that quick tests
        look at.
        """
        if self.players == 1:
            return charges - self.own_costs
        alone = -np.sort(self.own_costs - charges, axis=1)
        best, together = alone.cumsum(axis=1), self.players
        alike = not self._losses.any()  # then one search serves all sizes
        for sizes in (
            [slice(1, together)] if alike else [slice(s, s + 1) for s in range(1, together)]
        ):
            gain = charges - self._kept[:, sizes][:, :1] * self.own_costs
            best[:, sizes] = np.maximum(best[:, sizes], self._pooled_excesses(gain, sizes))
        return best[:, :-1]

    @cached_property
    def _losses(self) -> NDArray:
        """Share of cost that coordination takes in a coalition of 1, 2, … n; (draws, n)."""
        sizes = np.arange(1, self.players + 1)
        return coordination_loss(sizes, self.players, self.loss[:, None], self.curvature[:, None])

    @cached_property
    def _kept(self) -> NDArray:
        """Share of its own cost that each member of a coalition of 1, 2, … n keeps paying; (draws,
        n).
        """
        return 1 - self.fixed_share[:, None] + self._losses

    @cached_property
    def _weights(self) -> NDArray:
        """What each player adds to the sum under the norm, as `running_norm` has it; (draws, n)."""
        return _powers(self.own_costs, self.exponent)

    def _norms(self, weights: NDArray) -> NDArray:
        """Norms of the first 1, 2, … players of orders; their weights are (draws, players)."""
        return _norms_of(weights, self.own_costs.max(axis=1)[:, None], self.exponent)

    def _pooled_excesses(self, gain: NDArray, sizes: slice) -> NDArray:
        """Largest sum of gains less platform and agency for the sizes, (draws, sizes)."""
        search = self._up_to_each if np.isinf(self.exponent) else self._at_corners
        return search(gain, sizes) - self.agency_cost[:, None]

    def _up_to_each(self, gain: NDArray, sizes: slice) -> NDArray:
        """Largest sum of gains less the platform, which the largest member alone sets: those who
        gain most among all that are no larger than each player in turn.
        """
        smaller = self.own_costs[:, None, :] <= self.own_costs[:, :, None]
        gains = -np.sort(-np.where(smaller, gain[:, None, :], -np.inf), axis=2)
        platform = self.fixed_share[:, None, None] * self.own_costs[:, :, None]
        return (gains.cumsum(axis=2) - platform)[:, :, sizes].max(axis=1)

    def _at_corners(self, gain: NDArray, sizes: slice) -> NDArray:
        """Largest sum of gains less the platform over every corner of the sizes."""
        best = np.full((len(gain), self.players), -np.inf)
        largest = self.fixed_share * self.own_costs.max(axis=1)
        for rows in np.array_split(np.arange(len(gain)), -(-gain.size * self.players // AT_ONCE)):
            others, gains, weights = _tops(gain[rows], self._weights[rows])
            draw, player, place = np.nonzero((others >= sizes.start) & (others < sizes.stop))
            there = draw, player, place
            platform = largest[rows[draw]] * weights[there] ** (1 / self.exponent)
            np.maximum.at(best, (rows[draw], others[there]), gains[there] - platform)
        return best[:, sizes]


def running_norm(values: NDArray, exponent: float) -> NDArray:
    """Return (x_1^p + … + x_k^p)^(1/p) for k = 1 … n along the last axis; the running maximum where
    p is infinite.

    >>> (
    ...     running_norm(np.array([3.0, 4.0]), 2).tolist(),
    ...     running_norm(np.array([3.0, 4.0, 2.0]), np.inf).tolist(),
    ... )
    ([3.0, 5.0], [3.0, 4.0, 4.0])
    """
    return _norms_of(_powers(values, exponent), values.max(axis=-1, keepdims=True), exponent)


def _norms_of(powers: NDArray, largest: NDArray, exponent: float) -> NDArray:
    """The norms along the last axis, from `_powers` and the value they are shares of."""
    if np.isinf(exponent):
        return np.maximum.accumulate(powers, axis=-1)
    return largest * powers.cumsum(axis=-1) ** (1 / exponent)


def _powers(values: NDArray, exponent: float) -> NDArray:
    """The values by the exponent as shares of the largest, for powers of yen would overflow; as
    they are where it is infinite.
    """
    return (
        values if np.isinf(exponent) else (values / values.max(axis=-1, keepdims=True)) ** exponent
    )


def _tops(gain: NDArray, weight: NDArray) -> tuple[NDArray, NDArray, NDArray]:
    """Return the tops of the order by ``gain - t weight`` that end with each player, for every t:
    how many others are in them, the sums of their gains and of their weights, (draws, n, n + 1)
    each.

    The heavier stand before a player while t is small. Each other one changes places with it once,
    at the t where both score the same: the heavier fall back, the lighter come forward. Those who
    weigh the same never do. So n steps a player give every top, and no order is sorted anew.
    """
    apart = weight[:, :, None] - weight[:, None, :]
    ahead = gain[:, :, None] - gain[:, None, :]
    with np.errstate(over="ignore"):  # where a weight is next to nothing
        meet = np.divide(ahead, apart, out=np.full_like(apart, np.inf), where=apart != 0)
    order = np.argsort(meet, axis=2)
    turns = np.take_along_axis(np.sign(apart), order, axis=2)
    first = np.tri(weight.shape[1], k=-1, dtype=bool)  # of two that are alike
    before = (apart == 0) & ((ahead < 0) | ((ahead == 0) & first))
    each = np.ones_like(gain), gain, weight
    others, gains, weights = (_along(turns, order, before, values) for values in each)
    return others.astype(int) - 1, gains, weights


def _along(turns: NDArray, order: NDArray, before: NDArray, values: NDArray) -> NDArray:
    """Sums of the values of a player, of those always before it, of the heavier that are still and
    the lighter that are already there, (draws, n, n + 1).

    Nothing is taken away from a sum: a small weight would drown in what a large one leaves.
    """
    there = np.pad(np.take_along_axis(values[:, None, :], order, axis=2), [(0, 0), (0, 0), (1, 1)])
    turns = np.pad(turns, [(0, 0), (0, 0), (1, 1)])
    come = np.where(turns > 0, there, 0).cumsum(axis=2)[:, :, :-1]
    stay = np.where(turns < 0, there, 0)[:, :, ::-1].cumsum(axis=2)[:, :, -2::-1]
    always = values + (before * values[:, None, :]).sum(axis=2)
    return always[:, :, None] + come + stay


def shapley_by_size(weights: NDArray, factors: NDArray) -> NDArray:
    """Return the Shapley value of the games w(S) f(|S|), exact and without listing a coalition:
    (draws, n), in the unit of the weights.

    ``weights`` (draws, n) are added up over the members, ``factors`` (draws, n) or (n,) say what
    1, 2, … n members make of the sum. Who joins t others brings its own weight at f(t + 1) and
    lifts theirs, t/(n - 1) of all the others' on average, by f(t + 1) - f(t). Source: Shapley
    (1953), all orders alike.

    >>> # two players: nothing alone, all that they weigh together: each brings half of it
    >>> shapley_by_size(np.array([[3.0, 1.0]]), np.array([0.0, 1.0])).tolist()
    [[2.0, 2.0]]
    """
    n = weights.shape[1]
    factors = np.broadcast_to(factors, weights.shape)
    rises = np.diff(factors, axis=1) * np.arange(1, n) / max(n - 1, 1)
    others = weights.sum(axis=1, keepdims=True) - weights
    own, lifted = (values.sum(axis=1, keepdims=True) / n for values in (factors, rises))
    return weights * own + others * lifted
