"""The pictures of chapter 3: what is pooled, into how many, who with whom, and what another number
costs.
"""

from __future__ import annotations

from collections.abc import Sized
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import BoundaryNorm, ListedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from analysis.theme import (
    COLOURS,
    HATCH,
    MODEL_STYLES,
    label_line,
    name_axis,
    name_rows,
    new_figure,
    quiet_grid,
)
from analysis.tile_map import KEY_LINE, draw_key, draw_tiles, map_inches
from workbook.words.chart_words import Words

__all__ = [
    "plot_fixed_share",
    "plot_forcing_k",
    "plot_three_or_four",
    "plot_who_with_whom",
    "plot_whole_picture",
]
GROUPS = ("core", "internal", "communication", "online_counter", "infrastructure", "data_use")
# the letter in the tile tells them apart
PLATFORM_COLOURS = [COLOURS["pooled"], *(COLOURS[f"platform_{letter}"] for letter in "bcdef")]
LONGEST_NOUN = 8  # letters of what a municipality is called that a line of the key has room for
# so many platforms have a line of the key each; more share lines, in two columns
LONG_KEYS = 6
PART_COLOURS = {
    "fixed_jpy": COLOURS["fixed"],
    "rules_jpy": COLOURS["pooled"],
    "price_jpy": COLOURS["price"],
    "supplier_change_jpy": COLOURS["supplier_change"],
    "contract_timing_jpy": COLOURS["faint"],
}
REGIONS = {
    "region_one": (1, 1),
    "region_two": (2, 2),
    "region_three_four": (3, 4),
    "region_more": (5, np.inf),
}


def plot_whole_picture(targets: pd.DataFrame, plan: pd.DataFrame, words: Words) -> Figure:
    """Draw what is to be pooled: a square a municipality today, a square a platform in this run,
    for each system group.

    Joint procurement and the joint agency, which serve all groups, stand below as bars.
    """
    municipalities = int(plan["municipalities"].iloc[0])
    groups = targets[targets["system_group"].isin(GROUPS)]
    figure, axes = new_figure(height=0.74 * len(GROUPS) + 1.5)
    for place, row in enumerate(groups.itertuples()):
        _group_row(axes, place, row, municipalities, words)
    today = words["today"].format(number=municipalities)
    for left, head in ((0, today), (5.7, words["pooled"])):
        axes.text(left, -0.95, head, va="center", color=COLOURS["quiet"])
    for place, name in enumerate(("joint_procurement_bar", "agency_bar")):
        _bar_for_all(axes, len(groups) - 0.2 + 0.62 * place, words[name])
    axes.set(xlim=(-0.1, 10.6), ylim=(len(groups) + 0.95, -1.3))
    axes.set_axis_off()
    return figure


def _group_row(axes: Axes, place: int, row: Any, municipalities: int, words: Words) -> None:
    """One system group: its name over today's squares, an arrow, its platforms."""
    axes.text(0, place - 0.36, words[row.system_group], va="center")
    _squares(axes, municipalities, 0.0, place, COLOURS["today"])
    arrow = {"arrowstyle": "->", "color": COLOURS["quiet"]}
    axes.annotate("", (5.45, place + 0.16), (4.75, place + 0.16), arrowprops=arrow)
    _squares(axes, int(row.chosen), 5.8, place, COLOURS["pooled"])
    axes.text(5.7, place - 0.36, _against_report(row, words), va="center")


def _bar_for_all(axes: Axes, height: float, name: str) -> None:
    """What serves all groups, as a bar under all of them."""
    colours = {"facecolor": COLOURS["band"], "edgecolor": COLOURS["pooled"]}
    axes.add_patch(Rectangle((0, height - 0.24), 10.4, 0.5, **colours, linewidth=0.8))
    axes.text(5.2, height, name, ha="center", va="center")


