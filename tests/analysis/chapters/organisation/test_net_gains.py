"""Chapter 5, who gains once all is paid: parts sum to chapter 4's net saving, and each is split by
who causes it.
"""

from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.chapters.organisation import net_gains
from analysis.methods.drawn_games import DrawnGames

RESIDENTS = np.array([100.0, 300.0])


def two_wards(phi=1.0, agency=0.0, own=(30.0, 40.0)):
    """One draw, p = 2: with phi 1 the two save 70 - 50 = 20 before the agency, ten each by the
    Shapley value.
    """
    return DrawnGames(
        np.array([own]), *(np.array([value]) for value in (phi, agency, 0.0, 1.0)), exponent=2
    )


def one_draw(instances=20.0, price=0.0, demand=0.0, transition=0.0, agency=0.0, draw=0):
    net = instances + price + demand - transition - agency
    return pd.DataFrame(
        [
            {
                "draw": draw,
                "instances": instances,
                "price": price,
                "demand": demand,
                "transition": transition,
                "agency": agency,
                "gross_saving_jpy": instances + price + demand,
                "net_saving_jpy": net,
            }
        ]
    )


class Plan:
    """Chapter 3's plan of one system group, with its loss where all share as the plan has them."""

    def __init__(self, instances=1, loss=0.0):
        self.terms = pd.DataFrame({"system_group": ["core"], "instances": [instances]})
        self.loss = loss

    def spend_shares(self, draws):
        return pd.DataFrame({"core": 1.0}, draws.index)

    def group_savings(self, phi, draws):
        assert phi == 0
        return pd.DataFrame({"core": -self.loss}, draws.index)


def gains(game, savings, plan=None, residents=RESIDENTS):
    draws = pd.DataFrame({"coordination_curvature": [2.0]})
    # all the orders of the wards
    orders = np.array(list(permutations(range(game.players))))
    return net_gains.plan_gains(game, plan or Plan(), draws, np.ones(1), savings, residents, orders)


def test_each_part_goes_to_the_ward_that_causes_it():
    # Pooling 20 by the Shapley value, 10 each; the agency 4, 2 each; buying 7 by spend and the move
    # 8 by residents, neither there for one ward alone: half of each to either.
    found = gains(two_wards(agency=4), one_draw(price=5, demand=2, transition=8, agency=4))[
        "shapley"
    ]
    np.testing.assert_allclose(found, [[10 - 2 + 3.5 - 4, 10 - 2 + 3.5 - 4]])


def by_definition(worth, n):
    """The Shapley value from all orders of joining; ``worth`` takes a list of players."""
    value = np.zeros(n)
    orders = list(permutations(range(n)))
    for order in orders:
        for place, player in enumerate(order):
            value[player] += worth(order[: place + 1]) - worth(order[:place])
    return value / len(orders)


@pytest.mark.parametrize("exponent", [2, np.inf])
@pytest.mark.parametrize("instances", [1, 2])
def test_the_gains_are_the_shapley_value_of_what_the_plan_brings_each_coalition(
    exponent, instances
):
    """From the definition, over all coalitions of four wards in words of chapters 3 and 4."""
    own, residents = np.array([3.0, 4.0, 5.0, 12.0]), np.array([1.0, 2.0, 2.0, 5.0])
    phi, loss, bought, moved, agency, full = 0.4, 0.05, 1.3, 6.0, 0.7, 4 / instances

    def worth(members):
        size, spend = len(members), own[list(members)].sum() if members else 0.0
        if size < 2:
            return 0.0
        of_a_platform = min(size, full)
        norm = (
            own[list(members)].max() if np.isinf(exponent) else np.hypot.reduce(own[list(members)])
        )
        spared = phi * (spend - norm) * (1 - 1 / of_a_platform) / (1 - 1 / size)
        lost = spend * loss * ((of_a_platform - 1) / (full - 1)) ** 2
        by_spend, by_residents = spend / own.sum(), residents[list(members)].sum() / residents.sum()
        return spared - lost + bought * by_spend - moved * by_residents - agency

    game = DrawnGames(
        own[None], *(np.array([x]) for x in (phi, agency, 0.0, 1.0)), exponent=exponent
    )
    net = worth((0, 1, 2, 3))
    savings = one_draw(instances=net + moved + agency, transition=moved, agency=agency)
    found = gains(game, savings, Plan(instances, loss), residents)["shapley"][0]
    np.testing.assert_allclose(found, by_definition(worth, 4))
    # the tempting answer: the one-platform game's gains, scaled until they sum to the net saving
    one_platform = own - game.shapley_estimate(np.array(list(permutations(range(4)))))[0]
    assert np.abs(found - net * one_platform / one_platform.sum()).max() > 0.1


