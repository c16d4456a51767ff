"""What chapter 3 reads, writes, shows and answers."""

from __future__ import annotations

from analysis.inputs import PLAN, RANGES
from workbook.steps import Source, Step

RESIDENTS_OF_EACH = Source("ward_costs", ("code", "residents"))
SCOPE = Source("ward_comparison", ("baseline", "in_scope_share"))
CHAPTER = Step(
    "03_consolidation",
    inputs=(
        "municipalities",
        "participants",
        "consolidation_targets",
        "cost_shares",
        "coordination_factors",
        "ict_cost_survey",
        "tile_layout",
        "ward_systems",
        "platform_costs",
        *RANGES,
    ),
    ranges=PLAN,
    reads=("baselines", "ward_comparison", "scale_envelope", "ward_costs", "ward_likeness"),
    columns=(RESIDENTS_OF_EACH, SCOPE),
    writes=(
        "targets",
        "spend_reached",
        "pooling_terms",
        "pooling_plan",
        "scale_models",
        "migration_cost",
        "fixed_share_steps",
        "one_new_group",
        "instances",
        "coordination_band",
        "three_or_four_map",
        "pooling_draws",
        "platform_options",
        "platform_members",
        "platforms",
        "grouping_check",
    ),
    exhibits=(
        "whole-picture",
        "scale-models",
        "fixed-share",
        "instances",
        "three-or-four",
        "who-with-whom",
        "forcing-k",
        "grouping-check",
    ),
    results=("pooled_saving_share", "best_instances_core", "transition_cost"),
    of_one=("question",),
)
