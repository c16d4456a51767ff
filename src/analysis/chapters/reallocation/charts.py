"""The charts of chapter 7: today against the aim, and when the circle turns, stalls or reverses."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MultipleLocator

from analysis.theme import COLOURS, HATCH, label_line, name_rows, new_figure, quiet_grid
from workbook.units import fixed
from workbook.words.chart_words import Words

__all__ = ["plot_circle", "plot_today_and_aim"]
# the other stages rest on more assumptions: lighter
BAR_COLOURS = {"today": "today", "after": "pooled"}


def plot_today_and_aim(
    platforms: pd.DataFrame, hours: pd.DataFrame, money: pd.DataFrame, words: Words
) -> Figure:
    """Draw platforms, hours and money today and under the aim, and what of it reaches services,
    with P10 to P90.
    """
    divisor, unit = words.axis("JPY/year")
    total = platforms[platforms["system_group"] == "all"].iloc[0]
    counts = pd.DataFrame(
        {
            "stage": ["today", "after"],
            **{level: [total["today"], total["aim"]] for level in ("p10", "p50", "p90")},
        }
    )
    panels = (
        (counts, 1.0, "panel_platforms", "instance"),
        (hours, 1.0, "panel_hours", "hour"),
        (money, divisor, "panel_money", "JPY"),
    )
    figure, axes = new_figure(
        height=6.4, nrows=len(panels), height_ratios=[len(panel[0]) + 1.2 for panel in panels]
    )
    for axis, (stages, scale, title, kind) in zip(axes, panels, strict=True):
        _stage_bars(
            axis, stages.sort_values("place") if "place" in stages else stages, scale, kind, words
        )
        axis.set_title(words[title].format(unit=unit), loc="left", pad=8)
    return figure


def _stage_bars(axes: Axes, stages: pd.DataFrame, divisor: float, kind: str, words: Words) -> None:
    for place, row in enumerate(stages.itertuples()):
        solid = row.stage == "today"
        axes.barh(
            place,
            row.p50 / divisor,
            height=0.62,
            color=COLOURS[BAR_COLOURS.get(row.stage, "modelled")],
            hatch=None if solid or kind == "instance" else HATCH,
            linewidth=0,
        )
        if row.p90 > row.p10:
            axes.plot(
                [row.p10 / divisor, row.p90 / divisor],
                [place, place],
                color=COLOURS["ink"],
                linewidth=1.4,
            )
        label_line(axes, max(row.p90, row.p50, 0) / divisor, place, words.value(row.p50, kind))
    name_rows(axes, [words[stage] for stage in stages["stage"]])
    axes.axvline(0, color=COLOURS["quiet"], linewidth=0.8)
    low, high = min(0, stages[["p10", "p50"]].min(axis=None)), stages[["p90", "p50"]].max(axis=None)
    axes.set_xlim((low - 0.03 * (high - low)) / divisor, (high + 0.46 * (high - low)) / divisor)
    axes.locator_params(axis="x", nbins=4)
    axes.xaxis.set_major_formatter(lambda x, _: fixed(x, 0))
    quiet_grid(axes)


def plot_circle(
    points: pd.DataFrame, lines: pd.DataFrame, regimes: pd.DataFrame, words: Words
) -> Figure:
    """Draw each draw by what a freed unit gains and what is lost in a year, with the border from
    which the circle runs by itself.
    """
    figure, axes = new_figure(height=4.6)
    highest, top = float(lines["decay"].iloc[0]), float(points["gain"].max()) * 1.12
    axes.set(xlim=(0, 100 * highest), ylim=(0, 100 * top))
    _lines_of_equal_multiple(axes, lines, top, words)
    for reversed_, marker, colour in ((True, "x", "modelled_today"), (False, "o", "pooled")):
        chosen = points[(points["regime"] == "reverses") == reversed_]
        style = {"color": COLOURS[colour], "markersize": 4, "linestyle": "none", "zorder": 2}
        axes.plot(100 * chosen["decay"], 100 * chosen["gain"], marker, **style)
    axes.yaxis.set_major_locator(MultipleLocator(5))
    axes.set_xlabel(words["decay_axis"])
    _key_of_regimes(axes, regimes, words)
    return figure


def _key_of_regimes(axes: Axes, regimes: pd.DataFrame, words: Words) -> None:
    """Name the upright axis and both marks with their shares, in three lines above the axes."""
    backwards = float(regimes.set_index(["resource", "regime"]).loc[("money", "reverses"), "share"])
    heads = (
        (words["gain_axis"], "ink"),
        (words["key_forwards"].format(share=words.value(1 - backwards, "share")), "pooled"),
        (words["key_backwards"].format(share=words.value(backwards, "share")), "quiet"),
    )
    above = {"xycoords": "axes fraction", "textcoords": "offset points", "va": "bottom"}
    for line, (text, colour) in enumerate(heads):
        axes.annotate(text, (0, 1), xytext=(-28, 44 - 18 * line), color=COLOURS[colour], **above)


def _lines_of_equal_multiple(axes: Axes, lines: pd.DataFrame, top: float, words: Words) -> None:
    """The border in ink with the name of the side above it; the multiples below it, named outside
    where no draw can lie.
    """
    for line in lines.itertuples():
        end, border = (100 * line.decay, 100 * line.gain), np.isnan(line.multiplier)
        style = {"color": COLOURS["ink"], "linewidth": 2, "linestyle": "-"}
        if not border:
            style = {"color": COLOURS["quiet"], "linewidth": 0.8, "linestyle": "--"}
        axes.plot([0, end[0]], [0, end[1]], **style, zorder=1)
        if border:
            at = 50 * top / line.gain_per_round, 93 * top
            label_line(axes, *at, words["turns"], ha="center", xytext=(0, 0))
        elif line.gain < top:
            outside = {"xytext": (4, 0), "textcoords": "offset points", "annotation_clip": False}
            multiple = words.value(line.multiplier, "ratio")
            axes.annotate(multiple, end, ha="left", va="center", color=COLOURS["quiet"], **outside)
