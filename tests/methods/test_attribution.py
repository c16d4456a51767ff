"""Savings of levers that meet on the same yen: they multiply, and the shares of credit add up."""

from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from analysis.methods import attribution

steady = settings(deadline=None)  # a busy machine is no failure
LEVERS = ["instances", "price", "demand"]
EFFECT = st.floats(-0.5, 1.0)


@st.composite
def lever_cells(draw, levers=st.integers(1, 5), effect=EFFECT):
    """Costs (cells,) and effects (draws, cells) of some levers."""
    count, draws, cells = draw(levers), draw(st.integers(1, 4)), draw(st.integers(1, 5))
    costs = draw(arrays(float, cells, elements=st.integers(0, 10**9).map(float)))
    return costs, {f"lever_{i}": draw(arrays(float, (draws, cells), elements=effect)) for i in range(count)}


def total_saving(costs, effects):
    return np.sum(costs * attribution.combined_share(effects), axis=-1)


# --- combined effects -------------------------------------------------------------------------------------------------

def test_three_levers_on_one_cell_by_hand():
    share = attribution.combined_share({"instances": 0.3, "price": 0.1, "demand": np.array([0.05, 0.0])})
    assert share == pytest.approx([1 - 0.7 * 0.9 * 0.95, 1 - 0.7 * 0.9])


@steady
@given(st.lists(st.floats(0.01, 1), min_size=2, max_size=5))
def test_adding_savings_overshoots(effects):
    # tempting and wrong: each lever saves on what the others have left, not on the whole
    assert attribution.combined_share(dict(enumerate(effects))) < sum(effects)


# --- Shapley ----------------------------------------------------------------------------------------------------------

def table_game(players, seed):
    """A game with an arbitrary value for every set of players."""
    worth = dict(enumerate(np.random.default_rng(seed).normal(size=2 ** len(players))))
    return lambda group: worth[sum(1 << players.index(player) for player in group)]


def test_runways_of_littlechild_and_owen_cost_2_3_4_9():
    runway = {"a": 8, "b": 11, "c": 13, "d": 18}
    shares = attribution.shapley_contributions(lambda group: max(map(runway.get, group), default=0), list(runway))
    assert list(shares.values()) == pytest.approx([2, 3, 4, 9])


@steady
@given(n=st.integers(1, 5), seed=st.integers(0, 999))
def test_weights_by_size_agree_with_counting_every_order(n, seed):
    players = list("abcde"[:n])
    value = table_game(players, seed)
    orders = list(permutations(players))
    counted = {
        player: np.mean([
            value(frozenset(order[: order.index(player) + 1])) - value(frozenset(order[: order.index(player)]))
            for order in orders
        ])
        for player in players
    }
    assert attribution.shapley_contributions(value, players) == pytest.approx(counted, abs=1e-12)


@steady
@given(n=st.integers(1, 7), seed=st.integers(0, 999))
def test_contributions_sum_to_what_all_add_to_none(n, seed):
    players = list(range(n))
    value = table_game(players, seed)
    shares = attribution.shapley_contributions(value, players)
    assert sum(shares.values()) == pytest.approx(value(frozenset(players)) - value(frozenset()), abs=1e-12)


def test_values_may_be_arrays_over_draws():
    effects = {"price": np.array([0.1, 0.2, 0.0]), "demand": np.array([0.2, 0.2, 0.5])}

    def saving(levers):
        return attribution.combined_share({lever: effects[lever] for lever in levers}) if levers else 0.0

    shares = attribution.shapley_contributions(saving, list(effects))
    assert shares["price"] == pytest.approx([0.09, 0.18, 0.0])
    assert shares["demand"] == pytest.approx([0.19, 0.18, 0.5])


def test_twelve_players_are_shared_out_and_thirteen_refused():
    shares = attribution.shapley_contributions(lambda group: len(group) ** 2, list(range(12)))
    assert list(shares.values()) == pytest.approx([12.0] * 12)
    with pytest.raises(ValueError, match="not 13"):
        attribution.shapley_contributions(len, list(range(13)))


def test_players_named_twice_are_all_refused():
    with pytest.raises(ValueError, match="named twice: a, b"):
        attribution.shapley_contributions(len, ["b", "a", "b", "a", "c"])


# --- levers over draws and cells --------------------------------------------------------------------------------------

def test_two_levers_split_what_they_save_together_by_hand():
    # price first 10, second 8; demand first 20, second 18; together 28
    shares = attribution.lever_attribution([100.0], {"price": 0.1, "demand": 0.2})
    assert shares.iloc[0].to_dict() == pytest.approx({"price": 9, "demand": 19})


def test_the_order_of_counting_decides_who_gets_the_credit():
    # tempting and wrong: a waterfall in one order; the first lever gets 10 of 10, the second 8
    saved = 100 * (1 - 0.8 * 0.8)
    first, second = 20, saved - 20
    shares = attribution.lever_attribution([100.0], {"price": 0.2, "demand": 0.2}).iloc[0]
    assert first > second
    assert shares["price"] == pytest.approx(shares["demand"]) == pytest.approx(18)


@steady
@given(lever_cells())
def test_rows_sum_to_the_total_saving(case):
    costs, effects = case
    shares = attribution.lever_attribution(costs, effects)
    np.testing.assert_allclose(shares.sum(axis=1), total_saving(costs, effects), rtol=1e-9, atol=1e-6)


