"""The number of a cell in the unit of its field: exact decimals, one unit for the whole column,
nothing supposed that matters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from office_tables.assignment import Measure
from office_tables.fields import MUST_BE_NAMED, factor_for
from office_tables.numbers import UNITS, read_number, scaling_form
from office_tables.sheet import Cell


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
