"""The pictures of chapter 12: the distance to the target, the scenarios, who gains, and what to
learn next.
"""

from __future__ import annotations

from typing import Any

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
)
from analysis.tile_map import draw_tiles, map_inches, shades
from workbook.words.chart_words import Words

__all__ = ["plot_distance", "plot_net_gains", "plot_scenarios", "plot_what_to_learn"]


def plot_distance(distance: pd.DataFrame, words: Words) -> Figure:
    """Draw the baselines as bars, the savings as intervals and the target as a line, in yen over
    the plan's years.
    """
    rows = distance[distance["kind"] != "target"].reset_index(drop=True)
    figure, axes = new_figure(rows=len(rows) + 1)
    divisor, unit = words.axis("JPY")
    for place, row in rows.iterrows():
        ends = [row[f"{end}_jpy"] / divisor for end in ("low", "value", "high")]
        if row["kind"] == "baseline":
            _baseline_bar(axes, place, *ends)
        else:
            _interval(axes, place, *ends, MODEL_STYLES[row["name"]]["color"])
    name_rows(axes, [_row_name(row, words) for row in rows.itertuples()])
    above = {"va": "bottom", "ha": "center", "xytext": (0, 2)}
    for target in distance.loc[distance["kind"] == "target", "value_jpy"]:
        claim = f"{words['target']} {words.value(target, 'JPY')}"
        claim_line(axes, target / divisor, claim, **above)
    axes.axvline(0, color=COLOURS["quiet"], linewidth=0.8)
    name_axis(axes, words["axis"].format(unit=unit))
    quiet_grid(axes)
    return figure


def _baseline_bar(axes: Axes, place: int, low: float, value: float, high: float) -> None:
    """What is spent: a bar from nothing, with the range of its total."""
    axes.barh(place, value, color=COLOURS["modelled_today"], height=0.62, hatch=HATCH)
    axes.plot([low, high], [place, place], color=COLOURS["ink"], linewidth=1.2)


def _row_name(row: object, words: Words) -> str:
    if row.kind == "baseline":
        return words[f"baseline_{row.name}"]
    return f"{words[row.name]} {words['saving_' + row.reading]}"


def plot_scenarios(scenarios: pd.DataFrame, words: Words) -> Figure:
    """Draw each scenario's net share of the target and whole-life value, P10 to P90 and median, the
    baseline on top.
    """
    figure, panels = new_figure(rows=2 * len(scenarios) + 5, nrows=2)
    divisor, unit = words.axis("JPY")
    names = [words[f"scenario_{name}"] for name in scenarios["scenario"]]
    for axes, column, end, scale, title in (
        (panels[0], "target_ratio", "", 0.01, words["panel_target"]),
        (panels[1], "npv", "_jpy", divisor, words["panel_npv"].format(unit=unit)),
    ):
        _intervals(axes, scenarios, column, end, scale)
        name_rows(axes, names)
        axes.set_title(title, loc="left")
        axes.axvline(0, color=COLOURS["quiet"], linewidth=0.8)
        quiet_grid(axes)
    if words.group.published:
        claim_line(panels[0], 100, words["target"], va="bottom", ha="right", xytext=(-4, 2))
    return figure


def _intervals(axes: Axes, scenarios: pd.DataFrame, column: str, end: str, scale: float) -> None:
    for place, row in enumerate(scenarios.to_dict("records")):
        _interval(
            axes,
            place,
            *(row[f"{column}_{level}{end}"] / scale for level in ("p10", "p50", "p90")),
            COLOURS["pooled"],
        )


def _interval(axes: Axes, place: int, low: float, middle: float, high: float, colour: str) -> None:
    axes.plot([low, high], [place, place], color=colour, linewidth=5, alpha=0.45)
    axes.plot(middle, place, "o", color=colour, markersize=7)


def plot_net_gains(gains: pd.DataFrame, words: Words) -> Figure:
    """Draw each ward's tile with its median net gain per resident, darker where it gains in more
    draws.
    """
    figure, axes = new_figure(height=map_inches(gains))
    table = gains.set_index("code")
    texts = table["gain_per_resident_p50_jpy"].map(lambda yen: words.value(round(yen), "index"))
    draw_tiles(
        axes,
        gains[["code", "column", "row"]],
        table["gains_share"],
        texts,
        shades(table["gains_share"], "pooled", 0, 1),
        words,
    )
    axes.annotate(words["gain_key"], (0.0, 1.0), xycoords="axes fraction", va="bottom")
    return figure


