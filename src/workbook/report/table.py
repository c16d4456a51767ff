"""A table of a run as the page shows it: units in the header, numbers as the reader of its language
writes them.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any
from unicodedata import east_asian_width

from markupsafe import Markup

from workbook.report.csv_file import csv_address
from workbook.report.edition import Edition
from workbook.units import (
    NUMERIC_UNITS,
    SPOKEN_UNITS,
    axis,
    fixed,
    format_value,
    significant,
    written_date,
)

SHOWN_ROWS = 60
# characters: a cell that stays on one line, and one that is read rather than looked up
_SHORT, _WORDY = 12, 20
# width of a text that needs room, and of a number with so many words that it may wrap;
_LONG_EM, _NUMBER_EM = 16, 6
# a Japanese character is one em, a Latin one about half
_STACKED_ROWS = 12  # a longer table is easier to read across, even on a phone
_NO_COMMON_SCALE = {"fiscal_year", "mixed"}
# a text that is nothing but a month or a day is a date, whatever its column says
_MONTH_OR_DAY = re.compile(r"\d{4}-\d{2}(-\d{2})?")
SCALED = {"JPY", "JPY/year", "JPY/month"}


@dataclass(frozen=True)
class ShownColumn:
    """A column of the shown table: its header, and how its cells are set (numbers, short texts on
    one line, texts).
    """

    header: str
    setting: str


@dataclass(frozen=True)
class ShownTable:
    """A table ready for the template; ``rows`` hold HTML-safe cells, ``total`` counts the rows of
    the file, ``members`` say whose row each is.
    """

    name: str
    title: Markup
    label: str
    columns: tuple[ShownColumn, ...]
    rows: tuple[tuple[Markup, ...], ...]
    total: int
    wordy: bool
    csv: str
    file: str
    members: tuple[str, ...] = ()


def shown_table(
    table: dict[str, Any], exhibit: dict[str, Any], edition: Edition, shown_rows: int = SHOWN_ROWS
) -> ShownTable:
    """Return one table of an exhibit for an edition: at most ``shown_rows`` rows on the page, all
    of them in its CSV.

    A column named ``…_ja`` or ``…_en`` appears in its own language only, a hidden one not at all,
    nor the column of units where the cells of the others name them; the file keeps all.
    """
    places = [
        i
        for i, column in enumerate(table["columns"])
        if not column["name"].endswith(f"_{edition.other}")
        and not column.get("hidden")
        and not (column["name"] == "unit" and _cells_name_units(table, i))
    ]
    columns = [_Formatted(table, i, edition) for i in places]
    rows = [tuple(column.cell(row) for column in columns) for row in table["rows"][:shown_rows]]
    title = edition.chosen(table["title"])
    label = edition.word(
        "table_region", title=title, exhibit=edition.word("exhibit", number=exhibit["number"])
    )
    return ShownTable(
        table["name"],
        edition.marked(title),
        label,
        tuple(
            ShownColumn(column.header, column.setting([row[i] for row in rows]))
            for i, column in enumerate(columns)
        ),
        tuple(tuple(edition.marked(cell) for cell in row) for row in rows),
        len(table["rows"]),
        len(rows) <= _STACKED_ROWS and any(len(cell) > _WORDY for row in rows for cell in row[1:]),
        csv_address(table),
        f"{exhibit['slug']}_{table['name']}.csv",
        _members(table, shown_rows),
    )


def _members(table: dict[str, Any], rows: int) -> tuple[str, ...]:
    """Return whose row each is, by code, where a column says so."""
    place = next((i for i, c in enumerate(table["columns"]) if c["name"] == "code"), None)
    return () if place is None else tuple(str(row[place]) for row in table["rows"][:rows])


def _cells_name_units(table: dict[str, Any], place: int) -> bool:
    mixed = any(column["unit"] == "mixed" for column in table["columns"])
    return mixed and all(row[place] in SPOKEN_UNITS for row in table["rows"])


class _Formatted:
    """One column: a common scale with its unit in the header where that loses nothing, else the
    unit in each cell.
    """

    def __init__(self, table: dict[str, Any], place: int, edition: Edition) -> None:
        self.place, self.edition = place, edition
        column = table["columns"][place]
        self.unit, self.labels = column["unit"], column.get("labels") or {}
        self.whole = column["type"] == "integer"
        self.numeric = (
            self.unit in NUMERIC_UNITS
            and column["type"] in ("number", "integer")
            and not self.labels
        )
        self.unit_place = next(
            (i for i, c in enumerate(table["columns"]) if c["name"] == "unit"), None
        )
        values = [row[place] for row in table["rows"]]
        self.divisor, self.scale = self._scale(values)
        self.decimals = common_decimals(
            [value / self.divisor for value in values if _is_number(value)]
        )
        title = edition.chosen(column["title"]) or column["name"]
        # "Late municipalities (municipalities)" says it twice
        said = not self.scale or self.scale in title.lower()
        self.header = title if said else edition.word("unit", title=title, unit=self.scale)

    def _scale(self, values: list[Any]) -> tuple[float, str]:
        if not self.numeric or self.unit in _NO_COMMON_SCALE:
            return 1.0, ""
        divisor, label = axis(self.unit, self.edition.lang)
        sizes = [abs(value) for value in values if _is_number(value) and value]
        too_small = divisor > 1 and sizes and min(sizes) < divisor / 100
        return (1.0, "") if too_small else (divisor, label)

    def setting(self, cells: list[str]) -> str:
        """Return the class of the column's cells."""
        widest = max(map(_em, cells), default=0)
        if self.numeric:
            return "number worded" if widest > _NUMBER_EM else "number"
        if all(len(cell) <= _SHORT for cell in cells):
            return "short date" if self.unit == "date" else "short"
        return "text" if widest <= _LONG_EM else "text long"

    def cell(self, row: list[Any]) -> str:
        """Return the cell of a row as this edition's reader expects it."""
        value, lang = row[self.place], self.edition.lang
        if str(value) in self.labels:
            return self.edition.chosen(self.labels[str(value)])
        if value is not None and (self.unit == "date" or _MONTH_OR_DAY.fullmatch(str(value))):
            return written_date(str(value), lang)
        if not self.numeric or not _is_number(value):
            return format_value(value, self.unit, lang)
        if self.unit == "fiscal_year":
            return (
                self.edition.word("fiscal_year", year=value)
                if self.whole
                else format_value(value, self.unit, lang)
            )
        if self.unit == "mixed" and self.unit_place is not None:
            return format_value(value, row[self.unit_place], lang)
        if self.whole and self.divisor == 1:
            return fixed(value, 0)
        return self._number(value)

    def _number(self, value: float) -> str:
        if self.unit == "share" and self.decimals is None:
            return format_value(value, "share", self.edition.lang).removesuffix("%")
        if not self.scale and self.unit in SCALED:
            return format_value(value, self.unit, self.edition.lang)
        scaled = value / self.divisor
        return significant(scaled, 3) if self.decimals is None else fixed(scaled, self.decimals)


def _em(text: str) -> float:
    return (
        len(text) / 2
        if text.isascii()
        else sum(1 if east_asian_width(c) in "WF" else 0.5 for c in text)
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not math.isnan(value)


def common_decimals(values: list[float]) -> int | None:
    """Return decimals that give the largest value three significant digits and the smallest at
    least two, else None.

    Whole numbers need none.

    >>> (
    ...     common_decimals([12, 108, 972]),
    ...     common_decimals([3.1, 15.5, 0]),
    ...     common_decimals([0.35, 332]),
    ...     common_decimals([7.0, 3.0]),
    ... )
    (0, 1, None, 0)
    """
    sizes = [abs(value) for value in values if value]
    if all(float(size).is_integer() for size in sizes):
        return 0
    decimals = max(0, 2 - math.floor(math.log10(max(sizes))))
    return decimals if min(sizes) >= 10 ** (1 - decimals) else None
