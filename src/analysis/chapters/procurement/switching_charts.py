"""What one input alone would have to be for the target to be met, next to what it is today."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from analysis.theme import COLOURS, HATCH, claim_line, name_axis, name_rows, new_figure, quiet_grid
from workbook.words.chart_words import Words

READING = "net"  # the other reading stands in the table
COLUMNS = {"today": 0.88, "needed": 2.0}  # right edges of what is written next to the bars


def plot_switching(switching: pd.DataFrame, words: Words) -> Figure:
    """Draw which share of the target the net saving reaches where one input takes its most
    favourable value; next to it the input's value today and the one that meets the target.
    """
    rows = switching[switching["reading"] == READING]
    figure, _ = new_figure(rows=len(rows) + 2, ncols=2, sharey=True, width_ratios=[1.0, 1.9])
    axes, beside = figure.axes
    bar: dict[str, Any] = {"hatch": HATCH, "height": 0.6, "linewidth": 0}
    for place, row in enumerate(rows.itertuples()):
        reached = "pooled" if row.best_ratio >= 1 else "modelled"
        axes.barh(place, 100 * row.best_ratio, color=COLOURS[reached], **bar)
        beside.text(COLUMNS["today"], place, _written(row, "central", words), **_RIGHT)
        beside.text(COLUMNS["needed"], place, _written(row, "switching_value", words), **_RIGHT)
    name_rows(axes, [words[name] for name in rows["input"]])
    for name, edge in COLUMNS.items():
        beside.text(edge, -0.75, words[name], **{**_RIGHT, "va": "bottom"})
    axes.set_ylim(len(rows) - 0.5, -0.7)
    beside.set(xlim=(0, max(COLUMNS.values())))
    beside.set_axis_off()
    axes.axvline(0, color=COLOURS["quiet"], linewidth=0.9)
    claim_line(axes, 100, words["target"], va="bottom", ha="center", xytext=(0, 2))
    axes.set_xticks([0, 200])  # the target names what lies between
    quiet_grid(axes)
    name_axis(axes, words["reached_axis"])
    return figure


_RIGHT: dict[str, Any] = {"ha": "right", "va": "center"}


def _written(row: Any, column: str, words: Words) -> str:
    """A value of an input in its unit; where no value meets the target, that there is none."""
    value = getattr(row, column)
    if pd.isna(value):
        return (
            words["no_value"] if column == "switching_value" and row.central == row.central else "–"
        )
    return words.value(value, "JPY" if row.unit == "JPY/resident" else row.unit, 2)
