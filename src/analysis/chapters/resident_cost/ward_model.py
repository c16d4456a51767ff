"""Chapter 2, modelled wards: what each ward may spend, by rival drivers, and what the wards whose
books are open say of it and of the others.

The wards share a total T. A ward's part follows its residents, or the public driver of each system
group, or anything between, with a log-normal spread. A published item is the ward's cost in a
narrower scope: I_i = C_i h_i / s, where s is how many times all items the total is, and h_i how far
the ward's item departs from the others'. Money is nominal yen a year; arrays are draws x wards in
the order of ``part``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from analysis.chapters.resident_cost.formulas import with_all
from analysis.data_fault import DataFault
from analysis.methods.conditioning import conditioned_draws
from analysis.methods.uncertainty import joint_uniforms, quantiles

RESIDENTS, DAYTIME = "residents", "daytime"
# the count of a driver that stands in municipality_indicators, at the date of the report's total
COUNTED = {
    "staff": ("general_administration_staff", "2021"),
    "expenditure": ("expenditure", "FY2020"),
}
SCOPE, OWN_SCOPE, WEIGHT = "total_to_item", "ward_item_scope", "driver_weight"
ELASTICITY, TOTAL = "scale_elasticity", "ward_total"
DRAWN = [ELASTICITY, SCOPE, WEIGHT, TOTAL]
ENDS, RANK_LEVELS = ["low", "central", "high"], (0.1, 0.5, 0.9)


@dataclass(frozen=True)
class JointCosts:
    """Joint draws: ``cost`` of every ward in the total's scope, ``scope`` of the total (one a draw,
    as a column) and ``own_scope`` of every ward's item, both ratios.
    """

    cost: NDArray
    scope: NDArray
    own_scope: NDArray

    @property
    def item(self) -> NDArray:
        """Each ward's budget item, yen a year."""
        return self.cost * self.own_scope / self.scope

    @cached_property
    def logs(self) -> NDArray:
        """Logarithms of all that is drawn, side by side."""
        return np.log(np.hstack([self.cost, self.scope, self.own_scope]))

    def given(self, wards: ArrayLike, items: ArrayLike) -> JointCosts:
        """Return the draws given the items of some wards, ``wards`` by their place, in yen."""
        places, last = np.asarray(wards, int), self.cost.shape[1]
        said = self.logs[:, places] - self.logs[:, [last]] + self.logs[:, last + 1 + places]
        moved = np.exp(conditioned_draws(self.logs, said, np.log(np.asarray(items, float))))
        return JointCosts(*np.split(moved, [last, last + 1], axis=1))

    def adding_up_to(self, annual_jpy: float) -> JointCosts:
        """Return the draws with every ward's cost scaled so that each draw adds up to a total."""
        scaled = annual_jpy * self.cost / self.cost.sum(axis=1, keepdims=True)
        return JointCosts(scaled, self.scope, self.own_scope)


@dataclass(frozen=True)
class WardModel:
    """What is believed of the wards before any book is opened.

    A ward's part of the total is (1 - v) of its share by residents and v of that by drivers, times
    exp(u): the elasticity is drawn from ``envelope``, v, s and h from ``priors``
    (``ward_cost_priors``), u ~ N(0, sigma^2). ``sizes`` as from `driver_sizes`; ``weights`` are the
    system groups' shares of spend.
    """

    part: pd.DataFrame
    sizes: pd.DataFrame
    weights: pd.Series
    priors: pd.DataFrame
    envelope: pd.DataFrame
    sigma: float
    register: pd.DataFrame
    shape: str

    def draws(self, totals: tuple[float, float, float], draws_log2: int) -> JointCosts:
        """Return joint draws; each adds up to a total within ``totals``, yen a year."""
        codes = self.part["code"]
        residuals, own = (
            [f"{stem}_{code}" for code in codes] for stem in ("ward_residual", OWN_SCOPE)
        )
        uniforms = joint_uniforms(
            with_all(self.register, [*residuals, *DRAWN, *own]),
            [*DRAWN, *residuals, *own],
            draws_log2,
        )
        bounds = _bounds(self.envelope, self.priors, totals)
        low, central, high = (bounds[end] for end in ENDS)
        one = quantiles(uniforms[DRAWN], low[DRAWN], central[DRAWN], high[DRAWN], self.shape)
        each = quantiles(
            uniforms[own], low[OWN_SCOPE], central[OWN_SCOPE], high[OWN_SCOPE], self.shape
        ).to_numpy()
        plain, driven = rival_shares(self.sizes, self.weights, self.part, one[ELASTICITY])
        v, total = one[[WEIGHT]].to_numpy(), one[[TOTAL]].to_numpy()
        spread = np.exp(self.sigma * ndtri(uniforms[residuals].to_numpy()))
        parts = ((1 - v) * plain + v * driven) * spread
        cost = total * parts / parts.sum(axis=1, keepdims=True)
        return JointCosts(cost, one[[SCOPE]].to_numpy(), each)

    def given(self, books: pd.DataFrame, annual_jpy: float, draws_log2: int) -> NDArray:
        """Return draws of the wards' costs given the open ``books`` (`open_items`), every one
        adding up to the total.
        """
        prior = self.draws((annual_jpy,) * 3, draws_log2)
        return prior.given(books["place"], books["amount_jpy"]).adding_up_to(annual_jpy).cost

    def rivals(self) -> tuple[NDArray, NDArray]:
        """Return each ward's share by residents alone and by drivers, at the central elasticity."""
        central = self.envelope.set_index("quantity").loc[ELASTICITY, "central"]
        plain, driven = rival_shares(self.sizes, self.weights, self.part, [central])
        return plain[0], driven[0]


