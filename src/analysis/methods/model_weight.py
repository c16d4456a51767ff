"""What it is worth to know which of two rival models is right, by the weight given to one of them.

Options have a mean value under either model. With a weight w on the rival, the choice by the mean
is the best of (1 - w) own + w rival; who knew which model is right would choose the best under it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

SAME = 1e-12  # share of the largest value below which two options are alike


def value_of_knowing_which(own: pd.Series, rival: pd.Series, weights: ArrayLike) -> NDArray:
    """Return what it is worth to know, before choosing, which of two models is right, at each
    weight of the rival; in the unit of the means, one value a weight.

    ``own`` and ``rival`` are the options' means under the two. Never negative; nothing at a weight
    of 0 or 1, and everywhere where both would choose alike. Trap: not the difference between the
    models' best values; two models may disagree by much and choose the same. Source: Raiffa and
    Schlaifer (1961), the expected value of perfect information of two states.

    >>> own, rival = pd.Series({"stay": 0.0, "move": -10.0}), pd.Series({"stay": 0.0, "move": 30.0})
    >>> # at 0.25 both are worth nothing on average; knowing saves the 30 in one world of four
    >>> value_of_knowing_which(own, rival, [0.0, 0.25, 0.5, 1.0]).tolist()
    [0.0, 7.5, 5.0, 0.0]
    """
    w = np.asarray(weights, dtype=float)
    mixed = np.outer(1 - w, own) + np.outer(w, rival[own.index])
    informed = (1 - w) * own.max() + w * rival.max()
    gain = informed - mixed.max(axis=1)
    scale = max(np.abs(own).max(), np.abs(rival).max())
    return np.where(np.abs(gain) <= SAME * scale, 0.0, gain)


def first_flip(own: pd.Series, rival: pd.Series) -> tuple[float, str] | None:
    """Return the least weight of the rival at which another option has the highest mean, and that
    option; None where none does.

    >>> own, rival = pd.Series({"stay": 0.0, "move": -10.0}), pd.Series({"stay": 0.0, "move": 30.0})
    >>> first_flip(own, rival), first_flip(own, own)
    ((0.25, 'move'), None)
    """
    best = own.idxmax()
    behind, gained = own[best] - own, (rival - own) - (rival - own)[best]
    weights = (behind / gained.where(gained > 0)).drop(best)
    weights = weights[weights < 1].dropna()
    return (float(weights.min()), str(weights.idxmin())) if len(weights) else None


def first_above(own: pd.Series, rival: pd.Series, worth: float, steps: int = 1000) -> float | None:
    """Return the least weight of the rival, to one part in ``steps``, at which knowing which model
    is right is worth more than ``worth``, in the unit of the nets; None where it never is.

    >>> own, rival = pd.Series({"stay": 0.0, "move": -10.0}), pd.Series({"stay": 0.0, "move": 30.0})
    >>> first_above(own, rival, 5.0), first_above(own, rival, 8.0)  # 30 w until 7.5 at a quarter
    (0.167, None)
    """
    weights = np.arange(steps + 1) / steps
    above = value_of_knowing_which(own, rival, weights) > worth
    return float(weights[above.argmax()]) if above.any() else None
