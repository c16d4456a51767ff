"""Cost curves: known curves come back, small examples by hand, and the readings that mislead."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.methods import cost_function as cf
from analysis.methods.survey_bands import moment_weights

SIZES = np.geomspace(800, 3e6, 60)
NODES = pd.DataFrame({"residents": SIZES, "municipalities": np.geomspace(60, 2, 60).round()})
BANDS = pd.DataFrame(
    {
        "statistic": ["mean", "mean", "total", "total"],
        "residents_from": [0, 1e5, 0, 2e5],
        "residents_below": [2e4, 2e5, 2e5, np.inf],
        "stated_jpy": 0.0,
    }
)
TRUE = {
    "log_quadratic": [8.03, -0.08, 0.10],
    "kink_50k": [8.1, -0.45, 0.06],
    "kink_100k": [8.0, -0.5, 0.1],
    "kink_200k": [7.9, -0.4, 0.2],
    "power_03": [1.9, 37.0, 1.1],
    "power_10": [2.8, 35.0, 0.2],
    "step_200k": [2.9, 35.0, 0.2],
}


def moments_of(curve, nodes=NODES, stated=0.0):
    weights = moment_weights(nodes, BANDS)
    return BANDS.assign(
        published=weights @ curve(nodes["residents"].to_numpy()) + [0, 0, 0, stated],
        stated_jpy=[0, 0, 0, stated],
    )


def true_curve(form):
    return lambda residents: cf.FORMS[form].cost(np.array(TRUE[form]), residents)


# --- known curves come back


@pytest.mark.parametrize("form", TRUE)
def test_a_form_recovers_the_curve_that_made_the_moments(form):
    fit = cf.fit_curve(form, NODES, moments_of(true_curve(form)))
    assert fit.max_residual_share < 1e-6
    np.testing.assert_allclose(fit.curve(SIZES), true_curve(form)(SIZES), rtol=1e-4)


@pytest.mark.parametrize("form", ["power_03", "power_10", "step_200k"])
def test_the_fixed_cost_of_a_municipality_comes_back_in_yen(form):
    assert cf.fit_curve(form, NODES, moments_of(true_curve(form))).fixed_cost_jpy == pytest.approx(
        1e6 * TRUE[form][1], rel=1e-4
    )


@pytest.mark.parametrize("form", ["log_quadratic", "kink_100k"])
def test_forms_without_a_fixed_cost_say_so(form):
    assert np.isnan(cf.fit_curve(form, NODES, moments_of(true_curve(form))).fixed_cost_jpy)


def test_municipalities_taken_out_at_their_stated_cost_leave_the_curve_of_the_others():
    # Forty dear municipalities of 400,000 sit in the largest band; the survey's total holds what
    # they cost.
    dear = pd.DataFrame({"residents": [4e5], "municipalities": [40]})
    curve, stated = true_curve("log_quadratic"), 40 * 4e5 * 9_000
    whole = pd.concat([NODES, dear], ignore_index=True)
    apart = pd.concat([whole, dear.assign(municipalities=-40)], ignore_index=True)
    fit = cf.fit_curve("log_quadratic", apart, moments_of(curve, NODES, stated))
    assert cf.elasticity(fit.curve, 4e5) == pytest.approx(cf.elasticity(curve, 4e5), abs=1e-5)
    mixed = cf.fit_curve(
        "log_quadratic", whole, moments_of(curve, NODES, stated).assign(stated_jpy=0.0)
    )
    assert cf.elasticity(mixed.curve, 4e5) > cf.elasticity(curve, 4e5) + 0.02


# --- hand arithmetic


def test_elasticity_of_a_fixed_cost_is_the_share_that_grows():
    # C = F + vN: eps = vN / (F + vN) = 300 / 400
    assert cf.elasticity(lambda n: 100 / n + 1.0, 300) == pytest.approx(0.75, abs=1e-6)


def test_elasticity_of_the_quadratic_is_one_plus_its_slope_in_logs():
    parameters = np.array([8.0, -0.1, 0.05])
    expected = 1 - 0.1 + 2 * 0.05 * np.log(4e5 / cf.CENTRE)
    assert cf.elasticity(
        lambda n: cf.FORMS["log_quadratic"].cost(parameters, n), 4e5
    ) == pytest.approx(expected, abs=1e-7)


def test_the_step_begins_with_the_first_municipality_of_its_size():
    # (2,000 + 40 million / N), and half as much again from 200,000 residents on
    costs = cf.FORMS["step_200k"].cost(
        np.array([2.0, 40.0, 0.5]), np.array([100_000, 199_999, 200_000])
    )
    assert costs == pytest.approx([2_400, 2_200.001, 3_300], abs=1e-3)


def test_least_cost_size_of_the_quadratic_is_its_vertex():
    # slope -0.1 + 0.1 ln(N / 150,000) = 0 at N = 150,000 e
    parameters = np.array([8.0, -0.1, 0.05])
    found = cf.least_cost_size(lambda n: cf.FORMS["log_quadratic"].cost(parameters, n), 2e3, 3e6)
    assert found == pytest.approx(150_000 * np.e, abs=100)


def test_width_of_the_interval_matches_simulated_regressions():
    residents, sigma, rng = np.geomspace(6e4, 9e5, 23), 0.25, np.random.default_rng(20)
    x = np.column_stack([np.ones(23), np.log(residents)])
    costs = 1.1 * x[:, [1]] + sigma * rng.standard_normal((23, 20_000))
    errors = costs - x @ np.linalg.lstsq(x, costs, rcond=None)[0]
    standard_error = np.sqrt((errors**2).sum(axis=0) / 21 * np.linalg.inv(x.T @ x)[1, 1])
    simulated = 2 * 2.0796138 * standard_error.mean()  # t(0.975, 21)
    assert cf.elasticity_interval_width(residents, sigma) == pytest.approx(simulated, rel=0.005)


# --- the tempting wrong answers


def test_cost_per_resident_is_never_regressed_on_residents():
    # C = N^0.5 exactly. Tempting: the slope of C/N on N, read as an elasticity at the mean; it is
    # off without any noise.
    residents = np.geomspace(6e4, 9e5, 23)
    per_resident = residents**-0.5
    slope, _ = np.polyfit(residents, per_resident, 1)
    read_at_mean = 1 + slope * residents.mean() / per_resident.mean()
    in_logs, _ = np.polyfit(np.log(residents), np.log(residents**0.5), 1)
    assert in_logs == pytest.approx(0.5)
    assert abs(read_at_mean - 0.5) > 0.03


def test_a_regression_on_modelled_costs_only_returns_the_elasticity_put_in():
    # Tempting: to "estimate" the elasticity from modelled costs. Whatever goes in comes out.
    residents = np.geomspace(6e4, 9e5, 23)
    for put_in in (0.8, 1.3):
        shares = cf.cost_shares(residents, [put_in], np.zeros((1, 23)))[0]
        assert np.polyfit(np.log(residents), np.log(shares), 1)[0] == pytest.approx(put_in)


def test_the_spread_between_kinds_of_municipalities_teaches_nothing_when_each_has_its_own_level():
    # Tempting: to count all of the spread. Two kinds, ten times apart in size, hardly vary within.
    residents, kinds = np.array([1e4, 1.2e4, 1.5e4, 1e5, 1.2e5, 1.5e5]), list("aaabbb")
    assert cf.elasticity_interval_width(residents, 0.25, kinds) > 5 * cf.elasticity_interval_width(
        residents, 0.25
    )


def test_a_curve_that_still_falls_at_the_largest_municipality_has_no_least_cost_size():
    # Tempting: to report the largest size searched.
    assert np.isnan(cf.least_cost_size(lambda n: 1e7 / n + 1.0, 2e3, 3e6))
    assert np.isnan(cf.least_cost_size(lambda n: 1.0 * n, 2e3, 3e6))


# --- refusals


def test_an_unknown_form_is_refused_with_the_forms_there_are():
    with pytest.raises(ValueError, match="'cubic'; known: log_quadratic, kink_50k"):
        cf.fit_curve("cubic", NODES, moments_of(true_curve("kink_50k")))


def test_three_parameters_are_not_fitted_to_two_moments():
    with pytest.raises(
        ValueError, match="log_quadratic: 3 parameters need at least as many moments, not 2"
    ):
        cf.fit_curve("log_quadratic", NODES, moments_of(true_curve("log_quadratic")).head(2))


def test_a_curve_that_would_be_negative_somewhere_is_refused():
    moments = moments_of(true_curve("power_10"))
    moments.loc[3, "stated_jpy"] = 1.2 * moments.loc[3, "published"]
    with pytest.raises(ValueError, match="power_10: the fitted cost per resident is not positive"):
        cf.fit_curve("power_10", NODES, moments)


def test_municipalities_without_residents_are_refused():
    with pytest.raises(ValueError, match=r"\[0.0, -5.0\]"):
        cf.cost_shares([100, 0, -5], [1.0], np.zeros((1, 3)))


def test_two_municipalities_leave_no_slope_to_estimate():
    with pytest.raises(ValueError, match="2 municipalities of 1 kinds"):
        cf.elasticity_interval_width([1e5, 2e5], 0.25)


# --- invariance


@given(
    st.lists(st.floats(1e3, 1e6), min_size=2, max_size=23),
    st.floats(0.5, 1.5),
    st.floats(0.1, 10),
    st.integers(0, 99),
)
def test_shares_add_up_and_do_not_depend_on_the_unit_of_size(residents, eps, unit, seed):
    residuals = np.random.default_rng(seed).normal(0, 0.25, (4, len(residents)))
    shares = cf.cost_shares(residents, [eps] * 4, residuals)
    np.testing.assert_allclose(shares.sum(axis=1), 1, rtol=1e-12)
    np.testing.assert_allclose(
        cf.cost_shares(np.multiply(residents, unit), [eps] * 4, residuals), shares, rtol=1e-9
    )


@given(st.floats(0.5, 2.0))
def test_a_survey_in_dearer_yen_moves_the_level_and_not_the_elasticity(factor):
    moments = moments_of(true_curve("kink_100k"))
    plain = cf.fit_curve("log_quadratic", NODES, moments)
    dearer = cf.fit_curve(
        "log_quadratic", NODES, moments.assign(published=factor * moments["published"])
    )
    assert cf.elasticity(dearer.curve, 4e5) == pytest.approx(
        cf.elasticity(plain.curve, 4e5), abs=1e-5
    )
    assert dearer.curve(4e5) == pytest.approx(factor * plain.curve(4e5), rel=1e-5)
