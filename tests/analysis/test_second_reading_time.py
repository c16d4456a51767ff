"""What the hostile second reading found false or misleading in matters of time, line by line: each
test would have failed on the text or the number that it names.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import multivariate_normal, norm

from analysis.chapters.outturn import formulas as outturn
from analysis.chapters.procurement import formulas as procurement
from analysis.chapters.schedule import decisions, money_over_time
from analysis.chapters.schedule import formulas as schedule
from analysis.choices import Study
from analysis.methods.appraisal import asset_in_window, discount_factors, years_in_service
from analysis.methods.uncertainty import joint_uniforms, tied
from tests.analysis.chapters.schedule.test_money_over_time import (
    YEARS,
    a_full_year,
    a_plan,
    its_dates,
    joint_draws,
    one_part,
)
from workbook.choices import ParameterFault, load_parameters
from workbook.words.messages import SUBTITLE, TEXT, TITLE, Words

ROOT = Path(__file__).parents[2]


def study_with(**changes):
    """The shipped choices of the study, some of them changed."""
    return Study(**(load_parameters(ROOT / "params.yaml").study.model_dump() | changes))


@pytest.mark.parametrize("date", ["2022-03", "2021", "2030-04", "2030"])
def test_b_no_decision_is_dated_before_the_report_or_after_the_window(date):
    with pytest.raises(ValueError, match="is before 2022-04 or after 2030-03"):
        study_with(decision_date=date)


@pytest.mark.parametrize("date", ["2022-04", "2022", "2030-03"])
def test_b_both_ends_of_the_window_are_allowed(date):
    assert study_with(decision_date=date).decision_date == date


# --- A12: one life of what a transition buys


def core_flows(first_year=2022.0, years=4, life=4.0, renewal=1.0, growth=0.0):
    """Core systems alone, 8 paid from October 2022 to October 2023, in one draw."""
    horizon = money_over_time.Horizon(first_year, years, 0.0, growth, life, renewal)
    return money_over_time.dated_flows(one_part(doubled=0.0), its_dates(), horizon)


def test_a12_what_outlasts_the_window_is_left_by_hand():
    # in service from October 2023 for four years; two and a half are over when FY2025 ends
    flows = core_flows()
    assert flows.cost["core"].tolist() == [[4.0, 4.0, 0.0, 0.0]]
    assert flows.renewal["core"].tolist() == [[0.0, 0.0, 0.0, 0.0]]
    assert flows.left["core"].tolist() == [3.0]
    # tempting: to stop the clock with the window, and charge all 8 to two and a half years
    assert flows.present_values(0.0)["core"].tolist() == [2.5 * 10 - 8 + 3]


def test_a12_what_ends_within_the_window_is_renewed_by_hand():
    # a life of two years ends in October 2025: paid again in the year before, half price
    flows = core_flows(life=2.0, renewal=0.5)
    assert flows.renewal["core"].tolist() == [[0.0, 0.0, 2.0, 2.0]]
    assert flows.left["core"].tolist() == [3.0]
    # what is left is worth no more than the last year's money
    assert flows.present_values(0.25)["core"].tolist() == pytest.approx(
        [-4 + (5 - 4) / 1.25 + (10 - 2) / 1.25**2 + (10 - 2 + 3) / 1.25**3]
    )


@given(
    finish=st.floats(0.2, 20),
    built=st.floats(0.1, 5),
    life=st.floats(0.5, 25),
    years=st.integers(1, 40),
)
@settings(max_examples=60)
def test_a12_chapters_4_and_6_charge_the_same_for_a_year_in_service(finish, built, life, years):
    """Tempting: 15 years of window charged with all of an asset that serves six of them."""
    edges = np.arange(years + 1.0)
    start, finish = np.array([finish - min(built, finish)]), np.array([finish])
    paid, left = asset_in_window(start, finish, life, 1.0, edges)
    served = years_in_service(finish, 0.0, edges).sum()
    assert paid.sum() - left[0] == pytest.approx(served * procurement.annuity(life, 0.0), abs=1e-6)


def test_a12_waiting_beyond_the_window_neither_buys_nor_leaves_anything():
    paid, left = asset_in_window([30.0], [32.0], 10.0, 1.0, np.arange(16.0))
    assert paid.sum() == 0 and left.tolist() == [0.0]


def test_a12_an_asset_without_a_life_is_refused():
    with pytest.raises(ValueError, match="lasts 0"):
        asset_in_window([0.0], [1.0], 0.0, 1.0, [0, 1])


def test_a12_one_parameter_says_how_long_an_asset_lasts():
    keys = load_parameters(ROOT / "params.yaml").by_key()
    assert [key for key in keys if key.endswith("_life_years")] == ["study.asset_life_years"]
    assert [key for key in keys if key.endswith("_rate")] == ["study.discount_rate"]


# --- A22: constant prices, a real rate, and growth that leaves nothing out


@given(growth=st.floats(-0.05, 0.15), rate=st.floats(0, 0.15))
@settings(max_examples=30)
def test_a22_growth_of_all_costs_is_a_lower_rate(growth, rate):
    """Tempting: spend grows, while the agency and the move stay as they were."""
    growing, flat = core_flows(years=9, growth=growth), core_flows(years=9)
    for part in ("buying", "core", "agency"):
        assert growing.present_values(rate)[part].to_numpy() == pytest.approx(
            flat.present_values((1 + rate) / (1 + growth) - 1)[part].to_numpy()
        )


def test_a22_prices_in_general_cancel_only_against_a_nominal_rate():
    # 2 % inflation on everything at 4 % real and its nominal counterpart: the same present value
    nominal = core_flows(growth=0.02).present_values(1.04 * 1.02 - 1)["core"]
    assert nominal.to_numpy() == pytest.approx(core_flows().present_values(0.04)["core"].to_numpy())


def test_a22_the_price_year_is_that_of_the_baseline_in_use():
    figures = pd.read_csv(ROOT / "data" / "published_figures.csv", encoding="utf-8-sig")
    names = ["implied", "mayors_2020", "own"]
    years = [
        schedule.price_year(figures, pd.DataFrame({"baseline": names, "in_use": used}))
        for used in np.eye(3, dtype=bool)
    ]
    assert years == [2021, 2020, None]


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_a22_every_exhibit_of_money_over_time_names_its_prices(lang):
    words = Words.of(ROOT, "06_schedule")
    for slug in ("cumulative", "windows", "joint", "decisions", "waiting"):
        assert "{prices:words}" in words[slug][lang].parts()[SUBTITLE], slug
    # tempting: the unit of a count, which makes FY2,021 of the year
    assert "{price_year:text}" in words["prices-of-year"][lang].parts()[TEXT]
    for file in (ROOT / "src/analysis/chapters/schedule").glob("*.yaml"):
        assert "nominal" not in file.read_text(encoding="utf-8"), file.name


# --- A31: rates that step down in the long run


def test_a31_forty_years_are_not_discounted_at_one_rate():
    factors = discount_factors(0.04, 41)
    assert factors[30] == pytest.approx(1.04**-30)
    # tempting: one rate to the end
    assert factors[40] == pytest.approx(1.04**-30 * 1.035**-10) and factors[40] > 1.04**-40


# --- B: the plan begins at the decision


def simulated(begins):
    return schedule.SimulatedPlan.of_tables(
        data("workplan"), data("input_register"), 8, 0.5, begins=begins
    )


def data(name):
    return pd.read_csv(ROOT / "data" / f"{name}.csv", encoding="utf-8-sig")


def test_b_four_years_later_every_date_is_four_years_later_and_no_chance_moves():
    """Tempting: to keep the report's date, and to call a plan late that begins after it."""
    then, now = simulated(2022.0), simulated(2026.0)
    np.testing.assert_allclose(now.finishes(), then.finishes() + 4)
    for deadline, core in ((2026.0, 2031.0), (2024.0, 2029.5)):
        columns = ["scope", "probability", "factor_even", "factor_sure"]
        pd.testing.assert_frame_equal(
            schedule.stream_finish(then, deadline, core)[columns],
            schedule.stream_finish(now, deadline + 4, core + 4)[columns],
        )
    pd.testing.assert_frame_equal(
        schedule.merge_bias(then).filter(like="months"),
        schedule.merge_bias(now).filter(like="months"),
    )


