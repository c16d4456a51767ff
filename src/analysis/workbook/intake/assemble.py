"""From a mapped sheet to rows of the table: bodies settled, numbers scaled, totals proved; every fault at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import pandas as pd

from analysis.notebook.contracts import Contract
from analysis.workbook.intake.bodies import CITY_CODES, Register, city_of_ward, code_by_name, digits, full_code, kind_of_code, reading_of_codes
from analysis.workbook.intake.fields import Wanted, label_in, time_in, wanted_fields
from analysis.workbook.intake.layout import Layout
from analysis.workbook.intake.mapping import Assignment, Hints, Measure
from analysis.workbook.intake.names import PREFECTURES, bare_name, is_subtotal, without_prefix
from analysis.workbook.intake.numbers import UNITS, units_in
from analysis.workbook.intake.sheet import Cell, Sheet
from analysis.workbook.intake.totals import Check, Line, check_totals
from analysis.workbook.intake.values import Scale, Value, scale_of, value_of
from analysis.workbook.intake.years import period_of
from analysis.workbook.params.faults import Fault

KIND_OF_LABEL = {"JPY": "money", "person": "person", "share": "share", "household": "household"}
PLACES = {"prefecture": "a prefecture", "wards": "the special wards together", "city_ward": "a ward of a designated city"}


@dataclass
class Assembled:
    """The rows of the table, and everything that was left out or noticed on the way."""

    frame: pd.DataFrame = field(default_factory=pd.DataFrame)
    lines: list[Line] = field(default_factory=list)
    scales: list[Scale] = field(default_factory=list)
    missing: list[tuple[str, str, str, str]] = field(default_factory=list)   # cell, body, column, kind of mark
    checks: list[Check] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def assemble(sheet: Sheet, layout: Layout, mapping: Assignment, contract: Contract, register: Register, hints: Hints,
             accept_totals: bool = False) -> Assembled:
    """Return the rows that a sheet gives for a table; what cannot be settled stands in ``faults``."""
    return _Assembler(sheet, layout, mapping, contract, register, hints, accept_totals).assembled()


class _Assembler:
    def __init__(self, sheet: Sheet, layout: Layout, mapping: Assignment, contract: Contract, register: Register, hints: Hints,
                 accept_totals: bool) -> None:
        self.sheet, self.layout, self.mapping, self.contract = sheet, layout, mapping, contract
        self.register, self.hints, self.accept_totals = register, hints, accept_totals
        self.wanted = {w.name: w for w in wanted_fields(contract)}
        self.out = Assembled()

    def assembled(self) -> Assembled:
        bodies = list(self._bodies())
        self.out.scales = [self._scale(measure) for measure in self.mapping.measures]
        if self.out.faults:
            return self.out
        records: list[dict[str, object]] = []
        for place, label, code, prefecture, why in bodies:
            records += self._row(place, label, code, prefecture, why)
        self._prove_totals()
        self._refuse_repetition(records)
        self._finish(records)
        return self.out

    # -- who -------------------------------------------------------------------------------------------------------

    def _cell(self, place: int, column: int) -> Cell | None:
        return self.sheet.rows[place][column] if column >= 0 else None

    def _bodies(self) -> Iterator[tuple[int, str, str, str, str]]:
        """Yield (row, label, code, prefecture, why left out) of each row of figures."""
        rows = self.layout.body
        codes = [(i, digits(self._cell(i, self.layout.code).text)) for i in rows if self.layout.code >= 0]
        written = [(i, code) for i, code in codes if code and code.strip("0")]
        reading = reading_of_codes([code for _, code in written], [self._prefecture(i) for i, _ in written]) if written else "six"
        if written and not reading:
            self.out.faults.append(self.sheet.fault(None, "has codes of five digits that may be JIS codes or six digits without their leading zero",
                                                    "write six digits as text, or add the prefecture or the names", "codes"))
            return
        names = [self._label(i) for i in rows]
        cities = [name for name in map(bare_name, names) if name.endswith("市")]
        alone = self._tokyo_alone(names)
        for i, label in zip(rows, names, strict=True):
            try:
                code, why = self._settled(i, label, reading, cities, alone)
            except ValueError as fault:
                cell = self._cell(i, self.layout.code) if self.layout.code >= 0 and self._cell(i, self.layout.code).text else self._cell(i, self.layout.name)
                self.out.faults.append(self.sheet.fault(cell or i + 1, str(fault), "write the six-digit code of the body, or its registered name"))
                continue
            yield i, label, code, self._prefecture(i), why

    def _label(self, i: int) -> str:
        for column in (self.layout.name, self.layout.prefecture):
            cell = self._cell(i, column)
            if cell is not None and cell.text.strip("-－― "):
                return cell.text
        code = self._cell(i, self.layout.code)
        return code.text if code else ""

    def _prefecture(self, i: int) -> str:
        cell = self._cell(i, self.layout.prefecture)
        name = bare_name(cell.text) if cell else ""
        return name if name in PREFECTURES else ""

    def _tokyo_alone(self, names: Sequence[str]) -> bool:
        found = {self.register.prefecture_of[self.register.code_of[bare]] for name in names
                 if (bare := without_prefix(bare_name(name))[1]) in self.register.code_of}
        return found == {"東京都"} and sum(bare_name(name) in self.register.code_of for name in names) > 1

    def _settled(self, i: int, label: str, reading: str, cities: Sequence[str], alone: bool) -> tuple[str, str]:
        """Return (code, why left out) of a row; '' for why where the row is one body."""
        name = bare_name(label)
        code_text = self._cell(i, self.layout.code).text if self.layout.code >= 0 else ""
        subtotal = is_subtotal(label) and not digits(label)
        if digits(code_text) and code_text.strip("0"):
            code = full_code(code_text, reading)
            kind = kind_of_code(code)
            if kind == "body" and not subtotal:
                self._agree(code, name, self._prefecture(i))
                return code, ""
            return code, PLACES.get(kind, "a total of several bodies")
        if subtotal:
            return "", "a total of several bodies"
        if city_of_ward(without_prefix(name)[1], cities):
            return "", "a ward of a designated city"
        if self.layout.code >= 0 and code_text.strip("-－― 0"):
            raise ValueError("is no code of five or six digits")
        code, remark = code_by_name(label, self._prefecture(i), self.register, alone)
        self.out.remarks += [remark] if remark else []
        return code, ""

    def _agree(self, code: str, name: str, prefecture: str) -> None:
        inside, bare = without_prefix(name)
        known = self.register.name_of.get(code)
        if known and bare and not digits(bare) and bare not in PREFECTURES and bare not in (known, known[:-1]):
            raise ValueError(f"is the code of {known}, the row says {name}")
        land = PREFECTURES[int(code[:2]) - 1]
        if (inside or prefecture) not in ("", land):
            raise ValueError(f"lies in {land}, the row says {inside or prefecture}")

    # -- how much ----------------------------------------------------------------------------------------------------

    def _kind(self, measure: Measure) -> str:
        if measure.wanted.kind != "mixed":
            return measure.wanted.kind
        unit = self.mapping.constants.get("unit") or measure.about.get("unit") or self._followed("unit", {**self.mapping.constants, **measure.about})
        return KIND_OF_LABEL.get(unit, "plain")

    def _followed(self, name: str, record: Mapping[str, object]) -> str:
        leader, table = self.hints.follows.get(name, ("", {}))
        return table.get(str(record.get(leader, "")), "")

    def _scale(self, measure: Measure) -> Scale:
        titles = [unit for text in self.layout.titles for unit in units_in(text)]
        try:
            return scale_of(measure, self._kind(measure), self.hints.units.get(measure.wanted.name, ""), titles)
        except ValueError as why:
            self.out.faults.append(self.sheet.fault(None, str(why), f"name one: --unit {measure.wanted.name}=千円", measure.column.heading))
            return Scale("", "nowhere", "plain")

    def _row(self, place: int, label: str, code: str, prefecture: str, why: str) -> Iterator[dict[str, object]]:
        shared, values = self._shared(place, code, not why), []
        for measure, scale in zip(self.mapping.measures, self.out.scales, strict=True):
            cell = self.sheet.rows[place][measure.column.place]
            value = self._value(cell, measure, self._row_scale(place, measure, scale))
            values.append(value)
            if value.missing and not why:
                self.out.missing.append((cell.place, code, measure.column.heading, value.missing))
        about = tuple(str(shared.get(name, "")) for name in self.mapping.by_row if self.wanted[name].role in ("label", "time"))
        self.out.lines.append(Line(place, label, code, prefecture, why, tuple(values), about))
        if not why:
            yield from self._records(shared, values)

    def _records(self, shared: dict[str, object], values: Sequence[Value]) -> Iterator[dict[str, object]]:
        """Yield one record for each group of measures that are about the same: one a row, unless the table is wide."""
        groups: dict[tuple, dict[str, object]] = {}
        for measure, value in zip(self.mapping.measures, values, strict=True):
            record = groups.setdefault(tuple(sorted(measure.about.items())), {**shared, **measure.about})
            record[measure.wanted.name] = value.number
        for record in groups.values() if groups else [dict(shared)]:
            for name in self.hints.follows:
                record.setdefault(name, self._followed(name, record))
            lacking = [m.wanted for m in self.mapping.measures if m.wanted.name in record and record[m.wanted.name] is None and not m.wanted.field.nullable]
            if not lacking:
                yield record

    def _row_scale(self, place: int, measure: Measure, scale: Scale) -> Scale:
        """Where the row itself names the unit of a mixed column, that unit holds."""
        column = self.mapping.by_row.get("unit")
        text = self.sheet.rows[place][column.place].text if column else ""
        if text in UNITS:
            return Scale(text, "row", UNITS[text][0])
        if text in KIND_OF_LABEL:
            return Scale({"money": "円", "person": "人", "household": "世帯"}.get(KIND_OF_LABEL[text], ""), "row", KIND_OF_LABEL[text])
        return scale

    def _value(self, cell: Cell, measure: Measure, scale: Scale) -> Value:
        field_ = measure.wanted.field
        try:
            value = value_of(cell, scale, measure.wanted.name)
            if value.number is not None:
                if field_.type == "integer" and value.number != value.number.to_integral_value():
                    raise ValueError("is no whole number in the unit of the table")
                if "minimum" in field_.limits and value.number < Decimal(str(field_.limits["minimum"])):
                    raise ValueError(f"is below {field_.limits['minimum']}, the least the field takes")
                if "maximum" in field_.limits and value.number > Decimal(str(field_.limits["maximum"])):
                    raise ValueError(f"is above {field_.limits['maximum']}, the most the field takes")
            return value
        except ValueError as why:
            self.out.faults.append(self.sheet.fault(cell, str(why), "put it right in the file, or leave its column or row out", measure.column.heading))
            return Value(None, "unknown")

    def _shared(self, place: int, code: str, needed: bool) -> dict[str, object]:
        """Return what holds for a whole row: its body, the constants, and the labels, times and texts that stand in it."""
        record: dict[str, object] = {"code": code, **self.mapping.constants}
        for name, column in self.mapping.by_row.items():
            cell = self.sheet.rows[place][column.place]
            try:
                record[name] = self._by_row(self.wanted[name], cell, column.heading)
            except ValueError as why:
                if needed:
                    self.out.faults.append(self.sheet.fault(cell, str(why), f"put it right, or name it with --fill {name}=VALUE", column.heading))
        return record

    def _by_row(self, wanted: Wanted, cell: Cell, heading: str) -> str | None:
        if wanted.name == "unit" and cell.text in UNITS:
            return {"money": "JPY", "person": "person"}.get(UNITS[cell.text][0], cell.text)
        if cell.blank:
            if wanted.field.nullable:
                return None
            raise ValueError(f"is blank, {wanted.name} must be given")
        if wanted.role == "label":
            if label := label_in(cell.text, wanted, whole=True):
                return label
            raise ValueError(f"is none of {', '.join(map(str, wanted.field.limits['enum']))}")
        if wanted.role == "time":
            period = period_of(cell.text)
            if period is None:
                raise ValueError("is no year and no day")
            return time_in(period, wanted, says_fiscal="年度" in heading or "fiscal" in heading.lower())
        return cell.text

    # -- whether it holds together ---------------------------------------------------------------------------------------

    def _prove_totals(self) -> None:
        self.out.checks = list(check_totals(self.out.lines))
        for check in self.out.checks:
            if check.agrees is False and not self.accept_totals:
                self.out.faults.append(self.sheet.fault(
                    check.line.place + 1, f"says {check.says:,f}, but its bodies ({check.members}) add up to {check.adds:,f}",
                    "a body may be missing, or a number wrong; put it right, or take the bodies as they are with --accept-totals", check.line.label))
        bodies = {line.code for line in self.out.lines if not line.why}
        named = [bare_name(line.label) for line in self.out.lines if not line.why]
        lost = [line for line in self.out.lines if line.why == PLACES["city_ward"] and not _has_its_city(line, bodies, named)]
        self.out.faults += [self.sheet.fault(line.place + 1, "is a ward of a designated city that is not in the file", "add the row of the city", line.label)
                            for line in lost]
        self._prove_columns()

    def _prove_columns(self) -> None:
        """Hold every column that adds up others, whether kept or left out, to their sum, row by row."""
        for total in self.mapping.totals:
            parts = [m for m in self.mapping.measures if all(m.about.get(n) == v for n, v in total.about.items())]
            self._prove_sum(total, parts)
        for measure in self.mapping.measures:
            parts = self.mapping.parts.get(measure.column.place, [])
            if len(parts) > 1:
                self._prove_sum(measure, parts)

    def _prove_sum(self, total: Measure, parts: Sequence[Measure]) -> None:
        scales = [self._scale(measure) for measure in (total, *parts)]
        for line in self.out.lines:
            row = self.sheet.rows[line.place]
            says, *cells = (self._value(row[m.column.place], m, s) for m, s in zip((total, *parts), scales, strict=True))
            if not parts or says.number is None or any(v.number is None and v.missing != "none" for v in cells):
                continue
            adds = sum((v.number or Decimal(0) for v in cells), Decimal(0))
            if abs(adds - says.number) > says.step + sum((v.step for v in cells), Decimal(0)):
                self.out.faults.append(self.sheet.fault(row[total.column.place], f"is not the sum of its columns, {adds:,f}",
                                                        "put the row right", total.column.heading))

    def _refuse_repetition(self, records: Sequence[Mapping[str, object]]) -> None:
        keys = Counter(tuple(str(record.get(name)) for name in self.contract.key) for record in records)
        for key, times in keys.items():
            if times > 1:
                rows = [line.place + 1 for line in self.out.lines if not line.why and line.code == key[0]] if self.contract.key[:1] == ("code",) else []
                self.out.faults.append(self.sheet.fault(None, f"gives {times} rows for {', '.join(key)} (rows {', '.join(map(str, rows)) or '?'})",
                                                        "keep one of them", "repeated"))

    def _finish(self, records: Sequence[Mapping[str, object]]) -> None:
        if not records and not self.out.faults:
            self.out.faults.append(self.sheet.fault(None, "holds no row that the table could take", "see what was left out, and why"))
        if not self.out.faults:
            frame = pd.DataFrame(records).reindex(columns=self.contract.columns)
            self.out.frame = frame.map(lambda value: format(value, "f") if isinstance(value, Decimal) else value)


def _has_its_city(ward: Line, bodies: set[str], names: Sequence[str]) -> bool:
    """Say whether the designated city of a ward is among the bodies: by code where there is one, else by name."""
    if not ward.code:
        return bool(city_of_ward(without_prefix(bare_name(ward.label))[1], names))
    local = max(city for city in CITY_CODES if city <= ward.code[2:5])
    return any(code[:5] == ward.code[:2] + local for code in bodies)