def plot_what_to_learn(
    table: pd.DataFrame, models: pd.DataFrame, turns: pd.DataFrame, words: Words
) -> Figure:
    """Draw, above, what knowing which model is right is worth by the weight on each rival, next to
    the group of inputs that is worth most; below, each input's share of the variance and its swing
    under its group, the group that is worth most to know first on top, with that worth.
    """
    rows = _grouped_rows(table)
    figure, (upper, axes) = new_figure(
        rows=len(rows) + 9, nrows=2, height_ratios=[7, len(rows) + 1]
    )
    _model_panel(upper, models, turns, table["knowing_jpy"].max(), words)
    names = []
    for place, row in enumerate(rows):
        if place == 0 or _heads(row, rows[place - 1]):
            _group_band(axes, place, row, words)
            names.append(words[f"learn_{row.learned}"])
        else:
            _marks_of_input(axes, place, row)
            names.append(words[row.input])
    name_rows(axes, names)
    axes.set_xlim(left=0)
    for line in axes.lines:
        line.set_clip_on(False)  # a mark at nought is whole
    name_axis(axes, words["learn_axis"])
    quiet_grid(axes)
    return figure


def _grouped_rows(table: pd.DataFrame) -> list[Any]:
    """A row for each group of inputs, followed by the rows of its inputs."""
    rows: list[Any] = []
    for _, inputs in table.fillna({"learned": "none"}).groupby("learned", sort=False):
        rows += [next(inputs.itertuples()), *inputs.dropna(subset=["input"]).itertuples()]
    return rows


def _marks_of_input(axes: Axes, place: int, row: Any) -> None:
    """An input's share of the variance as a dot, its swing as an open diamond."""
    axes.plot(100 * row.split_share, place, "o", color=COLOURS["pooled"], markersize=7)
    axes.plot(100 * row.swing, place, "D", color=COLOURS["ink"], markersize=6, fillstyle="none")


def _model_panel(
    axes: Axes, models: pd.DataFrame, turns: pd.DataFrame, best_group: float, words: Words
) -> None:
    divisor, unit = words.axis("JPY/year")
    for rival, line in models.groupby("rival", sort=False):
        style = {name: MODEL_STYLES[rival][name] for name in ("color", "linestyle")}
        axes.plot(100 * line["weight"], line["knowing_jpy"] / divisor, **style)
        top = line.loc[line["knowing_jpy"].idxmax()]
        if top["knowing_jpy"] > 0:
            label_line(axes, 100 * top["weight"], top["knowing_jpy"] / divisor, words[rival])
        else:  # nothing is gained at any weight: the line lies on the axis
            label_line(axes, 50, 0, words[rival], ha="center", va="bottom", xytext=(0, 3))
    for flip in turns.dropna(subset=["flip_weight"]).itertuples():
        label = words["turns"].format(weight=words.value(flip.flip_weight, "share"))
        axes.plot(100 * flip.flip_weight, flip.most_jpy / divisor, "o", color=COLOURS["ink"])
        at = 100 * flip.flip_weight, flip.most_jpy / divisor
        label_line(axes, *at, label, va="top", xytext=(8, -4))
    axes.axhline(best_group / divisor, color=COLOURS["quiet"], linewidth=1.0)
    label_line(
        axes, 50, best_group / divisor, words["best_group"], ha="center", va="bottom", xytext=(0, 2)
    )
    axes.set(xlim=(0, 100), ylim=(0, None))
    axes.set_title(words["model_axis"].format(unit=unit), loc="left")
    axes.set_xlabel(words["weight_on_rival"])
    quiet_grid(axes, "y")


def _heads(row: object, above: object) -> bool:
    """Whether a row is the head of its group: it stands first, and its input again below."""
    return row.learned != above.learned


def _group_band(axes: Axes, place: int, row: object, words: Words) -> None:
    axes.axhspan(place - 0.5, place + 0.5, color=COLOURS["band"], linewidth=0)
    if row.knowing_jpy == row.knowing_jpy:
        worth = words["worth"].format(value=words.value(row.knowing_jpy, "JPY/year"))
        axes.annotate(
            worth, (0.99, place), xycoords=("axes fraction", "data"), ha="right", va="center"
        )
