"""Chapter 10 by hand: a state asks the study's own model, and the first is the study's own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.chapters.consolidation import formulas as consolidation
from analysis.chapters.procurement import formulas as procurement
from analysis.chapters.procurement.purchase_tables import (
    purchase_cells,
    purchase_of,
    purchase_plan,
)
from analysis.chapters.what_if import formulas as what_if

DATA = Path(__file__).parents[4] / "data"
TERMS = pd.DataFrame(
    {
        "system_group": ["core", "internal"],
        "spend_share": [0.6, 0.4],
        "coordination_factor": [1.0, 0.5],
        "instances": [4, 1],
    }
)
TARGET, YEARS = 500.0, 5


@dataclass(frozen=True)
class Plan:
    terms: pd.DataFrame
    municipalities: int = 23
    residents: float = 1000.0
    annual_jpy: float = 100.0


@dataclass(frozen=True)
class Bought:
    joint_price: bool = True


def saved(plan, purchase, draws, model):
    """A model to be worked out by hand: the claim saves 50 on top where anything is pooled, every
    group that is pooled 10, price its effect times uptake, the move 4 a group, the agency 1."""
    pooled = int((plan.terms["instances"] < plan.municipalities).sum())
    one = pd.Series(1.0, draws.index)
    claim = model == what_if.CLAIM
    parts = {
        "instances": (10.0 * pooled + 50 * (claim and pooled > 0)) * one,
        "price": 0.0 * one if claim else draws["price_effect"] * draws["uptake_price"] * 100,
        "demand": 0.0 * one,
        "transition": 4.0 * pooled * one,
        "agency": one,
    }
    return pd.DataFrame(parts) * plan.annual_jpy / 100


def spend(annual_jpy, behind=np.nan):
    """A row of chapter 3's ``spend_reached``."""
    row = {"annual_jpy": annual_jpy, "in_scope_share": 1.0, "claim_behind_spend": behind}
    return pd.Series(row)


def a_model(**changes):
    model = what_if.Model(
        {"as_study": Plan(TERMS)},
        Bought(),
        saved,
        ("cross_section", "joint_cloud", "source_report"),
        "joint_cloud",
        {"as_study": spend(1.0), "mayors_2020": spend(2.0)},
        consolidation.reached_jpy,
        {"low": 0.04, "high": 0.2},
    )
    return replace(model, **changes)


def draws(n=4):
    return pd.DataFrame(
        {"price_effect": np.linspace(0.0, 0.12, n), "uptake_price": np.full(n, 0.5)}
    )


def state(table, **levels):
    """The one state at these levels, every other lever as in the study."""
    setting = dict.fromkeys(what_if.LEVERS, what_if.AS_STUDY) | levels
    (row,) = table[(table[[*setting]] == pd.Series(setting)).all(axis=1)].to_dict("records")
    return row


@pytest.fixture(scope="module")
def table():
    return what_if.states(a_model(), draws(), TARGET, YEARS)


def test_every_combination_stands_once_the_last_lever_moving_first(table):
    levels = a_model().levers
    assert len(table) == np.prod([len(named) for named in levels.values()])
    assert not table[[*what_if.LEVERS]].duplicated().any()
    assert table[[*what_if.LEVERS]].iloc[1].tolist() == ["as_study"] * 6 + ["uptake_all"]


def test_as_in_the_study_means_drawn_and_not_set_at_the_centre(table):
    # price draws 0, 2, 4, 6 at uptake one half; 20 pooled, 8 and 1 paid. Tempting: no spread at all
    own = state(table)
    assert own["net_p50_jpy"] == pytest.approx(20 + 3 - 9)
    assert own["net_p90_jpy"] - own["net_p10_jpy"] == pytest.approx(0.8 * 6)
    assert own["net_ratio"] == pytest.approx((20 + 3 - 9) * YEARS / TARGET)


def test_the_parts_of_every_state_add_up_to_its_mean_net_saving(table):
    parts = [f"mean_{part}_jpy" for part in what_if.PARTS]
    assert np.allclose(table[parts].sum(axis=1), table["mean_net_jpy"])


