"""What the report says an exhibit rests on: inputs that its chapter takes, the weightiest first."""

from __future__ import annotations

import dataclasses

import pytest

from analysis.study import STUDY
from workbook.audit.assumptions import Assumption
from workbook.report.carried import bearing_on
from workbook.tables.results import result_contracts

EMPTY = Assumption("", {}, "", {}, 1, {}, {}, "D", "heavy", 0.0, {}, {}, {}, ())


def said(table, item, weight="heavy", amount=0.0, grade="D"):
    return dataclasses.replace(
        EMPTY, table=table, item=item, weight=weight, amount=amount, evidence_grade=grade
    )


LOG = (  # as the annex has it: weakly evidenced before well evidenced
    said("input_ranges", "round_productivity", amount=1.0),
    said("input_ranges", "transfer_size", amount=0.33),
    said("input_ranges", "joint_cloud_saving", amount=0.48, grade="C"),
    said("input_ranges", "uptake_price", "light", amount=0.009),
    said("workplan", "aim_agreement", amount=1.0),
    said("workplan", "core_close", amount=0.9),
    said("form_criteria", "company", amount=1.0),
)


def named(table):
    sources = ("input_ranges", "workplan")
    provenance = {"tables": [table], "inputs": [{"name": name} for name in sources]}
    return [entry.item for entry in bearing_on(provenance, LOG)]


def test_an_input_of_another_chapter_carries_nothing_however_heavy_it_is_there():
    """Tempting: chapter 4 loads the table of ranges, so all its rows would carry exhibit 4.3."""
    assert "round_productivity" not in named("levers")
    assert "round_productivity" in named("circle_map")


def test_the_weightiest_comes_before_the_weakest_evidence():
    inputs = [item for item in named("levers") if item in ("transfer_size", "joint_cloud_saving")]
    assert inputs == ["joint_cloud_saving", "transfer_size"]


def test_tables_take_turns_for_their_measures_cannot_be_compared():
    assert named("paths") == ["aim_agreement", "joint_cloud_saving", "core_close", "transfer_size"]


def test_what_is_light_carries_only_where_nothing_is_heavy():
    provenance = {"tables": ["levers"], "inputs": [{"name": "input_ranges"}]}
    assert "uptake_price" not in named("levers")
    assert [e.item for e in bearing_on(provenance, (LOG[3],))] == ["uptake_price"]
    assert bearing_on(provenance, (dataclasses.replace(LOG[3], weight="idle"),)) == []


@pytest.mark.parametrize("step", STUDY.steps, ids=lambda step: step.name)
def test_a_step_says_which_inputs_it_takes_unless_it_shows_them_all(step):
    """A step that loads the table of ranges and names none would claim to rest on every row."""
    if "input_ranges" in step.inputs:
        assert step.ranges or "known_ranges" in step.writes
        assert any(
            source.table == "input_ranges"
            for table in step.writes
            for source in result_contracts()[table].sources
        )
