"""Chapter 6, money over time: in which year the plan saves and costs how much, beside a path
without it.

One row per draw of the study's joint sequence, one column per fiscal year from the plan's start;
nominal yen. A saving is the difference of two dated paths: both carry the same growth, and what a
ward would have spent anyway is in neither. Parts are system groups, ``core_one`` (core on one
platform instead of the chosen number) and ``buying`` (joint buying alone); they add up to a
decision, and in a full year to chapter 4's gross saving.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from analysis.data_fault import DataFault
from analysis.methods.appraisal import payback_years, present_value, share_between, years_in_service
from analysis.methods.uncertainty import summary

RIVAL_RATES = (0.035, 0.02, 0.01)
DELAYS_MONTHS = (0, 6, 12, 24, 36)
# the online counter and data use have no date in the report; both live on core data and are taken
# to move with it
STREAM_OF = {
    "core": "core",
    "core_one": "core",
    "online_counter": "core",
    "data_use": "core",
    "internal": "internal",
    "communication": "communication",
    "infrastructure": "infrastructure",
}
# stream -> the task that the move is paid from, and the first in which old and new run side by side
PAID_FROM = {
    "infrastructure": ("infrastructure_build", "infrastructure_move"),
    "internal": ("internal_build", "internal_rollout"),
    "communication": ("communication_rollout", "communication_rollout"),
    "core": ("core_build", "core_cutover_1"),
}
LEVELS = ("p10", "p50", "p90")


@dataclass(frozen=True)
class FullYear:
    """What the plan saves and costs once it runs, undated: yen, one row per draw, one column per
    part.

    ``saving``: a year; ``moving``: once; ``doubled``: a year, while old and new run side by side;
    ``body``: a year.
    """

    saving: pd.DataFrame
    moving: pd.DataFrame
    doubled: pd.DataFrame
    body: pd.Series


@dataclass(frozen=True)
class Horizon:
    """The years that are looked at: the first one, their number, the ramp after a stream's finish,
    growth of spend a year.
    """

    first_year: float
    years: int
    ramp_years: float
    growth: float

    @property
    def edges(self) -> np.ndarray:
        """Where the fiscal years begin and end; (years + 1,)."""
        return self.first_year + np.arange(self.years + 1)

    def spend_path(self, annual_jpy: float) -> np.ndarray:
        """Return the spend of each year without pooling: flat in nominal yen, or growing at the
        yearly rate.

        >>> Horizon(2022.0, 3, 1.0, 0.1).spend_path(100.0).round(6).tolist()
        [100.0, 110.0, 121.0]
        """
        return annual_jpy * (1 + self.growth) ** np.arange(self.years)


@dataclass(frozen=True)
class Flows:
    """Yen by draw and fiscal year, (draws, years), for each part; the body's cost is a part of its
    own.
    """

    saving: dict[str, np.ndarray]
    cost: dict[str, np.ndarray]

    def gross(self, parts: Sequence[str]) -> np.ndarray:
        """Savings of several parts, before any cost of getting there."""
        return sum((self.saving[part] for part in parts), np.zeros(()))

    def spent(self, parts: Sequence[str]) -> np.ndarray:
        """Transition and side-by-side running of several parts, and the whole body."""
        return sum((self.cost[part] for part in parts), self.cost["body"])

    def net(self, parts: Sequence[str]) -> np.ndarray:
        """Savings less all costs."""
        return self.gross(parts) - self.spent(parts)

    def present_values(self, rate: float) -> pd.DataFrame:
        """Each part's savings less its costs, discounted to the plan's first year; the body's
        column is negative.
        """
        return pd.DataFrame(
            {
                part: present_value(self.saving.get(part, 0.0) - cost, rate)
                for part, cost in self.cost.items()
            }
        )


def appraisal_terms(horizon: Horizon, rate: float, buying_body_share: float) -> pd.DataFrame:
    """Return, in one row, how this chapter appraises, for those that appraise after it: first
    year, years, ramp and growth of the horizon, the rate, the body's part that buying needs.
    """
    return pd.DataFrame([{**asdict(horizon), "rate": rate, "buying_body_share": buying_body_share}])


def levers_in_use(saving: pd.DataFrame) -> tuple[bool, bool]:
    """Return whether chapter 4's draws use the levers price and demand: a price lever off leaves
    only its premium.
    """
    return bool((saving["price"] > 0).any()), bool((saving["demand"] != 0).any())


def full_year(
    plan: Any,
    purchase: Any,
    draws: pd.DataFrame,
    model: str,
    gross_share: Callable[..., np.ndarray],
) -> FullYear:
    """Return the parts of the plan in a full year, under one scale model.

    ``plan`` is chapter 3's, ``purchase`` and ``gross_share`` are chapter 4's. ``buying`` is what
    the levers save with every body alone; each group then adds what pooling it brings on top,
    supplier premium included. The report's own claim knows no joint buying and no ward that stays
    away.
    """
    claim = model == "source_report"
    uptake = 1.0 if claim else draws["uptake_instances"]
    groups, phi = plan.terms["system_group"].tolist(), plan.fixed_shares(draws)[model]

    bought_for = {
        group: replace(purchase, cells=purchase.cells[purchase.cells["system_group"] == group])
        for group in groups
    }

    def saved(variant: Any, of: Sequence[str]) -> pd.DataFrame:
        return pd.DataFrame(
            {
                group: plan.annual_jpy * gross_share(variant, bought_for[group], draws, phi, claim)
                for group in of
            },
            index=draws.index,
        )

    alone = with_instances(plan, dict.fromkeys(groups, plan.bodies))
    bought, pooled = saved(alone, groups), saved(plan, groups)
    parts = (pooled - bought).assign(
        core_one=saved(with_instances(plan, {"core": 1}), ["core"])["core"] - bought["core"]
    )
    chosen = plan.terms.set_index("system_group")["instances"]
    moves = {group: with_instances(alone, {group: chosen[group]}) for group in groups} | {
        "core_one": with_instances(alone, {"core": 1})
    }
    moving = pd.DataFrame(
        {part: variant.transition_jpy(draws) * uptake for part, variant in moves.items()}
    )
    # a group that stays where it is runs nothing twice
    spend = (
        plan.spend_shares(draws).assign(core_one=lambda shares: shares["core"])
        * plan.annual_jpy
        * (moving > 0)
    )
    doubled = spend.mul(draws["dual_running_share"] * uptake, axis=0)
    return FullYear(
        parts.assign(buying=bought.sum(axis=1)),
        moving,
        doubled,
        draws["body_running_cost"] * (plan.bodies > 1),  # alone nobody sets one up
    )


def with_instances(plan: Any, instances: dict[str, int]) -> Any:
    """Return chapter 3's plan with other numbers of platforms for some groups."""
    terms = plan.terms.set_index("system_group")
    terms["instances"] = (
        pd.Series(instances).reindex(terms.index).fillna(terms["instances"]).astype(int)
    )
    return replace(plan, terms=terms.reset_index())


