"""What is uncertain, by name alone: the tables that hold ranges and the evidence behind them, and
the inputs that plan and purchase are drawn from. Chapters declare with these names and formulas
compute with them; nothing is imported here, so that a declaration costs nothing.
"""

from __future__ import annotations

EVIDENCE = (
    "savings_evidence",
    "procurement_evidence",
    "reference_cases",
    "optimism_bias",
    "supplier_concentration",
    "ward_cost_points",
    "municipal_cost_points",
    "migration_durations",
    "published_figures",
    "legal_forms",
)
# what a chapter loads whose ranges follow the evidence known by a month
RANGES = ("input_ranges", "input_register", "parameter_evidence", "wide_priors", *EVIDENCE)

PLAN = (
    "joint_cloud_saving",
    "coordination_loss",
    "coordination_curvature",
    "supplier_premium",
    "transfer_technology",
    "transfer_size",
    "claimed_saving",
    "core_share_shift",
    "transition_core",
    "transition_other",
    "transition_additional",
    "transition_uplift",
)
PURCHASE = (
    "uptake_instances",
    "uptake_price",
    "additionality_price",
    "uptake_demand",
    "additionality_demand",
    "price_effect",
    "demand_effect",
    "agency_running_cost",
    "supplier_premium",
)
# money by its dates: until a group of systems has moved, a part of its spend is paid twice; what
# durations were before the evidence is a row of the wide priors
DATED = (*PLAN, *PURCHASE, "dual_running_share", "task_duration")
