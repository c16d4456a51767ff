"""The study of another group than the special wards: no target to miss, no list of late systems,
more municipalities than coalitions can be listed for.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.chapters.environment import formulas as environment
from analysis.chapters.environment import standardisation
from analysis.chapters.findings import formulas as findings
from analysis.chapters.organisation import central_case, cost_sharing
from analysis.chapters.outturn import formulas as outturn
from analysis.chapters.procurement import formulas as procurement
from analysis.chapters.resident_cost import formulas as resident_cost
from analysis.chapters.resident_cost import observed_cost
from analysis.groups import Group
from analysis.methods import pooling
from analysis.methods.drawn_games import DrawnGames

DATA = Path(__file__).parents[2] / "data"


def table(name):
    return pd.read_csv(DATA / f"{name}.csv", dtype={"code": str})


# --- the municipality's assumed cost


def test_the_municipality_is_sized_by_residents_and_nothing_else_is():
    by_municipality = pd.DataFrame(
        {
            "code": ["131016", "131024", "132012"],
            "group": ["tokyo23", "tokyo23", "tama26"],
            "census_population": [300, 500, 200],
        }
    )
    ranges = pd.DataFrame(
        {
            "input": ["agency_running_cost", "uptake_price"],
            "low": [8.0, 0.1],
            "central": [16.0, 0.2],
            "high": [32.0, 0.4],
        }
    )
    sized = Group("tama26", ("132012",)).sized(ranges, by_municipality)
    # by hand: 200 of 800 residents, a quarter; tempting: one municipality of three, a third
    assert sized[["low", "central", "high"]].values.tolist() == [[2.0, 4.0, 8.0], [0.1, 0.2, 0.4]]
    assert Group("tokyo23", ("131016", "131024")).sized(ranges, by_municipality) is ranges


# --- no target


def test_without_a_target_savings_are_shares_of_the_same_years_cost_and_no_probability_is_given():
    figures = table("published_figures")
    assert (
        len(procurement.published_target(figures, 5)) == 1
        and procurement.published_target(figures, 5, aimed=False).empty
    )
    savings = {
        "joint_cloud": pd.DataFrame(
            {"gross_saving_jpy": [10.0, 10.0], "transition": [4.0, 4.0], "agency": [1.0, 1.0]}
        )
    }
    reached = {"national_curve": pd.Series([100.0, 100.0])}
    measure = procurement.measure_jpy(
        procurement.published_target(figures, 5, aimed=False), 100.0, 5
    )
    rows = procurement.target_reading(
        savings, reached, "national_curve", 5, measure, aimed=False
    ).set_index("reading")
    # by hand: 5 x 10 of 5 x 100; tempting: 50 of the wards' 166 billion, or a probability of
    # nothing
    assert (
        rows["target_ratio_p50"].to_dict() == {"gross": 0.1, "net": 0.05}
        and rows["probability"].isna().all()
    )


def test_the_target_is_put_on_the_plans_years_so_a_longer_plan_comes_no_nearer():
    figures = table("published_figures")
    five, seven = (procurement.published_target(figures, years) for years in (5, 7))
    assert five[["value", "low", "high"]].values.tolist() == [[166e9, 165.5e9, 166.5e9]]
    assert seven["value"].tolist() == pytest.approx([232.4e9])  # by hand: 166 / 5 x 7
    savings = {
        "joint_cloud": pd.DataFrame(
            {"gross_saving_jpy": [9e9, 11e9], "transition": [4e9, 4e9], "agency": [1e9, 1e9]}
        )
    }
    reached = {"implied": pd.Series([66.4e9, 66.4e9])}
    short, long = (
        procurement.target_reading(
            savings, reached, "implied", years, procurement.measure_jpy(target, 66.4e9, years)
        )
        for years, target in ((5, five), (7, seven))
    )
    ratios = [name for name in short if name.startswith(("target_ratio", "probability"))]
    # tempting: seven years of saving against a target of five, 42 % instead of 30 %
    assert long[ratios].to_numpy() == pytest.approx(short[ratios].to_numpy())
    assert long["saving_p50_jpy"].tolist() == pytest.approx([70e9, 35e9])


def test_a_forecast_for_seven_years_is_held_against_a_target_of_seven():
    draws = {"joint_cloud": pd.DataFrame({"gross_saving_jpy": [1e9, 1e9]})}
    rows = outturn.forecast_rows(draws, draws, 14e9, table("procurement_evidence"), 7)
    then = rows[rows["evidence"] == "of_the_time"].iloc[0]
    assert (then["saving_p50_jpy"], then["target_ratio_p50"]) == (7e9, 0.5)


def test_what_came_to_tokyo_answers_no_other_groups_target():
    draws, evidence = (
        {"joint_cloud": pd.DataFrame({"gross_saving_jpy": [1e9, 1e9]})},
        table("procurement_evidence"),
    )
    aimed, other = (
        outturn.forecast_rows(draws, draws, 1e10, evidence, 5, aimed) for aimed in (True, False)
    )
    assert set(aimed["evidence"]) - set(other["evidence"]) == {"came"} and len(other) == 2


def test_no_evidence_falls_short_of_a_target_that_is_not_there():
    marks = pd.DataFrame(
        {
            "kind": ["saving", "baseline"],
            "name": ["joint_cloud", "national_curve"],
            "value_jpy": [1.0, 2.0],
            "high_jpy": [1.0, 2.0],
        }
    )
    assert findings.evidence_falls_short(marks) is False


def test_scenarios_of_a_group_without_a_target_are_compared_by_the_share_of_cost():
    ids = [
        "target_ratio_p50",
        "run_rate_saving_share",
        "npv_whole_life",
        "probability_by_fy2025",
        "municipalities_worse_off_per_resident",
        *findings.SHARING.values(),
    ]
    headlines = pd.DataFrame(np.nan, index=ids, columns=["value", "low", "high"])
    headlines.loc["run_rate_saving_share"] = [0.04, 0.01, 0.09]
    (row,) = findings.scenario_comparison(None, headlines, aimed=False).to_dict("records")
    assert [row[f"target_ratio_{level}"] for level in ("p10", "p50", "p90")] == [0.01, 0.04, 0.09]


# --- some of the wards: their total is the wards' own, scaled


def wards_of(number):
    by_municipality = table("municipalities")
    return by_municipality.loc[by_municipality["group"] == "tokyo23", "code"].tolist()[:number]


def in_chapter_2(codes):
    """The municipalities of chapter 2 for a list of codes: all, and those under study."""
    municipalities = table("municipalities")
    group = Group.of(codes, municipalities)
    by_municipality = resident_cost.residents_on(
        group.marked(municipalities), table("municipality_indicators"), "2020-01-01"
    )
    return (
        group,
        by_municipality,
        resident_cost.taking_part(by_municipality, table("participants"), group.key, "all"),
    )


@pytest.mark.parametrize("number", [1, 3, 4, 22])
def test_some_wards_cost_per_resident_what_all_wards_do(number):
    group, by_municipality, part = in_chapter_2(wards_of(number))
    assert group.part_of_the_wards and not group.published and len(part) == number
    own = resident_cost.totals_of_some_wards(
        table("published_figures"), by_municipality, part, "implied"
    )
    whole = resident_cost.totals_of_the_wards(table("published_figures"), by_municipality)
    np.testing.assert_allclose(own["cost_per_resident_jpy"], whole["cost_per_resident_jpy"])
    share = (
        part["residents"].sum()
        / by_municipality.loc[by_municipality["named_group"] == "tokyo23", "residents"].sum()
    )
    # tempting: number / 23 of it
    np.testing.assert_allclose(own["total_5y_jpy"], share * whole["total_5y_jpy"])
    assert own["standing"].tolist() == whole["standing"].tolist() == ["derived", "reported"]


def test_the_twelve_wards_of_the_report_cost_the_same_as_a_group_and_as_participants():
    figures, named = table("published_figures"), table("participants")
    _, by_municipality, part = in_chapter_2(named["code"].tolist())
    listed = resident_cost.totals_of_some_wards(figures, by_municipality, part, "mayors_2020")
    everybody = resident_cost.residents_on(
        table("municipalities"), table("municipality_indicators"), "2020-01-01"
    )
    people = [
        resident_cost.taking_part(everybody, named, "tokyo23", choice)["residents"].sum()
        for choice in ("all", "report12")
    ]
    pd.testing.assert_frame_equal(listed, resident_cost.baselines(figures, *people, "mayors_2020"))


def test_a_total_of_ones_own_for_some_wards_is_not_scaled():
    _, by_municipality, part = in_chapter_2(wards_of(4))
    own = resident_cost.totals_of_some_wards(
        table("published_figures"), by_municipality, part, "own", 2e10
    ).set_index("baseline")
    assert own.at["own", "total_5y_jpy"] == pytest.approx(2e10) and own["in_use"].to_dict() == {
        "implied": False,
        "mayors_2020": False,
        "own": True,
    }


def test_only_a_total_of_their_own_is_held_against_the_survey():
    moments = resident_cost.survey_moments(
        table("ict_cost_survey"), table("municipality_size_distribution_2017")
    )
    _, by_municipality, part = in_chapter_2(wards_of(4))
    totals = resident_cost.totals_of_some_wards(
        table("published_figures"), by_municipality, part, "own", 2e10
    )
    compared = resident_cost.ward_comparison(
        moments, by_municipality, totals, 1.0, "chosen"
    ).set_index("baseline")["ratio"]
    assert compared.notna().to_dict() == {"implied": False, "mayors_2020": False, "own": True}


@pytest.mark.parametrize(
    ("codes", "part"),
    [
        (["131016", "131024", "132012"], False),  # a mixture of wards and cities
        (["132012", "132021", "011002"], False),
        (["131016", "131024", "131032"], True),
    ],
)
def test_only_wards_alone_share_the_wards_total(codes, part):
    group = Group.of(codes, table("municipalities"))
    assert group.part_of_the_wards == part and not group.published
    assert not Group.of("tokyo23", table("municipalities")).part_of_the_wards


@pytest.mark.parametrize(
    ("number", "samples"),
    [(1, ["all_groups"]), (2, ["all_groups"]), (3, ["own_group", "all_groups"])],
)
def test_fewer_than_three_municipalities_leave_no_slope_and_no_sample_of_their_own(number, samples):
    group, by_municipality, part = in_chapter_2(wards_of(number))
    found = resident_cost.power(by_municipality, table("participants"), 0.25, group.key)
    assert found["sample"].tolist() == samples
    leverage = observed_cost.size_leverage(part, table("municipalities"))
    assert leverage["leverage"].between(0, 1).all() and len(leverage) == number


# --- chapter 1


def test_half_a_list_of_late_systems_is_none():
    delays = table("ward_standardisation_delays")
    assert len(standardisation.of_municipalities(delays, ["131016", "131024"])) == 2 * 21
    # tempting: to compare the one that is listed with a city of which nothing is known
    assert standardisation.of_municipalities(delays, ["131016", "132012"]).empty


@pytest.mark.parametrize("number", [1, 4, 22])
def test_late_systems_are_those_of_the_wards_under_study(number):
    delays = standardisation.of_municipalities(
        table("ward_standardisation_delays"), wards_of(number)
    )
    lateness = standardisation.ward_lateness(delays, table("ward_standardisation_progress"))
    # tempting: to join the agency's table of all wards, so that nineteen rows have no count
    assert (
        lateness["code"].tolist() == wards_of(number)
        and (lateness["late_businesses"] == lateness["published_late"]).all()
    )


def test_without_a_list_of_late_systems_every_table_of_it_is_empty_and_the_nation_stays():
    none = table("ward_standardisation_delays").iloc[:0]
    lateness = standardisation.ward_lateness(none, table("ward_standardisation_progress"))
    assert (
        lateness.empty
        and standardisation.late_systems(none).empty
        and standardisation.ward_likeness(none).empty
        and standardisation.likeness_tree(none).empty
    )
    assert set(
        standardisation.national_delay(table("standardisation_delay"), lateness, "tama26")["scope"]
    ) == {"nation"}


@pytest.mark.parametrize(
    ("chosen", "compared"),
    [
        ("tama26", ("tokyo23", "designated20")),
        ("designated20", ("tokyo23", "tama26")),
        (["131016", "132012", "011002"], ("tokyo23", "tama26", "designated20")),
    ],
)
def test_a_group_is_ranked_within_itself_and_set_against_the_others(chosen, compared):
    by_municipality, indicators = table("municipalities"), table("municipality_indicators")
    group = Group.of(chosen, by_municipality)
    marked = group.marked(by_municipality)
    span = (marked, indicators, 2016, 2022)
    positions = environment.ward_positions(
        environment.municipal_indicators(*span), environment.group_indicators(*span), group
    )
    assert set(positions["code"]) == set(group.codes) and positions["rank"].max() <= len(
        group.codes
    )
    assert {name for name in positions if name.startswith("position_")} == {
        f"position_{name}" for name in compared
    }
    # an indicator that a municipality of the group lacks has no row: no designated city has a
    # public daytime ratio
    assert ("daytime_ratio" in set(positions["indicator"])) == (chosen == "tama26")


# --- chapters 2 and 3: few municipalities


@pytest.mark.parametrize("number", [3, 4])
def test_leverage_is_had_of_as_few_municipalities_as_a_group_may_have(number):
    _, _, part = in_chapter_2(wards_of(number))
    known = observed_cost.size_leverage(part, table("municipalities"))
    # by hand: on a line through n sizes the leverages add up to two, each at least 1/n
    assert (
        known["size_only"].sum() == pytest.approx(2)
        and (known["size_only"] > 1 / number - 1e-9).all()
    )
    assert (known["leverage"] == known["size_only"]).all()


@pytest.mark.parametrize(("number", "open_above"), [(3, True), (4, True), (5, False)])
def test_three_or_four_municipalities_have_no_more_platforms_to_go_to(number, open_above):
    low, high = pooling.coordination_band(0.3, number)
    assert low == pytest.approx(6 * 0.3 / number) and np.isinf(high) == open_above


# --- chapter 5: more municipalities than coalitions can be listed for


def central(own, phi=0.4, municipality=0.2):
    return DrawnGames(np.array([own], float), *np.array([[phi], [municipality], [0.0], [1.0]]), 2.0)


def test_sampled_charges_agree_with_the_exact_ones_within_their_error():
    game, residents = central([9.0, 4, 2, 1, 3, 6]), np.arange(1.0, 7)
    costs = central_case.central_costs(game)
    exact = central_case.central_charges(costs, residents, central_case.settled_nucleolus(costs))
    sampled, error = central_case.sampled_charges(game, residents)
    assert set(sampled) == {"shapley", "own_cost", "residents", "equal"} and 0 < error < 0.02
    assert np.abs(sampled["shapley"] / exact["shapley"] - 1).max() < 4 * error
    for rule in ("own_cost", "residents", "equal"):
        np.testing.assert_allclose(sampled[rule], exact[rule])


def test_verdicts_without_a_list_of_coalitions_are_those_of_the_list():
    game, residents = central([9.0, 4, 2, 1, 3, 6]), np.array([1.0, 8, 2, 3, 9, 1])
    costs = central_case.central_costs(game)
    charges = dict(
        central_case.central_charges(
            costs, residents, central_case.settled_nucleolus(costs)
        ).items()
    )
    listed, unlisted = (
        central_case.central_verdicts(costs, charges, 0.01),
        central_case.sampled_verdicts(game, charges, 0.01),
    )
    columns = ["rule", "keeps_all_in", "wards_worse_off"]
    assert (
        unlisted[columns].equals(listed[columns])
        and (unlisted["largest_excess_jpy"] == listed["largest_excess_jpy"]).all()
    )


def test_twenty_six_municipalities_get_charges_that_pay_the_bill_and_no_proof():
    game = central(np.linspace(1, 9, 26))
    charges, error = central_case.sampled_charges(game, np.ones(26))
    assert (
        all(
            paid.sum() == pytest.approx(game.cost_of(np.ones(26, dtype=bool))[0])
            for paid in charges.values()
        )
        and error < 0.02
    )
    assert (
        central_case.nucleolus_proof(None, None).empty
        and central_case.coordination_test(game, None, game).empty
    )


def test_a_group_without_municipalities_that_the_report_names_saves_as_a_whole_only():
    part = pd.DataFrame({"code": ["a", "b", "c"], "residents": [1, 2, 3]})
    saved = cost_sharing.participants(part, pd.DataFrame({"code": ["z"]}), central([3.0, 4, 5]))
    assert saved["wards_in"].tolist() == ["all_wards"] and saved["wards"].tolist() == [3]
