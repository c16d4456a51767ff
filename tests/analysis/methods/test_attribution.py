"""Savings of levers that meet on the same yen: they multiply, and the shares of credit add up."""

from functools import reduce
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
    return costs, {
        f"lever_{i}": draw(arrays(float, (draws, cells), elements=effect)) for i in range(count)
    }


def total_saving(costs, effects):
    # each saves on what the others leave
    left = reduce(np.multiply, [1 - np.asarray(effect) for effect in effects.values()])
    return np.sum(costs * (1 - left), axis=-1)


def average_over_orders(value, players):
    """Shapley's average, counted out: what each adds to those before it, over all orders in which
    they could have come.
    """
    orders = list(permutations(players))
    return {
        player: (
            sum(
                value(order[: order.index(player) + 1]) - value(order[: order.index(player)])
                for order in orders
            )
            / len(orders)
        )
        for player in players
    }


# --- levers over draws and cells


def test_two_levers_split_what_they_save_together_by_hand():
    # price first 10, second 8; demand first 20, second 18; together 28
    shares = attribution.lever_attribution([100.0], {"price": 0.1, "demand": 0.2})
    assert shares.iloc[0].to_dict() == pytest.approx({"price": 9, "demand": 19})


def test_three_levers_on_one_cell_add_up_to_less_than_their_sum():
    # tempting and wrong: 0.3 + 0.1 + 0.05; each lever saves on what the others have left, not on
    # the whole
    shares = attribution.lever_attribution([1.0], {"instances": 0.3, "price": 0.1, "demand": 0.05})
    assert shares.sum(axis=1).item() == pytest.approx(1 - 0.7 * 0.9 * 0.95)


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
    np.testing.assert_allclose(
        shares.sum(axis=1), total_saving(costs, effects), rtol=1e-9, atol=1e-6
    )


@steady
@given(lever_cells(levers=st.integers(1, 4)))
def test_integral_agrees_with_the_average_over_orders(case):
    costs, effects = case

    def saving(levers):
        return total_saving(costs, {lever: effects[lever] for lever in levers}) if levers else 0.0

    oracle = pd.DataFrame(average_over_orders(saving, list(effects)))
    np.testing.assert_allclose(
        attribution.lever_attribution(costs, effects), oracle, rtol=1e-9, atol=1e-4
    )


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
    np.testing.assert_allclose(
        shares, attribution.lever_attribution(costs, effects), rtol=1e-9, atol=1e-4
    )


def test_costs_and_effects_may_each_vary_by_draw_or_by_cell():
    costs = np.array([[100.0, 50.0], [80.0, 70.0], [60.0, 90.0]])
    effects = {
        "price": np.array([[0.1], [0.2], [0.3]]),
        "demand": np.array([0.5, 0.0]),
        "instances": 0.25,
    }
    shares = attribution.lever_attribution(costs, effects)
    assert shares.index.name == "draw" and shares.shape == (3, 3)
    np.testing.assert_allclose(shares.sum(axis=1), total_saving(costs, effects))


def test_draws_beyond_one_block_of_rows_are_attributed_alike():
    draws = 2 * attribution.ROWS_AT_ONCE + 3
    effects = {
        lever: np.random.default_rng(i).uniform(0, 0.5, (draws, 2))
        for i, lever in enumerate(LEVERS)
    }
    shares = attribution.lever_attribution([3.0, 4.0], effects)
    last = attribution.lever_attribution(
        [3.0, 4.0], {lever: effect[-5:] for lever, effect in effects.items()}
    )
    assert len(shares) == draws
    np.testing.assert_allclose(shares.tail(5), last)


@pytest.mark.parametrize(
    ("costs", "effects", "complaint"),
    [
        (
            [1.0],
            {"price": 10, "demand": 0.2, "instances": [0.1, -3]},
            r"-1..1, as shares: instances \(-3\), price \(10\)",
        ),
        ([1.0], {"price": [0.1, np.nan]}, r"price \(nan\)"),
        ([1.0], {}, "no lever"),
        ([1.0, np.nan], {"price": 0.1}, "costs must be finite"),
        ([1.0], {"price": np.full((2, 2, 2), 0.1)}, r"\(2, 2, 2\)"),
    ],
)
def test_effects_that_are_no_shares_are_refused_by_lever(costs, effects, complaint):
    with pytest.raises(ValueError, match=complaint):
        attribution.lever_attribution(costs, effects)


# --- waterfall

UK_CCS = {"frameworks": 311, "less demand": 114, "negotiation": 92}  # 2015-16, million GBP


def test_uk_levers_leave_four_million_of_the_customers_saving_unallocated():
    steps = attribution.waterfall(UK_CCS, total=282 + 101 + 138)
    assert steps["lever"].tolist() == [*UK_CCS, "unallocated"]
    assert steps["amount"].tolist() == [311, 114, 92, 4]
    assert steps["before"].tolist() == [0, 311, 425, 517]
    assert steps["after"].tolist() == [311, 425, 517, 521]


def test_scaling_the_levers_would_hide_that_two_accounts_differ():
    # tempting and wrong: 311 x 521/517 = 313.4 makes the bars fit and reports a figure nobody
    # published
    assert attribution.waterfall(UK_CCS, 521).loc[0, "amount"] == 311


def test_a_small_rest_is_still_a_rest():
    assert attribution.waterfall({"price": 0.3, "demand": 0.1}, 0.45).iloc[-1][
        "amount"
    ] == pytest.approx(0.05)


def test_levers_that_explain_too_much_leave_a_negative_rest():
    assert attribution.waterfall(UK_CCS, 500).iloc[-1]["amount"] == -17


@steady
@given(lever_cells(effect=st.integers(0, 100).map(lambda percent: percent / 100)))
def test_attributed_levers_leave_nothing_unallocated(case):
    costs, effects = case
    shares = attribution.lever_attribution(costs, effects).iloc[0]
    steps = attribution.waterfall(shares, np.atleast_1d(total_saving(costs, effects))[0])
    assert steps["amount"].iloc[-1] == 0


@pytest.mark.parametrize(
    ("contributions", "total", "complaint"),
    [
        ({"a": np.nan, "b": 1, "c": np.inf}, np.nan, "not finite: a, c, total"),
        ({"unallocated": 3}, 3, "called 'unallocated'"),
        ({}, 3, "needs levers"),
    ],
)
def test_amounts_that_cannot_be_drawn_are_refused(contributions, total, complaint):
    with pytest.raises(ValueError, match=complaint):
        attribution.waterfall(contributions, total)
