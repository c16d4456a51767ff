"""The embedded typeface covers the page and is the same bytes for the same characters."""

from __future__ import annotations

import base64
import io
import re

from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from workbook.report.font import font_face, require_glyphs


def embedded_font(css):
    return TTFont(io.BytesIO(base64.b64decode(re.search(r"base64,([^\"]+)", css)[1])))


def test_exactly_the_characters_of_the_text_are_embedded():
    text = "谷の費用は1,660億円 (50%)"
    with embedded_font(font_face(text)) as font:
        assert set(font.getBestCmap()) == {ord(character) for character in text}


def test_the_order_and_number_of_characters_do_not_matter():
    assert font_face("区費用用") == font_face("用区費")


def test_the_font_keeps_its_licence():
    with embedded_font(font_face("区")) as font:
        assert "opensource.org/licenses/IPA" in font["name"].getDebugName(13)


def test_what_has_no_glyph_by_nature_is_no_fault():
    require_glyphs("葛\U000e0100飾区\n\t\u200b")


@given(st.text(alphabet=st.characters(min_codepoint=0x20, max_codepoint=0x7E)))
def test_every_printable_ascii_text_is_covered(text):
    require_glyphs(text)
