"""A sheet as its reader sees it: a rectangle of cells, each with its place, its text and, in Excel, its stored number."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from analysis.workbook.params.faults import Fault, shown

MOST_FAULTS = 40


class IntakeRefusal(Exception):
    """Everything in a file that cannot be settled; nothing was written."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = list(dict.fromkeys(faults))
        said = [str(fault) for fault in self.faults[:MOST_FAULTS]]
        if len(self.faults) > MOST_FAULTS:
            said.append(f"and {len(self.faults) - MOST_FAULTS} more faults")
        super().__init__("\n".join(said))


@dataclass(frozen=True)
class Cell:
    """One cell: row and column from 1, its text in plain characters, and how Excel stores it.

    ``number`` is the stored number of an Excel cell, exactly as written in the file; ``form`` its number format.
    """

    row: int
    column: int
    text: str
    number: Decimal | None = None
    form: str = "General"
    formula: bool = False
    raw: str = ""

    @property
    def blank(self) -> bool:
        """Whether nothing is written here."""
        return self.text == ""

    @property
    def place(self) -> str:
        """The cell's address, as a spreadsheet names it.

        >>> Cell(12, 28, "").place
        'AB12'
        """
        return f"{letters(self.column)}{self.row}"


@dataclass(frozen=True)
class Sheet:
    """A rectangle of cells from A1, with the file's name and what was noticed while it was read."""

    file: str
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    merged: tuple[tuple[int, int, int, int], ...] = ()   # first row, first column, last row, last column
    kind: str = "text"
    details: dict[str, str] = field(default_factory=dict)

    def fault(self, cell: Cell | int | None, message: str, remedy: str, heading: str = "") -> Fault:
        """Return a fault at a cell, at a whole row (a number), or at the file as a whole."""
        if isinstance(cell, Cell):
            key = f"cell {cell.place}" + (f" ({shown(heading)})" if heading else "")
            return Fault(self.file, cell.row, key, cell.raw or cell.text, message, remedy)
        return Fault(self.file, cell, shown(heading), None, message, remedy)


def letters(column: int) -> str:
    """Return a column's letters.

    >>> letters(1), letters(27)
    ('A', 'AA')
    """
    text = ""
    while column:
        column, place = divmod(column - 1, 26)
        text = chr(ord("A") + place) + text
    return text


def plain_text(text: str) -> str:
    """Return text in plain characters: half-width digits, no outer space, no line break, no variation selector.

    >>> plain_text("　１，２３４\\n")
    '1,234'
    """
    kept = "".join(c for c in text if not (0xFE00 <= ord(c) <= 0xFE0F or 0xE0100 <= ord(c) <= 0xE01EF))
    return " ".join(unicodedata.normalize("NFKC", kept).split())


def rectangle(rows: list[list[str]]) -> tuple[tuple[Cell, ...], ...]:
    """Return rows of text as cells, the shorter rows filled up with blanks."""
    width = max(map(len, rows), default=0)
    return tuple(tuple(Cell(i + 1, j + 1, plain_text(row[j]) if j < len(row) else "", raw=row[j] if j < len(row) else "")
                       for j in range(width)) for i, row in enumerate(rows))
