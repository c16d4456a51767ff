"""The tasks of a sweep: a step with one set of parameters and upstream tasks is one task, however
many runs share it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbook.remembered import Remembered
from workbook.running.engine.fork_server import CHANGE_SETTINGS
from workbook.staleness.keys import CodeCell, Keys, Parts, cells_of, parameters_read
from workbook.steps import Step
from workbook.sweeping.variants import Variant
from workbook.whole_files import digest_of


@dataclass(frozen=True)
class Task:
    """One step to run once: ``id`` stands for all it rests on, ``upstream`` names the tasks whose
    files it reads, ``own`` stands for the rest.
    """

    id: str
    step: Step
    parameters: dict[str, Any]
    upstream: tuple[str, ...]
    own: str


@dataclass(frozen=True)
class Plan:
    """Every task by id, in an order in which they can run, the tasks of each run of the sweep, and
    the modules that may be imported once for all of them.
    """

    tasks: dict[str, Task]
    of_variant: dict[str, tuple[str, ...]]
    modules: list[str]


def plan_of(
    project: Path,
    variants: list[Variant],
    steps: tuple[Step, ...],
    sources: Path | None = None,
    remembered: Remembered | None = None,
) -> Plan:
    """Return the plan of some runs up to the last of ``steps``; ``project`` is the unpacked bundle
    that workers see.

    What a task rests on is a step's key, with its upstream tasks in place of the tables they have
    yet to write.
    """
    planner = _Planner(Keys(project, steps, sources or project / "src", remembered))
    of_variant = {variant.name: planner.tasks_of(variant) for variant in variants}
    return Plan(planner.tasks, of_variant, planner.imported_once())


class _Planner:
    """Gathers the tasks of one run after another; what the parameters do not change of a step is
    worked out once.
    """

    def __init__(self, keys: Keys) -> None:
        self._keys, self.tasks = keys, dict[str, Task]()
        self._known: dict[Step, tuple[Parts, dict[str, CodeCell]]] = {}

    def tasks_of(self, variant: Variant) -> tuple[str, ...]:
        """Return the tasks of a run in the order of its steps."""
        ids: dict[Step, str] = {}
        for step in self._keys.steps:
            parameters = variant.parameters.flat(step.stem)
            parts, cells = self._of_step(step, parameters)
            upstream = tuple(ids[other] for other in self._keys.upstream(step))
            own = own_part(parts, parameters_read(cells, parameters))
            ids[step] = digest_of([own, upstream])
            self.tasks.setdefault(ids[step], Task(ids[step], step, parameters, upstream, own))
        return tuple(ids.values())

    def _of_step(
        self, step: Step, parameters: Mapping[str, Any]
    ) -> tuple[Parts, dict[str, CodeCell]]:
        if step not in self._known:
            root = self._keys.root
            parts = self._keys.parts(step, parameters, root / "no-run")
            self._known[step] = parts, cells_of(root, step)
        return self._known[step]

    def imported_once(self) -> list[str]:
        """Return the libraries that the steps import, and our own modules, which are those of a
        bundle and change no more; what brings settings with it is for the notebook that imports it.
        """
        known = [parts for parts, _ in self._known.values()]
        libraries = self._keys.libraries(known)
        if any(name.split(".")[0] in CHANGE_SETTINGS for name in libraries):
            return libraries
        return [*libraries, *dict.fromkeys(name for own in known for name in own["modules"])]


def own_part(parts: Parts, parameters: Mapping[str, Any]) -> str:
    """Return what stands for the parts of a step's key that are known before anything has run,
    with these parameters.
    """
    kept = ("modules", "packages", "inputs", "words", "declarations", "setting")
    cells = list(parts["cells"].values())
    return digest_of([cells, {kind: parts[kind] for kind in kept}, parameters])
