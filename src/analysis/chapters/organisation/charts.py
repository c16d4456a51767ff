"""The charts of chapter 5: which legal form, who pays what, who would leave, and what the wards
outside would add.
"""

from __future__ import annotations

import unicodedata
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from analysis.colouring import ink_on
from analysis.theme import (
    COLOURS,
    HATCH,
    label_line,
    name_axis,
    name_rows,
    new_figure,
    quiet_grid,
    wrapped,
)
from analysis.tile_map import draw_tiles, map_inches, shades
from workbook.words.chart_words import Words

__all__ = ["plot_charge_map", "plot_forms", "plot_participants", "plot_shares", "plot_temptation"]

LEADERS = {
    "company": COLOURS["company"],
    "foundation": COLOURS["muted_a"],
    "partial_affairs_association": COLOURS["pooled"],
    "wide_area_union": COLOURS["modelled"],
    "local_joint_corporation": COLOURS["muted_b"],
}
TOGETHER = COLOURS["grid"]  # forms that lead together
# per cent of the lower panel that a Latin letter takes; a Japanese one takes two
LETTER = 2.8
# per cent up to which the axis of shares runs: the names stand to the right of full bars
ROOM_FOR_NAMES = 185
ROOM_ON_THE_LEFT = 6  # wards below which a label has no room on the left
LONGEST_KEY = 46  # Latin letters over the map
RULES = ("shapley", "own_cost", "residents", "equal")


def plot_forms(forms: pd.DataFrame, flips: pd.DataFrame, words: Words) -> Figure:
    """Draw in which share of the draws each form comes first, forms knocked out with their reason;
    below, who leads at which weight.
    """
    rows, criteria = forms.sort_values("place"), flips["criterion"].nunique()
    figure, (upper, lower) = new_figure(
        height=0.44 * (len(forms) + criteria) + 1.5,
        nrows=2,
        height_ratios=[len(forms) + 0.6, criteria],
    )
    for place, form in enumerate(rows.itertuples()):
        _first_bar(upper, place, form, words)
    name_rows(upper, [words[form] for form in rows["form"]])
    for label, lacks in zip(upper.get_yticklabels(), rows["lacks"], strict=True):
        label.set_color(COLOURS["quiet" if isinstance(lacks, str) else "ink"])
    _line_at_half(upper, int(rows["lacks"].isna().sum()), words["half"])
    upper.set_xlim(0, 100)
    upper.set_xlabel(words["comes_first"])
    _leader_panel(lower, flips, words)
    return figure


def _first_bar(axes: Axes, place: int, form: Any, words: Words) -> None:
    """How often a form comes first; why it is out where it may not be chosen at all."""
    if isinstance(form.lacks, str):
        reason = words["knocked_out"].format(reason=words[form.lacks])
        label_line(axes, 0, place, reason, "quiet")
    else:
        share = form.rank_1_share
        axes.barh(place, 100 * share, height=0.6, color=COLOURS["pooled"])
        label_line(axes, 100 * share, place, words.value(share, "share"))


def _line_at_half(axes: Axes, forms: int, name: str) -> None:
    """A dashed line at half of the draws, past the forms that may be chosen, named on top."""
    line = {"color": COLOURS["quiet"], "linewidth": 1.2, "linestyle": "--", "zorder": 0}
    axes.vlines(50, -0.6, forms - 0.5, **line)
    place = {"xycoords": ("data", "axes fraction"), "textcoords": "offset points"}
    axes.annotate(name, (50, 1), (0, 2), ha="center", va="bottom", **place)


def _leader_panel(axes: Axes, flips: pd.DataFrame, words: Words) -> None:
    """Which form leads as one criterion weighs from nothing to everything."""
    criteria = flips.drop_duplicates("criterion").sort_values("place")["criterion"].tolist()
    for stretch in flips.itertuples():
        _stretch(axes, criteria.index(stretch.criterion), stretch, words)
    name_rows(axes, [words[criterion] for criterion in criteria])
    equal = 100 * flips["equal_weight"].iloc[0]
    # behind the names
    axes.axvline(equal, color=COLOURS["ink"], linewidth=1.2, linestyle="--", zorder=1)
    axes.set_title(words["leader"], loc="left", pad=12)
    axes.set_xlim(0, 100)
    axes.set_xlabel(words["weight"])


def _stretch(axes: Axes, place: int, stretch: Any, words: Words) -> None:
    """The weights at which one form leads; a stretch too short for its name shows its colour."""
    left, width = 100 * stretch.from_weight, 100 * (stretch.to_weight - stretch.from_weight)
    known = stretch.leader in LEADERS
    colour = LEADERS[stretch.leader] if known else TOGETHER
    name = words[f"short_{stretch.leader}" if known else "together"]
    edge = {"edgecolor": "white", "linewidth": 0.8, "zorder": 2}
    axes.barh(place, width, left=left, height=0.7, color=colour, **edge)
    if width >= _room_of(name):
        axes.text(left + width / 2, place, name, ha="center", va="center", color=ink_on(colour))


