"""The pictures of chapter 4 on risk: what carries the spread, the joint condition, the tail and the
evidence.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis.colouring import shades_of
from analysis.theme import (
    COLOURS,
    HATCH,
    claim_line,
    label_line,
    name_axis,
    name_rows,
    new_figure,
    quiet_grid,
)
from workbook.words.chart_words import Words

__all__ = ["plot_condition_map", "plot_evidence", "plot_tail", "plot_variance"]
SMALLEST_SHARE = 0.005  # of the variance: what is less is in the table, not in the picture
KINDS = ("claim", "ex_ante", "ex_post", "study")
QUARTERS = (0.0, 0.25, 0.5, 0.75, 1.0)
TAIL_STYLES = {
    "net": {"color": COLOURS["pooled"], "above": 0.17},
    "gross": {"color": COLOURS["today"], "above": -0.17},
}


def plot_variance(shares: pd.DataFrame, words: Words) -> Figure:
    """Draw the share of variance that each block and single input carries; a block's parts stand
    lighter below it.
    """
    rows = _parts_below_blocks(shares[shares["share"] >= SMALLEST_SHARE])
    figure, axes = new_figure(rows=len(rows))
    for place, row in enumerate(rows.itertuples()):
        part = row.part in ("own", "shared")
        axes.barh(
            place,
            row.share,
            color=COLOURS["modelled"],
            hatch=None if part else HATCH,
            height=0.4 if part else 0.66,
            alpha=0.6 if part else 1,
        )
        axes.plot([row.low, row.high], [place, place], color=COLOURS["ink"], linewidth=1.2)
        label_line(axes, row.high, place, words.value(row.share, "share"))
    name_rows(axes, [_named(row, words) for row in rows.itertuples()])
    axes.set_xlim(0, 1)
    quiet_grid(axes)
    axes.set_xticks(QUARTERS[::2], _percent(QUARTERS[::2], words))
    name_axis(axes, words["variance_axis"])
    return figure


def _parts_below_blocks(shares: pd.DataFrame) -> pd.DataFrame:
    alone = shares[shares["part"].isin(["whole", "single"])]
    parts = shares[shares["part"].isin(["own", "shared"])]
    ordered = [
        part
        for row in alone.itertuples()
        for part in (
            alone.loc[[row.Index]],
            parts[parts["block"] == row.block] if row.part == "whole" else parts[:0],
        )
    ]
    return pd.concat(ordered) if ordered else alone  # none is left where every input is set


def _named(row: tuple, words: Words) -> str:
    name = words[row.input]
    if row.part in ("own", "shared"):
        name = words["of_which"].format(name=words["shared"] if row.part == "shared" else name)
    return (
        f"{name} {row.evidence_grade}"
        if isinstance(row.evidence_grade, str) and row.part != "whole"
        else name
    )


def plot_condition_map(conditions: pd.DataFrame, today: pd.DataFrame, words: Words) -> Figure:
    """Draw the median net saving as a share of the target over the two conditions, where it is met,
    and where we are.
    """
    figure, axes = new_figure(height=4.6)
    net, gross = (
        conditions.pivot(index="carried_over", columns="fixed_share", values=f"ratio_{reading}")
        for reading in ("net", "gross")
    )
    _shade_ratios(axes, net, words)
    _name_contour(axes, net, "-", words["meets_net"], "center")
    _name_contour(axes, gross, "--", words["meets_gross"], "right")
    _box_of_today(axes, today.set_index("condition"), words["today"])
    axes.set_xticks(QUARTERS, _percent(QUARTERS, words))
    axes.set_yticks(QUARTERS, _percent(QUARTERS, words))
    axes.set_ylabel(words["carried_axis"])
    name_axis(axes, words["fixed_axis"])
    return figure


def _shade_ratios(axes: Axes, net: pd.DataFrame, words: Words) -> None:
    """Shade the map by the share of the target, with a line at each quarter of it."""
    over, shades = (net.columns, net.index, net), ListedColormap(shades_of("modelled"))
    axes.contourf(*over, levels=np.linspace(-0.5, 1.5, 9), cmap=shades, extend="both")
    lines = axes.contour(*over, levels=QUARTERS[:-1], colors=COLOURS["quiet"], linewidths=0.8)
    axes.clabel(lines, fmt=lambda level: words.value(level, "share"), inline=True)


def _box_of_today(axes: Axes, today: pd.DataFrame, name: str) -> None:
    """A box from P10 to P90 of both conditions, a dot at their medians, a name below it."""
    low, middle, high = (
        today.loc[["fixed_share", "carried_over"], level].to_numpy()
        for level in ("p10", "p50", "p90")
    )
    edge = {"fill": False, "edgecolor": COLOURS["ink"], "linewidth": 1.6}
    axes.add_patch(Rectangle(tuple(low), *(high - low), **edge))
    axes.plot(*middle, "o", color=COLOURS["ink"], markersize=6)
    below = {"ha": "center", "va": "top", "xytext": (0, -4)}
    label_line(axes, low[0] + (high - low)[0] / 2, low[1], name, **below)


def _name_contour(axes: Axes, ratios: pd.DataFrame, style: str, name: str, side: str) -> None:
    """Draw where the target is met and write the name on the line where it leaves the map at the
    top.
    """
    if not ratios.min(axis=None) < 1 <= ratios.max(axis=None):
        return
    axes.contour(
        ratios.columns,
        ratios.index,
        ratios,
        levels=[1.0],
        colors=COLOURS["claim"],
        linewidths=2.0,
        linestyles=style,
    )
    edge = float(np.interp(1.0, ratios.iloc[-1], ratios.columns))
    axes.annotate(
        name,
        (edge, 1.0),
        color=COLOURS["claim"],
        ha=side,
        va="bottom",
        textcoords="offset points",
        xytext=(0, 3),
        annotation_clip=False,
    )


def plot_tail(tail: pd.DataFrame, words: Words) -> Figure:
    """Draw median and P95 under each shape of the ranges and each correlation, gross and net."""
    settings = list(tail.groupby(["prior_shape", "correlation"], sort=False))
    figure, axes = new_figure(rows=1.5 * len(settings) + 1)
    for place, (_, rows) in enumerate(settings):
        for row in rows.itertuples():
            _tail_line(axes, place, row, words)
    name_rows(
        axes,
        [
            words["setting"].format(
                shape=words[shape], correlation=words.value(correlation, "index", 1)
            )
            for (shape, correlation), _ in settings
        ],
    )
    axes.axvline(0, color=COLOURS["quiet"], linewidth=0.8)
    _ticks_of_ratios(axes, words)
    quiet_grid(axes)
    name_axis(axes, words["tail_axis"])
    return figure


def _tail_line(axes: Axes, place: int, row: Any, words: Words) -> None:
    """A line from the median, a dot, to P95, a stroke with its value; named in the first row."""
    colour = TAIL_STYLES[row.reading]["color"]
    height = place + TAIL_STYLES[row.reading]["above"]
    middle, far = row.target_ratio_p50, row.target_ratio_p95
    axes.plot([middle, far], [height, height], color=colour, linewidth=2.4)
    axes.plot(middle, height, "o", color=colour, markersize=6)
    axes.plot(far, height, "|", color=colour, markersize=11, markeredgewidth=2.4)
    text = words.value(far, "share")
    named = f"{words[row.reading]} {text}" if place == 0 else text
    label_line(axes, far, height, named, colour=colour)


def _ticks_of_ratios(axes: Axes, words: Words) -> None:
    """Quarters of the target, with a line at it; round shares where none is published."""
    if words.group.published:
        claim_line(axes, 1, words["target"], va="bottom", xytext=(0, 2), ha="center")
        axes.set_xticks(QUARTERS, _percent(QUARTERS, words))
    else:
        axes.margins(x=0.2)
        axes.locator_params(axis="x", nbins=4)
        axes.xaxis.set_major_formatter(lambda ratio, _: words.value(round(ratio, 6), "share"))


def plot_evidence(shares: pd.DataFrame, words: Words) -> Figure:
    """Draw every published saving by kind of evidence, with its range where one is given, against
    the claimed share.
    """
    savings = shares[shares["quantity"] == "saving"]
    figure, axes = new_figure(rows=len(savings) + len(KINDS) + 1)
    names: list[str] = []
    for kind in KINDS:
        axes.axhline(len(names) - 0.5, color=COLOURS["grid"], linewidth=0.8)
        names.append(words[kind])
        of_kind = savings[savings["kind"] == kind].sort_values("value", ascending=False)
        for row in of_kind.itertuples():
            _published_saving(axes, len(names), row, kind in ("claim", "ex_ante"))
            names.append(row.label_ja if words.lang == "ja" else row.label_en)
    name_rows(axes, names)
    axes.axvline(0, color=COLOURS["quiet"], linewidth=0.8)
    share = float(shares.loc[shares["quantity"] == "claimed", "value"].iloc[0])
    text = f"{words['claimed']} {words.value(share, 'share')}"
    claim_line(axes, share, text, va="bottom", xytext=(0, 2), ha="center")
    quiet_grid(axes)
    axes.set_xticks(QUARTERS[:-1], _percent(QUARTERS[:-1], words))
    name_axis(axes, words["saving_axis"])
    return figure


def _published_saving(axes: Axes, place: int, row: Any, promised: bool) -> None:
    """One saving with its range; hollow where it was promised and not counted afterwards."""
    colour = COLOURS["modelled_today" if promised else "today"]
    axes.plot([row.low, row.high], [place] * 2, color=colour, linewidth=3)
    fill = {"markerfacecolor": "white" if promised else colour, "markeredgewidth": 1.8}
    axes.plot(row.value, place, "o", color=colour, markersize=7, **fill)


def _percent(ticks: tuple[float, ...], words: Words) -> list[str]:
    return [words.value(tick, "share") for tick in ticks]