def programme_dates(plan: Any, draws: int) -> pd.DataFrame:
    """Return the dates that money hangs on in the first draws of the simulated plan, decimal fiscal
    years.

    ``body`` (set up), ``buying`` (joint contracts in use), and per stream ``<stream>_contract``,
    ``<stream>_cutover`` and ``<stream>`` (all moved, old systems off). Refused: a work plan without
    the tasks that these dates are read from.
    """
    tasks = {task: place for place, task in enumerate(plan.workplan["task_id"])}
    missing = sorted(
        {"body_setup", *(task for pair in PAID_FROM.values() for task in pair)} - set(tasks)
    )
    if missing:
        raise DataFault("workplan", f"it lacks the tasks that money hangs on: {', '.join(missing)}")
    finishes = plan.finishes()
    columns = {
        "body": plan.finish[:draws, tasks["body_setup"]],
        "buying": finishes["procurement"].to_numpy()[:draws],
    }
    for stream, (contract, cutover) in PAID_FROM.items():
        columns |= {
            f"{stream}_contract": plan.start[:draws, tasks[contract]],
            f"{stream}_cutover": plan.start[:draws, tasks[cutover]],
            stream: finishes[stream].to_numpy()[:draws],
        }
    return pd.DataFrame(columns)


def delayed(dates: pd.DataFrame, years: float, but: Sequence[str] = ()) -> pd.DataFrame:
    """Return the dates moved back by so many years, except those named."""
    return dates + years * ~dates.columns.isin(but)


