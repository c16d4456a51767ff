"""The charts of chapter 8: plan and outturn on one axis, multiples in both arms, the back-cast, and
the reference classes.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.theme import (
    COLOURS,
    HATCH,
    MODEL_STYLES,
    claim_line,
    label_line,
    name_axis,
    name_rows,
    new_figure,
    quiet_grid,
    wrapped,
)
from workbook.words.chart_words import Words

__all__ = ["plot_back_cast", "plot_both_arms", "plot_outturn", "plot_reference_cases"]

LINE_INCHES, GAP_LINES = 0.2, 0.7
LANES = {
    "plan": {"edge": 0.3, "text": 0.26, "columns": 16, "ha": "right", "colour": "pooled"},
    "came": {"edge": 0.445, "text": 0.49, "columns": 28, "ha": "left", "colour": "today"},
}


def plot_outturn(rows: pd.DataFrame, dates: pd.DataFrame, words: Words) -> Figure:
    """Draw the plan's milestones left and the events right of one vertical time axis, each led to
    its text.
    """
    items = _items(rows, dates, words)
    first, last = (
        math.floor(items["fiscal_year"].min() - 0.1),
        math.ceil(items["fiscal_year"].max()),
    )
    length = items.loc[items["lane"] == "came", "lines"].add(GAP_LINES).sum()
    items["at"] = np.interp(items["fiscal_year"], [first, last], [2, 2 + length])
    items = pd.concat([_apart(lane) for _, lane in items.groupby("lane")])
    bottom = (items["top"] + items["lines"]).max()
    figure, axes = new_figure(height=(bottom + 1) * LINE_INCHES)
    axes.set(xlim=(0, 1), ylim=(bottom + 0.5, 0))
    axes.set_axis_off()
    _spine(axes, first, last, length)
    for lane, place in LANES.items():
        side = {"ha": place["ha"], "va": "top", "color": COLOURS[place["colour"]]}
        axes.annotate(words[f"lane_{lane}"], (place["text"], 0.2), **side)
    for row in items.itertuples():
        _item(axes, row)
    return figure


def _items(rows: pd.DataFrame, dates: pd.DataFrame, words: Words) -> pd.DataFrame:
    """The milestones, the events and the report's deadline, each with its text and its lines."""
    deadline = dates.loc[dates["date_id"] == "report_deadline", ["fiscal_year"]]
    items = pd.concat([rows, deadline.assign(lane="plan", due=True)], ignore_index=True)
    items["due"] = items["due"].notna()
    items["block"] = [_block(row, words) for row in items.itertuples()]
    items["lines"] = items["block"].str.count("\n") + 1.0
    return items


def _block(row: tuple, words: Words) -> str:
    text = words["deadline"] if row.due else getattr(row, f"text_{words.lang}")
    return wrapped(text, LANES[row.lane]["columns"], words.lang)


def _apart(lane: pd.DataFrame) -> pd.DataFrame:
    """The texts of one lane in order of date, each at its date or as far below it as the text above
    it needs.
    """
    lane, tops, free = lane.sort_values("at", kind="stable"), [], 1.8
    for at, lines in zip(lane["at"], lane["lines"], strict=True):
        tops.append(max(at - 0.5, free))
        free = tops[-1] + lines + GAP_LINES
    return lane.assign(top=tops)


def _spine(axes: Axes, first: int, last: int, length: float) -> None:
    """The axis between the lanes; years are calendar years and stand at their January."""
    for place in LANES.values():
        axes.plot([place["edge"]] * 2, [2, 2 + length], color=COLOURS["quiet"], linewidth=1)
    middle = sum(place["edge"] for place in LANES.values()) / 2
    for year in range(first + 1, last + 1):
        axes.annotate(
            str(year),
            (middle, np.interp(year - 0.25, [first, last], [2, 2 + length])),
            ha="center",
            va="center",
            color=COLOURS["quiet"],
        )


def _item(axes: Axes, row: tuple) -> None:
    lane = LANES[row.lane]
    colour = COLOURS["claim" if row.due else lane["colour"]]
    gap = 0.012 if row.lane == "plan" else -0.012
    axes.plot(
        [lane["edge"], lane["text"] + gap], [row.at, row.top + 0.5], color=colour, linewidth=0.8
    )
    axes.plot(lane["edge"], row.at, "D" if row.due else "o", color=colour, markersize=6)
    axes.annotate(
        row.block,
        (lane["text"], row.top),
        ha=lane["ha"],
        va="top",
        linespacing=1.15,
        multialignment=lane["ha"],
        color=COLOURS["claim" if row.due else "ink"],
    )


