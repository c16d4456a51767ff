"""The chart of chapter 1."""

from __future__ import annotations

import matplotlib_fontja  # noqa: F401  its letters are Japanese, too
import pandas as pd
from matplotlib.figure import Figure

from bakery.palette import STAND_INS
from workbook.words.chart_words import Words


def plot_grain(grain: pd.DataFrame, words: Words) -> Figure:
    """Draw one bar per field, in sacks."""
    figure = Figure(figsize=(4, 2))
    axes = figure.subplots()
    axes.barh([words[field] for field in grain["field"]], grain["sacks"], color=STAND_INS["grain"])
    axes.set_xlabel(words["sacks_axis"])
    return figure
