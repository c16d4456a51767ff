"""The chart of the experts' judgements: each expert, the pool, and the range from before."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.theme import COLOURS, name_rows, new_figure, quiet_grid
from workbook.words.chart_words import Words

__all__ = ["plot_judgements"]

POOLED_ROWS = 2  # below the experts: the pool, the range from before


def plot_judgements(experts: pd.DataFrame, inputs: pd.DataFrame, words: Words) -> Figure:
    """Draw a panel an input: each expert's plausible range, middle half and median, the pool's P10
    to P90, and the range that it took the place of.
    """
    rows = [len(experts[experts["input"] == name]) + POOLED_ROWS for name in inputs["input"]]
    figure, _ = new_figure(
        height=0.3 * sum(rows) + 0.9 * len(rows), nrows=len(rows), height_ratios=rows
    )
    for panel, row in zip(figure.axes, inputs.itertuples(), strict=True):
        _panel(panel, experts[experts["input"] == row.input], row, words)
    return figure


def _panel(axes: Axes, experts: pd.DataFrame, row: Any, words: Words) -> None:
    divisor, unit = words.axis(row.unit)
    for place, own in enumerate(experts.itertuples()):
        _span(axes, place, (own.lowest, own.highest), divisor, "modelled", 1.5)
        _span(axes, place, (own.lower_quartile, own.upper_quartile), divisor, "modelled", 6)
        axes.plot(own.median / divisor, place, "o", color=COLOURS["quiet"], markersize=5)
    pool, before = len(experts), len(experts) + 1
    _span(axes, pool, (row.pool_p10, row.pool_p90), divisor, "pooled", 7)
    axes.plot(row.pool_p50 / divisor, pool, "o", color=COLOURS["ink"], markersize=7)
    _span(axes, before, (row.low_before, row.high_before), divisor, "fixed", 2.5)
    axes.plot(row.central_before / divisor, before, "d", color=COLOURS["quiet"], markersize=6)
    shares = [words.value(round(share, 2), "share") for share in experts["weight"]]
    names = [
        words["expert"].format(name=name, share=share)
        for name, share in zip(experts["expert"], shares, strict=True)
    ]
    name_rows(axes, [*names, words["pool"], words["before"]])
    title = words["panel"].format(input=words[row.input], unit=unit)
    axes.set_title(title, loc="left")
    quiet_grid(axes)


def _span(
    axes: Axes, place: float, ends: tuple[float, float], divisor: float, colour: str, width: float
) -> None:
    axes.plot(
        [end / divisor for end in ends],
        [place] * 2,
        color=COLOURS[colour],
        linewidth=width,
        solid_capstyle="butt",
    )
