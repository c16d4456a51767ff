"""Hundreds of games at once against the one game that lists all its coalitions."""

import tracemalloc
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.methods.coalitions import coalition_sizes, coalition_sums, members
from analysis.methods.cooperative_game import shapley_value
from analysis.methods.drawn_games import DrawnGames, running_norm
from analysis.methods.pooling_game import pooled_costs
from tests.analysis.methods.core import in_core


@st.composite
def drawn(draw, most=7, coordination=True):
    """Two to seven players in three draws, with every part of the game drawn."""
    players, rng = draw(st.integers(2, most)), np.random.default_rng(draw(st.integers(0, 9999)))
    loss = rng.uniform(0, 0.3, 3) * coordination * draw(st.booleans())
    return DrawnGames(
        rng.lognormal(size=(3, players)) * 1e9,
        rng.uniform(0, 1, 3),
        rng.uniform(0, 1e9, 3) * draw(st.booleans()),
        loss,
        rng.uniform(1, 2, 3),
        draw(st.sampled_from([1.0, 2.0, 3.5, 20.0, np.inf])),
    )


def listed(game, row):
    """The same game as an array of 2^n costs."""
    return pooled_costs(
        game.own_costs[row],
        game.fixed_share[row],
        game.exponent,
        game.agency_cost[row],
        game.loss[row],
        game.curvature[row],
    )


def one(own, phi=1.0, agency=0.0, loss=0.0, exponent=2.0):
    return DrawnGames(
        np.array([own], float), *(np.array([value]) for value in (phi, agency, loss, 1.0)), exponent
    )


@given(drawn(most=5))
def test_every_coalition_pays_what_the_listed_game_says(game):
    costs = np.array([listed(game, row) for row in range(3)])
    for mask in range(1, costs.shape[1]):
        inside = np.isin(np.arange(game.players), members(mask))
        np.testing.assert_allclose(game.cost_of(inside), costs[:, mask], rtol=1e-12)


@given(drawn(), st.integers(0, 99))
def test_the_most_tempted_of_each_size_is_that_of_the_plain_list(game, seed):
    # charges of all kinds: any split of the bill, fair or not
    split = np.random.default_rng(seed).dirichlet(np.full(game.players, 0.7), 3)
    costs = np.array([listed(game, row) for row in range(3)])
    charges = split * costs[:, -1:]
    sizes, found = coalition_sizes(game.players), game.largest_excesses(charges)
    for row in range(3):
        excess = coalition_sums(charges[row]) - costs[row]
        expected = [excess[sizes == size].max() for size in range(1, game.players)]
        np.testing.assert_allclose(found[row], expected, atol=1e-9 * costs[row, -1])


def test_the_most_tempted_coalition_is_neither_one_alone_nor_all_but_one():
    # tempting and wrong: to look at single players and at n - 1; three equal small and three equal
    # large, split evenly
    game = one([1, 1, 1, 9, 9, 9], exponent=np.inf)
    excesses = game.largest_excesses(np.full((1, 6), 9 / 6))[0]
    assert excesses.argmax() + 1 == 3 and excesses.max() == pytest.approx(3 * 1.5 - 1)


@given(drawn(most=5))
def test_the_estimate_over_all_orders_is_the_shapley_value(game):
    estimate = game.shapley_estimate(np.array(list(permutations(range(game.players)))))
    for row in range(3):
        np.testing.assert_allclose(estimate[row], shapley_value(listed(game, row)), rtol=1e-9)


@given(drawn(coordination=False), st.integers(0, 99))
def test_without_coordination_the_estimate_from_any_orders_lies_in_the_core(game, seed):
    # savings are convex: what each adds in one order is in the core, and so is every mean of orders
    orders = np.random.default_rng(seed).permuted(np.tile(np.arange(game.players), (3, 1)), axis=1)
    estimate = game.shapley_estimate(orders)
    np.testing.assert_allclose(estimate.sum(axis=1), game.cost_of(np.ones(game.players, bool)))
    assert all(in_core(listed(game, row), estimate[row]) for row in range(3))
    assert (game.largest_excesses(estimate).max(axis=1) <= 1e-9 * game.own_costs.sum(axis=1)).all()


