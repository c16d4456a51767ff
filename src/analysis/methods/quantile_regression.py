"""Quantile regression: whether cost grows with size alike among cheap and expensive
municipalities.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import linprog

RESAMPLES = 199


def quantile_coefficients(outcome: ArrayLike, regressors: pd.DataFrame, level: float) -> pd.Series:
    """Return the coefficients of the ``level`` quantile of the outcome given the regressors, by
    term.

    One row per municipality; the linear programme of Koenker & Bassett (1978), solved in its dual,
    so the answer passes through as many municipalities as there are terms. Refused: a level outside
    (0, 1), regressors that determine each other.

    >>> quantile_coefficients([1, 2, 9], pd.DataFrame({"constant": [1.0, 1.0, 1.0]}), 0.5).tolist()
    [2.0]
    """
    matrix = regressors.to_numpy(float)
    if not 0 < level < 1:
        raise ValueError(f"a quantile lies between 0 and 1, not at {level}")
    if np.linalg.matrix_rank(matrix) < matrix.shape[1]:
        raise ValueError(f"the regressors determine each other: {', '.join(regressors)}")
    return pd.Series(_solved(np.asarray(outcome, float), matrix, level), regressors.columns)


def resampled_interval(
    outcome: ArrayLike,
    regressors: pd.DataFrame,
    level: float,
    term: str,
    seed: int = 0,
    resamples: int = RESAMPLES,
) -> tuple[float, float]:
    """Return the 95 % interval of a quantile coefficient from municipalities drawn again with
    replacement (percentiles).

    Draws in which the regressors determine each other are left out. The trap: with few
    municipalities the quartiles rest on a handful; such an interval is rough, and no test of a
    difference between quantiles.

    >>> same = pd.DataFrame({"constant": [1.0, 1.0, 1.0]})
    >>> resampled_interval([7, 7, 7], same, 0.5, "constant", resamples=20)
    (7.0, 7.0)
    """
    outcome, matrix = np.asarray(outcome, float), regressors.to_numpy(float)
    drawn = np.random.default_rng(seed).integers(len(outcome), size=(resamples, len(outcome)))
    whole = [rows for rows in drawn if np.linalg.matrix_rank(matrix[rows]) == matrix.shape[1]]
    place = list(regressors).index(term)
    slopes = [_solved(outcome[rows], matrix[rows], level)[place] for rows in whole]
    low, high = np.quantile(slopes, [0.025, 0.975])
    return float(low), float(high)


def _solved(outcome: NDArray, matrix: NDArray, level: float) -> NDArray:
    """The dual: weights between 0 and 1 on the municipalities, that balance every regressor; its
    prices are the coefficients.
    """
    answer = linprog(
        -outcome,
        A_eq=matrix.T,
        b_eq=(1 - level) * matrix.sum(axis=0),
        bounds=(0, 1),
        method="highs",
    )
    return -answer.eqlin.marginals
