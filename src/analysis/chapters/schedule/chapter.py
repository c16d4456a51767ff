"""What chapter 6 reads, writes, shows and answers."""

from __future__ import annotations

from analysis.inputs import DATED, RANGES
from workbook.steps import Step

CHAPTER = Step(
    "06_schedule",
    inputs=(
        "workplan",
        "digital_initiatives",
        "category_shares",
        "lever_scope",
        *RANGES,
    ),
    ranges=DATED,
    reads=(
        "baselines",
        "pooling_terms",
        "pooling_plan",
        "saving_draws",
        "target_reading",
        "option_levers",
    ),
    writes=(
        "workplan_timing",
        "plan_dates",
        "stream_finish",
        "finish_curve",
        "merge_bias",
        "duration_evidence",
        "finish_by_assumption",
        "schedule_draws",
        "appraisal_terms",
        "stage_dates",
        "paths",
        "windows",
        "delay",
        "date_and_money",
        "date_and_money_shares",
        "joint_by_correlation",
        "decisions",
        "evppi",
    ),
    exhibits=(
        "gantt",
        "finish-dates",
        "streams",
        "durations",
        "finish-assumptions",
        "cumulative",
        "windows",
        "joint",
        "decisions",
        "waiting",
    ),
    results=(
        "finish_p50",
        "finish_p80",
        "probability_by_fy2025",
        "gross_saving_from_start",
        "npv_whole_life",
        "payback_year",
        "delay_cost_per_month",
        "joint_confidence",
    ),
    reasons=("no-payback",),
    of_one=("question",),
    intervals=(
        ("finish_p80", "variants"),
        ("probability_by_fy2025", "variants"),
        ("joint_confidence", "variants"),
    ),
)
