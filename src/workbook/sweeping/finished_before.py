"""What runs on this machine have finished already: a sweep takes it as any run does, by the same
key.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from workbook.running.finished_step import Finished, finished
from workbook.staleness.keys import headlines_read, tables_read
from workbook.steps import Step
from workbook.sweeping.plan import Plan, Task, own_part


class FinishedBefore:
    """The finished steps of all runs, by what they rest on but for what earlier steps passed on."""

    def __init__(self, root: Path, steps: Iterable[Step]) -> None:
        self._found: dict[tuple[str, str], list[Finished]] = defaultdict(list)
        folders = sorted(path.parent for path in (root / "runs").glob("*/keys"))
        for step in steps:
            for run in folders:
                if left := finished(run, step):
                    own = own_part(left.parts, left.parts["parameters"])
                    self._found[step.name, own].append(left)

    def found(self, task: Task, plan: Plan, upstream: Mapping[str, str]) -> Finished | None:
        """Return what a run has left of a task, if one has it with the same ``upstream`` files."""
        if not (candidates := self._found.get((task.step.name, task.own))):
            return None
        with tempfile.TemporaryDirectory() as name:
            passed_on = _passed_on(task, plan, upstream, Path(name))
        for left in candidates:
            if (left.parts["tables"], left.parts["headlines"]) == passed_on and not left.damaged():
                return left
        return None


def _passed_on(
    task: Task, plan: Plan, upstream: Mapping[str, str], folder: Path
) -> tuple[dict[str, str], dict[str, str]]:
    """Return what stands for the tables and headline results that a task reads, as a key has it."""
    for name, text in upstream.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(text.encode("utf-8"))
    earlier = [plan.tasks[other].step for other in task.upstream]
    return (
        tables_read(task.step, folder),
        headlines_read(earlier, folder) if task.step.reads_headlines else {},
    )


def texts_of(left: Finished) -> dict[str, str]:
    """Return the tables and the record that a step left, as text by path in its run's folder."""
    return {
        name: (left.run / name).read_bytes().decode("utf-8")
        for name in left.files
        if name.startswith(("tables/", "steps/"))
    }
