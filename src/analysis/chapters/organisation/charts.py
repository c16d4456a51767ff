"""The charts of chapter 5: which legal form, who pays what, who would leave, and what the wards
outside would add.
"""

from __future__ import annotations

import unicodedata

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from analysis.colouring import ink_on
from analysis.theme import COLOURS, HATCH, label_line, name_axis, name_rows, new_figure, quiet_grid
from analysis.tile_map import draw_tiles, map_inches, shades
from workbook.words.chart_words import Words

__all__ = ["plot_charge_map", "plot_forms", "plot_participants", "plot_shares", "plot_temptation"]

RANKS = {
    "rank_1": COLOURS["pooled"],
    "rank_2": COLOURS["modelled"],
    "rank_3": COLOURS["faint"],
    "lower": COLOURS["faintest"],
}
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
NARROWEST_LABEL = 0.11  # share of a bar below which it has no room for its number
# per cent up to which the axis of shares runs: the names stand to the right of full bars
ROOM_FOR_NAMES = 185
ROOM_ON_THE_LEFT = 6  # wards below which a label has no room on the left
RULES = ("shapley", "own_cost", "residents", "equal")


def plot_forms(forms: pd.DataFrame, flips: pd.DataFrame, words: Words) -> Figure:
    """Draw the rank shares of each form, forms knocked out with their reason, and below who leads
    at which weight.
    """
    figure, (upper, lower) = new_figure(
        height=9.2, nrows=2, height_ratios=[len(forms), flips["criterion"].nunique() + 2.2]
    )
    rows = forms.sort_values("place", ignore_index=True)
    for place, form in enumerate(rows.itertuples()):
        if isinstance(form.lacks, str):
            reason = words["knocked_out"].format(reason=words[form.lacks])
            upper.annotate(
                reason,
                (0, place),
                (4, 0),
                textcoords="offset points",
                va="center",
                color=COLOURS["quiet"],
            )
        else:
            _rank_bar(upper, place, [getattr(form, f"{rank}_share") for rank in RANKS], words)
    name_rows(upper, [words[form] for form in rows["form"]])
    for label, lacks in zip(upper.get_yticklabels(), rows["lacks"], strict=True):
        label.set_color(COLOURS["quiet"] if isinstance(lacks, str) else COLOURS["ink"])
    _rank_key(upper, words)
    upper.set_xlim(0, 100)
    upper.set_xlabel(words["acceptability"])
    _leader_panel(lower, flips, words)
    return figure


def _leader_panel(axes: Axes, flips: pd.DataFrame, words: Words) -> None:
    """Which form leads as one criterion weighs from nothing to everything; a stretch too short for
    its name shows its colour.
    """
    criteria = flips.drop_duplicates("criterion").sort_values("place")["criterion"].tolist()
    for stretch in flips.itertuples():
        place, left, width = (
            criteria.index(stretch.criterion),
            100 * stretch.from_weight,
            100 * (stretch.to_weight - stretch.from_weight),
        )
        colour, name = (
            LEADERS.get(stretch.leader, TOGETHER),
            words[f"short_{stretch.leader}"] if stretch.leader in LEADERS else words["together"],
        )
        axes.barh(
            place,
            width,
            left=left,
            height=0.7,
            color=colour,
            edgecolor="white",
            linewidth=0.8,
            zorder=2,
        )
        if width >= _room_of(name):
            axes.text(left + width / 2, place, name, ha="center", va="center", color=ink_on(colour))
    name_rows(axes, [words[criterion] for criterion in criteria])
    # behind the names
    axes.axvline(
        100 * flips["equal_weight"].iloc[0],
        color=COLOURS["ink"],
        linewidth=1.2,
        linestyle="--",
        zorder=1,
    )
    axes.set_title(words["leader"], loc="left")
    axes.set_xlim(0, 100)
    axes.set_xlabel(words["weight"])


def _room_of(name: str) -> float:
    """Per cent of weight that a stretch must have for a name to fit into it."""
    return LETTER * sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in name)


def _rank_bar(axes: Axes, place: int, shares: list[float], words: Words) -> None:
    left = 0.0
    for (rank, colour), share in zip(RANKS.items(), shares, strict=True):
        axes.barh(
            place,
            100 * share,
            left=left,
            height=0.66,
            color=colour,
            edgecolor="white",
            linewidth=0.8,
        )
        if share >= NARROWEST_LABEL:
            axes.text(
                left + 50 * share,
                place,
                f"{100 * share:.0f}",
                ha="center",
                va="center",
                color="white" if rank == "rank_1" else COLOURS["ink"],
            )
        left += 100 * share


def _rank_key(axes: Axes, words: Words) -> None:
    """Name the ranks above the bars, each next to a square of its colour."""
    for place, (rank, colour) in enumerate(RANKS.items()):
        at = 0.225 * place
        axes.annotate(
            "■",
            (at, 1),
            (0, 4),
            xycoords="axes fraction",
            textcoords="offset points",
            color=colour,
            va="bottom",
        )
        axes.annotate(
            words[rank],
            (at, 1),
            (15, 4),
            xycoords="axes fraction",
            textcoords="offset points",
            va="bottom",
        )


