"""One place owns colour and type: what it gives can be read by everybody, on every screen."""

from __future__ import annotations

import ast
from itertools import combinations
from math import dist
from pathlib import Path

import pytest

from analysis import theme
from analysis.palette import PALETTE

MARKS = ("today", "pooled", "claim", "modelled", "modelled_today", "muted_a", "muted_b")
TEXT = ("ink", "quiet", "today", "pooled", "claim", "muted_a", "muted_b")
# Machado, Oliveira and Fernandes (2009), full severity: what a person without red or without green
# cones sees.
BLIND = {
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
}


def linear(colour: str) -> list[float]:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def contrast(one: str, other: str = "#ffffff") -> float:
    """Return the ratio of WCAG 2.2."""
    light, dark = sorted(
        (
            sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear(colour), strict=True)) + 0.05
            for colour in (one, other)
        ),
        reverse=True,
    )
    return light / dark


def test_contrast_is_reckoned_as_the_standard_does():
    assert contrast("#000000") == pytest.approx(21)
    # the lightest grey for text that WCAG's examples name
    assert contrast("#767676") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("name", MARKS)
def test_a_mark_stands_out_from_paper(name):
    assert contrast(PALETTE[name]) >= 3


@pytest.mark.parametrize("name", TEXT)
def test_text_can_be_read_on_paper(name):
    assert contrast(PALETTE[name]) >= 4.5


def test_dark_letters_can_be_read_on_a_modelled_tile():
    assert contrast(PALETTE["ink"], PALETTE["modelled"]) >= 4.5


def lab(rgb: list[float]) -> list[float]:
    """Return linear sRGB as CIE L*a*b*, in which equal distances look alike."""
    rows = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    x, y, z = (
        sum(m * c for m, c in zip(row, rgb, strict=True)) / white
        for row, white in zip(rows, (0.9505, 1, 1.089), strict=True)
    )
    x, y, z = (max(part, 0) ** (1 / 3) for part in (x, y, z))
    return [116 * y - 16, 500 * (x - y), 200 * (y - z)]


@pytest.mark.parametrize("kind", BLIND)
def test_today_pooled_and_claim_differ_for_the_colour_blind(kind):
    seen = {
        name: lab(
            [
                sum(m * c for m, c in zip(row, linear(PALETTE[name]), strict=True))
                for row in BLIND[kind]
            ]
        )
        for name in ("today", "pooled", "claim")
    }
    apart = {(one, other): dist(seen[one], seen[other]) for one, other in combinations(seen, 2)}
    assert min(apart.values()) > 20, apart


def test_what_is_modelled_keeps_the_hue_of_what_it_models():
    red, green, blue = linear(PALETTE["modelled"])
    assert blue > green > red  # the order of the pooled blue
    assert len(set(linear(PALETTE["modelled_today"]))) == 1


def test_a_line_breaks_between_words_and_never_in_a_number():
    assert theme.wrapped("1,660億円という目標", 10, "ja").split("\n")[0] == "1,660億円"
    # the tempting way: textwrap counts a Japanese letter as one column, and the label runs out of
    # its place
    assert max(map(len, theme.wrapped("調達と集約の費用", 8, "ja").split("\n"))) == 4


@pytest.mark.parametrize(
    "module", sorted(Path(theme.__file__).parent.glob("*.py")), ids=lambda path: path.stem
)
def test_no_chart_asks_for_a_weight_that_the_one_typeface_lacks(module):
    asked = {
        word.arg
        for word in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(word, ast.keyword)
    }
    # matplotlib would draw it plain and say so in the notebook
    assert not asked & {"weight", "fontweight"}


def test_no_line_ends_in_an_opening_bracket_or_begins_with_a_closing_one():
    # tempting: to break before any letter, which left an opening bracket at the end of a line
    assert theme.wrapped("費用が増（四九億円から）、減った", 10, "ja") == (
        "費用が増\n（四九億円\nから）、減\nった"
    )
