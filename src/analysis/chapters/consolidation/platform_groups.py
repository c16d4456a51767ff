"""Chapter 3, who with whom: which municipalities share a core platform, and what another number of
platforms would cost.

A platform grows out of one ward's system, its lead's: the others take over the lead's rules, change
supplier where the lead has another one, and pay twice (or extend) where their contract ends after
(or before) the lead's. Money is yen a year, one-off costs spread over the platform's life. Matrices
are wards x leads in the order of ``wards``. Suppliers and contract ends are a placeholder
(`ward_systems`); likeness in late businesses is observed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from analysis.data_fault import DataFault
from analysis.methods import pooling
from analysis.methods.grouping import Grouping, Limits, LimitsConflict, group_municipalities
from workbook.standing import worst_standing

PARTS = ("fixed_jpy", "rules_jpy", "price_jpy", "supplier_change_jpy", "contract_timing_jpy")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVW"
DEALT_SUPPLIERS, DEALT_YEARS = "WXYZ", range(2027, 2032)  # the placeholder's, dealt in turn
MOST_PLATFORMS = 12  # so many are tried; with more the wards are nearly alone again
DEALS = range(1, 9)  # places by which the placeholder is handed on, to see what it decides
Groupings = Mapping[int, Grouping | LimitsConflict]


def wards_with_systems(ward_costs: pd.DataFrame, systems: pd.DataFrame) -> pd.DataFrame:
    """Return the wards that take part: ``code``, ``residents``, ``supplier_family``,
    ``contract_end``, by code.

    Municipalities without a row get the placeholder that the table itself holds for the wards: by
    their place in the order of codes, suppliers W to Z and years 2027 to 2031 in turn. Refused: a
    table with rows for some of the municipalities only, which would mix knowledge with none, all
    without a row named.
    """
    wards = ward_costs[["code", "residents"]].merge(
        systems[["code", "supplier_family", "contract_end"]], how="left", on="code"
    )
    wards = wards.sort_values("code", ignore_index=True)
    bare = wards["supplier_family"].isna()
    if bare.any() and not (bare.all() or (systems["standing"] == "assumed").all()):
        raise DataFault("ward_systems", f"no row for {', '.join(wards.loc[bare, 'code'])}")
    if bare.any():
        places = np.arange(len(wards))
        wards = wards.assign(
            supplier_family=np.array(list(DEALT_SUPPLIERS))[places % len(DEALT_SUPPLIERS)],
            contract_end=np.array(DEALT_YEARS)[places % len(DEALT_YEARS)],
        )
    return wards


def standing_of(systems: pd.DataFrame) -> str:
    """Return the standing of suppliers and contract ends: that of the worst row."""
    return worst_standing(systems["standing"].tolist())


def rule_distance(codes: pd.Series, likeness: pd.DataFrame) -> np.ndarray:
    """Return, for each pair of wards, the share of businesses in which one is late and the other is
    not.

    ``likeness`` is chapter 1's table of pairs; where it is empty nothing is known, and every pair
    is equally unlike: then the loss grows with the number on a platform and says nothing of whom.
    Refused: pairs it does not hold, all named.
    """
    if likeness.empty:
        return 1.0 - np.eye(len(codes))
    share = {
        frozenset(pair): value
        for *pair, value in likeness[["code", "other_code", "likeness_share"]].itertuples(
            index=False
        )
    }
    missing = [f"{a} and {b}" for a, b in combinations(codes, 2) if frozenset((a, b)) not in share]
    if missing:
        raise ValueError(f"no likeness of {', '.join(missing)}")
    return np.array(
        [[0.0 if a == b else 1 - share[frozenset((a, b))] for b in codes] for a in codes]
    )


@dataclass(frozen=True, eq=False)
class PlatformCosts:
    """What sharing core platforms costs, ready to be evaluated for any number and any grouping.

    ``distance`` is wards x wards; ``shares`` gives `platform_costs`' items in years of core spend;
    ``fixed_share``, ``loss`` and ``premium`` are the chapter's medians.
    """

    wards: pd.DataFrame
    distance: np.ndarray
    shares: pd.Series
    core_spend_jpy: float
    fixed_share: float
    loss: float
    premium: float
    suppliers_today: int
    life_years: int

    @property
    def spend_jpy(self) -> np.ndarray:
        """Each ward's core spend a year, by residents."""
        residents = self.wards["residents"].to_numpy(float)
        return self.core_spend_jpy * residents / residents.sum()

    def parts(self) -> dict[str, np.ndarray]:
        """Return what each ward pays a year on the platform of each lead, by kind of cost.

        The loss from differing rules grows with the distance from the lead, so that all wards on
        the most central ward's platform lose ``loss`` together: the chapter's coordination loss,
        with whom instead of how many.
        """
        family, end = (
            self.wards["supplier_family"].to_numpy(),
            self.wards["contract_end"].to_numpy(float),
        )
        # years by which the ward's contract outlasts the lead's
        later = end[:, None] - end[None, :]
        waiting = self.shares["double_running"] * np.maximum(later, 0) + self.shares[
            "contract_extension"
        ] * np.maximum(-later, 0)
        paid, all_on_one = (
            self.spend_jpy[:, None],
            (self.spend_jpy @ self.distance).min() / self.core_spend_jpy,
        )
        return {
            "rules_jpy": paid * self.loss * self.distance / (all_on_one or 1.0),
            "supplier_change_jpy": paid
            * self.shares["supplier_change"]
            * (family[:, None] != family[None, :])
            / self.life_years,
            "contract_timing_jpy": paid * waiting / self.life_years,
        }

    def of_number(self, k: int) -> dict[str, float]:
        """Return the costs that hang on the number of platforms alone: their fixed cost, and more
        expensive supply.
        """
        n = len(self.wards)
        dearer = pooling.premium(k, n, self.suppliers_today, self.premium) if n > 1 else 0.0
        return {
            "fixed_jpy": self.core_spend_jpy * self.fixed_share * k / n,
            "price_jpy": float(self.core_spend_jpy * dearer),
        }

    def grouped(self, k: int, limits: Limits) -> Grouping:
        """Return the proven cheapest grouping; one supplier is all there can be on one platform, so
        no limit binds it.
        """
        if k == 1:
            limits = replace(limits, concentration=None)
        return group_municipalities(
            sum(self.parts().values()),
            self.wards["residents"],
            k,
            limits,
            self.wards["supplier_family"],
        )

    def cost_of(self, grouping: Grouping) -> float:
        """Return what a grouping costs a year, without what hangs on the number of platforms
        alone.
        """
        return float(
            sum(part[np.arange(len(part)), grouping.lead].sum() for part in self.parts().values())
        )

    def without_placeholder(self) -> PlatformCosts:
        """Return the same where suppliers and contract ends cost nothing: likeness alone, which is
        observed.
        """
        return replace(self, shares=self.shares * 0)

    def dealt_anew(self, places: int) -> PlatformCosts:
        """Return the same with suppliers and contract ends handed on by so many places."""
        moved = {
            name: np.roll(self.wards[name], places) for name in ("supplier_family", "contract_end")
        }
        return replace(self, wards=self.wards.assign(**moved))


