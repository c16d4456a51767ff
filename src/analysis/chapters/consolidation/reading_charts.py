"""What pooling saves and how many platforms are cheapest, as each scale model reads it."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from analysis.theme import (
    COLOURS,
    MODEL_STYLES,
    label_line,
    name_rows,
    new_figure,
    quiet_grid,
)
from workbook.words.chart_words import Words

CORE, OTHERS = "core", ("internal", "communication", "online_counter", "infrastructure", "data_use")
OWN = "joint_cloud"  # the model in which the other groups are drawn
LEVELS = ("p10", "p50", "p90")
# where each curve is named: at which share of the most platforms, and how far from it
NAMED_AT = {
    "cross_section": (0.6, (0, 9)),
    "joint_cloud": (0.6, (0, -12)),
    "source_report": (0.6, (36, -12)),
}


def plot_instances(instances: pd.DataFrame, words: Words) -> Figure:
    """Draw the core systems' cost index over the number of platforms, a line for each scale model;
    below, each other system group's index on one platform and on its cheapest number.
    """
    others = [group for group in OTHERS if group in set(instances["system_group"])]
    figure, _ = new_figure(
        height=3.6 + 0.34 * len(others), nrows=2, height_ratios=[2.6, 0.34 * len(others) + 0.5]
    )
    upper, lower = figure.axes
    core = instances[instances["system_group"] == CORE]
    for model, style in MODEL_STYLES.items():
        _curve(upper, core[core["scale_model"] == model], style, words[model])
    upper.axhline(1, color=COLOURS["today"], linewidth=1)
    most = int(core["instances"].max())
    upper.set_xticks(sorted({1, round(most / 3), round(2 * most / 3), most}))
    upper.set_ylim(upper.get_ylim())
    upper.set_yticks(_ticks_within(*upper.get_ylim()))
    upper.set_title(words["core_index"], loc="left")
    upper.set_xlabel(words["platforms"])
    quiet_grid(upper, "y")
    own = instances[instances["scale_model"] == OWN]
    _against_one(lower, own[own["system_group"].isin(others)], others, words)
    return figure


def _ticks_within(low: float, high: float) -> list[float]:
    """Round ticks between two ends, none beyond them."""
    return [tick for tick in MaxNLocator(4).tick_values(low, high) if low <= tick <= high]


def _curve(axes: Axes, curve: pd.DataFrame, style: dict[str, Any], name: str) -> None:
    """One model's line with its name, the cheapest number as a dot, its band if it has one."""
    number, colour = curve["instances"], style["color"]
    if style["band"]:
        ends = curve["cost_index_p10"], curve["cost_index_p90"]
        axes.fill_between(number, *ends, color=colour, alpha=0.18, linewidth=0)
    axes.plot(number, curve["cost_index_p50"], color=colour, linestyle=style["linestyle"], lw=2)
    best = curve[curve["best"]]
    axes.plot(best["instances"], best["cost_index_p50"], "o", color=colour, mec="white", zorder=5)
    share, away = NAMED_AT[str(curve["scale_model"].iloc[0])]
    named = curve.iloc[round(share * (len(curve) - 1))]
    place = named["instances"], named["cost_index_p50"]
    label_line(axes, *place, name, colour, ha="center", xytext=away)


