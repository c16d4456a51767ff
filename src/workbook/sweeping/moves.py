"""Which parameter of a sweep moves which headline result: the part of the result's spread between
runs that goes with the parameter alone.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from workbook.sweeping.tidy import RESULT
from workbook.whole_files import mode_behind, write_whole

RUNS_A_BIN, MOST_BINS = 10, 32
NOT_FROM_VALUES = ("run", *RESULT)
SHOWN_FROM = 0.005  # a smaller part of the spread rounds to nothing


def moves(table: pd.DataFrame, sampled: bool) -> pd.DataFrame:
    """Return how far each parameter moves each result, one row per result and parameter.

    Columns: ``result_id``, ``unit``, ``parameter``; ``share`` of the result's variance over the
    runs that lies between the parameter's values; ``at_first`` and ``at_last``, the mean of the
    result where the parameter is lowest and highest (in its unit); ``runs``. On a grid the share is
    the main effect. In a sample the parameter's range is cut into bins with as many runs in each,
    and the share is freed of what chance alone would give (Kelley, 1935). Results that do not move
    are left out.

    >>> grid = pd.DataFrame(
    ...     {
    ...         "run": ["a", "b", "c", "d"],
    ...         "s.x": [1, 1, 2, 2],
    ...         "s.y": [1, 2, 1, 2],
    ...         "id": "r",
    ...         "value": [10.0, 12.0, 20.0, 22.0],
    ...         "unit": "JPY",
    ...     }
    ... )
    >>> moves(grid, sampled=False)[["parameter", "share", "at_first", "at_last"]].round(3)
      parameter  share  at_first  at_last
    0       s.x  0.962      11.0     21.0
    1       s.y  0.038      15.0     17.0
    """
    varied = [name for name in table if name not in NOT_FROM_VALUES and table[name].nunique() > 1]
    rows: list[dict[str, Any]] = []
    for (result, unit), own in table.dropna(subset="value").groupby(["id", "unit"], sort=False):
        if own["value"].nunique() > 1:
            named = {"result_id": result, "unit": unit}
            rows += [
                {**named, "parameter": name, **_moved(own["value"], own[name], sampled)}
                for name in varied
            ]
    return pd.DataFrame(
        rows, columns=["result_id", "unit", "parameter", "share", "at_first", "at_last", "runs"]
    )


def _moved(values: pd.Series, parameter: pd.Series, sampled: bool) -> dict[str, float]:
    groups = values.groupby(_bins(parameter) if sampled else parameter, dropna=False)
    means, count = groups.mean(), groups.ngroups
    within = ((values - groups.transform("mean")) ** 2).sum()
    share = 1 - within / ((values - values.mean()) ** 2).sum()
    if sampled and len(values) > count:
        share = max(0.0, 1 - (1 - share) * (len(values) - 1) / (len(values) - count))
    ends = {"at_first": means.iloc[0], "at_last": means.iloc[-1]}
    return {"share": share, **ends, "runs": len(values)}


def _bins(parameter: pd.Series) -> pd.Series:
    """Return the number of the bin that each run is in."""
    bins = max(2, min(MOST_BINS, len(parameter) // RUNS_A_BIN))
    return pd.qcut(parameter.rank(method="average"), bins, labels=False, duplicates="drop")


def summarised(path: Path, sampled: bool) -> tuple[list[str], list[Path]]:
    """Return a line for each result of a sweep's table with the parameter that moves it most, and
    the files written next to it: ``summary.csv`` and ``summary.svg``.
    """
    found, mode = moves(pd.read_csv(path), sampled), mode_behind([path])
    table, picture = path.with_name("summary.csv"), path.with_name("summary.svg")
    write_whole(table, found.to_csv(index=False, float_format="%.12g", lineterminator="\n"), mode)
    if found.empty:
        return ["no result moves over these runs"], [table]
    write_whole(picture, _drawn(found), mode)
    strongest = found.loc[found.groupby("result_id", sort=False)["share"].idxmax()]
    return [_line(row) for row in strongest.to_dict("records")], [table, picture]


def _line(row: dict[str, Any]) -> str:
    if row["share"] < SHOWN_FROM:
        return f"{row['result_id']}: no parameter by itself"
    return (
        f"{row['result_id']}: {row['parameter']}, {row['share']:.0%} of the spread,"
        f" {row['at_first']:.4g} to {row['at_last']:.4g} {row['unit']}"
    )


def _drawn(found: pd.DataFrame) -> str:
    """Return the shares as a picture: a row for each result, a column for each parameter."""
    import io

    from matplotlib import rc_context
    from matplotlib.figure import Figure

    shares = found.pivot_table("share", "result_id", "parameter", sort=False, dropna=False)
    height, width = shares.shape
    with rc_context({"svg.hashsalt": "sweep", "svg.fonttype": "none"}):
        figure = Figure(figsize=(4 + 0.7 * width, 1.8 + 0.24 * height), layout="constrained")
        axes = figure.subplots()
        axes.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
        axes.set_xticks(range(width), shares.columns, rotation=40, ha="right", fontsize=8)
        axes.set_yticks(range(height), shares.index, fontsize=8)
        for (row, column), share in _cells(shares):
            colour = "white" if share > 0.5 else "black"
            axes.text(column, row, f"{share:.0%}", ha="center", va="center", color=colour, size=7)
        axes.set_title("Part of each result's spread over the runs, by parameter", fontsize=10)
        written = io.StringIO()
        figure.savefig(written, format="svg", metadata={"Date": None})
    return written.getvalue()


def _cells(shares: pd.DataFrame) -> list[tuple[tuple[int, int], float]]:
    """Return the place and share of each cell that is worth a number."""
    values = shares.to_numpy()
    return [
        ((row, column), values[row, column])
        for row in range(values.shape[0])
        for column in range(values.shape[1])
        if values[row, column] >= SHOWN_FROM
    ]
