"""Chapter 2's charts: what they draw, that nothing is clipped or covered, and that both languages
say the same.
"""

from itertools import combinations
from pathlib import Path

import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from analysis.chapters.resident_cost import charts
from analysis.chapters.resident_cost import formulas as rc
from analysis.chapters.resident_cost import ward_model as wm
from workbook.words.labels import chart_words

DATA = Path(__file__).parents[4] / "data"
LANGUAGES = ("ja", "en")


def facts(name):
    return pd.read_csv(DATA / f"{name}.csv", dtype={"code": "str"})


def chapter_tables(chosen, own=None):
    """The chapter's tables on the published figures, as its exhibits read them."""
    municipalities, indicators, named = (
        facts(n) for n in ("municipalities", "municipality_indicators", "participants")
    )
    by_municipality, surveyed = (
        rc.residents_on(municipalities, indicators, date) for date in ("2020-01-01", rc.SURVEY_DATE)
    )
    wards, sizes = (
        rc.taking_part(by_municipality, named, "tokyo23", "all"),
        facts("municipality_size_distribution_2017"),
    )
    residents = wards["residents"].sum()
    rivals = rc.baselines(facts("published_figures"), residents, residents, chosen, own)
    moments = rc.survey_moments(facts("ict_cost_survey"), sizes)
    comparison = rc.ward_comparison(moments, surveyed, rivals, 1.0)
    fits = rc.national_fits(moments, sizes, surveyed, rivals, 1.0)
    envelope = rc.scale_envelope(rc.fits_table(fits, surveyed))
    draws = rc.ward_cost_draws(
        wards, 66.4e9, envelope, 0.25, facts("input_register"), 8, "triangular"
    )
    return {
        "plot_national_curve": (
            rc.curve_table(fits, surveyed),
            rc.moments_table(fits, moments),
            comparison,
        ),
        "plot_scope_bridge": (rc.scope_bridge(comparison), comparison),
        "plot_ward_costs": (with_rivals(wards, draws, envelope), comparison),
        "plot_power": (rc.power(by_municipality, named, 0.25), envelope),
    }


def with_rivals(wards, draws, envelope):
    """The table of ward costs, one item of it published."""
    sizes = wm.driver_sizes(
        wards, *(facts(n) for n in ("municipalities", "municipality_indicators", "group_drivers"))
    )
    weights = facts("cost_shares").set_index("system_group")["central"]
    priors, register = facts("ward_cost_priors"), facts("input_register")
    model = wm.WardModel(wards, sizes, weights, priors, envelope, 0.25, register, "triangular")
    books = pd.DataFrame({"place": [8], "code": ["131091"], "amount_jpy": [2_294_892_000.0]})
    return wm.with_rivals(rc.ward_costs(wards, draws), wards, draws, model.rivals(), 66.4e9, books)


@pytest.fixture(scope="module")
def tables():
    return chapter_tables("implied")


@pytest.fixture(scope="module")
def tables_with_own():
    return chapter_tables("own", 5e11)


def words(lang):
    names = {
        code: {"ja": ja, "en": en}
        for code, ja, en in facts("municipalities")[["code", "name_ja", "name_en"]].values
    }
    return chart_words("resident_cost.charts", lang, names)


def draw(tables, name, lang="en"):
    figure = getattr(charts, name)(*tables[name], words(lang))
    FigureCanvasAgg(figure).draw()
    return figure


def boxes(figure):
    """The place of every visible text, in pixels of the canvas."""
    axes = figure.axes[0]
    (left, right), (bottom, top) = axes.get_xlim(), sorted(axes.get_ylim())
    ticks = [
        *(tick for tick in axes.get_xticklabels() if left <= tick.get_position()[0] <= right),
        *(tick for tick in axes.get_yticklabels() if bottom <= tick.get_position()[1] <= top),
    ]
    texts = [*axes.texts, axes.xaxis.label, *ticks]
    shown = [text for text in texts if text.get_visible() and text.get_text().strip()]
    return {(place, text.get_text()): text.get_window_extent() for place, text in enumerate(shown)}


CHARTS = ("plot_national_curve", "plot_scope_bridge", "plot_ward_costs", "plot_power")


def faults_of(figure):
    """Texts that reach beyond the canvas, and pairs of texts that cover each other."""
    width, height = figure.canvas.get_width_height()
    placed = boxes(figure)
    outside = [
        key
        for key, box in placed.items()
        if box.x0 < -1 or box.y0 < -1 or box.x1 > width + 1 or box.y1 > height + 1
    ]
    covered = [
        (one, other)
        for one, other in combinations(placed, 2)
        if placed[one].padded(-1).overlaps(placed[other].padded(-1))
    ]
    return outside + covered


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", CHARTS)
def test_no_text_is_clipped_or_covered_by_another(tables, name, lang):
    assert faults_of(draw(tables, name, lang)) == []


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ["plot_national_curve", "plot_scope_bridge"])
def test_a_third_total_finds_room_too(tables_with_own, name, lang):
    assert faults_of(draw(tables_with_own, name, lang)) == []


