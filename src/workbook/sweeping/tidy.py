"""The results of a sweep as one table: a row for each run and headline result."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from typing import Any

from workbook.sweeping.plan import Plan
from workbook.sweeping.variants import Variant

RESULT = ("id", "value", "low", "high", "unit", "chapter")


Results = list[dict[str, Any]]  # the headline results of a step


def results_of(step: str, files: Mapping[str, str]) -> Results:
    """Return the headline results in the files that a task of a step left."""
    record = files.get(f"steps/{step}.json")
    return json.loads(record)["results"] if record else []


def tidy_rows(
    variants: list[Variant], plan: Plan, results: Mapping[str, Results]
) -> tuple[list[str], list[list[Any]]]:
    """Return the columns and rows of the ``results`` by task: the run's name, a column for each
    parameter that any run changes, then the result.

    Rows are in the order of the runs and chapters; a run without a result of a chapter has failed
    there, or has not come so far.
    """
    changed = list(dict.fromkeys(key for variant in variants for key in variant.changes))
    rows = []
    for variant in variants:
        own = variant.parameters.by_key()
        of_run = [variant.name, *(own.get(key) for key in changed)]
        for task in plan.of_variant[variant.name]:
            found = results.get(task, [])
            rows += [[*of_run, *(result[part] for part in RESULT)] for result in found]
    return ["run", *changed, *RESULT], rows


def tidy_csv(variants: list[Variant], plan: Plan, results: Mapping[str, Results]) -> str:
    """Return `tidy_rows` as text."""
    columns, rows = tidy_rows(variants, plan, results)
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([plain(value) for value in row] for row in rows)
    return buffer.getvalue()


def failed_csv(failed: Mapping[str, list[str]]) -> str:
    """Return the table of what failed: a row for each run that lacks results, and why."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(["run", "why"])
    writer.writerows([run, why] for why, runs in failed.items() for run in runs)
    return buffer.getvalue()


def plain(value: Any) -> str:
    """Return a value as it stands in the table; a number has twelve digits.

    >>> plain(None), plain(True), plain(1 / 3), plain([1, 2])
    ('', 'true', '0.333333333333', '[1, 2]')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.12g}" if isinstance(value, float) else str(value)