def test_spend_scales_the_saving_and_leaves_the_costs(table):
    # tempting: twice all of it, 28
    assert state(table, spend="mayors_2020")["net_p50_jpy"] == pytest.approx(2 * 23 - 9)


def test_the_migration_cost_alone_is_halved(table):
    assert state(table, migration="migration_half")["net_p50_jpy"] == pytest.approx(23 - 4 - 1)
    assert state(table, migration="migration_paid")["mean_transition_jpy"] == 0


def test_a_price_level_is_the_same_in_every_draw(table):
    high = state(table, price="price_high")
    assert high["gross_p10_jpy"] == high["gross_p90_jpy"] == pytest.approx(20 + 0.2 * 0.5 * 100)


def test_everybody_takes_up_everything(table):
    assert state(table, uptake="uptake_all")["gross_p50_jpy"] == pytest.approx(20 + 6)


def test_the_weight_of_the_claim_mixes_draws_and_not_medians(table):
    # own net 11, 13, 15, 17 and the claim's 61, alike often: P10 is half-way from 11 to 13.
    # Tempting: the median half-way between 14 and 61
    half = state(table, scale_reading="claim_half")
    assert (half["net_p10_jpy"], half["net_p90_jpy"]) == (pytest.approx(12), 61)
    quarter = state(table, scale_reading="claim_quarter")
    assert quarter["net_p50_jpy"] < 18 and quarter["mean_net_jpy"] == pytest.approx(
        0.75 * 14 + 0.25 * 61
    )
    assert state(table, scale_reading="source_report")["net_p50_jpy"] == 61


def test_where_nothing_is_pooled_the_reading_of_scale_makes_no_difference(table):
    # tempting: the claim has no joint buying in it, and would leave a loss of the agency's cost
    alone = state(table, platforms="buying_only")
    assert alone["mean_instances_jpy"] == alone["mean_transition_jpy"] == 0
    claimed = state(table, platforms="buying_only", scale_reading="source_report")
    assert claimed["net_p50_jpy"] == alone["net_p50_jpy"] == pytest.approx(3 - 1)


def test_core_apart_moves_core_alone(table):
    assert state(table, platforms="core_apart")["mean_instances_jpy"] == 10


def test_a_level_that_says_the_same_as_the_study_is_left_out():
    on_one = TERMS.assign(instances=1)
    assert a_model(plans={"as_study": Plan(on_one)}).levers["platforms"] == (
        "as_study",
        "core_apart",
        "buying_only",
    )
    alone = Plan(TERMS.assign(instances=1), municipalities=1)
    assert a_model(plans={"as_study": alone}).levers["platforms"] == ("as_study",)
    assert a_model(purchase=Bought(joint_price=False)).levers["price"] == ("as_study",)


def test_where_the_study_is_the_claim_it_gets_no_second_weight():
    levels = a_model(own="source_report").levers["scale_reading"]
    assert levels == ("as_study", "cross_section", "joint_cloud")


def test_the_verdict_is_that_of_the_median(table):
    verdicts = table["verdict"].where(table["net_ratio"] >= 0, "loses")
    assert (table["verdict"] == verdicts).all()
    assert ((table["verdict"] == "meets") == (table["net_ratio"] >= 1)).all()


def test_what_moves_one_lever_at_most_is_worked_out_on_all_draws_and_the_others_left(table):
    every = draws(1001).assign(price_effect=np.linspace(0, 0.12, 1001) ** 2)
    whole = what_if.with_all_draws(table, a_model(), every, TARGET, YEARS)
    on_all = what_if.states(a_model(), every, TARGET, YEARS)
    moved = (table[[*what_if.LEVERS]] != what_if.AS_STUDY).sum(axis=1)
    pd.testing.assert_frame_equal(whole[moved <= 1], on_all[moved <= 1])
    # tempting: the study's own state alone, so that joint buying alone is another number than
    # chapter 4's
    alone = [state(found, platforms="buying_only")["gross_p10_jpy"] for found in (whole, table)]
    assert alone[0] != pytest.approx(alone[1])
    pd.testing.assert_frame_equal(whole[moved > 1], table[moved > 1])


