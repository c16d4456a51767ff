"""A card shows a headline result within its range, and says what its row says."""

from __future__ import annotations

import pytest

from workbook.groups import NoGroups
from workbook.report.cards import cards_view, range_bar
from workbook.report.edition import Edition
from workbook.report.exhibits import Exhibits

TEXTS = {"ja": "見出し", "en": "Header"}
TEXT_COLUMNS = ("question", "answer", "interval", "rivals", "change")
DECLARED = {name: name for name in TEXT_COLUMNS} | {"exhibit": "exhibit", "result": "result_id"}
COLUMNS = [f"{name}_{lang}" for name in TEXT_COLUMNS for lang in ("ja", "en")]
ROW = ["減るか", "Does it save?", "減る", "It does.", "1%～3%", "1% to 3%", "–", "–", "額", "books"]
TABLE = {
    "columns": [{"name": name, "title": TEXTS} for name in (*COLUMNS, "exhibit", "result_id")],
    "rows": [[*ROW, "3.3", "saving"]],
}
RESULT = {"id": "saving", "value": 0.02, "low": 0.01, "high": 0.03, "unit": "share"}


def cards(lang, results):
    edition = Edition(lang, Exhibits((), {}, {}, results), group=NoGroups().whole)
    return cards_view({"cards": DECLARED, "tables": [TABLE]}, edition).cards


@pytest.mark.parametrize(("lang", "question"), [("ja", "減るか"), ("en", "Does it save?")])
def test_a_card_says_its_row_and_the_headline_result_by_its_unit(lang, question):
    (card,) = cards(lang, {"saving": RESULT})
    assert (card.question, card.figure) == (question, "2%")
    # tempting: a dash as a rival
    assert card.rivals == "" and card.change in ("額", "books") and "3.3" in card.link


def test_a_result_that_the_run_lacks_leaves_the_answer_without_a_figure():
    (card,) = cards("en", {})
    assert (card.figure, card.bar, card.answer) == ("", None, "It does.")


def test_a_bar_starts_where_nothing_changes_and_a_range_that_misses_it_lies_off():
    # 0 to 3 on 92 % of the width: 1 at 4 + 92 / 3
    bar = range_bar(RESULT)
    assert (bar.nothing, bar.start, bar.value, bar.width) == (4.0, 34.7, 65.3, 61.3)
    # tempting: nought for a multiple, by which 1.08 times looks like an eighth of the way
    assert range_bar({"value": 1.5, "low": 1.0, "high": 2.0, "unit": "ratio"}).nothing == 4.0
    # an index, such as an elasticity, does not say where nothing changes
    assert range_bar({"value": 1.1, "low": 0.9, "high": 1.3, "unit": "index"}).nothing is None


def test_an_exhibit_without_cards_and_a_result_without_a_range_have_none():
    assert cards_view({"tables": [TABLE]}, Edition("en", Exhibits((), {}))) is None
    assert range_bar({"value": 1.0, "low": None, "high": None, "unit": "share"}) is None
