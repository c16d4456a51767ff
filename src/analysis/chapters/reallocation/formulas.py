"""Chapter 7: what pooling frees, what of it reaches services, and whether that frees more in turn.

Yen are cashable, staff hours are not: the two are never added and never turned into each other.
Both are full-year figures, once pooling runs. What is freed is partly put back to work; part of
that frees more each year (``gain``), part of earlier gains is lost each year (``decay``). Draws are
rows, draw 17 being the same world as in chapters 3 and 4.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd

from analysis.data_fault import DataFault
from analysis.methods.stock_flow import closed_form, multiplier, stock_path
from analysis.methods.uncertainty import draw_inputs, summary

STAFF_SURVEY_DATE = "2018-01-01"  # the register next to the staff survey of 2018-03
SIZE_CLASSES = {
    "residents >= 200,000": 200_000,
    "residents 50,000-200,000": 50_000,
    "residents 10,000-50,000": 10_000,
    "residents < 10,000": 0,
}
INPUTS = (
    "it_staff_factor",
    "hours_per_staff",
    "hours_freed_share",
    "redeployed_share",
    "round_productivity",
    "freed_decay",
)
CIRCLE_INPUTS = ("redeployed_share", "round_productivity", "freed_decay")
REGIMES = ("reverses", "stalls", "turns")
# gains per round whose multipliers are 1.25, 1.5, 2 and without end
MAP_GAINS = (0.2, 1 / 3, 0.5, 1.0)
POINTS_SHOWN = 256
SHAPES, CORRELATIONS = ("triangular", "uniform"), (0.0, 0.3, 0.5)
LEVELS = ("p10", "p50", "p90")


def input_draws(
    ranges: pd.DataFrame, register: pd.DataFrame, log2_points: int, shape: str, correlation: float
) -> pd.DataFrame:
    """Return the draws of this chapter's inputs, one column each, on the study's joint sequence
    (2**log2_points rows).

    Refused: inputs that ``input_ranges`` does not hold, all named.
    """
    missing = sorted(set(INPUTS) - set(ranges["input"]))
    if missing:
        raise DataFault("input_ranges", f"it lacks {', '.join(missing)}")
    return draw_inputs(
        ranges[ranges["input"].isin(INPUTS)], register, log2_points, shape, correlation
    )


def it_staff(wards: pd.DataFrame, staffing: pd.DataFrame) -> pd.DataFrame:
    """Return the wards' IT staff, one row per size class: ``municipalities`` x the published mean
    of the class, in persons.

    ``wards`` has ``residents`` at the date of the survey. Trap: giving every ward the mean of the
    large municipalities counts the small ones three times over. Refused: a size class without a
    published mean, named.
    """
    means = staffing[staffing["item"] == "mean_it_staff"].set_index("scope")["value"]
    missing = [scope for scope in SIZE_CLASSES if scope not in means.index]
    if missing:
        raise DataFault("it_staffing", f"it holds no mean_it_staff of {', '.join(missing)}")
    lowest = pd.Series(SIZE_CLASSES).sort_values()
    classes = lowest.index[lowest.searchsorted(wards["residents"], side="right") - 1]
    table = classes.value_counts().rename_axis("size_class").rename("municipalities").reset_index()
    table["mean_staff"] = table["size_class"].map(means)
    return table.assign(
        residents_from=table["size_class"].map(SIZE_CLASSES),
        staff=table["municipalities"] * table["mean_staff"],
    )


def freed(staff: float, draws: pd.DataFrame, savings: pd.DataFrame) -> pd.DataFrame:
    """Return what is freed in a full year, one row per draw held by both frames.

    ``staff`` persons today; ``draws`` this chapter's inputs, ``savings`` chapter 4's `saving_draws`
    by ``draw``. Columns: ``staff_freed`` persons, ``hours_today`` and ``hours_freed`` a year,
    ``money_freed`` yen a year (net, below zero where pooling costs more than it saves), the
    circle's ``gain``, ``decay``, ``multiplier``, and the shares.
    """
    both = draws.join(savings.set_index("draw")["net_saving_jpy"], how="inner")
    staff_today = staff * both["it_staff_factor"]
    gain = both["redeployed_share"] * both["round_productivity"]
    staff_freed = staff_today * both["hours_freed_share"]
    return pd.DataFrame(
        {
            "staff_freed": staff_freed,
            "hours_today": staff_today * both["hours_per_staff"],
            "hours_freed": staff_freed * both["hours_per_staff"],
            "money_freed": both["net_saving_jpy"],
            "redeployed_share": both["redeployed_share"],
            "gain": gain,
            "decay": both["freed_decay"],
            "multiplier": multiplier(gain, both["freed_decay"]),
        },
        index=both.index,
    )


def to_services(amount: pd.Series, redeployed_share: pd.Series) -> pd.Series:
    """Return what of a freed amount reaches services: the redeployed share of a gain, but the whole
    of a shortfall.
    """
    return amount.where(amount < 0, amount * redeployed_share)


def stages(
    today: pd.Series | float, amount: pd.Series, world: pd.DataFrame, years: int
) -> pd.DataFrame:
    """Return five stages with P10, median, P90, one row each, in the unit of ``amount`` (a year).

    ``today``; ``after`` pooling; ``freed``; ``redeployed`` to services in the first year;
    ``redeployed_later``, after so many years of the circle.
    """
    share = world["redeployed_share"]
    later = pd.Series(closed_form(amount, world["gain"], world["decay"], years), index=amount.index)
    columns = {
        "today": today + 0 * amount,
        "after": today - amount,
        "freed": amount,
        "redeployed": to_services(amount, share),
        "redeployed_later": to_services(later, share),
    }
    rows = [
        {"stage": stage, **{level: summary(values)[level] for level in LEVELS}}
        for stage, values in columns.items()
    ]
    return pd.DataFrame(rows).assign(place=range(1, len(rows) + 1))


def platforms(terms: pd.DataFrame, municipalities: int) -> pd.DataFrame:
    """Return the platforms to be run today, one per municipality and system group, and under the
    plan, with their sum.
    """
    groups = (
        terms[["system_group", "instances"]]
        .rename(columns={"instances": "aim"})
        .assign(today=municipalities)
    )
    total = pd.DataFrame(
        [{"system_group": "all", "aim": groups["aim"].sum(), "today": groups["today"].sum()}]
    )
    return pd.concat([groups, total], ignore_index=True).assign(place=range(1, len(groups) + 2))


def regime(amount: pd.Series, circle: pd.Series) -> pd.Series:
    """Return what the circle does in each draw: it ``reverses`` where nothing is freed, ``turns``
    where it feeds itself.

    A start below zero grows by the same factor as one above it: the circle takes from services
    instead. Exactly nothing freed is a stall.
    """
    named = pd.Series("stalls", index=amount.index)
    return named.mask(circle == np.inf, "turns").mask(amount < 0, "reverses")


def regimes(world: pd.DataFrame) -> pd.DataFrame:
    """Return the share of draws in each regime, one row per resource (money, hours) and regime."""
    rows = [
        {"resource": resource, "regime": name, "share": float((found == name).mean())}
        for resource in ("money", "hours")
        for found in [regime(world[f"{resource}_freed"], world["multiplier"])]
        for name in REGIMES
    ]
    return pd.DataFrame(rows)


def circle_points(world: pd.DataFrame) -> pd.DataFrame:
    """Return the first draws as points of the phase picture, with the regime of the money in
    each.
    """
    shown = world.head(POINTS_SHOWN)
    return (
        pd.DataFrame(
            {
                "gain": shown["gain"],
                "decay": shown["decay"],
                "money_freed": shown["money_freed"],
                "regime": regime(shown["money_freed"], shown["multiplier"]),
            }
        )
        .rename_axis("draw")
        .reset_index()
    )


def circle_map(ranges: pd.DataFrame) -> pd.DataFrame:
    """Return lines of equal multiplier from the origin: the yearly gain that each needs at the
    highest decay assumed.
    """
    highest = float(ranges.set_index("input").at["freed_decay", "high"])
    rows = [
        {
            "gain_per_round": g,
            "multiplier": 1 / (1 - g) if g < 1 else None,
            "decay": highest,
            "gain": g * highest,
        }
        for g in MAP_GAINS
    ]
    return pd.DataFrame(rows).astype({"multiplier": float})


def circle_conditions(ranges: pd.DataFrame) -> pd.DataFrame:
    """Return, per input of the circle, the value from which it would feed itself, the two others at
    their centres.

    One row per input; ``within`` says whether that value lies in the assumed range (shares above
    one cannot be had). ``needed`` is blank where no value does: one of the two others is nothing.
    """
    rows = (
        ranges.set_index("input").loc[list(CIRCLE_INPUTS), ["low", "central", "high"]].astype(float)
    )
    share, productivity, decay = rows["central"]
    needed = pd.Series(
        {
            "redeployed_share": decay / productivity if productivity else np.nan,
            "round_productivity": decay / share if share else np.nan,
            "freed_decay": share * productivity,
        }
    )
    table = rows.assign(needed=needed, within=needed.between(rows["low"], rows["high"]))
    return table.reset_index().assign(place=range(1, len(table) + 1))


def circle_start(readings: pd.DataFrame) -> pd.DataFrame:
    """Return with which sign the money starts the circle under each baseline and rival scale model,
    one row each.

    ``readings`` is chapter 4's `target_reading`; net figures over its window. ``start`` is
    ``forwards`` if even P10 is above zero, ``backwards`` if even P90 is below, else ``open``.
    """
    net = readings[readings["reading"] == "net"].reset_index(drop=True)
    start = (
        pd.Series("open", index=net.index)
        .mask(net["saving_p10_jpy"] > 0, "forwards")
        .mask(net["saving_p90_jpy"] < 0, "backwards")
    )
    return net[["baseline", "scale_model", *(f"saving_{level}_jpy" for level in LEVELS)]].assign(
        start=start
    )


def price_of_an_hour(world: pd.DataFrame) -> float:
    """Return the median yen of net cost for one hour freed; below zero where hours come with a
    saving.
    """
    return float((-world["money_freed"] / world["hours_freed"]).median())


def circle_by_assumption(
    staff: float,
    ranges: pd.DataFrame,
    register: pd.DataFrame,
    savings: pd.DataFrame,
    log2_points: int,
) -> pd.DataFrame:
    """Return hours freed and the circle's multiplier under each shape of this chapter's ranges and
    correlation, one row each.

    Chapter 4's saving stays as the run has it. With infinite multipliers in the tail only the
    median is given, and the share of draws in which the circle feeds itself.
    """
    rows = []
    for shape, correlation in product(SHAPES, CORRELATIONS):
        world = freed(
            staff, input_draws(ranges, register, log2_points, shape, correlation), savings
        )
        hours = summary(world["hours_freed"])
        rows.append(
            {
                "shape": shape,
                "correlation": correlation,
                **{f"hours_{level}": hours[level] for level in LEVELS},
                "multiplier_p50": world["multiplier"].median(),
                "feeds_itself_share": float(np.isinf(world["multiplier"]).mean()),
            }
        )
    return pd.DataFrame(rows).assign(place=range(1, len(rows) + 1))


def largest_gap(world: pd.DataFrame, years: int) -> float:
    """Return the largest difference, as a share of the hours freed, between the circle stepped year
    by year and its closed form.
    """
    rates = world["gain"], world["decay"]
    return float(np.abs(stock_path(1.0, *rates, years)[-1] - closed_form(1.0, *rates, years)).max())
