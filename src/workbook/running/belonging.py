"""Whether the steps of a run's folder belong to one another, or some are left from before what the
others rest on.

A run that failed, was killed or was given a range of chapters leaves older steps next to newer
ones. Each is whole, and `workbook run` knows which are stale; a reader of the folder must not take
them for one run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from workbook.choices import text_of, values_of
from workbook.ranges import SECTION, by_key
from workbook.running.finished_step import EXECUTED, Finished, finished
from workbook.running.manifest import step_records
from workbook.staleness.keys import headlines_read, tables_read
from workbook.staleness.reasons import reasons
from workbook.steps import Step
from workbook.study import study


def strangers(run: Path, steps: tuple[Step, ...] | None = None) -> list[str]:
    """Return one line for each step whose results do not belong to the others in a run's folder,
    and why.

    A step that the folder holds nothing of is none of them.
    """
    steps = study().steps if steps is None else steps
    left = {
        step: finished(run, step)
        for step in steps
        if (run / EXECUTED / f"{step.name}.ipynb").exists()
    }
    chosen = values_of(text_of(run / "params.yaml"), f"runs/{run.name}/params.yaml") if left else {}
    newest = _newest_inputs(run, [found for found in left.values() if found])
    whys = {step: list(_why(found, step, steps, chosen, newest)) for step, found in left.items()}
    return [f"{step.name}: {'; '.join(why)}" for step, why in whys.items() if why]


def failed(run: Path) -> list[str]:
    """Return the steps that failed when they last ran: what the folder holds of them is from
    before.
    """
    return [name for name, record in step_records(run).items() if record.get("status") == "failed"]


def renamed(run: Path, steps: tuple[Step, ...] | None = None) -> list[str]:
    """Return the notebooks that a run's manifest names and the study has no more: they were renamed
    or removed since.
    """
    names = {step.name for step in (study().steps if steps is None else steps)}
    return [name for name in step_records(run) if name not in names]


def _why(
    found: Finished | None,
    step: Step,
    steps: tuple[Step, ...],
    chosen: Mapping[str, Any],
    newest: Mapping[str, Any],
) -> Iterator[str]:
    if found is None:
        yield "not run to its end, or changed while it ran"
        return
    before, run = found.parts, found.run
    inputs = study().ranges.taken(step, chosen.get(SECTION) or {})
    own = {**chosen["study"], **(chosen.get(step.stem) or {}), **by_key({SECTION: inputs})}
    earlier = steps[: steps.index(step)] if step.reads_headlines else ()
    tables = {name: state for name, state in tables_read(step, run).items() if name in step.reads}
    now = {
        "parameters": own,
        "tables": tables,
        "headlines": headlines_read(earlier, run),
        "inputs": newest,
    }
    # What both know is compared: a notebook may have been edited since.
    then = {
        kind: {name: before[kind][name] for name in before[kind] if name in present}
        for kind, present in now.items()
    }
    yield from reasons(
        then, {kind: {name: now[kind][name] for name in names} for kind, names in then.items()}
    )
    yield from (f"{name} is missing or damaged" for name in found.damaged())


def _newest_inputs(run: Path, marked: list[Finished]) -> dict[str, str]:
    """Return the state of each input table that the step which finished last rests on."""
    when = {
        found.step: (run / "keys" / f"{found.step.name}.json").stat().st_mtime_ns
        for found in marked
    }
    return {
        name: state
        for found in sorted(marked, key=lambda found: when[found.step])
        for name, state in found.parts["inputs"].items()
    }