@steady
@given(lever_cells(levers=st.integers(1, 4)))
def test_integral_agrees_with_the_average_over_orders(case):
    costs, effects = case

    def saving(levers):
        return total_saving(costs, {lever: effects[lever] for lever in levers}) if levers else 0.0

    oracle = pd.DataFrame(attribution.shapley_contributions(saving, list(effects)))
    np.testing.assert_allclose(attribution.lever_attribution(costs, effects), oracle, rtol=1e-9, atol=1e-4)


@steady
@given(lever_cells(levers=st.just(2)))
def test_levers_that_do_the_same_get_the_same(case):
    costs, effects = case
    twins = attribution.lever_attribution(costs, effects | {"twin": effects["lever_0"]})
    np.testing.assert_allclose(twins["twin"], twins["lever_0"], rtol=1e-9, atol=1e-6)


@steady
@given(lever_cells())
def test_a_lever_that_does_nothing_gets_nothing_and_changes_nothing(case):
    costs, effects = case
    shares = attribution.lever_attribution(costs, effects | {"idle": 0.0})
    assert (shares.pop("idle") == 0).all()
    np.testing.assert_allclose(shares, attribution.lever_attribution(costs, effects), rtol=1e-9, atol=1e-4)


def test_costs_and_effects_may_each_vary_by_draw_or_by_cell():
    costs = np.array([[100.0, 50.0], [80.0, 70.0], [60.0, 90.0]])
    effects = {"price": np.array([[0.1], [0.2], [0.3]]), "demand": np.array([0.5, 0.0]), "instances": 0.25}
    shares = attribution.lever_attribution(costs, effects)
    assert shares.index.name == "draw" and shares.shape == (3, 3)
    np.testing.assert_allclose(shares.sum(axis=1), total_saving(costs, effects))


def test_draws_beyond_one_block_of_rows_are_attributed_alike():
    draws = 2 * attribution.ROWS_AT_ONCE + 3
    effects = {lever: np.random.default_rng(i).uniform(0, 0.5, (draws, 2)) for i, lever in enumerate(LEVERS)}
    shares = attribution.lever_attribution([3.0, 4.0], effects)
    last = attribution.lever_attribution([3.0, 4.0], {lever: effect[-5:] for lever, effect in effects.items()})
    assert len(shares) == draws
    np.testing.assert_allclose(shares.tail(5), last)


@pytest.mark.parametrize(("costs", "effects", "complaint"), [
    ([1.0], {"price": 10, "demand": 0.2, "instances": [0.1, -3]}, r"-1..1, as shares: instances \(-3\), price \(10\)"),
    ([1.0], {"price": [0.1, np.nan]}, r"price \(nan\)"),
    ([1.0], {}, "no lever"),
    ([1.0, np.nan], {"price": 0.1}, "costs must be finite"),
    ([1.0], {"price": np.full((2, 2, 2), 0.1)}, r"\(2, 2, 2\)"),
])
def test_effects_that_are_no_shares_are_refused_by_lever(costs, effects, complaint):
    with pytest.raises(ValueError, match=complaint):
        attribution.lever_attribution(costs, effects)


# --- waterfall --------------------------------------------------------------------------------------------------------

UK_CCS = {"frameworks": 311, "less demand": 114, "negotiation": 92}  # 2015-16, million GBP


def test_uk_levers_leave_four_million_of_the_customers_saving_unallocated():
    steps = attribution.waterfall(UK_CCS, total=282 + 101 + 138)
    assert steps["lever"].tolist() == [*UK_CCS, "unallocated"]
    assert steps["amount"].tolist() == [311, 114, 92, 4]
    assert steps["before"].tolist() == [0, 311, 425, 517]
    assert steps["after"].tolist() == [311, 425, 517, 521]


def test_scaling_the_levers_would_hide_that_two_accounts_differ():
    # tempting and wrong: 311 x 521/517 = 313.4 makes the bars fit and reports a figure nobody published
    assert attribution.waterfall(UK_CCS, 521).loc[0, "amount"] == 311


def test_a_small_rest_is_still_a_rest():
    assert attribution.waterfall({"price": 0.3, "demand": 0.1}, 0.45).iloc[-1]["amount"] == pytest.approx(0.05)


def test_levers_that_explain_too_much_leave_a_negative_rest():
    assert attribution.waterfall(UK_CCS, 500).iloc[-1]["amount"] == -17


@steady
@given(lever_cells(effect=st.integers(0, 100).map(lambda percent: percent / 100)))
def test_attributed_levers_leave_nothing_unallocated(case):
    costs, effects = case
    shares = attribution.lever_attribution(costs, effects).iloc[0]
    steps = attribution.waterfall(shares, np.atleast_1d(total_saving(costs, effects))[0])
    assert steps["amount"].iloc[-1] == 0


@pytest.mark.parametrize(("contributions", "total", "complaint"), [
    ({"a": np.nan, "b": 1, "c": np.inf}, np.nan, "not finite: a, c, total"),
    ({"unallocated": 3}, 3, "called 'unallocated'"),
    ({}, 3, "needs levers"),
])
def test_amounts_that_cannot_be_drawn_are_refused(contributions, total, complaint):
    with pytest.raises(ValueError, match=complaint):
        attribution.waterfall(contributions, total)
