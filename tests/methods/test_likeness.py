"""Likeness of yes-or-no states and the order that sets like bodies side by side."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from analysis.methods.likeness import cluster_order, matching_share

tables = arrays(int, st.tuples(st.integers(2, 8), st.integers(1, 6)), elements=st.integers(0, 1))


def test_two_bodies_that_differ_in_one_of_four_items_are_alike_by_three_quarters():
    assert matching_share(np.array([[1, 0, 1, 1], [1, 0, 0, 1]]))[0, 1] == 0.75


def test_two_bodies_with_no_yes_at_all_are_wholly_alike():
    # tempting: Jaccard's index, which divides zero by zero here
    assert matching_share(np.zeros((2, 5)))[0, 1] == 1.0


def test_every_value_that_is_no_state_is_named():
    with pytest.raises(ValueError, match="body 0 item 1: 2, body 1 item 0: nan"):
        matching_share(np.array([[1, 2], [np.nan, 0]]))
    with pytest.raises(ValueError, match="at least one item"):
        matching_share(np.empty((3, 0)))
    with pytest.raises(ValueError, match="there is 1"):
        cluster_order(np.array([[1, 0]]))


def test_two_families_are_not_mixed_and_the_one_with_fewer_yes_comes_first():
    states = np.array([[1, 1, 1, 1], [0, 0, 0, 1], [1, 1, 1, 0], [0, 0, 0, 0]])
    order = cluster_order(states).tolist()
    assert set(order[:2]) == {1, 3} and set(order[2:]) == {0, 2}


@given(tables)
def test_likeness_is_symmetric_and_does_not_change_when_yes_and_no_are_swapped(states):
    likeness = matching_share(states)
    assert np.array_equal(likeness, likeness.T) and (np.diag(likeness) == 1).all()
    assert np.array_equal(likeness, matching_share(1 - states))


@given(tables)
def test_order_holds_every_body_once_and_does_not_depend_on_the_order_of_items(states):
    order = cluster_order(states)
    assert sorted(order) == list(range(len(states)))
    assert np.array_equal(order, cluster_order(states[:, ::-1]))
