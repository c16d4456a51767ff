"""A stock that feeds itself: steps by hand, the closed form, and where the circle turns."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.methods.stock_flow import closed_form, multiplier, stock_path

rates = st.tuples(st.floats(0, 0.9), st.floats(0.05, 1))


def test_two_years_by_hand():
    # year 1: stock .5 x 10 = 5, free 15; year 2: (1 - .2) x 5 + .5 x 15 = 11.5, free 21.5
    assert stock_path(10.0, 0.5, 0.2, 2).tolist() == pytest.approx([10, 15, 21.5])
    # tempting: the start added anew each year, 10 + 15 + 10 = 35
    assert stock_path(10.0, 0.5, 0.2, 2)[-1] != pytest.approx(35)


@given(st.floats(-1e6, 1e6), rates, st.integers(0, 30))
def test_the_closed_form_is_where_the_steps_lead(start, both, years):
    gain, decay = both
    assert closed_form(start, gain, decay, years) == pytest.approx(
        stock_path(start, gain, decay, years)[-1], rel=1e-9, abs=1e-6
    )


@given(rates)
def test_the_multiplier_is_the_limit_where_there_is_one(both):
    gain, decay = both
    if gain < 0.8 * decay:
        assert closed_form(1.0, gain, decay, 5000) == pytest.approx(
            float(multiplier(gain, decay)), rel=1e-6
        )


def test_the_circle_turns_exactly_where_a_unit_replaces_itself():
    assert multiplier([0.19, 0.2, 0.3], 0.2).tolist() == pytest.approx([20.0, np.inf, np.inf])


def test_a_negative_start_grows_by_the_same_factor():
    assert closed_form(-3.0, 0.25, 0.5, 7) == pytest.approx(-closed_form(3.0, 0.25, 0.5, 7))


def test_rates_outside_their_range_are_all_named():
    with pytest.raises(ValueError, match="outside: gain, decay"):
        stock_path(1.0, -0.1, 0.0, 3)
    with pytest.raises(ValueError, match="-1"):
        stock_path(1.0, 0.1, 0.5, -1)