def _room_of(name: str) -> float:
    """Per cent of weight that a stretch must have for a name to fit into it."""
    return LETTER * sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in name)


def plot_shares(shares: pd.DataFrame, words: Words) -> Figure:
    """Draw each ward's charge as a share of its own cost: by residents with its band, Shapley
    value, nucleolus.
    """
    by_rule = {
        rule: rows.sort_values("code", ignore_index=True) for rule, rows in shares.groupby("rule")
    }
    shapley, residents = by_rule["shapley"], by_rule["residents"]
    figure, axes = new_figure(rows=len(shapley) + 3)
    rows = np.arange(len(shapley))
    low, high = 100 * residents["share_of_own_cost_p10"], 100 * residents["share_of_own_cost_p90"]
    axes.barh(rows, high - low, left=low, height=0.55, color=COLOURS["grid"], linewidth=0)
    middle, fair = 100 * residents["share_of_own_cost_p50"], 100 * shapley["share_of_own_cost_p50"]
    ends = np.minimum(middle, fair), np.maximum(middle, fair)
    axes.hlines(rows, *ends, color=COLOURS["modelled_today"], linewidth=1.2)
    axes.plot(middle, rows, "s", color=COLOURS["today"], markersize=5)
    keys = [("legend_shapley", "pooled"), ("legend_residents", "today")]
    if "nucleolus" in by_rule:  # more than 25 wards have none
        keys.insert(1, ("legend_nucleolus", "pooled"))
        _nucleolus_marks(axes, rows, 100 * by_rule["nucleolus"]["central_share_of_own_cost"])
    axes.plot(fair, rows, "o", color=COLOURS["pooled"], markersize=5)
    name_rows(axes, [words.municipality(code) for code in shapley["code"]])
    _line_of_alone(axes, len(rows), words["alone"])
    axes.set_xlim(min(60.0, np.floor(low.min() / 10) * 10), np.ceil(high.max() / 10) * 10)
    _keys_below(axes, words, *keys)
    name_axis(axes, words["share_of_own_cost"])
    quiet_grid(axes)
    return figure


def _nucleolus_marks(axes: Axes, rows: np.ndarray, charges: pd.Series) -> None:
    edge = {"color": "white", "markeredgecolor": COLOURS["pooled"]}
    axes.plot(charges, rows, "D", markersize=6, **edge)


def _line_of_alone(axes: Axes, rows: int, name: str) -> None:
    """A line at what each pays alone, named above it."""
    axes.vlines(100, -0.6, rows - 0.4, color=COLOURS["ink"], linewidth=1.2)
    place = {"xycoords": ("data", "axes fraction"), "textcoords": "offset points"}
    axes.annotate(name, (100, 1), (4, 3), va="bottom", **place)


def _keys_below(axes: Axes, words: Words, *keys: tuple[str, str]) -> None:
    """Name the marks in the rows kept free under the last ward, first key on top."""
    bottom = axes.get_ylim()[0]
    axes.set_ylim(bottom + len(keys), axes.get_ylim()[1])
    for place, (key, colour) in enumerate(keys):
        axes.annotate(
            words[key],
            (0.02, bottom + 0.5 + place),
            xycoords=("axes fraction", "data"),
            va="center",
            color=COLOURS[colour],
        )


def plot_temptation(temptation: pd.DataFrame, words: Words) -> Figure:
    """Draw per rule, above, in which share of draws a ward or a coalition would leave, and below,
    its largest excess.
    """
    as_run = temptation[temptation["variant"] == "as_run"]
    rows = as_run.set_index("rule").loc[list(RULES)].reset_index()
    figure, (upper, lower) = new_figure(height=5.6, nrows=2)
    _leaving_bars(upper, rows["ward_leaves_share"], -0.19, "modelled_today", words, "one_ward")
    _leaving_bars(upper, rows["coalition_leaves_share"], 0.19, "today", words, "coalition")
    name_rows(upper, [words[rule] for rule in rows["rule"]])
    # other groups have longer nouns and smaller yen
    upper.set_xlim(0, ROOM_FOR_NAMES + (0 if words.group.published else 35))
    upper.set_xticks(range(0, 101, 25))
    upper.spines["bottom"].set_bounds(0, 100)
    upper.set_xlabel(words["would_leave"])
    _excess_panel(lower, rows, words)
    return figure


def _leaving_bars(
    axes: Axes, shares: pd.Series, shift: float, colour: str, words: Words, who: str
) -> None:
    """A bar for each rule, with who leaves and in which share of the draws."""
    places = np.arange(len(shares)) + shift
    style = {"height": 0.34, "hatch": HATCH, "linewidth": 0}
    axes.barh(places, 100 * shares, color=COLOURS[colour], **style)
    for place, share in zip(places, 100 * shares, strict=True):
        label_line(axes, share, place, f"{words[who]} {words.value(share / 100, 'share')}")


