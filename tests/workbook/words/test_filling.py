"""Placeholders filled: a value as each language writes it in its unit, a dash for what is not
known, a fault for what is missing.
"""

from __future__ import annotations

import json
import math
import re
from decimal import Decimal

import numpy as np
import pytest

from tests.workbook.villages import HILLS, VALLEY
from workbook.units import format_range, format_value
from workbook.words.filling import Range, filled, plain, texts, words_of_tables
from workbook.words.messages import Words, WordsFault

NAMES = {"209031": {"ja": "川村", "en": "Brookham"}}


def both(text, **values):
    return tuple(
        filled(text, json.loads(json.dumps(plain(values))), lang, NAMES) for lang in ("ja", "en")
    )


# -- values as a notebook leaves them


@pytest.mark.parametrize(
    ("value", "left"),
    [
        (Range(np.float64(1.5), np.int64(2)), {"low": 1.5, "high": 2}),
        (Range(1, float("nan")), {"low": 1, "high": None}),
        (np.float32(0.5), 0.5),
        (np.int64(3), 3),
        (np.float64("nan"), None),
        (None, None),
        ("core", "core"),
        (("core", "price"), ["core", "price"]),
        ([np.int64(1)], [1]),
        ({"ja": "題", "en": "title"}, {"ja": "題", "en": "title"}),
    ],
)
def test_a_value_is_left_as_json_holds_it(value, left):
    found = plain(value)
    assert (
        found == left
        and type(found) is type(left)
        and json.loads(json.dumps(found, allow_nan=False)) == left
    )


def test_a_number_keeps_every_digit():
    assert json.loads(json.dumps(plain(0.1 + 0.2))) == 0.1 + 0.2


@pytest.mark.parametrize(
    "value", [object(), {1}, b"x", Decimal("1.5"), [object()], Range(object(), 1)]
)
def test_what_no_sentence_can_carry_is_refused_by_its_type(value):
    with pytest.raises(TypeError, match="is no value of a sentence: give a number, a Range"):
        plain(value)


# -- as a language writes them


@pytest.mark.parametrize(
    ("text", "values", "said"),
    [
        ("{saving:JPY}", {"saving": 166e9}, ("1,660億円", "166 billion yen")),
        ("{range:share}", {"range": Range(0.1, 0.2)}, ("10%～20%", "10% to 20%")),
        ("{ward:code}", {"ward": "209031"}, ("川村", "Brookham")),
        ("{group:term}", {"group": "mill_field"}, ("水車の畑", "mill field")),
        (
            "{groups:terms}",
            {"groups": ["mill_field", "hill_field"]},
            ("水車の畑と丘の畑", "mill field and hill field"),
        ),
        ("{groups:terms}", {"groups": ["mill_field"]}, ("水車の畑", "mill field")),
        ("{name:text}", {"name": {"ja": "計画", "en": "the plan"}}, ("計画", "the plan")),
        ("{name:text}", {"name": "GovCloud"}, ("GovCloud", "GovCloud")),
        ("{x:share}/{x:share}", {"x": 0.5}, ("50%/50%", "50%/50%")),
    ],
)
def test_a_value_is_written_in_the_unit_its_text_gives_it(text, values, said):
    assert both(text, **values) == said


@pytest.mark.parametrize("value", [0.125, -2e9, 0.0, 1e12])
@pytest.mark.parametrize("unit", ["JPY", "share", "JPY/year", "year", "count"])
def test_numbers_and_ranges_are_written_as_everywhere_else(value, unit):
    text = f"{{x:{unit}}} {{span:{unit}}}"
    assert both(text, x=value, span=Range(value, 2 * value)) == tuple(
        f"{format_value(value, unit, lang)} {format_range(value, 2 * value, unit, lang)}"
        for lang in ("ja", "en")
    )


@pytest.mark.parametrize("unit", ["JPY", "share", "term", "terms", "code", "text", "fiscal_year"])
@pytest.mark.parametrize("unknown", [None, math.nan])
def test_what_is_not_yet_known_is_a_dash(unit, unknown):
    assert both(f"{{x:{unit}}}", x=unknown) == ("–", "–")


def test_a_list_of_nothing_is_a_dash_and_a_range_may_have_an_open_end():
    assert both("{x:terms}", x=[]) == ("–", "–")
    assert "–" in both("{x:share}", x=Range(0.1, None))[1]


