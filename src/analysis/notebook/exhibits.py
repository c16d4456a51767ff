"""Exhibits and prose: one output for both languages, from which the report keeps one.

A claim carries its condition; a figure carries its words for those who cannot see it; both are refused without.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
from matplotlib.backends.backend_svg import FigureCanvasSVG, RendererSVG
from matplotlib.figure import Figure

from analysis import units
from analysis.beside import beside
from analysis.charts.words import Words
from analysis.municipalities import SPECIAL_WARDS, Group
from analysis.notebook.contracts import Contract
from analysis.notebook.exhibit_output import LANGUAGES
from analysis.terms import TERMS

Texts = dict[str, str]
Names = Mapping[str, Mapping[str, str]]


def require_texts(what: str, texts: Texts | None) -> Texts:
    """Return a text in both languages; one that is missing or blank is refused by name."""
    blank = [lang for lang in LANGUAGES if not (texts or {}).get(lang, "").strip()]
    if blank:
        raise ValueError(f"{what}: no text in {', '.join(blank)}")
    return {lang: texts[lang] for lang in LANGUAGES}  # type: ignore[index]


def claimed(what: str, texts: Texts, holds: bool | None, otherwise: Texts | None, descriptive: bool) -> Texts:
    """Return the claim where it holds and its neutral wording where it does not.

    >>> claimed("title", {"ja": "高い", "en": "high"}, False, {"ja": "比較", "en": "compared"}, False)["en"]
    'compared'
    """
    if descriptive:
        if holds is not None or otherwise is not None:
            raise ValueError(f"{what}: descriptive text has no condition")
        return require_texts(what, texts)
    if holds is None or otherwise is None:
        raise ValueError(f"{what}: a claim needs `holds` and `otherwise`, or `descriptive=True`")
    require_texts(what, texts)
    require_texts(f"{what} (otherwise)", otherwise)
    return require_texts(what, texts if holds else otherwise)


def filled(texts: Texts, values: Mapping[str, tuple[Any, ...]], names: Names, group: Group = SPECIAL_WARDS) -> Texts:
    """Return texts with every ``{name}`` replaced by its value as each language writes it.

    The texts are written for the special wards and retold for another group before they are filled. A value is ``(number, unit)``, ``(low, high, unit)`` for a range, ``(identifier, "term")`` or ``(code, "code")``.

    >>> filled({"ja": "{x}だ", "en": "{x}"}, {"x": (0.12, 0.2, "share")}, {})
    {'ja': '12%～20%だ', 'en': '12% to 20%'}
    """
    values = {"own_group": (group.key, "term"), "peers": (*group.others, "terms"), **values}   # known in every text
    used = set(re.findall(r"{(\w+)}", " ".join(texts.values())))
    unknown = sorted(used - set(values))
    if unknown:
        raise ValueError(f"no value for {', '.join(unknown)}; there are: {', '.join(sorted(values)) or 'none'}")
    return {lang: group.retold(text, lang).format_map({k: _written(v, lang, names, group) for k, v in values.items() if k in used})
            for lang, text in texts.items()}


def _written(value: tuple[Any, ...], lang: str, names: Names, group: Group) -> str:
    *parts, unit = value
    if unit == "text":
        return group.retold(units.format_value(parts[0], unit, lang), lang)
    if unit == "terms":
        return _joined([group.term(TERMS, key, lang) for key in parts], lang)
    if unit == "term":
        return group.term(TERMS, parts[0], lang)
    if unit == "code":
        return names[parts[0]][lang]
    return units.format_range(*parts, unit, lang) if len(parts) == 2 else units.format_value(*parts, unit, lang)


def _joined(names: list[str], lang: str) -> str:
    return "と".join(names) if lang == "ja" else " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


class MeasuringCanvas(FigureCanvasSVG):
    """A canvas whose layout is measured by the renderer that draws it: no text is measured twice."""

    def __init__(self, figure: Figure, stream: io.StringIO) -> None:
        super().__init__(figure)
        figure.dpi = self.fixed_dpi
        self.renderer = RendererSVG(*figure.bbox.size, stream, image_dpi=self.fixed_dpi, metadata={"Date": None, "Creator": None})

    def get_renderer(self) -> RendererSVG:
        """Return the one renderer; matplotlib would make one of its own for the layout."""
        return self.renderer


def svg_of(figure: Figure) -> str:
    """Return a figure as SVG text with real text in it, the same bytes each time; a missing glyph is an error.

    `Figure.savefig` would settle the layout and draw everything twice for that, to the same bytes.
    """
    stream = io.StringIO()
    renderer = MeasuringCanvas(figure, stream).renderer
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message="Glyph .* missing")
        figure.draw(renderer)
        renderer.finalize()
    text = stream.getvalue()
    return _numbered_clips(text[text.index("<svg"):])


def _numbered_clips(svg: str) -> str:
    """Name clipping areas by their order: matplotlib's names hash every digit of a layout that is settled to six."""
    order: dict[str, str] = {}
    return re.sub(r'(url\(#|<clipPath id=")(p[0-9a-f]{10})(?=[")])', lambda found: found[1] + order.setdefault(found[2], f"clip{len(order) + 1}"), svg)


def drawn(draw: Callable[..., Figure], frames: list[pd.DataFrame], names: Names, group: Group) -> Texts:
    """Return a chart's SVG in each language, drawn side by side; the chart's module holds its words as ``WORDS``."""
    chapter = draw.__globals__["WORDS"]

    def svg(lang: str) -> str:
        return svg_of(draw(*frames, Words(lang, chapter, names, group)))

    here, there = LANGUAGES
    with beside(lambda: svg(there), despite_threads=True) as other:   # a kernel's threads hold nothing that a drawing waits for
        return {here: svg(here), there: other()}


def table_payload(contract: Contract, frame: pd.DataFrame, names: Names, group: Group = SPECIAL_WARDS) -> dict[str, Any]:
    """Return a table as the report shows it: columns with titles, units and labels, rows of raw values.

    Optional columns that the frame does without are left out; titles and labels are retold for the group under study.
    """
    columns = [{"name": f.name, "type": f.type, "unit": f.unit, "title": _retold(f.title, group), "hidden": f.hidden,
                "labels": _labels(f.name, f.type, f.labels, frame, names, group)} for f in contract.fields if f.name in frame]
    rows = frame.astype(object).where(frame.notna(), None).values.tolist()
    return {"name": contract.name, "title": _retold(contract.title, group), "columns": columns, "rows": rows}


def _retold(texts: Mapping[str, str], group: Group) -> Texts:
    return {lang: group.retold(text, lang) for lang, text in texts.items()}


def _labels(name: str, kind: str, declared: dict[str, Texts], frame: pd.DataFrame, names: Names, group: Group) -> dict[str, Texts]:
    if kind == "boolean":
        return {"True": TERMS["yes"], "False": TERMS["no"]}
    if kind != "string":
        return {}
    values = sorted(set(frame[name].dropna()))
    if name == "code":
        return {value: dict(names[value]) for value in values if value in names}
    known = {**TERMS, **declared}
    return {value: {lang: group.term(known, value, lang) for lang in LANGUAGES} for value in values if value in known}


def html_table(payload: dict[str, Any], lang: str) -> str:
    """Return a plain HTML table for the notebook's reader."""
    titles = [column["title"][lang] for column in payload["columns"]]
    cells = [[units.format_value(column["labels"].get(str(v), {}).get(lang, v), column["unit"], lang)
              for v, column in zip(row, payload["columns"], strict=True)] for row in payload["rows"]]
    return pd.DataFrame(cells, columns=titles).to_html(index=False, escape=True, border=0)
