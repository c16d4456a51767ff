"""Chapter 3: what pooling saves under three rival readings of the evidence, and how many instances
are best.

The readings are never averaged: ``cross_section`` (what size alone shows in the national survey),
``joint_cloud`` (what joint clouds of towns reported, carried over to wards) and ``source_report``
(what the report's half implies). Draws are rows indexed by ``draw``; savings are shares of today's
yearly spend, before transition cost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.data_fault import DataFault
from analysis.inputs import PLAN
from analysis.methods import pooling
from analysis.methods.group_effects import Passed, group_effects
from analysis.methods.uncertainty import draw_inputs, joint_uniforms, quantiles, summary

SCALE_MODELS = ("cross_section", "joint_cloud", "source_report")
GROUPS = ("core", "internal", "communication", "online_counter", "infrastructure", "data_use")
INPUTS = PLAN
FEWEST_PLATFORMS = 3  # of the three or four core platforms that the report wants
# the ranges that the map covers
MAP_LOSSES, MAP_PREMIUMS = np.linspace(0, 0.25, 26), np.linspace(0, 0.15, 16)
# the municipalities that lose the range of `coordination_loss` when all share one platform: the
# wards
LOSS_MUNICIPALITIES = 23
DERIVED_FROM_CLAIM = "implied"  # the baseline that is the claimed saving over the claimed share
CLAIM = "source_report"  # the scale model that is solved back from the report
# of savings between joint clouds: with it 95 % of groups save between 6 and 54 %, as hardly any
# reports a rise or a plan above; the survey has one mark and cannot tell, hence half and double
BETWEEN_GROUPS = 0.12
NORMAL_P90 = 1.2816
CARRIED_OVER = ["fixed_share", "pooled_saving_share", "premium_share", "transition_cost_jpy"]


def joint_draws(
    ranges: pd.DataFrame,
    register: pd.DataFrame,
    log2_points: int,
    shape: str,
    correlation: float,
    replicate: int = 0,
) -> pd.DataFrame:
    """Return the draws of every uncertain input, one column each, and ``fixed_cost_position`` (0-1)
    in its envelope.

    One row per draw; the same draw is the same possible world in every chapter.
    """
    draws = draw_inputs(ranges, register, log2_points, shape, correlation, replicate)
    return draws.join(joint_uniforms(register, ["fixed_cost_position"], log2_points, replicate))


def municipalities_taking_part(
    municipalities: pd.DataFrame, named: pd.DataFrame, group: str, participants: str
) -> int:
    """Return how many municipalities of a group take part: all of them, or those that the report
    names (``report12``).
    """
    return len(codes_taking_part(municipalities, named, group, participants))


def codes_taking_part(
    municipalities: pd.DataFrame, named: pd.DataFrame, group: str, participants: str
) -> list[str]:
    """Return the codes of the municipalities that take part, in the order of the table they come
    from.
    """
    return (
        municipalities.loc[municipalities["group"] == group, "code"].tolist()
        if participants == "all"
        else named["code"].tolist()
    )


def pooling_terms(
    cost_shares: pd.DataFrame,
    factors: pd.DataFrame,
    instances: Mapping[str, int],
    municipalities: int,
) -> pd.DataFrame:
    """Return the chosen plan, one row per system group: share of spend, share of the coordination
    loss, platforms.

    Refused: more platforms than municipalities, naming every group, and groups that one of the
    tables does not know.
    """
    too_many = [f"{group}: {k}" for group, k in instances.items() if k > municipalities]
    if too_many:
        raise ValueError(
            f"more platforms than the {municipalities} municipalities: {', '.join(too_many)}"
        )
    terms = cost_shares.set_index("system_group")["central"].rename("spend_share").to_frame()
    terms["coordination_factor"] = factors.set_index("system_group")["central"]
    terms["instances"] = pd.Series(instances)
    if terms.isna().any().any():
        incomplete = terms.index[terms.isna().any(axis=1)]
        raise DataFault(
            "cost_shares",
            f"incomplete system groups: {', '.join(incomplete)} "
            "(each needs a row here and one in coordination_factors)",
        )
    return terms.loc[list(GROUPS)].astype({"instances": int}).reset_index()


def spend_reached(
    baselines: pd.DataFrame, comparison: pd.DataFrame, published: pd.DataFrame
) -> pd.DataFrame:
    """Return what each rival total lets pooling and buying reach: one row per baseline with its
    yearly cost in yen, the share of it in the survey's scope, which all evidence on savings is in,
    and ``claim_behind_spend``, the claimed share that the total was divided out of the claimed
    saving by (missing for a total that stands by itself).

    The trap: such a total is no fixed number while the claim is drawn. Their product, the claimed
    saving in yen, is what was published.
    """
    scope = comparison.set_index("baseline")["in_scope_share"]
    claim = published.set_index("figure").at["saving_share_5y", "value"]
    return pd.DataFrame(
        {
            "baseline": baselines["baseline"],
            "annual_jpy": baselines["annual_jpy"],
            "in_scope_share": baselines["baseline"].map(scope),
            "claim_behind_spend": np.where(
                baselines["baseline"] == DERIVED_FROM_CLAIM, claim, np.nan
            ),
            "in_use": baselines["in_use"],
        }
    )


def reached_jpy(spend: pd.Series, draws: pd.DataFrame) -> pd.Series:
    """Return the yearly spend in yen that pooling and buying reach, one value per draw, for a row
    of `spend_reached` or `pooling_plan`. A total divided out of the claim falls as the claim rises.

    >>> spend = pd.Series({"annual_jpy": 100.0, "in_scope_share": 0.8, "claim_behind_spend": 0.5})
    >>> reached_jpy(spend, pd.DataFrame({"claimed_saving": [0.5, 0.4]})).tolist()
    [80.0, 100.0]
    """
    behind = spend["claim_behind_spend"]
    factor = 1.0 if pd.isna(behind) else behind / draws["claimed_saving"]
    return pd.Series(spend["annual_jpy"] * spend["in_scope_share"] * factor, draws.index)


def pooling_plan(
    municipalities: int,
    suppliers_today: int,
    baseline: pd.Series,
    envelope: pd.DataFrame,
    survey: pd.DataFrame,
) -> pd.DataFrame:
    """Return, in one row, what the plan is measured against: municipalities, residents, yearly
    spend and the scale evidence.

    ``baseline`` is the run's own row of chapter 2's baselines with that of `spend_reached`;
    ``envelope`` chapter 2's ranges; ``survey`` counts the joint clouds: their mean number of
    members is members over groups.
    """
    counts, fixed_cost = (
        survey.set_index("item")["value"],
        envelope.set_index("quantity").loc["fixed_cost"],
    )
    return pd.DataFrame(
        [
            {
                "municipalities": municipalities,
                "suppliers_today": suppliers_today,
                "residents": baseline["residents"],
                "annual_jpy": baseline["annual_jpy"],
                "joint_cloud_members": counts["cloud_group_members"] / counts["cloud_groups"],
                "fixed_cost_low_jpy": fixed_cost["low"],
                "fixed_cost_central_jpy": fixed_cost["central"],
                "fixed_cost_high_jpy": fixed_cost["high"],
                "in_scope_share": baseline["in_scope_share"],
                "claim_behind_spend": baseline["claim_behind_spend"],
            }
        ]
    )


@dataclass(frozen=True)
class Pooling:
    """A plan to pool: its terms per system group and the evidence on scale, ready to be evaluated
    on any draws.

    Every method returns one row per draw; columns are system groups or scale models; shares are of
    today's spend.
    """

    terms: pd.DataFrame
    municipalities: int
    suppliers_today: int
    residents: float
    annual_jpy: float
    joint_cloud_members: float
    fixed_cost_low_jpy: float
    fixed_cost_central_jpy: float
    fixed_cost_high_jpy: float
    in_scope_share: float = 1.0
    claim_behind_spend: float = np.nan

    @classmethod
    def of_tables(cls, terms: pd.DataFrame, plan: pd.DataFrame) -> Pooling:
        """Return the plan that chapter 3's tables ``pooling_terms`` and ``pooling_plan``
        describe.
        """
        return cls(terms, **plan.iloc[0].to_dict())

    def reached_jpy(self, draws: pd.DataFrame) -> pd.Series:
        """Return the yearly spend in yen that pooling and buying reach, as the function does."""
        names = ("annual_jpy", "in_scope_share", "claim_behind_spend")
        return reached_jpy(pd.Series({name: getattr(self, name) for name in names}), draws)

    @property
    def pools(self) -> bool:
        """Say whether any group shares a platform."""
        return bool((self.terms["instances"] < self.municipalities).any())

    def left_alone(self) -> Pooling:
        """Return the same plan with every group left alone: as many platforms as municipalities."""
        return replace(self, terms=self.terms.assign(instances=self.municipalities))

    def spend_shares(self, draws: pd.DataFrame) -> pd.DataFrame:
        """Return each group's share of spend; ``core_share_shift`` moves core, the others share the
        rest as before.
        """
        groups, central = self.terms["system_group"].to_numpy(), self._of_groups("spend_share")
        of_core = float(central[groups == "core"].item())
        core = of_core + draws["core_share_shift"].to_numpy()
        return self._per_group(
            np.where(groups[:, None] == "core", core, (1 - core) * (central / (1 - of_core))), draws
        )

    def premiums(self, draws: pd.DataFrame) -> pd.DataFrame:
        """Return the price rise from fewer suppliers."""
        return self._per_group(
            pooling.premium(
                self._of_groups("instances"),
                self.municipalities,
                self.suppliers_today,
                draws["supplier_premium"].to_numpy(),
            ),
            draws,
        )

    def fixed_share(self, scale_model: str, draws: pd.DataFrame) -> pd.Series:
        """Return phi, the share of spend that does not grow with size, under one scale model.

        ``cross_section`` reads the fixed cost per municipality in its envelope as a triangle.
        ``joint_cloud`` adds the joint clouds' coordination back to their net saving, then carries
        it over by technology and size. ``source_report`` is solved so that the plan saves the
        claimed share of all spend, in scope or not. Above one is cut: nobody saves more than he
        spends.
        """
        solved = {
            "cross_section": self._of_municipalities,
            "joint_cloud": self._of_joint_clouds,
            "source_report": self._of_the_claim,
        }
        return pd.Series(np.clip(solved[scale_model](draws), 0, 1), draws.index)

    def fixed_shares(self, draws: pd.DataFrame) -> pd.DataFrame:
        """Return phi under each scale model, side by side."""
        return pd.DataFrame({model: self.fixed_share(model, draws) for model in SCALE_MODELS})

    def _of_municipalities(self, draws: pd.DataFrame) -> np.ndarray:
        fixed_cost = quantiles(
            draws[["fixed_cost_position"]],
            self.fixed_cost_low_jpy,
            self.fixed_cost_central_jpy,
            self.fixed_cost_high_jpy,
            "triangular",
        )["fixed_cost_position"]
        return pooling.cross_section_share(
            fixed_cost, self.municipalities, self.reached_jpy(draws).to_numpy()
        )

    def joint_cloud_share(self, draws: pd.DataFrame) -> pd.Series:
        """Return phi of the joint clouds where they were observed: their net saving with their
        coordination added back.

        The trap: what a joint cloud lost does not depend on who takes part here, so its members
        stand on the curve of all the municipalities that the loss is known for.
        """
        saving, loss, curvature = (
            draws[name].to_numpy()
            for name in ("joint_cloud_saving", "coordination_loss", "coordination_curvature")
        )
        return pd.Series(
            pooling.fixed_share(
                saving, self.joint_cloud_members, self.loss_municipalities, loss, curvature
            ),
            draws.index,
        )

    def _of_joint_clouds(self, draws: pd.DataFrame) -> np.ndarray:
        return (
            self.joint_cloud_share(draws).to_numpy()
            * draws["transfer_technology"].to_numpy()
            * draws["transfer_size"].to_numpy()
        )

    def _of_the_claim(self, draws: pd.DataFrame) -> np.ndarray:
        if self.municipalities == 1:
            return np.ones(len(draws))  # alone no share of the spend is enough for the claim
        factors, instances = (
            self.terms["coordination_factor"].to_numpy(),
            self.terms["instances"].to_numpy(),
        )
        return pooling.fixed_share_of_claim(
            np.minimum(draws["claimed_saving"].to_numpy() / self.in_scope_share, 1.0),
            self.spend_shares(draws).to_numpy(),
            instances,
            self.municipalities,
            draws[["coordination_loss"]].to_numpy() * factors,
            draws[["coordination_curvature"]].to_numpy(),
            loss_municipalities=self.loss_municipalities,
        )

    def group_savings(self, phi: pd.Series | float, draws: pd.DataFrame) -> pd.DataFrame:
        """Return each group's saving at fixed share ``phi``, net of coordination, before the
        supplier premium.
        """
        return self._per_group(
            np.asarray(phi) * (1 - self._of_groups("instances") / self.municipalities)
            - self._losses(draws),
            draws,
        )

    def transition_jpy(self, draws: pd.DataFrame) -> pd.Series:
        """Return the one-off cost of moving in yen, with its uplift; a group left alone costs
        nothing.

        Only what pooling adds counts (``transition_additional``): renewals and the national
        standardisation would come without it too. The other groups' yen per resident is for all of
        them together, shared out by spend.
        """
        core_moved, others_moved = self._moved
        core, other, additional, uplift = (
            draws[f"transition_{part}"].to_numpy()
            for part in ("core", "other", "additional", "uplift")
        )
        return pd.Series(
            (core * core_moved + other * others_moved) * self.residents * additional * (1 + uplift),
            draws.index,
        )

    def savings_over_instances(self, phi: pd.Series, draws: pd.DataFrame, group: str) -> np.ndarray:
        """Return a group's saving net of coordination and premium, (draws, municipalities): column
        k-1 is k platforms.
        """
        factor = self.terms.set_index("system_group")["coordination_factor"][group]
        column = {
            name: draws[name].to_numpy()[:, None]
            for name in ("coordination_loss", "coordination_curvature", "supplier_premium")
        }
        k = np.arange(1, self.municipalities + 1)[None, :]
        return pooling.saving_share(
            k,
            self.municipalities,
            phi.to_numpy()[:, None],
            column["coordination_loss"] * factor,
            column["coordination_curvature"],
            column["supplier_premium"],
            self.suppliers_today,
            self.loss_municipalities,
        )

    def loss_together(self, draws: pd.DataFrame) -> NDArray:
        """Return what all who take part lose if they share one platform, one share per draw."""
        loss, curvature = (
            draws[f"coordination_{part}"].to_numpy() for part in ("loss", "curvature")
        )
        return pooling.coordination_loss(
            self.municipalities, self.loss_municipalities, loss, curvature
        )

    @property
    def loss_municipalities(self) -> int:
        """Return how many municipalities lose all of the coordination loss on one platform. Fewer
        who take part lose less, because fewer rules differ.
        """
        return max(LOSS_MUNICIPALITIES, self.municipalities)

    @cached_property
    def _groups(self) -> pd.Index:
        return pd.Index(self.terms["system_group"].tolist())

    @cached_property
    def _moved(self) -> tuple[float, float]:
        """Whether core moves (1 or 0), and the share of the other groups' spend that does."""
        moved = self.terms.set_index("system_group")["instances"] < self.municipalities
        others = self.terms.set_index("system_group")["spend_share"].drop("core")
        return float(moved["core"]), float(others[moved.drop("core")].sum() / others.sum())

    def _losses(self, draws: pd.DataFrame) -> np.ndarray:
        """The share of spend lost to differing rules, at the plan's platforms; an array (groups,
        draws).
        """
        return pooling.coordination_loss(
            self.municipalities / self._of_groups("instances"),
            self.loss_municipalities,
            draws["coordination_loss"].to_numpy() * self._of_groups("coordination_factor"),
            draws["coordination_curvature"].to_numpy(),
        )

    def _of_groups(self, column: str) -> np.ndarray:
        """A column of the terms as (groups, 1), to stand against (draws,)."""
        return self.terms[column].to_numpy()[:, None]

    def _per_group(self, values: np.ndarray, draws: pd.DataFrame) -> pd.DataFrame:
        """The frame of an array (groups, draws or 1), without a copy where it has all draws."""
        whole = np.broadcast_to(values, (len(self.terms), len(draws)))
        return pd.DataFrame(whole.T, columns=self._groups, index=draws.index)


