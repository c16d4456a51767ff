"""A term opens its meaning where a chapter first uses it, and nowhere else."""

from __future__ import annotations

import re

import pytest

from workbook.report.terms import with_terms
from workbook.words.definitions import Definition, definition_faults

BUTTON = re.compile(r'<button type="button" class="term" popovertarget="([^"]*)">(.*?)</button>')
WORTH = Definition("worth", ("net present value", "present value"), "m", "e")
VALUE = Definition("value", ("value",), "m", "e")


def chapter(text: str, name: str = "a") -> str:
    return f'<section class="chapter" id="chapter-{name}">{text}</section>'


def opened(page: str, *terms: Definition) -> list[tuple[str, str]]:
    """The buttons put into a page; without them it is as it was."""
    shown = with_terms(page, terms)
    assert re.sub('<span class="kept">(.*?)</span>', r"\1", BUTTON.sub(r"\2", shown)) == page
    return BUTTON.findall(shown)


def test_a_term_opens_where_each_chapter_first_uses_it():
    page = chapter("<p>A value, a value.</p><p>A value.</p>") + chapter("<p>Value.</p>", "b")
    shown = with_terms(page, [VALUE])
    assert [text for _, text in BUTTON.findall(shown)] == ["value", "Value"]
    assert shown.index("<button") < shown.index("</p><p>")


def test_of_two_terms_at_one_place_the_longer_is_meant():
    # tempting: the shorter term takes a piece of the longer
    page = chapter("<p>The net present value is a value.</p>")
    assert opened(page, VALUE, WORTH) == [
        ("term-worth", "net present value"),
        ("term-value", "value"),
    ]


def test_headings_charts_links_tables_and_code_hold_no_button():
    page = chapter(
        "<h3>value</h3><figure><svg><text>value</text></svg></figure><table><td>value</td></table>"
        '<p class="source">value</p><p><a href="#x">value</a> <code>value</code></p>'
        "<p>one <math><mi>value</mi></math> <em>value</em></p>"
    )
    assert opened(page, VALUE) == [("term-value", "value")]
    assert "<em><button" in with_terms(page, [VALUE])


def test_a_word_that_holds_a_term_is_another_word():
    assert opened(chapter("<p>values, revalue, over-value, value-free</p>"), VALUE) == []


def test_a_japanese_term_stands_within_a_sentence():
    term = Definition("net", ("純削減額", "P10～P90"), "m", "e")
    assert opened(chapter("<p>この純削減額は、P10～P90</p>"), term) == [("term-net", "純削減額")]


def test_a_term_is_found_in_the_text_as_html_writes_it():
    claim = Definition("claim", ("report's claim",), "m", "e")
    assert opened(chapter("<li>The report&#39;s claim</li>"), claim) == [
        ("term-claim", "report&#39;s claim")
    ]


def test_only_chapters_and_the_summary_are_explained():
    about = '<section class="chapter about" id="about"><p>value</p></section>'
    summary = '<section class="summary" id="summary"><p class="answer">value</p></section>'
    contents = '<section class="questions"><li>value</li></section>'
    assert opened(summary + contents + about, VALUE) == [("term-value", "value")]


def test_no_line_begins_with_what_closes_or_ends_with_what_opens():
    # a browser may break a line on either side of a button, whatever stands there
    shown = with_terms(chapter("<p>（value）、a net present value, so</p>"), [VALUE, WORTH])
    pieces = re.findall(r'<span class="kept">(.*?)</span>', shown)
    assert [BUTTON.sub(r"\2", piece) for piece in pieces] == ["（value）、", "net present value,"]


@pytest.mark.parametrize("quote", ['"', "&quot;", "&#34;"])
def test_a_straight_quote_stays_with_the_term_that_it_opens_and_closes(quote):
    shown = with_terms(chapter(f"<p>The rival, {quote}value{quote}, is less.</p>"), [VALUE])
    assert re.search(f'<span class="kept">{quote}<button.*</button>{quote},</span>', shown)


def test_a_chapter_without_text_stays_as_it_is():
    assert opened(chapter("<h2>value</h2>"), VALUE) == []


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ("## a\n\n**a**\n\nIt is.", "terms.en.md: a: no example, quoted; write it there"),
        (
            "## a\n\n**a / b**\n\nIs.\n\n> E.\n\n## b\n\n**b**\n\nIs.\n\n> E.",
            "'b' is a spelling of",
        ),
        ("## c\n\n**c**\n\nIt is.\n\n> As.", "a: in one language only"),
    ],
)
def test_what_a_term_lacks_is_named(tmp_path, wrong, fault):
    folder = tmp_path / "notebooks" / "words"
    folder.mkdir(parents=True)
    (folder / "terms.ja.md").write_text("## a\n\n**a**\n\nIt is.\n\n> As.", encoding="utf-8")
    (folder / "terms.en.md").write_text(wrong, encoding="utf-8")
    assert any(fault in line for line in definition_faults(tmp_path))
