"""Chapter 5, who pays what: charges and temptations by hand, one phi in the whole study, verdicts
as shares of draws.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.chapters.organisation import cost_sharing
from analysis.methods.drawn_games import DrawnGames

PART = pd.DataFrame({"code": ["131016", "131024"], "residents": [100, 300]})
RESIDENTS = PART["residents"].to_numpy(float)


def game(own, phi=1.0, agency=0.0, exponent=2.0):
    """A game of a row for each list of own costs; with phi 1 and p 2, three and four together pay
    five.
    """
    own = np.atleast_2d(np.array(own, float))
    return DrawnGames(
        own, *(np.full(len(own), value) for value in (phi, agency, 0.0, 1.0)), exponent
    )


def long_costs(*rows):
    """Own costs as chapter 2 writes them: a row per draw and ward."""
    return pd.DataFrame(
        [
            (draw, code, cost)
            for draw, row in enumerate(rows)
            for code, cost in zip(PART["code"], row, strict=False)
        ],
        columns=["draw", "code", "cost_jpy"],
    )


def inputs(draws, agency=0.0, loss=0.1, curvature=1.0):
    return pd.DataFrame(
        {
            "agency_running_cost": agency,
            "coordination_loss": loss,
            "coordination_curvature": curvature,
        },
        index=range(draws),
    )


def pooled(*shares):
    return pd.DataFrame({"draw": range(len(shares)), "fixed_share": shares})


def temptation(own, charges, tolerance=0.0, **more):
    return cost_sharing.temptation(
        "as_run", game(own, **more), {"rule": np.atleast_2d(np.array(charges, float))}, tolerance
    ).iloc[0]


# --- one phi in the whole study


@given(
    st.lists(st.floats(0.1, 10), min_size=2, max_size=8),
    st.floats(0, 0.4),
    st.sampled_from([2.0, 5.0, np.inf]),
)
def test_all_together_save_what_chapter_3_says_of_one_platform(own, phi, exponent):
    own = np.array([own])
    scaled = cost_sharing.scaled_fixed_share(own, np.array([phi]), exponent)
    together = DrawnGames(own, scaled, *np.array([[0.0], [0.0], [1.0]]), exponent).cost_of(
        np.ones(own.shape[1], bool)
    )
    # the same n municipalities, were they of equal size
    chapter_3 = phi * (1 - 1 / own.shape[1]) * own.sum()
    if scaled[0] < 1:
        assert own.sum() - together[0] == pytest.approx(chapter_3, rel=1e-9)
    else:
        assert own.sum() - together[0] <= chapter_3 + 1e-9


def test_the_same_phi_for_unequal_municipalities_would_save_another_sum():
    # tempting and wrong: 1 and 9 on one platform that the larger sets spare 1 of 10, two equal
    # municipalities 5 of 10
    unscaled = game([1, 9], phi=0.4, exponent=np.inf)
    assert 10 - unscaled.cost_of(np.ones(2, bool))[0] == pytest.approx(0.4)
    assert 0.4 * (1 - 1 / 2) * 10 == 2
    # cut: 2 cannot be spared
    assert cost_sharing.scaled_fixed_share(
        np.array([[1.0, 9.0]]), np.array([0.4]), np.inf
    ) == pytest.approx([1.0])


def test_games_follow_the_draws_and_the_codes_and_not_the_order_of_rows():
    shuffled = long_costs([3, 4], [30, 40]).sample(frac=1, random_state=1)
    found = cost_sharing.ward_games(
        shuffled, pooled(0.2, 0.4).iloc[::-1], inputs(2, agency=7.0), 2.0
    )
    assert found.own_costs.tolist() == [[3, 4], [30, 40]] and found.agency_cost.tolist() == [7, 7]
    # together 7 - 5 are spared
    assert found.fixed_share == pytest.approx(np.array([0.2, 0.4]) * 0.5 * 7 / 2)
    assert (
        not found.loss.any()
        and cost_sharing.ward_games(shuffled, pooled(0.2, 0.4), inputs(2), None).exponent == np.inf
    )


def test_draws_without_costs_or_without_phi_are_all_named():
    with pytest.raises(ValueError, match="no ward costs or no fixed share in draws 1, 2, 3$"):
        cost_sharing.ward_games(long_costs([3, 4], [3], [3, 4]), pooled(0.2, 0.2), inputs(4), 2.0)


@dataclass(frozen=True)
class PlanOfGroups:
    """Chapter 3's plan, as far as its coordination goes: on one platform all is lost that can be,
    on more platforms nothing.
    """

    terms: pd.DataFrame

    def group_savings(self, phi, draws):
        loss = draws["coordination_loss"].to_numpy()[:, None]
        lost = (
            loss * (self.terms["coordination_factor"] * (self.terms["instances"] == 1)).to_numpy()
        )
        return pd.DataFrame(-lost, draws.index, self.terms["system_group"])


def test_coordination_is_averaged_over_system_groups_by_spend():
    terms = pd.DataFrame(
        {
            "system_group": ["core", "internal"],
            "spend_share": [0.75, 0.25],
            "coordination_factor": [1.0, 0.2],
            "instances": [4, 2],
        }
    )
    found = cost_sharing.with_coordination(
        game([[3, 4], [5, 6], [7, 8]]),
        inputs(3, loss=0.1, curvature=1.5),
        PlanOfGroups(terms),
        2,
    )
    assert found.loss == pytest.approx([0.08, 0.08]) and found.curvature.tolist() == [1.5, 1.5]
    assert found.own_costs.tolist() == [[3, 4], [5, 6]]


# --- charges


def test_charges_of_two_wards_by_hand():
    # alone 3 and 4, together 5; joining first the one pays 3 and the other 2, joining last 1 and 4
    charges = cost_sharing.quick_charges(game([3, 4]), RESIDENTS)
    assert {rule: paid[0].round(9).tolist() for rule, paid in charges.items()} == {
        "shapley": [2, 3],
        "own_cost": [round(15 / 7, 9), round(20 / 7, 9)],
        "residents": [1.25, 3.75],
        "equal": [2.5, 2.5],
    }


@settings(max_examples=15)
@given(st.lists(st.floats(0.1, 10), min_size=2, max_size=9), st.floats(0, 1), st.floats(0, 2))
def test_every_rule_pays_the_bill_and_charges_nobody_below_nothing(own, phi, agency):
    drawn = game(own, phi, agency)
    bill = drawn.cost_of(np.ones(len(own), bool))[0]
    for rule, paid in cost_sharing.quick_charges(drawn, np.arange(1.0, len(own) + 1)).items():
        assert paid.sum() == pytest.approx(bill), rule
        assert (paid >= -1e-12).all(), rule


def test_joining_orders_are_the_same_in_every_run_and_hold_everybody():
    orders = cost_sharing.joining_orders(23, 50)
    assert (orders == cost_sharing.joining_orders(23, 50)).all() and (
        np.sort(orders) == np.arange(23)
    ).all()
    assert len({tuple(order) for order in orders}) == 50


def test_the_error_of_the_estimate_is_a_share_of_the_charge():
    central = game([3, 4])
    assert cost_sharing.shapley_error(central, np.array([2.0, 3.0])) == pytest.approx(0, abs=1e-12)
    assert cost_sharing.shapley_error(central, np.array([2.5, 3.0])) == pytest.approx(0.2)


# --- what each ward pays


def shares_of(own, charges):
    table = cost_sharing.cost_shares(
        PART,
        game(own),
        {"rule": np.array(charges, float)},
        {"rule": np.array([1.0, 2.0]), "slow": np.array([1.5, 1.5])},
        np.array([2.0, 4.0]),
    )
    return table.set_index(["rule", "code"])


def test_a_ward_is_dearer_in_a_share_of_draws_and_its_share_is_taken_draw_by_draw():
    # tempting and wrong: the median charge over the median own cost, 6 / 2; draw by draw the shares
    # are 2, 3, 0.5
    found = shares_of([[1, 4], [2, 4], [20, 4]], [[2, 1], [6, 1], [10, 1]]).loc[("rule", "131016")]
    assert found["share_of_own_cost_p50"] == 2 and found["charge_p50_jpy"] == 6
    assert found["worse_off_share"] == pytest.approx(2 / 3) and found["gain_p50_jpy"] == -1
    assert found["charge_per_resident_p50_jpy"] == pytest.approx(0.06)


def test_less_than_a_yen_is_neither_gain_nor_loss():
    # where nothing is saved a ward pays its own cost but for rounding, and must not count as dearer
    # in half of the draws
    found = shares_of([[2e9, 4e9], [2e9, 4e9]], [[2e9 + 1e-6, 4e9], [2e9 - 1e-6, 4e9]]).loc["rule"]
    assert (found["worse_off_share"] == 0).all() and (
        found[["gain_p10_jpy", "gain_p90_jpy"]] == 0
    ).all(axis=None)


def test_slow_rules_have_the_central_case_alone():
    found = shares_of([[1, 4]], [[2, 1]])
    assert found.loc[("slow", "131024"), "central_share_of_own_cost"] == 1.5 / 4
    assert (
        found.loc["slow", "charge_p50_jpy"].isna().all()
        and found.loc["rule", "charge_p50_jpy"].notna().all()
    )


@pytest.mark.parametrize(
    ("charges", "largest"), [([[1, 3], [2, 2]], 0.5 + 0.5 * 0.25), ([[0, 1], [1, 0]], 1.0)]
)
def test_the_largest_share_names_no_ward(charges, largest):
    # in the second case another ward bears all in each draw: the largest mean share would be a half
    assert cost_sharing.largest_share(np.array(charges, float))["p50"] == pytest.approx(largest)


# --- who would leave


def test_a_small_ward_with_many_residents_leaves_when_residents_pay():
    # alone 3 and 4, together 5, of which the second has three quarters of the residents; the first
    # would pay 1.25, the second 3.75
    assert temptation([3, 4], [1.25, 3.75])["ward_leaves_share"] == 0
    row = temptation([4, 3], [1.25, 3.75])
    assert (
        row["ward_leaves_share"],
        row["coalition_leaves_share"],
        row["smallest_leaving_p50"],
        row["worse_off_p50"],
    ) == (1, 1, 1, 1)
    assert row["largest_excess_p50_jpy"] == row["compensation_p50_jpy"] == 1  # whole yen


def test_a_rule_that_suits_every_ward_may_still_lose_two_together():
    # the largest sets the platform at 100: by own cost the small pay 8.3 each, less than 10 alone,
    # yet 10 together
    row = temptation([10, 10, 100], [100 / 12, 100 / 12, 1000 / 12], exponent=np.inf)
    assert row["ward_leaves_share"] == 0 and row["coalition_leaves_share"] == 1
    assert row["smallest_leaving_p50"] == 2 and row["largest_excess_p50_jpy"] == 7  # 16.7 less 10


def test_who_gains_less_than_the_tolerance_stays():
    assert temptation([4, 3], [0, 5], tolerance=1.9)["ward_leaves_share"] == 1
    stays = temptation([4, 3], [0, 5], tolerance=2.0)
    assert stays["ward_leaves_share"] == stays["coalition_leaves_share"] == 0
    assert np.isnan(stays["smallest_leaving_p50"]) and stays["largest_excess_p50_jpy"] == 2


def test_verdicts_are_shares_of_draws():
    row = temptation([[3, 4], [4, 3], [3, 4], [3, 4]], [[1.25, 3.75]] * 4)
    assert row["ward_leaves_share"] == 0.25 and row["draws"] == 4


def test_every_variant_has_a_row_for_every_rule():
    charges = {"one": np.array([[1.0, 4.0]]), "other": np.array([[2.0, 3.0]])}
    table = cost_sharing.temptations(
        {
            "as_run": (game([3, 4]), charges),
            "largest_ward": (game([3, 4], exponent=np.inf), charges),
        },
        0.0,
    )
    assert table.groupby("variant")["rule"].apply(list).to_dict() == {
        "as_run": ["one", "other"],
        "largest_ward": ["one", "other"],
    }


@settings(max_examples=15)
@given(
    st.lists(st.floats(1e8, 1e10), min_size=2, max_size=8),
    st.floats(0.01, 1),
    st.floats(0, 1e9),
    st.sampled_from([2.0, 8.0, np.inf]),
)
def test_the_shapley_value_keeps_everybody_in_which_is_a_theorem(own, phi, agency, exponent):
    drawn = game(own, phi, agency, exponent)
    charges = cost_sharing.quick_charges(drawn, np.ones(len(own)))
    row = cost_sharing.temptation("as_run", drawn, {"shapley": charges["shapley"]}, 1.0).iloc[0]
    assert row["coalition_leaves_share"] == 0 and row["worse_off_p90"] == 0


# --- how many, and who


def test_one_ward_saves_nothing_and_all_save_what_the_game_says_in_any_order():
    drawn = game([[3, 4, 5], [6, 8, 10]], phi=0.5, agency=0.1)
    curve = cost_sharing.participation(drawn).set_index("wards")
    saved = drawn.own_costs.sum(axis=1) - drawn.cost_of(np.ones(3, bool))
    assert curve.loc[1, ["saving_p10_jpy", "saving_p90_jpy", "pays_share"]].tolist() == [0, 0, 0]
    assert (
        curve.loc[3, "saving_p50_jpy"] == pytest.approx(np.median(saved))
        and curve["saving_p50_jpy"].is_monotonic_increasing
    )


def test_the_others_add_what_all_save_beyond_the_named():
    # 30 and 40 save 20 together; one alone saves nothing, so the other adds all of it
    groups = cost_sharing.participants(PART, PART.iloc[[1]], game([30, 40])).set_index("wards_in")
    assert groups["saving_p50_jpy"].to_dict() == {"named": 0, "all_wards": 20, "others_add": 20}
    assert groups.loc["others_add", "saving_per_resident_jpy"] == 20 / 100 and groups[
        "wards"
    ].to_dict() == {"named": 1, "all_wards": 2, "others_add": 1}


def test_a_run_of_the_named_wards_alone_has_all_wards_too_and_nobody_adds():
    groups = cost_sharing.participants(PART, PART, game([30, 40])).set_index("wards_in")
    assert groups.loc["named"].equals(groups.loc["all_wards"]) and "others_add" not in groups.index


# --- other readings


@dataclass(frozen=True)
class Plan:
    """Chapter 3's plan, as far as this chapter asks: size spares 30 % under one scale model, and
    hardly anything under the other.
    """

    annual_jpy: float

    def fixed_share(self, scale_model, draws):
        return pd.Series(
            {"joint_cloud": 0.3, "cross_section": 7 / self.annual_jpy}[scale_model], draws.index
        )


def rivals(agency=1.0, drivers=None):
    baselines = pd.DataFrame(
        {"baseline": ["implied", "mayors_2020"], "annual_jpy": [700.0, 1400.0]}
    )
    return cost_sharing.rival_readings(
        long_costs([300, 400], [310, 390]),
        Plan(700.0),
        inputs(2, agency=agency),
        baselines,
        ["cross_section", "joint_cloud"],
        2.0,
        RESIDENTS,
        0.0,
        drivers or {},
        ("implied", "joint_cloud"),
    ).set_index(["driver", "baseline", "scale_model"])


def test_the_own_reading_is_the_run_itself():
    own = cost_sharing.ward_games(
        long_costs([300, 400], [310, 390]), pooled(0.3, 0.3), inputs(2, agency=1.0), 2.0
    )
    row = rivals().loc[("as_run", "implied", "joint_cloud")]
    assert row["saving_p50_jpy"] == pytest.approx(
        np.median(own.own_costs.sum(axis=1) - own.cost_of(np.ones(2, bool)))
    )
    charges = {"residents": cost_sharing.quick_charges(own, RESIDENTS)["residents"]}
    assert (
        row["ward_leaves_residents_share"]
        == cost_sharing.temptation("", own, charges, 0.0)["ward_leaves_share"].iloc[0]
    )
    assert row["draws"] == 2 and row["pays_from"] == 2


def test_a_baseline_scales_the_spend_and_not_the_agency():
    # 0.3 x (1 - 1/2) of 700 and of 1,400 a year, less an agency of 1; a fixed cost in yen spares
    # the same yen under both
    saved = rivals().loc["as_run", "saving_p50_jpy"]
    assert saved["implied", "joint_cloud"] == pytest.approx(105 - 1) and saved[
        "mayors_2020", "joint_cloud"
    ] == pytest.approx(210 - 1)
    assert saved.xs("cross_section", level="scale_model").tolist() == pytest.approx([3.5 - 1] * 2)


def test_where_the_agency_costs_more_than_is_spared_nothing_is_saved_and_no_shapley_value_tempts():
    row = rivals(agency=50.0).loc[("as_run", "implied", "cross_section")]
    assert row["saving_p90_jpy"] == 0 and row["pays_share"] == 0 and pd.isna(row["pays_from"])
    assert row["coalition_leaves_shapley_share"] == 0 and row["ward_leaves_residents_share"] == 1


def test_one_ward_alone_pays_its_own_cost_under_every_rule_and_has_nobody_to_leave():
    alone = cost_sharing.ward_games(
        long_costs([3], [5]), pooled(0.4, 0.6), inputs(2, agency=9), 2.0
    )
    # tempting: phi (1 - 1/n) C / (C - norm), nought by nought for one
    assert alone.fixed_share.tolist() == [0.4, 0.6]
    charges = cost_sharing.quick_charges(alone, np.array([7.0]))
    assert all(paid.ravel().tolist() == [3, 5] for paid in charges.values())
    table = cost_sharing.temptation("alone", alone, charges, 0.0)
    assert not table[["coalition_leaves_share", "worse_off_p50", "largest_excess_p50_jpy"]].any(
        axis=None
    )
    assert cost_sharing.participation(alone)["saving_p50_jpy"].tolist() == [0]


def test_a16_a_rival_driver_of_cost_is_a_reading_of_its_own_at_the_runs_baseline_and_model():
    """By residents, one ward to three, nobody is worse off where residents drive cost too."""
    turned = {"residents": long_costs([175, 525], [175, 525])}
    found = rivals(drivers=turned)
    row = found.loc[("residents", "implied", "joint_cloud")]
    assert len(found) == 5 and row["place"] == 5
    assert (
        row["worse_off_p50"] == 0 < found.loc[("as_run", "implied", "joint_cloud"), "worse_off_p50"]
    )