def plot_both_arms(arms: pd.DataFrame, words: Words) -> Figure:
    """Draw cost without and with pooling at each cost level, with the report's, that only one arm
    would leave.
    """
    figure, axes = new_figure(height=4.7)
    divisor, unit = words.axis("JPY/year")
    for place, row in enumerate(arms.itertuples()):
        _both_bars(axes, place, row, divisor, words)
    _name_bars(axes, int(arms["pooled_jpy"].argmax()), words)
    name_rows(axes, [_level_name(row, words) for row in arms.itertuples()])
    level = float(arms.loc[arms["multiple"] == 1, "without_jpy"].iloc[0]) / divisor
    _report_level(axes, level, words)
    axes.set_xlim(0, 2.15 * float(arms["without_jpy"].max()) / divisor)
    axes.locator_params(axis="x", nbins=5)
    axes.xaxis.set_major_formatter("{x:,.0f}")
    name_axis(axes, words["arms_axis"].format(unit=unit))
    return figure


def _both_bars(axes: Axes, place: int, row: object, divisor: float, words: Words) -> None:
    bar = {"height": 0.36, "linewidth": 0}
    axes.barh(place - 0.2, row.without_jpy / divisor, color=COLOURS["today"], **bar)
    axes.barh(place + 0.2, row.pooled_jpy / divisor, color=COLOURS["pooled"], hatch=HATCH, **bar)
    saved = words["saved"].format(value=words.value(row.gross_saving_jpy, "JPY"))
    label_line(axes, row.without_jpy / divisor, place, saved)


def _name_bars(axes: Axes, place: int, words: Words) -> None:
    """Write what the bars are into the two that have most room for it."""
    for side, key, colour in ((-0.2, "without", "today"), (0.2, "with_pooling", "pooled")):
        axes.annotate(
            words[key],
            (0, place + side),
            va="center",
            xytext=(6, 0),
            textcoords="offset points",
            color="white",
            bbox={"facecolor": COLOURS[colour], "edgecolor": "none", "pad": 0.6},
        )


def _level_name(row: object, words: Words) -> str:
    if row.multiple == 1:
        return words[row.source_id]
    ratio = words.value(row.multiple, "ratio")
    return words["times"].format(name=words[row.source_id], ratio=ratio)


def _report_level(axes: Axes, level: float, words: Words) -> None:
    axes.axvline(level, color=COLOURS["quiet"], linestyle="--", linewidth=1.2)
    axes.annotate(
        words["report_level_line"],
        (level, 1),
        xycoords=("data", "axes fraction"),
        ha="center",
        va="bottom",
        color=COLOURS["quiet"],
        xytext=(0, 2),
        textcoords="offset points",
    )


def plot_back_cast(
    money: pd.DataFrame,
    costs: pd.DataFrame,
    dates: pd.DataFrame,
    target: pd.DataFrame,
    words: Words,
) -> Figure:
    """Draw three forecasts from the evidence of the time against what came: money, running cost,
    dates.
    """
    heights = [len(money) + 2, len(costs) + 2, len(dates) + 2]
    figure, panels = new_figure(height=0.3 * sum(heights) + 0.6, nrows=3, height_ratios=heights)
    divisor, unit = words.axis("JPY")
    _money_panel(panels[0], money, target["value"], divisor, words)
    panels[0].set_title(words["panel_money"].format(unit=unit), loc="left")
    _cost_panel(panels[1], costs, words)
    panels[1].set_title(words["panel_cost"], loc="left")
    _date_panel(panels[2], dates, words)
    panels[2].set_title(words["panel_dates"], loc="left")
    for axes in panels:
        quiet_grid(axes)
    return figure


def _interval(axes: Axes, place: int, row: tuple, divisor: float, colour: str, solid: bool) -> None:
    axes.plot(
        [row.p10 / divisor, row.p90 / divisor],
        [place, place],
        color=colour,
        linewidth=5,
        alpha=0.8 if solid else 0.4,
        solid_capstyle="butt",
    )
    axes.plot(
        row.p50 / divisor,
        place,
        "o",
        color=colour,
        markersize=6,
        markerfacecolor=colour if solid else "white",
    )


def _money_panel(
    axes: Axes, money: pd.DataFrame, targets: pd.Series, divisor: float, words: Words
) -> None:
    renamed = money.rename(columns={f"saving_{q}_jpy": q for q in ("p10", "p50", "p90")})
    came = renamed[renamed["evidence"] == "came"]
    rows = _forecasts(renamed.drop(index=came.index))
    for place, row in enumerate(rows.itertuples()):
        colour, solid = MODEL_STYLES[row.scale_model]["color"], row.evidence == "of_this_run"
        _interval(axes, place, row, divisor, colour, solid)
    for place, row in enumerate(came.itertuples(), start=len(rows)):
        axes.plot(row.p50 / divisor, place, "o", color=COLOURS["today"], markersize=7)
        text = words["came_scope"].format(value=words.value(row.p50, "JPY"))
        label_line(axes, row.p50 / divisor, place, text, xytext=(8, 0))
    names = [
        words["evidence_of"].format(model=words[row.scale_model], evidence=words[row.evidence])
        for row in rows.itertuples()
    ]
    name_rows(axes, [*names, *(words[row.scale_model] for row in came.itertuples())])
    axes.xaxis.set_major_formatter("{x:,.0f}")
    for target in targets:
        claim_line(axes, target / divisor, words["target"], y=0.98, ha="left")
    axes.axvline(0, color=COLOURS["quiet"], linewidth=0.8)


