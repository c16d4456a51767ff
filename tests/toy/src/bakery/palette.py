"""The colours of the bakery: charts draw in stand-ins, painted over when somebody looks."""

from __future__ import annotations

PALETTE = {"grain": "#b8860b"}
STAND_INS = {"grain": "#fe0000"}
LEFT_OUT = ("bakery.palette",)


def coloured(svg: str) -> str:
    """Return a picture with the palette's colours in place of their stand-ins."""
    for name, stand_in in STAND_INS.items():
        svg = svg.replace(stand_in, PALETTE[name])
    return svg
