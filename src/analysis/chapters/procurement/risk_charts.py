"""The pictures of chapter 4 on risk: what carries the spread, the joint condition, the tail and the
evidence.
"""

from __future__ import annotations

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
    shades = ListedColormap(shades_of("modelled"))
    net, gross = (
        conditions.pivot(index="carried_over", columns="fixed_share", values=f"ratio_{reading}")
        for reading in ("net", "gross")
    )
    axes.contourf(
        net.columns, net.index, net, levels=np.linspace(-0.5, 1.5, 9), cmap=shades, extend="both"
    )
    lines = axes.contour(
        net.columns, net.index, net, levels=QUARTERS[:-1], colors=COLOURS["quiet"], linewidths=0.8
    )
    axes.clabel(lines, fmt=lambda level: words.value(level, "share"), inline=True)
    _name_contour(axes, net, "-", words["meets_net"], "center")
    _name_contour(axes, gross, "--", words["meets_gross"], "right")
    box = today.set_index("condition")
    low, width = box["p10"], box["p90"] - box["p10"]
    axes.add_patch(
        Rectangle(
            (low["fixed_share"], low["carried_over"]),
            width["fixed_share"],
            width["carried_over"],
            fill=False,
            edgecolor=COLOURS["ink"],
            linewidth=1.6,
        )
    )
    axes.plot(
        box.loc["fixed_share", "p50"],
        box.loc["carried_over", "p50"],
        "o",
        color=COLOURS["ink"],
        markersize=6,
    )
    label_line(
        axes,
        low["fixed_share"] + width["fixed_share"] / 2,
        low["carried_over"],
        words["today"],
        ha="center",
        va="top",
        xytext=(0, -4),
    )
    axes.set_xticks(QUARTERS, _percent(QUARTERS, words))
    axes.set_yticks(QUARTERS, _percent(QUARTERS, words))
    axes.set_ylabel(words["carried_axis"])
    name_axis(axes, words["fixed_axis"])
    return figure


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
    settings = tail[["prior_shape", "correlation"]].drop_duplicates().itertuples(index=False)
    names = [(shape, correlation) for shape, correlation in settings]
    figure, axes = new_figure(rows=1.5 * len(names) + 1)
    for place, (shape, correlation) in enumerate(names):
        for row in tail[
            (tail["prior_shape"] == shape) & (tail["correlation"] == correlation)
        ].itertuples():
            style, height = TAIL_STYLES[row.reading], place + TAIL_STYLES[row.reading]["above"]
            axes.plot(
                [row.target_ratio_p50, row.target_ratio_p95],
                [height, height],
                color=style["color"],
                linewidth=2.4,
            )
            axes.plot(row.target_ratio_p50, height, "o", color=style["color"], markersize=6)
            axes.plot(
                row.target_ratio_p95,
                height,
                "|",
                color=style["color"],
                markersize=11,
                markeredgewidth=2.4,
            )
            text = words.value(row.target_ratio_p95, "share")
            label_line(
                axes,
                row.target_ratio_p95,
                height,
                f"{words[row.reading]} {text}" if place == 0 else text,
                colour=style["color"],
            )
    name_rows(
        axes,
        [
            words["setting"].format(
                shape=words[shape], correlation=words.value(correlation, "index", 1)
            )
            for shape, correlation in names
        ],
    )
    axes.axvline(0, color=COLOURS["quiet"], linewidth=0.8)
    if words.group.published:
        claim_line(axes, 1, words["target"], va="bottom", xytext=(0, 2), ha="center")
        axes.set_xticks(QUARTERS, _percent(QUARTERS, words))
    else:
        axes.margins(x=0.2)
        axes.locator_params(axis="x", nbins=4)
        axes.xaxis.set_major_formatter(lambda ratio, _: words.value(round(ratio, 6), "share"))
    quiet_grid(axes)
    name_axis(axes, words["tail_axis"])
    return figure


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
        for row in (
            savings[savings["kind"] == kind].sort_values("value", ascending=False).itertuples()
        ):
            colour = COLOURS["modelled_today"] if kind in ("claim", "ex_ante") else COLOURS["today"]
            axes.plot([row.low, row.high], [len(names)] * 2, color=colour, linewidth=3)
            axes.plot(
                row.value,
                len(names),
                "o",
                color=colour,
                markersize=7,
                markerfacecolor="white" if kind in ("claim", "ex_ante") else colour,
                markeredgewidth=1.8,
            )
            names.append(row.label_ja if words.lang == "ja" else row.label_en)
    name_rows(axes, names)
    axes.axvline(0, color=COLOURS["quiet"], linewidth=0.8)
    share = float(shares.loc[shares["quantity"] == "claimed", "value"].iloc[0])
    claim_line(
        axes,
        share,
        f"{words['claimed']} {words.value(share, 'share')}",
        va="bottom",
        xytext=(0, 2),
        ha="center",
    )
    quiet_grid(axes)
    axes.set_xticks(QUARTERS[:-1], _percent(QUARTERS[:-1], words))
    name_axis(axes, words["saving_axis"])
    return figure


def _percent(ticks: tuple[float, ...], words: Words) -> list[str]:
    return [words.value(tick, "share") for tick in ticks]
