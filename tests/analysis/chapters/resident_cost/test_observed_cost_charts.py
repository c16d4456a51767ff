"""The charts of supplied costs: no text clipped or covered, and they draw what the tables hold."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from analysis.chapters.resident_cost import formulas as rc
from analysis.chapters.resident_cost import observed_cost as oc
from analysis.chapters.resident_cost import observed_cost_charts as charts
from tests.analysis.seen import facts, written
from workbook.words.labels import chart_words

CHARTS = {
    "plot_lorenz": ("lorenz", "unevenness", "parts"),
    "plot_coefficients": ("coefficients",),
    "plot_specifications": ("specifications", "influence"),
    "plot_influence": ("influence", "coefficients"),
}


@pytest.fixture(
    scope="module", params=[("tokyo23",), ("tokyo23", "tama26")], ids=["wards", "wards-and-tama"]
)
def tables(request):
    municipalities, named = facts("municipalities"), facts("participants")
    by_municipality = rc.residents_on(
        municipalities, facts("municipality_indicators"), "2020-01-01"
    )
    part = rc.taking_part(by_municipality, named, "tokyo23", "all")
    chosen = by_municipality[by_municipality["group"].isin(request.param)]
    costs = (
        9_000
        * chosen["residents"] ** 0.95
        * np.exp(0.2 * np.random.default_rng(2).standard_normal(len(chosen)))
    )
    supplied = pd.DataFrame(
        [
            (code, 2023, group, cost / 6)
            for code, cost in zip(chosen["code"], costs, strict=True)
            for group in oc.GROUPS
        ],
        columns=["code", "fiscal_year", "system_group", "cost_jpy"],
    )
    samples = oc.samples(
        oc.observed_municipalities(supplied, municipalities, by_municipality, part, named), part
    )
    wards = samples["wards"]
    return {
        "lorenz": oc.lorenz(wards),
        "unevenness": oc.unevenness(part, wards[["cost_jpy"]].to_numpy().T),
        "parts": oc.unevenness_parts(wards),
        "coefficients": oc.cost_function(samples),
        "specifications": oc.specifications(samples),
        "influence": oc.ward_influence(samples),
    }


def draw(tables, chart, lang="en"):
    names = {
        code: {"ja": ja, "en": en}
        for code, ja, en in facts("municipalities")[["code", "name_ja", "name_en"]].values
    }
    figure = getattr(charts, chart)(
        *(tables[name] for name in CHARTS[chart]),
        chart_words("resident_cost.observed_cost_charts", lang, names),
    )
    FigureCanvasAgg(figure).draw()
    return figure


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("chart", CHARTS)
def test_no_text_is_clipped_or_written_over_another(tables, chart, lang):
    figure = draw(tables, chart, lang)
    boxes = [
        (text.get_text(), text.get_window_extent())
        for axes in figure.axes
        for text in written(axes)
    ]
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


def test_the_lorenz_curve_starts_at_nothing_and_ends_with_everything(tables):
    curve = draw(tables, "plot_lorenz").axes[0].lines[1]
    assert (
        curve.get_xdata()[0],
        curve.get_ydata()[0],
        curve.get_xdata()[-1],
        curve.get_ydata()[-1],
    ) == (0, 0, 100, 100)


def test_each_model_stands_with_both_of_its_intervals_and_one_is_marked(tables):
    upper, lower = draw(tables, "plot_coefficients").axes
    assert [label.get_text() for label in upper.get_yticklabels()][:4] == [
        "size only",
        "(bootstrap)",
        "+ controls",
        "(bootstrap)",
    ]
    assert upper.lines[0].get_xdata()[0] == 1 and lower.lines[0].get_xdata()[0] == 0
    dots = [line.get_xdata()[0] for line in upper.lines if line.get_marker() == "o"]
    wards = (
        tables["coefficients"]
        .query("sample == 'wards' and term == 'log_residents' and model == 'controls'")
        .set_index("method")["estimate"]
    )
    assert (
        dots[2:4] == [wards["hc3"], wards["wild"]]
        and dots[6:] == wards[["q25", "q50", "q75"]].tolist()
    )


def test_an_open_interval_ends_in_an_arrow(tables):
    open_end = tables["coefficients"].copy()
    open_end.loc[
        (open_end["sample"] == "wards")
        & (open_end["method"] == "wild")
        & (open_end["model"] == "controls"),
        "high",
    ] = np.nan
    upper = draw({**tables, "coefficients": open_end}, "plot_coefficients").axes[0]
    assert [line.get_marker() for line in upper.lines].count(">") == 1


def test_the_choices_of_every_specification_are_marked_below_it(tables):
    _, lower = draw(tables, "plot_specifications").axes
    dark = {
        line.get_ydata()[0]: list(line.get_xdata())
        for line in lower.lines
        if line.get_color() == charts.COLOURS["today"]
    }
    table = tables["specifications"]
    assert dark[0] == table.loc[table["density"], "place"].tolist()
    assert [label.get_text() for label in lower.get_yticklabels()][4] == "with Chiyoda"
    assert len(dark) == 5 + (table["sample"].nunique() > 1)


def test_wards_stand_by_leverage_with_chiyoda_on_top(tables):
    left, right = draw(tables, "plot_influence").axes
    assert left.get_yticklabels()[0].get_text() == "Chiyoda" and right.texts[0].get_text() == "0.82"
    assert [bar.get_width() for bar in right.patches] == tables["influence"].sort_values(
        "leverage", ascending=False
    )["cook_distance"].tolist()


def test_what_means_no_effect_stays_in_the_picture_however_far_off_the_estimates_lie(tables):
    # the layout once collapsed: the line at 1 lay outside axes that ended with the intervals
    table = tables["coefficients"]
    far = table.assign(**{column: table[column] / 1e3 for column in ("estimate", "low", "high")})
    for axes, neutral in zip(
        draw({"coefficients": far}, "plot_coefficients").axes, (1, 0), strict=True
    ):
        left, right = axes.get_xlim()
        assert left < neutral < right
