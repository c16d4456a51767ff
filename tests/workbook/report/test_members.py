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


SAYS = {
    "name": "says",
    "title": TEXTS,
    "columns": [
        column("code", labels=NAMES),
        column("budget_case"),
        column("gain_case"),
        column("gain_low_jpy", "JPY/year"),
        column("gain_high_jpy", "JPY/year"),
        column("who_ja"),
        column("who_en"),
    ],
    "rows": [
        ["209022", None, "gains", 1e8, 2e8, "村", "village"],
        ["209014", "shut", None, None, None, None, None],
    ],
}
WORDS = {
    "gain_case": {
        "gains": {
            "ja": "{code:code}の{who:text}は{gain_range_jpy:JPY/year}",
            "en": "the {who:text} of {code:code} gains {gain_range_jpy:JPY/year}",
        }
    },
    "budget_case": {"shut": {"ja": "非公表", "en": "closed"}},
}


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("ja", "丘村の村は年1億円～2億円"),
        ("en", "the village of Hillham gains 100 million yen to 200 million yen a year"),
    ],
)
def test_a_page_begins_with_the_sentences_whose_case_its_row_names(lang, said):
    payload = {
        "pages": DECLARED | {"says": "says"},
        "page_words": WORDS,
        "tables": [TABLE, SAYS],
    }
    hill, mill = members_view(payload, edition(lang)).pages
    assert [text for _, text in hill.says] == [said]
    # in the order of the table's columns, whatever that of the messages
    assert [text for _, text in mill.says] == [{"ja": "非公表", "en": "closed"}[lang]]


def test_the_first_of_neighbours_on_one_basis_leads_to_its_exhibit():
    held = {"slug": "gains", "number": "5.8", "anchor": "exhibit-gains"}
    own = Edition("en", Exhibits((held,), {}), group=NoGroups().whole)
    rows = [[*row[:1], "made", *row[2:8], "model"] for row in TABLE["rows"][:2]]
    payload = {
        "pages": DECLARED | {"shown_in": {"model": "gains"}},
        "tables": [TABLE | {"rows": rows}],
    }
    ((_, (first, second)),) = members_view(payload, own).pages[0].parts
    assert first.basis == 'model <a href="#exhibit-gains">exhibit 5.8</a>'
    assert second.basis == "model"
