"""The cost game of municipalities that pool: what every one of the 2**n coalitions would pay on a
platform of its own.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.methods.coalitions import BLOCK_BITS, blocks, coalition_sizes, coalition_sums
from analysis.methods.pooling import coordination_loss


def pooled_costs(
    own_costs: ArrayLike,
    phi: float,
    p: float,
    agency_cost: float = 0.0,
    kappa: float = 0.0,
    gamma: float = 1.0,
) -> NDArray:
    """Cost of each coalition, array (2**n,) in the unit of `own_costs`: (1 - phi) sum C + phi (sum
    C**p)**(1/p) + F.

    phi is the share of spend that one platform serves for all, p from 1 to infinity how much of it
    the largest member sets (infinity: all of it, an airport game); F, the joint agency's cost, is
    borne by two members or more. `kappa` and `gamma` add the coordination loss kappa ((s - 1)/(n -
    1))**gamma of the members' spend, as in `pooling`. Nobody is made to pool: a coalition never
    pays more than the sum of its members' own costs. Refused: municipalities whose own cost is
    negative or not finite, all at 0, phi outside 0..1, p below 1, a negative agency cost, more than
    25 municipalities. Without coordination savings are convex, agency and cap included: what is
    saved is a convex rising function of C less its norm, which is supermodular. Trap: kappa ends
    that; all together may then cost more than two halves, which no sharing rule mends: test with
    `stability`. It counts all n of this game as everybody.

    >>> pooled_costs([3.0, 4.0], phi=0.5, p=2).tolist()  # 0.5 x 7 + 0.5 x 5
    [0.0, 3.0, 4.0, 6.0]
    >>> # 3.5 + 2 + 2 is more than 3 + 4
    >>> pooled_costs([3.0, 4.0], phi=0.5, p=float("inf"), agency_cost=2).tolist()
    [0.0, 3.0, 4.0, 7.0]
    """
    own = np.asarray(own_costs, dtype=float)
    _require(own, phi, p, agency_cost)
    alone, costs = coalition_sums(own), _norms(own, p)
    for block in blocks(len(own)):  # all steps while a block is in the cache
        pooled, apart = costs[block], alone[block]
        pooled *= phi
        pooled += (1 - phi) * apart
        pooled += agency_cost
        np.minimum(pooled, apart, out=pooled)
    nobody_or_one = np.r_[0, 1 << np.arange(len(own))]
    costs[nobody_or_one] = alone[nobody_or_one]
    return with_coordination(costs, alone, kappa, gamma)


def with_coordination(costs: NDArray, alone: NDArray, kappa: float, gamma: float) -> NDArray:
    """A game without coordination, as from `pooled_costs`, once differing rules take their share:
    array (2**n,).

    `alone` holds the sum of the members' own costs for each coalition
    (`coalitions.coalition_sums`), at which what it pays still ends. Trap: without a loss, and for a
    single municipality whatever kappa is, it is the given game itself, no copy.

    >>> # 6 + 0.1 x 7
    >>> with_coordination(
    ...     np.array([0, 3, 4, 6.0]), np.array([0, 3, 4, 7.0]), kappa=0.1, gamma=1
    ... ).tolist()
    [0.0, 3.0, 4.0, 6.7]
    """
    n = len(costs).bit_length() - 1
    if not kappa or n <= 1:
        return costs
    coordinated = np.empty_like(costs)
    losses = np.r_[0.0, coordination_loss(np.arange(1, n + 1), n, kappa, gamma)]
    sizes = coalition_sizes(min(n, BLOCK_BITS))
    for block in blocks(n):
        of_members = losses[block.start.bit_count() :][sizes] * alone[block]
        np.minimum(costs[block] + of_members, alone[block], out=coordinated[block])
    return coordinated


def _norms(own: NDArray, p: float) -> NDArray:
    """(sum of C**p)**(1/p) of each coalition; at infinity the largest member's cost, by a running
    maximum.
    """
    largest = own.max()
    if np.isfinite(p):
        norms = coalition_sums((own / largest) ** p)
        for block in blocks(len(own)):
            np.power(norms[block], 1 / p, out=norms[block])
            norms[block] *= largest
        return norms
    norms = np.zeros(2 ** len(own))
    for i, cost in enumerate(own):
        np.maximum(norms[: 1 << i], cost, out=norms[1 << i : 2 << i])
    return norms


def _require(own: NDArray, phi: float, p: float, agency_cost: float) -> None:
    wrong = np.flatnonzero(~(np.isfinite(own) & (own >= 0)))
    if wrong.size:
        raise ValueError(
            f"own costs must be finite and at least 0; municipalities {wrong.tolist()} are not"
        )
    if not own.any():
        raise ValueError("at least one municipality must have a cost of its own")
    outside = {"phi": 0 <= phi <= 1, "p": p >= 1, "agency_cost": 0 <= agency_cost < np.inf}
    if not all(outside.values()):
        named = ", ".join(name for name, within in outside.items() if not within)
        raise ValueError(
            f"phi must lie in 0..1, p from 1 up, agency_cost at 0 or above; wrong: {named}"
        )
