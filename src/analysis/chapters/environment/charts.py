"""The charts of chapter 1: residents, pressures, any indicator as a map, staffing, initiatives."""

from __future__ import annotations

import math
from itertools import accumulate

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from analysis.theme import (
    COLOURS,
    label_line,
    name_axis,
    name_rows,
    new_figure,
    quiet_grid,
    wrapped,
)
from analysis.tile_map import draw_tiles, map_inches, shades
from workbook.words.chart_words import Words

# the group under study is drawn as today
COMPARED = {"tokyo23": "muted_c", "tama26": "muted_a", "designated20": "muted_b"}
# pressure: the indicator that comes nearest to it; the others stand in the table
PANELS = {
    "social_change": "residents_change_share",
    "fiscal_opacity": "expenditure_change_share",
    "workload": "staff_change_share",
    "specialists": None,
}
LABEL_GAP = 32  # thousand yen between the names of two lines
# divisor and unit of the figure in a tile
MAP_SCALE = {"expenditure_per_resident_jpy": (1000, "index")}
AIM_COLUMNS, TEXT_COLUMNS = 52, 42  # letters in a line of text; a Japanese character counts as two
LINE_INCHES, GAP_LINES, LINE_SPACING = 0.2, 0.6, 1.15
SPINE, TEXT_FROM = 0.14, 0.23  # share of the width at which the time axis and the texts stand


def plot_residents(trend: pd.DataFrame, path: pd.DataFrame, words: Words) -> Figure:
    """Draw each ward's change of residents in the last year, the highest on top, led to from the
    trend's change a year.
    """
    wards = trend.sort_values("last_change_share", ascending=False, kind="stable")
    rows, per_cent = range(len(wards)), words.axis("share")[0]
    last, usual = wards["last_change_share"] / per_cent, wards["trend_share"] / per_cent
    figure, axes = new_figure(rows=len(wards) + 2)
    axes.vlines(0, -0.6, len(wards) - 0.4, color=COLOURS["quiet"], linewidth=0.8)
    axes.hlines(rows, usual, last, color=COLOURS["modelled_today"], linewidth=1.6, zorder=1)
    axes.plot(usual, rows, "o", color=COLOURS["today"], markerfacecolor="white", markersize=6)
    axes.plot(last, rows, "o", color=COLOURS["today"], markersize=6)
    _write_last_changes(axes, wards, per_cent, words)
    name_rows(axes, [words.municipality(code) for code in wards["code"]])
    _key_of_changes(axes, path["year"].min(), path["year"].max(), words)
    name_axis(axes, words["residents_axis"])
    quiet_grid(axes)
    return figure


def _write_last_changes(axes: Axes, wards: pd.DataFrame, per_cent: float, words: Words) -> None:
    """Write the last year's change to the left of each row's marks, and make room for it."""
    ends = wards[["last_change_share", "trend_share"]] / per_cent
    for row, (left, share) in enumerate(
        zip(ends.min(axis="columns"), wards["last_change_share"], strict=True)
    ):
        label_line(axes, left, row, _signed(share, words), ha="right", xytext=(-6, 0))
    low, high = min(ends.min(axis=None), 0), max(ends.max(axis=None), 0)
    axes.set_xlim(low - 0.3 * (high - low), high + 0.05 * (high - low))
    axes.locator_params(axis="x", nbins=5)


def _key_of_changes(axes: Axes, first: int, last: int, words: Words) -> None:
    """Name both marks in two rows of their own, above the wards."""
    axes.set_ylim(axes.get_ylim()[0], axes.get_ylim()[1] - 1.8)
    for row, (mark, key) in enumerate((("●", "key_last"), ("○", "key_trend")), start=-2):
        text = f"{mark}  {words[key].format(first=first, last=last)}"
        label_line(axes, 0, row, text, xycoords=("axes fraction", "data"), xytext=(0, 0))


def _signed(share: float, words: Words) -> str:
    return ("+" if share >= 0.0005 else "") + words.value(share, "share")


def plot_pressures(
    pressures: pd.DataFrame, groups: pd.DataFrame, by_municipality: pd.DataFrame, words: Words
) -> Figure:
    """Draw every municipality as a dot, a line for each group, a panel for each indicator; pooled
    figures are written out.
    """
    rows = [
        row
        for pressure, shown in PANELS.items()
        for row in ((pressure, False), (shown, True))
        if row[0]
    ]
    figure, panels = new_figure(
        height=5.4, nrows=len(rows), height_ratios=[1.0 if strip else 0.24 for _, strip in rows]
    )
    pooled, evidence = groups.set_index("group"), pressures.groupby("pressure")["evidence"].agg(set)
    for axes, (name, strip) in zip(panels, rows, strict=True):
        if strip:
            axes.set_title(words[name], loc="left", pad=4)
            _strips(axes, pooled[name], by_municipality, words)
        else:
            head = words[f"heading_{_strongest(evidence[name])}"]
            _heading(axes, head.format(pressure=words[name]))
    return figure


