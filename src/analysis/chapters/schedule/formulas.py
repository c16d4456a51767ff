"""Chapter 6: by when the plan of 2022 is carried out if it begins at the decision, and which tasks
decide it.

Durations are assumed, each grounded in what real joint projects took; PERT-beta draws share a
common cause. Dates are decimal fiscal years (2022.0 is 1 April 2022), spans are months. Wave 1 is
what the report wanted by FY2025 (procurement, infrastructure, internal systems and communication,
with the joint agency they wait for), wave 2 is core.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import reduce
from itertools import product
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from analysis.data_fault import DataFault
from analysis.methods import project_network as pn
from analysis.methods.uncertainty import COMMON_CAUSES as COMMON_CAUSES_OF
from analysis.methods.uncertainty import (
    inputs_at,
    joint_uniforms,
    latent_factors,
    probability_at_least,
    scrambling_error,
    summary,
    tied,
)
from workbook.units import decimal_fiscal_year, month_begins

REPORT_START = decimal_fiscal_year(dt.date(2022, 4, 1))  # right after the report
REPORT_YEARS = 4.0  # what it allows for all but core systems, to the end of FY2025
DEADLINED_STREAMS = ("procurement", "infrastructure", "internal", "communication")
SHAPES = ("pert", "triangular", "uniform")
COMMON_CAUSES = (0.0, 0.5, 0.8)
COST_CORRELATIONS = (0.0, 0.5, 0.9)  # tried next to the run's own
POINTS = ("low_months", "mode_months", "high_months")
STAGES = {  # stage of a joint project -> what real projects reported about it
    "council": ("agreement_to_council", "council_setup"),
    "tender": ("council_to_kickoff",),
    "build": ("kickoff_to_service", "contract_to_service"),
    "moves": ("cutover_stagger",),
    "whole": (
        "agreement_to_service_first",
        "agreement_to_service_last",
        "agreement_to_planned_service",
        "study_to_service",
        "rebuild_duration",
        "rebuild_duration_so_far",
    ),
}
STAGE_OF = {step: stage for stage, steps in STAGES.items() for step in steps}


@dataclass(frozen=True)
class SimulatedPlan:
    """The work plan in every draw: `months`, `start` and `finish` are draws x tasks, in the plan's
    order.

    `workplan` has one row per task with its three points already multiplied by the duration factor;
    `begins` is when the first of them starts, as a decimal fiscal year.
    """

    workplan: pd.DataFrame
    graph: nx.DiGraph
    months: np.ndarray
    start: np.ndarray
    finish: np.ndarray
    begins: float

    @classmethod
    def of_tables(
        cls,
        workplan: pd.DataFrame,
        register: pd.DataFrame,
        log2_points: int,
        common_cause: float,
        duration_factor: float = 1.0,
        shape: str = "pert",
        replicate: int = 0,
        begins: float = REPORT_START,
        cost_correlation: float = 0.0,
    ) -> SimulatedPlan:
        """Return the plan simulated in 2**log2_points draws of the study's joint sequence.

        `common_cause` is the share of the spread (on the normal scale) that all durations have in
        common, `cost_correlation` how far that part follows what all costs have in common. The
        plan's durations do not depend on when it `begins`. Refused: faults of the
        network and of the three points, each by its task.
        """
        tasks = workplan.assign(**{point: workplan[point] * duration_factor for point in POINTS})
        low, mode, high = (tasks[point] for point in POINTS)
        graph = plan_network(tasks, mode)
        ranges = pd.DataFrame(
            {
                "input": "task_" + tasks["task_id"],
                "block": "time",
                "low": low,
                "central": mode,
                "high": high,
            }
        )
        common = [COMMON_CAUSES_OF[block] for block in ("time", "cost")]
        factors = dict.fromkeys([*latent_factors(ranges), *(common if cost_correlation else ())])
        uniforms = joint_uniforms(register, list(factors), log2_points, replicate)
        if cost_correlation:
            delay, cost = common
            uniforms = tied(uniforms, delay, cost, cost_correlation).drop(columns=cost)
        months = inputs_at(ranges, uniforms, shape, common_cause).to_numpy()
        start, finish = pn.earliest(graph, months)
        return cls(tasks, graph, months, begins + start / 12, begins + finish / 12, begins)

    @property
    def waves(self) -> np.ndarray:
        """The wave of each task: the end that its float is measured against."""
        return self.workplan["wave"].to_numpy()

    def date_after(self, months: Any) -> Any:
        """Return the decimal fiscal year so many months after the plan's start."""
        return self.begins + months / 12

    def months_until(self, fiscal_year: Any) -> Any:
        """Return the months from the plan's start to a date, say 48 from FY2022 to the end of
        FY2025 (2026.0).
        """
        return (fiscal_year - self.begins) * 12

    def finishes(self) -> pd.DataFrame:
        """When each stream, each wave and everything is finished: one row per draw, decimal fiscal
        years.
        """
        streams = self.workplan["stream"].to_numpy()
        last = {
            stream: self.finish[:, streams == stream].max(axis=1) for stream in DEADLINED_STREAMS
        }
        waves = {
            scope: self.finish[:, self.waves == wave].max(axis=1)
            for scope, wave in (("wave1", 1), ("core", 2))
        }
        return pd.DataFrame({**last, **waves, "all": self.finish.max(axis=1)})


