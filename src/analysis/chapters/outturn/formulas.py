"""Chapter 8: the plan of 2022 against what came, and what a forecaster could have known.

Nothing here judges the report by hindsight alone: the back-cast uses only evidence published by a
month, yet its ranges were set in 2026, so it is not blind. Money is nominal yen; dates are decimal
fiscal years (2022.0 is 1 April 2022).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.data_fault import DataFault
from analysis.methods.reference_class import prudent_factor
from analysis.methods.uncertainty import summary
from workbook.units import decimal_fiscal_year, format_value

MILESTONES = (
    "cost_sharing_decision",
    "agency_setup",
    "first_framework",
    "infrastructure_move",
    "internal_rollout",
    "core_close",
)
MULTIPLES = {"S12": "tokyo", "S11": "core_cities"}  # rows of savings_evidence
# the ministry's 30 %; what the metropolis' agency says it has saved
CLAIM, TOKYO_SAVING = "S01", "P13"
BODY_FOUNDED = "2023-07"  # events_since_2022: GovTech Tokyo
# what the plan said -> the events that answer it, by their date in events_since_2022
ANSWERS = (
    ("agency", "own_agency", "2023-03"),
    ("agency", "own_agency", "2023-07"),
    ("dates", "by_fy2025", "2024-11-14"),
    ("dates", "by_fy2025", "2025-12-31"),
    ("dates", "by_fy2025", "2026-01-31"),
    ("cost", "half", "2025-01"),
    ("cost", "half", "2025-05-28"),
    ("cost", "half", "2026-03-27"),
)
LEVELS = ("p10", "p50", "p90")
PLANNED_LOG2 = 4  # dates at most likely durations need no draws, so as few as there can be


class DatedPlan(Protocol):
    """What this chapter needs of chapter 6's simulated plan."""

    workplan: pd.DataFrame
    finish: NDArray

    def finishes(self) -> pd.DataFrame:
        """Return when each stream is finished, one row per draw, in decimal fiscal years."""


def fiscal_date(text: str) -> float:
    """Return a day or a month as a decimal fiscal year; a month counts from its first day.

    >>> fiscal_date("2023-07"), fiscal_date("2022-04-01")
    (2023.25, 2022.0)
    """
    return decimal_fiscal_year(dt.date.fromisoformat(text if len(text) > 7 else f"{text}-01"))


def timeline(events: pd.DataFrame, timing: pd.DataFrame) -> pd.DataFrame:
    """Return the plan's milestones at most likely durations (``plan``) and the events since
    (``came``) on one time axis.

    One row each, in order of date within a lane. Refused: milestones that the work plan does not
    hold, named.
    """
    tasks = timing.set_index("task_id")
    missing = [task for task in MILESTONES if task not in tasks.index]
    if missing:
        raise DataFault("workplan", f"the work plan has no task {', '.join(missing)}")
    planned = tasks.loc[list(MILESTONES), ["name_ja", "name_en", "planned_finish"]].sort_values(
        "planned_finish"
    )
    plan = planned.set_axis(["text_ja", "text_en", "fiscal_year"], axis=1).assign(
        lane="plan", standing="assumed"
    )
    came = pd.DataFrame(
        {
            "lane": "came",
            "fiscal_year": events["date"].map(fiscal_date),
            "text_ja": events["event_ja"],
            "text_en": events["event_en"],
            "standing": events["standing"],
        }
    )
    rows = pd.concat([plan, came.sort_values("fiscal_year", kind="stable")], ignore_index=True)
    return rows.assign(place=range(1, len(rows) + 1))


def what_came(
    events: pd.DataFrame, procurement_evidence: pd.DataFrame, words: Mapping[str, Mapping[str, str]]
) -> pd.DataFrame:
    """Return what the plan said about the joint agency, dates, cost and saving, and what came, each
    with its source's standing.

    One row per answer; ``words`` holds ``came_saving`` per language, with ``{value}``. Refused:
    events that ``events_since_2022`` does not hold, by date.
    """
    by_date = events.set_index("date")
    missing = sorted({date for *_, date in ANSWERS} - set(by_date.index))
    if missing:
        raise DataFault("events_since_2022", f"it holds no event of {', '.join(missing)}")
    rows = [
        {
            "subject": subject,
            "planned": planned,
            "happened_on": date,
            "came_ja": by_date.at[date, "event_ja"],
            "came_en": by_date.at[date, "event_en"],
            "standing": by_date.at[date, "standing"],
            "source": by_date.at[date, "source"],
        }
        for subject, planned, date in ANSWERS
    ]
    bought = procurement_evidence.set_index("evidence_id").loc[TOKYO_SAVING]
    said = {
        f"came_{lang}": words[lang]["came_saving"].format(
            value=format_value(bought["value"], "JPY", lang)
        )
        for lang in words
    }
    rows.append(
        {
            "subject": "saving",
            "planned": "target",
            "happened_on": bought["period"],
            **said,
            "standing": bought["standing"],
            "source": bought["source"],
        }
    )
    return pd.DataFrame(rows).assign(place=range(1, len(rows) + 1))


