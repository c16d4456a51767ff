"""Killed at any moment, the next run completes and equals a clean one."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time

import pytest

from tests.workbook.tiny_study import STEPS, tiny_parameters, tiny_study, with_cell
from workbook.running import rounds
from workbook.running.copies import may_be_copied
from workbook.running.pipeline import run_study
from workbook.running.rounds import How
from workbook.staleness.keys import Keys

pytestmark = [
    pytest.mark.whole,
    pytest.mark.skipif(not may_be_copied(), reason="kernels cannot be forked here"),
]
RUNNER = """
import pathlib, sys
from workbook.running import rounds
from workbook.running.engine import fork_server
rounds.write_manifest = lambda *asked: None
def main():
    from tests.workbook.running.engine.test_kills import brought_up_to_date
    brought_up_to_date(pathlib.Path(sys.argv[1]))
if __name__ == '__main__':
    main()
"""


# who holds the folder, and when the run was finished
NOT_OF_THE_STEPS = (".lock", "manifest.json", "ro-crate-metadata.json")


def brought_up_to_date(folder):
    run_study(
        folder, tiny_parameters(), "baseline", STEPS, How(jobs=2), Keys(folder, STEPS, folder)
    )


def left(folder):
    """Return the bytes of every file of a run by its path, scraps of files not whole among them."""
    run = folder / "runs" / "baseline"
    return {
        path.relative_to(run).as_posix(): path.read_bytes()
        for path in sorted(run.rglob("*"))
        if path.is_file() and path.name not in NOT_OF_THE_STEPS
    }


@pytest.fixture
def studies(tmp_path, monkeypatch):
    """Two copies of a study whose steps are slow enough to be met in the middle: one to be killed,
    one in peace.
    """
    monkeypatch.setattr(rounds, "write_manifest", lambda *asked: None)
    (tmp_path / "runner.py").write_text(RUNNER)
    for name in ("killed", "clean"):
        (tmp_path / name).mkdir()
        tiny_study(tmp_path / name)
        for step in STEPS:
            with_cell(
                tmp_path / name,
                step,
                "compute",
                lambda source: "import time\ntime.sleep(0.05)\n" + source,
            )
    return tmp_path / "killed", tmp_path / "clean"


@pytest.mark.parametrize("kills", [3, pytest.param(50, marks=pytest.mark.slow)])
def test_the_run_after_a_kill_equals_a_clean_one(studies, kills):
    folder, clean = studies
    runner, chance, began = folder.parent / "runner.py", random.Random(7), time.monotonic()
    start(folder, runner).wait()
    whole = time.monotonic() - began
    for kill in range(kills):
        for place in studies:  # something to do for every step that follows
            with_cell(
                place, STEPS[0], "open", lambda source, kill=kill: f"kill = {kill}\n" + source
            )
        process = start(folder, runner)
        time.sleep(chance.uniform(0.3, 1.0) * whole)
        process.kill()
        process.wait()
        brought_up_to_date(folder)
        brought_up_to_date(clean)
        assert left(folder) == left(clean)


def start(folder, runner):
    return subprocess.Popen(
        [sys.executable, str(runner), str(folder)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
