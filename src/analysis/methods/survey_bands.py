"""Surveys that print only means and totals by size of municipality, and typical municipalities that
stand for a size distribution.

A band holds the municipalities with ``residents_from`` <= residents < ``residents_below``.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

WORDING = (
    r"^residents (?:< (?P<below>\d+)|>= (?P<above>\d+)|(?P<low>\d+)-(?P<high>\d+))"
    r" \((?P<municipalities>\d+) municipalities\)$"
)


def published_moments(
    survey: pd.DataFrame, statistics: dict[str, str], sizes: pd.DataFrame
) -> pd.DataFrame:
    """Return a survey's means (over municipalities) and totals by size of municipality, one row
    each, bands read from their wording.

    `survey` rows: `item`, `scope` ("residents < 20,000 (791 municipalities)", "residents
    100,000-200,000 (…)", "residents >= …"), `value`, `unit`; `statistics` says which items are a
    mean or a total. `sizes`: one row per size bin. `per_resident` is the mean, or the total over
    the band's residents. Refused: wordings that are not understood, bands whose number of
    municipalities differs from that of the bins, all named. Trap: the two kinds of `per_resident`
    differ, since a mean over municipalities counts a village as much as a city.

    >>> scope = "residents 100,000-200,000 (2 municipalities)"
    >>> survey = pd.DataFrame({"item": ["cost"], "scope": [scope], "value": [9e8], "unit": ["JPY"]})
    >>> bins = pd.DataFrame(
    ...     {
    ...         "residents_from": [1e5],
    ...         "residents_below": [2e5],
    ...         "municipalities": [2],
    ...         "residents": [3e5],
    ...     }
    ... )
    >>> published_moments(survey, {"cost": "total"}, bins)[
    ...     ["moment", "per_resident"]
    ... ].values.tolist()
    [['total_100000_200000', 3000.0]]
    """
    rows = survey[survey["item"].isin(list(statistics))].reset_index(drop=True)
    read = rows["scope"].str.replace(",", "").str.extract(WORDING)
    unread = rows.loc[read["municipalities"].isna(), "scope"].tolist()
    if unread:
        raise ValueError(f"bands not understood: {', '.join(unread)}")
    low = read["above"].fillna(read["low"]).astype(float).fillna(0.0)
    high = read["below"].fillna(read["high"]).astype(float).fillna(np.inf)
    statistic, municipalities = rows["item"].map(statistics), read["municipalities"].astype(int)
    names = [f"{s}_{a:.0f}_{b:.0f}" for s, a, b in zip(statistic, low, high, strict=True)]
    bins = pd.DataFrame(
        [
            _within(sizes, a, b)[["municipalities", "residents"]].sum()
            for a, b in zip(low, high, strict=True)
        ]
    )
    wrong = [
        f"{name} ({said}, not {count:.0f})"
        for name, said, count in zip(names, municipalities, bins["municipalities"], strict=True)
        if said != count
    ]
    if wrong:
        raise ValueError(
            f"municipalities in the band differ from the size distribution: {', '.join(wrong)}"
        )
    published = rows["value"].astype(float)
    return pd.DataFrame(
        {
            "moment": names,
            "statistic": statistic,
            "residents_from": low,
            "residents_below": high,
            "municipalities": municipalities,
            "residents": bins["residents"],
            "published": published,
            "unit": rows["unit"],
            "per_resident": published.where(statistic == "mean", published / bins["residents"]),
        }
    )


def _within(sizes: pd.DataFrame, residents_from: float, residents_below: float) -> pd.DataFrame:
    """The size bins that lie inside a band."""
    return sizes[
        (sizes["residents_from"] >= residents_from) & (sizes["residents_below"] <= residents_below)
    ]


def size_nodes(sizes: pd.DataFrame) -> pd.DataFrame:
    """Two typical municipalities for each size bin that keep its number of municipalities, its mean
    size and its mean log size.

    `sizes` has one row per bin: `municipalities`, `residents` (sum), `mean_log_residents`.
    Returned: two rows per bin, `residents` (size of the typical municipality) and `municipalities`
    (how many it stands for, half the bin). Refused: bins whose mean size lies below exp(mean log
    size), which no set of municipalities can have; all are named. Trap: one municipality of mean
    size per bin understates what small municipalities cost, because F/N is convex.

    >>> bin_of_two = pd.DataFrame(
    ...     {"municipalities": [2], "residents": [5000], "mean_log_residents": [np.log(2000)]}
    ... )
    >>> # 1,000 and 4,000: mean 2,500, geometric mean 2,000
    >>> size_nodes(bin_of_two).round(6)["residents"].tolist()
    [1000.0, 4000.0]
    """
    middle = np.exp(sizes["mean_log_residents"])
    ratio = sizes["residents"] / sizes["municipalities"] / middle
    impossible = sizes.index[~(ratio >= 1 - 1e-6)].tolist()
    if impossible:
        raise ValueError(f"mean size below the geometric mean in rows {impossible}")
    spread = np.arccosh(np.maximum(ratio, 1.0))
    ends = [
        pd.DataFrame(
            {
                "residents": middle * np.exp(sign * spread),
                "municipalities": sizes["municipalities"] / 2,
            }
        )
        for sign in (-1, 1)
    ]
    return pd.concat(ends, ignore_index=True)


def moment_weights(nodes: pd.DataFrame, moments: pd.DataFrame) -> NDArray:
    """Weights (moments x nodes) that turn cost per resident at the nodes into the survey's moments.

    `nodes`: `residents`, `municipalities` (negative where municipalities are taken out); `moments`:
    `statistic` (mean or total), `residents_from`, `residents_below`. A mean is over
    **municipalities**, as the survey printed it, a total is in yen. Refused: moments with no
    municipality in their band. Trap: weighting the mean by residents, which doubles the fixed cost.

    >>> nodes = pd.DataFrame({"residents": [1e4, 3e4], "municipalities": [1, 1]})
    >>> band = {"residents_from": [0, 0], "residents_below": [np.inf, np.inf]}
    >>> moment_weights(nodes, pd.DataFrame({"statistic": ["mean", "total"], **band})).tolist()
    [[0.5, 0.5], [10000.0, 30000.0]]
    """
    size, municipalities = (
        nodes["residents"].to_numpy(float),
        nodes["municipalities"].to_numpy(float),
    )
    inside = np.array(
        [(size >= m.residents_from) & (size < m.residents_below) for m in moments.itertuples()]
    )
    count = inside @ municipalities
    empty = moments.index[~(count > 0)].tolist()
    if empty:
        raise ValueError(f"no municipality in the band of moments {empty}")
    mean = (moments["statistic"] == "mean").to_numpy()
    return inside * np.where(mean[:, None], municipalities / count[:, None], municipalities * size)
