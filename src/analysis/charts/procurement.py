"""The pictures of chapter 4: readings of the target, the S-curve, the levers and what moves the answer."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from analysis.charts.theme import COLOURS, HATCH, MODEL_STYLES, claim_line, label_line, name_axis, name_rows, new_figure, quiet_grid
from analysis.charts.words import Words
from analysis.charts.words.procurement import WORDS

__all__ = ["WORDS", "plot_levers", "plot_readings", "plot_saving_curve", "plot_tornado"]
SUBTOTALS = ("gross", "net")
TORNADO_ROWS = 10
# where each curve is named: at which probability, and on which side of it, so that no name lies on another curve
LABEL_PLACES = {"cross_section": (0.35, "right"), "joint_cloud": (0.25, "left"), "source_report": (0.85, "right")}


def plot_readings(readings: pd.DataFrame, words: Words) -> Figure:
    """Draw the saving under each reading as a share of the target, grouped by scale model."""
    order = {model: place for place, model in enumerate(MODEL_STYLES)}
    rows = readings.sort_values(["scale_model", "baseline", "reading"], key=lambda c: c.map(order) if c.name == "scale_model" else c)
    figure, axes = new_figure(rows=len(rows) + len(order))
    names, place = [], 0
    for model, style in MODEL_STYLES.items():
        names.append(words[model])
        for row in rows[rows["scale_model"] == model].itertuples():
            place = len(names)
            axes.plot([row.target_ratio_p10, row.target_ratio_p90], [place, place], color=style["color"], linewidth=4, alpha=0.45)
            axes.plot(row.target_ratio_p50, place, "o", color=style["color"], markersize=6)
            names.append(f"{words[row.baseline + '_short']} {words[row.reading + '_short']}")
    name_rows(axes, names)
    quiet_grid(axes)
    axes.axvline(0, color=COLOURS["quiet"], linewidth=0.8)
    claim_line(axes, 1, words["target"], va="bottom", xytext=(0, 2), ha="center")
    _percent_axis(axes, words)
    name_axis(axes, words["ratio_axis"])
    return figure


def plot_saving_curve(curve: pd.DataFrame, target: pd.DataFrame, words: Words) -> Figure:
    """Draw the probability of at least so much net saving, one line per scale model, with the published target."""
    figure, axes = new_figure(height=3.9)
    divisor, unit = words.axis("JPY")
    for model, style in MODEL_STYLES.items():
        rows = curve[curve["scale_model"] == model].sort_values("probability")
        axes.plot(rows["saving_jpy"] / divisor, rows["probability"], color=style["color"], linestyle=style["linestyle"], linewidth=2.2)
        level, side = LABEL_PLACES[model]
        place = rows.iloc[(rows["probability"] - level).abs().argmin()]
        label_line(axes, place["saving_jpy"] / divisor, place["probability"], words[model], colour=style["color"],
                   ha=side, xytext=(-6 if side == "right" else 6, 0))
    goal = target["value"].iloc[0] / divisor
    claim_line(axes, goal, f"{words['target']} {words.value(target['value'].iloc[0], 'JPY')}", va="bottom", ha="right", xytext=(4, 2))
    axes.axvline(0, color=COLOURS["quiet"], linewidth=0.8)
    axes.set_ylim(0, 1)
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1], [words.value(p, "share") for p in (0, 0.25, 0.5, 0.75, 1)])
    name_axis(axes, words["saving_axis"].format(unit=unit))
    axes.set_ylabel(words["probability_axis"])
    quiet_grid(axes, "y")
    return figure


def plot_levers(levers: pd.DataFrame, words: Words) -> Figure:
    """Draw the waterfall from nothing to the net saving, costs hatched in grey, with P10 to P90 of each step."""
    figure, axes = new_figure(rows=len(levers) + 1)
    divisor, unit = words.axis("JPY/year")
    for place, row in enumerate(levers.itertuples()):
        subtotal = row.step in SUBTOTALS
        start = 0.0 if subtotal else row.before_jpy
        colour = COLOURS["pooled"] if subtotal else COLOURS["modelled"] if row.mean_jpy >= 0 else COLOURS["modelled_today"]
        axes.barh(place, row.mean_jpy / divisor, left=start / divisor, color=colour, hatch=HATCH, height=0.62)
        ends = [(start + end) / divisor for end in (row.p10_jpy, row.p90_jpy)]
        axes.plot(ends, [place, place], color=COLOURS["ink"], linewidth=1.2)
        label_line(axes, max(*ends, (start + row.mean_jpy) / divisor), place, words.value(row.mean_jpy, "JPY", 2))
    name_rows(axes, [words[step] for step in levers["step"]])
    axes.axvline(0, color=COLOURS["quiet"], linewidth=0.8)
    axes.margins(x=0.22)
    quiet_grid(axes)
    name_axis(axes, words["lever_axis"].format(unit=unit))
    return figure


def plot_tornado(sensitivity: pd.DataFrame, words: Words) -> Figure:
    """Draw how far each of the ten widest inputs alone moves the net saving, low and high ends named."""
    rows = sensitivity.head(TORNADO_ROWS)
    figure, axes = new_figure(rows=len(rows) + 1)
    for place, row in enumerate(rows.itertuples()):
        for end, ratio, colour in (("low_end", row.ratio_at_low, COLOURS["modelled_today"]), ("high_end", row.ratio_at_high, COLOURS["modelled"])):
            axes.barh(place, ratio - row.ratio_central, left=row.ratio_central, color=colour, height=0.62)
            if place == 0:
                label_line(axes, ratio, place, words[end], ha="left" if ratio > row.ratio_central else "right", xytext=(4 if ratio > row.ratio_central else -4, 0))
    axes.axvline(rows["ratio_central"].iloc[0], color=COLOURS["ink"], linewidth=1.2)
    name_rows(axes, [words[name] for name in rows["input"]])
    axes.margins(x=0.12)
    quiet_grid(axes)
    _percent_axis(axes, words)
    name_axis(axes, words["tornado_axis"])
    return figure


def _percent_axis(axes, words: Words) -> None:
    ticks = [tick for tick in axes.get_xticks() if axes.get_xlim()[0] <= tick <= axes.get_xlim()[1]]
    axes.set_xticks(ticks, [words.value(round(float(tick), 6), "share") for tick in ticks])