def platform_costs(
    wards: pd.DataFrame,
    distance: np.ndarray,
    core_spend_jpy: float,
    items: pd.DataFrame,
    fixed_share: float,
    draws: pd.DataFrame,
    suppliers_today: int,
    life_years: int,
) -> PlatformCosts:
    """Return the costs at the central values of `platform_costs` and the medians of the chapter's
    draws, whose ``coordination_loss`` is what these wards together lose on one platform.
    """
    return PlatformCosts(
        wards,
        distance,
        items.set_index("item")["central"],
        core_spend_jpy,
        fixed_share,
        draws["coordination_loss"].median(),
        draws["supplier_premium"].median(),
        suppliers_today,
        life_years,
    )


def groupings(costs: PlatformCosts, limits: Limits, chosen: int) -> Groupings:
    """Return the proven grouping for each number of platforms from 1, and for the chosen one, or
    what forbids it.

    Refused: limits that no number of platforms keeps.
    """
    numbers = sorted({*range(1, min(MOST_PLATFORMS, len(costs.wards)) + 1), chosen})
    solved = dict(zip(numbers, _side_by_side((costs, k, limits) for k in numbers), strict=True))
    if all(isinstance(grouping, LimitsConflict) for grouping in solved.values()):
        raise ValueError(
            "no number of platforms keeps the limits; " + "; ".join(map(str, solved.values()))
        )
    return solved


