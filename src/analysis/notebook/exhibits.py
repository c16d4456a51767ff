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
from matplotlib.figure import Figure

from analysis import units
from analysis.charts.words import Words
from analysis.notebook.contracts import Contract
from analysis.terms import TERMS

MIME = "application/vnd.analysis.exhibit+json"
LANGUAGES = ("ja", "en")
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


def filled(texts: Texts, values: Mapping[str, tuple[Any, ...]], names: Names) -> Texts:
    """Return texts with every ``{name}`` replaced by its value as each language writes it.

    A value is ``(number, unit)``, ``(low, high, unit)`` for a range, ``(identifier, "term")`` or ``(code, "code")``.

    >>> filled({"ja": "{x}だ", "en": "{x}"}, {"x": (0.12, 0.2, "share")}, {})
    {'ja': '12%～20%だ', 'en': '12% to 20%'}
    """
    used = set(re.findall(r"{(\w+)}", " ".join(texts.values())))
    unknown = sorted(used - set(values))
    if unknown:
        raise ValueError(f"no value for {', '.join(unknown)}; there are: {', '.join(sorted(values)) or 'none'}")
    return {lang: text.format_map({k: _written(v, lang, names) for k, v in values.items() if k in used})
            for lang, text in texts.items()}


def _written(value: tuple[Any, ...], lang: str, names: Names) -> str:
    *parts, unit = value
    if unit == "term":
        return TERMS[parts[0]][lang]
    if unit == "code":
        return names[parts[0]][lang]
    return units.format_range(*parts, unit, lang) if len(parts) == 2 else units.format_value(*parts, unit, lang)


def svg_of(figure: Figure) -> str:
    """Return a figure as SVG text with real text in it, the same bytes each time; a missing glyph is an error."""
    stream = io.StringIO()
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message="Glyph .* missing")
        figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    text = stream.getvalue()
    return _numbered_clips(text[text.index("<svg"):])


def _numbered_clips(svg: str) -> str:
    """Name clipping areas by their order: matplotlib's names hash every digit of a layout that is settled to six."""
    order: dict[str, str] = {}
    return re.sub(r'(url\(#|<clipPath id=")(p[0-9a-f]{10})(?=[")])', lambda found: found[1] + order.setdefault(found[2], f"clip{len(order) + 1}"), svg)


def drawn(draw: Callable[..., Figure], frames: list[pd.DataFrame], names: Names) -> Texts:
    """Return a chart's SVG in each language; the chart's module holds its words as ``WORDS``."""
    chapter = draw.__globals__["WORDS"]
    return {lang: svg_of(draw(*frames, Words(lang, chapter, names))) for lang in LANGUAGES}


def table_payload(contract: Contract, frame: pd.DataFrame, names: Names) -> dict[str, Any]:
    """Return a table as the report shows it: columns with titles, units and labels, rows of raw values."""
    columns = [{"name": f.name, "type": f.type, "unit": f.unit, "title": f.title, "hidden": f.hidden,
                "labels": _labels(f.name, f.type, f.labels, frame, names)} for f in contract.fields]
    rows = frame.astype(object).where(frame.notna(), None).values.tolist()
    return {"name": contract.name, "title": contract.title, "columns": columns, "rows": rows}


def _labels(name: str, kind: str, declared: dict[str, Texts], frame: pd.DataFrame, names: Names) -> dict[str, Texts]:
    if kind == "boolean":
        return {"True": TERMS["yes"], "False": TERMS["no"]}
    if kind != "string":
        return {}
    known: Mapping[str, Mapping[str, str]] = names if name == "code" else {**TERMS, **declared}
    return {value: dict(known[value]) for value in sorted(set(frame[name].dropna())) if value in known}


def html_table(payload: dict[str, Any], lang: str) -> str:
    """Return a plain HTML table for the notebook's reader."""
    titles = [column["title"][lang] for column in payload["columns"]]
    cells = [[units.format_value(column["labels"].get(str(v), {}).get(lang, v), column["unit"], lang)
              for v, column in zip(row, payload["columns"], strict=True)] for row in payload["rows"]]
    return pd.DataFrame(cells, columns=titles).to_html(index=False, escape=True, border=0)
