"""Chapter 6, money over time: in which year the plan saves and costs how much, next to a path
without it.

One row per draw of the study's joint sequence, one column per fiscal year from the plan's start;
yen of constant prices, so that a real rate discounts them. A saving is the difference of two dated
paths: both carry the same growth, and what a ward would have spent anyway is in neither. Parts are
system groups, ``core_one`` (core on one platform instead of the chosen number) and ``buying``
(joint buying alone); they add up to a decision, and in a full year to chapter 4's gross saving.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

import numpy as np
import pandas as pd

from analysis.data_fault import DataFault
from analysis.evidence import month_known
from analysis.methods.appraisal import (
    asset_in_window,
    discount_factors,
    payback_years,
    present_value,
    share_between,
    years_in_service,
)
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
MULTIPLE = "S12"  # the row of savings_evidence with Tokyo's estimate of running cost


@dataclass(frozen=True)
class FullYear:
    """What the plan saves and costs once it runs, undated: yen, one row per draw, one column per
    part.

    ``saving``: a year; ``moving``: once; ``doubled``: a year, while old and new run side by side;
    ``agency``: a year.
    """

    saving: pd.DataFrame
    moving: pd.DataFrame
    doubled: pd.DataFrame
    agency: pd.Series


@dataclass(frozen=True)
class Horizon:
    """The years that are looked at: the first one, their number, the ramp after a stream's finish,
    growth of all costs a year in constant prices, the life of what a move buys and what renewing
    it costs of its price.
    """

    first_year: float
    years: int
    ramp_years: float
    growth: float
    asset_years: float
    renewal_share: float

    @classmethod
    def of_terms(cls, terms: pd.Series) -> Horizon:
        """Return the horizon that a row of `appraisal_terms` describes, in its fiscal years."""
        known = {field.name: terms[field.name] for field in fields(cls)}
        return cls(**known | {"years": int(known["years"])})

    @property
    def edges(self) -> np.ndarray:
        """Where the fiscal years begin and end; (years + 1,)."""
        return self.first_year + np.arange(self.years + 1)

    def grown(self, annual_jpy: float) -> np.ndarray:
        """Return what costs so much a year in the first year, year by year: flat in constant
        prices, or growing at the yearly rate.

        >>> Horizon(2022.0, 3, 1.0, 0.1, 10, 1.0).grown(100.0).round(6).tolist()
        [100.0, 110.0, 121.0]
        """
        return annual_jpy * (1 + self.growth) ** np.arange(self.years)


@dataclass(frozen=True)
class Flows:
    """Yen by draw and fiscal year, (draws, years), for each part; the joint agency's cost is a part
    of its own.

    ``cost`` is what getting there costs, ``renewal`` what renewing it costs once its life is over;
    ``left``, (draws,), is what is not used up when the last year ends, no cash.
    """

    saving: dict[str, np.ndarray]
    cost: dict[str, np.ndarray]
    renewal: dict[str, np.ndarray]
    left: dict[str, np.ndarray]

    def gross(self, parts: Sequence[str]) -> np.ndarray:
        """Savings of several parts, before any cost of getting there."""
        return sum((self.saving[part] for part in parts), np.zeros(()))

    def spent(self, parts: Sequence[str]) -> np.ndarray:
        """Transition, side-by-side running and renewals of several parts, and the whole joint
        agency.
        """
        renewed = self._of(self.renewal, parts)
        return sum((self.cost[part] for part in parts), self.cost["agency"]) + renewed

    def net(self, parts: Sequence[str]) -> np.ndarray:
        """Savings less all costs: cash."""
        return self.gross(parts) - self.spent(parts)

    def worth(self, parts: Sequence[str], rate: float) -> np.ndarray:
        """Net present value of several parts and the whole joint agency, what is left counted in
        the last year.
        """
        return self.present_values(rate)[[*parts, "agency"]].sum(axis=1).to_numpy()

    def present_values(self, rate: float) -> pd.DataFrame:
        """Each part's savings and what is left of it, less its costs and renewals, discounted to
        the plan's first year; the joint agency's column is negative.
        """
        return pd.DataFrame(
            {
                part: present_value(
                    self.saving.get(part, 0.0) - cost - self.renewal.get(part, 0.0), rate
                )
                + self.left_value(part, rate)
                for part, cost in self.cost.items()
            }
        )

    def left_value(self, part: str, rate: float) -> np.ndarray:
        """What is left of a part when the last year ends, discounted as a flow of that year."""
        years = self.cost["agency"].shape[1]
        return self.left.get(part, np.zeros(())) * discount_factors(rate, years)[-1]

    @staticmethod
    def _of(flows: dict[str, np.ndarray], parts: Sequence[str]) -> np.ndarray:
        return sum((flows[part] for part in parts if part in flows), np.zeros(()))


def appraisal_terms(
    horizon: Horizon,
    rate: float,
    buying_agency_share: float,
    rise: float,
    durations: Mapping[str, float],
) -> pd.DataFrame:
    """Return, in one row, how this chapter appraises, for those that appraise after it: the
    horizon, the rate, the part of the joint agency that buying needs, how many times as high spend
    is as in the baseline, and how ``durations`` are drawn, as `SimulatedPlan.of_tables` names it.
    """
    terms = {"rate": rate, "buying_agency_share": buying_agency_share, "spend_rise": rise}
    return pd.DataFrame([{**asdict(horizon), **terms, **durations}])


def levers_in_use(option_levers: pd.DataFrame) -> tuple[bool, bool, int]:
    """Return whether joint buying alone uses the levers price and demand, and how many suppliers
    its contracts leave, as chapter 4 says.
    """
    buying = option_levers.set_index("option").loc["buying_only"]
    return bool(buying["price"]), bool(buying["demand"]), int(buying["joint_suppliers"])


def full_year(
    plan: Any,
    purchase: Any,
    draws: pd.DataFrame,
    model: str,
    gross_share: Callable[..., np.ndarray],
) -> FullYear:
    """Return the parts of the plan in a full year, under one scale model.

    ``plan`` is chapter 3's, ``purchase`` and ``gross_share`` are chapter 4's. ``buying`` is what
    the levers save with every municipality alone, under any model the same; each group then adds
    what pooling it brings on top, supplier premium included. Under the report's own claim the parts
    add up to its half, joint buying within it, and no ward stays away.
    """
    claim = model == "source_report"
    uptake = 1.0 if claim else draws["uptake_instances"]
    groups, phi = plan.terms["system_group"].tolist(), plan.fixed_shares(draws)[model]
    reached = plan.reached_jpy(draws)

    bought_for = {
        group: replace(purchase, cells=purchase.cells[purchase.cells["system_group"] == group])
        for group in groups
    }

    def saved(variant: Any, of: Sequence[str]) -> pd.DataFrame:
        return pd.DataFrame(
            {
                group: reached * gross_share(variant, bought_for[group], draws, phi, claim)
                for group in of
            },
            index=draws.index,
        )

    alone = with_instances(plan, dict.fromkeys(groups, plan.municipalities))
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
    spend = plan.spend_shares(draws).assign(core_one=lambda shares: shares["core"]).mul(
        reached, axis=0
    ) * (moving > 0)
    doubled = spend.mul(draws["dual_running_share"] * uptake, axis=0)
    return FullYear(
        parts.assign(buying=bought.sum(axis=1)),
        moving,
        doubled,
        draws["agency_running_cost"] * (plan.municipalities > 1),  # alone nobody sets one up
    )


def risen(worth: FullYear, rise: float) -> FullYear:
    """Return the plan where running costs so many times as much, pooled or not: the saving and what
    runs twice rise with it, the move and the joint agency do not.
    """
    return replace(worth, saving=worth.saving * rise, doubled=worth.doubled * rise)


def rise(multiple: float, exposed_share: float) -> float:
    """Return how many times as high all spend is at a multiple of the running cost of an exposed
    share of it.

    >>> rise(1.6, 0.5)
    1.3
    """
    return 1 + (multiple - 1) * exposed_share


def multiple_known(savings_evidence: pd.DataFrame, decided: str) -> float:
    """Return the multiple of running cost that Tokyo had published by the month of the decision; 1
    where it had published none yet.

    >>> rows = pd.DataFrame({"evidence_id": ["S12"], "value": [1.6], "published_on": ["2025-06"]})
    >>> multiple_known(rows, "2026-04"), multiple_known(rows, "2022-04")
    (1.6, 1.0)
    """
    row = savings_evidence.set_index("evidence_id").loc[MULTIPLE]
    known = month_known(row["published_on"]) <= month_known(decided)
    return float(row["value"]) if known else 1.0


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

    ``agency`` (set up), ``buying`` (joint contracts in use), and per stream ``<stream>_contract``,
    ``<stream>_cutover`` and ``<stream>`` (all moved, old systems off). Refused: a work plan without
    the tasks that these dates are read from.
    """
    tasks = {task: place for place, task in enumerate(plan.workplan["task_id"])}
    missing = sorted(
        {"agency_setup", *(task for pair in PAID_FROM.values() for task in pair)} - set(tasks)
    )
    if missing:
        raise DataFault("workplan", f"it lacks the tasks that money hangs on: {', '.join(missing)}")
    finishes = plan.finishes()
    columns = {
        "agency": plan.finish[:draws, tasks["agency_setup"]],
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
    stream's finish, and again when the life of what it bought ends; old and new run side by side
    from the first cut-over to it; the joint agency costs its full rate from its founding. Growth
    moves all of it alike: spend, and so savings, moves, renewals and the joint agency.
    """
    grown, years = (
        horizon.grown(1.0),
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
        "agency": worth.agency.to_numpy()[:, None]
        * grown
        * years_in_service(dates["agency"], 0.0, horizon.edges),
    }
    renewal, left = {}, {}
    for part in worth.moving:
        stream, price = years[STREAM_OF[part]], worth.moving[part].to_numpy()
        saving[part] = per_draw[part] * grown * stream.served
        cost[part] = (
            price[:, None] * stream.moved + worth.doubled[part].to_numpy()[:, None] * stream.beside
        ) * grown
        renewal[part] = price[:, None] * stream.renewed * grown
        left[part] = price * stream.left * grown[-1]
    return Flows(saving, cost, renewal, left)


@dataclass(frozen=True)
class StreamYears:
    """A stream by fiscal year, (draws, years): years in service, parts of the price of its move
    paid first and for renewals, years side by side; and the part of it ``left``, (draws,).
    """

    served: np.ndarray
    moved: np.ndarray
    renewed: np.ndarray
    beside: np.ndarray
    left: np.ndarray


def _stream_years(dates: pd.DataFrame, stream: str, horizon: Horizon) -> StreamYears:
    """Return what one stream does in each fiscal year."""
    contract, cutover, moved = (
        dates[f"{stream}_contract"],
        dates[f"{stream}_cutover"],
        dates[stream],
    )
    first = share_between(contract, moved, horizon.edges)
    paid, left = asset_in_window(
        contract, moved, horizon.asset_years, horizon.renewal_share, horizon.edges
    )
    return StreamYears(
        served=years_in_service(moved, horizon.ramp_years, horizon.edges),
        moved=first,
        renewed=paid - first,
        beside=years_in_service(cutover, 0.0, horizon.edges)
        - years_in_service(moved, 0.0, horizon.edges),
        left=left,
    )


def paths(flows: Flows, parts: Sequence[str], annual_jpy: float, horizon: Horizon) -> pd.DataFrame:
    """Return the two paths and their cumulated difference, one row per fiscal year: P10, median and
    P90, yen.
    """
    gross, spent, without = flows.gross(parts), flows.spent(parts), horizon.grown(annual_jpy)
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
    flows: Flows,
    dearer: Flows,
    parts: Sequence[str],
    run_rate: pd.DataFrame,
    rate: float,
    years: int,
) -> pd.DataFrame:
    """Return the windows the plan may be read in, one row each: P10, median, P90 in yen and the
    share above zero.

    ``run_rate`` holds chapter 4's full-year savings by draw, counted over ``years``. The first
    window, of as many years, is gross: net, spending that slides out of it would look like a gain,
    so the whole transition stands next to it as what the wards commit themselves to. ``dearer`` are
    the flows at the running cost known when the decision is taken. ``renewal`` and ``left`` say
    which parts of the value over the appraisal period come from what was bought ending within it,
    and from what outlasts it.
    """
    costs = sum((flows.cost[part] for part in parts), np.zeros(()))
    renewed = sum((present_value(flows.renewal[p], rate) for p in parts if p in flows.renewal), 0.0)
    left = sum((flows.left_value(part, rate) for part in parts), np.zeros(()))
    rows = [
        ("from_start", None, gross_from_start(flows, parts, years)),
        ("commitment", None, -costs.sum(axis=1)),
        ("run_rate_gross", None, run_rate["gross_saving_jpy"] * years),
        ("run_rate_net", None, run_rate["net_saving_jpy"] * years),
        *(
            ("whole_life", each, flows.worth(parts, each))
            for each in dict.fromkeys((rate, *RIVAL_RATES))
        ),
        ("whole_life_risen", rate, dearer.worth(parts, rate)),
        ("renewal", rate, -renewed),
        ("left", rate, left),
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
    """Return what later streams change while the joint agency is set up as planned, one row per
    delay in months; medians, yen.

    ``net_from_start_p50_jpy`` shows why the window of the first ``years`` is read gross: postponed
    spending makes it rise.
    """
    rows = []
    for months in DELAYS_MONTHS:
        flows = dated_flows(worth, delayed(dates, months / 12, but=("agency",)), horizon)
        net, gross = flows.net(parts), flows.gross(parts)
        medians = {
            "gross_from_start": gross_from_start(flows, parts, years),
            "net_from_start": net[:, :years].sum(axis=1),
            "gross_whole_life": gross.sum(axis=1),
            "npv": flows.worth(parts, rate),
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
        dated_flows(worth, delayed(dates, years, but=("agency",)), horizon).gross(parts)
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


def joint_by_correlation(
    plans: Mapping[float, Any],
    worth: FullYear,
    horizon: Horizon,
    parts: Sequence[str],
    rate: float,
    deadline: float,
) -> pd.DataFrame:
    """Return how the chance of being in time and paying moves with the correlation of cost and
    delay, one row per correlation.

    ``plans`` are simulated plans by it. ``rank_correlation`` is what comes of it between the whole
    move's cost and the finish of wave 1; ``independent`` is the product of the two chances alone.
    """
    rows = []
    for correlation, plan in plans.items():
        dates = programme_dates(plan, len(worth.agency))
        pays = dated_flows(worth, dates, horizon).worth(parts, rate) >= 0
        finish = plan.finishes()["wave1"].head(len(worth.agency)).reset_index(drop=True)
        in_time = (finish <= deadline).to_numpy()
        cost = worth.moving[[part for part in parts if part in worth.moving]].sum(axis=1)
        rows.append(
            {
                "correlation": correlation,
                "rank_correlation": finish.rank().corr(cost.reset_index(drop=True).rank()),
                "joint": (in_time & pays).mean(),
                "independent": in_time.mean() * pays.mean(),
            }
        )
    return pd.DataFrame(rows)


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
