"""Chapter 2: the bread that the grain becomes."""

from __future__ import annotations

import pandas as pd


def bread(sacks: float, loss: pd.Series, loaves_per_sack: float, price_jpy: float) -> pd.DataFrame:
    """Return one row per case of the loss (low, central, high): loss, loaves, takings in JPY."""
    cases = pd.DataFrame({"place": [1, 2, 3], "case": ["low", "central", "high"]})
    lost = cases["case"].map(loss).astype(float)
    loaves = sacks * (1 - lost) * loaves_per_sack
    return cases.assign(loss=lost, loaves=loaves, takings_jpy=loaves * price_jpy)