def test_one_at_a_time_moves_one_lever_in_their_order(table):
    single = what_if.one_at_a_time(table)
    assert single["lever"].isna().tolist() == [True] + [False] * (len(single) - 1)
    assert len(single) == 1 + sum(len(named) - 1 for named in a_model().levers.values())
    assert single["lever"].dropna().unique().tolist() == [
        lever for lever in what_if.LEVERS if lever != "participants"
    ]
    assert what_if.median_at(single, "migration_half") == pytest.approx(18)
    assert what_if.median_at(single, "report12") is None
    assert not what_if.of_evidence(single)["level"].str.contains("claim|source_report").any()


def test_those_named_count_as_a_level_only_where_others_are_there_too():
    residents = pd.Series({"a": 3.0, "b": 1.0, "c": 1.0})
    assert "report12" not in what_if.taking_part(residents, ["a", "b", "c"])
    assert "report12" not in what_if.taking_part(residents, ["a", "z"])  # one of them is elsewhere
    shares = what_if.member_shares(residents, what_if.taking_part(residents, ["a", "b"]))
    assert shares.groupby("participants")["share"].sum().tolist() == pytest.approx([1, 1])
    assert shares.loc[shares["participants"] == "report12", "share"].tolist() == [0.75, 0.25]


def test_a_part_of_the_plan_costs_by_residents_and_never_has_more_platforms_than_members():
    part = what_if.part_of_plan(Plan(TERMS), 3, 0.25)
    assert (part.annual_jpy, part.residents, part.municipalities) == (25, 250, 3)
    assert part.terms["instances"].tolist() == [3, 1]


# -- the study's own plan and purchase


def the_plan(municipalities, residents, annual_jpy, behind=0.5):
    shares = pd.read_csv(DATA / "cost_shares.csv")
    factors = pd.read_csv(DATA / "coordination_factors.csv")
    chosen = dict.fromkeys(consolidation.GROUPS, 1) | {"core": 4}
    baseline = pd.Series({"residents": residents, **spend(annual_jpy, behind)})
    envelope = pd.DataFrame(
        {"quantity": ["fixed_cost"], "low": [3e7], "central": [3.5e7], "high": [4e7]}
    )
    survey = pd.DataFrame({"item": ["cloud_group_members", "cloud_groups"], "value": [379.0, 62.0]})
    plan = consolidation.pooling_plan(municipalities, 4, baseline, envelope, survey)
    terms = consolidation.pooling_terms(shares, factors, chosen, municipalities)
    return consolidation.Pooling.of_tables(terms, plan)


@pytest.fixture(scope="module")
def studys():
    """The study's model on few draws: purchase, draws, and a `Model` with the twelve as a level."""
    bought = procurement.Purchase.of_tables(
        pd.read_csv(DATA / "category_shares.csv"),
        pd.read_csv(DATA / "lever_scope.csv"),
        YEARS,
        10,
        0.04,
        True,
        True,
        2,
    )
    names = [*consolidation.INPUTS, *procurement.INPUTS]
    ranges = pd.read_csv(DATA / "input_ranges.csv")
    ranges = ranges[ranges["input"].isin(names)]
    register = pd.read_csv(DATA / "input_register.csv")
    drawn = consolidation.joint_draws(ranges, register, 8, "triangular", 0.3)
    plan = the_plan(23, 9_000_000, 66.4e9)
    return what_if.Model(
        {"as_study": plan, "report12": what_if.part_of_plan(plan, 12, 0.5)},
        bought,
        procurement.saving_draws,
        consolidation.SCALE_MODELS,
        "joint_cloud",
        {"as_study": spend(66.4e9, 0.5), "mayors_2020": spend(80e9)},
        consolidation.reached_jpy,
        ranges.set_index("input").loc["price_effect", ["low", "high"]].to_dict(),
    ), drawn


