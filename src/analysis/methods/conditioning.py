"""What joint draws become when something in them has been observed.

Matheron's rule: each draw is moved by the gain times what its own prediction missed. The moved
draws follow the conditional law exactly where the draws are jointly normal, and have its best
linear mean and variance where they are not (Journel & Huijbregts 1978; Goldstein & Wooff 2007;
in its sampled form Evensen 1994).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import pinvh


def conditioned_draws(draws: ArrayLike, predicted: ArrayLike, observed: ArrayLike) -> NDArray:
    """Return the draws of X given Y: x + Cov(X, Y) Cov(Y)^-1 (observed - y), draws x quantities.

    ``draws`` are those of X, ``predicted`` what the same draws say of Y (draws x observations, the
    error of observing included), ``observed`` the values of Y; all in one scale, where they are
    close to normal. Nothing observed gives the draws back untouched; the same fact twice counts
    once. Refused: draws and predictions of different length, and an observation too many or too
    few. The trap: conditioning amounts of money instead of their logarithms, which can make them
    negative.

    >>> x = np.array([[-1.0], [1.0]])
    >>> conditioned_draws(x, x, [0.5]).tolist()
    [[0.5], [0.5]]
    """
    prior, said, fact = (np.asarray(values, float) for values in (draws, predicted, observed))
    if said.shape != (len(prior), len(fact)):
        raise ValueError(
            f"{len(prior)} draws and {len(fact)} observations need predictions of that shape, not"
            f" {said.shape}"
        )
    if not len(fact):
        return prior
    return prior + (fact - said) @ gain(prior, said).T


def gain(draws: NDArray, predicted: NDArray) -> NDArray:
    """Return Cov(X, Y) Cov(Y)^-1, quantities x observations, from joint draws of both.

    >>> y = np.array([[-1.0], [1.0]])
    >>> gain(3 * y, y).round(12).tolist()
    [[3.0]]
    """
    apart, away = draws - draws.mean(axis=0), predicted - predicted.mean(axis=0)
    return np.asarray((apart.T @ away) @ pinvh(away.T @ away))
