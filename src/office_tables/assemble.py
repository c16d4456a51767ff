"""From a mapped sheet to rows of the table: municipalities settled, numbers scaled, totals proved;
every fault at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import pandas as pd

from office_tables.fields import Assignment, Hints, Measure
from office_tables.label_totals import Records, without_label_totals
from office_tables.layout import Layout
from office_tables.local_codes import PREFECTURES
from office_tables.municipalities import (
    CITY_CODES,
    CITY_WARD,
    MunicipalityRows,
    Register,
    city_of_ward,
)
from office_tables.names import MEAN, TOTAL_WORDS, bare_name, without_prefix
from office_tables.sheet import Sheet
from office_tables.values import ReadRow, RowValues, Scale
from workbook.choices.faults import Fault
from workbook.study import study
from workbook.tables.contracts import Contract


@dataclass(frozen=True)
class Check:
    """A row of totals against the municipalities it adds up: ``says`` and ``adds`` are None where a
    member gives no number.
    """

    line: ReadRow
    members: str
    says: Decimal | None
    adds: Decimal | None
    agrees: bool | None


def check_totals(lines: Sequence[ReadRow]) -> Iterator[Check]:
    """Yield a check for each row of totals and each column: against the municipalities that it may
    stand for.

    A grand total and a prefecture say whom they cover. A county, islands or a subtotal cover their
    neighbours: the rows before or after them; either may agree. Sums may differ by what rounding
    explains: half of the last place, row by row.
    """
    municipalities = [line for line in lines if not line.why]
    for line in lines:
        if not line.why or MEAN.search(bare_name(line.label)):
            continue
        candidates = {
            name: [m for m in members if _about_the_same(line, m)]
            for name, members in _covered(line, lines, municipalities).items()
        }
        candidates = {name: members for name, members in candidates.items() if members}
        for place, value in enumerate(line.values):
            if value.number is not None and candidates:
                checks = [
                    _checked(line, name, members, place) for name, members in candidates.items()
                ]
                yield next(
                    (c for c in checks if c.agrees),
                    next((c for c in checks if c.agrees is None), checks[0]),
                )


def _about_the_same(total: ReadRow, member: ReadRow) -> bool:
    """Say whether a total covers a row of a long table: what the total leaves blank (a year, a
    label) it adds up.
    """
    return all(own in ("", theirs) for own, theirs in zip(total.about, member.about, strict=True))


def _checked(line: ReadRow, name: str, members: Sequence[ReadRow], place: int) -> Check:
    says, parts = line.values[place], [member.values[place] for member in members]
    if any(part.number is None and part.missing not in ("none",) for part in parts):
        return Check(line, name, says.number, None, None)
    adds = sum((part.number or Decimal(0) for part in parts), Decimal(0))
    slack = says.step + sum((part.step for part in parts), Decimal(0))
    return Check(line, name, says.number, adds, abs(adds - says.number) <= slack)


def _covered(
    line: ReadRow, lines: Sequence[ReadRow], municipalities: Sequence[ReadRow]
) -> dict[str, list[ReadRow]]:
    """Return the sets of municipalities that a row of totals may add up, by what they are called; a
    ward adds up to no one.
    """
    label = bare_name(line.label)
    if line.why == CITY_WARD:
        return {}
    land = line.prefecture if line.code or line.prefecture in PREFECTURES else ""
    if label.removesuffix("計") in PREFECTURES or (line.code and line.code[2:5] == "000"):
        land = (
            line.code[:2] if line.code else f"{PREFECTURES.index(label.removesuffix('計')) + 1:02d}"
        )
        return {
            "municipalities of the prefecture": [b for b in municipalities if b.code[:2] == land]
        }
    for group in study().groups.together():
        if line.code[:5] == group.code or label.startswith(group.label):
            return {group.called: [one for one in municipalities if group.holds(one.code)]}
    if TOTAL_WORDS.match(label) and not land:
        return {
            "all municipalities": list(municipalities),
            "rows since the last total": _neighbours(line, lines, -1),
        }
    return {
        "rows before": _neighbours(line, lines, -1),
        "rows after": _neighbours(line, lines, 1),
        "all municipalities": list(municipalities),
    }


def _neighbours(line: ReadRow, lines: Sequence[ReadRow], step: int) -> list[ReadRow]:
    here, found = lines.index(line) + step, []
    while 0 <= here < len(lines) and (not lines[here].why or lines[here].why == CITY_WARD):
        if not lines[here].why:
            found.append(lines[here])
        here += step
    return found


@dataclass
class Assembled:
    """The rows of the table, and everything that was left out or noticed on the way."""

    frame: pd.DataFrame = field(default_factory=pd.DataFrame)
    lines: list[ReadRow] = field(default_factory=list)
    scales: list[Scale] = field(default_factory=list)
    # cell, municipality, column, kind of mark
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
    municipalities, values = (
        MunicipalityRows(sheet, layout, register),
        RowValues(sheet, layout, mapping, contract, hints),
    )
    rows = list(municipalities.settled())
    if municipalities.faults or values.faults:
        return Assembled(
            remarks=municipalities.remarks, faults=[*municipalities.faults, *values.faults]
        )
    records = [record for row in rows for record in values.records(row)]
    records, remarks, wrong = without_label_totals(records, contract, values)
    checks = list(check_totals(values.lines))
    proved = [
        *([] if accept_totals else _totals_that_differ(sheet, checks)),
        *_wards_without_city(sheet, values.lines),
        *_columns_that_differ(values, mapping),
    ]
    faults = [*values.faults, *proved, *wrong, *_repeated(sheet, contract, records, values.lines)]
    if not records and not faults:
        faults.append(
            sheet.fault(
                None, "holds no row that the table could take", "see what was left out, and why"
            )
        )
    frame = pd.DataFrame() if faults else _frame(contract, records)
    remarks = [*municipalities.remarks, *remarks]
    return Assembled(frame, values.lines, values.scales, values.missing, checks, remarks, faults)


def _frame(contract: Contract, records: Records) -> pd.DataFrame:
    frame = pd.DataFrame(records).reindex(columns=contract.columns)
    return frame.map(lambda value: format(value, "f") if isinstance(value, Decimal) else value)


def _totals_that_differ(sheet: Sheet, checks: Sequence[Check]) -> Iterator[Fault]:
    for check in checks:
        if check.agrees is False:
            yield sheet.fault(
                check.line.place + 1,
                f"says {check.says:,f}, but its municipalities ({check.members}) add up to"
                f" {check.adds:,f}",
                "a municipality may be missing, or a number wrong; put it right, or take the"
                " municipalities as they are with --accept-totals",
                check.line.label,
            )


def _wards_without_city(sheet: Sheet, lines: Sequence[ReadRow]) -> Iterator[Fault]:
    """Yield wards that are left out though no city counts their people."""
    municipalities = {line.code for line in lines if not line.why}
    named = [bare_name(line.label) for line in lines if not line.why]
    for line in lines:
        if line.why == CITY_WARD and not _has_its_city(line, municipalities, named):
            yield sheet.fault(
                line.place + 1,
                "is a ward of a designated city that is not in the file",
                "add the row of the city",
                line.label,
            )


def _has_its_city(ward: ReadRow, municipalities: set[str], names: Sequence[str]) -> bool:
    """Say whether the designated city of a ward is among the municipalities: by code where there is
    one, else by name.
    """
    if not ward.code:
        return bool(city_of_ward(without_prefix(bare_name(ward.label))[1], names))
    local = max(city for city in CITY_CODES if city <= ward.code[2:5])
    return any(code[:5] == ward.code[:2] + local for code in municipalities)


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
    sheet: Sheet,
    contract: Contract,
    records: Sequence[Mapping[str, object]],
    lines: Sequence[ReadRow],
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
