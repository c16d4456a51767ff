"""What chapter 4 reads, writes, shows and answers."""

from __future__ import annotations

from analysis.inputs import PLAN, PURCHASE, RANGES
from workbook.steps import Step

CHAPTER = Step(
    "04_procurement",
    inputs=(
        "municipalities",
        "category_shares",
        "lever_scope",
        *RANGES,
    ),
    ranges=(*PLAN, *PURCHASE),
    reads=("spend_reached", "pooling_plan", "pooling_terms"),
    writes=(
        "published_target",
        "option_levers",
        "target_reading",
        "saving_curve",
        "levers",
        "target_to_net",
        "audited_split",
        "sensitivity",
        "sign_deciders",
        "switching",
        "variance_shares",
        "widths_if_known",
        "condition_map",
        "condition_today",
        "tail_sensitivity",
        "scrambling_errors",
        "evidence_shares",
        "saving_draws",
        "purchase_plan",
        "purchase_cells",
    ),
    exhibits=(
        "readings",
        "s-curve",
        "levers",
        "tornado",
        "switching",
        "variance",
        "condition-map",
        "tail",
        "evidence",
        "option-levers",
        "signs",
        "target-to-net",
    ),
    results=(
        "run_rate_saving",
        "run_rate_saving_share",
        "target_ratio_p50",
        "target_ratio_p95",
        "target_probability",
        "switching_phi",
    ),
    reasons=("no-target", "no-fixed-share", "claim-is-no-evidence"),
    of_one=("question", "evidence"),
    intervals=(("target_ratio_p95", "variants"), ("target_probability", "rivals")),
)