def instance_curve(plan: Pooling, phi: pd.DataFrame, draws: pd.DataFrame) -> pd.DataFrame:
    """Return the cost of a system group on k platforms relative to today (1 = every municipality
    alone).

    One row per scale model, system group and k = 1 … municipalities: P10, median, P90, and whether
    k has the lowest median.
    """
    rows = []
    for model in phi:
        for group in plan.terms["system_group"]:
            index = 1 - plan.savings_over_instances(phi[model], draws, group)
            low, median, high = np.quantile(index, (0.1, 0.5, 0.9), axis=0)
            k = np.arange(1, plan.municipalities + 1)
            rows.append(
                pd.DataFrame(
                    {
                        "scale_model": model,
                        "system_group": group,
                        "instances": k,
                        "cost_index_p10": low,
                        "cost_index_p50": median,
                        "cost_index_p90": high,
                        "best": k == median.argmin() + 1,
                    }
                )
            )
    return pd.concat(rows, ignore_index=True)


def scale_model_summary(plan: Pooling, phi: pd.DataFrame, draws: pd.DataFrame) -> pd.DataFrame:
    """Return, one row per scale model, P10, median and P90 of phi, of the plan's saving (net of
    coordination and premium) and of the number of core platforms that costs least in each draw.

    The trap: the report's claim is what is left after everything. Its phi is solved from it without
    the premium, so that the premium must not be taken off it again.
    """
    shares, rows = plan.spend_shares(draws), []
    for model in phi:
        premiums = 0.0 if model == CLAIM else plan.premiums(draws)
        saving = (shares * (plan.group_savings(phi[model], draws) - premiums)).sum(axis=1)
        best = plan.savings_over_instances(phi[model], draws, "core").argmax(axis=1) + 1.0
        row = {"scale_model": model}
        for name, values in (
            ("fixed_share", phi[model]),
            ("pooled_saving_share", saving),
            ("best_instances_core", best),
        ):
            row |= {f"{name}_{level}": summary(values)[level] for level in ("p10", "p50", "p90")}
        rows.append(row)
    return pd.DataFrame(rows)