def test_by_residents_the_whole_bill_is_shared_and_not_the_saving():
    # Bill 70 - 20 = 50, a quarter is 12.5. Tempting wrong answer: a quarter of the saving, 5 and
    # 15; then nobody could lose.
    np.testing.assert_allclose(
        gains(two_wards(), one_draw())["residents"], [[30 - 12.5, 40 - 37.5]]
    )


def test_by_own_cost_all_gain_or_all_lose_in_the_same_proportion():
    np.testing.assert_allclose(
        gains(two_wards(), one_draw(instances=0, transition=7))["own_cost"], [[-3, -4]]
    )


def test_where_pooling_saves_nothing_the_agency_is_a_loss_that_neither_causes_more_than_the_other():
    found = gains(two_wards(phi=0.0, agency=4), one_draw(instances=0, agency=7))["shapley"]
    np.testing.assert_allclose(found, [[-3.5, -3.5]])


def test_one_municipality_alone_has_nothing_to_share():
    alone = DrawnGames(np.array([[30.0]]), *np.array([[1.0], [0.0], [0.0], [1.0]]), exponent=2)
    savings = one_draw(instances=0)
    for found in gains(alone, savings, residents=np.array([100.0])).values():
        np.testing.assert_allclose(found, [[0.0]])


@given(st.floats(-50, 50), st.floats(-20, 20), st.floats(0, 50), st.floats(0, 10), st.floats(0, 1))
def test_gains_sum_to_the_net_saving_of_chapter_4_under_every_rule(
    instances, price, transition, agency, phi
):
    savings = one_draw(instances=instances, price=price, transition=transition, agency=agency)
    for found in gains(two_wards(phi=phi, agency=agency), savings).values():
        assert found.sum() == pytest.approx(savings["net_saving_jpy"].iloc[0], abs=1e-9)


def test_draws_that_chapter_4_did_not_keep_are_all_named():
    game = two_wards()
    with pytest.raises(ValueError, match="draws 3, 5"):
        net_gains.plan_gains(
            game,
            Plan(),
            pd.DataFrame(index=[0, 3, 5]),
            np.ones(3),
            one_draw(),
            RESIDENTS,
            np.array([[0, 1]]),
        )


def test_a_ward_is_said_to_gain_in_a_share_of_draws_and_never_by_its_median_alone():
    part = pd.DataFrame({"code": ["131016", "131024"], "residents": [100, 300]})
    found = {"shapley": np.array([[10.0, -30.0], [20.0, 30.0], [-10.0, 0.0], [40.0, 60.0]])}
    table = net_gains.winners_losers(part, found).set_index("code")
    # a gain of nothing is none
    assert table["gains_share"].to_dict() == {"131016": 0.75, "131024": 0.5}
    assert table.loc["131024", "gain_per_resident_p50_jpy"] == pytest.approx(15 / 300)
    assert table.loc["131016", "gain_p50_jpy"] == pytest.approx(15)


def verdicts(*gained):
    return net_gains.net_verdicts({"rule": np.array(gained, float)}).iloc[0]


def test_losers_are_counted_draw_by_draw_and_made_up_for_where_there_is_something_to_share():
    # 20 and -10: worth it, the loser lacks 10; -30 and 5: nothing to share, whatever the losers
    # lack
    row = verdicts([20, -10], [-30, 5], [4, 6])
    assert row["worth_share"] == pytest.approx(2 / 3) and row["all_gain_share"] == pytest.approx(
        1 / 3
    )
    # the middle of 10 and 0; over all draws it would be 10, with nothing to pay it from
    assert row["compensation_p50_jpy"] == 5
    assert (row["losers_p10"], row["losers_p50"], row["losers_p90"]) == (pytest.approx(0.2), 1, 1)


def test_without_a_saving_in_any_draw_there_is_no_compensation():
    row = verdicts([-1, -2], [-3, 1])
    assert row["worth_share"] == 0 and np.isnan(row["compensation_p50_jpy"])


def test_less_than_a_yen_is_no_loss():
    row = verdicts([2e9, -1e-6])
    assert (
        row["all_gain_share"] == 1 and row["losers_p90"] == 0 and row["compensation_p50_jpy"] == 0
    )
