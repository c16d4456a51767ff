"""The prenucleolus: the charges that tempt the most tempted coalition least, then the next, and so
on; and the nucleolus, where nobody is charged more than its own cost.

One linear program a level, over a pool of coalitions that grows: what is missing from the pool is
found by walking all 2**n coalitions once a round, halfway between the program's answer and the best
charges so far (in-out separation, Ben-Ameur & Neto 2007), some hundreds of rows at a time. Solved
on shares of the largest cost.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import null_space
from scipy.optimize import linprog

from analysis.methods.coalitions import excess_blocks, membership, require_game, scale
from analysis.methods.kohlberg import IN_SPAN, SIMPLEX, KohlbergProof, in_span, kohlberg_proof

ROWS_A_ROUND = 250  # at each of the two points; many rounds of few rows take twenty times as long
POOL = 2_500  # rows kept from round to round, those with the least slack
DUAL = 1e-9  # a row with a positive dual is tight in every solution of its program


class Prenucleolus(NamedTuple):
    """Charges (n,), the excess of each level from the largest down (both in the unit of the costs),
    and the proof.
    """

    charges: NDArray
    levels: NDArray
    proof: KohlbergProof


def nucleolus(costs: ArrayLike, tolerance: float = 1e-9) -> Prenucleolus:
    """Return the nucleolus (Schmeidler 1969): as `prenucleolus`, among the charges under which no
    player pays more than alone.

    Where the prenucleolus charges nobody more than alone, as in every subadditive game, it is the
    nucleolus too: the best of all charges is the best of fewer that it is among. Refused
    (`ArithmeticError`): games in which it does, naming the players; the nucleolus is then other
    charges, which are not computed here. Trap: to call the prenucleolus the nucleolus unseen.

    >>> # a firm that owes 10, 20 and 30 has 36: sure of 0, 0, 6, 6, 16, 26 (Ferguson, UCLA)
    >>> lost = nucleolus([0, 10, 20, 24, 24, 24, 24, 24])
    >>> (np.array([10, 20, 30]) - lost.charges).round(9).tolist()
    [5.0, 10.5, 20.5]
    """
    answer, alone = prenucleolus(costs, tolerance), np.asarray(costs, dtype=float)
    own = alone[1 << np.arange(len(answer.charges))]
    dearer = np.flatnonzero(answer.charges > own + tolerance * scale(alone))
    if len(dearer):
        raise ArithmeticError(
            "the prenucleolus charges more than alone, so that it is not the nucleolus:"
            f" players {', '.join(map(str, dearer))}"
        )
    return answer


def prenucleolus(costs: ArrayLike, tolerance: float = 1e-9) -> Prenucleolus:
    """Charges that make the largest excess as small as can be, then the second largest, …; with
    Kohlberg's proof.

    Always one answer, in the core where that is not empty; `levels[0]` is the least core's excess,
    above 0 where the core is empty. `tolerance` is a share of the largest cost. Look at
    `proof.holds` before use: it is computed from the charges and all 2**n costs alone. Refused:
    what is no cost game of at most 25 players. Trap: no player is held to its own cost; in a
    subadditive game none is charged more than that (`nucleolus`). Sources: Schmeidler (1969);
    Maschler, Peleg & Shapley (1979); Kohlberg (1971).

    >>> airport = [0, 8, 11, 11, 13, 13, 13, 13, 18, 18, 18, 18, 18, 18, 18, 18]
    >>> answer = prenucleolus(airport)
    >>> answer.charges.round(9).tolist(), answer.proof.holds  # Littlechild & Owen (1973)
    ([3.25, 3.25, 3.25, 8.25], True)
    """
    costs, _ = require_game(costs)
    search = _Search(costs, tolerance)
    while search.free().size:
        search.settle_level()
    charges, levels = search.solved()
    return Prenucleolus(
        charges * search.unit,
        levels * search.unit,
        kohlberg_proof(costs, charges * search.unit, tolerance),
    )


def least_core(costs: ArrayLike, tolerance: float = 1e-9) -> tuple[float, NDArray]:
    """The least excess epsilon to which all coalitions can be held, in the unit of the costs, and
    charges that do.

    Above 0 the core is empty, and epsilon is what each coalition must be made to forgo by leaving
    for all to stay. Refused: no cost game, one player. Trap: other charges may do as well; the
    prenucleolus chooses among them. Source: Maschler, Peleg & Shapley (1979).

    >>> # three municipalities, two of which do better without a third
    >>> epsilon, charges = least_core([0, 6, 6, 8, 6, 8, 8, 15])
    >>> round(epsilon, 9), charges.round(9).tolist()
    (2.0, [5.0, 5.0, 5.0])
    """
    costs, n = require_game(costs)
    if n < 2:
        raise ValueError("one player has nobody to leave with or from: at least two are needed")
    search = _Search(costs, tolerance)
    search.settle_level()
    return float(search.solved()[1][0] * search.unit), search.best * search.unit


@dataclass
class _Search:
    """What is settled (rows with their level), and what carries over from level to level: the pool,
    the best charges.
    """

    costs: NDArray
    tolerance: float
    rows: list[int] = field(default_factory=list)
    level_of: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.n = len(self.costs).bit_length() - 1
        self.unit = scale(self.costs)
        self.rng = np.random.default_rng(self.n)
        self.singles = 1 << np.arange(self.n)
        self.pool = np.unique(np.r_[self.singles, len(self.costs) - 1 - self.singles])
        alone = self.costs[self.singles]
        weights = alone if alone.min() >= 0 and alone.any() else np.ones(self.n)
        self.best = weights / weights.sum() * (self.costs[-1] / self.unit)

    def free(self) -> NDArray:
        """Null space of the settled rows, all players together among them; its columns are an
        orthonormal base.
        """
        return null_space(np.vstack([np.ones(self.n), membership(self.rows, self.n)]))

    def solved(self) -> tuple[NDArray, NDArray]:
        """Charges and levels that the settled rows imply together, free of the programs'
        rounding.
        """
        levels = np.zeros((len(self.rows), max(self.level_of, default=-1) + 1))
        levels[np.arange(len(self.rows)), self.level_of] = -1
        everybody = np.r_[np.ones(self.n), np.zeros(levels.shape[1])]
        system = np.vstack([everybody, np.hstack([membership(self.rows, self.n), levels])])
        answer = np.linalg.lstsq(system, np.r_[self.costs[-1], self.costs[self.rows]] / self.unit)[
            0
        ]
        return answer[: self.n], answer[self.n :]

    def settle_level(self) -> None:
        """Find the least excess to which the unsettled coalitions can be held, and settle those
        that are held to it.
        """
        free, (anchor, _) = self.free(), self.solved()
        spanned = in_span(free, self.rng)
        self.pool = self.pool[~spanned[self.pool]]
        self.best = anchor + free @ (free.T @ (self.best - anchor))
        least, _ = self._tempted(self.best, spanned, np.inf)
        while True:
            charges, level, duals = self._program(anchor, free)
            missing = [self.pool]
            for point in (charges, (charges + self.best) / 2):
                excess, masks = self._tempted(point, spanned, level + self.tolerance)
                missing.append(masks)
                if excess < least:
                    self.best, least = point, excess
                if least <= level + self.tolerance:
                    break
            if least <= level + self.tolerance:
                break
            self.pool = np.unique(np.concatenate(missing))
        tight = self.pool[duals > DUAL]
        self.level_of += [max(self.level_of, default=-1) + 1] * len(tight)
        self.rows += tight.tolist()

    def _program(self, anchor: NDArray, free: NDArray) -> tuple[NDArray, float, NDArray]:
        """Charges anchor + free z of the pool's least level, that level, and the pool's duals;
        slack rows leave it.

        Many charges reach the level. A corner of them breaks ever new coalitions outside the pool;
        those that reach the next level too lie well inside, so that few rounds are needed: 57 for
        23 wards with coordination, where corners took 238.
        """
        rows = membership(self.pool, self.n)
        shifts, limits = rows @ free, self.costs[self.pool] / self.unit - rows @ anchor
        point, level, duals = _least_level(shifts, limits)
        inside = null_space(shifts[duals > DUAL])
        moved = shifts @ inside
        if (varies := np.abs(moved).max(axis=1, initial=0.0) > IN_SPAN).any():
            point = (
                point
                + inside @ _least_level(moved[varies], limits[varies] - shifts[varies] @ point)[0]
            )
        slack = limits + level - shifts @ point
        bounding = np.isin(self.pool, self.singles) | np.isin(
            len(self.costs) - 1 - self.pool, self.singles
        )
        kept = bounding | (slack <= np.sort(slack)[:POOL][-1])
        self.pool = self.pool[kept]
        return anchor + free @ point, level, duals[kept]

    def _tempted(self, charges: NDArray, spanned: NDArray, level: float) -> tuple[float, NDArray]:
        """Largest excess over the unsettled coalitions, and the masks of those most above the
        level.
        """
        worst, masks, excesses = -np.inf, [], []
        for start, excess in excess_blocks(self.costs, charges * self.unit):
            np.putmask(excess, spanned[start : start + len(excess)], -np.inf)
            worst = max(worst, float(excess.max()))
            above = np.flatnonzero(excess > level * self.unit)
            if len(above) > ROWS_A_ROUND:
                above = above[np.argpartition(-excess[above], ROWS_A_ROUND)[:ROWS_A_ROUND]]
            masks.append(start + above)
            excesses.append(excess[above])
        most = np.argsort(-np.concatenate(excesses), kind="stable")[:ROWS_A_ROUND]
        return worst / self.unit, np.concatenate(masks)[most]


def _least_level(shifts: NDArray, limits: NDArray) -> tuple[NDArray, float, NDArray]:
    """The z with the least level t such that shifts z <= limits + t, that level, and the rows'
    duals.
    """
    answer = linprog(
        np.r_[np.zeros(shifts.shape[1]), 1.0],
        A_ub=np.c_[shifts, -np.ones(len(shifts))],
        b_ub=limits,
        bounds=(None, None),
        method="highs",
        options=SIMPLEX,
    )
    if answer.status != 0:
        raise ArithmeticError(f"the linear program of a level has no solution: {answer.message}")
    return answer.x[:-1], float(answer.x[-1]), -answer.ineqlin.marginals
