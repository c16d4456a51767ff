"""Whether yen are yen and codes are bodies: supplied ICT costs before any chapter believes them."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from office_tables.bodies import PLACES, full_code, kind_of_code

# a year; the national mean of all bodies is 3,742 (ict_cost_survey)
LEAST_JPY_PER_RESIDENT = {"core": 100.0, "": 5.0}
MOST_JPY_PER_RESIDENT = 1_000_000.0
CENSUS = "census_population"


def implausible_costs(costs: pd.DataFrame, municipalities: pd.DataFrame) -> list[str]:
    """Return what is wrong with the size of supplied costs (code, fiscal_year, system_group,
    cost_jpy), nothing if it is plausible.

    Judged by the median body of each year, so that one odd ward is no reason. The trap: a table in
    thousand yen read as yen makes every ward look three orders of magnitude cheap, and nothing in
    the arithmetic notices.

    >>> bodies = pd.DataFrame({"code": ["131016"], "census_population": [66680]})
    >>> costs = pd.DataFrame({"code": ["131016"], "fiscal_year": [2021], "system_group": ["core"], "cost_jpy": [250000.0]})
    >>> implausible_costs(costs, bodies)
    ['the costs of 2021 come to 3.75 yen per resident (median body): are they in thousand yen?']
    """
    residents = municipalities.set_index("code")[CENSUS]
    known = costs[costs["code"].isin(residents.index)]
    faults = []
    for year, of_year in known.groupby("fiscal_year"):
        by_body = of_year.groupby("code")["cost_jpy"].sum()
        median = float((by_body / residents.loc[by_body.index]).median())
        least = LEAST_JPY_PER_RESIDENT["core" if (of_year["system_group"] == "core").any() else ""]
        if 0 < median < least or median > MOST_JPY_PER_RESIDENT:
            unit = "thousand yen" if median < least else "yen, multiplied once too often"
            faults.append(
                f"the costs of {year} come to {median:,.3g} yen per resident (median body): are"
                f" they in {unit}?"
            )
    return faults


def no_bodies(codes: pd.Series) -> Iterator[str]:
    """Yield what is wrong with codes that name no single municipality, with the row of a file under
    one header.

    >>> list(no_bodies(pd.Series(["131016", "131017", "130001"])))
    ['row 3: code 131017 has a wrong check digit; 131016 would be right', 'row 4: code 130001 is that of a prefecture; take the row out']
    """
    for place, code in codes.items():
        try:
            kind = kind_of_code(full_code(code, "six"))
        except ValueError as fault:
            yield f"row {place + 2}: code {code} {fault}"
            continue
        if kind in PLACES:
            yield f"row {place + 2}: code {code} is that of {PLACES[kind]}; take the row out"
