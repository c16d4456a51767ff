"""Coalitions as bit masks: sums, blocks and what is refused as a game or as charges."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.methods import coalitions

VALUES = st.lists(st.integers(-1000, 1000), min_size=1, max_size=9)


@given(VALUES)
def test_the_fold_is_the_sum_over_the_members(values):
    sums = coalitions.coalition_sums(values)
    assert sums.tolist() == [
        sum(values[i] for i in coalitions.members(mask)) for mask in range(2 ** len(values))
    ]


@given(st.integers(1, 12))
def test_sizes_count_the_bits(n):
    assert coalitions.coalition_sizes(n).tolist() == [mask.bit_count() for mask in range(2**n)]


def test_coalitions_are_not_listed_by_size():
    # tempting and wrong: the fourth coalition is {0, 1}, not the third player alone
    assert coalitions.members(3) == (0, 1) and coalitions.members(4) == (2,)
    assert coalitions.membership([3, 4], 3).tolist() == [[1, 1, 0], [0, 0, 1]]


@pytest.mark.parametrize("n", [1, 3, coalitions.BLOCK_BITS, coalitions.BLOCK_BITS + 2])
def test_blocks_give_each_coalition_once_and_leave_out_none_and_all(n):
    rng = np.random.default_rng(n)
    costs, charges = rng.normal(size=2**n), rng.normal(size=n)
    starts, excess = zip(*coalitions.excess_blocks(costs, charges), strict=True)
    whole = coalitions.coalition_sums(charges) - costs
    assert list(starts) == [block.start for block in coalitions.blocks(n)]
    np.testing.assert_allclose(np.concatenate(excess)[1:-1], whole[1:-1], atol=1e-12)
    assert np.concatenate(excess)[0] == np.concatenate(excess)[-1] == -np.inf


def test_the_scale_is_the_largest_cost_and_never_nothing():
    assert coalitions.scale(np.array([0.0, -5.0, 3.0])) == 5
    assert coalitions.scale(np.zeros(4)) == 1


@pytest.mark.parametrize(
    ("costs", "complaint"),
    [
        ([0.0, 1.0, 2.0], r"2\*\*n costs, .* shape \(3,\)"),
        ([0.0], r"shape \(1,\)"),
        ([[0.0, 1.0]], r"shape \(1, 2\)"),
        ([1.0, 1.0, 1.0, 2.0], r"c\[0\] must be 0, not 1"),
        ([0.0, np.nan, 1.0, np.inf], r"not finite: 2 coalitions, \(0,\), \(0, 1\)$"),
        (np.full(8, np.nan), r"not finite: 8 coalitions, \(\), .*, …$"),
    ],
)
def test_what_is_no_game_is_refused_and_says_which_coalitions(costs, complaint):
    with pytest.raises(ValueError, match=complaint):
        coalitions.require_game(costs)


def test_more_than_25_players_are_refused_and_the_estimate_is_named():
    with pytest.raises(ValueError, match="at most 25 players, not 26: estimate .* sampled_shapley"):
        coalitions.require_game(np.broadcast_to(0.0, 2**26))
    with pytest.raises(ValueError, match="not 26"):
        coalitions.coalition_sums(np.ones(26))


@pytest.mark.parametrize(
    ("charges", "complaint"),
    [
        ([1.0, 2.0, 3.0], r"each of 2 players is needed, not an array of shape \(3,\)"),
        ([np.nan, np.inf], r"not finite: players \[0, 1\]"),
        ([4.0, 3.0], "charges of 7 do not pay the cost of all, 8"),
    ],
)
def test_charges_that_are_not_the_bill_are_refused(charges, complaint):
    with pytest.raises(ValueError, match=complaint):
        coalitions.require_charges(np.array([0.0, 6, 6, 8]), charges)
