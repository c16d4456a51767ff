"""Ranks and positions in a comparison group."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.methods.ranking import rank_from_top, share_below

values = st.lists(st.integers(-50, 50), min_size=1, max_size=12).map(np.array)


def test_equal_values_share_the_better_rank_and_leave_a_gap():
    assert rank_from_top(np.array([7, 9, 7, 3])).tolist() == [2, 1, 2, 4]


def test_a_municipality_among_its_equals_stands_in_the_middle():
    # tempting: the share that is strictly smaller, which puts it at the bottom
    assert share_below(np.array([5.0]), np.array([5.0, 5.0]))[0] == 0.5


def test_missing_values_are_refused_by_position():
    with pytest.raises(ValueError, match="values missing at positions 1, 3"):
        rank_from_top(np.array([1, np.nan, 2, np.nan]))
    with pytest.raises(ValueError, match="others missing at positions 0"):
        share_below(np.array([1.0]), np.array([np.nan]))
    with pytest.raises(ValueError, match="no municipality in it"):
        share_below(np.array([1.0]), np.array([]))


@given(values)
def test_ranks_turn_round_with_the_sign(figures):
    from_top, from_bottom = rank_from_top(figures), rank_from_top(-figures)
    ties = (figures[:, None] == figures[None, :]).sum(axis=1)
    assert np.array_equal(from_top + from_bottom + ties, np.full(len(figures), len(figures) + 2))


@given(values, values)
def test_positions_do_not_depend_on_the_unit_and_add_up_to_one_when_the_sign_turns(figures, others):
    position = share_below(figures, others)
    assert np.array_equal(position, share_below(1000 * figures, 1000 * others))
    assert position + share_below(-figures, -others) == pytest.approx(np.ones(len(figures)))
