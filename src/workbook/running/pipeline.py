"""The headless run: what is stale, by papermill, side by side where nothing is passed on; results
are tables in the run's folder.
"""

from __future__ import annotations

from pathlib import Path

from workbook.choices import Parameters, resolved_yaml
from workbook.running.belonging import renamed
from workbook.running.crate import METADATA, write_crate
from workbook.running.engine.failure import Failure
from workbook.running.finished_step import remove_drafts
from workbook.running.illustrating import illustrate
from workbook.running.kept_inputs import keep_inputs
from workbook.running.lock import locked
from workbook.running.manifest import manifest_of, step_records, write_manifest
from workbook.running.rounds import How, Round
from workbook.staleness.keys import Keys
from workbook.steps import Step
from workbook.study import study
from workbook.whole_files import remove_scraps, write_whole

__all__ = ["Failure", "How", "run_study"]


def run_study(
    root: Path,
    parameters: Parameters,
    run_id: str,
    steps: tuple[Step, ...] | None = None,
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
    steps = study().steps if steps is None else steps
    how, keys, run = how or How(), keys or Keys(root), root / "runs" / run_id
    with locked(run, how.on_lock):
        remove_scraps(run)
        remove_drafts(run)
        (run / METADATA).unlink(missing_ok=True)  # of a run that fails there is none
        write_if_other(run / "params.yaml", resolved_yaml(parameters))
        try:
            Round(keys, parameters, run, how, list(steps)).go()
        finally:
            remove_drafts(run)
        _complete_records(keys, run)
        keys.remembered.save()
        if how.exhibits:
            illustrate(keys, run)
    return run


def _complete_records(keys: Keys, run: Path) -> None:
    """Keep the tables that were read, take notebooks that the study has no more out of the
    manifest, for what they left is nobody's, and write the run's provenance for machines.
    """
    if renamed(run, keys.steps) or not manifest_of(run):
        write_manifest(keys.root, run, keys.steps, step_records(run))
    keep_inputs(keys.package, run)
    write_crate(keys.root, run, keys.steps)


def write_if_other(path: Path, content: str) -> None:
    """Write a file whose content would change."""
    if not path.exists() or path.read_text(encoding="utf-8") != content:
        write_whole(path, content)
