"""The made-up study in tests/toy, copied and driven by the command line, as a researcher would."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from workbook.study import NAMED_BY

ROOT = Path(__file__).parents[1]
TOY = ROOT / "tests" / "toy"


def toy_project(folder: Path) -> Path:
    """Copy the toy, its package with it, into a folder that is not there yet and return that."""
    left_out = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints", "runs")
    return shutil.copytree(TOY, folder, ignore=left_out)


def with_the_toy(environment: pytest.MonkeyPatch) -> None:
    """Have this process, and every one that it starts, work with the toy until the environment is
    put back.
    """
    sources = str(TOY / "src")
    environment.setenv(NAMED_BY, "bakery")
    environment.setenv("PYTHONPATH", os.pathsep.join([sources, str(ROOT / "src")]))
    environment.syspath_prepend(sources)


def workbook(project: Path, *arguments: str, code: int = 0, package: bool = True) -> str:
    """Return what a command says in a copy of the toy; another exit code than ``code`` is a
    failure. Without its ``package`` it is as if nobody had installed it.
    """
    done = ran(project, *arguments, package=package)
    assert done.returncode == code, f"{arguments}\n{done.stdout}\n{done.stderr}"
    return done.stdout + done.stderr


def ran(project: Path, *arguments: str, package: bool = True) -> subprocess.CompletedProcess[str]:
    """Return how a command ended in a copy of the toy."""
    named = {name: value for name, value in os.environ.items() if not name.startswith("WORKBOOK_")}
    places = os.pathsep.join([str(ROOT / "src"), *([str(project / "src")] if package else [])])
    return subprocess.run(
        [sys.executable, "-m", "workbook", *arguments],
        cwd=project,
        env={**named, "PYTHONPATH": places, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


def edit(path: Path, old: str, new: str) -> None:
    """Replace a text that stands in a file once."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, (path, old)
    path.write_text(text.replace(old, new), encoding="utf-8")
