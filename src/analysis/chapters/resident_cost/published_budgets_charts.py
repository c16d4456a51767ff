"""The charts of the published budgets: cost per resident over the years, what an item consists of,
the slope between wards, and what "the ICT cost" can mean.
"""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from analysis.colouring import ink_on
from analysis.theme import COLOURS, label_line, name_axis, name_rows, new_figure, quiet_grid
from workbook.words.chart_words import Words

# municipalities differ by stroke and mark; the claim keeps its colour
LINES = (("today", "o-"), ("pooled", "s-"), ("muted_b", "^--"), ("muted_a", "D:"))
# the level of a reading: its colour, its stroke, and on which side of the line it is named
LEVELS = {"implied": ("claim", "-", 1), "survey_mean": ("quiet", "--", -1)}
PARTS = {
    "platform": "pooled",
    "core": "modelled",
    "departmental": "modelled_today",
    "terminals": "platform_c",
    "development": "platform_b",
    "network": "platform_d",
    "promotion": "platform_f",
    "centre": "grid",
}
NAMED_FROM = 0.11  # share of the item from which a part carries its figure
STATED = {"implied", "mayors_2020"}


def _thousands(value: float, _: object = None) -> str:
    return f"{value:,.0f}"


def _name(row: object, words: Words) -> str:
    return str(getattr(row, f"name_{words.lang}"))


def plot_published_budgets(
    costs: pd.DataFrame, readings: pd.DataFrame, scopes: pd.DataFrame, words: Words
) -> Figure:
    """Draw each municipality's item per resident over the fiscal years, with the survey's mean and
    what the report's total implies as levels; what each item holds, ``scopes``, is for the table.
    """
    figure, axes = new_figure(height=4.1)
    for place, (_, own) in enumerate(costs.groupby("code", sort=False)):
        _item_line(axes, own, *LINES[place % len(LINES)], words)
    first, levels = costs["fiscal_year"].min(), readings.set_index("reading")
    for reading, (colour, stroke, side) in LEVELS.items():
        level = levels.loc[reading, "cost_per_resident_jpy"]
        axes.axhline(level, color=COLOURS[colour], linewidth=1.4, linestyle=stroke, zorder=0.9)
        text = words["level"].format(name=words[reading], cost=_thousands(level))
        label_line(axes, first, level, text, colour, xytext=(0, 10 * side))
    _yearly(axes, words)
    return figure


def _item_line(axes: Axes, own: pd.DataFrame, colour: str, stroke: str, words: Words) -> None:
    """One municipality's item over the years, named at its end with its last cost."""
    years, costs = own["fiscal_year"], own["cost_per_resident_jpy"]
    axes.plot(years, costs, stroke, color=COLOURS[colour], linewidth=1.8, markersize=5)
    end = own.iloc[-1]
    cost = _thousands(end["cost_per_resident_jpy"])
    text = words["level"].format(name=_name(end, words), cost=cost)
    _beside(axes, (end["fiscal_year"], end["cost_per_resident_jpy"]), text, colour)


def _beside(axes: Axes, at: tuple[float, float], text: str, colour: str) -> None:
    axes.annotate(
        text.replace(" ", "\n", 1),
        at,
        color=COLOURS[colour],
        textcoords="offset points",
        xytext=(7, 0),
        va="center",
        annotation_clip=False,
    )


def _yearly(axes: Axes, words: Words) -> None:
    axes.set_ylim(0)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=5))
    axes.yaxis.set_major_formatter(FuncFormatter(_thousands))
    axes.set_xlabel(words["fiscal_year"])
    axes.set_title(words["per_resident"], loc="left")
    quiet_grid(axes, "y")


def plot_budget_parts(parts: pd.DataFrame, words: Words) -> Figure:
    """Draw what each item consists of in the first year, the report's and the last that are broken
    down, one bar each, with a legend of the system groups.
    """
    shown = _shown_years(parts)
    keys = list(shown.groupby(["code", "fiscal_year"], sort=False).groups)
    figure, axes = new_figure(rows=1.6 * len(keys) + 4)
    for row, key in enumerate(keys):
        own = shown[(shown["code"] == key[0]) & (shown["fiscal_year"] == key[1])]
        _stack(axes, row, own.set_index("system_group")["share"], words)
    first = shown.drop_duplicates(["code", "fiscal_year"])
    name_rows(
        axes,
        [
            words["part_year"].format(name=_name(row, words), year=row.fiscal_year)
            for row in first.itertuples()
        ],
    )
    axes.set_xlim(0, 100)
    axes.set_xlabel(words["parts_axis"])
    _legend(axes, [part for part in PARTS if part in set(shown["system_group"])], words)
    return figure


