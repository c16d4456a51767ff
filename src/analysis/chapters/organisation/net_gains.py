"""Chapter 5, who gains once everything is paid: the net saving of chapter 4, ward by ward and draw
by draw.

The game of `cost_sharing` shares the running cost of one platform. What a ward can call a gain is
its share of another game, the plan's own: what a coalition gains a year that carries out the plan
by itself. Money is nominal yen a year.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.methods.drawn_games import DrawnGames, shapley_by_size

LEVELS = {"p10": 0.1, "p50": 0.5, "p90": 0.9}
INPUTS = ["uptake_instances"]
FEWEST = 2  # members with whom anything is pooled or bought jointly


class PooledPlan(Protocol):
    """What is needed of chapter 3's plan; every method takes draws and returns one row per draw,
    one column per system group.
    """

    terms: pd.DataFrame

    def spend_shares(self, draws: pd.DataFrame) -> pd.DataFrame:
        """Return each group's share of the spend."""

    def group_savings(self, phi: pd.Series | float, draws: pd.DataFrame) -> pd.DataFrame:
        """Return each group's saving at a fixed share, net of coordination."""


def uptake(draws: pd.DataFrame, claim: bool) -> NDArray:
    """Return the part of pooling that chapter 4 counts on, (draws,): all of it under the report's
    own claim.
    """
    return np.ones(len(draws)) if claim else draws["uptake_instances"].to_numpy()


def gains_of_each(
    games: Iterable[DrawnGames],
    plan: PooledPlan,
    draws: pd.DataFrame,
    uptake: NDArray,
    savings: pd.DataFrame,
    residents: NDArray,
    orders: NDArray,
) -> list[dict[str, NDArray]]:
    """Return `plan_gains` for each game, in the order of the games."""
    return [plan_gains(game, plan, draws, uptake, savings, residents, orders) for game in games]


def plan_gains(
    game: DrawnGames,
    plan: PooledPlan,
    draws: pd.DataFrame,
    uptake: NDArray,
    savings: pd.DataFrame,
    residents: NDArray,
    orders: Iterable[NDArray],
) -> dict[str, NDArray]:
    """Return what each ward gains a year once all is paid, (draws, wards) per rule; in each draw
    they sum to the net saving.

    ``shapley`` is the Shapley value of the plan's own game (`shapley_of_plan`); other rules share
    the whole bill. ``savings`` are chapter 4's draws, ``uptake`` the part of pooling that it counts
    on. Refused: draws that are not among them, all named. The traps: sharing the saving by
    residents, under which nobody could lose; a bill is shared. And scaling the gains of the
    one-platform game: the plan has other platforms, and what it loses has other causes.
    """
    missing = sorted(set(draws.index) - set(savings["draw"]))
    if missing:
        raise ValueError(f"chapter 4 kept no saving in draws {', '.join(map(str, missing))}")
    parts = savings.set_index("draw").loc[draws.index]
    net, own = parts["net_saving_jpy"].to_numpy()[:, None], game.own_costs
    total = own.sum(axis=1, keepdims=True)
    return {
        "shapley": shapley_of_plan(game, plan, draws, uptake, parts, residents, orders),
        "own_cost": net * own / total,
        "residents": own - (total - net) * residents / residents.sum(),
        "equal": own - (total - net) / game.players,
    }


def shapley_of_plan(
    game: DrawnGames,
    plan: PooledPlan,
    draws: pd.DataFrame,
    uptake: NDArray,
    parts: pd.DataFrame,
    residents: NDArray,
    orders: Iterable[NDArray],
) -> NDArray:
    """Return the Shapley value of the plan's own game, (draws, wards): exact but for the orders
    over which the platforms' cost is averaged.

    A coalition of two or more is worth what the plan would bring it: its platforms, with no more
    members each than in the plan; less what differing rules take there; joint buying, and what
    levers take from each other, by spend; less its move by residents; less the joint agency, the
    same whatever its size. Whether that pays or not: a plan that loses has a loss to share.
    """
    spared, lost = by_members(plan, draws, game.players)
    own, uptake = game.own_costs, uptake[:, None]
    pooled = game.shapley_of_spared(spared * uptake, orders) - shapley_by_size(own, lost * uptake)
    together = np.arange(1, game.players + 1) >= min(FEWEST, game.players)
    bought = parts["gross_saving_jpy"].to_numpy() - pooled.sum(axis=1)
    by_spend = own * (bought / own.sum(axis=1))[:, None]
    moved = parts[["transition"]].to_numpy() * residents / residents.sum()
    agency = parts[["agency"]].to_numpy() / game.players
    return pooled + shapley_by_size(by_spend - moved, together.astype(float)) - agency


