"""YAML as a tree that knows its lines: composed within bounds, never constructed, so that a file
can run nothing.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import tee
from pathlib import Path
from typing import Any

import yaml

from workbook.choices.faults import Fault, ParameterFault, shown

LARGEST_FILE = 256 * 1024
DEEPEST_NESTING = 6
LONGEST_NUMBER = 40


class Composer(yaml.composer.Composer, yaml.resolver.BaseResolver):
    """Makes nodes of events, and reads plain words as YAML 1.2 does.

    ``no``, ``12:30`` and 2020-01-01 are texts, 3.5e11 is a number.
    """

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012  declared so by the base

    def __init__(self, events: Iterable[yaml.Event]) -> None:
        yaml.composer.Composer.__init__(self)
        yaml.resolver.BaseResolver.__init__(self)
        self._waiting = deque(events)

    def check_event(self, *kinds: type[yaml.Event]) -> bool:
        """Say whether the next event is of one of these kinds."""
        return isinstance(self._waiting[0], kinds)

    def peek_event(self) -> yaml.Event:
        """Return the next event and leave it."""
        return self._waiting[0]

    def get_event(self) -> yaml.Event:
        """Return the next event and go on."""
        return self._waiting.popleft()


for _tag, _pattern, _first in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?[0-9]+", list("-+0123456789")),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", list("-+.0123456789")),
):
    Composer.add_implicit_resolver(
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
        return Composer(_sound_events(text, file)).get_single_node()
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


def _sound_events(text: str, file: str) -> list[yaml.Event]:
    """Return the events of a text in which nothing points elsewhere, names a type or is too
    deep.
    """
    events, looked_at = tee(yaml.parse(text, Loader=yaml.SafeLoader))
    if faults := list(_structural_faults(looked_at, file)):
        raise ParameterFault(faults)
    return list(events)


def _structural_faults(events: Iterable[yaml.Event], file: str) -> Iterator[Fault]:
    depth = documents = 0
    for event in events:
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent):
            yield Fault(
                file, "is an alias", "write the value out", line=line, value=f"*{event.anchor}"
            )
            continue
        if getattr(event, "anchor", None) is not None:
            yield Fault(
                file,
                "is an anchor",
                "take it out: nothing may point to it",
                line=line,
                value=f"&{event.anchor}",
            )
        if getattr(event, "tag", None) is not None:
            yield Fault(
                file,
                "is a YAML tag",
                "take it out: a value says its own type",
                line=line,
                value=event.tag,
            )
        documents += isinstance(event, yaml.DocumentStartEvent)
        if documents > 1:
            yield Fault(
                file, "starts a second document", "keep one document in the file", line=line
            )
            return
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(
            event, yaml.CollectionEndEvent
        )
        if depth > DEEPEST_NESTING:
            yield Fault(
                file,
                "is nested too deeply",
                "parameters are flat: one section, then names",
                line=line,
            )
            return


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


def written(node: yaml.Node) -> str:
    """Return what stands in the file for a node, for showing it back."""
    mark = node.start_mark
    text = (
        mark.buffer[mark.pointer : node.end_mark.pointer]
        if mark.buffer is not None
        else getattr(node, "value", "")
    )
    return str(text).rstrip("\0 \n") or "(nothing)"