def dated_flows(worth: FullYear, dates: pd.DataFrame, horizon: Horizon) -> Flows:
    """Return each part's savings and costs by fiscal year.

    Savings start when the stream is finished and reach their full height after the ramp; joint
    buying starts with the joint contracts. The move is paid evenly from its contract to the
    stream's finish; old and new run side by side from the first cut-over to it; the body costs its
    full rate from its founding. Growth moves spend, and so savings.
    """
    grown, years = (
        horizon.spend_path(1.0),
        {
            stream: _stream_years(dates, stream, horizon)
            for stream in {STREAM_OF[part] for part in worth.moving}
        },
    )
    per_draw = {name: yen.to_numpy()[:, None] for name, yen in worth.saving.items()}
    saving = {
        "buying": per_draw["buying"]
        * grown
        * years_in_service(dates["buying"], horizon.ramp_years, horizon.edges)
    }
    cost = {
        "buying": np.zeros_like(saving["buying"]),
        "body": worth.body.to_numpy()[:, None]
        * years_in_service(dates["body"], 0.0, horizon.edges),
    }
    for part in worth.moving:
        served, paid, beside = years[STREAM_OF[part]]
        saving[part] = per_draw[part] * grown * served
        cost[part] = (
            worth.moving[part].to_numpy()[:, None] * paid
            + worth.doubled[part].to_numpy()[:, None] * grown * beside
        )
    return Flows(saving, cost)


