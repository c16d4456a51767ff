"""A comparison for a terminal and for a machine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict

from workbook.comparing.comparison import Comparison, Moved

KINDS = {
    "inputs": "input table",
    "modules": "module",
    "cells": "cell",
    "declarations": "declaration of table",
    "packages": "package",
}


def as_lines(found: Comparison) -> Iterator[str]:
    """Yield a comparison as lines: causes, results with size and sign, exhibits."""
    yield f"{found.before} -> {found.after}"
    yield from (
        f"  parameter {key}: {old} -> {new}" for key, (old, new) in found.parameters.items()
    )
    yield from (f"  {KINDS[kind]} {name}" for kind, names in found.causes.items() for name in names)
    if not (found.parameters or found.causes):
        yield "  nothing they rest on differs"
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


def figures(moved: Moved, lang: str = "en") -> str:
    """Return both values of a result with the size and sign of the change.

    >>> figures(Moved("run_rate_saving", "JPY/year", 2.0e9, 1.5e9))
    '2 -> 1.50 billion yen a year (-25.0%)'
    """
    from workbook import units

    before, after = (
        units.format_value(value, moved.unit, lang, 3) for value in (moved.before, moved.after)
    )
    shared = after.removeprefix(after.split(" ")[0])
    before = before.removesuffix(shared) if shared and before.endswith(shared) else before
    return f"{before} -> {after}" + (
        f" ({moved.relative:+.1%})" if moved.relative is not None else ""
    )


def as_json(found: Comparison) -> str:
    """Return a comparison as JSON: the same names, values as they are."""
    moved = [{**asdict(m), "change": m.change, "relative": m.relative} for m in found.moved]
    names = {"before": found.before, "after": found.after, "same": found.same}
    record = {**names, **asdict(found), "moved": moved}
    return json.dumps(record, ensure_ascii=False, indent=1) + "\n"
