"""What a notebook says, held against the words it has: every fault of both, found before a kernel
starts.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from workbook.steps import ALONE, Step
from workbook.study import study
from workbook.words.messages import LACK, OTHER_GROUP, OTHERWISE, Message, Words, WordsFault

SAYING = ("say", "show", "lack")
FRAGMENT = "words"  # the unit of a placeholder that another message fills
NO_VALUES = ("holds", "case", "panel", "pages")
FROM_OUTSIDE = (OTHER_GROUP, LACK)  # cases that are chosen by the run, not by a cell's condition


@dataclass(frozen=True)
class Call:
    """One call of a cell: what it says under which slug, with which values and cases, and the
    messages that may fill it.
    """

    kind: str
    cell: str
    slug: str | None
    claims: bool = False
    cases: frozenset[str] = frozenset()
    # each with the texts in it: slugs of fragments, or how these begin
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    open: bool = False  # values that only the run knows


def calls_of(cells: Iterable[Mapping[str, Any]]) -> Iterator[Call]:
    """Yield what the code cells of a notebook say, in order; a cell that is no Python says
    nothing.
    """
    for cell in (cell for cell in cells if cell["cell_type"] == "code"):
        try:
            tree = ast.parse("".join(cell["source"]))
        except (SyntaxError, ValueError):
            continue
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and ast.unparse(node.func.value) == "run"
            ):
                yield from _call(node, cell.get("id", ""))


def _call(node: ast.Call, cell: str) -> Iterator[Call]:
    given = {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg}
    if node.func.attr == "result":
        yield from (Call("reason", cell, slug) for slug in _texts_in(given.get("reason")))
    if node.func.attr not in SAYING:
        return
    slug = node.args[0].value if node.args and isinstance(node.args[0], ast.Constant) else None
    values = {name: value for name, value in given.items() if name not in NO_VALUES}
    case = given.get("case")
    cases = (
        frozenset(key.value for key in case.keys if isinstance(key, ast.Constant))
        if isinstance(case, ast.Dict)
        else frozenset()
    )
    yield Call(
        node.func.attr,
        cell,
        slug,
        "holds" in given,
        cases,
        {name: tuple(_texts_in(value)) for name, value in values.items()},
        any(not keyword.arg for keyword in node.keywords),
    )


def _texts_in(value: ast.expr | None) -> Iterator[str]:
    """Yield the texts in an expression; of one with a value in it (``f"option_{best}"``) how it
    begins.
    """
    for node in ast.walk(value) if value else ():
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _texts_of(source: str) -> Iterator[str]:
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return
    yield from (
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def word_faults(root: Path, steps: tuple[Step, ...] | None = None) -> Iterator[str]:
    """Yield what does not fit between the notebooks of a project and their words, chapter by
    chapter.
    """
    steps = study().steps if steps is None else steps
    for step in steps:
        try:
            words = Words.of(root, step.name)
            cells = json.loads(
                (root / "notebooks" / f"{step.name}.ipynb").read_text(encoding="utf-8")
            )["cells"]
        except WordsFault as fault:
            yield from str(fault).splitlines()
        except (OSError, ValueError, KeyError):
            continue  # named among the faults of notebooks
        else:
            yield from (f"notebooks/words/{step.name}: {fault}" for fault in words.disagreements())
            yield from (
                f"notebooks/words/{step.name}: {fault}"
                for fault in _Chapter(step, words, cells).faults()
            )


@dataclass
class _Chapter:
    step: Step
    words: Words
    cells: list[Mapping[str, Any]]
    calls: list[Call] = field(init=False)

    def __post_init__(self) -> None:
        self.calls = list(calls_of(self.cells))

    def faults(self) -> Iterator[str]:
        spoken = set()
        for call in self.calls:
            if call.slug is None:
                yield f"cell {call.cell} names no message: write its slug out"
            elif call.slug not in self._messages:
                yield (
                    f"{call.slug}: cell {call.cell} says it, and no message has this slug; write"
                    " it, or correct the slug"
                )
            else:
                spoken.add(call.slug)
                yield from (
                    f"{call.slug}: {fault}"
                    for fault in self._faults_of(call, self._messages[call.slug])
                )
        spoken |= {slug for slug in self._messages if self._said_otherwise(slug)}
        if self.step.of_one is not None and ALONE not in self._messages:
            yield f"{ALONE}: no text says what one municipality alone lacks; write it"
        yield from (
            f"{slug}: no cell says it; delete it, or say it"
            for slug in self._messages
            if slug not in spoken
        )

    @property
    def _messages(self) -> Mapping[str, Message]:
        return self.words.messages["en"]

    def _said_otherwise(self, slug: str) -> bool:
        """Say whether a message fills another one, goes into a table, or stands in the place of a
        text cell.
        """
        ids = {
            str(cell.get("id", "")).rpartition("-")[0]
            for cell in self.cells
            if cell["cell_type"] == "markdown"
        }
        return (
            slug in self._fragments
            or slug.startswith(self.step.table_words or ("-",))
            or slug in ids
            or (slug == ALONE and self.step.of_one is not None)
        )

    @cached_property
    def _fragments(self) -> set[str]:
        """The messages that a text in some cell names, or begins like; a reason is one, too."""
        sources = ("".join(cell["source"]) for cell in self.cells if cell["cell_type"] == "code")
        return {
            slug for source in sources for text in _texts_of(source) for slug in self._named(text)
        }

    def _named(self, text: str) -> Iterator[str]:
        yield from (
            slug
            for slug in self._messages
            if slug == text or (text.endswith(("_", "-")) and slug.startswith(text))
        )

    def _faults_of(self, call: Call, message: Message) -> Iterator[str]:
        if (call.kind in ("show", "lack")) != message.is_exhibit:
            yield (
                f"cell {call.cell} {call.kind}s it, and its text is"
                f" {'an exhibit' if message.is_exhibit else 'no exhibit'}"
            )
        if call.kind in ("lack", "reason"):
            if call.kind == "lack" and LACK not in message.cases:
                yield f"cell {call.cell} lacks the exhibit; write why under ### {LACK}"
            return
        yield from self._case_faults(call, message)
        if not call.open:
            yield from self._value_faults(call, message)

    def _case_faults(self, call: Call, message: Message) -> Iterator[str]:
        if call.claims and OTHERWISE not in message.cases:
            yield (
                f"cell {call.cell} claims it on a condition; write what is said otherwise under ###"
                f" {OTHERWISE}"
            )
        if OTHERWISE in message.cases and not (call.claims or call.cases):
            yield (
                f"it has another wording, and cell {call.cell} gives no condition: `holds` or"
                " `case`"
            )
        yield from (
            f"no text for the case {name}, which cell {call.cell} names"
            for name in sorted(call.cases - set(message.cases))
        )
        known = {
            "",
            OTHERWISE,
            *FROM_OUTSIDE,
            *(case for other in self.calls if other.slug == call.slug for case in other.cases),
        }
        yield from (f"no cell names the case {name}" for name in message.cases if name not in known)

    def _value_faults(self, call: Call, message: Message) -> Iterator[str]:
        filled = [
            name
            for both in self.words[message.slug].values()
            for name, unit in both.placeholders().items()
            if unit == FRAGMENT
        ]
        fragments = [
            self._messages[slug]
            for name in filled
            for text in call.values.get(name, ())
            for slug in self._named(text)
        ]
        used = {
            name
            for own in (message, *fragments)
            for both in self.words[own.slug].values()
            for name, unit in both.placeholders().items()
            if unit
        }
        if missing := sorted(used - call.values.keys()):
            yield f"cell {call.cell} gives no value for {', '.join(missing)}"
        if unused := sorted(call.values.keys() - used):
            yield f"no text uses {', '.join(unused)}, which cell {call.cell} gives"
