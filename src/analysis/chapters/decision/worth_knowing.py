"""Chapter 9, what is worth knowing before choosing: groups of inputs, each input by itself, and
which of the rival scale models is right, by the weight that a reader gives to a rival.

The choice is this chapter's own, on the same draws; worths are level sums of yen a year, as the
options' are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.chapters.decision.formulas import DRAWN
from analysis.methods.appraisal import value_of_knowing_all, value_of_learning
from analysis.methods.calibration import equal_draws
from analysis.methods.model_weight import first_above, first_flip, value_of_knowing_which

WEIGHTS = np.linspace(0, 1, 101).round(2)
TERMS = {"terms": DRAWN}  # what only this chapter draws, beside chapter 6's groups
SURE = 2  # standard errors: a worth within them is not told from nothing


def equally(weights: NDArray, *tables: pd.DataFrame) -> list[pd.DataFrame]:
    """Return tables of weighted draws as tables of draws that count alike."""
    rows = equal_draws(weights)
    return [table.iloc[rows].reset_index(drop=True) for table in tables]


def learning_table(
    values: pd.DataFrame, known: pd.DataFrame, groups: Mapping[str, Sequence[str]]
) -> pd.DataFrame:
    """Return what knowing each group of inputs before choosing is worth, with the error of its
    estimate (`appraisal.value_of_learning`), one row per group, and everything.

    ``values`` are the options' by draw, draws that count alike; ``groups`` names columns of
    ``known``. A worth that is not told from nothing is nothing.
    """
    rows = [
        {"learned": group, **_knowing(values, known[list(columns)])}
        for group, columns in groups.items()
    ]
    rows.append({"learned": "everything", "knowing_jpy": value_of_knowing_all(values)})
    return pd.DataFrame(rows).assign(place=range(1, len(rows) + 1))


def learning_by_input(
    values: pd.DataFrame, known: pd.DataFrame, inputs: Iterable[str]
) -> pd.DataFrame:
    """Return what knowing each input alone before choosing is worth, one row per input that varies,
    the one worth most first; arguments as in `learning_table`.

    The trap: of two inputs that only together change the choice each alone is worth nothing.
    """
    rows = [
        {"input": name, **_knowing(values, known[[name]])}
        for name in inputs
        if known[name].std() > 0
    ]
    table = pd.DataFrame(rows, columns=["input", "knowing_jpy", "knowing_error_jpy"])
    table = table.sort_values("knowing_jpy", ascending=False, kind="stable", ignore_index=True)
    return table.assign(place=range(1, len(table) + 1))


def _knowing(values: pd.DataFrame, known: pd.DataFrame) -> dict[str, float]:
    worth, error = value_of_learning(values, known)
    return {"knowing_jpy": worth if worth > SURE * error else 0.0, "knowing_error_jpy": error}


def model_worth(means: pd.DataFrame, own: str) -> pd.DataFrame:
    """Return what knowing which scale model is right is worth before choosing, one row per rival of
    the run's ``own`` model and weight that a reader gives to the rival (the rest stands on its
    own).

    ``means`` holds the options' means, one row per model.
    """
    rows = [
        pd.DataFrame(
            {
                "rival": rival,
                "weight": WEIGHTS,
                "knowing_jpy": value_of_knowing_which(means.loc[own], means.loc[rival], WEIGHTS),
            }
        )
        for rival in means.index.drop(own)
    ]
    whole = pd.concat(rows, ignore_index=True)
    return whole.assign(place=range(1, len(whole) + 1))


def model_turns(means: pd.DataFrame, own: str, worth: float) -> pd.DataFrame:
    """Return, one row per rival model, the weight on it at which the choice first turns
    (``flip_weight``), to which ``option``, what knowing which model is right is worth there
    (``most_jpy``), and from which weight on (``above_weight``, to a thousandth) it is worth more
    than ``worth``; blank where no weight turns the choice. ``means`` as in `model_worth`.
    """
    rows = []
    for rival in means.index.drop(own):
        pair = means.loc[own], means.loc[rival]
        flip, option = first_flip(*pair) or (np.nan, None)
        rows.append(
            {
                "rival": rival,
                "flip_weight": flip,
                "option": option,
                "most_jpy": value_of_knowing_which(*pair, [flip])[0],
                "above_weight": first_above(*pair, worth),
            }
        )
    return pd.DataFrame(rows).astype({"above_weight": float, "option": object})
