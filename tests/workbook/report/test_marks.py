"""A mark of a picture says whose it is, so that a page can set the chosen member's off."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from matplotlib.figure import Figure

from workbook.exhibits.pictures import svg_of
from workbook.report.svg import embedded_svg
from workbook.words.chart_words import Words


def test_each_member_has_its_own_mark_and_nothing_else_has_one():
    figure, words = Figure(), Words("en", {})
    axes = figure.subplots()
    for place, code in enumerate(["209014", "209022"]):
        axes.plot(place, 0, "o", gid=words.mark_of(code))
    axes.plot([0, 1], [1, 1], "o")
    root = ET.fromstring(embedded_svg(svg_of(figure), "x", "dots", "en"))
    marked = [part for part in root.iter() if part.get("data-member")]
    assert [part.get("data-member") for part in marked] == ["209014", "209022"]
    # tempting: both dots in one group, which would set both off
    uses = [[one for one in part.iter() if one.tag.endswith("}use")] for part in marked]
    assert [len(found) for found in uses] == [1, 1]
    assert not any(part.get("id", "").startswith("member-") for part in root.iter())