def late_local_governments(delays: pd.DataFrame) -> pd.DataFrame:
    """Return the municipalities with at least one system late for the national standard, one row
    per count, and their share.
    """
    counts = delays[
        ["as_of", "municipalities_with_delayed_systems", "municipalities", "standing"]
    ].set_axis(["as_of", "late", "local_governments", "standing"], axis=1)
    return counts.assign(late_share=counts["late"] / counts["local_governments"])


def reference_cases(cases: pd.DataFrame) -> pd.DataFrame:
    """Return every case with its outcome as a ratio to its plan where both are known, and whether
    more is better.

    Ratios below zero (a saving that became a cost) stay as they are. Trap: a count of
    municipalities that kept a date measures a duration, but more of it is better; months are the
    other way round.
    """
    counted = cases["unit"].isin(["local_government", "municipality", "department"])
    better = cases["quantity"].isin(["benefit", "uptake"]) | (
        (cases["quantity"] == "duration") & counted
    )
    ratio = cases["actual"] / cases["planned"]
    columns = [
        "evidence_id",
        "quantity",
        "intervention",
        "country",
        "planned",
        "actual",
        "unit",
        "standing",
        "published_on",
    ]
    worse = (ratio < 1).where(better, ratio > 1) & ratio.notna()
    return cases[columns].assign(ratio=ratio, more_is_better=better, worse=worse)


def reference_classes(cases: pd.DataFrame) -> pd.DataFrame:
    """Return the classes of `reference_cases`, one row per quantity and intervention: size, range,
    prudent factor.

    A class that mixes things of which more is better with things of which less is better is split.
    The factor (for 80 % of the cases) is missing below eight cases: the points are all there is.
    """
    known = cases.dropna(subset="ratio")
    rows = [
        {
            "quantity": quantity,
            "intervention": intervention,
            "more_is_better": better,
            "cases": len(group),
            "worse": int(group["worse"].sum()),
            "lowest": group["ratio"].min(),
            "highest": group["ratio"].max(),
            "prudent_factor": prudent_factor(group["ratio"], better),
        }
        for (quantity, intervention, better), group in known.groupby(
            ["quantity", "intervention", "more_is_better"]
        )
    ]
    return pd.DataFrame(rows).astype({"prudent_factor": float})


def exposed_share(terms: pd.DataFrame, category_shares: pd.DataFrame) -> float:
    """Return the share of all spend that the running-cost multiples are about: core systems without
    their development.
    """
    core = float(terms.set_index("system_group").at["core", "spend_share"])
    development = category_shares.set_index(["system_group", "cost_category"]).at[
        ("core", "development_change"), "central"
    ]
    return core * (1 - float(development))


def running_cost_multiples(
    savings_evidence: pd.DataFrame, core_costs: pd.DataFrame
) -> pd.DataFrame:
    """Return how running cost changed on moving to the national standard, one row per source,
    lowest first.
    """
    stated = savings_evidence.set_index("evidence_id").loc[list(MULTIPLES), ["value", "standing"]]
    rows = [
        {"source_id": MULTIPLES[row.Index], "multiple": row.value, "standing": row.standing}
        for row in stated.itertuples()
    ]
    total = core_costs[["current_5y_jpy", "government_cloud_5y_jpy"]].sum()
    rows.append(
        {"source_id": "pilots", "multiple": total.iloc[1] / total.iloc[0], "standing": "reported"}
    )
    return pd.DataFrame(rows).sort_values("multiple", ignore_index=True)


