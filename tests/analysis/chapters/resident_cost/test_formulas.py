"""Chapter 2 by hand and on the published figures: what they fix, what they leave open."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.chapters.resident_cost import formulas as rc
from analysis.methods.cost_function import Fit, elasticity, fit_curve
from analysis.methods.survey_bands import moment_weights, size_nodes

DATA = Path(__file__).parents[4] / "data"


def facts(name):
    return pd.read_csv(DATA / f"{name}.csv", dtype={"code": "str"})


@pytest.fixture(scope="module")
def sizes():
    return facts("municipality_size_distribution_2017")


@pytest.fixture(scope="module")
def moments(sizes):
    return rc.survey_moments(facts("ict_cost_survey"), sizes)


@pytest.fixture(scope="module")
def surveyed():
    return rc.residents_on(
        facts("municipalities"), facts("municipality_indicators"), rc.SURVEY_DATE
    )


@pytest.fixture(scope="module")
def by_municipality():
    return rc.residents_on(facts("municipalities"), facts("municipality_indicators"), "2020-01-01")


@pytest.fixture(scope="module")
def wards(by_municipality):
    return rc.taking_part(by_municipality, facts("participants"), "tokyo23", "all")


@pytest.fixture(scope="module")
def rivals(wards):
    residents = wards["residents"].sum()
    return rc.baselines(facts("published_figures"), residents, residents, "implied")


@pytest.fixture(scope="module")
def fits(moments, sizes, surveyed, rivals):
    return rc.national_fits(moments, sizes, surveyed, rivals, 1.0)


@pytest.fixture(scope="module")
def envelope(fits, surveyed):
    return rc.scale_envelope(rc.fits_table(fits, surveyed))


def small_survey():
    """Three wards of 300, 300 and 100 residents; municipalities from 200 cost 9,000 in all over
    1,000 residents.
    """
    moments = pd.DataFrame(
        {
            "moment": ["total"],
            "statistic": ["total"],
            "residents_from": [200.0],
            "residents_below": [np.inf],
            "municipalities": [4],
            "residents": [1_000],
            "published": [9_000.0],
            "per_resident": [9.0],
        }
    )
    by_municipality = pd.DataFrame(
        {
            "code": ["a", "b", "c", "d"],
            "group": ["tokyo23"] * 3 + ["designated20"],
            "residents": [300, 300, 100, 200],
        }
    )
    return moments, by_municipality


def stated(cost):
    return pd.DataFrame(
        {"baseline": ["implied"], "cost_per_resident_jpy": [cost], "in_use": [True]}
    )


def register(codes):
    names = ["scale_elasticity", *[f"ward_residual_{code}" for code in codes]]
    return pd.DataFrame({"input": names, "dimension": range(len(names))})


# --- hand arithmetic


def test_the_implied_total_is_6938_yen_per_resident_of_2020(rivals):
    implied = rivals.set_index("baseline").loc["implied"]
    assert implied["annual_jpy"] == 66.4e9
    assert round(implied["cost_per_resident_jpy"]) == 6938
    assert implied["residents"] == 9_570_609


def test_rivals_stand_side_by_side_and_one_is_in_use(rivals):
    assert rivals["baseline"].tolist() == ["implied", "mayors_2020"]
    assert rivals["standing"].tolist() == ["derived", "reported"]
    assert rivals["in_use"].tolist() == [True, False]


def test_the_twelve_carry_their_share_of_residents_at_the_same_cost_per_resident(
    by_municipality, wards, rivals
):
    twelve = rc.taking_part(by_municipality, facts("participants"), "tokyo23", "report12")
    part = rc.baselines(
        facts("published_figures"), wards["residents"].sum(), twelve["residents"].sum(), "implied"
    )
    assert len(twelve) == 12
    share = twelve["residents"].sum() / wards["residents"].sum()
    assert part["annual_jpy"].tolist() == pytest.approx((share * rivals["annual_jpy"]).tolist())
    assert part["cost_per_resident_jpy"].tolist() == pytest.approx(
        rivals["cost_per_resident_jpy"].tolist()
    )


def test_a_researchers_own_total_joins_the_rivals_and_replaces_none():
    rows = rc.baselines(facts("published_figures"), 10, 10, "own", 5e11)
    assert rows["baseline"].tolist() == ["implied", "mayors_2020", "own"]
    assert rows.iloc[2][["annual_jpy", "cost_per_resident_jpy", "standing", "in_use"]].tolist() == [
        1e11,
        1e10,
        "supplied",
        True,
    ]


def two_fits():
    """Curves that can be summed by hand: 1,000 yen a resident; in the rival form 10,000 yen less a
    hundredth of the residents.
    """
    flat, falling = (
        Fit(form, curve, np.zeros(4), np.nan)
        for form, curve in (
            ("log_quadratic", lambda n: 0 * np.asarray(n, float) + 1_000),
            ("power_10", lambda n: 10_000 - np.asarray(n, float) / 100),
        )
    )
    return {
        rc.CENTRAL: flat,
        ("power_10", "all_municipalities"): falling,
        ("log_quadratic", "designated_dearer"): flat,
    }


def test_the_total_of_a_group_without_a_published_one_is_the_curve_times_residents():
    part = pd.DataFrame(
        {
            "code": ["a", "b", "c"],
            "named_group": ["tama26", "designated20", "tama26"],
            "residents": [100_000.0, 500_000.0, 200_000.0],
        }
    )
    (row,) = rc.curve_totals(two_fits(), part).to_dict("records")
    assert row["annual_jpy"] == 1_000 * 800_000 and row["total_5y_jpy"] == 5 * 1_000 * 800_000
    # by hand: 100,000 x 9,000 + 500,000 x 5,000 + 200,000 x 8,000 = 5.0e9 a year in the rival form
    # tempting: the curve at the mean size, 10,000 - 2,667 yen, times 800,000 residents = 5.9e9
    assert row["high_5y_jpy"] == pytest.approx(5 * 5.0e9)
    # with the dear designated city 1,150,000,000 x 5 lies between
    assert row["low_5y_jpy"] == 5 * 1_000 * 800_000
    assert (
        row["baseline"],
        row["standing"],
        bool(row["in_use"]),
        row["cost_per_resident_jpy"],
    ) == ("national_curve", "modelled", True, 1_000)


def test_designated_cities_are_dearer_in_a_total_where_the_composition_says_so():
    part = pd.DataFrame({"code": ["b"], "named_group": ["designated20"], "residents": [500_000.0]})
    fits = {key: fit for key, fit in two_fits().items() if key[0] == "log_quadratic"}
    (row,) = rc.curve_totals(fits, part).to_dict("records")
    assert (
        row["high_5y_jpy"] == pytest.approx(5 * 1_300 * 500_000)
        and row["total_5y_jpy"] == 5 * 1_000 * 500_000
    )


def test_a_total_of_ones_own_stands_beside_the_curve_and_is_the_one_in_use():
    part = pd.DataFrame({"code": ["a"], "named_group": ["tama26"], "residents": [100_000.0]})
    rows = rc.curve_totals(two_fits(), part, 2e10).set_index("baseline")
    assert (
        rows["in_use"].to_dict() == {"national_curve": False, "own": True}
        and rows.loc["own", "cost_per_resident_jpy"] == 40_000
    )


def test_the_curves_need_the_wards_published_totals_whichever_group_is_studied(by_municipality):
    hand_made = by_municipality.assign(
        group=by_municipality["group"].where(by_municipality["code"] != "131016", "chosen")
    )
    assert rc.totals_of_the_wards(facts("published_figures"), hand_made)["residents"].nunique() == 1
    # tempting: the wards without Chiyoda, because it is in the hand-made group
    assert rc.totals_of_the_wards(facts("published_figures"), hand_made).equals(
        rc.totals_of_the_wards(facts("published_figures"), by_municipality)
    )


def test_municipalities_that_the_register_does_not_know_get_dimensions_behind_it():
    known = pd.DataFrame({"input": ["a", "b"], "dimension": [0, 1]})
    assert rc.with_all(known, ["b", "x", "y"])["dimension"].tolist() == [0, 1, 1000, 1001]
    assert rc.with_all(known, ["b"]) is known


def test_the_other_large_municipalities_bear_what_the_wards_inside_do_not():
    # wards a and b are inside: 600 residents at 10 yen; the others (9,000 - 6,000) / 400 = 7.5
    moments, by_municipality = small_survey()
    row = rc.ward_comparison(moments, by_municipality, stated(10.0), 1.0).iloc[0]
    assert row[["wards_inside", "wards_inside_residents", "other_municipalities"]].tolist() == [
        2,
        600,
        2,
    ]
    assert row["other_cost_per_resident_jpy"] == 7.5
    assert row["ratio"] == pytest.approx(10 / 7.5)


def test_wards_and_others_are_level_where_the_wards_cost_what_all_large_municipalities_do():
    # s 10 = (9,000 - s 10 600) / 400 gives s = 0.9: both 9 yen
    moments, by_municipality = small_survey()
    bridge = rc.scope_bridge(
        rc.ward_comparison(moments, by_municipality, stated(10.0), 0.5)
    ).set_index("point")
    level = bridge.loc[
        "level",
        ["in_scope_share", "ward_cost_per_resident_jpy", "other_cost_per_resident_jpy", "ratio"],
    ]
    assert level.tolist() == pytest.approx([0.9, 9, 9, 1])
    assert bridge.loc["run", "other_cost_per_resident_jpy"] == 15
    assert bridge.loc["whole", "other_cost_per_resident_jpy"] == 7.5


def test_twenty_wards_are_inside_the_survey_s_largest_class(moments, surveyed, rivals):
    comparison = rc.ward_comparison(moments, surveyed, rivals, 1.0).set_index("baseline")
    assert comparison[
        ["wards_inside", "other_municipalities"]
    ].drop_duplicates().values.tolist() == [[20, 110]]
    assert comparison["other_cost_per_resident_jpy"].round().tolist() == [3072, 2855]
    assert comparison["ratio"].round(2).tolist() == [2.26, 2.93]


def test_level_shares_of_the_published_totals(moments, surveyed, rivals):
    bridge = rc.scope_bridge(rc.ward_comparison(moments, surveyed, rivals, 1.0))
    assert bridge.loc[bridge["point"] == "level", "in_scope_share"].round(3).tolist() == [
        0.516,
        0.429,
    ]


# --- the published trial


def test_the_quadratic_meets_all_four_values_within_one_per_cent(fits, moments):
    table = rc.moments_table(fits, moments)
    own = table[(table["form"] == "log_quadratic") & (table["composition"] == "all_municipalities")]
    assert len(own) == 4
    assert own["residual_share"].abs().max() == pytest.approx(0.0056, abs=5e-5)


def test_other_forms_miss_by_two_to_ten_per_cent(fits, surveyed):
    table = rc.fits_table(fits, surveyed)
    others = table[
        (table["composition"] == "all_municipalities") & (table["form"] != "log_quadratic")
    ]["max_residual_share"]
    assert 0.02 < others.min() and others.max() < 0.10


def test_taking_the_wards_out_costs_the_quadratic_some_of_its_fit(fits):
    missed = [
        fits["log_quadratic", f"without_wards_{name}"].max_residual_share
        for name in ("implied", "mayors_2020")
    ]
    assert missed == pytest.approx([0.010, 0.017], abs=5e-4)


def test_half_the_total_in_scope_takes_half_as_much_out_of_the_survey(
    moments, sizes, surveyed, rivals
):
    half = rc.national_fits(moments, sizes, surveyed, rivals, 0.5)
    cheaper = rc.national_fits(
        moments,
        sizes,
        surveyed,
        rivals.assign(cost_per_resident_jpy=rivals["cost_per_resident_jpy"] / 2),
        1.0,
    )
    one, other = (
        elasticity(fits["power_10", "without_wards_implied"].curve, rc.WARD_SIZE)
        for fits in (half, cheaper)
    )
    assert one == pytest.approx(other, abs=1e-7)


def test_elasticity_at_ward_size_lies_on_both_sides_of_one(envelope):
    eps = envelope.set_index("quantity").loc["scale_elasticity"]
    assert eps["low"] < 1 < eps["high"]
    assert [eps["low"], eps["central"], eps["high"]] == pytest.approx(
        [0.946, 1.088, 1.291], abs=1e-3
    )


def test_fixed_cost_of_a_municipality_is_thirty_to_forty_million_yen_a_year(envelope):
    fixed = envelope.set_index("quantity").loc["fixed_cost"]
    assert 30e6 < fixed["low"] <= fixed["central"] <= fixed["high"] < 40e6
    assert fixed["central_form"] == "step_200k"  # the quadratic has none; this one misses least


def test_the_least_cost_size_has_no_upper_end_when_one_form_keeps_falling(fits, surveyed, envelope):
    table = rc.fits_table(fits, surveyed)
    assert table["least_cost_size"].isna().any()
    size = envelope.set_index("quantity").loc["least_cost_size"]
    assert size["low"] == 50_000 and np.isnan(size["high"])


def test_wider_observation_narrows_the_interval_as_the_trial_found(by_municipality):
    table = rc.power(by_municipality, facts("participants"), 0.25).set_index("municipalities")
    assert table.index.tolist() == [12, 23, 49, 69]
    assert table.loc[[23, 49], "width"].round(2).tolist() == [0.36, 0.19]
    assert table.loc[69, "width"] == pytest.approx(0.12, abs=0.01)
    assert (table["width_own_levels"] >= table["width"] - 1e-12).all()


# --- the tempting wrong answers


def test_the_wards_are_not_compared_with_a_mean_that_contains_them(moments, surveyed, rivals):
    # Tempting: 6,938 / (241.2 bn / all 130 municipalities) = 1.94. The wards are inside; the others
    # cost less: 2.26.
    row = rc.ward_comparison(moments, surveyed, rivals, 1.0).iloc[0]
    tempting = row["ward_cost_per_resident_jpy"] / row["large_cost_per_resident_jpy"]
    assert tempting == pytest.approx(1.94, abs=0.01)
    assert row["ratio"] > tempting + 0.3


def test_the_envelope_is_not_an_interval_from_rounding(moments, sizes, envelope):
    # Tempting: to move the four values within their rounding and call what comes out the
    # uncertainty.
    nodes, half = size_nodes(sizes), np.array([0.5, 0.5, 0.05e9, 0.05e9])
    corners = [
        np.array([a, b, c, d]) for a in (-1, 1) for b in (-1, 1) for c in (-1, 1) for d in (-1, 1)
    ]
    moved = [
        moments.assign(stated_jpy=0.0, published=moments["published"] + signs * half)
        for signs in corners
    ]
    rounding = [
        elasticity(fit_curve("log_quadratic", nodes, one).curve, rc.WARD_SIZE) for one in moved
    ]
    eps = envelope.set_index("quantity").loc["scale_elasticity"]
    assert np.ptp(rounding) < 0.02 * (eps["high"] - eps["low"])
    assert eps["low"] < min(rounding) and max(rounding) < eps["high"]


def test_the_survey_s_mean_is_over_municipalities_not_over_residents(moments, sizes, envelope):
    # Tempting: the resident-weighted mean of the smallest class. The fixed cost doubles, and the
    # curve no longer fits.
    nodes, plain = size_nodes(sizes), moments.assign(stated_jpy=0.0)
    weights = moment_weights(nodes, plain)
    means = (plain["statistic"] == "mean").to_numpy()
    per_band = weights * nodes["residents"].to_numpy()
    as_total = plain.assign(
        statistic="total",
        published=np.where(
            means,
            plain["published"] * (per_band.sum(axis=1) * plain["municipalities"]),
            plain["published"],
        ),
    )
    wrong = fit_curve("step_200k", nodes, as_total)
    assert wrong.fixed_cost_jpy > 1.8 * envelope.set_index("quantity").loc["fixed_cost", "high"]
    assert wrong.max_residual_share > 0.08


def test_designated_cities_dearer_than_the_curve_lower_the_elasticity(fits):
    # Tempting: to leave out the composition because it is "only" twenty municipalities.
    plain, dearer = (
        elasticity(fits["log_quadratic", case].curve, rc.WARD_SIZE)
        for case in ("all_municipalities", "designated_dearer")
    )
    assert plain - dearer > 0.05


# --- modelled costs of single wards


def test_every_draw_adds_up_to_the_total_and_the_medians_do_not(wards, envelope):
    draws = rc.ward_cost_draws(
        wards, 66.4e9, envelope, 0.25, register(wards["code"]), 10, "triangular"
    )
    assert draws.shape == (1024, 23)
    np.testing.assert_allclose(draws.sum(axis=1), 66.4e9, rtol=1e-12)
    assert rc.ward_costs(wards, draws)["cost_p50_jpy"].sum() < 0.99 * 66.4e9


def test_without_spread_and_at_elasticity_one_every_resident_costs_the_same(wards):
    flat = pd.DataFrame(
        {"quantity": ["scale_elasticity"], "low": [1.0], "central": [1.0], "high": [1.0]}
    )
    draws = rc.ward_cost_draws(wards, 1e9, flat, 0.0, register(wards["code"]), 4, "uniform")
    costs = rc.ward_costs(wards, draws)
    assert costs["cost_per_resident_p50_jpy"].tolist() == pytest.approx(
        [1e9 / wards["residents"].sum()] * 23
    )
    assert (costs["cost_per_resident_p10_jpy"] == costs["cost_per_resident_p90_jpy"]).all()


def test_a_ward_s_draws_do_not_move_when_an_input_is_added_to_the_register(wards, envelope):
    names = register(wards["code"])
    longer = pd.concat(
        [names, pd.DataFrame({"input": ["new"], "dimension": [len(names)]})], ignore_index=True
    )
    first, second = (
        rc.ward_cost_draws(wards, 1.0, envelope, 0.25, which, 6, "triangular")
        for which in (names, longer)
    )
    assert (first == second).all()


# --- refusals


def test_municipalities_without_a_count_on_the_date_are_named():
    with pytest.raises(ValueError, match=r"no residents on 2015-01-01 for 011002, 041009"):
        rc.residents_on(
            facts("municipalities").sort_values("code"),
            facts("municipality_indicators"),
            "2015-01-01",
        )


def test_an_unknown_choice_of_participants_is_refused(by_municipality):
    with pytest.raises(ValueError, match="participants 'some' of tokyo23: all or report12"):
        rc.taking_part(by_municipality, facts("participants"), "tokyo23", "some")


def test_named_municipalities_outside_the_group_are_refused(by_municipality):
    with pytest.raises(ValueError, match="not in it: .*131024.*131130"):
        rc.taking_part(by_municipality, facts("participants"), "tama26", "report12")


@pytest.mark.parametrize(
    ("chosen", "own", "message"),
    [
        ("own", None, "baseline_own_5y_jpy belongs"),
        ("implied", 1e11, "baseline_own_5y_jpy belongs"),
        ("both", None, "unknown baseline 'both'"),
    ],
)
def test_a_baseline_and_its_total_belong_together(chosen, own, message):
    with pytest.raises(ValueError, match=message):
        rc.baselines(facts("published_figures"), 10, 10, chosen, own)


def test_baselines_above_the_survey_s_total_are_named():
    moments, by_municipality = small_survey()
    rivals = pd.concat([stated(10.0), stated(15.0).assign(baseline="own")], ignore_index=True)
    with pytest.raises(ValueError, match="than all large municipalities together under own$"):
        rc.ward_comparison(moments, by_municipality, rivals, 1.0)


# --- invariance


@given(st.floats(2, 14), st.floats(0.1, 1.0))
def test_wards_and_others_always_add_up_to_what_the_survey_counted(cost, share):
    moments, by_municipality = small_survey()
    row = rc.ward_comparison(moments, by_municipality, stated(cost), share).iloc[0]
    total = row["ward_cost_per_resident_jpy"] * 600 + row["other_cost_per_resident_jpy"] * 400
    assert total == pytest.approx(9_000)
    assert (row["ratio"] > 1) == (cost * share > 9)


def test_costs_that_leave_the_other_large_municipalities_nothing_are_refused_with_the_remedy(
    moments, sizes, surveyed, rivals
):
    # a ward's whole ICT spend (schools, terminals, staff) beside a survey of core and internal
    # systems
    with pytest.raises(
        ValueError, match="at 30,000 yen per resident .* Lower resident_cost.in_scope_share"
    ):
        rc.national_fits(
            moments, sizes, surveyed, rivals.assign(cost_per_resident_jpy=30_000.0), 1.0
        )
