"""The headless run: every notebook in sequence by papermill, results passed as tables in the run's folder."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from analysis.notebook.catalog import Catalog
from analysis.notebook.run_folder import RunFolder, json_text, write_whole
from analysis.notebook.steps import STEPS, Step
from analysis.workbook.params import Parameters, resolved_yaml

PACKAGES = ("jupyterlab", "matplotlib", "nbclient", "nbconvert", "numpy", "pandas", "pandera", "papermill", "pydantic",
            "scipy", "seaborn", "statsmodels")


@dataclass(eq=False)   # not frozen: raising sets the traceback
class Failure(Exception):
    """A notebook raised: which one, in which cell, with which error."""

    notebook: str
    cell: str
    error: str

    def __str__(self) -> str:
        return f"notebooks/{self.notebook}.ipynb, cell {self.cell}: {self.error}"


def run_study(root: Path, parameters: Parameters, run_id: str, steps: tuple[Step, ...] = STEPS,
              on_step: Callable[[Step, str], None] = lambda step, state: None) -> Path:
    """Run the notebooks of ``steps`` in order into ``runs/<run_id>`` and return that folder.

    ``on_step`` is called with each step and ``started`` or ``finished``. A cell that raises ends the run with
    `Failure`; what earlier steps wrote stays. The manifest is renewed after every step.
    """
    folder = root / "runs" / run_id
    write_whole(folder / "params.yaml", resolved_yaml(parameters))
    records = _earlier_records(folder)
    for step in steps:
        on_step(step, "started")
        began = time.perf_counter()
        records[step.name] = {"status": "failed"}
        try:
            _execute(root, folder, step, parameters)
            records[step.name] = {"status": "executed"}
        finally:
            records[step.name]["seconds"] = round(time.perf_counter() - began, 3)
            write_whole(folder / "manifest.json", json_text(_manifest(root, folder, run_id, records)))
        on_step(step, "finished")
    return folder


def _execute(root: Path, folder: Path, step: Step, parameters: Parameters) -> None:
    import papermill  # slow to import: only a run needs it

    source = root / "notebooks" / f"{step.name}.ipynb"
    target = folder / "notebooks" / source.name
    target.parent.mkdir(parents=True, exist_ok=True)
    os.environ["WORKBOOK_RUN"] = str(folder)
    try:
        papermill.execute_notebook(source, target, parameters=parameters.flat(step.stem), kernel_name="python3",
                                   progress_bar=False, cwd=root / "notebooks", extra_arguments=["--log-level=ERROR"])
    except papermill.PapermillExecutionError as fault:
        raise Failure(step.name, _cell_that_raised(target), f"{fault.ename}: {fault.evalue}") from None
    finally:
        del os.environ["WORKBOOK_RUN"]


def _cell_that_raised(executed: Path) -> str:
    cells = json.loads(executed.read_text(encoding="utf-8"))["cells"]
    return next(cell["id"] for cell in cells for output in cell.get("outputs", []) if output["output_type"] == "error")


def _earlier_records(folder: Path) -> dict[str, Any]:
    path = folder / "manifest.json"
    return json.loads(path.read_text(encoding="utf-8"))["steps"] if path.exists() else {}


def _manifest(root: Path, folder: Path, run_id: str, records: dict[str, Any]) -> dict[str, Any]:
    run, catalog = RunFolder(folder), Catalog(root)
    inputs = {name: sha for step in STEPS for name, sha in run.record(step.name).get("inputs", {}).items()}
    local = sorted({name for step in STEPS for name in run.record(step.name).get("local_inputs", [])})
    return {"run": run_id, "commit": commit_of(root), "written_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "python": platform.python_version(), "packages": {name: version(name) for name in PACKAGES},
            "data_package": catalog.package["name"], "inputs": dict(sorted(inputs.items())), "local_inputs": local,
            "origins": [asdict(catalog.origin(name)) for name in sorted(inputs)],
            "steps": {step.name: records[step.name] for step in STEPS if step.name in records}}


def commit_of(root: Path) -> str:
    """Return the commit of the project folder, with ``+changes`` where the tree differs from it, or ``unknown``."""
    ask = ["git", "-C", str(root)]
    try:
        head = subprocess.run([*ask, "rev-parse", "HEAD"], capture_output=True, text=True, check=True).stdout.strip()
        changes = subprocess.run([*ask, "status", "--porcelain"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return f"{head}+changes" if changes.strip() else head
