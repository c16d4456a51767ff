"""Chapter 3 by hand: what a plan saves, what it may not, and what never changes."""

import numpy as np
import pandas as pd
import pytest

from analysis.chapters.consolidation import formulas as consolidation

GROUPS = list(consolidation.GROUPS)
ONE_EACH = dict.fromkeys(GROUPS, 1) | {"core": 4}


@pytest.fixture
def cost_shares():
    return pd.DataFrame({"system_group": GROUPS, "central": [0.45, 0.15, 0.08, 0.04, 0.23, 0.05]})


@pytest.fixture
def factors():
    return pd.DataFrame({"system_group": GROUPS, "central": [1.0, 0.5, 0.5, 0.5, 0.5, 0.5]})


def a_plan(cost_shares, factors, instances=ONE_EACH, municipalities=23, **changes):
    settings = dict(
        municipalities=municipalities,
        suppliers_today=4,
        residents=1000.0,
        annual_jpy=100.0,
        joint_cloud_members=6.1,
        fixed_cost_low_jpy=0.1,
        fixed_cost_central_jpy=0.2,
        fixed_cost_high_jpy=0.3,
    )
    return consolidation.Pooling(
        consolidation.pooling_terms(cost_shares, factors, instances, municipalities),
        **(settings | changes),
    )


def some_draws(**changes):
    values = dict(
        joint_cloud_saving=0.30,
        coordination_loss=0.08,
        coordination_curvature=1.0,
        supplier_premium=0.0,
        transfer_technology=1.0,
        transfer_size=1.0,
        claimed_saving=0.5,
        core_share_shift=0.0,
        fixed_cost_position=0.5,
        transition_core=5.0,
        transition_other=2.0,
        transition_additional=1.0,
        transition_uplift=0.0,
    )
    columns = np.broadcast_arrays(*map(np.atleast_1d, (values | changes).values()))
    return pd.DataFrame(dict(zip(values | changes, columns, strict=True))).astype(float)


def test_the_joint_clouds_saving_is_net_so_their_coordination_is_added_back(cost_shares, factors):
    # 0.30 + 0.08 * 5.1/22 = 0.318545; divided by 1 - 1/6.1 = 0.836066 -> 0.381005.
    # Tempting wrong answer: 0.30 / 0.836066 = 0.358824, which takes coordination off twice later
    # on.
    phi = a_plan(cost_shares, factors).fixed_shares(some_draws())["joint_cloud"].iloc[0]
    assert phi == pytest.approx(0.381005, abs=1e-6)


def test_transfer_shares_discount_only_the_joint_clouds(cost_shares, factors):
    plan = a_plan(cost_shares, factors)
    whole, halved = (
        plan.fixed_shares(some_draws()),
        plan.fixed_shares(some_draws(transfer_technology=0.5, transfer_size=0.5)),
    )
    assert (halved["joint_cloud"] / whole["joint_cloud"]).iloc[0] == pytest.approx(0.25)
    pd.testing.assert_frame_equal(
        halved.drop(columns="joint_cloud"), whole.drop(columns="joint_cloud")
    )


def test_the_cross_section_is_the_municipalities_fixed_cost_over_what_they_spend(
    cost_shares, factors
):
    # 23 municipalities x 0.2 yen / 100 yen
    assert a_plan(cost_shares, factors).fixed_shares(some_draws())["cross_section"].iloc[
        0
    ] == pytest.approx(0.046)


def test_the_reports_claim_is_met_exactly_by_the_share_solved_from_it(cost_shares, factors):
    plan, draws = a_plan(cost_shares, factors), some_draws()
    phi = plan.fixed_shares(draws)["source_report"]
    saved = (plan.spend_shares(draws) * plan.group_savings(phi, draws)).sum(axis=1)
    assert saved.iloc[0] == pytest.approx(0.5)


def test_municipalities_that_stay_alone_save_and_lose_nothing(cost_shares, factors):
    plan = a_plan(cost_shares, factors, dict.fromkeys(GROUPS, 23))
    draws = some_draws(supplier_premium=0.1)
    assert np.allclose(plan.group_savings(0.4, draws), 0)
    assert np.allclose(plan.premiums(draws), 0)
    assert plan.transition_jpy(draws).iloc[0] == 0


