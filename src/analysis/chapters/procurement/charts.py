"""The pictures of chapter 4: readings of the target, the S-curve, the levers and what moves the
answer.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.theme import (
    COLOURS,
    HATCH,
    MODEL_STYLES,
    claim_line,
    label_line,
    name_axis,
    name_rows,
    new_figure,
    quiet_grid,
    wrapped,
)
from workbook.words.chart_words import Words

__all__ = ["plot_levers", "plot_readings", "plot_saving_curve", "plot_tornado"]
SUBTOTALS = ("gross", "net")
TORNADO_ROWS = 10
CLAIM = "source_report"  # the scale model that is solved back from the report
LONGEST_TITLE = 28  # Latin letters over a panel
# where each curve is named: at which probability, and on which side of it, so that no name lies on
# another curve
LABEL_PLACES = {
    "cross_section": (0.35, "right"),
    "joint_cloud": (0.74, "left"),
    "source_report": (0.85, "right"),
}


def plot_readings(readings: pd.DataFrame, words: Words) -> Figure:
    """Draw the saving under each reading as a share of the target, P10 to P90 with the median
    written; what is solved back from the target is hollow.
    """
    figure, axes = new_figure(rows=len(readings) + len(MODEL_STYLES) + 1)
    names: list[str] = []
    for model in MODEL_STYLES:
        axes.axhline(len(names) - 0.5, color=COLOURS["grid"], linewidth=0.8)
        names.append(words[model])
        of_model = readings[readings["scale_model"] == model]
        for row in of_model.sort_values(["baseline", "reading"]).itertuples():
            _reading(axes, len(names), row, words)
            names.append(f"{words[row.baseline + '_short']} {words[row.reading + '_short']}")
    name_rows(axes, names)
    _colour_heads(axes, words)
    quiet_grid(axes)
    axes.axvline(0, color=COLOURS["quiet"], linewidth=0.8)
    axes.margins(x=0.12)  # room for the highest median
    if words.group.published:
        claim_line(axes, 1, words["target"], va="bottom", xytext=(0, 2), ha="center")
        axes.set_xticks([-0.5, 0, 0.5, 1])
    else:
        axes.locator_params(axis="x", nbins=4)
    _percent_axis(axes, words)
    name_axis(axes, words["ratio_axis"])
    return figure


def _colour_heads(axes: Axes, words: Words) -> None:
    """Write the name of each model, which stands above its readings, in the model's colour."""
    colours = {words[model]: style["color"] for model, style in MODEL_STYLES.items()}
    for label in axes.get_yticklabels():
        label.set_color(colours.get(label.get_text(), COLOURS["ink"]))


def _reading(axes: Axes, place: int, row: Any, words: Words) -> None:
    """One reading in its model's colour, its median written at the end of its range."""
    colour, claimed = MODEL_STYLES[row.scale_model]["color"], row.scale_model == CLAIM
    low, middle, high = row.target_ratio_p10, row.target_ratio_p50, row.target_ratio_p90
    axes.plot([low, high], [place, place], color=colour, linewidth=4, alpha=0.45)
    fill = {"markerfacecolor": "white" if claimed else colour}
    axes.plot(middle, place, "o", color=colour, markersize=6, **fill)
    label_line(axes, max(middle, high), place, words.value(middle, "share"), xytext=(6, 0))


def plot_saving_curve(curve: pd.DataFrame, target: pd.DataFrame, words: Words) -> Figure:
    """Draw the probability of at least so much net saving, one line per scale model, with the
    published target.
    """
    figure, axes = new_figure(height=3.9)
    divisor, unit = words.axis("JPY")
    for model in MODEL_STYLES:
        rows = curve[curve["scale_model"] == model].sort_values("probability")
        _curve(axes, rows["saving_jpy"] / divisor, rows["probability"], model, words[model])
    side = {"va": "bottom", "ha": "right", "xytext": (4, 2)}
    for goal in target["value"]:
        claim_line(axes, goal / divisor, f"{words['target']} {words.value(goal, 'JPY')}", **side)
    axes.axvline(0, color=COLOURS["quiet"], linewidth=0.8)
    axes.set_ylim(0, 1)
    quarters = [0, 0.25, 0.5, 0.75, 1]
    axes.set_yticks(quarters, [words.value(share, "share") for share in quarters])
    name_axis(axes, words["saving_axis"].format(unit=unit))
    axes.set_ylabel(words["probability_axis"])
    quiet_grid(axes, "y")
    return figure


def _curve(axes: Axes, savings: pd.Series, probabilities: pd.Series, model: str, name: str) -> None:
    """One model's line, named where it has room; the middle one with its percentiles."""
    style = MODEL_STYLES[model]
    line = {"color": style["color"], "linestyle": style["linestyle"], "linewidth": 2.2}
    axes.plot(savings, probabilities, **line)
    level, side = LABEL_PLACES[model]
    place = (probabilities - level).abs().argmin()
    at, away = (savings.iloc[place], probabilities.iloc[place]), -6 if side == "right" else 6
    label_line(axes, *at, name, colour=style["color"], ha=side, xytext=(away, 0))
    if style["band"]:
        _mark_percentiles(axes, savings, probabilities, style["color"])


