"""The log-linear trend against hand arithmetic, the sandwich formula and its invariances."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t as student

from analysis.methods.trend import log_linear_trend

YEARS = np.arange(2016, 2023)
COUNTS = np.array([100.0, 103, 104, 109, 113, 112, 110])

series = st.lists(st.floats(10, 1e6), min_size=4, max_size=8)


def test_constant_growth_is_found_exactly_and_leaves_no_interval():
    trend = log_linear_trend(np.arange(5), 1000 * 1.03 ** np.arange(5))
    assert trend.change_share == pytest.approx(0.03, abs=1e-12)
    assert (trend.low, trend.high) == pytest.approx((0.03, 0.03), abs=1e-9)


def test_slope_is_the_least_squares_one_and_not_the_change_between_end_points():
    # tempting: (last / first) ** (1 / 3) - 1, which is 0.26 here and looks at two of four points
    # only
    trend = log_linear_trend(np.arange(4), np.array([100, 100, 100, 200]))
    assert trend.change_share == pytest.approx(2**0.3 - 1)


def test_interval_is_the_hc3_sandwich_with_student_quantile():
    centred = YEARS - YEARS.mean()
    design = np.column_stack([np.ones(7), centred])
    inverse = np.linalg.inv(design.T @ design)
    residual = np.log(COUNTS) - design @ inverse @ design.T @ np.log(COUNTS)
    leverage = np.diag(design @ inverse @ design.T)
    sandwich = inverse @ design.T @ np.diag((residual / (1 - leverage)) ** 2) @ design @ inverse
    slope = centred @ np.log(COUNTS) / (centred @ centred)
    # tempting: the normal quantile 1.96, which is a quarter too narrow with five degrees of freedom
    half = student.ppf(0.975, 5) * np.sqrt(sandwich[1, 1])
    trend = log_linear_trend(YEARS, COUNTS)
    assert (trend.low, trend.high) == pytest.approx(
        (np.expm1(slope - half), np.expm1(slope + half))
    )


def test_fitted_path_lies_inside_its_interval_which_is_narrowest_in_the_middle():
    trend = log_linear_trend(YEARS, COUNTS)
    width = np.log(trend.fitted_high / trend.fitted_low)
    assert (trend.fitted_low < trend.fitted).all() and (trend.fitted < trend.fitted_high).all()
    assert width[3] < width[0] and width[3] < width[-1]


def test_every_fault_is_named_at_once():
    with pytest.raises(ValueError, match="3 points.*given twice: 2016.*2016: 0, 2017: -5"):
        log_linear_trend(np.array([2016, 2016, 2017]), np.array([0, 10, -5]))
    with pytest.raises(ValueError, match="not positive: 2019: nan"):
        log_linear_trend(np.arange(2016, 2020), np.array([1, 2, 3, np.nan]))


@given(counts=series, factor=st.floats(0.01, 100), shift=st.integers(-50, 50))
def test_trend_does_not_depend_on_the_unit_of_counts_or_the_first_year(counts, factor, shift):
    years = np.arange(len(counts))
    plain, other = (
        log_linear_trend(years, np.array(counts)),
        log_linear_trend(years + shift, factor * np.array(counts)),
    )
    assert (other.change_share, other.low) == pytest.approx(
        (plain.change_share, plain.low), rel=1e-6, abs=1e-9
    )


@given(counts=series, seed=st.randoms(use_true_random=False))
def test_trend_does_not_depend_on_the_order_of_the_points(counts, seed):
    order = seed.sample(range(len(counts)), len(counts))
    plain, shuffled = (
        log_linear_trend(np.arange(len(counts)), counts),
        log_linear_trend(np.array(order), np.array(counts)[order]),
    )
    assert shuffled.change_share == pytest.approx(plain.change_share, rel=1e-6, abs=1e-9)
    assert shuffled.fitted == pytest.approx(plain.fitted[order])
