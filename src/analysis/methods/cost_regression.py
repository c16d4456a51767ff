"""A log-log cost function on observed costs: how total cost grows with size, and how far so few
municipalities can tell.

ln C = alpha + eps ln N + eta (ln N)^2 + controls. The elasticity eps is the coefficient of
``log_residents`` at the municipalities' mean size; below one, larger municipalities are cheaper per
resident. Traps: regressing cost *per resident* on residents lets the wider scatter of small
municipalities, or an error in the count of residents, look like a saving from size; and one
municipality far from the others (a small one with a daytime crowd) may carry the slope alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import bisect
from scipy.stats import t as student

SIZE = "log_residents"
LEAST_DEGREES = 3  # degrees of freedom below which no interval is worth its ink
# of the bootstrap: 5 % of draws + 1 is a whole number, so the test is exact at 5 %
DRAWS = 1_999
WIDEST = 40.0  # standard errors within which the ends of an interval are looked for


def design(
    residents: ArrayLike, controls: pd.DataFrame | None = None, squared: bool = False
) -> pd.DataFrame:
    """Return the regressors, one row per municipality: constant, log_residents, its square if
    asked, then the controls.

    Log residents are centred, so that with the square the elasticity is the one at the
    municipalities' geometric mean size. ``controls`` are taken as they are (logs, or zeros and
    ones). Refused: sizes that are not positive.

    >>> design([1, np.exp(2)], squared=True).to_numpy().tolist()
    [[1.0, -1.0, 1.0], [1.0, 1.0, 1.0]]
    """
    size = np.asarray(residents, float)
    if not (size > 0).all():
        raise ValueError(f"residents must be positive: {size[~(size > 0)].tolist()}")
    logs = np.log(size) - np.log(size).mean()
    columns = pd.DataFrame(
        {"constant": 1.0, SIZE: logs, **({"log_residents_squared": logs**2} if squared else {})}
    )
    return (
        columns if controls is None else columns.join(controls.reset_index(drop=True).astype(float))
    )


def leverage(matrix: ArrayLike) -> NDArray:
    """Return how far each municipality determines its own fitted value, 0 to 1; the sum is the
    number of terms it can tell apart.

    It follows from the regressors alone, so that it can be had of as many municipalities as terms
    and before any cost is known.

    >>> leverage(design([1, 2, 4])).round(12).tolist()  # 1/3 + (0.693 (-1, 0, 1))^2 / 0.961
    [0.833333333333, 0.333333333333, 0.833333333333]
    """
    rows = np.asarray(matrix, float)
    return np.einsum("ij,ji->i", rows, np.linalg.pinv(rows))


@dataclass(frozen=True)
class CostFunction:
    """A least-squares fit: what is needed for HC3 intervals, the wild bootstrap and each
    municipality's influence.
    """

    terms: tuple[str, ...]
    matrix: NDArray  # municipalities x terms, weighted where weights were given
    outcome: NDArray  # log cost, likewise

    @cached_property
    def projector(self) -> NDArray:
        """(X'X)^-1 X', terms x municipalities."""
        return np.linalg.pinv(self.matrix)

    @cached_property
    def leverage(self) -> NDArray:
        """How far each municipality determines its own fitted value, 0 to 1; the sum is the number
        of terms.
        """
        return leverage(self.matrix)

    @cached_property
    def estimates(self) -> pd.Series:
        """The coefficients by term."""
        return pd.Series(self.projector @ self.outcome, self.terms)

    @cached_property
    def residuals(self) -> NDArray:
        """Log cost minus fitted."""
        return self.outcome - self.matrix @ self.estimates.to_numpy()

    @property
    def degrees(self) -> int:
        """Municipalities minus terms."""
        return len(self.outcome) - len(self.terms)

    @cached_property
    def errors(self) -> pd.Series:
        """HC3 standard errors by term (MacKinnon & White 1985)."""
        return pd.Series(
            np.sqrt(self.projector**2 @ (self.residuals / (1 - self.leverage)) ** 2), self.terms
        )

    def interval(self, term: str, level: float = 0.95) -> tuple[float, float]:
        """Return the HC3 interval of a coefficient, Student's t with municipalities minus terms
        degrees of freedom.
        """
        reach = student.ppf((1 + level) / 2, self.degrees) * self.errors[term]
        return float(self.estimates[term] - reach), float(self.estimates[term] + reach)

    def p_value(self, term: str, hypothesis: float) -> float:
        """Return the two-sided HC3 p-value of a coefficient being ``hypothesis``."""
        return float(
            2 * student.sf(abs(self.estimates[term] - hypothesis) / self.errors[term], self.degrees)
        )


def fit_cost_function(
    costs: ArrayLike, regressors: pd.DataFrame, weights: ArrayLike | None = None
) -> CostFunction:
    """Fit log cost on the regressors by least squares, one row per municipality in both;
    ``weights`` as in weighted least squares.

    Refused, naming what: costs that are not positive, fewer than three degrees of freedom,
    regressors that determine each other, a municipality that alone determines a coefficient (its
    HC3 error does not exist).

    >>> fit = fit_cost_function([1, 4, 9, 16, 36.0], design([1, 2, 3, 4, 6]))  # C = N squared
    >>> round(float(fit.estimates["log_residents"]), 12)
    2.0
    """
    costs, matrix = np.asarray(costs, float), regressors.to_numpy(float)
    municipalities, terms = matrix.shape
    if not (costs > 0).all():
        raise ValueError(
            f"costs must be positive; they are not in rows {np.flatnonzero(~(costs > 0)).tolist()}"
        )
    if municipalities - terms < LEAST_DEGREES:
        raise ValueError(
            f"{municipalities} municipalities are too few for {terms} terms"
            f" ({', '.join(regressors)})"
        )
    if np.linalg.matrix_rank(matrix) < terms:
        raise ValueError(f"the regressors determine each other: {', '.join(regressors)}")
    root = (
        np.ones(municipalities)
        if weights is None
        else np.sqrt(np.asarray(weights, float) / np.mean(np.asarray(weights, float)))
    )
    fit = CostFunction(tuple(regressors), matrix * root[:, None], np.log(costs) * root)
    alone = np.flatnonzero(fit.leverage > 1 - 1e-9)
    if len(alone):
        raise ValueError(f"a coefficient rests on one municipality alone: rows {alone.tolist()}")
    return fit


@dataclass(frozen=True)
class WildBootstrap:
    """The restricted wild bootstrap of one coefficient: p-values under any hypothesis, with the
    same signs throughout.

    Each draw turns the residuals of the fit *under the hypothesis*, divided by 1 - leverage, with
    random signs (Rademacher), refits, and compares HC3 t statistics (Davidson & Flachaire 2008;
    MacKinnon 2013).
    """

    fit: CostFunction
    term: str
    draws: int = DRAWS
    seed: int = 0

    @cached_property
    def _signs(self) -> NDArray:
        return np.random.default_rng(self.seed).choice(
            [-1.0, 1.0], size=(self.draws, len(self.fit.outcome))
        )

    @cached_property
    def _others(self) -> NDArray:
        """The regressors without the term: what is refitted under a hypothesis."""
        return np.delete(self.fit.matrix, self.fit.terms.index(self.term), axis=1)

    def p_value(self, hypothesis: float) -> float:
        """Return the two-sided p-value of the coefficient being ``hypothesis``: the share of draws
        with a larger |t|.
        """
        fit, place = self.fit, self.fit.terms.index(self.term)
        others, projector = self._others, np.linalg.pinv(self._others)
        outcome = fit.outcome - hypothesis * fit.matrix[:, place]
        leverage = np.einsum("ij,ji->i", others, projector)
        shaken = self._signs * ((outcome - others @ (projector @ outcome)) / (1 - leverage))
        residuals = shaken - shaken @ fit.projector.T @ fit.matrix.T
        row = fit.projector[place]
        statistic = (shaken @ row) ** 2 / ((residuals / (1 - fit.leverage)) ** 2 @ row**2)
        observed = ((fit.estimates[self.term] - hypothesis) / fit.errors[self.term]) ** 2
        return float((1 + (statistic >= observed).sum()) / (1 + self.draws))

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Return the coefficients that the test does not reject; an end beyond 40 standard errors
        is minus or plus infinity.
        """
        centre, error = self.fit.estimates[self.term], self.fit.errors[self.term]
        low, high = (self._end(centre, sign * error, 1 - level) for sign in (-1, 1))
        return low, high

    def _end(self, centre: float, error: float, rejected: float) -> float:
        def excess(steps: float) -> float:
            return self.p_value(centre + steps * error) - rejected

        if excess(WIDEST) > 0:
            return float(np.sign(error) * np.inf)
        return float(centre + error * bisect(excess, 0, WIDEST, xtol=1e-4))


def influence(fit: CostFunction, term: str = SIZE) -> pd.DataFrame:
    """Return what each municipality does to the fit, one row per municipality in its order.

    Columns: ``leverage``; ``cook_distance`` (Cook 1977: how far all fitted values move without it,
    in units of the fit's own variance); ``estimate_without``, the coefficient of ``term`` when the
    municipality is left out. The trap: a municipality with great leverage can have a small residual
    *because* it drew the line to itself; look at ``estimate_without``.

    >>> effect = influence(fit_cost_function([1, 2, 3, 4, 5, 600.0], design([1, 2, 3, 4, 5, 6])))
    >>> int(effect["cook_distance"].argmax()), round(float(effect["estimate_without"].iloc[5]), 6)
    (5, 1.0)
    """
    left, place = fit.residuals / (1 - fit.leverage), fit.terms.index(term)
    variance = (fit.residuals**2).sum() / fit.degrees
    return pd.DataFrame(
        {
            "leverage": fit.leverage,
            "cook_distance": left**2 * fit.leverage / (len(fit.terms) * variance),
            "estimate_without": fit.estimates[term] - fit.projector[place] * left,
        }
    )
