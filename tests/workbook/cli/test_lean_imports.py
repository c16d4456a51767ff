"""What a command does not need it does not import: that, and not a clock, keeps the command line
quick.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {
    "IPython",
    "ipykernel",
    "jupyter_client",
    "matplotlib",
    "nbclient",
    "nbconvert",
    "nbformat",
    "networkx",
    "numpy",
    "pandas",
    "pandera",
    "papermill",
    "rfc3987_syntax",
    "scipy",
    "seaborn",
    "statsmodels",
    "distributed",
    "dask",
    "zmq",
}
ALL_FRESH = """
from workbook.running import finished_step; from workbook.running import status as staleness
from workbook.cli import app
finished_step.is_illustrated = lambda run: True
found = staleness.status
def fresh(*asked):
    return [staleness.StepState(own.step, own.parts, [], []) for own in found(*asked)]
staleness.status = fresh
app(["run"])
"""


def imported_by(code: str, folder: Path) -> set[str]:
    """Return the top-level modules that are loaded when some code has run in a new process."""
    report = (
        "import atexit, json, sys\natexit.register(lambda: print('\\n' +"
        " json.dumps(sorted({name.split('.')[0] for name in sys.modules}))))\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", report + code],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={name: value for name, value in os.environ.items() if name != "COVERAGE_PROCESS_START"},
    )
    assert ran.returncode == 0, ran.stderr
    return set(json.loads(ran.stdout.splitlines()[-1]))


@pytest.mark.parametrize(
    "code",
    [
        "from workbook.cli import app\napp(['--help'])",
        "from workbook.cli import app\napp(['status'])",
        ALL_FRESH,
        "from workbook.staleness import keys",
        "from workbook import report",
    ],
    ids=["help", "status", "unchanged run", "keys", "report"],
)
def test_it_imports_nothing_heavy(toy, code):
    assert imported_by(code, toy) & HEAVY == set()


def test_help_does_not_even_read_parameters(toy):
    assert not {"yaml", "pydantic"} & imported_by(
        "from workbook.cli import app\napp(['--help'])", toy
    )


@pytest.mark.parametrize(
    "code",
    ["from workbook.running.engine import execution", "from workbook.report import page"],
    ids=["papermill", "nbconvert"],
)
def test_running_and_reporting_do_without_the_grammar_of_addresses(toy, code):
    assert not {"rfc3987_syntax", "lark"} & imported_by(code, toy)


def test_a_page_does_without_pandas(toy):
    assert not {"pandas", "numpy", "pandera"} & imported_by("from workbook.report import page", toy)


def test_a_kernel_that_looks_at_the_console_script_imports_nothing_of_it(toy):
    assert "typer" not in imported_by("import workbook.__main__", toy)
