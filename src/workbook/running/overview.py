"""Every run of a study on a line: what it changed, when it was made, whether it is fresh."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbook.choices import (
    ParameterFault,
    Parameters,
    load_parameters,
    resolved_yaml,
    text_of,
    values_of,
)
from workbook.ranges import by_key
from workbook.running.belonging import failed
from workbook.running.finished_step import finished
from workbook.running.keeping import kept_of
from workbook.running.manifest import manifest_of
from workbook.running.status import StepState, status
from workbook.staleness.keys import Keys
from workbook.tables.data_package import DataPackage
from workbook.whole_files import checksum

CODE = ("cells", "modules", "declarations", "packages", "setting")


@dataclass(frozen=True)
class RunLine:
    """A run as it is listed: what differs in it from the study as it stands, the minute it was
    made, its state (``fresh``, ``stale``, ``kept``, ``failed``), and its size in bytes.
    """

    name: str
    changed: list[str]
    made: str
    state: str
    size: int


def runs_of(root: Path) -> Iterator[RunLine]:
    """Yield the finished runs of a study, the baseline first."""
    keys = Keys(root)
    folders = [path.parent for path in (root / "runs").glob("[!.]*/manifest.json")]
    for run in sorted(folders, key=lambda folder: (folder.name != "baseline", folder.name)):
        made = str(manifest_of(run).get("written_at", ""))[:16].replace("T", " ")
        size = sum(path.stat().st_size for path in run.rglob("*") if path.is_file())
        try:
            states = [] if kept_of(run) else status(keys, _asked_for(keys, run), run)
            changed = [*_choices(keys, run), *_data(root, run), *_code(run, states)]
            yield RunLine(run.name, changed, made, _state(run, states), size)
        except (ParameterFault, OSError) as fault:
            first = str(fault).splitlines()[0]
            yield RunLine(run.name, [], made, f"cannot be read: {first}", size)


def _asked_for(keys: Keys, run: Path) -> Parameters:
    """Return a scenario's choices as params.yaml has them now, else those the run was given."""
    if run.name in ("baseline", *keys.choices.scenarios):
        return keys.choices.parameters(run.name)
    return load_parameters(run / "params.yaml")


def _choices(keys: Keys, run: Path) -> Iterator[str]:
    """Yield the parameters, and the inputs held at a value, that are not those of params.yaml."""
    own, now = (
        _flat(values_of(text, place))
        for place, text in (
            (f"runs/{run.name}/params.yaml", text_of(run / "params.yaml")),
            ("params.yaml", resolved_yaml(keys.choices.parameters())),
        )
    )
    for key in {**now, **own}:
        if own.get(key) != now.get(key):
            yield f"{key}={own.get(key, 'not set')}"


def _flat(sections: dict[str, Any]) -> dict[str, Any]:
    return by_key({"inputs": sections.get("inputs") or {}}) | {
        f"{section}.{name}": value
        for section, own in sections.items()
        if section != "inputs"
        for name, value in own.items()
    }


def _data(root: Path, run: Path) -> Iterator[str]:
    """Yield the input tables that are not today's."""
    package = DataPackage(root)
    for name, sha in manifest_of(run).get("inputs", {}).items():
        known = name in package.resources and package.has(name)
        if not known or checksum(package.path(name)) != sha:
            yield f"table {name}"


def _code(run: Path, states: list[StepState]) -> Iterator[str]:
    """Yield, in one line, the chapters whose code, declarations or libraries are not today's."""
    before = {state.step: finished(run, state.step) for state in states}
    others = [
        str(state.step.chapter)
        for state in states
        if (done := before[state.step])
        and any(done.parts.get(kind) != state.parts.get(kind) for kind in CODE)
    ]
    if others:
        yield f"code of chapter {', '.join(others)}"


def _state(run: Path, states: list[StepState]) -> str:
    if kept_of(run):
        return f"kept of {kept_of(run)}"
    if failed(run):
        return f"failed: {', '.join(failed(run))}"
    held = [state for state in states if finished(run, state.step)]
    stale = sum(not state.fresh for state in held)
    state = f"stale: {stale} of {len(held)} chapters" if stale else "fresh"
    part = f", holds {len(held)} of {len(states)} chapters" if len(held) < len(states) else ""
    return state + part