def plans_by_correlation(
    workplan: pd.DataFrame,
    register: pd.DataFrame,
    log2_points: int,
    common_cause: float,
    duration_factor: float,
    begins: float,
) -> dict[float, SimulatedPlan]:
    """Return the plan simulated under each correlation of cost and delay that is tried."""
    return {
        correlation: SimulatedPlan.of_tables(
            workplan,
            register,
            log2_points,
            common_cause,
            duration_factor,
            begins=begins,
            cost_correlation=correlation,
        )
        for correlation in COST_CORRELATIONS
    }


def plan_network(workplan: pd.DataFrame, months: ArrayLike) -> nx.DiGraph:
    """Return the plan's network at the given durations; the table joins predecessors by
    semicolons.
    """
    waits = [before.split(";") if before else [] for before in workplan["predecessors"].fillna("")]
    return pn.network(workplan["task_id"].tolist(), waits, np.asarray(months).tolist())


def workplan_timing(plan: SimulatedPlan) -> pd.DataFrame:
    """Return one row per task: planned dates at most likely durations, simulated dates, float and
    criticality.

    `criticality_share` is the share of draws in which a delay of the task delays the end of its
    wave or of a later one; `gain_months` is how much earlier wave 1 would end in the median if the
    task took half its time.
    """
    plain = pn.timing(plan.graph, plan.waves).reset_index(drop=True)
    finish = pd.DataFrame([summary(column) for column in plan.finish.T])
    tasks = plan.workplan[
        ["task_id", "name_ja", "name_en", "stream", "wave", "evidence_grade"]
    ].reset_index(drop=True)
    return tasks.assign(
        place=np.arange(1, len(tasks) + 1),
        planned_start=plan.date_after(plain["early_start"]),
        planned_finish=plan.date_after(plain["early_finish"]),
        total_float_months=plain["total_float"].clip(lower=0),
        critical=plain["critical"],
        start_p50=np.median(plan.start, axis=0),
        finish_p10=finish["p10"],
        finish_p50=finish["p50"],
        finish_p90=finish["p90"],
        criticality_share=pn.criticality(plan.graph, plan.months, plan.waves),
        gain_months=_gain_of_halving(plan),
    )


def _gain_of_halving(plan: SimulatedPlan) -> list[float]:
    """Months by which the median end of wave 1 moves if each task in turn takes half its time."""
    first = np.flatnonzero(plan.waves == 1)
    today = np.median(plan.finish[:, first].max(axis=1))
    tasks, (_, finish) = list(plan.graph), pn.earliest(plan.graph, plan.months)
    gains = []
    for column, task in enumerate(tasks):
        moved = pn.finish_if(plan.graph, plan.months, finish, task, plan.months[:, column] / 2)
        ends = [moved[tasks[at]] if tasks[at] in moved else finish[:, at] for at in first]
        gains.append(float(plan.months_until(today) - np.median(reduce(np.maximum, ends))))
    return np.clip(gains, 0, None).tolist()


def stream_finish(plan: SimulatedPlan, deadline: float, core_deadline: float) -> pd.DataFrame:
    """Return one row per stream, wave and the whole: dates of finish, and the chance of the
    deadline.

    `factor_even` and `factor_sure` say to which part of the assumed durations all tasks would have
    to shrink for the deadline to be met with 50 and with 80 per cent: the distance that a
    probability near zero hides.
    """
    finishes = plan.finishes()
    rows = pd.DataFrame([summary(finishes[scope]) for scope in finishes])[
        ["p10", "p50", "p80", "p90"]
    ]
    due = np.where(finishes.columns.isin(["core", "all"]), core_deadline, deadline)
    return rows.add_prefix("finish_").assign(
        place=np.arange(1, len(rows) + 1),
        scope=finishes.columns,
        deadline=due,
        probability=[
            probability_at_least(-finishes[s], -d) for s, d in zip(finishes, due, strict=True)
        ],
        factor_even=plan.months_until(due) / plan.months_until(rows["p50"]),
        factor_sure=plan.months_until(due) / plan.months_until(rows["p80"]),
    )


