"""Who shares a platform with whom: municipalities assigned to k platforms at least cost, proven by
branch and bound.

A platform grows out of one member's system, the *lead*: a municipality's cost on a platform is its
cost of taking over the lead's system. So the number of variables is municipalities squared, every
cost is linear, and no two solutions differ by the platforms' names alone: the symmetry that makes
the plain assignment slow is gone. In the literature this is the single-source capacitated p-median
problem (Hakimi 1964; Mulvey & Beck 1984), here with a fixed k.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, linprog, milp
from scipy.sparse import csr_array, eye_array, kron, vstack

# the largest cost as the solver sees it, so that its absolute gap of 1e-6 is no gap
SCALE = 1e4
TOLERANCE = 1e-9  # of loads, as a share of their sum: what rounding of a limit may not refuse
FIRST_MARGIN = 0.03  # between relaxation and optimum, as a share of the relaxation: tried first
ROUNDING = 1e-3  # of reduced costs, in the solver's unit
PROVEN = 1e-9  # gap that the solver's own arithmetic may leave, as a share of the cost
INFEASIBLE = 2  # SciPy's status of a problem without a solution


@dataclass(frozen=True)
class Limits:
    """What a platform may carry; None is no limit.

    ``capacity``: load of a platform at most, in the unit of the loads. ``balance``: its load
    departs from an equal share of all loads by at most this part of that share. ``concentration``:
    platforms of one family carry at most this share of all loads. The trap: with balance 0 equal
    loads are demanded to the last resident.
    """

    capacity: float | None = None
    balance: float | None = None
    concentration: float | None = None

    def in_force(self) -> list[str]:
        """Return the names of the limits that are set."""
        return [field.name for field in fields(self) if getattr(self, field.name) is not None]


class LimitsConflict(ValueError):
    """No grouping keeps the limits; ``limits`` names a smallest set of them that cannot hold
    together.
    """

    def __init__(self, k: int, limits: Sequence[str]) -> None:
        super().__init__(
            f"no grouping on {k} platforms keeps the limit{'s' * (len(limits) > 1)}"
            f" {' and '.join(limits)}"
        )
        self.limits = tuple(limits)


@dataclass(frozen=True, eq=False)
class Grouping:
    """A proven grouping: ``lead`` (municipalities,) holds the index of each municipality's lead,
    its own for a lead; cost and bound.
    """

    lead: NDArray[np.intp]
    cost: float
    bound: float

    @property
    def gap(self) -> float:
        """What is left between cost and proven bound, as a share of the cost; 0 to the solver's
        arithmetic.
        """
        return max(self.cost - self.bound, 0.0) / max(abs(self.cost), np.finfo(float).tiny)


def group_municipalities(
    cost: ArrayLike,
    load: ArrayLike,
    k: int,
    limits: Limits = Limits(),
    family: ArrayLike | None = None,
    seconds: float = 60.0,
) -> Grouping:
    """Return the cheapest grouping of n municipalities on exactly k platforms, proven (HiGHS,
    relative gap 0).

    ``cost`` (n, n): row i, column j is what municipality i costs on the platform led by
    municipality j; the diagonal is what a lead costs, a fixed cost of the platform included.
    ``load`` (n,): residents, above 0. ``family`` (n,): the family (any labels) that municipality
    j's platform would belong to; needed for a concentration limit. Refused: arrays that do not fit,
    costs that are not finite, k outside 1..n, limits below 0; limits that no grouping keeps
    (`LimitsConflict`); an optimum not proven within ``seconds`` (`TimeoutError`). The trap:
    groupings of equal cost may exist, and one of them is returned.

    >>> grouping = group_municipalities(
    ...     [[0, 1, 9, 9], [2, 0, 9, 9], [9, 9, 0, 2], [9, 9, 1, 0]], load=[1, 1, 1, 1], k=2
    ... )
    >>> (
    ...     grouping.lead.tolist(),
    ...     grouping.cost,
    ... )  # municipality 0 follows 1, municipality 3 follows 2: 1 + 1
    ([1, 1, 2, 2], 2.0)
    """
    problem = _Problem.checked(cost, load, k, limits, family)
    result = problem.solved(seconds)
    if result.status == INFEASIBLE:
        raise LimitsConflict(k, problem.conflict(seconds))
    if result.status != 0:
        raise TimeoutError(
            f"no proof of the best {k} platforms within {seconds:g} seconds: {result.message}"
        )
    return problem.grouping(result)


@dataclass(frozen=True, eq=False)
class _Problem:
    """The integer program over x, municipalities x leads laid out in one row: x[i, j] = 1 where
    municipality i is on the platform of j.
    """

    cost: NDArray[np.float64]
    load: NDArray[np.float64]
    k: int
    limits: Limits
    family: NDArray | None

    @classmethod
    def checked(
        cls, cost: ArrayLike, load: ArrayLike, k: int, limits: Limits, family: ArrayLike | None
    ) -> _Problem:
        cost, load = np.asarray(cost, dtype=float), np.asarray(load, dtype=float)
        family = None if family is None else np.asarray(family)
        _require_fitting(cost, load, family)
        _require_number(k, len(load))
        below = [
            f"{name} {getattr(limits, name)}"
            for name in limits.in_force()
            if not getattr(limits, name) >= 0
        ]
        if below:
            raise ValueError(f"limits below 0: {', '.join(below)}")
        if limits.concentration is not None and family is None:
            raise ValueError("a concentration limit needs the family of each municipality's system")
        return cls(cost, load, k, limits, family)

    @property
    def unit(self) -> float:
        """Cost behind one unit of the solver's objective."""
        return float(np.abs(self.cost).max() or 1.0) / SCALE

    def solved(self, seconds: float) -> OptimizeResult:
        """Return SciPy's result for the optimum of all variables, searched among those that can be
        1 in it.

        Reduced-cost fixing (Dantzig et al. 1954): a variable at 1 costs at least the relaxation's
        cost and its reduced cost. So without all whose reduced cost is above a margin, a best
        solution within that margin is the best of all; one beyond it says which margin is enough.
        Where arithmetic leaves a gap, all are searched.
        """
        cost, rows = self.cost.ravel() / self.unit, _rows([*self._structure(), *self._limits()])
        relaxed = _relaxed(cost, rows)
        if relaxed.status != 0:
            return relaxed
        margin = FIRST_MARGIN * abs(relaxed.fun)
        while True:
            free = relaxed.lower.marginals <= margin + ROUNDING
            result = milp(
                cost,
                integrality=np.ones(cost.size),
                bounds=Bounds(0, free.astype(float)),
                constraints=rows,
                options={"mip_rel_gap": 0, "time_limit": seconds},
            )
            if free.all() or result.status not in (0, INFEASIBLE):
                return result
            beyond = np.inf if result.status == INFEASIBLE else result.fun - relaxed.fun
            if beyond > margin:
                margin = beyond
            elif self.grouping(result).gap < PROVEN:
                return result
            else:
                margin = np.inf

    def grouping(self, result: OptimizeResult) -> Grouping:
        """Return a result as the grouping it stands for."""
        lead = result.x.reshape(self.cost.shape).argmax(axis=1)
        return Grouping(
            lead,
            float(self.cost[np.arange(len(lead)), lead].sum()),
            float(result.mip_dual_bound) * self.unit,
        )

    def conflict(self, seconds: float) -> list[str]:
        """Return a smallest conflicting set: each limit in turn is dropped for good where the rest
        still conflicts.

        The deletion filter of Chinneck & Dravnieks (1991). The trap: several such sets may exist;
        one is named.
        """
        kept = self.limits
        for name in self.limits.in_force():
            without = replace(kept, **{name: None})
            if (
                replace(self, cost=np.zeros_like(self.cost), limits=without).solved(seconds).status
                == INFEASIBLE
            ):
                kept = without
        return kept.in_force()

    def _structure(self) -> list[LinearConstraint]:
        """Each municipality on one platform, only on one whose lead is on it too, and k leads."""
        n, opened = len(self.load), self._opened()
        every = kron(eye_array(n), np.ones((1, n)))
        follows = eye_array(n * n) - kron(np.ones((n, 1)), opened)
        return [
            LinearConstraint(every, 1, 1),
            LinearConstraint(follows, -np.inf, 0),
            LinearConstraint(opened.sum(axis=0)[None, :], self.k, self.k),
        ]

    def _limits(self) -> list[LinearConstraint]:
        """The limits in force; a platform that is not opened carries nothing and keeps every
        limit.
        """
        opened, carried, total = (
            self._opened(),
            kron(self.load[None, :], eye_array(len(self.load))),
            self.load.sum(),
        )
        rows, slack = [], total * TOLERANCE
        if self.limits.capacity is not None:
            rows.append(LinearConstraint(carried - self.limits.capacity * opened, -np.inf, slack))
        if self.limits.balance is not None:
            low, high = (total / self.k * (1 + sign * self.limits.balance) for sign in (-1, 1))
            rows += [
                LinearConstraint(carried - high * opened, -np.inf, slack),
                LinearConstraint(carried - low * opened, -slack, np.inf),
            ]
        if self.limits.concentration is not None and self.family is not None:
            of_family = (np.unique(self.family)[:, None] == self.family[None, :]).astype(float)
            rows.append(
                LinearConstraint(
                    csr_array(of_family) @ carried,
                    -np.inf,
                    self.limits.concentration * total + slack,
                )
            )
        return rows

    def _opened(self) -> csr_array:
        """Picks x[j, j], one where municipality j leads a platform, from the row of all x."""
        n = len(self.load)
        return csr_array((np.ones(n), (np.arange(n), np.arange(n) * (n + 1))), shape=(n, n * n))


