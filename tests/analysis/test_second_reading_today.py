"""What the hostile second reading asks of a decision from today (part B, line 3): dates."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from analysis.chapters.consolidation.formulas import joint_draws
from analysis.chapters.decision import advice, outturn, stages
from analysis.chapters.decision import formulas as decision
from analysis.chapters.schedule import money_over_time
from analysis.data_fault import DataFault
from analysis.methods.reference_class import FEWEST_CASES
from analysis.methods.staged_choice import Stage, bounds
from tests.analysis.chapters.schedule.test_money_over_time import shipped
from workbook.choices import load_parameters

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("first_year", [2022, 2026])
def test_b_chapter_9_appraises_over_the_fiscal_years_of_chapter_6(first_year):
    """Tempting: years that begin on the day of the decision, over dates that begin there, too: a
    decision of December would put the plan off by eight months twice.
    """
    horizon = money_over_time.Horizon(first_year, 15, 1.0, 0.01, 10, 0.5)
    durations = {"duration_factor": 1.0, "common_cause": 0.5, "cost_correlation": 0.5}
    terms = money_over_time.appraisal_terms(horizon, 0.04, 0.25, 1.0, durations).iloc[0]
    assert money_over_time.Horizon.of_terms(terms) == horizon
    assert isinstance(money_over_time.Horizon.of_terms(terms).years, int)
    assert pd.Series(horizon.edges).mod(1).eq(0).all()


def april_after(month):
    """The April in which the first fiscal year begins after a month, YYYY-MM."""
    year = int(month[:4])
    return f"{year if month[5:7] < '04' else year + 1}-04"


def test_b_the_study_decides_for_the_first_fiscal_year_after_its_tables_were_last_retrieved():
    """Tempting: the clock, by which a run of the same study would say something else next year; or
    the April before, by which it advised what should have been done by last August.
    """
    assert april_after("2026-11") == "2027-04" and april_after("2027-03") == "2027-04"
    package = json.loads((ROOT / "data" / "datapackage.json").read_text(encoding="utf-8"))
    cut_off = max(entry.get("retrieved", "") for entry in package["resources"])
    assert load_parameters(ROOT / "params.yaml").study.decision_date == april_after(cut_off)


MONTHS = [f"{year}-{month:02d}" for year in range(2022, 2031) for month in range(1, 13)]


@pytest.mark.parametrize("decided", [month for month in MONTHS if "2022-04" <= month <= "2030-03"])
def test_b_no_step_begins_before_the_decision_whenever_it_is_taken(decided):
    start = decision.starts_on(decided)
    first = decision.next_round(start)
    # a renewal that is due at once, and accounts that are there already
    anchors = {"decision": first, "internal_renewal": start, "accounts": start}
    steps = advice.calendar_table(shipped("decision_calendar"), anchors, "core_renewal", "widened")
    assert (steps["starts"] >= start - 1e-9).all()
    # what is put off keeps the order and the distance of its steps
    by_step = steps.set_index("step_id")["starts"]
    assert by_step["internal_service"] - by_step["internal_rules"] == pytest.approx(2.75)
    assert by_step["buying_list"] == first + 0.25


def test_b_a_renewal_far_enough_ahead_keeps_its_year():
    anchors = {"decision": 2027.0, "internal_renewal": 2031.0, "accounts": 2034.6}
    steps = advice.calendar_table(shipped("decision_calendar"), anchors, "widened", "widened")
    by_step = steps.set_index("step_id")["starts"]
    assert by_step["internal_rules"] == 2028.25 and by_step["internal_service"] == 2031.0
    assert by_step["core_review"] == 2034.25


# --- stages: the error of what is shown


def scrambled(seed, worth=1.0):
    """Stages of a made-up world: core shows its worth beforehand, and may be left at a cost."""
    normal = np.random.default_rng(seed).normal(size=(1024, 2))
    nothing, core = np.zeros((1024, 1)), worth * (normal[:, 1] - 0.5)
    programmes = {
        cost: [
            Stage(nothing[:, :0], np.full(1024, 2.0), nothing),
            Stage(nothing, normal[:, 0], nothing),
            Stage(normal, core, np.column_stack([nothing, nothing - share])),
        ]
        for cost, share in (("low", 0.1), ("central", 0.2), ("high", 0.4))
    }
    return stages.Staged(programmes, np.full(1024, 1 / 1024))


def test_stages_the_error_is_that_of_one_scrambling_and_equal_ones_have_none():
    terms = decision.Terms(2027.0, 1, 0.0, np.zeros(1024), True, {})
    again = [scrambled(seed) for seed in range(1, 31)]
    table = stages.stage_table(scrambled(0), again, terms).set_index(["entry", "exit_cost"])
    perfect = [bounds(one.programmes["low"][-1:], one.weights).perfect for one in again]
    assert table.at[("begun", "low"), "perfect_error_jpy"] == pytest.approx(np.std(perfect, ddof=1))
    # by theory: max(0, x - 1/2) of a normal x has a variance of E max^2 - (E max)^2
    call = norm.pdf(0.5) - 0.5 * norm.cdf(-0.5)
    square = 1.25 * norm.cdf(-0.5) - 0.5 * norm.pdf(0.5)
    assert np.std(perfect, ddof=1) == pytest.approx(np.sqrt((square - call**2) / 1024), rel=0.4)
    # tempting: the spread of the draws, or the error of the mean of all scramblings
    courses = stages.course_table(scrambled(0), again, terms).set_index("course")
    assert courses.at["buying", "mean_error_jpy"] == 0  # it is the same in every draw
    assert courses.at["internal", "mean_error_jpy"] == pytest.approx(1 / 32, rel=0.4)
    alike = stages.stage_table(scrambled(0), [scrambled(1)] * 3, terms)
    assert (alike.filter(like="_error_") < 1e-12).all(axis=None)


def test_stages_one_other_scrambling_gives_no_error():
    terms = decision.Terms(2027.0, 1, 0.0, np.zeros(1024), True, {})
    with pytest.raises(ValueError, match="at least two scramblings, not 1"):
        stages.stage_table(scrambled(0), [scrambled(1)], terms)


def test_other_worlds_draw_other_terms_of_the_same_spread():
    held = shipped("decision_terms").set_index("item")
    own, other, again = (
        decision.drawn_terms(held, 4096, "triangular", replicate) for replicate in (0, 1, 1)
    )
    pd.testing.assert_frame_equal(other, again)
    assert abs(own.corrwith(other)).max() < 0.06
    pd.testing.assert_series_equal(own.mean(), other.mean(), rtol=0.02)


# --- overrun: the published class


def test_c8_the_range_of_overruns_meets_the_published_class_where_it_speaks():
    """The class gives one point of its curve, above half, and no other percentile; the draws of the
    shipped range meet it. Tempting: a curve through one point.
    """
    ranges, register = shipped("input_ranges"), shipped("input_register")
    uplift = joint_draws(ranges, register, 13, "triangular", 0.3)["transition_uplift"].to_numpy()
    shares = outturn.overrun_shares(shipped("reference_cases"), uplift, np.full(2**13, 2.0**-13))
    # by hand: a triangle from 0 over 0.1 to 0.8 has (0.8 - 0.5)^2 / (0.8 x 0.7) above 0.5
    assert shares["own"] == pytest.approx(0.09 / 0.56, abs=0.005)
    assert shares["published"] == 0.18
    cost = shipped("reference_cases").query("quantity == 'cost'")
    # one case with both a plan and an outcome: no percentile can be drawn from it
    assert cost["ratio_actual_to_planned"].notna().sum() == 1 < FEWEST_CASES


def test_c8_without_the_class_the_run_says_which_row_is_missing():
    cases = shipped("reference_cases").query("evidence_id != 'R10'")
    with pytest.raises(DataFault, match="no row R10"):
        outturn.overrun_shares(cases, np.zeros(4), np.full(4, 0.25))


def test_c8_dearer_moves_never_speak_for_sharing():
    means = pd.DataFrame(
        {"buying": [0.0, 9.0, 9.0, 9.0], "moving": [0.0, 0.0, -3.0, -9.0], "pooling": 0.0},
        ["stay", "widened", "shared_internal", "core_renewal"],
    )
    assert np.isnan(decision.raised_until(means, "moving"))
    # a saving of 12 carries moves of 3 up to four times their cost, by hand
    sharing = means.assign(pooling=[0.0, 0.0, 12.0, 12.0])
    assert decision.raised_until(sharing, "moving") == pytest.approx(4.0)
    for factor, chosen in ((3.9, "shared_internal"), (4.1, "widened")):
        dearer = sharing.assign(moving=sharing["moving"] * factor)
        assert decision.leader(dearer.sum(axis=1)) == chosen


# --- the advice: a trigger for every line


@pytest.mark.parametrize(("saved", "trigger"), [(8.0, 45.0), (-8.0, 45.0), (0.0, np.nan)])
def test_b_a_stage_that_loses_has_its_trigger_too(saved, trigger):
    """A full year that saves 20, or loses 20, is worth 8 a year over the appraisal, or minus 8; 18
    of costs are carried by 45, by hand. Tempting: no trigger where pooling loses.
    """
    steps = ("stay", "widened", "shared_internal", "core_renewal")
    means = pd.DataFrame(0.0, steps, ["buying", "pooling", "moving"])
    means.loc["widened":, "buying"] = 1.0
    means.loc["shared_internal":, ["pooling", "moving"]] = [saved, -18.0]
    terms = decision.Terms(2027.0, 1, 0.0, np.zeros(1), True, {})
    full_year = {"buying": 1.0, "internal": saved * 2.5, "core": 0.0}
    found = advice.break_even(means, full_year, terms)
    assert found["internal"] == pytest.approx(trigger, nan_ok=True)
