"""Chapter 6's charts: what they draw, that no text is clipped or covers another, and that no
evidence is nameless.
"""

from pathlib import Path

import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from analysis.chapters.schedule import charts
from analysis.chapters.schedule import formulas as schedule
from tests.analysis.seen import clipped, covered
from workbook.tables.results import result_contracts
from workbook.words.labels import chart_words

DATA = Path(__file__).parents[4] / "data"
LANGUAGES = ("ja", "en")
CHARTS = ("plot_gantt", "plot_finish_dates", "plot_streams", "plot_durations")


def chapter_tables(factor=1.0, deadline=2030.0, core_deadline=2031.0, begins=2026.0):
    """The chapter's tables on the shipped work plan, as its exhibits read them."""
    workplan, register, migration, initiatives = (
        pd.read_csv(DATA / f"{name}.csv")
        for name in ("workplan", "input_register", "migration_durations", "digital_initiatives")
    )
    plan = schedule.SimulatedPlan.of_tables(workplan, register, 10, 0.5, factor, begins=begins)
    streams = schedule.stream_finish(plan, deadline, core_deadline)
    return {
        "plot_gantt": (
            schedule.workplan_timing(plan),
            schedule.plan_dates(initiatives, deadline, core_deadline),
        ),
        "plot_finish_dates": (schedule.finish_curve(plan), streams, schedule.merge_bias(plan)),
        "plot_streams": (streams,),
        "plot_durations": (schedule.duration_evidence(plan, migration),),
    }


@pytest.fixture(scope="module")
def tables():
    return chapter_tables()


def draw(tables, name, lang="en"):
    figure = getattr(charts, name)(*tables[name], chart_words("schedule.charts", lang))
    FigureCanvasAgg(figure).draw()
    return figure


def shown_texts(figure):
    """Every visible text of all panels with its place in pixels."""
    texts = []
    for axes in figure.axes:
        (left, right), (bottom, top) = axes.get_xlim(), sorted(axes.get_ylim())
        xticks = [t for t in axes.get_xticklabels() if left <= t.get_position()[0] <= right]
        yticks = [t for t in axes.get_yticklabels() if bottom <= t.get_position()[1] <= top]
        texts += [*axes.texts, *xticks, *yticks, axes.xaxis.label, axes.title, axes._left_title]
    texts += figure.texts
    return [
        (t.get_text(), t.get_window_extent())
        for t in texts
        if t.get_visible() and t.get_text().strip()
    ]


def written(figure):
    return [text for text, _ in shown_texts(figure)]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", CHARTS)
def test_no_text_is_clipped_or_covers_another(tables, name, lang):
    figure = draw(tables, name, lang)
    texts = shown_texts(figure)
    assert clipped(figure, texts) == []
    assert covered(texts) == []


@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.parametrize(
    "choice",
    [
        {"factor": 0.25},
        {"factor": 4.0},
        {"deadline": 2046.0, "core_deadline": 2046.0},
        {"deadline": 2026.0, "begins": 2022.0},
        {"deadline": 2022.25, "core_deadline": 2024.5, "begins": 2022.0},
    ],
    ids=str,
)
def test_every_choice_a_researcher_may_make_can_be_drawn(name, choice):
    assert draw(chapter_tables(**choice), name).axes


def test_the_plan_fits_into_23_rows_and_groups_share_one(tables):
    figure = draw(tables, "plot_gantt")
    timing = tables["plot_gantt"][0]
    names = [text for text in written(figure) if text in set(timing["name_en"]) or "–" in text]
    assert len(names) == 23
    assert "Core: cut-over of group 1–4" in names and "Plan starts" not in names


def test_bars_grow_thicker_with_the_share_of_draws_in_which_delay_matters(tables):
    timing = tables["plot_gantt"][0]
    bars = {
        round(bar.get_x(), 6): bar.get_height()
        for bar in draw(tables, "plot_gantt").axes[0].patches
    }
    first = timing.set_index("task_id")["start_p50"].round(6)
    assert bars[first["agency_setup"]] > 2 * bars[first["frameworks_in_use"]]


def test_one_date_is_one_line_and_another_date_another():
    # the national date of standardisation equals the report's: tempting to draw it twice, or to
    # lose it
    lines = {
        deadline: sum(
            "FY" in text
            for text in written(
                draw(chapter_tables(deadline=deadline, begins=2022.0), "plot_gantt")
            )
        )
        for deadline in (2026.0, 2025.0)
    }
    assert lines == {2026.0: 2, 2025.0: 3}


def test_a_deadline_within_a_year_is_named_by_its_month():
    words = chart_words("schedule.charts", "en")
    assert charts.deadline_name(2026.0, words) == "end of FY2025"
    assert charts.deadline_name(2025.5, words) == "October 2025"


def test_chances_are_written_beside_each_stream(tables):
    streams = tables["plot_streams"][0].set_index("scope")["probability"]
    texts = written(draw(tables, "plot_streams"))
    words = chart_words("schedule.charts", "en")
    assert all(
        words.value(streams[scope], "share") in texts
        for scope in ("procurement", "internal", "core")
    )


def test_planned_projects_are_hollow_and_finished_ones_filled(tables):
    dots = [
        line for line in draw(tables, "plot_durations").axes[0].lines if line.get_marker() == "o"
    ]
    filled = {
        round(float(dot.get_xdata()[0])): dot.get_markerfacecolor() != "white" for dot in dots
    }
    assert filled[20] and filled[13] and not filled[24] and not filled[9]


def test_every_project_that_is_drawn_has_a_name_in_the_table(tables):
    evidence = tables["plot_durations"][0]
    subject = next(
        field for field in result_contracts()["duration_evidence"].fields if field.name == "subject"
    )
    drawn = set(evidence.loc[evidence["kind"] != "this_plan", "subject"])
    assert drawn == set(subject.labels)