def _mark_percentiles(
    axes: Axes, savings: pd.Series, probabilities: pd.Series, colour: str
) -> None:
    """Mark the saving that is not passed in half, in 80 % and in 90 % of the draws."""
    for level in (50, 80, 90):
        saving = float(np.interp(1 - level / 100, probabilities, savings))
        axes.plot(saving, 1 - level / 100, "o", color=colour, markersize=6)
        label_line(axes, saving, 1 - level / 100, f"P{level}", colour=colour, xytext=(7, 3))


def plot_levers(levers: pd.DataFrame, audited: pd.DataFrame, words: Words) -> Figure:
    """Draw the waterfall from nothing to the net saving, with P10 to P90 of each step; below it an
    audited saving by lever.
    """
    steps = audited[audited["account"] == "lever"]
    figure, (above, below) = new_figure(
        rows=len(levers) + len(steps) + 6, nrows=2, height_ratios=[len(levers) + 1, len(steps) + 2]
    )
    divisor, unit = words.axis("JPY/year")
    for place, row in enumerate(levers.itertuples()):
        _lever_bar(above, place, row, divisor, words)
    name_rows(above, [words[step] for step in levers["step"]])
    above.axvline(0, color=COLOURS["quiet"], linewidth=0.8)
    above.set_xlabel(words["lever_axis"].format(unit=unit))
    _plot_audited(below, steps, words)
    for axes, title in ((above, words["wards_modelled"]), (below, words["uk_audited"])):
        axes.margins(x=0.16)
        axes.set_title(wrapped(title, LONGEST_TITLE, words.lang), loc="left")
        quiet_grid(axes)
    return figure


def _lever_bar(axes: Axes, place: int, row: Any, divisor: float, words: Words) -> None:
    """One step from where the last one ended, a subtotal from nothing; its mean at the end."""
    start = 0.0 if row.step in SUBTOTALS else row.before_jpy
    colour = "modelled" if row.mean_jpy >= 0 else "modelled_today"
    axes.barh(
        place,
        row.mean_jpy / divisor,
        left=start / divisor,
        color=COLOURS["pooled" if row.step in SUBTOTALS else colour],
        hatch=HATCH,
        height=0.62,
    )
    ends = [(start + end) / divisor for end in (row.p10_jpy, row.p90_jpy)]
    axes.plot(ends, [place, place], color=COLOURS["ink"], linewidth=1.2)
    furthest = max(*ends, start / divisor, (start + row.mean_jpy) / divisor)
    label_line(axes, furthest, place, words.value(row.mean_jpy / divisor, "index", 2))


def _plot_audited(axes: Axes, steps: pd.DataFrame, words: Words) -> None:
    for place, row in enumerate(steps.itertuples()):
        loose = row.part == "unallocated"
        axes.barh(
            place,
            row.amount,
            left=row.before,
            color=COLOURS["claim" if loose else "pooled"],
            height=0.62,
            edgecolor=COLOURS["claim"] if loose else "none",
        )
        label_line(axes, row.after, place, words.value(row.amount, "m GBP"))
    name_rows(axes, [words[part] for part in steps["part"]])
    axes.set_xlabel(words["pounds"])


def plot_tornado(sensitivity: pd.DataFrame, words: Words) -> Figure:
    """Draw how far each of the ten widest inputs alone moves the net saving, low and high ends
    named.
    """
    rows = sensitivity.head(TORNADO_ROWS)
    figure, axes = new_figure(rows=len(rows) + 1)
    for place, row in enumerate(rows.itertuples()):
        for ratio, colour in (
            (row.ratio_at_low, "modelled_today"),
            (row.ratio_at_high, "modelled"),
        ):
            move = {"left": row.ratio_central, "height": 0.62, "color": COLOURS[colour]}
            axes.barh(place, ratio - row.ratio_central, **move)
        if place == 0:
            _name_ends(axes, row, words)
    for central in rows["ratio_central"].head(1):  # there is none where every input is set
        axes.axvline(central, color=COLOURS["ink"], linewidth=1.2)
    name_rows(axes, [_graded_name(row, words) for row in rows.itertuples()])
    axes.margins(x=0.28)  # room for the names of both ends
    quiet_grid(axes)
    axes.locator_params(axis="x", nbins=4)
    _percent_axis(axes, words)
    name_axis(axes, words["tornado_axis"])
    return figure


def _name_ends(axes: Axes, row: Any, words: Words) -> None:
    """Name the low and the high end of the first row, each outside its bar."""
    for end, ratio in (("low_end", row.ratio_at_low), ("high_end", row.ratio_at_high)):
        right = ratio > row.ratio_central
        side = {"ha": "left", "xytext": (4, 0)} if right else {"ha": "right", "xytext": (-4, 0)}
        label_line(axes, ratio, 0, words[end], **side)


def _graded_name(row: Any, words: Words) -> str:
    """The name of an input, with the grade of its evidence where it has one."""
    name = words[row.input]
    return f"{name} {row.evidence_grade}" if isinstance(row.evidence_grade, str) else name


def _percent_axis(axes: Axes, words: Words) -> None:
    ticks = [tick for tick in axes.get_xticks() if axes.get_xlim()[0] <= tick <= axes.get_xlim()[1]]
    axes.set_xticks(ticks, [words.value(round(float(tick), 6), "share") for tick in ticks])
