"""Draws conditioned on one published result: importance weights, and what they leave of the draws.

Nothing is sampled again. A draw keeps its values and gets a weight, so that draws of the one joint
sequence stay paired in everything that is computed from them. Arrays: (draws,).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def log_ratio_likelihood(modelled: ArrayLike, observed: float, log_sd: float) -> NDArray:
    """Log likelihood of a positive result where the log of published over modelled is normal with
    mean zero and standard deviation `log_sd`; minus infinity where a draw models nothing.

    Refused: an observed value or a spread that is not above zero. Trap: a spread on the yen itself
    calls a draw of half the published figure likelier than one of twice it.

    >>> log_ratio_likelihood([1.0, 2.0, 0.0], 2.0, 1.0).round(3).tolist()
    [-0.24, -0.0, -inf]
    """
    if observed <= 0 or log_sd <= 0:
        raise ValueError(f"a result and a spread above zero, not {observed} and {log_sd}")
    modelled = np.asarray(modelled, dtype=float)
    found = np.full(modelled.shape, -np.inf)
    some = modelled > 0
    found[some] = -0.5 * (np.log(observed / modelled[some]) / log_sd) ** 2
    return found


def importance_weights(log_likelihood: ArrayLike) -> NDArray:
    """Weights that turn draws of a prior into draws of the posterior; they sum to one.

    Refused: a likelihood that is zero in every draw. Source: Kong, Liu and Wong (1994).
    Trap: exponentials of the log likelihoods as they stand are all zero for unlikely data.

    >>> importance_weights([-1000.0, -1000.0, -np.inf]).tolist()
    [0.5, 0.5, 0.0]
    """
    log_likelihood = np.asarray(log_likelihood, dtype=float)
    top = log_likelihood.max()
    if not np.isfinite(top):
        raise ValueError("no draw could have led to the published result")
    weights = np.exp(log_likelihood - top)
    return weights / weights.sum()


def effective_sample_size(weights: ArrayLike) -> float:
    """How many equal draws the weighted ones are worth: (sum w)^2 / sum w^2.

    >>> effective_sample_size([0.5, 0.5, 0.0]), effective_sample_size([1.0] * 8)
    (2.0, 8.0)
    """
    weights = np.asarray(weights, dtype=float)
    return float(weights.sum() ** 2 / (weights**2).sum())


def equal_draws(weights: ArrayLike) -> NDArray:
    """Rows that stand for the weighted draws as equal ones, as many as there are draws: each comes
    as often as its weight says, to less than one draw.

    For methods that know no weights. Refused: weights below zero. Source: systematic resampling
    (Kitagawa 1996), from the middle instead of a random start. Trap: rows drawn at random add a
    noise of their own.

    >>> equal_draws([0.5, 0.25, 0.25, 0.0]).tolist(), equal_draws([1.0, 1.0]).tolist()
    ([0, 0, 1, 2], [0, 1])
    """
    weights = np.asarray(weights, dtype=float)
    if (weights < 0).any():
        raise ValueError(f"{int((weights < 0).sum())} weights are below zero")
    reached = np.cumsum(weights) / weights.sum()
    middles = (np.arange(len(weights)) + 0.5) / len(weights)
    return np.minimum(np.searchsorted(reached, middles), len(weights) - 1)


def weighted_mean(values: ArrayLike, weights: ArrayLike) -> NDArray:
    """Mean over the first axis of the values under weights that need not sum to one.

    >>> float(weighted_mean([1.0, 5.0], [3.0, 1.0]))
    2.0
    """
    return np.average(np.asarray(values, dtype=float), axis=0, weights=np.asarray(weights))


def weighted_quantiles(values: ArrayLike, weights: ArrayLike, shares: ArrayLike) -> NDArray:
    """Quantiles of weighted draws (draws,), linear between the middles of the weights.

    With equal weights they differ from numpy's by less than one draw. Refused: weights below zero.

    >>> weighted_quantiles([3.0, 1.0, 2.0], [1.0, 1.0, 1.0], [0.5]).tolist()
    [2.0]
    """
    values, weights = np.asarray(values, dtype=float), np.asarray(weights, dtype=float)
    if (weights < 0).any():
        raise ValueError(f"{int((weights < 0).sum())} weights are below zero")
    kept = np.flatnonzero(weights > 0)
    order = kept[np.argsort(values[kept], kind="stable")]
    middles = np.cumsum(weights[order]) - weights[order] / 2
    return np.interp(np.asarray(shares) * weights.sum(), middles, values[order])