def test_shares_of_spend_sum_to_one_wherever_core_is_moved(cost_shares, factors):
    shares = a_plan(cost_shares, factors).spend_shares(
        some_draws(core_share_shift=[-0.1, 0.0, 0.1])
    )
    assert np.allclose(shares.sum(axis=1), 1)
    assert shares["core"].tolist() == pytest.approx([0.35, 0.45, 0.55])
    assert np.allclose(shares["internal"] / shares["infrastructure"], 0.15 / 0.23)


def test_transition_counts_only_what_pooling_adds_and_only_groups_that_move(cost_shares, factors):
    # all move: (5 + 2) yen x 1000 residents x 0.5 x 1.2 = 4,200; core alone stays: 2 x 1000 x 0.5 x
    # 1.2 = 1,200
    draws = some_draws(transition_additional=0.5, transition_uplift=0.2)
    assert a_plan(cost_shares, factors).transition_jpy(draws).iloc[0] == pytest.approx(4200)
    stays = a_plan(cost_shares, factors, ONE_EACH | {"core": 23})
    assert stays.transition_jpy(draws).iloc[0] == pytest.approx(1200)


def test_migration_is_measured_by_a_years_cost_in_the_same_draw(cost_shares, factors):
    plan = a_plan(cost_shares, factors, claim_behind_spend=0.5)
    draws = some_draws(claimed_saving=[0.5, 0.25], transition_uplift=[0.0, 1.0])
    cost = plan.transition_jpy(draws)
    # a claim of a quarter means a total of twice the spend: 100, then 200 yen a year
    assert plan.reached_jpy(draws).tolist() == [100, 200]
    row = consolidation.migration_cost(plan, draws).iloc[0]
    assert cost[1] == 2 * cost[0]
    assert row["cost_p50_jpy"] == pytest.approx(1.5 * cost[0])
    # tempting: by the plan's own 100 yen in either draw, a half more
    assert row["of_a_year_p10"] == row["of_a_year_p90"] == pytest.approx(cost[0] / 100)


def test_more_platforms_than_municipalities_are_refused_naming_every_group(cost_shares, factors):
    with pytest.raises(ValueError, match=r"12 municipalities: core: 13, internal: 14"):
        consolidation.pooling_terms(
            cost_shares, factors, ONE_EACH | {"core": 13, "internal": 14}, 12
        )


def test_a_system_group_without_a_factor_is_named(cost_shares, factors):
    with pytest.raises(ValueError, match="incomplete system groups: internal"):
        consolidation.pooling_terms(
            cost_shares, factors.query("system_group != 'internal'"), ONE_EACH, 23
        )


def test_the_curve_ends_at_todays_cost_and_marks_one_best_number(cost_shares, factors):
    plan, draws = a_plan(cost_shares, factors), some_draws(coordination_loss=[0.02, 0.1, 0.2])
    curve = consolidation.instance_curve(plan, plan.fixed_shares(draws), draws)
    assert len(curve) == 3 * 6 * 23
    assert np.allclose(curve.loc[curve["instances"] == 23, "cost_index_p50"], 1)
    assert (curve.groupby(["scale_model", "system_group"])["best"].sum() == 1).all()


def test_three_or_four_platforms_are_best_exactly_inside_the_band(cost_shares, factors):
    plan = a_plan(cost_shares, factors)
    best = consolidation.best_instances_map(plan, 0.36, np.linspace(0, 0.4, 81), np.array([0.0]))
    cost = best["coordination_loss"] * 23 / 22
    inside = cost.between(6 * 0.36 / 23 + 1e-9, 20 * 0.36 / 23 - 1e-9)
    assert best.loc[inside, "best_instances"].isin([3, 4]).all()
    assert (
        not best.loc[~cost.between(6 * 0.36 / 23 - 1e-9, 20 * 0.36 / 23 + 1e-9), "best_instances"]
        .isin([3, 4])
        .any()
    )


def test_the_band_marks_the_runs_own_scale_model_only(cost_shares, factors):
    plan, draws = a_plan(cost_shares, factors), some_draws()
    bands = consolidation.coordination_bands(plan, plan.fixed_shares(draws), draws, "joint_cloud")
    assert bands.set_index("scale_model")["own"].to_dict() == {
        "cross_section": False,
        "joint_cloud": True,
        "source_report": False,
    }


