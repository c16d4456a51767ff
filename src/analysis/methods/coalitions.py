"""Cost games on bit masks: c[S] is what the coalition S pays together, bit i of S says that player
i belongs to it.

An array of 2**n costs is walked in blocks that fit the processor's cache: 23 players are 8,388,608
coalitions, 64 MiB.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

MOST_PLAYERS = 25  # 33,554,432 coalitions, 256 MiB an array
BLOCK_BITS = 16  # coalitions held in the cache together, as a power of two
SHOWN = 5  # so many refused coalitions are named
# share of the game by which charges may miss its cost: rounding, not a forgotten item
UNPAID = 1e-6


class Coalition(NamedTuple):
    """A coalition, what its members pay beyond their own cost together (`excess`, unit of the
    costs), and who they are.
    """

    mask: int
    excess: float
    members: tuple[int, ...]


def coalition_sums(values: ArrayLike) -> NDArray:
    """Sum of the members' values for each of the 2**n coalitions; array (2**n,), index = bit mask,
    unit of the values.

    Refused: more than 25 players, values that are not one row.

    >>> coalition_sums([1, 10, 100]).tolist()
    [0, 1, 10, 11, 100, 101, 110, 111]
    """
    values = np.asarray(values)
    if values.ndim != 1:
        raise ValueError(f"one value a player is needed, not an array of shape {values.shape}")
    require_players(len(values))
    sums = np.zeros(2 ** len(values), dtype=values.dtype)
    for i, value in enumerate(values):
        np.add(sums[: 1 << i], value, out=sums[1 << i : 2 << i])
    return sums


def coalition_sizes(n: int) -> NDArray:
    """Number of members of each of the 2**n coalitions, as small integers (uint8); refused: more
    than 25 players.

    >>> coalition_sizes(3).tolist()
    [0, 1, 1, 2, 1, 2, 2, 3]
    """
    return coalition_sums(np.ones(n, dtype=np.uint8))


def members(mask: int) -> tuple[int, ...]:
    """Players of a coalition, in ascending order.

    >>> members(0b10110)
    (1, 2, 4)
    """
    return tuple(i for i in range(int(mask).bit_length()) if mask >> i & 1)


def membership(masks: ArrayLike, n: int) -> NDArray:
    """Rows of zeros and ones (coalitions, n), one column a player, as floats.

    >>> membership([3, 4], 3).tolist()
    [[1.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
    """
    return (np.asarray(masks, dtype=np.int64)[:, None] >> np.arange(n) & 1).astype(float)


def blocks(n: int) -> Iterator[slice]:
    """Return the 2**n coalitions in equal slices, in the order of their masks; the low bits run
    through within a slice.

    >>> list(blocks(2))
    [slice(0, 4, None)]
    """
    size = 1 << min(n, BLOCK_BITS)
    return (slice(start, start + size) for start in range(0, 1 << n, size))


def half_sums(values: NDArray) -> tuple[NDArray, NDArray]:
    """Return the coalition sums of the low bits, which run through within a block, and those of the
    high bits, one a block, in the unit of the values.

    >>> low, high = half_sums(np.array([1.0, 2.0]))
    >>> low.tolist(), high.tolist()
    ([0.0, 1.0, 2.0, 3.0], [0.0])
    """
    return coalition_sums(values[:BLOCK_BITS]), coalition_sums(values[BLOCK_BITS:])


def excess_blocks(costs: NDArray, charges: NDArray) -> Iterator[tuple[int, NDArray]]:
    """Yield the excess charges(S) - c(S), in the costs' unit, block by block with its first mask;
    -inf for none and for all.

    >>> [
    ...     (first, excess.tolist())
    ...     for first, excess in excess_blocks(np.array([0.0, 3.0, 4.0, 5.0]), np.array([2.0, 3.0]))
    ... ]
    [(0, [-inf, -1.0, -1.0, -inf])]
    """
    n, (low, high) = len(charges), half_sums(charges)
    for block, fixed in zip(blocks(n), high, strict=True):
        sums = low + fixed
        sums -= costs[block]
        if block.start == 0:
            sums[0] = -np.inf
        if block.stop == 1 << n:
            sums[-1] = -np.inf
        yield block.start, sums


def scale(costs: NDArray) -> float:
    """Return the largest cost in absolute terms, what tolerances are a share of; 1 where all costs
    are 0.

    >>> scale(np.array([0.0, 3.0, -4.0, 2.0])), scale(np.zeros(4))
    (4.0, 1.0)
    """
    # read from memory once, not twice
    parts = (costs[block] for block in blocks(len(costs).bit_length() - 1))
    return max(max(float(part.max()), -float(part.min())) for part in parts) or 1.0


def require_players(n: int) -> None:
    """Refuse more players than an array of all coalitions can hold; the way out is named."""
    if n > MOST_PLAYERS:
        raise ValueError(
            f"exact results need all 2**n coalitions and take at most {MOST_PLAYERS} players, not"
            f" {n}: estimate the Shapley value with sampled_shapley, which has a standard error"
        )


def require_game(costs: ArrayLike) -> tuple[NDArray, int]:
    """Return the costs as an array of floats, one a coalition, and the number of players.

    Refused: a length that is no power of two (from 2), more than 25 players, c[0] other than 0, and
    every coalition whose cost is not finite (the first five named).

    >>> costs, players = require_game([0, 3, 4, 5])
    >>> costs.tolist(), players
    ([0.0, 3.0, 4.0, 5.0], 2)
    """
    costs = np.asarray(costs, dtype=float)
    n = len(costs).bit_length() - 1 if costs.ndim == 1 else 0
    if n < 1 or len(costs) != 1 << n:
        raise ValueError(
            "a cost game is a row of 2**n costs, one a coalition, not an array of shape"
            f" {costs.shape}"
        )
    require_players(n)
    wrong = [
        mask
        for block in blocks(n)
        for mask in block.start + np.flatnonzero(~np.isfinite(costs[block]))
    ]
    if wrong:
        named = ", ".join(str(members(mask)) for mask in wrong[:SHOWN])
        raise ValueError(
            f"costs that are not finite: {len(wrong)} coalitions,"
            f" {named}{', …' * (len(wrong) > SHOWN)}"
        )
    if costs[0] != 0:
        raise ValueError(f"nobody costs nothing: c[0] must be 0, not {costs[0]:.12g}")
    return costs, n


def require_charges(costs: NDArray, charges: ArrayLike) -> NDArray:
    """Return the charges as an array of floats, one a player, in the costs' unit.

    Refused: a number of charges other than that of the players, players whose charge is not finite,
    charges that do not pay the cost of all together.

    >>> require_charges(np.array([0.0, 3.0, 4.0, 5.0]), [2, 3]).tolist()
    [2.0, 3.0]
    """
    charges, n = np.asarray(charges, dtype=float), len(costs).bit_length() - 1
    if charges.shape != (n,):
        raise ValueError(
            f"one charge for each of {n} players is needed, not an array of shape {charges.shape}"
        )
    if not np.isfinite(charges).all():
        raise ValueError(
            f"charges that are not finite: players {np.flatnonzero(~np.isfinite(charges)).tolist()}"
        )
    unpaid = abs(charges.sum() - costs[-1])
    # the largest cost is seldom needed
    if unpaid > UNPAID * abs(costs[-1]) and unpaid > UNPAID * scale(costs):
        raise ValueError(
            f"charges of {charges.sum():.12g} do not pay the cost of all, {costs[-1]:.12g}"
        )
    return charges
