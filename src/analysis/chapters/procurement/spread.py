"""Chapter 4, spread: what carries the spread of the answer, what knowing an input would leave of
it, and how sure both are.

``ratios`` takes draws (one row each) and gives the saving as a share of the target, one column
``gross`` and one ``net`` of transition and agency. How draws are made is a function too
(``redraw``): the chapter before owns it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np
import pandas as pd

from analysis.methods.sensitivity import first_order_indices, width_if_known
from analysis.methods.uncertainty import (
    COMMON_CAUSES,
    inputs_at,
    joint_uniforms,
    latent_factors,
    probability_at_least,
    scrambling_error,
    summary,
)

READINGS = ("gross", "net")
# the one input whose range comes from chapter 2; it has a dimension of its own
POSITION = "fixed_cost_position"
SHAPES, CORRELATIONS = ("triangular", "uniform"), (0.0, 0.3, 0.5)
# below 2^10 draws of the sequence the inputs begin to correlate
FEWEST_LOG2 = 10
# so many of the heaviest inputs are asked what knowing them would leave
ASKED = 8
VARIANCE = [
    "input",
    "share",
    "low",
    "high",
    "block",
    "evidence_grade",
    "part",
    "split_share",
    "place",
]
Ratios = Callable[[pd.DataFrame], pd.DataFrame]
Redraw = Callable[..., pd.DataFrame]


def variance_shares(
    ratios: Ratios,
    ranges: pd.DataFrame,
    register: pd.DataFrame,
    log2_points: int,
    shape: str,
    correlation: float,
) -> pd.DataFrame:
    """Return which inputs carry the spread of the net saving: first-order Sobol shares of its
    variance, largest first.

    One row per input and block that the saving depends on, with a 95 % interval. Inputs of a block
    have a common cause, so the block is one group (``part`` whole); its members' own parts
    (``own``) and the common cause (``shared``) stand next to it and do not add up to it. Inputs of
    no block are ``single``. Whole and single shares add up to one less what only combinations do.
    ``split_share`` splits a block over its members by their own parts (a convention, for weights).
    A block's grade is the weakest of its members'. No row where the saving never varies.
    """
    factors = [*latent_factors(ranges), POSITION]
    members = {
        common: ranges.loc[ranges["block"] == block, "input"].tolist()
        for block, common in COMMON_CAUSES.items()
        if common in factors
    }
    groups = {
        **{f"block_{common}": [common, *own] for common, own in members.items()},
        **{factor: [factor] for factor in factors},
    }
    first = joint_uniforms(register, factors, log2_points)
    today = inputs_at(ranges, first.drop(columns=POSITION), shape, correlation)
    if not np.ptp(ratios(today.assign(**{POSITION: first[POSITION]}))["net"]):
        return pd.DataFrame(columns=VARIANCE)

    def net(uniforms: pd.DataFrame) -> np.ndarray:
        moved = _moved_inputs(
            ranges,
            [factor for factor in factors if not np.array_equal(uniforms[factor], first[factor])],
        )
        inputs = (
            inputs_at(moved, uniforms[latent_factors(moved)], shape, correlation)
            if len(moved)
            else today[[]]
        )
        return ratios(today.assign(**inputs, **{POSITION: uniforms[POSITION]}))["net"].to_numpy()

    found = (
        first_order_indices(net, first, groups)
        .rename(columns={"index": "share"})
        .rename_axis("input")
    )
    # exactly nothing: the saving does not depend on it
    found = found[(found["low"] != 0) | (found["high"] != 0)]
    table = found.join(_kinds_of_factors(ranges)).assign(split_share=found["share"].clip(lower=0))
    for common, own in members.items():
        parts = table.loc[table.index.isin(own), "split_share"]
        table.loc[parts.index, "split_share"] = (
            parts / parts.sum() * found["share"].get(f"block_{common}", 0.0)
        )
    table.loc[table["part"].isin(["whole", "shared"]), "split_share"] = np.nan
    ordered = table.sort_values("share", ascending=False).reset_index()
    return ordered.assign(place=range(1, len(ordered) + 1))


def widths_if_known(ratios: Ratios, draws: pd.DataFrame, variance: pd.DataFrame) -> pd.DataFrame:
    """Return how wide the net saving's P10 to P90 would be if one input were known, for the
    heaviest inputs, one row each.

    ``variance`` as from `variance_shares`. Widths are shares of the target; ``width_now`` is the
    same in every row. The trap: a heavy input that is known leaves the others, so widths do not add
    up to today's.
    """
    heaviest = (
        variance.dropna(subset=["split_share"])
        .sort_values("split_share", ascending=False)
        .head(ASKED)
    )

    def net(some: pd.DataFrame) -> np.ndarray:
        return ratios(some)["net"].to_numpy()

    now = float(np.subtract(*np.quantile(net(draws), [0.9, 0.1])))
    return pd.DataFrame(
        {
            "input": heaviest["input"],
            "width_now": now,
            "width_if_known": [width_if_known(net, draws, name) for name in heaviest["input"]],
        }
    ).reset_index(drop=True)


def fewer_draws(log2_points: int) -> int:
    """Return the power of 2 of a quarter of the draws: enough where the model is asked six or eight
    times over.

    The scramblings show by how little the quarter errs; what rests on all draws errs by less.
    """
    return max(log2_points - 2, FEWEST_LOG2)


def tail_sensitivity(
    ratios: Ratios, redraw: Redraw, ranges: pd.DataFrame, register: pd.DataFrame, log2_points: int
) -> pd.DataFrame:
    """Return how far the answer hangs on the shape of the ranges and on what moves together: no
    evidence fixes either.

    One row per shape, correlation and reading: median and P95 as shares of the target, probability
    of meeting it.
    """
    rows = []
    for shape in SHAPES:
        for correlation in CORRELATIONS:
            found = ratios(redraw(ranges, register, log2_points, shape, correlation))
            rows += [
                {
                    "prior_shape": shape,
                    "correlation": correlation,
                    "reading": reading,
                    "target_ratio_p50": summary(found[reading])["p50"],
                    "target_ratio_p95": summary(found[reading])["p95"],
                    "probability": probability_at_least(found[reading], 1.0),
                }
                for reading in READINGS
            ]
    return pd.DataFrame(rows)


def scrambling_errors(
    ratios: Ratios,
    redraw: Redraw,
    ranges: pd.DataFrame,
    register: pd.DataFrame,
    log2_points: int,
    shape: str,
    correlation: float,
    scramblings: int = 8,
) -> pd.DataFrame:
    """Return the error of the headline results from a finite number of draws (``draws``): one row
    per result.

    ``value`` is the mean over scramblings of the sequence, ``standard_error`` that of one
    scrambling, as the chapter's figures are one; both in shares of the target (probability: in
    shares of the draws).
    """
    found = [
        ratios(redraw(ranges, register, log2_points, shape, correlation, replicate))
        for replicate in range(scramblings)
    ]
    results: Mapping[str, Callable[[pd.DataFrame], float]] = {
        "target_ratio_gross_p50": lambda r: r["gross"].median(),
        "target_ratio_p50": lambda r: r["net"].median(),
        "target_ratio_p95": lambda r: r["net"].quantile(0.95),
        "target_probability": lambda r: probability_at_least(r["net"], 1.0),
    }
    rows = []
    for name, statistic in results.items():
        mean, of_the_mean = scrambling_error(partial(_of_replicate, statistic, found), scramblings)
        rows.append(
            {
                "result": name,
                "value": mean,
                "standard_error": of_the_mean * scramblings**0.5,
                "scramblings": scramblings,
                "draws": 2**log2_points,
            }
        )
    return pd.DataFrame(rows)


def _of_replicate(
    statistic: Callable[[pd.DataFrame], float], found: Sequence[pd.DataFrame], replicate: int
) -> float:
    return float(statistic(found[replicate]))


def _moved_inputs(ranges: pd.DataFrame, factors: Sequence[str]) -> pd.DataFrame:
    """The ranges of the inputs that one of the factors moves: its own, or the common cause of its
    block.
    """
    return ranges[ranges["input"].isin(factors) | ranges["block"].map(COMMON_CAUSES).isin(factors)]


def _kinds_of_factors(ranges: pd.DataFrame) -> pd.DataFrame:
    """Block, part and grade of every input, common cause and block, indexed by its name."""
    inputs = ranges.set_index("input")[["block", "evidence_grade"]]
    kinds = [
        inputs.assign(part=np.where(inputs["block"] == "none", "single", "own")),
        pd.DataFrame({"block": "none", "part": "single"}, index=[POSITION]),
    ]
    for block, grades in inputs.groupby("block")["evidence_grade"]:
        if block in COMMON_CAUSES:
            common = COMMON_CAUSES[block]
            kinds.append(
                pd.DataFrame(
                    {
                        "block": block,
                        "part": ["shared", "whole"],
                        "evidence_grade": [None, grades.max()],
                    },
                    index=[common, f"block_{common}"],
                )
            )
    return pd.concat(kinds)
