"""The tile map: a tile for each ward where it lies, readable on any ground, and silent about what
is not known.
"""

import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg

from analysis import colouring, tile_map
from analysis.theme import new_figure
from workbook.words.chart_words import Words

DATA = Path(__file__).parents[2] / "data"
channel = st.integers(0, 255)


def table(name):
    return pd.read_csv(DATA / f"{name}.csv", dtype={"code": str})


@pytest.fixture(scope="module")
def layout():
    return table("tile_layout")[:23]  # the wards


def drawn(layout, values, lang="en", texts=None):
    names = {
        ward.code: {"ja": ward.name_ja, "en": ward.name_en}
        for ward in table("municipalities").itertuples()
    }
    figure, axes = new_figure(height=tile_map.MAP_INCHES)
    texts = values.map("{:.0f}%".format) if texts is None else texts
    tile_map.draw_tiles(
        axes, layout, values, texts, tile_map.shades(values), Words(lang, {}, names=names)
    )
    FigureCanvasAgg(figure).draw()
    return axes


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_every_name_and_value_stays_inside_its_own_tile(layout, lang):
    values = pd.Series(np.arange(78.0, 101), layout["code"])
    axes = drawn(layout, values, lang)
    tiles = {
        (
            round(tile.get_x() + tile_map.TILE / 2),
            round(tile.get_y() + tile_map.TILE / 2),
        ): tile.get_window_extent()
        for tile in axes.patches
    }
    assert len(tiles) == 23
    for text in axes.texts:
        box, tile = (
            text.get_window_extent(),
            tiles[round(text.get_position()[0]), round(text.get_position()[1])],
        )
        assert (
            tile.x0 + 1 <= box.x0
            and box.x1 <= tile.x1 - 1
            and tile.y0 <= box.y0
            and box.y1 <= tile.y1
        ), text.get_text()


def test_north_is_up(layout):
    axes = drawn(layout, pd.Series(1.0, layout["code"]))
    places = {text.get_text(): text.get_window_extent() for text in axes.texts}
    assert (
        places["Kita"].y0 > places["Chiyoda"].y0 > places["Ota"].y0
        and places["Nerima"].x0 < places["Edogawa"].x0
    )


def test_a_ward_without_a_value_is_an_open_tile_and_no_zero(layout):
    values = pd.Series(5.0, layout["code"])
    values[layout["code"].iloc[0]] = np.nan
    axes = drawn(layout, values.drop(layout["code"].iloc[1]))
    assert sum(text.get_text() == "5%" for text in axes.texts) == 21
    assert sum(tile.get_facecolor()[3] == 0 for tile in axes.patches) == 2


def test_values_without_tile_or_text_are_all_named(layout):
    values = pd.Series(1.0, [*layout["code"], "999999"])
    with pytest.raises(ValueError, match="131016, 999999"):
        drawn(layout, values, texts=values.map(str).drop("131016"))


@given(channel, channel, channel)
@example(0xFD, 0, 0)
@example(0xFD, 0xFF, 0)
@example(0xFE, 0, 3)
@example(0xFB, 0xFF, 0)
def test_ink_is_readable_on_any_ground(red, green, blue):
    # tempting: one ink for all grounds, which fails on the dark or on the light ones
    ground = f"#{red:02x}{green:02x}{blue:02x}"
    shown = (colouring._itself(colour) for colour in (ground, colouring.ink_on(ground)))
    lighter, darker = sorted(map(colouring.luminance, shown), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


@given(st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=9))
def test_a_larger_value_is_never_lighter(values):
    ordered = tile_map.shades(pd.Series(sorted(values)))
    lights = [colouring.luminance(colouring._itself(colour)) for colour in ordered]
    assert all(later <= earlier + 1e-9 for earlier, later in itertools.pairwise(lights))


def test_two_maps_on_one_scale_share_their_colours():
    one = tile_map.shades(pd.Series({"a": 2.0}), "pooled", 0, 4)
    other = tile_map.shades(pd.Series({"a": 2.0, "b": 4.0}), "pooled", 0, 4)
    assert one["a"] == other["a"]
    # tempting: bounds of each map's own, so that the same value is dark here and light there
    assert tile_map.shades(pd.Series({"a": 2.0, "b": 4.0}), "pooled")["a"] != other["a"]


def test_the_key_names_its_colours(layout):
    axes = drawn(layout, pd.Series(1.0, layout["code"]))
    tile_map.draw_key(axes, {"platform 1": "#0072b2", "platform 2": "#7fb3d5"})
    assert [text.get_text() for text in axes.texts[-2:]] == ["platform 1", "platform 2"]


def test_a_name_is_broken_only_where_its_tile_is_too_narrow(layout):
    codes = dict(
        zip(table("municipalities")["name_en"], table("municipalities")["code"], strict=True)
    )
    few = pd.DataFrame(
        {"code": [codes["Shinagawa"], codes["Suginami"]], "column": [1, 2], "row": [1, 1]}
    )
    # tempting: one width for all maps, though tiles of a map of few are half as wide again
    said = [text.get_text() for text in drawn(few, pd.Series(1.0, few["code"])).axes.texts]
    assert "Shinagawa" in said and "Suginami" in said
    said = [text.get_text() for text in drawn(layout, pd.Series(1.0, layout["code"])).axes.texts]
    assert "Shina-" in said and "Suginami" in said
