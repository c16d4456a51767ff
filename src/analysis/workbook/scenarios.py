"""The shipped scenarios beside the baseline: each runs without exhibits, their headline results become one table.

The table goes into the baseline's folder, where the findings read it when it is there; nothing else does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd

from analysis.notebook.keys import Keys
from analysis.notebook.run_folder import RunFolder
from analysis.notebook.steps import STEPS
from analysis.workbook.params import load_parameters
from analysis.workbook.params.reading import BASELINE, read_document
from analysis.workbook.pipeline import How, run_study

TABLE = "scenarios"
BEFORE_FINDINGS = tuple(step for step in STEPS if not step.optional)   # what reads the table is no part of it


def shipped(root: Path) -> list[str]:
    """Return the scenarios of params.yaml in their order, the baseline left out."""
    return [name for name in read_document(root / "params.yaml").overlays if name != BASELINE]


def scenario_table(root: Path, how: How, on_scenario: Callable[[str], None] = lambda name: None) -> Path:
    """Run every shipped scenario up to the findings, reusing what it shares, and write the table; returns its path.

    One row per scenario and headline result, the baseline's first: ``scenario``, ``result_id``, ``unit``, ``p10``, ``p50``,
    ``p90`` (low, value and high of the result). Raises `Failure` where a notebook raises.
    """
    keys, baseline = Keys(root), root / "runs" / BASELINE
    rows = _rows(BASELINE, baseline)
    for name in shipped(root):
        on_scenario(name)
        rows += _rows(name, run_study(root, load_parameters(root / "params.yaml", name), name, BEFORE_FINDINGS, replace(how, exhibits=False), keys))
    RunFolder(baseline).write_table(TABLE, pd.DataFrame(rows))
    return RunFolder(baseline).table_path(TABLE)


def _rows(scenario: str, run: Path) -> list[dict[str, object]]:
    return [{"scenario": scenario, "result_id": found["id"], "unit": found["unit"], "p10": found["low"], "p50": found["value"], "p90": found["high"]}
            for found in RunFolder(run).results()]