def finish_curve(plan: SimulatedPlan) -> pd.DataFrame:
    """Return the chance that a wave is finished by each month, from its 0.5 to its 99.5 per cent
    quantile.
    """
    finishes, curves = plan.finishes(), []
    for scope in ("wave1", "core"):
        ordered = np.sort(finishes[scope])
        first, last = np.quantile(ordered, [0.005, 0.995])
        months = np.arange(np.floor(plan.months_until(first)), np.ceil(plan.months_until(last)) + 1)
        reached = np.searchsorted(ordered, plan.date_after(months), side="right") / len(ordered)
        curves.append(
            pd.DataFrame(
                {"scope": scope, "fiscal_year": plan.date_after(months), "probability": reached}
            )
        )
    return pd.concat(curves, ignore_index=True)


def schedule_draws(plan: SimulatedPlan, stored_log2: int) -> pd.DataFrame:
    """Return the first 2**stored_log2 draws: when wave 1 and core are finished, decimal fiscal
    years.
    """
    stored = plan.finishes().head(2**stored_log2)
    return pd.DataFrame(
        {"draw": stored.index, "finish_wave1": stored["wave1"], "finish_core": stored["core"]}
    )


def merge_bias(plan: SimulatedPlan) -> pd.DataFrame:
    """Return one row per wave: what adding up durations says, and what the simulation adds to it,
    in months.

    From the most likely durations to the mean ones: ranges are longer on the late side. From there
    to the mean finish: where chains meet, the later one counts. `textbook_spread_months` adds the
    textbook's variances along one chain and so misses both the merging and the common cause.
    """
    ends = {"wave1": plan.workplan["wave"] == 1, "core": plan.workplan["wave"] <= 2}
    return pd.DataFrame(
        [_merge_bias_row(plan, scope, included) for scope, included in ends.items()]
    )


def _merge_bias_row(plan: SimulatedPlan, scope: str, included: pd.Series) -> dict[str, float | str]:
    tasks, months = plan.workplan[included], plan.months[:, included]
    points = [tasks[point].to_numpy() for point in POINTS]
    graph = plan_network(tasks, pn.pert_mean(*points))
    chain = tasks["task_id"].isin(pn.critical_chain(graph)).to_numpy()
    finish = pn.earliest(graph, months)[1].max(axis=1)
    most_likely, mean_durations = (
        pn.earliest(graph, np.asarray([lasting]))[1].max()
        for lasting in (points[1], pn.pert_mean(*points))
    )
    return {
        "scope": scope,
        "most_likely_months": most_likely,
        "mean_durations_months": mean_durations,
        "median_months": np.median(finish),
        "mean_months": finish.mean(),
        "merge_bias_months": pn.merge_bias(graph, months),
        "most_likely_finish": plan.date_after(most_likely),
        "most_likely_probability": (finish <= most_likely).mean(),
        "textbook_spread_months": np.sqrt(pn.pert_variance(*points)[chain].sum()),
        "spread_months": finish.std(ddof=1),
    }


def duration_evidence(plan: SimulatedPlan, migration: pd.DataFrame) -> pd.DataFrame:
    """Return what real projects took and what the plan takes, stage by stage, one row each, in
    months.

    Rows of the plan add up the three points of the tasks of one stream that rest on the same stage;
    those of the stage `whole` run from the plan's start to the end of the stream (P10, median,
    P90). Refused: months of a step that belongs to no stage.
    """
    real = migration[migration["unit"] == "month"]
    strange = sorted(set(real["step"]) - set(STAGE_OF))
    if strange:
        raise DataFault(
            "migration_durations", f"it reports steps that belong to no stage: {', '.join(strange)}"
        )
    observed = pd.DataFrame(
        {
            "stage": real["step"].map(STAGE_OF),
            "subject": real["evidence_id"],
            "kind": real["plan_or_actual"],
            "low_months": real["low"].fillna(real["value"]),
            "central_months": real["value"],
            "high_months": real["high"].fillna(real["value"]),
        }
    )
    rows = pd.concat(
        [observed, _planned_stages(plan.workplan), _planned_wholes(plan)], ignore_index=True
    )
    rows = rows.sort_values(
        "stage", key=lambda stage: stage.map(list(STAGES).index), kind="stable", ignore_index=True
    )
    return rows.assign(place=np.arange(1, len(rows) + 1))


