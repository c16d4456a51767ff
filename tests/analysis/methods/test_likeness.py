"""Likeness of yes-or-no states and the order that sets like municipalities side by side."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from analysis.methods.likeness import cluster_order, cluster_tree, matching_share

tables = arrays(int, st.tuples(st.integers(2, 8), st.integers(1, 6)), elements=st.integers(0, 1))


def test_two_municipalities_that_differ_in_one_of_four_items_are_alike_by_three_quarters():
    assert matching_share(np.array([[1, 0, 1, 1], [1, 0, 0, 1]]))[0, 1] == 0.75


def test_two_municipalities_with_no_yes_at_all_are_wholly_alike():
    # tempting: Jaccard's index, which divides zero by zero here
    assert matching_share(np.zeros((2, 5)))[0, 1] == 1.0


def test_every_value_that_is_no_state_is_named():
    with pytest.raises(ValueError, match="municipality 0 item 1: 2, municipality 1 item 0: nan"):
        matching_share(np.array([[1, 2], [np.nan, 0]]))
    with pytest.raises(ValueError, match="at least one item"):
        matching_share(np.empty((3, 0)))
    with pytest.raises(ValueError, match="there is none"):
        cluster_order(np.empty((0, 2)))


def test_one_municipality_is_an_order_of_its_own_and_joins_nobody():
    assert cluster_order(np.array([[1, 0]])).tolist() == [0]
    tree = cluster_tree(np.array([[1, 0]]))
    assert tree.empty and "likeness_share" in tree


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
def test_order_holds_every_municipality_once_and_does_not_depend_on_the_order_of_items(states):
    order = cluster_order(states)
    assert sorted(order) == list(range(len(states)))
    assert np.array_equal(order, cluster_order(states[:, ::-1]))


# --- the tree


def test_three_municipalities_join_by_hand():
    # a and b agree in 3 of 4 items, c with them in 1 of 4 and 2 of 4: c joins at the mean, 0.375
    tree = cluster_tree(np.array([[0, 0, 0, 0], [1, 0, 0, 0], [1, 1, 1, 0]]))
    assert tree[["likeness_share", "municipalities"]].values.tolist() == [[0.75, 2], [0.375, 3]]
    assert tree["left_share"].tolist()[1] in (1, 0.75) and sorted(
        (tree["left_share"][1], tree["right_share"][1])
    ) == [0.75, 1]


def test_a_join_is_the_mean_over_all_pairs_across_it_and_not_the_closest_pair():
    # tempting: single linkage. c agrees with b in three of four items, but with a in two: they join
    # at 0.625, not 0.75
    tree = cluster_tree(np.array([[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 1, 0], [1, 1, 1, 0]]))
    across = [matching_share(np.array([[0, 0, 0, 0], [1, 1, 1, 0]]))[0, 1]] * 2 + [
        matching_share(np.array([[0, 0, 1, 0], [1, 1, 1, 0]]))[0, 1]
    ]
    assert tree["likeness_share"].tolist() == pytest.approx([1, 0.75, np.mean(across)])


@given(tables)
def test_the_tree_joins_all_municipalities_in_the_order_of_the_leaves_and_ever_less_alike(states):
    tree, municipalities = cluster_tree(states), len(states)
    assert len(tree) == municipalities - 1 and tree["municipalities"].iloc[-1] == municipalities
    assert (tree["left"] < tree["right"]).all() and tree["likeness_share"].is_monotonic_decreasing
    assert (tree[["left_share", "right_share"]].min(axis=1) >= tree["likeness_share"] - 1e-12).all()
    order = cluster_order(states)
    pairs = tree[
        (tree["left"] % 1 == 0)
        & (tree["right"] == tree["left"] + 1)
        & (tree["municipalities"] == 2)
    ]
    for pair in pairs.itertuples():
        one, other = order[int(pair.left)], order[int(pair.right)]
        assert matching_share(states)[one, other] == pytest.approx(pair.likeness_share)


@given(tables, st.data())
def test_the_joins_do_not_depend_on_the_order_of_the_items(states, data):
    shuffled = states[:, data.draw(st.permutations(range(states.shape[1])))]
    assert np.allclose(
        cluster_tree(states)["likeness_share"], cluster_tree(shuffled)["likeness_share"]
    )
