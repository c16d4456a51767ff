"""The way from the published target to what is left once everything is paid, in yen over the plan's
years.
"""

from __future__ import annotations

import pandas as pd

COSTS = ("transition", "agency")
ENDS = ("gross", "net")  # the levels that are drawn with their P10 to P90


def target_to_net(
    draws: pd.DataFrame, target: pd.DataFrame, years: int, rival: pd.DataFrame
) -> pd.DataFrame:
    """Return the steps from the target to the net saving, one row per step, in JPY over ``years``.

    ``draws`` are those of `formulas.saving_draws`, in JPY a year, ``rival`` the same under the
    rival reading of the scale effect; ``target`` has one row or none. A bar ends at the median of
    what is left behind it, so that the gross and the net saving are those of every other exhibit;
    means would add up, and would be other numbers. P10, P90 and the share of draws that end in a
    loss are of what is left, none for the target; so is ``rival_jpy``, the median under the rival
    reading. ``before_jpy`` is 0 where a step is a level.

    >>> draws = pd.DataFrame({"gross_saving_jpy": [8.0], "transition": [5.0], "agency": [1.0]})
    >>> target, rival = pd.DataFrame({"value": [100.0]}), draws.assign(gross_saving_jpy=2.0)
    >>> steps = target_to_net(draws, target, 5, rival).set_index("step")
    >>> steps["amount_jpy"].to_dict()  # doctest: +NORMALIZE_WHITESPACE
    {'target': 100.0, 'not_found': -60.0, 'gross': 40.0, 'transition': -25.0, 'agency': -5.0,
     'net': 10.0}
    >>> steps.loc["net", ["loss_share", "rival_jpy"]].tolist()
    [0.0, -20.0]
    """
    left, other = _left(draws, years), _left(rival, years)
    gross = float(left["gross"].median())
    goal = float(target["value"].iloc[0]) if len(target) else None
    rows = [] if goal is None else [("target", 0.0, goal), (_gap(goal, gross), goal, gross)]
    rows.append(("gross", 0.0, gross))
    for cost in COSTS:
        rows.append((cost, rows[-1][2], float(left[cost].median())))
    rows.append(("net", 0.0, rows[-1][2]))
    steps = pd.DataFrame(rows, columns=["step", "before_jpy", "after_jpy"])
    ends = left[[*ENDS]]
    columns = {
        "p10_jpy": ends.quantile(0.1),
        "p90_jpy": ends.quantile(0.9),
        "loss_share": (ends < 0).mean(),
        "rival_jpy": other.median(),
    }
    return steps.assign(
        place=range(1, len(steps) + 1),
        amount_jpy=steps["after_jpy"] - steps["before_jpy"],
        **{name: found.reindex(steps["step"]).to_numpy() for name, found in columns.items()},
    )


def _left(draws: pd.DataFrame, years: int) -> pd.DataFrame:
    """What is left over the years after each step, by draw; ``net`` is what the last one leaves."""
    left = {"gross": draws["gross_saving_jpy"] * years}
    for cost in COSTS:
        left[cost] = list(left.values())[-1] - draws[cost] * years
    return pd.DataFrame(left).assign(net=left[COSTS[-1]])


def _gap(goal: float, gross: float) -> str:
    return "not_found" if gross < goal else "beyond"
