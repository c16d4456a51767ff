"""Where the numbers of a sentence are from: the tables that its cell takes them from, as the code
of the chapter says, each by the exhibit that shows it or by the rows that it holds.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count

from markupsafe import Markup

from workbook.report.cells import Cell
from workbook.report.edition import Edition
from workbook.report.finished_run import Chapter
from workbook.report.inputs import Inputs
from workbook.staleness.syntax import asked_of_run
from workbook.words.nouns import Texts, told

MOST = 3  # places that a sentence names, the nearest; those behind them lead on
MARK = "<!-- said from: {} {} -->"
_MARK = re.compile(MARK.format(r"(\S+)", r"(\S+)"))
_TAKEN = ("load", "read", "write")
_WORDING = ("case", "holds")  # arguments of a message that only choose its wording


@dataclass(frozen=True)
class SaidFrom:
    """The tables behind what each cell of each chapter says, by chapter and cell; ``titles`` are
    what the chapters call their results.
    """

    tables: Mapping[tuple[str, str], tuple[str, ...]]
    titles: Mapping[str, Texts] = field(default_factory=dict)

    @classmethod
    def of(cls, chapters: Iterable[Chapter]) -> SaidFrom:
        """Return the tables behind the sentences of some chapters."""
        behind = {
            (chapter.name, cell): tables
            for chapter in chapters
            for cell, tables in tables_behind(chapter.cells).items()
        }
        return cls(behind, titles_of(name for tables in behind.values() for name in tables))

    def put_into(self, page: str, inputs: Inputs, edition: Edition) -> str:
        """Return a page with where each sentence is from in the place kept for it."""

        def put(found: re.Match[str]) -> str:
            tables = self.tables.get((found[1], found[2]), ())
            links = list(dict.fromkeys(self._places(tables, found[1], inputs, edition)))[:MOST]
            named = Markup(edition.word("and")).join(links)
            line = Markup('<p class="source">{}{}{}</p>')
            said = (edition.word("provenance"), edition.word("colon"), named)
            return str(line.format(*said)) if links else ""

        return _MARK.sub(put, page)

    def _places(
        self, tables: Iterable[str], chapter: str, inputs: Inputs, edition: Edition
    ) -> Iterator[Markup]:
        """Yield where each table can be looked at: in the first exhibit that shows it, of this
        chapter if there is one; row by row, where it is an input; or in the code that writes it.
        """
        exhibits = edition.exhibits
        for table in tables:
            shown = [one for one in exhibits.payloads if table in one["provenance"]["tables"]]
            own = [one for one in shown if exhibits.chapter_of[one["slug"]].name == chapter]
            if shown:
                yield edition.link((own or shown)[0]["slug"])
            elif table in inputs.titles:
                yield inputs.named_table(inputs.titles[table][edition.lang], table, edition)
            elif anchor := exhibits.written_in.get(table):
                title = self.titles.get(table, {}).get(edition.lang, table)
                called = told(title, edition.group, edition.lang)
                yield Markup('<a href="#{}">{}</a>').format(anchor, called)


def titles_of(tables: Iterable[str]) -> dict[str, Texts]:
    """Return what the chapters call those tables that are results."""
    # here: it draws pandas in, which a page does without
    from workbook.tables.results import result_contracts

    declared = result_contracts()
    return {table: declared[table].title for table in tables if table in declared}


def tables_behind(cells: Iterable[Cell]) -> dict[str, tuple[str, ...]]:
    """Return the tables that each code cell takes its numbers from, by its id; first what most of
    its numbers are taken from, then what is nearest.

    A name leads back to where it was set, up to the table that was loaded, read or written there;
    what a written table is computed from is that table's own matter.

    >>> cell = 'far = run.read("ways")["km"].max()\\nrun.say("far", far=far)'
    >>> tables_behind([{"cell_type": "code", "id": "say-far", "source": cell}])
    {'say-far': ('ways',)}
    """
    known, found = Known(), {}
    for cell in (cell for cell in cells if cell["cell_type"] == "code"):
        try:
            tree = ast.parse(cell["source"])
        except (SyntaxError, ValueError):
            continue
        known.learn(tree)
        found[cell["id"]] = _ordered(_nearest(_taken(value, known)) for value in _said_in(tree))
    return found


def _ordered(values: Iterable[list[Taken]]) -> tuple[str, ...]:
    """Return the tables behind some values: first what most of them are taken from, then what is
    nearest.
    """
    taken = [one for tables in values for one in tables]
    often = Counter(one.table for one in taken)
    ordered = sorted(taken, key=lambda one: (-often[one.table], one.steps))
    return tuple(dict.fromkeys(one.table for one in ordered))


@dataclass(frozen=True)
class Known:
    """What the cells so far set each name to, the latest first, and the table that each name is
    written into.
    """

    set_to: dict[str, list[ast.expr]] = field(default_factory=dict)
    shown_in: dict[str, str] = field(default_factory=dict)

    def learn(self, tree: ast.AST) -> None:
        """Take in a cell."""
        for node in ast.walk(tree):
            for name, value in _set_in(node):
                self.set_to.setdefault(name, []).insert(0, value)
            if isinstance(node, ast.Call) and (taken := _table_of(node)) and taken[0] == "write":
                for part in (part for given in node.args[1:] for part in ast.walk(given)):
                    if isinstance(part, ast.Name):
                        self.shown_in.setdefault(part.id, taken[1])

    def table_of(self, name: str) -> str:
        """Return the result table that shows a name, blank of one that is a table itself."""
        loaded = (_table_of(part) for value in self.set_to.get(name, []) for part in _parts(value))
        return "" if any(loaded) else self.shown_in.get(name, "")


@dataclass(frozen=True)
class Taken:
    """A table that some code takes: how, which, and by how many names."""

    how: str
    table: str
    steps: int


def _nearest(taken: Iterable[Taken]) -> list[Taken]:
    """Return the tables behind one value; an input behind a result is that result's matter."""
    tables = list(taken)
    nearest = min((one.steps for one in tables if one.how != "load"), default=sys.maxsize)
    kept = [one for one in tables if one.how != "load" or one.steps <= nearest]
    return list({one.table: one for one in reversed(kept)}.values())


