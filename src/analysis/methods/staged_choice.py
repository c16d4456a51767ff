"""What it is worth to decide in stages: each stage teaches something before the next is begun.

Regression Monte Carlo: what going on is worth, given what has been learnt, is a least-squares fit
over the draws (Longstaff and Schwartz 2001); the basis is a constant, the signals and their
products of two. A policy is fitted on one half of the draws and valued on the other, so that its
value is that of a policy somebody could follow: a lower bound. Knowing each draw in full before
each choice is the upper bound. Arrays: one row per draw; worths are present values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.methods.calibration import weighted_mean

ROUNDING = 1e-12  # of the largest worth: the same mean, summed in another order


@dataclass(frozen=True)
class Stage:
    """A stage that may be begun once its signals are known.

    ``signals`` (draws, signals) is what is known when it is decided on, ``worth`` (draws,) what it
    adds by itself, ``stops`` (draws, ways) what each way of not beginning it is worth.
    """

    signals: NDArray
    worth: NDArray
    stops: NDArray


@dataclass(frozen=True)
class Bounds:
    """What a staged programme is worth, in the unit of the worths.

    ``committed``: the best fixed course; ``policy``: the better of that and of choosing by what was
    learnt (lower bound); ``perfect``: with perfect information at each choice (upper bound);
    ``begun``: share of the draws' weight in which the policy begins each stage.
    """

    committed: float
    policy: float
    perfect: float
    begun: tuple[float, ...]

    @property
    def flexibility(self) -> float:
        """What the right to stop is worth beyond the best fixed course; never below zero."""
        return self.policy - self.committed


def bounds(stages: Sequence[Stage], weights: NDArray) -> Bounds:
    """Return the bounds on the worth of stages begun in turn, each only if the one before was.

    Refused: fewer draws than the regression can carry.

    >>> signal = np.tile([-1.0, 1.0], 64)
    >>> stage = Stage(signal[:, None], 3 * signal, np.zeros((128, 1)))
    >>> found = bounds([stage], np.ones(128))
    >>> found.committed, round(found.policy, 9), found.perfect, found.begun
    (0.0, 1.5, 1.5, (0.5,))
    """
    committed = _best_fixed(stages, weights)
    followed, begun = _followed(stages, weights)
    policy = float(weighted_mean(followed, weights))
    scale = max(float(np.abs(stage.worth).max()) for stage in stages)
    if policy - committed <= ROUNDING * scale:
        return Bounds(committed, committed, perfect_worth(stages, weights), begun)
    return Bounds(committed, policy, perfect_worth(stages, weights), begun)


def fixed_courses(stages: Sequence[Stage], weights: NDArray) -> list[float]:
    """Return the mean worth of stopping before stage 0, 1, … in the best way, and of all stages, in
    the unit of the stages' worth.

    >>> stage = Stage(np.zeros((2, 1)), np.array([-3.0, 5.0]), np.zeros((2, 1)))
    >>> fixed_courses([stage], np.ones(2))
    [0.0, 1.0]
    """
    courses, begun = [], np.zeros(len(weights))
    for stage in stages:
        courses.append(float(weighted_mean(begun[:, None] + stage.stops, weights).max()))
        begun = begun + stage.worth
    return [*courses, float(weighted_mean(begun, weights))]


def perfect_worth(stages: Sequence[Stage], weights: NDArray) -> float:
    """Return the mean worth where each draw is known in full before each choice.

    >>> stage = Stage(np.zeros((2, 1)), np.array([-3.0, 5.0]), np.zeros((2, 1)))
    >>> perfect_worth([stage], np.ones(2))  # 5 in one draw of two, and nothing in the other
    2.5
    """
    later = np.zeros(len(weights))
    for stage in reversed(stages):
        later = np.maximum(stage.worth + later, stage.stops.max(axis=1))
    return float(weighted_mean(later, weights))


def fitted_worth(signals: NDArray, worths: NDArray, weights: NDArray, at: NDArray) -> NDArray:
    """Return what each column of ``worths`` is expected to be at the signals ``at``: the weighted
    least-squares fit of a full quadratic, (rows of at, columns). Refused: fewer draws than three
    for each term of it.

    >>> signals = np.arange(9.0)[:, None]
    >>> fitted_worth(signals, signals**2, np.ones(9), np.array([[10.0]])).round(6).tolist()
    [[100.0]]
    """
    centre, spread = signals.mean(axis=0), signals.std(axis=0)
    spread = np.where(spread > 0, spread, 1.0)
    basis, there = (_quadratic((rows - centre) / spread) for rows in (signals, at))
    if len(basis) < 3 * basis.shape[1]:
        raise ValueError(f"{len(basis)} draws are too few for {basis.shape[1]} terms")
    root = np.sqrt(weights)[:, None]
    # a signal that never varies is a column of zeros: the least norm leaves it out
    return there @ np.linalg.lstsq(root * basis, root * worths, rcond=None)[0]


def _quadratic(scaled: NDArray) -> NDArray:
    left, right = np.triu_indices(scaled.shape[1])
    return np.hstack([np.ones((len(scaled), 1)), scaled, scaled[:, left] * scaled[:, right]])


def _best_fixed(stages: Sequence[Stage], weights: NDArray) -> float:
    return max(fixed_courses(stages, weights))


def _followed(stages: Sequence[Stage], weights: NDArray) -> tuple[NDArray, tuple[float, ...]]:
    """What the fitted policy earns in each draw, and how often it begins each stage."""
    later, taken = np.zeros(len(weights)), []
    for stage in reversed(stages):
        ways = np.column_stack([stage.worth + later, stage.stops])
        chosen = _chosen(stage.signals, ways, weights)
        later = ways[np.arange(len(ways)), chosen]
        taken.append(chosen == 0)
    reached, begun = np.ones(len(weights), bool), []
    for goes_on in reversed(taken):
        reached = reached & goes_on
        begun.append(float(weighted_mean(reached, weights)))
    return later, tuple(begun)


def _chosen(signals: NDArray, ways: NDArray, weights: NDArray) -> NDArray:
    """The way chosen in each draw, by a fit on the half of the draws that it is not in.

    Halves are the beginning and the end of the sequence: each is as even as the whole, which every
    second point of it is not.
    """
    rows = np.arange(len(ways))
    first = rows < len(rows) // 2
    chosen = np.zeros(len(rows), int)
    for fitted_on in (first, ~first):
        fit = fitted_worth(
            signals[fitted_on], ways[fitted_on], weights[fitted_on], signals[~fitted_on]
        )
        chosen[~fitted_on] = fit.argmax(axis=1)
    return chosen
