"""A sweep from variants to one tidy table: tasks go out as soon as their upstream is there, results
come in at once.

Everything that is finished is on this machine: a worker that is lost costs the task it was running
and nothing else, and a sweep that is killed leaves the table of what was done.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZipFile

from workbook.running.finished_step import Finished
from workbook.staleness.keys import Keys
from workbook.steps import Step
from workbook.study import study
from workbook.sweeping.bundle import Bundle, bundle_of
from workbook.sweeping.finished_before import FinishedBefore, texts_of
from workbook.sweeping.order import Order
from workbook.sweeping.plan import Plan, Task, plan_of
from workbook.sweeping.scheduler import IN_CONFIGURATION, PATIENCE_SECONDS, Tls, require_scheduler
from workbook.sweeping.store import Store
from workbook.sweeping.tidy import Results, failed_csv, results_of, tidy_csv, tidy_rows
from workbook.sweeping.typed import parquet, units_of
from workbook.sweeping.variants import Variant
from workbook.whole_files import OPEN, write_whole

RETRIES = 3  # of a task whose worker was lost
ANY_PORT = "127.0.0.1:0"  # with None, Dask asks for 8787 and warns when another sweep has it
AHEAD = 2  # tasks sent for each thread of the workers: one runs, one waits there
WRITTEN_EVERY_SECONDS = 5
KEPT_AT_HAND = 32  # tasks whose files others are about to read


@dataclass
class Outcome:
    """What became of a sweep: its table, the tasks that ran and those that were there already, and
    the runs that lack results by what failed.
    """

    table: Path
    ran: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    failed: dict[str, list[str]] = field(default_factory=dict)


OnTask = Callable[[int, int, str], None]  # tasks done, tasks in all, the step that has just ended


@dataclass(frozen=True)
class Where:
    """Where a sweep is worked on: by ``workers`` processes here, or by those of a ``scheduler``,
    to which a researcher's own tables go only with ``send_local``.
    """

    scheduler: str = ""
    workers: int = 2
    send_local: bool = False
    tls: Tls = IN_CONFIGURATION

    @property
    def local(self) -> bool:
        """Say whether a researcher's own tables are taken along."""
        return self.send_local or not self.scheduler


HERE = Where()


def sweep(
    root: Path,
    name: str,
    variants: list[Variant],
    steps: tuple[Step, ...] | None = None,
    where: Where = HERE,
    on_task: OnTask = lambda *done: None,
) -> Outcome:
    """Run every variant up to the last of ``steps`` and return the outcome; the table is
    ``runs/sweeps/<name>/results.csv``, as far as it has come at any time, and at the end next to
    it as Parquet, where pyarrow is there.

    What an earlier sweep or a run has finished is taken from there. A variant that fails is named;
    the others go on.
    """
    steps = study().steps if steps is None else steps
    if where.scheduler:
        require_scheduler(where.scheduler, where.tls)
    bundle = bundle_of(root, where.local)
    plan = planned(root, bundle, variants, steps)
    store = Store(root / "runs" / "sweeps" / "tasks")
    store.forget_old()
    home = Home(variants, plan, store, FinishedBefore(root, steps), bundle.mode)
    home.outcome = Outcome(root / "runs" / "sweeps" / name / "results.csv")
    home.take_stock()
    units = units_of(root, {key for variant in variants for key in variant.changes})
    with home.written(units), _client(where) as client:
        _Dispatch(client, bundle, home, on_task).run()
    return home.outcome


def planned(root: Path, bundle: Bundle, variants: list[Variant], steps: tuple[Step, ...]) -> Plan:
    """Return the plan of a sweep, drawn up from the bundle as workers will see it."""
    with _unpacked(bundle) as project:
        return plan_of(project, variants, steps, remembered=Keys(root, steps).remembered)


@contextmanager
def _unpacked(bundle: Bundle) -> Iterator[Path]:
    """Yield a folder with the bundle's files, one of its own for each sweep that is under way."""
    with (
        TemporaryDirectory(prefix="workbook-") as name,
        ZipFile(BytesIO(bundle.content)) as archive,
    ):
        for member in archive.namelist():
            write_whole(Path(name) / member, archive.read(member), bundle.mode)
        yield Path(name)


@contextmanager
def _client(where: Where) -> Iterator[Any]:
    import cloudpickle
    from distributed import Client, LocalCluster

    from workbook.sweeping import remote

    cloudpickle.register_pickle_by_value(remote)  # workers do not have the project
    try:
        if where.scheduler:
            security = where.tls.security()
            with Client(where.scheduler, timeout=PATIENCE_SECONDS, security=security) as client:
                yield client
        else:
            with (
                LocalCluster(
                    n_workers=where.workers, threads_per_worker=1, dashboard_address=ANY_PORT
                ) as cluster,
                Client(cluster) as client,
            ):
                yield client
    finally:
        cloudpickle.unregister_pickle_by_value(remote)


