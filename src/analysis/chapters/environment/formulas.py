"""Chapter 1, environment: what state the wards are in, against the report's four pressures.

``code`` is the six-digit local government code. A pooled figure is always the ratio of sums over a
group's municipalities: it weighs by residents, never by municipality.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.data_fault import DataFault
from analysis.groups import SPECIAL_WARDS, Group
from analysis.methods.panel import complete_panel
from analysis.methods.ranking import rank_from_top, share_below
from analysis.methods.trend import log_linear_trend
from workbook.units import decimal_fiscal_year

STAFF_YEARS = (2021, 2022, 2023, 2024)  # 1 April
EXPENDITURE_SPAN = (2018, 2022)  # fiscal years
# end points of the growth: FY2020 holds the nationwide payment and is none
EXPENDITURE_YEARS = EXPENDITURE_SPAN
PAYMENT_YEAR = 2020  # the fiscal year of the nationwide payment
TAX_YEAR = 2020  # the only fiscal year with tax and revenue of every municipality
# 1 January; 2022 is the last with residents, staff and expenditure
PER_RESIDENT_YEARS = (2018, 2022)

# column of `municipal_indicators`: the pressure it bears on, and how directly
INDICATORS = {
    "residents_change_share": ("social_change", "direct"),
    "aged_share": ("social_change", "proxy"),
    "daytime_ratio": ("social_change", "proxy"),
    "local_tax_share": ("fiscal_opacity", "proxy"),
    "expenditure_change_share": ("fiscal_opacity", "proxy"),
    "staff_per_1000_residents": ("workload", "proxy"),
    "staff_change_share": ("workload", "proxy"),
    "expenditure_per_resident_jpy": ("workload", "proxy"),
}
# of the wards: so many stand above half of a group before the wards are called above it
MOST = 2 / 3
UNCOMPARED = (("workload", "late_businesses", "proxy"), ("specialists", "none", "none"))


def residents_path(
    municipalities: pd.DataFrame,
    indicators: pd.DataFrame,
    first: int,
    last: int,
    studied: Group = SPECIAL_WARDS,
) -> pd.DataFrame:
    """Return each ward's registered residents a year with the fitted path and its 95 % interval.

    One row per ward and year from ``first`` to ``last`` (1 January): residents, and observed,
    fitted, low and high as ratios to the residents of ``first``. Refused: wards and years without a
    count, all named.
    """
    paths = []
    for code, counts in _residents(municipalities, indicators, first, last, studied).iterrows():
        trend, base = log_linear_trend(counts.index, counts), counts[first]
        paths.append(
            pd.DataFrame(
                {
                    "code": code,
                    "year": counts.index,
                    "residents": counts.to_numpy(),
                    "observed_ratio": counts.to_numpy() / base,
                    "fitted_ratio": trend.fitted / base,
                    "low_ratio": trend.fitted_low / base,
                    "high_ratio": trend.fitted_high / base,
                }
            )
        )
    return pd.concat(paths, ignore_index=True)


def residents_trend(
    municipalities: pd.DataFrame,
    indicators: pd.DataFrame,
    layout: pd.DataFrame,
    first: int,
    last: int,
    studied: Group = SPECIAL_WARDS,
) -> pd.DataFrame:
    """Return each ward's change of residents a year with its 95 % interval and rank, and where its
    tile lies.

    One row per ward; ``layout`` holds code, column, row of each. Changes are shares a year, rank 1
    grew fastest. The trap: a straight trend hides a turn, so ``last_change_share`` gives the last
    year alone.
    """
    counts = _residents(municipalities, indicators, first, last, studied)
    trends, tiles = _trends(counts), _tiles(layout, counts.index)
    return trends.assign(
        residents_from=counts[first],
        residents_to=counts[last],
        last_change_share=counts[last] / counts[last - 1] - 1,
        rank=rank_from_top(trends["trend_share"]),
        tile_column=tiles["column"],
        tile_row=tiles["row"],
    ).reset_index()


def municipal_indicators(
    municipalities: pd.DataFrame, indicators: pd.DataFrame, first: int, last: int
) -> pd.DataFrame:
    """Return the indicators of the pressures for every municipality of the three groups, one row
    per municipality.

    Columns as in `INDICATORS`: changes are shares a year, money is nominal yen per resident.
    Refused: municipalities and years without a figure, all named; a daytime ratio may be missing
    (no designated city has one here). The trap: a ward's local-tax share is low by law, because the
    metropolis levies fixed-asset and corporate inhabitant tax there.
    """
    counts = _additive_counts(municipalities, indicators, first, last)
    return (
        _ratios(counts, first, last)
        .assign(group=municipalities.set_index("code")["group"])
        .reset_index()
    )


def group_indicators(
    municipalities: pd.DataFrame, indicators: pd.DataFrame, first: int, last: int
) -> pd.DataFrame:
    """Return the same indicators for each group of municipalities taken as one, one row per group.

    The trap: the mean over wards of staff per 1,000 residents lets Chiyoda (67,000 residents) weigh
    as much as Setagaya (916,000) and gives 6.5 where the wards together have 5.8.
    """
    counts = _additive_counts(municipalities, indicators, first, last)
    groups = municipalities.set_index("code")["group"]
    return _ratios(counts.groupby(groups).sum(skipna=False), first, last).reset_index()


def ward_positions(
    by_municipality: pd.DataFrame, groups: pd.DataFrame, studied: Group = SPECIAL_WARDS
) -> pd.DataFrame:
    """Return each ward's rank among the wards and where it lies in its own and the comparison
    groups, by indicator.

    ``by_municipality`` as from `municipal_indicators`, ``groups`` as from `group_indicators`; one
    row per ward and indicator. ``distance`` is the ward's value less that of all wards taken as
    one, in the indicator's own unit. A position is the share of the comparison group that lies
    below the ward, missing where the group has no figure. An indicator that a ward lacks has no
    row.
    """
    wards, blocks = by_municipality[by_municipality["group"] == studied.key], []
    pooled = groups.set_index("group").loc[studied.key]
    for indicator in (name for name in INDICATORS if wards[name].notna().all()):
        block = {
            "code": wards["code"],
            "indicator": indicator,
            "value": wards[indicator],
            "rank": rank_from_top(wards[indicator]),
            "distance": wards[indicator] - pooled[indicator],
        }
        for group in studied.others:
            others = by_municipality.loc[by_municipality["group"] == group, indicator]
            block[f"position_{group}"] = (
                np.nan if others.isna().any() else share_below(wards[indicator], others)
            )
        blocks.append(pd.DataFrame(block))
    return pd.concat(blocks, ignore_index=True)


def ward_map(positions: pd.DataFrame, layout: pd.DataFrame, indicator: str) -> pd.DataFrame:
    """Return one indicator with each ward's tile, ready for a map: one row per ward, by code.

    ``positions`` as from `ward_positions`, ``layout`` holds code, column, row of each tile (row 1
    is the north). Refused: an indicator that there is not, with those there are, and wards without
    a tile, all named.
    """
    if indicator not in INDICATORS:
        raise ValueError(f"no indicator {indicator!r}; there are: {', '.join(INDICATORS)}")
    chosen = positions[positions["indicator"] == indicator].set_index("code").sort_index()
    if chosen.empty:
        raise ValueError(
            f"no figure of {indicator} for every municipality under study: map another indicator"
        )
    return (
        chosen[["indicator", "value", "rank", "distance"]]
        .join(_tiles(layout, chosen.index))
        .reset_index()
    )


def pressures(positions: pd.DataFrame, studied: Group = SPECIAL_WARDS) -> pd.DataFrame:
    """Return the four pressures with their indicators, how the wards lie in the comparison groups,
    and what is missing.

    ``positions`` as from `ward_positions`; one row per indicator: the median ward's position and
    the number of wards above half of each group. ``strength`` says where the wards stand: ``above``
    (`MOST` of them or more above half of every group that has figures), ``below`` likewise,
    ``between``, or ``unknown`` where nothing can be compared; it is no verdict on the pressure.
    ``gap`` names what no public figure shows. A pressure without a public figure per municipality
    keeps a row with ``evidence`` "none".
    """
    grouped = positions.groupby("indicator", sort=False)
    table = pd.DataFrame(
        [(pressure, name, evidence) for name, (pressure, evidence) in INDICATORS.items()]
        + list(UNCOMPARED),
        columns=["pressure", "indicator", "evidence"],
    )
    for group in studied.others:
        shares = grouped[f"position_{group}"]
        above = shares.agg(lambda values: (values > 0.5).sum() if values.notna().all() else np.nan)
        table[f"wards_above_{group}"] = table["indicator"].map(above).astype("Int64")
        table[f"median_position_{group}"] = table["indicator"].map(shares.median())
    wards = positions["code"].nunique()
    above = table[[f"wards_above_{group}" for group in studied.others]].astype(float) / wards
    strength = np.select(
        [above.isna().all(axis=1), above.min(axis=1) >= MOST, above.max(axis=1) <= 1 - MOST],
        ["unknown", "above", "below"],
        "between",
    )
    return table.assign(strength=strength, gap=table["pressure"])


def staff_per_1000(municipalities: pd.DataFrame, indicators: pd.DataFrame) -> pd.DataFrame:
    """Return general-administration staff per 1,000 residents, its rank in the group and the trend
    of staff.

    One row per municipality of the three groups: staff and residents of 2022; trend over
    `STAFF_YEARS`, a share a year with its 95 % interval. General administration leaves out
    education, police, fire and enterprises.
    """
    year = PER_RESIDENT_YEARS[-1]
    wanted = {"general_administration_staff": STAFF_YEARS, "residents": (year,)}
    counts = _panel(indicators, municipalities["code"], wanted)
    table = _trends(counts["general_administration_staff"]).assign(
        staff=counts["general_administration_staff", year],
        residents=counts["residents", year],
        group=municipalities.set_index("code")["group"],
    )
    table["staff_per_1000_residents"] = table["staff"] / table["residents"] * 1000
    table["rank"] = table.groupby("group")["staff_per_1000_residents"].transform(rank_from_top)
    return table.reset_index()


def expenditure_path(municipalities: pd.DataFrame, indicators: pd.DataFrame) -> pd.DataFrame:
    """Return nominal yen spent per resident each fiscal year, by group taken as one, with the
    middle half of its municipalities.

    One row per group and fiscal year of `EXPENDITURE_SPAN`: expenditure over the residents of 1
    January before the year began, the quartiles over municipalities, and whether the year holds the
    nationwide payment of 100,000 yen to every resident. The trap: FY2020 tops every line; that
    money passed through the municipalities' books and was no spending of their own choice.
    """
    span = range(EXPENDITURE_SPAN[0], EXPENDITURE_SPAN[1] + 1)
    counts = _panel(indicators, municipalities["code"], {"expenditure": span, "residents": span})
    groups, rows = municipalities.set_index("code")["group"], []
    for year in span:
        spent, people = counts["expenditure", year], counts["residents", year]
        quartiles = (spent / people).groupby(groups).quantile([0.25, 0.75]).unstack()
        rows.append(
            pd.DataFrame(
                {
                    "fiscal_year": year,
                    "expenditure_per_resident_jpy": spent.groupby(groups).sum()
                    / people.groupby(groups).sum(),
                    "q25_jpy": quartiles[0.25],
                    "q75_jpy": quartiles[0.75],
                    "nationwide_payment": "yes" if year == PAYMENT_YEAR else "no",
                }
            )
        )
    return (
        pd.concat(rows)
        .rename_axis("group")
        .reset_index()
        .sort_values(["group", "fiscal_year"], ignore_index=True)
    )


def initiatives(report: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """Return the national initiatives of the report and the events since, in the order of time.

    One row per item: ``kind`` is undated (an aim of the report without a date, first), deadline or
    event; the decimal fiscal year counts a month from its first day, and a deadline as the day
    after it, so that FY2025 ends at 2026.0.
    """
    aims = report.rename(
        columns={"name_ja": "label_ja", "name_en": "label_en", "national_date": "date"}
    )
    since = events.rename(columns={"event_ja": "label_ja", "event_en": "label_en"}).assign(
        kind="event"
    )
    table = pd.concat(
        [aims.assign(kind=np.where(aims["date"].isna(), "undated", "deadline")), since],
        ignore_index=True,
    )
    dates = pd.to_datetime(table["date"], format="ISO8601") + pd.to_timedelta(
        (table["kind"] == "deadline").astype(int), unit="D"
    )
    table["fiscal_year"] = dates.dropna().dt.date.map(decimal_fiscal_year)
    table = table.sort_values("fiscal_year", kind="stable", na_position="first", ignore_index=True)
    return table.assign(place=table.index + 1)[
        ["place", "kind", "date", "fiscal_year", "label_ja", "label_en"]
    ]


def _residents(
    municipalities: pd.DataFrame, indicators: pd.DataFrame, first: int, last: int, studied: Group
) -> pd.DataFrame:
    wards = municipalities.loc[municipalities["group"] == studied.key, "code"]
    return _panel(indicators, wards, {"residents": range(first, last + 1)})["residents"]


def _panel(
    indicators: pd.DataFrame, codes: Sequence[str], wanted: Mapping[str, Iterable[int]]
) -> pd.DataFrame:
    """A complete panel of ``municipality_indicators``; what it lacks or gives twice is a fault of
    that table.
    """
    try:
        return complete_panel(indicators, codes, wanted)
    except ValueError as fault:
        raise DataFault("municipality_indicators", str(fault)) from None


def _tiles(layout: pd.DataFrame, codes: pd.Index) -> pd.DataFrame:
    """Column and row of each ward's tile, by code; wards without one are refused, all named."""
    missing = sorted(set(codes) - set(layout["code"]))
    if missing:
        raise DataFault("tile_layout", f"no tile for wards {', '.join(missing)}")
    return layout.set_index("code").loc[codes, ["column", "row"]]


