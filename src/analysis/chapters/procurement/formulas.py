"""Chapter 4: what pooling and buying together save in a full year, and how far that is from the
published target.

S = sum over system groups and cost categories of C [1 - product over levers (1 - effect)]: levers
are multiplied, never added, because a yen that one lever has saved cannot be saved again. One row
per draw; savings are shares of today's yearly spend until they are turned into yen at a baseline.
Money is nominal yen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.data_fault import DataFault
from analysis.inputs import PURCHASE
from analysis.methods import pooling
from analysis.methods.attribution import lever_attribution
from analysis.methods.uncertainty import probability_at_least, summary

LEVERS = ("instances", "price", "demand")
# what is read of the draws next to the plan's own
INPUTS = PURCHASE
CLAIM = "source_report"  # the scale model that is solved back from the report and no evidence
TARGET_YEARS = 5  # published_figures: saving_5y is over five years
CURVE_LEVELS = np.round(np.arange(0.02, 0.981, 0.03), 2)


class PooledPlan(Protocol):
    """What this chapter needs of chapter 3's plan; every method takes draws and returns one row per
    draw.
    """

    annual_jpy: float
    municipalities: int
    suppliers_today: int

    def reached_jpy(self, draws: pd.DataFrame) -> pd.Series:
        """Return the yearly spend that pooling and buying reach, in yen."""

    @property
    def pools(self) -> bool:
        """Say whether any group shares a platform."""

    def left_alone(self) -> PooledPlan:
        """Return the plan with every group left alone."""

    def spend_shares(self, draws: pd.DataFrame) -> pd.DataFrame:
        """Return each group's and category's share of the spend."""

    def premiums(self, draws: pd.DataFrame) -> pd.DataFrame:
        """Return what each group's pooled system costs more."""

    def fixed_share(self, scale_model: str, draws: pd.DataFrame) -> pd.Series:
        """Return the fixed share of cost under a scale model."""

    def group_savings(self, phi: pd.Series | float, draws: pd.DataFrame) -> pd.DataFrame:
        """Return each group's saving at a fixed share."""

    def transition_jpy(self, draws: pd.DataFrame) -> pd.Series:
        """Return what the transition costs once, in yen."""


@dataclass(frozen=True)
class Purchase:
    """What is bought how: where each lever acts, what the categories cost, how the transition is
    spread.

    ``cells`` has one row per system group and cost category: its share of the group's spend and,
    per lever, the part of it that the lever can touch (0-1). Transition is repaid over
    ``asset_life_years`` at ``discount_rate`` a year. Joint contracts leave ``joint_suppliers``
    suppliers of each group.
    """

    cells: pd.DataFrame
    plan_years: int
    asset_life_years: int
    discount_rate: float
    joint_price: bool
    joint_demand: bool
    joint_suppliers: int

    @classmethod
    def of_tables(
        cls,
        category_shares: pd.DataFrame,
        lever_scope: pd.DataFrame,
        plan_years: int,
        asset_life_years: int,
        discount_rate: float,
        joint_price: bool,
        joint_demand: bool,
        joint_suppliers: int,
    ) -> Purchase:
        """Return the purchase that the two tables and the chapter's parameters describe."""
        keys = ["system_group", "cost_category"]
        scope = lever_scope.pivot(index=keys, columns="lever", values="acts")
        cells = (
            category_shares.set_index(keys)["central"]
            .rename("share")
            .to_frame()
            .join(scope, how="outer")
        )
        if cells.isna().any().any():
            bare = cells.index[cells.isna().any(axis=1)].tolist()
            raise DataFault(
                "category_shares", f"cells without a share or, in lever_scope, a scope: {bare}"
            )
        return cls(
            cells.reset_index(),
            plan_years,
            asset_life_years,
            discount_rate,
            joint_price,
            joint_demand,
            joint_suppliers,
        )

    @cached_property
    def groups(self) -> list[str]:
        """Return the system groups in the order of the cells."""
        return self.cells["system_group"].unique().tolist()

    @cached_property
    def reaches(self) -> dict[tuple[str, ...], tuple[NDArray, NDArray]]:
        """Return, for each set of ``price`` and ``demand``, the part of each group's spend that all
        of the set reach, and the part of that which pooling reaches too; arrays (groups, 1) in the
        order of the cells.
        """
        reached: dict[tuple[str, ...], tuple[NDArray, NDArray]] = {}
        for levers in ((), ("price",), ("demand",), ("price", "demand")):
            share = self.cells["share"] * self.cells[list(levers)].prod(axis=1)
            both = (
                pd.DataFrame({"alone": share, "pooled": share * self.cells["instances"]})
                .groupby(self.cells["system_group"], sort=False)
                .sum()
            )
            reached[levers] = (both[["alone"]].to_numpy(), both[["pooled"]].to_numpy())
        return reached


