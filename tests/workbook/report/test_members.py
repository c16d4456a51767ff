"""A page for each member says its rows, in the order of the table, as every table would."""

from __future__ import annotations

import pytest

from workbook.groups import NoGroups
from workbook.report.edition import Edition
from workbook.report.exhibits import Exhibits
from workbook.report.members import members_view
from workbook.report.table import shown_table

TEXTS = {"ja": "見出し", "en": "Header"}
NAMES = {"209022": {"ja": "丘村", "en": "Hillham"}}


def column(name, unit="text", labels=None):
    return {
        "name": name,
        "type": "string" if unit == "text" else "number",
        "unit": unit,
        "title": TEXTS,
        "hidden": False,
        "labels": labels or {},
    }


TABLE = {
    "name": "lines",
    "title": TEXTS,
    "columns": [
        column("code", labels=NAMES),
        column("part", labels={"seen": {"ja": "公表", "en": "Published"}}),
        column("line"),
        column("value", "mixed"),
        column("low", "mixed"),
        column("high", "mixed"),
        column("unit"),
        column("year", "fiscal_year"),
        column("basis"),
    ],
    "rows": [
        ["209022", "seen", "budget", 14.2e9, None, None, "JPY", 2026, "book"],
        ["209022", "made", "gain", -2.1e8, -9.7e8, 4.9e8, "JPY/year", None, "model"],
        ["209014", "made", "gain", 1e8, 0.0, 2e8, "JPY/year", None, "model"],
    ],
}
DECLARED = {
    "anchor": "ward",
    "member": "code",
    "part": "part",
    "line": "line",
    "basis": "basis",
    "choose": TEXTS,
    "own": TEXTS,
}


def edition(lang: str) -> Edition:
    return Edition(lang, Exhibits((), {}), group=NoGroups().whole)


def view(lang: str):
    return members_view({"pages": DECLARED, "tables": [TABLE]}, edition(lang))


@pytest.mark.parametrize(
    ("lang", "name", "values"),
    [
        ("ja", "丘村", [("142億円（2026年度）", ""), ("年−2.1億円", "年−9.7億円～4.9億円")]),
        (
            "en",
            "Hillham",
            [
                ("14 billion yen (FY2026)", ""),
                ("−210 million yen a year", "−970 million yen to 490 million yen a year"),
            ],
        ),
    ],
)
def test_a_page_says_value_interval_and_year(lang, name, values):
    page, other = view(lang).pages
    assert (page.anchor, page.name) == ("ward-209022", name)
    said = [(line.value, line.interval) for _, lines in page.parts for line in lines]
    assert said == values
    assert other.code == "209014" and len(other.parts) == 1


def test_parts_are_named_and_one_without_a_label_by_itself():
    assert [name for name, _ in view("en").pages[0].parts] == ["Published", "made"]


def test_an_exhibit_without_pages_has_none():
    assert members_view({"tables": [TABLE]}, edition("en")) is None


def test_rows_of_a_table_with_codes_say_whose_they_are():
    exhibit = {"number": "1.1", "slug": "x"}
    assert shown_table(TABLE, exhibit, edition("en"), 2).members == ("209022", "209022")
    bare = {**TABLE, "columns": [column("name"), *TABLE["columns"][1:]]}
    assert shown_table(bare, exhibit, edition("en")).members == ()
