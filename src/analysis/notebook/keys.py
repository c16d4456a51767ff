"""What makes a step stale: everything its results rest on, part by part, so that a difference can be named.

A key is made of the syntax of the notebook's code cells and of every module they import from `analysis`, the bytes of the
tables read, the declarations of the tables used, the parameters that its cells read, the versions of the libraries behind those
modules, and Python's minor version. Comments, docstrings and prose are no part of it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from analysis.notebook import lineage, syntax
from analysis.notebook.data_package import DataPackage
from analysis.notebook.distributions import versions_behind
from analysis.notebook.lineage import DeclaredTables
from analysis.notebook.openness import NAMES
from analysis.notebook.steps import STEPS, Step
from analysis.notebook.syntax import PYTHON, SOURCES, Remembered, Sources, code_digest, imports_of, names_read
from analysis.notebook.whole_files import checksum, digest_of

ABSENT, DRAWN = "absent", "drawn"
READ_BY_THE_RUN = {"group", "baseline"}   # whatever its cells read: who is studied, and whether a researcher's own total is in use
Parts = dict[str, dict[str, Any]]


class Keys:
    """What the steps of one project folder rest on now."""

    def __init__(self, root: Path, steps: tuple[Step, ...] = STEPS, sources: Path = SOURCES, remembered: Remembered | None = None) -> None:
        self.root, self.steps, self._folder = root, steps, sources
        self.remembered = remembered or Remembered(root / "runs" / ".remembered.json", "-".join(checksum(Path(made.__file__))[:16] for made in (syntax, lineage)))
        self.package = DataPackage(root)
        self._sources = Sources(sources, self.remembered)
        self._closures: dict[tuple[str, ...], tuple[dict[str, str], dict[str, str]]] = {}

    def anew(self) -> Keys:
        """Return keys that look at every file once more: these have looked at modules and declarations once and for all."""
        return Keys(self.root, self.steps, self._folder, self.remembered)

    @cached_property
    def _tables(self) -> DeclaredTables:
        return DeclaredTables(self.remembered, self._folder / "analysis" / "notebook" / "tables")

    def parts(self, step: Step, parameters: Mapping[str, Any], run: Path, exhibits: bool = True) -> Parts:
        """Return what a step rests on when it runs in the folder ``run``, by kind and name.

        ``parameters`` are the step's own by name, with those of the whole study; one that no cell reads is no part of it.
        A table that an earlier step has yet to write is ``absent``. ``exhibits`` says whether they are drawn.
        """
        cells = {name: self._said(text, frozenset(parameters)) for name, text in cells_of(self.root, step).items()}
        modules, packages = self._closure(tuple(sorted({name for _, imported, _ in cells.values() for name in imported})))
        used = (*step.reads, *step.optional, *step.writes)
        inputs = {NAMES, *step.inputs, *self._tables.inputs_behind(used)} & set(self.package.resources)
        return {
            "cells": {name: digest for name, (digest, _, _) in cells.items()},
            "modules": modules, "packages": packages, "parameters": _those_read([names for _, _, names in cells.values()], parameters),
            "inputs": {name: self._input(name) for name in sorted(inputs)},
            "tables": {name: _checksum(run / "tables" / f"{name}.csv") for name in (*step.reads, *step.optional)},
            "headlines": dict(self._headlines(step, run)), "declarations": self._tables.declarations(used),
            "setting": {"python": PYTHON, "language": os.environ.get("WORKBOOK_LANG", "ja"),
                        "exhibits": DRAWN if exhibits else "left out", "step": digest_of(repr(step))},
        }

    def _closure(self, imported: tuple[str, ...]) -> tuple[dict[str, str], dict[str, str]]:
        if imported not in self._closures:
            modules, foreign = self._sources.closure(imported)
            self._closures[imported] = modules, versions_behind(sorted(foreign))
        return self._closures[imported]

    def libraries(self, parts: Iterable[Parts]) -> list[str]:
        """Return the libraries that the steps with these parts import before their first cell computes."""
        return self._sources.libraries(dict.fromkeys(module for own in parts for module in own["modules"]))

    def _said(self, text: str, parameters: frozenset[str]) -> tuple[str, list[str], list[str] | None]:
        """Return a cell's digest, imports and names read; what it sets a parameter to does not count, the run sets it again."""
        def work_out() -> list[Any]:
            names = names_read(text)
            return [code_digest(text, parameters), imports_of(text), None if names is None else sorted(names)]

        return tuple(self.remembered.of(f"cell {PYTHON} {digest_of([text, sorted(parameters)])}", work_out))

    def _input(self, name: str) -> str:
        path = self.package.path(name)
        return digest_of([self.package.resource(name), self.package.is_local(name), checksum(path)]) if path.exists() else ABSENT

    def _headlines(self, step: Step, run: Path) -> Iterator[tuple[str, str]]:
        """Yield each earlier step with a digest of its headline results, for a step that reads them."""
        for earlier in self.earlier(step) if step.reads_headlines else ():
            path = run / "steps" / f"{earlier.name}.json"
            yield earlier.name, digest_of(json.loads(path.read_text(encoding="utf-8"))["results"]) if path.exists() else ABSENT

    def earlier(self, step: Step) -> tuple[Step, ...]:
        """Return the steps declared before a step."""
        return self.steps[:self.steps.index(step)]

    def upstream(self, step: Step) -> tuple[Step, ...]:
        """Return the earlier steps whose tables or headline results a step reads, in their order."""
        return tuple(other for other in self.earlier(step) if step.reads_headlines or set(other.writes) & set(step.reads))


def code_cells(notebook: str) -> dict[str, str]:
    """Return the sources of a notebook's code cells by cell id, in order, papermill's own cell left out.

    >>> code_cells('{"cells": [{"cell_type": "code", "id": "a", "metadata": {}, "source": ["x = 1\\\\n", "x"]}]}')
    {'a': 'x = 1\\nx'}
    """
    cells = [cell for cell in json.loads(notebook)["cells"]
             if cell["cell_type"] == "code" and "injected-parameters" not in cell.get("metadata", {}).get("tags", [])]
    return {cell.get("id", f"cell {place}"): "".join(cell["source"]) for place, cell in enumerate(cells, 1)}


def cells_of(root: Path, step: Step) -> dict[str, str]:
    """Return the sources of a step's code cells as its notebook stands in the project, by cell id."""
    return code_cells((root / "notebooks" / f"{step.name}.ipynb").read_text(encoding="utf-8"))


def parameters_read(cells: Mapping[str, str], parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters that code cells, or the run itself, read: all of them where a cell is not plain Python.

    >>> parameters_read({"parameters": "rate = 2\\nyears = 5", "compute": "x = 10 * years"}, {"rate": 2, "years": 5, "group": "tama26"})
    {'years': 5, 'group': 'tama26'}
    """
    return _those_read([names_read(text) for text in cells.values()], parameters)


def _those_read(names: Sequence[Collection[str] | None], parameters: Mapping[str, Any]) -> dict[str, Any]:
    read = None if None in names else READ_BY_THE_RUN.union(*names)
    return {name: value for name, value in parameters.items() if read is None or name in read}


def _checksum(path: Path) -> str:
    return checksum(path) if path.exists() else ABSENT


def drawn(parts: Parts) -> Parts:
    """Return the parts of the same step run with its exhibits drawn: its tables and results are the same."""
    return {**parts, "setting": {**parts["setting"], "exhibits": DRAWN}}


def key_of(parts: Parts) -> str:
    """Return the key that stands for all parts; the names of cells are no part of it, their order is."""
    return digest_of({**parts, "cells": list(parts["cells"].values())})
