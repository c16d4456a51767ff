"""The charts of chapter 2 that need observed costs: Lorenz curve, coefficients, specification
curve, influence.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from analysis.theme import COLOURS, label_line, name_rows, new_figure, quiet_grid
from workbook.words.chart_words import Words

CENTRAL, SIZE = "controls", "log_residents"
CONTROLS = ("log_density", "log_daytime_ratio")
MODELS = ("size_only", "controls", "controls_squared")
METHODS, QUARTILES = ("hc3", "wild"), ("q25", "q50", "q75")
CHOICES = ("density", "daytime", "squared", "weighted", "all_municipalities")
# half-widths of the widest least-squares interval that the axis shows; quartiles may reach beyond
WIDEST = 3.0


def plot_lorenz(
    lorenz: pd.DataFrame, unevenness: pd.DataFrame, parts: pd.DataFrame, words: Words
) -> Figure:
    """Draw the shares of cost against the shares of residents, cheapest wards first, next to the
    line of equal cost.
    """
    figure, axes = new_figure(height=4.6)
    residents, costs = (
        100 * np.r_[0, lorenz[column]] for column in ("residents_share", "cost_share")
    )
    axes.plot([0, 100], [0, 100], color=COLOURS["quiet"], linewidth=1, linestyle="--")
    axes.fill_between(residents, costs, residents, color=COLOURS["band"], linewidth=0)
    axes.plot(residents, costs, color=COLOURS["today"], linewidth=1.8, marker="o", markersize=3)
    above = {"textcoords": "offset points", "ha": "right", "va": "bottom"}
    axes.annotate(words["all_alike"], (40, 40), (-6, 6), color=COLOURS["quiet"], **above)
    notes = "\n".join(_notes_on_unevenness(unevenness, parts, words))
    axes.annotate(notes, (98, 12), ha="right", linespacing=1.4)
    for row, segment, name, side in (
        (0, slice(0, 2), "cheapest", {"xytext": (16, -1), "ha": "left", "va": "bottom"}),
        (-1, slice(-2, None), "dearest", {"xytext": (-34, 0), "ha": "right", "va": "center"}),
    ):
        ward = words[name].format(name=words.municipality(lorenz["code"].iloc[row]))
        middle = residents[segment].mean(), costs[segment].mean()
        axes.annotate(ward, middle, textcoords="offset points", **side)
    axes.set(xlim=(0, 100), ylim=(0, 100), aspect="equal", xlabel=words["residents_reached"])
    axes.set_title(words["cost_reached"], loc="left")
    return figure


def _notes_on_unevenness(
    unevenness: pd.DataFrame, parts: pd.DataFrame, words: Words
) -> Iterator[str]:
    """The Gini coefficient, and which share of unevenness lies between groups, where there are
    any.
    """
    gini = unevenness.set_index("index").loc["gini", "p50"]
    yield words["gini"].format(gini=words.value(gini, "index"))
    if len(parts):
        theil = parts.set_index("index").loc["theil_t"]
        share = words.value(theil["between"] / theil["total"], "share")
        yield words["between"].format(share=share)


def plot_coefficients(table: pd.DataFrame, words: Words) -> Figure:
    """Draw the elasticity of the wards under each model and method, then among cheap and expensive
    wards; below, the controls.
    """
    wards = table[table["sample"] == "wards"].set_index(["model", "term", "method"])
    sizes = [(model, SIZE, method) for model in MODELS for method in METHODS] + [
        (CENTRAL, SIZE, method) for method in QUARTILES
    ]
    figure, (upper, lower) = new_figure(
        height=5.4, nrows=2, height_ratios=[len(sizes), len(CONTROLS) + 0.8]
    )
    names = [words[model] if method == "hc3" else words[method] for model, _, method in sizes]
    _intervals(upper, wards.loc[sizes], names, 1.0, words["one"])
    upper.set_xlabel(words["elasticity"])
    _intervals(
        lower,
        wards.loc[[(CENTRAL, term, "hc3") for term in CONTROLS]],
        [words[term] for term in CONTROLS],
        0.0,
        words["zero"],
    )
    lower.set_xlabel(words["control"])
    return figure


def _intervals(
    axes: Axes, rows: pd.DataFrame, names: list[str], neutral: float, meaning: str
) -> None:
    """Dots with their intervals, one row each; an interval that leaves the axis ends in an
    arrow.
    """
    low, high = rows["low"].fillna(-np.inf), rows["high"].fillna(np.inf)
    left, right = _ends_of_axis(rows, low, high, neutral)
    axes.axvline(neutral, color=COLOURS["quiet"], linewidth=1.2, linestyle="--")
    side = "right" if 2 * neutral > left + right else "left"
    above = {"xycoords": ("data", "axes fraction"), "textcoords": "offset points"}
    axes.annotate(meaning, (neutral, 1), xytext=(0, 2), ha=side, va="bottom", **above)
    bar = {"color": COLOURS["modelled"], "linewidth": 4, "solid_capstyle": "butt"}
    arrow = {"color": COLOURS["modelled"], "markersize": 8, "clip_on": False}
    for place, (start, end, estimate) in enumerate(zip(low, high, rows["estimate"], strict=True)):
        axes.plot([max(start, left), min(end, right)], [place, place], **bar)
        for beyond, at, mark in ((start < left, left, "<"), (end > right, right, ">")):
            if beyond:
                axes.plot(at, place, mark, **arrow)
        axes.plot(estimate, place, "o", color=COLOURS["pooled"], markersize=5.5)
    margin = 0.04 * (right - left)
    axes.set_xlim(left - margin, right + margin)
    name_rows(axes, names)
    axes.xaxis.set_major_locator(MaxNLocator(4))
    quiet_grid(axes)


def _ends_of_axis(
    rows: pd.DataFrame, low: pd.Series, high: pd.Series, neutral: float
) -> tuple[float, float]:
    """Where the axis ends: by the widest interval of least squares, no further than any reaches,
    and never short of what means nothing.
    """
    least_squares = rows[rows.index.get_level_values("method").isin(METHODS)]
    widths = (least_squares["high"] - least_squares["low"]).replace(np.inf, np.nan)
    reach = WIDEST * widths.max() / 2
    left = min(neutral, rows["estimate"].min()) - reach
    right = max(neutral, rows["estimate"].max()) + reach
    return min(neutral, max(left, low.min())), max(neutral, min(right, high.max()))


def plot_specifications(table: pd.DataFrame, influence: pd.DataFrame, words: Words) -> Figure:
    """Draw the elasticity of every specification with its interval, in rising order, over the
    choices that make it.
    """
    figure, (upper, lower) = new_figure(height=5.2, nrows=2, height_ratios=[3, 2], sharex=True)
    upper.vlines(
        table["place"], table["low"], table["high"], color=COLOURS["modelled"], linewidth=2.2
    )
    upper.plot(table["place"], table["elasticity"], "o", color=COLOURS["pooled"], markersize=4)
    upper.axhline(1, color=COLOURS["quiet"], linewidth=1.2, linestyle="--")
    upper.set_title(words["elasticity"], loc="left")
    quiet_grid(upper, "y")
    heaviest = words.municipality(influence.loc[influence["leverage"].idxmax(), "code"])
    choices = {choice: (words[choice].format(name=heaviest), table[choice]) for choice in CHOICES}
    if table["sample"].nunique() > 1:
        choices["all"] = (words["all"], table["sample"] == "all")
    for row, (_, chosen) in enumerate(choices.values()):
        lower.plot(table["place"], [row] * len(table), "o", color=COLOURS["grid"], markersize=3)
        lower.plot(
            table.loc[chosen, "place"],
            [row] * int(chosen.sum()),
            "o",
            color=COLOURS["today"],
            markersize=4,
        )
    name_rows(lower, [name for name, _ in choices.values()])
    lower.set_xticks([])
    lower.set_xlabel(words["specifications"])
    return figure


def plot_influence(influence: pd.DataFrame, table: pd.DataFrame, words: Words) -> Figure:
    """Draw the elasticity with each ward left out, and its Cook's distance; leverage is written at
    the end of the row.
    """
    rows = influence.sort_values("leverage", ascending=False, ignore_index=True)
    figure, (left, right) = new_figure(
        rows=len(rows) + 1, ncols=2, sharey=True, width_ratios=[3, 2]
    )
    by_model = table.set_index(["sample", "model", "term", "method"])
    _left_out(left, rows, by_model.loc["wards", CENTRAL, SIZE, "hc3"]["estimate"], words)
    right.barh(rows.index, rows["cook_distance"], height=0.6, color=COLOURS["modelled"])
    _write_leverages(right, rows["leverage"], words["leverage"])
    name_rows(left, [words.municipality(code) for code in rows["code"]])
    left.set_ylim(len(rows) - 0.4, -1.5)
    right.tick_params(axis="y", length=0)
    right.spines["left"].set_visible(False)
    for axes, title in ((left, "without"), (right, "cook")):
        axes.set_xlabel(words[title])
        axes.xaxis.set_major_locator(MaxNLocator(3))
        quiet_grid(axes)
    return figure


def _left_out(axes: Axes, rows: pd.DataFrame, full: float, words: Words) -> None:
    """The elasticity of all wards as a line, and how far leaving out each moves it."""
    axes.axvline(full, color=COLOURS["pooled"], linewidth=1.4)
    text = words["full"].format(elasticity=words.value(full, "index"))
    label_line(axes, full, -0.9, text, "pooled", ha="center", xytext=(0, 0))
    without, line = rows["elasticity_without"], {"color": COLOURS["modelled"], "linewidth": 2}
    axes.hlines(rows.index, full, without, **line)
    axes.plot(without, rows.index, "o", color=COLOURS["pooled"], markersize=5)


def _write_leverages(axes: Axes, leverages: pd.Series, head: str) -> None:
    """Write a column of leverages on the right of the axes, with its head."""
    place = {"xycoords": ("axes fraction", "data"), "va": "center", "annotation_clip": False}
    for row, leverage in leverages.items():
        axes.annotate(f"{leverage:.2f}", (1.02, row), **place)
    axes.annotate(head, (1.02, -1), ha="left", **place)
