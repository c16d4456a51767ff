"""A made-up study of four notebooks that need no library: two independent ones, one that reads the
first, one that reads the headlines. Its parameters are those of the toy.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

from tests.toy_project import TOY
from workbook.choices import load_parameters
from workbook.choices.declaring import Parameters
from workbook.steps import Step

STEPS = (
    Step(
        "01_harvest",
        inputs=("rain",),
        reads=(),
        writes=("drops",),
        exhibits=(),
        results=("drops",),
    ),
    Step("02_harvest", inputs=("wind",), reads=(), writes=("hours",), exhibits=()),
    Step("03_bread", inputs=("snow",), reads=("drops",), writes=("depth",), exhibits=()),
    Step(
        "12_ledger",
        inputs=(),
        reads=("depth",),
        writes=("answers",),
        exhibits=(),
        reads_headlines=True,
    ),
)
OPENING = (
    "import csv, json, os, pathlib\nrun = pathlib.Path(os.environ['WORKBOOK_RUN'])\n"
    "draft = pathlib.Path(os.environ.get('WORKBOOK_DRAFT') or run)\n"
)
WRITING = """
def write(kind, name, text):
    path = draft / kind / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.with_name('.new-' + name).write_text(text)
    path.with_name('.new-' + name).rename(path)
"""
COMPUTING = {
    "01_harvest": (
        "n = sum(int(row['n']) for row in"
        " csv.DictReader(pathlib.Path('../data/rain.csv').read_text().splitlines()))\n"
        "write('tables', 'drops.csv', f'n\\n{n % 10}\\n')\n"
    ),
    "02_harvest": ("write('tables', 'hours.csv', pathlib.Path('../data/wind.csv').read_text())\n"),
    "03_bread": (
        "n = int((run / 'tables' / 'drops.csv').read_text().split()[1])\nwrite('tables',"
        " 'depth.csv', f'n\\n{n * loaves_per_sack}\\n')\n"
    ),
    "12_ledger": "write('tables', 'answers.csv', (run / 'tables' / 'depth.csv').read_text())\n",
}
LEAVING = (
    "write('steps', '{name}.json', json.dumps({{'results': {results}}}))\nprint('left {name}')"
)
RESULTS = {
    "01_harvest": (
        "[{'id': 'drops', 'value': n % 10, 'low': None, 'high': None, 'unit': 'count', 'standing':"
        " 'derived', 'chapter': 1, 'exhibit': '1.1', 'reason': None}]"
    )
}


def tiny_study(folder: Path) -> Path:
    """Write the study into a folder and return it; its parameters are those of the toy."""
    shutil.copy(TOY / "params.yaml", folder)
    resources = [_resource(name) for name in ("rain", "wind", "snow")]
    (folder / "data").mkdir()
    (folder / "data" / "datapackage.json").write_text(
        json.dumps({"name": "tiny", "resources": resources})
    )
    for name in ("rain", "wind", "snow"):
        (folder / "data" / f"{name}.csv").write_text("n\n3\n4\n")
    (folder / "notebooks").mkdir()
    for step in STEPS:
        cells = {
            "parameters": _parameters(step),
            "open": OPENING + WRITING,
            "compute": COMPUTING[step.name],
            "leave": LEAVING.format(name=step.name, results=RESULTS.get(step.name, "[]")),
        }
        write_notebook(folder / "notebooks" / f"{step.name}.ipynb", cells)
    return folder


def _resource(name: str) -> dict:
    return {
        "name": name,
        "title": name.title(),
        "path": f"{name}.csv",
        "standing": "assumed",
        "schema": {"fields": []},
        "sources": [{"title": "made up"}],
        "licenses": [{"title": "none"}],
    }


def _parameters(step: Step) -> str:
    return "\n".join(
        f"{name} = {value!r}" for name, value in tiny_parameters().flat(step.stem).items()
    )


def tiny_parameters(*overrides: str) -> Parameters:
    """Return the parameters of the baseline, changed by ``section.name=value`` texts."""
    return load_parameters(TOY / "params.yaml", overrides=overrides)


def write_notebook(path: Path, cells: dict[str, str]) -> None:
    """Write a notebook of code cells by id; the cell named ``parameters`` is tagged."""
    written = [
        {
            "cell_type": "code",
            "id": name,
            "metadata": {"tags": ["parameters"]} if name == "parameters" else {},
            "execution_count": None,
            "outputs": [],
            "source": source.splitlines(keepends=True),
        }
        for name, source in cells.items()
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    path.write_text(
        json.dumps(
            {
                "cells": written,
                "metadata": {"kernelspec": kernel},
                "nbformat": 4,
                "nbformat_minor": 5,
            }
        )
    )


def with_cell(folder: Path, step: Step, cell: str, edit: Callable[[str], str]) -> None:
    """Edit the source of one cell of a notebook."""
    path = folder / "notebooks" / f"{step.name}.ipynb"
    notebook = json.loads(path.read_text())
    (own,) = (found for found in notebook["cells"] if found.get("id") == cell)
    own["source"] = edit("".join(own["source"])).splitlines(keepends=True)
    path.write_text(json.dumps(notebook))


def tables_of(folder: Path, run: str = "baseline") -> dict[str, str]:
    """Return every table of a run by name."""
    return {
        path.stem: path.read_text()
        for path in sorted((folder / "runs" / run / "tables").glob("*.csv"))
    }
