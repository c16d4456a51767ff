"""Letters of a picture that keep their place at whatever size a page sets them.

A chart is drawn once, and a page that shows it larger sets its letters smaller than they were
measured. So each line of a text stands at the text's own anchor, what lies between the two is
counted in letters, and a ground behind letters is a halo around them: a rectangle would keep the
size that was measured and read as a mark of its own.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.colors import to_hex, to_rgba
from matplotlib.figure import Figure
from matplotlib.text import Text

ANCHORS = {"left": "start", "center": "middle", "right": "end"}
HALO_EM = 0.35


@dataclass(frozen=True)
class Lettering:
    """A text that is drawn in a way of its own, and the colour of the ground behind it, if any."""

    text: Text
    ground: str | None


def letterings(figure: Figure) -> dict[str, Lettering]:
    """Return what is special of a figure's texts by the group that each is drawn in: those of
    several lines and those on a ground, which they lose here.
    """
    found: dict[str, Lettering] = {}
    for text in figure.findobj(Text):
        assert isinstance(text, Text)
        ground = _ground(text)
        if ground or "\n" in text.get_text():
            name = f"letters{len(found) + 1}"
            text.set_gid(name)
            found[name] = Lettering(text, ground)
    return found


def _ground(text: Text) -> str | None:
    """Take away the ground of a text, a patch without an edge, and return its colour."""
    patch = text.get_bbox_patch()
    if patch is None or to_rgba(patch.get_edgecolor())[3]:
        return None
    text.set_bbox(None)
    return to_hex(patch.get_facecolor())


class LetteringRenderer(RendererSVG):
    """Writes SVG whose horizontal texts hang on their anchors, not on measured corners."""

    def __init__(self, width: float, height: float, stream: io.StringIO, **settings: Any) -> None:
        super().__init__(width, height, stream, **settings)  # type: ignore[no-untyped-call]  # matplotlib's
        self.special: Mapping[str, Lettering] = {}
        self._current: Lettering | None = None

    def open_group(self, s: str, gid: str | None = None) -> None:
        """Open a group; one of a special text says which text its lines are of."""
        self._current = self.special.get(gid or "")
        super().open_group(s, gid)  # type: ignore[no-untyped-call]  # matplotlib's

    def draw_text(
        self,
        gc: Any,
        x: float,
        y: float,
        s: str,
        prop: Any,
        angle: float,
        ismath: Any = False,
        mtext: Text | None = None,
    ) -> None:
        """Write one line of a text; what is turned or set as mathematics stays as it was."""
        text = self._current.text if self._current else mtext
        if text is None or angle or ismath:
            super().draw_text(gc, x, y, s, prop, angle, ismath, mtext)  # type: ignore[no-untyped-call]
            return
        across, down = text.get_transform().transform(text.get_unitless_position())
        below = (y - (self.height - down)) / prop.get_size()
        attributes = {
            "x": f"{across:.2f}",
            "y": f"{self.height - down:.2f}",
            **({"dy": f"{below:.2f}em"} if abs(below) >= 0.005 else {}),
            "style": self._style(gc, prop, text),
        }
        self.writer.element("text", s, attrib=attributes)

    def _style(self, gc: Any, prop: Any, text: Text) -> str:
        parts = {
            "font-size": f"{prop.get_size():g}px",
            "font-family": ", ".join(repr(name) for name in prop.get_family()),
            "text-anchor": ANCHORS[text.get_horizontalalignment()],
            "fill": to_hex(gc.get_rgb()),
        }
        alpha = gc.get_alpha() if gc.get_forced_alpha() else gc.get_rgb()[3]
        if alpha != 1:
            parts["opacity"] = f"{alpha:g}"
        if self._current and self._current.ground:
            parts |= _halo(self._current.ground)
        return "; ".join(f"{name}: {value}" for name, value in parts.items())


def _halo(colour: str) -> dict[str, str]:
    return {
        "paint-order": "stroke",
        "stroke": colour,
        "stroke-width": f"{HALO_EM}em",
        "stroke-linejoin": "round",
    }
