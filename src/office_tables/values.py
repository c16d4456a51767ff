"""What a row of a sheet gives a table: numbers in the unit of their fields, exact to the digit, and
what each of them is about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from office_tables.fields import (
    MUST_BE_NAMED,
    Assignment,
    Hints,
    Measure,
    Wanted,
    factor_for,
    label_in,
    time_in,
    wanted_fields,
)
from office_tables.layout import Layout
from office_tables.municipalities import MunicipalityRow
from office_tables.numbers import UNITS, period_of, read_number, scaling_form, units_in
from office_tables.sheet import Cell, Sheet
from workbook.choices.faults import Fault
from workbook.tables.contracts import Contract


@dataclass(frozen=True)
class Scale:
    """The unit that holds for a column and where it is written; ``unit`` is '' where none is
    written.
    """

    unit: str
    where: str
    kind: str

    @property
    def factor(self) -> Decimal:
        """What the numbers are multiplied by."""
        return factor_for(self.unit, self.kind) if self.unit else Decimal(1)


@dataclass(frozen=True)
class Value:
    """A number in the unit of its field, or why there is none; ``step`` is half of the last place
    that was written.
    """

    number: Decimal | None
    missing: str = ""
    mark: str = ""
    step: Decimal = Decimal(0)


def scale_of(measure: Measure, kind: str, given: str, title_units: list[str]) -> Scale:
    """Return the scale of a column: as given by hand, as its heading says, as the title says. A
    `ValueError` tells a conflict.
    """
    if given:
        factor_for(given, kind)
        return Scale(given, "given by hand", kind)
    for units, where in ((measure.column.units, "heading"), (title_units, "title")):
        fitting = [
            unit
            for unit in units
            if UNITS[unit][0] == kind or (kind == "ratio" and UNITS[unit][0] == "share")
        ]
        if len({UNITS[unit] for unit in fitting}) > 1:
            raise ValueError(f"its {where} names {' and '.join(fitting)}")
        if fitting:
            return Scale(fitting[0], where, kind)
        if units and where == "heading" and kind != "plain":
            raise ValueError(f"its heading counts {' and '.join(units)}, the field takes {kind}")
    return Scale("", "nowhere", kind)


def value_of(cell: Cell, scale: Scale, name: str) -> Value:
    """Return the number of a cell in the unit of the field; a `ValueError` says why it cannot be
    settled.

    A unit behind the number must be the column's own. An Excel cell counts with the number stored
    in it; a format that shows thousands of what is stored contradicts a heading that says thousand
    yen, and is refused.
    """
    reading = read_number(cell.text)
    if reading.missing:
        return Value(None, reading.missing, reading.mark)
    number, unit, form = reading.value, reading.unit, scaling_form(cell.form)
    if cell.number is not None:
        number, unit = cell.number, unit or _unit_shown(cell.form)
        if not number.is_finite():
            raise ValueError("is no finite number")
        if form == "thousands":
            raise ValueError(
                "is shown in thousands of what is stored: whether the heading speaks of the shown"
                " or of the stored number is not clear; give the cells a plain number format"
            )
        if form == "percent":
            return _percent_cell(number, scale)
    if unit and scale.unit and UNITS[unit] != UNITS[scale.unit]:
        raise ValueError(f"is written in {unit}, its {scale.where} says {scale.unit}")
    if not unit and not scale.unit and scale.kind in MUST_BE_NAMED:
        raise ValueError(
            "has no unit: write it into the heading, or name it with --unit"
            f" {name}={'千円' if scale.kind == 'money' else '%'}"
        )
    factor = factor_for(unit, scale.kind) if unit and scale.kind != "plain" else scale.factor
    return Value(
        number * factor,
        mark=reading.mark,
        step=_half_step(number) * factor if factor != 1 else Decimal(0),
    )


def _percent_cell(number: Decimal, scale: Scale) -> Value:
    if scale.kind not in ("share", "ratio"):
        raise ValueError(f"is shown as a percentage, the field takes {scale.kind}")
    return Value(number)


def _unit_shown(form: str) -> str:
    shown = [text for text in re.findall(r'"([^"]*)"', form) if text.strip() in UNITS]
    return shown[0].strip() if shown else ""


def _half_step(number: Decimal) -> Decimal:
    return Decimal(1).scaleb(min(0, number.as_tuple().exponent)) / 2


KIND_OF_LABEL = {"JPY": "money", "person": "person", "share": "share", "household": "household"}


@dataclass(frozen=True)
class ReadRow:
    """One row of figures: its place in the sheet, what it calls itself, its code where it is one
    municipality, its values in order.
    """

    place: int
    label: str
    code: str
    prefecture: str
    why: str  # '' for a municipality of the table; otherwise why the row is left out
    values: tuple[Value, ...]
    # what else a row of a long table is about: only rows about the same are added up
    about: tuple[str, ...] = ()


class RowValues:
    """Reads the figures of a sheet row by row; what cannot be read stands in ``faults``, what is
    not there in ``missing``.
    """

    def __init__(
        self, sheet: Sheet, layout: Layout, mapping: Assignment, contract: Contract, hints: Hints
    ) -> None:
        self.sheet, self.layout, self.mapping, self.hints = sheet, layout, mapping, hints
        self.wanted = {w.name: w for w in wanted_fields(contract)}
        self.faults: list[Fault] = []
        self.lines: list[ReadRow] = []
        self.missing: list[tuple[str, str, str, str]] = []
        self.scales = [self.scale(measure) for measure in mapping.measures]

    def _kind(self, measure: Measure) -> str:
        if measure.wanted.kind != "mixed":
            return measure.wanted.kind
        unit = (
            self.mapping.constants.get("unit")
            or measure.about.get("unit")
            or self._followed("unit", {**self.mapping.constants, **measure.about})
        )
        return KIND_OF_LABEL.get(unit, "plain")

    def _followed(self, name: str, record: Mapping[str, object]) -> str:
        leader, table = self.hints.follows.get(name, ("", {}))
        return table.get(str(record.get(leader, "")), "")

    def scale(self, measure: Measure) -> Scale:
        """Return the unit that holds for a measure's column; a conflict is noted as a fault."""
        titles = [unit for text in self.layout.titles for unit in units_in(text)]
        try:
            return scale_of(
                measure, self._kind(measure), self.hints.units.get(measure.wanted.name, ""), titles
            )
        except ValueError as why:
            self.faults.append(
                self.sheet.fault(
                    None,
                    str(why),
                    f"name one: --unit {measure.wanted.name}=千円",
                    measure.column.heading,
                )
            )
            return Scale("", "nowhere", "plain")

    def records(self, row: MunicipalityRow) -> Iterator[dict[str, object]]:
        """Yield the records that a row gives, one for each thing its measures are about; the row
        itself joins ``lines``.
        """
        shared, values = self._shared(row, not row.why), []
        for measure, scale in zip(self.mapping.measures, self.scales, strict=True):
            cell = self.sheet.rows[row.place][measure.column.place]
            value = self.value(cell, measure, self._row_scale(row.place, measure, scale))
            values.append(value)
            if value.missing and not row.why:
                self.missing.append((cell.place, row.code, measure.column.heading, value.missing))
        about = tuple(
            str(shared.get(name, ""))
            for name in self.mapping.by_row
            if self.wanted[name].role in ("label", "time")
        )
        self.lines.append(ReadRow(*row, tuple(values), about))
        if not row.why:
            yield from self._records(shared, values)

    def _records(
        self, shared: dict[str, object], values: Sequence[Value]
    ) -> Iterator[dict[str, object]]:
        """Yield one record for each group of measures that are about the same: one a row, unless
        the table is wide.
        """
        groups: dict[tuple, dict[str, object]] = {}
        for measure, value in zip(self.mapping.measures, values, strict=True):
            record = groups.setdefault(
                tuple(sorted(measure.about.items())), {**shared, **measure.about}
            )
            record[measure.wanted.name] = value.number
        for record in groups.values() if groups else [dict(shared)]:
            for name in self.hints.follows:
                record.setdefault(name, self._followed(name, record))
            lacking = [
                m.wanted
                for m in self.mapping.measures
                if m.wanted.name in record
                and record[m.wanted.name] is None
                and not m.wanted.field.nullable
            ]
            if not lacking:
                yield record

    def _row_scale(self, place: int, measure: Measure, scale: Scale) -> Scale:
        """Where the row itself names the unit of a mixed column, that unit holds."""
        column = self.mapping.by_row.get("unit")
        text = self.sheet.rows[place][column.place].text if column else ""
        if text in UNITS:
            return Scale(text, "row", UNITS[text][0])
        if text in KIND_OF_LABEL:
            return Scale(
                {"money": "円", "person": "人", "household": "世帯"}.get(KIND_OF_LABEL[text], ""),
                "row",
                KIND_OF_LABEL[text],
            )
        return scale

    def value(self, cell: Cell, measure: Measure, scale: Scale) -> Value:
        """Return what a cell says in the unit of its field; what it may not say is noted as a
        fault.
        """
        field_ = measure.wanted.field
        try:
            value = value_of(cell, scale, measure.wanted.name)
            if value.number is not None:
                if field_.type == "integer" and value.number != value.number.to_integral_value():
                    raise ValueError("is no whole number in the unit of the table")
                if "minimum" in field_.limits and value.number < Decimal(
                    str(field_.limits["minimum"])
                ):
                    raise ValueError(
                        f"is below {field_.limits['minimum']}, the least the field takes"
                    )
                if "maximum" in field_.limits and value.number > Decimal(
                    str(field_.limits["maximum"])
                ):
                    raise ValueError(
                        f"is above {field_.limits['maximum']}, the most the field takes"
                    )
            return value
        except ValueError as why:
            self.faults.append(
                self.sheet.fault(
                    cell,
                    str(why),
                    "put it right in the file, or leave its column or row out",
                    measure.column.heading,
                )
            )
            return Value(None, "unknown")

    def _shared(self, row: MunicipalityRow, needed: bool) -> dict[str, object]:
        """Return what holds for a whole row: its municipality, the constants, and the labels, times
        and texts that stand in it.
        """
        record: dict[str, object] = {"code": row.code, **self.mapping.constants}
        for name, column in self.mapping.by_row.items():
            cell = self.sheet.rows[row.place][column.place]
            try:
                record[name] = self._by_row(self.wanted[name], cell, column.heading)
            except ValueError as why:
                if needed:
                    self.faults.append(
                        self.sheet.fault(
                            cell,
                            str(why),
                            f"put it right, or name it with --fill {name}=VALUE",
                            column.heading,
                        )
                    )
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
            return time_in(
                period, wanted, says_fiscal="年度" in heading or "fiscal" in heading.lower()
            )
        return cell.text
