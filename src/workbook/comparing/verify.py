"""A run once more from scratch, and every difference from it by name."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from workbook.choices import load_parameters
from workbook.running.finished_step import is_illustrated
from workbook.running.pipeline import run_study
from workbook.running.rounds import How
from workbook.sameness import difference
from workbook.staleness.keys import Keys
from workbook.steps import Step
from workbook.study import study
from workbook.whole_files import mode_behind, write_whole

# times and marks are no results
KEPT = (
    "params.yaml",
    "results.json",
    "tables/*.csv",
    "steps/*.json",
    "executed/*.ipynb",
    "notebooks/*.ipynb",
)
NUMERIC = 1e-9


def verify(
    root: Path,
    run_id: str,
    steps: tuple[Step, ...] | None = None,
    how: How | None = None,
    numeric: bool = False,
    keys: Keys | None = None,
) -> list[str]:
    """Run a finished run's choices again from scratch and return one line for each file that
    differs.

    Files must be the same bytes; with ``numeric`` their text must be the same and their numbers
    within 1e-9 of each other, as between two kinds of machine. The second run is kept in
    ``runs/.verify`` when anything differs.
    """
    steps = study().steps if steps is None else steps
    run, again = root / "runs" / run_id, root / "runs" / ".verify" / run_id
    shutil.rmtree(again.parent, ignore_errors=True)
    for file in _gathered(run, steps):
        write_whole(again / file.relative_to(run), file.read_bytes(), mode_behind([file]))
    again_from_scratch = replace(how or How(), force=True, exhibits=is_illustrated(run))
    run_study(
        root,
        load_parameters(run / "params.yaml"),
        f".verify/{run_id}",
        steps,
        again_from_scratch,
        keys,
    )
    found = list(_differences(run, again, NUMERIC if numeric else None))
    if not found:
        shutil.rmtree(again.parent)
    return found


def _gathered(run: Path, steps: tuple[Step, ...]) -> list[Path]:
    """Return the tables that no step writes, with their marks: the workbook has gathered them, and
    steps may read them.
    """
    written = {table for step in steps for table in step.writes}
    tables = [path for path in sorted((run / "tables").glob("*.csv")) if path.stem not in written]
    marks = [run / "keys" / f"{table.stem}.json" for table in tables]
    return [*tables, *(mark for mark in marks if mark.exists())]


def _differences(run: Path, again: Path, tolerance: float | None) -> Iterator[str]:
    names = sorted(
        {
            path.relative_to(folder).as_posix()
            for folder in (run, again)
            for kind in KEPT
            for path in folder.glob(kind)
        }
    )
    for name in names:
        here, there = run / name, again / name
        if not (here.exists() and there.exists()):
            yield f"{name}: only in {'the run' if here.exists() else 'the second run'}"
        elif differs := difference(
            here.read_text(encoding="utf-8"), there.read_text(encoding="utf-8"), tolerance
        ):
            yield f"{name}: {differs}"
