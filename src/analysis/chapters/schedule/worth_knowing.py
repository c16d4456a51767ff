"""Chapter 6, what is worth knowing first: each input by itself, and which of the rival scale
models is right, by the weight that a reader gives to a rival.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from analysis.methods.appraisal import value_of_learning
from analysis.methods.model_weight import first_above, first_flip, value_of_knowing_which

WEIGHTS = np.linspace(0, 1, 101).round(2)


def option_means(values: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the mean of each option under each scale model, one row per model and option;
    ``values`` holds the options' draws by model.
    """
    rows = [
        {"scale_model": model, "option": option, "npv_mean_jpy": mean}
        for model, drawn in values.items()
        for option, mean in drawn.mean().items()
    ]
    return pd.DataFrame(rows).assign(place=range(1, len(rows) + 1))


def learning_by_input(
    values: pd.DataFrame, known: pd.DataFrame, inputs: Iterable[str]
) -> pd.DataFrame:
    """Return what knowing each input alone before choosing is worth, with the error of its estimate
    (`appraisal.value_of_learning`), one row per input that varies, the most expensive first.

    The trap: of two inputs that only together change the choice each alone is worth nothing.
    """
    rows = []
    for name in inputs:
        if known[name].std() > 0:
            knowing, error = value_of_learning(values, known[[name]])
            rows.append({"input": name, "knowing_jpy": knowing, "knowing_error_jpy": error})
    table = pd.DataFrame(rows, columns=["input", "knowing_jpy", "knowing_error_jpy"])
    table = table.sort_values("knowing_jpy", ascending=False, ignore_index=True)
    return table.assign(place=range(1, len(table) + 1))


def model_worth(means: pd.DataFrame, own: str) -> pd.DataFrame:
    """Return what knowing which scale model is right is worth before choosing, one row per rival of
    the run's ``own`` model and weight that a reader gives to the rival (the rest stands on its
    own).

    ``means`` as from `option_means`.
    """
    table = _by_model(means)
    rows = [
        pd.DataFrame(
            {
                "rival": rival,
                "weight": WEIGHTS,
                "knowing_jpy": value_of_knowing_which(table.loc[own], table.loc[rival], WEIGHTS),
            }
        )
        for rival in table.index.drop(own)
    ]
    whole = pd.concat(rows, ignore_index=True)
    return whole.assign(place=range(1, len(whole) + 1))


def model_turns(means: pd.DataFrame, own: str, worth: float) -> pd.DataFrame:
    """Return, one row per rival model, the weight on it at which the choice first turns
    (``flip_weight``), to which ``option``, what knowing which model is right is worth there
    (``most_jpy``), and from which weight on (``above_weight``, to a thousandth) it is worth more
    than ``worth``; blank where no weight turns the choice.
    """
    table, rows = _by_model(means), []
    for rival in table.index.drop(own):
        pair = table.loc[own], table.loc[rival]
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


def _by_model(means: pd.DataFrame) -> pd.DataFrame:
    """The options' means with a row a model, options in the order of the table."""
    return means.pivot(index="scale_model", columns="option", values="npv_mean_jpy")[
        pd.unique(means["option"])
    ]
