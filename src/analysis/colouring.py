"""Colours that are put into a picture when somebody looks at it, not when it is drawn.

Charts draw in stand-ins: one for each colour of the palette, one for each shade of a colour that
may be shaded, and one for the letters on each of these, black or white. `coloured` puts the
palette's own in their place, so that no picture rests on the palette.
"""

from __future__ import annotations

import re

from analysis.palette import PALETTE

LEFT_OUT = ("analysis.palette",)  # an edit there redraws no picture
BLACK, WHITE, LEVELS = "#000000", "#ffffff", 256
# No shade between white and a colour that anybody would choose.
STAND_INS = {name: f"#fe00{place:02x}" for place, name in enumerate(PALETTE)}
SHADED = ("today", "pooled", "modelled")
_NAMES = {stand_in: name for name, stand_in in STAND_INS.items()}
# whose shade, and how dark
_SHADE = re.compile("#fd([0-9a-f]{2})([0-9a-f]{2})")
# how the stand-in of a ground begins, and that of the letters on it
_LETTERS_ON = {"#fe": "#fc", "#fd": "#fb"}
_GROUNDS = {letters: ground for ground, letters in _LETTERS_ON.items()}
# as matplotlib writes a colour into a style or an attribute; ids and references begin otherwise
_COLOUR = re.compile(r'(?<=[ "])#[0-9a-f]{6}(?=[;"])')


def coloured(svg: str) -> str:
    """Return a picture with the palette's colours in place of their stand-ins.

    >>> coloured(f'<path style="fill: {STAND_INS["pooled"]}; stroke: #ffffff"/>')
    '<path style="fill: #0072b2; stroke: #ffffff"/>'
    """
    own = {colour: _itself(colour) for colour in set(_COLOUR.findall(svg))}
    return _COLOUR.sub(lambda found: own[found[0]], svg)


def _itself(colour: str) -> str:
    ground = _GROUNDS.get(colour[:3], "") + colour[3:]
    if _stands_in(ground):
        return _letters_on(_itself(ground))
    if colour in _NAMES:
        return PALETTE[_NAMES[colour]]
    shade = _SHADE.fullmatch(colour)
    if not shade or not _stands_in(colour):
        return colour
    depth = int(shade[2], 16) / (LEVELS - 1)
    ends = _channels(PALETTE[SHADED[int(shade[1], 16)]])
    return "#" + "".join(f"{round((depth * (end - 1) + 1) * 255):02x}" for end in ends)


def _stands_in(colour: str) -> bool:
    shade = _SHADE.fullmatch(colour)
    return colour in _NAMES or (shade is not None and int(shade[1], 16) < len(SHADED))


def shades_of(name: str) -> list[str]:
    """Return the stand-ins of a colour's shades from white to itself, in 256 steps.

    Only a colour that `SHADED` names is shaded: a `KeyError` says so of any other.

    >>> coloured(
    ...     f'<path fill="{shades_of("pooled")[20]}"/><path fill="{shades_of("pooled")[-1]}"/>'
    ... )
    '<path fill="#ebf4f9"/><path fill="#0072b2"/>'
    """
    if name not in SHADED:
        raise KeyError(f"colour {name!r}: SHADED in colouring.py does not name it")
    return [f"#fd{SHADED.index(name):02x}{step:02x}" for step in range(LEVELS)]


def ink_on(colour: str) -> str:
    """Return black or white, whichever is read better on a ground; of a stand-in, the stand-in of
    the letters on it.

    >>> ink_on("#ffffff"), coloured(f'<text fill="{ink_on(STAND_INS["pooled"])}"/>')
    ('#000000', '<text fill="#ffffff"/>')
    """
    if _stands_in(colour):
        return _LETTERS_ON[colour[:3]] + colour[3:]
    return _letters_on(colour)


def _letters_on(ground: str) -> str:
    """Return black or white: one of them always has a contrast of 4.5.

    Contrast by relative luminance (WCAG 2.2). The trap: the theme's softer ink falls to 4.2 on a
    middle grey.
    """
    light = luminance(ground) + 0.05
    return BLACK if light / 0.05 > 1.05 / light else WHITE


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour, black 0 and white 1.

    >>> luminance("#000000"), round(luminance("#ffffff"), 6)
    (0.0, 1.0)
    """
    linear = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _channels(colour)
    )
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _channels(colour: str) -> list[float]:
    return [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
