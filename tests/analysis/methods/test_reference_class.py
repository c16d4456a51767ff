"""The prudent factor of a reference class: lifted for costs, cut for benefits, none for a handful
of cases.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.methods.reference_class import FEWEST_CASES, prudent_factor

TEN = [0.9, 1.0, 1.0, 1.1, 1.2, 1.3, 1.5, 1.8, 2.2, 4.0]


def test_costs_are_lifted_to_the_eightieth_percentile_and_benefits_cut_to_the_twentieth():
    # between the eighth and the ninth of ten: 1.8 + .2 x .4; between the second and the third: 1.0
    assert prudent_factor(TEN, more_is_better=False) == pytest.approx(1.88)
    # tempting: the percentile of costs, which would turn a shortfall of benefits into a gain
    assert prudent_factor(TEN, more_is_better=True) == pytest.approx(1.0)


def test_fewer_than_eight_cases_give_points_and_no_percentile():
    assert prudent_factor(TEN[: FEWEST_CASES - 1], more_is_better=False) is None
    assert prudent_factor(TEN[:FEWEST_CASES], more_is_better=False) is not None


def test_what_is_no_ratio_and_no_confidence_is_refused():
    with pytest.raises(ValueError, match="2 of 3 ratios"):
        prudent_factor([1.0, float("nan"), float("inf")], more_is_better=False)
    with pytest.raises(ValueError, match="0.2"):
        prudent_factor(TEN, more_is_better=False, confidence=0.2)


@given(st.lists(st.floats(0.1, 10), min_size=8, max_size=30))
def test_more_confidence_never_asks_for_less(ratios):
    assert prudent_factor(ratios, False, 0.9) >= prudent_factor(ratios, False, 0.6)
    assert prudent_factor(ratios, True, 0.9) <= prudent_factor(ratios, True, 0.6)