def test_two_by_hand_and_nobody_pools_alone():
    game = one([3, 4], phi=0.5, agency=0.25)
    assert game.paths(np.array([1, 0])).tolist() == [[4, 0.5 * 7 + 0.5 * 5 + 0.25]]
    assert game.paths(np.array([[0, 1]])).tolist() == [[3, 6.25]]


def test_an_agency_that_costs_more_than_it_saves_is_not_founded():
    assert one([3, 4], phi=0.5, agency=2).cost_of(np.ones(2, bool)).tolist() == [7]


def test_coordination_counts_the_members_and_not_the_places_of_the_order():
    # two of three lose a half of what three lose: (2 - 1) / (3 - 1)
    game = one([2, 2, 2], phi=0.0, loss=0.1)
    assert game.paths(np.arange(3)).tolist() == [[2, 4, 6]]  # never more than alone
    saving = one([2, 2, 2], phi=1.0, loss=0.1, exponent=np.inf)
    np.testing.assert_allclose(saving.paths(np.arange(3)), [[2, 2 + 0.05 * 4, 2 + 0.1 * 6]])


def test_yen_to_the_power_of_sixty_four_do_not_overflow():
    assert running_norm(np.array([2e9, 5e9, 3e9]), 64)[-1] == pytest.approx(5e9, rel=1e-9)


@given(st.lists(st.floats(0.1, 10), min_size=1, max_size=8))
def test_the_norm_lies_between_the_largest_and_the_sum(values):
    values = np.array(values)
    for exponent in (1, 1.5, 4, 64):
        norm = running_norm(values, exponent)
        assert (norm >= np.maximum.accumulate(values) - 1e-9).all() and (
            norm <= values.cumsum() + 1e-9
        ).all()
    np.testing.assert_allclose(running_norm(values, 1), values.cumsum())


def test_a_coalition_of_nobody_is_refused():
    with pytest.raises(ValueError, match="needs a member"):
        one([3, 4]).cost_of(np.zeros(2, bool))


def test_players_who_are_alike_and_players_who_weigh_next_to_nothing_hide_no_coalition():
    """Tempting: to walk along slopes at which only two change places, or to take a weight away from
    a sum that it stands in; with the power of 20 a small weight is lost in what a large one leaves.
    """
    for own in ([4, 4, 4, 9, 9, 9, 1], [1, 1e-3, 1e-3, 2e-3, 5, 5e-6, 3]):
        game = one(own, phi=0.6, agency=0.2, exponent=20.0)
        costs = listed(game, 0)
        sizes = coalition_sizes(7)
        for split in ([1, 1, 1, 1, 1, 1, 1], own, [3, 1, 1, 5, 5, 5, 0]):
            charges = costs[-1] * np.array(split, float) / sum(split)
            excess = coalition_sums(charges) - costs
            expected = [excess[sizes == size].max() for size in range(1, 7)]
            found = game.largest_excesses(charges[None])[0]
            np.testing.assert_allclose(found, expected, atol=1e-12 * costs[-1])


def test_sixty_players_take_little_memory():
    """Tempting: to sort the players anew for each of the 1,770 pairs that may change places, which
    held 1.5 GB.
    """
    rng = np.random.default_rng(1)
    own = rng.lognormal(size=(256, 60)) * 1e9
    each = rng.uniform(0, 0.5, 256)
    game = DrawnGames(own, each, each * 1e9, 0 * each, 1 + 0 * each, 2.0)
    tracemalloc.start()
    game.largest_excesses(np.repeat(own.sum(axis=1, keepdims=True) / 60, 60, axis=1))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 200e6