def likeness_costs(
    costs: PlatformCosts, limits: Limits, numbers: Iterable[int]
) -> dict[int, float]:
    """Return what each number of platforms costs a year if only likeness counts: no placeholder in
    costs or limits.

    Left out are numbers on which no grouping keeps the other limits.
    """
    bare, numbers = costs.without_placeholder(), list(numbers)
    solved = _side_by_side((bare, k, replace(limits, concentration=None)) for k in numbers)
    return {
        k: found.cost + sum(costs.of_number(k).values())
        for k, found in zip(numbers, solved, strict=True)
        if isinstance(found, Grouping)
    }


def _side_by_side(
    asked: Iterable[tuple[PlatformCosts, int, Limits]],
) -> list[Grouping | LimitsConflict]:
    """Return the cheapest grouping of each, or what forbids it: solved in threads, for the solver
    lets others work meanwhile.
    """

    def solved(one: tuple[PlatformCosts, int, Limits]) -> Grouping | LimitsConflict:
        costs, k, limits = one
        try:
            return costs.grouped(k, limits)
        except LimitsConflict as conflict:
            return conflict

    with ThreadPoolExecutor() as threads:
        return list(threads.map(solved, asked))


def platform_options(
    costs: PlatformCosts, solved: Groupings, chosen: int, limits: Limits = Limits()
) -> pd.DataFrame:
    """Return what each number of platforms costs a year, one row each, with the solver's lower
    bound.

    ``cost_jpy`` is the sum of its `PARTS`; ``extra_share`` the excess over the cheapest number, as
    a share of core spend; ``likeness_only_jpy`` what is cheapest without the placeholder;
    ``alone_jpy`` what every municipality alone pays for the same. Where no grouping keeps the
    limits the costs are blank and ``binding_limits`` names them. The trap: what every move costs
    alike (`transition_cost`) is not in it.
    """
    rows, parts = [], costs.parts()
    for k, grouping in solved.items():
        row: dict[str, Any] = {"platforms": k, "chosen": k == chosen, "binding_limits": None}
        if isinstance(grouping, LimitsConflict):
            rows.append(row | {"binding_limits": "_and_".join(grouping.limits)})
            continue
        row |= costs.of_number(k) | {
            name: part[np.arange(len(part)), grouping.lead].sum() for name, part in parts.items()
        }
        cost = sum(row[name] for name in PARTS)
        rows.append(
            row
            | {
                "cost_jpy": cost,
                "bound_jpy": cost - grouping.gap * grouping.cost,
                "gap_share": round(grouping.gap, 9),
            }
        )
    table = pd.DataFrame(
        rows,
        columns=[
            "platforms",
            "chosen",
            *PARTS,
            "cost_jpy",
            "bound_jpy",
            "gap_share",
            "binding_limits",
        ],
    )
    least, bare = (
        table["cost_jpy"].min(),
        table["platforms"].map(likeness_costs(costs, limits, solved)).astype(float),
    )
    return table.assign(
        likeness_only_jpy=bare,
        best_by_likeness=bare == bare.min(),
        best=table["cost_jpy"] == least,
        extra_jpy=table["cost_jpy"] - least,
        extra_share=(table["cost_jpy"] - least) / costs.core_spend_jpy,
        alone_jpy=costs.core_spend_jpy * costs.fixed_share,
    )


def platform_members(
    costs: PlatformCosts, grouping: Grouping | LimitsConflict, layout: pd.DataFrame
) -> pd.DataFrame:
    """Return each ward's platform (A the largest), its lead, and what it takes over; blank where
    the limits forbid any.

    One row per ward with its tile; ``contract_gap_years`` is above 0 where the ward's contract
    outlasts the lead's.
    """
    wards = costs.wards.merge(layout, how="left", on="code", validate="one_to_one").rename(
        columns={"column": "tile_column", "row": "tile_row"}
    )
    if isinstance(grouping, LimitsConflict):
        return wards.assign(
            platform=None, lead=False, changes_supplier=False, contract_gap_years=np.nan
        )
    led_by = wards.iloc[grouping.lead].reset_index(drop=True)
    sizes = (
        wards.groupby(led_by["code"])["residents"].sum().sort_values(ascending=False, kind="stable")
    )
    return wards.assign(
        platform=led_by["code"].map(dict(zip(sizes.index, LETTERS, strict=False))),
        lead=led_by["code"] == wards["code"],
        changes_supplier=led_by["supplier_family"] != wards["supplier_family"],
        contract_gap_years=wards["contract_end"] - led_by["contract_end"],
    )


