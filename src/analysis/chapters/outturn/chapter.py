"""What chapter 8 reads, writes, shows and answers."""

from __future__ import annotations

from analysis.inputs import RANGES
from workbook.steps import Step

CHAPTER = Step(
    "08_outturn",
    inputs=(
        "events_since_2022",
        "standardisation_delay",
        "core_system_costs",
        "workplan",
        "category_shares",
        "lever_scope",
        "judgements",
        *RANGES,
    ),
    reads=(
        "pooling_terms",
        "pooling_plan",
        "purchase_plan",
        "purchase_cells",
        "spend_reached",
        "target_reading",
        "budget_growth",
        "published_target",
        "option_levers",
        "plan_dates",
    ),
    writes=(
        "timeline",
        "report_deadlines",
        "what_came",
        "late_local_governments",
        "both_arms",
        "back_cast_money",
        "back_cast_cost",
        "back_cast_dates",
        "known_ranges",
        "reference_outcomes",
        "reference_classes",
        "judged_experts",
        "judged_inputs",
    ),
    exhibits=(
        "outturn",
        "what-came",
        "late-local-governments",
        "both-arms",
        "back-cast",
        "known-ranges",
        "reference-classes",
    ),
    local_exhibits=("judgements",),
    results=("backcast_target_ratio", "running_cost_multiple", "local_governments_on_time_share"),
    table_words=("came_saving",),
    reasons=("no-target",),
    of_one=(
        "question",
        "outturn",
        "what-came",
        "late-local-governments",
        "known-ranges",
        "reference-classes",
        "judgements",
        "method",
        "limits",
        "running_cost_multiple",
        "local_governments_on_time_share",
    ),
    intervals=(("running_cost_multiple", "cases"),),
)
