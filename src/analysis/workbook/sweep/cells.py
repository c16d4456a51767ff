"""The runs of a sweep: each a name, what it changes, and its checked parameters."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.params import Fault, ParameterFault, Parameters, load_parameters
from analysis.params.models import KEYS, SECTIONS
from analysis.params.reading import known_key_instead, read_document

ASKED = "sweep"


@dataclass(frozen=True)
class Cell:
    """One run of a sweep: its name, the parameters it changes from the baseline, all its parameters."""

    name: str
    changes: dict[str, Any]
    parameters: Parameters


def scenario_cells(path: Path, names: str) -> list[Cell]:
    """Return the baseline and the named scenarios of a parameter file, or ``all`` of them."""
    known = list(read_document(path).overlays)
    chosen = known if names == "all" else [name.strip() for name in names.split(",") if name.strip() != "baseline"]
    return _loaded([("baseline", "baseline", ()), *((name, name, ()) for name in chosen)], path)


def grid_cells(path: Path, axes: Sequence[str]) -> list[Cell]:
    """Return a cell for every combination of ``section.name=a,b,c`` axes; all faults come in one `ParameterFault`."""
    faults = [Fault(ASKED, None, axis, None, "is no axis", "write section.name=a,b,c") for axis in axes if "=" not in axis]
    if faults:
        raise ParameterFault(faults)
    pairs = [[f"{key.strip()}={value.strip()}" for value in values.split(",")] for key, _, values in (axis.partition("=") for axis in axes)]
    return _loaded([(" ".join(settings), "baseline", settings) for settings in itertools.product(*pairs)], path)


def sample_cells(path: Path, count: int, keys: Sequence[str], seed: int = 0) -> list[Cell]:
    """Return ``count`` cells of a Latin hypercube over the declared bounds of numeric parameters (McKay et al., 1979).

    Each parameter's range is cut into ``count`` equal parts and each part is met once; whole numbers are rounded down.
    Refused: keys that are no parameter, or that have no two bounds.
    """
    bounds = _bounds(keys)
    from scipy.stats import qmc

    points = qmc.LatinHypercube(d=len(keys), rng=seed).random(count)
    width = len(str(count))
    runs = []
    for place, point in enumerate(points, 1):
        settings = [f"{key}={_value(share, *bounds[key])}" for key, share in zip(keys, point, strict=True)]
        runs.append((f"sample_{place:0{width}}", "baseline", settings))
    return _loaded(runs, path)


def _value(share: float, low: float, high: float, whole: bool) -> str:
    if whole:
        return str(min(int(high), int(low + share * (high - low + 1))))
    return repr(float(f"{low + share * (high - low):.12g}"))


def _bounds(keys: Iterable[str]) -> dict[str, tuple[float, float, bool]]:
    found, faults = {}, []
    for key in keys:
        if key not in KEYS:
            faults.append(Fault(ASKED, None, key, None, "is no parameter", known_key_instead(key)))
            continue
        section, name = key.split(".")
        field = SECTIONS[section].model_fields[name]
        limits = {kind: getattr(limit, kind) for limit in field.metadata for kind in ("ge", "le") if hasattr(limit, kind)}
        if set(limits) != {"ge", "le"}:
            faults.append(Fault(ASKED, None, key, None, "has no two bounds to sample between", "put it on a grid instead"))
        else:
            found[key] = (limits["ge"], limits["le"], field.annotation is int)
    if faults:
        raise ParameterFault(faults)
    return found


def _loaded(runs: Iterable[tuple[str, str, Sequence[str]]], path: Path) -> list[Cell]:
    """Return the runs with their parameters; the faults of all of them are raised at once."""
    cells: list[Cell] = []
    faults: list[Fault] = []
    base = load_parameters(path).by_key()
    for name, scenario, settings in runs:
        try:
            parameters = load_parameters(path, scenario, tuple(settings))
        except ParameterFault as found:
            faults += found.faults
            continue
        named = [setting.partition("=")[0] for setting in settings]
        own = parameters.by_key()
        cells.append(Cell(name, {key: own[key] for key in own if key in named or own[key] != base[key]}, parameters))
    if faults:
        raise ParameterFault(faults)
    return cells
