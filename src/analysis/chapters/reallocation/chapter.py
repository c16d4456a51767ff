"""What chapter 7 reads, writes, shows and answers."""

from __future__ import annotations

from workbook.steps import Step

CHAPTER = Step(
    "07_reallocation",
    inputs=(
        "municipalities",
        "municipality_indicators",
        "participants",
        "it_staffing",
        "input_ranges",
        "input_register",
    ),
    ranges=(
        "it_staff_factor",
        "hours_per_staff",
        "hours_freed_share",
        "redeployed_share",
        "round_productivity",
        "freed_decay",
    ),
    reads=("baselines", "pooling_terms", "pooling_plan", "saving_draws", "target_reading"),
    writes=(
        "it_staff",
        "platforms_to_run",
        "hours_stages",
        "money_stages",
        "circle_points",
        "circle_regimes",
        "circle_map",
        "circle_start",
        "circle_conditions",
        "circle_by_assumption",
    ),
    exhibits=(
        "today-and-aim",
        "circle",
        "circle-start",
        "circle-conditions",
        "circle-assumptions",
    ),
    results=("staff_freed", "hours_freed", "circle_multiplier"),
    reasons=("no-multiple",),
    of_one=("question",),
)