def _trends(counts: pd.DataFrame) -> pd.DataFrame:
    fits = [log_linear_trend(series.index, series) for _, series in counts.iterrows()]
    return pd.DataFrame(
        [(fit.change_share, fit.low, fit.high) for fit in fits],
        counts.index,
        ["trend_share", "low", "high"],
    )


def _additive_counts(
    municipalities: pd.DataFrame, indicators: pd.DataFrame, first: int, last: int
) -> pd.DataFrame:
    """Every count behind the indicators, by (quantity, year): counts may be summed over
    municipalities, ratios may not.
    """
    wanted = {
        "residents": sorted({*range(first, last + 1), *PER_RESIDENT_YEARS}),
        "general_administration_staff": STAFF_YEARS,
        "expenditure": EXPENDITURE_YEARS,
        "local_tax": (TAX_YEAR,),
        "revenue": (TAX_YEAR,),
    }
    census = municipalities.set_index("code")
    people = pd.DataFrame(
        {
            "all": census["census_population"],
            "aged": census["census_population_65plus"],
            "daytime": census["census_population"] * census["daytime_population_ratio"],
        }
    )
    counted = _panel(indicators, municipalities["code"], wanted)
    return pd.concat([counted, pd.concat({"census": people}, axis=1)], axis=1)


def _ratios(counts: pd.DataFrame, first: int, last: int) -> pd.DataFrame:
    staff, residents, census = (
        counts["general_administration_staff"],
        counts["residents"],
        counts["census"],
    )
    before, now = (counts["expenditure", year] / residents[year] for year in EXPENDITURE_YEARS)
    return pd.DataFrame(
        {
            "residents_change_share": _trends(residents[list(range(first, last + 1))])[
                "trend_share"
            ],
            "aged_share": census["aged"] / census["all"],
            "daytime_ratio": census["daytime"] / census["all"],
            "local_tax_share": counts["local_tax", TAX_YEAR] / counts["revenue", TAX_YEAR],
            "expenditure_change_share": (now / before)
            ** (1 / (EXPENDITURE_YEARS[1] - EXPENDITURE_YEARS[0]))
            - 1,
            "staff_per_1000_residents": staff[PER_RESIDENT_YEARS[-1]]
            / residents[PER_RESIDENT_YEARS[-1]]
            * 1000,
            "staff_change_share": _trends(staff)["trend_share"],
            "expenditure_per_resident_jpy": now,
        }
    )