def annuity(years: NDArray | float, rate: float) -> NDArray | float:
    """Return the yearly payment that repays one yen over so many years at a yearly rate (paid at
    each year's end).

    >>> round(annuity(5, 0.04), 4), annuity(5, 0.0)
    (0.2246, 0.2)
    """
    return 1 / years if rate == 0 else rate / (1 - (1 + rate) ** -years)


def lever_effects(
    plan: PooledPlan, purchase: Purchase, draws: pd.DataFrame, phi: pd.Series | float, claim: bool
) -> dict[str, NDArray]:
    """Return each lever's effect where it acts in full, as arrays that stand against (groups,
    draws); groups in the cells' order.

    Effectiveness x uptake x additionality. ``premium`` is what fewer suppliers add to every price.
    Under the report's own claim (``claim``) the half is all that a plan that pools saves: every
    ward takes part, no other lever is added to it, nor is the premium taken off it. Where nothing
    is pooled there is no half, and joint buying is worth what it is worth under any scale model.
    One municipality buys with nobody.
    """
    groups, claimed = purchase.groups, claim and plan.pools
    uptake = 1.0 if claim else draws["uptake_instances"].to_numpy()
    effects = {
        lever: draws[f"{lever}_effect"].to_numpy() * draws[f"additionality_{lever}"].to_numpy()
        for lever in LEVERS[1:]
    }
    platforms = _by_group(plan.premiums(draws), groups)
    effects["price"] = effects["price"] - _premium_of_buying(plan, purchase, draws, platforms)
    in_use = {"price": purchase.joint_price, "demand": purchase.joint_demand}
    bought = {
        lever: effect
        * draws[f"uptake_{lever}"].to_numpy()
        * (in_use[lever] and not claimed and plan.municipalities > 1)
        for lever, effect in effects.items()
    }
    return {
        "spend": _by_group(plan.spend_shares(draws), groups),
        "instances": _by_group(plan.group_savings(phi, draws), groups) * uptake,
        "price": bought["price"],
        "demand": bought["demand"],
        "premium": np.zeros(1) if claimed else platforms * uptake,
    }


def _premium_of_buying(
    plan: PooledPlan, purchase: Purchase, draws: pd.DataFrame, platforms: NDArray
) -> NDArray:
    """What joint contracts add to prices beyond what the platforms add: an array (groups, draws).

    The trap: nobody loses the same competitor twice, so that only the fewer suppliers count.
    """
    of_contracts = pooling.premium(
        min(purchase.joint_suppliers, plan.municipalities),
        plan.municipalities,
        plan.suppliers_today,
        draws["supplier_premium"].to_numpy(),
    )
    return np.maximum(of_contracts - platforms, 0.0)


def levers_of_options(plan: PooledPlan, purchase: Purchase, scale_model: str) -> pd.DataFrame:
    """Return which levers are in use under which option, and whether it needs the joint agency; one
    row per option: ``none``, ``buying_only`` and ``whole_plan``.

    ``joint_suppliers`` is how many suppliers joint contracts would leave. What joint buying alone
    uses depends on the chapter's choices, never on the scale model; under the report's claim the
    whole plan uses pooling alone. An option that uses nothing needs nobody.
    """
    together = plan.municipalities > 1
    price, demand = purchase.joint_price and together, purchase.joint_demand and together
    beside = not (scale_model == CLAIM and plan.pools)
    rows = [
        ("none", False, False, False),
        ("buying_only", False, price, demand),
        ("whole_plan", plan.pools, price and beside, demand and beside),
    ]
    table = pd.DataFrame(rows, columns=["option", *LEVERS])
    return table.assign(
        joint_suppliers=purchase.joint_suppliers, agency=table[list(LEVERS)].any(axis=1)
    )


