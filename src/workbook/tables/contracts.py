"""What a table promises: columns, types, units, ranges and key, declared once as Table Schema and
checked by pandera.

Input tables are declared in ``data/datapackage.json``, results in each chapter's ``tables.yaml``.
A frame is checked when it is written and when it is read; every fault is named at once.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from workbook.steps import Source
from workbook.tables.data_package import TableFault
from workbook.units import require_unit

if TYPE_CHECKING:
    import pandera.pandas as pa

SIGNIFICANT = "%.12g"
REPEATED = "multiple_fields_uniqueness"  # what pandera calls a key that stands twice
_TYPES = {
    "string": "str",
    "date": "str",
    "any": "str",
    "number": "float64",
    "integer": "int64",
    "boolean": "bool",
}


@dataclass(frozen=True)
class Field:
    """One column: its type and unit, its title in both languages, what it may hold."""

    name: str
    type: str
    unit: str
    title: dict[str, str]
    nullable: bool
    labels: dict[str, dict[str, str]]
    limits: dict[str, Any]
    hidden: bool  # in the file, but not among the columns that the page shows
    optional: bool = False  # some groups do without it
    # what the column alone is carried from, where that is less than what its table rests on
    sources: tuple[Source, ...] = ()

    @classmethod
    def declared(cls, entry: dict[str, Any]) -> Field:
        """Return the field that a Table Schema entry declares; an unknown unit or type is
        refused.
        """
        constraints = {**entry, **entry.get("constraints", {})}
        title = entry["title"]
        titles = (
            title if isinstance(title, dict) else {"en": title, "ja": entry.get("title_ja", title)}
        )
        if entry["type"] not in _TYPES:
            raise TableFault(f"column {entry['name']}: unknown type {entry['type']!r}")
        nullable = (
            entry["nullable"]
            if "nullable" in entry
            else not constraints.get("required", "constraints" not in entry)
        )
        limits = {
            k: constraints[k] for k in ("minimum", "maximum", "enum", "pattern") if k in constraints
        }
        return cls(
            entry["name"],
            entry["type"],
            require_unit(entry["unit"]),
            titles,
            nullable,
            entry.get("labels", {}),
            limits,
            entry.get("hidden", False),
            entry.get("optional", False),
            tuple(map(Source.declared, entry.get("from", ()))),
        )

    @property
    def dtype(self) -> str:
        """The pandas type of the column in memory."""
        return "Int64" if self.type == "integer" and self.nullable else _TYPES[self.type]

    @property
    def constrained(self) -> bool:
        """Whether more is declared than `_cast` makes sure of: it sees to types, and to blanks
        among numbers.
        """
        return bool(self.limits) or (self.dtype == "str" and not self.nullable)

    def column(self) -> pa.Column:
        """Return the pandera column that holds this field's values, typed already, to the rest of
        the declaration.
        """
        import pandera.pandas as pa  # here: who only reads titles and labels need not wait for it

        checks = [pa.Check.ge(self.limits["minimum"])] if "minimum" in self.limits else []
        if "maximum" in self.limits:
            checks.append(pa.Check.le(self.limits["maximum"]))
        if "enum" in self.limits:
            checks.append(pa.Check.isin(self.limits["enum"]))
        if "pattern" in self.limits:
            checks.append(pa.Check.str_matches(f"^(?:{self.limits['pattern']})$"))
        return pa.Column(checks=checks, nullable=self.nullable, required=not self.optional)


@dataclass(frozen=True)
class Lineage:
    """How a table is made (``input``, ``carried``, ``arithmetic`` or ``model``) and which tables it
    rests on.
    """

    how: str = "input"
    sources: tuple[Source, ...] = ()

    @classmethod
    def declared(cls, entry: dict[str, Any]) -> Lineage:
        """Return the lineage that an entry declares with ``how`` and ``from``."""
        return cls(entry["how"], tuple(map(Source.declared, entry["from"])))

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of the tables it rests on."""
        return tuple(source.table for source in self.sources)