def _against_one(axes: Axes, curves: pd.DataFrame, groups: list[str], words: Words) -> None:
    """A row for each group: hollow on one platform, filled on its cheapest number."""
    for place, group in enumerate(groups):
        curve = curves[curves["system_group"] == group]
        one, best = curve[curve["instances"] == 1].iloc[0], curve[curve["best"]].iloc[0]
        ends = one["cost_index_p50"], best["cost_index_p50"]
        axes.plot(ends, [place, place], color=COLOURS["modelled"], linewidth=2, zorder=1)
        axes.plot(ends[0], place, "o", color=COLOURS["pooled"], mfc="white", markersize=7)
        axes.plot(ends[1], place, "o", color=COLOURS["pooled"], markersize=7)
        axes.annotate(
            words["on_best"].format(number=int(best["instances"])),
            (ends[1], place),
            (-7, 0),
            textcoords="offset points",
            ha="right",
            va="center",
        )
        if place == 0:
            label_line(axes, ends[0], place, words["on_one"], xytext=(8, 0))
    name_rows(axes, [words[group] for group in groups])
    axes.axvline(1, color=COLOURS["today"], linewidth=1)
    lowest = float(curves.loc[curves["best"], "cost_index_p50"].min())
    axes.set_xlim(lowest - 0.35 * (1 - lowest), 1 + 0.08 * (1 - lowest))
    axes.set_xticks(_ticks_within(*axes.get_xlim()))
    axes.set_title(words["others_index"].format(model=words[OWN]), loc="left")
    quiet_grid(axes)


def plot_scale_models(models: pd.DataFrame, migration: pd.DataFrame, words: Words) -> Figure:
    """Draw what pooling saves under each scale model, P10 to P90 with the median written, and next
    to it the cheapest number of core platforms; below, what migration costs once.
    """
    figure, _ = new_figure(
        rows=len(models) + 5,
        nrows=2,
        ncols=2,
        width_ratios=[2.6, 1],
        height_ratios=[len(models) + 1, 1.8],
    )
    saved, beside, paid, corner = figure.axes
    corner.set_axis_off()
    for place, row in enumerate(models.itertuples()):
        ends = [100 * getattr(row, f"pooled_saving_share_{end}") for end in LEVELS]
        colour = str(MODEL_STYLES[str(row.scale_model)]["color"])
        _range_bar(saved, place, ends, colour, words.value(ends[1] / 100, "share"))
    name_rows(saved, [words[model] for model in models["scale_model"]])
    saved.set_ylim(len(models) - 0.5, -1.0)
    saved.axvline(0, color=COLOURS["quiet"], linewidth=0.9)
    saved.set_title(words["saved_axis"], loc="left")
    quiet_grid(saved)
    _write_best_numbers(beside, models, words)
    _migration_bar(paid, migration.iloc[0], words)
    return figure


def _range_bar(axes: Axes, place: float, ends: list[float], colour: str, text: str) -> None:
    """A bar from P10 to P90 with a dot at the median, which is written above it."""
    low, middle, high = ends
    axes.plot([low, high], [place, place], color=colour, linewidth=6, alpha=0.45)
    axes.plot(middle, place, "o", color=colour, markersize=7)
    label_line(axes, middle, place, text, colour, ha="center", va="bottom", xytext=(0, 6))


def _write_best_numbers(axes: Axes, models: pd.DataFrame, words: Words) -> None:
    """Write the cheapest number of core platforms in each model's row, with its P10 to P90."""
    for place, row in enumerate(models.itertuples()):
        fewest, best, most = (int(getattr(row, f"best_instances_core_{end}")) for end in LEVELS)
        axes.text(0.5, place, f"{best} ({fewest}–{most})", ha="center", va="center")
    axes.text(0.5, -0.75, words["best_core"], ha="center", va="bottom")
    axes.set(xlim=(0, 1), ylim=(len(models) - 0.5, -1.0))
    axes.set_axis_off()


def _migration_bar(axes: Axes, migration: pd.Series, words: Words) -> None:
    """The cost that is paid once, on an axis of its own: it is a multiple of what a year saves."""
    ends = [100 * migration[f"of_a_year_{end}"] for end in LEVELS]
    text = words["migration_median"].format(
        share=words.value(migration["of_a_year_p50"], "share"),
        cost=words.value(migration["cost_p50_jpy"], "JPY"),
    )
    _range_bar(axes, 0, ends, COLOURS["today"], text)
    name_rows(axes, [words["migration"]])
    axes.set(xlim=(0, max(1.1 * ends[-1], 1)), ylim=(0.5, -0.9))
    axes.set_title(words["paid_axis"], loc="left")
    quiet_grid(axes)