def _shown_years(parts: pd.DataFrame) -> pd.DataFrame:
    """The first, a middle and the last year of each municipality; two where there are no more."""
    years = parts.groupby("code")["fiscal_year"].unique()
    chosen = {
        (code, year)
        for code, all_years in years.items()
        for year in {min(all_years), sorted(all_years)[(len(all_years) - 1) // 3], max(all_years)}
    }
    keys = list(zip(parts["code"], parts["fiscal_year"], strict=True))
    return parts[[key in chosen for key in keys]]


def _stack(axes: Axes, row: int, shares: pd.Series, words: Words) -> None:
    left = 0.0
    for part, colour in PARTS.items():
        share = shares.get(part, 0.0)
        axes.barh(row, 100 * share, left=100 * left, height=0.6, color=COLOURS[colour])
        if share >= NAMED_FROM:
            text = words.value(share, "share", 0)
            at = 100 * (left + share / 2), row
            axes.annotate(text, at, ha="center", va="center", color=ink_on(COLOURS[colour]))
        left += share


def _legend(axes: Axes, parts: list[str], words: Words) -> None:
    handles = [Patch(facecolor=COLOURS[PARTS[part]], label=words[part]) for part in parts]
    axes.figure.legend(
        handles=handles, loc="outside lower left", ncols=2, frameon=False, handlelength=1
    )


def plot_ward_slope(slope: pd.DataFrame, envelope: pd.DataFrame, words: Words) -> Figure:
    """Draw the elasticity between the wards whose books are open, year by year, over the range that
    the national forms leave.
    """
    figure, axes = new_figure(height=3.4)
    national = envelope.set_index("quantity").loc["scale_elasticity"]
    axes.axhspan(national["low"], national["high"], color=COLOURS["grid"], linewidth=0)
    axes.axhline(1, color=COLOURS["quiet"], linewidth=1)
    axes.plot(slope["fiscal_year"], slope["elasticity"], "o", color=COLOURS["today"], markersize=7)
    middle = slope["fiscal_year"].median()
    label_line(axes, middle, 1, words["neutral"], "quiet", ha="right", va="bottom", xytext=(0, 4))
    first, top = slope["fiscal_year"].min(), national["high"]
    label_line(axes, first, top, words["national_range"], "quiet", va="top", xytext=(0, -6))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=5))
    axes.margins(x=0.06, y=0.12)
    axes.set_xlabel(words["fiscal_year"])
    axes.set_title(words["slope"], loc="left")
    return figure


def plot_budget_readings(readings: pd.DataFrame, words: Words) -> Figure:
    """Draw yen per resident by each reading of "the ICT cost", narrowest on top, with what all
    wards would cost at it; a total that somebody states keeps the colour of a claim.
    """
    rows = readings.sort_values("cost_per_resident_jpy", ignore_index=True)
    figure, axes = new_figure(rows=1.7 * len(rows) + 1)
    for row in rows.itertuples():
        stated = row.reading in STATED
        axes.barh(
            row.Index,
            row.cost_per_resident_jpy,
            height=0.6,
            color=COLOURS["claim" if stated else "modelled_today"],
            linewidth=0,
        )
        total = words.value(row.all_wards_jpy, "JPY")
        label_line(axes, row.cost_per_resident_jpy, row.Index, total)
    name_rows(axes, [_reading(row, words) for row in rows.itertuples()])
    axes.set_xlim(0, 1.6 * rows["cost_per_resident_jpy"].max())
    axes.xaxis.set_major_locator(MaxNLocator(nbins=4))
    axes.xaxis.set_major_formatter(FuncFormatter(_thousands))
    name_axis(axes, words["reading_axis"])
    quiet_grid(axes)
    return figure


def _reading(row: object, words: Words) -> str:
    return words[f"row_{row.reading}"].format(number=row.municipalities, year=row.fiscal_year)
