"""The headline results that the tests expect of the baseline; they move by one reviewed command."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from workbook.comparing.comparison import Moved
from workbook.comparing.telling import figures
from workbook.sameness import near
from workbook.tables.step_records import results_in
from workbook.whole_files import json_text, write_whole

TOLERANCE = 1e-6  # between machines and versions; what a reader sees has three digits
PARTS = ("value", "low", "high", "unit", "standing", "exhibit")


def expected_file(root: Path) -> Path:
    """Return the file of the expected results."""
    return root / "tests" / "expected" / "headline_results.json"


def changes(root: Path, run: Path) -> list[str]:
    """Return one line for each headline result of a run that is not as expected."""
    path = expected_file(root)
    old = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return list(_changes(old, _kept(run)))


def accept(root: Path, run: Path) -> list[str]:
    """Write a run's headline results as the expected ones and return what that changes."""
    changed = changes(root, run)
    if changed:
        write_whole(expected_file(root), json_text(_kept(run)))
    return changed


def not_as_reviewed(root: Path, run: Path) -> list[str]:
    """Return what `changes` says of the baseline, nothing of another run or before any review."""
    reviewed = run == root / "runs" / "baseline" and expected_file(root).exists()
    return changes(root, run) if reviewed else []


def own_tables(run: Path) -> list[str]:
    """Return the tables of ``data/local`` that a finished run rests on."""
    return json.loads((run / "manifest.json").read_text(encoding="utf-8")).get("local_inputs", [])


def _kept(run: Path) -> dict[str, dict[str, Any]]:
    found = results_in(run).items()
    return {name: {part: result[part] for part in PARTS} for name, result in found}


def _changes(old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    yield from (f"{name} is gone" for name in old if name not in new)
    for name, now in new.items():
        if name not in old:
            yield f"{name} is new: {figures(Moved(name, now['unit'], None, now['value']))}"
            continue
        was = old[name]
        if not near(was["value"], now["value"], TOLERANCE):
            yield f"{name}: {figures(Moved(name, now['unit'], was['value'], now['value']))}"
        for part in ("low", "high"):
            if not near(was[part], now[part], TOLERANCE):
                yield f"{name}, {part}: {figures(Moved(name, now['unit'], was[part], now[part]))}"
        yield from (
            f"{name}, {part}: {was[part]} -> {now[part]}"
            for part in PARTS[3:]
            if was[part] != now[part]
        )
