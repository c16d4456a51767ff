"""The charts of money over time: both languages, no text clipped or covered, and marks where the
tables put them.
"""

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from analysis.chapters.schedule import money_charts as charts
from tests.analysis.seen import clipped, covered
from workbook.tables.results import result_contracts
from workbook.words.labels import chart_words, labels_of

LANGUAGES = ("ja", "en")
OPTIONS = ("none", "buying_only", "wave_one", "core_chosen", "core_one", "wait")


def chapter_tables(level=-60e9, years=15):
    """Tables of a plan whose cumulated difference and values lie around ``level`` yen."""
    fiscal_years, spread = np.arange(2022, 2022 + years), abs(level) / 2 + 1e9
    shape = level * np.sin(np.linspace(0, 3, years))
    paths = pd.DataFrame({"fiscal_year": fiscal_years, "without_jpy": 66.4e9})
    for name, middle in (("with", 66.4e9 - shape / 6), ("cumulative", shape)):
        for end, shift in (("p10", -spread), ("p50", 0), ("p90", spread)):
            paths[f"{name}_{end}_jpy"] = middle + shift * np.linspace(
                0, 0.2 if name == "with" else 1, years
            )
    random = np.random.default_rng(1)
    draws = pd.DataFrame(
        {"finish": random.normal(2027, 0.8, 300), "npv_jpy": random.normal(level, spread, 300)}
    )
    draws = draws.assign(on_time=draws["finish"] <= 2026, pays=draws["npv_jpy"] >= 0)
    shares = pd.DataFrame(
        {
            "on_time": [True, True, False, False],
            "pays": [True, False] * 2,
            "share": [0.022, 0.056, 0.19, 0.732],
            "deadline": 2026.0,
        }
    )
    middle = np.linspace(0, level, len(OPTIONS))
    decisions = pd.DataFrame(
        {
            "option": OPTIONS,
            "npv_mean_jpy": middle,
            "npv_p50_jpy": middle,
            "npv_p10_jpy": middle - spread,
            "npv_p90_jpy": middle + spread,
            "regret_mean_jpy": np.linspace(0, abs(level), len(OPTIONS)),
        }
    )
    return {
        "plot_cumulative": (paths,),
        "plot_joint": (draws, shares),
        "plot_decisions": (decisions,),
    }


CHARTS = tuple(chapter_tables())


def draw(tables, name, lang="en"):
    figure = getattr(charts, name)(*tables[name], chart_words("schedule.money_charts", lang))
    FigureCanvasAgg(figure).draw()
    return figure


def shown_texts(figure):
    """Every visible text of all panels with its place in pixels."""
    texts = list(figure.texts)
    for axes in figure.axes:
        (left, right), (bottom, top) = axes.get_xlim(), sorted(axes.get_ylim())
        xticks = [t for t in axes.get_xticklabels() if left <= t.get_position()[0] <= right]
        yticks = [t for t in axes.get_yticklabels() if bottom <= t.get_position()[1] <= top]
        texts += [
            *axes.texts,
            *xticks,
            *yticks,
            axes.xaxis.label,
            axes.yaxis.label,
            axes._left_title,
        ]
    texts += [
        label
        for label in (figure._supxlabel, figure._supylabel)
        if label is not None and label not in texts
    ]
    return [
        (t.get_text(), t.get_window_extent())
        for t in texts
        if t.get_visible() and t.get_text().strip()
    ]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.parametrize(
    "choice",
    [{}, {"level": 90e9}, {"level": -2e9, "years": 6}, {"level": -300e9, "years": 40}],
    ids=str,
)
def test_no_text_is_clipped_or_covers_another(name, lang, choice):
    figure = draw(chapter_tables(**choice), name, lang)
    texts = shown_texts(figure)
    assert clipped(figure, texts) == []
    assert covered(texts) == []


def test_the_cumulated_difference_starts_from_nothing_before_the_first_year():
    figure = draw(chapter_tables(), "plot_cumulative")
    line = figure.axes[1].lines[0]
    assert (line.get_xdata()[0], line.get_ydata()[0]) == (2022, 0) and line.get_ydata()[
        -1
    ] == pytest.approx(chapter_tables()["plot_cumulative"][0]["cumulative_p50_jpy"].iloc[-1] / 1e9)
    assert figure.axes[0].get_ylim()[0] == 0


def test_each_quadrant_says_its_share_and_the_good_one_stands_out():
    figure = draw(chapter_tables(), "plot_joint")
    written = {text.get_text(): text.get_color() for text in figure.axes[0].texts}
    good = next(colour for text, colour in written.items() if "2.2%" in text)
    assert {"2.2%", "5.6%", "19%", "73%"} <= {text.split("\n")[-1] for text in written}
    assert all(
        colour != good for text, colour in written.items() if "%" in text and "2.2%" not in text
    )


def test_only_the_option_with_the_highest_mean_is_marked():
    figure = draw(chapter_tables(), "plot_decisions")
    marked = [
        text.get_text()
        for text in figure.axes[0].texts
        if text.get_color() == charts.COLOURS["pooled"]
    ]
    assert marked == ["nothing", "0 yen"]


def test_every_option_of_the_table_has_its_words():
    options = next(
        field for field in result_contracts()["decisions"].fields if field.name == "option"
    )
    assert {f"option_{name}" for name in options.labels} == {
        word for word in labels_of("schedule.money_charts") if word.startswith("option_")
    }
