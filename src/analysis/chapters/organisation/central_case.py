"""Chapter 5, the central case: all medians at once, where rules too slow for every draw are exact
over all coalitions.

Money is nominal yen a year. With 23 wards there are 8,388,608 coalitions; costs are arrays indexed
by their bit masks. A verdict on one ward never comes from here: what holds of single wards is said
over draws (`cost_sharing`).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.methods import cooperative_game as sharing
from analysis.methods.coalitions import (
    MOST_PLAYERS,  # noqa: F401  the notebook asks how many players are exact
    coalition_sums,
    members,
)
from analysis.methods.drawn_games import DrawnGames
from analysis.methods.nucleolus import Prenucleolus, least_core, nucleolus
from analysis.methods.pooling_game import pooled_costs, with_coordination
from analysis.methods.stability import Subadditivity, is_subadditive, largest_excess

LEVELS = {"p10": 0.1, "p50": 0.5, "p90": 0.9}
# pairs of an order and its reverse, where there are too many wards for all coalitions
SAMPLED_ORDERS, ORDERS_SEED = 2_000, 5
NOTHING = 1e-9  # share of the cost of all below which an excess is rounding
PROOF = [
    "players",
    "holds",
    "settled",
    "levels",
    "coalitions",
    "smallest_weight",
    "imbalance",
    "tie_width",
    "gap",
]
Charges = Mapping[str, NDArray]


def central_game(game: DrawnGames) -> DrawnGames:
    """Return the central case as a game of one row: each ward's median cost, raised to the median
    total, and all medians.

    The trap: medians of parts do not add up to the median of the sum; unscaled, the game would
    share too small a cost.
    """
    medians = np.median(game.own_costs, axis=0)
    own = medians * np.median(game.own_costs.sum(axis=1)) / medians.sum()
    fixed, agency, loss, curvature = (
        np.median(values)[None]
        for values in (game.fixed_share, game.agency_cost, game.loss, game.curvature)
    )
    return DrawnGames(own[None, :], fixed, agency, loss, curvature, game.exponent)


def central_costs(central: DrawnGames) -> NDArray:
    """Return what each of the 2^n coalitions pays in the central case, index = bit mask, yen a
    year.
    """
    return pooled_costs(
        central.own_costs[0],
        float(central.fixed_share[0]),
        central.exponent,
        float(central.agency_cost[0]),
    )


def sampled_charges(central: DrawnGames, residents: NDArray) -> tuple[dict[str, NDArray], float]:
    """Return what each ward pays in the central case where there are too many to list all
    coalitions, and the error.

    The Shapley value is estimated from sampled orders of joining
    (`cooperative_game.sampled_shapley`); the second value is its largest standard error, as a share
    of a ward's charge. Nucleolus and separable costs need all 2^n coalitions and are left out.
    ``central`` as from `central_game`.
    """
    total, municipalities = (
        central.cost_of(np.ones(central.players, dtype=bool))[0],
        central.players,
    )
    charges, errors = sharing.sampled_shapley(
        lambda members: _costs_of(central, members), municipalities, SAMPLED_ORDERS, ORDERS_SEED
    )
    return {
        "shapley": charges,
        "own_cost": sharing.proportional_shares(total, central.own_costs[0]),
        "residents": sharing.proportional_shares(total, residents),
        "equal": sharing.equal_shares(total, municipalities),
    }, float((errors / charges).max())


def _costs_of(central: DrawnGames, members: NDArray) -> NDArray:
    """What coalitions, rows of True and False, pay in the central case without coordination."""
    # powers of yen would overflow
    own, scale = central.own_costs[0] * members, central.own_costs.max()
    alone = own.sum(axis=1)
    norm = (
        own.max(axis=1)
        if np.isinf(central.exponent)
        else scale * ((own / scale) ** central.exponent).sum(axis=1) ** (1 / central.exponent)
    )
    pooled = (
        (1 - central.fixed_share[0]) * alone
        + central.fixed_share[0] * norm
        + central.agency_cost[0]
    )
    return np.where(members.sum(axis=1) > 1, np.minimum(pooled, alone), alone)


def sampled_verdicts(central: DrawnGames, charges: Charges, tolerance_jpy: float) -> pd.DataFrame:
    """Return `central_verdicts` without listing coalitions: the largest excess is found over all of
    them all the same.
    """
    alone, rows = central.own_costs[0], []
    for rule, paid in charges.items():
        by_size = central.largest_excesses(paid[None])[0]
        rows.append(
            {
                "rule": rule,
                "largest_excess_jpy": np.round(by_size.max()),
                "tempted_wards": int(by_size.argmax()) + 1,
                "keeps_all_in": by_size.max() <= tolerance_jpy,
                "wards_worse_off": int((paid > alone + tolerance_jpy).sum()),
                "lowest_charge_jpy": paid.min(),
                "highest_charge_jpy": paid.max(),
            }
        )
    return pd.DataFrame(rows)


def central_charges(
    costs: NDArray, residents: NDArray, settled: Prenucleolus
) -> dict[str, NDArray]:
    """Return what each ward pays under every rule in the central case, (wards,) per rule, all
    exact.

    ``costs`` as from `central_costs`. Gately's point is the separable-costs rule under another name
    and not repeated.
    """
    alone = costs[1 << np.arange(len(residents))]
    return {
        "shapley": sharing.shapley_value(costs),
        "nucleolus": settled.charges,
        "own_cost": sharing.proportional_shares(costs[-1], alone),
        "residents": sharing.proportional_shares(costs[-1], residents),
        "equal": sharing.equal_shares(costs[-1], len(residents)),
        "separable": sharing.separable_costs_remaining_benefits(costs),
    }


def central_verdicts(costs: NDArray, central: Charges, tolerance_jpy: float) -> pd.DataFrame:
    """Return, one row per rule, the largest excess over all coalitions of the central case and how
    many wards it tempts.
    """
    alone, rows = costs[1 << np.arange(len(central["shapley"]))], []
    for rule, paid in central.items():
        excess, mask = largest_excess(costs, paid)
        rows.append(
            {
                "rule": rule,
                "largest_excess_jpy": np.round(excess),
                "tempted_wards": len(members(mask)),
                "keeps_all_in": excess <= tolerance_jpy,
                "wards_worse_off": int((paid > alone + tolerance_jpy).sum()),
                "lowest_charge_jpy": paid.min(),
                "highest_charge_jpy": paid.max(),
            }
        )
    return pd.DataFrame(rows)


def settled_nucleolus(costs: NDArray) -> Prenucleolus:
    """Return the nucleolus of the central case with its proof. Refused: charges that the proof does
    not bear out, or that would have a ward pay more than alone.
    """
    settled = nucleolus(costs)
    if not settled.proof.holds:
        raise ArithmeticError(str(settled.proof))
    return settled


def nucleolus_proof(costs: NDArray | None, settled: Prenucleolus | None) -> pd.DataFrame:
    """Return Kohlberg's check of the nucleolus in one row, none where there is no nucleolus.

    Amounts are shares of the largest cost; one level has no gap.
    """
    if costs is None or settled is None:
        return pd.DataFrame(columns=[*PROOF, "all_coalitions"])
    row = {name: getattr(settled.proof, name) for name in PROOF} | {"all_coalitions": len(costs)}
    return pd.DataFrame([row]).replace({"gap": {np.inf: np.nan}})


def coordination_test(
    central: DrawnGames, costs: NDArray | None, coordinated: DrawnGames
) -> pd.DataFrame:
    """Return what coordination does to the central case, one row per level of the loss (none, P10,
    P50, P90).

    Where costs are not subadditive no sharing rule is to blame: parts do better apart, whoever pays
    what, and ``loss_by_joining`` says by how much all together cost more than the best division in
    two (``smaller_side``: wards on its smaller side, 0 where no division is cheaper). Only where
    they are, an empty core is reported. ``costs`` are the central case's, as from `central_costs`;
    ``coordinated`` holds the drawn losses. No row without ``costs``: of too many wards to list all
    coalitions, or of one alone, which nothing divides.
    """
    if costs is None:
        return pd.DataFrame(
            columns=[
                "place",
                "level",
                "loss_share",
                "saving_jpy",
                "subadditive",
                "loss_by_joining_jpy",
                "smaller_side",
                "core",
            ]
        )
    own, curvature, rows = central.own_costs[0], float(np.median(coordinated.curvature)), []
    losses = {"none": 0.0} | {
        level: float(np.quantile(coordinated.loss, share)) for level, share in LEVELS.items()
    }
    alone = coalition_sums(own)
    for place, (level, loss) in enumerate(losses.items(), 1):
        paid = with_coordination(costs, alone, loss, curvature)
        half = len(paid) // 2
        # a coalition without the last ward, and all the others
        divided = paid[1:half] + paid[-2 : half - 1 : -1]
        best = int(divided.argmin()) + 1
        apart = max(np.round(paid[-1] - divided[best - 1]), 0.0)  # whole yen
        # a division that is cheaper has settled it
        test = None if apart else is_subadditive(paid)
        rows.append(
            {
                "place": place,
                "level": level,
                "loss_share": loss,
                "saving_jpy": max(np.round(own.sum() - paid[-1]), 0.0),
                "subadditive": bool(test),
                "loss_by_joining_jpy": apart,
                "smaller_side": min(best.bit_count(), len(own) - best.bit_count()) if apart else 0,
                "core": _core(paid, test),
            }
        )
    return pd.DataFrame(rows)


def _core(costs: NDArray, test: Subadditivity | None) -> str:
    """Whether charges exist that keep everybody in; not asked where costs are not subadditive,
    known where savings are convex.
    """
    if not test:
        return "not_asked"
    empty = test.ground != "convex savings" and least_core(costs)[0] > NOTHING * costs[-1]
    return "empty" if empty else "not_empty"
