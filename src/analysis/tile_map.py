"""A tile map of the wards: equal tiles in their true neighbourhood, for any indicator.

Land area says nothing of residents or costs; equal tiles keep Chiyoda readable next to Setagaya.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Rectangle
from matplotlib.textpath import TextPath

from analysis.colouring import LEVELS, ink_on, shades_of
from analysis.theme import COLOURS, FONT
from workbook.words.chart_words import Words

# side of a tile, and how far its two lines of text stand from its middle
TILE, LINE = 0.96, 0.2
# what fits across a tile of a map of six columns with air on both sides, in letters' heights; a
# longer name is broken between syllables
COLUMNS, LONGEST_NAME = 6, 4.4
SYLLABLE = r"[^aeiou]*[aeiou](?:n(?![aeiouy]))?"
# height of a figure that holds six rows of six tiles and nothing else
MAP_INCHES = 4.6
# a map of a few municipalities is drawn as if it had so many columns: tiles stay tiles
FEWEST_COLUMNS = 4
# Japanese letters that fit; a longer name goes without its last one (市, 区, 町, 村)
LONGEST_JAPANESE = 4
LIGHTEST, DARKEST = 0.08, 1.0  # shares of the full hue at the least and the largest value
# distance of two lines of the key, and side of its squares, in tiles
KEY_LINE, KEY_SIDE = 0.42, 0.3


def draw_tiles(
    axes: Axes,
    layout: pd.DataFrame,
    values: pd.Series,
    texts: pd.Series,
    colours: pd.Series,
    words: Words,
) -> None:
    """Draw one tile a municipality: its name, below it ``texts``, on a ground of ``colours``;
    nothing else is on the axes.

    ``layout`` has code, column, row (from 1, row 1 in the north); the three Series are indexed by
    code and may leave municipalities out. A municipality without a value (absent or NaN) gets an
    open tile with its name only. Refused: values whose municipality has no tile, text or colour,
    all named. The trap: colour alone is no figure, hence the text in every tile.
    """
    known = values.dropna().index
    lost = sorted(set(known) - (set(layout["code"]) & set(texts.index) & set(colours.index)))
    if lost:
        raise ValueError(f"no tile, text or colour for {', '.join(lost)}")
    columns = max(layout["column"].max(), FEWEST_COLUMNS)
    for tile in layout.itertuples():
        filled = tile.code in known
        _tile(
            axes,
            tile.column,
            tile.row,
            colours[tile.code] if filled else None,
            broken(words.municipality(tile.code), LONGEST_NAME * COLUMNS / columns),
            str(texts[tile.code]) if filled else "",
        )
    axes.set_xlim(0.5, columns + 0.5)
    axes.set_ylim(layout["row"].max() + 0.5, layout["row"].min() - 0.5)
    axes.set_aspect("equal")
    axes.set_axis_off()


def map_inches(layout: pd.DataFrame) -> float:
    """Return the height of a figure that holds the tiles of a layout and nothing else."""
    return MAP_INCHES * layout["row"].max() / max(layout["column"].max(), FEWEST_COLUMNS)


def _tile(
    axes: Axes, column: float, row: float, colour: str | None, name: list[str], text: str
) -> None:
    fill = (
        {"facecolor": colour}
        if colour
        else {"facecolor": "none", "edgecolor": COLOURS["grid"], "linewidth": 1}
    )
    axes.add_patch(Rectangle((column - TILE / 2, row - TILE / 2), TILE, TILE, **fill))
    ink = ink_on(colour) if colour else COLOURS["quiet"]
    lines = [*name, *([text] if text else [])]
    step = 2 * LINE if len(lines) < 3 else 1.35 * LINE
    # inside the tile: they move no margin, so none is measured
    for place, line in enumerate(lines):
        axes.text(
            column,
            row + (place - (len(lines) - 1) / 2) * step,
            line,
            ha="center",
            va="center",
            color=ink,
            in_layout=False,
        )


def broken(name: str, longest: float = LONGEST_NAME) -> list[str]:
    """Return a romanised name in one line, or in two where it is too long; a long Japanese one goes
    without its 市.

    >>> (
    ...     broken("Katsushika"),
    ...     broken("Yokohama"),
    ...     broken("Suginami"),
    ...     broken("武蔵村山市"),
    ...     broken("世田谷区"),
    ... )
    (['Katsu-', 'shika'], ['Yoko-', 'hama'], ['Suginami'], ['武蔵村山'], ['世田谷区'])
    """
    if len(name) > LONGEST_JAPANESE and name[-1] in "区市町村":
        return [name[:-1]]
    syllables = re.findall(SYLLABLE, name, flags=re.IGNORECASE)
    if _width(name) <= longest or len(syllables) < 2:
        return [name]
    half = "".join(syllables[: (len(syllables) + 1) // 2])
    return [f"{half}-", name[len(half) :]]


@cache
def _width(name: str) -> float:
    """How wide a name is, in heights of its letters: an i takes less than half of an m."""
    measured = TextPath((0, 0), name, size=1, prop=FontProperties(family=FONT))
    return float(measured.get_extents().width)


def draw_key(axes: Axes, entries: Mapping[str, str], column: float = 3.6, row: float = 5.0) -> None:
    """Name colours in the map's empty corner: ``entries`` maps each text to its colour, the first
    line at (column, row).
    """
    for place, (text, colour) in enumerate(entries.items()):
        height = row + place * KEY_LINE
        axes.add_patch(
            Rectangle((column, height - KEY_SIDE / 2), KEY_SIDE, KEY_SIDE, facecolor=colour)
        )
        axes.text(column + 1.4 * KEY_SIDE, height, text, va="center")


def shades(
    values: pd.Series, colour: str = "today", low: float | None = None, high: float | None = None
) -> pd.Series:
    """Return a colour for each value, by the same index: the theme's hue, from nearly white at
    ``low`` to full at ``high``.

    Bounds default to the values' own. Values outside are drawn as the bound. The trap: give both
    bounds wherever two maps are to be compared.

    >>> shades(pd.Series({"a": 0.0, "b": 1.0}), "pooled").tolist()
    ['#fd0114', '#fd01ff']
    """
    low, high = (values.min() if low is None else low), (values.max() if high is None else high)
    share = ((values - low) / (high - low if high > low else 1)).clip(0, 1)
    share = share.fillna(0)  # a tile without a value shows no colour
    steps = (LIGHTEST + (DARKEST - LIGHTEST) * share) * LEVELS
    of_hue = shades_of(colour)
    return steps.map(lambda step: of_hue[min(int(step), LEVELS - 1)])
