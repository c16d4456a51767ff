"""What chapter 5 reads, writes, shows and answers."""

from __future__ import annotations

from workbook.steps import Step
from workbook.tables.lineage import Source

RESIDENTS_OF_EACH = Source("ward_costs", ("code", "residents"))
CHAPTER = Step(
    "05_organisation",
    inputs=(
        "body_duties",
        "legal_forms",
        "form_criteria",
        "participants",
        "tile_layout",
        "migration_durations",
        "input_ranges",
        "input_register",
        "parameter_evidence",
        "wide_priors",
        "savings_evidence",
        "procurement_evidence",
        "reference_cases",
        "optimism_bias",
        "supplier_concentration",
        "ward_cost_points",
        "municipal_cost_points",
        "published_figures",
    ),
    reads=(
        "baselines",
        "ward_costs",
        "ward_cost_draws",
        "pooling_draws",
        "pooling_plan",
        "pooling_terms",
        "saving_draws",
    ),
    columns=(RESIDENTS_OF_EACH,),
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
        "bodies_worse_off_per_resident",
        "most_tempted_excess",
        "largest_shapley_share",
        "participants_only_saving",
    ),
    reasons=("none-named",),
)
