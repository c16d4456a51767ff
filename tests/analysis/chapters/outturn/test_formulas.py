"""Chapter 8: a multiple belongs in both arms, a class of few cases has no percentile, what came is
not what was planned.
"""

import numpy as np
import pandas as pd
import pytest

from analysis.chapters.outturn import formulas as outturn

NO_BUDGETS = pd.Series(dtype=float)
SAVINGS = pd.DataFrame(
    {
        "gross_saving_jpy": [10.0, 10.0, 10.0],
        "transition": [3.0, 3.0, 3.0],
        "agency": [1.0, 1.0, 1.0],
    }
)


def cases(**changes):
    table = pd.DataFrame(
        {
            "evidence_id": ["R1", "R2", "R3", "R4"],
            "quantity": ["cost", "benefit", "duration", "duration"],
            "intervention": "pooling",
            "country": "JP",
            "planned": [10.0, 10.0, 12.0, 20.0],
            "actual": [15.0, 4.0, 18.0, 5.0],
            "unit": ["m GBP", "m GBP", "month", "municipality"],
            "standing": "reported",
            "published_on": "2020",
        }
    )
    return table.assign(**changes)


def test_the_multiple_raises_both_paths_by_hand():
    multiples = pd.DataFrame({"source_id": ["tokyo"], "multiple": [2.0]})
    arms = outturn.both_arms(100.0, SAVINGS, 0.5, multiples, NO_BUDGETS).set_index("source_id")
    # half the spend doubles: 150; pooling saves a tenth of either, 15; transition and agency stay
    # at 4
    row = arms.loc["tokyo"]
    assert (
        row["without_jpy"],
        row["pooled_jpy"],
        row["gross_saving_jpy"],
        row["net_p50_jpy"],
    ) == pytest.approx((150, 135, 15, 11))
    # tempting: the rise in the pooled arm alone turns a saving of 15 into a loss of 35
    assert row["one_arm_jpy"] == pytest.approx(-35)
    assert arms.loc["report_level", "net_p50_jpy"] == pytest.approx(6)


def test_worse_is_above_one_for_costs_and_months_and_below_one_for_benefits_and_municipalities():
    found = outturn.reference_cases(cases()).set_index("evidence_id")
    assert found["worse"].tolist() == [True, True, True, True]
    # tempting: every duration alike
    assert found["more_is_better"].tolist() == [False, True, False, True]


def test_a_case_without_an_outcome_is_not_worse_and_enters_no_class():
    open_case = outturn.reference_cases(cases(actual=[np.nan, 4.0, 18.0, 5.0]))
    assert not open_case["worse"].iloc[0]
    assert outturn.reference_classes(open_case)["cases"].sum() == 3


def test_classes_never_mix_what_is_better_and_what_is_worse_and_few_cases_have_no_percentile():
    classes = outturn.reference_classes(outturn.reference_cases(cases()))
    assert len(classes) == 4 and classes["prudent_factor"].isna().all()


def test_late_municipalities_are_a_share_of_all_counted():
    counts = pd.DataFrame(
        {
            "as_of": ["2025-12-31"],
            "municipalities_with_delayed_systems": [447],
            "municipalities": [1788],
            "standing": ["reported"],
        }
    )
    assert outturn.late_local_governments(counts)["late_share"].tolist() == [0.25]


def test_the_timeline_keeps_each_lane_in_order_and_names_missing_milestones():
    timing = pd.DataFrame(
        {
            "task_id": outturn.MILESTONES,
            "name_ja": "あ",
            "name_en": "a",
            "planned_finish": np.linspace(2026, 2023, len(outturn.MILESTONES)),
        }
    )
    events = pd.DataFrame(
        {"date": ["2025-01", "2023-07"], "event_ja": "い", "event_en": "b", "standing": "reported"}
    )
    line = outturn.timeline(events, timing)
    assert all(rows["fiscal_year"].is_monotonic_increasing for _, rows in line.groupby("lane"))
    with pytest.raises(ValueError, match="core_close"):
        outturn.timeline(events, timing[timing["task_id"] != "core_close"])


def test_events_that_answer_the_plan_are_all_demanded():
    events = pd.DataFrame(
        {
            "date": ["2023-03"],
            "event_ja": "い",
            "event_en": "b",
            "standing": "reported",
            "source": "s",
        }
    )
    with pytest.raises(ValueError, match="2023-07, 2024-11-14"):
        outturn.what_came(events, pd.DataFrame(), {})
