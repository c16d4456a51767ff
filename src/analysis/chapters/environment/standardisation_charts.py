"""The charts of chapter 1 on standardisation: late systems, likeness of wards, the delay in the
nation.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from analysis.theme import COLOURS, label_line, name_rows, new_figure, quiet_grid
from workbook.words.chart_words import Words


def plot_late_systems(lateness: pd.DataFrame, late: pd.DataFrame, words: Words) -> Figure:
    """Draw wards by businesses, like ones side by side, the late cells filled, with totals on both
    margins.
    """
    shown = late[late["applicable"] == "yes"]
    cells = shown.pivot(index="ward_position", columns="business_position", values="late")
    wards = shown.drop_duplicates("code").sort_values("ward_position")["code"]
    businesses = shown.drop_duplicates("business_ja").sort_values("business_position")
    figure, axes = new_figure(height=7.9 - 0.23 * (23 - len(wards)))
    axes.pcolormesh(
        cells.to_numpy(float),
        cmap=ListedColormap([COLOURS["band"], COLOURS["today"]]),
        edgecolors="white",
        linewidth=1.2,
    )
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0, pad=3)
    _name_grid(axes, [*map(words.municipality, wards)], businesses[f"business_{words.lang}"], words)
    of_wards = lateness.set_index("code").loc[wards, "late_businesses"]
    _write_totals(axes, cells.sum(), of_wards)
    return figure


def _name_grid(axes: Axes, wards: list[str], businesses: pd.Series, words: Words) -> None:
    """Name the rows on the left and the columns on top, with room for the totals at their ends."""
    axes.set_ylim(len(wards) + 2, 0)
    rows = [*np.arange(len(wards)) + 0.5, len(wards) + 0.7]
    axes.set_yticks(rows, [*wards, words["wards_late"]])
    axes.xaxis.tick_top()
    names, stacked = [*businesses, words["businesses_late"]], words["column_names"] == "stacked"
    axes.set_xlim(0, len(businesses) + 1.3)
    axes.set_xticks(
        [*np.arange(len(businesses)) + 0.5, len(businesses) + 0.8],
        ["\n".join(name) if stacked else name for name in names],
        rotation=0 if stacked else 90,
    )


def _write_totals(axes: Axes, of_businesses: pd.Series, of_wards: pd.Series) -> None:
    """Write the totals under the columns, every other one lower, and at the rows' ends."""
    middle = {"ha": "center", "va": "center"}
    for place, total in enumerate(of_businesses):
        at = place + 0.5, len(of_wards) + 0.7 + 0.75 * (place % 2)
        axes.annotate(f"{total:.0f}", at, **middle)
    for place, total in enumerate(of_wards):
        axes.annotate(f"{total:.0f}", (len(of_businesses) + 0.8, place + 0.5), **middle)


def plot_likeness(tree: pd.DataFrame, late: pd.DataFrame, words: Words) -> Figure:
    """Draw the tree of wards by likeness in lateness, in the order of the grid; the further right
    two join, the less alike.
    """
    wards = late.drop_duplicates("code").sort_values("ward_position")["code"]
    figure, axes = new_figure(rows=len(wards))
    for join in tree.itertuples():
        low, high = join.left - 1, join.right - 1
        across = [
            100 * share
            for share in (
                join.left_share,
                join.likeness_share,
                join.likeness_share,
                join.right_share,
            )
        ]
        axes.plot(
            across,
            [low, low, high, high],
            color=COLOURS["today"],
            linewidth=1.2,
            solid_joinstyle="miter",
        )
    name_rows(axes, [words.municipality(code) for code in wards])
    axes.set_xlim(100.5, 100 * tree["likeness_share"].min() - 4)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{share:.0f}"))
    axes.set_xlabel(words["likeness_axis"])
    quiet_grid(axes)
    return figure


def plot_national_delay(table: pd.DataFrame, words: Words) -> Figure:
    """Draw the share of municipalities with late systems in the nation over time, and the wards'
    share at the last date.
    """
    figure, axes = new_figure(height=3.2)
    nation = table[table["scope"] == "nation"].sort_values("as_of")
    own = table[table["scope"] == words.group.key]
    places = pd.to_datetime(nation["as_of"])
    shares, line = 100 * nation["late_share"], {"color": COLOURS["quiet"], "linewidth": 1.6}
    axes.plot(places, shares, "-o", **line, markersize=6)
    for place, share in zip(places, nation["late_share"], strict=True):
        text = words.value(share, "share")
        label_line(axes, place, 100 * share, text, "quiet", ha="center", xytext=(0, -15))
    for row in own.itertuples():
        _own_share(axes, row, words)
    start = places.iloc[0], shares.iloc[0]
    label_line(axes, *start, words["nation"], "quiet", ha="left", xytext=(-14, -31))
    months = [words["month"].format(year=day.year, month=day.month) for day in places]
    axes.set(ylim=(0, 104), xticks=places, xticklabels=months)
    axes.margins(x=0.09)
    axes.set_title(words["delay_axis"], loc="left")
    quiet_grid(axes, "y")
    return figure


def _own_share(axes: Axes, row: Any, words: Words) -> None:
    """The share of the municipalities under study as a diamond, counted on its left."""
    at = pd.Timestamp(row.as_of), 100 * row.late_share
    axes.plot(*at, "D", color=COLOURS["today"], markersize=8)
    counted = words["wards_share"].format(
        late=row.late_municipalities,
        number=row.municipalities,
        share=words.value(row.late_share, "share"),
    )
    label_line(axes, *at, counted, "today", ha="right", xytext=(-9, 0))
