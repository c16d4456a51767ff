"""A page without a date is known by no month: it enters no back-cast, however late."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from analysis import evidence
from analysis.inputs import EVIDENCE
from workbook.tables.catalog import Catalog

CATALOG = Catalog(Path(__file__).parents[2])
RANGES = CATALOG.load("input_ranges")
BEHIND = {name: CATALOG.load(name) for name in EVIDENCE}
WIDE = CATALOG.load("wide_priors")
CITED = CATALOG.load("parameter_evidence")
ENDS = ["low", "central", "high"]
MONTHS = ("2013-03", "2022-03", "2026-12", "2099")
PRIMARY_NOT_SEEN = {"W15": "ward_cost_points", "M15": "municipal_cost_points"}


def undated():
    rows = [
        frame.loc[frame["published_on"] == evidence.UNDATED, ["evidence_id"]].assign(table=name)
        for name, frame in BEHIND.items()
    ]
    return pd.concat(rows)


def test_no_page_is_dated_by_the_year_in_which_it_was_read():
    for name, frame in BEHIND.items():
        notes = frame.filter(["note", "caveat", "source"]).fillna("").agg(" ".join, axis=1)
        assert not notes.str.contains("the year it was read").any(), name
        silent = frame.loc[notes.str.contains("bears no date"), "published_on"]
        assert set(silent) <= {evidence.UNDATED, "2013-03"}, name
    dated = BEHIND["municipal_cost_points"].set_index("evidence_id")["published_on"]
    assert dated["M07"] == dated["M08"] == "2013-03"  # hiroshi-takada.com/130326.html
    assert {"D04", "D05", "D06", "D07", "D11", "D12", "D13"} <= set(undated()["evidence_id"])


@pytest.mark.parametrize("until", MONTHS)
def test_no_undated_page_enters_a_back_cast(until):
    """At the end of the year in which it was read, too: the tempting wrong answer was December."""
    bearing = CITED[CITED["moves_range"]]
    resting = set(bearing.merge(undated(), on=["table", "evidence_id"])["input"])
    assert resting == {"uptake_instances", "transfer_size"}
    known = evidence.ranges_known_by(RANGES, CITED, BEHIND, WIDE, until).set_index("input")
    wide = WIDE.set_index("input")
    for name in resting:
        assert known.loc[name, ENDS].tolist() == wide.loc[name, ENDS].tolist()


@pytest.mark.parametrize("until", MONTHS)
def test_no_undated_duration_enters_a_back_cast(until):
    plan, durations = CATALOG.load("workplan"), BEHIND["migration_durations"]
    steps = set(durations.loc[durations["published_on"] == evidence.UNDATED, "step"])
    resting = (
        plan["evidence_steps"].fillna("").str.split(";").map(lambda own: bool(steps & set(own)))
    )
    known = evidence.durations_known_by(plan, durations, WIDE, until)
    factor = WIDE.set_index("input").at["task_duration", "high"]
    assert resting.any()
    assert known.loc[resting, "high_months"].tolist() == pytest.approx(
        (factor * plan.loc[resting, "high_months"]).tolist()
    )


def test_a_run_without_a_month_takes_the_ranges_as_they_stand():
    assert evidence.ranges_known_by(RANGES, CITED, BEHIND, WIDE, None) is RANGES


@pytest.mark.parametrize("row", PRIMARY_NOT_SEEN)
def test_what_rests_on_an_unseen_primary_says_so_and_is_graded_no_better_than_c(row):
    own = BEHIND[PRIMARY_NOT_SEEN[row]].set_index("evidence_id").loc[row]
    assert "primary not seen" in own["source"] and own["standing"] == "reported"
    cited = CITED[CITED["evidence_id"] == row]
    assert cited["rule"].str.lower().str.contains("primary not seen").all()
    for name in cited["input"]:
        resting = RANGES.set_index("input").loc[name]
        assert f"({row}, primary not seen)" in resting["reasoning"]
        assert resting["evidence_grade"] >= "C" and resting["standing"] == "assumed"
