"""Chapter 6 by hand: dates follow from durations, deadlines from both waves, and the real projects
stay beside the plan.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.chapters.schedule import formulas as schedule

DATA = Path(__file__).parents[4] / "data"
STREAMS = ("procurement", "infrastructure", "internal", "communication")


def plan_table(rows):
    """A work plan from (task, stream, wave, predecessors, low, mode, high, evidence steps)."""
    columns = [
        "task_id",
        "stream",
        "wave",
        "predecessors",
        "low_months",
        "mode_months",
        "high_months",
        "evidence_steps",
    ]
    table = pd.DataFrame(rows, columns=columns)
    return table.assign(name_ja=table["task_id"], name_en=table["task_id"], evidence_grade="C")


def register_of(workplan):
    names = ["common_schedule", *("task_" + workplan["task_id"])]
    return pd.DataFrame({"input": names, "dimension": range(len(names))})


def fixed_plan(core_months=24.0):
    """Durations without spread: agreement 12, then four streams of 12, 24, 30 and 18 months, then
    core.
    """
    streams = [
        (s, s, 1, "agree", m, m, m, "")
        for s, m in zip(STREAMS, (12.0, 24.0, 30.0, 18.0), strict=True)
    ]
    return plan_table(
        [
            ("agree", "agency", 1, "", 12.0, 12.0, 12.0, "council_setup"),
            *streams,
            (
                "move",
                "core",
                2,
                "infrastructure",
                core_months,
                core_months,
                core_months,
                "cutover_stagger",
            ),
        ]
    )


def wide_plan():
    """One agreement, four equal streams of 24 (12 to 48) months, then core."""
    streams = [(s, s, 1, "agree", 12.0, 24.0, 48.0, "") for s in STREAMS]
    return plan_table(
        [
            ("agree", "agency", 1, None, 3.0, 6.0, 12.0, ""),
            *streams,
            ("move", "core", 2, ";".join(STREAMS), 12.0, 18.0, 36.0, ""),
        ]
    )


def simulated(workplan, log2_points=10, common_cause=0.0, factor=1.0, shape="pert"):
    return schedule.SimulatedPlan.of_tables(
        workplan, register_of(workplan), log2_points, common_cause, factor, shape
    )


# --- hand arithmetic


def test_dates_are_months_after_april_2022():
    timing = schedule.workplan_timing(simulated(fixed_plan())).set_index("task_id")
    assert timing.loc[
        "internal", ["planned_start", "planned_finish", "finish_p10", "finish_p90"]
    ].tolist() == [2023, 2025.5, 2025.5, 2025.5]
    assert timing.at["move", "planned_finish"] == 2022 + (12 + 24 + 24) / 12


def test_a_stream_on_the_day_of_its_deadline_is_in_time():
    ends = schedule.stream_finish(
        simulated(fixed_plan()), deadline=2025.0, core_deadline=2026.9
    ).set_index("scope")
    assert ends["probability"].to_dict() == {
        "procurement": 1,
        "infrastructure": 1,
        "internal": 0,
        "communication": 1,
        "wave1": 0,
        "core": 0,
        "all": 0,
    }


def test_shrinking_every_duration_by_the_factor_meets_the_deadline_with_even_odds():
    ends = schedule.stream_finish(simulated(wide_plan()), 2024.0, 2027.0).set_index("scope")
    shrunk = simulated(wide_plan(), factor=ends.at["wave1", "factor_even"])
    assert schedule.stream_finish(shrunk, 2024.0, 2027.0).set_index("scope").at[
        "wave1", "probability"
    ] == pytest.approx(0.5, abs=0.002)


def test_halving_the_task_that_rules_gains_half_of_it_until_another_rules():
    # wave 1 ends with internal (30 months); at 15 it would end with infrastructure (24): a gain of
    # 6, not 15
    gains = schedule.workplan_timing(simulated(fixed_plan())).set_index("task_id")["gain_months"]
    assert gains.to_dict() == pytest.approx(
        {
            "agree": 6,
            "procurement": 0,
            "infrastructure": 0,
            "internal": 6,
            "communication": 0,
            "move": 0,
        }
    )


def test_the_curve_ends_where_all_draws_are_finished():
    plan = simulated(wide_plan())
    curve = schedule.finish_curve(plan)
    for scope, line in curve.groupby("scope"):
        assert line["probability"].is_monotonic_increasing and line["probability"].iloc[-1] > 0.99
        month = line.iloc[len(line) // 2]
        assert month["probability"] == (plan.finishes()[scope] <= month["fiscal_year"]).mean()


def test_plan_rows_add_up_the_tasks_of_a_stage_and_real_rows_keep_their_bounds():
    workplan = plan_table(
        [
            ("talk", "agency", 1, "", 9.0, 12.0, 16.0, "council_setup"),
            *[(s, s, 1, "talk", 4.0, 6.0, 9.0, "council_to_kickoff") for s in STREAMS],
            ("buy", "internal", 1, "internal", 5.0, 7.0, 12.0, "council_to_kickoff"),
            (
                "build",
                "core",
                2,
                "buy",
                16.0,
                20.0,
                36.0,
                "kickoff_to_service;agreement_to_service_last",
            ),
        ]
    )
    migration = pd.DataFrame(
        [
            ("X1", "council_setup", 12.0, 9.0, 16.0, "month", "actual"),
            ("X2", "council_to_kickoff", 13.0, None, None, "month", "plan"),
            ("X3", "participants", 5.0, None, None, "municipality", "actual"),
        ],
        columns=["evidence_id", "step", "value", "low", "high", "unit", "plan_or_actual"],
    )
    rows = schedule.duration_evidence(simulated(workplan), migration).set_index(
        ["stage", "subject"]
    )
    months = ["low_months", "central_months", "high_months"]
    assert rows.loc[("council", "X1"), months].tolist() == [9, 12, 16]
    assert rows.loc[("tender", "X2"), months].tolist() == [13, 13, 13]
    assert rows.loc[("tender", "internal"), months].tolist() == [9, 13, 21]
    assert rows.loc[("build", "core"), months].tolist() == [16, 20, 36]
    assert "X3" not in rows.index.get_level_values("subject")


def test_a_national_date_counts_until_its_evening():
    initiatives = pd.DataFrame(
        {"initiative": ["standardised_systems", "security"], "national_date": ["2026-03-31", None]}
    )
    dates = schedule.plan_dates(initiatives, 2025.0, 2031.0).set_index("date_id")["fiscal_year"]
    assert dates.to_dict() == {
        "report_deadline": 2026.0,
        "deadline": 2025.0,
        "standardised_systems": 2026.0,
        "core_deadline": 2031.0,
    }


# --- the tempting wrong answers


def test_the_sum_of_most_likely_durations_is_not_the_median():
    # tempting: 6 + 24 = 30 months for wave 1. Skew and four streams that must all be ready make it
    # later.
    merging = schedule.merge_bias(simulated(wide_plan(), 12)).set_index("scope").loc["wave1"]
    assert merging["most_likely_months"] == 30
    assert merging["mean_durations_months"] == pytest.approx(6.5 + 26)
    assert (
        merging["merge_bias_months"] == pytest.approx(merging["mean_months"] - 32.5, abs=0.01)
        and merging["merge_bias_months"] > 4
    )
    assert merging["most_likely_probability"] < 0.1


def test_multiplying_the_chances_of_the_streams_is_wrong_when_they_share_a_cause():
    # tempting: P(all streams in time) = product of their chances. They wait for one agreement and
    # share causes.
    ends = schedule.stream_finish(
        simulated(wide_plan(), 12, common_cause=0.8), 2025.0, 2028.0
    ).set_index("scope")
    assert ends.at["wave1", "probability"] > 1.5 * ends.loc[list(STREAMS), "probability"].prod()


def test_the_textbook_spread_is_too_small_when_tasks_share_a_cause():
    # tempting: variances of the chain add up to the variance of the finish
    merging = (
        schedule.merge_bias(simulated(wide_plan(), 12, common_cause=0.8))
        .set_index("scope")
        .loc["core"]
    )
    assert merging["spread_months"] > 1.3 * merging["textbook_spread_months"]
    assert merging["textbook_spread_months"] == pytest.approx((1.5**2 + 6**2 + 4**2) ** 0.5)


def test_tasks_of_wave_1_have_no_float_though_core_ends_much_later():
    # tempting: float against the end of everything, here years after wave 1
    timing = schedule.workplan_timing(simulated(fixed_plan(core_months=60.0))).set_index("task_id")
    assert (
        timing.at["internal", "total_float_months"] == 0
        and timing.at["internal", "criticality_share"] == 1
    )
    assert timing["total_float_months"].drop(["internal"]).to_dict() == {
        "agree": 0,
        "procurement": 18,
        "infrastructure": 0,
        "communication": 12,
        "move": 0,
    }


# --- refusals name every culprit


def test_months_of_an_unknown_step_are_refused_by_name():
    migration = pd.DataFrame(
        {
            "evidence_id": ["X1", "X2"],
            "step": ["teleport", "beam"],
            "value": 1.0,
            "low": np.nan,
            "high": np.nan,
            "unit": "month",
            "plan_or_actual": "actual",
        }
    )
    with pytest.raises(ValueError, match="beam, teleport"):
        schedule.duration_evidence(simulated(fixed_plan()), migration)


def test_a_plan_with_faults_names_them_all():
    workplan = plan_table(
        [("a", "agency", 1, "b", 1.0, 2.0, 3.0, ""), ("b", "agency", 1, "a;x", 1.0, -2.0, 3.0, "")]
    )
    with pytest.raises(ValueError, match=r"b waits for x.*b lasts -2.*a -> b -> a"):
        simulated(workplan)


def test_three_points_out_of_order_are_refused_by_task():
    workplan = fixed_plan().assign(high_months=5.0)
    with pytest.raises(ValueError, match="task_agree.*task_move"):
        simulated(workplan)


# --- invariances


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(range(6)), st.floats(0, 24))
def test_a_longer_task_never_makes_anything_earlier(which, delay):
    longer = wide_plan()
    longer.loc[which, ["low_months", "mode_months", "high_months"]] += delay
    late, early = simulated(longer, 6, 0.3).finishes(), simulated(wide_plan(), 6, 0.3).finishes()
    assert (late >= early - 1e-9).all(axis=None)


@settings(max_examples=20, deadline=None)
@given(st.permutations(range(6)))
def test_the_order_of_the_rows_changes_no_date(order):
    shuffled = wide_plan().iloc[list(order)].reset_index(drop=True)
    register = register_of(wide_plan())
    one, other = (
        schedule.SimulatedPlan.of_tables(table, register, 6, 0.3).finishes()
        for table in (wide_plan(), shuffled)
    )
    pd.testing.assert_frame_equal(one, other)


def test_the_factor_scales_all_spans():
    one, double = (
        plan.months_until(plan.finishes())
        for plan in (simulated(wide_plan(), factor=factor) for factor in (1.0, 2.0))
    )
    np.testing.assert_allclose(double, 2 * one)


def test_stored_draws_are_the_first_of_the_draws_results_rest_on():
    plan = simulated(wide_plan(), 10)
    stored = schedule.schedule_draws(plan, 6)
    assert stored["draw"].tolist() == list(range(64))
    assert (stored["finish_core"] == plan.finishes()["core"].head(64)).all()
    assert (stored["finish_core"] > stored["finish_wave1"]).all()


# --- the shipped work plan


@pytest.fixture(scope="module")
def shipped():
    workplan, register, migration = (
        pd.read_csv(DATA / f"{name}.csv")
        for name in ("workplan", "input_register", "migration_durations")
    )
    return workplan, register, migration


def test_the_shipped_plan_has_one_start_and_core_comes_last(shipped):
    workplan, register, migration = shipped
    plan = schedule.SimulatedPlan.of_tables(workplan, register, 10, 0.5)
    assert [task for task, degree in plan.graph.in_degree if degree == 0] == ["start"]
    assert (plan.finishes()["core"] == plan.finishes()["all"]).all()
    assert set(schedule.duration_evidence(plan, migration)["stage"]) == set(schedule.STAGES)


def test_every_rival_assumption_has_its_row(shipped):
    workplan, register, _ = shipped
    rivals = schedule.finish_by_assumption(workplan, register, 8, 1.0, 2026.0, 2031.0, 2022.0)
    assert len(rivals.drop_duplicates(["shape", "common_cause"])) == 9
    spread = rivals.pivot(index="shape", columns="common_cause", values="all_p80")
    assert (spread.loc["uniform"] > spread.loc["triangular"]).all() and (
        spread.loc["triangular"] > spread.loc["pert"]
    ).all()


def test_scramblings_agree_on_the_median_within_a_third_of_a_month(shipped):
    workplan, register, _ = shipped
    assert 0 < schedule.finish_error_months(workplan, register, 12, 0.5, 1.0, scramblings=3) < 1 / 3
