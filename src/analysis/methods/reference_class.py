"""Reference classes: how plans of one kind ended, and what that says about the next plan of the
kind.

A class holds cases of one quantity and one kind of intervention; ratios are actual over planned. A
class too small for a percentile shows its cases and nothing else (Flyvbjerg 2006 draws the curve
over tens of projects).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

# below it the eightieth percentile is the second worst case or worse: a case, not a percentile
FEWEST_CASES = 8


def prudent_factor(
    ratios: ArrayLike, more_is_better: bool, confidence: float = 0.8
) -> float | None:
    """Return the factor on a plan that was enough in ``confidence`` of the cases, None where the
    class is too small.

    ``ratios`` are actual over planned, one a case. Costs and durations are lifted to the upper
    percentile; benefits, uptake and other things of which more is better are cut to the lower one.
    Refused: ratios that are not finite, and a confidence outside 0.5 to 1. Trap: lifting benefits
    with the percentile of costs turns a shortfall into a gain.

    >>> (
    ...     prudent_factor(range(1, 10), more_is_better=False),
    ...     prudent_factor(range(1, 10), more_is_better=True),
    ... )
    (7.4, 2.6)
    >>> prudent_factor([1.6, 2.3], more_is_better=False) is None
    True
    """
    cases = np.asarray(ratios, dtype=float)
    if not np.isfinite(cases).all():
        raise ValueError(
            f"{int((~np.isfinite(cases)).sum())} of {cases.size} ratios are not finite"
        )
    if not 0.5 <= confidence <= 1:
        raise ValueError(f"confidence must lie in 0.5..1, not {confidence}")
    if cases.size < FEWEST_CASES:
        return None
    return round(float(np.quantile(cases, 1 - confidence if more_is_better else confidence)), 12)
