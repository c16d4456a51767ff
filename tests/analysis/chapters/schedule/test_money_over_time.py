"""Money over time by hand: what falls into which year, that the parts add up to chapter 4, and
which window delay fools.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.chapters.consolidation import formulas as consolidation
from analysis.chapters.procurement import formulas as procurement
from analysis.chapters.schedule import decisions, money_over_time
from analysis.chapters.schedule import formulas as schedule
from analysis.methods.appraisal import present_value

DATA = Path(__file__).parents[4] / "data"
WHOLE = decisions.WHOLE_PLAN
MODELS = ("cross_section", "joint_cloud", "source_report")
YEARS = money_over_time.Horizon(2022.0, 15, 1.0, 0.0, 10, 1.0)


def shipped(name):
    return pd.read_csv(DATA / f"{name}.csv")


def a_plan(core=4, **others):
    """Chapter 3's plan on the shipped assumptions, at the implied baseline."""
    instances = dict.fromkeys(consolidation.GROUPS, 1) | {"core": core} | others
    terms = consolidation.pooling_terms(
        shipped("cost_shares"), shipped("coordination_factors"), instances, 23
    )
    return consolidation.Pooling(terms, 23, 4, 9.57e6, 66.4e9, 6.1, 34e6, 35e6, 37e6)


def a_purchase(joint_price=True, joint_demand=True):
    return procurement.Purchase.of_tables(
        shipped("category_shares"),
        shipped("lever_scope"),
        5,
        10,
        0.04,
        joint_price,
        joint_demand,
        2,
    )


def joint_draws(log2_points=8):
    return consolidation.joint_draws(
        shipped("input_ranges"), shipped("input_register"), log2_points, "triangular", 0.3
    )


def a_full_year(model="joint_cloud", plan=None, purchase=None, draws=None):
    draws = joint_draws() if draws is None else draws
    return money_over_time.full_year(
        plan or a_plan(), purchase or a_purchase(), draws, model, procurement.gross_share
    )


@pytest.fixture(scope="module")
def worth():
    return a_full_year()


@pytest.fixture(scope="module")
def dates():
    plan = schedule.SimulatedPlan.of_tables(shipped("workplan"), shipped("input_register"), 9, 0.5)
    return money_over_time.programme_dates(plan, 256)


def one_part(saving=10.0, moving=8.0, doubled=4.0, buying=2.0, agency=1.0):
    """A plan of core systems alone, in one draw."""
    return money_over_time.FullYear(
        pd.DataFrame({"buying": [buying], "core": [saving]}),
        pd.DataFrame({"core": [moving]}),
        pd.DataFrame({"core": [doubled]}),
        pd.Series([agency]),
    )


def its_dates(finish=2023.5):
    return pd.DataFrame(
        {
            "agency": [2022.5],
            "buying": [2022.5],
            "core_contract": [finish - 1],
            "core_cutover": [finish - 0.5],
            "core": [finish],
        }
    )


# --- hand arithmetic


def test_two_years_by_hand():
    # buying 2 a year from October 2022; core: 8 paid evenly October 2022 to October 2023, 4 a year
    # twice from April to October 2023, then 10 a year; the agency 1 a year from October 2022
    flows = money_over_time.dated_flows(
        one_part(), its_dates(), money_over_time.Horizon(2022.0, 2, 0.0, 0.0, 10, 1.0)
    )
    parts = ("buying", "core")
    assert flows.gross(parts).tolist() == [[1.0, 2.0 + 5.0]]
    assert flows.spent(parts).tolist() == [[4.0 + 0.5, 4.0 + 2.0 + 1.0]]
    assert flows.net(parts).tolist() == [[-3.5, 0.0]]
    assert flows.present_values(0.25).iloc[0].to_dict() == pytest.approx(
        # nine and a half of ten years of the 8 are left when the second year ends
        {"buying": 1 + 2 / 1.25, "agency": -0.5 - 1 / 1.25, "core": -4 + (-1 + 7.6) / 1.25}
    )


def test_a_ramp_of_a_year_costs_half_a_year_of_saving():
    steep, slow = (
        money_over_time.dated_flows(
            one_part(), its_dates(), money_over_time.Horizon(2022.0, 10, ramp, 0.0, 10, 1.0)
        )
        .saving["core"]
        .sum()
        for ramp in (0, 1)
    )
    assert steep - slow == pytest.approx(10 * 0.5)


