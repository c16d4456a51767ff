"""The pictures of chapter 9: the distance to the target, the scenarios, who gains, and what is weak
and heavy.
"""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.theme import (
    COLOURS,
    HATCH,
    MODEL_STYLES,
    claim_line,
    name_axis,
    name_rows,
    new_figure,
    quiet_grid,
)
from analysis.tile_map import draw_tiles, map_inches, shades
from workbook.words.chart_words import Words

WEAK = "CD"  # grades of indirect evidence and of judgement

__all__ = ["plot_distance", "plot_net_gains", "plot_scenarios", "plot_weak_and_heavy"]


def plot_distance(distance: pd.DataFrame, words: Words) -> Figure:
    """Draw the baselines as bars, the savings as intervals and the target as a line, in yen over
    the plan's years.
    """
    rows = distance[distance["kind"] != "target"].reset_index(drop=True)
    figure, axes = new_figure(rows=len(rows) + 1)
    divisor, unit = words.axis("JPY")
    for place, row in rows.iterrows():
        if row["kind"] == "baseline":
            axes.barh(
                place,
                row["value_jpy"] / divisor,
                color=COLOURS["modelled_today"],
                height=0.62,
                hatch=HATCH,
            )
            axes.plot(
                [row["low_jpy"] / divisor, row["high_jpy"] / divisor],
                [place, place],
                color=COLOURS["ink"],
                linewidth=1.2,
            )
        else:
            _interval(
                axes,
                place,
                *(row[f"{end}_jpy"] / divisor for end in ("low", "value", "high")),
                MODEL_STYLES[row["name"]]["color"],
            )
    name_rows(axes, [_row_name(row, words) for row in rows.itertuples()])
    for target in distance.loc[distance["kind"] == "target", "value_jpy"]:
        claim_line(
            axes,
            target / divisor,
            f"{words['target']} {words.value(target, 'JPY')}",
            va="bottom",
            ha="center",
            xytext=(0, 2),
        )
    axes.axvline(0, color=COLOURS["quiet"], linewidth=0.8)
    name_axis(axes, words["axis"].format(unit=unit))
    quiet_grid(axes)
    return figure


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


def plot_weak_and_heavy(assumptions: pd.DataFrame, words: Words) -> Figure:
    """Draw each input's share of the variance under its evidence grade, weakest grade on top;
    figures: the width if it were known.
    """
    rows: list[object] = []
    for grade, inputs in sorted(assumptions.groupby("evidence_grade"), reverse=True):
        rows += [str(grade), *inputs.sort_values("place").itertuples()]
    figure, axes = new_figure(rows=len(rows) + 1)
    for place, row in enumerate(rows):
        if isinstance(row, str):
            axes.axhspan(place - 0.5, place + 0.5, color=COLOURS["band"], linewidth=0)
            continue
        colour = COLOURS["pooled"] if row.evidence_grade in WEAK else COLOURS["modelled"]
        axes.plot([0, 100 * row.split_share], [place, place], color=colour, linewidth=1.2)
        axes.plot(100 * row.split_share, place, "o", color=colour, markersize=8)
        if row.width_if_known == row.width_if_known:
            axes.annotate(
                words.value(row.width_if_known, "share"),
                (100 * row.split_share, place),
                (8, 0),
                textcoords="offset points",
                va="center",
            )
    name_rows(
        axes, [words[f"grade_{row}"] if isinstance(row, str) else words[row.input] for row in rows]
    )
    axes.set_title(
        words["known_key"].format(now=words.value(assumptions["width_now"].max(), "share")),
        loc="right",
    )
    axes.set_xlim(0, 125 * assumptions["split_share"].max())
    name_axis(axes, words["weight_axis"])
    quiet_grid(axes)
    return figure
