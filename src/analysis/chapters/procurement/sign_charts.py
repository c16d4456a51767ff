"""The picture of chapter 4's sign: at which rival values the plan saves in a full year, and at
which it costs.
"""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.theme import COLOURS, label_line, name_axis, name_rows, new_figure, quiet_grid
from workbook.words.chart_words import Words

__all__ = ["plot_signs"]
ROOM = 0.5  # next to the outermost dots, for what they stand for, as a share of their reach


def plot_signs(signs: pd.DataFrame, words: Words) -> Figure:
    """Draw a line for each input, its name above, from its worst to its best rival, with a dot for
    each rival: filled where the plan saves, open where it costs; the values of the ends next to it.
    """
    names = list(dict.fromkeys(signs["input"]))
    figure, axes = new_figure(rows=2 * len(names) + 1)
    divisor, unit = words.axis("JPY/year")
    low, high = min(signs["net_jpy"].min(), 0) / divisor, max(signs["net_jpy"].max(), 0) / divisor
    axes.set_xlim(low - ROOM * (high - low), high + ROOM * (high - low))
    axes.axvspan(axes.get_xlim()[0], 0, color=COLOURS["band"], zorder=0)
    for place, name in enumerate(names):
        rivals = signs[signs["input"] == name].sort_values("net_jpy")
        _draw_rivals(axes, place, rivals, rivals["net_jpy"] / divisor, words)
        axes.text(axes.get_xlim()[0], place - 0.36, f" {words[name]}", va="center")
    name_rows(axes, [""] * len(names))
    axes.axvline(0, color=COLOURS["ink"], linewidth=1.2)
    for side, text in ((-1, "costs"), (1, "saves")):
        label_line(
            axes,
            0,
            -0.6,
            words[text],
            ha="right" if side < 0 else "left",
            va="bottom",
            xytext=(6 * side, 2),
        )
    quiet_grid(axes)
    axes.locator_params(axis="x", nbins=5)
    name_axis(axes, words["net_axis"].format(unit=unit))
    return figure


def _draw_rivals(
    axes: Axes, place: int, rivals: pd.DataFrame, nets: pd.Series, words: Words
) -> None:
    """Draw one line with its dots, worst first, and write next to its two ends what they are."""
    axes.plot(nets, [place] * len(nets), color=COLOURS["quiet"], linewidth=1.4, zorder=2)
    for net, saves in zip(nets, rivals["saves"], strict=True):
        axes.plot(
            net,
            place,
            "o",
            color=COLOURS["pooled"],
            markerfacecolor=COLOURS["pooled"] if saves else "white",
            markersize=7,
            zorder=3,
        )
    for row, net, side in ((rivals.iloc[0], nets.iloc[0], -1), (rivals.iloc[-1], nets.iloc[-1], 1)):
        axes.annotate(
            _named(row, words),
            (net, place),
            ha="right" if side < 0 else "left",
            va="center",
            textcoords="offset points",
            xytext=(8 * side, 0),
        )


def _named(row: pd.Series, words: Words) -> str:
    """Return what a dot stands for: its value, or its name where it has none; the life of a lease
    has both, or a reader would take it for the years of the plan.
    """
    if pd.isna(row["value"]):
        return words[row["rival"]]
    value = words.value(row["value"], row["unit"])
    return words["lease"].format(life=value) if row["rival"] == "lease" else value
