"""The headings of a table: several rows, merged or left blank, as one path of texts for each
column.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from office_tables.layout import Layout
from office_tables.numbers import bare_heading, units_in
from office_tables.sheet import Sheet, letters
from office_tables.years import Period, periods_in

TOTAL = re.compile(r"(計|総数|総額|総計)$|^(total|sum)$", re.IGNORECASE)


@dataclass(frozen=True)
class Column:
    """One column: its place from 0, its heading from top to bottom, the units and periods the
    heading names.
    """

    place: int
    path: tuple[str, ...]
    units: tuple[str, ...]
    periods: tuple[Period, ...]

    @property
    def heading(self) -> str:
        """The heading on one line; a column without one is called by its letters."""
        return " / ".join(self.path) or f"column {letters(self.place + 1)}"

    @property
    def bare(self) -> tuple[str, ...]:
        """The texts of the path without units, brackets and spaces."""
        return tuple(filter(None, (bare_heading(text) for text in self.path)))

    @property
    def total(self) -> bool:
        """Whether the heading calls the column a total."""
        return bool(self.bare) and bool(TOTAL.search(self.bare[-1]))


def columns_of(sheet: Sheet, layout: Layout) -> list[Column]:
    """Return every column that has a heading or a figure, in order."""
    texts = [[cell.text for cell in sheet.rows[i]] for i in layout.headings]
    merged = [area for area in sheet.merged if area[0] - 1 in layout.headings]
    texts = _spread_merged(texts, merged, layout.headings) if merged else _spread(texts)
    columns = []
    for j in range(len(sheet.rows[0])):
        path = tuple(dict.fromkeys(row[j] for row in texts if row[j]))
        if path or any(not sheet.rows[i][j].blank for i in layout.body):
            units = tuple(dict.fromkeys(unit for text in path for unit in units_in(text)))
            periods = tuple(dict.fromkeys(period for text in path for period in periods_in(text)))
            columns.append(Column(j, path, units, periods))
    return columns


def _spread_merged(
    texts: list[list[str]], merged: list[tuple[int, int, int, int]], headings: tuple[int, ...]
) -> list[list[str]]:
    """Return heading texts with each merged area filled with the text of its first cell."""
    filled = [list(row) for row in texts]
    for top, left, bottom, right in merged:
        text = texts[headings.index(top - 1)][left - 1]
        for i in range(top - 1, bottom):
            if i in headings:
                filled[headings.index(i)][left - 1 : right] = [text] * (right - left + 1)
    return filled


def _spread(texts: list[list[str]]) -> list[list[str]]:
    """Return heading texts with a text carried right over blanks: above the last row, under one and
    the same parent.
    """
    filled = [list(row) for row in texts]
    for i, row in enumerate(filled[:-1]):
        for j in range(1, len(row)):
            below = any(texts[k][j] for k in range(i + 1, len(texts)))
            same_parent = all(not texts[k][j] for k in range(i))
            if not row[j] and below and same_parent and _reaches(texts, i, j):
                row[j] = row[j - 1]
    return filled


def _reaches(texts: list[list[str]], i: int, j: int) -> bool:
    """Say whether the heading left of a blank has headings of its own below: only then can it span
    several columns.
    """
    start = next((k for k in range(j - 1, -1, -1) if texts[i][k]), -1)
    return start >= 0 and any(texts[k][start] for k in range(i + 1, len(texts)))
