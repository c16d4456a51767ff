"""The charts of chapter 9: options side by side, who does what by when, joint buying before and
after its published result, what stages are worth, and each municipality's gain.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from analysis.theme import (
    COLOURS,
    label_line,
    name_axis,
    name_rows,
    new_figure,
    quiet_grid,
    wrapped,
)
from workbook.words.chart_words import Words

__all__ = ["plot_calendar", "plot_options", "plot_outturn", "plot_stages", "plot_wards"]

STRETCH_COLOURS = {
    "stay": "fixed",
    "widened": "pooled",
    "own_agency": "modelled",
    "shared_internal": "faint",
    "core_renewal": "price",
    "report_plan": "claim",
}
MONTH = 1 / 12  # of a fiscal year: a step's last month is in its bar
VISIBLE = 0.005  # of the longest bar
NARROW = 0.08  # ticks of the weight closer than this would touch


def plot_options(options: pd.DataFrame, stretches: pd.DataFrame, words: Words) -> Figure:
    """Draw each option's range, median and mean a year, with how often it pays; below, which is
    chosen at each weight on the report's claim.
    """
    divisor, unit = words.axis("JPY/year")
    rows = 2 * len(options) + 1
    figure, (above, below) = new_figure(
        height=0.27 * rows + 2.5, nrows=2, height_ratios=[rows, 2.5 + len(stretches)]
    )
    first, last = (options[f"yearly_{end}_jpy"] / divisor for end in ("p10", "p90"))
    low, high = min(first.min(), 0.0), max(last.max(), 0.0)
    edge = high + 0.22 * (high - low)
    for place, row in enumerate(options.itertuples()):
        colour = COLOURS["pooled" if row.chosen else "ink"]
        _interval(above, place + 0.2, row, "yearly", divisor, row.chosen)
        label_line(above, low, place - 0.22, words[f"option_{row.option}"], colour, xytext=(0, 0))
        share = words.value(row.positive_share, "share") if row.option != "stay" else ""
        above.text(edge, place + 0.1, share, ha="right", va="center", color=colour)
    above.text(edge, -0.55, words["pays_head"], ha="right", va="bottom", color=COLOURS["quiet"])
    above.axvline(0, color=COLOURS["quiet"], linewidth=0.9, zorder=0)
    above.set(xlim=(low - 0.02 * (high - low), edge), ylim=(len(options) - 0.3, -1.3), yticks=[])
    above.spines["left"].set_visible(False)
    quiet_grid(above)
    above.set_xlabel(words["axis_yearly"].format(unit=unit))
    _weights(below, stretches, words)
    return figure


def _interval(
    axes: Axes, place: float, row: object, name: str, divisor: float, strong: bool = True
) -> None:
    """P10 to P90 as a bar, the median as a dot; pale where it is not the one that counts."""
    low, middle, high = (
        getattr(row, f"{name}_{level}_jpy") / divisor for level in ("p10", "p50", "p90")
    )
    bar, dot = ("modelled", "pooled") if strong else ("faint", "quiet")
    axes.plot([low, high], [place] * 2, color=COLOURS[bar], linewidth=7, solid_capstyle="butt")
    axes.plot(middle, place, "o", color=COLOURS[dot], markersize=7)


def _weights(axes: Axes, stretches: pd.DataFrame, words: Words) -> None:
    """One bar from no weight to all of it, in stretches, each with its option below it."""
    for place, row in enumerate(stretches.itertuples(), 1):
        _stretch(axes, place, row, words[f"option_{row.option}"])
    axes.set(xlim=(0, 1), ylim=(len(stretches) + 0.6, -0.6), yticks=[])
    axes.xaxis.tick_top()
    inner = [edge for edge in stretches["from_weight"] if NARROW < edge < 1 - NARROW]
    ticks = [0.0, *inner, 1.0]
    axes.set_xticks(ticks, [words.value(round(tick, 2), "share") for tick in ticks])
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)
    axes.set_title(words["weight_panel"], loc="left", pad=24)


def _stretch(axes: Axes, place: int, row: Any, name: str) -> None:
    """One stretch of the bar, and a line from its beginning down to its name."""
    axes.barh(
        0,
        row.to_weight - row.from_weight,
        left=row.from_weight,
        height=0.9,
        color=COLOURS[STRETCH_COLOURS[row.option]],
        edgecolor="white",
        linewidth=1,
    )
    line = {"color": COLOURS["quiet"], "linewidth": 0.8, "zorder": 1}
    axes.plot([row.from_weight + 0.006] * 2, [0.45, place + 0.35], **line)
    axes.annotate(
        name,
        (min(row.from_weight, 0.45), place + 0.1),
        xytext=(5, 0),
        textcoords="offset points",
        va="center",
        zorder=3,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5},
    )


def plot_calendar(steps: pd.DataFrame, words: Words) -> Figure:
    """Draw one bar a step from the beginning of its first to the end of its last month, who, by
    when and what above it; steps that the chosen option does not take are pale.
    """
    figure, axes = new_figure(height=0.72 * len(steps) + 0.9)
    for place, row in enumerate(steps.itertuples()):
        colour, months = COLOURS["pooled" if row.due else "fixed"], row.ends + MONTH - row.starts
        axes.barh(place + 0.24, months, left=row.starts, height=0.3, color=colour, linewidth=0)
        _who_and_what(axes, place, row, words)
    axes.set(
        ylim=(len(steps) - 0.3, -0.7),
        yticks=[],
        xlim=(np.floor(steps["starts"].min()), np.ceil(steps["ends"].max()) + 0.2),
    )
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    axes.spines["left"].set_visible(False)
    quiet_grid(axes)
    name_axis(axes, words["axis_calendar"])
    return figure


def _who_and_what(axes: Axes, place: int, row: Any, words: Words) -> None:
    """Write above a step's bar who does what by when."""
    who, what = getattr(row, f"who_{words.lang}"), getattr(row, f"what_{words.lang}")
    said = words["step"].format(who=who, by=words.value(row.ends, "fiscal_year"), what=what)
    axes.annotate(
        wrapped(said, 52, words.lang),
        (0, place - 0.12),
        xycoords=("axes fraction", "data"),
        va="center",
        color=COLOURS["ink" if row.due else "quiet"],
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.3, "alpha": 0.85},
    )


