"""The door of notebooks: their own names are held against the same models as the file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workbook.choices.choices import broken_across, checked_inputs, checked_section
from workbook.choices.composing import compose, mapping_of, plain
from workbook.choices.declaring import declared_sections, require_section
from workbook.choices.faults import Fault, ParameterFault
from workbook.choices.reading import Entry
from workbook.ranges import HEAD, SECTION
from workbook.study import study

WORDS_OF_THE_FILE = ("null", "true", "false")


def values_in_notebook(name: str, stem: str, namespace: Mapping[str, Any]) -> dict[str, Any]:
    """Return the choices that a notebook's names hold, the study's first, as the models have them.

    However they were set (by the parameters cell, papermill, a researcher), they are held to the
    types, bounds and rules of the file; a `ParameterFault` names every name that is missing or
    refused.
    """
    require_section(stem)
    sections = ("study", stem)
    wanted = {
        f"{section}.{bare}": bare
        for section in sections
        for bare in declared_sections()[section].model_fields
    }
    entries = {
        key: _entry(name, key, namespace[bare]) for key, bare in wanted.items() if bare in namespace
    }
    faults = [
        Fault(name, "is not set by the parameters cell", "run `workbook sync`", key=key)
        for key in wanted
        if key not in entries
    ]
    checked = {section: checked_section(section, entries, faults) for section in sections}
    faults.extend(broken_across(checked, entries))
    inputs = _inputs(name, stem, namespace, faults)
    if faults:
        raise ParameterFault(faults)
    return {
        key: value for own in checked.values() if own for key, value in own.model_dump().items()
    } | inputs


def _inputs(
    name: str, stem: str, namespace: Mapping[str, Any], faults: list[Fault]
) -> dict[str, Any]:
    """Return the inputs that a notebook sets, by the name it knows them by; nothing where it takes
    none.
    """
    for step in study().steps:
        if step.stem == stem and study().ranges.taken_by(step):
            return {SECTION: checked_inputs(_input_entries(name, namespace, faults), faults)}
    return {}


def _input_entries(
    name: str, namespace: Mapping[str, Any], faults: list[Fault]
) -> dict[str, Entry]:
    if SECTION not in namespace:
        unset = "is not set by the parameters cell"
        faults.append(Fault(name, unset, "run `workbook sync`", key=SECTION))
        return {}
    value = _as_the_file_reads(namespace[SECTION])
    if not isinstance(value, Mapping):
        remedy = 'write {} for none, or {"name": value}'
        faults.append(Fault(name, "is no mapping", remedy, key=SECTION, value=repr(value)))
        return {}
    return {f"{HEAD}{own}": _entry(name, f"{HEAD}{own}", one) for own, one in value.items()}


def _entry(name: str, key: str, value: Any) -> Entry:
    return Entry(key, _as_the_file_reads(value), repr(value), name, None)


def _as_the_file_reads(value: Any) -> Any:
    """Return a text that is null, true, false, a list or a mapping in the file as that.

    papermill's ``-p`` hands these on as texts.
    """
    if isinstance(value, str) and (value in WORDS_OF_THE_FILE or value.startswith(("[", "{"))):
        try:
            node = compose(value, "")
            return mapping_of(node) if value.startswith("{") else plain(node)
        except ParameterFault:
            return value
    return value
