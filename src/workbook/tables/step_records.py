"""What each step leaves besides its tables, and the headline results of a run, gathered from that.

The only place that writes ``results.json`` or reads it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from workbook.steps import Step
from workbook.tables.openness import mode_of_run
from workbook.whole_files import json_text, write_whole

RESULTS = "results.json"


def record_of(run: Path, step: str) -> dict[str, Any]:
    """Return what a step left in a run's folder, or an empty record."""
    path = run / "steps" / f"{step}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def results_of(run: Path, steps: Iterable[Step]) -> list[dict[str, Any]]:
    """Return the headline results of steps, in their order, as their records hold them."""
    return [found for step in steps for found in record_of(run, step.name).get("results", [])]


def write_results(run: Path, steps: Iterable[Step]) -> None:
    """Write the headline results of a run: whichever step ended last, all that is there."""
    write_whole(run / RESULTS, json_text(results_of(run, steps)), mode_of_run(run))


def results_in(run: Path) -> dict[str, dict[str, Any]]:
    """Return the headline results of a finished run by their identifier."""
    results = json.loads((run / RESULTS).read_text(encoding="utf-8"))
    return {result["id"]: result for result in results}
