"""Chapter 2, first part: what municipalities that open their books budget for ICT, and which cost
the report's total can mean.

A figure is the budget item of one information section in one initial budget, in nominal yen. Two
wards are no sample of 23: nothing here stands for the others.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

import numpy as np
import pandas as pd

from analysis.data_fault import DataFault

REPORT_YEAR = 2020  # the year of the residents that the report counts
PUBLISHED_IN = 2022  # the year of the report: growth is counted from here
WHOLE_ICT, ACCOUNT_SHARE = "whole_ict_cost_year", "item_share_of_general_account"
NAMES = ["name_ja", "name_en"]


def item_costs(
    budgets: pd.DataFrame, items: pd.DataFrame, indicators: pd.DataFrame
) -> pd.DataFrame:
    """Return what each municipality's item costs per resident: one row per municipality and fiscal
    year, yen a year, nominal.

    ``budgets`` is ``observed_ict_budgets``: the rows of an item in one year add up to it. Residents
    are those of the year's 1 January, or of the nearest one that is counted; ``residents_on`` says
    which. Refused: a municipality that ``items`` does not describe, or without a count of
    residents. The trap: school ICT and what other sections budget, which some municipalities print
    and others do not.
    """
    inside = budgets[budgets["scope"] == "item"]
    sums = inside.groupby(["code", "fiscal_year"], as_index=False)["amount_jpy"].sum()
    _refuse_unknown(sums["code"], items["code"], "no row describes the item of")
    counts = _residents(items, indicators)
    _refuse_unknown(sums["code"], counts["code"], "no residents are counted for")
    pairs = sums.merge(counts, on="code")
    away = (pairs["residents_on"].str[:4].astype(int) - pairs["fiscal_year"]).abs()
    nearest = pairs.assign(away=away).sort_values(["away", "residents_on"], kind="stable")
    rows = nearest.drop_duplicates(["code", "fiscal_year"]).drop(columns="away")
    named = rows.merge(items[["code", *NAMES]], on="code")
    named["cost_per_resident_jpy"] = named["amount_jpy"] / named["residents"]
    return named.sort_values(["code", "fiscal_year"], ignore_index=True)


def _refuse_unknown(codes: pd.Series, known: pd.Series, said: str) -> None:
    if unknown := sorted(set(codes) - set(known)):
        raise DataFault(
            "observed_ict_items",
            f"{said} {', '.join(unknown)}; add it there, as its budget is in observed_ict_budgets",
        )


def _residents(items: pd.DataFrame, indicators: pd.DataFrame) -> pd.DataFrame:
    """Every count of residents by municipality and date, the items' own among them."""
    counted = indicators[indicators["indicator"] == "residents"]
    columns = ["code", "residents_on", "residents"]
    register = counted[["code", "period", "value"]].set_axis(columns, axis="columns")
    both = pd.concat([register, items.dropna(subset="residents")[columns]], ignore_index=True)
    return both.astype({"residents": int})


def budget_growth(costs: pd.DataFrame, points: pd.DataFrame) -> pd.DataFrame:
    """Return how far each item has grown, one row per municipality: yen a year in the report's year
    (or its first one after) and in its last, their ratio, and its share of the general account.

    ``costs`` as from `item_costs`, ``points`` is ``ward_cost_points``; a share is missing where
    nobody printed one. The trap: counting growth from the cheapest year.
    """
    later = costs[costs["fiscal_year"] >= PUBLISHED_IN].sort_values(["code", "fiscal_year"])
    by_code = later.groupby("code")
    first, last = by_code.first(), by_code.last()
    rows = pd.DataFrame(
        {
            **{name: first[name] for name in NAMES},
            "from_year": first["fiscal_year"],
            "to_year": last["fiscal_year"],
            "from_jpy": first["amount_jpy"],
            "to_jpy": last["amount_jpy"],
            "ratio": last["amount_jpy"] / first["amount_jpy"],
        }
    )
    return rows.join(_account_shares(points)).reset_index()


def _account_shares(points: pd.DataFrame) -> pd.DataFrame:
    """First and last printed share of the general account by municipality, with their years."""
    shares = points[points["item"] == ACCOUNT_SHARE].sort_values(["code", "period"])
    years = shares["period"].str.removeprefix("FY").astype("Int64")
    by_code = shares.assign(year=years).groupby("code")
    ends = {"before": by_code.first(), "after": by_code.last()}
    return pd.DataFrame(
        {
            f"{what}_{end}": rows[column]
            for end, rows in ends.items()
            for what, column in (("account_year", "year"), ("account_share", "value"))
        }
    )


