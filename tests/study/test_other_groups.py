"""The study of another group than the special wards: no target to miss, no list of late systems, more bodies than coalitions can be listed for."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.methods.drawn_games import DrawnGames
from analysis.municipalities import Group
from analysis.study import central_case, cost_sharing, environment, findings, outturn, procurement, standardisation

DATA = Path(__file__).parents[2] / "data"


def table(name):
    return pd.read_csv(DATA / f"{name}.csv", dtype={"code": str})


# --- the body's assumed cost ------------------------------------------------------------------------------------------

def test_the_body_is_sized_by_residents_and_nothing_else_is():
    bodies = pd.DataFrame({"code": ["131016", "131024", "132012"], "group": ["tokyo23", "tokyo23", "tama26"], "census_population": [300, 500, 200]})
    ranges = pd.DataFrame({"input": ["body_running_cost", "uptake_price"], "low": [8.0, 0.1], "central": [16.0, 0.2], "high": [32.0, 0.4]})
    sized = Group("tama26", ("132012",)).sized(ranges, bodies)
    # by hand: 200 of 800 residents, a quarter; tempting: one body of three, a third
    assert sized[["low", "central", "high"]].values.tolist() == [[2.0, 4.0, 8.0], [0.1, 0.2, 0.4]]
    assert Group("tokyo23", ("131016", "131024")).sized(ranges, bodies) is ranges


# --- no target --------------------------------------------------------------------------------------------------------

def test_without_a_target_savings_are_shares_of_the_cost_of_the_same_years_and_no_probability_is_given():
    figures = table("published_figures")
    assert len(procurement.published_target(figures)) == 1 and procurement.published_target(figures, aimed=False).empty
    savings = {"joint_cloud": pd.DataFrame({"gross_saving_jpy": [10.0, 10.0], "transition": [4.0, 4.0], "body": [1.0, 1.0]})}
    baselines = pd.DataFrame({"baseline": ["national_curve"], "annual_jpy": [100.0]})
    measure = procurement.measure_jpy(procurement.published_target(figures, aimed=False), 100.0, 5)
    rows = procurement.target_reading(savings, baselines, 100.0, 5, measure, aimed=False).set_index("reading")
    # by hand: 5 x 10 of 5 x 100; tempting: 50 of the wards' 166 billion, or a probability of nothing
    assert rows["target_ratio_p50"].to_dict() == {"gross": 0.1, "net": 0.05} and rows["probability"].isna().all()


def test_what_came_to_tokyo_answers_no_other_groups_target():
    draws, evidence = {"joint_cloud": pd.DataFrame({"gross_saving_jpy": [1e9, 1e9]})}, table("procurement_evidence")
    aimed, other = (outturn.forecast_rows(draws, draws, 1e10, evidence, aimed) for aimed in (True, False))
    assert set(aimed["evidence"]) - set(other["evidence"]) == {"came"} and len(other) == 2


def test_no_evidence_falls_short_of_a_target_that_is_not_there():
    marks = pd.DataFrame({"kind": ["saving", "baseline"], "name": ["joint_cloud", "national_curve"], "value_jpy": [1.0, 2.0], "high_jpy": [1.0, 2.0]})
    assert findings.evidence_falls_short(marks) is False


def test_scenarios_of_a_group_without_a_target_are_compared_by_the_share_of_cost():
    ids = ["target_ratio_p50", "run_rate_saving_share", "npv_whole_life", "probability_by_fy2025", "bodies_worse_off_per_resident", *findings.SHARING.values()]
    headlines = pd.DataFrame(np.nan, index=ids, columns=["value", "low", "high"])
    headlines.loc["run_rate_saving_share"] = [0.04, 0.01, 0.09]
    row, = findings.scenario_comparison(None, headlines, aimed=False).to_dict("records")
    assert [row[f"target_ratio_{level}"] for level in ("p10", "p50", "p90")] == [0.01, 0.04, 0.09]


# --- chapter 1 --------------------------------------------------------------------------------------------------------

def test_half_a_list_of_late_systems_is_none():
    delays = table("ward_standardisation_delays")
    assert len(standardisation.of_bodies(delays, ["131016", "131024"])) == 2 * 21
    # tempting: to compare the one that is listed with a city of which nothing is known
    assert standardisation.of_bodies(delays, ["131016", "132012"]).empty


def test_without_a_list_of_late_systems_every_table_of_it_is_empty_and_the_nation_stays():
    none = table("ward_standardisation_delays").iloc[:0]
    lateness = standardisation.ward_lateness(none, table("ward_standardisation_progress"))
    assert lateness.empty and standardisation.late_systems(none).empty and standardisation.ward_likeness(none).empty and standardisation.likeness_tree(none).empty
    assert set(standardisation.national_delay(table("standardisation_delay"), lateness, "tama26")["scope"]) == {"nation"}


@pytest.mark.parametrize(("chosen", "compared"), [
    ("tama26", ("tokyo23", "designated20")), ("designated20", ("tokyo23", "tama26")), (["131016", "132012", "011002"], ("tokyo23", "tama26", "designated20"))])
def test_a_group_is_ranked_within_itself_and_set_against_the_others(chosen, compared):
    bodies, indicators = table("municipalities"), table("municipality_indicators")
    group = Group.of(chosen, bodies)
    marked = group.marked(bodies)
    span = (marked, indicators, 2016, 2022)
    positions = environment.ward_positions(environment.body_indicators(*span), environment.group_indicators(*span), group)
    assert set(positions["code"]) == set(group.codes) and positions["rank"].max() <= len(group.codes)
    assert {name for name in positions if name.startswith("position_")} == {f"position_{name}" for name in compared}
    # an indicator that a body of the group lacks has no row: no designated city has a public daytime ratio
    assert ("daytime_ratio" in set(positions["indicator"])) == (chosen == "tama26")


# --- chapter 5: more bodies than coalitions can be listed for -----------------------------------------------------------

def central(own, phi=0.4, body=0.2):
    return DrawnGames(np.array([own], float), *np.array([[phi], [body], [0.0], [1.0]]), 2.0)


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
    charges = {rule: paid for rule, paid in central_case.central_charges(costs, residents, central_case.settled_nucleolus(costs)).items()}
    listed, unlisted = central_case.central_verdicts(costs, charges, 0.01), central_case.sampled_verdicts(game, charges, 0.01)
    columns = ["rule", "keeps_all_in", "wards_worse_off"]
    assert unlisted[columns].equals(listed[columns]) and (unlisted["largest_excess_jpy"] == listed["largest_excess_jpy"]).all()


def test_twenty_six_bodies_get_charges_that_pay_the_bill_and_no_proof():
    game = central(np.linspace(1, 9, 26))
    charges, error = central_case.sampled_charges(game, np.ones(26))
    assert all(paid.sum() == pytest.approx(game.cost_of(np.ones(26, dtype=bool))[0]) for paid in charges.values()) and error < 0.02
    assert central_case.nucleolus_proof(None, None).empty and central_case.coordination_test(game, None, game).empty


def test_a_group_without_bodies_that_the_report_names_saves_as_a_whole_only():
    part = pd.DataFrame({"code": ["a", "b", "c"], "residents": [1, 2, 3]})
    saved = cost_sharing.participants(part, pd.DataFrame({"code": ["z"]}), central([3.0, 4, 5]))
    assert saved["wards_in"].tolist() == ["all_wards"] and saved["wards"].tolist() == [3]
