"""The facts of a finished run as a summary asks for them, read when they are asked for."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from workbook.report.finished_run import FinishedRun
from workbook.summary import Facts, Row
from workbook.tables.plain_rows import plain_rows

CODE = "code"  # a municipality's code is no number
_TRUTHS = {"True": True, "true": True, "False": False, "false": False, "": None}


def facts_of(run: FinishedRun) -> Facts:
    """Return the facts of a run; each table is read once."""
    results = {result["id"]: result for result in run.results}
    return Facts(results, run.parameters, cache(lambda table: _rows(run.folder, table)))


def _rows(folder: Path, table: str) -> tuple[Row, ...]:
    path = folder / "tables" / f"{table}.csv"
    if not path.is_file():
        return ()
    return tuple(
        {name: text if name == CODE else _value(text) for name, text in row.items()}
        for row in plain_rows(path)
    )


def _value(text: str) -> Any:
    """Return a cell as what it says: a truth, a number, nothing, or a text.

    >>> [_value(text) for text in ("", "true", "-1.5e3", "implied")]
    [None, True, -1500.0, 'implied']
    """
    if text in _TRUTHS:
        return _TRUTHS[text]
    try:
        return float(text)
    except ValueError:
        return text
