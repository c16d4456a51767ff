"""The picture of chapter 9: target, baselines and rival savings on one scale."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from analysis.charts.theme import COLOURS, HATCH, MODEL_STYLES, claim_line, name_axis, name_rows, new_figure, quiet_grid
from analysis.charts.words import Words
from analysis.charts.words.findings import WORDS

__all__ = ["WORDS", "plot_distance"]


def plot_distance(distance: pd.DataFrame, words: Words) -> Figure:
    """Draw the baselines as bars, the savings as intervals and the target as a line, in yen over five years."""
    rows = distance[distance["kind"] != "target"].reset_index(drop=True)
    figure, axes = new_figure(rows=len(rows) + 1)
    divisor, unit = words.axis("JPY")
    for place, row in rows.iterrows():
        if row["kind"] == "baseline":
            axes.barh(place, row["value_jpy"] / divisor, color=COLOURS["modelled_today"], height=0.62, hatch=HATCH)
            axes.plot([row["low_jpy"] / divisor, row["high_jpy"] / divisor], [place, place], color=COLOURS["ink"], linewidth=1.2)
        else:
            colour = MODEL_STYLES[row["name"]]["color"]
            axes.plot([row["low_jpy"] / divisor, row["high_jpy"] / divisor], [place, place], color=colour, linewidth=5, alpha=0.45)
            axes.plot(row["value_jpy"] / divisor, place, "o", color=colour, markersize=7)
    name_rows(axes, [_row_name(row, words) for row in rows.itertuples()])
    target = distance.loc[distance["kind"] == "target", "value_jpy"].iloc[0]
    claim_line(axes, target / divisor, f"{words['target']} {words.value(target, 'JPY')}", va="bottom", ha="center", xytext=(0, 2))
    axes.axvline(0, color=COLOURS["quiet"], linewidth=0.8)
    name_axis(axes, words["axis"].format(unit=unit))
    quiet_grid(axes)
    return figure


def _row_name(row: object, words: Words) -> str:
    if row.kind == "baseline":
        return words[f"baseline_{row.name}"]
    return f"{words[row.name]} {words['saving_' + row.reading]}"
