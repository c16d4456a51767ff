"""The way from the published target to what is left once everything is paid, in yen over the plan's
years.
"""

from __future__ import annotations

import pandas as pd

COSTS = ("transition", "agency")


def target_to_net(draws: pd.DataFrame, target: pd.DataFrame, years: int) -> pd.DataFrame:
    """Return the steps from the target to the net saving, one row per step, in JPY over ``years``.

    ``draws`` are those of `formulas.saving_draws`, in JPY a year; ``target`` has one row or none.
    A bar ends at the median of what is left behind it, so that the gross and the net saving are
    those of every other exhibit; means would add up, and would be other numbers. P10 and P90 are of
    what is left, none for the target. ``before_jpy`` is 0 where a step is a level.

    >>> draws = pd.DataFrame({"gross_saving_jpy": [8.0], "transition": [5.0], "agency": [1.0]})
    >>> steps = target_to_net(draws, pd.DataFrame({"value": [100.0]}), 5).set_index("step")
    >>> steps["amount_jpy"].to_dict()  # doctest: +NORMALIZE_WHITESPACE
    {'target': 100.0, 'not_found': -60.0, 'gross': 40.0, 'transition': -25.0, 'agency': -5.0,
     'net': 10.0}
    """
    left = {"gross": draws["gross_saving_jpy"] * years}
    for cost in COSTS:
        left[cost] = list(left.values())[-1] - draws[cost] * years
    gross = float(left["gross"].median())
    goal = float(target["value"].iloc[0]) if len(target) else None
    rows = [] if goal is None else [("target", 0.0, goal), (_gap(goal, gross), goal, gross)]
    rows.append(("gross", 0.0, gross))
    for cost in COSTS:
        rows.append((cost, rows[-1][2], float(left[cost].median())))
    rows.append(("net", 0.0, rows[-1][2]))
    steps = pd.DataFrame(rows, columns=["step", "before_jpy", "after_jpy"])
    ends = {"gross": left["gross"], "net": left[COSTS[-1]]}
    return steps.assign(
        place=range(1, len(steps) + 1),
        amount_jpy=steps["after_jpy"] - steps["before_jpy"],
        p10_jpy=[_quantile(ends.get(step), 0.1) for step in steps["step"]],
        p90_jpy=[_quantile(ends.get(step), 0.9) for step in steps["step"]],
    )


def _gap(goal: float, gross: float) -> str:
    return "not_found" if gross < goal else "beyond"


def _quantile(left: pd.Series | None, level: float) -> float | None:
    return None if left is None else float(left.quantile(level))
