"""Chapter 9, what carries its exhibits: the rows of input tables that what is advised hangs on, and
those that its dates are counted from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import rankdata

LEAST = 0.01  # what weighs less carries nothing
Place = tuple[str, str]  # an input table, and what tells its row apart


def weighing(known: pd.DataFrame, worth: NDArray) -> pd.Series:
    """Return how much each input weighs on an option's worth, the heaviest first: its coefficient
    squared in a regression of ranks on ranks, all standardised; none of what does not vary.

    Draws count alike (`calibration.equal_draws`), so that what the published result has taught is
    in it. The trap: a correlation with the worth, by which an input of pooling would carry joint
    buying, as inputs of one block are drawn together.
    """
    inputs, own = known.rank(), rankdata(worth)
    # an input that is held has one rank, though its mean may miss its value by a hair
    inputs = inputs.loc[:, inputs.std() > 0]
    if inputs.empty or own.std() == 0:
        return pd.Series(dtype=float)
    standard = (inputs - inputs.mean()) / inputs.std(ddof=0)
    beta = np.linalg.lstsq(standard.to_numpy(), (own - own.mean()) / own.std())[0]
    return pd.Series(beta**2, inputs.columns).sort_values(ascending=False, kind="stable")


def of_worth(
    weights: pd.Series, tables: Mapping[str, str], published: Sequence[Place]
) -> pd.Series:
    """Return the rows that an option's worth hangs on, by table and row: what it is weighted by
    first, which has no weight of its own, then the inputs that weigh most.

    ``tables`` says in which table each input is a row; what is a row of none is left out.
    """
    heavy = weights[[name in tables and weight >= LEAST for name, weight in weights.items()]]
    rows = dict.fromkeys(published, np.nan)
    rows |= {(tables[str(name)], str(name)): weight for name, weight in heavy.items()}
    return pd.Series(rows, dtype=float)


def of_dates(calendar: pd.DataFrame, terms: Iterable[str]) -> pd.Series:
    """Return the rows that the dates are counted from: the steps that are due, all where none is,
    then the ``terms`` that they are counted from.
    """
    due = calendar[calendar["due"]] if calendar["due"].any() else calendar
    places = [("decision_calendar", step) for step in due["step_id"]]
    places += [("decision_terms", term) for term in terms]
    return pd.Series(dict.fromkeys(places, np.nan), dtype=float)


def carriers_table(rows: Mapping[str, pd.Series]) -> pd.DataFrame:
    """Return one row per exhibit and row of an input table that carries it, the weightiest first.

    ``rows`` holds for each exhibit the weights by table and row (`of_worth`, `of_dates`).
    """
    found = [
        {"exhibit": exhibit, "table": table, "item": item, "weight": weight}
        for exhibit, weights in rows.items()
        for (table, item), weight in weights.items()
    ]
    return pd.DataFrame(found).assign(place=range(1, len(found) + 1))
