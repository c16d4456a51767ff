"""Words joined to what a notebook left: the same texts for report and JupyterLab, and nothing that
a text holds is run.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode
from dataclasses import asdict

import pytest
from bakery.study import STUDY
from bs4 import BeautifulSoup

from tests.workbook.villages import HILLS, VALLEY, Groups
from workbook.words.binding import bound, group_of, html_table, standard
from workbook.words.messages import Words, WordsFault

JA = """## opening · finding

{saving:JPY}減る{how:words}。[[takings-by-loss]]を見よ。

2つ目の段落。

## how

、うち{part:share}は購入による

## takings-by-loss

**{saving:JPY}に届く**

[[bread-in-numbers]]と同じ引き方

> 三本の曲線

### lack

目標がない。
"""
EN = """## opening · finding

It falls by {saving:JPY} {how:words}. See [[takings-by-loss]].

A second paragraph.

## how

({part:share} of it by buying)

## takings-by-loss

**It reaches {saving:JPY}**

Drawn as [[bread-in-numbers]]

> Three curves

### lack

No target.
"""
COLUMN = {"title": {"ja": "名", "en": "Name"}, "unit": "text", "labels": {}, "hidden": False}


@pytest.fixture
def words(tmp_path):
    (tmp_path / "notebooks" / "words").mkdir(parents=True)
    for lang, text in (("ja", JA), ("en", EN)):
        (tmp_path / "notebooks" / "words" / f"04_bread.{lang}.md").write_text(
            text, encoding="utf-8"
        )
    return Words.of(tmp_path, "04_bread")


def left(kind="prose", slug="opening", case="", group=None, **values):
    """What a headless kernel leaves, as it comes back from its file."""
    more = {
        "form": "figure",
        "standing": {"value": "modelled", "assumed_inputs": 1},
        "provenance": {
            "inputs": [
                {"sources": [{"ja": "総務省", "en": "The ministry"}]},
                {"sources": [{"ja": "総務省", "en": "The ministry"}]},
            ]
        },
    }
    told = {"group": asdict(group)} if group else {}
    return json.loads(
        json.dumps(
            {
                "kind": kind,
                "slug": slug,
                "case": case,
                "values": values,
                **told,
                **(more if kind == "exhibit" else {}),
            }
        )
    )


def exhibit(words, svg="<svg><text>区</text></svg>", **values):
    payload = bound(left("exhibit", "takings-by-loss", saving=2e9), words, {})
    return payload | {"svg": {"ja": svg, "en": svg}} | values


# -- bound


def test_prose_has_its_text_in_both_languages_and_its_callout(words):
    assert bound(left(saving=2e9, how=None), words, {}) == {
        "kind": "prose",
        "callout": "finding",
        "text": {
            "ja": "20億円減る。[[takings-by-loss]]を見よ。\n\n2つ目の段落。",
            "en": "It falls by 2 billion yen. See [[takings-by-loss]].\n\nA second paragraph.",
        },
    }


def test_a_fragment_stands_in_its_sentence(words):
    text = bound(left(saving=2e9, how="how", part=0.25), words, {})["text"]
    assert (
        "減る、うち25%は購入による。" in text["ja"]
        and "yen (25% of it by buying). See" in text["en"]
    )


def test_an_exhibit_has_its_words_number_and_anchor_and_keeps_what_it_rests_on(words):
    found, before = (
        bound(left("exhibit", "takings-by-loss", saving=2e9), words, {}),
        left("exhibit", "takings-by-loss"),
    )
    assert (found["number"], found["anchor"], found["form"]) == (
        "2.1",
        "exhibit-takings-by-loss",
        "figure",
    )
    assert (
        found["title"] == {"ja": "20億円に届く", "en": "It reaches 2 billion yen"}
        and found["alt"]["ja"] == "三本の曲線"
    )
    assert (found["standing"], found["provenance"]) == (
        before["standing"],
        before["provenance"],
    ) and "values" not in found


def test_what_is_lacking_is_a_caveat_in_its_place_with_its_number(words):
    found = bound(left("lack", "takings-by-loss", "lack"), words, {})
    assert found == {
        "kind": "prose",
        "callout": "caveat",
        "text": {"ja": "図表2.1はない。目標がない。", "en": "There is no exhibit 2.1. No target."},
    }


def test_a_group_of_municipalities_comes_back_as_it_was(words, monkeypatch):
    monkeypatch.setitem(vars(STUDY), "groups", Groups())
    assert group_of(left(group=HILLS)) == HILLS and group_of(left()) == VALLEY
    assert bound(left(group=HILLS, saving=1, how=None), words, {})["group"] == json.loads(
        json.dumps(asdict(HILLS))
    )


def test_binding_changes_nothing_of_what_was_left(words):
    payload = left("exhibit", "takings-by-loss", saving=2e9)
    bound(payload, words, {})
    assert payload == left("exhibit", "takings-by-loss", saving=2e9)


@pytest.mark.parametrize(
    ("payload", "said"),
    [
        (left(slug="closing"), "no message 'closing'"),
        (left(case="half"), "no case 'half'"),
        (left(how=None), "opening: no value for saving"),
        (left("exhibit", "opening", saving=1), "opening: has no title"),
    ],
)
def test_what_cannot_be_said_is_refused_by_name(words, payload, said):
    with pytest.raises(WordsFault, match=re.escape(said)):
        bound(payload, words, {})


# -- as any viewer shows it


@pytest.mark.parametrize(
    ("lang", "name", "reference"),
    [("ja", "要点", "図表 2.1を見よ"), ("en", "Finding", "See exhibit 2.1.")],
)
def test_a_callout_is_a_quotation_with_its_name_and_every_paragraph_in_it(
    words, lang, name, reference
):
    shown = standard(bound(left(saving=2e9, how=None), words, {}), lang)
    lines = shown["text/markdown"].splitlines()
    assert (
        lines[0] == f"> **{name}**"
        and all(line.startswith(">") for line in lines)
        and len(lines) == 5
    )
    assert (
        reference in shown["text/markdown"]
        and reference in shown["text/plain"]
        and "[[" not in shown["text/plain"]
    )


def test_a_figure_is_an_image_that_keeps_its_alternative_text_and_needs_no_script(words):
    page = BeautifulSoup(standard(exhibit(words), "ja")["text/html"], "html.parser")
    (image,) = page.find_all("img")
    assert image["alt"] == "三本の曲線" and image["src"].startswith("data:image/svg+xml;base64,")
    assert b64decode(image["src"].partition("base64,")[2]).decode() == "<svg><text>区</text></svg>"
    assert (
        "図表 2.1　20億円に届く" in page.text
        and "図表 2.2と同じ引き方" in page.text
        and page.text.count("総務省") == 1
    )


def test_the_standing_and_the_source_stand_below_an_exhibit_in_its_language(words):
    page = BeautifulSoup(standard(exhibit(words), "en")["text/html"], "html.parser")
    assert page.small.text == "modelled　Source: The ministry"
    assert standard(exhibit(words), "en")["text/plain"] == "Exhibit 2.1 It reaches 2 billion yen"


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onload='alert(1)",
    "&lt;b&gt; </table>",
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("part", ["title", "subtitle", "alt"])
def test_markup_in_the_words_of_an_exhibit_is_shown_as_it_is_written(words, part, text):
    page = BeautifulSoup(
        standard(exhibit(words, **{part: {"ja": text, "en": text}}), "en")["text/html"],
        "html.parser",
    )
    assert {tag.name for tag in page.find_all(True)} == {
        "p",
        "strong",
        "br",
        "img",
        "small",
    } and set(page.img.attrs) == {"alt", "src"}
    assert text in (page.img["alt"] if part == "alt" else page.text)


@pytest.mark.parametrize("text", HOSTILE)
def test_markup_in_a_source_is_shown_as_it_is_written(words, text):
    sources = {"inputs": [{"sources": [{"ja": text, "en": text}]}]}
    page = BeautifulSoup(
        standard(exhibit(words, provenance=sources), "ja")["text/html"], "html.parser"
    )
    assert text in page.small.text and {tag.name for tag in page.find_all(True)} == {
        "p",
        "strong",
        "br",
        "img",
        "small",
    }


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("place", ["cell", "title", "label"])
def test_markup_in_a_table_is_shown_as_it_is_written(text, place):
    column = {
        **COLUMN,
        "name": "name",
        "title": {"ja": text, "en": text} if place == "title" else COLUMN["title"],
        "labels": {"core": {"ja": text, "en": text}} if place == "label" else {},
    }
    page = BeautifulSoup(
        html_table({"columns": [column], "rows": [[text if place == "cell" else "core"]]}, "en"),
        "html.parser",
    )
    assert {tag.name for tag in page.find_all(True)} == {
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
    } and text in page.text


def test_a_table_shows_the_columns_of_its_language_and_none_that_is_hidden(words):
    columns = [
        {**COLUMN, "name": name, "hidden": name == "place", "title": {"ja": name, "en": name}}
        for name in ("place", "what_ja", "what_en", "x")
    ]
    columns[3] |= {"unit": "share"}
    table = {"columns": columns, "rows": [[1, "税", "tax", 0.25], [2, "国保", "health", None]]}
    page = BeautifulSoup(
        standard(exhibit(words, form="table", tables=[table]), "en")["text/html"], "html.parser"
    )
    assert [cell.text for cell in page.find_all("th")] == ["what_en", "x"]
    assert [[cell.text for cell in row.find_all("td")] for row in page.tbody.find_all("tr")] == [
        ["tax", "25%"],
        ["health", "–"],
    ]
    assert not page.find_all("img")