@dataclass(frozen=True)
class Contract:
    """A table's declaration; ``given`` pairs a local table with the lineage that counts where it is
    there.
    """

    name: str
    title: dict[str, str]
    description: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    made: Lineage = Lineage()
    given: tuple[tuple[str, Lineage], ...] = ()

    @classmethod
    def of_result(cls, entry: dict[str, Any]) -> Contract:
        """Return the contract of a result table from its YAML entry; a ``given`` that does not rest
        on its table is refused.
        """
        given = tuple(
            (table, Lineage.declared(other)) for table, other in entry.get("given", {}).items()
        )
        for table, lineage in given:
            if table not in lineage.tables:
                raise TableFault(f"{entry['name']}: given {table!r}, but it does not rest on it")
        return cls(
            entry["name"],
            entry["title"],
            entry["description"],
            tuple(map(Field.declared, entry["fields"])),
            tuple(entry["key"]),
            Lineage.declared(entry),
            given,
        )

    @property
    def sources(self) -> tuple[Source, ...]:
        """Every source of any lineage."""
        return tuple(
            source
            for lineage in (self.made, *(other for _, other in self.given))
            for source in lineage.sources
        )

    def lineage(self, present: Callable[[str], bool], columns: tuple[str, ...] = ()) -> Lineage:
        """Return the lineage that counts, ``present`` saying which local tables are there.

        Of some ``columns`` it is their own, where each of them has one.
        """
        own = [field.sources for field in self.fields if field.name in columns]
        if own and all(own):
            return Lineage(
                "carried", tuple(dict.fromkeys(source for sources in own for source in sources))
            )
        return next((lineage for table, lineage in self.given if present(table)), self.made)

    @classmethod
    def of_input(cls, resource: dict[str, Any]) -> Contract:
        """Return the contract of an input table from its resource in the data package."""
        schema = resource["schema"]
        key = schema.get("primaryKey", [])
        titles = {"en": resource["title"], "ja": resource.get("title_ja", resource["title"])}
        return cls(
            resource["name"],
            titles,
            resource["description"],
            tuple(map(Field.declared, schema["fields"])),
            (key,) if isinstance(key, str) else tuple(key),
        )

    @cached_property
    def columns(self) -> list[str]:
        """Column names in their declared order."""
        return [field.name for field in self.fields]

    @cached_property
    def schema(self) -> pa.DataFrameSchema:
        """What a typed frame is still held to: ranges, words, patterns, blanks among texts, and the
        key.
        """
        import pandera.pandas as pa

        return pa.DataFrameSchema(
            {f.name: f.column() for f in self.fields if f.constrained},
            unique=list(self.key) or None,
        )

    def _checked(self, frame: pd.DataFrame, where: str) -> pd.DataFrame:
        from pandera.errors import SchemaErrors

        try:
            return self.schema.validate(frame, lazy=True, inplace=True)
        except SchemaErrors as faults:
            cases = faults.failure_cases.to_dict("records")
            lines = sorted({self._fault(case, frame) for case in cases})
            raise TableFault(f"{where or self.name}: " + "; ".join(lines[:20])) from None

    def _fault(self, case: dict[str, Any], frame: pd.DataFrame) -> str:
        row = "" if pd.isna(case["index"]) else f" row {int(case['index']) + 2}"
        if case["check"] == REPEATED:
            key, own = " and ".join(self.key), frame.loc[case["index"], list(self.key)]
            values = ", ".join(map(str, own))
            return f"{row.strip()}: {values}: the same {key} as in another row; keep one of them"
        return (
            f"column {case['column']}{row}: value {case['failure_case']!r} breaks {case['check']}"
        )

    def parse(self, text: str | Path, where: str = "") -> pd.DataFrame:
        """Return the frame that a CSV holds, typed and checked; a header that differs is refused by
        name.
        """
        raw = _read(text, where or self.name)
        if list(raw.columns) != self._present(raw.columns):
            raise TableFault(
                f"{where or self.name}: columns {list(raw.columns)}, declared {self.columns}"
            )
        return self._checked(self._typed(raw, where), where)

    def _typed(self, raw: pd.DataFrame, where: str) -> pd.DataFrame:
        faults, columns = [], {}
        for field in self.fields:
            if field.name not in raw:
                continue
            try:
                columns[field.name] = _cast(raw[field.name], field)
            except (ValueError, TypeError) as fault:
                faults.append(f"column {field.name}: {fault}")
        if faults:
            raise TableFault(f"{where or self.name}: " + "; ".join(faults))
        return pd.DataFrame(columns, index=raw.index)

    def _present(self, columns: Iterable[str]) -> list[str]:
        """The declared columns, without optional ones that are not among ``columns``."""
        return [
            field.name for field in self.fields if not field.optional or field.name in set(columns)
        ]

    def text(self, frame: pd.DataFrame) -> str:
        """Return the CSV of a frame: declared columns, ordered by key, 12 significant digits, plain
        line ends.
        """
        present = self._present(frame.columns)
        missing, extra = set(present) - set(frame.columns), set(frame.columns) - set(present)
        if missing or extra:
            raise TableFault(
                f"{self.name}: missing columns {sorted(missing)}, undeclared columns"
                f" {sorted(extra)}"
            )
        ordered = (
            frame[present].sort_values(list(self.key), kind="stable")
            if self.key
            else frame[present]
        )
        plain = {
            f.name: _plain(ordered[f.name], f.type)
            for f in self.fields
            if f.name in frame and f.type in ("boolean", "integer")
        }
        return ordered.assign(**plain).to_csv(
            index=False, float_format=SIGNIFICANT, lineterminator="\n"
        )


