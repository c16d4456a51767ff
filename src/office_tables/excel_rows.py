"""The cells of an Excel sheet's rows, made as openpyxl's reader of rows goes through them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from openpyxl.worksheet._reader import FORMULA_TAG, VALUE_TAG, WorkSheetParser, _cast_number

from office_tables.sheet import Cell, letters, plain_text


class RowParser(WorkSheetParser):
    """A reader of one sheet's rows; ``form_of`` gives the number format of a style.

    Nine cells of ten hold a plain number and stand where the next one is due: those it settles by
    itself, in half of the time. Every other cell is openpyxl's to settle.
    """

    def __init__(self, form_of: Callable[[int], str], **settings: Any) -> None:
        super().__init__(None, data_only=True, **settings)
        self._form_of = form_of
        self._forms: dict[int, str] = {}
        self.formulas: dict[tuple[int, int], str] = {}

    def parse_cell(self, element: Any) -> Cell:
        """Return a cell; where nothing is stored in it, its ``raw`` is blank."""
        row, column = self.row_counter, self.col_counter + 1
        stored, style = element.findtext(VALUE_TAG), int(element.get("s", 0))
        if (
            stored
            and element.get("t", "n") == "n"
            and element.get("r") == f"{letters(column)}{row}"
            and style not in self.date_formats
        ):
            self.col_counter, value = column, _cast_number(stored)
        else:
            found = super().parse_cell(element)
            row, column, value = found["row"], found["column"], found["value"]
        formula = bool(len(element) > 1 or not stored) and self._noted(row, column, element)
        if value is None:
            return Cell(row, column, "", formula=formula)
        form = self._form(style)
        text, number = as_written(value, form)
        return Cell(row, column, text, number, form, formula, str(value))

    def _noted(self, row: int, column: int, element: Any) -> bool:
        """Keep a cell's formula, and say whether it has one."""
        formula = element.find(FORMULA_TAG)
        if formula is not None:
            self.formulas[row, column] = formula.text or ""
        return formula is not None

    def _form(self, style: int) -> str:
        if style not in self._forms:
            self._forms[style] = self._form_of(style)
        return self._forms[style]


def as_written(value: Any, form: str) -> tuple[str, Decimal | None]:
    """Return a stored value's text and number; whole numbers keep the leading zeros that their
    format shows.

    >>> as_written(1002, "000000"), as_written(0.5, "0%"), as_written(True, "General")
    (('001002', Decimal('1002')), ('0.5', Decimal('0.5')), ('TRUE', None))
    """
    if isinstance(value, bool):
        return str(value).upper(), None
    if isinstance(value, int):
        return _with_zeros(str(value), form), Decimal(value)
    if isinstance(value, float):
        number = Decimal(repr(value))
        if not value.is_integer():
            return f"{number:f}" if number.is_finite() else str(number), number
        number = number.quantize(Decimal(1)) if abs(value) < 1e20 else number
        return _with_zeros(f"{number:f}", form), number
    if isinstance(value, dt.datetime):
        return value.date().isoformat(), None
    if isinstance(value, (dt.date, dt.time, dt.timedelta)):
        return str(value), None
    return plain_text(str(value)), None


def _with_zeros(whole: str, form: str) -> str:
    """Return a whole number with the leading zeros that a format of nothing but zeros shows.

    >>> _with_zeros("1002", "000000"), _with_zeros("1002", "#,##0"), _with_zeros("-2", "000")
    ('001002', '1002', '-2')
    """
    zeros_only = not form.strip("0") and not whole.startswith("-")
    return whole.zfill(len(form)) if zeros_only else whole