def driver_sizes(
    part: pd.DataFrame,
    municipalities: pd.DataFrame,
    indicators: pd.DataFrame,
    drivers: pd.DataFrame,
) -> pd.DataFrame:
    """Return each ward's size by the driver of each system group: one row per ward in the order of
    ``part``, one column per group, each a share of all wards.

    ``drivers`` is ``group_drivers``. Where a driver is not counted for every ward, residents stand
    for it. Refused: a driver that no table counts.
    """
    facts = municipalities.set_index("code").loc[part["code"]].reset_index()
    residents = part["residents"].astype(float).reset_index(drop=True)
    known = {RESIDENTS: residents, DAYTIME: residents * facts["daytime_population_ratio"]}
    for name, (indicator, period) in COUNTED.items():
        chosen = (indicators["indicator"] == indicator) & (indicators["period"] == period)
        known[name] = facts["code"].map(indicators[chosen].set_index("code")["value"])
    if unknown := sorted(set(drivers["driver"]) - set(known)):
        raise DataFault("group_drivers", f"no table counts {', '.join(unknown)}")
    whole = {name: size if size.notna().all() else residents for name, size in known.items()}
    of_group = drivers.set_index("system_group")["driver"]
    return pd.DataFrame(
        {group: whole[name] / whole[name].sum() for group, name in of_group.items()}
    )


def rival_shares(
    sizes: pd.DataFrame, weights: pd.Series, part: pd.DataFrame, elasticity: ArrayLike
) -> tuple[NDArray, NDArray]:
    """Return each ward's share of the total by residents alone, and by the drivers of the system
    groups: sum_g w_g d_gi^eps / sum_j d_gj^eps. Both are draws x wards, one row per elasticity.

    ``weights`` are the groups' shares of spend. The trap: to print one of the two as the ward's
    cost; they order the wards differently.
    """
    eps = np.asarray(elasticity, float)[:, None]
    by_residents = _shares(part["residents"].to_numpy(float), eps)
    whole = weights / weights.sum()
    by_drivers = sum(
        (whole[group] * _shares(sizes[group].to_numpy(), eps) for group in sizes),
        np.zeros_like(by_residents),
    )
    return by_residents, by_drivers


def _shares(size: NDArray, eps: NDArray) -> NDArray:
    powers = np.exp(eps * np.log(size / size.mean()))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def _bounds(
    envelope: pd.DataFrame, priors: pd.DataFrame, totals: tuple[float, float, float]
) -> pd.DataFrame:
    eps = envelope.set_index("quantity").loc[[ELASTICITY], ENDS]
    total = pd.DataFrame([totals], columns=ENDS, index=[TOTAL])
    return pd.concat([eps, priors.set_index("input")[ENDS], total]).astype(float)


def total_range(rivals: pd.DataFrame, years: int) -> tuple[float, float, float]:
    """Return the total in yen a year: the lowest that a rival's band allows, the run's own, and the
    highest.

    ``rivals`` as from `formulas.baselines`, whose totals are over ``years``.
    """
    ends = rivals[["low_5y_jpy", "total_5y_jpy", "high_5y_jpy"]] / years
    own = rivals.loc[rivals["in_use"], "annual_jpy"].iloc[0]
    return float(np.nanmin(ends)), float(own), float(np.nanmax(ends))


def open_items(costs: pd.DataFrame, part: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return the items of the wards taking part whose books are open in a fiscal year: ``place`` in
    ``part``, ``code`` and ``amount_jpy``, no row where there is none.

    ``costs`` as from `published_budgets.item_costs`. Other years are left out: items have grown by
    more than two since, and a total of one year says nothing of another.
    """
    places = pd.Series(part.index, index=part["code"])
    own = costs[(costs["fiscal_year"] == year) & costs["code"].isin(part["code"])]
    return pd.DataFrame(
        {
            "place": own["code"].map(places).astype(int),
            "code": own["code"],
            "amount_jpy": own["amount_jpy"].astype(float),
        }
    ).sort_values("place", ignore_index=True)


def with_rivals(
    costs: pd.DataFrame,
    part: pd.DataFrame,
    shared: NDArray,
    rivals: tuple[NDArray, NDArray],
    annual_jpy: float,
    opened: pd.DataFrame,
) -> pd.DataFrame:
    """Return the table of ward costs with what rival drivers make of each ward, and how far its
    place is known.

    Added: yen a year by residents alone and by drivers, the rank of cost per resident under each
    (1 is the highest), P10, median and P90 of the rank over the draws in ``shared``, and the
    published item per resident where one is. ``rivals`` as from `WardModel.rivals`.
    """
    residents = part["residents"].to_numpy(float)
    plain, driven = (annual_jpy * share for share in rivals)
    ranks = _ranks(shared / residents)
    low, middle, high = np.quantile(ranks, RANK_LEVELS, axis=0).round().astype(int)
    items = opened.set_index("code")["amount_jpy"].reindex(part["code"]).to_numpy()
    added = pd.DataFrame(
        {
            "code": part["code"].to_numpy(),
            "cost_by_residents_jpy": plain,
            "cost_by_drivers_jpy": driven,
            "rank_by_residents": _ranks(plain[None] / residents)[0],
            "rank_by_drivers": _ranks(driven[None] / residents)[0],
            "rank_low": low,
            "rank_p50": middle,
            "rank_high": high,
            "item_per_resident_jpy": items / residents,
        }
    )
    return costs.merge(added, on="code")


def _ranks(per_resident: NDArray) -> NDArray:
    """Places from the highest, draws x wards."""
    order = np.argsort(-per_resident, axis=1, kind="stable")
    return np.argsort(order, axis=1) + 1
