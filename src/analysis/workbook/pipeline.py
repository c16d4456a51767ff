"""The headless run: what is stale, by papermill, side by side where nothing is passed on; results
are tables in the run's folder.
"""

from __future__ import annotations

from pathlib import Path

from analysis.notebook.keys import Keys
from analysis.notebook.steps import STEPS, Step
from analysis.notebook.whole_files import remove_scraps, write_whole
from analysis.params import Parameters, resolved_yaml
from analysis.workbook.engine.failure import Failure
from analysis.workbook.finished_step import remove_drafts
from analysis.workbook.illustrating import illustrate
from analysis.workbook.lock import locked
from analysis.workbook.rounds import How, Round

__all__ = ["Failure", "How", "run_study"]


def run_study(
    root: Path,
    parameters: Parameters,
    run_id: str,
    steps: tuple[Step, ...] = STEPS,
    how: How | None = None,
    keys: Keys | None = None,
) -> Path:
    """Bring ``steps`` up to date in ``runs/<run_id>`` and return that folder.

    A step runs when what it rests on has changed, after the steps whose tables it reads; a finished
    one of another run that rests on the same is copied. A cell that raises ends the run with
    `Failure`; what other steps wrote stays, and so does what its own step had left before. The
    manifest is renewed after every step that ran or was copied. A second run in the same folder
    waits for the first.
    """
    how, keys, run = how or How(), keys or Keys(root), root / "runs" / run_id
    with locked(run, how.on_lock):
        remove_scraps(run)
        remove_drafts(run)
        write_if_other(run / "params.yaml", resolved_yaml(parameters))
        try:
            Round(keys, parameters, run, how, list(steps)).go()
        finally:
            remove_drafts(run)
        keys.remembered.save()
        if how.exhibits:
            illustrate(keys, run)
    return run


def write_if_other(path: Path, content: str) -> None:
    """Write a file whose content would change."""
    if not path.exists() or path.read_text(encoding="utf-8") != content:
        write_whole(path, content)
