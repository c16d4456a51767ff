"""Chapter 4, what later chapters buy on: the purchase as two small tables, from which it is built
again, as chapter 3's plan is.
"""

from __future__ import annotations

from dataclasses import fields

import pandas as pd

from analysis.chapters.procurement.formulas import Purchase


def purchase_plan(purchase: Purchase) -> pd.DataFrame:
    """Return the purchase's choices in one row: years, rate, which levers are used, and how many
    suppliers joint contracts leave.
    """
    named = [field.name for field in fields(purchase) if field.name != "cells"]
    return pd.DataFrame([{name: getattr(purchase, name) for name in named}])


def purchase_cells(purchase: Purchase) -> pd.DataFrame:
    """Return one row per system group and cost category, in the purchase's order (``place``)."""
    return purchase.cells.assign(place=range(1, len(purchase.cells) + 1))


def purchase_of(cells: pd.DataFrame, plan: pd.DataFrame) -> Purchase:
    """Return the purchase that the two tables describe.

    >>> cells = pd.DataFrame({"system_group": ["core"], "cost_category": ["lines"], "place": [1]})
    >>> bought = Purchase(cells.drop(columns="place"), 5, 10, 0.04, True, False, 2)
    >>> again = purchase_of(purchase_cells(bought), purchase_plan(bought))
    >>> again.asset_life_years, again.joint_demand, again.cells.equals(bought.cells)
    (10, False, True)
    """
    rows = cells.sort_values("place", ignore_index=True).drop(columns="place")
    return Purchase(rows, **plan.iloc[0].to_dict())