def test_a_month_of_delay_loses_a_month_of_full_saving_when_all_of_it_lies_within_the_horizon():
    lost = money_over_time.delay_cost_per_month(
        one_part(),
        its_dates(),
        money_over_time.Horizon(2022.0, 15, 1.0, 0.0, 10, 1.0),
        ("buying", "core"),
    )
    assert lost["p50"] == pytest.approx((10 + 2) / 12)


def test_dates_come_from_the_tasks_of_each_stream():
    plan = schedule.SimulatedPlan.of_tables(shipped("workplan"), shipped("input_register"), 8, 0.5)
    dates = money_over_time.programme_dates(plan, 100)
    place = plan.workplan["task_id"].tolist().index
    assert len(dates) == 100
    assert dates["core_contract"].to_numpy() == pytest.approx(plan.start[:100, place("core_build")])
    assert dates["core"].to_numpy() == pytest.approx(plan.finish[:100, place("core_close")])
    assert dates["agency"].to_numpy() == pytest.approx(plan.finish[:100, place("agency_setup")])


def test_windows_hold_what_they_say(worth, dates):
    flows = money_over_time.dated_flows(worth, dates, YEARS)
    run_rate = pd.DataFrame(
        {"gross_saving_jpy": [1.0, 2.0, 3.0], "net_saving_jpy": [-1.0, 0.0, 1.0]}
    )
    table = money_over_time.windows(flows, flows, WHOLE, run_rate, 0.04, 5).set_index(
        ["window", "rate"]
    )
    assert table.loc[("run_rate_gross", slice(None)), "p50_jpy"].tolist() == [10.0]
    assert table.loc["whole_life"].index.tolist() == [0.04, 0.035, 0.02, 0.01]
    cut_off = present_value(flows.net(WHOLE), 0.02)
    left = sum(flows.left_value(part, 0.02) for part in WHOLE)
    assert table.at[("whole_life", 0.02), "p50_jpy"] == pytest.approx(
        np.median(cut_off + left), rel=1e-3
    )
    assert table.loc[("left", slice(None)), "p10_jpy"].iloc[0] > 0
    committed = -(worth.moving[list(consolidation.GROUPS)].sum(axis=1))
    # dual running comes on top
    assert table.loc[("commitment", slice(None)), "p50_jpy"].iloc[0] < committed.median()


def test_a_plan_of_seven_years_is_read_in_windows_of_seven(worth, dates):
    flows = money_over_time.dated_flows(worth, dates, YEARS)
    run_rate = pd.DataFrame({"gross_saving_jpy": [2.0], "net_saving_jpy": [1.0]})
    table = money_over_time.windows(flows, flows, WHOLE, run_rate, 0.04, 7).set_index("window")
    assert table.loc[["run_rate_gross", "run_rate_net"], "p50_jpy"].tolist() == [14.0, 7.0]
    assert table.at["from_start", "p50_jpy"] == pytest.approx(
        np.median(flows.gross(WHOLE)[:, :7].sum(axis=1)), rel=1e-3
    )
    delay = money_over_time.delay_table(worth, dates, YEARS, WHOLE, 0.04, 7)
    assert delay["gross_from_start_p50_jpy"].iloc[0] == pytest.approx(
        table.at["from_start", "p50_jpy"], rel=1e-3
    )


def test_the_rate_of_the_run_is_not_listed_twice(worth, dates):
    flows = money_over_time.dated_flows(worth, dates, YEARS)
    run_rate = pd.DataFrame({"gross_saving_jpy": [1.0], "net_saving_jpy": [1.0]})
    table = money_over_time.windows(flows, flows, WHOLE, run_rate, 0.02, 5).set_index("window")
    assert table.loc["whole_life", "rate"].tolist() == [0.02, 0.035, 0.01]


def test_quadrants_count_all_draws_and_the_sample_is_their_beginning():
    sample, shares = money_over_time.date_and_money(
        pd.Series([2025.0, 2026.0, 2027.0, 2027.0]),
        np.array([1.0, -1.0, 0.0, -1.0]),
        2026.0,
        shown=2,
    )
    assert shares.set_index(["on_time", "pays"])["share"].to_dict() == {
        (True, True): 0.25,
        (True, False): 0.25,
        (False, True): 0.25,
        (False, False): 0.25,
    }
    assert sample["draw"].tolist() == [0, 1] and sample["on_time"].all()


