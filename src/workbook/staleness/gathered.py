"""The table of scenarios that the workbook gathers into the baseline's folder: what it rests on,
and whether that still stands.

Its mark (``keys/scenarios.json``) is written after it, like a step's. It holds every choice of
``params.yaml``, what goes into the scenarios' steps, and a checksum of the table. A change of
any of these makes the table outdated; a run then takes it away, so that no old scenario stands next
to a new answer.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from workbook.choices import Choices, ParameterFault
from workbook.staleness.keys import Keys, Parts
from workbook.staleness.reasons import reasons
from workbook.whole_files import checksum, json_text, write_whole

TABLE = "scenarios"
REMEDY = "`workbook scenarios` after `workbook run` runs them again"
SAME_FOR_ALL = ("cells", "modules", "inputs", "declarations", "packages")  # whichever runs


def rests_on(keys: Keys, run: Path) -> Parts:
    """Return what the scenarios rest on now, by kind and name: all choices, and the steps that they
    run.
    """
    baseline = keys.choices.parameters()
    parts: Parts = {"parameters": _chosen(keys.choices), **{kind: {} for kind in SAME_FOR_ALL}}
    for step in (step for step in keys.steps if not step.optional):
        own = keys.parts(step, baseline.flat(step.stem), run)
        parts["cells"] |= {f"{step.name}/{cell}": digest for cell, digest in own["cells"].items()}
        for kind in SAME_FOR_ALL[1:]:
            parts[kind] |= own[kind]
    return parts


def _chosen(choices: Choices) -> dict[str, Any]:
    """Every choice of the baseline by its dotted key, and of each scenario what it changes, in one
    text.
    """
    before, texts = choices.parameters().by_key(), {}
    for name in choices.scenarios:
        own = choices.parameters(name).by_key().items()
        changed = [f"{key}={value}" for key, value in own if value != before.get(key)]
        texts[f"scenarios.{name}"] = ", ".join(changed)
    return json.loads(json.dumps(before | texts))  # as it comes back from a mark


def mark(run: Path, parts: Parts) -> None:
    """Note what the table in a run's folder rests on."""
    write_whole(_mark(run), json_text({"rests_on": parts, "sha256": checksum(_table(run))}))


def unmark(run: Path) -> None:
    """Take the mark away, before the table is written again."""
    _mark(run).unlink(missing_ok=True)


def take_away(run: Path) -> None:
    """Take an outdated table away, its mark first."""
    unmark(run)
    _table(run).unlink(missing_ok=True)


def why_outdated(keys: Keys, run: Path) -> list[str]:
    """Return why the table in a run's folder is not what the scenarios would give now; none where
    it is, or is not there.
    """
    if not _table(run).exists():
        return []
    try:
        record = json.loads(_mark(run).read_text(encoding="utf-8"))
        before, sha = record["rests_on"], record["sha256"]
    except (OSError, ValueError, KeyError, TypeError):
        return ["nothing says what they rest on"]
    if checksum(_table(run)) != sha:
        return [f"tables/{TABLE}.csv was changed by hand"]
    try:
        return reasons(before, rests_on(keys, run))
    except ParameterFault as half_saved:
        return [str(half_saved)]


def _table(run: Path) -> Path:
    return run / "tables" / f"{TABLE}.csv"


def _mark(run: Path) -> Path:
    return run / "keys" / f"{TABLE}.json"
