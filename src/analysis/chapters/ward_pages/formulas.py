"""Chapter 11: what the study knows of each municipality, and what would narrow it.

Everything comes from tables of earlier chapters; nothing is measured here but how far a figure that
a municipality could hand in would narrow its own answer. Money is nominal yen a year unless a
column says otherwise; ``code`` is the six-digit local government code.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

RULES = ("shapley", "own_cost", "residents")
LEVELS = {"low": "p10", "value": "p50", "high": "p90"}
RIVALS = {"residents": "cost_by_residents_jpy", "drivers": "cost_by_drivers_jpy"}
WORTH_ASKING = 3  # figures that a page asks for
NUMBERS = ("value", "low", "high")


@dataclass(frozen=True)
class Line:
    """One line of every page: where it stands, what it says, in which unit, and on what it rests.

    ``numbers`` is indexed by code, with ``value`` and, where there is an interval, ``low`` and
    ``high``; ``year`` is the fiscal year that a value is of, where there is one.
    """

    part: str
    line: str
    unit: str
    basis: str
    numbers: pd.DataFrame


def ward_lines(codes: Iterable[str], lines: Iterable[Line]) -> pd.DataFrame:
    """Return one row per municipality and line, in the order of both; a line that has nothing for a
    municipality is left out of its page.
    """
    blocks = []
    for order, line in enumerate(lines):
        told = line.numbers.reindex(columns=[*NUMBERS, "year"]).dropna(subset=["value"])
        named = {"part": line.part, "line": line.line, "unit": line.unit, "basis": line.basis}
        blocks.append(told.rename_axis("code").reset_index().assign(order=order, **named))
    table = pd.concat(blocks, ignore_index=True)
    place = {code: at for at, code in enumerate(codes)}
    table = table[table["code"].isin(place)].astype({"year": "Int64", "value": float})
    table = table.assign(of=table["code"].map(place)).sort_values(["of", "order"], kind="stable")
    columns = ["code", "part", "line", "value", "low", "high", "unit", "year", "basis"]
    return table[columns].reset_index(drop=True).assign(place=range(1, len(table) + 1))


def observed_lines(
    residents: pd.DataFrame,
    staff: pd.DataFrame,
    indicators: pd.DataFrame,
    lateness: pd.DataFrame,
    budgets: pd.DataFrame,
) -> list[Line]:
    """Return what is published of a municipality: residents, general staff, expenditure, lateness
    in standardisation, the latest ICT budget where there is one, and that of the year whose item
    the model takes up.
    """
    latest = budgets.sort_values("fiscal_year").groupby("code").last()
    then = taken_up(residents, budgets)
    spent = _column(indicators, "expenditure_per_resident_jpy")
    return [
        Line("observed", "residents", "resident", "register", _column(residents, "residents")),
        Line("observed", "staff", "person", "staff_survey", _column(staff, "staff")),
        Line("observed", "expenditure", "JPY/resident", "accounts", spent),
        Line("observed", "late", "business", "agency", _column(lateness, "late_businesses")),
        Line("observed", "progress", "share", "agency", _column(lateness, "progress_share")),
        Line("observed", "ict_budget", "JPY", "budget", _dated(latest)),
        Line("observed", "ict_budget_then", "JPY", "budget", _dated(then)),
    ]


def taken_up(costs: pd.DataFrame, budgets: pd.DataFrame) -> pd.DataFrame:
    """Return, by code, the budget whose item per resident chapter 2's model of cost takes up; a
    municipality whose item it does not know is left out.
    """
    items = budgets["code"].map(costs.set_index("code")["item_per_resident_jpy"]).astype(float)
    met = np.isclose(budgets["cost_per_resident_jpy"].astype(float), items, rtol=1e-9)
    return budgets[met].groupby("code").last()


def worth_lines(wards: pd.DataFrame) -> list[Line]:
    """Return what the best option of chapter 9 is worth to a municipality, how often it gains, and
    what is left after staff time.
    """
    own = wards.set_index("code")
    return [
        Line("worth", "gain", "JPY/year", "options", _levels(own, "gain_{}_jpy")),
        Line("worth", "gains", "share", "options", _column(wards, "gains_share")),
        Line("worth", "after_hours", "JPY/year", "options", _column(wards, "after_hours_jpy")),
    ]


def modelled_lines(costs: pd.DataFrame) -> list[Line]:
    """Return what a municipality's ICT is taken to cost, what each rival driver alone would make
    of it, and the cost per resident, with intervals.

    The trap: its place among all, which what is modelled cannot give.
    """
    each = costs.set_index("code")
    rivals = [
        Line("modelled", f"by_{driver}", "JPY/year", "driver", _column(costs, column))
        for driver, column in RIVALS.items()
    ]
    return [
        Line("modelled", "own_cost", "JPY/year", "curve", _levels(each, "cost_{}_jpy")),
        *rivals,
        Line(
            "modelled",
            "cost_per_resident",
            "JPY/resident/year",
            "curve",
            _levels(each, "cost_per_resident_{}_jpy"),
        ),
    ]


def charge_lines(shares: pd.DataFrame) -> list[Line]:
    """Return what a municipality would pay of the pooled systems under each rule, the move not
    paid; the share's rule alone differs.
    """
    return [
        Line("charge", f"charge_{rule}", "JPY/year", "pooled", _levels(of, "charge_{}_jpy"))
        for rule, of in _by_rule(shares)
    ]


def net_lines(winners: pd.DataFrame) -> list[Line]:
    """Return what a municipality gains or pays once the migration is paid, and in which share of
    the draws it gains, under each rule.
    """
    lines = []
    for rule, of in _by_rule(winners):
        gains = of[["gains_share"]].set_axis(["value"], axis=1)
        lines += [
            Line("net", f"net_{rule}", "JPY/year", "all_paid", _levels(of, "gain_{}_jpy")),
            Line("net", f"gains_{rule}", "share", "all_paid", gains),
        ]
    return lines


def asked_lines(narrowing: pd.DataFrame) -> list[Line]:
    """Return the figures that would narrow a municipality's answer most, the part of its interval
    that each takes away.
    """
    asked = narrowing[narrowing["place"] <= WORTH_ASKING]
    named = asked.groupby(["place", "figure"], sort=True)
    return [
        Line(
            "asked",
            f"ask_{figure}",
            "share",
            "draws",
            of.set_index("code")[["narrowing"]].set_axis(["value"], axis=1),
        )
        for (_, figure), of in named
    ]


def narrowing(
    costs: pd.DataFrame, savings: pd.DataFrame, residents: pd.Series, codes: Iterable[str]
) -> pd.DataFrame:
    """Return by how much each figure that a municipality could hand in would narrow what it gains a
    year, once all is paid and the bill is shared by residents: one row per municipality and figure,
    the one that narrows most first (``place``).

    ``costs`` is chapter 2's cost by draw and code, ``savings`` chapter 4's draws. A figure that is
    known takes away what a straight line through the draws explains: ``narrowing`` is the part of
    the distance from P10 to P90 that goes with it. The trap: the part of the variance, which is
    smaller than that of the distance by a square.
    """
    own = costs.pivot(index="draw", columns="code", values="cost_jpy")
    parts = savings.set_index("draw").loc[own.index]
    bill = own.sum(axis=1) - parts["net_saving_jpy"]
    known = {
        "migration": parts["transition"],
        "price": parts["price"],
        "specification": parts["demand"],
    }
    rows = []
    for code in codes:
        gain = own[code] - bill * residents[code] / residents.sum()
        figures = {"own_cost": own[code], **known}
        narrower = {name: _narrower(gain.to_numpy(), of.to_numpy()) for name, of in figures.items()}
        ranked = sorted(narrower, key=lambda name: -narrower[name])
        rows += [
            {"code": code, "place": place, "figure": name, "narrowing": narrower[name]}
            for place, name in enumerate(ranked, 1)
        ]
    return pd.DataFrame(rows)


def _narrower(answer: NDArray, known: NDArray) -> float:
    """The part of the distance from P10 to P90 of an answer that goes with a known figure."""
    apart = known - known.mean()
    spread = float(apart @ apart)
    left = answer - apart * (float(apart @ answer) / spread if spread else 0.0)
    return max(0.0, 1 - _distance(left) / _distance(answer)) if _distance(answer) else 0.0


def _distance(values: NDArray) -> float:
    low, high = np.quantile(values, (0.1, 0.9))
    return float(high - low)


def gains_everywhere(winners: pd.DataFrame) -> Mapping[str, float]:
    """Return the least and the largest share of draws in which a municipality gains, over all of
    them, the rules of its page and what drives cost.
    """
    of_pages = winners[winners["rule"].isin(RULES)]
    low, high = of_pages["gains_share_low"].min(), of_pages["gains_share_high"].max()
    return {"low": float(low), "high": float(high)}


def _by_rule(table: pd.DataFrame) -> Iterable[tuple[str, pd.DataFrame]]:
    return ((rule, table[table["rule"] == rule].set_index("code")) for rule in RULES)


def _dated(budgets: pd.DataFrame) -> pd.DataFrame:
    return budgets.rename(columns={"amount_jpy": "value", "fiscal_year": "year"})[["value", "year"]]


def _column(table: pd.DataFrame, name: str) -> pd.DataFrame:
    return table.set_index("code")[[name]].set_axis(["value"], axis=1).astype(float)


def _levels(table: pd.DataFrame, pattern: str) -> pd.DataFrame:
    return pd.DataFrame({name: table[pattern.format(level)] for name, level in LEVELS.items()})
