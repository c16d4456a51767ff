"""How often the 95 % intervals of the elasticity hold the truth: ``python
benchmarks/coverage_of_intervals.py [SEEDS]``.

Costs of the 23 wards are made at their real sizes, densities and daytime ratios, with an elasticity
that is known and three kinds of scatter; chapter 2's models are fitted to them. Printed: the share
of made data sets whose interval holds the truth, and the mean width. With 2,000 seeds a share of
0.95 has a standard error of 0.005. Every elasticity has seeds of its own: the error of an estimate
does not depend on the truth, so shared seeds would print one row thrice.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import t as student

from analysis.chapters.resident_cost.formulas import residents_on
from analysis.chapters.resident_cost.observed_cost import MODELS, regressors
from analysis.methods.cost_regression import SIZE, CostFunction, WildBootstrap, fit_cost_function

DATA = Path(__file__).parents[1] / "data"
ELASTICITIES = (0.85, 1.00, 1.15)
# DRAWS + 1 times 5 % is whole, so that the bootstrap's test is exact in size
SIGMA, SEEDS, DRAWS = 0.25, 2_000, 399
SHOWN = ("size_only", "controls")


def equal(rng: np.random.Generator, log_size: np.ndarray) -> np.ndarray:
    """Normal scatter, the same for every ward."""
    return SIGMA * rng.standard_normal(len(log_size))


def small_wards_scatter_more(rng: np.random.Generator, log_size: np.ndarray) -> np.ndarray:
    """Normal scatter that falls with the square root of size: about 2.4 times the mean ward's in
    Chiyoda.
    """
    return SIGMA * rng.standard_normal(len(log_size)) * np.exp(-0.5 * log_size)


def heavy_tails(rng: np.random.Generator, log_size: np.ndarray) -> np.ndarray:
    """Student's t with three degrees of freedom at the same standard deviation: now and then one
    ward far off.
    """
    return SIGMA * rng.standard_t(3, len(log_size)) / np.sqrt(3)


SCATTERS = (equal, small_wards_scatter_more, heavy_tails)


def wards() -> pd.DataFrame:
    """Return the wards as `regressors` takes them: kind, residents, density, daytime_ratio."""
    municipalities, indicators = (
        pd.read_csv(DATA / f"{name}.csv", dtype={"code": str})
        for name in ("municipalities", "municipality_indicators")
    )
    by_municipality = residents_on(municipalities, indicators, "2020-01-01").merge(
        municipalities, on="code"
    )
    chosen = by_municipality[by_municipality["group_x"] == "tokyo23"].reset_index(drop=True)
    return pd.DataFrame(
        {
            "code": chosen["code"],
            "kind": "tokyo23",
            "residents": chosen["residents"],
            "density": chosen["residents"] / chosen["habitable_area_km2"],
            "daytime_ratio": chosen["daytime_population_ratio"],
        }
    )


def plain_covers(fit: CostFunction, truth: float) -> bool:
    """Say whether the textbook interval, that takes scatter for equal, holds the truth."""
    error = np.sqrt((fit.residuals**2).sum() / fit.degrees) * np.linalg.norm(
        fit.projector[fit.terms.index(SIZE)]
    )
    return abs(fit.estimates[SIZE] - truth) <= student.ppf(0.975, fit.degrees) * error


def coverage(matrix: pd.DataFrame, truth: float, scatter: object, seeds: range) -> dict[str, float]:
    """Return the share of made data sets whose interval holds ``truth``, by method, and the mean
    width by HC3.
    """
    log_size, held, widths = matrix[SIZE].to_numpy(), np.zeros(3), []
    for seed in seeds:
        made = np.exp(22 + truth * log_size + scatter(np.random.default_rng(seed), log_size))
        fit = fit_cost_function(made, matrix)
        low, high = fit.interval(SIZE)
        widths.append(high - low)
        held += [
            plain_covers(fit, truth),
            low <= truth <= high,
            WildBootstrap(fit, SIZE, DRAWS, seed).p_value(truth) > 0.05,
        ]
    plain, hc3, wild = held / len(seeds)
    return {"plain": plain, "hc3": hc3, "wild_bootstrap": wild, "width_hc3": float(np.mean(widths))}


def coverage_table(seeds: int) -> pd.DataFrame:
    """Return the coverage of every model, kind of scatter and elasticity, one row each."""
    by_municipality, rows = wards(), []
    for model in SHOWN:
        matrix = regressors(by_municipality, *MODELS[model])
        for scatter in SCATTERS:
            for place, truth in enumerate(ELASTICITIES):
                drawn = range(place * seeds, (place + 1) * seeds)
                rows.append(
                    {
                        "model": model,
                        "scatter": scatter.__name__,
                        "elasticity": truth,
                        **coverage(matrix, truth, scatter, drawn),
                    }
                )
    return pd.DataFrame(rows)


def main(arguments: list[str]) -> None:
    """Print the leverage of the ward that has most, and the table."""
    by_municipality = wards()
    for model in SHOWN:
        fit = fit_cost_function(
            by_municipality["residents"], regressors(by_municipality, *MODELS[model])
        )
        print(
            f"{model}: greatest leverage {fit.leverage.max():.2f}, ward"
            f" {by_municipality['code'][fit.leverage.argmax()]}"
        )
    seeds = int(arguments[0]) if arguments else SEEDS
    print(f"{seeds} seeds a row, sigma {SIGMA}, {DRAWS} bootstrap draws, nominal 0.95")
    print(coverage_table(seeds).round(3).to_string(index=False))


if __name__ == "__main__":
    main(sys.argv[1:])
