"""Whether yen are yen, and whether supplied ICT costs agree with what is published, before any
chapter believes them.
"""

from __future__ import annotations

import pandas as pd

# a year; the national mean of all municipalities is 3,742 (ict_cost_survey)
LEAST_JPY_PER_RESIDENT = {"core": 100.0, "": 5.0}
MOST_JPY_PER_RESIDENT = 1_000_000.0
CENSUS = "census_population"
# apart from rounding to thousand yen
SAME_WITHIN = 0.01


def implausible_costs(costs: pd.DataFrame, municipalities: pd.DataFrame) -> list[str]:
    """Return what is wrong with the size of supplied costs (code, fiscal_year, system_group,
    cost_jpy), nothing if it is plausible.

    Judged by the median municipality of each year, so that one odd ward is no reason. The trap: a
    table in thousand yen read as yen makes every ward look three orders of magnitude cheap, and
    nothing in the arithmetic notices.

    >>> municipalities = pd.DataFrame({"code": ["131016"], "census_population": [66680]})
    >>> costs = pd.DataFrame(
    ...     {
    ...         "code": ["131016"],
    ...         "fiscal_year": [2021],
    ...         "system_group": ["core"],
    ...         "cost_jpy": [250000.0],
    ...     }
    ... )
    >>> implausible_costs(costs, municipalities)  # doctest: +NORMALIZE_WHITESPACE
    ['the costs of 2021 come to 3.75 yen per resident (median municipality): are they in thousand
    yen?']
    """
    residents = municipalities.set_index("code")[CENSUS]
    known = costs[costs["code"].isin(residents.index)]
    faults = []
    for year, of_year in known.groupby("fiscal_year"):
        by_municipality = of_year.groupby("code")["cost_jpy"].sum()
        median = float((by_municipality / residents.loc[by_municipality.index]).median())
        with_core = of_year["system_group"].isin(["core", "all"]).any()
        least = LEAST_JPY_PER_RESIDENT["core" if with_core else ""]
        if 0 < median < least or median > MOST_JPY_PER_RESIDENT:
            unit = "thousand yen" if median < least else "yen, multiplied once too often"
            faults.append(
                f"the costs of {year} come to {median:,.3g} yen per resident (median"
                f" municipality): are"
                f" they in {unit}?"
            )
    return faults


def differing_costs(costs: pd.DataFrame, budgets: pd.DataFrame) -> pd.DataFrame:
    """Return the supplied costs that differ from the item which the same municipality published of
    the same fiscal year: ``code``, ``fiscal_year``, ``supplied_jpy``, ``item_jpy``, widest first.

    ``costs`` has code, fiscal_year, cost_jpy, ``budgets`` is ``observed_ict_budgets``. The two need
    not be equal, as an item leaves ICT of other sections out; the trap is to prefer one silently.

    >>> budgets = pd.DataFrame(
    ...     {"code": ["131121"], "fiscal_year": [2020], "scope": ["item"], "amount_jpy": [50]}
    ... )
    >>> costs = pd.DataFrame({"code": ["131121"], "fiscal_year": [2020], "cost_jpy": [75.0]})
    >>> differing_costs(costs, budgets)[["supplied_jpy", "item_jpy"]].values.tolist()
    [[75.0, 50.0]]
    """
    keys = ["code", "fiscal_year"]
    own = costs.groupby(keys)["cost_jpy"].sum().rename("supplied_jpy")
    items = budgets[budgets["scope"] == "item"].groupby(keys)["amount_jpy"].sum()
    both = pd.concat([own, items.rename("item_jpy")], axis=1, join="inner").reset_index()
    ratio = both["supplied_jpy"] / both["item_jpy"]
    apart = ratio.where(ratio >= 1, 1 / ratio)
    order = apart[apart > 1 + SAME_WITHIN].sort_values(ascending=False).index
    return both.loc[order].reset_index(drop=True)