def migration_cost(plan: Pooling, draws: pd.DataFrame) -> pd.DataFrame:
    """Return, in one row, the one-off migration cost of the plan: P10, median and P90 in yen, and
    as shares of what a year costs in the same draw.
    """
    cost, of_a_year = (
        plan.transition_jpy(draws),
        plan.transition_jpy(draws) / plan.reached_jpy(draws),
    )
    return pd.DataFrame(
        [
            {"municipalities": plan.municipalities}
            | {f"cost_{level}_jpy": summary(cost)[level] for level in ("p10", "p50", "p90")}
            | {f"of_a_year_{level}": summary(of_a_year)[level] for level in ("p10", "p50", "p90")}
        ]
    )


def fixed_share_steps(plan: Pooling, phi: pd.DataFrame, draws: pd.DataFrame) -> pd.DataFrame:
    """Return how what joint clouds reported becomes the wards' fixed share, next to the rivals'
    fixed shares.

    One row per step: the saving reported, phi with coordination added back, what of it is pooling,
    what of that carries over to wards; then the rivals. P10, median and P90 as shares of spend (the
    first: of the joint clouds' own).
    """
    there = plan.joint_cloud_share(draws)
    steps = {
        "reported_saving": draws["joint_cloud_saving"],
        "coordination_added": there,
        "pooling_only": there * draws["transfer_technology"],
        "carried_over": phi["joint_cloud"],
        **{model: phi[model] for model in phi if model != "joint_cloud"},
    }
    rows = [
        {
            "place": place,
            "step": step,
            **{level: summary(values)[level] for level in ("p10", "p50", "p90")},
        }
        for place, (step, values) in enumerate(steps.items(), 1)
    ]
    return pd.DataFrame(rows)