def _plain(values: pd.Series, kind: str) -> pd.Series:
    """Whole numbers without a decimal point (pandas turns them into floats where one is blank),
    booleans in small letters.
    """
    return (
        values.map({True: "true", False: "false"}) if kind == "boolean" else values.astype("Int64")
    )


def _read(text: str | Path, where: str) -> pd.DataFrame:
    """Return a CSV's cells as text; a file of another encoding, cut off or with cells beyond its
    header is refused.

    The trap: pandas takes the first column for an index where every row has a cell too many, and
    shifts all others.
    """
    source = io.StringIO(text) if isinstance(text, str) else text
    try:
        raw = pd.read_csv(
            source, dtype="str", keep_default_na=False, na_values=[""], encoding="utf-8-sig"
        )
    except UnicodeDecodeError as fault:
        raise TableFault(
            f"{where}: byte {fault.start + 1} is not UTF-8; save the file as UTF-8, or take it in"
            " with `workbook intake`"
        ) from None
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as fault:
        raise TableFault(
            f"{where}: is no whole table ({str(fault).strip()}); a file that was cut off must be"
            " fetched again"
        ) from None
    if not isinstance(raw.index, pd.RangeIndex):
        raise TableFault(
            f"{where}: its rows have more cells than its header has columns; take out what stands"
            " behind the last column"
        )
    return raw


def _cast(values: pd.Series, field: Field) -> pd.Series:
    if field.type == "boolean":
        unknown = sorted(set(values.dropna()) - {"true", "false"})
        if unknown or values.isna().any():
            raise ValueError(f"not true or false: {unknown or 'blank'}")
        return values == "true"
    return _numbers(values, field) if field.type in ("number", "integer") else values


def _numbers(values: pd.Series, field: Field) -> pd.Series:
    numbers = pd.to_numeric(values.to_numpy(), errors="coerce")
    blank, finite = values.isna().to_numpy(), np.isfinite(numbers)
    if (bad := ~finite & ~blank).any():
        raise ValueError(
            ", ".join(f"row {i + 2} value {v!r} is not a number" for i, v in values[bad].items())
        )
    # pandas would cut them off without a word
    if field.type == "integer" and (parts := finite & (numbers % 1 != 0)).any():
        raise ValueError(
            ", ".join(
                f"row {i + 2} value {v!r} is not a whole number" for i, v in values[parts].items()
            )
        )
    if blank.any() and not field.nullable:
        raise ValueError(f"blank in row {', '.join(str(i + 2) for i in values.index[blank][:10])}")
    return pd.Series(numbers, values.index).astype(field.dtype)