def both_arms(
    annual_jpy: float,
    savings: pd.DataFrame,
    exposed: float,
    multiples: pd.DataFrame,
    budgets: pd.Series,
) -> pd.DataFrame:
    """Return what today's cost level does to both paths: one row for the report's level, one per
    multiple of running cost, and one where published budgets have grown since the report.

    A multiple raises the exposed share of spend with or without pooling, the smallest rise of the
    ``budgets`` (ratios, perhaps none) all of it; pooling saves the same share of either (the median
    of ``savings``, all of chapter 4's draws and not the stored ones alone), while transition and
    agency stay. ``one_arm_jpy`` is the tempting wrong answer: the pooled cost after the rise
    against the unpooled one before it.
    """
    levels = pd.concat(
        [
            pd.DataFrame([{"source_id": "report_level", "multiple": 1.0}]),
            multiples[["source_id", "multiple"]],
            pd.DataFrame({"source_id": "budgets", "multiple": budgets.nsmallest(1), "reach": 1.0}),
        ],
        ignore_index=True,
    ).fillna({"reach": exposed})
    costs, rows = savings["transition"] + savings["agency"], []
    for level in levels.itertuples():
        rise = 1 + (level.multiple - 1) * level.reach
        gross, net = (
            summary(savings["gross_saving_jpy"] * rise),
            summary(savings["gross_saving_jpy"] * rise - costs),
        )
        rows.append(
            {
                "source_id": level.source_id,
                "multiple": level.multiple,
                "rise": rise,
                "without_jpy": annual_jpy * rise,
                "pooled_jpy": annual_jpy * rise - gross["p50"],
                "gross_saving_jpy": gross["p50"],
                "one_arm_jpy": annual_jpy - (annual_jpy * rise - gross["p50"]),
                **{f"net_{q}_jpy": net[q] for q in LEVELS},
            }
        )
    return pd.DataFrame(rows).assign(place=range(1, len(rows) + 1))


def forecast_rows(
    known: Mapping[str, pd.DataFrame],
    full: Mapping[str, pd.DataFrame],
    target_jpy: float,
    procurement_evidence: pd.DataFrame,
    years: int,
    aimed: bool = True,
) -> pd.DataFrame:
    """Return the gross saving a forecaster would have named for so many years, one row per scale
    model and evidence.

    ``known`` and ``full`` hold, per scale model, chapter 4's draws (``gross_saving_jpy`` in yen a
    year) from the evidence of the time and from that of this run. Yen over ``years``, ratio to the
    target of as many. Last stands what came: the gain that the metropolis' agency reports so far,
    for more municipalities than the wards (``govtech``); it answers the wards' target and is left
    out for a group that has none (not ``aimed``), whose ratios are to its cost of these years.
    """
    came = float(procurement_evidence.set_index("evidence_id").at[TOKYO_SAVING, "value"])
    totals = [
        (evidence, model, summary(draws["gross_saving_jpy"] * years))
        for evidence, models in (("of_the_time", known), ("of_this_run", full))
        for model, draws in models.items()
    ]
    if aimed:
        totals.append(("came", "govtech", dict.fromkeys(LEVELS, came)))
    rows = [
        {
            "evidence": evidence,
            "scale_model": model,
            **{f"saving_{q}_jpy": total[q] for q in LEVELS},
            **{f"target_ratio_{q}": total[q] / target_jpy for q in LEVELS},
        }
        for evidence, model, total in totals
    ]
    return pd.DataFrame(rows).assign(place=range(1, len(rows) + 1))


def cost_rows(
    known: pd.Series, annual_jpy: float, savings_evidence: pd.DataFrame, multiples: pd.DataFrame
) -> pd.DataFrame:
    """Return running cost after a move as a multiple of that before: forecast, official goal, and
    what came, one row each.

    What came is the national standard's doing, not pooling's: no ward has pooled.
    """
    pooled = summary(1 - known / annual_jpy)
    goal = 1 - float(savings_evidence.set_index("evidence_id").at[CLAIM, "value"])
    rows = [
        {"kind": "forecast", "source_id": "of_the_time", **{q: pooled[q] for q in LEVELS}},
        {"kind": "goal", "source_id": "ministry", **dict.fromkeys(LEVELS, goal)},
    ]
    rows += [
        {"kind": "came", "source_id": row.source_id, **dict.fromkeys(LEVELS, row.multiple)}
        for row in multiples.itertuples()
    ]
    return pd.DataFrame(rows).assign(place=range(1, len(rows) + 1))


def date_rows(known: DatedPlan, dates: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """Return when the joint agency, the first wave and core would have been ready by the evidence
    of the time, one row each.

    ``deadline`` is the plan's own date and ``came`` the date of what came instead; blank where
    there is none.
    """
    task = known.workplan["task_id"].tolist().index("agency_setup")
    finishes = known.finishes()
    due = dates.set_index("date_id")["fiscal_year"]
    founded = fiscal_date(events.loc[events["date"] == BODY_FOUNDED, "date"].item())
    subjects = (
        ("agency_setup", pd.Series(known.finish[:, task]), np.nan, founded),
        ("wave1", finishes["wave1"], due["report_deadline"], np.nan),
        ("core", finishes["core"], due["core_deadline"], np.nan),
    )
    rows = [
        {
            "subject": subject,
            **{q: summary(values)[q] for q in LEVELS},
            "deadline": deadline,
            "came": came,
        }
        for subject, values, deadline, came in subjects
    ]
    return pd.DataFrame(rows).assign(place=range(1, len(rows) + 1))
