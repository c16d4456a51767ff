"""Why a step must run: the parts of its key that are not what they were, in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from workbook.staleness.keys import ABSENT, Parts

SHOWN = 3  # so many of one kind are named, the rest is counted


def reasons(before: Parts, now: Parts) -> list[str]:
    """Return one line for every part that differs, what a reader would change first on top; none
    where all are equal.

    >>> reasons({"parameters": {"plan_years": 5}}, {"parameters": {"plan_years": 7}})
    ['parameter plan_years: 5 -> 7']
    """
    found: list[str] = []
    for kind, line in KINDS.items():
        lines = (
            _cells(before, now, line)
            if kind == "cells"
            else _different(before.get(kind, {}), now.get(kind, {}), line)
        )
        found += lines[:SHOWN] + (
            [f"and {len(lines) - SHOWN} more {kind}"] if len(lines) > SHOWN else []
        )
    return found


def _different(
    old: dict[str, Any], new: dict[str, Any], line: Callable[[str, Any, Any], str]
) -> list[str]:
    return [
        line(name, old.get(name), new.get(name))
        for name in {**old, **new}
        if old.get(name) != new.get(name)
    ]


def _cells(before: Parts, now: Parts, line: Callable[[str, Any, Any], str]) -> list[str]:
    """Cells count by what they do and in which order; what they are called does not."""
    old, new = before.get("cells", {}), now.get("cells", {})
    return (
        []
        if list(old.values()) == list(new.values())
        else _different(old, new, line) or ["the order of its cells changed"]
    )


def _named(kind: str) -> Callable[[str, Any, Any], str]:
    """Return what writes the line of a part known by a digest alone."""

    def line(name: str, old: Any, new: Any) -> str:
        state = "new" if old in (None, ABSENT) else "gone" if new in (None, ABSENT) else "changed"
        return f"{kind} {name} {'is ' if state != 'changed' else ''}{state}"

    return line


def _valued(kind: str) -> Callable[[str, Any, Any], str]:
    """Return what writes the line of a part known by its value."""

    def line(name: str, old: Any, new: Any) -> str:
        return f"{kind} {name}: {_shown(old)} -> {_shown(new)}"

    return line


def _shown(value: Any) -> str:
    return (
        "none" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    )


def _setting(name: str, old: Any, new: Any) -> str:
    return "its chapter.py changed" if name == "step" else f"{name}: {_shown(old)} -> {_shown(new)}"


KINDS: dict[str, Callable[[str, Any, Any], str]] = {
    "parameters": _valued("parameter"),
    "cells": _named("cell"),
    "modules": _named("module"),
    "inputs": _named("input table"),
    "tables": _named("table"),
    "headlines": _named("the headline results of"),
    "words": _named("message"),
    "declarations": _named("the declaration of"),
    "packages": _valued("package"),
    "setting": _setting,
}
