"""A cost curve fitted to published moments of a survey, and what such a curve can and cannot tell
about scale.

Nothing is observed here for a single municipality: a survey printed a few means and totals by size
of municipality. A curve of cost per resident over size is held to them, in rival forms, because so
few moments fit many curves.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import least_squares, minimize_scalar
from scipy.special import gammaln
from scipy.stats import t as student

from analysis.methods.survey_bands import moment_weights

# residents at which the log forms are centred; changes the parameters, not the curve
CENTRE = 150_000
GRID_POINTS = 2_000  # sizes tried before the least-cost size is refined
Curve = Callable[[Any], NDArray]


@dataclass(frozen=True)
class Form:
    """A shape of the curve: cost per resident as a function of (parameters, residents); ``fixed``
    is in millions.
    """

    family: str
    cost: Callable[[NDArray, NDArray], NDArray]
    start: tuple[float, ...]
    # which parameter is the fixed cost of a municipality, where the form has one
    fixed: int | None = None


def _log_quadratic(p: NDArray, residents: NDArray) -> NDArray:
    z = np.log(residents / CENTRE)
    return np.exp(p[0] + p[1] * z + p[2] * z**2)


def _kink(at: float) -> Form:
    def cost(p: NDArray, residents: NDArray) -> NDArray:
        z = np.log(residents / at)
        return np.exp(p[0] + p[1] * np.minimum(z, 0) + p[2] * np.maximum(z, 0))

    return Form("kink", cost, (8.0, -0.4, 0.1))


def _fixed_and_power(exponent: float) -> Form:
    def cost(p: NDArray, residents: NDArray) -> NDArray:
        return 1e3 * p[0] + 1e6 * p[1] / residents + 1e3 * p[2] * (residents / CENTRE) ** exponent

    return Form("power", cost, (2.5, 30.0, 0.3), fixed=1)


def _step(at: float) -> Form:
    def cost(p: NDArray, residents: NDArray) -> NDArray:
        return (1e3 * p[0] + 1e6 * p[1] / residents) * np.where(residents >= at, 1 + p[2], 1.0)

    return Form("step", cost, (2.8, 30.0, 0.1), fixed=1)


FORMS: dict[str, Form] = {
    "log_quadratic": Form("log_quadratic", _log_quadratic, (8.0, -0.1, 0.05)),
    "kink_50k": _kink(50_000),
    "kink_100k": _kink(100_000),
    "kink_200k": _kink(200_000),
    "power_03": _fixed_and_power(0.3),
    "power_10": _fixed_and_power(1.0),
    "step_200k": _step(200_000),
}


@dataclass(frozen=True)
class Fit:
    """A form held to the moments: the curve, and by how much it misses each moment."""

    form: str
    curve: Curve
    residual_share: NDArray  # fitted / published - 1, one per moment
    fixed_cost_jpy: float  # per municipality and year; NaN where the form has none

    @property
    def max_residual_share(self) -> float:
        """The largest miss in either direction."""
        return float(np.abs(self.residual_share).max())


def fit_curve(form: str, nodes: pd.DataFrame, moments: pd.DataFrame) -> Fit:
    """Hold a form to published moments by least squares on the relative misses, each moment
    counting the same.

    `nodes` as from `size_nodes`, plus rows for municipalities taken out or weighted; `moments` as
    in `moment_weights`, with `published` and `stated_jpy`, the part of a total that is given and
    not on the curve (0 where nothing is). Refused: an unknown form, more parameters than moments, a
    curve that is not positive at every size. Trap: with one degree of freedom a good fit is no
    proof of the form; compare forms, never trust one interval.
    """
    if form not in FORMS:
        raise ValueError(f"unknown form {form!r}; known: {', '.join(FORMS)}")
    shape, weights = FORMS[form], moment_weights(nodes, moments)
    if len(shape.start) > len(moments):
        raise ValueError(
            f"{form}: {len(shape.start)} parameters need at least as many moments, not"
            f" {len(moments)}"
        )
    size, published = nodes["residents"].to_numpy(float), moments["published"].to_numpy(float)
    stated = moments["stated_jpy"].to_numpy(float)

    def misses(parameters: NDArray) -> NDArray:
        return (weights @ shape.cost(parameters, size) + stated) / published - 1

    parameters = least_squares(
        misses, shape.start, jac="cs", x_scale="jac", xtol=1e-14, ftol=1e-14, gtol=1e-14
    ).x
    if not (shape.cost(parameters, size) > 0).all():
        raise ValueError(
            f"{form}: the fitted cost per resident is not positive at every size; "
            "what is stated apart leaves too little of a total for the others"
        )
    fixed = np.nan if shape.fixed is None else 1e6 * parameters[shape.fixed]
    return Fit(
        form,
        lambda residents: shape.cost(parameters, np.asarray(residents, float)),
        misses(parameters),
        float(fixed),
    )


def elasticity(curve: Curve, residents: float) -> float:
    """By how many per cent a municipality's total cost rises when it is one per cent larger, at a
    size of `residents`.

    `curve` gives cost per resident. Below one: larger municipalities are cheaper per resident;
    above one: more expensive. Trap: the slope of cost *per resident* is this minus one (central
    difference over a hundredth of a per cent).

    >>> round(elasticity(lambda residents: 3_000 * residents**-0.1, 400_000), 6)
    0.9
    """
    step = 1e-4
    up, down = np.log(curve(residents * np.exp(np.array([step, -step]))))
    return float(1 + (up - down) / (2 * step))


def least_cost_size(curve: Curve, smallest: float, largest: float) -> float:
    """The size with the lowest cost per resident among observed sizes, to a hundred residents; NaN
    where there is none.

    Undefined (NaN) when cost per resident is lowest at either end: the best size is then outside
    what was observed. Trap: for a kink or a step the answer is where the form was bent, not
    something the data said.

    >>> least_cost_size(lambda residents: 1e7 / residents + residents / 1e3, 1e3, 1e6)
    100000.0
    """
    grid = np.geomspace(smallest, largest, GRID_POINTS)
    lowest = int(np.argmin(curve(grid)))
    if lowest in (0, GRID_POINTS - 1):
        return np.nan
    around = np.log(grid[[lowest - 1, lowest + 1]])
    best = minimize_scalar(
        lambda z: float(curve(np.exp(np.array([z])))[0]),
        bounds=around,
        method="bounded",
        options={"xatol": 1e-9},
    )
    return float(np.round(np.exp(best.x), -2))


def cost_shares(residents: ArrayLike, elasticities: ArrayLike, residuals: ArrayLike) -> NDArray:
    """How a known total divides over municipalities: share_i = N_i^eps exp(u_i) / sum_j N_j^eps
    exp(u_j), draws x municipalities.

    `residents` one per municipality, `elasticities` one per draw, `residuals` draws x
    municipalities in log points. Each row sums to one. Refused: sizes that are not positive. Trap:
    a regression on such shares returns the elasticity put in.

    >>> cost_shares([100, 300], [1.0], [[0.0, 0.0]]).tolist()
    [[0.25, 0.75]]
    """
    size = np.asarray(residents, float)
    if not (size > 0).all():
        raise ValueError(f"residents must be positive: {size[~(size > 0)].tolist()}")
    logs = np.asarray(elasticities, float)[:, None] * np.log(size / size.mean()) + np.asarray(
        residuals, float
    )
    weight = np.exp(logs)
    return weight / weight.sum(axis=1, keepdims=True)


def elasticity_interval_width(
    residents: ArrayLike, sigma: float, groups: Sequence[str] | None = None
) -> float:
    """Expected width of the 95 % interval of the elasticity if the costs of these municipalities
    were observed.

    Ordinary least squares of log cost on log residents with spread `sigma` (log points) around the
    line; with `groups` each kind of municipality has a level of its own and only sizes within a
    kind teach. Width = 2 t(0.975, d) sigma c4(d) / sqrt(S), S the sum of squares of log residents
    around their (group) mean, c4 the bias of a sample deviation. Refused: fewer than one degree of
    freedom.
    Trap: leaving out t and c4, or counting spread between kinds of municipalities.

    >>> # S = 1, t = 4.303, c4 = 0.886
    >>> round(elasticity_interval_width(np.exp([0, 0, 1, 1]), 0.25), 3)
    1.907
    """
    logs = pd.Series(np.log(np.asarray(residents, float)))
    kinds = pd.Series(["all"] * len(logs) if groups is None else list(groups))
    spread = float(((logs - logs.groupby(kinds).transform("mean")) ** 2).sum())
    degrees = len(logs) - kinds.nunique() - 1
    if degrees < 1 or spread <= 0:
        raise ValueError(
            f"{len(logs)} municipalities of {kinds.nunique()} kinds leave no slope to estimate"
        )
    c4 = np.sqrt(2 / degrees) * np.exp(gammaln((degrees + 1) / 2) - gammaln(degrees / 2))
    return float(2 * student.ppf(0.975, degrees) * sigma * c4 / np.sqrt(spread))