def _strongest(evidence: set[str]) -> str:
    return next(kind for kind in ("direct", "proxy", "none") if kind in evidence)


def _heading(axes: Axes, text: str) -> None:
    axes.set_facecolor(COLOURS["band"])
    axes.spines[:].set_visible(False)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.annotate(text, (0.01, 0.5), xycoords="axes fraction", va="center")


def _strips(axes: Axes, pooled: pd.Series, by_municipality: pd.DataFrame, words: Words) -> None:
    """Every group's row of a share, the group under study on top with its outermost members
    named.
    """
    groups = (words.group.key, *words.group.others)
    for row, group in enumerate(groups):
        of_group = by_municipality[by_municipality["group"] == group]
        values = of_group.set_index("code")[pooled.name]
        _strip(axes, row, group, values, pooled[group], "share", words)
    name_rows(axes, [words.group_name(group) for group in groups])
    _name_outermost(
        axes,
        by_municipality[by_municipality["group"] == groups[0]].set_index("code")[pooled.name],
        words,
    )
    axes.xaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 4, 5, 10]))
    quiet_grid(axes)
    axes.xaxis.set_major_formatter(
        FuncFormatter(lambda value, _: words.value(value, _plain("share"), 1))
    )


def _name_outermost(axes: Axes, values: pd.Series, words: Words) -> None:
    """Write the names of the lowest and the highest above their dots."""
    axes.set_ylim(axes.get_ylim()[0], axes.get_ylim()[1] - 0.75)
    known = values.dropna()
    for code, side in ((known.idxmin(), "left"), (known.idxmax(), "right")):
        axes.annotate(
            words.municipality(code),
            (known[code], 0),
            (0, 7),
            textcoords="offset points",
            ha=side,
            va="bottom",
        )


def _strip(
    axes: Axes, row: int, group: str, values: pd.Series, pooled: float, unit: str, words: Words
) -> None:
    """One group's municipalities as dots, its pooled figure as a stroke, written at the end of the
    row.
    """
    colour = _colour(group, words)
    dots = {"color": colour, "markersize": 4.5, "alpha": 0.5, "markeredgewidth": 0}
    if group == words.group.key:  # each a mark of its own, which a page may set off
        for code, value in values.dropna().items():
            axes.plot(value, row, "o", gid=words.mark_of(str(code)), clip_on=False, **dots)
    else:
        axes.plot(values, [row] * len(values), "o", **dots)
    axes.plot(pooled, row, "|", color=colour, markersize=13, markeredgewidth=3)
    figure = (
        words["not_public"]
        if pd.isna(pooled)
        else words.value(float(f"{pooled:.3g}"), _plain(unit), 2)
    )
    axes.annotate(figure, (1.02, row), xycoords=("axes fraction", "data"), va="center")


def _colour(group: str, words: Words) -> str:
    return COLOURS["today" if group == words.group.key else COMPARED[group]]


def _plain(unit: str) -> str:
    return unit if unit == "share" else "index"


def plot_expenditure_path(path: pd.DataFrame, words: Words) -> Figure:
    """Draw yen per resident by fiscal year, a line a group with the middle half of its
    municipalities, the payment's year shaded.
    """
    figure, axes = new_figure(height=3.6)
    year = path.loc[path["nationwide_payment"] == "yes", "fiscal_year"].iloc[0]
    axes.axvspan(year - 0.3, year + 0.3, color=COLOURS["band"], linewidth=0)
    axes.annotate(words["payment"], (year, 0.03), xycoords=("data", "axes fraction"), ha="center")
    heights = _heights_of_names(path)
    for group, rows in path.groupby("group", sort=False):
        _spending_line(axes, group, rows, heights[group], words)
    axes.set_xlim(right=path["fiscal_year"].max() + 1.15)
    axes.set_ylim(bottom=0)
    years = sorted(path["fiscal_year"].unique())
    axes.set_xticks(years, [words["fiscal_year"].format(year=each) for each in years])
    axes.set_title(words["expenditure_axis"], loc="left")
    quiet_grid(axes, "y")
    return figure


def _heights_of_names(path: pd.DataFrame) -> dict[str, float]:
    """Where each line is named: at its end, or higher where the name below would touch it."""
    last = path[path["fiscal_year"] == path["fiscal_year"].max()].set_index("group")
    ends, height = last["expenditure_per_resident_jpy"].sort_values() / 1000, -np.inf
    return {group: (height := max(end, height + LABEL_GAP)) for group, end in ends.items()}


def _spending_line(axes: Axes, group: str, rows: pd.DataFrame, height: float, words: Words) -> None:
    """One group's line in thousand yen over the band of its middle half, with its name."""
    spent, low, high = (
        rows[column] / 1000 for column in ("expenditure_per_resident_jpy", "q25_jpy", "q75_jpy")
    )
    colour, years = _colour(group, words), rows["fiscal_year"]
    axes.fill_between(years, low, high, color=colour, alpha=0.15, linewidth=0)
    axes.plot(years, spent, "-o", color=colour, markersize=5)
    at = years.iloc[-1] + 0.12, height
    axes.annotate(words.group_name(group), at, va="center", color=colour)


