"""From a parameter file to entries: every value with its dotted key, the text as written, and its
line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from workbook.choices.composing import compose, mapping_of, plain, text_of, written
from workbook.choices.declaring import allowed, declared_keys, declared_sections
from workbook.choices.faults import Fault, ParameterFault, known_instead
from workbook.ranges import SECTION
from workbook.study import study

SCENARIO_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}\Z")
BASELINE = "baseline"
COMMAND_LINE = "--set"


@dataclass(frozen=True)
class Entry:
    """One value as it was written; ``rank`` says where: 0 the baseline, 1 a scenario, 2 the
    command line.
    """

    key: str
    value: Any
    text: str
    file: str
    line: int | None
    rank: int = 0

    def fault(self, message: str, remedy: str) -> Fault:
        """Return a fault of this entry."""
        return Fault(self.file, message, remedy, line=self.line, key=self.key, value=self.text)


@dataclass(frozen=True)
class Overlay:
    """One scenario: the entries it sets over the one it extends (the baseline where it names
    none).
    """

    entries: dict[str, Entry]
    extends: Entry | None = None


@dataclass
class Document:
    """A parameter file as read: baseline entries, scenarios, and what is wrong with its keys."""

    file: str
    entries: dict[str, Entry] = field(default_factory=dict)
    overlays: dict[str, Overlay] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def items(self, node: yaml.Node, key: str) -> Iterator[tuple[str, int, yaml.Node]]:
        """Yield name, line and value node of a mapping; what is no mapping, no word, or there twice
        becomes a fault.
        """
        if not isinstance(node, yaml.MappingNode):
            self.fault(
                node.start_mark.line + 1,
                key,
                "is not a mapping",
                "write indented `name: value` lines, or {} for none",
                value=written(node),
            )
            return
        first: dict[str, int] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            name = key_node.value if isinstance(key_node, yaml.ScalarNode) else written(key_node)
            dotted = f"{key}.{name}" if key else name
            if name in first:
                self.fault(
                    line,
                    dotted,
                    f"is there twice, first in line {first[name]}",
                    "keep one of the two",
                )
            else:
                first[name] = line
                yield name, line, value_node

    def fault(
        self, line: int | None, key: str, message: str, remedy: str, value: str | None = None
    ) -> None:
        """Note a fault of this file."""
        self.faults.append(Fault(self.file, message, remedy, line=line, key=key, value=value))

    def entry(self, key: str, line: int, node: yaml.Node, rank: int) -> Entry:
        """Return a value node as an entry."""
        return Entry(key, plain(node), written(node), self.file, line, rank)


def read_document(path: Path) -> Document:
    """Read a parameter file; faults of its keys stand in the document, faults of its syntax are
    raised.
    """
    document = Document(path.name)
    root = compose(text_of(path), path.name)
    sections: dict[str, int] = {}
    for section, line, node in document.items(root, "") if root else ():
        if section == "scenarios":
            _read_scenarios(document, node)
        elif section == SECTION and study().ranges.table:
            _read_inputs(document, node)
        elif section in declared_sections():
            sections[section] = line
            _read_section(document, section, line, node)
        else:
            document.fault(
                line,
                section,
                "is no section",
                known_instead(section, [*declared_sections(), "scenarios"]),
            )
    for section in declared_sections():
        if section not in sections:
            remedy = f"add `{section}:`" + (
                " and its parameters"
                if declared_sections()[section].model_fields
                else " with the value {}"
            )
            document.fault(None, section, "is missing", remedy)
    return document


def values_of(text: str, file: str) -> dict[str, dict[str, Any]]:
    """Return the values of a parameter file by section and name as they stand, unchecked.

    A finished run's file may be of an older study.
    """
    root = compose(text, file)
    sections = root.value if isinstance(root, yaml.MappingNode) else ()
    return {
        section.value: mapping_of(own)
        for section, own in sections
        if isinstance(own, yaml.MappingNode)
    }


def _read_section(document: Document, section: str, line: int, node: yaml.Node) -> None:
    names = list(declared_sections()[section].model_fields)
    seen = set()
    for name, name_line, value in document.items(node, section):
        seen.add(name)
        if name in names:
            document.entries[f"{section}.{name}"] = document.entry(
                f"{section}.{name}", name_line, value, 0
            )
        else:
            document.fault(
                name_line, f"{section}.{name}", "is no parameter", _known_parameter(section, name)
            )
    for name in names:
        if name not in seen:
            document.fault(
                line, f"{section}.{name}", "is missing", f"add it ({allowed(f'{section}.{name}')})"
            )


def _read_inputs(document: Document, node: yaml.Node) -> None:
    for name, line, value in document.items(node, SECTION):
        key = f"{SECTION}.{name}"
        document.entries[key] = document.entry(key, line, value, 0)


def _is_known(key: str) -> bool:
    """Say whether a dotted key is a parameter's, or may be an input's: which inputs there are, the
    table of ranges says.
    """
    return key in declared_keys() or bool(study().ranges.name_in(key))


def _known_parameter(section: str, name: str) -> str:
    elsewhere = [key for key in declared_keys() if key.endswith(f".{name}")]
    return (
        f"it belongs to {elsewhere[0].split('.')[0]}"
        if elsewhere
        else known_instead(name, declared_sections()[section].model_fields)
    )


def _read_scenarios(document: Document, node: yaml.Node) -> None:
    for name, line, body in document.items(node, "scenarios"):
        key = f"scenarios.{name}"
        if name == BASELINE:
            document.fault(line, key, "is the values above, not a scenario", "change them there")
        elif not SCENARIO_NAME.match(name):
            document.fault(
                line, key, "is no name for a folder", "use small letters, digits and _, at most 40"
            )
        else:
            document.overlays[name] = _read_overlay(document, key, body)


def _read_overlay(document: Document, key: str, body: yaml.Node) -> Overlay:
    entries, extends = {}, None
    for name, line, node in document.items(body, key):
        if name == "extends":
            extends = document.entry(f"{key}.extends", line, node, 1)
        elif _is_known(name):
            entries[name] = document.entry(name, line, node, 1)
        else:
            document.fault(line, f"{key}.{name}", "is no parameter", known_key_instead(name))
    return Overlay(entries, extends)


def known_key_instead(written_key: str) -> str:
    """Return the remedy for an unknown dotted key: the one of that name in another section, the
    nearest one, or how a key is written.

    >>> known_key_instead("study.corelation"), known_key_instead("procurement.plan_years")
    ('did you mean study.correlation?', 'did you mean study.plan_years?')
    >>> known_key_instead("study")
    'write section.name, for example study.scale_model'
    """
    bare = written_key.rpartition(".")[2]
    same_name = [key for key in declared_keys() if key.split(".")[1] == bare]
    if same_name:
        return f"did you mean {same_name[0]}?"
    if "." not in written_key or written_key.split(".")[0] not in declared_sections():
        return "write section.name, for example study.scale_model"
    return known_instead(
        written_key,
        [key for key in declared_keys() if key.startswith(written_key.split(".")[0] + ".")],
    )


def read_overrides(overrides: Iterable[str], faults: list[Fault]) -> dict[str, Entry]:
    """Read ``section.name=value`` texts as the command line gave them; what cannot be read is added
    to ``faults``.
    """
    entries: dict[str, Entry] = {}
    for override in overrides:
        key, equals, text = override.partition("=")
        key = key.strip()
        if not equals:
            faults.append(
                Fault(COMMAND_LINE, "has no =", "write --set section.name=value", key=override)
            )
        elif not _is_known(key):
            faults.append(Fault(COMMAND_LINE, "is no parameter", known_key_instead(key), key=key))
        elif key in entries:
            faults.append(Fault(COMMAND_LINE, "is set twice", "set it once", key=key, value=text))
        else:
            try:
                entries[key] = _override(key, text)
            except ParameterFault as unreadable:
                faults.extend(
                    replace(fault, key=key, value=text, line=None) for fault in unreadable.faults
                )
    return entries


def items_of(text: str, file: str) -> list[str]:
    """Return the values between the commas of a text as they are written; a list in [ ] is one of
    them.

    >>> items_of("3, [141003, 282014], null", "--grid")
    ['3', '[141003, 282014]', 'null']
    """
    node = compose(f"[{text}]", file)
    return [written(part) for part in node.value]


def _override(key: str, text: str) -> Entry:
    node = compose(text, COMMAND_LINE)
    return Entry(
        key, None if node is None else plain(node), text or "(nothing)", COMMAND_LINE, None, 2
    )
