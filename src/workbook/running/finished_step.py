"""What a finished step leaves in a run's folder, its mark, and reuse of it by another run.

A step writes into a draft. What stood before stays, marked, until the draft is whole; then the mark
is taken away, the files change places, and the new mark is written last. So a failure leaves the
step as it was, a kill at any moment leaves it as it was or unmarked, and a mark never stands for
files of two lives. It holds the parts of the key and a checksum of every file left.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbook.staleness.keys import Parts, key_of
from workbook.steps import Step
from workbook.whole_files import checksum, json_text, mode_behind, replace_file, write_whole

# where notebooks stand as their kernels left them, without words and pictures
EXECUTED = "executed"
ILLUSTRATED = "notebooks"  # where they stand with both, to be opened by people
DRAFTS = ".drafts"


@dataclass(frozen=True)
class Finished:
    """A finished step: the folder it is in, its key's parts, the checksum of each file by its path
    in the folder.
    """

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
        return [
            name
            for name, sha in self.files.items()
            if not (self.run / name).is_file() or checksum(self.run / name) != sha
        ]


def _mark(run: Path, step: Step) -> Path:
    return run / "keys" / f"{step.name}.json"


def finished(run: Path, step: Step) -> Finished | None:
    """Return a step as it stands finished in a run's folder, or None; its files are not
    read.
    """
    try:
        record: dict[str, Any] = json.loads(_mark(run, step).read_text(encoding="utf-8"))
        return Finished(run, step, record["rests_on"], record["files"])
    except (OSError, ValueError, KeyError, TypeError):  # none, or not one of ours
        return None


def _files(step: Step) -> list[str]:
    return [
        *(f"tables/{table}.csv" for table in step.writes),
        f"{EXECUTED}/{step.name}.ipynb",
        f"steps/{step.name}.json",
    ]


def draft_of(run: Path, step: Step) -> Path:
    """Return where a step's files wait; a name of this process, so that an orphan of a killed one
    writes elsewhere.
    """
    return run / DRAFTS / f"{step.name}-{os.getpid()}"


def is_illustrated(run: Path) -> bool:
    """Say whether a run holds notebooks as people open them; one for its numbers alone has none."""
    return any((run / ILLUSTRATED).glob("*.ipynb"))


def failed_notebook(run: Path, step: Step) -> Path:
    """Return where the notebook of a step that failed is kept, as far as it came."""
    return run / "failed" / f"{step.name}.ipynb"


def drop_draft(run: Path, step: Step) -> None:
    """Take a step's draft away; the folder of drafts stays, since another step may be about to
    write.
    """
    shutil.rmtree(draft_of(run, step), ignore_errors=True)


def remove_drafts(run: Path) -> None:
    """Take all drafts away, what killed runs left, too; only for the holder of the folder's lock
    and has no step at work.
    """
    shutil.rmtree(run / DRAFTS, ignore_errors=True)


def finish(run: Path, step: Step, parts: Parts | None) -> None:
    """Put a step's draft in the place of what stood there; it is marked where it is known what it
    rests on (``parts``).
    """
    _mark(run, step).unlink(missing_ok=True)
    failed_notebook(run, step).unlink(missing_ok=True)
    for name in _files(step):
        _put_in_place(draft_of(run, step) / name, run / name)
    drop_draft(run, step)
    if parts is not None:
        files = {name: checksum(run / name) for name in _files(step) if (run / name).is_file()}
        _write_mark(Finished(run, step, parts, files))


def _write_mark(done: Finished) -> None:
    mode = mode_behind(done.run / name for name in done.files)
    text = json_text({"rests_on": done.parts, "files": done.files})
    write_whole(_mark(done.run, done.step), text, mode)


def _put_in_place(new: Path, old: Path) -> None:
    """Replace a file; one that the new life does not have goes."""
    if new.is_file():
        old.parent.mkdir(parents=True, exist_ok=True)
        replace_file(new, old)
    else:
        old.unlink(missing_ok=True)


def reusable(root: Path, run: Path, step: Step, parts: Parts) -> Finished | None:
    """Return the same step, finished under the same key and undamaged, from another run of the
    project, or None.
    """
    key = key_of(parts)
    return next(
        (
            found
            for found in _elsewhere(root, run, step)
            if found.key == key and not found.damaged()
        ),
        None,
    )


def _elsewhere(root: Path, run: Path, step: Step) -> Iterator[Finished]:
    for mark in sorted((root / "runs").glob(f"*/keys/{step.name}.json")):
        other = mark.parents[1]
        if other != run and (found := finished(other, step)):
            yield found


def copy(source: Finished, run: Path) -> bool:
    """Copy a finished step into a run's folder; False, and nothing is touched, when it changed
    under our hands.
    """
    draft = draft_of(run, source.step)
    try:
        for name in source.files:
            file = source.run / name
            write_whole(draft / name, file.read_bytes(), mode_behind([file]))
        whole = not Finished(draft, source.step, source.parts, source.files).damaged()
    except FileNotFoundError:
        whole = False
    if not whole:
        drop_draft(run, source.step)
        return False
    finish(run, source.step, source.parts)
    return True
