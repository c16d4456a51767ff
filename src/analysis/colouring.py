"""Colours that are put into a picture when somebody looks at it, not when it is drawn.

Charts draw in stand-ins, one for each colour of the palette; `coloured` puts the palette's own in
their place. What must know a colour itself is of two kinds: a shade of it, which stays in the
picture as it was mixed, and the letters on it, black or white.
"""

from __future__ import annotations

import re

from analysis.palette import PALETTE

LEFT_OUT = ("analysis.palette",)  # an edit there draws no picture anew
BLACK, WHITE, LEVELS = "#000000", "#ffffff", 256
# No shade between white and a colour that anybody would choose.
STAND_INS = {name: f"#fe00{place:02x}" for place, name in enumerate(PALETTE)}
SHADED = ("today", "pooled", "modelled")
_NAMES = {stand_in: name for name, stand_in in STAND_INS.items()}
# as matplotlib writes a colour into a style or an attribute; ids and references begin otherwise
_COLOUR = re.compile(r'(?<=[ "])#[0-9a-f]{6}(?=[;"])')


def coloured(svg: str) -> str:
    """Return a picture with the palette's colours in place of their stand-ins.

    >>> coloured(f'<path style="fill: {STAND_INS["pooled"]}; stroke: #ffffff"/>')
    '<path style="fill: #0072b2; stroke: #ffffff"/>'
    """
    return _COLOUR.sub(lambda found: _itself(found[0]), svg)


def _itself(colour: str) -> str:
    return PALETTE[_NAMES[colour]] if colour in _NAMES else colour


def shades_of(name: str) -> list[str]:
    """Return a colour's shades from white to itself, in 256 steps.

    Only a colour that `SHADED` names is shaded: a `KeyError` says so of any other.

    >>> shades_of("pooled")[0], shades_of("pooled")[20], shades_of("pooled")[-1]
    ('#ffffff', '#ebf4f9', '#0072b2')
    """
    if name not in SHADED:
        raise KeyError(f"colour {name!r}: SHADED in colouring.py does not name it")
    ends = _channels(PALETTE[name])
    return [
        "#" + "".join(f"{round((step / (LEVELS - 1) * (end - 1) + 1) * 255):02x}" for end in ends)
        for step in range(LEVELS)
    ]


def shaded_in(svg: str) -> dict[str, str]:
    """Return the colours of the palette, by name, whose shades a picture holds."""
    held = set(_COLOUR.findall(svg)) - {WHITE}
    return {name: PALETTE[name] for name in SHADED if not held.isdisjoint(shades_of(name))}


def ink_on(colour: str) -> str:
    """Return black or white, whichever is read better on a ground; one of them always has a
    contrast of 4.5.

    Contrast by relative luminance (WCAG 2.2). The trap: the theme's softer ink falls to 4.2 on a
    middle grey.

    >>> ink_on(STAND_INS["pooled"]), ink_on("#ffffff")
    ('#ffffff', '#000000')
    """
    ground = luminance(_itself(colour)) + 0.05
    return BLACK if ground / 0.05 > 1.05 / ground else WHITE


def inks() -> list[tuple[str, str]]:
    """Return each colour's name with the letters on it: all that a picture without shades takes
    from the palette before somebody looks.
    """
    return [(name, ink_on(colour)) for name, colour in PALETTE.items()]


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
