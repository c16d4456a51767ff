"""What chapter 5 reads, writes, shows and answers."""

from __future__ import annotations

from analysis.inputs import PLAN, RANGES
from workbook.steps import Step

CHAPTER = Step(
    "05_organisation",
    inputs=(
        "agency_duties",
        "form_criteria",
        "participants",
        "tile_layout",
        *RANGES,
    ),
    ranges=(*PLAN, "uptake_instances", "agency_running_cost"),
    reads=(
        "baselines",
        "ward_costs",
        "ward_cost_draws",
        "pooling_draws",
        "pooling_plan",
        "pooling_terms",
        "saving_draws",
    ),
    writes=(
        "duties",
        "form_scores",
        "form_acceptability",
        "form_flips",
        "cost_shares_by_rule",
        "winners_losers",
        "net_verdicts",
        "temptation",
        "rival_readings",
        "central_verdicts",
        "nucleolus_proof",
        "coordination_test",
        "charge_map",
        "participants_saving",
        "participation",
        "meeting_table",
    ),
    exhibits=(
        "duties",
        "forms",
        "shares",
        "temptation",
        "shares-map",
        "participants",
        "rival-readings",
        "meeting-table",
    ),
    results=(
        "municipalities_worse_off_per_resident",
        "most_tempted_excess",
        "largest_shapley_share",
        "participants_only_saving",
    ),
    reasons=("none-named",),
    of_one=("question",),
)
