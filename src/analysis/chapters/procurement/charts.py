"""The pictures of chapter 4: readings of the target, the S-curve, the levers and what moves the
answer.
"""

from __future__ import annotations

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
LONGEST_TITLE = 28  # Latin letters over a panel
# where each curve is named: at which probability, and on which side of it, so that no name lies on
# another curve
LABEL_PLACES = {
    "cross_section": (0.35, "right"),
    "joint_cloud": (0.74, "left"),
    "source_report": (0.85, "right"),
}


def plot_readings(readings: pd.DataFrame, words: Words) -> Figure:
    """Draw the saving under each reading as a share of the target, with median, P95 and probability
    written next to it.
    """
    figure, (axes, beside) = new_figure(
        rows=len(readings) + len(MODEL_STYLES) + 1, ncols=2, sharey=True, width_ratios=[1.9, 1.9]
    )
    names: list[str] = []
    for model, style in MODEL_STYLES.items():
        axes.axhline(len(names) - 0.5, color=COLOURS["grid"], linewidth=0.8)
        names.append(words[model])
        for row in (
            readings[readings["scale_model"] == model]
            .sort_values(["baseline", "reading"])
            .itertuples()
        ):
            place = len(names)
            axes.plot(
                [row.target_ratio_p10, row.target_ratio_p90],
                [place, place],
                color=style["color"],
                linewidth=4,
                alpha=0.45,
            )
            axes.plot(row.target_ratio_p50, place, "o", color=style["color"], markersize=6)
            _write_columns(
                beside,
                place,
                [
                    words.value(value, "share")
                    for value in (row.target_ratio_p50, row.target_ratio_p95, row.probability)
                    if not pd.isna(value)
                ],
            )
            names.append(f"{words[row.baseline + '_short']} {words[row.reading + '_short']}")
    name_rows(axes, names)
    aimed = words.group.published
    _write_columns(
        beside, -0.9, [words["median"], words["p95"], *([words["probability"]] if aimed else [])]
    )
    beside.set_axis_off()
    quiet_grid(axes)
    axes.axvline(0, color=COLOURS["quiet"], linewidth=0.8)
    if aimed:
        claim_line(axes, 1, words["target"], va="bottom", xytext=(0, 2), ha="center")
        axes.set_xticks([0, 0.5, 1])
    else:
        axes.locator_params(axis="x", nbins=4)
    _percent_axis(axes, words)
    name_axis(axes, words["ratio_axis"])
    return figure


def _write_columns(axes: Axes, place: float, texts: list[str]) -> None:
    """Write figures in three columns of even width, set to the right."""
    axes.set_xlim(0, 3)
    for column, text in enumerate(texts, 1):
        axes.text(column, place, text, ha="right", va="center")


def plot_saving_curve(curve: pd.DataFrame, target: pd.DataFrame, words: Words) -> Figure:
    """Draw the probability of at least so much net saving, one line per scale model, with the
    published target.
    """
    figure, axes = new_figure(height=3.9)
    divisor, unit = words.axis("JPY")
    for model, style in MODEL_STYLES.items():
        rows = curve[curve["scale_model"] == model].sort_values("probability")
        axes.plot(
            rows["saving_jpy"] / divisor,
            rows["probability"],
            color=style["color"],
            linestyle=style["linestyle"],
            linewidth=2.2,
        )
        level, side = LABEL_PLACES[model]
        place = rows.iloc[(rows["probability"] - level).abs().argmin()]
        label_line(
            axes,
            place["saving_jpy"] / divisor,
            place["probability"],
            words[model],
            colour=style["color"],
            ha=side,
            xytext=(-6 if side == "right" else 6, 0),
        )
        if style["band"]:
            _mark_percentiles(
                axes, rows["saving_jpy"] / divisor, rows["probability"], style["color"]
            )
    for goal in target["value"]:
        claim_line(
            axes,
            goal / divisor,
            f"{words['target']} {words.value(goal, 'JPY')}",
            va="bottom",
            ha="right",
            xytext=(4, 2),
        )
    axes.axvline(0, color=COLOURS["quiet"], linewidth=0.8)
    axes.set_ylim(0, 1)
    axes.set_yticks(
        [0, 0.25, 0.5, 0.75, 1], [words.value(p, "share") for p in (0, 0.25, 0.5, 0.75, 1)]
    )
    name_axis(axes, words["saving_axis"].format(unit=unit))
    axes.set_ylabel(words["probability_axis"])
    quiet_grid(axes, "y")
    return figure


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
        subtotal = row.step in SUBTOTALS
        start = 0.0 if subtotal else row.before_jpy
        colour = (
            COLOURS["pooled"]
            if subtotal
            else COLOURS["modelled"]
            if row.mean_jpy >= 0
            else COLOURS["modelled_today"]
        )
        above.barh(
            place,
            row.mean_jpy / divisor,
            left=start / divisor,
            color=colour,
            hatch=HATCH,
            height=0.62,
        )
        ends = [(start + end) / divisor for end in (row.p10_jpy, row.p90_jpy)]
        above.plot(ends, [place, place], color=COLOURS["ink"], linewidth=1.2)
        label_line(
            above,
            max(*ends, start / divisor, (start + row.mean_jpy) / divisor),
            place,
            words.value(row.mean_jpy / divisor, "index", 2),
        )
    name_rows(above, [words[step] for step in levers["step"]])
    above.axvline(0, color=COLOURS["quiet"], linewidth=0.8)
    above.set_xlabel(words["lever_axis"].format(unit=unit))
    _plot_audited(below, steps, words)
    for axes, title in ((above, words["wards_modelled"]), (below, words["uk_audited"])):
        axes.margins(x=0.16)
        axes.set_title(wrapped(title, LONGEST_TITLE, words.lang), loc="left")
        quiet_grid(axes)
    return figure


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
        for end, ratio, colour in (
            ("low_end", row.ratio_at_low, COLOURS["modelled_today"]),
            ("high_end", row.ratio_at_high, COLOURS["modelled"]),
        ):
            axes.barh(
                place, ratio - row.ratio_central, left=row.ratio_central, color=colour, height=0.62
            )
            if place == 0:
                label_line(
                    axes,
                    ratio,
                    place,
                    words[end],
                    ha="left" if ratio > row.ratio_central else "right",
                    xytext=(4 if ratio > row.ratio_central else -4, 0),
                )
    for central in rows["ratio_central"].head(1):  # there is none where every input is set
        axes.axvline(central, color=COLOURS["ink"], linewidth=1.2)
    name_rows(
        axes,
        [
            f"{words[row.input]} {row.evidence_grade}"
            if isinstance(row.evidence_grade, str)
            else words[row.input]
            for row in rows.itertuples()
        ],
    )
    axes.margins(x=0.2)  # room for the names of both ends
    quiet_grid(axes)
    axes.locator_params(axis="x", nbins=4)
    _percent_axis(axes, words)
    name_axis(axes, words["tornado_axis"])
    return figure


def _percent_axis(axes: Axes, words: Words) -> None:
    ticks = [tick for tick in axes.get_xticks() if axes.get_xlim()[0] <= tick <= axes.get_xlim()[1]]
    axes.set_xticks(ticks, [words.value(round(float(tick), 6), "share") for tick in ticks])
