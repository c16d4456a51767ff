"""The charts of chapter 6 on money: two dated paths, date and money together, what each decision is
worth.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.theme import COLOURS, label_line, name_axis, new_figure, quiet_grid
from workbook.words.chart_words import Words

__all__ = ["plot_cumulative", "plot_decisions", "plot_joint"]


def plot_cumulative(paths: pd.DataFrame, words: Words) -> Figure:
    """Draw a year's spend without and with the plan, and below it their difference cumulated to
    each year's end.
    """
    divisor, unit = words.axis("JPY")
    figure, (spend, difference) = new_figure(height=5.6, nrows=2, sharex=True)
    _spend_panel(spend, paths, divisor, words)
    _difference_panel(difference, paths, divisor, words)
    for axes, panel in ((spend, "panel_paths"), (difference, "panel_cumulative")):
        axes.set_title(words[panel].format(unit=unit), loc="left")
        quiet_grid(axes, "y")
    _year_ticks(difference)
    name_axis(difference, words["axis_year"])
    return figure


def _spend_panel(axes: Axes, paths: pd.DataFrame, divisor: float, words: Words) -> None:
    """A year's spend with the plan as a fan and without it as a line, both named."""
    years, without = paths["fiscal_year"] + 1, paths["without_jpy"] / divisor
    _fan(axes, years, paths, "with", divisor)
    axes.plot(years, without, color=COLOURS["today"], linewidth=2.2)
    start, below = (years.iloc[0], without.iloc[0]), {"va": "top", "xytext": (0, -5)}
    label_line(axes, *start, words["without"], "today", **below)
    peak = paths["with_p50_jpy"].idxmax()
    top, above = paths.at[peak, "with_p90_jpy"] / divisor, {"va": "bottom", "xytext": (0, 3)}
    label_line(axes, years[peak], top, words["with"], "pooled", ha="center", **above)
    axes.set_ylim(0, 1.15 * paths["with_p90_jpy"].max() / divisor)


def _difference_panel(axes: Axes, paths: pd.DataFrame, divisor: float, words: Words) -> None:
    """The difference cumulated from nothing in the year before the plan's first."""
    before = paths["fiscal_year"].iloc[0] - 1
    start = pd.DataFrame({column: [0.0] for column in paths}).assign(fiscal_year=before)
    summed = pd.concat([start, paths], ignore_index=True)
    _fan(axes, summed["fiscal_year"] + 1, summed, "cumulative", divisor)
    axes.axhline(0, color=COLOURS["quiet"], linewidth=0.8)
    above = {"va": "bottom", "xytext": (2, 3)}
    label_line(axes, before + 1, 0, words["break_even"], "quiet", **above)
    low = summed["cumulative_p10_jpy"].min() / divisor
    high = summed["cumulative_p90_jpy"].max() / divisor
    # room for the label above zero
    axes.set_ylim(min(1.05 * low, -0.05 * high), max(1.05 * high, -0.2 * low))


def _fan(axes: Axes, years: pd.Series, table: pd.DataFrame, name: str, divisor: float) -> None:
    """The range P10 to P90 and the median of one quantity."""
    low, middle, high = (table[f"{name}_{level}_jpy"] / divisor for level in ("p10", "p50", "p90"))
    axes.fill_between(years, low, high, color=COLOURS["modelled"], alpha=0.45, linewidth=0)
    axes.plot(years, middle, color=COLOURS["pooled"], linewidth=2.2)


def _year_ticks(axes: Axes) -> None:
    """At most six years, written as the ends of fiscal years."""
    first, last = axes.get_xlim()
    step = next(step for step in (1, 2, 3, 5, 10) if (last - first) / step <= 6 or step == 10)
    ticks = np.arange(np.ceil(first), last + 0.01, step)
    axes.set_xticks(ticks, [f"{tick - 1:.0f}" for tick in ticks])