def _forecasts(rows: pd.DataFrame) -> pd.DataFrame:
    """The forecasts by scale model in the order of all charts, then by evidence."""
    places = {model: place for place, model in enumerate(MODEL_STYLES)}
    return rows.sort_values(
        ["scale_model", "evidence"],
        key=lambda column: column.map(places) if column.name == "scale_model" else column,
    )


def _cost_panel(axes: Axes, costs: pd.DataFrame, words: Words) -> None:
    for place, row in enumerate(costs.itertuples()):
        if row.kind == "forecast":
            _interval(axes, place, row, 1.0, COLOURS["pooled"], solid=False)
        else:
            marker, colour = ("D", "claim") if row.kind == "goal" else ("o", "today")
            axes.plot(row.p50, place, marker, color=COLOURS[colour], markersize=7)
        label_line(axes, row.p90, place, _times(row.p50, words), xytext=(8, 0))
    name_rows(
        axes,
        [
            words["forecast"] if row.kind == "forecast" else words[row.source_id]
            for row in costs.itertuples()
        ],
    )
    axes.axvline(1, color=COLOURS["quiet"], linewidth=0.8)
    axes.set_xlim(0, 1.25 * float(costs["p90"].max()))


def _times(ratio: float, words: Words) -> str:
    """A ratio with two decimals at most."""
    return words.value(ratio, "ratio", 2 if abs(ratio) < 1 else 3)


def _date_panel(axes: Axes, dates: pd.DataFrame, words: Words) -> None:
    for place, row in enumerate(dates.itertuples()):
        _interval(axes, place, row, 1.0, COLOURS["pooled"], solid=False)
        above = place - 0.42
        if not np.isnan(row.deadline):
            ends = [place - 0.4, place + 0.4]
            axes.plot([row.deadline] * 2, ends, color=COLOURS["claim"], linewidth=2)
            side = {"ha": "center", "va": "bottom", "xytext": (0, 0)}
            label_line(axes, row.deadline, above, words["mark_deadline"], "claim", **side)
        if not np.isnan(row.came):
            axes.plot(row.came, place, "o", color=COLOURS["today"], markersize=7)
            side = {"va": "bottom", "xytext": (-5, 0)}
            label_line(axes, row.came, above, words["founded"], "today", **side)
    subjects = ["core_done" if row.subject == "core" else row.subject for row in dates.itertuples()]
    name_rows(axes, [words[subject] for subject in subjects])
    axes.set_ylim(len(dates) - 0.4, -1.3)
    axes.set_xlim(left=math.floor(dates[["came", "p10"]].min(axis=None)) - 1)
    axes.xaxis.set_major_formatter("{x:.0f}")
    axes.locator_params(axis="x", nbins=6, integer=True)


def plot_reference_cases(cases: pd.DataFrame, classes: pd.DataFrame, words: Words) -> Figure:
    """Draw each case's outcome as a ratio to its plan, class by class with its size.

    Cases without a ratio are left to the table.
    """
    known = cases.dropna(subset="ratio")
    groups = list(known.groupby(["quantity", "intervention"], sort=False))
    sizes = classes.groupby(["quantity", "intervention"])["cases"].sum()
    names: list[str] = []
    figure, axes = new_figure(rows=len(known) + len(groups) + 1)
    for of_class, rows in groups:
        names.append(_class_name(*of_class, sizes[of_class], words))
        for row in rows.sort_values("ratio").itertuples():
            _case(axes, len(names), row, words)
            names.append("  " + words[row.evidence_id])
    name_rows(axes, names)
    for label in axes.get_yticklabels():
        label.set_color(COLOURS["ink" if label.get_text().startswith(" ") else "quiet"])
    claim_line(axes, 1, words["as_planned"], va="bottom", xytext=(0, 2), ha="center")
    low, high = float(known["ratio"].min()), float(known["ratio"].max())
    axes.set_xlim(low - 0.08 * (high - low), high + 0.5 * (high - low))
    axes.locator_params(axis="x", integer=True)
    axes.axvline(0, color=COLOURS["quiet"], linewidth=0.8)
    name_axis(axes, words["ratio_axis"])
    quiet_grid(axes)
    return figure


def _class_name(quantity: str, intervention: str, size: int, words: Words) -> str:
    parts = words[f"quantity_{quantity}"], words[f"intervention_{intervention}"]
    return words["class_name"].format(quantity=parts[0], intervention=parts[1], size=size)


def _case(axes: Axes, place: int, row: Any, words: Words) -> None:
    """One case: a line from as planned to its outcome, filled where that was worse."""
    axes.plot([1, row.ratio], [place, place], color=COLOURS["grid"], linewidth=2)
    fill = COLOURS["today"] if row.worse else "white"
    axes.plot(row.ratio, place, "o", color=COLOURS["today"], markersize=7, markerfacecolor=fill)
    label_line(axes, max(row.ratio, 1), place, _times(row.ratio, words), xytext=(7, 0))
