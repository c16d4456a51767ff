"""From a mapped sheet to rows of the table: bodies settled, numbers scaled, totals proved; every
fault at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import pandas as pd

from office_tables.assignment import Assignment, Hints, Measure
from office_tables.bodies import CITY_CODES, PLACES, Register, city_of_ward
from office_tables.layout import Layout
from office_tables.names import bare_name, without_prefix
from office_tables.row_bodies import RowBodies
from office_tables.row_values import RowValues
from office_tables.sheet import Sheet
from office_tables.totals import Check, Line, check_totals
from office_tables.values import Scale
from workbook.choices.faults import Fault
from workbook.tables.contracts import Contract

Records = list[dict[str, object]]


@dataclass
class Assembled:
    """The rows of the table, and everything that was left out or noticed on the way."""

    frame: pd.DataFrame = field(default_factory=pd.DataFrame)
    lines: list[Line] = field(default_factory=list)
    scales: list[Scale] = field(default_factory=list)
    # cell, body, column, kind of mark
    missing: list[tuple[str, str, str, str]] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def assemble(
    sheet: Sheet,
    layout: Layout,
    mapping: Assignment,
    contract: Contract,
    register: Register,
    hints: Hints,
    accept_totals: bool = False,
) -> Assembled:
    """Return the rows that a sheet gives for a table; what cannot be settled stands in
    ``faults``.
    """
    bodies, values = (
        RowBodies(sheet, layout, register),
        RowValues(sheet, layout, mapping, contract, hints),
    )
    rows = list(bodies.settled())
    if bodies.faults or values.faults:
        return Assembled(remarks=bodies.remarks, faults=[*bodies.faults, *values.faults])
    records = [record for row in rows for record in values.records(row)]
    checks = list(check_totals(values.lines))
    proved = [
        *([] if accept_totals else _totals_that_differ(sheet, checks)),
        *_wards_without_city(sheet, values.lines),
        *_columns_that_differ(values, mapping),
    ]
    faults = [*values.faults, *proved, *_repeated(sheet, contract, records, values.lines)]
    if not records and not faults:
        faults.append(
            sheet.fault(
                None, "holds no row that the table could take", "see what was left out, and why"
            )
        )
    frame = pd.DataFrame() if faults else _frame(contract, records)
    return Assembled(
        frame, values.lines, values.scales, values.missing, checks, bodies.remarks, faults
    )


def _frame(contract: Contract, records: Records) -> pd.DataFrame:
    frame = pd.DataFrame(records).reindex(columns=contract.columns)
    return frame.map(lambda value: format(value, "f") if isinstance(value, Decimal) else value)


def _totals_that_differ(sheet: Sheet, checks: Sequence[Check]) -> Iterator[Fault]:
    for check in checks:
        if check.agrees is False:
            yield sheet.fault(
                check.line.place + 1,
                f"says {check.says:,f}, but its bodies ({check.members}) add up to {check.adds:,f}",
                "a body may be missing, or a number wrong; put it right, or take the bodies as they"
                " are with --accept-totals",
                check.line.label,
            )


def _wards_without_city(sheet: Sheet, lines: Sequence[Line]) -> Iterator[Fault]:
    """Yield wards that are left out though no city counts their people."""
    bodies = {line.code for line in lines if not line.why}
    named = [bare_name(line.label) for line in lines if not line.why]
    for line in lines:
        if line.why == PLACES["city_ward"] and not _has_its_city(line, bodies, named):
            yield sheet.fault(
                line.place + 1,
                "is a ward of a designated city that is not in the file",
                "add the row of the city",
                line.label,
            )


def _has_its_city(ward: Line, bodies: set[str], names: Sequence[str]) -> bool:
    """Say whether the designated city of a ward is among the bodies: by code where there is one,
    else by name.
    """
    if not ward.code:
        return bool(city_of_ward(without_prefix(bare_name(ward.label))[1], names))
    local = max(city for city in CITY_CODES if city <= ward.code[2:5])
    return any(code[:5] == ward.code[:2] + local for code in bodies)


def _columns_that_differ(values: RowValues, mapping: Assignment) -> Iterator[Fault]:
    """Hold every column that adds up others, whether kept or left out, to their sum, row by row."""
    for total in mapping.totals:
        yield from _sums_that_differ(
            values,
            total,
            [
                m
                for m in mapping.measures
                if all(m.about.get(n) == v for n, v in total.about.items())
            ],
        )
    for measure in mapping.measures:
        parts = mapping.parts.get(measure.column.place, [])
        if len(parts) > 1:
            yield from _sums_that_differ(values, measure, parts)


def _sums_that_differ(
    values: RowValues, total: Measure, parts: Sequence[Measure]
) -> Iterator[Fault]:
    scales = [values.scale(measure) for measure in (total, *parts)]
    for line in values.lines:
        row = values.sheet.rows[line.place]
        says, *cells = (
            values.value(row[m.column.place], m, s)
            for m, s in zip((total, *parts), scales, strict=True)
        )
        if (
            not parts
            or says.number is None
            or any(v.number is None and v.missing != "none" for v in cells)
        ):
            continue
        adds = sum((v.number or Decimal(0) for v in cells), Decimal(0))
        if abs(adds - says.number) > says.step + sum((v.step for v in cells), Decimal(0)):
            yield values.sheet.fault(
                row[total.column.place],
                f"is not the sum of its columns, {adds:,f}",
                "put the row right",
                total.column.heading,
            )


def _repeated(
    sheet: Sheet, contract: Contract, records: Sequence[Mapping[str, object]], lines: Sequence[Line]
) -> Iterator[Fault]:
    keys = Counter(tuple(str(record.get(name)) for name in contract.key) for record in records)
    for key, times in keys.items():
        if times > 1:
            rows = (
                [line.place + 1 for line in lines if not line.why and line.code == key[0]]
                if contract.key[:1] == ("code",)
                else []
            )
            yield sheet.fault(
                None,
                f"gives {times} rows for {', '.join(key)} (rows"
                f" {', '.join(map(str, rows)) or '?'})",
                "keep one of them",
                "repeated",
            )
