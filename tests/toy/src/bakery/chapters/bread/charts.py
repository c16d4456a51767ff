"""The chart of chapter 2."""

from __future__ import annotations

import matplotlib_fontja  # noqa: F401  its letters are Japanese, too
import pandas as pd
from matplotlib.figure import Figure

from bakery.palette import STAND_INS
from workbook.words.chart_words import Words

SIZE_INCHES = (4, 2)


def plot_takings(bread: pd.DataFrame, words: Words) -> Figure:
    """Draw the takings, in yen, over the share that milling loses."""
    figure = Figure(figsize=SIZE_INCHES)
    axes = figure.subplots()
    axes.plot(bread["loss"], bread["takings_jpy"], marker="o", color=STAND_INS["grain"])
    axes.set(xlabel=words["milling_loss"], ylabel=words["takings_axis"])
    return figure
