"""Sobol indices against Ishigami's function, whose variance is known part by part; and values at
which a result tips.
"""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.methods.sensitivity import first_order_indices, switching_value
from analysis.methods.uncertainty import joint_uniforms

FACTORS = ["x1", "x2", "x3"]
REGISTER = pd.DataFrame({"input": [*FACTORS, "idle"], "dimension": range(4)})
SINGLE = {name: [name] for name in FACTORS}


def points(log2_points=13, names=tuple(FACTORS)):
    return joint_uniforms(REGISTER, list(names), log2_points)


def ishigami(uniforms, a=7.0, b=0.1):
    x1, x2, x3 = (np.pi * (2 * uniforms[name] - 1) for name in FACTORS)
    return np.sin(x1) + a * np.sin(x2) ** 2 + b * x3**4 * np.sin(x1)


def test_first_order_indices_of_ishigami_and_homma_1990():
    found = first_order_indices(ishigami, points(), SINGLE)
    assert found["index"].tolist() == pytest.approx([0.3139, 0.4424, 0.0], abs=0.015)
    assert found["low"].lt([0.3139, 0.4424, 0.0]).all()
    assert found["high"].gt([0.3139, 0.4424, 0.0]).all()
    assert found.loc["x3", "low"] < 0 < found.loc["x3", "high"]


def test_factors_that_act_together_carry_more_as_a_group_than_their_indices_add_up_to():
    # tempting: .3139 + 0 for x1 and x3; together they carry 1 - .4424 = .5576, the part only both
    # move included
    found = first_order_indices(ishigami, points(), {"both": ["x1", "x3"], "x2": ["x2"]})
    assert found["index"].tolist() == pytest.approx([0.5576, 0.4424], abs=0.02)


def test_intervals_cover_the_true_index_and_narrow_with_more_points():
    few, many = (first_order_indices(ishigami, points(k), SINGLE) for k in (9, 13))
    assert ((many["high"] - many["low"]) < (few["high"] - few["low"])).all()
    assert many.loc["x2", "low"] <= 0.4424 <= many.loc["x2", "high"]


def test_a_new_factor_moves_no_other_index():
    alone = first_order_indices(ishigami, points(8), SINGLE)
    beside = first_order_indices(
        ishigami, points(8, (*FACTORS, "idle")), SINGLE | {"idle": ["idle"]}
    )
    # but for SALib's own centring, which takes the mean over all evaluations
    assert beside.loc[FACTORS, "index"].tolist() == pytest.approx(alone["index"].tolist(), abs=1e-4)
    assert beside.loc["idle"].tolist() == [0, 0, 0]


def test_unknown_factors_and_a_result_that_never_varies_are_refused():
    with pytest.raises(ValueError, match="not there: x4, x9"):
        first_order_indices(ishigami, points(4), {"a": ["x9"], "b": ["x1", "x4"]})
    with pytest.raises(ValueError, match="never varies"):
        first_order_indices(lambda uniforms: np.ones(len(uniforms)), points(4), SINGLE)


def test_a_result_that_falls_again_is_met_nearest_to_today():
    # x (4 - x) = 3 at 1 and 3; tempting: to look at both ends only, where it is 0
    assert switching_value(lambda x: x * (4 - x), 3, 0, 4, today=3.6).value == pytest.approx(
        3, abs=1e-4
    )
    assert switching_value(lambda x: x * (4 - x), 3, 0, 4, today=0.2).value == pytest.approx(
        1, abs=1e-4
    )


def test_a_goal_that_is_never_met_leaves_the_best():
    found = switching_value(lambda x: x * (4 - x), 5, 0, 4, today=1)
    assert (found.value, found.best, found.best_at) == (None, 4, 2)


def test_bounds_out_of_order_and_todays_value_outside_are_refused():
    for low, high, today in ((1, 1, 1), (2, 1, 1.5), (0, 1, 2)):
        with pytest.raises(ValueError, match="between them"):
            switching_value(lambda x: x, 0.5, low, high, today)


@given(st.floats(0.05, 0.95), st.floats(0, 1))
def test_a_straight_result_tips_at_its_goal_wherever_today_is(goal, today):
    assert switching_value(lambda x: x, goal, 0, 1, today).value == pytest.approx(goal, abs=2e-5)
