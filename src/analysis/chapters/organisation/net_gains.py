"""Chapter 5, who gains once everything is paid: the net saving of chapter 4, ward by ward and draw
by draw.

The game of `cost_sharing` shares pooled running costs. Before a ward can call it a gain, it has
paid its move and the loss from differing rules, and has bought jointly; those are chapter 4's.
Money is nominal yen a year.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.methods.drawn_games import DrawnGames

LEVELS = {"p10": 0.1, "p50": 0.5, "p90": 0.9}


def plan_gains(
    game: DrawnGames,
    charges: Mapping[str, NDArray],
    savings: pd.DataFrame,
    draws: pd.Index,
    residents: NDArray,
) -> dict[str, NDArray]:
    """Return what each ward gains a year once all is paid, (draws, wards) per rule; in each draw
    they sum to the net saving.

    By the Shapley value each part goes to who causes it (the value of a sum of games is the sum of
    their values): pooling after the body as in the game, joint buying by spend, the move by
    residents as chapter 3 counts it. Other rules share the whole bill. ``savings`` are chapter 4's
    draws, ``charges`` the game's. Refused: draws that are not among them, all named. The trap:
    sharing the saving by residents, under which nobody could lose; a bill is shared.
    """
    missing = sorted(set(draws) - set(savings["draw"]))
    if missing:
        raise ValueError(f"chapter 4 kept no saving in draws {', '.join(map(str, missing))}")
    parts = savings.set_index("draw").loc[draws]
    net, own = parts["net_saving_jpy"].to_numpy()[:, None], game.own_costs
    by_spend, by_residents = own / own.sum(axis=1, keepdims=True), residents / residents.sum()
    bill = own.sum(axis=1, keepdims=True) - net
    return {
        "shapley": _each_to_its_cause(own - charges["shapley"], parts, by_spend, by_residents),
        "own_cost": net * by_spend,
        "residents": own - bill * by_residents,
        "equal": own - bill / game.players,
    }


def _each_to_its_cause(
    game_gains: NDArray, parts: pd.DataFrame, by_spend: NDArray, by_residents: NDArray
) -> NDArray:
    """Pooling after the body as the game splits it (by spend where it saves nothing), buying by
    spend, the move by residents.
    """
    saved = game_gains.sum(axis=1, keepdims=True)
    nothing = saved <= 1e-9 * np.abs(game_gains).max(initial=1.0)
    split = np.where(nothing, by_spend, game_gains / np.where(nothing, 1, saved))
    pooled, bought = parts["instances"] - parts["body"], parts["price"] + parts["demand"]
    moved = parts["transition"].to_numpy()[:, None] * by_residents
    return pooled.to_numpy()[:, None] * split + bought.to_numpy()[:, None] * by_spend - moved


def winners_losers(part: pd.DataFrame, gains: Mapping[str, NDArray]) -> pd.DataFrame:
    """Return, one row per rule and ward, P10, P50, P90 of the gain and the share of draws in which
    there is one.

    ``part`` has code and residents in the order of the wards.
    """
    blocks, residents = [], part["residents"].to_numpy(float)
    for rule, gained in gains.items():
        block = part[["code", "residents"]].assign(rule=rule, gains_share=(gained > 0).mean(axis=0))
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
