"""What a sweep would take: how many steps are to run, and what the same steps took before."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from workbook.running.finished_step import Finished
from workbook.running.manifest import step_records
from workbook.steps import Step
from workbook.sweeping.bundle import bundle_of
from workbook.sweeping.dispatch import Home, Where, planned
from workbook.sweeping.finished_before import FinishedBefore, texts_of
from workbook.sweeping.order import Order
from workbook.sweeping.plan import Task
from workbook.sweeping.store import Store
from workbook.sweeping.variants import Variant

MEGABYTE = 1e6
UNKNOWN = "no run has left the time of these: "


def cost_lines(
    root: Path, variants: list[Variant], steps: tuple[Step, ...], where: Where
) -> Iterator[str]:
    """Yield what a sweep would run, the median seconds and the most memory of each step when it ran
    before, and both in all.
    """
    plan = planned(root, bundle_of(root, where.local), variants, steps)
    store = Store(root / "runs" / "sweeps" / "tasks")
    missing = _Counted(variants, plan, store, FinishedBefore(root, steps)).missing()
    yield (
        f"{len(variants)} runs: {len(missing)} steps to run, {len(plan.tasks) - len(missing)}"
        " are there"
    )
    spent, count = _spent(root, store), Counter(task.step.name for task in missing)
    for name, times in count.items():
        yield f"{name:20}{times:6} times" + _each(spent[name])
    if unknown := [name for name in count if not spent[name]["seconds"]]:
        yield UNKNOWN + ", ".join(unknown)
    yield _in_all(spent, count, where)


@dataclass
class _Counted(Home):
    """What is here of a sweep, counted and not copied: a step that a run has finished is
    read where it is, and nothing is written.
    """

    in_runs: dict[str, Finished] = field(default_factory=dict)

    def missing(self) -> list[Task]:
        """Return the tasks that neither a sweep nor a run has left."""
        self.take_stock()
        order = Order(self.plan.tasks, self.outcome.kept)
        while task := order.take():
            if left := self.left_by_a_run(task):
                self.in_runs[task.id] = left
                order.ended(task.id)
        there = {*self.results, *self.in_runs}
        return [task for task in self.plan.tasks.values() if task.id not in there]

    def files_of(self, task: str) -> dict[str, str] | None:
        """Return the files that a task left, in a run or in the store."""
        return texts_of(self.in_runs[task]) if task in self.in_runs else super().files_of(task)


Spent = dict[str, dict[str, list[float]]]  # step -> seconds, peak_bytes -> as often as known


def _spent(root: Path, store: Store) -> Spent:
    """Return what each step took whenever it ran here."""
    found: Spent = defaultdict(lambda: defaultdict(list))
    manifests = (step_records(path.parent) for path in (root / "runs").glob("*/manifest.json"))
    kept = ({record["step"]: record["spent"]} for record in store.records())
    for records in (*manifests, *kept):
        for step, record in records.items():
            for kind in ("seconds", "peak_bytes"):
                if kind in record:
                    found[step][kind].append(record[kind])
    return found


def _each(spent: dict[str, list[float]]) -> str:
    seconds, peaks = spent["seconds"], spent["peak_bytes"]
    time = f", {statistics.median(seconds):.1f} s" if seconds else ""
    return time + (f", {max(peaks) / MEGABYTE:.0f} MB" if peaks else "") + " each" * bool(time)


def _in_all(spent: Spent, count: Counter[str], where: Where) -> str:
    work = sum(
        times * statistics.median(spent[name]["seconds"])
        for name, times in count.items()
        if spent[name]["seconds"]
    )
    peak = max((max(spent[name]["peak_bytes"], default=0) for name in count), default=0)
    memory = f"; a worker holds {peak / MEGABYTE:.0f} MB at most" if peak else ""
    if where.scheduler:
        return f"in all {work:.0f} s of work, shared by the scheduler's workers{memory}"
    left = timedelta(seconds=round(work / where.workers))
    return f"in all {work:.0f} s of work, {left} on {where.workers} worker(s){memory}"
