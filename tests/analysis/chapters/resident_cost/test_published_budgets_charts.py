"""The charts of the published budgets draw what the tables say, in both languages, and no text is
cut off.
"""

import pandas as pd
import pytest
from matplotlib.colors import to_rgba

from analysis.chapters.resident_cost import formulas as rc
from analysis.chapters.resident_cost import published_budgets as pb
from analysis.chapters.resident_cost import published_budgets_charts as charts
from tests.analysis.seen import draw_all, facts, written

LANGUAGES = ("ja", "en")
WANTED = {
    "plot_published_budgets": ("costs", "readings", "items"),
    "plot_budget_parts": ("parts",),
    "plot_ward_slope": ("slope", "envelope"),
    "plot_budget_readings": ("readings",),
}


@pytest.fixture(scope="module")
def tables():
    budgets, items = facts("observed_ict_budgets"), facts("observed_ict_items")
    indicators, points = facts("municipality_indicators"), facts("ward_cost_points")
    by_municipality = rc.residents_on(facts("municipalities"), indicators, "2020-01-01")
    wards = rc.taking_part(by_municipality, facts("participants"), "tokyo23", "all")
    people = wards["residents"].sum()
    rivals = rc.baselines(facts("published_figures"), people, people, "implied")
    costs = pb.item_costs(budgets, items, indicators)
    return {
        "items": items,
        "costs": costs,
        "parts": pb.budget_parts(budgets, costs),
        "slope": pb.ward_slope(costs, wards["code"]),
        "readings": pb.budget_readings(costs, points, facts("ict_cost_survey"), rivals, wards),
        "envelope": pd.DataFrame({"quantity": ["scale_elasticity"], "low": [0.946], "high": 1.29}),
    }


@pytest.fixture(scope="module")
def figures(tables):
    return draw_all(charts, WANTED, tables)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("chart", WANTED)
def test_no_text_reaches_beyond_the_picture(figures, chart, lang):
    figure = figures[chart, lang]
    width, height = figure.canvas.get_width_height()
    axes = figure.axes[0]
    texts = [*written(axes), *(text for legend in figure.legends for text in legend.get_texts())]
    boxes = {text.get_text(): text.get_window_extent() for text in texts if text.get_text()}
    outside = [
        text
        for text, box in boxes.items()
        if box.x0 < -1 or box.y0 < -1 or box.x1 > width + 1 or box.y1 > height + 1
    ]
    assert outside == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_names_at_the_lines_do_not_cover_each_other(figures, lang):
    texts = figures["plot_published_budgets", lang].axes[0].texts
    boxes = [text.get_window_extent() for text in texts]
    assert len(boxes) == 3 + 2
    assert not any(
        one.overlaps(other) for place, one in enumerate(boxes) for other in boxes[place + 1 :]
    )


def test_each_line_holds_its_own_municipality_s_years(figures, tables):
    axes = figures["plot_published_budgets", "en"].axes[0]
    drawn = [line for line in axes.lines if len(line.get_xdata()) > 2]
    wanted = [own["fiscal_year"].tolist() for _, own in tables["costs"].groupby("code", sort=False)]
    assert [list(line.get_xdata()) for line in drawn] == wanted


def test_the_parts_of_a_bar_fill_it(figures):
    bars = figures["plot_budget_parts", "en"].axes[0].patches
    ends = {}
    for bar in bars:
        ends[bar.get_y()] = max(ends.get(bar.get_y(), 0), bar.get_x() + bar.get_width())
    assert list(ends.values()) == pytest.approx([100.0] * 5)


def test_parts_differ_in_colour():
    # tempting: the colour of another municipality's part of about the same meaning
    assert len(set(charts.PARTS.values())) == len(charts.PARTS)


def test_only_totals_that_somebody_states_have_the_colour_of_a_claim(figures, tables):
    bars = figures["plot_budget_readings", "en"].axes[0].patches
    claims = [
        bar.get_width() for bar in bars if bar.get_facecolor() == to_rgba(charts.COLOURS["claim"])
    ]
    stated = tables["readings"].set_index("reading")["cost_per_resident_jpy"]
    assert claims == pytest.approx([stated["implied"], stated["mayors_2020"]])