def plot_outturn(readings: pd.DataFrame, inputs: pd.DataFrame, words: Words) -> Figure:
    """Draw joint buying's saving before and after the published figure, under each reading of it,
    with the figure as a mark; ``inputs`` stand in the table alone.
    """
    del inputs
    divisor, unit = words.axis("JPY/year")
    figure, axes = new_figure(height=0.8 * len(readings) + 1.2)
    for place, row in enumerate(readings.itertuples()):
        _interval(axes, place + 0.2, row, "saving", divisor, row.own)
        left = words["effective"].format(n=words.value(round(row.effective_draws), "index"))
        text = words[f"reading_{row.reading}"]
        label_line(axes, 0, place - 0.26, f"{text}　{left}", xytext=(2, 0))
        if not np.isnan(row.observed_jpy):
            _observed(axes, row.observed_jpy / divisor, place + 0.2, words["published"])
    axes.set(
        xlim=(0, 1.05 * readings["saving_p90_jpy"].max() / divisor or 1.0),
        ylim=(len(readings) - 0.2, -0.7),
        yticks=[],
    )
    axes.spines["left"].set_visible(False)
    quiet_grid(axes)
    name_axis(axes, words["axis_saving"].format(unit=unit))
    return figure


def _observed(axes: Axes, saving: float, place: float, name: str) -> None:
    """The published figure as a diamond, named below it."""
    axes.plot(saving, place, "D", color=COLOURS["today"])
    label_line(axes, saving, place, name, "today", va="top", ha="center", xytext=(0, -7))


class Bar(NamedTuple):
    """A bar from nothing to ``value``, paler up to ``upper``, with one standard error, yen."""

    name: str
    value: float
    error: float
    upper: float | None = None

    @property
    def end(self) -> float:
        """Where the bar ends, its paler part included."""
        return self.value if self.upper is None else self.upper


def plot_stages(stages: pd.DataFrame, courses: pd.DataFrame, words: Words) -> Figure:
    """Draw what fixed courses are worth next to deciding in stages, from its lower bound to knowing
    all; below, core alone once internal systems are shared, by exit cost. What is worth next to
    nothing has no bar.
    """
    fixed = [
        Bar(words[f"course_{row.course}"], row.mean_jpy, row.mean_error_jpy)
        for row in courses.itertuples()
    ]
    above = _worth_a_bar([*fixed, *_staged(stages, "free", words)])
    below = _worth_a_bar(_staged(stages, "begun", words))
    figure, panels = new_figure(
        height=0.5 * (len(above) + len(below)) + 1.8,
        nrows=2,
        height_ratios=[len(above), len(below)],
    )
    at = {"xycoords": ("figure fraction", "axes fraction"), "va": "bottom"}
    for axes, bars, head in zip(panels, (above, below), ("head_free", "begun_head"), strict=True):
        _bars(axes, bars, words)
        axes.annotate(words[head], (0.01, 1.02), **at)
    return figure


