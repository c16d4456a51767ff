"""The log-log cost function against statsmodels, against brute force, and against costs whose
elasticity is known.
"""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.outliers_influence import OLSInfluence

from analysis.methods.cost_regression import (
    SIZE,
    WildBootstrap,
    design,
    fit_cost_function,
    influence,
)


def made(seed, municipalities=23, elasticity=0.9, sigma=0.25, squared=False):
    """Municipalities of ward-like sizes with one control, and costs of a known elasticity."""
    rng = np.random.default_rng(seed)
    residents = np.exp(rng.normal(12.7, 0.6, municipalities))
    control = pd.DataFrame({"control": rng.normal(size=municipalities)})
    matrix = design(residents, control, squared)
    return (
        residents,
        matrix,
        np.exp(
            20
            + elasticity * matrix[SIZE]
            + 0.2 * control["control"]
            + sigma * rng.normal(size=municipalities)
        ),
    )


# --- hand arithmetic


def test_three_sizes_by_hand():
    # ln N = 0, 1, 2, 0, 1, 2 and ln C = 0, 1, 2, 1, 2, 3: slope 1 whatever the level
    sizes = np.exp([0, 1, 2, 0, 1, 2])
    fit = fit_cost_function(np.exp([0, 1, 2, 1, 2, 3]), design(sizes))
    assert fit.estimates.tolist() == pytest.approx([1.5, 1.0])
    assert fit.leverage.tolist() == pytest.approx([5 / 12, 1 / 6, 5 / 12, 5 / 12, 1 / 6, 5 / 12])


def test_with_the_square_the_elasticity_is_that_of_the_mean_size():
    logs = np.linspace(-1, 1, 9)
    fit = fit_cost_function(
        np.exp(0.9 * logs + 0.3 * logs**2), design(np.exp(12 + logs), squared=True)
    )
    assert fit.estimates[[SIZE, "log_residents_squared"]].tolist() == pytest.approx([0.9, 0.3])


# --- an independent oracle


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("weighted", [False, True])
def test_estimates_and_hc3_agree_with_statsmodels(seed, weighted):
    residents, matrix, costs = made(seed, squared=bool(seed % 2))
    weights = residents if weighted else np.ones(len(residents))
    oracle = sm.WLS(np.log(costs), matrix, weights=weights / weights.mean()).fit(
        cov_type="HC3", use_t=True
    )
    fit = fit_cost_function(costs, matrix, weights if weighted else None)
    np.testing.assert_allclose(fit.estimates, oracle.params, rtol=1e-9)
    np.testing.assert_allclose(fit.errors, oracle.bse, rtol=1e-9)
    np.testing.assert_allclose(fit.interval(SIZE), oracle.conf_int().loc[SIZE], rtol=1e-9)
    assert fit.p_value(SIZE, 1.0) == pytest.approx(
        float(oracle.t_test((np.eye(len(oracle.params))[1], 1.0)).pvalue), rel=1e-9
    )


@pytest.mark.parametrize("seed", range(3))
def test_influence_agrees_with_statsmodels_and_with_leaving_each_municipality_out(seed):
    _, matrix, costs = made(seed)
    effect = influence(fit_cost_function(costs, matrix))
    oracle = OLSInfluence(sm.OLS(np.log(costs), matrix).fit())
    np.testing.assert_allclose(effect["leverage"], oracle.hat_matrix_diag, rtol=1e-9)
    np.testing.assert_allclose(effect["cook_distance"], oracle.cooks_distance[0], rtol=1e-9)
    for municipality in (0, 7, 22):
        kept = np.delete(np.arange(23), municipality)
        without = sm.OLS(np.log(costs[kept]), matrix.iloc[kept]).fit().params[SIZE]
        assert effect.loc[municipality, "estimate_without"] == pytest.approx(without, rel=1e-9)


def test_the_bootstrap_agrees_with_drawing_one_sample_at_a_time():
    _, matrix, costs = made(5, municipalities=9)
    fit, truth, draws = fit_cost_function(costs, matrix), 1.1, 200
    signs = np.random.default_rng(3).choice([-1.0, 1.0], size=(draws, 9))
    others = matrix.drop(columns=SIZE)
    outcome = np.log(costs) - truth * matrix[SIZE]
    restricted = sm.OLS(outcome, others).fit()
    shaken = restricted.resid / (1 - OLSInfluence(restricted).hat_matrix_diag)
    larger = 0
    for row in signs:
        drawn = sm.OLS(restricted.fittedvalues + truth * matrix[SIZE] + row * shaken, matrix).fit(
            cov_type="HC3"
        )
        larger += abs((drawn.params[SIZE] - truth) / drawn.bse[SIZE]) >= abs(
            (fit.estimates[SIZE] - truth) / fit.errors[SIZE]
        )
    assert WildBootstrap(fit, SIZE, draws, 3).p_value(truth) == pytest.approx(
        (1 + larger) / (1 + draws)
    )


# --- recovery of what is known


@settings(max_examples=25)
@given(elasticity=st.floats(0.5, 1.5), seed=st.integers(0, 999))
def test_without_scatter_the_elasticity_comes_back(elasticity, seed):
    _, matrix, costs = made(seed, elasticity=elasticity, sigma=0.0)
    assert fit_cost_function(costs, matrix).estimates[[SIZE, "control"]].tolist() == pytest.approx(
        [elasticity, 0.2], abs=1e-9
    )