def _said_in(tree: ast.AST) -> list[ast.AST]:
    """Return the values that some code says: what only chooses a wording gives no number."""
    asked = ((node, asked_of_run(node)) for node in ast.walk(tree) if isinstance(node, ast.Call))
    said = [call for call, how in asked if how and how[0] == "say"]
    return [given.value for call in said for given in call.keywords if given.arg not in _WORDING]


def _set_in(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """Yield the names that a statement sets, each with what it is set to."""
    if not isinstance(node, ast.Assign):
        return
    for target in node.targets:
        pairs: list[tuple[ast.expr, ast.expr]] = [(target, node.value)]
        if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            pairs = list(zip(target.elts, node.value.elts, strict=False))
        for part, value in pairs:
            names = (own.id for own in ast.walk(part) if isinstance(own, ast.Name))
            yield from ((name, value) for name in names)


def _taken(value: ast.AST, known: Known) -> Iterator[Taken]:
    """Yield the tables that a value takes, nearest first."""
    nodes, seen = [value], set[str]()
    for steps in count():
        names: list[str] = []
        for part in (part for node in nodes for part in _parts(node)):
            if taken := _table_of(part):
                yield Taken(*taken, steps)
            elif isinstance(part, ast.Name) and part.id not in seen:
                seen.add(part.id)
                names.append(part.id)
        shown = {name: known.table_of(name) for name in names}
        yield from (Taken("write", table, steps) for table in shown.values() if table)
        nodes = [one for name in names if not shown[name] for one in known.set_to.get(name, [])]
        if not nodes:
            return


def _parts(node: ast.AST) -> Iterator[ast.AST]:
    """Yield a piece of code and its parts, but not what a table is written from."""
    yield node
    if not _table_of(node):
        for child in ast.iter_child_nodes(node):
            yield from _parts(child)


def _table_of(node: ast.AST) -> tuple[str, str] | None:
    """Return how a call takes a table, and which; none of anything else."""
    how, table = asked_of_run(node) or ("", None)
    return (how, table) if how in _TAKEN and table is not None else None