def test_the_steps_lead_from_the_reported_saving_to_the_share_that_is_used(cost_shares, factors):
    # .30 reported -> .381005 with coordination added back -> half of it is pooling -> a fifth of
    # that carries over
    plan, draws = (
        a_plan(cost_shares, factors),
        some_draws(transfer_technology=0.5, transfer_size=0.2),
    )
    phi = plan.fixed_shares(draws)
    steps = consolidation.fixed_share_steps(plan, phi, draws).set_index("step")["p50"]
    assert steps[
        ["reported_saving", "coordination_added", "pooling_only", "carried_over"]
    ].tolist() == pytest.approx([0.3, 0.381005, 0.190502, 0.0381005], abs=1e-6)
    assert steps["cross_section"] == phi["cross_section"].iloc[0]
    assert steps.index.tolist()[4:] == ["cross_section", "source_report"]


def test_one_scale_model_alone_is_the_same_as_beside_its_rivals(cost_shares, factors):
    plan, draws = a_plan(cost_shares, factors), some_draws(coordination_loss=[0.02, 0.1, 0.2])
    for model in consolidation.SCALE_MODELS:
        pd.testing.assert_series_equal(
            plan.fixed_share(model, draws), plan.fixed_shares(draws)[model], check_names=False
        )


def test_the_inputs_named_are_all_that_the_plan_reads(cost_shares, factors):
    plan, draws = a_plan(cost_shares, factors), some_draws()
    assert {*draws} == {*consolidation.INPUTS, "fixed_cost_position"}
    for name in draws:
        with pytest.raises(KeyError, match=name):
            consolidation.scale_model_summary(
                plan, plan.fixed_shares(draws.drop(columns=name)), draws.drop(columns=name)
            )
            plan.transition_jpy(draws.drop(columns=name))


def test_a_plan_read_back_from_its_tables_is_the_same_plan(cost_shares, factors):
    baseline = pd.Series(
        {
            "residents": 1000.0,
            "annual_jpy": 100.0,
            "in_scope_share": 1.0,
            "claim_behind_spend": np.nan,
        }
    )
    envelope = pd.DataFrame(
        {"quantity": ["fixed_cost"], "low": [0.1], "central": [0.2], "high": [0.3]}
    )
    survey = pd.DataFrame({"item": ["cloud_groups", "cloud_group_members"], "value": [10.0, 61.0]})
    table = consolidation.pooling_plan(23, 4, baseline, envelope, survey)
    plan = consolidation.Pooling.of_tables(
        consolidation.pooling_terms(cost_shares, factors, ONE_EACH, 23), table
    )
    pd.testing.assert_frame_equal(
        plan.fixed_shares(some_draws()), a_plan(cost_shares, factors).fixed_shares(some_draws())
    )


def test_one_municipality_alone_has_fixed_shares_and_saves_nothing_on_its_own_platform(
    cost_shares, factors
):
    alone = a_plan(cost_shares, factors, dict.fromkeys(GROUPS, 1), municipalities=1)
    draws = some_draws(supplier_premium=0.1)
    phi = alone.fixed_shares(draws)
    # the joint clouds' own, whoever takes part here: 0.30 + 0.08 x 5.1/22, by 1 - 1/6.1
    assert phi["joint_cloud"].item() == pytest.approx(0.381005, abs=1e-6)
    assert phi["cross_section"].item() == pytest.approx(1 * 0.2 / 100)
    assert phi["source_report"].item() == 1  # no share is enough for the claim
    assert not alone.group_savings(phi["joint_cloud"], draws).to_numpy().any()
    assert not alone.premiums(draws).to_numpy().any() and not alone.transition_jpy(draws).any()


def test_fewer_than_three_municipalities_have_no_band_of_three_or_four_platforms(
    cost_shares, factors
):
    draws = some_draws(supplier_premium=0.05)
    for municipalities, rows in ((1, 0), (2, 0), (3, 3)):
        plan = a_plan(cost_shares, factors, dict.fromkeys(GROUPS, 1), municipalities=municipalities)
        bands = consolidation.coordination_bands(
            plan, plan.fixed_shares(draws), draws, "joint_cloud"
        )
        assert len(bands) == rows and "loss_high" in bands
