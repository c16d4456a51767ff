"""Chapter 9, which figure of joint buying is which: from all that it saves in a full year to what
widening it is worth.

Money is yen a year in constant prices.
"""

from __future__ import annotations

import pandas as pd
from numpy.typing import NDArray

from analysis.chapters.decision.formulas import Terms, levels
from analysis.chapters.decision.outturn import Outturn
from analysis.methods.calibration import weighted_mean

COSTS = ("fee", "agency")


def buying_bridge(
    whole: Outturn, reading: str, parts: pd.DataFrame, weights: NDArray, terms: Terms
) -> pd.DataFrame:
    """Return one row per step: sums with mean, P10, median and P90, what lies between them with a
    mean alone, yen a year. Means add up; the trap: medians do not.

    ``whole`` holds the saving of a full year on all of the study's draws, weighted as the published
    result is read; ``parts`` the components of the option that buys jointly and pools nothing,
    present values by stored draw, and ``weights`` those draws' own.
    """
    even, read = whole.weights("none"), whole.weights(reading)
    worth = parts.sum(axis=1).to_numpy() * terms.level
    cost = float(weighted_mean(parts[list(COSTS)].sum(axis=1).to_numpy(), weights)) * terms.level
    sums = {
        "prior": levels(whole.buying, even),
        "full": levels(whole.buying, read),
        "additional": levels(whole.buying * (1 - whole.running_share), read),
        "worth": levels(worth, weights),
    }
    mean = {name: found["mean"] for name, found in sums.items()}
    between = {
        "published": mean["full"] - mean["prior"],
        "running": mean["additional"] - mean["full"],
        "later": mean["worth"] - cost - mean["additional"],
        "cost": cost,
    }
    order = ("prior", "published", "full", "running", "additional", "later", "cost", "worth")
    rows = [
        {"step": step, **_row(sums.get(step, {"mean": between.get(step, 0.0)}))} for step in order
    ]
    return pd.DataFrame(rows).assign(place=range(1, len(rows) + 1))


def _row(found: dict[str, float]) -> dict[str, float | None]:
    return {f"{level}_jpy": found.get(level) for level in ("mean", "p50", "p10", "p90")}
