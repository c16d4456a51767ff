"""A sweep from variants to one tidy table: tasks go out as soon as their upstream is there, results
come home at once.

Everything that is finished is on this machine: a worker that is lost costs the task it was running
and nothing else.
"""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from workbook.steps import Step
from workbook.study import study
from workbook.sweeping.bundle import Bundle, bundle_of
from workbook.sweeping.plan import Plan, Task, plan_of
from workbook.sweeping.scheduler import PATIENCE_SECONDS, require_scheduler
from workbook.sweeping.store import Store
from workbook.sweeping.tidy import tidy_csv
from workbook.sweeping.variants import Variant
from workbook.whole_files import write_whole

RETRIES = 3  # of a task whose worker was lost
ANY_PORT = "127.0.0.1:0"  # with None, Dask asks for 8787 and warns when another sweep has it


@dataclass
class Outcome:
    """What became of a sweep: its table, how many tasks ran and how many were there already,
    failures by task.
    """

    table: Path
    ran: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)


OnTask = Callable[[int, int, str], None]  # tasks done, tasks in all, the step that has just ended


def sweep(
    root: Path,
    name: str,
    variants: list[Variant],
    steps: tuple[Step, ...] | None = None,
    *,
    scheduler: str = "",
    workers: int = 2,
    send_local: bool = False,
    on_task: OnTask = lambda *done: None,
) -> Outcome:
    """Run every variant up to the last of ``steps`` and return the outcome; the table is
    ``runs/sweeps/<name>/results.csv``.

    With a ``scheduler`` its workers do the work, and a researcher's own tables leave this machine
    only with ``send_local``; otherwise a cluster of ``workers`` processes is started here. A
    variant that fails is named; the others go on.
    """
    steps = study().steps if steps is None else steps
    if scheduler:
        require_scheduler(scheduler)
    bundle = bundle_of(root, send_local or not scheduler)
    folder = root / "runs" / "sweeps"
    with _unpacked(bundle, folder) as project:
        plan = plan_of(project, variants, steps)
    store = Store(folder / "tasks")
    store.forget_old()
    outcome = Outcome(folder / name / "results.csv")
    with _client(scheduler, workers) as client:
        _Dispatch(client, bundle, plan, store, outcome, on_task).run()
    write_whole(outcome.table, tidy_csv(variants, plan, store), bundle.mode)
    return outcome


@contextmanager
def _unpacked(bundle: Bundle, folder: Path) -> Iterator[Path]:
    project = folder / f".bundle-{bundle.name}"
    shutil.rmtree(project, ignore_errors=True)
    try:
        with zipfile.ZipFile(BytesIO(bundle.content)) as archive:
            for name in archive.namelist():
                write_whole(project / name, archive.read(name), bundle.mode)
        yield project
    finally:
        shutil.rmtree(project, ignore_errors=True)


@contextmanager
def _client(scheduler: str, workers: int) -> Iterator[Any]:
    import cloudpickle
    from distributed import Client, LocalCluster

    from workbook.sweeping import remote

    cloudpickle.register_pickle_by_value(remote)  # workers do not have the project
    try:
        if scheduler:
            with Client(scheduler, timeout=PATIENCE_SECONDS) as client:
                yield client
        else:
            with (
                LocalCluster(
                    n_workers=workers, threads_per_worker=1, dashboard_address=ANY_PORT
                ) as cluster,
                Client(cluster) as client,
            ):
                yield client
    finally:
        cloudpickle.unregister_pickle_by_value(remote)


@dataclass
class _Dispatch:
    """Sends out the tasks of a plan and takes their results home."""

    client: Any
    bundle: Bundle
    plan: Plan
    store: Store
    outcome: Outcome
    on_task: OnTask

    def run(self) -> None:
        """Run every task that has not run yet and whose upstream came to its end."""
        from distributed import as_completed

        from workbook.sweeping.remote import BundlePlugin

        self.outcome.kept = [task for task in self.plan.tasks if self.store.has(task)]
        done, waiting = (
            set(self.outcome.kept),
            {task: own for task, own in self.plan.tasks.items() if task not in self.outcome.kept},
        )
        plugin = BundlePlugin(self.bundle.name, self.bundle.content, self.plan.modules)
        self.client.register_plugin(plugin)
        pending = as_completed([])
        try:
            for future in self._sent(waiting, done):
                pending.add(future)
            for future in pending:
                self._take_home(future, done, waiting)
                for following in self._sent(waiting, done):
                    pending.add(following)
        finally:
            self.client.unregister_worker_plugin(plugin.name)

    def _sent(self, waiting: dict[str, Task], done: set[str]) -> Iterator[Any]:
        """Send the tasks whose upstream is there, and yield their futures."""
        from workbook.sweeping.remote import run_step

        for task in [own for own in waiting.values() if set(own.upstream) <= done]:
            del waiting[task.id]
            yield self.client.submit(
                run_step,
                self.bundle.name,
                task.step.name,
                task.step.writes,
                task.parameters,
                self._read_by(task),
                key=f"{task.step.stem}-{task.id}",
                pure=False,
                retries=RETRIES,
            )

    def _read_by(self, task: Task) -> dict[str, str]:
        """Return the files that a task reads: its tables, and the records of all earlier steps if
        it reads headlines.
        """
        wanted = {f"tables/{table}.csv" for table in task.step.reads}
        files = {
            name: text
            for other in task.upstream
            for name, text in (self.store.read(other) or {}).items()
        }
        return {
            name: text
            for name, text in files.items()
            if name in wanted or (task.step.reads_headlines and name.startswith("steps/"))
        }

    def _take_home(self, future: Any, done: set[str], waiting: dict[str, Task]) -> None:
        task = future.key.rpartition("-")[2]
        result: dict[str, Any] = (
            future.result() if future.status == "finished" else {"failed": str(future.exception())}
        )
        if "failed" in result:
            self.outcome.failed[task] = result["failed"]
            self._give_up_after(task, waiting)
        else:
            self.store.keep(task, result["files"], self.bundle.mode)
            self.outcome.ran.append(task)
            done.add(task)
        self.on_task(len(done), len(self.plan.tasks), self.plan.tasks[task].step.name)

    def _give_up_after(self, task: str, waiting: dict[str, Task]) -> None:
        """Take out the tasks that would read what a failed one did not write."""
        for own in list(waiting.values()):
            if task in own.upstream and own.id in waiting:
                del waiting[own.id]
                self._give_up_after(own.id, waiting)
