"""Where a figure stands among others: its rank, and the share of a comparison group that lies below
it.
"""

from __future__ import annotations

import numpy as np


def rank_from_top(values: np.ndarray) -> np.ndarray:
    """Return each value's rank, 1 for the largest; equal values share the better rank.

    ``values`` is a one-dimensional array in one unit; ranks are in the same order. Refused: missing
    values, by position, because a rank among fewer municipalities than the reader believes is
    wrong.

    >>> rank_from_top(np.array([5.0, 9.0, 5.0, 1.0])).tolist()
    [2, 1, 2, 4]
    """
    values = _known("values", values)
    return 1 + (values[None, :] > values[:, None]).sum(axis=1)


def share_below(values: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Return, for each value, the share of ``others`` that is smaller; equal ones count half.

    Both arrays are one-dimensional in the same unit, ``others`` being the comparison group; shares
    are 0 to 1 in the order of ``values``. The trap: counting only "smaller" puts a municipality
    among its equals at the bottom.

    >>> share_below(np.array([2.0, 10.0]), np.array([1.0, 2.0, 3.0, 4.0])).tolist()
    [0.375, 1.0]
    """
    values, others = _known("values", values), _known("others", others)
    if len(others) == 0:
        raise ValueError("a position needs a comparison group; there is no municipality in it")
    below = (others[None, :] < values[:, None]).mean(axis=1)
    equal = (others[None, :] == values[:, None]).mean(axis=1)
    return below + equal / 2


def _known(name: str, values: np.ndarray) -> np.ndarray:
    values = np.asarray(values, dtype=float)
    missing = np.flatnonzero(np.isnan(values))
    if len(missing):
        raise ValueError(f"{name} missing at positions {', '.join(map(str, missing))}")
    return values
