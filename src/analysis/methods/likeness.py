"""Likeness of municipalities by their yes-or-no states, and the order that sets like municipalities
side by side.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.cluster.hierarchy import leaves_list, linkage
from scipy.spatial.distance import squareform


def matching_share(states: np.ndarray) -> np.ndarray:
    """Return the share of items in which two municipalities are in the same state, for every pair.

    ``states`` is municipalities x items, of zeros and ones; returned is a symmetric municipalities
    x municipalities array of shares, one on the diagonal (simple matching: Sokal & Michener 1958).
    Being alike in a "no" counts as much as in a "yes". The trap: Jaccard's index leaves "no" out
    and is undefined for two municipalities without any "yes", although those two are alike in
    everything. Refused: a value that is neither zero nor one, and no items at all.

    >>> matching_share(np.array([[1, 1, 0, 0], [1, 0, 0, 0]])).tolist()
    [[1.0, 0.75], [0.75, 1.0]]
    """
    states = np.asarray(states, dtype=float)
    if states.ndim != 2 or states.shape[1] == 0:
        raise ValueError("likeness needs at least one item on which municipalities can agree")
    rows, items = np.nonzero((states != 0) & (states != 1))
    if len(rows):
        cells = ", ".join(
            f"municipality {row} item {item}: {states[row, item]:g}"
            for row, item in zip(rows, items, strict=True)
        )
        raise ValueError(f"states must be zero or one; {cells}")
    return (states @ states.T + (1 - states) @ (1 - states).T) / states.shape[1]


def cluster_order(states: np.ndarray) -> np.ndarray:
    """Return the row numbers of the municipalities in an order that sets like ones side by side.

    ``states`` is municipalities x items, of zeros and ones. Average linkage on `matching_share`,
    leaves turned so that neighbours are as alike as the tree allows (Bar-Joseph et al. 2001), the
    half with fewer ones first. The trap: the tree may be turned at its knots, so the order is a way
    to look and no ranking. One municipality is an order of its own. Refused: no municipality at
    all.

    >>> cluster_order(np.array([[1, 1, 1, 0], [0, 0, 0, 0], [1, 1, 1, 1], [1, 0, 0, 0]])).tolist()
    [1, 3, 0, 2]
    """
    return _tree_and_order(states)[1]


def cluster_tree(states: np.ndarray) -> pd.DataFrame:
    """Return how the municipalities join into ever larger families, one row per join, the most
    alike first.

    ``states`` and the tree are those of `cluster_order`. ``left`` and ``right`` are the places of
    the two branches along that order, from 0 (a branch of several municipalities stands midway
    between its own two); ``left_share`` and ``right_share`` are the likeness at which each of them
    had joined (1 for a single municipality), ``likeness_share`` that of this join, the mean over
    all pairs across it; ``municipalities`` counts the family. The trap: a late join says that two
    families differ on average, not that each pair does.

    >>> tree = cluster_tree(np.array([[1, 1, 1, 0], [0, 0, 0, 0], [1, 1, 1, 1], [1, 0, 0, 0]]))
    >>> tree[["left", "right", "likeness_share", "municipalities"]].values.tolist()
    [[2.0, 3.0, 0.75, 2.0], [0.0, 1.0, 0.75, 2.0], [0.5, 2.5, 0.25, 4.0]]
    """
    tree, order = _tree_and_order(states)
    places, shares = (
        {int(municipality): float(place) for place, municipality in enumerate(order)},
        dict.fromkeys(range(len(order)), 1.0),
    )
    rows = []
    for join, (one, other, distance, municipalities) in enumerate(tree, start=len(order)):
        left, right = sorted((int(one), int(other)), key=places.__getitem__)
        places[join], shares[join] = (places[left] + places[right]) / 2, 1 - distance
        rows.append(
            (
                places[left],
                places[right],
                shares[left],
                shares[right],
                shares[join],
                int(municipalities),
            )
        )
    return pd.DataFrame(
        rows,
        columns=["left", "right", "left_share", "right_share", "likeness_share", "municipalities"],
    )


def _tree_and_order(states: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    states = np.asarray(states, dtype=float)
    if not len(states):
        raise ValueError("an order needs at least one municipality, there is none")
    if len(states) == 1:
        return np.empty((0, 4)), np.array([0])
    distances = squareform(1 - matching_share(states), checks=False)
    tree = linkage(distances, method="average", optimal_ordering=True)
    order = leaves_list(tree)
    ones = states[order].sum(axis=1)
    half = len(order) // 2
    return tree, order if ones[:half].sum() <= ones[-half:].sum() else order[::-1]
