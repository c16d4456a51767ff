"""Chapter 5, second half: who pays what of the pooled systems, and who would do better outside.

Money is nominal yen a year; ``code`` is the six-digit local government code; a draw is one possible world, the same in
all chapters. No ward's own cost is public: what is said of one ward is an interval over draws or a share of them.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.methods import cooperative_game as sharing
from analysis.methods.drawn_games import DrawnGames, running_norm
from analysis.methods.uncertainty import draw_inputs

INPUTS = ["body_running_cost", "coordination_loss", "coordination_curvature"]
ORDERS, JOINING_ORDERS, ORDERS_SEED = 200, 16, 5
COORDINATION_DRAWS = 64      # with coordination the search over coalitions is one a size, hence fewer draws
LEVELS = {"p10": 0.1, "p50": 0.5, "p90": 0.9}
Charges = Mapping[str, NDArray]


def evidence_of_inputs(ranges: pd.DataFrame, parameter_evidence: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the ranges of this chapter's inputs, and the evidence rows behind them."""
    return ranges[ranges["input"].isin(INPUTS)], parameter_evidence[parameter_evidence["input"].isin(INPUTS)]


def verdict_inputs(ranges: pd.DataFrame, register: pd.DataFrame, draws_log2: int, shape: str, correlation: float) -> pd.DataFrame:
    """Return the body's running cost (yen a year), coordination loss and its curvature, one row per draw from draw 0."""
    return draw_inputs(ranges, register, draws_log2, shape, correlation)[INPUTS]


def ward_games(costs: pd.DataFrame, pooled: pd.DataFrame, inputs: pd.DataFrame, exponent: float | None) -> DrawnGames:
    """Return the wards' cost games, one per row of ``inputs``, players in the order of their codes, without coordination.

    ``costs`` has a row per ward and draw (``draw``, ``code``, ``cost_jpy``), ``pooled`` chapter 3's ``fixed_share`` per
    draw; without an ``exponent`` the largest ward alone sets the platform. Refused: draws that a table lacks, all named.
    """
    exponent = np.inf if exponent is None else exponent
    own, shares = costs.pivot(index="draw", columns="code", values="cost_jpy"), pooled.set_index("draw")["fixed_share"]
    missing = sorted(set(inputs.index) - (set(own.dropna().index) & set(shares.index)))
    if missing:
        raise ValueError(f"no ward costs or no fixed share in draws {', '.join(map(str, missing))}")
    own_costs, nothing = own.loc[inputs.index].to_numpy(), np.zeros(len(inputs))
    phi = scaled_fixed_share(own_costs, shares.loc[inputs.index].to_numpy(), exponent)
    return DrawnGames(own_costs, phi, inputs["body_running_cost"].to_numpy(), nothing, nothing + 1, exponent)


def scaled_fixed_share(own_costs: NDArray, fixed_share: NDArray, exponent: float) -> NDArray:
    """Return phi of the game (draws,), with which all together save what chapter 3 says of one platform.

    Chapter 3 counts bodies of equal size: phi (1 - 1/n) of the spend. Here bodies differ, so phi' = phi (1 - 1/n) C /
    (C - norm). Above one is cut, as in chapter 3. The trap: one phi for both would let the study save two different sums.

    >>> scaled_fixed_share(np.array([[1.0, 1.0]]), np.array([0.4]), np.inf).tolist()   # equal bodies: no change
    [0.4]
    """
    total, bodies = own_costs.sum(axis=1), own_costs.shape[1]
    spared = total - running_norm(own_costs, exponent)[:, -1]
    return np.minimum(fixed_share * (1 - 1 / bodies) * total / spared, 1)


def with_coordination(game: DrawnGames, inputs: pd.DataFrame, terms: pd.DataFrame, draws: int) -> DrawnGames:
    """Return the first draws of the games with what differing rules cost, averaged over system groups by spend.

    ``terms`` are chapter 3's: ``spend_share`` and ``coordination_factor`` per system group.
    """
    chosen = inputs.iloc[:draws]
    loss = chosen["coordination_loss"].to_numpy() * float(terms["spend_share"] @ terms["coordination_factor"])
    return DrawnGames(game.own_costs[:draws], game.fixed_share[:draws], game.body_cost[:draws], loss,
                       chosen["coordination_curvature"].to_numpy(), game.exponent)


