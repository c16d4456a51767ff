"""The waterfall from the published target to what is left once everything is paid."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.theme import COLOURS, HATCH, label_line, name_axis, name_rows, new_figure, quiet_grid
from workbook.words.chart_words import Words

LEVELS = {"target": "claim", "gross": "pooled", "net": "pooled"}
HEIGHT = 0.62


def plot_target_to_net(steps: pd.DataFrame, words: Words) -> Figure:
    """Draw each step as a bar from what was left before it to what is left after it, with its
    amount; levels begin at nothing, and have their P10 to P90.
    """
    figure, axes = new_figure(rows=len(steps) + 1)
    divisor, unit = words.axis("JPY")
    for place, row in enumerate(steps.itertuples()):
        _bar(axes, place, row, divisor)
        ends = [row.before_jpy, row.after_jpy, row.p10_jpy, row.p90_jpy]
        furthest = max(end for end in ends if not pd.isna(end)) / divisor
        label_line(axes, furthest, place, words.value(row.amount_jpy / divisor, "index", 2))
    name_rows(axes, [words[step] for step in steps["step"]])
    axes.axvline(0, color=COLOURS["quiet"], linewidth=0.8)
    name_axis(axes, words["axis"].format(unit=unit))
    axes.margins(x=0.14)
    axes.locator_params(axis="x", nbins=5)
    quiet_grid(axes)
    return figure


def _bar(axes: Axes, place: int, row: Any, divisor: float) -> None:
    level = LEVELS.get(row.step)
    axes.barh(
        place,
        row.amount_jpy / divisor,
        left=row.before_jpy / divisor,
        height=HEIGHT,
        color=COLOURS[level or "modelled_today"],
        hatch=None if row.step == "target" else HATCH,
    )
    if not pd.isna(row.p10_jpy):
        ends = [row.p10_jpy / divisor, row.p90_jpy / divisor]
        axes.plot(ends, [place, place], color=COLOURS["ink"], linewidth=1.2)
