"""The results of a sweep with their types and units, as Parquet: where pyarrow is there to write
it, which nothing here depends on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from workbook.choices.declaring import declared_sections
from workbook.study import study
from workbook.sweeping.tidy import plain

TYPES = {"run": "string", "id": "string", "unit": "string", "chapter": "Int64"}
NUMBERS = ("value", "low", "high")
UNITS = "units"  # what the units of columns are called in the file


def parquet(columns: list[str], rows: list[list[Any]], units: Mapping[str, str]) -> bytes | None:
    """Return the rows of `tidy.tidy_rows` as Parquet; None where pyarrow cannot be imported."""
    try:
        return typed(columns, rows, units).to_parquet(None, engine="pyarrow", index=False)
    except ImportError:
        return None


def typed(columns: list[str], rows: list[list[Any]], units: Mapping[str, str]) -> pd.DataFrame:
    """Return the rows of `tidy.tidy_rows` as a table: each column of one type, the numbers those of
    the CSV. ``attrs`` holds the unit of each parameter; a result names its own.

    >>> frame = typed(["run", "s.share", "value"], [["a", 0.5, 1], ["b", 1, None]], {})
    >>> frame.dtypes.astype(str).tolist()
    ['string', 'float64', 'float64']
    """
    each = {name: [row[place] for row in rows] for place, name in enumerate(columns)}
    frame = pd.DataFrame({name: _column(name, values) for name, values in each.items()})
    frame.attrs[UNITS] = {name: units[name] for name in columns if name in units}
    return frame


def _column(name: str, values: list[Any]) -> pd.Series:
    kinds = {type(value) for value in values if value is not None}
    if name in NUMBERS or (float in kinds and kinds <= {int, float}):
        return pd.Series([_rounded(value) for value in values], dtype="float64")
    if name not in TYPES and len(kinds) == 1 and kinds <= {int, bool}:
        return pd.Series(values, dtype="Int64" if kinds == {int} else "boolean")
    if TYPES.get(name, "string") != "string":
        return pd.Series(values, dtype=TYPES[name])
    texts = [None if value is None else plain(value) for value in values]
    return pd.Series(texts, dtype="string")


def _rounded(value: float | None) -> float | None:
    """A number as the CSV has it."""
    return None if value is None else float(plain(value))


def units_of(root: Path, keys: Iterable[str]) -> dict[str, str]:
    """Return the unit of each parameter, and of each input by its range."""
    ranges, units = study().ranges, dict[str, str]()
    inputs = _units_of_inputs(root) if ranges.table else {}
    for key in keys:
        if name := ranges.name_in(key):
            units[key] = inputs[name]
            continue
        section, _, name = key.partition(".")
        extra = declared_sections()[section].model_fields[name].json_schema_extra
        units[key] = str(extra["unit"]) if isinstance(extra, dict) else ""
    return units


def _units_of_inputs(root: Path) -> dict[str, str]:
    from workbook.tables.catalog import Catalog

    rows = Catalog(root).load(study().ranges.table)
    return dict(zip(rows["input"], rows["unit"].astype(str), strict=True))
