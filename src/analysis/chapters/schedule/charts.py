"""The charts of chapter 6: work plan, dates of finish, streams against their deadlines, durations
next to real ones.
"""

from __future__ import annotations

import os

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.theme import COLOURS, claim_line, label_line, name_rows, new_figure, quiet_grid
from workbook.words.chart_words import Words

PASSED = 0.03  # share of draws that are finished, from which on the curve stands left of a name
ROW_OF_TASK = 0.36  # inches: a line of text and the bar below it
LINE_OF_TEXT, LINE_OF_BAR = -0.22, 0.24  # where they stand within the row


def plot_gantt(timing: pd.DataFrame, dates: pd.DataFrame, words: Words) -> Figure:
    """Draw each task from its median start to its median finish, with the range of its finish."""
    lasting = timing[timing["planned_finish"] > timing["planned_start"]]
    rows = [
        tasks
        for _, tasks in lasting.groupby(
            lasting["task_id"].str.replace(r"_\d+$", "", regex=True), sort=False
        )
    ]
    figure, axes = new_figure(height=len(rows) * ROW_OF_TASK + 1.3)
    first, last = (
        np.floor(timing["start_p50"].min()),
        max(timing["finish_p90"].max(), dates["fiscal_year"].max()),
    )
    edge = np.ceil(last + 0.12 * (last - first))
    for place, tasks in enumerate(rows):
        _task_row(axes, place, tasks, (first, edge), words)
    _stream_rules(axes, [tasks["stream"].iloc[0] for tasks in rows])
    ahead = dates.loc[dates["fiscal_year"] > timing["start_p50"].min(), "fiscal_year"]
    dates_ahead = sorted(ahead.round(2).unique())
    for date, before in zip(dates_ahead, [first, *dates_ahead], strict=False):
        _date_line(axes, date, words, "right" if date - before > (edge - first) / 5 else "left")
    axes.text(edge, -1.05, words["delay_matters"], ha="right", va="center", color=COLOURS["quiet"])
    axes.set(xlim=(first, edge), ylim=(len(rows) - 0.4, -1.7), yticks=[])
    axes.set_xlabel(words["axis_year"])
    axes.spines["left"].set_visible(False)
    _year_ticks(axes)
    return figure


def _task_row(
    axes: Axes, place: int, tasks: pd.DataFrame, edges: tuple[float, float], words: Words
) -> None:
    """One row of the plan; tasks that differ by a final number only stand in one row, end to
    end.
    """
    share, line = tasks["criticality_share"].max(), place + LINE_OF_BAR
    bar = {"color": COLOURS["modelled"], "edgecolor": "white", "linewidth": 0.8, "zorder": 2}
    for task in tasks.itertuples():
        months = task.finish_p50 - task.start_p50
        axes.barh(line, months, left=task.start_p50, height=0.1 + 0.34 * share, **bar)
    last = tasks.iloc[-1]
    ends = [last["finish_p10"], last["finish_p90"]]
    axes.plot(ends, [line] * 2, color=COLOURS["pooled"], linewidth=1.4)
    axes.plot(last["finish_p50"], line, "o", color=COLOURS["pooled"], markersize=5)
    name = row_name(tasks[f"name_{words.lang}"].tolist(), words["range"])
    label_line(axes, edges[0], place + LINE_OF_TEXT, name, xytext=(0, 0))
    side = {"ha": "right", "va": "center", "color": COLOURS["quiet"]}
    axes.text(edges[1], place + LINE_OF_TEXT, words.value(share, "share"), **side)


def row_name(names: list[str], to: str) -> str:
    """Return one name for tasks whose names differ in one place only, there with the first and the
    last of them.

    >>> row_name(["group 1 moves", "group 2 moves", "group 3 moves"], "–"), row_name(["build"], "–")
    ('group 1–3 moves', 'build')
    """
    if len(names) == 1:
        return names[0]
    shared = os.path.commonprefix
    before = shared(names)
    after = shared([name[len(before) :][::-1] for name in names])[::-1]
    first, last = (name[len(before) : len(name) - len(after)] for name in (names[0], names[-1]))
    return f"{before}{first}{to}{last}{after}"


def _stream_rules(axes: Axes, streams: list[str]) -> None:
    """A thin line above the first row of every stream but the first."""
    for place in range(1, len(streams)):
        if streams[place] != streams[place - 1]:
            axes.axhline(place - 0.5, color=COLOURS["grid"], linewidth=0.8, zorder=0)