@dataclass
class Home:
    """What is here of a sweep: files in the store, results in the table."""

    variants: list[Variant]
    plan: Plan
    store: Store
    before: FinishedBefore
    mode: int = OPEN
    outcome: Outcome = field(default_factory=lambda: Outcome(Path()))
    results: dict[str, Results] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._files_of = lru_cache(KEPT_AT_HAND)(self.files_of)
        self._written = 0.0

    def take_stock(self) -> None:
        """Note what an earlier sweep has left of this one."""
        for task in self.plan.tasks.values():
            if (files := self.store.read(task.id)) is not None:
                self.results[task.id] = results_of(task.step.name, files)
                self.outcome.kept.append(task.id)

    def files_of(self, task: str) -> dict[str, str] | None:
        """Return the files that a task left, or None where it is not here."""
        return self.store.read(task)

    def keep(self, task: Task, files: dict[str, str], spent: dict[str, Any]) -> None:
        """Keep what a task left and what it took."""
        self.store.keep(task.id, files, self.mode, task.step.name, spent)
        self.results[task.id] = results_of(task.step.name, files)

    def taken_from_a_run(self, task: Task) -> bool:
        """Take a task's files from a run that has finished the same step, if there is one."""
        if not (left := self.left_by_a_run(task)):
            return False
        self.keep(task, texts_of(left), {})
        self.outcome.kept.append(task.id)
        return True

    def left_by_a_run(self, task: Task) -> Finished | None:
        """Return what a run has left of a task, if one has finished the same step."""
        return self.before.found(task, self.plan, self.read_by(task))

    def read_by(self, task: Task) -> dict[str, str]:
        """Return the files that a task reads: its tables, and the records of all earlier steps if
        it reads headlines.
        """
        wanted = {f"tables/{table}.csv" for table in task.step.reads}
        return {
            name: text
            for other in task.upstream
            for name, text in (self._files_of(other) or {}).items()
            if name in wanted or (task.step.reads_headlines and name.startswith("steps/"))
        }

    def note_failure(self, why: str, lost: set[str]) -> None:
        """Note which runs lack results because a task failed."""
        runs = [run for run, tasks in self.plan.of_variant.items() if lost & set(tasks)]
        known = self.outcome.failed.setdefault(why, [])
        known += [run for run in runs if run not in known]

    @contextmanager
    def written(self, units: Mapping[str, str]) -> Iterator[None]:
        """Write the table at the beginning and at the end, whatever the end is, and then as
        Parquet; the ``units`` are those of the parameters.
        """
        typed = self.outcome.table.with_suffix(".parquet")
        typed.unlink(missing_ok=True)  # of an earlier sweep of this name, perhaps a shorter one
        self.write()
        try:
            yield
        finally:
            self.write()
            content = parquet(*tidy_rows(self.variants, self.plan, self.results), units)
            if content is not None:
                write_whole(typed, content, self.mode)

    def write_at_times(self) -> None:
        """Write the table unless that was done just now."""
        if time.monotonic() - self._written > WRITTEN_EVERY_SECONDS:
            self.write()

    def write(self) -> None:
        """Write the table of what is there, and the runs that failed."""
        table, failed = self.outcome.table, self.outcome.table.with_name("failed.csv")
        write_whole(table, tidy_csv(self.variants, self.plan, self.results), self.mode)
        if self.outcome.failed:
            write_whole(failed, failed_csv(self.outcome.failed), self.mode)
        else:
            failed.unlink(missing_ok=True)
        self._written = time.monotonic()


@dataclass
class _Dispatch:
    """Sends out the tasks that have no result here yet, and takes the results in."""

    client: Any
    bundle: Bundle
    home: Home
    on_task: OnTask
    on_their_way: int = 0

    def run(self) -> None:
        """Run every task that has not run yet and whose upstream came to its end."""
        import cloudpickle
        from distributed import as_completed

        from workbook.sweeping.remote import run_step

        # a copy, which no name stands for: Dask names what it can, to workers that know no name
        self.run_step = cloudpickle.loads(cloudpickle.dumps(run_step))
        self.order = Order(self.home.plan.tasks, self.home.outcome.kept)
        pending = as_completed([])
        with self._bundle_on_workers():
            self._send(pending)
            for future in pending:
                self.on_their_way -= 1
                self._take_home(future)
                self._send(pending)

    @contextmanager
    def _bundle_on_workers(self) -> Iterator[None]:
        from workbook.sweeping.remote import BundlePlugin

        plugin = BundlePlugin(self.bundle.name, self.bundle.content, self.home.plan.modules)
        self.client.register_plugin(plugin)
        try:
            yield
        finally:
            self.client.unregister_worker_plugin(plugin.name)

    def _send(self, pending: Any) -> None:
        """Send as many tasks as the workers can take, so that what they read does not pile up."""
        room = AHEAD * max(1, sum(self.client.nthreads().values()))
        while self.on_their_way < room and (task := self.order.take()):
            if self.home.taken_from_a_run(task):
                self._at_home(task)
            else:
                pending.add(self._sent(task))
                self.on_their_way += 1

    def _sent(self, task: Task) -> Any:
        return self.client.submit(
            self.run_step,
            self.bundle.name,
            task.step.name,
            task.step.writes,
            task.parameters,
            self.home.read_by(task),
            key=f"{task.step.stem}-{task.id}",
            pure=False,
            retries=RETRIES,
        )

    def _take_home(self, future: Any) -> None:
        task = self.home.plan.tasks[future.key.rpartition("-")[2]]
        result: dict[str, Any] = (
            future.result() if future.status == "finished" else {"failed": str(future.exception())}
        )
        if "failed" in result:
            self.home.note_failure(result["failed"], self.order.lost(task.id))
            return
        self.home.keep(task, result.pop("files"), result)
        self.home.outcome.ran.append(task.id)
        self._at_home(task)

    def _at_home(self, task: Task) -> None:
        self.order.ended(task.id)
        self.home.write_at_times()
        self.on_task(len(self.home.results), len(self.home.plan.tasks), task.step.name)
