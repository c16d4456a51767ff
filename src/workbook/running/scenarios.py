"""The shipped scenarios next to the baseline: each runs without exhibits, their headline results
become one table.

Two or more of them run at once, each step by step: they share nothing but what the baseline has.
The table goes into the baseline's folder, where the findings read it when it is there; nothing else
does.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pandas as pd

from workbook.choices import Choices, Parameters
from workbook.choices.reading import BASELINE
from workbook.notebook.run_folder import RunFolder
from workbook.running.engine import fork_server
from workbook.running.pipeline import How, run_study
from workbook.staleness import gathered
from workbook.staleness.keys import Keys
from workbook.steps import Step
from workbook.study import study
from workbook.tables.catalog import Catalog


def shipped(root: Path) -> dict[str, Parameters]:
    """Return the scenarios of params.yaml by name in their order, the baseline left out, and those
    that would be the baseline again for the group and the tables of this study.
    """
    choices, catalog = Choices.read(root / "params.yaml"), Catalog(root)
    baseline, found = (
        choices.parameters(),
        {name: choices.parameters(name) for name in choices.scenarios},
    )
    return {
        name: parameters
        for name, parameters in found.items()
        if study().groups.tells_apart(parameters, baseline, catalog)
    }


def are_read() -> bool:
    """Say whether any step reads the table of scenarios."""
    return any(gathered.TABLE in step.optional for step in study().steps)


def steps_gathered() -> tuple[Step, ...]:
    """Return the steps that every scenario runs: all but those that read what is gathered."""
    return tuple(step for step in study().steps if not step.optional)


def scenario_table(
    root: Path, how: How, on_done: Callable[[int, int, str], None] = lambda done, total, name: None
) -> Path:
    """Run every shipped scenario up to the findings, ``how.jobs`` at once, and write the table;
    returns its path.

    One row per scenario and headline result, the baseline's first: ``place``, ``scenario``,
    ``result_id``, ``unit``, ``p10``, ``p50``, ``p90`` (low, value and high of the result). Raises
    `Failure` where a notebook raises; then no table is written. What it rests on is noted with it
    (`gathered`).
    """
    chosen, baseline, alone = (
        shipped(root),
        root / "runs" / BASELINE,
        replace(how, exhibits=False, jobs=1),
    )
    before = gathered.rests_on(Keys(root), baseline)
    rows = _rows(0, BASELINE, baseline)
    with ThreadPoolExecutor(how.jobs) as pool:
        running = [
            pool.submit(run_study, root, parameters, name, steps_gathered(), alone)
            for name, parameters in chosen.items()
        ]
        try:
            for place, (name, run) in enumerate(zip(chosen, running, strict=True), 1):
                rows += _rows(place, name, run.result())
                on_done(place, len(chosen), name)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            fork_server.end_all()
            raise
    gathered.unmark(baseline)
    RunFolder(baseline).write_table(gathered.TABLE, pd.DataFrame(rows))
    # a change in between has reached some rows and not others: then the table stays unmarked
    if gathered.rests_on(Keys(root), baseline) == before:
        gathered.mark(baseline, before)
    return RunFolder(baseline).table_path(gathered.TABLE)


def _rows(place: int, scenario: str, run: Path) -> list[dict[str, object]]:
    return [
        {
            "place": place,
            "scenario": scenario,
            "result_id": found["id"],
            "unit": found["unit"],
            "p10": found["low"],
            "p50": found["value"],
            "p90": found["high"],
        }
        for found in RunFolder(run).results()
    ]
