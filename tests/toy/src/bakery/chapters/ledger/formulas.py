"""Chapter 3: what is left of the takings, in this run and in every scenario."""

from __future__ import annotations

import pandas as pd


def ledger(
    headlines: pd.DataFrame, scenarios: pd.DataFrame | None, flour_jpy: float
) -> pd.DataFrame:
    """Return one row per scenario, this run alone where there are none: takings and what is left of
    them, in JPY.
    """
    takings = pd.Series({"this_run": headlines.at["takings", "value"]})
    if scenarios is not None:
        told = scenarios[scenarios["result_id"] == "takings"]
        takings = pd.Series(told["p50"].to_numpy(), told["scenario"].to_numpy())
    rows = takings.rename_axis("scenario").rename("takings_jpy").reset_index()
    return rows.assign(place=range(len(rows)), left_jpy=rows["takings_jpy"] - flour_jpy)
