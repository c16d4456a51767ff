"""In the study's own report every term that is explained is used, and opens where it should."""

from __future__ import annotations

import re

import pytest

from analysis.groups import SPECIAL_WARDS
from workbook.report import build
from workbook.words.definitions import definitions

pytestmark = pytest.mark.whole
BUTTON = re.compile(r'<button type="button" class="term" popovertarget="([^"]*)">(.*?)</button>')
CHAPTER = r'<section class="chapter" id=.*?(?=<section class="chapter\b)'


@pytest.fixture(scope="module", params=["ja", "en"])
def page(request, study):
    pages = build(study / "runs" / "baseline", study / "notebooks")
    text = pages[request.param].read_text(encoding="utf-8")
    return text, definitions(study, SPECIAL_WARDS, request.param)


def test_every_term_is_used_and_every_button_opens_what_is_there(page):
    text, terms = page
    opened = {name for name, _ in BUTTON.findall(text)}
    assert opened == {f"term-{term.slug}" for term in terms}
    assert all(text.count(f'<div id="{name}" popover>') == 1 for name in opened)


def test_a_chapter_opens_a_term_once_and_where_it_is_first_named(page):
    text, terms = page
    for chapter in re.findall(CHAPTER, text, re.DOTALL):
        opened = [name for name, _ in BUTTON.findall(chapter)]
        assert len(opened) == len(set(opened))
        for term in terms:
            before, _, _ = chapter.partition(f'popovertarget="term-{term.slug}"')
            assert not named(term.name, before), (term.slug, chapter[:60])


def named(term, html):
    """Say whether paragraphs name a term outside of links, code, formulas and other terms."""
    said = " ".join(re.findall(r"<p>(.*?)</p>", html, re.DOTALL))
    plain = re.sub(r"<(a|code|math|button)\b.*?</\1>", "", said, flags=re.DOTALL)
    whole = rf"(?<![\w-]){re.escape(term)}(?![\w-])" if term.isascii() else re.escape(term)
    return re.search(whole, plain)


def test_headings_and_charts_hold_no_button(page):
    text, _ = page
    for part in re.findall(r"<(h[1-6]|svg|table)\b(.*?)</\1>", text, re.S):
        assert 'class="term"' not in part[1]