def one_new_group(survey: pd.Series) -> pd.DataFrame:
    """Return what one more group of municipalities would save, from how many surveyed groups
    passed a mark, under three spreads between groups (half, as assumed, double): one row each.

    ``survey`` as `evidence.groups_at_least`. ``mean_saving`` and its ``error`` are those of all
    groups, ``new_group`` is the standard deviation of one new group, ``p10`` and ``p90`` its
    predictive interval. The trap: the error of the mean as the spread of the next group.
    """
    passed = Passed(
        int(survey["groups"]), round(survey["groups"] * survey["reaching"]), survey["level"]
    )
    rows = []
    for factor in (0.5, 1.0, 2.0):
        spread = BETWEEN_GROUPS * factor
        found = group_effects([passed], spreads=(spread, spread)).moments()
        reach = NORMAL_P90 * found["new_group"]
        rows.append(
            {
                "between_groups": spread,
                "own": factor == 1.0,
                "mean_saving": found["mean"],
                "error": found["mean_error"],
                "new_group": found["new_group"],
                "p10": found["mean"] - reach,
                "p90": found["mean"] + reach,
            }
        )
    return pd.DataFrame(rows)


def coordination_bands(
    plan: Pooling, phi: pd.DataFrame, draws: pd.DataFrame, scale_model: str
) -> pd.DataFrame:
    """Return, per scale model, the range of the coordination loss in which 3 or 4 core platforms
    cost least; no row for fewer than three municipalities.

    With linear coordination, at the model's median phi and the median supplier premium; without a
    premium it is 6 phi/n to 20 phi/n, times (N-1)/n, N being the municipalities of the loss; of
    four municipalities or fewer no loss, up to all that pooling spares (1), is too large. Beside it
    stand P10, median and P90 of loss and premium as assumed; ``own`` marks the run's scale model.
    """
    loss, premium = summary(draws["coordination_loss"]), summary(draws["supplier_premium"])
    rows = []
    for model in phi if plan.municipalities >= FEWEST_PLATFORMS else ():
        bounds = pooling.coordination_band(
            phi[model].median(),
            plan.municipalities,
            prem=premium["p50"],
            suppliers_today=plan.suppliers_today,
        )
        low, high = (
            max(0.0, float(bound)) * (plan.loss_municipalities - 1) / plan.municipalities
            if np.isfinite(bound)
            else 1.0
            for bound in bounds
        )
        rows.append(
            {
                "scale_model": model,
                "own": model == scale_model,
                "fixed_share": phi[model].median(),
                "loss_low": low,
                "loss_high": high,
            }
        )
    assumed = {
        f"{name}_{level}": values[level]
        for name, values in (("loss", loss), ("premium", premium))
        for level in ("p10", "p50", "p90")
    }
    columns = ["scale_model", "own", "fixed_share", "loss_low", "loss_high"]
    return pd.DataFrame(rows, columns=columns).assign(**assumed)


