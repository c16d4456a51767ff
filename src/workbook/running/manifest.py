"""The manifest of a run: what went into it, and for each step why it ran or was reused."""

from __future__ import annotations

import json
import platform
import subprocess
from dataclasses import asdict
from datetime import UTC, datetime
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from workbook.choices import text_of, values_of
from workbook.steps import Step
from workbook.tables.openness import mode_of_run
from workbook.tables.step_records import record_of
from workbook.whole_files import json_text, write_whole

UNKNOWN = "unknown"
PACKAGES = (
    "jupyterlab",
    "matplotlib",
    "nbclient",
    "nbconvert",
    "numpy",
    "pandas",
    "pandera",
    "papermill",
    "pydantic",
    "scipy",
    "seaborn",
    "statsmodels",
)


def manifest_of(run: Path) -> dict[str, Any]:
    """Return the manifest of a run, an empty one where there is none."""
    path = run / "manifest.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def step_records(run: Path) -> dict[str, Any]:
    """Return what the manifest of a run says of each step, nothing where there is no manifest."""
    return manifest_of(run).get("steps", {})


def set_inputs(run: Path) -> dict[str, dict[str, Any]]:
    """Return the inputs that a run holds at a value, by name: `value`, `low`, `high`, `unit`."""
    return manifest_of(run).get("set_inputs", {})


def write_manifest(root: Path, run: Path, steps: tuple[Step, ...], records: dict[str, Any]) -> None:
    """Write a run's manifest; ``records`` holds status, reasons and seconds of the steps by
    name.
    """
    from workbook.tables.catalog import Catalog
    from workbook.tables.set_inputs import held_in_run

    catalog, left = Catalog(root), [record_of(run, step.name) for step in steps]
    chosen = values_of(text_of(run / "params.yaml"), f"runs/{run.name}/params.yaml")
    inputs = {name: sha for record in left for name, sha in record.get("inputs", {}).items()}
    local = sorted({name for record in left for name in record.get("local_inputs", [])})
    # a step that has yet to run again may rest on a local table that was taken away since
    there = [name for name in sorted(inputs) if catalog.has(name)]
    write_whole(
        run / "manifest.json",
        json_text(
            {
                "run": run.name,
                "commit": commit_of(root),
                "committed_on": committed_on(root),
                "written_at": datetime.now(UTC).isoformat(timespec="seconds"),
                "python": platform.python_version(),
                "packages": {name: _version(name) for name in PACKAGES},
                "data_package": catalog.package["name"],
                "inputs": dict(sorted(inputs.items())),
                "local_inputs": local,
                "set_inputs": {
                    name: held._asdict() for name, held in held_in_run(chosen, catalog).items()
                },
                "origins": [asdict(catalog.origin(name)) for name in there],
                "steps": {step.name: records[step.name] for step in steps if step.name in records},
            }
        ),
        mode_of_run(run),
    )


# each step's manifest names them all; what is imported does not change in between
_version = cache(metadata.version)


def committed_on(root: Path) -> str:
    """Return the day of the commit of the project folder (ISO), or ``unknown``."""
    return (
        _is_stored(root) and _git(root, "show", "--no-patch", "--format=%cs", "HEAD")
    ) or UNKNOWN


def commit_of(root: Path) -> str:
    """Return the commit of the project folder, with ``+changes`` where the tree differs from it, or
    ``unknown``: without git, or where the folder only lies within somebody else's repository.
    """
    if not _is_stored(root):
        return UNKNOWN
    head, changes = _git(root, "rev-parse", "HEAD"), _git(root, "status", "--porcelain", "--", ".")
    if not head or changes is None:
        return UNKNOWN
    return f"{head}+changes" if changes else head


def _is_stored(root: Path) -> bool:
    """Say whether git stores the study that lies here."""
    return bool(_git(root, "ls-files", "--", "params.yaml"))


def _git(root: Path, *words: str) -> str | None:
    """Return what git answers about a folder; None where there is no git, or it refuses."""
    ask = ["git", "-C", str(root), *words]
    try:
        answer = subprocess.run(ask, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    return answer.decode("utf-8", errors="replace").strip()