def test_a_value_with_braces_or_a_percent_sign_is_written_as_it_is():
    assert both("{x:text}", x="{saving:JPY} 100% {0}")[0] == "{saving:JPY} 100% {0}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{saving:JPY} {gap:JPY}", "no value for saving, gap; there are: ratio"),
        ("{ratio:share} {gap:JPY}", "no value for gap; there are: ratio"),
        ("{ratio}", "no noun of a group is called ratio; there are: "),
    ],
)  # without a unit it is a noun
def test_a_value_that_is_missing_is_named_and_what_there_is(text, said):
    with pytest.raises(WordsFault, match=re.escape(said)):
        filled(text, {"ratio": 0.5}, "en", {})


@pytest.mark.parametrize(
    ("lang", "valley", "hills"),
    [("ja", "谷の村", "丘の村"), ("en", "The valley's villages", "The hill villages")],
)
def test_a_noun_is_what_the_group_under_study_is_called(lang, valley, hills):
    assert filled("{The_group}", {}, lang, NAMES, VALLEY) == valley
    assert filled("{The_group}", {}, lang, NAMES, HILLS) == hills


@pytest.mark.parametrize(
    ("unit", "value"),
    [("term", "no_such_term"), ("terms", ["mill_field", "no_such_term"]), ("code", "999999")],
)
def test_a_name_that_nobody_knows_is_a_fault(unit, value):
    with pytest.raises(
        WordsFault, match=f"nothing is called '{value if unit != 'terms' else value[1]}'"
    ):
        filled(f"{{x:{unit}}}", {"x": value}, "en", NAMES)


# -- messages


@pytest.fixture
def chapter(tmp_path):
    """Write a chapter's words and return them."""

    def read(ja, en):
        (tmp_path / "notebooks" / "words").mkdir(parents=True, exist_ok=True)
        for lang, text in (("ja", ja), ("en", en)):
            (tmp_path / "notebooks" / "words" / f"01_x.{lang}.md").write_text(
                text, encoding="utf-8"
            )
        return Words.of(tmp_path, "01_x")

    return read


def said(words, slug, **values):
    return texts(words, slug, "", "text", values, NAMES, VALLEY)


def test_a_fragment_is_another_message_filled_with_the_same_values(chapter):
    words = chapter(
        "## one\n\n費用は{how:words}。\n\n## half\n\n{x:share}だけ減る\n",
        "## one\n\nCost {how:words}.\n\n## half\n\nfalls by {x:share}\n",
    )
    assert said(words, "one", how="half", x=0.5) == {
        "ja": "費用は50%だけ減る。",
        "en": "Cost falls by 50%.",
    }


def test_a_fragment_that_is_none_takes_the_blank_before_it_and_no_other(chapter):
    words = chapter(
        "## one\n\n費用{how:words}。\n", "## one\n\nCost falls {how:words}, as said {how:words}.\n"
    )
    assert said(words, "one", how=None) == {"ja": "費用。", "en": "Cost falls, as said."}


@pytest.mark.parametrize(
    ("values", "where"),
    [
        ({}, "notebooks/words/01_x.en.md: one: no value for how; there are: "),
        ({"how": "gone"}, "notebooks/words/01_x.ja.md: no message 'gone'; write it there"),
        ({"how": "half"}, "notebooks/words/01_x.en.md: one: no value for x"),
    ],
)
def test_a_fragment_that_cannot_be_said_names_file_message_and_what_is_missing(
    chapter, values, where
):
    words = chapter(
        "## one\n\n一\n\n## half\n\n半\n", "## one\n\nCost {how:words}.\n\n## half\n\n{x:share}\n"
    )
    with pytest.raises(WordsFault, match=re.escape(where)):
        said(words, "one", **values)


def test_a_case_or_a_part_that_a_language_does_not_have_is_named(chapter):
    words = chapter("## one\n\n一\n\n### half\n\n半\n", "## one\n\nOne\n")
    with pytest.raises(
        WordsFault, match=re.escape("notebooks/words/01_x.en.md: one: one has no case 'half'")
    ):
        texts(words, "one", "half", "text", {}, NAMES, VALLEY)


def test_words_of_tables_begin_so_with_bare_placeholders_and_other_groups_have_their_own(
    chapter,
):
    text = (
        "## answer_one\n\n{saving:JPY} by {year:fiscal_year}\n\n### other-group\n\nElsewhere"
        " {saving:JPY}\n\n## answers\n\nnot this\n"
    )
    words = chapter(text, text)
    assert words_of_tables(words, ("answer_",), VALLEY)["en"] == {
        "answer_one": "{saving} by {year}"
    }
    assert words_of_tables(words, ("answer_",), HILLS)["en"] == {"answer_one": "Elsewhere {saving}"}
    assert words_of_tables(words, (), VALLEY) == {"ja": {}, "en": {}}