def best_instances_map(
    plan: Pooling, phi: float, losses: np.ndarray = MAP_LOSSES, premiums: np.ndarray = MAP_PREMIUMS
) -> pd.DataFrame:
    """Return the best number of core platforms for each pair of coordination loss and supplier
    premium, by enumeration.

    One row per pair; coordination is linear, as in the band.
    """
    k = np.arange(1, plan.municipalities + 1)
    pairs = pd.MultiIndex.from_product(
        [losses, premiums], names=["coordination_loss", "supplier_premium"]
    ).to_frame(index=False)
    savings = pooling.saving_share(
        k[None, :],
        plan.municipalities,
        phi,
        pairs[["coordination_loss"]].to_numpy(),
        1.0,
        pairs[["supplier_premium"]].to_numpy(),
        plan.suppliers_today,
        plan.loss_municipalities,
    )
    return pairs.assign(best_instances=savings.argmax(axis=1) + 1)


def pooling_draws(plan: Pooling, phi: pd.Series, draws: pd.DataFrame) -> pd.DataFrame:
    """Return what later chapters take over, one row per draw, under one scale model.

    Shares are of all spend: the saving net of coordination, the supplier premium apart; transition
    in yen.
    """
    shares = plan.spend_shares(draws)
    columns = (
        phi,
        (shares * plan.group_savings(phi, draws)).sum(axis=1),
        (shares * plan.premiums(draws)).sum(axis=1),
        plan.transition_jpy(draws),
    )
    table = pd.DataFrame(dict(zip(CARRIED_OVER, columns, strict=True)), index=draws.index)
    return table.rename_axis("draw").reset_index()


def targets(published: pd.DataFrame, instances: Mapping[str, int]) -> pd.DataFrame:
    """Return the report's targets, one row per line of its table, with the number of platforms
    chosen in this run.
    """
    columns = [
        "system_group",
        "target_low",
        "target_high",
        "timing",
        "consideration_ja",
        "consideration_en",
    ]
    chosen = published["system_group"].map(instances).astype("Int64")
    return published[columns].assign(place=range(1, len(published) + 1), chosen=chosen)
