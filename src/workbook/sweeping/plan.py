"""The tasks of a sweep: a step with one set of parameters and upstream tasks is one task, however
many runs share it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbook.running.engine.fork_server import CHANGE_SETTINGS
from workbook.staleness.keys import Keys, cells_of, parameters_read
from workbook.steps import Step
from workbook.sweeping.variants import Variant
from workbook.whole_files import digest_of


@dataclass(frozen=True)
class Task:
    """One step to run once: ``id`` stands for all it rests on, ``upstream`` names the tasks whose
    files it reads.
    """

    id: str
    step: Step
    parameters: dict[str, Any]
    upstream: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """Every task by id, in an order in which they can run, the tasks of each run of the sweep, and
    the modules that may be imported once for all of them.
    """

    tasks: dict[str, Task]
    of_variant: dict[str, tuple[str, ...]]
    modules: list[str]


def plan_of(
    project: Path, variants: list[Variant], steps: tuple[Step, ...], sources: Path | None = None
) -> Plan:
    """Return the plan of some runs up to the last of ``steps``; ``project`` is the unpacked bundle
    that workers see.

    What a task rests on is a step's key, with its upstream tasks in place of the tables they have
    yet to write.
    """
    keys = Keys(project, steps, sources or project / "src")
    tasks: dict[str, Task] = {}
    of_variant: dict[str, tuple[str, ...]] = {}
    rests_on: dict[str, dict[str, Any]] = {}
    for variant in variants:
        ids: dict[Step, str] = {}
        for step in steps:
            if step.name not in rests_on:
                rests_on[step.name] = _without_results(keys, step, variant, project)
            parameters = variant.parameters.flat(step.stem)
            upstream = tuple(ids[other] for other in keys.upstream(step))
            ids[step] = digest_of(
                [
                    rests_on[step.name],
                    parameters_read(cells_of(project, step), parameters),
                    upstream,
                ]
            )
            tasks.setdefault(ids[step], Task(ids[step], step, parameters, upstream))
        of_variant[variant.name] = tuple(ids.values())
    return Plan(tasks, of_variant, _imported_once(keys, rests_on.values()))


def _imported_once(keys: Keys, rests_on: Iterable[dict[str, Any]]) -> list[str]:
    """Return the libraries that the steps import, and our own modules, which are those of a bundle
    and change no more; a module that brings settings with it is for the notebook that imports it.
    """
    parts = list(rests_on)
    libraries = keys.libraries(parts)
    if any(name.split(".")[0] in CHANGE_SETTINGS for name in libraries):
        return libraries
    return [*libraries, *dict.fromkeys(name for own in parts for name in own["modules"])]


def _without_results(keys: Keys, step: Step, variant: Variant, project: Path) -> dict[str, Any]:
    """Return the parts of a step's key that are known before anything has run and that its
    parameters do not change.
    """
    parts = keys.parts(step, variant.parameters.flat(step.stem), project / "no-run")
    kept = ("modules", "packages", "inputs", "words", "declarations", "setting")
    return {"cells": list(parts["cells"].values()), **{kind: parts[kind] for kind in kept}}
