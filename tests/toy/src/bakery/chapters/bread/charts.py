"""The chart of chapter 2."""

from __future__ import annotations

import matplotlib_fontja  # noqa: F401  its letters are Japanese, too
import pandas as pd
from matplotlib.figure import Figure

from workbook.words.chart_words import Words


def plot_takings(bread: pd.DataFrame, words: Words) -> Figure:
    """Draw the takings, in yen, over the share that milling loses."""
    figure = Figure(figsize=(4, 2))
    axes = figure.subplots()
    axes.plot(bread["loss"], bread["takings_jpy"], marker="o")
    axes.set(xlabel=words["milling_loss"], ylabel=words["takings_axis"])
    return figure
