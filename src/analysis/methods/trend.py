"""Trends of counts: a constant rate of change a year, with an interval that does not assume equal
scatter.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import t as student
from statsmodels.regression.linear_model import OLS

LEAST_POINTS = 4


@dataclass(frozen=True)
class LogLinearTrend:
    """A fitted rate of change a year (share) with its interval, and the fitted path at each point
    in time.
    """

    change_share: float
    low: float
    high: float
    fitted: np.ndarray
    fitted_low: np.ndarray
    fitted_high: np.ndarray


def log_linear_trend(years: np.ndarray, counts: np.ndarray, level: float = 0.95) -> LogLinearTrend:
    """Fit ln(count) = a + b year by least squares and return exp(b) - 1, with an HC3 interval.

    ``years`` and ``counts`` have one entry per observation, in any order; the change is a share a
    year and the paths are counts, in the order given. The interval uses Student's t with n - 2
    degrees of freedom. Refused: fewer than four points (two remain for scatter), a year given
    twice, counts that are not positive.

    The trap: seven points of a stock hang together in time, so the interval tells how straight the
    past was and is no forecast. HC3 (MacKinnon & White 1985) because the scatter in few points is
    seldom equal.

    >>> round(log_linear_trend(np.arange(4), np.array([1000, 1100, 1210, 1331])).change_share, 12)
    0.1
    """
    years, counts = np.asarray(years, dtype=float), np.asarray(counts, dtype=float)
    _require_series(years, counts)
    centred = years - years.mean()
    design = np.column_stack([np.ones_like(centred), centred])
    fit = OLS(np.log(counts), design).fit(cov_type="HC3", use_t=True)
    spread = student.ppf((1 + level) / 2, len(years) - 2)
    path = design @ fit.params
    path_error = np.sqrt(np.einsum("ij,jk,ik->i", design, fit.cov_params(), design))
    slope, slope_error = fit.params[1], fit.bse[1]
    return LogLinearTrend(
        *np.expm1(slope + spread * slope_error * np.array([0.0, -1.0, 1.0])).tolist(),
        *np.exp(path + spread * path_error * np.array([[0.0], [-1.0], [1.0]])),
    )


def _require_series(years: np.ndarray, counts: np.ndarray) -> None:
    faults = []
    if len(years) < LEAST_POINTS:
        faults.append(f"{len(years)} points, at least {LEAST_POINTS} are needed")
    repeated = sorted({int(year) for year in years if (years == year).sum() > 1})
    if repeated:
        faults.append(f"years given twice: {', '.join(map(str, repeated))}")
    bad = [
        f"{year:g}: {count:g}" for year, count in zip(years, counts, strict=True) if not count > 0
    ]
    if bad:
        faults.append(f"counts that are not positive: {', '.join(bad)}")
    if faults:
        raise ValueError("no trend can be fitted; " + "; ".join(faults))
