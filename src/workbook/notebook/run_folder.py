"""A run's folder: tables and records on disk, each written whole or not at all.

A headless step writes into a draft next to the folder's own files, which stay as they are until the
step has come to its end.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

import pandas as pd

from workbook.steps import writer_of
from workbook.study import study
from workbook.tables.data_package import TableFault
from workbook.tables.kept_tables import KeptTables
from workbook.tables.openness import mode_of_run
from workbook.tables.results import result_contracts
from workbook.tables.step_records import record_of, results_of, write_results
from workbook.whole_files import OPEN, json_text, write_whole


class RunFolder:
    """Reads and writes one ``runs/<id>`` folder.

    With a ``draft`` everything is written there, and the tables ``drafted``, those of the step at
    work, are read there and nowhere else: an older one of the run must not pass for what the step
    has yet to write.
    """

    def __init__(
        self, path: Path, draft: Path | None = None, drafted: Collection[str] = ()
    ) -> None:
        self.path, self._draft, self._drafted = path, draft, frozenset(drafted)
        self._kept = KeptTables()

    def table_path(self, name: str) -> Path:
        """Return the file of a result table."""
        folder = self._draft if self._draft and name in self._drafted else self.path
        return folder / "tables" / f"{name}.csv"

    def write_table(self, name: str, frame: pd.DataFrame, mode: int | None = None) -> pd.DataFrame:
        """Write a checked table and return it as a reader will get it.

        Without a ``mode`` the table rests on the whole run.
        """
        contract = result_contracts()[name]
        text = contract.text(frame)
        checked = contract.parse(text, f"tables/{name}.csv")
        write_whole(self.table_path(name), text, mode_of_run(self.path) if mode is None else mode)
        self._kept.keep(self.table_path(name), checked)
        return checked

    def read_table(self, name: str) -> pd.DataFrame:
        """Return a checked result table; one that is missing names the notebook that writes it."""
        path = self.table_path(name)
        if not path.exists():
            raise TableFault(
                f"the table {name!r} is not in runs/{self.path.name}: "
                f"run notebooks/{writer_of(name).name}.ipynb first, it writes this table"
            )
        return self._kept.read(
            path,
            lambda: result_contracts()[name].parse(
                path, f"runs/{self.path.name}/tables/{name}.csv"
            ),
        )

    def write_record(self, step: str, record: dict[str, Any], mode: int = OPEN) -> None:
        """Write what a step leaves besides its tables (results, inputs used); without a draft
        ``results.json`` is renewed.
        """
        write_whole((self._draft or self.path) / "steps" / f"{step}.json", json_text(record), mode)
        if not self._draft:
            write_results(self.path, study().steps)

    def record(self, step: str) -> dict[str, Any]:
        """Return what a step left, or an empty record."""
        return record_of(self.path, step)

    def results(self) -> list[dict[str, Any]]:
        """Return the headline results of all steps, in the order of the chapters."""
        return results_of(self.path, study().steps)
