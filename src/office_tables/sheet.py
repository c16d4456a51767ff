"""A sheet as its reader sees it: a rectangle of cells, each with its place, its text and, in Excel,
its stored number.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from workbook.choices.faults import Fault, shown

MOST_FAULTS = 40
# raised, ringed and broken digits
RAISED = re.compile(
    "[\u00b2\u00b3\u00b9\u00bc-\u00be\u2070-\u209c\u2150-\u2189\u2460-\u24ff\u2776-\u2793\u3220-\u33ff]"
)


class IntakeRefusal(Exception):
    """Everything in a file that cannot be settled; nothing was written. ``sheet`` is what was read
    of it, if anything was.
    """

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.sheet: Sheet | None = None
        self.faults = list(dict.fromkeys(faults))
        said = [str(fault) for fault in self.faults[:MOST_FAULTS]]
        if len(self.faults) > MOST_FAULTS:
            said.append(f"and {len(self.faults) - MOST_FAULTS} more faults")
        super().__init__("\n".join(said))


def refusal(
    file: str,
    message: str,
    remedy: str,
    *,
    line: int | None = None,
    key: str = "",
    value: str | None = None,
) -> IntakeRefusal:
    """Return the refusal of a file for one fault."""
    return IntakeRefusal([Fault(file, message, remedy, line=line, key=key, value=value)])


class Cell(NamedTuple):
    """One cell: row and column from 1, its text in plain characters, and how Excel stores it.

    ``number`` is the stored number of an Excel cell, exactly as written in the file; ``form`` its
    number format. A sheet has up to two million of them: a tuple is made four times as fast as an
    object that guards its fields.
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


@dataclass(frozen=True, eq=False)
class Sheet:
    """A rectangle of cells from A1, with the file's name and what was noticed while it was read.

    It equals itself alone, so that what is found in it can be remembered.
    """

    file: str
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    # first row, first column, last row, last column
    merged: tuple[tuple[int, int, int, int], ...] = ()
    kind: str = "text"
    details: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name of a workbook's sheet in plain characters; '' for a text file."""
        return plain_text(self.details.get("sheet", ""))

    def fault(self, cell: Cell | int | None, message: str, remedy: str, heading: str = "") -> Fault:
        """Return a fault at a cell, at a whole row (a number), or at the file as a whole."""
        if isinstance(cell, Cell):
            key = f"cell {cell.place}" + (f" ({shown(heading)})" if heading else "")
            return Fault(
                self.file, message, remedy, line=cell.row, key=key, value=cell.raw or cell.text
            )
        return Fault(self.file, message, remedy, line=cell, key=shown(heading))

    def refusal(self, message: str, remedy: str) -> IntakeRefusal:
        """Return the refusal of the file as a whole for one fault."""
        return refusal(self.file, message, remedy)


@cache
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


def column_of(letters_: str) -> int:
    """Return a column's number from 1, by its letters.

    >>> column_of("A"), column_of("XFD")
    (1, 16384)
    """
    number = 0
    for letter in letters_:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number


def plain_text(text: str) -> str:
    """Return text in plain characters: half-width digits, no outer space, no line break, no
    variation selector.

    The trap: normalising turns a footnote's raised digit into a digit of the number before it. It
    becomes a mark (※2) behind a number, and stays as it is elsewhere; behind a letter it is a
    unit's (m²).

    >>> (
    ...     plain_text("　１，２３４\\n"),
    ...     plain_text("123²"),
    ...     plain_text("12①"),
    ...     plain_text("５㎢"),
    ...     plain_text("m²"),
    ...     plain_text("²5"),
    ... )
    ('1,234', '123※2', '12※1', '5km2', 'm2', '²5')
    """
    if not text.isascii():
        text = "".join(
            c for c in text if not (0xFE00 <= ord(c) <= 0xFE0F or 0xE0100 <= ord(c) <= 0xE01EF)
        )
        if RAISED.search(text):
            around = zip(f" {text}", text, f"{text[1:]} ", strict=False)
            text = unicodedata.normalize("NFC", "".join(_plain(*three) for three in around))
        else:
            text = unicodedata.normalize("NFKC", text)
    return " ".join(text.split())


def _plain(before: str, character: str, after: str) -> str:
    plain = unicodedata.normalize("NFKC", character)
    if (
        not plain[:1].isdecimal()
        or character.isdecimal()
        or (before.isascii() and before.isalpha())
    ):
        return plain
    return f"※{plain}" if before.isdecimal() and not after.isdecimal() else character


def rectangle(rows: list[list[str]]) -> tuple[tuple[Cell, ...], ...]:
    """Return rows of text as cells, the shorter rows filled up with blanks."""
    width = max(map(len, rows), default=0)
    return tuple(
        tuple(
            Cell(
                i + 1,
                j + 1,
                plain_text(row[j]) if j < len(row) else "",
                raw=row[j] if j < len(row) else "",
            )
            for j in range(width)
        )
        for i, row in enumerate(rows)
    )
