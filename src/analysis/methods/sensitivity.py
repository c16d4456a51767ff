"""What carries an answer: shares of its variance, and the value of one input at which it would tip.

The model is given as a function of independent uniforms (or of one value); nothing here knows what
it computes.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq
from scipy.stats import norm

SEED = 1  # of the design and of the resampling; a result must not depend on when it was computed


def first_order_indices(
    model: Callable[[pd.DataFrame], ArrayLike],
    uniforms: pd.DataFrame,
    groups: Mapping[str, Sequence[str]],
    confidence: float = 0.95,
    resamples: int = 100,
) -> pd.DataFrame:
    """First-order Sobol indices: the share of the variance of a result that each group of factors
    carries on its own.

    `uniforms` holds independent factors in (0, 1), one row per point; `model` takes such a frame
    and returns one number a row, (groups + 2) times. Groups may be single factors and may overlap:
    each is set against all others. One row per group, in their order: `index`, `low`, `high`
    (shares; an interval of `confidence` from `resamples` bootstrap samples). The second sample that
    the method needs is the first with its rows shuffled, so that a new factor moves no other.
    Refused: a group that names an unknown factor, a result that never varies. Trap: an index of a
    factor that correlates with others mixes what it does with what they do; hence latent factors,
    and blocks with a common cause as one group. Indices of disjoint groups sum to 1 less the
    interactions; a true 0 may come out just below 0. Saltelli et al. (2010), by SALib (Herman &
    Usher 2017).

    >>> u = pd.DataFrame(np.random.default_rng(1).random((4096, 2)), columns=["a", "b"])
    >>> found = first_order_indices(lambda u: 3 * u["a"] + u["b"], u, {"a": ["a"], "b": ["b"]})
    >>> found["index"].round(1).to_dict()  # variances 9 and 1
    {'a': 0.9, 'b': 0.1}
    """
    unknown = sorted({name for group in groups.values() for name in group} - set(uniforms))
    if unknown:
        raise ValueError(f"groups name factors that are not there: {', '.join(unknown)}")
    second = uniforms.sample(frac=1.0, random_state=SEED).set_axis(uniforms.index)
    swapped = (uniforms.assign(**second[list(group)]) for group in groups.values())
    results = np.stack(
        [np.asarray(model(frame), dtype=float) for frame in (uniforms, *swapped, second)], axis=1
    )
    if np.ptp(results) == 0:
        raise ValueError("the result never varies: it has no variance to share out")
    index, spread = _index_and_spread(results, resamples)
    margin = norm.ppf(0.5 + confidence / 2) * spread
    return pd.DataFrame(
        {"index": index, "low": index - margin, "high": index + margin},
        index=pd.Index(groups, name="group"),
    )


def _index_and_spread(results: NDArray, resamples: int) -> tuple[NDArray, NDArray]:
    """First-order index of each group and its standard deviation over the resamples; columns first,
    swapped …, second.

    SALib's estimator, centring and seeds. Its own `analyze` draws the two samples again for each
    group and resamples the total indices too, which nobody reads: four times the work for the same
    numbers.
    """
    from SALib.analyze.sobol import first_order  # slow to import: only this analysis needs it

    first, *swapped, second = ((results - results.mean()) / results.std()).T
    rows = np.random.default_rng(SEED).integers(len(results), size=(len(results), resamples))
    first_again, second_again = first[rows], second[rows]
    index = np.array([first_order(first, one, second) for one in swapped])
    return index, np.array(
        [first_order(first_again, one[rows], second_again).std(ddof=1) for one in swapped]
    )


def width_if_known(
    model: Callable[[pd.DataFrame], ArrayLike],
    draws: pd.DataFrame,
    name: str,
    levels: Sequence[float] = (0.1, 0.3, 0.5, 0.7, 0.9),
) -> float:
    """How wide the result's P10 to P90 would be, on average, if one input were known and all others
    stayed as drawn.

    `model` takes draws, one row each, and returns one number a row. The input is set to its
    quantiles at `levels`, equally likely, and the widths are averaged: which value it has is not
    known before it is measured. Refused: an input that is not drawn. Trap: the width at the median
    alone flatters an input that stretches the result where it is large.

    >>> draws = pd.DataFrame({"a": np.arange(1001) % 11, "b": np.arange(1001) / 1000})
    >>> (
    ...     round(width_if_known(lambda d: d["a"] + d["b"], draws, "a"), 2),
    ...     round(width_if_known(lambda d: d["a"] * d["b"], draws, "a"), 2),
    ... )
    (0.8, 4.0)
    """
    if name not in draws:
        raise ValueError(f"no draws of {name!r}; there are {', '.join(draws)}")
    results = (
        model(draws.assign(**{name: value}))
        for value in draws[name].quantile(list(levels), interpolation="nearest")
    )
    return float(
        np.mean(
            [np.subtract(*np.quantile(np.asarray(result, float), [0.9, 0.1])) for result in results]
        )
    )


@dataclass(frozen=True)
class Switch:
    """Where a result meets its goal (`value`, None where it never does), and the `best` it reaches,
    at `best_at`.
    """

    value: float | None
    best: float
    best_at: float


def switching_value(
    results: Callable[[NDArray], NDArray],
    goal: float,
    low: float,
    high: float,
    today: float,
    points: int = 9,
) -> Switch:
    """The value of one input between `low` and `high` at which a result just meets its goal,
    nearest to `today`.

    `results` gives the result (say a median over draws) for each of several values of the input,
    all else unchanged; it should be continuous. Crossings are looked for between `points` even
    steps and today's value, then found by Brent's method. Refused: bounds that are not low < high,
    a value of today outside them. Trap: a result may rise and fall (more uptake saves more and
    moves more), so that both ends may miss a goal that the middle meets. Brent (1973).

    >>> # meets 3 at 1 and at 3
    >>> found = switching_value(lambda x: x * (4 - x), goal=3, low=0, high=4, today=0.5)
    >>> round(found.value, 6), found.best, found.best_at
    (1.0, 4.0, 2.0)
    """
    if not low < high or not low <= today <= high:
        raise ValueError(
            f"needs low < high and today's value between them, not {low}, {today}, {high}"
        )
    tried = np.unique([*np.linspace(low, high, points), today])
    found = np.asarray(results(tried), dtype=float)
    best, crossings = int(found.argmax()), np.flatnonzero(np.diff(found >= goal))

    def gap(value: float) -> float:
        return float(results(np.array([value]))[0]) - goal

    roots = [
        brentq(gap, tried[i], tried[i + 1], xtol=1e-5 * (high - low), rtol=1e-9) for i in crossings
    ]
    return Switch(
        min(roots, key=lambda root: abs(root - today), default=None),
        float(found[best]),
        float(tried[best]),
    )