def test_b_money_does_not_depend_on_the_calendar():
    then, now = (
        money_over_time.programme_dates(simulated(begins), 128) for begins in (2022.0, 2026.0)
    )
    worths = a_full_year(draws=joint_draws(7))
    flows = [
        money_over_time.dated_flows(worths, dates, replace(YEARS, first_year=first))
        for dates, first in ((then, 2022.0), (now, 2026.0))
    ]
    one, other = (each.present_values(0.04) for each in flows)
    pd.testing.assert_frame_equal(one, other, check_exact=False, rtol=1e-9)


def test_b_nothing_is_spent_or_saved_before_the_decision():
    dates = money_over_time.programme_dates(simulated(2026.5), 128)
    assert (dates.to_numpy() >= 2026.5).all()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"schedule.wait_until_fiscal_year": 2026.0}, "is not after study.decision_date"),
        ({"schedule.allowed_years": 6}, "is before all but core systems are due"),
        ({"study.decision_date": "2029-04"}, "is before all but core systems are due"),
    ],
)
def test_b_no_wait_ends_before_it_begins_and_core_comes_last(changes, said):
    overrides = [f"{key}={value}" for key, value in changes.items()]
    with pytest.raises(ParameterFault, match=said):
        load_parameters(ROOT / "params.yaml", overrides=overrides)


