"""What makes a step stale: everything its results rest on, part by part, so that a difference can
be named.

A key consists of the syntax of the notebook's code cells and of every module of ours that they
import, the bytes of the tables read, the declarations of the tables used, the parameters that
its cells read, the versions of the libraries behind those modules, and Python's minor version.
Comments, docstrings and prose are no part of it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from workbook.choices import Choices
from workbook.exhibits.declared import Exhibit, tables_digest
from workbook.output import LANGUAGES
from workbook.ranges import by_key
from workbook.remembered import Remembered
from workbook.staleness import syntax
from workbook.staleness.distributions import versions_behind
from workbook.staleness.syntax import (
    PYTHON,
    Sources,
    code_digest,
    imports_of,
    names_read,
    sets_only,
)
from workbook.steps import Source, Step
from workbook.study import study
from workbook.tables import lineage
from workbook.tables.data_package import DataPackage
from workbook.tables.lineage import DeclaredTables
from workbook.tables.plain_rows import plain_rows
from workbook.whole_files import checksum, digest_of
from workbook.words.labels import labels_file
from workbook.words.messages import Words, WordsFault

ABSENT, NOUNS = "absent", "the nouns of the group"
# What draws and words exhibits: it is needed to look at a run, and no number rests on it.
LOOKS = (
    "workbook.words.binding",
    "workbook.exhibits.pictures",
    "workbook.words.labels",
)
Parts = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class CodeCell:
    """A notebook's code cell; one that ``sets_parameters`` is papermill's to override."""

    source: str
    sets_parameters: bool = False

    def said(self, names: Iterable[str] | None = None) -> str:
        """Return what the cell does: nothing, where it is papermill's and only sets parameters
        (those of ``names``, if given), which the run sets again.
        """
        return "" if self.sets_parameters and sets_only(self.source, names) else self.source


class Keys:
    """What the steps of one project folder rest on now; ``sources`` holds a copy of all packages,
    where they are not to be looked for where they were imported from.
    """

    def __init__(
        self,
        root: Path,
        steps: tuple[Step, ...] | None = None,
        sources: Path | None = None,
        remembered: Remembered | None = None,
    ) -> None:
        self.root, self._folder = root, sources
        self.steps = study().steps if steps is None else steps
        self.remembered = remembered or Remembered(
            root / "runs" / ".remembered.json",
            "-".join(checksum(Path(str(made.__file__)))[:16] for made in (syntax, lineage)),
        )
        self.package = DataPackage(root)
        self._sources = Sources(sources, self.remembered)
        self._closures: dict[
            tuple[tuple[str, ...], tuple[str, ...]], tuple[dict[str, str], dict[str, str]]
        ] = {}

    def read_again(self) -> Keys:
        """Return keys that read every file again: these have read modules and declarations once
        and for all.
        """
        return Keys(self.root, self.steps, self._folder, self.remembered)

    @cached_property
    def choices(self) -> Choices:
        """Everything that ``params.yaml`` holds, read once: an edit in mid-run changes nothing that
        runs.
        """
        return Choices.read(self.root / "params.yaml")

    @property
    def _package(self) -> Path:
        """The folder of the study's package."""
        name = study().package
        return self._folder.joinpath(*name.split(".")) if self._folder else study().folder

    @property
    def _chapters(self) -> Path:
        return self._package / "chapters"

    @cached_property
    def _tables(self) -> DeclaredTables:
        return DeclaredTables(self.remembered, self._chapters)

    def parts(self, step: Step, parameters: Mapping[str, Any], run: Path) -> Parts:
        """Return what a step rests on when it runs in the folder ``run``, by kind and name.

        ``parameters`` are the step's own by name, with those of the whole study; one that no cell
        reads is no part of it. A table that an earlier step has yet to write is ``absent``. Words
        and charts are no part of it, apart from the messages that a step writes into its tables and
        results.
        """
        cells = {
            name: self._said(cell, parameters) for name, cell in cells_of(self.root, step).items()
        }
        imported = self._imported(step, (name for _, own, _ in cells.values() for name in own))
        modules, packages = self._closure(imported, looks_besides(imported))
        used = (*step.sources, *map(Source, step.writes))
        named = (study().groups.names_table, *step.inputs, *self._tables.inputs_behind(used))
        inputs = study().ranges.with_judgements(named) & set(self.package.resources)
        return {
            "cells": {name: digest for name, (digest, _, _) in cells.items()},
            "modules": modules,
            "packages": packages,
            "parameters": _those_read([names for _, _, names in cells.values()], parameters),
            "inputs": {name: input_digest(self.package, name) for name in sorted(inputs)},
            "tables": tables_read(step, run),
            "headlines": headlines_read(self.earlier(step), run) if step.reads_headlines else {},
            "words": dict(self._words_written(step)),
            "declarations": self._tables.declarations(used) | self._exhibits_of(step),
            "setting": {"python": PYTHON, "step": digest_of(repr(step))},
        }

    def _imported(self, step: Step, names: Iterable[str]) -> tuple[str, ...]:
        """Return what cells import, and the modules that adapt what a step loads: every table to
        the group, ranges to judgements.
        """
        ranges = study().ranges
        adapting = [study().groups, *([ranges] if ranges.taken_by(step) else [])]
        own = {type(one).__module__ for one in adapting}
        return tuple(sorted({*names, *filter(self._sources.is_ours, own)}))

    def _closure(
        self, imported: tuple[str, ...], without: tuple[str, ...] = ()
    ) -> tuple[dict[str, str], dict[str, str]]:
        if (imported, without) not in self._closures:
            modules, foreign = self._sources.closure(imported, without)
            self._closures[imported, without] = modules, versions_behind(sorted(foreign))
        return self._closures[imported, without]

    def _exhibits_of(self, step: Step) -> dict[str, str]:
        return {f"the exhibits of {step.stem}": tables_digest(step.stem, self._chapters)}

    @cached_property
    def nouns(self) -> str:
        """What stands for the table of nouns of groups."""
        return table_digest(self._package / "nouns.yaml")

    @cached_property
    def names(self) -> str:
        """What stands for the names that texts use: the nouns, and the glossary."""
        files = [self._package / "glossary.yaml", *sorted(self._chapters.glob("*/terms.yaml"))]
        return digest_of([self.nouns, *(checksum(path) for path in files if path.exists())])

    def _words_written(self, step: Step) -> Iterator[tuple[str, str]]:
        """Yield each message that the step writes into its tables and results, with a digest of its
        text in every language, whichever case is written; and the nouns that stand in them or in
        the report's plan.

        A file that is half saved is no reason to stop: the step is stale until it can be read.
        """
        if set(step.inputs) & set(study().groups.tables_in_words()):
            yield NOUNS, self.nouns
        if not step.words_written:
            return
        try:
            words = Words.of(self.root, step.name)
        except WordsFault as fault:
            yield f"in notebooks/words/{step.name}, which cannot be read,", digest_of(str(fault))
            return
        for slug in words.messages[LANGUAGES[0]]:
            if slug.startswith(step.words_written):
                yield slug, digest_of([message.cases for message in words[slug].values()])
                if any("" in message.placeholders().values() for message in words[slug].values()):
                    yield NOUNS, self.nouns

    def modules_behind(self, imported: Iterable[str]) -> Iterable[str]:
        """Return our modules that some imported names stand for or rest on."""
        return self._closure(tuple(sorted(imported)), LOOKS)[0]

    def digest_behind(self, *modules: str, without: tuple[str, ...] = ()) -> str:
        """Return what stands for some of our modules, all behind them and the libraries they
        import.
        """
        return digest_of([PYTHON, *self._closure(tuple(sorted(modules)), without)])

    def labels(self, exhibit: Exhibit) -> str:
        """Return what stands for the labels that an exhibit's chart writes, and the nouns in
        them.
        """
        return digest_of([checksum(labels_file(exhibit.charts, self._chapters)), self.names])

    def declared(self, tables: Iterable[str]) -> dict[str, str]:
        """Return the digests of the declarations of some result tables."""
        return {name: self._tables.digest(name) for name in tables}

    def libraries(self, parts: Iterable[Parts]) -> list[str]:
        """Return the libraries that the steps with these parts import before their first cell
        computes.
        """
        return self._sources.libraries(
            dict.fromkeys(module for own in parts for module in own["modules"])
        )

    def _said(
        self, cell: CodeCell, parameters: Iterable[str]
    ) -> tuple[str, list[str], list[str] | None]:
        """Return a cell's digest, imports and names read.

        Outside papermill's cell an assignment to a parameter's name is code like any other.
        """
        text, names = cell.source, sorted(parameters) if cell.sets_parameters else []

        def work_out() -> list[Any]:
            said = cell.said(names)
            read = names_read(said)
            return [code_digest(said), imports_of(said), None if read is None else sorted(read)]

        return tuple(self.remembered.of(f"cell {PYTHON} {digest_of([text, names])}", work_out))

    def earlier(self, step: Step) -> tuple[Step, ...]:
        """Return the steps declared before a step."""
        return self.steps[: self.steps.index(step)]

    def upstream(self, step: Step) -> tuple[Step, ...]:
        """Return the earlier steps whose tables or headline results a step reads, in their
        order.
        """
        return tuple(
            other
            for other in self.earlier(step)
            if step.reads_headlines or set(other.writes) & set(step.reads)
        )


