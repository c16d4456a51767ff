"""docs/add-a-chapter.md, followed to the letter in a copy of the project: what it says is done, and
the chapter runs.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pandas as pd
import pytest

pytestmark = pytest.mark.whole
ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "add-a-chapter.md").read_text(encoding="utf-8")
BLOCK = r"\n\n```\w+\n(.*?)```\n"
NEW_FILE = re.compile(r"New file `([^`]+)`:" + BLOCK, re.DOTALL)
INSERTION = re.compile(r"In `([^`]+)`, before the line `([^`]+)`:" + BLOCK, re.DOTALL)
CELL = re.compile(r"Cell `([^`]+)`, (Markdown|code)(?: with the tag `(\w+)`)?:" + BLOCK, re.DOTALL)
COMMANDS = re.compile(r"```sh\n(.*?)```", re.DOTALL)
STEM = "13_staff_gap"
LEFT_OUT = shutil.ignore_patterns(
    ".venv",
    "runs",
    ".git",
    "__pycache__",
    "local",
    ".pytest_cache",
    ".mypy_cache",
    ".ruff_cache",
    ".hypothesis",
    ".ipynb_checkpoints",
)


def notebook(text: str) -> dict[str, object]:
    cells = []
    for name, kind, tag, source in CELL.findall(text):
        cell = {
            "cell_type": kind.lower(),
            "id": name,
            "metadata": {"tags": [tag]} if tag else {},
            "source": source.rstrip("\n").splitlines(keepends=True),
        }
        cells.append(cell | ({"execution_count": None, "outputs": []} if kind == "code" else {}))
    kernel = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    return {"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}


def python(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    told = {**os.environ, "PYTHONPATH": f"{folder / 'src'}"}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=told,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


@pytest.fixture(scope="module")
def followed(tmp_path_factory) -> Path:
    """A copy of the project after every step of the walk-through."""
    folder = shutil.copytree(ROOT, tmp_path_factory.mktemp("walk") / "study", ignore=LEFT_OUT)
    for path, content in NEW_FILE.findall(TEXT):
        assert not (folder / path).exists(), path
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(content, encoding="utf-8")
    for path, line, content in INSERTION.findall(TEXT):
        source = (folder / path).read_text(encoding="utf-8")
        assert source.count(f"\n{line}") == 1, (path, line)
        (folder / path).write_text(
            source.replace(f"\n{line}", f"\n{content}{line}"), encoding="utf-8"
        )
    nbformat.write(nbformat.from_dict(notebook(TEXT)), folder / "notebooks" / f"{STEM}.ipynb")
    commands = "".join(COMMANDS.findall(TEXT)).split("\n")[:-1]
    assert len(commands) == 4
    for command in commands:
        program, *arguments = command.split()
        assert program == "workbook", command
        done = python(folder, "-m", "workbook", *arguments)
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return folder


def test_every_block_of_the_walk_through_is_used():
    used = (
        len(NEW_FILE.findall(TEXT))
        + len(INSERTION.findall(TEXT))
        + len(CELL.findall(TEXT))
        + len(COMMANDS.findall(TEXT))
    )
    assert used == TEXT.count("\n```") / 2


def test_the_new_chapter_leaves_its_table_its_exhibit_and_its_result(followed):
    gap = pd.read_csv(followed / "runs" / "baseline" / "tables" / "staff_gap.csv")
    assert len(gap) == 23 and gap["gap"].sum() == pytest.approx(
        (gap["staff"] - gap["staff_at_ratio"]).sum()
    )
    step = json.loads(
        (followed / "runs" / "baseline" / "steps" / f"{STEM}.json").read_text(encoding="utf-8")
    )
    assert "staff_above_ratio" in json.dumps(step)
    opened = (followed / "runs" / "baseline" / "notebooks" / f"{STEM}.ipynb").read_text(
        encoding="utf-8"
    )
    assert "比率より職員が多い" in opened and "more staff than at the ratio" in opened
    assert "<svg" in opened and "検算。差の合計は" in opened


def test_the_new_chapter_keeps_the_rules_of_the_house(followed):
    done = python(
        followed,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "tests/analysis/chapters/staff_gap/test_formulas.py",
        "tests/test_house.py",
        "tests/notebooks/test_notebook_rules.py",
    )
    assert done.returncode == 0, done.stdout[-3000:]
