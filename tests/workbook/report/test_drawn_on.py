"""The rows of the inputs lead on: to their documents, to the rows beside them, to the exhibits."""

from __future__ import annotations

import dataclasses
import re

import pytest
from bakery.study import STUDY

from workbook.audit.assumptions import Assumption
from workbook.ranges import Ranges
from workbook.report.drawn_on import exhibits_on, rows_with, sources_of
from workbook.report.inputs import Inputs, InputTable, shown_inputs

NAMES = ("evidence_id", "source")
FIELDS = tuple({"name": name, "title": name, "title_ja": name} for name in NAMES)
TITLE = {"ja": "表", "en": "Table"}
RANGES, OTHERS = "winds", "older_winds"


def table(name, rows, key, fields=FIELDS, taken_in=True):
    return InputTable(name, TITLE, fields, (key,), tuple(rows), taken_in)


PAPERS = table(
    "two_papers",
    (
        {"evidence_id": "Z01", "source": "Gazette, https://example.org/a"},
        {"evidence_id": "Z02", "source": "A book of 1999"},
        {"evidence_id": "Z03", "source": "as Z01"},
        {"evidence_id": "Z04", "source": "two_papers: Z01, and two_papers"},
    ),
    "evidence_id",
)
JUDGED = table(
    RANGES,
    ({"input": "gust", "source": "our judgement"},),
    "input",
    ({"name": "input", "title": "Input"}, {"name": "source", "title": "Source"}),
    taken_in=False,
)
INPUTS = Inputs({"two_papers": PAPERS, RANGES: JUDGED}, {"two_papers": TITLE, RANGES: TITLE})
GUST = Assumption(
    RANGES, {}, "gust", {"ja": "突風", "en": "gusts"}, 1, {}, {}, "C", "heavy", 1.0, {}, {}, {},
    ("Z02", "Z99"),
)  # fmt: skip


@pytest.fixture(autouse=True)
def with_ranges(monkeypatch):
    """A study whose inputs may be set; an older table holds other ranges of the same inputs."""
    monkeypatch.setitem(vars(STUDY), "ranges", Ranges(RANGES, (OTHERS,)))


def cells_of(edition, beside=None):
    """The cells of each row by its id."""
    shown = shown_inputs(INPUTS, beside or {}, edition)
    return {anchor: cells for one in shown for anchor, cells in one.rows}


def test_a_source_without_an_address_says_so_and_no_other_does(edition):
    rows = cells_of(edition)
    absent = {anchor for anchor, cells in rows.items() if 'class="absent"' in cells[1]}
    # tempting: a judgement has no address either, but it has no document
    assert absent == {"input-two-papers-2"}
    assert '<a href="https://example.org/a">' in rows["input-two-papers-1"][1]


def test_a_source_may_lead_to_another_row_or_to_a_table(edition):
    rows = cells_of(edition)
    assert '<a href="#input-two-papers-1">Z01</a>' in rows["input-two-papers-3"][1]
    leading = re.findall('href="([^"]*)"', rows["input-two-papers-4"][1])
    assert leading == ["#input-two-papers-1", "#input-two-papers"]


def test_an_input_names_its_evidence_and_the_evidence_its_inputs(edition):
    beside = rows_with([GUST], INPUTS, edition)
    assert set(beside) == {f"{JUDGED.place}-1", "input-two-papers-2"}  # Z99 is nowhere
    assert beside[f"{JUDGED.place}-1"] == '<a href="#input-two-papers-2">Z02</a>'
    assert GUST.name[edition.lang] in beside["input-two-papers-2"]
    second = {anchor: cells[1] for anchor, cells in cells_of(edition, beside).items()}
    assert second["input-two-papers-2"] == beside["input-two-papers-2"]
    assert second["input-two-papers-1"] == "–"


def test_another_range_of_the_same_input_names_no_evidence_of_its_own(edition):
    other = dataclasses.replace(GUST, table=OTHERS)
    assert rows_with([other], INPUTS, edition) == {}


def test_a_table_names_the_exhibits_that_draw_on_it(edition):
    found = exhibits_on(edition)
    assert set(found) == {"field_records", "mill_scope"}
    numbers = re.findall(r'<a href="#exhibit-[a-z-]+">(\d+\.\d+)</a>', found["mill_scope"])
    assert numbers == [payload["number"] for payload in edition.exhibits.payloads]


@pytest.mark.parametrize(
    ("name", "text", "says_so"),
    [
        ("two_papers", "Documents named row by row", False),  # each row says it
        ("long_table", "A book of 1999", True),
        ("long_table", "Gazette, https://example.org/a", False),
    ],
)
def test_a_register_says_where_no_address_is_on_record(edition, name, text, says_so):
    found = sources_of(INPUTS, {name: [text]}, edition)
    assert ('class="absent"' in found[name]) == says_so