def plot_joint(draws: pd.DataFrame, shares: pd.DataFrame, words: Words) -> Figure:
    """Draw the date of wave 1 against the whole-life value, with the share of all draws in each
    quadrant.
    """
    divisor, unit = words.axis("JPY")
    figure, axes = new_figure(height=4.3)
    good = draws["on_time"] & draws["pays"]
    for rows, colour, size in ((draws[~good], "modelled_today", 9), (draws[good], "pooled", 16)):
        dots = {"s": size, "color": COLOURS[colour], "alpha": 0.7, "linewidth": 0}
        axes.scatter(rows["finish"], rows["npv_jpy"] / divisor, **dots)
    deadline = shares["deadline"].iloc[0]
    low, high = draws["npv_jpy"].min() / divisor, draws["npv_jpy"].max() / divisor
    axes.set(
        xlim=_around(deadline, draws["finish"].min(), draws["finish"].max()),
        ylim=(1.25 * min(low, -0.3 * high), 1.45 * max(high, -0.3 * low)),
    )
    claim = {"color": COLOURS["claim"]}
    axes.axvline(deadline, linewidth=1.6, **claim)
    axes.axhline(0, color=COLOURS["quiet"], linewidth=0.9)
    above = {"xycoords": ("data", "axes fraction"), "ha": "center", "va": "bottom"}
    axes.annotate(words["deadline"], (deadline, 1), **claim, **above)
    for row in shares.itertuples():
        _quadrant(axes, row, words)
    axes.set_ylabel(words["axis_npv"].format(unit=unit))
    axes.xaxis.get_major_locator().set_params(integer=True, nbins=6)
    name_axis(axes, words["axis_finish"])
    return figure


def _quadrant(axes: Axes, row: Any, words: Words) -> None:
    """Write into its corner what a quadrant means and the share of the draws in it."""
    text = words["quadrant"].format(
        date=words["in_time" if row.on_time else "late"],
        money=words["pays" if row.pays else "loses"],
        share=words.value(row.share, "share"),
    )
    axes.text(
        0.01 if row.on_time else 0.99,
        0.985 if row.pays else 0.015,
        text,
        transform=axes.transAxes,
        ha="left" if row.on_time else "right",
        va="top" if row.pays else "bottom",
        color=COLOURS["pooled" if row.on_time and row.pays else "ink"],
        bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 1},
    )


def _around(deadline: float, first: float, last: float) -> tuple[float, float]:
    """Limits that hold all dates and leave room for a label on either side of the deadline."""
    room = 0.45 * max(last - deadline, deadline - first)
    return min(first - 0.1, deadline - room), max(last + 0.1, deadline + room)


def plot_decisions(decisions: pd.DataFrame, words: Words) -> Figure:
    """Draw what each option is worth over the whole life: range, median, mean, and its mean
    regret.
    """
    divisor, unit = words.axis("JPY")
    figure, axes = new_figure(rows=2 * len(decisions) + 1)
    first, last = decisions["npv_p10_jpy"].min() / divisor, decisions["npv_p90_jpy"].max() / divisor
    edge, best = last + 0.3 * (last - first), decisions["npv_mean_jpy"].max()
    for place, row in enumerate(decisions.itertuples()):
        colour = COLOURS["pooled" if row.npv_mean_jpy == best else "ink"]
        _worth(axes, place + 0.2, row, divisor)
        label_line(axes, first, place - 0.22, words[f"option_{row.option}"], colour, xytext=(0, 0))
        regret, side = words.value(row.regret_mean_jpy, "JPY"), {"ha": "right", "va": "center"}
        axes.text(edge, place, regret, color=colour, **side)
    axes.text(edge, -0.55, words["regret_head"], ha="right", va="bottom", color=COLOURS["quiet"])
    axes.axvline(0, color=COLOURS["quiet"], linewidth=0.9, zorder=0)
    axes.set(
        xlim=(first - 0.02 * (last - first), edge), ylim=(len(decisions) - 0.3, -1.3), yticks=[]
    )
    axes.spines["left"].set_visible(False)
    quiet_grid(axes)
    name_axis(axes, words["axis_npv"].format(unit=unit))
    return figure


def _worth(axes: Axes, place: float, row: Any, divisor: float) -> None:
    """An option's value from P10 to P90 as a bar, with a dot at the median."""
    ends, bar = [row.npv_p10_jpy / divisor, row.npv_p90_jpy / divisor], COLOURS["modelled"]
    axes.plot(ends, [place] * 2, color=bar, linewidth=7, solid_capstyle="butt")
    axes.plot(row.npv_p50_jpy / divisor, place, "o", color=COLOURS["pooled"], markersize=7)
