"""What a finished step leaves in a run's folder, its mark, and reuse of it by another run.

A step is finished when its mark (``keys/<step>.json``) stands; the mark is written last and taken away first, so that a
kill at any moment leaves a finished step or none. It holds the parts of the key and a checksum of every file left.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.notebook.keys import Parts, key_of
from analysis.notebook.steps import Step
from analysis.notebook.whole_files import checksum, json_text, mode_behind, write_whole

EXECUTED = "executed"   # where notebooks stand as their kernels left them, without words and pictures


@dataclass(frozen=True)
class Finished:
    """A finished step: the folder it is in, its key's parts, the checksum of each file by its path in the folder."""

    run: Path
    step: Step
    parts: Parts
    files: dict[str, str]

    @property
    def key(self) -> str:
        """What the step rests on, in sixteen digits."""
        return key_of(self.parts)

    def damaged(self) -> list[str]:
        """Return the files that are missing or not what the step left."""
        return [name for name, sha in self.files.items()
                if not (self.run / name).is_file() or checksum(self.run / name) != sha]


def _mark(run: Path, step: Step) -> Path:
    return run / "keys" / f"{step.name}.json"


def finished(run: Path, step: Step) -> Finished | None:
    """Return a step as it stands finished in a run's folder, or None; what is in its files is not looked at."""
    try:
        record: dict[str, Any] = json.loads(_mark(run, step).read_text(encoding="utf-8"))
        return Finished(run, step, record["rests_on"], record["files"])
    except (OSError, ValueError, KeyError, TypeError):   # none, or not one of ours
        return None


def _files(step: Step) -> list[str]:
    return [*(f"tables/{table}.csv" for table in step.writes), f"{EXECUTED}/{step.name}.ipynb", f"steps/{step.name}.json"]


def clear(run: Path, step: Step) -> None:
    """Take a step's mark and files away, so that nothing of an earlier life passes for a new result."""
    for name in (f"keys/{step.name}.json", *_files(step)):
        (run / name).unlink(missing_ok=True)


def finish(run: Path, step: Step, parts: Parts) -> Finished:
    """Mark a step as finished with what its folder holds of it now."""
    files = {name: checksum(run / name) for name in _files(step) if (run / name).is_file()}
    done = Finished(run, step, parts, files)
    _write_mark(done)
    return done


def _write_mark(done: Finished) -> None:
    mode = mode_behind(done.run / name for name in done.files)
    text = json_text({"rests_on": done.parts, "files": done.files})
    write_whole(_mark(done.run, done.step), text, mode)


def reusable(root: Path, run: Path, step: Step, parts: Parts) -> Finished | None:
    """Return the same step, finished under the same key and undamaged, from another run of the project, or None."""
    key = key_of(parts)
    return next((found for found in _elsewhere(root, run, step) if found.key == key and not found.damaged()), None)


def _elsewhere(root: Path, run: Path, step: Step) -> Iterator[Finished]:
    for mark in sorted((root / "runs").glob(f"*/keys/{step.name}.json")):
        other = mark.parents[1]
        if other != run and (found := finished(other, step)):
            yield found


def copy(source: Finished, run: Path) -> bool:
    """Copy a finished step into a run's folder; False, and nothing is marked, when it changed under our hands."""
    clear(run, source.step)
    for name in source.files:
        try:
            file = source.run / name
            write_whole(run / name, file.read_bytes(), mode_behind([file]))
        except FileNotFoundError:
            return False
    here = Finished(run, source.step, source.parts, source.files)
    if here.damaged():
        return False
    _write_mark(here)
    return True
