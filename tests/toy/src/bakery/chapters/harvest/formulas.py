"""Chapter 1: the grain of each field."""

from __future__ import annotations

import pandas as pd


def grain(fields: pd.DataFrame, sacks_per_km2: float, fallow_share: float) -> pd.DataFrame:
    """Return one row per field with its sown area in km2 and its sacks of grain."""
    sown = fields["km2"] * (1 - fallow_share)
    return fields[["field"]].assign(sown_km2=sown, sacks=sown * sacks_per_km2)