def test_b_the_report_as_seen_from_2022_changes_its_dates_alone():
    """Its differences are listed; whatever they do not reach is as it was."""
    own, then = (
        load_parameters(ROOT / "params.yaml", name).by_key() for name in ("baseline", "source_2022")
    )
    assert {key: then[key] for key in own if own[key] != then[key]} == {
        "study.decision_date": "2022-04",
        "schedule.wait_until_fiscal_year": 2026.0,
    }


def test_b_running_cost_known_later_does_not_reach_a_decision_of_2022():
    rows = data("savings_evidence")
    assert money_over_time.multiple_known(rows, "2022-04") == 1.0
    assert money_over_time.multiple_known(rows, "2025-05") == 1.0
    assert money_over_time.multiple_known(rows, "2026-04") == 1.6


def test_b_dearer_running_scales_the_saving_and_what_runs_twice_but_not_the_move():
    worths = a_full_year(draws=joint_draws(6))
    risen = money_over_time.risen(worths, 1.5)
    plan = a_full_year(plan=replace(a_plan(), annual_jpy=66.4e9 * 1.5), draws=joint_draws(6))
    pd.testing.assert_frame_equal(risen.saving, plan.saving)
    pd.testing.assert_frame_equal(risen.doubled, plan.doubled)
    pd.testing.assert_frame_equal(risen.moving, worths.moving)


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_b_no_sentence_of_chapter_6_types_a_date_of_the_plan(lang):
    text = (ROOT / "notebooks" / "words" / f"06_schedule.{lang}.md").read_text(encoding="utf-8")
    for date in ("FY2022", "FY2025", "2022年度", "2025年度", "April 2022", "2022年4月"):
        assert date not in text, date


# --- A27: cost and delay are drawn together


@pytest.mark.parametrize("correlation", [-0.5, 0.0, 0.5, 0.9])
@pytest.mark.parametrize("levels", [(0.5, 0.5), (0.7, 0.7), (0.2, 0.8), (0.8, 0.8)])
def test_a27_the_joint_confidence_level_is_the_bivariate_normals(correlation, levels):
    """Sheppard (1899): two normals lie both below their medians in 1/4 + arcsin(rho)/2 pi of the
    cases. Without correlation two levels of 80 % are one of 64 %. Tempting: the product of the two
    levels at any correlation.
    """
    draws = tied(uniforms(), "common_schedule", "common_cost", correlation)
    together = (draws <= np.array(levels)).all(axis=1).mean()
    normal = multivariate_normal(cov=[[1, correlation], [correlation, 1]])
    assert together == pytest.approx(normal.cdf(norm.ppf(levels)), abs=2e-3)
    if correlation == 0:
        assert together == pytest.approx(np.prod(levels), abs=2e-3)
    if levels == (0.5, 0.5):
        assert together == pytest.approx(0.25 + np.arcsin(correlation) / (2 * np.pi), abs=2e-3)


def uniforms():
    """What all costs and what all durations have in common, in that order."""
    return joint_uniforms(data("input_register"), ["common_cost", "common_schedule"], 14)


def test_a27_no_correlation_leaves_every_draw_and_no_range_moves_with_any():
    plans = [
        schedule.SimulatedPlan.of_tables(
            data("workplan"), data("input_register"), 12, 0.5, cost_correlation=correlation
        )
        for correlation in (0.0, 0.9)
    ]
    drawn_apart = schedule.SimulatedPlan.of_tables(
        data("workplan"), data("input_register"), 12, 0.5
    )
    np.testing.assert_array_equal(plans[0].months, drawn_apart.months)
    medians = [np.median(plan.months, axis=0) for plan in plans]
    np.testing.assert_allclose(*medians, rtol=0.02)


