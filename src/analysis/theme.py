"""The one place that owns type and size of every chart, and what its colours are called.

Charts are drawn for a narrow column: at 4.8 inches and 11.7 points the text is 12 pixels high on a
phone 390 pixels wide. Colour has one meaning in all chapters; no chart sets a font, a size or a
colour of its own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import matplotlib
import matplotlib_fontja  # noqa: F401  registers IPAexGothic with matplotlib
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.colouring import STAND_INS

FONT = "IPAexGothic"
WIDTH_INCHES = 4.8
FONT_POINTS = 11.7
ROW_INCHES = 0.27
PANEL_PAD_INCHES = 0.08

# Stand-ins: a picture gets the palette's own when somebody looks at it.
COLOURS = STAND_INS
# a word or number, or one letter, with the marks that open and close it
JAPANESE_PIECES = r"[（「『]*(?:[!-~]+|[ァ-ヺー]+|\S)[、。：）」』・]*|\s+"
HATCH = "////"  # on bars that rest on a model or a judgement, and on nothing else

# The rival scale models look alike in all chapters; only the middle one carries its band, so that
# bands never pile up.
MODEL_STYLES = {
    "cross_section": {"color": COLOURS["cross_section"], "linestyle": "--", "band": False},
    "joint_cloud": {"color": COLOURS["pooled"], "linestyle": "-", "band": True},
    "source_report": {"color": COLOURS["claim"], "linestyle": "-.", "band": False},
}

sns.set_theme(
    style="ticks",
    font=FONT,
    rc={
        "font.size": FONT_POINTS,
        "axes.labelsize": FONT_POINTS,
        "axes.titlesize": FONT_POINTS,
        "xtick.labelsize": FONT_POINTS,
        "ytick.labelsize": FONT_POINTS,
        "legend.fontsize": FONT_POINTS,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.edgecolor": COLOURS["quiet"],
        "axes.labelcolor": COLOURS["ink"],
        "text.color": COLOURS["ink"],
        "xtick.color": COLOURS["ink"],
        "ytick.color": COLOURS["ink"],
        "axes.linewidth": 0.8,
        "xtick.major.width": 0.8,
        "ytick.major.width": 0.8,
        "xtick.major.size": 3.5,
        "ytick.major.size": 3.5,
        "hatch.linewidth": 0.6,
        "hatch.color": "#ffffff",
        "axes.unicode_minus": True,
        "figure.facecolor": "white",
        "savefig.facecolor": "white",
        # a given height spares a search over ticks and labels; no chart has a title above its ticks
        "axes.titley": 1.0,
        "axes.grid": False,
        "grid.color": COLOURS["grid"],
    },
)
matplotlib.rcParams["figure.constrained_layout.use"] = True


def new_figure(
    height: float = 3.4, rows: int | None = None, nrows: int = 1, ncols: int = 1, **subplots: object
) -> tuple[Figure, Axes]:
    """Return an empty figure of the one width and its axes; ``rows`` sets the height for so many
    labelled rows.

    With more than one panel the second value is numpy's array of axes, as `Figure.subplots` gives
    it.

    >>> figure, axes = new_figure(rows=23)
    >>> round(float(figure.get_figheight()), 2)
    7.06
    """
    inches = rows * ROW_INCHES + 0.85 if rows is not None else height
    figure = Figure(figsize=(WIDTH_INCHES, inches), layout="constrained")
    if nrows > 1:  # the name of an axis keeps clear of the next panel's title
        figure.set_layout_engine("constrained", h_pad=PANEL_PAD_INCHES)
    return figure, figure.subplots(nrows, ncols, **subplots)


def quiet_grid(axes: Axes, axis: str = "x") -> None:
    """Lay thin grid lines behind the marks, along one axis only."""
    axes.grid(True, axis=axis, color=COLOURS["grid"], linewidth=0.6)
    axes.set_axisbelow(True)


def name_rows(axes: Axes, names: Sequence[str]) -> None:
    """Write one name a row, first name on top, with no tick marks."""
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)


def name_axis(axes: Axes, text: str) -> None:
    """Write the title of the horizontal axis under the whole figure, where a long one has room."""
    axes.figure.supxlabel(text, fontsize=FONT_POINTS)


def label_line(
    axes: Axes, x: float, y: float, text: str, colour: str = "ink", **annotation: object
) -> None:
    """Write a label on a mark, with a white halo so that a line behind it does not cut the
    letters.
    """
    settings = {
        "ha": "left",
        "va": "center",
        "textcoords": "offset points",
        "xytext": (4, 0),
        **annotation,
    }
    label = axes.annotate(text, (x, y), color=COLOURS.get(colour, colour), **settings)
    label.set_bbox({"facecolor": "white", "edgecolor": "none", "pad": 0.8, "alpha": 0.8})


def claim_line(axes: Axes, x: float, text: str, y: float = 1.0, **annotation: object) -> None:
    """Draw a published claim as a vermilion vertical line with its name written at height ``y`` of
    the axes.
    """
    axes.axvline(x, color=COLOURS["claim"], linewidth=1.6)
    settings = {
        "ha": "left",
        "va": "top",
        "textcoords": "offset points",
        "xytext": (4, 0),
        **annotation,
    }
    axes.annotate(
        text, (x, y), xycoords=("data", "axes fraction"), color=COLOURS["claim"], **settings
    )


def wrapped(text: str, columns: int, lang: str) -> str:
    """Break a text into lines: English between words, Japanese between letters but never inside a
    word or number.

    ``columns`` counts Latin letters; a Japanese character takes two.

    >>> wrapped("GovTech東京の設立", 11, "ja"), wrapped("founded in July", 11, "en")
    ('GovTech東京\\nの設立', 'founded in\\nJuly')
    """
    lines, width = [""], 0
    for piece in re.findall(JAPANESE_PIECES if lang == "ja" else r"\S+|\s+", text):
        size = sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in piece)
        if width + size > columns and not piece.isspace():
            lines, width = [*lines, ""], 0
        lines[-1], width = lines[-1] + piece, width + size
    return "\n".join(line.strip() for line in lines)