def _stream_years(
    dates: pd.DataFrame, stream: str, horizon: Horizon
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """By fiscal year, (draws, years) each: a stream's years in service, the part of its move paid,
    the years side by side.
    """
    contract, cutover, moved = (
        dates[f"{stream}_contract"],
        dates[f"{stream}_cutover"],
        dates[stream],
    )
    beside = years_in_service(cutover, 0.0, horizon.edges) - years_in_service(
        moved, 0.0, horizon.edges
    )
    return (
        years_in_service(moved, horizon.ramp_years, horizon.edges),
        share_between(contract, moved, horizon.edges),
        beside,
    )


def paths(flows: Flows, parts: Sequence[str], annual_jpy: float, horizon: Horizon) -> pd.DataFrame:
    """Return the two paths and their cumulated difference, one row per fiscal year: P10, median and
    P90, yen.
    """
    gross, spent, without = flows.gross(parts), flows.spent(parts), horizon.spend_path(annual_jpy)
    bands = {
        "with": without - gross + spent,
        "gross_saving": gross,
        "spent": spent,
        "cumulative": np.cumsum(gross - spent, axis=1),
    }
    table = pd.DataFrame({"fiscal_year": horizon.edges[:-1].astype(int), "without_jpy": without})
    for name, yen in bands.items():
        table[[f"{name}_{level}_jpy" for level in LEVELS]] = np.quantile(
            yen, (0.1, 0.5, 0.9), axis=0
        ).T
    return table


def windows(
    flows: Flows, parts: Sequence[str], run_rate: pd.DataFrame, rate: float, years: int
) -> pd.DataFrame:
    """Return the windows the plan may be read in, one row each: P10, median, P90 in yen and the
    share above zero.

    ``run_rate`` holds chapter 4's full-year savings by draw, counted over ``years``. The first
    window, of as many years, is gross: net, spending that slides out of it would look like a gain,
    so the whole transition stands beside it as what the wards commit themselves to.
    """
    net, costs = flows.net(parts), sum((flows.cost[part] for part in parts), np.zeros(()))
    rows = [
        ("from_start", None, gross_from_start(flows, parts, years)),
        ("commitment", None, -costs.sum(axis=1)),
        ("run_rate_gross", None, run_rate["gross_saving_jpy"] * years),
        ("run_rate_net", None, run_rate["net_saving_jpy"] * years),
        *(
            ("whole_life", each, present_value(net, each))
            for each in dict.fromkeys((rate, *RIVAL_RATES))
        ),
    ]
    table = pd.DataFrame(
        [
            {
                "window": window,
                "rate": each,
                **_levels(yen),
                "positive_share": (np.asarray(yen) > 0).mean(),
            }
            for window, each, yen in rows
        ]
    )
    return table.astype({"rate": float}).assign(place=range(1, len(table) + 1))


def gross_from_start(flows: Flows, parts: Sequence[str], years: int) -> np.ndarray:
    """Return the gross saving of the first fiscal years, so many, in each draw, yen."""
    return flows.gross(parts)[:, :years].sum(axis=1)


def _levels(yen: np.ndarray) -> dict[str, float]:
    """P10, median and P90 of draws in yen, under the names of a table's columns."""
    levels = summary(yen)
    return {f"{level}_jpy": levels[level] for level in LEVELS}


def delay_table(
    worth: FullYear,
    dates: pd.DataFrame,
    horizon: Horizon,
    parts: Sequence[str],
    rate: float,
    years: int,
) -> pd.DataFrame:
    """Return what later streams change while the body is set up as planned, one row per delay in
    months; medians, yen.

    ``net_from_start_p50_jpy`` shows why the window of the first ``years`` is read gross: postponed
    spending makes it rise.
    """
    rows = []
    for months in DELAYS_MONTHS:
        flows = dated_flows(worth, delayed(dates, months / 12, but=("body",)), horizon)
        net, gross = flows.net(parts), flows.gross(parts)
        medians = {
            "gross_from_start": gross_from_start(flows, parts, years),
            "net_from_start": net[:, :years].sum(axis=1),
            "gross_whole_life": gross.sum(axis=1),
            "npv": present_value(net, rate),
        }
        rows.append(
            {
                "delay_months": months,
                **{f"{name}_p50_jpy": np.median(yen) for name, yen in medians.items()},
            }
        )
    return pd.DataFrame(rows)


def delay_cost_per_month(
    worth: FullYear, dates: pd.DataFrame, horizon: Horizon, parts: Sequence[str]
) -> dict[str, float]:
    """Return the gross saving that a month of a year's delay loses over the whole life: percentiles
    of the draws, yen a month.
    """
    in_time, late = (
        dated_flows(worth, delayed(dates, years, but=("body",)), horizon).gross(parts)
        for years in (0, 1)
    )
    return summary((in_time - late).sum(axis=1) / 12)


def payback(
    flows: Flows, parts: Sequence[str], first_year: float
) -> tuple[dict[str, float], float]:
    """Return P10, median and P90 of the date of pay-back (nan: not within the horizon) and the
    share that never pays back.
    """
    years = np.sort(first_year + payback_years(flows.net(parts)))
    # draws that never pay back count as the latest; the nearest draw, not a blend, because half-way
    # to never is never
    nearest = years[[round(share * (len(years) - 1)) for share in (0.1, 0.5, 0.9)]]
    levels = np.where(np.isinf(nearest), np.nan, nearest)
    return dict(zip(LEVELS, levels.tolist(), strict=True)), float(np.isinf(years).mean())


def date_and_money(
    finish: pd.Series, npv: np.ndarray, deadline: float, shown: int = 400
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return a sample of draws with their date and money, and the share of all draws in each of the
    four quadrants.
    """
    every = pd.DataFrame(
        {
            "finish": finish.to_numpy(),
            "npv_jpy": npv,
            "on_time": finish.to_numpy() <= deadline,
            "pays": npv >= 0,
        }
    )
    quadrants = pd.MultiIndex.from_product([(True, False)] * 2, names=["on_time", "pays"])
    shares = every.groupby(["on_time", "pays"]).size().reindex(quadrants, fill_value=0) / len(every)
    return every.head(shown).rename_axis("draw").reset_index(), shares.rename(
        "share"
    ).reset_index().assign(deadline=deadline)