def test_pay_back_of_most_draws_that_never_do_is_undefined():
    flows = money_over_time.Flows(
        {"core": np.array([[-5.0, 10.0], [0.0, 0.0], [0.0, 0.0]])},
        {"core": np.array([[0, 0], [1.0, 0], [1.0, 0]]), "agency": np.zeros((3, 2))},
        {},
        {},
    )
    levels, never = money_over_time.payback(flows, ("core",), 2022.0)
    assert never == pytest.approx(2 / 3) and levels["p10"] == 2023.5 and np.isnan(levels["p50"])


# --- the parts and chapter 4


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("levers", [(True, True), (True, False), (False, True), (False, False)])
def test_parts_add_up_to_chapter_4_in_every_draw_and_its_levers_are_recognised(model, levers):
    plan, draws = a_plan(), joint_draws()
    saved = procurement.saving_draws(plan, a_purchase(*levers), draws, model)
    in_use = money_over_time.levers_in_use(
        procurement.levers_of_options(plan, a_purchase(*levers), model)
    )
    assert in_use == (*levers, 2)
    parts = a_full_year(model, plan, a_purchase(*in_use[:2]), draws).saving.drop(columns="core_one")
    np.testing.assert_allclose(parts.sum(axis=1), saved["gross_saving_jpy"], rtol=1e-9, atol=1.0)


def test_the_moves_of_the_groups_add_up_to_chapter_3_and_the_agency_is_chapter_4s(worth):
    plan, draws = a_plan(), joint_draws()
    expected = plan.transition_jpy(draws) * draws["uptake_instances"]
    np.testing.assert_allclose(worth.moving[list(consolidation.GROUPS)].sum(axis=1), expected)
    assert (worth.agency == draws["agency_running_cost"]).all()


def test_buying_alone_bears_the_premium_of_its_own_contracts_not_of_the_plans_platforms():
    # tempting: chapter 4's price lever as it stands, from which the premium of fewer platforms has
    # been taken off
    draws = joint_draws()
    few, many = (
        a_full_year(plan=a_plan(core, internal=core), draws=draws).saving["buying"]
        for core in (1, 20)
    )
    np.testing.assert_allclose(few, many)


def test_a_group_left_alone_saves_moves_and_doubles_nothing():
    parts = a_full_year(plan=a_plan(core=23))
    assert (
        (parts.saving["core"].abs() < 1).all()
        and (parts.moving["core"] == 0).all()
        and (parts.doubled["core"] == 0).all()
    )
    assert (parts.moving["core_one"] > 0).all()


def test_core_on_one_platform_is_the_plan_when_the_plan_has_one():
    parts = a_full_year(plan=a_plan(core=1))
    pd.testing.assert_series_equal(
        parts.saving["core_one"], parts.saving["core"], check_names=False
    )


# --- both arms


@given(st.floats(0.5, 3))
@settings(max_examples=5)
def test_dearer_running_in_both_arms_cancels_nothing_and_scales_the_saving(multiple):
    # tempting: what hits wards with and without pooling cancels out. It scales what there is to
    # save, not the transition.
    once, more = a_full_year(), a_full_year(plan=replace(a_plan(), annual_jpy=66.4e9 * multiple))
    pd.testing.assert_frame_equal(more.saving, once.saving * multiple)
    pd.testing.assert_frame_equal(more.doubled, once.doubled * multiple)
    pd.testing.assert_frame_equal(more.moving, once.moving)


def test_growth_moves_both_paths_by_the_same_factor(worth, dates):
    flat, growing = (
        money_over_time.paths(money_over_time.dated_flows(worth, dates, h), WHOLE, 66.4e9, h)
        for h in (YEARS, replace(YEARS, growth=0.03))
    )
    factor = 1.03 ** np.arange(15)
    np.testing.assert_allclose(growing["without_jpy"], flat["without_jpy"] * factor)
    np.testing.assert_allclose(
        growing["gross_saving_p50_jpy"], flat["gross_saving_p50_jpy"] * factor
    )


