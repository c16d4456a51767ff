"""One copy of the study, run headless once, for all tests that look at a whole run."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MIME = "application/vnd.analysis.exhibit+json"


def copy_of_the_study(folder: Path) -> Path:
    """Copy what a run needs, and nothing that a run or a researcher has made, and return the
    folder.
    """
    shutil.copytree(ROOT / "data", folder / "data", ignore=shutil.ignore_patterns("local"))
    shutil.copytree(
        ROOT / "notebooks",
        folder / "notebooks",
        ignore=shutil.ignore_patterns(".ipynb_checkpoints"),
    )
    (folder / "docs").mkdir()
    shutil.copy(ROOT / "docs" / "references.bib", folder / "docs")
    shutil.copy(ROOT / "params.yaml", folder)
    return folder


def shown_by(notebook: Path) -> list[dict]:
    """Return what each output of a notebook that is ours holds: what was said, and how viewers show
    it.
    """
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    return [output["data"] for output in outputs if MIME in output.get("data", {})]


def outputs_of(notebook: Path) -> list[dict]:
    """Return what a notebook shows its reader, exhibit by exhibit and sentence by sentence."""
    return [data[MIME] for data in shown_by(notebook)]


def seen_in(notebook: Path) -> list[dict]:
    """Return what any viewer of notebooks shows of its exhibits and sentences."""
    return [
        {kind: "".join(text) for kind, text in data.items() if kind != MIME}
        for data in shown_by(notebook)
    ]


@pytest.fixture(scope="session")
def study(tmp_path_factory):
    """The study's folder with a finished headless baseline in it."""
    from workbook import choices as params
    from workbook.running import pipeline

    folder = copy_of_the_study(tmp_path_factory.mktemp("study"))
    pipeline.run_study(folder, params.load_parameters(folder / "params.yaml"), "baseline")
    return folder


@pytest.fixture(autouse=True)
def no_run_in_the_environment(monkeypatch):
    """A run of the tester's own must not reach a test."""
    for name in [name for name in os.environ if name.startswith("WORKBOOK_")]:
        monkeypatch.delenv(name)
