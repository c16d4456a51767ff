"""Review dates of tables: each published table has one, and what is late is listed."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from workbook.tables.reviews import overdue, review_faults

ROOT = Path(__file__).parents[3]
GOOD = "- {by: 2027-03, look_for: a newer edition, tables: [rain, snow]}\n"


@pytest.fixture
def project(tmp_path):
    """Write a data package of two published tables and one of a researcher's own."""
    resources = [{"name": name} for name in ("rain", "snow")] + [{"name": "mine", "local": True}]
    (tmp_path / "data").mkdir()
    package = tmp_path / "data" / "datapackage.json"
    package.write_text(json.dumps({"resources": resources}), encoding="utf-8")

    def write(text):
        (tmp_path / "data" / "reviews.yaml").write_text(text, encoding="utf-8")
        return tmp_path

    return write


def test_a_table_is_overdue_when_its_month_is_over(project):
    """By hand; tempting is the first of the month, a month too early."""
    root = project(GOOD)
    assert overdue(root, dt.date(2027, 3, 31)) == []
    assert [(late.table, late.by) for late in overdue(root, dt.date(2027, 4, 1))] == [
        ("rain", "2027-03"),
        ("snow", "2027-03"),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOOD.replace(", snow", ""), "snow has no date"),
        (GOOD.replace("snow", "snow, hail"), "publishes no table 'hail'"),
        (GOOD.replace("snow", "snow, mine"), "publishes no table 'mine'"),
        (GOOD + GOOD, "rain stands there 2 times"),
        (GOOD.replace("2027-03", "2027-13"), "entry 1: by: 2027-13: a month"),
        (GOOD.replace("look_for", "why"), "entry 1: it has `by`, `look_for` and `tables`"),
        ("rain: 2027-03\n", "entry 1: it has"),
        ("- [", "no YAML"),
    ],
)
def test_each_fault_of_the_file_is_named(project, text, said):
    root = project(text)
    faults = list(review_faults(root))
    assert any(said in fault for fault in faults)
    assert all(fault.startswith("data/reviews.yaml: ") for fault in faults)
    with pytest.raises(ValueError, match="data/reviews.yaml"):
        overdue(root, dt.date(2027, 1, 1))


def test_a_study_may_do_without_dates(project, tmp_path):
    project(GOOD)
    (tmp_path / "data" / "reviews.yaml").unlink()
    assert list(review_faults(tmp_path)) == []


def test_every_published_table_of_the_study_has_a_date():
    assert list(review_faults(ROOT)) == []
    assert len(overdue(ROOT, dt.date(2100, 1, 1))) > 50
