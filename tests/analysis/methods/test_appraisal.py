"""Appraisal by hand, against published factors and closed forms, and the answers that tempt."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from analysis.methods import appraisal

EDGES = np.arange(2022, 2038)
yen = st.floats(-1e3, 1e3, allow_subnormal=False)


def normal_draws(count=4096, columns=2, seed=1):
    return pd.DataFrame(
        np.random.default_rng(seed).normal(size=(count, columns)),
        columns=[f"x{i}" for i in range(columns)],
    )


# --- published values and closed forms


def test_green_book_factors_at_three_and_a_half_per_cent():
    assert appraisal.discount_factors(0.035, 6)[[1, 5]] == pytest.approx([0.9662, 0.8420], abs=5e-5)


def test_the_published_factors_of_the_declining_rate():
    """HM Treasury (2003), Green Book, annex 6: the factors at the end of each step."""
    published = {30: 0.3563, 31: 0.3459, 50: 0.1973, 75: 0.0942, 100: 0.0508, 125: 0.0274}
    factors = appraisal.discount_factors(0.035, 301)
    assert factors[list(published)] == pytest.approx(list(published.values()), abs=5e-5)


def test_a_rate_that_would_fall_below_zero_stays_there():
    factors = appraisal.discount_factors(0.01, 400)
    assert factors[-1] == factors[-2] > 0 and (np.diff(factors) <= 0).all()
    assert (appraisal.discount_factors(0.0, 400) == 1).all()


def test_an_annuity_of_thirty_years_is_worth_the_textbooks_amount():
    assert appraisal.present_value(np.ones(31), 0.04) == pytest.approx(1 + (1 - 1.04**-30) / 0.04)


@pytest.mark.parametrize("mean", [-1.0, 0.0, 0.5])
def test_learning_one_normal_input_is_worth_the_unit_normal_loss(mean):
    # Raiffa and Schlaifer (1961): choose between 0 and mean + x0 + x1; knowing x0 ~ N(0, 1) is
    # worth phi(m) - |m| Phi(-|m|)
    draws = normal_draws(2**15)
    values = pd.DataFrame({"stay": 0.0, "move": mean + draws["x0"] + draws["x1"]})
    gain, error = appraisal.value_of_learning(values, draws[["x0"]])
    assert gain == pytest.approx(norm.pdf(mean) - abs(mean) * norm.cdf(-abs(mean)), abs=0.02)
    assert 0 < error < 0.02


def test_knowing_everything_is_worth_the_loss_of_the_sum():
    draws = normal_draws(2**16)
    assert appraisal.value_of_knowing_all(
        pd.DataFrame({"stay": 0.0, "move": draws.sum(axis=1)})
    ) == pytest.approx(2**0.5 * norm.pdf(0), abs=0.01)


def test_the_stated_error_is_that_of_other_draws():
    def gain(seed):
        draws = normal_draws(1024, seed=seed)
        return appraisal.value_of_learning(
            pd.DataFrame({"stay": 0.0, "move": draws["x0"] + draws["x1"]}), draws[["x0"]]
        )

    gains, errors = zip(*(gain(seed) for seed in range(60)), strict=True)
    assert np.std(gains) == pytest.approx(np.mean(errors), rel=0.35)


def test_a_quadratic_is_recovered_through_noise():
    draws = normal_draws(2**14, columns=3)
    truth = 1 + draws["x0"] - 2 * draws["x0"] * draws["x1"] + draws["x1"] ** 2
    values = pd.DataFrame({"stay": 0.0, "move": truth + draws["x2"]})
    # tempting and wrong: the mean of the better of both in each draw, which would count the noise
    # as knowledge
    gain = appraisal.value_of_learning(values, draws[["x0", "x1"]])[0]
    assert gain == pytest.approx(truth.clip(lower=0).mean() - truth.mean(), rel=0.01)
    assert values["move"].clip(lower=0).mean() - values["move"].mean() > 1.2 * gain


# --- hand arithmetic


def test_service_without_a_ramp_counts_the_rest_of_the_year():
    assert appraisal.years_in_service([2023.25], 0.0, [2022, 2023, 2024, 2025]).tolist() == [
        [0, 0.75, 1]
    ]


def test_a_ramp_costs_half_its_length():
    served = appraisal.years_in_service([2024.4], 1.5, EDGES).sum()
    assert served == pytest.approx(2037 - 2024.4 - 0.75)


def test_pay_back_lies_within_the_year_that_crosses():
    assert appraisal.payback_years([[-30.0, 10.0, 40.0, 0.0]]).tolist() == [2.5]


# --- the tempting wrong answers


def test_pay_back_is_the_last_crossing_not_the_first():
    # tempting: the first wave has paid itself back in year two; the second wave's spending then
    # comes on top
    assert appraisal.payback_years([[-10.0, 20.0, -30.0, 40.0]]).tolist() == [3.5]


def test_a_plan_that_never_pays_back_is_not_left_out():
    # tempting: the mean over those that do pay back, two years; half of the draws never do
    years = appraisal.payback_years([[-10.0, 5.0, 5.0], [-10.0, 5.0, 0.0]])
    assert years.tolist() == [3.0, np.inf] and np.isinf(years).mean() == 0.5


def test_two_inputs_that_only_together_matter_are_worth_nothing_alone():
    # tempting: to add up the values of learning one input after the other
    draws = np.sign(normal_draws(2**14))
    values = pd.DataFrame({"stay": 0.0, "move": draws["x0"] * draws["x1"]})
    together = appraisal.value_of_learning(values, draws)[0]
    alone = sum(appraisal.value_of_learning(values, draws[[name]])[0] for name in draws)
    assert together == pytest.approx(0.5, abs=0.02) and alone < 0.03


def test_what_cannot_change_the_decision_is_worth_exactly_nothing():
    draws = normal_draws()
    values = pd.DataFrame({"stay": 0.0, "move": 10 + draws["x0"].clip(-3, 3)})
    assert appraisal.value_of_learning(values, draws[["x0"]]) == (0.0, 0.0)


def test_waiting_can_cost_more_than_it_teaches():
    draws = normal_draws()
    now = pd.DataFrame({"stay": 0.0, "move": 1 + draws["x0"]})
    assert (
        appraisal.value_of_learning(now, draws[["x0"]], later=0.5 * now)[0]
        < 0
        < appraisal.value_of_learning(now, draws[["x0"]], later=now)[0]
    )


# --- refusals


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: appraisal.discount_factors(4, 5), "not 4 over 5"),
        (lambda: appraisal.discount_factors(0.04, 0), "not 0.04 over 0"),
        (lambda: appraisal.years_in_service([2022.0], -1.0, EDGES), "ramp of -1.0"),
        (
            lambda: appraisal.share_between([2022.0, 2023.0], [2022.0, 2022.5], EDGES),
            "2 of 2 draws",
        ),
        (
            lambda: appraisal.value_of_learning(pd.DataFrame({"a": [1.0] * 8}), normal_draws(8)),
            "8 draws are too few for the 6 terms of x0, x1",
        ),
    ],
)
def test_refusals_say_what_is_wrong(call, said):
    with pytest.raises(ValueError, match=said):
        call()


# --- invariances


@given(st.lists(st.tuples(yen, yen, yen), min_size=1, max_size=6))
def test_regret_is_never_negative_and_one_option_has_none(rows):
    lost = appraisal.regret(pd.DataFrame(rows, columns=["a", "b", "c"]))
    assert (lost >= 0).all(axis=None) and (lost.min(axis=1) == 0).all()


@given(st.lists(yen, min_size=2, max_size=15), st.floats(0, 0.15))
def test_discounting_is_additive_and_starts_undiscounted(flow, rate):
    first, rest = [flow[0], *[0.0] * (len(flow) - 1)], [0.0, *flow[1:]]
    assert appraisal.present_value(flow, rate) == pytest.approx(
        appraisal.present_value(first, rate) + appraisal.present_value(rest, rate), abs=1e-6
    )
    assert appraisal.present_value(first, rate) == pytest.approx(flow[0])


@given(st.floats(2022, 2036), st.floats(0, 5), st.floats(0, 3))
def test_a_later_start_never_serves_more_in_any_year(start, wait, ramp):
    early, late = appraisal.years_in_service([start, start + wait], ramp, EDGES)
    assert (late <= early + 1e-12).all() and (early <= 1 + 1e-12).all()


@given(st.floats(2022, 2030), st.floats(0.1, 6))
def test_what_is_spread_within_the_horizon_is_spent_whole(start, length):
    assert appraisal.share_between([start], [start + length], EDGES).sum() == pytest.approx(1)


@given(st.lists(yen, min_size=1, max_size=12), st.floats(0.1, 100))
def test_pay_back_does_not_depend_on_the_unit_of_money(flow, unit):
    assert appraisal.payback_years([np.multiply(flow, unit)]) == pytest.approx(
        appraisal.payback_years([flow]), nan_ok=True
    )


def test_a_constant_input_teaches_nothing_and_harms_nothing():
    draws = normal_draws()
    values = pd.DataFrame({"stay": 0.0, "move": draws["x0"] + draws["x1"]})
    with_constant = appraisal.value_of_learning(values, draws[["x0"]].assign(fixed=3.0))
    assert with_constant == pytest.approx(appraisal.value_of_learning(values, draws[["x0"]]))
