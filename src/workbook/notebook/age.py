"""Whether a table that an interactive notebook reads is older than the present parameters, data or
code.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from workbook.notebook.session import Now, behind
from workbook.ranges import SECTION, Chosen, from_keys
from workbook.staleness.keys import Keys, Parts, cells_of, input_digest, table_digest
from workbook.staleness.reasons import reasons
from workbook.steps import Step
from workbook.study import study

HEADLESS = ("parameters", "cells", "modules", "inputs", "tables", "declarations", "packages")
# a session notes cell by cell what its cells rest on
LIVING = ("parameters", "modules", "declarations", "packages")

Parameters = Mapping[str, Any]


def rests_on_now(keys: Keys, folder: Path, step: Step, parameters: Parameters) -> Parts:
    """Return what a step rests on as things stand (see `Keys.parts`), nothing where its notebook is
    not in its place.
    """
    if not (keys.root / "notebooks" / f"{step.name}.ipynb").exists():
        return {}
    parts = keys.parts(step, parameters, folder)
    keys.remembered.save()
    return parts


def why_old(
    root: Path,
    folder: Path,
    step: Step,
    asking: Step,
    shared: Parameters,
    own: Parameters,
    place: Callable[[str], Path],
) -> list[str]:
    """Return why a step's results in a run's folder are not what it would leave now; none where
    they are, or nothing is known.

    ``shared`` are the choices of the study, and the inputs set, as the notebook of ``asking`` has
    them, ``own`` the step's as ``params.yaml`` has them; what a reader set in the step's own
    notebook stays. ``place`` says
    in which file a result table would be read.
    """
    record = _left(folder, step)
    if not record.get("rests_on"):
        return []
    kept = record["rests_on"]["parameters"] if "session" in record else {}
    inputs = _inputs(step, asking, from_keys(kept) if kept else own.get(SECTION, {}), shared)
    keys, kept = Keys(root), {name: kept[name] for name in own if name in kept}
    now = rests_on_now(keys, folder, step, {**own, **kept, **shared, SECTION: inputs})
    if not now:
        return []
    now["tables"] = {
        source.table: table_digest(place(source.table), source.columns) for source in step.sources
    }
    compared = HEADLESS if "session" not in record else LIVING
    found = reasons(
        {kind: record["rests_on"][kind] for kind in compared},
        {kind: now[kind] for kind in compared},
    )
    return (
        found
        if "session" not in record
        else [*found, *_behind(keys, step, record["session"], place)]
    )


def _inputs(step: Step, asking: Step, own: Chosen, shared: Parameters) -> dict[str, Any]:
    """Return the inputs that are set for a step: as the notebook that asks has those that it takes
    itself, its own for the others.
    """
    ranges = study().ranges
    others = {name: value for name, value in own.items() if not ranges.taken(asking, {name: value})}
    return ranges.taken(step, others | shared.get(SECTION, {}))


def _left(folder: Path, step: Step) -> dict[str, Any]:
    """Return what a step left of what it rested on: a headless run's mark, or an interactive run's
    record.
    """
    paths = [folder / place / f"{step.name}.json" for place in ("keys", "steps")]
    return next(
        (json.loads(path.read_text(encoding="utf-8")) for path in paths if path.exists()), {}
    )


def _behind(
    keys: Keys, step: Step, session: Mapping[str, Any], place: Callable[[str], Path]
) -> list[str]:
    columns = {source.table: source.columns for source in step.sources}

    def state(table: str) -> str:
        return (
            table_digest(place(table), columns[table])
            if table in columns
            else input_digest(keys.package, table)
        )

    failed = [
        f"module {module} was edited, but could not be loaded" for module in session["failed"]
    ]
    return failed + behind(
        session["cells"],
        session["reloaded"],
        Now(cells_of(keys.root, step), keys.modules_behind, state),
    )