def looks_besides(imported: Iterable[str]) -> tuple[str, ...]:
    """Return what draws and words exhibits, without what a notebook's own cells import of it.

    >>> looks_besides(["analysis.theme", "workbook"])
    ('workbook.words.binding', 'workbook.exhibits.pictures', 'workbook.words.labels')
    """
    names = tuple(f"{name}." for name in imported)
    return tuple(look for look in LOOKS if not any(name.startswith(f"{look}.") for name in names))


def code_cells(notebook: str) -> dict[str, CodeCell]:
    """Return a notebook's code cells by cell id, in order, papermill's own cell left out.

    papermill overrides the first cell tagged `parameters` and no other.

    >>> cell = {"cell_type": "code", "id": "a", "metadata": {}, "source": ["x = 1\\n", "x"]}
    >>> code_cells(json.dumps({"cells": [cell]}))
    {'a': CodeCell(source='x = 1\\nx', sets_parameters=False)}
    """
    return _code_cells(json.loads(notebook)["cells"])


def _code_cells(cells: Iterable[Mapping[str, Any]]) -> dict[str, CodeCell]:
    own = [
        cell
        for cell in cells
        if cell["cell_type"] == "code" and "injected-parameters" not in _tags(cell)
    ]
    first = next((place for place, cell in enumerate(own) if "parameters" in _tags(cell)), None)
    return {
        cell.get("id", f"cell {place + 1}"): CodeCell("".join(cell["source"]), place == first)
        for place, cell in enumerate(own)
    }


