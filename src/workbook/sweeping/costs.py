"""What a sweep would take: how many steps are to run, and what the same steps took before."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from workbook.running.manifest import step_records
from workbook.steps import Step
from workbook.sweeping.bundle import bundle_of
from workbook.sweeping.dispatch import Home, Where, planned
from workbook.sweeping.finished_before import FinishedBefore
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
    missing = _missing(Home(variants, plan, store, FinishedBefore(root, steps)))
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


def _missing(home: Home) -> list[Task]:
    """Return the tasks that neither a sweep nor a run has left."""
    home.take_stock()
    order = Order(home.plan.tasks, home.outcome.kept)
    while task := order.take():
        if home.taken_from_a_run(task):
            order.ended(task.id)
    return [task for task in home.plan.tasks.values() if task.id not in home.results]


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
