"""The prudent factor of a reference class: lifted for costs, cut for benefits, none for a handful
of cases.
"""

import numpy as np
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


# Flyvbjerg and COWI (2004), for the British Department for Transport: the overrun that was not
# exceeded in 50, 60, … 90 % of a class, which is the uplift for so much confidence
UPLIFTS = {
    "roads": [0.15, 0.24, 0.27, 0.32, 0.45],
    "rail": [0.40, 0.45, 0.51, 0.57, 0.68],
    "fixed links": [0.23, 0.26, 0.34, 0.55, 0.83],
}


@pytest.mark.parametrize("kind", UPLIFTS)
def test_line9_the_published_uplifts_of_transport_come_back_at_their_confidence(kind):
    # a class whose deciles are the published ones: what lies outside them moves no uplift
    deciles = 1 + np.array([-0.3, -0.2, -0.1, 0.0, 0.05, *UPLIFTS[kind], 3.0])
    for confidence, uplift in zip((0.5, 0.6, 0.7, 0.8, 0.9), UPLIFTS[kind], strict=True):
        assert prudent_factor(deciles, False, confidence) == pytest.approx(1 + uplift)
    # tempting: the mean overrun, which a single disaster moves
    assert deciles.mean() != pytest.approx(prudent_factor(deciles, False, 0.5), abs=0.01)


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
