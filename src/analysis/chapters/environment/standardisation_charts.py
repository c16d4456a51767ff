"""The charts of chapter 1 on standardisation: late systems, likeness of wards, the delay in the
nation.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
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
    businesses = shown.drop_duplicates("business_ja").sort_values("business_position")[
        f"business_{words.lang}"
    ]
    figure, axes = new_figure(height=7.9 - 0.23 * (23 - len(wards)))
    axes.pcolormesh(
        cells.to_numpy(float),
        cmap=ListedColormap([COLOURS["band"], COLOURS["today"]]),
        edgecolors="white",
        linewidth=1.2,
    )
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0, pad=3)
    axes.set_ylim(len(wards) + 2, 0)
    axes.set_yticks(
        [*np.arange(len(wards)) + 0.5, len(wards) + 0.7],
        [*map(words.municipality, wards), words["wards_late"]],
    )
    axes.xaxis.tick_top()
    names, stacked = [*businesses, words["businesses_late"]], words["column_names"] == "stacked"
    axes.set_xlim(0, len(businesses) + 1.3)
    axes.set_xticks(
        [*np.arange(len(businesses)) + 0.5, len(businesses) + 0.8],
        ["\n".join(name) if stacked else name for name in names],
        rotation=0 if stacked else 90,
    )
    for place, total in enumerate(cells.sum()):
        axes.annotate(
            f"{total:.0f}",
            (place + 0.5, len(wards) + 0.7 + 0.75 * (place % 2)),
            ha="center",
            va="center",
        )
    for place, total in enumerate(lateness.set_index("code").loc[wards, "late_businesses"]):
        axes.annotate(
            f"{total:.0f}", (len(businesses) + 0.8, place + 0.5), ha="center", va="center"
        )
    return figure


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
    axes.plot(
        places,
        100 * nation["late_share"],
        "-o",
        color=COLOURS["quiet"],
        linewidth=1.6,
        markersize=6,
    )
    for place, row in zip(places, nation.itertuples(), strict=True):
        label_line(
            axes,
            place,
            100 * row.late_share,
            words.value(row.late_share, "share"),
            "quiet",
            ha="center",
            xytext=(0, -15),
        )
    for row in own.itertuples():
        axes.plot(
            pd.Timestamp(row.as_of), 100 * row.late_share, "D", color=COLOURS["today"], markersize=8
        )
        counted = words["wards_share"].format(
            late=row.late_municipalities,
            number=row.municipalities,
            share=words.value(row.late_share, "share"),
        )
        label_line(
            axes,
            pd.Timestamp(row.as_of),
            100 * row.late_share,
            counted,
            "today",
            ha="right",
            xytext=(-9, 0),
        )
    label_line(
        axes,
        places.iloc[0],
        100 * nation["late_share"].iloc[0],
        words["nation"],
        "quiet",
        ha="left",
        xytext=(-6, 14),
    )
    axes.set(
        ylim=(0, 104),
        xticks=places,
        xticklabels=[words["month"].format(year=day.year, month=day.month) for day in places],
    )
    axes.margins(x=0.09)
    axes.set_title(words["delay_axis"], loc="left")
    quiet_grid(axes, "y")
    return figure