def by_members(
    plan: PooledPlan, draws: pd.DataFrame, municipalities: int
) -> tuple[NDArray, NDArray]:
    """Return, for coalitions of 1, 2, … n, how much of one platform's sparing the plan's platforms
    keep, and the share of spend that differing rules take, (draws, n) each.

    A platform has as many members as in the plan, or all where they are fewer. On m members instead
    of all s, 1 - 1/m is spared instead of 1 - 1/s (chapter 3).
    """
    sizes, full = (
        np.arange(1, municipalities + 1),
        municipalities / plan.terms["instances"].to_numpy(),
    )
    members = np.minimum(sizes, full[:, None])
    kept = np.divide(1 - 1 / members, 1 - 1 / sizes, out=np.zeros(members.shape), where=sizes > 1)
    shares = plan.spend_shares(draws)[plan.terms["system_group"]].to_numpy()
    losses = -plan.group_savings(0.0, draws)[plan.terms["system_group"]].to_numpy()
    others = np.divide(
        members - 1, full[:, None] - 1, out=np.zeros(members.shape), where=full[:, None] > 1
    )
    curve = others[None] ** draws["coordination_curvature"].to_numpy()[:, None, None]
    return shares @ kept, np.einsum("dg,dgs->ds", shares * losses, curve)


def winners_losers(
    part: pd.DataFrame,
    gains: Mapping[str, NDArray],
    rivals: Sequence[Mapping[str, NDArray]] = (),
) -> pd.DataFrame:
    """Return, one row per rule and ward, P10, P50, P90 of the gain and the share of draws in which
    there is one, with the least and the largest such share over ``rivals``.

    ``part`` has code and residents in the order of the wards, ``rivals`` are the gains where
    another driver decides what a ward costs (`drivers.rival_costs`).
    """
    blocks, residents = [], part["residents"].to_numpy(float)
    for rule, gained in gains.items():
        shares = np.vstack([(found[rule] > 0).mean(axis=0) for found in (gains, *rivals)])
        block = part[["code", "residents"]].assign(
            rule=rule,
            gains_share=shares[0],
            gains_share_low=shares.min(axis=0),
            gains_share_high=shares.max(axis=0),
        )
        for name, values in (
            ("gain_{}_jpy", gained),
            ("gain_per_resident_{}_jpy", gained / residents),
        ):
            block[[name.format(level) for level in LEVELS]] = np.quantile(
                values, list(LEVELS.values()), axis=0
            ).T
        blocks.append(block)
    return pd.concat(blocks, ignore_index=True)


def net_verdicts(gains: Mapping[str, NDArray]) -> pd.DataFrame:
    """Return, one row per rule, how many wards lose once all is paid, and what it takes to make up
    for it, yen a year.

    ``all_gain_share`` is the share of draws in which no ward loses; ``worth_share`` that in which
    there is a net saving at all, the same under every rule. ``compensation`` is what the losers
    lose in the draws that are worth it: the others gain more than that, so it can be paid. The
    trap: compensation over all draws, most of which have nothing to pay it from.
    """
    rows = []
    for rule, gained in gains.items():
        gained = np.round(gained)  # whole yen
        worth, lost = gained.sum(axis=1) > 0, -np.clip(gained, None, 0).sum(axis=1)
        losers = {
            f"losers_{level}": np.quantile((gained < 0).sum(axis=1), share)
            for level, share in LEVELS.items()
        }
        rows.append(
            {
                "rule": rule,
                "draws": len(gained),
                "worth_share": worth.mean(),
                "all_gain_share": (gained >= 0).all(axis=1).mean(),
            }
            | losers
            | {"compensation_p50_jpy": np.median(lost[worth]) if worth.any() else np.nan}
        )
    return pd.DataFrame(rows)
