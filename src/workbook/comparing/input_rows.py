"""What differs of an input table between two runs, row by row, from the copies that they keep."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from workbook.running.kept_inputs import kept_input
from workbook.tables.data_package import DataPackage
from workbook.tables.plain_rows import plain_rows

Rows = list[dict[str, str]]


@dataclass(frozen=True)
class RowChange:
    """One value of an input table before and after: the row by its key, and the column.

    Where a whole row came or went there is no column, and the run that lacks it has None.
    """

    row: str
    column: str
    before: str | None
    after: str | None


def row_changes(before: Path, after: Path, table: str) -> list[RowChange]:
    """Return what differs of a table that two runs read, nothing where one of them keeps no copy:
    a researcher's own table is never copied.
    """
    kept = [kept_input(run, table) for run in (before, after)]
    if not all(path.exists() for path in kept):
        return []
    old, new = map(plain_rows, kept)
    key = _key(after, table)
    known = bool(old and new) and all(name in rows[0] for rows in (old, new) for name in key)
    return list(_by_key(old, new, key) if key and known else _whole_rows(old, new))


def _key(run: Path, table: str) -> tuple[str, ...]:
    """Return the columns by which the project around a run tells the rows of a table apart."""
    try:
        resource = DataPackage(run.parents[1]).resources.get(table, {})
    except OSError:  # the run was taken out of its project
        return ()
    declared = resource.get("schema", {}).get("primaryKey", ())
    return (declared,) if isinstance(declared, str) else tuple(declared)


def _by_key(old: Rows, new: Rows, key: tuple[str, ...]) -> Iterator[RowChange]:
    was, now = ({tuple(row[name] for name in key): row for row in rows} for rows in (old, new))
    for place in dict.fromkeys([*was, *now]):
        name, one, other = " ".join(place), was.get(place), now.get(place)
        if one is None or other is None:
            yield RowChange(name, "", _written(one), _written(other))
            continue
        for column in {**one, **other}:
            if one.get(column) != other.get(column):
                yield RowChange(name, column, one.get(column), other.get(column))


def _whole_rows(old: Rows, new: Rows) -> Iterator[RowChange]:
    """Yield the rows that only one of the runs read, however often, where nothing names them."""
    was, now = (Counter(filter(None, map(_written, rows))) for rows in (old, new))
    yield from (RowChange("", "", row, None) for row in (was - now).elements())
    yield from (RowChange("", "", None, row) for row in (now - was).elements())


def _written(row: dict[str, str] | None) -> str | None:
    return None if row is None else ", ".join(row.values())
