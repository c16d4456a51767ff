"""The chart of other mills and prices."""

from __future__ import annotations

import matplotlib_fontja  # noqa: F401  its letters are Japanese, too
import pandas as pd
from matplotlib.figure import Figure

from bakery.chapters.bread.charts import SIZE_INCHES
from bakery.palette import STAND_INS
from workbook.words.chart_words import Words


def plot_states(states: pd.DataFrame, bread: pd.DataFrame, words: Words) -> Figure:
    """Draw the takings of each state as a mark, in yen, and those of each loss as a line."""
    figure = Figure(figsize=SIZE_INCHES)
    axes = figure.subplots()
    axes.plot(states["place"], states["takings_jpy"], "o", color=STAND_INS["grain"], markersize=5)
    for takings in bread["takings_jpy"]:
        axes.axhline(takings, linewidth=0.5)
    axes.set(xlabel=words["state_axis"], ylabel=words["takings_axis"])
    return figure
