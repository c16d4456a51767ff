"""The charts of standardisation, drawn from the real tables in both languages."""

from itertools import combinations

import pytest

from analysis.chapters.environment import standardisation
from analysis.chapters.environment import standardisation_charts as charts
from tests.analysis.seen import draw_all, written
from tests.analysis.seen import facts as table

CHARTS = {
    "plot_late_systems": ("lateness", "late"),
    "plot_likeness": ("tree", "late"),
    "plot_national_delay": ("national",),
}


@pytest.fixture(scope="module")
def tables():
    delays = table("ward_standardisation_delays")
    lateness = standardisation.ward_lateness(delays, table("ward_standardisation_progress"))
    return {
        "late": standardisation.late_systems(delays),
        "lateness": lateness,
        "tree": standardisation.likeness_tree(delays),
        "national": standardisation.national_delay(table("standardisation_delay"), lateness),
    }


@pytest.fixture(scope="module")
def drawn(tables):
    return draw_all(charts, CHARTS, tables)


def written_on(figure):
    (axes,) = figure.axes
    return written(axes)


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("chart", CHARTS)
def test_no_text_is_clipped_or_written_over_another(drawn, chart, lang):
    figure = drawn[chart, lang]
    boxes = [(text.get_text(), text.get_window_extent()) for text in written_on(figure)]
    assert not [
        text
        for text, box in boxes
        if min(box.x0, box.y0) < -1
        or box.x1 > figure.bbox.width + 1
        or box.y1 > figure.bbox.height + 1
    ]
    inner = [(text, box.shrunk(0.96, 0.8)) for text, box in boxes]
    assert not [
        (text, other)
        for (text, box), (other, beside) in combinations(inner, 2)
        if box.overlaps(beside)
    ]


def test_margins_of_the_late_systems_sum_to_the_same_total(drawn, tables):
    numbers = [
        int(text.get_text())
        for text in written_on(drawn["plot_late_systems", "ja"])
        if text.get_text().isdigit()
    ]
    assert sum(numbers) == 2 * tables["lateness"]["late_businesses"].sum()
    assert len(numbers) == 23 + 19  # the two metropolitan taxes are not drawn


def test_the_tree_has_a_branch_for_each_join_and_the_wards_of_the_grid(drawn, tables):
    axes = drawn["plot_likeness", "en"].axes[0]
    assert len(axes.lines) == 22
    order = tables["late"].drop_duplicates("code").sort_values("ward_position")["code"]
    names = table("municipalities").set_index("code")["name_en"]
    assert [label.get_text() for label in axes.get_yticklabels()] == names[order].tolist()


def test_wards_stand_apart_from_the_nation(drawn):
    texts = [text.get_text() for text in drawn["plot_national_delay", "en"].axes[0].texts]
    assert "wards: 22 of 23 (96%)" in texts and "52%" in texts
