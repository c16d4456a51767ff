"""What the hostile second reading asks of a decision from today (part B, line 3): dates."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from analysis.chapters.decision import advice
from analysis.chapters.decision import formulas as decision
from analysis.chapters.schedule import money_over_time
from tests.study.test_money_over_time import shipped
from workbook.choices import load_parameters

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("first_year", [2022, 2026])
def test_b_chapter_9_appraises_over_the_fiscal_years_of_chapter_6(first_year):
    """Tempting: years that begin on the day of the decision, over dates that begin there, too: a
    decision of December would put the plan off by eight months twice.
    """
    horizon = money_over_time.Horizon(first_year, 15, 1.0, 0.01, 10, 0.5)
    terms = money_over_time.appraisal_terms(horizon, 0.04, 0.25, 1.0).iloc[0]
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
    steps = advice.calendar_table(shipped("decision_calendar"), anchors, "core_renewal")
    assert (steps["starts"] >= start - 1e-9).all()
    # what is put off keeps the order and the distance of its steps
    by_step = steps.set_index("step_id")["starts"]
    assert by_step["internal_service"] - by_step["internal_rules"] == pytest.approx(2.75)
    assert by_step["buying_list"] == first + 0.25


def test_b_a_renewal_far_enough_ahead_keeps_its_year():
    anchors = {"decision": 2027.0, "internal_renewal": 2031.0, "accounts": 2034.6}
    steps = advice.calendar_table(shipped("decision_calendar"), anchors, "widened")
    by_step = steps.set_index("step_id")["starts"]
    assert by_step["internal_rules"] == 2028.25 and by_step["internal_service"] == 2031.0
    assert by_step["core_review"] == 2034.25