def _by_group(values: pd.DataFrame, groups: Sequence[str]) -> NDArray:
    """A plan's frame as an array (groups, draws), groups in the order asked for."""
    names = values.columns.tolist()
    return values.to_numpy().T[[names.index(group) for group in groups]]


def contributions(
    plan: PooledPlan,
    purchase: Purchase,
    draws: pd.DataFrame,
    phi: pd.Series | float,
    claim: bool = False,
) -> pd.DataFrame:
    """Return each lever's Shapley share of the saving, one row per draw, as a share of all spend;
    rows sum exactly.
    """
    full, cells = lever_effects(plan, purchase, draws, phi, claim), purchase.cells
    of_group = pd.factorize(cells["system_group"])[0]
    acts = {lever: cells[lever].to_numpy() for lever in LEVERS}
    premium = full["premium"][of_group].T if full["premium"].ndim == 2 else full["premium"]
    effects = {
        "instances": full["instances"][of_group].T * acts["instances"],
        "price": full["price"][of_group].T * acts["price"] - premium,
        "demand": full["demand"][:, None] * acts["demand"],
    }
    return lever_attribution(
        full["spend"][of_group].T * cells["share"].to_numpy(), effects
    ).set_axis(draws.index)


def gross_share(
    plan: PooledPlan,
    purchase: Purchase,
    draws: pd.DataFrame,
    phi: pd.Series | float,
    claim: bool = False,
) -> NDArray:
    """Return the gross saving as a share of all spend, one value per draw: what `contributions` add
    up to, unsplit.

    What is kept of a group's spend is a polynomial in its levers' effects; only the coefficients,
    sums over the cost categories, know the scopes. So the work is one of groups, not of cells, for
    questions that need many settings.
    """
    full = lever_effects(plan, purchase, draws, phi, claim)
    left = {
        levers: reach - full["instances"] * pooled
        for levers, (reach, pooled) in purchase.reaches.items()
    }
    bought = full["price"] * (left["price",] - full["demand"] * left["price", "demand"])
    kept = (1 + full["premium"]) * (left[()] - full["demand"] * left["demand",]) - bought
    return (full["spend"] * (purchase.reaches[()][0] - kept)).sum(axis=0)


def buying_alone_jpy(plan: PooledPlan, purchase: Purchase, draws: pd.DataFrame) -> pd.Series:
    """Return what buying together saves in a full year with every group left alone, in yen a year,
    one value per draw, before its agency is paid: price less the supplier premium, and demand.
    """
    alone = plan.left_alone()
    return gross_share(alone, purchase, draws, 0.0) * plan.reached_jpy(draws)


def yearly_costs(
    plan: PooledPlan, purchase: Purchase, draws: pd.DataFrame, claim: bool = False
) -> pd.DataFrame:
    """Return what pooling costs a year in yen: the transition spread over the asset life, and the
    joint agency, which one municipality alone and a plan that changes nothing do without.
    """
    acts = plan.pools or purchase.joint_price or purchase.joint_demand
    uptake = 1.0 if claim else draws["uptake_instances"].to_numpy()
    years = (
        draws["asset_life_years"].to_numpy()
        if "asset_life_years" in draws
        else purchase.asset_life_years
    )
    return pd.DataFrame(
        {
            "transition": (
                plan.transition_jpy(draws).to_numpy()
                * uptake
                * annuity(years, purchase.discount_rate)
            ),
            "agency": draws["agency_running_cost"] * (plan.municipalities > 1 and acts),
        },
        index=draws.index,
    )


def saving_draws(
    plan: PooledPlan,
    purchase: Purchase,
    draws: pd.DataFrame,
    model: str,
    phi: pd.Series | float | None = None,
) -> pd.DataFrame:
    """Return the full-year saving at the plan's own baseline, one row per draw: parts in yen a
    year, gross and net.

    Columns: one per lever, ``transition`` and ``agency`` (costs, positive), ``gross_saving_jpy``,
    ``net_saving_jpy``.
    """
    phi = plan.fixed_share(model, draws) if phi is None else phi
    shares = contributions(plan, purchase, draws, phi, model == CLAIM)
    parts = shares.mul(plan.reached_jpy(draws), axis=0)
    return parts.join(_less_costs(plan, purchase, draws, model, parts.sum(axis=1)))