def budget_parts(budgets: pd.DataFrame, costs: pd.DataFrame) -> pd.DataFrame:
    """Return what each item consists of: one row per municipality, fiscal year and system group,
    in yen a year and as a share of the item.

    Years whose item is not broken down have no row.
    """
    inside = budgets[(budgets["scope"] == "item") & budgets["system_group"].notna()]
    keys = ["code", "fiscal_year"]
    parts = inside.groupby([*keys, "system_group"], as_index=False)["amount_jpy"].sum()
    whole = costs[[*keys, *NAMES, "amount_jpy"]].rename(columns={"amount_jpy": "item_jpy"})
    rows = parts.merge(whole, on=keys)
    shares = rows.assign(share=rows["amount_jpy"] / rows["item_jpy"])
    return shares.drop(columns="item_jpy")


def ward_slope(costs: pd.DataFrame, wards: Collection[str]) -> pd.DataFrame:
    """Return the slope of log cost on log residents among the wards whose books are open, one row
    per fiscal year that two of them or more have: an elasticity, below one where larger is cheaper.

    With two wards it is ln(C_a / C_b) / ln(N_a / N_b), without any error to be had. The trap: to
    take one year for the effect of size.
    """
    own = costs[costs["code"].isin(wards)]
    rows = [
        _slope_of(int(year), group.sort_values("residents"))
        for year, group in own.groupby("fiscal_year")
        if len(group) > 1
    ]
    columns = ["fiscal_year", "municipalities", "residents_ratio", "cost_ratio", "elasticity"]
    return pd.DataFrame(rows, columns=columns)


def _slope_of(year: int, group: pd.DataFrame) -> list[float]:
    small, large = group.iloc[0], group.iloc[-1]
    slope = np.polyfit(np.log(group["residents"]), np.log(group["amount_jpy"]), 1)[0]
    return [
        year,
        len(group),
        large["residents"] / small["residents"],
        large["cost_per_resident_jpy"] / small["cost_per_resident_jpy"],
        float(slope),
    ]


def budget_readings(
    costs: pd.DataFrame,
    points: pd.DataFrame,
    survey: pd.DataFrame,
    rivals: pd.DataFrame,
    wards: pd.DataFrame,
) -> pd.DataFrame:
    """Return what a resident's ICT costs by each reading of "the ICT cost", narrowest first: yen
    per resident a year, yen a year if all ``wards`` cost so, and that against the report's total.

    ``wards`` has ``code`` and ``residents`` of every ward, ``rivals`` the published totals as from
    `baselines`. Several wards are taken together, by their residents. The trap: to read
    ``all_wards_jpy`` as an estimate; it says what the reading would mean.
    """
    own = costs[costs["code"].isin(wards["code"])]
    stated = rivals.set_index("baseline")["cost_per_resident_jpy"]
    mean = survey.set_index("item").loc["cost_per_resident", "value"]
    readings = [
        ("survey_mean", 2017, None, mean),
        *_of_open_books(own, points),
        ("implied", REPORT_YEAR, len(wards), stated["implied"]),
        ("mayors_2020", REPORT_YEAR, len(wards), stated["mayors_2020"]),
    ]
    columns = ["reading", "fiscal_year", "municipalities", "cost_per_resident_jpy"]
    rows = pd.DataFrame(readings, columns=columns).astype({"municipalities": "Int64"})
    rows = rows.sort_values("cost_per_resident_jpy", ignore_index=True)
    total = rows["cost_per_resident_jpy"] * wards["residents"].sum()
    return rows.assign(
        place=rows.index + 1,
        all_wards_jpy=total,
        against_implied=rows["cost_per_resident_jpy"] / stated["implied"],
    )


def _of_open_books(
    own: pd.DataFrame, points: pd.DataFrame
) -> Iterator[tuple[str, int, int, float]]:
    """The readings that rest on open books, none where there are none: the wards of a year as one,
    and all ICT of all sections as said of one ward, over the residents of its item in that year.
    """
    years = {"item": REPORT_YEAR, "item_latest": own["fiscal_year"].max()}
    for reading, year in years.items():
        rows = own[own["fiscal_year"] == year]
        if len(rows):
            cost = rows["amount_jpy"].sum() / rows["residents"].sum()
            yield reading, int(year), len(rows), cost
    for row in _named_whole(own, points).itertuples():
        yield "whole_ict", row.fiscal_year, 1, row.value / row.residents


def _named_whole(costs: pd.DataFrame, points: pd.DataFrame) -> pd.DataFrame:
    """What a ward named as all its ICT, next to its item of the same year; no row without both."""
    said = points.loc[points["item"] == WHOLE_ICT, ["code", "period", "value"]]
    years = said["period"].str.removeprefix("FY").astype(int)
    return said.assign(fiscal_year=years).merge(costs, on=["code", "fiscal_year"]).head(1)


def whole_to_item(costs: pd.DataFrame, points: pd.DataFrame) -> float:
    """Return how many times a ward's item all its ICT is, missing where not both are known of one
    year.
    """
    both = _named_whole(costs, points)
    return float((both["value"] / both["amount_jpy"]).sum(min_count=1))
