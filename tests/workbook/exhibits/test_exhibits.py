"""What an exhibit is made of: the same bytes each time, no glyph missing, labels for what a table
holds as codes.
"""

import matplotlib_fontja  # noqa: F401  its letters are Japanese, too
import pandas as pd
import pytest
from matplotlib.figure import Figure

from workbook.exhibits import pictures as exhibits
from workbook.groups import NoGroups
from workbook.tables.contracts import Contract

BOTH = {"ja": "高い", "en": "high"}


def test_a_figure_is_the_same_bytes_each_time_and_keeps_its_text():
    def figure():
        picture = Figure()
        picture.subplots().set_xlabel("区民")
        return picture

    assert exhibits.svg_of(figure()) == exhibits.svg_of(figure())
    assert "区民" in exhibits.svg_of(figure()) and exhibits.svg_of(figure()).startswith("<svg")


def test_a_table_carries_labels_for_its_codes_terms_and_yes_or_no():
    fields = [
        {"name": "code", "type": "string", "unit": "text", "title": BOTH},
        {"name": "field", "type": "string", "unit": "text", "title": BOTH},
        {"name": "late", "type": "boolean", "unit": "yes/no", "title": BOTH},
        {"name": "x", "type": "number", "unit": "share", "title": BOTH, "nullable": True},
    ]
    contract = Contract.of_result(
        {
            "name": "t",
            "title": BOTH,
            "description": "",
            "how": "model",
            "from": [],
            "key": ["code"],
            "fields": fields,
        }
    )
    frame = pd.DataFrame(
        {"code": ["209031"], "field": ["mill_field"], "late": [True], "x": [float("nan")]}
    )
    payload = exhibits.table_payload(
        contract, frame, {"209031": {"ja": "川村", "en": "Brookham"}}, NoGroups.whole
    )
    labels = [column["labels"] for column in payload["columns"]]
    assert labels[0] == {"209031": {"ja": "川村", "en": "Brookham"}}
    assert labels[1]["mill_field"]["ja"] == "水車の畑" and labels[2]["True"]["en"] == "yes"
    assert payload["rows"] == [["209031", "mill_field", True, None]]


def test_a_glyph_that_the_font_lacks_is_a_fault_not_a_box():
    picture = Figure()
    picture.subplots().set_xlabel("\N{GRINNING FACE}")
    with pytest.raises(UserWarning, match="missing from font"):
        exhibits.svg_of(picture)


def test_clipping_areas_are_named_by_their_order_so_that_a_last_digit_of_the_layout_renames_none():
    svg = (
        '<path clip-path="url(#p{0})"/><use clip-path="url(#p{1})"/><path'
        ' clip-path="url(#p{0})"/><clipPath id="p{1}"/><clipPath id="p{0}"/>'
    )
    once, again = (
        exhibits._numbered_clips(svg.format(*names))
        for names in (("815ee75399", "565ff607a7"), ("29aba6aad7", "61b44924ba"))
    )
    assert once == again
    # tempting: one name for all, which would clip every panel by the last one's area
    assert once.count("clip1)") == 2 and once.count("clip2)") == 1 and once.count('id="clip') == 2


def test_a_drawn_chart_names_its_clipping_areas_by_order():
    figure = Figure()
    for axes in figure.subplots(2):
        axes.plot([0, 1])
    svg = exhibits.svg_of(figure)
    assert 'id="clip1"' in svg and 'id="clip2"' in svg and "url(#clip1)" in svg
