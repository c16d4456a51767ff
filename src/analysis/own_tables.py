"""What the chapters ask of a researcher's own tables, beyond the tables' contracts.

A contract looks at one row at a time. Here is what would stop a run, or change it unseen, though
every row keeps the contract; intake and `workbook check` hold own tables against it before any
kernel starts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass

import pandas as pd

SHOWN = 12
# Rows of these the chapters look up by key: an own table must hold every published key.
LOOKED_UP: dict[str, tuple[str, ...]] = {
    "municipalities": ("code",),
    "tile_layout": ("code",),
    "ward_systems": ("code",),
    "cost_shares": ("system_group",),
    "category_shares": ("system_group", "cost_category"),
    "coordination_factors": ("system_group",),
    "consolidation_targets": ("system_group",),
    "lever_scope": ("lever", "system_group", "cost_category"),
    "platform_costs": ("item",),
    "input_ranges": ("input",),
    "input_register": ("input",),
    "wide_priors": ("input",),
    "published_figures": ("figure",),
    "ict_cost_survey": ("item", "scope"),
    "it_staffing": ("item", "scope", "period"),
}


@dataclass(frozen=True)
class OwnTable:
    """A table of the researcher's own and what it is held against.

    ``published`` is the table whose place it takes, None where there is none; ``municipalities``
    the municipalities a run knows; ``taking_part`` the codes it needs, empty while no run is
    chosen.
    """

    name: str
    frame: pd.DataFrame
    published: pd.DataFrame | None
    municipalities: pd.DataFrame
    taking_part: frozenset[str] = frozenset()


def unmet_conditions(
    name: str,
    frame: pd.DataFrame,
    published: pd.DataFrame | None,
    municipalities: pd.DataFrame,
    taking_part: Collection[str] = (),
) -> Iterator[str]:
    """Yield what an own table lacks or says twice, each with its remedy; nothing if it is fit.

    ``frame`` and ``published`` keep their contract. With ``taking_part`` the conditions are those
    of one run (its fiscal year of costs); without, those that every run has.
    """
    own = OwnTable(name, frame, published, municipalities, frozenset(taking_part))
    if name in LOOKED_UP:
        yield from _published_keys(own)
    for condition in CONDITIONS.get(name, ()):
        yield from condition(own)


def _published_keys(own: OwnTable) -> Iterator[str]:
    if own.published is None:
        return
    key = list(LOOKED_UP[own.name])
    held = set(own.frame[key].itertuples(index=False, name=None))
    wanted = own.published[key].itertuples(index=False, name=None)
    lacking = [" ".join(map(str, row)) for row in wanted if row not in held]
    if lacking:
        yield (
            f"takes the place of {len(own.published):,} published rows and lacks "
            f"{_some(lacking)}: add these rows from data/{own.name}.csv"
        )


# -- costs: every group of systems of every municipality, in the year that counts ------------------


def _known_municipalities(own: OwnTable) -> Iterator[str]:
    unknown = sorted(set(own.frame["code"]) - set(own.municipalities["code"]))
    if unknown:
        yield (
            f"holds municipalities that municipalities does not: {_some(unknown)}: take their"
            f" rows out, "
            "or add the municipalities, with all others, to data/local/municipalities.csv"
        )


def _whole_years(own: OwnTable) -> Iterator[str]:
    """Yield the gaps of each year a run may take: its latest that holds all municipalities taking
    part.
    """
    held = own.frame.groupby("fiscal_year")["code"].agg(set)
    years = [year for year, codes in held.items() if codes >= own.taking_part]
    if not years:
        year = max(held.index, key=lambda year: (len(held[year] & own.taking_part), year))
        lacking = sorted(own.taking_part - held[year])
        yield (
            f"holds no fiscal year with every municipality taking part; {year} lacks"
            f" {_some(lacking)}: "
            "add their costs"
        )
    for year in [max(years)] if years and own.taking_part else years:
        costs = own.frame[own.frame["fiscal_year"] == year]
        yield from (f"fiscal year {year}: {text}" for text in _gaps_of_year(costs))


def _gaps_of_year(costs: pd.DataFrame) -> Iterator[str]:
    from analysis.chapters.resident_cost import observed_cost  # here: only costs wait for it

    cells = observed_cost.by_system_group(costs)
    groups = observed_cost.without_total(cells)
    yield from _gaps_of_groups(groups)
    whole = cells.drop(index=groups.index[groups.isna().any(axis=1)])
    free = whole.index[whole.sum(axis=1) == 0]
    if len(free):
        yield f"no cost at all for {_some(free)}: give the costs, or take the rows out"
    if twice := observed_cost.given_twice(cells):
        yield (
            f"system groups and their total ({observed_cost.WHOLE}) are both given for"
            f" {_some(twice)}: keep the groups or the total, or they count twice"
        )


def _gaps_of_groups(groups: pd.DataFrame) -> Iterator[str]:
    """Yield the groups that municipalities without a total lack; once, those that all of them
    lack.
    """
    nowhere = groups.columns[groups.isna().all()] if len(groups) else groups.columns[:0]
    if len(nowhere):
        yield (
            f"no municipality has a cost of {', '.join(nowhere)}: give these system groups too (0"
            f" where "
            "a municipality spends nothing), or leave the year out"
        )
    gaps = [
        f"{code} {', '.join(row.index[row.isna()])}"
        for code, row in groups.drop(columns=nowhere).iterrows()
        if row.isna().any()
    ]
    if gaps:
        yield f"no cost given for {_some(gaps, '; ')}: write 0 where a municipality spends nothing"


# -- indicators: one value a year, spelled as published, for every municipality and year that counts


def _spelling(periods: pd.Series) -> pd.Series:
    """Return each period with a mark for its year: FY{year}, {year}, {year}-01-01."""
    return periods.str.replace(r"^(FY)?\d{4}", r"\1{year}", regex=True)


def _spelled_as_published(own: OwnTable) -> Iterator[str]:
    spelled = _spelling(own.published["period"]).groupby(own.published["indicator"]).first()
    frame = own.frame.assign(meant=own.frame["indicator"].map(spelled)).dropna(subset="meant")
    other = frame[_spelling(frame["period"]) != frame["meant"]]
    for (indicator, period, meant), rows in other.groupby(["indicator", "period", "meant"]):
        right = meant.format(year=_year(period))
        yield (
            f"{indicator} of {period} ({_municipalities(len(rows))}): the chapters look for"
            f" {right}; "
            f"write that (--fill period={right}) if it is what was counted"
        )


def _once_a_year(own: OwnTable) -> Iterator[str]:
    """Yield years given twice: to the chapters, 2022 and 2022-01-01 are one year."""
    frame = own.frame.assign(year=own.frame["period"].map(_year))
    twice = frame[frame.duplicated(["code", "indicator", "year"], keep=False)]
    for (indicator, year), rows in twice.groupby(["indicator", "year"]):
        periods = ", ".join(sorted(set(rows["period"])))
        yield (
            f"{indicator} of {year} stands twice for {_municipalities(rows['code'].nunique())} "
            f"({periods}): keep one of them"
        )


def _same_unit(own: OwnTable) -> Iterator[str]:
    units = own.published.groupby("indicator")["unit"].first()
    frame = own.frame.assign(meant=own.frame["indicator"].map(units))
    other = frame[frame["meant"].notna() & (frame["unit"] != frame["meant"])]
    for (indicator, unit, meant), rows in other.groupby(["indicator", "unit", "meant"]):
        yield (
            f"{indicator} ({_municipalities(rows['code'].nunique())}) is in {unit}: write it in"
            f" {meant}"
        )


def _above_zero(own: OwnTable) -> Iterator[str]:
    low = own.frame[own.frame["value"] <= 0]
    for indicator, rows in low.groupby("indicator"):
        places = rows["code"] + " " + rows["period"]
        yield (
            f"{indicator} is not above 0 for {_some(places)}: the chapters divide by it; "
            "give the value, or leave the row out"
        )


def _no_shorter(own: OwnTable) -> Iterator[str]:
    """Yield the periods that a table in the published one's place lacks, for any municipality."""
    held = set(own.frame[["code", "indicator", "period"]].itertuples(index=False, name=None))
    wanted = own.published[["indicator", "period"]].drop_duplicates()
    codes, lacking = sorted(own.municipalities["code"]), {}
    for indicator, period in wanted.itertuples(index=False, name=None):
        absent = [code for code in codes if (code, indicator, period) not in held]
        if absent:
            lacking[f"{indicator} {period}"] = absent
    if lacking:
        texts = [f"{what} ({_who(absent)})" for what, absent in lacking.items()]
        yield (
            f"takes the place of {len(own.published):,} published rows and lacks "
            f"{_some(texts, '; ')}: add these rows, or take the file in with --keep-published"
        )


CONDITIONS: dict[str, tuple[Callable[[OwnTable], Iterable[str]], ...]] = {
    "ict_cost": (_known_municipalities, _whole_years),
    "municipality_indicators": (
        _spelled_as_published,
        _once_a_year,
        _same_unit,
        _above_zero,
        _no_shorter,
    ),
}


def _year(period: str) -> str:
    return re.sub("^FY", "", period)[:4]


def _municipalities(number: int) -> str:
    return f"{number:,} {'municipality' if number == 1 else 'municipalities'}"


def _who(codes: list[str]) -> str:
    return ", ".join(codes) if len(codes) <= 3 else _municipalities(len(codes))


def _some(texts: Iterable[str], mark: str = ", ") -> str:
    found = list(texts)
    more = f" and {len(found) - SHOWN:,} more" if len(found) > SHOWN else ""
    return mark.join(map(str, found[:SHOWN])) + more
