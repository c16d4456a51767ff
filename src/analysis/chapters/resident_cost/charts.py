"""The charts of chapter 2: the national curve, the scope bridge, the wards' modelled costs, what
data would teach.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from analysis.theme import COLOURS, HATCH, label_line, name_rows, new_figure, quiet_grid
from workbook.words.chart_words import Words

# rivals differ by stroke, never by colour alone
STROKES = {"implied": "-", "mayors_2020": "--", "own": ":", "national_curve": "-."}
SIZE_TICKS = {1e4: "ten_thousand", 1e5: "hundred_thousand", 1e6: "million"}
COST_TICKS = (2_000, 5_000, 10_000, 20_000)
# a ward's cost by rival drivers, and the item that it publishes: told apart by form
RIVAL_MARKS = {
    "cost_by_residents_jpy": "D",
    "cost_by_drivers_jpy": "s",
    "item_per_resident_jpy": "^",
}
PER_RESIDENT = {"item_per_resident_jpy"}
WARD_SPAN = (66_000, 917_000)  # the smallest and the largest ward: where a ward's level is drawn
CENTRAL = "log_quadratic"
# least distance of two labels: on the log axis, and as a share of a linear one
LABEL_RATIO, LABEL_SHARE = 1.18, 0.14
# where along its band a published moment carries its name, and on which side
MOMENT_LABELS = {
    "mean_0_20000": (1.0, {"ha": "left", "va": "bottom", "xytext": (-20, 9)}),
    "mean_100000_200000": (0.5, {"ha": "center", "va": "top", "xytext": (0, -30)}),
    "total_200000_inf": (1.0, {"ha": "right", "va": "top", "xytext": (0, -14)}),
}


def _thousands(value: float, _: object = None) -> str:
    return f"{value:,.0f}"


def _name_upright(axes: Axes, text: str) -> None:
    """Write the name of the vertical axis above it, so that no text is turned."""
    axes.annotate(
        text,
        (0, 1),
        xycoords="axes fraction",
        ha="left",
        va="bottom",
        textcoords="offset points",
        xytext=(-36, 6),
    )


def plot_national_curve(
    curve: pd.DataFrame, moments: pd.DataFrame, comparison: pd.DataFrame, words: Words
) -> Figure:
    """Draw the fan of fitted forms over size with the published moments as steps and the wards'
    stated levels.
    """
    figure, axes = new_figure(height=4.2)
    lines = curve.pivot(index="residents", columns="form", values="cost_per_resident_jpy")
    _fan_of_forms(axes, lines)
    _log_axes(axes, lines.index[0], lines.index[-1], words)
    axes.annotate(
        words["fan"], (0.12, 0.97), xycoords="axes fraction", va="top", color=COLOURS["today"]
    )
    for moment in moments.drop_duplicates("moment").itertuples():
        _moment_step(axes, moment, lines.index[0], lines.index[-1], words)
    stated = comparison.dropna(subset="ratio")  # what can be held against the survey
    wards = stated.sort_values("ward_cost_per_resident_jpy")
    heights = _apart(wards["ward_cost_per_resident_jpy"], LABEL_RATIO, np.multiply)
    for place, (ward, height) in enumerate(zip(wards.itertuples(), heights, strict=True)):
        _ward_level(axes, ward, height, words, below=place == 0)
    return figure


def _fan_of_forms(axes: Axes, lines: pd.DataFrame) -> None:
    """The range of all forms, a dashed line for each, the central one drawn through."""
    ends = lines.min(axis=1), lines.max(axis=1)
    axes.fill_between(lines.index, *ends, color=COLOURS["grid"], linewidth=0)
    for form in lines:
        width, stroke = (1.8, "-") if form == CENTRAL else (0.6, (0, (4, 2)))
        style = {"color": COLOURS["today"], "linewidth": width, "linestyle": stroke}
        axes.plot(lines.index, lines[form], **style)


def _log_axes(axes: Axes, smallest: float, largest: float, words: Words) -> None:
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(smallest, largest)
    axes.set_ylim(0.8 * COST_TICKS[0], 1.4 * COST_TICKS[-1])
    axes.xaxis.set_major_locator(FixedLocator(list(SIZE_TICKS)))
    axes.xaxis.set_major_formatter(
        FuncFormatter(lambda size, _: words[SIZE_TICKS[size]] if size in SIZE_TICKS else "")
    )
    axes.yaxis.set_major_locator(FixedLocator(COST_TICKS))
    axes.yaxis.set_major_formatter(FuncFormatter(_thousands))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_minor_locator(NullLocator())
    axes.set_xlabel(words["residents"])
    _name_upright(axes, words["cost_per_resident"])


def _moment_step(axes: Axes, moment: tuple, smallest: float, largest: float, words: Words) -> None:
    """One published moment over its band; a total that contains another moment's band is left to
    the table.
    """
    if moment.moment not in MOMENT_LABELS:
        return
    low, high = (
        max(moment.residents_from, smallest),
        largest if np.isnan(moment.residents_below) else moment.residents_below,
    )
    level = moment.published_per_resident_jpy
    axes.plot(
        [low, high], [level, level], color=COLOURS["ink"], linewidth=3.2, solid_capstyle="butt"
    )
    at, settings = MOMENT_LABELS[moment.moment]
    text = words[moment.moment].format(cost=_thousands(level))
    axes.annotate(text, (low ** (1 - at) * high**at, level), textcoords="offset points", **settings)


def _apart(levels: Iterable[float], gap: float, step: np.ufunc) -> list[float]:
    """Heights for labels of rising levels, each at least a gap above the last (a step that adds or
    multiplies).
    """
    heights: list[float] = []
    for level in levels:
        heights.append(max(level, step(heights[-1], gap)) if heights else level)
    return heights


def _ward_level(axes: Axes, ward: tuple, height: float, words: Words, below: bool) -> None:
    """A rival level over the sizes of wards; the lowest is named below its line, the others
    above.
    """
    level = ward.ward_cost_per_resident_jpy
    span = WARD_SPAN if words.group.published else axes.get_xlim()
    axes.plot(
        span, [level, level], color=COLOURS["claim"], linewidth=2, linestyle=STROKES[ward.baseline]
    )
    text = words["wards_at"].format(name=words[ward.baseline], cost=_thousands(level))
    axes.annotate(
        text,
        (span[1], height),
        color=COLOURS["claim"],
        textcoords="offset points",
        ha="right",
        va="top" if below else "bottom",
        xytext=(0, -4 if below else 3),
    )


def plot_scope_bridge(bridge: pd.DataFrame, comparison: pd.DataFrame, words: Words) -> Figure:
    """Draw both costs per resident against the share in scope, with the share at which they meet,
    per baseline.
    """
    figure, axes = new_figure(height=3.9)
    per_cent = words.axis("share")[0]
    axes.set_xlim(0, 100)
    ends = bridge[bridge["point"] == "whole"].sort_values("ward_cost_per_resident_jpy")
    whole = ends.set_index("baseline")
    for place, baseline in enumerate(whole.index):
        line = bridge[bridge["baseline"] == baseline].sort_values("in_scope_share")
        for column, colour in (
            ("ward_cost_per_resident_jpy", "claim"),
            ("other_cost_per_resident_jpy", "today"),
        ):
            style = {"color": COLOURS[colour], "linestyle": STROKES[baseline], "linewidth": 1.8}
            axes.plot(line["in_scope_share"] / per_cent, line[column], **style)
        _meeting_point(axes, line[line["point"] == "level"].iloc[0], per_cent, place, words)
    axes.set_ylim(0)
    _name_ends(axes, whole, words)
    axes.yaxis.set_major_formatter(FuncFormatter(_thousands))
    axes.set_xlabel(words["share_in_scope"])
    _name_upright(axes, words["cost_per_resident_linear"])
    return figure


def _meeting_point(axes: Axes, level: pd.Series, per_cent: float, place: int, words: Words) -> None:
    """Where the wards cost what the others do: the lines of rivals meet further left, their labels
    stand higher.
    """
    share, cost = level["in_scope_share"] / per_cent, level["ward_cost_per_resident_jpy"]
    axes.plot([share, share], [0, cost], color=COLOURS["ink"], linewidth=0.8, linestyle=":")
    axes.plot(share, cost, "o", color=COLOURS["ink"], markersize=6)
    side = (
        {"ha": "right", "xytext": (-4, 15 * place - 3)}
        if place
        else {"ha": "left", "xytext": (4, 12)}
    )
    label_line(axes, share, 0, words.value(level["in_scope_share"], "share"), **side)


def _name_ends(axes: Axes, whole: pd.DataFrame, words: Words) -> None:
    """Name the lines at their right end, outside the axes, where no line can cross the names."""
    levels = {words["others"]: (whole["other_cost_per_resident_jpy"].mean(), "today")}
    levels |= {
        words["wards_of"].format(name=words[baseline]): (cost, "claim")
        for baseline, cost in whole["ward_cost_per_resident_jpy"].items()
    }
    ordered = sorted(levels.items(), key=lambda named: named[1][0])
    heights = _apart([level for _, (level, _) in ordered], LABEL_SHARE * axes.get_ylim()[1], np.add)
    for (name, (_, colour)), height in zip(ordered, heights, strict=True):
        axes.annotate(
            name,
            (100, height),
            ha="left",
            va="center",
            textcoords="offset points",
            xytext=(5, 0),
            color=COLOURS[colour],
            annotation_clip=False,
        )


def plot_ward_costs(costs: pd.DataFrame, comparison: pd.DataFrame, words: Words) -> Figure:
    """Draw each ward's cost per resident, P10-P90 with its median, largest ward first, next to the
    other large municipalities.

    By size, not by cost: an order by cost would read as a ranking, and rival drivers, marked on
    each row, order the wards differently. Observed costs have no interval and are dots alone.
    """
    rows = costs.sort_values("residents", ascending=False, ignore_index=True)
    figure, axes = new_figure(rows=len(rows) + 4)
    low, middle, high = (rows[f"cost_per_resident_{level}_jpy"] for level in ("p10", "p50", "p90"))
    bar = {"color": COLOURS["modelled_today"], "hatch": HATCH, "linewidth": 0}
    axes.barh(rows.index, high - low, left=low, height=0.62, **bar)
    axes.plot(middle, rows.index, "o", color=COLOURS["today"], markersize=4)
    rivals = _mark_rivals(axes, rows, words)
    name_rows(axes, [words.municipality(code) for code in rows["code"]])
    level = _levels_on_top(axes, comparison[comparison["in_use"]].iloc[0], words)
    axes.set_xlim(0, 1.05 * max(high.max(), level, rivals))
    axes.locator_params(axis="x", nbins=5)
    axes.xaxis.set_major_formatter(FuncFormatter(_thousands))
    axes.set_xlabel(words["modelled_cost" if (high > low).any() else "observed_cost"])
    quiet_grid(axes)
    return figure


def _levels_on_top(axes: Axes, own: pd.Series, words: Words) -> float:
    """Draw what other large municipalities cost, where it can be compared, and the wards' mean,
    which is returned.
    """
    if pd.notna(own["ratio"]):
        _level_on_top(axes, own["other_cost_per_resident_jpy"], words["others_level"], "today")
    mean = float(own["ward_cost_per_resident_jpy"] / own["in_scope_share"])
    _level_on_top(axes, mean, words["wards_mean"], "claim")
    return mean


def _mark_rivals(axes: Axes, rows: pd.DataFrame, words: Words) -> float:
    """Mark what rival drivers make of each ward, and the items that are published, with a legend;
    return the highest mark.
    """
    highest = 0.0
    for column, mark in RIVAL_MARKS.items():
        stated = rows[column] if column in PER_RESIDENT else rows[column] / rows["residents"]
        if stated.isna().all():
            continue
        axes.plot(
            stated,
            rows.index,
            mark,
            color=COLOURS["ink"],
            markersize=5,
            markerfacecolor="none",
            label=words[column],
        )
        highest = max(highest, stated.max())
    axes.figure.legend(loc="outside lower left", ncols=1, frameon=False, handlelength=1)
    return highest


def _level_on_top(axes: Axes, cost: float, name: str, colour: str) -> None:
    axes.axvline(cost, color=COLOURS[colour], linewidth=1.4, zorder=0.9)
    axes.annotate(
        name.format(cost=_thousands(cost)),
        (cost, 1),
        xycoords=("data", "axes fraction"),
        ha="center",
        va="bottom",
        textcoords="offset points",
        xytext=(0, 3),
        color=COLOURS[colour],
    )


def plot_power(power: pd.DataFrame, envelope: pd.DataFrame, words: Words) -> Figure:
    """Draw the expected width of the interval for more and more observed municipalities, next to
    today's range over forms.
    """
    figure, axes = new_figure(height=3.3)
    rows = power.sort_values("municipalities").reset_index(drop=True)
    widths = rows["width"], rows["width_own_levels"]
    dots = {"markersize": 8, "markeredgecolor": COLOURS["today"], "linestyle": "none"}
    line = {"color": COLOURS["modelled_today"], "linewidth": 2, "zorder": 1}
    axes.hlines(rows.index, *widths, **line)
    axes.plot(widths[1], rows.index, color="white", marker="o", **dots)
    axes.plot(widths[0], rows.index, color=COLOURS["today"], marker="o", **dots)
    counted = zip(rows["sample"], rows["municipalities"], strict=True)
    name_rows(axes, [words[sample].format(number=number) for sample, number in counted])
    _key_of_levels(axes, words)
    elasticity = envelope.set_index("quantity").loc["scale_elasticity"]
    today = elasticity["high"] - elasticity["low"]
    _range_of_today(axes, today, words)
    axes.set_xlim(0, 1.08 * max(today, widths[1].max()))
    axes.set_xlabel(words["width"])
    quiet_grid(axes)
    return figure


def _key_of_levels(axes: Axes, words: Words) -> None:
    """Name both marks in the lower corner, on a ground that the line of today may pass under."""
    axes.annotate(
        f"●  {words['one_level']}\n○  {words['own_levels']}",
        (0.98, 0.04),
        xycoords="axes fraction",
        ha="right",
        multialignment="left",
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5},
    )


def _range_of_today(axes: Axes, today: float, words: Words) -> None:
    """A dashed line at the width that is left today, named above the axes."""
    line = {"color": COLOURS["quiet"], "linewidth": 1.6, "linestyle": "--", "zorder": 0.9}
    axes.axvline(today, **line)
    place = {"xycoords": ("data", "axes fraction"), "textcoords": "offset points"}
    text = words["today_range"].format(width=words.value(today, "index"))
    axes.annotate(text, (today, 1), xytext=(0, 2), ha="center", va="bottom", **place)