@settings(max_examples=25)
@given(seed=st.integers(0, 999), factor=st.floats(0.01, 100), size=st.floats(0.01, 100))
def test_yen_in_thousands_and_residents_in_thousands_change_the_constant_only(seed, factor, size):
    residents, matrix, costs = made(seed)
    scaled = design(size * residents, matrix[["control"]])
    one, other = fit_cost_function(costs, matrix), fit_cost_function(factor * costs, scaled)
    assert other.estimates[SIZE] == pytest.approx(one.estimates[SIZE], abs=1e-9)
    assert other.errors[SIZE] == pytest.approx(one.errors[SIZE], rel=1e-6)


def test_the_bootstrap_interval_holds_what_its_test_does_not_reject():
    _, matrix, costs = made(11)
    bootstrap = WildBootstrap(fit_cost_function(costs, matrix), SIZE, 399)
    low, high = bootstrap.interval()
    inside, outside = np.linspace(low + 0.01, high - 0.01, 7), (low - 0.02, high + 0.02)
    assert (
        min(bootstrap.p_value(point) for point in inside)
        >= 0.05
        > max(bootstrap.p_value(point) for point in outside)
    )


def test_an_end_is_infinite_where_nothing_is_rejected():
    _, matrix, costs = made(2, municipalities=6)
    # 99 draws cannot reach p below 0.01
    low, high = WildBootstrap(fit_cost_function(costs, matrix), SIZE, 99).interval(level=0.999)
    assert (low, high) == (-np.inf, np.inf)


@pytest.mark.slow
@pytest.mark.parametrize("elasticity", [0.85, 1.0, 1.15])
def test_intervals_cover_the_truth_at_about_the_stated_rate(elasticity):
    held = np.zeros(2)
    for seed in range(600):
        _, matrix, costs = made(int(1000 * elasticity) * 1000 + seed, elasticity=elasticity)
        fit = fit_cost_function(costs, matrix)
        low, high = fit.interval(SIZE)
        held += [
            low <= elasticity <= high,
            WildBootstrap(fit, SIZE, 199, seed).p_value(elasticity) > 0.05,
        ]
    hc3, wild = held / 600
    assert 0.92 < hc3 < 0.985 and 0.925 < wild < 0.975  # 600 seeds: standard error 0.009


# --- the tempting wrong answer


def test_cost_per_resident_regressed_on_residents_finds_a_saving_that_is_not_there():
    # tempting: regress C/N on N. Here size has no effect at all (elasticity one) and small
    # municipalities only scatter more, as they do. Scatter in shares lifts the *mean* of C/N where
    # it is wide, so the line falls: a saving out of nothing.
    per_resident, log_log = [], []
    for seed in range(500):
        rng = np.random.default_rng(seed)
        z = rng.normal(0, 0.6, 23)
        residents = np.exp(12.7 + z)
        costs = 7_000 * residents * np.exp(0.4 * np.exp(-0.7 * z) * rng.normal(size=23))
        slope = np.polyfit(residents, costs / residents, 1)[0]
        # as an elasticity of cost per resident
        per_resident.append(slope * residents.mean() / (costs / residents).mean())
        log_log.append(fit_cost_function(costs, design(residents)).estimates[SIZE] - 1)
    error = np.std(log_log) / 500**0.5
    assert np.mean(per_resident) < -0.08  # "a tenth more residents, one per cent cheaper"
    assert abs(np.mean(log_log)) < 3 * error  # the elasticity is right on average


def test_an_error_in_the_count_of_residents_makes_a_saving_too():
    # residents served by day are not those registered: elasticity one in those served looks like
    # less in those counted. In logs C/N on N is the same line less one, so dividing by N hides the
    # error and mends nothing: control for it.
    rng = np.random.default_rng(0)
    served = np.exp(rng.normal(12.7, 0.6, 400))
    crowd = rng.normal(0, 0.3, 400)
    counted, costs = served * np.exp(-crowd), 7_000 * served
    plain = fit_cost_function(costs, design(counted)).estimates[SIZE]
    divided = fit_cost_function(costs / counted, design(counted)).estimates[SIZE]
    controlled = fit_cost_function(
        costs, design(counted, pd.DataFrame({"crowd": crowd}))
    ).estimates[SIZE]
    assert plain < 0.85 and divided == pytest.approx(plain - 1)
    assert controlled == pytest.approx(1.0)


# --- refusals


def test_too_few_municipalities_and_regressors_that_repeat_each_other_are_refused():
    sizes = np.array([1.0, 2, 3, 4])
    with pytest.raises(ValueError, match="4 municipalities are too few for 2 terms"):
        fit_cost_function(sizes, design(sizes))
    sizes = np.arange(1.0, 9)
    with pytest.raises(ValueError, match="determine each other: constant, log_residents, again"):
        fit_cost_function(sizes, design(sizes, pd.DataFrame({"again": np.log(sizes)})))


def test_a_municipality_that_sets_a_coefficient_alone_is_named():
    sizes = np.arange(1.0, 9)
    alone = pd.DataFrame({"alone": [0, 0, 0, 1.0, 0, 0, 0, 0]})
    with pytest.raises(ValueError, match=r"one municipality alone: rows \[3\]"):
        fit_cost_function(sizes, design(sizes, alone))


def test_costs_and_sizes_that_are_not_positive_are_named():
    with pytest.raises(ValueError, match=r"rows \[1, 4\]"):
        fit_cost_function([1, 0, 3, 4, -5, 6], design([1, 2, 3, 4, 5, 6]))
    with pytest.raises(ValueError, match=r"residents must be positive: \[0.0\]"):
        design([1, 0, 2])
