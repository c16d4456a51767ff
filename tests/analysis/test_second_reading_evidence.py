"""The second reading's lines on evidence and its wards: each test would have failed on what was
printed before.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtri

from analysis.chapters.resident_cost import book_worth as bw
from analysis.chapters.resident_cost import formulas as rc
from analysis.chapters.resident_cost import published_budgets as pb
from analysis.chapters.resident_cost import ward_model as wm
from analysis.methods.cost_function import cost_shares
from analysis.methods.uncertainty import joint_uniforms, quantiles
from analysis.plausible_costs import differing_costs
from workbook.words.messages import TEXT, Words

DATA = Path(__file__).parents[2] / "data"
SETAGAYA, SHINAGAWA, CHIYODA, NERIMA = "131121", "131091", "131016", "131202"
TOTAL = 66.4e9
ENVELOPE = pd.DataFrame(
    {"quantity": ["scale_elasticity"], "low": [0.93], "central": [1.05], "high": [1.2]}
)


def facts(name):
    return pd.read_csv(DATA / f"{name}.csv", dtype={"code": "str"})


@pytest.fixture(scope="module")
def wards():
    municipalities = rc.residents_on(
        facts("municipalities"), facts("municipality_indicators"), "2020-01-01"
    )
    return rc.taking_part(municipalities, facts("participants"), "tokyo23", "all")


@pytest.fixture(scope="module")
def model(wards):
    sizes = wm.driver_sizes(
        wards, *(facts(n) for n in ("municipalities", "municipality_indicators", "group_drivers"))
    )
    weights = facts("cost_shares").set_index("system_group")["central"]
    priors, register = facts("ward_cost_priors"), facts("input_register")
    return wm.WardModel(wards, sizes, weights, priors, ENVELOPE, 0.25, register, "triangular")


def books_of(budgets, wards, year=2020):
    items, indicators = facts("observed_ict_items"), facts("municipality_indicators")
    described = items.iloc[[0]]
    strangers = sorted(set(budgets["code"]) - set(items["code"]))
    more = [described.assign(code=code) for code in strangers]
    costs = pb.item_costs(budgets, pd.concat([items, *more]), indicators)
    return wm.open_items(costs, wards, year)


def another_item(code, jpy):
    """Rows of one more ward's item, as somebody would add them to ``observed_ict_budgets``."""
    row = facts("observed_ict_budgets").iloc[[0]]
    return row.assign(code=code, fiscal_year=2020, scope="item", amount_jpy=jpy)


@pytest.fixture(scope="module")
def books(wards):
    return books_of(facts("observed_ict_budgets"), wards)


# --- the modelled wards, given the open books (issue 22, line 3; A 16, C 4)


def test_the_open_books_are_the_two_items_of_the_report_s_year(books):
    assert books.set_index("code")["amount_jpy"].to_dict() == {
        SHINAGAWA: 2_294_892_000.0,
        SETAGAYA: 4_952_889_000.0,
    }


def test_without_open_books_the_draws_are_bit_for_bit_what_they_were(wards):
    # The former branch, written out: residents to the elasticity, a log-normal spread, one total.
    register = facts("input_register")
    names = [f"ward_residual_{code}" for code in wards["code"]]
    uniforms = joint_uniforms(register, ["scale_elasticity", *names], 8)
    eps = quantiles(uniforms[["scale_elasticity"]], 0.93, 1.05, 1.2, "triangular")

    expected = TOTAL * cost_shares(
        wards["residents"], eps["scale_elasticity"], 0.25 * ndtri(uniforms[names].to_numpy())
    )
    former = rc.ward_cost_draws(wards, TOTAL, ENVELOPE, 0.25, register, 8, "triangular")
    assert (former == expected).all()
    assert books_of(facts("observed_ict_budgets").head(0), wards).empty


def test_conditioned_draws_add_up_and_narrow_the_open_wards_alone(model, wards, books):
    prior = model.draws((TOTAL,) * 3, 12).cost
    given = model.given(books, TOTAL, 12)
    np.testing.assert_allclose(given.sum(axis=1), TOTAL)
    left = pd.Series(np.log(given).std(axis=0) / np.log(prior).std(axis=0), index=wards["code"])
    assert (left[[SETAGAYA, SHINAGAWA]] < 0.65).all()
    # Tempting: to let two wards stand for the other 21.
    assert (left.drop([SETAGAYA, SHINAGAWA]) > 0.97).all()


