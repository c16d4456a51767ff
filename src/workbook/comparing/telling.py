"""A comparison for a terminal and for a machine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from workbook import units
from workbook.comparing.comparison import Comparison, Moved, Said
from workbook.comparing.input_rows import RowChange
from workbook.comparing.shown import Text
from workbook.words.nouns import glossary

KINDS = {
    "inputs": "input table",
    "modules": "module",
    "cells": "cell",
    "declarations": "declaration of table",
}
SHOWN = 20  # so many rows of one table are shown, the rest is counted
CODE_UNKNOWN = "between two versions of Python it cannot be seen whether code differs"
ABOVE, BELOW = "{}_above_zero", "{}_below_zero"  # terms of what a result is on either side
TURNED = {
    "en": (
        "{above} became {below}",
        "{below} became {above}",
        "fell below zero",
        "rose above zero",
    ),
    "ja": (
        "{above}が{below}に転じた",
        "{below}が{above}に転じた",
        "マイナスに転じた",
        "プラスに転じた",
    ),
}
SLIGHT = 0.0005  # a change that would be written as none
RANGE_ALONE = {"en": "its range moved", "ja": "幅が変わった"}
BY_MONTHS = {
    "en": ("{} months later", "{} months earlier"),
    "ja": ("{}か月遅くなった", "{}か月早くなった"),
}
FURTHER = {
    "en": ("{} further below zero", "{} nearer to zero"),
    "ja": ("マイナス幅が{}拡大", "マイナス幅が{}縮小"),
}


def as_lines(found: Comparison) -> Iterator[str]:
    """Yield a comparison as lines: causes, results with size and sign, exhibits, sentences."""
    yield f"{found.before} -> {found.after}"
    yield from (f"  {line}" for line in _causes(found))
    yield (
        "headline results"
        if found.moved or found.came or found.went
        else "every headline result is the same"
    )
    width = max((len(moved.id) for moved in found.moved), default=0)
    yield from (f"  {moved.id:{width}}  {figures(moved)}" for moved in found.moved)
    yield from (f"  {name} is new" for name in found.came)
    yield from (f"  {name} is gone" for name in found.went)
    yield "exhibits" if found.exhibits else "every exhibit is the same"
    yield from (f"  {name}: {', '.join(differs)}" for name, differs in found.exhibits.items())
    yield "sentences" if found.texts else "every sentence is the same"
    yield from (f"  {line}" for said in found.texts for line in sentence_lines(said))
    if found.warnings:
        yield "new warnings"
        yield from (f"  {warning}" for warning in found.warnings)


def _causes(found: Comparison) -> Iterator[str]:
    """Yield what the runs rest on and that differs, a line for each."""
    yield from (f"parameter {key}: {old} -> {new}" for key, (old, new) in found.parameters.items())
    for kind, names in found.causes.items():
        for name in names:
            yield f"{KINDS[kind]} {name}"
            if kind == "inputs":
                yield from (f"  {line}" for line in row_lines(found.rows.get(name, [])))
    if found.python:
        yield python_line(found)
    yield from (f"package {name}: {old} -> {new}" for name, (old, new) in found.packages.items())
    if not (found.parameters or found.causes or found.packages or found.python):
        yield "nothing they rest on differs"


def python_line(found: Comparison) -> str:
    """Return both versions of Python, and what that hides."""
    assert found.python
    old, new = found.python
    minor = [version.split(".")[:2] for version in (old, new)]
    return f"Python {old} -> {new}" + (f": {CODE_UNKNOWN}" if minor[0] != minor[1] else "")


def row_lines(rows: list[RowChange]) -> Iterator[str]:
    """Yield what changed in an input table, row and column first; many rows are counted."""
    for row in rows[:SHOWN]:
        if row.column:
            yield f"{row.row}, {row.column}: {row.before} -> {row.after}"
        else:
            state = "new" if row.before is None else "gone"
            yield f"row {state}: {row.after if row.before is None else row.before}"
    if len(rows) > SHOWN:
        yield f"and {len(rows) - SHOWN} more"


def sentence_lines(said: Said) -> Iterator[str]:
    """Yield a text before and after in each language in which it differs."""
    state = "" if said.before and said.after else " is gone" if said.before else " is new"
    yield f"{said.place}{state}" + (f": {flip(said)}" if said.flipped else "")
    for lang in languages(said):
        for sign, text in (("-", said.before), ("+", said.after)):
            if text and lang in text.text:
                yield f"  {lang} {sign} {text.text[lang]}"


def flip(said: Said) -> str:
    """Return which case held and which holds now."""
    return " -> ".join(_case(text) for text in (said.before, said.after))


def _case(text: Text | None) -> str:
    return (text.case if text else "") or "holds"


def languages(said: Said) -> list[str]:
    """Return the languages in which a text differs, none where one of the runs has no words."""
    if said.before and said.after and not (said.before.text and said.after.text):
        return []
    old, new = (text.text if text else {} for text in (said.before, said.after))
    return [lang for lang in {**old, **new} if old.get(lang) != new.get(lang)]


def figures(moved: Moved, lang: str = "en") -> str:
    """Return both values of a result with the size of the change, its sign in words where a sum
    below zero makes per cent misleading.

    >>> figures(Moved("run_rate_saving", "JPY/year", 2.0e9, 1.5e9))
    '2 -> 1.50 billion yen a year (-25.0%)'
    >>> figures(Moved("balance", "JPY/year", -2.0e9, -3.0e9))
    '−2 -> −3 billion yen a year (50.0% further below zero)'
    """
    before, after = (
        units.format_value(value, moved.unit, lang, 3) for value in (moved.before, moved.after)
    )
    shared = "" if moved.unit == "fiscal_year" else after.removeprefix(after.split(" ")[0])
    before = before.removesuffix(shared) if shared and before.endswith(shared) else before
    size = change_in_words(moved, lang)
    return f"{before} -> {after}" + (f" ({size})" if size else "")


def change_in_words(moved: Moved, lang: str = "en") -> str:
    """Return the size of a change: per cent of what was, or what became of it; blank where it has
    none.

    >>> (
    ...     change_in_words(Moved("balance", "JPY", 1.0, -1.0)),
    ...     change_in_words(Moved("balance", "JPY", -4.0, -3.0)),
    ... )
    ('fell below zero', '25.0% nearer to zero')
    """
    if moved.before == moved.after:
        return RANGE_ALONE[lang]
    if moved.change is None or moved.relative is None:
        return ""
    if moved.unit == "fiscal_year":
        later, earlier = BY_MONTHS[lang]
        return (later if moved.change > 0 else earlier).format(round(abs(moved.change) * 12))
    if moved.turned:
        return _turned(moved, lang)
    if moved.before is not None and moved.before < 0:
        further, nearer = FURTHER[lang]
        return (further if moved.relative < 0 else nearer).format(f"{abs(moved.relative):.1%}")
    if abs(moved.relative) < SLIGHT:
        return f"{'+' if moved.relative > 0 else '-'}<0.1%"
    return f"{moved.relative:+.1%}"


def _turned(moved: Moved, lang: str) -> str:
    """Return what a result became whose sign turned, by the study's words for both sides."""
    terms, down = glossary(), (moved.change or 0) < 0
    sides = [terms.get(side.format(moved.id), {}).get(lang) for side in (ABOVE, BELOW)]
    fell, rose, below, above = TURNED[lang]
    if all(sides):
        return (fell if down else rose).format(above=sides[0], below=sides[1])
    return below if down else above


def as_json(found: Comparison) -> str:
    """Return a comparison as JSON: the same names, values as they are."""
    moved = [
        {**asdict(m), "change": m.change, "relative": m.relative, "turned": m.turned}
        for m in found.moved
    ]
    texts = [{**asdict(said), "flipped": said.flipped} for said in found.texts]
    record: dict[str, Any] = {"same": found.same, **asdict(found), "moved": moved, "texts": texts}
    return json.dumps(record, ensure_ascii=False, indent=1) + "\n"