def _date_line(axes: Axes, date: float, words: Words, side: str) -> None:
    axes.axvline(date, color=COLOURS["claim"], linewidth=1.4, zorder=1)
    axes.annotate(
        deadline_name(date, words),
        (date, -1.05),
        color=COLOURS["claim"],
        ha=side,
        va="center",
        textcoords="offset points",
        xytext=(-4 if side == "right" else 4, 0),
    )


def deadline_name(date: float, words: Words) -> str:
    """Return the name of a date: the end of a fiscal year where it is one, else its month."""
    if abs(date - round(date)) < 1 / 24:
        return words["end_of_fiscal_year"].format(year=round(date) - 1)
    return words.value(date, "fiscal_year")


def _year_ticks(axes: Axes) -> None:
    """Every second year, or every fifth or tenth where so many would not fit."""
    first, last = axes.get_xlim()
    step = next(step for step in (2, 5, 10) if (last - first) / step <= 7 or step == 10)
    axes.set_xticks(np.arange(np.ceil(first / step) * step, last + 0.01, step))
    axes.xaxis.set_major_formatter("{x:.0f}")


def plot_finish_dates(
    curve: pd.DataFrame, streams: pd.DataFrame, merging: pd.DataFrame, words: Words
) -> Figure:
    """Draw the chance of being finished by each month, one panel a wave, with deadline and plain
    sum.
    """
    figure, panels = new_figure(height=5.4, nrows=2, sharex=True, sharey=True)
    ends, sums = streams.set_index("scope"), merging.set_index("scope")
    years = pd.concat([curve["fiscal_year"], streams["deadline"]])
    margin = 0.25 * (years.max() - years.min())  # room for the labels right of the marks
    panels[0].set(
        xlim=(np.floor(years.min()) - 1, np.ceil(years.max() + margin)),
        ylim=(0, 1.02),
        yticks=np.arange(0, 1.01, 0.25),
    )
    panels[0].yaxis.set_major_formatter(lambda share, _: f"{100 * share:.0f}")
    for axes, scope in zip(panels, ("wave1", "core"), strict=True):
        line = curve[curve["scope"] == scope]
        axes.plot(line["fiscal_year"], line["probability"], color=COLOURS["pooled"], linewidth=2)
        axes.set_title(words[f"panel_{scope}"], loc="left")
        _deadline(axes, ends.loc[scope], words)
        _landmarks(axes, ends.loc[scope], sums.loc[scope], words)
        quiet_grid(axes, "y")
    _year_ticks(panels[1])
    panels[1].set_xlabel(words["axis_year"])
    figure.supylabel(words["axis_probability"], fontsize=panels[1].xaxis.label.get_size())
    return figure


def _deadline(axes: Axes, ends: pd.Series, words: Words) -> None:
    """The deadline as a line, with its name and its chance written at the foot; at the head where
    the curve begins after it and would run through them.
    """
    share = words.value(ends["probability"], "share")
    text = words["in_time"].format(deadline=deadline_name(ends["deadline"], words), share=share)
    height = 0.08 if ends["probability"] >= PASSED else 0.92
    claim_line(axes, ends["deadline"], text, y=height, va="center", xytext=(8, 0))
    axes.plot(
        ends["deadline"], ends["probability"], "D", color=COLOURS["claim"], markersize=6, zorder=4
    )


def _landmarks(axes: Axes, ends: pd.Series, sums: pd.Series, words: Words) -> None:
    """Mark on the curve the date of the plain sum, even odds and four in five, each on its side of
    the deadline.
    """
    marks = [
        ("plain_sum", sums["most_likely_finish"], sums["most_likely_probability"], "s", "today"),
        ("half", ends["finish_p50"], 0.5, "o", "pooled"),
        ("four_in_five", ends["finish_p80"], 0.8, "o", "pooled"),
    ]
    first, last = axes.get_xlim()
    for key, x, y, marker, colour in marks:
        axes.plot(x, y, marker, color=COLOURS[colour], markersize=6, zorder=4)
        on_the_left = x < ends["deadline"] and x > (first + last) / 2 - 1
        side = {"ha": "right", "xytext": (-7, 0)} if on_the_left else {"xytext": (7, 0)}
        label_line(
            axes, x, y, words[key].format(date=words.value(x, "fiscal_year")), colour, **side
        )