def _planned_stages(workplan: pd.DataFrame) -> pd.DataFrame:
    """The plan's three points per stage and stream, added up over the tasks that rest on the
    stage.
    """
    cited = workplan.assign(step=workplan["evidence_steps"].fillna("").str.split(";")).explode(
        "step"
    )
    cited["stage"] = cited["step"].map(STAGE_OF)
    # a task that rests on several stages counts once, in the first it names
    cited = cited[cited["stage"].notna() & (cited["stage"] != "whole")].drop_duplicates("task_id")
    sums = cited.groupby(["stage", "stream"], sort=False)[list(POINTS)].sum().reset_index()
    return sums.rename(columns={"stream": "subject", "mode_months": "central_months"}).assign(
        kind="this_plan"
    )


def _planned_wholes(plan: SimulatedPlan) -> pd.DataFrame:
    """Months from the plan's start to the end of each stream: P10, median, P90."""
    ends = plan.months_until(plan.finishes()[[*DEADLINED_STREAMS, "core"]])
    levels = (
        ends.quantile([0.1, 0.5, 0.9]).set_axis(["low_months", "central_months", "high_months"]).T
    )
    return levels.rename_axis("subject").reset_index().assign(stage="whole", kind="this_plan")


def finish_by_assumption(
    workplan: pd.DataFrame,
    register: pd.DataFrame,
    log2_points: int,
    duration_factor: float,
    deadline: float,
    core_deadline: float,
    begins: float,
) -> pd.DataFrame:
    """Return one row per shape of the ranges and common cause: how dates and chances move with
    them.
    """
    rows = []
    for shape, common_cause in product(SHAPES, COMMON_CAUSES):
        plan = SimulatedPlan.of_tables(
            workplan, register, log2_points, common_cause, duration_factor, shape, begins=begins
        )
        ends = stream_finish(plan, deadline, core_deadline).set_index("scope")
        rows.append(
            (
                shape,
                common_cause,
                *ends.loc["wave1", ["finish_p50", "probability"]],
                *ends.loc["all", ["finish_p50", "finish_p80"]],
                ends.at["core", "probability"],
            )
        )
    columns = [
        "shape",
        "common_cause",
        "wave1_p50",
        "wave1_probability",
        "all_p50",
        "all_p80",
        "core_probability",
    ]
    return pd.DataFrame(rows, columns=columns).assign(place=np.arange(1, len(rows) + 1))


def finish_error_months(
    workplan: pd.DataFrame,
    register: pd.DataFrame,
    log2_points: int,
    common_cause: float,
    duration_factor: float,
    scramblings: int = 8,
) -> float:
    """Return the standard error of the median finish of everything from one scrambling, in
    months.
    """

    def median_finish(replicate: int) -> float:
        plan = SimulatedPlan.of_tables(
            workplan, register, log2_points, common_cause, duration_factor, replicate=replicate
        )
        return plan.months_until(float(plan.finishes()["all"].median()))

    _, of_the_mean = scrambling_error(median_finish, scramblings)
    return of_the_mean * scramblings**0.5


def price_year(figures: pd.DataFrame, baselines: pd.DataFrame, known: bool = True) -> int | None:
    """Return the fiscal year whose prices the baseline in use is in, that of its publication; None
    for one without a published figure, and for a group that has none (not ``known``).

    >>> figures = pd.DataFrame({"figure": ["baseline_5y_implied"], "published_on": ["2022-03"]})
    >>> price_year(figures, pd.DataFrame({"baseline": ["implied", "own"], "in_use": [True, False]}))
    2021
    """
    baseline = baselines.loc[baselines["in_use"], "baseline"].item()
    published = figures.set_index("figure")["published_on"].get(f"baseline_5y_{baseline}")
    if published is None or not known:
        return None
    return int(month_begins(published[:7]))


def plan_dates(initiatives: pd.DataFrame, deadline: float, core_deadline: float) -> pd.DataFrame:
    """Return the dates the plan is held against: the report's own, the two deadlines of a plan that
    begins at the decision, and the national ones of the initiatives.
    """
    national = initiatives.dropna(subset="national_date")
    # "by 31 March" includes the day, so the date that counts is the morning after
    ends = [
        decimal_fiscal_year(dt.date.fromisoformat(day) + dt.timedelta(days=1))
        for day in national["national_date"]
    ]
    dates = {
        "report_deadline": REPORT_START + REPORT_YEARS,
        "deadline": deadline,
        **dict(zip(national["initiative"], ends, strict=True)),
        "core_deadline": core_deadline,
    }
    return pd.DataFrame({"date_id": list(dates), "fiscal_year": list(dates.values())})
