"""Chapter 4, sign: which inputs decide whether the plan saves or costs in a full year.

``net`` takes draws or settings (one row each) and gives the yearly net saving in yen. An input is
held alike in every draw at rival values, the others stay drawn; the median of the draws is read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from analysis.chapters.procurement.risk import ends_of
from analysis.methods.uncertainty import summary

ALL = "all_inputs"
TOTAL = "transition_total"  # what the moves cost once, in yen
LIFE = "asset_life_years"
DRAWN = ("transition_uplift", "transfer_size", "joint_cloud_saving")
LEASE_YEARS, LONGEST_YEARS = 5, 20  # the rivals of the asset life: a lease, and its largest choice
LEVELS = ("p10", "p50", "p90")
Net = Callable[[pd.DataFrame], pd.Series]


def sign_deciders(
    net: Net, draws: pd.DataFrame, ranges: pd.DataFrame, transition_jpy: pd.Series, life: float
) -> pd.DataFrame:
    """Return the yearly net saving at rival values of what decides its sign: one row per input and
    rival, the widest input first, in yen a year.

    First come all inputs together: at their central values, and median and mean of the draws. Then
    one input at a time at P10, median and P90 of its draws (asset life: a lease, the run's own, the
    longest), with the median of the draws. ``saves`` says whether the net saving is above nothing.
    The trap: central values of skewed ranges are no middle, so that each way of taking one has a
    sign of its own.
    """
    rows = [*_together(net, draws, ranges), *_held(net, draws, transition_jpy, life)]
    table = pd.DataFrame(rows)
    span = table.groupby("input")["net_jpy"].agg(np.ptp).rename("span_jpy")
    table = table.join(span.mask(span.index == ALL, np.inf), on="input")
    ordered = table.sort_values("span_jpy", ascending=False, kind="stable").drop(columns="span_jpy")
    return ordered.assign(saves=ordered["net_jpy"] > 0, place=range(1, len(table) + 1))


def heaviest_skew(net: Net, draws: pd.DataFrame, ranges: pd.DataFrame) -> str:
    """Return the input whose step from its central value to the median of its draws takes most off
    the net saving, the others central: the range that leans furthest to the side of cost.
    """
    central = ends_of(ranges).loc["central"]
    settings = pd.DataFrame(dict.fromkeys(central.index, central)).T
    for name in central.index:
        settings.loc[name, name] = draws[name].median()
    return str(settings.index[net(settings.reset_index(drop=True)).to_numpy().argmin()])


def turning(table: pd.DataFrame) -> list[str]:
    """Return the inputs that turn the sign by themselves, the widest first."""
    alone = table[table["input"] != ALL]
    both = alone.groupby("input", sort=False)["saves"].nunique() > 1
    return both.index[both].tolist()


def widest(table: pd.DataFrame) -> str:
    """Return the input that moves the yearly net saving most by itself."""
    return str(table.loc[table["input"] != ALL, "input"].iloc[0])


def _together(net: Net, draws: pd.DataFrame, ranges: pd.DataFrame) -> list[dict[str, object]]:
    central = ends_of(ranges).loc[["central"]].reset_index(drop=True)
    drawn = net(draws)
    found = {
        "central": net(central).iloc[0],
        "p50": drawn.median(),
        "mean": drawn.mean(),
    }
    return [
        {"input": ALL, "rival": rival, "unit": "text", "value": None, "net_jpy": float(yen)}
        for rival, yen in found.items()
    ]


def _held(
    net: Net, draws: pd.DataFrame, transition_jpy: pd.Series, life: float
) -> list[dict[str, object]]:
    """One row per input and rival value. The whole transition is held by the part of the moves that
    pooling adds, in proportion to which it is.
    """
    whole = transition_jpy.where(transition_jpy > 0)
    additional = draws["transition_additional"]

    def at(name: str, value: float) -> pd.DataFrame:
        if name == TOTAL:
            part = (additional * value / whole).fillna(additional)
            return draws.assign(transition_additional=part)
        return draws.assign(**{name: value})

    return [
        {
            "input": name,
            "rival": rival,
            "unit": unit,
            "value": value,
            "net_jpy": float(net(at(name, value)).median()),
        }
        for name, unit, rivals in _rivals(draws, transition_jpy, life)
        for rival, value in rivals
    ]


def _rivals(
    draws: pd.DataFrame, transition_jpy: pd.Series, life: float
) -> list[tuple[str, str, Sequence[tuple[str, float]]]]:
    drawn = {TOTAL: ("JPY", transition_jpy)} | {name: ("share", draws[name]) for name in DRAWN}
    found: list[tuple[str, str, Sequence[tuple[str, float]]]] = []
    for name, (unit, values) in drawn.items():
        levels = summary(values)
        found.append((name, unit, [(level, levels[level]) for level in LEVELS]))
    lives = {float(life): "own", float(LONGEST_YEARS): "longest", float(LEASE_YEARS): "lease"}
    return [*found, (LIFE, "year", [(lives[years], years) for years in sorted(lives)])]