def test_conditioning_agrees_with_weighting_the_draws_by_their_likelihood(model, wards, books):
    """An independent way: each prior draw weighs what the density of the two items' own scopes,
    solved from the draw, allows.
    """
    prior = model.draws((TOTAL,) * 3, 17)
    places = books["place"].to_numpy()
    own = books["amount_jpy"].to_numpy() * prior.scope / prior.cost[:, places]
    low, mode, high = 0.8, 1.0, 1.25
    rising, falling = (own - low) / (mode - low), (high - own) / (high - mode)
    # density of ln h, for an error that multiplies
    weight = (np.clip(np.minimum(rising, falling), 0, None) * own).prod(axis=1)
    given = prior.given(places, books["amount_jpy"])
    for ours, theirs in (
        (given.cost[:, places[1]], prior.cost[:, places[1]]),
        (given.scope[:, 0], prior.scope[:, 0]),
    ):
        order = np.argsort(theirs)
        share = np.cumsum(weight[order]) / weight.sum()
        expected = [theirs[order][np.searchsorted(share, level)] for level in (0.1, 0.5, 0.9)]
        np.testing.assert_allclose(np.quantile(ours, [0.1, 0.5, 0.9]), expected, rtol=0.04)


def test_drivers_turn_the_order_of_the_wards_round(model, wards):
    # A 16: on residents alone Chiyoda is the cheapest per resident and Setagaya the dearest.
    plain, driven = (pd.Series(s / wards["residents"]) for s in model.rivals())
    assert wards["code"][plain.idxmax()] == SETAGAYA and wards["code"][plain.idxmin()] == CHIYODA
    assert wards["code"][driven.idxmax()] == CHIYODA
    assert plain.corr(driven, method="spearman") < -0.5


def test_every_ward_s_row_carries_both_drivers_and_its_interval_of_rank(model, wards, books):
    draws = model.given(books, TOTAL, 10)
    rows = wm.with_rivals(
        rc.ward_costs(wards, draws), wards, draws, model.rivals(), TOTAL, books
    ).set_index("code")
    for column in ("cost_by_residents_jpy", "cost_by_drivers_jpy"):
        assert rows[column].sum() == pytest.approx(TOTAL)
    assert sorted(rows["rank_by_residents"]) == sorted(rows["rank_by_drivers"]) == [*range(1, 24)]
    assert (rows["rank_low"] <= rows["rank_p50"]).all()
    assert (rows["rank_p50"] <= rows["rank_high"]).all()
    assert (rows["rank_high"] - rows["rank_low"]).median() > 10
    assert rows["item_per_resident_jpy"].round().dropna().to_dict() == {
        SHINAGAWA: 5_713,
        SETAGAYA: 5_398,
    }


def test_a_group_s_driver_that_is_not_counted_everywhere_leaves_residents_in_its_place(wards):
    indicators = facts("municipality_indicators")
    gone = (indicators["indicator"] == "general_administration_staff") & (
        indicators["code"] == CHIYODA
    )
    sizes = wm.driver_sizes(
        wards, facts("municipalities"), indicators[~gone], facts("group_drivers")
    )
    residents = wards["residents"] / wards["residents"].sum()
    assert sizes["internal"].tolist() == pytest.approx(residents.tolist())


def test_a_third_ward_s_row_moves_that_ward_and_every_count(model, wards, books):
    budgets = pd.concat([facts("observed_ict_budgets"), another_item(NERIMA, 9_000_000_000)])
    three = books_of(budgets, wards)
    assert len(three) == len(books) + 1
    place = wards.index[wards["code"] == NERIMA][0]
    before, after = (np.median(model.given(rows, TOTAL, 12)[:, place]) for rows in (books, three))
    assert after > 1.25 * before
    items = pd.concat(
        [
            facts("observed_ict_items"),
            facts("observed_ict_items")
            .head(1)
            .assign(code=NERIMA, name_ja="練馬区", name_en="Nerima"),
        ]
    )
    costs = pb.item_costs(budgets, items, facts("municipality_indicators"))
    slope = pb.ward_slope(costs, wards["code"]).set_index("fiscal_year")
    assert slope.loc[2020, "municipalities"] == 3 and slope.loc[2021, "municipalities"] == 2


# --- what the next ward's books are worth (line 4)


