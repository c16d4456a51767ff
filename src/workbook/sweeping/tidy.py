"""The results of a sweep as one table: a row for each run and headline result."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from workbook.sweeping.plan import Plan
from workbook.sweeping.store import Store
from workbook.sweeping.variants import Variant

RESULT = ("id", "value", "low", "high", "unit", "chapter")


def tidy_csv(variants: list[Variant], plan: Plan, store: Store) -> str:
    """Return the table: the run's name, a column for each parameter that any run changes, then the
    result.

    Rows are in the order of the runs and chapters; a run without a result of a chapter has failed
    there.
    """
    changed = list(dict.fromkeys(key for variant in variants for key in variant.changes))
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(["run", *changed, *RESULT])
    for variant in variants:
        own = variant.parameters.by_key()
        for result in _results(plan.of_variant[variant.name], plan, store):
            writer.writerow(
                [
                    variant.name,
                    *(_plain(own.get(key)) for key in changed),
                    *(_plain(result[part]) for part in RESULT),
                ]
            )
    return buffer.getvalue()


def _results(tasks: tuple[str, ...], plan: Plan, store: Store) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for task in tasks:
        record = (store.read(task) or {}).get(f"steps/{plan.tasks[task].step.name}.json")
        found += json.loads(record)["results"] if record else []
    return found


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.12g}" if isinstance(value, float) else str(value)
