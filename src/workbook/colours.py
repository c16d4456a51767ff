"""Colours that are filled into a picture when it is shown: what a study's palette can do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class Colours(Protocol):
    """The palette of a study (a module will do): ``PALETTE`` by name, and the modules that the key
    of a picture leaves out, because their colours are put in later.
    """

    @property
    def PALETTE(self) -> Mapping[str, str]:
        """The colours by name."""

    @property
    def LEFT_OUT(self) -> tuple[str, ...]:
        """The modules that the key of a picture leaves out."""

    def coloured(self, svg: str) -> str:
        """Return a picture with the palette's colours in place of their stand-ins."""


class NoColours:
    """The palette of a study whose charts are drawn in the colours that they show."""

    PALETTE: Mapping[str, str] = {}
    LEFT_OUT: tuple[str, ...] = ()

    def coloured(self, svg: str) -> str:
        """Return the picture as it is."""
        return svg