def _excess_panel(axes: Axes, rows: pd.DataFrame, words: Words) -> None:
    divisor, unit = words.axis("JPY/year")
    low, middle, high = (
        rows[f"largest_excess_{level}_jpy"] / divisor for level in ("p10", "p50", "p90")
    )
    place = np.arange(len(rows))
    axes.hlines(place, low, high, color=COLOURS["modelled_today"], linewidth=6)
    axes.plot(middle, place, "o", color=COLOURS["today"], markersize=6)
    for at, value, right in zip(place, middle, high, strict=True):
        label_line(axes, max(right, 0), at, words.value(value, "index", 2), xytext=(6, 0))
    axes.axvline(0, color=COLOURS["ink"], linewidth=1.2)
    name_rows(axes, [words[rule] for rule in rows["rule"]])
    axes.set_xlim(min(low.min(), 0) - 0.03 * high.max(), 1.3 * max(high.max(), 1e-9))
    axes.set_xlabel(words["excess"].format(unit=unit))
    quiet_grid(axes)


def plot_charge_map(charges: pd.DataFrame, words: Words) -> Figure:
    """Draw each ward's tile with its charge per resident, darker where it is higher: the lowest and
    the highest, in thousands, where what drives cost is in dispute.
    """
    figure, axes = new_figure(height=map_inches(charges))
    table = charges.set_index("code")
    low, high = (table[f"charge_per_resident_{end}"] for end in ("low", "high"))
    disputed, values = bool((high > low).any()), (low + high) / 2
    texts = values.map(lambda yen: f"{yen:,.0f}")
    if disputed:
        texts = low.map(lambda yen: f"{yen / 1000:.1f}–") + high.map(
            lambda yen: f"{yen / 1000:.1f}"
        )
    draw_tiles(
        axes, charges[["code", "column", "row"]], values, texts, shades(values, "pooled"), words
    )
    # in two lines where one would be wider than the tiles, which would shrink them
    key = wrapped(words["map_key_disputed" if disputed else "map_key"], LONGEST_KEY, words.lang)
    axes.annotate(key, (0.0, 1.0), xycoords="axes fraction", va="bottom")
    return figure


def plot_participants(curve: pd.DataFrame, groups: pd.DataFrame, words: Words) -> Figure:
    """Draw the net saving against the number of wards, with the wards that the report names and all
    of them marked.
    """
    figure, axes = new_figure(height=4.0)
    divisor, unit = words.axis("JPY/year")
    low, middle, high = (curve[f"saving_{end}_jpy"] / divisor for end in ("p10", "p50", "p90"))
    band = {"color": COLOURS["modelled"], "alpha": 0.45, "linewidth": 0}
    axes.fill_between(curve["wards"], low, high, **band)
    axes.plot(curve["wards"], middle, color=COLOURS["pooled"], linewidth=2)
    axes.xaxis.set_major_locator(MaxNLocator(8, integer=True))
    axes.set(xlim=(1, curve["wards"].max() * 1.02), ylim=(0, max(high.max() * 1.12, 1e-9)))
    # all wards first, by the table's key
    for row in groups[groups["wards_in"] != "others_add"].drop_duplicates("wards").itertuples():
        _mark_of_group(axes, row, divisor, words)
    _break_even(axes, curve, words)
    place = {"xycoords": "axes fraction", "va": "top", "color": COLOURS["pooled"]}
    axes.annotate(words["random_wards"], (0.03, 0.96), **place)
    axes.set_title(words["saving"].format(unit=unit), loc="left")
    name_axis(axes, words["wards"])
    quiet_grid(axes, "y")
    return figure


def _mark_of_group(axes: Axes, row: Any, divisor: float, words: Words) -> None:
    """One group that is named: its range, its median, and its saving up on the left."""
    low, middle, high = (getattr(row, f"saving_{end}_jpy") for end in ("p10", "p50", "p90"))
    axes.vlines(row.wards, low / divisor, high / divisor, color=COLOURS["today"], linewidth=1.6)
    axes.plot(row.wards, middle / divisor, "o", color=COLOURS["today"], markersize=7)
    name = words[row.wards_in].format(wards=row.wards)
    text = f"{name}\n{words.value(middle, 'JPY/year')}"
    side = {"ha": "right", "va": "bottom", "xytext": (-8, 4)}
    label_line(axes, row.wards, middle / divisor, text, **side)


def _break_even(axes: Axes, curve: pd.DataFrame, words: Words) -> None:
    """Mark the fewest wards whose median saving pays for the joint agency, where there are any."""
    paying = curve[curve["saving_p50_jpy"] > 0]
    if len(paying):
        wards = int(paying["wards"].min())
        axes.annotate(
            words["breaks_even"].format(wards=wards),
            (wards, 0),
            (0, 26),
            textcoords="offset points",
            ha="left" if wards < ROOM_ON_THE_LEFT else "right",
            arrowprops={"arrowstyle": "-", "color": COLOURS["ink"], "linewidth": 0.8},
        )
