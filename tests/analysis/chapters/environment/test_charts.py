"""The charts of chapter 1, drawn from the real tables in both languages."""

from itertools import combinations

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from analysis.chapters.environment import charts
from analysis.chapters.environment import formulas as environment
from analysis.theme import FONT_POINTS
from tests.analysis.seen import draw_all, written_anywhere
from tests.analysis.seen import facts as table
from workbook.words.labels import chart_words

CHARTS = {
    "plot_residents": ("trend", "path"),
    "plot_pressures": ("pressures", "groups", "municipalities"),
    "plot_staffing": ("staff", "groups"),
    "plot_ward_map": ("map",),
    "plot_expenditure_path": ("spending",),
    "plot_initiatives": ("items",),
}


@pytest.fixture(scope="module")
def tables():
    municipalities, indicators = table("municipalities"), table("municipality_indicators")
    span = (municipalities, indicators, 2016, 2022)
    by_municipality, groups = (
        environment.municipal_indicators(*span),
        environment.group_indicators(*span),
    )
    positions = environment.ward_positions(by_municipality, groups)
    return {
        "path": environment.residents_path(*span),
        "trend": environment.residents_trend(
            municipalities, indicators, table("tile_layout")[:23], 2016, 2022
        ),
        "municipalities": by_municipality,
        "groups": groups,
        "pressures": environment.pressures(positions),
        "spending": environment.expenditure_path(municipalities, indicators),
        "staff": environment.staff_per_1000(municipalities, indicators),
        "map": environment.ward_map(
            positions, table("tile_layout")[:23], "expenditure_per_resident_jpy"
        ),
        "positions": positions,
        "items": environment.initiatives(table("digital_initiatives"), table("events_since_2022")),
    }


@pytest.fixture(scope="module")
def drawn(tables):
    return draw_all(charts, CHARTS, tables)


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("chart", CHARTS)
def test_no_text_is_clipped_small_or_written_over_another(drawn, chart, lang):
    figure = drawn[chart, lang]
    texts = written_anywhere(figure)
    boxes = [text.get_window_extent() for text in texts]
    width, height = figure.bbox.width, figure.bbox.height
    inside = [
        min(box.x0, box.y0) >= -1 and box.x1 <= width + 1 and box.y1 <= height + 1 for box in boxes
    ]
    assert not [text.get_text() for text, fits in zip(texts, inside, strict=True) if not fits]
    assert min(text.get_fontsize() for text in texts) >= FONT_POINTS
    inner = [box.shrunk(0.96, 0.8) for box in boxes]  # a box is a little larger than its letters
    pairs = combinations(zip(texts, inner, strict=True), 2)
    assert not [
        (text.get_text(), other.get_text())
        for (text, box), (other, beside) in pairs
        if box.overlaps(beside)
    ]


def test_residents_are_in_the_order_of_the_last_year_and_not_of_the_trend(drawn, tables):
    axes = drawn["plot_residents", "en"].axes[0]
    names = [label.get_text() for label in axes.get_yticklabels()]
    # tempting: by the trend, in which Chiyoda is second though it lost residents in the last year
    assert (names[0], names[-1], names.index("Chiyoda")) == ("Chuo", "Toshima", 6)
    usual, last = (line.get_xdata() for line in axes.lines)
    assert list(last) == sorted(last, reverse=True)
    toshima = tables["trend"].set_index("code").loc["131164"]
    assert (last[-1], usual[-1]) == pytest.approx(
        (100 * toshima["last_change_share"], 100 * toshima["trend_share"])
    )
    assert "−1.4%" in {text.get_text() for text in axes.texts}


def test_pressures_say_where_there_is_no_figure(drawn):
    texts = [text.get_text() for text in written_anywhere(drawn["plot_pressures", "en"])]
    assert (
        "Hard-to-hire specialists: no ward figures" in texts
        and "Fiscal uncertainty (proxies only)" in texts
    )


def test_each_pressure_has_one_strip_with_the_outermost_of_the_group_named(drawn):
    figure = drawn["plot_pressures", "en"]
    titles = [axes.get_title("left") for axes in figure.axes if axes.get_title("left")]
    assert len(titles) == 3 and titles[0] == "Residents, change a year"
    # tempting: the outermost dot of all groups, a city that the reader does not look for
    assert "Chuo" in {text.get_text() for text in figure.axes[1].texts}


def test_staffing_lists_the_wards_from_most_to_least_and_writes_pooled_figures_below(drawn):
    texts = [text.get_text() for text in written_anywhere(drawn["plot_staffing", "en"])]
    assert "5.8" in texts and "6.5" not in texts  # tempting: the plain mean of the wards
    labels = [label.get_text() for label in drawn["plot_staffing", "en"].axes[0].get_yticklabels()]
    assert (
        labels[0] == "Chiyoda"
        and labels[22] == "Koto"
        and labels[23:] == ["Wards", "Tama", "Designated"]
    )
    assert drawn["plot_staffing", "en"].axes[0].get_xlim()[0] == 0


def test_timeline_breaks_no_word_and_begins_no_line_with_a_closing_mark(drawn):
    lines = [
        line
        for text in written_anywhere(drawn["plot_initiatives", "ja"])
        for line in text.get_text().split("\n")
    ]
    assert not [line for line in lines if line[0] in "、。：）」・ァィゥェォッャュョー"]
    assert sum("GovTech東京" in line for line in lines) == 3


@pytest.mark.parametrize("indicator", environment.INDICATORS)
def test_any_indicator_can_be_mapped_with_its_figure_inside_every_tile(tables, indicator):
    wards = environment.ward_map(tables["positions"], table("tile_layout")[:23], indicator)
    figure = charts.plot_ward_map(wards, chart_words("environment.charts", "ja"))
    FigureCanvasAgg(figure).draw()
    width = next(patch for patch in figure.axes[0].patches).get_window_extent().width
    assert len(figure.axes[0].patches) == 23
    assert max(text.get_window_extent().width for text in figure.axes[0].texts[:-1]) <= width
