"""What differs between two finished runs, from causes to consequences."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workbook.choices import values_of
from workbook.output import shown_in
from workbook.sameness import near
from workbook.tables.step_records import results_in

ALL = "all"  # in the place of an exhibit: one of the runs shows none
# the parts of steps' keys, without what follows from them
CAUSES = ("inputs", "modules", "cells", "declarations", "packages")


@dataclass(frozen=True)
class Moved:
    """A headline result in both runs; ``change`` is after minus before, None where either is
    undefined.
    """

    id: str
    unit: str
    before: float | None
    after: float | None

    @property
    def change(self) -> float | None:
        """After minus before."""
        return None if self.before is None or self.after is None else self.after - self.before

    @property
    def relative(self) -> float | None:
        """The change as a share of the value before, None where that is nothing."""
        return self.change / abs(self.before) if self.change is not None and self.before else None


@dataclass(frozen=True)
class Comparison:
    """Two runs: choices, inputs, code and libraries that differ; results that moved, came or went;
    exhibits that differ.

    ``causes`` holds names by kind, ``parameters`` pairs of values by dotted key, ``exhibits`` what
    differs of each by number and slug (``figure``, ``table``, ``text``, ``only in one``).
    """

    before: str
    after: str
    parameters: dict[str, tuple[Any, Any]]
    causes: dict[str, list[str]]
    moved: list[Moved]
    came: list[str] = field(default_factory=list)
    went: list[str] = field(default_factory=list)
    exhibits: dict[str, list[str]] = field(default_factory=dict)

    @property
    def same(self) -> bool:
        """Say whether a reader of both reports reads the same results and sees the same
        exhibits.
        """
        return not (self.moved or self.came or self.went or self.exhibits)


def compare(before: Path, after: Path, tolerance: float = 1e-9) -> Comparison:
    """Return what differs between two run folders; numbers count as equal within a relative
    ``tolerance``.
    """
    results = [results_in(run) for run in (before, after)]
    moved = [
        Moved(name, new["unit"], old["value"], new["value"])
        for name, new in results[1].items()
        if (old := results[0].get(name))
        and not all(near(old[part], new[part], tolerance) for part in ("value", "low", "high"))
    ]
    return Comparison(
        before.name,
        after.name,
        _parameters(before, after),
        _causes(before, after),
        moved,
        [name for name in results[1] if name not in results[0]],
        [name for name in results[0] if name not in results[1]],
        dict(_exhibits(before, after, tolerance)),
    )


def _parameters(before: Path, after: Path) -> dict[str, tuple[Any, Any]]:
    read = [
        values_of((run / "params.yaml").read_text(encoding="utf-8"), f"runs/{run.name}/params.yaml")
        for run in (before, after)
    ]
    old, new = (
        {
            f"{section}.{name}": value
            for section, own in sections.items()
            for name, value in own.items()
        }
        for sections in read
    )
    return {
        key: (old.get(key), new.get(key)) for key in {**old, **new} if old.get(key) != new.get(key)
    }


def _causes(before: Path, after: Path) -> dict[str, list[str]]:
    """Return by kind the names of what the runs rest on and that differs; cells carry their
    notebook's name.

    A table or module that another step, too, reads now is not a difference: what it holds is. Nor
    is what a chapter rests on that only one of the runs has: its exhibits say that they are in one
    run only.
    """
    in_both = sorted(
        {mark.name for mark in (before / "keys").glob("*.json")}
        & {mark.name for mark in (after / "keys").glob("*.json")}
    )
    old, new = _rest_on(before, in_both), _rest_on(after, in_both)
    found = {
        kind: sorted(
            name
            for name in {**old[kind], **new[kind]}
            if old[kind].get(name) != new[kind].get(name)
        )
        for kind in CAUSES
    }
    return {kind: names for kind, names in found.items() if names}


def _rest_on(run: Path, marks: list[str]) -> dict[str, dict[str, Any]]:
    """Return what steps of a run rest on, by the names of their marks, in one dictionary for each
    kind.
    """
    merged: dict[str, dict[str, Any]] = {kind: {} for kind in CAUSES}
    for mark in (run / "keys" / name for name in marks):
        parts = json.loads(mark.read_text(encoding="utf-8"))["rests_on"]
        for kind in CAUSES:
            merged[kind] |= (
                {f"{mark.stem}: {name}": digest for name, digest in parts[kind].items()}
                if kind == "cells"
                else parts[kind]
            )
    return merged


def _exhibits(before: Path, after: Path, tolerance: float) -> Iterator[tuple[str, list[str]]]:
    old, new = dict(_shown(before)), dict(_shown(after))
    if bool(old) != bool(new):  # a scenario is run for its numbers alone
        yield ALL, ["only in one"]
        return
    for name in {**old, **new}:
        differs = (
            _differs(old[name], new[name], tolerance)
            if name in old and name in new
            else ["only in one"]
        )
        if differs:
            yield name, differs


def _shown(run: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted((run / "notebooks").glob("*.ipynb")):
        for _, payload in shown_in(path):
            if payload["kind"] == "exhibit":
                yield f"{payload['number']} {payload['slug']}", payload


def _differs(old: dict[str, Any], new: dict[str, Any], tolerance: float) -> list[str]:
    found = ["figure"] if old.get("svg") != new.get("svg") else []
    before, after = ([table["rows"] for table in shown["tables"]] for shown in (old, new))
    if not _same_rows(before, after, tolerance):
        found.append("table")
    return found + (
        ["text"] if any(old[part] != new[part] for part in ("title", "subtitle", "alt")) else []
    )


def _same_rows(old: Any, new: Any, tolerance: float) -> bool:
    """Compare nested lists; numbers within the tolerance, everything else exactly."""
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(
            _same_rows(a, b, tolerance) for a, b in zip(old, new, strict=True)
        )
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in (old, new)):
        return near(old, new, tolerance)
    return old == new
