"""What a library can hold of an accessible PDF without a validator: its tree of tags. Whether it
conforms to PDF/UA, a validator would have to say.
"""

from __future__ import annotations

import io
import itertools
import os
from collections.abc import Iterator
from typing import Any

import pytest
from pypdf import PdfReader

from workbook.report.paper import browser, printed

pytestmark = pytest.mark.whole
HEADINGS = {f"/H{level}": level for level in range(1, 7)}


@pytest.fixture(scope="module", params=["ja", "en"])
def pdf(request, published):
    page = published[request.param].read_text(encoding="utf-8")
    return PdfReader(io.BytesIO(printed(page, browser() or os.devnull)))


def elements(node: Any) -> Iterator[Any]:
    """Every element of a tree of tags, in the order in which it is read out."""
    waiting = [node]
    while waiting:
        node = waiting.pop().get_object()
        if isinstance(node, list):
            waiting += reversed([part for part in node if hasattr(part, "get_object")])
        elif hasattr(node, "get"):
            yield node
            if "/K" in node:
                waiting.append(node.raw_get("/K"))


def tagged(pdf: PdfReader, *kinds: str) -> list[Any]:
    tree = pdf.trailer["/Root"]["/StructTreeRoot"]
    return [element for element in elements(tree) if element.get("/S") in kinds]


def test_headings_begin_at_one_and_skip_no_level(pdf):
    levels = [HEADINGS[element["/S"]] for element in tagged(pdf, *HEADINGS)]
    assert levels.count(1) == 1 and levels[0] == 1 and 3 in levels
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_each_picture_and_each_exhibit_says_what_it_is(pdf):
    # tempting: the picture has its words, and the figure around it has none
    figures = tagged(pdf, "/Figure")
    assert len(figures) > 1
    assert all(str(figure.get("/Alt", "")).strip() for figure in figures)


def test_each_header_of_a_table_says_what_it_heads(pdf):
    heads = tagged(pdf, "/TH")
    assert heads
    for head in heads:
        scopes = {str(own["/Scope"]) for own in head["/A"] if "/Scope" in own}
        assert scopes and scopes <= {"/Row", "/Column"}


def test_each_link_on_paper_is_tagged_as_one(pdf):
    links = [
        note.get_object()
        for page in pdf.pages
        for note in page.get("/Annots") or []
        if note.get_object().get("/Subtype") == "/Link"
    ]
    assert links
    assert all("/StructParent" in link for link in links)


def test_each_letter_can_be_read_out_and_its_typeface_is_in_the_file(pdf):
    fonts = {
        id(font.get_object()): font.get_object()
        for page in pdf.pages
        for font in (page["/Resources"].get("/Font") or {}).values()
    }
    assert fonts
    for font in fonts.values():
        assert "/ToUnicode" in font
        if font["/Subtype"] == "/Type0":  # a drawn one (Type 3) is in the file by its nature
            described = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
            assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(described)