def _rows(constraints: Sequence[LinearConstraint]) -> LinearConstraint:
    """Return constraints as one."""
    sides = (
        [np.broadcast_to(getattr(one, side), one.A.shape[0]) for one in constraints]
        for side in ("lb", "ub")
    )
    return LinearConstraint(
        vstack([one.A for one in constraints], format="csr"), *map(np.concatenate, sides)
    )


def _relaxed(cost: NDArray, rows: LinearConstraint) -> OptimizeResult:
    """Return the optimum where municipalities may be split between platforms, with the reduced cost
    of each variable.
    """
    equal = rows.lb == rows.ub
    above, below = np.isfinite(rows.ub) & ~equal, np.isfinite(rows.lb) & ~equal
    return linprog(
        cost,
        A_eq=rows.A[equal],
        b_eq=rows.ub[equal],
        bounds=(0, 1),
        method="highs",
        A_ub=vstack([rows.A[above], -rows.A[below]]),
        b_ub=np.concatenate([rows.ub[above], -rows.lb[below]]),
    )


def _require_fitting(cost: NDArray, load: NDArray, family: NDArray | None) -> None:
    n = len(load) if load.ndim == 1 else 0
    if n == 0 or cost.shape != (n, n) or (family is not None and family.shape != (n,)):
        shapes = f"cost {cost.shape}, load {load.shape}" + (
            "" if family is None else f", family {family.shape}"
        )
        raise ValueError(f"for n municipalities cost is n x n, load and family n: {shapes}")
    if not np.isfinite(cost).all():
        pairs = ", ".join(
            f"municipality {i} on platform {j}" for i, j in np.argwhere(~np.isfinite(cost))[:10]
        )
        raise ValueError(f"costs that are not finite: {pairs}")
    bad = np.flatnonzero(~(np.isfinite(load) & (load > 0)))
    if len(bad):
        raise ValueError(
            f"loads not above 0: {', '.join(f'municipality {i}: {load[i]:g}' for i in bad[:10])}"
        )


def _require_number(k: int, municipalities: int) -> None:
    if k != int(k) or not 1 <= k <= municipalities:
        raise ValueError(
            f"{k} platforms asked of {municipalities} municipalities: a whole number from 1 to"
            f" {municipalities}"
        )