@pytest.fixture(scope="module")
def worth(model, wards, books):
    summary, further = bw.books_worth(model.draws((60e9, TOTAL, 80e9), 11), books, wards)
    return summary.set_index("answer"), further


def test_more_books_never_leave_more_of_the_level(worth):
    left = worth[0].loc["item_level", ["left_open", "left_next", "left_all"]].tolist()
    assert 1 > left[0] > left[1] > left[2]
    # all items are known, but each in a scope of its own
    assert 0 < left[2] < 0.2


def test_no_book_says_what_the_total_counts(worth):
    # Tempting: to take 23 open items for the total of the report.
    assert worth[0].loc["total", "left_all"] > 0.9 > worth[0].loc["slope", "left_all"]


def test_an_open_book_says_next_to_nothing_of_a_closed_one(worth):
    assert worth[0].loc["single_ward", "left_open"] == pytest.approx(1, abs=0.03)


def test_the_elasticity_gains_most_from_the_ward_at_the_end_of_the_sizes(worth):
    assert worth[0].loc["slope", "next_code"] == CHIYODA
    further = worth[1].pivot(index="code", columns="answer", values="left")
    assert further["slope"].idxmin() == CHIYODA and len(further) == 21


def test_without_open_books_or_without_closed_ones_no_next_one_is_weighed(model, wards, books):
    prior = model.draws((TOTAL,) * 3, 6)
    for opened in (books.head(0), pd.DataFrame({"place": range(23), "amount_jpy": 1e9})):
        assert all(table.empty for table in bw.books_worth(prior, opened, wards))


# --- question 2 joined two curves (A 8)


def test_a8_the_answer_on_size_names_the_range_and_no_second_curve():
    words = Words.of(DATA.parent, "12_findings")["answer_size"]
    for lang in ("ja", "en"):
        said = words[lang].parts()[TEXT]
        assert "{scale_elasticity_low:" in said and "{scale_elasticity_high:" in said
        assert "{fixed_cost_per_municipality" not in said and "{scale_elasticity:" not in said


def test_a8_the_fixed_cost_stands_beside_the_elasticity_of_its_own_curve():
    notebook = (DATA.parent / "notebooks" / "02_resident_cost.ipynb").read_text(encoding="utf-8")
    assert 'of_form=plain_fits.loc[fixed[\\"central_form\\"]' in notebook
    for lang in ("ja", "en"):
        assert (
            "{of_form:index}"
            in Words.of(DATA.parent, "02_resident_cost")["fixed"][lang].parts()[TEXT]
        )


# --- ranges moved by evidence (line 5)


def point(evidence_id, table="ward_cost_points"):
    return float(facts(table).set_index("evidence_id").loc[evidence_id, "value"])


def residents_of(code, date):
    indicators = facts("municipality_indicators").set_index(["code", "indicator", "period"])
    return indicators.loc[(code, "residents", date), "value"]


def bounds_of(name):
    row = facts("input_ranges").set_index("input").loc[name]
    return row["low"], row["central"], row["high"]


def test_setagayas_development_above_its_earlier_mean_follows_from_its_rows():
    rows = facts("observed_ict_budgets")
    own = rows[(rows["code"] == SETAGAYA) & (rows["system_group"] == "development")]
    by_year = own[own["scope"] == "item"].groupby("fiscal_year")["amount_jpy"].sum()
    above = by_year.loc[2023:2026].sum() - 4 * by_year.loc[2018:2022].mean()
    assert above / residents_of(SETAGAYA, "2022-01-01") == pytest.approx(point("W14"), abs=0.5)


def test_no_published_move_of_core_systems_lies_above_its_range_and_one_years_budget_below():
    low, central, high = bounds_of("transition_core")
    assert low < point("W06") < point("W14") < point("W15") <= central < high


def test_the_limits_of_setagayas_internal_systems_follow_from_its_commitments():
    rows = facts("ict_commitments")
    internal = rows[(rows["code"] == SETAGAYA) & rows["subject_ja"].str.startswith("内部情報系")]
    per_resident = internal["limit_jpy"].sum() / residents_of(SETAGAYA, "2022-01-01")
    assert len(internal) == 2 and per_resident == pytest.approx(point("W16"), abs=0.5)
    low, central, high = bounds_of("transition_other")
    assert low < point("W16") < central < high


