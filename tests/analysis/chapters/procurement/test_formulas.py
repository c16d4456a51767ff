"""Chapter 4 by hand: levers multiply, costs come off, and the distance to the target is what it
says.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.chapters.consolidation import formulas as consolidation
from analysis.chapters.procurement import formulas as procurement

DATA = Path(__file__).parents[4] / "data"
MODELS = ("cross_section", "joint_cloud", "source_report")
CATEGORIES = pd.DataFrame(
    {
        "system_group": ["core", "core"],
        "cost_category": ["licence_software", "lines"],
        "central": [0.75, 0.25],
    }
)
SCOPE = pd.DataFrame(
    [
        ("instances", "core", "licence_software", 1.0),
        ("instances", "core", "lines", 1.0),
        ("price", "core", "licence_software", 1.0),
        ("price", "core", "lines", 1.0),
        ("demand", "core", "licence_software", 1.0),
        ("demand", "core", "lines", 0.0),
    ],
    columns=["lever", "system_group", "cost_category", "acts"],
)


class OneGroup:
    """A plan of one system group: 100 yen a year, a fixed share as given, 50 yen of transition."""

    annual_jpy, suppliers_today, pools = 100.0, 4, True

    def __init__(self, saving=0.2, premium=0.0, municipalities=23):
        self.saving, self.premium, self.municipalities = saving, premium, municipalities

    def reached_jpy(self, draws):
        return pd.Series(self.annual_jpy, draws.index)

    def spend_shares(self, draws):
        return pd.DataFrame({"core": 1.0}, index=draws.index)

    def premiums(self, draws):
        return pd.DataFrame({"core": self.premium}, index=draws.index)

    def fixed_share(self, scale_model, draws):
        return pd.Series(self.saving, draws.index)

    def group_savings(self, phi, draws):
        return pd.DataFrame({"core": phi}, index=draws.index)

    def transition_jpy(self, draws):
        return pd.Series(50.0, index=draws.index)


def some_draws(n=1, **changes):
    values = dict(
        uptake_instances=1.0,
        uptake_price=0.5,
        uptake_demand=1.0,
        price_effect=0.2,
        demand_effect=0.1,
        additionality_price=1.0,
        additionality_demand=1.0,
        agency_running_cost=3.0,
        supplier_premium=0.0,
    )
    return pd.DataFrame(
        {name: np.full(n, value, dtype=float) for name, value in (values | changes).items()}
    )


def a_purchase(joint_price=True, joint_demand=True, rate=0.0):
    return procurement.Purchase.of_tables(
        CATEGORIES, SCOPE, 5, 5, rate, joint_price, joint_demand, 4
    )


def test_levers_multiply_on_the_same_yen():
    # licence: 75 x (1 - 0.8 x 0.9 x 0.9) = 26.4; lines: 25 x (1 - 0.8 x 0.9) = 7.0; together 33.4.
    # Tempting wrong answer: adding 20 + 10 + 7.5 = 37.5.
    saved = procurement.saving_draws(OneGroup(), a_purchase(), some_draws(), "joint_cloud")
    assert saved["gross_saving_jpy"].iloc[0] == pytest.approx(33.4)
    assert saved[list(procurement.LEVERS)].sum(axis=1).iloc[0] == pytest.approx(33.4)


def test_transition_is_spread_over_the_asset_life_and_the_agency_comes_off_too():
    saved = procurement.saving_draws(OneGroup(), a_purchase(), some_draws(), "joint_cloud")
    assert saved["net_saving_jpy"].iloc[0] == pytest.approx(33.4 - 50 / 5 - 3)


def test_one_municipality_buys_with_nobody_and_pays_for_no_agency():
    # tempting: what price and demand save any group, less 3 for an agency that nobody would found
    alone, two = (
        procurement.saving_draws(
            OneGroup(saving=0.0, municipalities=municipalities),
            a_purchase(),
            some_draws(),
            "joint_cloud",
        ).iloc[0]
        for municipalities in (1, 2)
    )
    assert (alone["gross_saving_jpy"], alone["agency"]) == (0, 0)
    assert two["gross_saving_jpy"] > 0 and two["agency"] == 3


def test_annuity_at_four_per_cent_over_five_years():
    assert procurement.annuity(5, 0.04) == pytest.approx(0.224627, abs=1e-6)  # standard table


def test_the_premium_of_fewer_suppliers_comes_off_the_price_lever_once():
    with_premium = procurement.saving_draws(
        OneGroup(premium=0.1), a_purchase(joint_demand=False), some_draws(), "joint_cloud"
    )
    # price 0.2 x 0.5 less premium 0.1 is nothing: only consolidation is left
    assert with_premium["gross_saving_jpy"].iloc[0] == pytest.approx(20)


def test_the_reports_half_is_all_there_is_no_lever_is_added_to_it():
    saved = procurement.saving_draws(
        OneGroup(saving=0.5, premium=0.0), a_purchase(), some_draws(), "source_report"
    )
    assert saved["gross_saving_jpy"].iloc[0] == pytest.approx(50)
    assert saved[["price", "demand"]].to_numpy().tolist() == [[0.0, 0.0]]


@settings(max_examples=20, deadline=None)
@given(st.floats(0, 1), st.floats(0, 1))
def test_more_uptake_never_saves_less_gross(low, high):
    low, high = sorted((low, high))
    gross = [
        procurement.saving_draws(
            OneGroup(), a_purchase(), some_draws(uptake_price=u, uptake_instances=u), "joint_cloud"
        )["gross_saving_jpy"].iloc[0]
        for u in (low, high)
    ]
    assert gross[1] >= gross[0] - 1e-9


def test_the_distance_scales_gross_with_the_baseline_and_leaves_costs_alone():
    plan, draws = OneGroup(), some_draws(n=4)
    reached = {"implied": pd.Series([100.0] * 4), "mayors_2020": pd.Series([200.0] * 4)}
    savings = procurement.savings_by_model(plan, a_purchase(), draws, "joint_cloud", MODELS)
    readings = procurement.target_reading(savings, reached, "implied", 5, 200.0)
    assert len(readings) == 2 * 2 * 3
    row = procurement.one_reading(readings, "net", "mayors_2020", "joint_cloud")
    assert row["saving_p50_jpy"] == pytest.approx(5 * (2 * 33.4 - 13))
    assert row["target_ratio_p50"] == pytest.approx(5 * (2 * 33.4 - 13) / 200)
    assert row["probability"] == 1.0


def test_where_no_model_is_the_runs_own_none_is_split_over_the_levers():
    savings = procurement.savings_by_model(OneGroup(), a_purchase(), some_draws(), None, MODELS)
    split = procurement.savings_by_model(
        OneGroup(), a_purchase(), some_draws(), "joint_cloud", MODELS
    )
    # tempting: to take the first model for the run's own
    assert [*savings] == [*MODELS]
    assert {len(totals.columns) for totals in savings.values()} == {
        len(split["cross_section"].columns)
    }
    for model in MODELS:
        assert savings[model]["net_saving_jpy"].tolist() == pytest.approx(
            split[model]["net_saving_jpy"].tolist()
        )


def test_the_closest_reading_is_never_the_claim_itself():
    readings = pd.DataFrame(
        {
            "scale_model": ["source_report", "joint_cloud", "cross_section"],
            "target_ratio_p50": [1.0, 0.4, 0.1],
        }
    )
    assert procurement.closest_reading(readings)["scale_model"] == "joint_cloud"


def test_a_reading_that_does_not_exist_is_named():
    with pytest.raises(ValueError, match="net, implied, guess"):
        procurement.one_reading(
            pd.DataFrame({"reading": [], "baseline": [], "scale_model": []}),
            "net",
            "implied",
            "guess",
        )


def test_waterfall_steps_end_at_the_net_saving():
    draws = some_draws(n=64).assign(price_effect=np.linspace(0, 0.3, 64))
    steps = procurement.lever_waterfall(
        procurement.saving_draws(OneGroup(), a_purchase(), draws, "joint_cloud")
    ).set_index("step")
    assert steps.loc[list(procurement.LEVERS), "mean_jpy"].sum() == pytest.approx(
        steps.loc["gross", "mean_jpy"]
    )
    assert steps.loc["agency", "after_jpy"] == pytest.approx(steps.loc["net", "mean_jpy"])


def the_wards():
    """The plan of the 23 wards as the data package has it, with a fixed cost a municipality from
    chapter 2's trials.
    """
    shares, factors = (
        pd.read_csv(DATA / f"{name}.csv") for name in ("cost_shares", "coordination_factors")
    )
    terms = consolidation.pooling_terms(
        shares, factors, dict.fromkeys(consolidation.GROUPS, 1) | {"core": 4}, 23
    )
    plan = consolidation.Pooling(terms, 23, 4, 9.57e6, 66.4e9, 6.1, 30e6, 35e6, 40e6)
    return plan, procurement.Purchase.of_tables(
        pd.read_csv(DATA / "category_shares.csv"),
        pd.read_csv(DATA / "lever_scope.csv"),
        5,
        10,
        0.04,
        True,
        True,
        4,
    )


def ward_draws(log2_points, inputs=(*consolidation.INPUTS, *procurement.INPUTS)):
    ranges, register = (
        pd.read_csv(DATA / f"{name}.csv") for name in ("input_ranges", "input_register")
    )
    return consolidation.joint_draws(
        ranges[ranges["input"].isin(inputs)], register, log2_points, "triangular", 0.3
    )


@pytest.mark.parametrize("model", MODELS)
def test_the_gross_saving_is_what_the_levers_add_up_to(model):
    # the short way by groups against the long way by cells and levers
    plan, purchase = the_wards()
    draws = ward_draws(8)
    long, short = (
        f(plan, purchase, draws, model)
        for f in (procurement.saving_draws, procurement.saving_totals)
    )
    assert np.allclose(long[short.columns], short, rtol=1e-12)
    assert np.allclose(
        long[list(procurement.LEVERS)].sum(axis=1), long["gross_saving_jpy"], rtol=1e-12
    )


def test_a_cell_that_pooling_does_not_reach_keeps_its_saving_out():
    # licence: 75 x (1 - 0.8 x 0.9 x 0.9) = 26.4; lines: the price alone, 25 x 0.1 = 2.5
    scope = SCOPE.assign(
        acts=SCOPE["acts"].mask(
            (SCOPE["lever"] == "instances") & (SCOPE["cost_category"] == "lines"), 0.0
        )
    )
    purchase = procurement.Purchase.of_tables(CATEGORIES, scope, 5, 5, 0.0, True, True, 4)
    assert procurement.saving_totals(OneGroup(), purchase, some_draws(), "joint_cloud")[
        "gross_saving_jpy"
    ].iloc[0] == pytest.approx(28.9)


def test_only_the_runs_own_scale_model_is_split_over_levers():
    savings = procurement.savings_by_model(
        OneGroup(), a_purchase(), some_draws(2), "joint_cloud", MODELS
    )
    assert {model: "price" in table for model, table in savings.items()} == {
        "cross_section": False,
        "joint_cloud": True,
        "source_report": False,
    }


def test_the_inputs_named_are_those_that_are_read():
    # tempting: to draw every range of the study, whoever reads it
    plan, purchase = the_wards()
    draws = ward_draws(4)
    needed = {*consolidation.INPUTS, *procurement.INPUTS}
    for name in sorted(needed):
        with pytest.raises(KeyError, match=name):
            for model in MODELS:
                procurement.saving_totals(plan, purchase, draws.drop(columns=name), model)
    assert set(draws) == {*needed, "fixed_cost_position"}


def test_an_input_nobody_reads_moves_no_draw():
    few = ward_draws(6)
    pd.testing.assert_frame_equal(
        ward_draws(6, pd.read_csv(DATA / "input_ranges.csv")["input"].tolist())[few.columns], few
    )


def test_settings_stand_in_for_what_plan_and_purchase_say():
    # phi 0.5 saves 50 of 100 yen; 50 yen of transition over 10 years and 3 of the agency come off:
    # 5 x 42 = 210 of 200
    distance = procurement.Distance(
        OneGroup(), a_purchase(joint_price=False, joint_demand=False), "joint_cloud", 200.0
    )
    ratios = distance.ratios(some_draws().assign(fixed_share=0.5, asset_life_years=10.0))
    assert ratios.iloc[0].tolist() == pytest.approx([1.25, 1.05])
    # half the spend halves the saving, not the costs: 5 x (25 - 8) = 85 of 200
    assert distance.ratios(
        some_draws().assign(fixed_share=0.5, asset_life_years=10.0, spend_ratio=0.5)
    )["net"].iloc[0] == pytest.approx(0.425)


def test_cells_without_a_scope_are_refused_by_name():
    with pytest.raises(ValueError, match="lines"):
        procurement.Purchase.of_tables(
            CATEGORIES, SCOPE[SCOPE["cost_category"] != "lines"], 5, 5, 0.04, True, True, 4
        )
