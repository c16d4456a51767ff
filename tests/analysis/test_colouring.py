"""Colours are put in when somebody looks: stand-ins are no colours, shades say what they are of."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from matplotlib.colors import LinearSegmentedColormap, to_hex
from matplotlib.patches import Rectangle

from analysis import palette
from analysis.colouring import SHADED, STAND_INS, coloured, ink_on, shades_of
from analysis.palette import PALETTE
from analysis.study import STUDY
from analysis.theme import COLOURS, HATCH, new_figure
from analysis.tile_map import shades
from workbook.exhibits.pictures import svg_of

CHARTS = [*Path(palette.__file__).parent.glob("*.py"), *STUDY.chapters.glob("*/*charts.py")]


def picture(*colours: str, **patch: object) -> str:
    figure, axes = new_figure()
    for place, colour in enumerate(colours):
        axes.add_patch(Rectangle((place, 0), 1, 1, facecolor=colour, **patch))
        axes.text(place, 0.5, "A", color=ink_on(colour))
    axes.plot([0, 1], [0, 1], "o-", color=COLOURS["claim"], alpha=0.5)
    return svg_of(figure)


def test_a_stand_in_is_no_colour_of_the_palette_nor_a_shade_of_one():
    stand_ins = set(STAND_INS.values())
    assert len(stand_ins) == len(PALETTE) and STAND_INS.keys() == PALETTE.keys()
    assert all(re.fullmatch("#[0-9a-f]{6}", colour) for colour in PALETTE.values())
    assert stand_ins.isdisjoint(PALETTE.values())
    assert all(stand_ins.isdisjoint(shades_of(name)) for name in SHADED)


def test_every_stand_in_gives_way_in_lines_letters_marks_and_hatches():
    drawn = picture(*COLOURS.values(), hatch=HATCH, edgecolor=COLOURS["today"])
    looked_at = coloured(drawn)
    assert all(colour in drawn for colour in STAND_INS.values())
    assert not any(colour in looked_at for colour in STAND_INS.values())
    assert all(colour in looked_at for colour in PALETTE.values())


def test_two_colours_that_change_places_change_places_in_the_picture(monkeypatch):
    """The tempting wrong answer: colours replaced one after the other become one."""
    drawn = f'<path style="fill: {COLOURS["pooled"]}; stroke: {COLOURS["claim"]}"/>'
    before, pooled, claim = coloured(drawn), PALETTE["pooled"], PALETTE["claim"]
    monkeypatch.setitem(PALETTE, "pooled", claim)
    monkeypatch.setitem(PALETTE, "claim", pooled)
    assert before == f'<path style="fill: {pooled}; stroke: {claim}"/>'
    assert coloured(drawn) == f'<path style="fill: {claim}; stroke: {pooled}"/>'


@pytest.mark.parametrize("name", SHADED)
def test_shades_are_those_of_a_map_of_colours_from_white(name):
    ramp = LinearSegmentedColormap.from_list("ramp", ["white", PALETTE[name]])
    drawn = "".join(f'<path fill="{shade}"/>' for shade in shades_of(name))
    assert coloured(drawn) == "".join(f'<path fill="{to_hex(ramp(k))}"/>' for k in range(256))


def test_a_colour_that_may_not_be_shaded_is_named():
    with pytest.raises(KeyError, match="colour 'ink': SHADED in colouring.py"):
        shades_of("ink")


def test_a_shade_follows_its_colour_in_a_picture_that_is_drawn_already(monkeypatch):
    """Tempting: shades mixed when the picture is drawn, which stay as they were."""
    drawn = picture(*shades(pd.Series([0.0, 1.0]), "pooled"))
    assert "#ebf4f9" in coloured(drawn) and PALETTE["pooled"] in coloured(drawn)
    monkeypatch.setitem(PALETTE, "pooled", "#b20000")
    assert "#f9ebeb" in coloured(drawn) and "#b20000" in coloured(drawn)
    assert "#fd01" not in coloured(drawn)


def test_letters_on_a_colour_and_on_a_shade_turn_black_where_it_grows_light(monkeypatch):
    """The tempting wrong answer: letters that were white stay white on a ground that is light."""
    grounds = (COLOURS["pooled"], shades_of("pooled")[-1], shades_of("pooled")[20])
    letters = picture(*grounds) + "".join(f'<text fill="{ink_on(own)}"/>' for own in grounds)
    tail = lambda svg: re.findall(r'<text fill="(#[0-9a-f]{6})"/>', coloured(svg))  # noqa: E731
    assert tail(letters) == ["#ffffff", "#ffffff", "#000000"]
    monkeypatch.setitem(PALETTE, "pooled", "#ffff00")
    assert tail(letters) == ["#000000"] * 3
    assert not re.search(r"#f[b-e]0[0-2]", coloured(letters))


@pytest.mark.parametrize("path", sorted(CHARTS), ids=lambda path: path.stem)
def test_no_chart_has_a_colour_of_its_own_mixes_one_or_draws_a_raster(path):
    """What it mixed, or put into a raster, would stay as it was when the palette changes."""
    source = re.sub(r'""".*?"""', "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    own = set(re.findall(r'"#[0-9a-f]{6}"', source)) - {'"#ffffff"', '"#000000"'}
    assert path.stem == "palette" or own == set()
    assert not re.search(
        r"LinearSegmented|to_rgb|palette\(|imshow|rasterized|get_cmap|cmap=\"", source
    )