def quick_charges(game: DrawnGames, residents: NDArray) -> dict[str, NDArray]:
    """Return what each ward pays in each draw under the rules quick enough for every draw, (draws, wards) per rule.

    Shapley is estimated over the same joining orders in all draws; `shapley_error` says how far it may be off.
    """
    bodies, total = game.players, game.cost_of(np.ones(game.players, dtype=bool))[:, None]
    return {"shapley": game.shapley_estimate(joining_orders(bodies, ORDERS)),
            "own_cost": game.own_costs * (total / game.own_costs.sum(axis=1, keepdims=True)),
            "residents": total * sharing.proportional_shares(1.0, residents),
            "equal": total * sharing.equal_shares(1.0, bodies)}


def joining_orders(bodies: int, count: int) -> NDArray:
    """Return random orders of joining, (count, bodies), the same in every run."""
    return np.random.default_rng(ORDERS_SEED).permuted(np.tile(np.arange(bodies), (count, 1)), axis=1)


def shapley_error(central: DrawnGames, exact: NDArray) -> float:
    """Return the largest error of the estimate in the central case, as a share of a ward's charge; ``exact`` is (wards,)."""
    estimate = central.shapley_estimate(joining_orders(central.players, ORDERS))[0]
    return float(np.abs(estimate / exact - 1).max())


def cost_shares(part: pd.DataFrame, game: DrawnGames, charges: Charges, central: Charges, central_own: NDArray) -> pd.DataFrame:
    """Return what each ward pays under each rule: one row per ward and rule.

    Over draws: charge, charge per resident and charge as a share of own cost as P10, P50, P90, the gain against its own
    cost, and the share of draws in which it pays more than alone. Rules too slow for that have the central case only.
    ``part`` has code and residents in the order of the players; ``central`` and ``central_own`` are the central case's
    charges and own costs, (wards,).
    """
    blocks = []
    for rule, central_charge in central.items():
        block = part[["code"]].assign(rule=rule, central_charge_jpy=central_charge,
                                      central_charge_per_resident_jpy=central_charge / part["residents"].to_numpy(float),
                                      central_share_of_own_cost=central_charge / central_own)
        if rule in charges:
            paid, residents = charges[rule], part["residents"].to_numpy(float)
            for name, values in (("charge_{}_jpy", paid), ("charge_per_resident_{}_jpy", paid / residents),
                                 ("share_of_own_cost_{}", paid / game.own_costs), ("gain_{}_jpy", game.own_costs - paid)):
                block[[name.format(level) for level in LEVELS]] = np.quantile(values, list(LEVELS.values()), axis=0).T
            block["worse_off_share"] = (paid > game.own_costs).mean(axis=0)
        blocks.append(block)
    return pd.concat(blocks, ignore_index=True)


def temptations(variants: Mapping[str, tuple[DrawnGames, Charges]], tolerance_jpy: float) -> pd.DataFrame:
    """Return `temptation` of each variant of the games, one row per variant and rule."""
    return pd.concat([temptation(name, game, charges, tolerance_jpy) for name, (game, charges) in variants.items()], ignore_index=True)


def temptation(variant: str, game: DrawnGames, charges: Charges, tolerance_jpy: float) -> pd.DataFrame:
    """Return how strongly each rule tempts wards to leave, one row per rule, over all coalitions of every draw.

    A ward or coalition leaves if that spares it more than ``tolerance_jpy`` a year. ``largest_excess`` is what the most
    tempted coalition pays beyond its own cost (below zero: it would lose by leaving), ``compensation`` what would have to
    be paid to wards that pay more than alone. The trap: a rule that suits every ward alone may still lose 22 together.
    """
    rows = []
    for rule, paid in charges.items():
        excesses, over = game.largest_excesses(paid), paid - game.own_costs
        leaving = excesses > tolerance_jpy
        first = np.where(leaving.any(axis=1), leaving.argmax(axis=1) + 1.0, np.nan)
        row = {"variant": variant, "rule": rule, "draws": len(paid), "ward_leaves_share": leaving[:, 0].mean(),
               "coalition_leaves_share": leaving.any(axis=1).mean(),
               "smallest_leaving_p50": np.median(first[leaving.any(axis=1)]) if leaving.any() else np.nan,
               "compensation_p50_jpy": np.median(np.clip(over, 0, None).sum(axis=1))}
        for level, share in LEVELS.items():
            row[f"worse_off_{level}"] = np.quantile((over > tolerance_jpy).sum(axis=1), share)
            row[f"largest_excess_{level}_jpy"] = np.quantile(excesses.max(axis=1), share)
        rows.append(row)
    return pd.DataFrame(rows)