def test_without_is_with_plus_saving_less_costs(worth, dates):
    flows = money_over_time.dated_flows(worth, dates, YEARS)
    one_draw = money_over_time.Flows(
        *(
            {part: yen[:1] for part, yen in kind.items()}
            for kind in (flows.saving, flows.cost, flows.renewal, flows.left)
        )
    )
    table = money_over_time.paths(one_draw, WHOLE, 66.4e9, YEARS)
    np.testing.assert_allclose(
        table["with_p50_jpy"] + table["gross_saving_p50_jpy"] - table["spent_p50_jpy"],
        table["without_jpy"],
    )
    np.testing.assert_allclose(
        np.cumsum(table["without_jpy"] - table["with_p50_jpy"]), table["cumulative_p50_jpy"]
    )
    assert table["fiscal_year"].tolist() == list(range(2022, 2037))


# --- delay


@given(delay=st.floats(0, 10), more=st.floats(0, 5))
@settings(max_examples=30)
def test_more_delay_never_raises_the_gross_saving_from_the_start(worth, dates, delay, more):
    # in draws in which pooling saves; where it loses, a delay puts off the loss
    saving = money_over_time.FullYear(
        worth.saving.clip(lower=0), worth.moving, worth.doubled, worth.agency
    )
    early, late = (
        money_over_time.gross_from_start(
            money_over_time.dated_flows(
                saving, money_over_time.delayed(dates, years, ("agency",)), YEARS
            ),
            WHOLE,
            5,
        )
        for years in (delay, delay + more)
    )
    assert (late <= early + 1).all()


@pytest.mark.parametrize("model", MODELS)
def test_the_headline_never_rises_with_delay(model, dates):
    table = money_over_time.delay_table(a_full_year(model), dates, YEARS, WHOLE, 0.04, 5)
    assert table["gross_from_start_p50_jpy"].is_monotonic_decreasing


def test_net_of_spending_the_first_five_years_rise_with_delay_which_is_why_they_are_no_headline(
    worth, dates
):
    # the window that fools: FY2022 to FY2026 net of transition. Spending slides out of it, and
    # nobody gains: over the whole life the same delay loses gross saving, and net present value
    # where that is positive
    table = money_over_time.delay_table(worth, dates, YEARS, WHOLE, 0.04, 5)
    assert (
        table["net_from_start_p50_jpy"].is_monotonic_increasing
        and table["net_from_start_p50_jpy"].iloc[0] < 0
    )
    assert table["gross_whole_life_p50_jpy"].is_monotonic_decreasing
    claimed = money_over_time.delay_table(
        a_full_year("source_report"), dates, YEARS, WHOLE, 0.04, 5
    )
    assert (claimed["npv_p50_jpy"] > 0).all() and claimed["npv_p50_jpy"].is_monotonic_decreasing


def test_a_delay_may_raise_a_negative_present_value(dates):
    # exempt: where the plan loses money, to begin later is to lose later
    table = money_over_time.delay_table(a_full_year("cross_section"), dates, YEARS, WHOLE, 0.04, 5)
    assert table["npv_p50_jpy"].iloc[0] < table["npv_p50_jpy"].iloc[-1] < 0


def test_the_agency_stays_founded_while_streams_are_late(dates):
    late = money_over_time.delayed(dates, 2.0, but=("agency",))
    assert (late["agency"] == dates["agency"]).all() and late["core"].to_numpy() == pytest.approx(
        dates["core"] + 2
    )


# --- refusals


def test_a_work_plan_without_the_tasks_that_money_hangs_on_is_refused_by_name():
    workplan = shipped("workplan").replace(
        {"task_id": {"core_build": "core_make", "internal_rollout": "internal_moves"}},
    )
    workplan["predecessors"] = (
        workplan["predecessors"]
        .str.replace("core_build", "core_make")
        .str.replace("internal_rollout", "internal_moves")
    )
    register = pd.DataFrame(
        {"input": ["common_schedule", *("task_" + workplan["task_id"])]}
    ).reset_index(names="dimension")
    plan = schedule.SimulatedPlan.of_tables(workplan, register, 8, 0.5)
    with pytest.raises(ValueError, match="core_build, internal_rollout"):
        money_over_time.programme_dates(plan, 10)