def plot_streams(streams: pd.DataFrame, words: Words) -> Figure:
    """Draw the range of each stream's finish with its deadline and the chance of meeting it."""
    shown = streams[streams["scope"] != "all"].reset_index(drop=True)
    figure, axes = new_figure(rows=len(shown) + 1)
    first = np.floor(shown[["finish_p10", "deadline"]].min(axis=None) - 0.5)
    last = shown[["finish_p90", "deadline"]].max(axis=None)
    edge = np.ceil(last + 0.3 * (last - first))
    for place, row in shown.iterrows():
        _stream_row(axes, place, row)
        axes.text(edge, place, words.value(row["probability"], "share"), ha="right", va="center")
    above = {"ha": "center", "va": "bottom", "color": COLOURS["claim"]}
    for date in shown["deadline"].unique():
        top = shown.index[shown["deadline"] == date][0]
        axes.annotate(deadline_name(date, words), (date, top - 0.5), **above)
    name_rows(axes, [words[scope] for scope in shown["scope"]])
    axes.text(edge, -0.55, words["in_time_head"], ha="right", va="bottom", color=COLOURS["quiet"])
    axes.set(xlim=(first, edge), ylim=(len(shown) - 0.4, -1.7), xlabel=words["axis_year"])
    _year_ticks(axes)
    return figure


def _stream_row(axes: Axes, place: int, row: pd.Series) -> None:
    """One stream: the range of its finish, the median, a stroke at its deadline."""
    bar = {"color": COLOURS["modelled"], "linewidth": 7, "solid_capstyle": "butt"}
    axes.plot([row["finish_p10"], row["finish_p90"]], [place] * 2, **bar)
    axes.plot(row["finish_p50"], place, "o", color=COLOURS["pooled"], markersize=7)
    stroke = [place - 0.42, place + 0.42]
    axes.plot([row["deadline"]] * 2, stroke, color=COLOURS["claim"], linewidth=2)


def plot_durations(evidence: pd.DataFrame, words: Words) -> Figure:
    """Draw the plan's three points per stage and stream below the months that real projects took or
    planned.
    """
    own = evidence["kind"] == "this_plan"
    names, place = [], 0
    figure, axes = new_figure(rows=int(own.sum() + evidence["stage"].nunique()) + 1)
    for stage, rows in evidence.groupby("stage", sort=False):
        _real_row(axes, place, rows[~own[rows.index]])
        names.append(words["real"].format(stage=words[f"stage_{stage}"]))
        for planned in rows[own[rows.index]].itertuples():
            place += 1
            _planned_row(axes, place, planned)
            names.append("  " + words[planned.subject])
        place += 1
        axes.axhline(place - 0.5, color=COLOURS["grid"], linewidth=0.8)
    name_rows(axes, names)
    for label in axes.get_yticklabels():
        label.set_color(COLOURS["quiet"] if label.get_text().startswith(" ") else COLOURS["ink"])
    axes.set(xlim=(0, None), ylim=(place - 0.4, -1.9), xlabel=words["axis_months"])
    corner = {"transform": axes.transAxes, "ha": "right", "va": "top", "color": COLOURS["quiet"]}
    for line, key in enumerate(("key_actual", "key_plan", "key_this_plan")):
        axes.text(1, 1 - 0.05 * line, words[key], **corner)
    quiet_grid(axes)
    return figure


def _real_row(axes: Axes, place: int, rows: pd.DataFrame) -> None:
    for case in rows.itertuples():
        axes.plot(
            [case.low_months, case.high_months], [place] * 2, color=COLOURS["today"], linewidth=1.2
        )
        axes.plot(
            case.central_months,
            place,
            "o",
            color=COLOURS["today"],
            markersize=7,
            markerfacecolor=COLOURS["today"] if case.kind == "actual" else "white",
        )


def _planned_row(axes: Axes, place: int, planned: tuple) -> None:
    axes.barh(
        place,
        planned.high_months - planned.low_months,
        left=planned.low_months,
        height=0.5,
        color=COLOURS["modelled"],
    )
    axes.plot(
        [planned.central_months] * 2,
        [place - 0.36, place + 0.36],
        color=COLOURS["pooled"],
        linewidth=2.4,
    )
