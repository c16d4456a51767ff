"""What several chart tests look at: every chart of a module drawn in both languages, and the texts
on its axes.
"""

from itertools import combinations
from pathlib import Path

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from workbook.words.labels import chart_words

DATA = Path(__file__).parents[2] / "data"


def facts(name):
    return pd.read_csv(DATA / f"{name}.csv", dtype={"code": str})


def names_of_municipalities():
    return {
        municipality.code: {"ja": municipality.name_ja, "en": municipality.name_en}
        for municipality in facts("municipalities").itertuples()
    }


def draw_all(charts, wanted, tables):
    """Every chart of ``wanted`` (name: its tables) in both languages, laid out, by chart and
    language.
    """
    names, figures = names_of_municipalities(), {}
    for lang in ("ja", "en"):
        for chart, frames in wanted.items():
            figure = getattr(charts, chart)(
                *(tables[name] for name in frames),
                chart_words(charts.__name__.removeprefix("analysis.chapters."), lang, names),
            )
            FigureCanvasAgg(figure).draw()
            figures[chart, lang] = figure
    return figures


def clipped(figure, texts):
    """Those of some texts (with their boxes) that reach beyond the figure's edge."""
    canvas = figure.bbox
    return [
        text
        for text, box in texts
        if box.x0 < canvas.x0 - 1
        or box.x1 > canvas.x1 + 1
        or box.y0 < canvas.y0 - 1
        or box.y1 > canvas.y1 + 1
    ]


def covered(texts):
    """The pairs of some texts (with their boxes) of which one runs into the other. A box holds the
    line's full height: two of them may touch.
    """
    return [
        (a, b)
        for (a, one), (b, two) in combinations(texts, 2)
        if min(one.x1, two.x1) - max(one.x0, two.x0) > 2
        and min(one.y1, two.y1) - max(one.y0, two.y0) > 4
    ]


def written(axes):
    """Every text on the axes: marks, title, tick labels within the view, name of the horizontal
    axis.
    """
    (left, right), (low, high) = sorted(axes.get_xlim()), sorted(axes.get_ylim())
    ticks = [
        *(
            tick
            for tick in axes.get_xticklabels()
            if left - 1e-9 <= tick.get_position()[0] <= right + 1e-9
        ),
        *(
            tick
            for tick in axes.get_yticklabels()
            if low - 1e-9 <= tick.get_position()[1] <= high + 1e-9
        ),
    ]
    texts = [*axes.texts, axes.xaxis.label, axes._left_title, *ticks]
    return [text for text in texts if text.get_text().strip() and text.get_visible()]


def written_anywhere(figure):
    """Every text that a reader sees: neither empty, nor of an axis that is switched off, nor of a
    tick beyond its axis.
    """
    unseen = {
        id(text)
        for axes in figure.findobj(Axes)
        for axis in (axes.xaxis, axes.yaxis)
        for text in _unseen(axes, axis)
    }
    return [
        text
        for text in figure.findobj(Text)
        if text.get_text().strip() and text.get_visible() and id(text) not in unseen
    ]


def _unseen(axes, axis):
    low, high = sorted(axis.get_view_interval())
    ticks = [*axis.get_major_ticks(), *axis.get_minor_ticks()]
    hidden = [
        tick for tick in ticks if not (axes.axison and low - 1e-9 <= tick.get_loc() <= high + 1e-9)
    ]
    return [label for tick in hidden for label in (tick.label1, tick.label2)] + (
        [] if axes.axison else [axis.label, axis.offsetText]
    )
