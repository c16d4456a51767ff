"""What a new group would show, from what groups like it showed: a hierarchical normal model.

Groups' effects are normal around a common mean, ``theta_g ~ N(mu, tau**2)``. A survey may give
effects with their errors, or only say how many groups passed a mark. The trap: the error of the
mean (or median) shrinks with every group asked, the spread of one more group does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import log_ndtr
from scipy.stats import norm

STEPS = 401  # nodes of the mean and of the spread


@dataclass(frozen=True)
class Passed:
    """So many of ``groups`` had an effect of at least ``mark``."""

    groups: int
    passed: int
    mark: float


@dataclass(frozen=True)
class GroupEffects:
    """The posterior of mean and spread on a grid: ``mean`` (nodes), ``spread`` (nodes), ``weight``
    (means, spreads), which sums to 1. All in the unit of the effects.
    """

    mean: NDArray
    spread: NDArray
    weight: NDArray

    def moments(self) -> dict[str, float]:
        """Return mean and standard deviation of the common mean (``mean``, ``mean_error``), the
        root mean square of the spread between groups (``spread``), and the standard deviation of
        one new group (``new_group``), which holds both.
        """
        of_mean, of_spread = self.weight.sum(axis=1), self.weight.sum(axis=0)
        centre = float(of_mean @ self.mean)
        variance = float(of_mean @ (self.mean - centre) ** 2)
        between = float(of_spread @ self.spread**2)
        return {
            "mean": centre,
            "mean_error": variance**0.5,
            "spread": between**0.5,
            "new_group": (variance + between) ** 0.5,
        }


def group_effects(
    counts: Sequence[Passed] = (),
    effects: ArrayLike = (),
    errors: ArrayLike = (),
    means: tuple[float, float] = (-0.5, 1.0),
    spreads: tuple[float, float] = (0.0, 1.0),
) -> GroupEffects:
    """Return the posterior of the groups' mean and spread by quadrature over a grid.

    Mean and spread are flat within ``means`` and ``spreads``; a spread that is given has both ends
    alike. ``counts`` enter by the binomial probability of passing their mark, ``effects`` with
    their standard ``errors`` by the normal one. Refused: effects and errors of different length,
    errors not above 0, counts that pass more than there are, nothing observed. Trap: counts at one
    mark say nothing of the spread, which must then be given. Gelman et al. (2013, ch. 5); the
    schools of Rubin (1981) in a test.

    >>> effects = group_effects([Passed(18, 9, 0.3)], spreads=(0.12, 0.12))
    >>> {name: round(value, 2) for name, value in effects.moments().items()}
    {'mean': 0.3, 'mean_error': 0.04, 'spread': 0.12, 'new_group': 0.13}
    """
    observed, error = np.asarray(effects, dtype=float), np.asarray(errors, dtype=float)
    _require_sound(counts, observed, error)
    mean = np.linspace(*means, STEPS)
    width = (spreads[1] - spreads[0]) / STEPS
    # the middle of each cell, so that no spread is nothing
    spread = spreads[0] + width * (np.arange(STEPS) + 0.5) if width else np.array([spreads[0]])
    log = np.zeros((mean.size, spread.size))
    for count in counts:
        above = (mean[:, None] - count.mark) / spread
        log += count.passed * log_ndtr(above) + (count.groups - count.passed) * log_ndtr(-above)
    for effect, own in zip(observed, error, strict=True):
        log += norm.logpdf(effect, mean[:, None], np.hypot(spread, own))
    weight = np.exp(log - log.max())
    return GroupEffects(mean, spread, weight / weight.sum())


def _require_sound(counts: Sequence[Passed], effects: NDArray, errors: NDArray) -> None:
    if not counts and not effects.size:
        raise ValueError("nothing is observed: give counts or effects")
    if effects.shape != errors.shape:
        raise ValueError(f"{effects.size} effects, but {errors.size} errors")
    if (errors <= 0).any():
        raise ValueError(f"errors must lie above 0, not {errors[errors <= 0].tolist()}")
    wrong = [count for count in counts if not 0 <= count.passed <= count.groups]
    if wrong:
        raise ValueError(f"more passed than there are groups: {wrong}")