def test_the_first_states_are_what_chapter_4_publishes_to_the_last_digit(studys):
    model, drawn = studys
    found = what_if.states(model, drawn.head(16), 166e9, YEARS)
    found = what_if.with_all_draws(found, model, drawn, 166e9, YEARS)
    savings = procurement.savings_by_model(
        model.plans["as_study"], model.purchase, drawn, model.own, [model.own]
    )
    reached = {"as_study": model.plans["as_study"].reached_jpy(drawn)}
    published = procurement.target_reading(savings, reached, "as_study", YEARS, 166e9)
    levers = procurement.lever_waterfall(savings[model.own]).set_index("step")["mean_jpy"]
    for reading in ("gross", "net"):
        row = procurement.one_reading(published, reading, "as_study", model.own)
        for level in what_if.LEVELS:
            said = found[f"{reading}_{level}_jpy"].iloc[0] * YEARS
            assert said == pytest.approx(row[f"saving_{level}_jpy"], rel=1e-12)
        ratio = found[f"{reading}_ratio"].iloc[0]
        assert ratio == pytest.approx(row["target_ratio_p50"], rel=1e-12)
    for part in (*what_if.PARTS, "net"):
        assert found[f"mean_{part}_jpy"].iloc[0] == pytest.approx(levers[part], rel=1e-12)


def test_the_level_of_the_twelve_is_the_study_of_the_twelve(studys):
    """The scenario `report12` builds its plan anew from tables; the lever must come to the same."""
    model, drawn = studys
    anew = the_plan(12, 4_500_000, 33.2e9)
    of_scenario = procurement.saving_draws(anew, model.purchase, drawn, "joint_cloud")
    of_lever = procurement.saving_draws(
        model.plans["report12"], model.purchase, drawn, "joint_cloud"
    )
    assert np.allclose(of_lever, of_scenario, rtol=1e-12)


def test_where_the_study_is_the_claim_nothing_pooled_is_still_what_buying_saves(studys):
    """Tempting: to solve the claim for a plan that pools nothing, which no share can meet."""
    model, drawn = studys
    few = drawn.head(16)
    found = what_if.states(replace(model, own="source_report"), few, 166e9, YEARS)
    as_run = what_if.states(model, few, 166e9, YEARS)
    alone, same = (state(table, platforms="buying_only") for table in (found, as_run))
    assert alone["net_p50_jpy"] == pytest.approx(same["net_p50_jpy"])
    assert alone["mean_instances_jpy"] == 0


def test_a_level_of_spend_is_what_a_run_at_that_baseline_says(studys):
    """Tempting: the rival's total as a multiple of the run's own. The own total falls as the claim
    rises, because it was divided out of it; the rival's does not.
    """
    model, drawn = studys
    found = what_if.states(model, drawn, 166e9, YEARS)
    rival = the_plan(23, 9_000_000, 80e9, np.nan)
    run = procurement.saving_draws(rival, model.purchase, drawn, model.own)
    net = run["instances"] + run["price"] + run["demand"] - run["transition"] - run["agency"]
    said = state(found, spend="mayors_2020")
    for level, share in zip(what_if.LEVELS, (0.1, 0.5, 0.9), strict=True):
        assert said[f"net_{level}_jpy"] == pytest.approx(np.quantile(net, share), rel=1e-9)
    own = procurement.saving_draws(model.plans["as_study"], model.purchase, drawn, model.own)
    multiple = own["gross_saving_jpy"] * 80 / 66.4
    assert said["gross_p90_jpy"] != pytest.approx(np.quantile(multiple, 0.9), rel=1e-3)


def test_spends_are_the_rows_of_every_baseline_and_the_own_after_the_move():
    reached = pd.DataFrame(
        [
            {"baseline": "implied", "in_use": True, **spend(100.0, 0.5)},
            {"baseline": "mayors_2020", "in_use": False, **spend(120.0)},
        ]
    )
    arms = pd.DataFrame({"source_id": ["report_level", "tokyo"], "rise": [1.0, 1.6]})
    rows = what_if.spends(reached, arms)
    assert {level: row["annual_jpy"] for level, row in rows.items()} == {
        "as_study": 100.0,
        "mayors_2020": 120.0,
        "after_move": pytest.approx(160.0),
    }
    assert rows["after_move"]["claim_behind_spend"] == 0.5


def test_a_purchase_is_the_same_after_its_two_tables(studys):
    model, drawn = studys
    again = purchase_of(purchase_cells(model.purchase), purchase_plan(model.purchase))
    plan = model.plans["as_study"]
    first = procurement.saving_draws(plan, model.purchase, drawn, "joint_cloud")
    assert procurement.saving_draws(plan, again, drawn, "joint_cloud").equals(first)