def largest_share(charges: NDArray) -> dict[str, float]:
    """Return P10, P50, P90 of the largest share that one ward bears; ``charges`` is (draws, wards). It names no ward."""
    return {level: float(np.quantile((charges / charges.sum(axis=1, keepdims=True)).max(axis=1), share)) for level, share in LEVELS.items()}


def participation(game: DrawnGames) -> pd.DataFrame:
    """Return what 1, 2, … n wards save together, body paid, over draws and random orders of joining; one row per number."""
    saved = []
    for order in joining_orders(game.players, JOINING_ORDERS):
        saved.append(game.own_costs[:, order].cumsum(axis=1) - game.paths(order))
    saved = np.vstack(saved)
    levels = pd.DataFrame(np.quantile(saved, list(LEVELS.values()), axis=0).T, columns=[f"saving_{x}_jpy" for x in LEVELS])
    return levels.assign(wards=range(1, game.players + 1), pays_share=(saved > 0).mean(axis=0))


def participants(part: pd.DataFrame, named: pd.DataFrame, game: DrawnGames) -> pd.DataFrame:
    """Return what the wards that the report names save together, what the others add, and what all save.

    One row per group of wards, yen a year and per resident; a run that has only the named wards gives their row alone.
    """
    inside, everybody = part["code"].isin(named["code"]).to_numpy(), np.ones(len(part), dtype=bool)
    saved = {name: game.own_costs[:, who].sum(axis=1) - game.cost_of(who) for name, who in (("named", inside), ("all_wards", everybody))}
    groups = {"named": (inside, saved["named"])}
    if not inside.all():
        groups |= {"others_add": (~inside, saved["all_wards"] - saved["named"]), "all_wards": (everybody, saved["all_wards"])}
    rows = []
    for name, (who, saving) in groups.items():
        residents = int(part.loc[who, "residents"].sum())
        levels = {f"saving_{level}_jpy": np.quantile(saving, share) for level, share in LEVELS.items()}
        rows.append({"wards_in": name, "wards": int(who.sum()), "residents": residents} | levels
                    | {"saving_per_resident_jpy": np.median(saving) / residents, "pays_share": (saving > 0).mean()})
    return pd.DataFrame(rows)


def meeting_table(part: pd.DataFrame, game: DrawnGames, shares: pd.DataFrame) -> pd.DataFrame:
    """Return one row per ward with what a meeting needs: own cost, charge, gain, and how often residents would be dearer."""
    by_rule = shares.set_index(["rule", "code"])
    fair, residents = by_rule.loc["shapley"].loc[part["code"]], by_rule.loc["residents"].loc[part["code"]]
    return pd.DataFrame({
        "code": part["code"].to_numpy(), "residents": part["residents"].to_numpy(int), "own_cost_jpy": np.median(game.own_costs, axis=0),
        "charge_jpy": fair["charge_p50_jpy"].to_numpy(), "charge_per_resident_jpy": fair["charge_per_resident_p50_jpy"].to_numpy(),
        "gain_low_jpy": fair["gain_p10_jpy"].to_numpy(), "gain_jpy": fair["gain_p50_jpy"].to_numpy(), "gain_high_jpy": fair["gain_p90_jpy"].to_numpy(),
        "charge_by_residents_jpy": residents["charge_p50_jpy"].to_numpy(), "dearer_by_residents_share": residents["worse_off_share"].to_numpy()})


def charge_map(meeting: pd.DataFrame, layout: pd.DataFrame) -> pd.DataFrame:
    """Return each ward's charge per resident with the place of its tile, one row per ward."""
    columns = ["code", "charge_per_resident_jpy", "gain_jpy", "residents"]
    return layout.merge(meeting[columns], on="code", validate="one_to_one")
