"""Chapter 6, decisions: what to begin, what to leave, and whether to wait, by net present value
over the whole life.

Options are columns, draws are rows, values are yen of the plan's first year. An option is a sum of
parts (see `money_over_time`), so that each part is discounted once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from analysis.methods.appraisal import regret, value_of_knowing_all, value_of_learning
from analysis.methods.uncertainty import summary

WAVE_ONE = ("internal", "communication", "infrastructure")
REST = (*WAVE_ONE, "online_counter", "data_use")
OPTIONS = {
    "none": (),
    "buying_only": ("buying",),
    "wave_one": ("buying", *WAVE_ONE),
    "core_chosen": ("buying", *REST, "core"),
    "core_one": ("buying", *REST, "core_one"),
}
WHOLE_PLAN = OPTIONS["core_chosen"]
# group of inputs -> columns that it acts through; ``fixed_share`` sums up the evidence on scale
LEARNED = {
    "scale": (
        "fixed_share",
        "coordination_loss",
        "coordination_curvature",
        "uptake_instances",
        "core_share_shift",
    ),
    "price": (
        "price_effect",
        "uptake_price",
        "additionality_price",
        "supplier_premium",
        "demand_effect",
        "uptake_demand",
        "additionality_demand",
    ),
    "cost": (
        "transition_core",
        "transition_other",
        "transition_additional",
        "transition_uplift",
        "agency_running_cost",
        "dual_running_share",
    ),
    "time": ("agency", "buying", "infrastructure", "internal", "communication", "core"),
}


def agency_shares(
    terms: pd.DataFrame, buying_share: float, municipalities: int, buys: bool
) -> pd.Series:
    """Return the part of the joint agency's cost that each option needs: none, a buying office, and
    the rest as spend is pooled. An option that neither buys jointly (``buys``) nor pools needs
    nothing.

    >>> terms = pd.DataFrame(
    ...     {
    ...         "system_group": ["core", "internal"],
    ...         "spend_share": [0.75, 0.25],
    ...         "instances": [4, 1],
    ...     }
    ... )
    >>> agency_shares(terms, 0.2, 23, True).round(3).to_dict()
    {'none': 0.0, 'buying_only': 0.2, 'wave_one': 0.4, 'core_chosen': 1.0, 'core_one': 1.0}
    >>> float(agency_shares(terms, 0.2, 23, False)["buying_only"])
    0.0
    """
    groups = terms.set_index("system_group")
    spend = groups["spend_share"].where(groups["instances"] < municipalities, 0.0)
    spend["core_one"] = groups["spend_share"]["core"]
    pooled = pd.Series(
        {option: spend[spend.index.isin(parts)].sum() for option, parts in OPTIONS.items()}
    )
    acts = (pooled > 0) | np.array([buys and "buying" in parts for parts in OPTIONS.values()])
    return (buying_share + (1 - buying_share) * pooled).where(acts, 0.0)


def option_values(parts: pd.DataFrame, shares: pd.Series) -> pd.DataFrame:
    """Return each option's net present value, one row per draw; ``parts`` holds one column per part
    and the joint agency's.
    """
    return pd.DataFrame(
        {
            option: parts[list(chosen)].sum(axis=1) + shares[option] * parts["agency"]
            for option, chosen in OPTIONS.items()
        }
    )


def waiting_values(now: pd.DataFrame, later: pd.DataFrame, shares: pd.Series) -> pd.DataFrame:
    """Return the options' values where joint buying starts now, with its part of the joint agency,
    and all else waits.
    """
    begun = now["buying"] + shares["buying_only"] * now["agency"]
    rest = option_values(later.assign(buying=0.0), shares - shares["buying_only"])
    return rest.drop(columns="none").add(begun, axis=0).assign(none=0.0)[list(OPTIONS)]


def decision_table(values: pd.DataFrame) -> pd.DataFrame:
    """Return one row per option: mean and P10 to P90 of its value, how often it is best, and its
    regret, yen.
    """
    lost, best = regret(values), values.idxmax(axis=1)
    rows = []
    for option in values:
        levels = summary(values[option])
        rows.append(
            {
                "option": option,
                "npv_mean_jpy": values[option].mean(),
                **{f"npv_{level}_jpy": levels[level] for level in ("p10", "p50", "p90")},
                "positive_share": (values[option] > 0).mean(),
                "best_share": (best == option).mean(),
                "regret_mean_jpy": lost[option].mean(),
                "regret_p90_jpy": np.quantile(lost[option], 0.9),
            }
        )
    return pd.DataFrame(rows).assign(place=range(1, len(rows) + 1))


def learning_table(
    values: pd.DataFrame, all_wait: pd.DataFrame, pooling_waits: pd.DataFrame, known: pd.DataFrame
) -> pd.DataFrame:
    """Return what learning each group of inputs is worth before deciding, and what waiting to learn
    it is worth, yen.

    One row per group, from nothing (the bare cost of waiting) to everything; errors are those of
    the estimator.
    """
    rows = [
        {
            "learned": "nothing",
            **_waits(values, all_wait, pooling_waits, lambda later: later.mean().max()),
            "knowing_jpy": 0.0,
        }
    ]
    for group, columns in LEARNED.items():
        row: dict[str, Any] = {"learned": group}
        for name, later in (
            ("knowing", None),
            ("all_wait", all_wait),
            ("pooling_waits", pooling_waits),
        ):
            row[f"{name}_jpy"], row[f"{name}_error_jpy"] = value_of_learning(
                values, known[list(columns)], later
            )
        rows.append(row)
    rows.append(
        {
            "learned": "everything",
            **_waits(values, all_wait, pooling_waits, lambda later: later.max(axis=1).mean()),
            "knowing_jpy": value_of_knowing_all(values),
        }
    )
    return pd.DataFrame(rows).assign(place=range(1, len(rows) + 1))


def _waits(
    values: pd.DataFrame,
    all_wait: pd.DataFrame,
    pooling_waits: pd.DataFrame,
    best: Callable[..., float],
) -> dict[str, float]:
    """Value of either way of waiting, where ``best`` says what the later choice is worth."""
    return {
        f"{name}_jpy": float(best(later) - values.mean().max())
        for name, later in (("all_wait", all_wait), ("pooling_waits", pooling_waits))
    }
