"""Chapter 2: the bread that the grain becomes."""

from __future__ import annotations

import pandas as pd


def bread(sacks: float, loss: pd.Series, loaves_per_sack: float, price_jpy: float) -> pd.DataFrame:
    """Return one row per case of the loss (low, central, high): loss, loaves, takings in JPY."""
    cases = pd.DataFrame({"place": [1, 2, 3], "case": ["low", "central", "high"]})
    lost = cases["case"].map(loss).astype(float)
    loaves = sacks * (1 - lost) * loaves_per_sack
    return cases.assign(loss=lost, loaves=loaves, takings_jpy=loaves * price_jpy)


def bread_states(takings: pd.Series, enough_jpy: float) -> pd.DataFrame:
    """Return the takings in JPY by mill and price, the bakery's own first; ``takings`` by case."""
    mills = {"as_study": "central", "fine_mill": "low", "coarse_mill": "high"}
    rows = [
        {"milling": mill, "price": price, "takings_jpy": takings[case] * part}
        for mill, case in mills.items()
        for price, part in (("as_study", 1.0), ("half_price", 0.5))
    ]
    states = pd.DataFrame(rows).assign(place=range(1, len(rows) + 1))
    enough = states["takings_jpy"] >= enough_jpy
    return states.assign(verdict=enough.map({True: "enough", False: "little"}))


def bakery_lines(takings: pd.Series) -> pd.DataFrame:
    """Return one row per bakery and line: its ovens, and its part of the takings in JPY."""
    rows = []
    for bakery, ovens in (("mill", 2), ("hill", 1)):
        low, value, high = (takings[case] * ovens / 3 for case in ("high", "central", "low"))
        counted = {"part": "observed", "line": "ovens", "value": ovens, "unit": "count"}
        shared = {"part": "shared", "line": "takings", "value": value, "unit": "JPY"}
        rows += [
            {"bakery": bakery, **counted, "year": 1900, "basis": "seen"},
            {"bakery": bakery, **shared, "low": low, "high": high, "basis": "by_ovens"},
        ]
    return pd.DataFrame(rows).astype({"value": float, "year": "Int64"})
