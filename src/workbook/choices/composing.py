"""YAML as a tree that knows its lines: composed within bounds, never constructed, so that a file
can run nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

from workbook.choices.faults import Fault, ParameterFault, shown

LARGEST_FILE = 256 * 1024
DEEPEST_NESTING = 6
LONGEST_NUMBER = 40


class PlainWords(yaml.SafeLoader):
    """Makes nodes of a text and reads plain words as YAML 1.2 does.

    ``no``, ``12:30`` and 2020-01-01 are texts, 3.5e11 is a number.
    """

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012  declared so by the base


for _tag, _pattern, _first in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?[0-9]+", list("-+0123456789")),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", list("-+.0123456789")),
):
    PlainWords.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(rf"(?:{_pattern})\Z"), _first
    )


def text_of(path: Path) -> str:
    """Return the text of a parameter file; one that is missing, huge or not UTF-8 is refused."""

    def refuse(message: str, remedy: str, line: int | None = None) -> ParameterFault:
        return ParameterFault([Fault(path.name, message, remedy, line=line)])

    try:
        content = path.read_bytes()
    except OSError as error:
        raise refuse(
            f"cannot be read ({error.strerror})", f"put a parameter file at {path}"
        ) from error
    if len(content) > LARGEST_FILE:
        raise refuse(
            f"has {len(content)} bytes",
            f"parameters fit into {LARGEST_FILE}; tables belong in data/",
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise refuse("is not UTF-8", "save the file as UTF-8", line) from error


def compose(text: str, file: str) -> Any:
    """Return the root node of one YAML document, None when it is empty; every structural fault is
    named at once.

    Aliases are refused rather than bounded: parameters are flat, and a file of a few lines could
    expand without end.
    """
    try:
        events = yaml.parse(text, Loader=yaml.SafeLoader)
        if faults := list(_structural_faults(events, file)):
            raise ParameterFault(faults)
        return yaml.compose(text, Loader=PlainWords)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise ParameterFault(
            [_syntax_fault(file, mark.line + 1 if mark else None, error.problem or error.context)]
        ) from error
    # PyYAML lets a ValueError through on \UFFFFFFFF
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        raise ParameterFault([_syntax_fault(file, None, str(error))]) from error


def _syntax_fault(file: str, line: int | None, problem: str | None) -> Fault:
    return Fault(
        file,
        f"is not YAML: {shown(problem or 'unreadable')}",
        "write `name: value`, indented under its section",
        line=line,
    )


def _structural_faults(events: Iterable[yaml.Event], file: str) -> Iterator[Fault]:
    """Yield what points elsewhere, names a type, is a second document or too deep."""
    depth = documents = 0
    for event in events:
        line = event.start_mark.line + 1
        for value, message, remedy in _pointers(event):
            yield Fault(file, message, remedy, line=line, value=value)
        documents += isinstance(event, yaml.DocumentStartEvent)
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if documents > 1:
            remedy = "keep one document in the file"
            yield Fault(file, "starts a second document", remedy, line=line)
            return
        if depth > DEEPEST_NESTING:
            remedy = "parameters are flat: one section, then names"
            yield Fault(file, "is nested too deeply", remedy, line=line)
            return


def _pointers(event: yaml.Event) -> Iterator[tuple[str, str, str]]:
    """Yield what stands there, what is wrong with it, and what helps."""
    anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
    if isinstance(event, yaml.AliasEvent):
        yield f"*{anchor}", "is an alias", "write the value out"
    elif anchor is not None:
        yield f"&{anchor}", "is an anchor", "take it out: nothing may point to it"
    if tag is not None:
        yield tag, "is a YAML tag", "take it out: a value says its own type"


def plain(node: yaml.Node) -> Any:
    """Return the value of a node: None, bool, int, float or str, or the texts of a list of such;
    all else comes back as its node.

    A number too long to be one stays the text it is, so that its type is refused by name.
    """
    if isinstance(node, yaml.SequenceNode) and all(
        isinstance(part, yaml.ScalarNode) for part in node.value
    ):
        # as written: a code keeps the zero it begins with
        return [part.value for part in node.value]
    if not isinstance(node, yaml.ScalarNode):
        return node
    kind = node.tag.rpartition(":")[2]
    if kind in ("int", "float") and len(node.value) <= LONGEST_NUMBER:
        return int(node.value) if kind == "int" else float(node.value)
    return {"null": None, "bool": node.value.lower() == "true"}.get(kind, node.value)


def mapping_of(node: yaml.MappingNode) -> dict[str, Any]:
    """Return the values of a mapping node by name."""
    return {name.value: plain(value) for name, value in node.value}


def written(node: yaml.Node) -> str:
    """Return what stands in the file for a node, for showing it back."""
    mark = node.start_mark
    text = (
        mark.buffer[mark.pointer : node.end_mark.pointer]
        if mark.buffer is not None
        else getattr(node, "value", "")
    )
    return str(text).rstrip("\0 \n") or "(nothing)"
