"""What a dated plan is worth: discounting, pay-back, regret, and what it would be worth to know
more before deciding.

Flows are draws x years; year 0 is the first year of the plan and is not discounted. Dates and edges
share one unit (decimal years). A decision is taken by its mean over the draws; options are columns,
draws are rows.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

JACKKNIFE_BLOCKS = 16
# last year of a step -> by how much the rate lies below the first one (Green Book, table 6.1)
LONG_RUN = ((30, 0.0), (75, 0.005), (125, 0.01), (200, 0.015), (300, 0.02), (np.inf, 0.025))


def discount_factors(rate: float, years: int) -> NDArray:
    """What one yen in each of the years 0, 1, … is worth in year 0 at a yearly rate that steps down
    in the long run; shape (years,).

    From year 31 on the rate is half a point lower, from year 76 on a whole one, and so on
    (`LONG_RUN`), never below zero: nobody knows the rates of so late a year, and the mean of
    factors at several rates falls as if the rate did (Weitzman 1998). The steps are those of HM
    Treasury (2003, 2022), Green Book, whose factors at 3.5 % are the example; other first rates
    take them over. Refused: a rate of -100 % or less, fewer than one year. Traps: 4 for 4 %; one
    rate throughout, which makes year 75 worth 0.076 instead of 0.094.

    >>> discount_factors(0.035, 76)[[0, 1, 5, 30, 31, 75]].round(4).tolist()
    [1.0, 0.9662, 0.842, 0.3563, 0.3459, 0.0942]
    """
    if not -1 < rate < 1 or years < 1:
        raise ValueError(f"a rate between -1 and 1 and at least one year, not {rate} over {years}")
    lasts, lower = np.transpose(LONG_RUN)
    lower_by = lower[np.searchsorted(lasts, np.arange(1, years))]
    rates = np.maximum(rate - lower_by, min(rate, 0.0))
    return np.append(1.0, np.cumprod(1 / (1 + rates)))


def present_value(flows: ArrayLike, rate: float) -> NDArray:
    """Sum of the flows of each draw, discounted to year 0; flows (…, years) give (…), in the unit
    of the flows.

    >>> present_value([[-100.0, 50.0, 125.0]], 0.25).round(9).tolist()  # -100 + 40 + 80
    [20.0]
    """
    flows = np.asarray(flows, dtype=float)
    return flows @ discount_factors(rate, flows.shape[-1])


def years_in_service(start: ArrayLike, ramp_years: float, edges: ArrayLike) -> NDArray:
    """Full years of service that fall between the edges: nothing before the start, a straight ramp,
    then all of it.

    `start` (draws,) in the unit of the edges (years + 1,), result (draws, years). Exact, not a
    count of months. Refused: a ramp below zero. Trap: a start in the middle of a year is worth half
    of it only without a ramp.

    >>> # a triangle to 2023.5, then full
    >>> years_in_service([2022.5], 1.0, [2022, 2023, 2024]).tolist()
    [[0.125, 0.875]]
    """
    if ramp_years < 0:
        raise ValueError(f"a ramp of {ramp_years} years: it cannot be negative")
    since = np.clip(np.asarray(edges, float) - np.asarray(start, float)[:, None], 0, None)
    rising = np.minimum(since, ramp_years)
    served = since - rising + (rising * (rising / ramp_years) / 2 if ramp_years else 0.0)
    return np.diff(served, axis=1)


def share_between(start: ArrayLike, finish: ArrayLike, edges: ArrayLike) -> NDArray:
    """Part of something spread evenly from start to finish that falls between the edges; shape
    (draws, years).

    Sums to one where start and finish lie within the edges. Refused: a finish that is not after its
    start.

    >>> share_between([2022.5], [2024.5], [2022, 2023, 2024, 2025]).tolist()
    [[0.25, 0.5, 0.25]]
    """
    start, finish = np.asarray(start, float)[:, None], np.asarray(finish, float)[:, None]
    wrong = int((finish <= start).sum())
    if wrong:
        raise ValueError(f"{wrong} of {len(start)} draws finish before or when they start")
    return np.diff(np.clip((np.asarray(edges, float) - start) / (finish - start), 0, 1), axis=1)


def asset_in_window(
    start: ArrayLike, finish: ArrayLike, life: float, renewal: float, edges: ArrayLike
) -> tuple[NDArray, NDArray]:
    """Parts of an asset's price that are paid in each year, (draws, years), its renewals included,
    and the part that is not used up when the window ends, (draws,).

    An asset is paid for evenly from start to finish, serves for its life from then on, and is
    renewed so that the next one is finished when it ends, at the part `renewal` of its price. What
    is left is a straight line over the life; what is not finished is left whole. At a rate of zero
    and a renewal of one, what is paid less what is left is a life-th of the price for each year in
    service: what an annuity over the same life charges. Refused: a life that is not above zero.
    Source: the European Commission's Guide to Cost-Benefit Analysis of 2014, 2.8.4.
    Trap: an appraisal that stops earlier than the asset charges all of it to part of its service.

    >>> # built in 2022, serves 2023 to 2027; the window ends with 2025
    >>> paid, left = asset_in_window([2022.0], [2023.0], 4.0, 1.0, [2022, 2023, 2024, 2025])
    >>> paid.tolist(), left.tolist()
    ([[1.0, 0.0, 0.0]], [0.5])
    """
    if life <= 0:
        raise ValueError(f"an asset that lasts {life} years")
    start, finish, edges = (np.asarray(each, dtype=float) for each in (start, finish, edges))
    paid, left = np.zeros((len(start), len(edges) - 1)), np.zeros(len(start))
    rounds = int(np.ceil(max(edges[-1] - start.min(), 0.0) / life))
    for age in life * np.arange(max(rounds, 1)):
        price = renewal if age else 1.0
        bought = price * share_between(start + age, finish + age, edges)
        paid += bought
        left += bought.sum(axis=1) * np.clip((finish + age + life - edges[-1]) / life, 0, 1)
    return paid, left


def payback_years(flows: ArrayLike) -> NDArray:
    """Years from the start until the cumulated flow is back at zero for good; `inf` where it never
    is, shape (draws,).

    Linear within a year; 0 where it is never below zero. Undiscounted. Trap: the *first* crossing
    may be followed by the next wave's spending, and a mean over draws that leaves out those that
    never pay back is far too early.

    >>> payback_years(
    ...     [[-100.0, 80.0, 40.0], [-100.0, 60.0, 20.0], [10.0, -40.0, 60.0], [5.0, 5.0, 5.0]]
    ... ).round(2).tolist()
    [2.5, inf, 2.5, 0.0]
    """
    total = np.cumsum(np.asarray(flows, dtype=float), axis=1)
    total = np.hstack([np.zeros((len(total), 1)), total])
    below = total < 0
    last = below.shape[1] - 1 - below[:, ::-1].argmax(axis=1)
    draws = np.arange(len(total))
    before, after = total[draws, last], total[draws, np.minimum(last + 1, total.shape[1] - 1)]
    with np.errstate(divide="ignore", invalid="ignore"):
        years = last + before / (before - after)
    return np.where(~below.any(axis=1), 0.0, np.where(below[:, -1], np.inf, years))


def regret(values: pd.DataFrame) -> pd.DataFrame:
    """What each option falls short of the best one of its draw; one row per draw, one column per
    option, never negative.

    Source: Savage (1951). Trap: the option with the least mean regret is the one with the highest
    mean, always.

    >>> regret(pd.DataFrame({"stay": [0.0, 0.0], "move": [5.0, -3.0]})).values.tolist()
    [[5.0, 0.0], [0.0, 3.0]]
    """
    return values.rsub(values.max(axis=1), axis=0)


def _quadratic_basis(known: pd.DataFrame) -> NDArray:
    """Orthonormal columns that span all products of up to two inputs, (draws, terms); a constant
    input teaches nothing.
    """
    inputs = known.loc[:, known.std() > 0]
    scaled = ((inputs - inputs.mean()) / inputs.std()).to_numpy()
    left, right = np.triu_indices(scaled.shape[1])
    terms = np.hstack([np.ones((len(scaled), 1)), scaled, scaled[:, left] * scaled[:, right]])
    if len(terms) < 3 * terms.shape[1]:
        raise ValueError(
            f"{len(terms)} draws are too few for the {terms.shape[1]} terms of"
            f" {', '.join(inputs.columns)}"
        )
    # of terms x terms: far cheaper than a decomposition of all draws
    sizes, directions = np.linalg.eigh(terms.T @ terms)
    kept = sizes > 1e-12 * sizes[-1]
    return terms @ (directions[:, kept] / np.sqrt(sizes[kept]))


def value_of_learning(
    values: pd.DataFrame, known: pd.DataFrame, later: pd.DataFrame | None = None
) -> tuple[float, float]:
    """What learning the inputs `known` before choosing is worth on average, and its standard error,
    in the values' unit.

    Mean of the best conditional mean, less the best mean: the expected value of partial perfect
    information (EVPPI), never negative, zero where no value of the inputs would change the
    decision. With `later`, the values of the same options once one has waited to learn, it is the
    value of waiting: negative where the wait costs more than it teaches. The conditional mean is a
    least-squares fit of a full quadratic. The error is a jackknife over 16 blocks of draws, each
    left out of fit and mean in turn. Refused: fewer than three draws for each term of the
    quadratic. Trap: of two groups that only together change the decision, each alone is worth
    nothing. Sources: Raiffa and Schlaifer (1961); Strong, Oakley and Brennan (2014), there with
    splines; Arrow and Fisher (1974) for waiting.

    >>> known = pd.DataFrame({"x": np.linspace(-1, 1, 2001)})
    >>> values = pd.DataFrame({"stay": 0.0, "move": known["x"]})
    >>> # mean of max(0, x)
    >>> round(value_of_learning(values, known)[0], 2), value_of_learning(values + [5, 0], known)[0]
    (0.25, 0.0)
    """
    basis, today = _quadratic_basis(known), values.to_numpy(dtype=float)
    learned = today if later is None else later.to_numpy(dtype=float)
    together, everyone = basis.T @ learned, np.arange(len(basis))
    # a row an option, not a row a draw: the best of a few is then found for all draws at once
    terms = np.ascontiguousarray(basis.T)

    def gain(kept: NDArray, coefficients: NDArray) -> float:
        best = (coefficients.T @ terms).max(axis=0)
        return float(best[kept].mean() - today[kept].mean(axis=0).max())

    without = []
    for block in np.array_split(everyone, JACKKNIFE_BLOCKS):
        # the basis is orthonormal over all draws, so a block's part is all that has to be taken out
        # of its Gram matrix
        gram = np.eye(basis.shape[1]) - basis[block].T @ basis[block]
        kept = np.setdiff1d(everyone, block, assume_unique=True)
        without.append(
            gain(kept, np.linalg.solve(gram, together - basis[block].T @ learned[block]))
        )
    whole, error = gain(everyone, together), np.sqrt((JACKKNIFE_BLOCKS - 1) * np.var(without))
    # where one option is best throughout, both means are the same sum in two orders: what is left
    # is rounding
    rounding = 1e-9 * max(np.abs(today).max(), np.abs(learned).max())
    return (0.0, 0.0) if abs(whole) <= rounding else (whole, float(error))


def value_of_knowing_all(values: pd.DataFrame) -> float:
    """What it would be worth to know everything before choosing (EVPI): the mean regret of the best
    option.

    >>> # 2.5 with knowledge, 1 without
    >>> value_of_knowing_all(pd.DataFrame({"stay": [0.0, 0.0], "move": [5.0, -3.0]}))
    1.5
    """
    return float(regret(values).mean().min())
