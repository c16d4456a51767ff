"""What experts judged, one by one and pooled, and the ranges that this run draws from in
consequence.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis import judged
from analysis.evidence import BOUNDS
from analysis.methods.uncertainty import quantiles

POOL_LEVELS = {"p10": 0.1, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p90": 0.9}
DRAWN_LEVELS = ("p10", "p50", "p90")
BY_EXPERT = ["place", "input", "expert", "weight", *judged.NUMBERS, "unit"]
BY_INPUT = [
    "place",
    "input",
    "experts",
    "by_performance",
    "apart",
    *(f"pool_{level}" for level in POOL_LEVELS),
    *(f"drawn_{level}" for level in DRAWN_LEVELS),
    *BOUNDS,
    *(end + judged.BEFORE for end in BOUNDS),
    "unit",
]


def by_expert(judgements: pd.DataFrame | None) -> pd.DataFrame:
    """Return one row per judged input and expert: the five numbers in the input's unit, and the
    expert's weight in the pool (shares that add up to one over the experts of an input).
    """
    if judgements is None:
        return pd.DataFrame(columns=BY_EXPERT)
    targets = judgements[judgements["realised"].isna()].sort_values(["input", "expert"])
    raw = targets["expert"].map(judged.expert_weights(judgements))
    weights = raw / raw.groupby(targets["input"]).transform("sum")
    return targets.assign(weight=weights, place=range(1, len(targets) + 1))[BY_EXPERT]


def by_input(judgements: pd.DataFrame | None, ranges: pd.DataFrame, shape: str) -> pd.DataFrame:
    """Return one row per judged input: quantiles of the pool, the range put in the place of the one
    before (from `judged.judged_ranges`) and the quantiles that ``shape`` draws from it, all in the
    input's unit.

    ``apart`` says that the middle halves of two experts do not meet.
    """
    if judgements is None:
        return pd.DataFrame(columns=BY_INPUT)
    levels = list(POOL_LEVELS.values())
    pools = pd.DataFrame(
        {name: pool.quantile(levels) for name, pool in judged.pooled(judgements).items()},
        index=[f"pool_{level}" for level in POOL_LEVELS],
    ).T
    own = ranges.set_index("input").loc[pools.index]
    targets = judgements[judgements["realised"].isna()].groupby("input")
    rows = own.join(pools).join(_drawn(own, shape))
    return rows.assign(
        experts=targets.size(),
        by_performance=judged.weighs_by_performance(judgements),
        apart=targets["lower_quartile"].max() > targets["upper_quartile"].min(),
        place=np.arange(1, len(rows) + 1),
    ).reset_index(names="input")[BY_INPUT]


def _drawn(own: pd.DataFrame, shape: str) -> pd.DataFrame:
    at = [POOL_LEVELS[level] for level in DRAWN_LEVELS]
    uniforms = pd.DataFrame(dict.fromkeys(own.index, at))
    drawn = quantiles(uniforms, own["low"], own["central"], own["high"], shape)
    return drawn.set_axis([f"drawn_{level}" for level in DRAWN_LEVELS]).T