def _staged(stages: pd.DataFrame, entry: str, words: Words) -> list[Bar]:
    """A bar for each exit cost of deciding in stages, free or once internal systems are shared."""
    return [
        Bar(
            words[f"staged_{entry}"].format(cost=words[f"exit_{row.exit_cost}"]),
            row.policy_jpy,
            row.policy_error_jpy,
            row.perfect_jpy,
        )
        for row in stages[stages["entry"] == entry].itertuples()
    ]


def _worth_a_bar(bars: Sequence[Bar]) -> list[Bar]:
    """Those of a panel that can be seen beside its longest; all where it has none."""
    longest = max(abs(bar.end) for bar in bars)
    return [bar for bar in bars if abs(bar.end) >= VISIBLE * longest]


def _bars(axes: Axes, bars: Sequence[Bar], words: Words) -> None:
    """Bars from zero; above each its name and its value, or both its bounds."""
    divisor, unit = words.axis("JPY/year", max(abs(bar.end) for bar in bars))
    ends = [bar.end / divisor for bar in bars]
    low, high = min(*ends, 0.0), max(*ends, 0.0)
    left, right = low - 0.03 * (high - low), high + 0.1 * (high - low)
    for place, bar in enumerate(bars):
        colour, text = "today", words.value(bar.value, "JPY")
        if bar.upper is not None:
            colour, upper = "pooled", words.value(bar.upper, "JPY")
            text = words["bounds"].format(low=text, high=upper)
            axes.barh(place + 0.2, bar.upper / divisor, height=0.34, color=COLOURS["faint"])
        axes.barh(
            place + 0.2,
            bar.value / divisor,
            height=0.34,
            color=COLOURS[colour],
            xerr=bar.error / divisor,
            error_kw={"ecolor": COLOURS["ink"], "elinewidth": 1.2, "capsize": 3},
        )
        named = words["named"].format(name=bar.name, value=text)
        place_of = {"xycoords": ("figure fraction", "data"), "xytext": (0, 0)}
        # a long name must not make the panel narrow: there is room to its right
        label_line(axes, 0.01, place - 0.24, named, in_layout=False, **place_of)
    axes.axvline(0, color=COLOURS["quiet"], linewidth=0.9)
    axes.set(xlim=(left, right), ylim=(len(bars) - 0.45, -0.6), yticks=[])
    axes.spines["left"].set_visible(False)
    axes.xaxis.set_major_locator(MaxNLocator(4))
    axes.set_xlabel(words["axis_worth"].format(unit=unit))
    quiet_grid(axes)


def plot_wards(wards: pd.DataFrame, words: Words) -> Figure:
    """Draw each municipality's gain a year: range, median, a pale band over what drives its spend,
    and a mark at what is left of it after staff time; largest gain on top.
    """
    divisor, unit = words.axis("JPY/year", wards["gain_p90_jpy"].max())
    ordered = wards.sort_values("gain_p50_jpy", ascending=False, ignore_index=True)
    figure, axes = new_figure(rows=len(ordered))
    for place, row in enumerate(ordered.itertuples()):
        axes.plot(
            [row.gain_driver_low_jpy / divisor, row.gain_driver_high_jpy / divisor],
            [place, place],
            color=COLOURS["faint"],
            linewidth=11,
            solid_capstyle="butt",
        )
        _interval(axes, place, row, "gain", divisor)
        axes.plot(
            row.after_hours_jpy / divisor,
            place,
            "|",
            color=COLOURS["ink"],
            markersize=10,
            markeredgewidth=1.6,
        )
    name_rows(axes, [words.municipality(code) for code in ordered["code"]])
    axes.axvline(0, color=COLOURS["quiet"], linewidth=0.9, zorder=0)
    axes.xaxis.set_major_locator(MaxNLocator(5))
    quiet_grid(axes)
    name_axis(axes, words["axis_gain"].format(unit=unit))
    return figure
