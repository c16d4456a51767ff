"""Panels: municipalities by quantities and years, complete or refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

SHOWN_FAULTS = 30


def complete_panel(
    observations: pd.DataFrame, municipalities: Sequence[str], wanted: Mapping[str, Iterable[int]]
) -> pd.DataFrame:
    """Return one row per municipality, in the order given, and one column per wanted (quantity,
    year).

    ``observations`` is long: code, indicator, period, value; a period starts with its year or with
    "FY" and the year (2016-01-01, FY2018, 2021). Units stay the observations' own. Refused:
    municipalities and years without a value, and a value given twice, every one named. The trap: a
    pivot that leaves gaps makes sums that are too small in silence.

    >>> long = pd.DataFrame(
    ...     {"code": ["131016"], "indicator": ["staff"], "period": ["FY2021"], "value": [943.0]}
    ... )
    >>> complete_panel(long, ["131016"], {"staff": [2021]}).loc["131016", ("staff", 2021)].item()
    943.0
    """
    columns = [(quantity, year) for quantity, years in wanted.items() for year in years]
    years = observations["period"].str.removeprefix("FY").str[:4].astype(int)
    values = (
        observations.assign(year=years).set_index(["code", "indicator", "year"])["value"].dropna()
    )
    values = values[
        values.index.isin([(code, *column) for code in municipalities for column in columns])
    ]
    twice = values.index[values.index.duplicated()].unique()
    absent = [
        (code, *column)
        for code in municipalities
        for column in columns
        if (code, *column) not in values.index
    ]
    if len(twice) or absent:
        raise ValueError(
            "; ".join(_named("without a value", absent) + _named("given twice", list(twice)))
        )
    wide = values.unstack(["indicator", "year"])
    return wide.reindex(
        index=list(municipalities),
        columns=pd.MultiIndex.from_tuples(columns, names=["quantity", "year"]),
    )


def _named(fault: str, cells: list[tuple[str, str, int]]) -> list[str]:
    if not cells:
        return []
    shown = ", ".join(f"{code} {quantity} {year}" for code, quantity, year in cells[:SHOWN_FAULTS])
    return [
        f"{fault}: {shown}"
        + (f" and {len(cells) - SHOWN_FAULTS} more" if len(cells) > SHOWN_FAULTS else "")
    ]
