"""Chapter 9, the advice: five lines, each with its number, its range and the value at which it
would be another; and who does what by when.

Nothing is advised here that a table does not carry. Which wording a line takes follows from its
case. Money is a level sum of yen a year in constant prices unless said otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis import evidence
from analysis.chapters.decision.formulas import Terms, levels

ANY = "any"  # a step that is the same through whomever one buys
LINES = ("option", "buying", "internal", "core", "claim")
WANTED = {  # stage -> the options that contain it
    "buying": ("widened", "own_agency", "shared_internal", "core_renewal", "report_plan"),
    "internal": ("shared_internal", "core_renewal", "report_plan"),
    "core": ("core_renewal", "report_plan"),
}


def increments(values: pd.DataFrame, terms: Terms) -> dict[str, NDArray]:
    """Return what joint buying, then internal systems, then core systems add, by draw, a year."""
    steps = ("stay", terms.vehicle, "shared_internal", "core_renewal")
    return {
        stage: (values[after] - values[before]).to_numpy() * terms.level
        for stage, before, after in zip(WANTED, steps, steps[1:], strict=False)
    }


def break_even(
    means: pd.DataFrame, full_year_jpy: Mapping[str, float], terms: Terms
) -> dict[str, float]:
    """Return the saving of a full year at which each stage would just pay, yen.

    ``means`` is option x component, ``full_year_jpy`` the mean saving of a full year of each stage.
    A stage saves in proportion to that, or loses where pooling loses; what it costs stands. None
    for a stage that saves nothing in either.
    """
    steps = ("stay", terms.vehicle, "shared_internal", "core_renewal")
    found = {}
    for stage, before, after in zip(WANTED, steps, steps[1:], strict=False):
        step = means.loc[after] - means.loc[before]
        saved = step["buying"] if stage == "buying" else step["pooling"]
        cost = saved - step.sum()
        yearly = full_year_jpy[stage]
        found[stage] = yearly * cost / saved if yearly * saved > 0 else np.nan
    return found


def advice_table(
    chosen: str,
    chosen_value: NDArray,
    added: Mapping[str, NDArray],
    thresholds: Mapping[str, float],
    flip_weight: float,
    weights: NDArray,
    accounts_years: float,
) -> pd.DataFrame:
    """Return the five lines: case, mean, P10, median, P90 in yen a year, how often it pays, the
    trigger, and in how many years' accounts in a row it must be met.

    The trigger of a stage is the saving of a full year at which it would just pay, of the claim the
    weight at which the choice changes (none: at no weight). Core systems are decided on by the
    first full year of internal systems, as they are valued.
    """
    years = {"buying": accounts_years, "internal": accounts_years, "core": 1.0}
    rows = [_line("option", chosen, chosen_value, thresholds["buying"], weights)]
    for stage, yearly in added.items():
        case = "do" if chosen in WANTED[stage] else "wait"
        line = _line(stage, case, yearly, thresholds[stage], weights)
        rows.append({**line, "accounts_years": years[stage]})
    rows.append(
        {
            "line": "claim",
            "case": "firm" if np.isnan(flip_weight) else "flips",
            "trigger_share": flip_weight,
        }
    )
    return pd.DataFrame(rows).assign(place=range(1, len(rows) + 1))


def _line(
    line: str, case: str, yearly: NDArray, trigger: float, weights: NDArray
) -> dict[str, object]:
    return {
        "line": line,
        "case": case,
        **{f"yearly_{level}_jpy": yen for level, yen in levels(yearly, weights).items()},
        "positive_share": float(weights @ (yearly > 0)),
        "trigger_jpy": trigger,
    }


def flip_weight(stretches: pd.DataFrame) -> float:
    """Return the weight on the report's claim at which the choice first changes, none if at no
    weight.
    """
    return float(stretches["to_weight"].iloc[0]) if len(stretches) > 1 else float("nan")


def buys_through(chosen: str, terms: Terms) -> str:
    """Return the option by whose buyer joint contracts are signed: the chosen one's, or where it
    has none of its own, the one through which pooled options buy.
    """
    return "own_agency" if chosen in ("own_agency", "report_plan") else terms.vehicle


def calendar_table(
    calendar: pd.DataFrame, anchors: Mapping[str, float], chosen: str, vehicle: str
) -> pd.DataFrame:
    """Return one row per step: its first and its last month (decimal fiscal years), and whether the
    chosen option takes it; steps of another ``vehicle`` of joint buying are left out.

    The trap: a step is done by the end of its last month, so that month is named, not the next one.
    ``anchors`` are fiscal years; no step comes before the round of ``decision``: an anchor whose
    first step would is put off until it can be reached. A month is that of the fiscal year, which
    begins in April.
    """
    calendar = calendar[calendar["vehicle"].isin([ANY, vehicle])]
    lead = calendar.groupby("anchor")["years_after"].transform("min")
    anchored = calendar["anchor"].map(anchors).map(np.floor).clip(lower=anchors["decision"] - lead)
    years = anchored + calendar["years_after"]
    start, stop = ((calendar[f"month_{end}"] - 4) % 12 for end in ("from", "to"))
    table = calendar[["step_id", "stage", "who_ja", "who_en", "what_ja", "what_en"]].assign(
        starts=years + start / 12,
        ends=years + stop / 12,
        due=[chosen in WANTED[stage] for stage in calendar["stage"]],
    )
    table = table.sort_values(["starts", "step_id"], kind="stable", ignore_index=True)
    return table.assign(place=range(1, len(table) + 1))


def bound_until(commitments: pd.DataFrame, codes: tuple[str, ...]) -> float:
    """Return the fiscal year until which a member publishes that it builds internal systems of its
    own, none where nobody does.
    """
    builds = evidence.internal_builds(commitments)
    own = builds[builds["code"].isin(codes)]
    return float(own["to_year"].max()) if len(own) else float("nan")