def saving_totals(
    plan: PooledPlan, purchase: Purchase, draws: pd.DataFrame, model: str
) -> pd.DataFrame:
    """Return `saving_draws` without the levers' parts, for the readings that do not ask for
    them.
    """
    share = gross_share(plan, purchase, draws, plan.fixed_share(model, draws), model == CLAIM)
    return _less_costs(plan, purchase, draws, model, share * plan.reached_jpy(draws))


def _less_costs(
    plan: PooledPlan, purchase: Purchase, draws: pd.DataFrame, model: str, gross: pd.Series
) -> pd.DataFrame:
    costs = yearly_costs(plan, purchase, draws, model == CLAIM)
    return costs.assign(
        gross_saving_jpy=gross, net_saving_jpy=gross - costs["transition"] - costs["agency"]
    ).rename_axis("draw")


def savings_by_model(
    plan: PooledPlan,
    purchase: Purchase,
    draws: pd.DataFrame,
    own: str | None,
    models: Sequence[str],
) -> dict[str, pd.DataFrame]:
    """Return the saving under each rival scale model, by its name; only the run's ``own`` is split
    over the levers, and none where there is no such one.
    """
    return {
        model: (saving_draws if model == own else saving_totals)(plan, purchase, draws, model)
        for model in models
    }


def measure_jpy(target: pd.DataFrame, annual_jpy: float, years: int) -> float:
    """Return what savings are measured against: the published target on the plan's years, or the
    cost of the same years where there is none.

    >>> (
    ...     measure_jpy(pd.DataFrame({"value": [166e9]}), 66.4e9, 5),
    ...     measure_jpy(pd.DataFrame({"value": []}), 13e9, 5),
    ... )
    (166000000000.0, 65000000000.0)
    """
    return float(target["value"].iloc[0]) if len(target) else annual_jpy * years


def target_reading(
    savings: Mapping[str, pd.DataFrame],
    reached: Mapping[str, pd.Series],
    own: str,
    years: int,
    target_jpy: float,
    aimed: bool = True,
) -> pd.DataFrame:
    """Return the distance to the target under each reading: one row per gross/net, baseline and
    scale model.

    ``savings`` holds `saving_draws` per scale model at the run's ``own`` baseline, ``reached`` the
    yearly spend that each baseline lets pooling reach, by draw: gross savings scale with it,
    transition and agency do not. Yen over ``years`` full years, ratios to the target, probability
    of reaching it, share of the draws that end in a loss. There is no probability where no target
    is published (not ``aimed``; the ratios are to `measure_jpy`), nor of the claim's, which is
    solved back from the target.
    """
    rows = []
    for model, draws in savings.items():
        for base, spend in reached.items():
            gross = draws["gross_saving_jpy"] * (spend / reached[own])
            net = gross - draws["transition"] - draws["agency"]
            for reading, yearly in (("gross", gross), ("net", net)):
                total = summary(yearly * years)
                rows.append(
                    {
                        "reading": reading,
                        "baseline": base,
                        "scale_model": model,
                        **{f"saving_{level}_jpy": total[level] for level in ("p10", "p50", "p90")},
                        **{
                            f"target_ratio_{level}": total[level] / target_jpy
                            for level in ("p10", "p50", "p90", "p95")
                        },
                        "probability": (
                            probability_at_least(yearly * years, target_jpy)
                            if aimed and model != CLAIM
                            else np.nan
                        ),
                        "loss_share": float((yearly < 0).mean()),
                    }
                )
    return pd.DataFrame(rows)


def saving_curve(savings: Mapping[str, pd.DataFrame], years: int) -> pd.DataFrame:
    """Return the net saving over ``years`` that is reached with each probability, one row per scale
    model and level.
    """
    rows = [
        pd.DataFrame(
            {
                "scale_model": model,
                "probability": 1 - CURVE_LEVELS,
                "saving_jpy": np.quantile(draws["net_saving_jpy"] * years, CURVE_LEVELS),
            }
        )
        for model, draws in savings.items()
    ]
    return pd.concat(rows, ignore_index=True).round({"probability": 2})