def said_by(cells: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return what each code cell of a notebook does, by cell id; values written out for parameters
    say nothing.

    >>> cell = {"cell_type": "code", "id": "a", "metadata": {"tags": ["parameters"]}}
    >>> said_by([{**cell, "source": "rate = 2"}]) == said_by([{**cell, "source": "rate = 3"}])
    True
    """
    return {name: said_by_cell(cell) for name, cell in _code_cells(cells).items()}


def said_by_cell(cell: CodeCell) -> str:
    """Return what a code cell does, as a digest; values written out for parameters say nothing."""
    return code_digest(cell.said())


def _tags(cell: Mapping[str, Any]) -> list[str]:
    return cell.get("metadata", {}).get("tags", [])


def cells_of(root: Path, step: Step) -> dict[str, CodeCell]:
    """Return a step's code cells as its notebook stands in the project, by cell id."""
    return code_cells((root / "notebooks" / f"{step.name}.ipynb").read_text(encoding="utf-8"))


def parameters_read(cells: Mapping[str, CodeCell], parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters that code cells, or the run itself, read: all of them where a cell is
    not plain Python.

    >>> cells = {
    ...     "parameters": CodeCell("rate = 2\\nyears = 5", True),
    ...     "compute": CodeCell("x = 10 * years"),
    ... }
    >>> parameters_read(cells, {"rate": 2, "years": 5, "group": "tama26"})
    {'years': 5, 'group': 'tama26'}
    """
    return _those_read([names_read(cell.source) for cell in cells.values()], parameters)


def _those_read(
    names: Sequence[Collection[str] | None], parameters: Mapping[str, Any]
) -> dict[str, Any]:
    known = [own for own in names if own is not None]
    read = study().groups.choices.union(*known) if len(known) == len(names) else None
    return {
        name: value
        for name, value in by_key(parameters).items()
        if read is None or name in read or study().ranges.name_in(name)
    }


def input_digest(package: DataPackage, name: str) -> str:
    """Return what stands for an input table: its declaration, whose it is, and its file's bytes."""
    path = package.path(name)
    return (
        digest_of([package.resource(name), package.is_local(name), checksum(path)])
        if path.exists()
        else ABSENT
    )


def tables_read(step: Step, run: Path) -> dict[str, str]:
    """Return what stands for each table that a step reads in a run's folder, as it is there now."""
    return {
        source.table: table_digest(run / "tables" / f"{source.table}.csv", source.columns)
        for source in step.sources
    }


def headlines_read(earlier: Iterable[Step], run: Path) -> dict[str, str]:
    """Return a digest of the headline results of each of these steps in a run's folder, as they are
    there now.
    """
    records = {step.name: run / "steps" / f"{step.name}.json" for step in earlier}
    return {
        name: _results_digest(path) if path.exists() else ABSENT for name, path in records.items()
    }


def _results_digest(record: Path) -> str:
    return digest_of(json.loads(record.read_text(encoding="utf-8"))["results"])


def table_digest(path: Path, columns: tuple[str, ...] = ()) -> str:
    """Return what stands for a result table: its file's bytes, or the cells of the columns that are
    read of it.
    """
    if not path.exists() or not columns:
        return checksum(path) if path.exists() else ABSENT
    return digest_of([[row.get(column) for column in columns] for row in plain_rows(path)])


def key_of(parts: Parts) -> str:
    """Return the key that stands for all parts; the names of cells are no part of it, their order
    is.
    """
    return digest_of({**parts, "cells": list(parts["cells"].values())})