def test_a27_late_draws_are_dear_draws_where_cost_and_delay_correlate():
    draws = joint_draws(12)
    worths = a_full_year(draws=draws)
    plans = {
        correlation: schedule.SimulatedPlan.of_tables(
            data("workplan"), data("input_register"), 12, 0.5, cost_correlation=correlation
        )
        for correlation in (0.0, 0.5, 0.9)
    }
    table = money_over_time.joint_by_correlation(
        plans, worths, YEARS, decisions.WHOLE_PLAN, 0.04, 2027.0
    )
    apart, half, most = table["rank_correlation"]
    assert abs(apart) < 0.05 < half < most
    assert table["joint"].is_monotonic_increasing
    assert table["joint"].iloc[0] == pytest.approx(table["independent"].iloc[0], abs=0.01)
    assert table["joint"].iloc[2] > table["independent"].iloc[2] + 0.01


def test_a27_a_correlation_above_one_is_refused():
    with pytest.raises(ValueError, match="-1..1"):
        tied(uniforms(), "common_schedule", "common_cost", 1.5)


# --- A20: the report's cost level and today's, both named


def test_a20_published_budgets_put_their_smaller_rise_on_all_of_both_arms():
    savings = pd.DataFrame({"gross_saving_jpy": [10.0], "transition": [3.0], "agency": [1.0]})
    multiples = pd.DataFrame({"source_id": ["tokyo"], "multiple": [2.0]})
    arms = outturn.both_arms(100.0, savings, 0.5, multiples, pd.Series([2.8, 2.2]))
    rows = arms.set_index("source_id")[["rise", "without_jpy", "gross_saving_jpy", "net_p50_jpy"]]
    assert rows.loc["report_level"].tolist() == [1.0, 100.0, 10.0, 6.0]
    assert rows.loc["tokyo"].tolist() == [1.5, 150.0, 15.0, 11.0]
    # tempting: the larger rise, or only the exposed part of it
    assert rows.loc["budgets"].tolist() == pytest.approx([2.2, 220.0, 22.0, 18.0])


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_a20_the_title_says_two_amounts_with_their_levels_and_claims_nothing(lang):
    (words,) = (Words.of(ROOT, "08_outturn")["both-arms"][lang],)
    title = words.parts()[TITLE]
    assert "{before:JPY/year}" in title and "{after:JPY/year}" in title
    assert list(words.cases) == [""]


# --- A9: scenarios are what their sentences say

SAID = {  # the parameters that a scenario changes, and the words that say so
    "mayors_2020": ({"study.baseline"}, "cost"),
    "cross_section": ({"study.scale_model"}, "survey"),
    "source_report": ({"study.scale_model"}, "half"),
    "report_optimistic": (
        {
            "study.scale_model",
            "study.asset_life_years",
            "study.discount_rate",
            "consolidation.core_instances",
            "schedule.ramp_months",
        },
        "every choice",
    ),
    "twelve_participants": ({"study.participants"}, "only the wards"),
    "three_core_platforms": ({"consolidation.core_instances"}, "fewer"),
    "one_core_platform": ({"consolidation.core_instances"}, "one platform"),
    "source_2022": (
        {"study.decision_date", "schedule.wait_until_fiscal_year"},
        "decided when the report came out",
    ),
    "evidence_2022": ({"study.evidence_until"}, "published when the report came out"),
    "evidence_2025": ({"schedule.running_cost_multiple"}, "running cost"),
}


def test_a9_every_scenario_changes_what_its_sentence_says_and_no_two_are_alike():
    file = ROOT / "params.yaml"
    text = file.read_text(encoding="utf-8")
    shipped = list(yaml.safe_load(text)["scenarios"])
    assert shipped == list(SAID)
    base, found = load_parameters(file).by_key(), {}
    for name, (keys, said) in SAID.items():
        own = load_parameters(file, name).by_key()
        found[name] = tuple(sorted((key, own[key]) for key in base if own[key] != base[key]))
        assert {key for key, _ in found[name]} == keys, name
        (line,) = [line for line in text.splitlines() if line.startswith(f"  {name}:")]
        assert said in line, line
    assert len(set(found.values())) == len(found)


def test_a9_the_evidence_of_2025_is_what_was_published_in_2025():
    """Tempting: a page without a date, read in 2026, that was taken for later evidence."""
    multiple = load_parameters(ROOT / "params.yaml", "evidence_2025").schedule
    rows = data("savings_evidence").set_index("evidence_id")
    row = rows.loc[money_over_time.MULTIPLE]
    assert multiple.running_cost_multiple == row["value"]
    assert "2025-01" <= row["published_on"] <= "2025-12"


def test_a9_running_cost_in_both_arms_moves_the_value_of_the_plan():
    assert money_over_time.rise(1.6, 0.4) == pytest.approx(1.24)
    assert money_over_time.rise(1.0, 0.4) == 1.0
