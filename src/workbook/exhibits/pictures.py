"""The parts of an exhibit: its chart as SVG in one language, its tables as the report shows
them.
"""

from __future__ import annotations

import io
import re
import warnings
from importlib import import_module
from typing import Any

import pandas as pd
from matplotlib import rc_context
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from workbook.exhibits.declared import Exhibit
from workbook.exhibits.lettering import LetteringRenderer, letterings
from workbook.groups import Group
from workbook.output import LANGUAGES
from workbook.study import study
from workbook.tables.contracts import Contract
from workbook.words.filling import Names
from workbook.words.labels import chart_words
from workbook.words.nouns import in_language, told_in_all

Texts = dict[str, str]


class MeasuringCanvas(FigureCanvasSVG):
    """A canvas whose layout is measured by the renderer that draws it: no text is measured
    twice.
    """

    def __init__(self, figure: Figure, stream: io.StringIO) -> None:
        super().__init__(figure)
        figure.dpi = self.fixed_dpi
        self.renderer = LetteringRenderer(
            *figure.bbox.size,
            stream,
            image_dpi=self.fixed_dpi,
            metadata={"Date": None, "Creator": None},
        )

    def get_renderer(self) -> LetteringRenderer:
        """Return the one renderer; matplotlib would make one of its own for the layout."""
        return self.renderer


def svg_of(figure: Figure) -> str:
    """Return a figure as SVG text with real text in it, the same bytes each time; a missing glyph
    is an error.

    `Figure.savefig` would settle the layout and draw everything twice for that, to the same bytes.
    """
    stream = io.StringIO()
    renderer = MeasuringCanvas(figure, stream).renderer
    # ids come from the study's name instead of chance
    written: Any = {"svg.fonttype": "none", "svg.hashsalt": study().package}
    with warnings.catch_warnings(), rc_context(written):
        warnings.filterwarnings("error", message="Glyph .* missing")
        renderer.special = letterings(figure)
        figure.draw(renderer)
        renderer.finalize()  # type: ignore[no-untyped-call]  # matplotlib's
    text = stream.getvalue()
    return _numbered_clips(text[text.index("<svg") :])


def _numbered_clips(svg: str) -> str:
    """Name clipping areas by their order: matplotlib's names hash every digit of a layout that is
    settled to six.
    """
    order: dict[str, str] = {}
    return re.sub(
        r'(url\(#|<clipPath id=")(p[0-9a-f]{10})(?=[")])',
        lambda found: found[1] + order.setdefault(found[2], f"clip{len(order) + 1}"),
        svg,
    )


def picture(
    exhibit: Exhibit, frames: list[pd.DataFrame], lang: str, names: Names, group: Group
) -> str:
    """Return an exhibit's chart as SVG in one language, in the colours of the palette."""
    return study().colours.coloured(drawn(exhibit, frames, lang, names, group))


def drawn(
    exhibit: Exhibit, frames: list[pd.DataFrame], lang: str, names: Names, group: Group
) -> str:
    """Return an exhibit's chart as SVG in one language, with the labels of its chart's module and
    stand-ins for its colours.
    """
    words = chart_words(exhibit.charts, lang, names, group)
    return svg_of(getattr(import_module(exhibit.module), exhibit.plot)(*frames, words))


def table_payload(
    contract: Contract, frame: pd.DataFrame, names: Names, group: Group
) -> dict[str, Any]:
    """Return a table as the report shows it: columns with titles, units and labels, rows of raw
    values.

    Optional columns that the frame does without are left out; titles and labels name the group
    under study.
    """
    columns = [
        {
            "name": f.name,
            "type": f.type,
            "unit": f.unit,
            "title": told_in_all(f.title, group),
            "hidden": f.hidden,
            "labels": _labels(f.name, f.type, f.labels, frame, names, group),
        }
        for f in contract.fields
        if f.name in frame
    ]
    rows = frame.astype(object).where(frame.notna(), None).values.tolist()
    return {
        "name": contract.name,
        "title": told_in_all(contract.title, group),
        "columns": columns,
        "rows": rows,
    }


def _labels(
    name: str,
    kind: str,
    declared: dict[str, Texts],
    frame: pd.DataFrame,
    names: Names,
    group: Group,
) -> dict[str, Texts]:
    if kind == "boolean":
        return {"True": dict(study().glossary["yes"]), "False": dict(study().glossary["no"])}
    if kind != "string":
        return {}
    values = sorted(set(frame[name].dropna()))
    if name == "code":
        return {value: dict(names[value]) for value in values if value in names}
    known = {*study().glossary, *declared}
    return {
        value: {lang: in_language(value, group, lang, declared) for lang in LANGUAGES}
        for value in values
        if value in known
    }
