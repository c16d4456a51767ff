"""The runs of a sweep: each a name, what it changes, and its checked parameters."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from workbook.choices import Choices, Fault, ParameterFault, Parameters, load_parameters
from workbook.choices.declaring import declared_keys, declared_sections
from workbook.choices.reading import items_of, known_key_instead
from workbook.ranges import HEAD, SECTION
from workbook.study import study

ASKED = "sweep"
Ends = tuple[float, float, bool]  # the ends of a range, and whether only whole numbers fit


@dataclass(frozen=True)
class Variant:
    """One run of a sweep: its name, the parameters it changes from the baseline, all its
    parameters.
    """

    name: str
    changes: dict[str, Any]
    parameters: Parameters


def scenario_variants(path: Path, names: str) -> list[Variant]:
    """Return the baseline and the named scenarios of a parameter file, or ``all`` of them."""
    choices = Choices.read(path)
    chosen = (
        choices.scenarios
        if names == "all"
        else [name.strip() for name in names.split(",") if name.strip() != "baseline"]
    )
    return _loaded([("baseline", "baseline", ()), *((name, name, ()) for name in chosen)], choices)


def grid_variants(path: Path, axes: Sequence[str]) -> list[Variant]:
    """Return a variant for every combination of ``section.name=a,b,c`` axes; all faults come in one
    `ParameterFault`.
    """
    faults: list[Fault] = []
    pairs = [
        [f"{axis.partition('=')[0].strip()}={value}" for value in _values_on(axis, faults)]
        for axis in axes
    ]
    if faults:
        raise ParameterFault(faults)
    return _loaded(
        [(" ".join(settings), "baseline", settings) for settings in itertools.product(*pairs)],
        Choices.read(path),
    )


def _values_on(axis: str, faults: list[Fault]) -> list[str]:
    """Return the values of ``section.name=a,b,c`` as written, each once; a list in [ ] is one
    value.
    """
    key, equals, text = axis.partition("=")
    try:
        values = items_of(text, ASKED) if equals else []
    except ParameterFault as unreadable:
        faults += [replace(fault, key=key, value=text, line=None) for fault in unreadable.faults]
        return []
    twice = sorted({value for value in values if values.count(value) > 1})
    if not values:
        faults.append(Fault(ASKED, "is no axis", "write section.name=a,b,c", key=axis))
    elif twice:
        faults.append(
            Fault(
                ASKED,
                f"names {', '.join(twice)} twice",
                "name each value once",
                key=key,
                value=text,
            )
        )
    return values


def sample_variants(path: Path, count: int, keys: Sequence[str], seed: int = 0) -> list[Variant]:
    """Return the first ``count`` variants of a scrambled Sobol' sequence over the declared bounds
    of numeric parameters, and the evidence's ranges of inputs (Sobol', 1967; Owen, 1998).

    The points fill the space the more evenly the more there are, best at powers of two; more of
    them begin with the same ones. ``inputs`` among the keys stands for every input that has a
    range; whole numbers are rounded down. Refused: keys that are no parameter, or that have no two
    bounds.
    """
    keys = _each(keys, path)
    bounds = _bounds(keys, path)
    from scipy.stats import qmc

    # asked for by their power, since scipy warns of any other number
    power = max(0, count - 1).bit_length()
    points = qmc.Sobol(d=len(keys), rng=seed).random_base2(power)[:count]
    runs = []
    for place, point in enumerate(points, 1):
        settings = [
            f"{key}={_value(share, *bounds[key])}" for key, share in zip(keys, point, strict=True)
        ]
        runs.append((f"sample_{place:05}", "baseline", settings))
    return _loaded(runs, Choices.read(path))


def _each(keys: Sequence[str], path: Path) -> list[str]:
    """Return the keys, every input by its own where all of them are meant."""
    if SECTION not in keys or not study().ranges.table:
        return list(keys)
    from workbook.tables.catalog import Catalog
    from workbook.tables.set_inputs import ranges_for

    catalog = Catalog(path.parent)
    group = study().groups.of(load_parameters(path).study.model_dump(), catalog.load)
    inputs = [HEAD + name for name in ranges_for(catalog, group)["input"]]
    return list(dict.fromkeys([*(key for key in keys if key != SECTION), *inputs]))


def _value(share: float, low: float, high: float, whole: bool) -> str:
    if whole:
        return str(min(int(high), int(low + share * (high - low + 1))))
    return repr(float(f"{low + share * (high - low):.12g}"))


def _bounds(keys: Iterable[str], path: Path) -> dict[str, Ends]:
    found: dict[str, Ends] = {}
    faults: list[Fault] = []
    for key in keys:
        name = study().ranges.name_in(key)
        ends, wrong = _range_of(name, path) if name else _bounds_of(key)
        found |= {key: ends} if ends else {}
        faults += wrong
    if faults:
        raise ParameterFault(faults)
    return found


def _bounds_of(key: str) -> tuple[Ends | None, list[Fault]]:
    """Return the declared bounds of a parameter, or why there are none to sample between."""
    if key not in declared_keys():
        return None, [Fault(ASKED, "is no parameter", known_key_instead(key), key=key)]
    section, name = key.split(".")
    field = declared_sections()[section].model_fields[name]
    limits = {
        kind: getattr(limit, kind)
        for limit in field.metadata
        for kind in ("ge", "le")
        if hasattr(limit, kind)
    }
    if set(limits) != {"ge", "le"}:
        unbounded, instead = "has no two bounds to sample between", "put it on a grid instead"
        return None, [Fault(ASKED, unbounded, instead, key=key)]
    return (limits["ge"], limits["le"], field.annotation is int), []


def _range_of(name: str, path: Path) -> tuple[Ends | None, list[Fault]]:
    """Return the range of an input for the group of the parameter file, or what is wrong with its
    name.
    """
    from workbook.tables.catalog import Catalog
    from workbook.tables.set_inputs import held_inputs, set_input_faults

    catalog, chosen = Catalog(path.parent), {name: "central"}
    group = study().groups.of(load_parameters(path).study.model_dump(), catalog.load)
    if faults := list(set_input_faults(chosen, catalog, group, ASKED)):
        return None, faults
    own = held_inputs(chosen, catalog, group)[name]
    return (own.low, own.high, False), []


def _loaded(runs: Iterable[tuple[str, str, Sequence[str]]], choices: Choices) -> list[Variant]:
    """Return the runs with their parameters; the faults of all of them are raised at once."""
    variants: list[Variant] = []
    faults: list[Fault] = []
    base = choices.parameters().by_key()
    for name, scenario, settings in runs:
        try:
            parameters = choices.parameters(scenario, settings)
        except ParameterFault as found:
            faults += found.faults
            continue
        named = [setting.partition("=")[0] for setting in settings]
        own = parameters.by_key()
        variants.append(
            Variant(
                name,
                {key: own[key] for key in own if key in named or own[key] != base.get(key)},
                parameters,
            )
        )
    if faults:
        raise ParameterFault(faults)
    return variants