def plot_ward_map(wards: pd.DataFrame, words: Words) -> Figure:
    """Draw one indicator on the wards' tiles, darker where it is higher, with its value in each
    tile.
    """
    name, values = wards["indicator"].iloc[0], wards.set_index("code")["value"]
    divisor, unit = MAP_SCALE.get(name, (1, "share" if name.endswith("_share") else "index"))
    figure, axes = new_figure(height=map_inches(wards))
    texts = values.map(
        lambda value: words.value(value / divisor, unit, 2 if unit == "share" else 3)
    )
    draw_tiles(
        axes, wards[["code", "column", "row"]], values, texts, shades(values, "today"), words
    )
    axes.annotate(words[f"map_{name}"], (0.0, 1.0), xycoords="axes fraction", va="bottom")
    return figure


def plot_staffing(staff: pd.DataFrame, groups: pd.DataFrame, words: Words) -> Figure:
    """Draw each ward's staff per 1,000 residents in order; below, all municipalities of the three
    groups, a line for each.
    """
    column, rows = "staff_per_1000_residents", (words.group.key, *words.group.others)
    wards = staff[staff["group"] == words.group.key].sort_values("rank", kind="stable")
    compared = staff.loc[staff["group"] != words.group.key, column]
    figure, axes = new_figure(rows=len(wards) + len(rows))
    axes.axvspan(compared.min(), compared.max(), color=COLOURS["band"], linewidth=0)
    axes.plot(wards[column], range(len(wards)), "o", color=COLOURS["today"], markersize=6)
    axes.axhline(len(wards) - 0.5, color=COLOURS["quiet"], linewidth=0.8)
    pooled = groups.set_index("group")[column]
    for row, group in enumerate(rows, start=len(wards)):
        values = staff.loc[staff["group"] == group, column]
        _strip(axes, row, group, values, pooled[group], "index", words)
    names = *map(words.municipality, wards["code"]), *map(words.group_name, rows)
    name_rows(axes, names)
    axes.set_xlim(left=0)
    axes.xaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 4, 5, 10]))
    axes.set_xlabel(words["staff_axis"])
    quiet_grid(axes)
    return figure


def plot_initiatives(items: pd.DataFrame, words: Words) -> Figure:
    """Draw the dated items on a vertical time axis, each led to its text; the aims without a date
    stand on top.
    """
    label = f"label_{words.lang}"
    aims, dated = items.loc[items["kind"] == "undated", label], items[items["kind"] != "undated"]
    texts = [words["aims"].format(aims=words["and"].join(aims))]
    texts += [
        words[item.kind].format(date=words.date(item.date), label=getattr(item, label))
        for item in dated.itertuples()
    ]
    blocks = [
        wrapped(text, columns, words.lang)
        for text, columns in zip(texts, [AIM_COLUMNS] + [TEXT_COLUMNS] * len(dated), strict=True)
    ]
    tops = [0.0, *accumulate(block.count("\n") + 1 + GAP_LINES for block in blocks)]
    figure, axes = new_figure(height=tops[-1] * LINE_INCHES)
    axes.set_ylim(tops[-1], 0)
    axes.set_xlim(0, 1)
    axes.set_axis_off()
    axes.annotate(blocks[0], (0, 0), va="top", linespacing=LINE_SPACING)
    _timeline(axes, dated, list(zip(tops[1:-1], blocks[1:], strict=True)))
    return figure


def _timeline(axes: Axes, dated: pd.DataFrame, texts: list[tuple[float, str]]) -> None:
    years = dated["fiscal_year"] + 0.25  # a calendar year is a quarter ahead of the fiscal year
    first, last = math.floor(years.min()), years.max()
    top, bottom = texts[0][0] + 0.5, texts[-1][0] + 0.5
    places = np.interp([*years, *range(first, math.floor(last) + 1)], [first, last], [top, bottom])
    axes.plot([SPINE, SPINE], [top, bottom], color=COLOURS["quiet"], linewidth=1)
    for year, place in enumerate(places[len(years) :], start=first):
        axes.annotate(str(year), (0, place), va="center")
        axes.plot([SPINE - 0.015, SPINE], [place, place], color=COLOURS["quiet"], linewidth=1)
    for kind, place, (height, text) in zip(dated["kind"], places, texts, strict=False):
        line, mark, ink = ("claim", "D", "claim") if kind == "deadline" else ("today", "o", "ink")
        axes.plot(
            [SPINE, TEXT_FROM - 0.015], [place, height + 0.5], color=COLOURS[line], linewidth=0.8
        )
        axes.plot(SPINE, place, mark, color=COLOURS[line], markersize=6)
        axes.annotate(
            text, (TEXT_FROM, height), va="top", linespacing=LINE_SPACING, color=COLOURS[ink]
        )