def lever_waterfall(draws: pd.DataFrame) -> pd.DataFrame:
    """Return the steps from nothing to the net saving, one row per lever, cost and subtotal, in yen
    a year.

    Steps are means over the draws, because only means add up; P10 and P90 of each step stand next
    to them.
    """
    signed = draws[list(LEVERS)].assign(
        gross=draws["gross_saving_jpy"],
        transition=-draws["transition"],
        agency=-draws["agency"],
        net=draws["net_saving_jpy"],
    )
    steps = pd.DataFrame(
        {
            "step": signed.columns,
            "mean_jpy": signed.mean().to_numpy(),
            "p10_jpy": signed.quantile(0.1).to_numpy(),
            "p90_jpy": signed.quantile(0.9).to_numpy(),
        }
    )
    moves = steps["mean_jpy"].where(~steps["step"].isin(["gross", "net"]), 0.0)
    after = moves.cumsum()
    return steps.assign(
        position=range(1, len(steps) + 1), before_jpy=after - moves, after_jpy=after
    )


@dataclass(frozen=True)
class Distance:
    """The distance to the target under one scale model, as a question that can be put to any draws
    or settings.
    """

    plan: PooledPlan
    purchase: Purchase
    scale_model: str
    target_jpy: float

    def net_jpy(self, draws: pd.DataFrame) -> pd.Series:
        """Return the net saving of one full year in yen, one value per draw, as `ratios` asks."""
        return self.ratios(draws)["net"] * (self.target_jpy / self.purchase.plan_years)

    def ratios(self, draws: pd.DataFrame) -> pd.DataFrame:
        """Return the saving over the plan's years as a share of the target, ``gross`` and ``net``,
        one row per draw.

        ``fixed_share``, ``asset_life_years`` and ``spend_ratio`` (1 = today's spend) may be columns
        of ``draws``; they then stand in for what plan and purchase say.
        """
        claim = self.scale_model == CLAIM
        phi = (
            draws["fixed_share"]
            if "fixed_share" in draws
            else self.plan.fixed_share(self.scale_model, draws)
        )
        spend = self.plan.reached_jpy(draws).to_numpy() * np.asarray(draws.get("spend_ratio", 1.0))
        gross = gross_share(self.plan, self.purchase, draws, phi, claim) * spend
        costs = yearly_costs(self.plan, self.purchase, draws, claim)
        net, in_target = (
            gross - (costs["transition"] + costs["agency"]).to_numpy(),
            self.purchase.plan_years / self.target_jpy,
        )
        return pd.DataFrame({"gross": gross * in_target, "net": net * in_target}, index=draws.index)


def published_target(figures: pd.DataFrame, years: int, aimed: bool = True) -> pd.DataFrame:
    """Return the published saving target, put from its own years on those of the plan, in yen, in
    one row; none for a group without one (not ``aimed``).
    """
    rows = figures.loc[figures["figure"] == "saving_5y", ["figure", "value", "low", "high"]]
    if len(rows) != 1:
        raise DataFault(
            "published_figures", f"it holds {len(rows)} rows `saving_5y`, there must be one"
        )
    yen = rows[["value", "low", "high"]] * (years / TARGET_YEARS)
    return rows.assign(**yen)[: 1 if aimed else 0].reset_index(drop=True)


def one_reading(readings: pd.DataFrame, reading: str, baseline: str, scale_model: str) -> pd.Series:
    """Return the row of `target_reading` for one gross or net reading, one baseline and one scale
    model.
    """
    rows = readings[
        (readings["reading"] == reading)
        & (readings["baseline"] == baseline)
        & (readings["scale_model"] == scale_model)
    ]
    if len(rows) != 1:
        raise ValueError(f"no reading {reading}, {baseline}, {scale_model}")
    return rows.iloc[0]


def closest_reading(readings: pd.DataFrame) -> pd.Series:
    """Return the reading made from evidence (not from the claim itself) whose median comes closest
    to the target.
    """
    evidence = readings[readings["scale_model"] != CLAIM]
    return evidence.loc[(evidence["target_ratio_p50"] - 1).abs().idxmin()]


def rival_of(own: str, models: Sequence[str]) -> str:
    """Return the reading of the scale effect that rests on evidence and is not the run's ``own``.

    >>> rival_of("joint_cloud", ("cross_section", "joint_cloud", "source_report"))
    'cross_section'
    """
    return next(model for model in models if model not in (own, CLAIM))


def probability_range(readings: pd.DataFrame, scale_model: str) -> tuple[float, float]:
    """Return the lowest and highest probability of meeting the target over baselines, gross and
    net, one scale model.
    """
    probabilities = readings.loc[readings["scale_model"] == scale_model, "probability"]
    return float(probabilities.min()), float(probabilities.max())
