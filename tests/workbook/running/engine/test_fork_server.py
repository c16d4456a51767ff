"""Where Python has no fork server, as on Windows, everything starts without one."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.workbook.tiny_study import STEPS, tables_of, tiny_study

HIDDEN = """
import multiprocessing, multiprocessing.context, sys
multiprocessing.context._concrete_contexts.pop("forkserver")
multiprocessing.get_all_start_methods = lambda: ["spawn"]
sys.modules["multiprocessing.forkserver"] = None
"""
RUN = """
from pathlib import Path
from workbook.staleness.keys import Keys
from workbook.running import pipeline, rounds
from tests.workbook.tiny_study import STEPS, tiny_parameters
rounds.write_manifest = lambda *_: None   # the tiny study has no library to name
folder = Path.cwd()
how, keys = rounds.How(engine=ENGINE), Keys(folder, STEPS, folder)
pipeline.run_study(folder, tiny_parameters(), "baseline", STEPS[:1], how, keys)
"""


def ran_where_it_is_hidden(code, folder):
    path = os.pathsep.join([str(folder), os.getcwd(), os.environ.get("PYTHONPATH", "")])
    return subprocess.run(
        [sys.executable, "-c", HIDDEN + code],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": path},
    )


@pytest.mark.parametrize("engine", ["stock", "warm"])
def test_a_run_goes_on_in_stock_kernels(tmp_path, engine):
    ran = ran_where_it_is_hidden(RUN.replace("ENGINE", repr(engine)), tiny_study(tmp_path))
    assert ran.returncode == 0, ran.stderr
    assert set(tables_of(tmp_path)) == set(STEPS[0].writes)


@pytest.mark.parametrize(
    "module",
    [
        "running.rounds",
        "running.scenarios",
        "running.engine.execution",
        "comparing.verify",
        "sweeping",
        "cli",
    ],
)
def test_every_way_in_is_open(tmp_path, module):
    ran = ran_where_it_is_hidden(f"import workbook.{module}", tmp_path)
    assert ran.returncode == 0, ran.stderr
