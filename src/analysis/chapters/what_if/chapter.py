"""What chapter 10 reads, writes and shows."""

from __future__ import annotations

from analysis.inputs import PLAN, PURCHASE, RANGES
from workbook.steps import Source, Step

CHAPTER = Step(
    "10_what_if",
    inputs=(
        "participants",
        *RANGES,
    ),
    ranges=(*PLAN, *PURCHASE),
    reads=(
        "baselines",
        "spend_reached",
        "pooling_plan",
        "pooling_terms",
        "purchase_plan",
        "purchase_cells",
        "target_reading",
        "both_arms",
        "ward_costs",
    ),
    columns=(
        Source("both_arms", ("source_id", "rise")),
        Source("ward_costs", ("code", "residents")),
    ),
    writes=("what_if_states", "what_if_single", "what_if_members"),
    exhibits=("what-if",),
    of_one=("question", "method", "limits"),
)
