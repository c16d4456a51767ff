"""The report on paper is tagged, knows its language and its title, and its contents name the pages
that their links lead to.
"""

from __future__ import annotations

import io
import os
import re

import pytest
from pypdf import PdfReader

from workbook.report import paper
from workbook.report.faults import ReportFault
from workbook.report.paper import browser, numbered, pages_of, printed

pytestmark = pytest.mark.whole


@pytest.fixture(scope="module", params=["ja", "en"])
def pdf(request, published):
    page = published[request.param].read_text(encoding="utf-8")
    return request.param, page, printed(page, browser() or os.devnull)


def test_the_contents_name_the_page_that_each_link_leads_to(pdf):
    _, page, made = pdf
    entries = re.findall(r'data-page-of="([^"]+)"', page)
    pages, text = pages_of(made), PdfReader(io.BytesIO(made)).pages[0].extract_text()
    assert {"chapter-04-bread", "terms", "about"} <= set(entries)
    assert [pages[entry] for entry in entries] == sorted(pages[entry] for entry in entries)
    assert pages["about"] > 1
    for entry in entries:
        assert re.search(rf"\D{pages[entry]}\b", text), entry


def test_the_pdf_is_tagged_and_says_its_language_and_its_title(pdf):
    # what can be held without a validator; that it conforms to PDF/UA, nobody has checked
    lang, page, made = pdf
    reader = PdfReader(io.BytesIO(made))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and root["/StructTreeRoot"]["/K"]
    assert root["/Lang"] == lang
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title == re.search("<title>(.*?)</title>", page)[1]
    assert all(page.get("/Tabs") == "/S" for page in reader.pages)
    assert reader.outline


def test_no_address_of_this_machine_stands_in_the_pdf(pdf):
    assert b"file:" not in pdf[2]


def test_a_number_that_is_not_known_yet_takes_as_much_room():
    assert numbered('<i data-page-of="a">7</i>', {}) == '<i data-page-of="a">99</i>'


def test_contents_whose_numbers_move_the_pages_are_refused(monkeypatch):
    # tempting: to print twice and to trust the numbers of the first time
    moving = iter([{"a": 1}, {"a": 2}])
    monkeypatch.setattr(paper, "_printed", lambda page, chromium: b"")
    monkeypatch.setattr(paper, "pages_of", lambda made: next(moving))
    with pytest.raises(ReportFault, match="move the pages they name"):
        printed('<i data-page-of="a"></i>', "chromium")
