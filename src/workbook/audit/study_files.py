"""What the proofs look at: the files of a study and the records of one finished run, each read
once.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from workbook.audit.programs import Program, programs_of
from workbook.study import study
from workbook.tables.data_package import DataPackage


class StudyFiles:
    """A study's folder and one of its runs; a file that is not there reads as empty, so that a
    proof can say so.
    """

    def __init__(self, root: Path, run: Path) -> None:
        self.root, self.run = root, run
        self.package = DataPackage(root)

    def text(self, name: str) -> str:
        """Return a file's text, '' where there is none."""
        path = self.root / name
        return path.read_text(encoding="utf-8") if path.is_file() else ""

    def there(self, *names: str) -> list[str]:
        """Return those of some paths that exist."""
        return [name for name in names if (self.root / name).exists()]

    def there_in_run(self, name: str) -> bool:
        """Say whether the run has a file."""
        return (self.run / name).is_file()

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """The run's manifest, empty where there is none."""
        path = self.run / "manifest.json"
        return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}

    @cached_property
    def has_package(self) -> bool:
        """Whether the study declares its data."""
        return (self.root / "data" / "datapackage.json").is_file()

    @cached_property
    def resources(self) -> dict[str, dict[str, Any]]:
        """The declared tables, none where there is no data package."""
        return self.package.resources if self.has_package else {}

    @cached_property
    def frames(self) -> dict[str, pd.DataFrame]:
        """Every input table that is there and has its declared columns; `workbook check` says what
        is wrong with others.
        """
        read = {
            name: _read(self.package.path(name))
            for name in self.resources
            if self.package.has(name)
        }
        whole = {
            name: frame
            for name, frame in read.items()
            if list(frame) == [field["name"] for field in self.resources[name]["schema"]["fields"]]
        }
        ranges = study().ranges
        if {ranges.table, ranges.judgements} <= set(whole):
            whole[ranges.table] = ranges.judged(whole[ranges.table], whole[ranges.judgements])
        return whole

    def results(self, name: str) -> list[dict[str, Any]]:
        """Return the rows of a result table of the run, none where the run has no such table."""
        path = self.run / "tables" / f"{name}.csv"
        return (
            pd.read_csv(path, keep_default_na=False, na_values=[""], encoding="utf-8").to_dict(
                "records"
            )
            if path.is_file()
            else []
        )

    @cached_property
    def programs(self) -> tuple[Program, ...]:
        """Every exhibit that the run shows, with the program that makes it."""
        return tuple(programs_of(self.run))

    @cached_property
    def notebook_cells(self) -> list[tuple[str, dict[str, Any]]]:
        """Every code cell of the source notebooks, with its notebook's name."""
        paths = sorted((self.root / "notebooks").glob("*.ipynb"))
        return [
            (path.stem, cell)
            for path in paths
            for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
            if cell["cell_type"] == "code"
        ]

    @cached_property
    def modules(self) -> dict[str, str]:
        """The source of every module that a chapter's author meets: the study's, and those of the
        workbook that a notebook rests on.
        """
        source = self.root / "src"
        folders = (study().package, "workbook/choices", "workbook/notebook", "workbook/tables")
        paths = sorted(path for name in folders for path in source.joinpath(name).rglob("*.py"))
        return {
            path.relative_to(source).as_posix(): path.read_text(encoding="utf-8") for path in paths
        }

    @cached_property
    def public(self) -> list[tuple[str, ast.FunctionDef | ast.ClassDef]]:
        """Each public function, class and method of those modules, with its module."""
        return list(self._public())

    def _public(self) -> Iterator[tuple[str, ast.FunctionDef | ast.ClassDef]]:
        for name, text in self.modules.items():
            for node in ast.parse(text).body:
                if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith(
                    "_"
                ):
                    yield name, node
                    if isinstance(node, ast.ClassDef):
                        yield from (
                            (name, part)
                            for part in node.body
                            if isinstance(part, ast.FunctionDef)
                            and not part.name.startswith("_")
                            and not _declared_only(part)
                        )


def _read(path: Path) -> pd.DataFrame:
    try:
        return pd.read_csv(
            path, dtype={"code": "str"}, keep_default_na=False, na_values=[""], encoding="utf-8-sig"
        )
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError):
        return pd.DataFrame()


def _declared_only(function: ast.FunctionDef) -> bool:
    """Say whether a method only stands for those of others (the body is ``...``): its protocol says
    what they do.
    """
    return (
        len(function.body) == 1
        and isinstance(function.body[0], ast.Expr)
        and isinstance(function.body[0].value, ast.Constant)
        and function.body[0].value.value is Ellipsis
    )
