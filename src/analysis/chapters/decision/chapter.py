"""What chapter 9 reads, writes, shows and answers."""

from __future__ import annotations

from analysis.inputs import DATED, RANGES
from workbook.steps import Step

CHAPTER = Step(
    "09_decision",
    inputs=(
        "municipalities",
        "municipality_indicators",
        "participants",
        "decision_terms",
        "workplan",
        "decision_calendar",
        "ict_commitments",
        "category_shares",
        "lever_scope",
        *RANGES,
    ),
    ranges=(*DATED, "hours_per_staff"),
    reads=(
        "pooling_terms",
        "pooling_plan",
        "option_levers",
        "appraisal_terms",
        "stage_dates",
        "ward_costs",
        "ward_cost_draws",
        "hours_stages",
    ),
    writes=(
        "buying_outturn",
        "buying_inputs",
        "buying_bridge",
        "decision_options",
        "decision_parts",
        "decision_flips",
        "claim_stretches",
        "decision_learning",
        "learning_by_input",
        "model_worth",
        "model_turns",
        "decision_stages",
        "decision_courses",
        "decision_steps",
        "decision_wards",
        "decision_appraisal",
        "decision_advice",
        "decision_carriers",
    ),
    exhibits=(
        "today-options",
        "today-calendar",
        "buying-outturn",
        "buying-bridge",
        "today-stages",
        "today-wards",
        "today-appraisal",
    ),
    results=("decision_value", "decision_margin", "decision_flip_weight", "decision_stop_value"),
    reasons=("no-flip", "no-stop"),
    of_one=("question",),
)