def plot_shares(shares: pd.DataFrame, words: Words) -> Figure:
    """Draw each ward's charge as a share of its own cost: by residents with its band, Shapley
    value, nucleolus.
    """
    by_rule = {
        rule: rows.sort_values("code", ignore_index=True) for rule, rows in shares.groupby("rule")
    }
    shapley, residents, nucleolus = (
        by_rule["shapley"],
        by_rule["residents"],
        by_rule.get("nucleolus"),
    )
    figure, axes = new_figure(rows=len(shapley) + 3)
    rows = np.arange(len(shapley))
    low, high = 100 * residents["share_of_own_cost_p10"], 100 * residents["share_of_own_cost_p90"]
    axes.barh(rows, high - low, left=low, height=0.55, color=COLOURS["grid"], linewidth=0)
    middle, fair = 100 * residents["share_of_own_cost_p50"], 100 * shapley["share_of_own_cost_p50"]
    axes.hlines(
        rows,
        np.minimum(middle, fair),
        np.maximum(middle, fair),
        color=COLOURS["modelled_today"],
        linewidth=1.2,
    )
    axes.plot(middle, rows, "s", color=COLOURS["today"], markersize=5)
    keys = [("legend_shapley", "pooled"), ("legend_residents", "today")]
    if nucleolus is not None:  # more than 25 wards have none
        keys.insert(1, ("legend_nucleolus", "pooled"))
        axes.plot(
            100 * nucleolus["central_share_of_own_cost"],
            rows,
            "D",
            color="white",
            markeredgecolor=COLOURS["pooled"],
            markersize=6,
        )
    axes.plot(fair, rows, "o", color=COLOURS["pooled"], markersize=5)
    name_rows(axes, [words.municipality(code) for code in shapley["code"]])
    axes.vlines(100, -0.6, len(rows) - 0.4, color=COLOURS["ink"], linewidth=1.2)
    axes.annotate(
        words["alone"],
        (100, 1),
        (4, 3),
        xycoords=("data", "axes fraction"),
        textcoords="offset points",
        va="bottom",
    )
    axes.set_xlim(min(60.0, np.floor(low.min() / 10) * 10), np.ceil(high.max() / 10) * 10)
    _keys_below(axes, words, *keys)
    name_axis(axes, words["share_of_own_cost"])
    quiet_grid(axes)
    return figure


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
    rows = (
        temptation[temptation["variant"] == "as_run"]
        .set_index("rule")
        .loc[list(RULES)]
        .reset_index()
    )
    figure, (upper, lower) = new_figure(height=5.6, nrows=2)
    place = np.arange(len(rows))
    for column, word, shift, colour in (
        ("ward_leaves_share", "one_ward", -0.19, "modelled_today"),
        ("coalition_leaves_share", "coalition", 0.19, "today"),
    ):
        values = 100 * rows[column]
        upper.barh(
            place + shift, values, height=0.34, color=COLOURS[colour], hatch=HATCH, linewidth=0
        )
        for at, value in zip(place, values, strict=True):
            label_line(
                upper, value, at + shift, f"{words[word]} {words.value(value / 100, 'share')}"
            )
    name_rows(upper, [words[rule] for rule in rows["rule"]])
    # other groups have longer nouns and smaller yen
    upper.set_xlim(0, ROOM_FOR_NAMES + (0 if words.group.published else 35))
    upper.set_xticks(range(0, 101, 25))
    upper.spines["bottom"].set_bounds(0, 100)
    upper.set_xlabel(words["would_leave"])
    _excess_panel(lower, rows, words)
    return figure


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
    key = words["map_key_disputed" if disputed else "map_key"]
    axes.annotate(key, (0.0, 1.0), xycoords="axes fraction", va="bottom")
    return figure


def plot_participants(curve: pd.DataFrame, groups: pd.DataFrame, words: Words) -> Figure:
    """Draw the net saving against the number of wards, with the wards that the report names and all
    of them marked.
    """
    figure, axes = new_figure(height=4.0)
    divisor, unit = words.axis("JPY/year")
    axes.fill_between(
        curve["wards"],
        curve["saving_p10_jpy"] / divisor,
        curve["saving_p90_jpy"] / divisor,
        color=COLOURS["modelled"],
        alpha=0.45,
        linewidth=0,
    )
    axes.plot(
        curve["wards"], curve["saving_p50_jpy"] / divisor, color=COLOURS["pooled"], linewidth=2
    )
    axes.xaxis.set_major_locator(MaxNLocator(8, integer=True))
    axes.set(
        xlim=(1, curve["wards"].max() * 1.02),
        ylim=(0, max(curve["saving_p90_jpy"].max() / divisor * 1.12, 1e-9)),
    )
    # all wards first, by the table's key
    for row in groups[groups["wards_in"] != "others_add"].drop_duplicates("wards").itertuples():
        axes.vlines(
            row.wards,
            row.saving_p10_jpy / divisor,
            row.saving_p90_jpy / divisor,
            color=COLOURS["today"],
            linewidth=1.6,
        )
        axes.plot(
            row.wards, row.saving_p50_jpy / divisor, "o", color=COLOURS["today"], markersize=7
        )
        saving = words.value(row.saving_p50_jpy, "JPY/year")
        text = f"{words[row.wards_in].format(wards=row.wards)}\n{saving}"
        label_line(
            axes,
            row.wards,
            row.saving_p50_jpy / divisor,
            text,
            ha="right",
            va="bottom",
            xytext=(-8, 4),
        )
    _break_even(axes, curve, words)
    axes.annotate(
        words["random_wards"],
        (0.03, 0.96),
        xycoords="axes fraction",
        va="top",
        color=COLOURS["pooled"],
    )
    axes.set_title(words["saving"].format(unit=unit), loc="left")
    name_axis(axes, words["wards"])
    quiet_grid(axes, "y")
    return figure


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
