"""Exhibits and prose: nothing without both languages, no claim without its condition, no number without its value."""

import pandas as pd
import pytest
from matplotlib.figure import Figure

from analysis.charts.theme import new_figure
from analysis.notebook import exhibits
from analysis.notebook.contracts import Contract

BOTH = {"ja": "高い", "en": "high"}


@pytest.mark.parametrize("texts", [None, {"ja": "高い"}, {"ja": "高い", "en": "  "}])
def test_a_text_missing_in_one_language_is_refused_by_name(texts):
    with pytest.raises(ValueError, match="alt: no text in"):
        exhibits.require_texts("alt", texts)


def test_a_claim_needs_its_condition_and_its_neutral_wording():
    with pytest.raises(ValueError, match="needs `holds` and `otherwise`"):
        exhibits.claimed("title", BOTH, True, None, False)
    with pytest.raises(ValueError, match="needs `holds` and `otherwise`"):
        exhibits.claimed("title", BOTH, None, BOTH, False)
    with pytest.raises(ValueError, match="descriptive"):
        exhibits.claimed("title", BOTH, True, BOTH, True)


def test_a_blank_neutral_wording_is_refused_even_while_the_claim_holds():
    with pytest.raises(ValueError, match="otherwise"):
        exhibits.claimed("title", BOTH, True, {"ja": "", "en": ""}, False)


def test_values_are_written_as_each_language_writes_them():
    texts = {"ja": "{saving}、{ward}、{range}", "en": "{saving}, {ward}, {range}"}
    values = {"saving": (166e9, "JPY"), "ward": ("131130", "code"), "range": (0.1, 0.2, "share")}
    names = {"131130": {"ja": "渋谷区", "en": "Shibuya"}}
    assert exhibits.filled(texts, values, names) == {"ja": "1,660億円、渋谷区、10%～20%", "en": "166 billion yen, Shibuya, 10% to 20%"}


def test_a_number_that_no_value_is_given_for_is_named():
    with pytest.raises(ValueError, match="no value for saving"):
        exhibits.filled({"ja": "{saving}", "en": "{saving}"}, {"other": (1, "JPY")}, {})


def test_a_figure_is_the_same_bytes_each_time_and_keeps_its_text():
    def figure():
        picture, axes = new_figure()
        axes.set_xlabel("区民")
        return picture

    assert exhibits.svg_of(figure()) == exhibits.svg_of(figure())
    assert "区民" in exhibits.svg_of(figure()) and exhibits.svg_of(figure()).startswith("<svg")


def test_a_table_carries_labels_for_its_codes_terms_and_yes_or_no():
    fields = [{"name": "code", "type": "string", "unit": "text", "title": BOTH}, {"name": "system_group", "type": "string", "unit": "text", "title": BOTH},
              {"name": "late", "type": "boolean", "unit": "yes/no", "title": BOTH}, {"name": "x", "type": "number", "unit": "share", "title": BOTH, "nullable": True}]
    contract = Contract.of_result({"name": "t", "title": BOTH, "description": "", "how": "model", "from": [], "key": ["code"], "fields": fields})
    frame = pd.DataFrame({"code": ["131130"], "system_group": ["core"], "late": [True], "x": [float("nan")]})
    payload = exhibits.table_payload(contract, frame, {"131130": {"ja": "渋谷区", "en": "Shibuya"}})
    labels = [column["labels"] for column in payload["columns"]]
    assert labels[0] == {"131130": {"ja": "渋谷区", "en": "Shibuya"}}
    assert labels[1]["core"]["ja"] == "基幹系" and labels[2]["True"]["en"] == "yes"
    assert payload["rows"] == [["131130", "core", True, None]]


def test_a_tables_text_is_escaped_for_the_notebooks_reader():
    payload = {"columns": [{"title": BOTH, "unit": "text", "labels": {}}], "rows": [["<script>alert(1)</script>"]]}
    assert "<script>" not in exhibits.html_table(payload, "en")


def test_a_glyph_that_the_font_lacks_is_a_fault_not_a_box():
    picture, axes = new_figure()
    axes.set_xlabel("\N{GRINNING FACE}")
    with pytest.raises(UserWarning, match="missing from font"):
        exhibits.svg_of(picture)


def test_clipping_areas_are_named_by_their_order_so_that_a_last_digit_of_the_layout_renames_none():
    svg = '<path clip-path="url(#p{0})"/><use clip-path="url(#p{1})"/><path clip-path="url(#p{0})"/><clipPath id="p{1}"/><clipPath id="p{0}"/>'
    once, again = (exhibits._numbered_clips(svg.format(*names)) for names in (("815ee75399", "565ff607a7"), ("29aba6aad7", "61b44924ba")))
    assert once == again
    # tempting: one name for all, which would clip every panel by the last one's area
    assert once.count("clip1)") == 2 and once.count("clip2)") == 1 and once.count('id="clip') == 2


def test_a_drawn_chart_names_its_clipping_areas_by_order():
    figure = Figure()
    for axes in figure.subplots(2):
        axes.plot([0, 1])
    svg = exhibits.svg_of(figure)
    assert 'id="clip1"' in svg and 'id="clip2"' in svg and 'url(#clip1)' in svg
