"""Whether a table that an interactive notebook reads is older than the present parameters, data or code."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from analysis.notebook.keys import Keys, Parts
from analysis.notebook.reasons import reasons
from analysis.notebook.steps import Step

COMPARED = ("parameters", "cells", "modules", "inputs", "declarations", "packages")   # what follows from them follows


def rests_on_now(root: Path, folder: Path, step: Step, parameters: Mapping[str, Any]) -> Parts:
    """Return what a step rests on as things stand (see `Keys.parts`), nothing where its notebook is not in its place."""
    keys = Keys(root)
    if not (root / "notebooks" / f"{step.name}.ipynb").exists():
        return {}
    parts = keys.parts(step, parameters, folder)
    keys.remembered.save()
    return parts


def why_old(root: Path, folder: Path, step: Step, chosen: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return why a step's results in a run's folder are older than the project; none where they are not, or nothing is known.

    A headless run is held against the parameters in ``params.yaml`` (``chosen``, by section); an interactive one keeps those
    that its reader has set.
    """
    before, headless = _rested_on(folder, step)
    if not before:
        return []
    parameters = {**chosen["study"], **chosen[step.stem], **({} if headless else before["parameters"])}
    now = rests_on_now(root, folder, step, parameters)
    return reasons({kind: before[kind] for kind in COMPARED}, {kind: now[kind] for kind in COMPARED}) if now else []


def _rested_on(folder: Path, step: Step) -> tuple[Parts | None, bool]:
    """Return what a step rested on when it left its results, and whether that run was headless."""
    for place, headless in (("keys", True), ("steps", False)):
        path = folder / place / f"{step.name}.json"
        record = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        if record.get("rests_on"):
            return record["rests_on"], headless
    return None, False
