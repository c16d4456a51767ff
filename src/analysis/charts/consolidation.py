"""The pictures of chapter 3: cost against the number of platforms, and where three or four are best."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import BoundaryNorm, ListedColormap
from matplotlib.figure import Figure

from analysis.charts.theme import COLOURS, MODEL_STYLES, label_line, name_axis, new_figure, quiet_grid
from analysis.charts.words import Words
from analysis.charts.words.consolidation import WORDS

__all__ = ["WORDS", "plot_instances", "plot_three_or_four"]
PANELS = ("core", "internal", "infrastructure")
REGIONS = {"region_one": (1, 1), "region_two": (2, 2), "region_three_four": (3, 4), "region_more": (5, np.inf)}


def plot_instances(instances: pd.DataFrame, words: Words) -> Figure:
    """Draw the cost index over k for core systems, internal systems and infrastructure, one line per scale model."""
    figure, panels = new_figure(height=6.6, nrows=3, sharex=True, height_ratios=(1.5, 1, 1))
    for axes, group in zip(panels, PANELS, strict=True):
        rows = instances[instances["system_group"] == group]
        for model, style in MODEL_STYLES.items():
            _draw_curve(axes, rows[rows["scale_model"] == model], style)
        axes.axhline(1, color=COLOURS["today"], linewidth=1)
        axes.set_title(words[f"panel_{group}"], loc="left")
        axes.set_ylim(max(0.0, instances["cost_index_p10"].min() - 0.05), min(1.35, instances["cost_index_p90"].max() + 0.05))
        quiet_grid(axes, "y")
    _label_models(panels[0], instances[instances["system_group"] == "core"], words)
    panels[1].set_ylabel(words["cost_index"])
    panels[-1].set_xlabel(words["platforms"])
    panels[-1].set_xticks([1, 4, 8, 12, 16, 20, instances["instances"].max()])
    return figure


def _draw_curve(axes: Axes, curve: pd.DataFrame, style: dict) -> None:
    if style["band"]:
        axes.fill_between(curve["instances"], curve["cost_index_p10"], curve["cost_index_p90"], color=style["color"], alpha=0.18, linewidth=0)
    axes.plot(curve["instances"], curve["cost_index_p50"], color=style["color"], linestyle=style["linestyle"], linewidth=2)
    best = curve[curve["best"]]
    axes.plot(best["instances"], best["cost_index_p50"], "o", color=style["color"], markersize=7, markeredgecolor="white", zorder=5)


def _label_models(axes: Axes, core: pd.DataFrame, words: Words) -> None:
    for model, style in MODEL_STYLES.items():
        curve = core[core["scale_model"] == model].set_index("instances")["cost_index_p50"]
        label_line(axes, 8, curve[8], words[model], colour=style["color"], xytext=(2, 13 if model == "cross_section" else -14))


def plot_three_or_four(best: pd.DataFrame, bands: pd.DataFrame, words: Words) -> Figure:
    """Draw the best number of core platforms over coordination loss and premium, with both as assumed."""
    figure, axes = new_figure(height=4.2)
    grid = best.pivot(index="supplier_premium", columns="coordination_loss", values="best_instances")
    colours = ListedColormap(["#f2f2f2", "#dbe6ee", COLOURS["modelled"], "#bdbdbd"])
    axes.pcolormesh(grid.columns, grid.index, grid, cmap=colours, norm=BoundaryNorm([0.5, 1.5, 2.5, 4.5, 99], 4), shading="nearest",
                    edgecolors="face", linewidth=0.4)
    for word, (low, high) in REGIONS.items():
        region = best[best["best_instances"].between(low, high)]
        if len(region) >= 8:   # a smaller region has no room for its name
            place = region.quantile(0.85 if high == np.inf else 0.5)
            axes.text(place["coordination_loss"], place["supplier_premium"], words[word], ha="center", va="center")
    _draw_assumed(axes, bands[bands["own"]].iloc[0], words)
    for set_ticks, values in ((axes.set_xticks, grid.columns), (axes.set_yticks, grid.index)):
        ticks = [value for value in values if round(value * 100, 6) % 5 == 0]
        set_ticks(ticks, [words.value(tick, "share") for tick in ticks])
    name_axis(axes, words["loss_axis"])
    axes.set_ylabel(words["premium_axis"])
    return figure


def _draw_assumed(axes: Axes, own: pd.Series, words: Words) -> None:
    """A cross from P10 to P90 of either assumption, its middle at the medians."""
    axes.plot([own["loss_p10"], own["loss_p90"]], [own["premium_p50"]] * 2, color=COLOURS["ink"], linewidth=1.6)
    axes.plot([own["loss_p50"]] * 2, [own["premium_p10"], own["premium_p90"]], color=COLOURS["ink"], linewidth=1.6)
    axes.plot(own["loss_p50"], own["premium_p50"], "o", color=COLOURS["ink"], markersize=6)
    label_line(axes, own["loss_p50"], own["premium_p90"], words["assumed"], ha="center", xytext=(0, 9))