def _squares(axes: Axes, count: int, left: float, place: int, colour: str) -> None:
    """So many squares in two rows, the upper one filled first."""
    across = max(12, -(-count // 2))
    at = np.arange(count)
    axes.scatter(
        left + 0.38 * (at % across),
        place + 0.02 + 0.3 * (at // across),
        marker="s",
        s=44,
        color=colour,
        linewidth=0,
    )


def _against_report(row, words: Words) -> str:
    if pd.isna(row.target_low):
        return words["without_number"].format(chosen=row.chosen)
    low, high = int(row.target_low), int(row.target_high)
    return words["with_number"].format(
        chosen=row.chosen, target=f"{low}–{high}" if low < high else low
    )


def plot_fixed_share(steps: pd.DataFrame, words: Words) -> Figure:
    """Draw, from P10 to P90, the steps from the joint clouds' saving to the wards' fixed share,
    then the rivals' shares.
    """
    figure, axes = new_figure(rows=1.5 * len(steps))
    for place, row in enumerate(steps.itertuples()):
        colour = MODEL_STYLES[row.step if row.step in MODEL_STYLES else "joint_cloud"]["color"]
        axes.plot(
            [row.p10, row.p90],
            [place, place],
            color=colour,
            linewidth=5,
            alpha=0.45,
            solid_capstyle="butt",
        )
        axes.plot(row.p50, place, "o", color=colour, markersize=7)
        label_line(
            axes, row.p90, place, words.value(row.p50, "share"), colour=colour, xytext=(6, 0)
        )
    name_rows(axes, [words[f"step_{step}"] for step in steps["step"]])
    axes.axhline(
        (~steps["step"].isin(MODEL_STYLES)).sum() - 0.5, color=COLOURS["grid"], linewidth=0.8
    )
    ticks = [0, 0.2, 0.4, 0.6]
    axes.set_xticks(ticks, [words.value(tick, "share") for tick in ticks])
    axes.set_xlim(0, max(0.75, steps["p90"].max() + 0.1))
    quiet_grid(axes)
    name_axis(axes, words["share_axis"])
    return figure


def plot_three_or_four(best: pd.DataFrame, bands: pd.DataFrame, words: Words) -> Figure:
    """Draw the best number of core platforms over coordination loss and premium, with both as
    assumed.
    """
    figure, axes = new_figure(height=4.2)
    grid = best.pivot(
        index="supplier_premium", columns="coordination_loss", values="best_instances"
    )
    _fill_regions(axes, grid)
    for word, (low, high) in REGIONS.items():
        region = best[best["best_instances"].between(low, high)]
        if len(region) >= 4:  # a smaller region has no room for its name
            place = region.quantile(0.85 if high == np.inf else 0.5)
            at = place["coordination_loss"], place["supplier_premium"]
            axes.text(*at, words[word], ha="center", va="center")
    _draw_assumed(axes, bands[bands["own"]].iloc[0], words)
    for set_ticks, values in ((axes.set_xticks, grid.columns), (axes.set_yticks, grid.index)):
        ticks = [value for value in values if round(value * 100, 6) % 5 == 0]
        set_ticks(ticks, [words.value(tick, "share") for tick in ticks])
    name_axis(axes, words["loss_axis"])
    axes.set_ylabel(words["premium_axis"])
    return figure


def _fill_regions(axes: Axes, grid: pd.DataFrame) -> None:
    """Fill each cell by its best number: one, two, three or four, more."""
    colours = ListedColormap([COLOURS[name] for name in ("one", "two", "modelled", "many")])
    axes.pcolormesh(
        grid.columns,
        grid.index,
        grid,
        cmap=colours,
        norm=BoundaryNorm([0.5, 1.5, 2.5, 4.5, 99], 4),
        shading="nearest",
        edgecolors="face",
        linewidth=0.4,
    )


def _draw_assumed(axes: Axes, own: pd.Series, words: Words) -> None:
    """A cross from P10 to P90 of either assumption, its middle at the medians."""
    axes.plot(
        [own["loss_p10"], own["loss_p90"]],
        [own["premium_p50"]] * 2,
        color=COLOURS["ink"],
        linewidth=1.6,
    )
    axes.plot(
        [own["loss_p50"]] * 2,
        [own["premium_p10"], own["premium_p90"]],
        color=COLOURS["ink"],
        linewidth=1.6,
    )
    axes.plot(own["loss_p50"], own["premium_p50"], "o", color=COLOURS["ink"], markersize=6)
    label_line(
        axes, own["loss_p50"], own["premium_p90"], words["assumed"], ha="center", xytext=(0, 9)
    )


def plot_who_with_whom(members: pd.DataFrame, platforms: pd.DataFrame, words: Words) -> Figure:
    """Draw each ward's tile in its platform's colour with the platform's letter, a star on the
    lead; a key below.
    """
    layout = members.rename(columns={"tile_column": "column", "tile_row": "row"})[
        ["code", "column", "row"]
    ]
    wards = members.dropna(subset="platform").set_index("code")
    places = {letter: place for place, letter in enumerate(sorted(platforms["platform"]))}
    colours = {
        letter: PLATFORM_COLOURS[place % len(PLATFORM_COLOURS)] for letter, place in places.items()
    }
    lines = -(-len(places) // _key_columns(places))
    figure, axes = new_figure(height=map_inches(layout) + 0.3 * lines)
    texts = wards["platform"] + wards["lead"].map({True: "＊", False: ""})
    letters = wards["platform"]
    draw_tiles(axes, layout, letters.map(places), texts, letters.map(colours), words)
    _platform_key(axes, layout["row"].max() + 0.85, platforms, colours, words)
    return figure


def _key_columns(platforms: Sized) -> int:
    return 1 if len(platforms) <= LONG_KEYS else 2


def _platform_key(
    axes: Axes, bottom: float, platforms: pd.DataFrame, colours: dict[str, str], words: Words
) -> None:
    """Name every platform under the map, from its lowest row on."""
    columns = _key_columns(platforms)
    lines = -(-len(platforms) // columns)
    short = columns > 1 or len(words.group.noun) >= LONGEST_NOUN
    keys = [
        (_key_text(row, "key_short" if short else "key", words), colours[row.platform])
        for row in platforms.sort_values("platform").itertuples()
    ]
    for column in range(columns):
        part = dict(keys[column * lines : (column + 1) * lines])
        draw_key(axes, part, column=0.6 + 3.6 * column, row=bottom)
    axes.set_ylim(bottom + KEY_LINE * max(lines, 1), 0.5)


def _key_text(row, label: str, words: Words) -> str:
    residents = {"ja": f"{row.residents / 1e4:,.0f}", "en": f"{row.residents / 1e6:.2g}"}[
        words.lang
    ]
    text = words[label if row.municipalities > 1 else f"{label}_one"]
    return text.format(
        letter=row.platform,
        lead=words.municipality(row.code),
        number=row.municipalities,
        residents=residents,
    )


def _set_heights(axes: Axes, low: float, high: float) -> None:
    """Give the vertical axis its ends, and ticks between them only."""
    axes.set_yticks([tick for tick in MaxNLocator(5).tick_values(low, high) if low <= tick <= high])
    axes.set_ylim(low, high)


def plot_forcing_k(options: pd.DataFrame, words: Words) -> Figure:
    """Draw what each number of platforms costs a year, by kind of cost; the run's number and the
    cheapest are named.
    """
    figure, axes = new_figure(height=4.6)
    divisor, unit = words.axis("JPY/year")
    tops = _stacked_costs(axes, options, divisor, words)
    alone = options["alone_jpy"].iloc[0] / divisor
    near = alone <= 2.5 * tops.max()  # a line further up would flatten the bars
    if near:
        axes.axhline(alone, color=COLOURS["today"], linewidth=1.4, linestyle="--")
    _set_heights(axes, 0, 1.18 * max(tops.max(), alone if near else 0))
    _name_numbers(axes, options.reset_index(drop=True), tops, words)
    if near:
        _name_alone(axes, alone, tops, int(np.flatnonzero(options["best"])[0]), words)
    axes.set(xlim=(-0.6, len(options) - 0.4), xlabel=words["platforms"])
    axes.set_title(words["forcing_axis"].format(unit=unit), loc="left")
    quiet_grid(axes, "y")
    spaces = {"handlelength": 1.2, "columnspacing": 1.2, "borderaxespad": 0}
    figure.legend(loc="outside lower left", ncols=2, frameon=False, **spaces)
    return figure


def _stacked_costs(axes: Axes, options: pd.DataFrame, divisor: float, words: Words) -> np.ndarray:
    """One bar a number of platforms, its kinds of cost on each other, a ring at the sum without
    placeholders; return where the bars end.
    """
    places, tops = np.arange(len(options)), np.zeros(len(options))
    edge = {"hatch": HATCH, "edgecolor": "white", "linewidth": 0.4}
    for part, colour in PART_COLOURS.items():
        heights = (options[part] / divisor).fillna(0).to_numpy()
        axes.bar(places, heights, 0.7, tops, color=colour, label=words[part], **edge)
        tops += heights
    axes.plot(
        places,
        options["likeness_only_jpy"] / divisor,
        "o",
        color=COLOURS["ink"],
        markerfacecolor="white",
        markersize=6,
        linestyle="none",
        label=words["likeness_only_jpy"],
    )
    return tops


def _name_alone(axes: Axes, alone: float, tops: np.ndarray, best: int, words: Words) -> None:
    """Name the line of everybody alone on the side on which the cheapest has no name."""
    crowded = best >= len(tops) / 2 and abs(alone - tops[best]) < 0.12 * axes.get_ylim()[1]
    at, side = (-0.5, "left") if crowded else (len(tops) - 0.5, "right")
    above = {"xytext": (0, 3), "textcoords": "offset points", "ha": side, "va": "bottom"}
    axes.annotate(words["alone"], (at, alone), **above)


def _name_numbers(axes: Axes, options: pd.DataFrame, tops: np.ndarray, words: Words) -> None:
    for place, row in options.iterrows():
        if pd.isna(row["cost_jpy"]):
            axes.text(
                place,
                0.04 * axes.get_ylim()[1],
                "×",
                ha="center",
                va="center",
                color=COLOURS["claim"],
            )
        elif row["best"]:
            axes.annotate(
                words["least"],
                (place, tops[place]),
                (0, 3),
                textcoords="offset points",
                ha="center",
                va="bottom",
            )
    names = [
        f"{row.platforms}\n{words['this_run']}" if row.chosen else str(row.platforms)
        for row in options.itertuples()
    ]
    axes.set_xticks(range(len(options)), names)