def test_a18_the_core_share_lies_between_the_published_splits():
    items = facts("observed_ict_budgets").query("scope == 'item'")

    def share(code, year):
        own = items[(items["code"] == code) & (items["fiscal_year"] == year)]
        return own.loc[own["system_group"] == "core", "amount_jpy"].sum() / own["amount_jpy"].sum()

    fuji, kitamoto = (point(number, "municipal_cost_points") for number in ("M13", "M14"))
    assert share(SETAGAYA, 2020) == pytest.approx(point("W17"), abs=5e-4)
    assert share("222101", 2024) == pytest.approx(fuji, abs=1e-3)
    core = facts("cost_shares").set_index("system_group").loc["core"]
    shift = bounds_of("core_share_shift")
    assert point("W17") < core["central"] < kitamoto < core["high"] < fuji
    assert core["central"] + shift[0] == pytest.approx(core["low"])
    assert core["central"] + shift[2] == pytest.approx(core["high"])


def test_a18_the_pilots_spend_twelve_to_twenty_eight_per_cent_of_the_reports_total_on_core():
    pilots = facts("core_system_costs").query("whole_core_scope == 'yes'")
    implied = facts("published_figures").set_index("figure").loc["baseline_5y_implied", "value"]
    wards = facts("municipality_indicators").query(
        "indicator == 'residents' and period == '2020-01-01'"
    )
    named = facts("municipalities").query("group == 'tokyo23'")["code"]
    total = implied / wards[wards["code"].isin(named)]["value"].sum()
    shares = pilots["current_5y_jpy"] / pilots["residents"] / total
    assert len(shares) == 5 and shares.round(2).agg(["min", "max"]).tolist() == [0.12, 0.28]


def test_the_section_staff_of_the_one_ward_that_names_it_lies_inside_the_range():
    means = facts("it_staffing").query("item == 'mean_it_staff'").set_index("scope")["value"]
    staff = facts("ward_it_staff").set_index("as_of")["staff"]
    ratio = staff[["2020-10", "2022-08"]] / float(means["residents >= 200,000"])
    assert ratio["2020-10"] == pytest.approx(point("W18"), abs=5e-4)
    assert bounds_of("it_staff_factor")[0] < ratio.min() < ratio.max() < 1


def test_a_saving_of_which_nobody_says_whether_it_was_reached_moves_no_bound():
    low, central, high = bounds_of("transfer_size")
    assert (low, high) == (0.2, 1.0) and low < central <= (low + high) / 2
    assert point("M15", "municipal_cost_points") > 0.3


# --- own figures beside published ones (line 7), sources (line 6)


def test_an_own_cost_that_differs_from_a_published_item_is_named_widest_first():
    budgets = facts("observed_ict_budgets")
    costs = pd.DataFrame(
        {
            "code": [SETAGAYA, SETAGAYA, SHINAGAWA, NERIMA],
            "fiscal_year": [2020, 2021, 2020, 2020],
            # Setagaya's item of FY2020 is 4,952,889 thousand yen: to the thousand it is the same
            "cost_jpy": [4_952_889_400.0, 9e9, 3e9, 1e9],
        }
    )
    found = differing_costs(costs, budgets)
    assert found[["code", "fiscal_year"]].values.tolist() == [[SETAGAYA, 2021], [SHINAGAWA, 2020]]


def test_weak_sources_are_marked_and_a_forecast_is_called_one():
    figures = facts("published_figures").set_index("evidence_id")
    assert "2020-07-16" in figures.loc["F08", "source"]
    assert "primary not seen" in figures.loc["F08", "source"]
    cases = facts("reference_cases").set_index("evidence_id")["metric"]
    assert "forecast of 2019" in cases["R09"] and "estimate" in cases["R07"]


def test_without_any_open_book_the_readings_and_the_slope_are_still_there_and_empty(wards):
    none = pb.item_costs(
        facts("observed_ict_budgets").head(0),
        facts("observed_ict_items").head(0),
        facts("municipality_indicators"),
    )
    points = facts("ward_cost_points")
    rivals = rc.baselines(
        facts("published_figures"), wards["residents"].sum(), wards["residents"].sum(), "implied"
    )
    readings = pb.budget_readings(none, points, facts("ict_cost_survey"), rivals, wards)
    assert readings["reading"].tolist() == ["survey_mean", "implied", "mayors_2020"]
    assert pb.ward_slope(none, wards["code"]).empty and pb.budget_growth(none, points).empty
    assert np.isnan(pb.whole_to_item(none, points))
