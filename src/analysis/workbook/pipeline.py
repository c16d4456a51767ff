"""The headless run: what is stale, in sequence, by papermill; results passed as tables in the run's folder."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from analysis.notebook.keys import Keys, key_of
from analysis.notebook.steps import STEPS, Step
from analysis.notebook.whole_files import remove_scraps, write_whole
from analysis.workbook.engine.failure import Failure
from analysis.workbook.finished_step import clear, copy, finish, reusable
from analysis.workbook.lock import locked
from analysis.workbook.manifest import step_records, write_manifest, write_results
from analysis.workbook.params import Parameters, resolved_yaml
from analysis.workbook.staleness import Standing, standing

Listener = Callable[[Step, str, list[str]], None]   # step; started, executed, reused or fresh; why


def run_study(root: Path, parameters: Parameters, run_id: str, steps: tuple[Step, ...] = STEPS, on_step: Listener = lambda *told: None,
              *, keys: Keys | None = None, force: bool = False, engine: str = "stock",
              on_wait: Callable[[str], None] = lambda holder: None) -> Path:
    """Bring ``steps`` up to date in ``runs/<run_id>``, in order, and return that folder.

    A step runs when what it rests on has changed, or with ``force``; a finished one of another run that rests on the
    same is copied. ``on_step`` is called with a step, its state and the reasons. A cell that raises ends the run with
    `Failure`; what earlier steps wrote stays. The manifest is renewed after every step that ran or was copied.
    """
    run, keys = root / "runs" / run_id, keys or Keys(root)
    with locked(run, on_wait), _run_in_environment(run):
        remove_scraps(run)
        write_if_other(run / "params.yaml", resolved_yaml(parameters))
        for step in steps:
            found = standing(keys, step, parameters, run, force)
            if found.fresh:
                on_step(step, "fresh", [])
                continue
            _renew(keys, found, parameters, run, force, engine, on_step)
        keys.remembered.save()
    return run


def _renew(keys: Keys, found: Standing, parameters: Parameters, run: Path, force: bool, engine: str, on_step: Listener) -> None:
    """Make a stale step fresh: by a copy where another run has it, by running it otherwise."""
    step, began, records = found.step, time.perf_counter(), step_records(run)
    on_step(step, "started", found.reasons)
    other = None if force else reusable(keys.root, run, step, found.key)
    record: dict[str, Any] = {"status": "failed", "reasons": found.reasons}
    try:
        if other and copy(other, run):
            record |= {"status": "reused", "from": other.run.name}
        else:
            _execute(keys, found, parameters, run, engine)
            record["status"] = "executed"
    finally:
        record["seconds"] = round(time.perf_counter() - began, 3)
        write_results(run, keys.steps)
        write_manifest(keys.root, run, keys.steps, {**records, step.name: record})
    on_step(step, record["status"], found.reasons)


def _execute(keys: Keys, found: Standing, parameters: Parameters, run: Path, engine: str) -> None:
    from analysis.workbook.engine.execution import execute, nbformat  # slow to import: only a step that runs needs it

    step = found.step
    target = run / "notebooks" / f"{step.name}.ipynb"
    clear(run, step)
    try:
        executed = execute(keys.root / "notebooks" / target.name, parameters.flat(step.stem), engine)
    except Failure as failure:
        write_whole(target, nbformat.writes(failure.so_far) + "\n")
        raise
    write_whole(target, nbformat.writes(executed) + "\n")
    # What changed while the step ran may have been read before or after: then nobody knows what the result rests on.
    if key_of(keys.parts(step, parameters.flat(step.stem), run)) == found.key:
        finish(run, step, found.parts)


def write_if_other(path: Path, content: str) -> None:
    """Write a file whose content would change."""
    if not path.exists() or path.read_text(encoding="utf-8") != content:
        write_whole(path, content)


@contextmanager
def _run_in_environment(run: Path) -> Iterator[None]:
    """Name the run's folder to the notebooks' kernels."""
    before = os.environ.get("WORKBOOK_RUN")
    os.environ["WORKBOOK_RUN"] = str(run)
    try:
        yield
    finally:
        os.environ.pop("WORKBOOK_RUN")
        if before is not None:
            os.environ["WORKBOOK_RUN"] = before
