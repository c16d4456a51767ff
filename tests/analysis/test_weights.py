"""Weights are read from the run's sensitivity results, and follow them when they change."""

import math

import pytest

from analysis.weights import weight_of

NAN = math.nan
RESULTS = {
    "variance_shares": [
        {"input": "joint_cloud_saving", "share": 0.005, "split_share": 0.018},
        {"input": "uptake_demand", "share": 0.002, "split_share": NAN},
        {"input": "coordination_curvature", "share": -0.3, "split_share": NAN},
        {"input": "core_share_shift", "share": 0.0004, "split_share": NAN},
    ],
    "sensitivity": [
        {"input": "joint_cloud_saving", "swing": 0.11},
        {"input": "price_effect", "swing": 0.012},
        {"input": "core_share_shift", "swing": 0.001},
    ],
    "circle_conditions": [
        {"input": "round_productivity", "within": True},
        {"input": "freed_decay", "within": False},
    ],
    "workplan_timing": [
        {"task_id": "core_build", "criticality_share": 0.7},
        {"task_id": "core_rules", "criticality_share": 0.39},
        {"task_id": "first_framework", "criticality_share": 0.0},
    ],
    "form_flips": [
        {
            "criterion": "tax",
            "from_weight": 0.0,
            "to_weight": 0.05,
            "leader": "company",
            "equal_weight": 0.167,
        },
        {
            "criterion": "tax",
            "from_weight": 0.05,
            "to_weight": 1.0,
            "leader": "foundation",
            "equal_weight": 0.167,
        },
        {
            "criterion": "set_up",
            "from_weight": 0.0,
            "to_weight": 0.25,
            "leader": "company",
            "equal_weight": 0.167,
        },
        {
            "criterion": "set_up",
            "from_weight": 0.25,
            "to_weight": 1.0,
            "leader": "foundation",
            "equal_weight": 0.167,
        },
        {
            "criterion": "pay_freedom",
            "from_weight": 0.0,
            "to_weight": 1.0,
            "leader": "foundation",
            "equal_weight": 0.167,
        },
    ],
    "grouping_check": [
        {"kind": "low", "item": "supplier_change", "regret_share": 0.002},
        {"kind": "high", "item": "supplier_change", "regret_share": 0.0003},
        {"kind": "dealt_anew", "item": NAN, "regret_share": 0.054},
    ],
}
CHOSEN = {"evidence_until": None, "scale_model": "joint_cloud"}


def grade(table, key, results=RESULTS, chosen=CHOSEN):
    return weight_of(table, key, results, chosen).grade


@pytest.mark.parametrize(
    ("table", "key", "expected"),
    [
        # 1.8 % of the variance, but 11 points of the target: the heavier counts
        ("input_ranges", {"input": "joint_cloud_saving"}, "heavy"),
        ("input_ranges", {"input": "price_effect"}, "middling"),
        # no split share: its own part counts
        ("input_ranges", {"input": "uptake_demand"}, "light"),
        # the tempting reading: an estimate of -0.3 is no weight of 0.3
        ("input_ranges", {"input": "coordination_curvature"}, "light"),
        ("input_ranges", {"input": "round_productivity"}, "heavy"),
        ("input_ranges", {"input": "freed_decay"}, "light"),
        ("input_ranges", {"input": "hours_per_staff"}, "unmeasured"),
        ("input_ranges", {"input": "claimed_saving"}, "idle"),
        ("wide_priors", {"input": "joint_cloud_saving"}, "idle"),
        ("workplan", {"task_id": "core_build"}, "heavy"),
        ("workplan", {"task_id": "core_rules"}, "middling"),
        ("workplan", {"task_id": "first_framework"}, "light"),
        ("form_criteria", {"form": "company", "criterion": "set_up"}, "heavy"),
        ("form_criteria", {"form": "company", "criterion": "tax"}, "middling"),
        ("form_criteria", {"form": "company", "criterion": "pay_freedom"}, "light"),
        ("platform_costs", {"item": "supplier_change"}, "light"),
        ("ward_systems", {"code": "131016"}, "middling"),
        ("cost_shares", {"system_group": "core"}, "light"),
        ("lever_scope", {"lever": "price"}, "unmeasured"),
    ],
)
def test_an_assumption_weighs_what_the_run_measured(table, key, expected):
    assert grade(table, key) == expected


def test_weights_follow_the_sensitivity_table_when_it_changes():
    changed = {
        **RESULTS,
        "sensitivity": [{"input": "price_effect", "swing": 0.4}],
        "variance_shares": [],
    }
    assert grade("input_ranges", {"input": "price_effect"}, changed) == "heavy"
    # nothing is remembered from an earlier run
    assert grade("input_ranges", {"input": "joint_cloud_saving"}, changed) == "unmeasured"


def test_what_a_run_uses_is_no_longer_idle():
    assert (
        grade("wide_priors", {"input": "joint_cloud_saving"}, chosen={"evidence_until": "2022-03"})
        == "heavy"
    )
    assert (
        grade("input_ranges", {"input": "claimed_saving"}, chosen={"scale_model": "source_report"})
        == "unmeasured"
    )


def test_a_run_without_results_measures_nothing_and_says_so():
    for table, key in (
        ("input_ranges", {"input": "price_effect"}),
        ("workplan", {"task_id": "core_build"}),
        ("form_criteria", {"criterion": "tax"}),
    ):
        weight = weight_of(table, key, {}, CHOSEN)
        assert weight.grade == "unmeasured" and all(weight.measured.values())


def test_where_no_target_is_published_a_swing_is_of_the_cost():
    wards, others = (
        weight_of("input_ranges", {"input": "price_effect"}, RESULTS, {**CHOSEN, "group": group})
        for group in ("tokyo23", "tama26")
    )
    assert (
        wards.measured["en"].endswith("of the target")
        and others.measured["en"].endswith("of the cost of the same years")
        and "目標" not in others.measured["ja"]
    )
    assert wards.grade == others.grade
