"""Chapter 5, what goes to a meeting: one row a ward with its charge, what that saves, and what is
left once all is paid.

Money is nominal yen a year; charges are by the Shapley value, the rule of which the chapter finds
that it keeps all in.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.methods.drawn_games import DrawnGames


def meeting_table(
    part: pd.DataFrame,
    named: pd.DataFrame,
    game: DrawnGames,
    shares: pd.DataFrame,
    net: pd.DataFrame,
) -> pd.DataFrame:
    """Return one row per ward with what a meeting needs, yen a year, charges by the Shapley value.

    Own cost, charge and gain of running cost, before the move; what is left once all is paid
    (``net``, the table of `net_gains.winners_losers`) with the share of draws in which that is a
    gain; what residents as the rule would charge; the ward's role in the report. The trap: one gain
    for both; running cost falls where the ward ends up paying more.
    """
    fair, after, residents = (
        table.set_index(["rule", "code"]).loc[rule].loc[part["code"]]
        for table, rule in ((shares, "shapley"), (net, "shapley"), (shares, "residents"))
    )
    # of a group without named wards the roles are all missing, and no texts yet
    role = part["code"].map(named.set_index("code")["role"]).astype(object).fillna("none")
    return pd.DataFrame(
        {
            "code": part["code"].to_numpy(),
            "role": role.to_numpy(),
            "residents": part["residents"].to_numpy(int),
            "own_cost_jpy": np.median(game.own_costs, axis=0),
            "charge_jpy": fair["charge_p50_jpy"].to_numpy(),
            "charge_per_resident_jpy": fair["charge_per_resident_p50_jpy"].to_numpy(),
            "gain_low_jpy": fair["gain_p10_jpy"].to_numpy(),
            "gain_jpy": fair["gain_p50_jpy"].to_numpy(),
            "gain_high_jpy": fair["gain_p90_jpy"].to_numpy(),
            "net_gain_low_jpy": after["gain_p10_jpy"].to_numpy(),
            "net_gain_jpy": after["gain_p50_jpy"].to_numpy(),
            "net_gain_high_jpy": after["gain_p90_jpy"].to_numpy(),
            "net_gains_share": after["gains_share"].to_numpy(),
            "charge_by_residents_jpy": residents["charge_p50_jpy"].to_numpy(),
            "dearer_by_residents_share": residents["worse_off_share"].to_numpy(),
        }
    )


def charge_map(meeting: pd.DataFrame, layout: pd.DataFrame, spans: pd.DataFrame) -> pd.DataFrame:
    """Return each ward's charge per resident with its interval over what drives the wards' cost and
    the place of its tile, one row per ward.

    ``spans``, in the order of ``meeting``, as from `drivers.interval`.
    """
    columns = ["code", "charge_per_resident_jpy", "gain_jpy", "residents"]
    charges = pd.concat([meeting[columns].reset_index(drop=True), spans], axis=1)
    return layout.merge(charges, on="code", validate="one_to_one")