@pytest.mark.parametrize("name", ["plot_national_curve", "plot_scope_bridge"])
def test_a_third_total_gets_its_own_stroke(tables_with_own, name):
    axes = draw(tables_with_own, name).axes[0]
    claims = [line for line in axes.lines if line.get_color() == charts.COLOURS["claim"]]
    assert {line.get_linestyle() for line in claims} == {"-", "--", ":"}


def test_the_fan_reaches_from_the_lowest_to_the_highest_form(tables):
    curve = tables["plot_national_curve"][0]
    at = curve["residents"].max()
    fan = draw(tables, "plot_national_curve").axes[0].collections[0].get_paths()[0].vertices
    last = fan[fan[:, 0] == at][:, 1]
    there = curve.loc[curve["residents"] == at, "cost_per_resident_jpy"]
    assert [last.min(), last.max()] == pytest.approx([there.min(), there.max()])


def test_published_means_are_drawn_over_their_own_class(tables):
    steps = [
        line
        for line in draw(tables, "plot_national_curve").axes[0].lines
        if line.get_linewidth() > 3
    ]
    drawn = {tuple(line.get_xdata()): line.get_ydata()[0] for line in steps}
    assert drawn[1e5, 2e5] == 3096
    assert len(drawn) == 3


def test_lines_of_the_bridge_meet_where_the_table_says(tables):
    bridge = tables["plot_scope_bridge"][0]
    level = bridge[bridge["point"] == "level"].set_index("baseline")
    dots = [
        line for line in draw(tables, "plot_scope_bridge").axes[0].lines if line.get_marker() == "o"
    ]
    assert sorted(dot.get_xdata()[0] for dot in dots) == pytest.approx(
        sorted(100 * level["in_scope_share"])
    )
    assert [dot.get_ydata()[0] for dot in dots] == pytest.approx(
        level["other_cost_per_resident_jpy"].tolist()
    )


def test_modelled_bars_are_hatched_and_their_axis_starts_at_zero(tables):
    axes = draw(tables, "plot_ward_costs").axes[0]
    assert len(axes.patches) == 23
    assert all(bar.get_hatch() for bar in axes.patches)
    assert axes.get_xlim()[0] == 0


def test_a_bar_reaches_from_p10_to_p90(tables):
    costs = tables["plot_ward_costs"][0].sort_values("residents", ascending=False)
    bars = draw(tables, "plot_ward_costs").axes[0].patches
    assert [bar.get_x() for bar in bars] == pytest.approx(
        costs["cost_per_resident_p10_jpy"].tolist()
    )
    assert [bar.get_x() + bar.get_width() for bar in bars] == pytest.approx(
        costs["cost_per_resident_p90_jpy"].tolist()
    )


def test_wards_stand_by_size_and_not_by_cost(tables):
    # tempting: in order of cost, which reads as a ranking of wards although drivers disagree on it
    costs, comparison = tables["plot_ward_costs"]
    shuffled = {"plot_ward_costs": (costs.sample(frac=1, random_state=3), comparison)}
    names = [
        label.get_text() for label in draw(shuffled, "plot_ward_costs").axes[0].get_yticklabels()
    ]
    assert names[:2] == ["Setagaya", "Nerima"] and names[-1] == "Chiyoda"


def test_what_rival_drivers_make_of_a_ward_is_marked_on_its_row_and_named(tables):
    costs = tables["plot_ward_costs"][0].sort_values("residents", ascending=False)
    figure = draw(tables, "plot_ward_costs")
    marks = {line.get_marker(): line for line in figure.axes[0].lines}
    for mark, column in (("D", "cost_by_residents_jpy"), ("s", "cost_by_drivers_jpy")):
        stated = (costs[column] / costs["residents"]).tolist()
        assert list(marks[mark].get_xdata()) == pytest.approx(stated)
    assert pd.Series(marks["^"].get_xdata()).dropna().round().tolist() == [5_713]
    assert len(figure.legends[0].get_texts()) == 3


def test_observed_costs_are_dots_without_bars_and_are_not_called_modelled(tables):
    costs, comparison = tables["plot_ward_costs"]
    middle = costs["cost_per_resident_p50_jpy"]
    observed = costs.assign(cost_per_resident_p10_jpy=middle, cost_per_resident_p90_jpy=middle)
    axes = draw({"plot_ward_costs": (observed, comparison)}, "plot_ward_costs").axes[0]
    assert all(bar.get_width() == 0 for bar in axes.patches)
    assert (
        "modelled" not in axes.get_xlabel()
        and "modelled" in draw(tables, "plot_ward_costs").axes[0].get_xlabel()
    )
    assert axes.get_xlim()[1] > middle.max()


def test_samples_stand_in_order_of_their_municipalities_whatever_the_table_s_order(tables):
    power, envelope = tables["plot_power"]
    shuffled = draw(
        {"plot_power": (power.sample(frac=1, random_state=2), envelope)}, "plot_power"
    ).axes[0]
    assert [label.get_text().split()[0] for label in shuffled.get_yticklabels()] == [
        "12",
        "23",
        "+",
        "+",
    ]
    filled = next(
        line
        for line in shuffled.lines
        if line.get_color() == charts.COLOURS["today"] and len(line.get_xdata()) == 4
    )
    assert list(filled.get_xdata()) == power.sort_values("municipalities")["width"].tolist()
