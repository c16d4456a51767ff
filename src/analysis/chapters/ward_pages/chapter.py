"""What chapter 11 reads, writes and shows."""

from __future__ import annotations

from workbook.steps import Step

CHAPTER = Step(
    "11_ward_pages",
    inputs=("ict_commitments",),
    reads=(
        "ward_costs",
        "ward_cost_draws",
        "staff_per_1000",
        "municipal_indicators",
        "ward_lateness",
        "published_budgets",
        "item_scopes",
        "observed_costs",
        "baselines",
        "next_books",
        "cost_shares_by_rule",
        "winners_losers",
        "saving_draws",
        "decision_wards",
        "decision_options",
        "decision_steps",
    ),
    writes=("ward_lines", "ward_narrowing", "ward_answers"),
    exhibits=("ward-pages",),
    of_one=("question", "ward-pages", "checks", "method", "limits"),
)
