"""A chart inside the page keeps its text, loses what leaks, and never shares an id with another
chart.
"""

from __future__ import annotations

import re

import pytest

from workbook.report import ReportFault
from workbook.report.svg import embedded_svg

FRAME = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0'
    ' 0 10 10">{}</svg>'
)


def embedded(inside, anchor="exhibit-a", lang="ja"):
    return embedded_svg(FRAME.format(inside), anchor, "words", lang)


def test_every_id_and_every_use_of_it_carries_the_exhibit_s_anchor(made_up):
    svg = embedded_svg(made_up.chart("ja"), "exhibit-costs", "words", "ja")
    ids = set(re.findall(r'\bid="([^"]+)"', svg))
    used = set(re.findall(r'url\(#([^)]+)\)|href="#([^"]+)"', svg))
    assert ids and all(name.startswith("exhibit-costs-") for name in ids)
    assert {a or b for a, b in used} <= ids


def test_two_copies_of_one_chart_share_no_id(made_up):
    # the tempting way: matplotlib's salted ids are unique within a chart only; the same clip path
    # comes back in the next
    first, second = (
        set(re.findall(r'\bid="([^"]+)"', embedded_svg(made_up.chart("ja"), anchor, "words", "ja")))
        for anchor in ("exhibit-a", "exhibit-b")
    )
    assert not first & second


def test_the_style_sheet_goes_and_its_effect_stays(made_up):
    svg = embedded_svg(made_up.chart("en"), "exhibit-costs", "words", "en")
    assert "<style" not in svg and "<metadata" not in svg
    assert 'stroke-linejoin="round"' in svg and 'stroke-linecap="butt"' in svg


def test_size_comes_from_the_view_box_alone(made_up):
    opening = re.match(
        r"<svg[^>]*>", embedded_svg(made_up.chart("ja"), "exhibit-costs", "words", "ja")
    )[0]
    assert "viewBox=" in opening and "pt" not in opening
    assert not re.search(r"\s(width|height)=", opening)


def test_text_is_set_in_the_page_s_own_typeface():
    plain = "font-size: 11.5px; font-family: 'IPAexGothic', 'DejaVu Sans'; text-anchor: middle"
    svg = embedded(f'<text style="{plain}">区</text>')
    assert 'style="--size:11.5px"' in svg and '<text style="text-anchor:middle">区' in svg
    svg = embedded("<text style=\"font: 11.5px 'IPAexGothic', sans-serif\">区</text>")
    assert "IPAexGothic" not in svg and "font: 11.5px 'Workbook Gothic'" in svg.replace(":", ": ")


def test_a_text_of_another_size_keeps_its_part_of_the_most_common_one():
    texts = "".join(f'<text style="font-size: {size}px">a</text>' for size in (10, 10, 15))
    svg = embedded(texts)
    assert "--size:10px" in svg and svg.count("font-size") == 1 and "font-size:1.5em" in svg


def test_neighbours_say_once_what_they_share_and_look_as_before():
    like = '<path d="M 1.04 2 L 3 4.06 z" clip-path="url(#c)" style="fill: #fff"/>'
    svg = embedded(f'<defs><clipPath id="c"><path d="M 0 0 z"/></clipPath></defs>{like * 3}')
    assert svg.count("#fff") == 1 and svg.count('<path d="M1 2 3 4.1z"') == 3
    assert '<g style="fill:#fff" clip-path="url(#exhibit-a-1)">' in svg
    # the tempting wrong one: a group of half-transparent shapes would be paler where they overlap
    assert embedded('<path d="M 0 0 z" style="opacity: 0.5"/>' * 3).count("opacity") == 3
    # nor is what a moved shape is cut by the same place for all
    moved = '<path d="M 0 0 z" transform="translate({} 0)" clip-path="url(#c)"/>'
    assert embedded("".join(moved.format(x) for x in (1, 2, 3))).count("clip-path=") == 3


def test_a_stretched_shape_keeps_every_digit_of_its_factor():
    path = '<path d="M 0 0 z" transform="scale(0.015625)"/>'
    assert "scale(0.015625)" in embedded(path)


def test_japanese_left_in_an_english_chart_is_marked():
    assert '<text lang="ja">渋谷</text>' in embedded("<text>渋谷</text>", lang="en")
    assert "lang" not in embedded("<text>渋谷</text>", lang="ja")


def test_words_for_the_picture_are_escaped():
    svg = embedded_svg(FRAME.format(""), "exhibit-a", 'more than "half" <of it>', "en")
    assert 'aria-label="more than &quot;half&quot; &lt;of it' in svg and 'role="img"' in svg


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        "<foreignObject/>",
        '<a href="https://example.org/"/>',
        '<g onclick="alert(1)"/>',
        '<image xlink:href="https://example.org/x.png"/>',
        '<use href="other.svg#a"/>',
        '<path style="fill: url(https://example.org/#a)"/>',
        '<path fill="URL( https://example.org/#a )"/>',
        "<path style=\"fill: url('//example.org/#a')\"/>",
    ],
)
def test_what_acts_or_fetches_is_refused(inside):
    with pytest.raises(ReportFault, match="exhibit-a: the picture holds"):
        embedded(inside)


def test_a_picture_without_view_box_or_that_is_no_picture_is_refused():
    with pytest.raises(ReportFault, match="viewBox"):
        embedded_svg('<svg xmlns="http://www.w3.org/2000/svg"/>', "exhibit-a", "words", "ja")
    with pytest.raises(ReportFault, match="not an SVG picture"):
        embedded_svg("<svg", "exhibit-a", "words", "ja")


def test_a_raster_inside_a_chart_stays_as_data():
    assert 'href="data:image/png;base64,aGk="' in embedded(
        '<image xlink:href="data:image/png;base64,\naGk="/>'
    )
