"""Sharing rules against published games, the definition over all orders, and their axioms."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from analysis.methods import cooperative_game
from analysis.methods.coalitions import coalition_sums, members
from analysis.methods.pooling_game import pooled_costs
from analysis.methods.stability import is_convex_saving, most_tempted
from tests.analysis.methods.core import in_core

TENNESSEE = np.array([0, 163520, 140826, 301607, 250096, 378821, 367370, 412584], dtype=float)


def airport(runways):
    """A coalition pays for the longest runway any member needs."""
    return np.array(
        [max((runways[i] for i in members(mask)), default=0) for mask in range(2 ** len(runways))],
        float,
    )


def over_all_orders(costs):
    """The definition: what a player adds on joining, averaged over all orders."""
    n = len(costs).bit_length() - 1
    added = np.zeros(n)
    for order in permutations(range(n)):
        mask = 0
        for i in order:
            added[i] += costs[mask | 1 << i] - costs[mask]
            mask |= 1 << i
    return added / len(list(permutations(range(n))))


def by_dividends(costs):
    """Harsanyi (1963): what a coalition adds to all that its parts add is shared evenly among its
    members.
    """
    n = len(costs).bit_length() - 1
    dividends, shares = np.zeros(len(costs)), np.zeros(n)
    for mask in range(1, len(costs)):
        part, inner = (mask - 1) & mask, 0.0
        while part:
            inner += dividends[part]
            part = (part - 1) & mask
        dividends[mask] = costs[mask] - inner
        shares[list(members(mask))] += dividends[mask] / mask.bit_count()
    return shares


def game(n, seed):
    costs = np.random.default_rng(seed).normal(5, 3, 2**n)
    costs[0] = 0
    return costs


GAMES = st.builds(game, st.integers(1, 6), st.integers(0, 9999))


# --- Shapley


def test_shapley_of_the_airport_of_littlechild_and_owen_1973():
    assert cooperative_game.shapley_value(airport([8, 11, 13, 18])) == pytest.approx([2, 3, 4, 9])


def test_shapley_of_the_tennessee_valley_of_straffin_and_heaney_1981():
    assert cooperative_game.shapley_value(TENNESSEE) == pytest.approx([117829, 100756.5, 193998.5])


def test_shapley_of_23_runways_is_the_sequential_division_of_each_stretch():
    # each stretch of runway is paid in equal parts by those who need it: exact at 8,388,608
    # coalitions
    runways = np.sort(np.random.default_rng(1).uniform(1, 9, 23))
    stretches = np.diff(runways, prepend=0) / np.arange(23, 0, -1)
    costs = pooled_costs(runways, phi=1, p=np.inf)
    assert cooperative_game.shapley_value(costs) == pytest.approx(stretches.cumsum(), rel=1e-12)


def test_one_order_of_joining_is_not_fair():
    # tempting and wrong: as the wards join, the first pays 8 and the last 5 of 18; the last in
    # another order pays 0
    costs = airport([8, 11, 13, 18])
    joining = np.diff(costs[[0, 1, 3, 7, 15]])
    assert joining.tolist() == [8, 3, 2, 5]
    assert np.abs(cooperative_game.shapley_value(costs) - joining).max() > 3


@given(GAMES)
def test_shapley_is_the_mean_over_all_orders(costs):
    assert cooperative_game.shapley_value(costs) == pytest.approx(over_all_orders(costs), abs=1e-9)


@pytest.mark.parametrize("n", [4, 5, 6, 7, 8])
def test_random_games_agree_with_the_dividends_of_all_coalitions(n):
    for seed in range(4):
        assert cooperative_game.shapley_value(game(n, seed)) == pytest.approx(
            by_dividends(game(n, seed)), abs=1e-9
        ), seed


@given(GAMES)
def test_players_that_add_alike_pay_alike(costs):
    n = len(costs).bit_length() - 1
    # two new players, the same to all
    twins = np.r_[costs, costs[-1] + costs, costs[-1] + costs, 2 * costs[-1] + costs]
    shares = cooperative_game.shapley_value(twins)
    assert shares[n] == pytest.approx(shares[n + 1], abs=1e-9)


@given(GAMES)
def test_shapley_pays_the_cost_of_all(costs):
    assert cooperative_game.shapley_value(costs).sum() == pytest.approx(costs[-1], abs=1e-9)


@given(st.integers(1, 7), st.integers(0, 999), st.integers(0, 999))
def test_shapley_of_a_sum_of_games_is_the_sum_of_the_shapleys(n, one, other):
    one, other = game(n, one), game(n, other)
    together = cooperative_game.shapley_value(one + other)
    assert together == pytest.approx(
        cooperative_game.shapley_value(one) + cooperative_game.shapley_value(other), abs=1e-9
    )


@given(GAMES, st.floats(0, 10))
def test_a_dummy_pays_its_own_cost(costs, own):
    with_dummy = np.r_[costs, costs + own]
    assert cooperative_game.shapley_value(with_dummy)[-1] == pytest.approx(own, abs=1e-9)


@given(GAMES, st.randoms(use_true_random=False))
def test_shapley_follows_the_players_when_they_are_renumbered(costs, random):
    n = len(costs).bit_length() - 1
    order = random.sample(range(n), n)  # player order[i] is called i
    masks = coalition_sums(np.array([1 << i for i in order]))
    renamed = cooperative_game.shapley_value(costs[masks])
    assert renamed == pytest.approx(cooperative_game.shapley_value(costs)[order], abs=1e-9)


@given(
    st.lists(st.floats(0.1, 10), min_size=2, max_size=7),
    st.floats(0, 1),
    st.floats(1, 6),
    st.floats(0, 3),
)
def test_a_convex_savings_game_has_its_shapley_value_in_the_core(own, phi, p, agency):
    costs = pooled_costs(own, phi, p, agency)
    assert is_convex_saving(costs)
    assert in_core(costs, cooperative_game.shapley_value(costs))


# --- estimate


def largest(runways):
    return lambda rows: np.where(rows, runways, 0).max(axis=1)


def test_the_estimate_lies_within_four_standard_errors_and_pays_the_cost_of_all():
    runways = np.array([8.0, 11, 13, 18])
    estimate, error = cooperative_game.sampled_shapley(largest(runways), 4, draws=2000, seed=3)
    assert (np.abs(estimate - [2, 3, 4, 9]) < 4 * error).all() and (error > 0).all()
    assert estimate.sum() == pytest.approx(18)


def test_the_standard_error_is_the_spread_of_estimates():
    estimates, errors = zip(
        *(
            cooperative_game.sampled_shapley(largest(np.array([1.0, 4, 6])), 3, 50, seed)
            for seed in range(300)
        ),
        strict=True,
    )
    assert np.std(estimates, axis=0) == pytest.approx(np.mean(errors, axis=0), rel=0.15)


def test_40_players_are_estimated_where_exact_functions_refuse():
    runways = np.arange(1.0, 41)
    estimate, error = cooperative_game.sampled_shapley(largest(runways), 40, draws=600, seed=1)
    exact = (1 / np.arange(40, 0, -1)).cumsum()
    assert (np.abs(estimate - exact) < 4.5 * error).all()


@pytest.mark.parametrize(
    ("function", "n", "draws", "complaint"),
    [
        (lambda rows: rows.sum(axis=1), 3, 1, "two draws are needed, not 3 and 1"),
        (lambda rows: rows.sum(axis=1), 0, 9, "not 0 and 9"),
        (lambda rows: 1.0, 3, 9, "one finite cost for each row"),
        (lambda rows: np.where(rows.any(axis=1), np.nan, 0), 3, 9, "one finite cost for each row"),
        (lambda rows: rows.sum(axis=1) + 1, 3, 9, "give 0 for an empty coalition"),
    ],
)
def test_cost_functions_that_are_none_are_refused(function, n, draws, complaint):
    with pytest.raises(ValueError, match=complaint):
        cooperative_game.sampled_shapley(function, n, draws, seed=1)


# --- the method note's example


def test_the_worked_example_of_the_method_note():
    # wards that pay 3, 4 and 12, phi 0.4, p 2: docs/methods/05_organisation.md works every number
    # out by hand
    costs = pooled_costs([3.0, 4.0, 12.0], phi=0.4, p=2)
    assert costs[[3, 5, 6, 7]] == pytest.approx([6.2, 13.948, 14.660, 16.6], abs=5e-4)
    assert cooperative_game.shapley_value(costs) == pytest.approx([2.338, 3.194, 11.068], abs=5e-4)
    assert cooperative_game.separable_costs_remaining_benefits(costs) == pytest.approx(
        [2.365, 3.193, 11.042], abs=5e-4
    )
    tempted = most_tempted(costs, cooperative_game.proportional_shares(costs[-1], [1, 1, 2]))
    assert tempted.members == (0, 1) and tempted.excess == pytest.approx(2.1)


# --- rules in use


def test_separable_costs_of_the_tennessee_valley_by_hand_and_as_published():
    # separable: 412584 - 367370, - 378821, - 301607; remaining: 163520 - 45214, …; 221630 to share
    separable, remaining = np.array([45214, 33763, 110977]), np.array([118306, 107063, 139119])
    charges = cooperative_game.separable_costs_remaining_benefits(TENNESSEE)
    assert charges == pytest.approx(
        separable + (412584 - separable.sum()) * remaining / remaining.sum()
    )
    assert charges.round().tolist() == [117476, 99157, 195951]  # Straffin & Heaney (1981)


@given(st.lists(st.floats(0.1, 10), min_size=2, max_size=7), st.floats(0.05, 1), st.floats(1.5, 6))
def test_separable_costs_are_gatelys_point_where_all_are_equally_disruptive(own, phi, p):
    # Straffin & Heaney (1981): no second opinion, as long as no benefit is smaller than the cost
    # alone
    costs = pooled_costs(own, phi, p)
    charges, singles = (
        cooperative_game.separable_costs_remaining_benefits(costs),
        1 << np.arange(len(own)),
    )
    others_lose = costs[len(costs) - 1 - singles] - (costs[-1] - charges)
    ratio = others_lose / (costs[singles] - charges)
    assert ratio == pytest.approx(ratio[0], rel=1e-6)


def test_costs_that_only_add_up_leave_everybody_at_the_own_cost():
    assert cooperative_game.separable_costs_remaining_benefits(
        coalition_sums([3.0, 4.0, 5.0])
    ) == pytest.approx([3, 4, 5])


def test_a_saving_that_nobody_takes_along_cannot_be_shared_by_what_is_taken_along():
    # two of three save it all: whoever leaves, the other two lose nothing
    with pytest.raises(ValueError, match="no player has any"):
        cooperative_game.separable_costs_remaining_benefits([0, 4, 4, 5, 4, 5, 5, 9])


@given(arrays(float, st.integers(1, 30), elements=st.floats(0.01, 100)), st.floats(0, 1e12))
def test_proportional_shares_keep_proportions_and_total(weights, total):
    shares = cooperative_game.proportional_shares(total, weights)
    assert shares.sum() == pytest.approx(total)
    assert shares * weights[0] == pytest.approx(shares[0] * weights)


@pytest.mark.parametrize(
    ("total", "weights", "complaint"),
    [
        (1.0, [1, -1, np.nan], r"players \[1, 2\] are not"),
        (1.0, [0, 0], "at least one weight above 0"),
        (np.inf, [1, 2], "finite total"),
    ],
)
def test_weights_that_share_nothing_are_refused(total, weights, complaint):
    with pytest.raises(ValueError, match=complaint):
        cooperative_game.proportional_shares(total, weights)


def test_equal_shares_need_somebody():
    assert cooperative_game.equal_shares(10, 4).tolist() == [2.5] * 4
    with pytest.raises(ValueError, match="at least one player"):
        cooperative_game.equal_shares(10, 0)


@pytest.mark.parametrize(
    "rule", [cooperative_game.shapley_value, cooperative_game.separable_costs_remaining_benefits]
)
def test_every_rule_refuses_what_is_no_game(rule):
    for costs, complaint in (
        ([0.0, 1, 2], "shape"),
        ([1.0, 1], "c\\[0\\]"),
        ([0.0, np.nan], "not finite"),
    ):
        with pytest.raises(ValueError, match=complaint):
            rule(costs)