def platforms(members: pd.DataFrame, distance: np.ndarray) -> pd.DataFrame:
    """Return the platforms, one row each: lead, size, how alike its wards are, who changes
    supplier, who pays twice.

    ``likeness_share`` is the mean over all pairs of wards on it (blank for a ward alone), not over
    pairs with the lead.
    """
    rows = []
    for platform, wards in members.groupby("platform"):
        pairs = list(combinations(wards.index, 2))
        likeness = 1 - np.mean([distance[pair] for pair in pairs]) if pairs else np.nan
        rows.append(
            {
                "platform": platform,
                "code": wards.loc[wards["lead"], "code"].iloc[0],
                "municipalities": len(wards),
                "residents": wards["residents"].sum(),
                "residents_share": wards["residents"].sum() / members["residents"].sum(),
                "likeness_share": likeness,
                "supplier_changes": int(wards["changes_supplier"].sum()),
                "double_running": int((wards["contract_gap_years"] > 0).sum()),
            }
        )
    return pd.DataFrame(
        rows,
        columns=[
            "platform",
            "code",
            "municipalities",
            "residents",
            "residents_share",
            "likeness_share",
            "supplier_changes",
            "double_running",
        ],
    )


def grouping_check(
    costs: PlatformCosts,
    grouping: Grouping | LimitsConflict,
    k: int,
    limits: Limits,
    items: pd.DataFrame,
) -> pd.DataFrame:
    """Return how much of a grouping is left under other values of what nobody has published, one
    row each.

    ``kept_share``: of the pairs that share a platform, how many still do in the cheapest grouping
    of the case; ``chance_share``: how many would if wards were dealt to platforms of these sizes
    blindly; ``regret_share``: what keeping the grouping costs in that case, as a share of core
    spend. Cases: the placeholder dealt again, likeness alone, each item of `platform_costs` at its
    low and high. Empty where the limits forbid any grouping, and where no two wards share one.
    """
    columns = ["kind", "item", "places", "kept_share", "chance_share", "regret_share"]
    if isinstance(grouping, LimitsConflict) or not _pairs_together(grouping).any():
        return pd.DataFrame(columns=["place", *columns]).astype(
            {"place": int, "places": "Int64", **dict.fromkeys(columns[3:], float)}
        )
    together, rows = _pairs_together(grouping), []
    cases = dict(_cases(costs, items))
    best = _side_by_side((case, k, limits) for case in cases.values())
    for ((kind, item, places), case), other in zip(cases.items(), best, strict=True):
        if isinstance(other, LimitsConflict):
            raise other
        kept = (_pairs_together(other) & together).sum() / together.sum()
        regret = (case.cost_of(grouping) - other.cost) / costs.core_spend_jpy
        rows.append((kind, item, places, kept, together.mean(), regret))
    return (
        pd.DataFrame(rows, columns=columns)
        .astype({"places": "Int64"})
        .assign(place=range(1, len(rows) + 1))
    )


def _pairs_together(grouping: Grouping) -> np.ndarray:
    """Say of each pair of wards whether it shares a platform."""
    same = grouping.lead[:, None] == grouping.lead[None, :]
    return same[np.triu_indices(len(same), 1)]


def _cases(
    costs: PlatformCosts, items: pd.DataFrame
) -> Iterator[tuple[tuple[str, str | None, int | None], PlatformCosts]]:
    for places in DEALS:
        yield ("dealt_anew", None, places), costs.dealt_anew(places)
    yield ("likeness_only", None, None), costs.without_placeholder()
    for row in items.itertuples():
        for end in ("low", "high"):
            yield (
                (end, row.item, None),
                replace(
                    costs,
                    shares=costs.shares.where(costs.shares.index != row.item, getattr(row, end)),
                ),
            )
