"""Quantile regression against statsmodels and against what a quantile must do."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.methods.cost_regression import SIZE, design
from analysis.methods.quantile_regression import quantile_coefficients, resampled_interval


def made(seed, municipalities=23):
    rng = np.random.default_rng(seed)
    matrix = design(
        np.exp(rng.normal(12.7, 0.6, municipalities)),
        pd.DataFrame({"control": rng.normal(size=municipalities)}),
    )
    return 20 + 0.9 * matrix[SIZE] + 0.2 * matrix["control"] + 0.25 * rng.normal(
        size=municipalities
    ), matrix


def check_loss(outcome, matrix, level, coefficients):
    left = outcome - matrix.to_numpy() @ np.asarray(coefficients)
    return np.maximum(level * left, (level - 1) * left).sum()


@pytest.mark.parametrize("level", [0.25, 0.5, 0.75])
@pytest.mark.parametrize("seed", range(3))
def test_coefficients_agree_with_statsmodels(level, seed):
    outcome, matrix = made(seed, municipalities=41)
    own = quantile_coefficients(outcome, matrix, level)
    oracle = sm.QuantReg(outcome, matrix).fit(q=level, max_iter=5_000, p_tol=1e-10).params
    assert (
        check_loss(outcome, matrix, level, own) <= check_loss(outcome, matrix, level, oracle) + 1e-9
    )
    np.testing.assert_allclose(own, oracle, atol=1e-4)


@settings(max_examples=30)
@given(seed=st.integers(0, 999), level=st.sampled_from([0.25, 0.5, 0.75]))
def test_about_the_level_s_share_of_municipalities_lies_below_the_fit(seed, level):
    outcome, matrix = made(seed)
    left = outcome - matrix.to_numpy() @ quantile_coefficients(outcome, matrix, level).to_numpy()
    # municipalities on the fit count for either side
    assert (left < -1e-8).sum() <= level * 23 <= (left < 1e-8).sum()
    assert (np.abs(left) < 1e-8).sum() >= 3  # as many as there are terms


@given(values=st.lists(st.floats(-100, 100), min_size=3, max_size=15))
def test_with_a_constant_alone_the_middle_is_a_median(values):
    middle = quantile_coefficients(values, pd.DataFrame({"constant": np.ones(len(values))}), 0.5)[
        "constant"
    ]
    assert np.abs(np.subtract(values, middle)).sum() == pytest.approx(
        np.abs(np.subtract(values, np.median(values))).sum(), abs=1e-6
    )


def test_one_municipality_far_off_moves_the_middle_little():
    # tempting: least squares, which follows it
    outcome, matrix = made(1)
    spoilt = outcome.copy()
    spoilt[matrix[SIZE].idxmin()] += 10
    moved = [
        abs(fit(spoilt) - fit(outcome))
        for fit in (
            lambda y: quantile_coefficients(y, matrix, 0.5)[SIZE],
            lambda y: np.linalg.lstsq(matrix.to_numpy(), y, rcond=None)[0][1],
        )
    ]
    assert moved[0] < moved[1] / 5


def test_the_interval_is_the_same_each_time_and_holds_the_estimate():
    outcome, matrix = made(4)
    low, high = resampled_interval(outcome, matrix, 0.5, SIZE, seed=1, resamples=60)
    assert (low, high) == resampled_interval(outcome, matrix, 0.5, SIZE, seed=1, resamples=60)
    assert low < quantile_coefficients(outcome, matrix, 0.5)[SIZE] < high


def test_levels_outside_and_repeated_regressors_are_refused():
    outcome, matrix = made(0)
    with pytest.raises(ValueError, match="not at 1.2"):
        quantile_coefficients(outcome, matrix, 1.2)
    with pytest.raises(ValueError, match="determine each other"):
        quantile_coefficients(outcome, matrix.assign(again=matrix[SIZE]), 0.5)
