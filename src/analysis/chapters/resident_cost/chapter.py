"""What chapter 2 reads, writes, shows and answers."""

from __future__ import annotations

from workbook.steps import Step

CHAPTER = Step(
    "02_resident_cost",
    inputs=(
        "municipalities",
        "municipality_indicators",
        "municipality_size_distribution_2017",
        "ict_cost_survey",
        "published_figures",
        "participants",
        "ward_cost_points",
        "input_register",
        "ict_cost",
    ),
    reads=(),
    writes=(
        "baselines",
        "national_moments",
        "national_fits",
        "national_curve",
        "scale_envelope",
        "ward_comparison",
        "scope_bridge",
        "ward_costs",
        "ward_cost_draws",
        "power",
        "size_leverage",
        "observed_costs",
        "unevenness",
        "unevenness_parts",
        "lorenz",
        "cost_function",
        "specifications",
        "ward_influence",
    ),
    exhibits=(
        "baselines",
        "national-curve",
        "fits",
        "scope-bridge",
        "ward-costs",
        "unevenness",
        "power",
    ),
    results=(
        "baseline_5y",
        "cost_per_resident",
        "national_cost_without_wards",
        "ward_to_national_ratio",
        "scale_elasticity",
        "least_cost_size",
        "fixed_cost_per_body",
        "observed_elasticity",
        "observed_gini",
    ),
    local_exhibits=("lorenz", "coefficients", "specification-curve", "influence"),
    reasons=("no-total", "no-supplied-cost"),
)
