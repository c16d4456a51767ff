"""From entries to parameters: scenarios laid over the baseline, the command line over both,
everything checked.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from workbook.choices.declaring import (
    REFUSED,
    Parameters,
    Rule,
    Section,
    allowed,
    choices,
    declared_sections,
    parameters_model,
)
from workbook.choices.faults import Fault, ParameterFault, known_instead
from workbook.choices.reading import (
    BASELINE,
    Document,
    Entry,
    Overlay,
    read_document,
    read_overrides,
)
from workbook.ranges import ENDS, HEAD
from workbook.study import study

KINDS = {
    type(None): "no value",
    bool: "a yes or no",
    int: "a whole number",
    float: "a decimal number",
    str: "a text",
}
NEEDED = {"int_type": "a whole number", "float_type": "a number", "bool_type": "true or false"}
BEYOND = {
    "greater_than_equal": "is too small",
    "less_than_equal": "is too large",
    "finite_number": "is not finite",
    "string_type": "is no month or year",
    "string_pattern_mismatch": "is no month or year",
}


class Choices:
    """A parameter file as it was read, once: what becomes of the file afterwards changes nothing
    here.

    Every scenario of the file is checked even when another one runs. All faults come at once, in
    one `ParameterFault`: unknown, missing and double keys, wrong types and bounds, rules between
    parameters, cyclic or unknown scenarios.
    """

    def __init__(self, document: Document) -> None:
        self._file, self._faults = document.file, document.faults
        self._layers = {
            name: _laid_over(document.entries, *_lineage(document, name, self._faults))
            for name in (BASELINE, *document.overlays)
        }
        self._checked = {
            name: _checked(entries, self._faults) for name, entries in self._layers.items()
        }

    @classmethod
    def read(cls, path: str | Path) -> Choices:
        """Read a parameter file; what is no parameter file at all is refused at once."""
        return cls(read_document(Path(path)))

    @property
    def scenarios(self) -> tuple[str, ...]:
        """The names of the scenarios in their order; the baseline is none of them."""
        return tuple(name for name in self._layers if name != BASELINE)

    def parameters(self, scenario: str = BASELINE, overrides: Iterable[str] = ()) -> Parameters:
        """Return the choices of one run: the file's values, a scenario's over them, the overrides
        over both.

        ``overrides`` are ``section.name=value`` texts.
        """
        faults = list(self._faults)
        chosen = read_overrides(overrides, faults)
        if scenario not in self._layers:
            faults.append(
                Fault(
                    self._file,
                    "is no scenario",
                    known_instead(scenario, self._layers),
                    key=scenario,
                )
            )
        parameters = self._checked.get(scenario)
        if chosen:
            below = self._layers.get(scenario, self._layers[BASELINE])
            parameters = _checked(_laid_over(below, chosen), faults)
        if faults or parameters is None:
            raise ParameterFault(faults)
        return parameters

    def run_id(self, scenario: str = BASELINE, overrides: Iterable[str] = ()) -> str:
        """Return the name of a run's folder: the scenario, and six digits of a digest of what the
        overrides really change.

        Setting a parameter to the value it has changes nothing, and ``0.30`` is ``0.3``: the name
        stays the same.
        """
        before, after = (self.parameters(scenario, given).by_key() for given in ((), overrides))
        changed = {
            key: after.get(key) for key in before | after if after.get(key) != before.get(key)
        }
        if not changed:
            return scenario
        written = json.dumps(changed, sort_keys=True).encode()
        return f"{scenario}-{hashlib.sha256(written).hexdigest()[:6]}"


def load_parameters(
    path: str | Path, scenario: str = BASELINE, overrides: Iterable[str] = ()
) -> Parameters:
    """Return the choices of one run from a file that is read for it alone (see `Choices`)."""
    return Choices.read(path).parameters(scenario, overrides)


def _laid_over(*layers: Mapping[str, Entry]) -> dict[str, Entry]:
    return {key: entry for layer in layers for key, entry in layer.items()}


def _lineage(document: Document, name: str, faults: list[Fault]) -> Iterator[dict[str, Entry]]:
    """Yield the layers of a scenario, the one it extends first; a cycle and an unknown name become
    faults.
    """
    chain: list[str] = []
    while name != BASELINE and name not in chain:
        chain.append(name)
        extends = document.overlays[name].extends
        name = BASELINE if extends is None else extends.value
        if extends is not None and (
            not isinstance(name, str) or name not in (BASELINE, *document.overlays)
        ):
            faults.append(
                extends.fault(
                    "is no scenario", known_instead(extends.text, [BASELINE, *document.overlays])
                )
            )
            name = BASELINE
    if name != BASELINE:
        faults.append(_cycle_fault(chain[chain.index(name) :], document.overlays))
    yield from (document.overlays[link].entries for link in reversed(chain))


def _cycle_fault(cycle: list[str], overlays: Mapping[str, Overlay]) -> Fault:
    """Return one and the same fault for a cycle from wherever it was entered."""
    start = cycle.index(min(cycle))
    named = [*cycle[start:], *cycle[:start]]
    extends = overlays[named[0]].extends
    assert extends is not None  # a link of a cycle extends the next
    return extends.fault(
        f"makes a cycle: {' -> '.join([*named, named[0]])}", "let one of them extend nothing"
    )


def _checked(entries: Mapping[str, Entry], faults: list[Fault]) -> Parameters | None:
    """Return the parameters, or None when a value is refused or missing; the refusals are added to
    ``faults``.
    """
    entries = study().groups.fitted(entries)
    sections = {
        section: checked_section(section, entries, faults) for section in declared_sections()
    }
    broken = list(broken_across(sections, entries))
    inputs = checked_inputs(entries, faults)
    faults.extend(broken)
    if broken or inputs is None or None in sections.values():
        return None
    return parameters_model()(**sections, inputs=inputs)


def checked_inputs(entries: Mapping[str, Entry], faults: list[Fault]) -> dict[str, Any] | None:
    """Return the inputs that are set, or None where one is neither a number nor an end of its
    range; null leaves an input its range.

    Each refusal is added to ``faults``. Whether there is such an input, and whether the value lies
    in its range, is the table's to say (`workbook.tables.set_inputs`).
    """
    own = {key: entry for key, entry in entries.items() if key.startswith(HEAD)}
    wrong = [entry for entry in own.values() if not _may_be_set(entry.value)]
    remedy = f"write a number in the unit of its range, or {' | '.join(ENDS)}"
    faults.extend(entry.fault("is no value of an input", remedy) for entry in wrong)
    if wrong:
        return None
    return {
        key.removeprefix(HEAD): entry.value if entry.value in ENDS else float(entry.value)
        for key, entry in own.items()
        if entry.value is not None
    }


def _may_be_set(value: Any) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return value is None or value in ENDS or (number and math.isfinite(value))


def checked_section(
    section: str, entries: Mapping[str, Entry], faults: list[Fault]
) -> Section | None:
    """Return one section of the parameters, or None when a value is refused or missing.

    Every refused value is added to ``faults``, and every broken rule between values that are valid
    one by one.
    """
    model = declared_sections()[section]
    own = {
        name: entries[f"{section}.{name}"]
        for name in model.model_fields
        if f"{section}.{name}" in entries
    }
    values = {name: entry.value for name, entry in own.items()}
    try:
        return model.model_validate(values)
    except ValidationError as refusal:
        errors = refusal.errors(include_url=False, include_input=False)
    refused = {
        str(error["loc"][0]): error for error in errors if error["type"] not in ("rules", "missing")
    }
    faults.extend(_refusal(own[name], error) for name, error in refused.items())
    valid = {name: value for name, value in values.items() if name not in refused}
    faults.extend(
        _broken(rule, own)
        for rule in model.rules
        if set(rule.names) <= set(valid) and rule.broken(valid)
    )
    return None


def broken_across(
    sections: Mapping[str, Section | None], entries: Mapping[str, Entry]
) -> Iterator[Fault]:
    """Yield a fault for each broken rule between parameters of two sections that are both there."""
    values: dict[str, Any] = {
        f"{section}.{name}": value
        for section, checked in sections.items()
        for name, value in checked or ()
    }
    yield from (
        _broken(rule, entries)
        for rule in study().rules_across
        if set(rule.names) <= set(values) and rule.broken(values)
    )


def _broken(rule: Rule, entries: Mapping[str, Entry]) -> Fault:
    named = [entries[name] for name in rule.names]
    last = max(named, key=lambda entry: entry.rank)  # who wrote last broke the rule
    return Fault(
        last.file, rule.message, rule.remedy, line=last.line, key=named[0].key, value=named[0].text
    )


def _refusal(entry: Entry, error: Mapping[str, Any]) -> Fault:
    """Return the fault of one refused value: what it is, and what it may be."""
    kind = error["type"]
    if kind == REFUSED:
        return entry.fault(error["msg"], error["ctx"]["remedy"])
    if kind in NEEDED:
        message = f"is {_kind_of(entry.value)}, not {NEEDED[kind]}"
    else:
        message = BEYOND.get(kind, "is none of the choices")
    meant = allowed(entry.key)
    near = (
        known_instead(entry.text.strip("'\""), choices(entry.key)) if " | " in meant else ""
    )  # no date is meant by another
    return entry.fault(message, near if near.startswith("did you") else f"allowed: {meant}")


def _kind_of(value: object) -> str:
    """Return what kind of thing was written; one that only a notebook's names can hold, by its
    type.
    """
    if isinstance(value, list | tuple | dict | yaml.Node):
        return "no single value"
    return KINDS.get(type(value), f"of type {type(value).__name__}")
