"""Letters keep their place when a page sets them smaller than they were measured."""

import re

from analysis.theme import label_line, name_rows, new_figure
from workbook.exhibits.pictures import svg_of


def texts_of(svg):
    """Each text of a picture with its attributes."""
    found = re.findall(r"<text ([^>]*)>([^<]*)<", svg)
    return {text: dict(re.findall(r'([a-z]+)="([^"]*)"', written)) for written, text in found}


def test_the_lines_of_a_name_share_its_edge_and_are_counted_in_letters_from_it():
    figure, axes = new_figure()
    name_rows(axes, ["Local joint\ncorporation", "Company"])
    texts = texts_of(svg_of(figure))
    upper, lower, other = texts["Local joint"], texts["corporation"], texts["Company"]
    # tempting: the corners that were measured, which part as soon as the letters are smaller
    assert upper["x"] == lower["x"] == other["x"] and upper["y"] == lower["y"]
    assert all("text-anchor: end" in line["style"] for line in (upper, lower, other))
    up, down = (float(line["dy"].removesuffix("em")) for line in (upper, lower))
    assert up < 0 < down and 1 < down - up < 1.4


def test_a_name_in_the_middle_of_its_row_hangs_by_a_third_of_its_letters():
    figure, axes = new_figure()
    axes.text(0.5, 0.5, "x", va="center")
    assert 0.25 < float(texts_of(svg_of(figure))["x"]["dy"].removesuffix("em")) < 0.45


def test_what_stands_behind_a_label_is_a_halo_and_no_bar():
    figure, axes = new_figure()
    plain = svg_of(figure).count("<path")
    figure, axes = new_figure()
    label_line(axes, 0.5, 0.5, "pooled")
    svg = svg_of(figure)
    # tempting: a rectangle, which a page with smaller letters shows longer than the word
    assert svg.count("<path") == plain
    assert "paint-order: stroke; stroke: #ffffff" in texts_of(svg)["pooled"]["style"]


def test_a_turned_text_stays_as_it_was_measured():
    figure, axes = new_figure()
    axes.text(0.5, 0.5, "up", rotation=90)
    assert "rotate(-90)" in texts_of(svg_of(figure))["up"]["transform"]
