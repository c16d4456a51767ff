"""Chapter 5, the central case: all coalitions at once, verdicts by hand, and a proof without which
nothing is shown.
"""

import numpy as np
import pytest

from analysis.chapters.organisation import central_case
from analysis.methods.coalitions import coalition_sums, members
from analysis.methods.drawn_games import DrawnGames
from analysis.methods.kohlberg import kohlberg_proof
from analysis.methods.nucleolus import nucleolus

# Littlechild & Owen (1973)
AIRPORT = np.array([0, 8, 11, 11, 13, 13, 13, 13, 18, 18, 18, 18, 18, 18, 18, 18], dtype=float)


def games(own, phi=0.4, agency=0.0, loss=(0.0,), curvature=1.0, exponent=2.0):
    """Games of a row for each list of own costs and each loss."""
    own = np.repeat(np.atleast_2d(np.array(own, float)), len(loss), axis=0)
    return DrawnGames(
        own,
        np.full(len(own), phi),
        np.full(len(own), agency),
        np.resize(loss, len(own)),
        np.full(len(own), curvature),
        exponent,
    )


# --- the case


def test_medians_of_the_wards_are_raised_to_the_median_of_the_total():
    # tempting and wrong: the medians 2 and 2 as they are; they add up to 4, the totals are 5, 5 and
    # 4
    central = central_case.central_game(games([[1, 4], [3, 2], [2, 2]]))
    assert central.own_costs.tolist() == [[2.5, 2.5]]


def test_every_coalition_pays_in_the_central_case_what_the_drawn_game_says():
    central = central_case.central_game(
        games([[1, 4, 2, 9], [3, 2, 5, 7], [2, 2, 8, 1]], agency=0.3)
    )
    costs = central_case.central_costs(central)
    for mask in range(1, 16):
        assert central.cost_of(np.isin(np.arange(4), members(mask)))[0] == pytest.approx(
            costs[mask]
        )


# --- charges and verdicts


def airport_charges():
    return central_case.central_charges(
        AIRPORT, np.array([1.0, 1, 1, 3]), central_case.settled_nucleolus(AIRPORT)
    )


def test_charges_under_every_rule_are_the_published_ones_and_pay_the_bill():
    charges = airport_charges()
    assert charges["shapley"] == pytest.approx([2, 3, 4, 9]) and charges[
        "nucleolus"
    ] == pytest.approx([3.25, 3.25, 3.25, 8.25])
    assert charges["residents"] == pytest.approx([3, 3, 3, 9]) and charges[
        "equal"
    ] == pytest.approx([4.5] * 4)
    assert charges["own_cost"] == pytest.approx(18 * np.array([8, 11, 13, 18]) / 50)
    assert all(paid.sum() == pytest.approx(18) for paid in charges.values())


def test_separable_costs_are_what_each_adds_to_the_others():
    # only the largest adds anything, 18 - 13; the other 13 by what remains of being alone, 8 : 11 :
    # 13 : 13
    assert airport_charges()["separable"] == pytest.approx(
        [13 * 8 / 45, 13 * 11 / 45, 13 * 13 / 45, 5 + 13 * 13 / 45]
    )


def test_the_verdict_names_how_many_are_tempted_and_by_how_much():
    table = central_case.central_verdicts(AIRPORT, airport_charges(), 0.0).set_index("rule")
    # 0.5, whole yen
    assert table.loc["equal", ["largest_excess_jpy", "tempted_wards", "keeps_all_in"]].tolist() == [
        0,
        3,
        False,
    ]
    assert table["keeps_all_in"].drop("equal").to_dict() == {
        "shapley": True,
        "nucleolus": True,
        "own_cost": True,
        "residents": True,
        "separable": True,
    }
    assert table.loc[
        "shapley", ["lowest_charge_jpy", "highest_charge_jpy"]
    ].tolist() == pytest.approx([2, 9])


def test_a_rule_keeps_all_in_as_long_as_nobody_gains_more_than_the_tolerance():
    # alone 6 each, together 8
    charges = {"shapley": np.array([4.0, 4.0]), "rule": np.array([7.0, 1.0])}
    costs = np.array([0.0, 6, 6, 8])
    kept = [
        central_case.central_verdicts(costs, charges, tolerance).set_index("rule").loc["rule"]
        for tolerance in (0.5, 1.0)
    ]
    assert [row["keeps_all_in"] for row in kept] == [False, True] and [
        row["wards_worse_off"] for row in kept
    ] == [1, 0]


# --- proof


def test_charges_that_are_not_proved_are_never_returned(monkeypatch):
    wrong = nucleolus(AIRPORT)
    monkeypatch.setattr(
        central_case,
        "nucleolus",
        lambda costs: wrong._replace(proof=kohlberg_proof(costs, [2, 3, 4, 9])),
    )
    with pytest.raises(ArithmeticError, match="NOT proved to be the prenucleolus"):
        central_case.settled_nucleolus(AIRPORT)


def test_the_proof_is_one_row_and_a_single_level_has_no_gap():
    # costs that only add up: every coalition is held to nothing, on one level
    additive = coalition_sums([3.0, 4.0, 5.0])
    row = central_case.nucleolus_proof(additive, central_case.settled_nucleolus(additive)).iloc[0]
    assert (
        row["holds"]
        and (row["levels"], row["coalitions"], row["all_coalitions"]) == (1, 6, 8)
        and np.isnan(row["gap"])
    )


# --- coordination


def levels_of(game, coordinated):
    """The levels of the test of a game of one row, by name."""
    return central_case.coordination_test(
        game, central_case.central_costs(game), coordinated
    ).set_index("level")


def test_without_a_loss_nobody_is_better_apart():
    row = levels_of(games([4, 5, 6, 7]), games([4, 5, 6, 7], loss=[0.1, 0.2])).loc["none"]
    assert (row["subadditive"], row["loss_by_joining_jpy"], row["smaller_side"], row["core"]) == (
        True,
        0,
        0,
        "not_empty",
    )
    assert row["saving_jpy"] == round(0.4 * (22 - np.sqrt(16 + 25 + 36 + 49)))


def test_where_two_halves_are_cheaper_no_rule_is_to_blame_and_the_core_is_not_asked_for():
    own = [400.0, 500, 600, 700, 800]
    row = levels_of(games(own), games(own, loss=[0.25], curvature=2.0)).loc["p50"]
    costs = central_case.pooled_costs(np.array(own), 0.4, 2.0, 0.0, 0.25, 2.0)
    apart = {mask: costs[mask] + costs[31 - mask] for mask in range(1, 31)}
    best = min(apart, key=apart.get)
    assert not row["subadditive"] and row["core"] == "not_asked"
    assert row["loss_by_joining_jpy"] == round(costs[31] - apart[best]) > 0
    assert row["smaller_side"] == min(best.bit_count(), 5 - best.bit_count()) == 2


def test_a_core_is_called_empty_where_nobody_is_better_apart_and_all_the_same_some_would_leave():
    # any two of three save 0.3675, all three 0.41: less than three pairs could, each of whom wants
    # the same member twice
    row = levels_of(
        games([1e6] * 3, exponent=np.inf),
        games([1e6] * 3, loss=[0.13], curvature=3.0, exponent=np.inf),
    ).loc["p50"]
    assert row["subadditive"] and row["core"] == "empty" and row["loss_by_joining_jpy"] == 0
    assert row["saving_jpy"] == 410_000
