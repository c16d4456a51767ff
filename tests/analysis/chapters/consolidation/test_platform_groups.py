"""Who shares a core platform, by hand: what the lead imposes, what the number costs, what the
limits and placeholders decide.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.chapters.consolidation import platform_groups as groups
from analysis.chapters.consolidation.platform_groups import Limits
from analysis.methods.grouping import LimitsConflict

DATA = Path(__file__).parents[4] / "data"
ITEMS = pd.DataFrame(
    {
        "item": ["supplier_change", "double_running", "contract_extension"],
        "low": [0.2, 0.5, 0.0],
        "central": [0.5, 0.8, 0.1],
        "high": [1.2, 1.0, 0.3],
    }
)


def some_wards(residents=(1, 1, 2), families="WXW", ends=(2027.0, 2028.0, 2029.0)):
    codes = [f"{place:06d}" for place in range(1, len(residents) + 1)]
    return pd.DataFrame(
        {
            "code": codes,
            "residents": residents,
            "supplier_family": list(families),
            "contract_end": ends,
        }
    )


def likeness_of(wards, shares):
    pairs = [(a, b) for i, a in enumerate(wards["code"]) for b in wards["code"][i + 1 :]]
    return pd.DataFrame(pairs, columns=["code", "other_code"]).assign(likeness_share=shares)


def some_costs(wards=None, shares=(0.5, 0.75, 1.0), **changes):
    wards = some_wards() if wards is None else wards
    distance = groups.rule_distance(wards["code"], likeness_of(wards, shares))
    settings_ = (
        dict(
            core_spend_jpy=400.0,
            items=ITEMS,
            fixed_share=0.3,
            suppliers_today=2,
            life_years=10,
            draws=pd.DataFrame(
                {"coordination_loss": [0.05, 0.1, 0.4], "supplier_premium": [0.0, 0.06, 0.1]}
            ),
        )
        | changes
    )
    return groups.platform_costs(wards, distance, **settings_)


def the_23(**changes):
    wards = pd.read_csv(DATA / "municipality_indicators.csv", dtype={"code": str}).query(
        "indicator == 'residents' and period == '2020-01-01'"
    )
    systems = pd.read_csv(DATA / "ward_systems.csv", dtype={"code": str})
    wards = groups.wards_with_systems(
        wards[wards["code"].isin(systems["code"])].rename(columns={"value": "residents"}), systems
    )
    likeness = np.random.default_rng(7).integers(6, 20, 253) / 19
    return some_costs(
        wards,
        likeness,
        core_spend_jpy=3e10,
        items=pd.read_csv(DATA / "platform_costs.csv"),
        **changes,
    )


def test_a_ward_pays_for_the_leads_rules_supplier_and_contract_by_hand():
    # Spend 100, 100, 200. Distances 1-2: .5, 1-3: .25, 2-3: 0. Medians: loss .1, premium .06.
    # All on ward 1: 100 x .5 + 200 x .25 = 100; on ward 2: 50; on ward 3: 25, the least: .0625 of
    # the spend loses .1. Ward 1 under ward 2: 100 x .1 x .5 / .0625 = 80; supplier W to X: 100 x .5
    # / 10 = 5; its contract ends one year before the lead's: 100 x .1 x 1 / 10 = 1. Ward 3 under
    # ward 1: 80; same supplier; two years later: 200 x .8 x 2 / 10 = 32.
    parts = some_costs().parts()
    assert [
        parts[name][0, 1] for name in ("rules_jpy", "supplier_change_jpy", "contract_timing_jpy")
    ] == pytest.approx([80, 5, 1])
    assert [
        parts[name][2, 0] for name in ("rules_jpy", "supplier_change_jpy", "contract_timing_jpy")
    ] == pytest.approx([80, 0, 32])


def test_all_wards_on_the_most_central_system_lose_the_chapters_coordination_loss():
    # tempting: to apply the loss to each pair, which would count it once for every ward met
    rules = some_costs().parts()["rules_jpy"]
    assert rules.sum(axis=0).min() == pytest.approx(0.1 * 400)
    assert np.diagonal(rules).tolist() == [0, 0, 0]


def test_wards_that_are_all_alike_lose_nothing_to_rules():
    assert some_costs(shares=(1.0, 1.0, 1.0)).parts()["rules_jpy"].max() == 0


def test_fixed_cost_grows_with_platforms_and_the_premium_falls_away():
    # 400 x .3 x k/3; premium .06 x (1/k - 1/2), never below 0, nothing for wards alone
    costs = some_costs()
    assert [costs.of_number(k)["fixed_jpy"] for k in (1, 2, 3)] == pytest.approx([40, 80, 120])
    assert [costs.of_number(k)["price_jpy"] for k in (1, 2, 3)] == pytest.approx([12, 0, 0])


def test_options_add_up_and_say_what_they_exceed_the_cheapest_by():
    # one: lead 3 costs 40 (rules) + X to W 5 + contracts that end 2 and 1 years earlier (2 + 1) +
    # 40 + 12 = 100; two: 2 with 3 under 3: rules 0, 5 + 1, fixed 80: 86; three: 120
    costs = some_costs()
    options = groups.platform_options(costs, groups.groupings(costs, Limits(), 2), 2)
    assert options["cost_jpy"].tolist() == pytest.approx([100, 86, 120])
    assert options["extra_jpy"].tolist() == pytest.approx([14, 0, 34])
    assert options["extra_share"].tolist() == pytest.approx([0.035, 0, 0.085])
    assert options["best"].tolist() == options["chosen"].tolist() == [False, True, False]
    assert options[list(groups.PARTS)].sum(axis=1).tolist() == pytest.approx(
        options["cost_jpy"].tolist()
    )
    assert (options["alone_jpy"] == options["cost_jpy"].iloc[-1]).all()


def test_without_the_placeholder_only_likeness_and_the_number_count():
    # one: all on the third lose 40, fixed 40, dearer supply 12: 92; two: ward 2 with ward 3, alike:
    # fixed 80 alone; three: 120. Tempting: to take suppliers and contracts off the grouping that
    # was best with them, and to keep their limit.
    costs = some_costs()
    assert groups.likeness_costs(costs, Limits(concentration=0.1), (1, 2, 3)) == pytest.approx(
        {1: 92, 2: 80, 3: 120}
    )
    # thirds of 1, 1 and 2 are not possible
    assert groups.likeness_costs(costs, Limits(balance=0.05), (1, 2, 3)).keys() == {1, 2}
    options = groups.platform_options(costs, groups.groupings(costs, Limits(), 2), 2)
    assert options["likeness_only_jpy"].tolist() == pytest.approx([92, 80, 120])
    assert options["best_by_likeness"].tolist() == [False, True, False]
    assert (options["likeness_only_jpy"] <= options["cost_jpy"]).all()


def test_the_bound_never_passes_the_cost_and_meets_it():
    costs = the_23()
    options = groups.platform_options(costs, groups.groupings(costs, Limits(None, 0.5, 0.6), 4), 4)
    assert (options["bound_jpy"] <= options["cost_jpy"]).all()
    assert options["gap_share"].max() <= 1e-8


def test_one_to_six_platforms_of_23_wards_are_proven():
    costs = the_23()
    gaps = [costs.grouped(k, Limits(None, 0.5, 0.6)).gap for k in range(1, 7)]
    assert max(gaps) < 1e-8


def test_limits_that_cannot_be_kept_are_named_in_the_row_and_the_rest_stands():
    costs = some_costs()
    options = groups.platform_options(costs, groups.groupings(costs, Limits(balance=0.05), 3), 3)
    # residents 1, 1, 2: halves are possible, thirds are not
    assert options["binding_limits"].isna().tolist() == [True, True, False]
    assert options.loc[2, "binding_limits"] == "balance"
    assert options["cost_jpy"].isna().tolist() == [False, False, True]
    assert options["extra_jpy"].min() == 0


def test_one_platform_is_never_refused_for_having_one_supplier():
    solved = groups.groupings(some_costs(), Limits(concentration=0.3), 1)
    assert not isinstance(solved[1], LimitsConflict)
    assert solved[2].limits == ("concentration",)


def test_limits_that_no_number_of_platforms_keeps_are_refused_with_each_reason():
    with pytest.raises(
        ValueError,
        match=(
            "no number of platforms keeps the limits; no grouping on 1 .* capacity; no grouping on"
            " 2 .* capacity; no"
        ),
    ):
        groups.groupings(some_costs(), Limits(capacity=1.5), 2)


def test_a_chosen_number_beyond_those_tried_is_tried_too():
    assert sorted(groups.groupings(the_23(), Limits(), 20)) == [
        *range(1, groups.MOST_PLATFORMS + 1),
        20,
    ]


def layout_of(wards):
    return pd.DataFrame({"code": wards["code"], "column": range(1, len(wards) + 1), "row": 1})


def test_members_carry_letters_by_size_and_what_changes_for_them():
    costs = some_costs()
    members = groups.platform_members(
        costs, costs.grouped(2, Limits()), layout_of(costs.wards)
    ).set_index("code")
    assert members["platform"].tolist() == ["B", "A", "A"]
    assert members["lead"].tolist() == [True, False, True]
    assert members["changes_supplier"].tolist() == [False, True, False]
    assert members["contract_gap_years"].tolist() == [0, -1, 0]


def test_platforms_count_their_wards_and_average_likeness_over_all_pairs():
    # tempting: likeness with the lead only; on one platform of three the pairs are .5, .75 and 1
    costs = some_costs()
    members = groups.platform_members(costs, costs.grouped(1, Limits()), layout_of(costs.wards))
    (only,) = groups.platforms(members, costs.distance).itertuples()
    assert (
        only.platform,
        only.code,
        only.municipalities,
        only.residents_share,
        only.supplier_changes,
        only.double_running,
    ) == ("A", "000003", 3, 1.0, 1, 0)
    assert only.likeness_share == pytest.approx(0.75)
    alone = groups.platforms(
        groups.platform_members(costs, costs.grouped(3, Limits()), layout_of(costs.wards)),
        costs.distance,
    )
    assert alone["likeness_share"].isna().all()
    assert len(alone) == 3


def test_where_the_limits_forbid_any_grouping_the_tables_are_blank_not_wrong():
    costs, limits = some_costs(), Limits(balance=0.05)
    conflict = groups.groupings(costs, limits, 3)[3]
    members = groups.platform_members(costs, conflict, layout_of(costs.wards))
    assert members["platform"].isna().all()
    assert len(groups.platforms(members, costs.distance)) == 0
    assert len(groups.grouping_check(costs, conflict, 3, limits, ITEMS)) == 0


@settings(max_examples=10, deadline=None)
@given(st.permutations(range(5)), st.integers(1, 4))
def test_the_order_of_wards_decides_nothing(order, k):
    wards = some_wards((3, 1, 4, 2, 5), "WXYWX", (2027.0, 2031.0, 2029.0, 2028.0, 2030.0))
    distance = groups.rule_distance(
        wards["code"], likeness_of(wards, [0.4, 0.9, 0.6, 0.7, 0.8, 0.5, 0.55, 0.65, 0.95, 0.45])
    )
    draws = pd.DataFrame({"coordination_loss": [0.1], "supplier_premium": [0.05]})
    plain, moved = (
        groups.platform_costs(
            wards.iloc[list(o)].reset_index(drop=True),
            distance[np.ix_(o, o)],
            100.0,
            ITEMS,
            0.2,
            draws,
            4,
            10,
        )
        for o in (range(5), order)
    )
    assert moved.grouped(k, Limits(balance=0.9)).cost == pytest.approx(
        plain.grouped(k, Limits(balance=0.9)).cost
    )


def test_every_further_limit_costs_and_none_saves():
    costs = the_23()
    cost = [
        costs.grouped(4, limits).cost
        for limits in (Limits(), Limits(None, 0.5), Limits(None, 0.5, 0.6), Limits(3e6, 0.2, 0.5))
    ]
    assert cost == sorted(cost)
    assert cost[-1] > cost[0]


def test_the_check_compares_the_shown_grouping_with_the_best_of_each_case():
    costs, limits = the_23(), Limits(None, 0.5, 0.6)
    grouping = costs.grouped(4, limits)
    check = groups.grouping_check(costs, grouping, 4, limits, ITEMS)
    assert check["kind"].value_counts().to_dict() == {
        "dealt_anew": len(groups.DEALS),
        "low": 3,
        "high": 3,
        "likeness_only": 1,
    }
    assert (check["regret_share"] >= -1e-9).all()
    assert check["kept_share"].between(0, 1).all()
    sizes = np.bincount(grouping.lead)
    assert check["chance_share"].unique() == pytest.approx(
        [(sizes * (sizes - 1)).sum() / (23 * 22)]
    )


def test_dealing_the_placeholder_around_once_changes_nothing():
    costs = the_23()
    assert costs.dealt_anew(23).grouped(3, Limits()).cost == pytest.approx(
        costs.grouped(3, Limits()).cost
    )
    assert (
        costs.dealt_anew(1).wards["supplier_family"].tolist()
        == np.roll(costs.wards["supplier_family"], 1).tolist()
    )


def test_wards_without_a_system_row_are_all_named():
    wards = some_wards()
    with pytest.raises(ValueError, match="ward_systems: no row for 000001, 000003"):
        groups.wards_with_systems(
            wards[["code", "residents"]], wards.iloc[[1]].assign(standing="supplied")
        )


def test_municipalities_outside_the_table_get_the_tables_own_placeholder():
    municipalities = pd.DataFrame(
        {"code": [f"13{place:03}0" for place in range(6, 0, -1)], "residents": 1.0}
    )
    shipped = pd.read_csv(DATA / "ward_systems.csv", dtype={"code": str})
    dealt = groups.wards_with_systems(municipalities, shipped)
    assert dealt["code"].is_monotonic_increasing
    # tempting: to deal in the order of the rows; the table deals in the order of codes
    assert (
        dealt["supplier_family"].tolist()
        == shipped["supplier_family"].tolist()[:6]
        == list("WXYZWX")
    )
    assert dealt["contract_end"].tolist() == shipped["contract_end"].tolist()[:6]


def test_where_no_likeness_is_known_every_pair_is_equally_unlike():
    assert groups.rule_distance(
        pd.Series(["a", "b", "c"]), pd.DataFrame(columns=["code", "other_code", "likeness_share"])
    ).tolist() == [[0, 1, 1], [1, 0, 1], [1, 1, 0]]


def test_pairs_without_likeness_are_all_named_and_order_within_a_pair_is_free():
    wards = some_wards()
    likeness = likeness_of(wards, [0.5, 0.75, 1.0])
    with pytest.raises(ValueError, match="no likeness of 000001 and 000002, 000002 and 000003"):
        groups.rule_distance(wards["code"], likeness.iloc[[1]])
    turned = likeness.rename(columns={"code": "other_code", "other_code": "code"})
    assert np.array_equal(
        groups.rule_distance(wards["code"], likeness), groups.rule_distance(wards["code"], turned)
    )


def test_the_standing_of_suppliers_is_that_of_the_worst_row():
    assert groups.standing_of(pd.DataFrame({"standing": ["supplied", "assumed"]})) == "assumed"


def test_where_every_ward_stays_alone_there_is_no_grouping_to_check():
    # tempting: no pair of none is kept, 0 %, which reads as if the grouping had fallen apart
    costs = some_costs()
    alone = groups.groupings(costs, Limits(), 3)[3]
    assert groups.grouping_check(costs, alone, 3, Limits(), ITEMS).empty
    together = groups.groupings(costs, Limits(), 2)[2]
    assert len(groups.grouping_check(costs, together, 2, Limits(), ITEMS))
