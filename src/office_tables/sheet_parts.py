"""A sheet by its parts, whether or not it holds municipalities: headings, rows of the table,
columns of numbers.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from office_tables.identity import code_columns, find_identity, name_columns
from office_tables.layout import Layout, find_layout
from office_tables.numbers import read_number
from office_tables.sheet import Cell, IntakeRefusal, Sheet, letters
from office_tables.years import period_of

LABELS = re.compile(r"コード|番号|code|連番|通番|^no\.?$|^id$|^順位$", re.IGNORECASE)


class SheetParts:
    """A sheet by its parts: headings, rows of the table, columns of numbers."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.codes, self.names = code_columns(sheet), name_columns(sheet)
        self.layout = _layout(sheet)
        self.headings, self.body = (
            (self.layout.headings, self.layout.body) if self.layout else _by_figures(sheet)
        )
        self.identity = (
            self.layout.identity if self.layout else {*self.codes, *self.names[0], *self.names[1]}
        )
        width = len(sheet.rows[0]) if sheet.rows else 0
        self.numbers = [
            j
            for j in range(width)
            if j not in self.identity and not self._labels(j) and self._mostly_numbers(j)
        ]

    def _labels(self, j: int) -> bool:
        """Say whether a column's heading says that its digits are a code or a number in a list, no
        figures.
        """
        return any(LABELS.search(self.sheet.rows[i][j].text) for i in self.headings)

    def _mostly_numbers(self, j: int) -> bool:
        filled = [self.sheet.rows[i][j] for i in self.body if not self.sheet.rows[i][j].blank]
        return bool(filled) and sum(number_like(cell) for cell in filled) > len(filled) / 2

    def filled(self) -> Iterator[Cell]:
        """Yield every cell of headings and table with something in it; titles and footnotes are
        sentences.
        """
        return (
            cell
            for i in (*self.headings, *self.body)
            for cell in self.sheet.rows[i]
            if not cell.blank
        )

    def figures(self) -> Iterator[Cell]:
        """Yield the cells of the columns of numbers."""
        return (self.sheet.rows[i][j] for i in self.body for j in self.numbers)

    def column(self, j: int) -> str:
        """Return how a column is called."""
        return f"column {letters(j + 1)}"


def _layout(sheet: Sheet) -> Layout | None:
    try:
        return find_layout(sheet, find_identity(sheet))
    except IntakeRefusal:
        return None


def _by_figures(sheet: Sheet) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the row of headings and the rows below it, where the first row of figures begins the
    table.

    The trap: a heading such as 15〜64歳人口 or 4月 has digits too. It is written as no other cell
    of its column is, and reads as no number.
    """
    written = [
        [cell for cell in column if number_like(cell)] for column in zip(*sheet.rows, strict=True)
    ]
    shapes = [Counter(_shape(cell) for cell in cells) for cells in written]
    first = next(
        (
            i
            for i, row in enumerate(sheet.rows)
            if any(
                number_like(cell) and (_reads(cell) or shapes[j][_shape(cell)] > 1)
                for j, cell in enumerate(row)
            )
        ),
        None,
    )
    if first is None:
        return (), ()
    last = max(i for i, row in enumerate(sheet.rows) if any(number_like(cell) for cell in row))
    head = next(
        (i for i in range(first - 1, -1, -1) if any(not cell.blank for cell in sheet.rows[i])), None
    )
    return (() if head is None else (head,)), tuple(
        i for i in range(first, last + 1) if any(not cell.blank for cell in sheet.rows[i])
    )


def _shape(cell: Cell) -> str:
    return "#" if cell.number is not None else re.sub(r"[\d,.]+", "#", cell.text)


def _reads(cell: Cell) -> bool:
    try:
        return cell.number is not None or read_number(cell.text).value is not None
    except ValueError:
        return False


def number_like(cell: Cell) -> bool:
    """Say whether a cell means a number, however it is written; a year or a day means none.

    >>> [number_like(Cell(1, 1, text)) for text in ("1,234円", "△5", "令和3年度", "第1班の業務")]
    [True, True, False, False]
    """
    if cell.number is not None:
        return True
    return (
        bool(re.search(r"\d", cell.text))
        and not period_of(cell.text)
        and len(re.sub(r"[\d,.\s]", "", cell.text)) <= len(re.sub(r"\D", "", cell.text)) + 2
    )
