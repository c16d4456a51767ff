"""What a row of a sheet gives a table: its numbers in the unit of their fields, and what each of
them is about.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from office_tables.assignment import Assignment, Hints, Measure
from office_tables.fields import Wanted, label_in, time_in, wanted_fields
from office_tables.layout import Layout
from office_tables.numbers import UNITS, units_in
from office_tables.row_bodies import RowBody
from office_tables.sheet import Cell, Sheet
from office_tables.totals import Line
from office_tables.values import Scale, Value, scale_of, value_of
from office_tables.years import period_of
from workbook.choices.faults import Fault
from workbook.tables.contracts import Contract

KIND_OF_LABEL = {"JPY": "money", "person": "person", "share": "share", "household": "household"}


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
        self.lines: list[Line] = []
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

    def records(self, row: RowBody) -> Iterator[dict[str, object]]:
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
        self.lines.append(Line(*row, tuple(values), about))
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

    def _shared(self, row: RowBody, needed: bool) -> dict[str, object]:
        """Return what holds for a whole row: its body, the constants, and the labels, times and
        texts that stand in it.
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
