"""Where the table lies in a sheet: title lines, heading rows, rows of municipalities, footnotes;
and what its columns are called. Refused where that is unclear.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from office_tables.identity import CODE_HEADING, Identity
from office_tables.local_codes import digits
from office_tables.names import (
    bare_name,
    is_municipality_name,
    is_subtotal,
    is_total_label,
    labels_together,
    without_prefix,
)
from office_tables.numbers import (
    IN_BRACKETS,
    NAMED,
    Period,
    bare_heading,
    period_of,
    periods_in,
    read_number,
    units_in,
)
from office_tables.sheet import Cell, IntakeRefusal, Sheet, letters
from workbook.choices.faults import Fault

MOST_HEADING_ROWS = 6
FOOTNOTE = re.compile(r"^(\(?\[?注|※|\*|資料|出典|出所|備考|source|note)", re.IGNORECASE)


@dataclass(frozen=True)
class Layout:
    """The parts of a sheet. Rows are places from 0, in order."""

    who: Identity
    headings: tuple[int, ...]
    rows: tuple[int, ...]
    titles: tuple[str, ...]
    footnotes: tuple[str, ...]
    dropped: tuple[tuple[int, str, str], ...]  # place of the row, its text, why it is left out

    @property
    def identity(self) -> set[int]:
        """The columns that say which municipality a row is about."""
        return self.who.columns


def find_layout(sheet: Sheet, identity: Identity) -> Layout:
    """Return where everything stands. The first row that names a municipality or a total begins the
    table; above it are headings.
    """
    if identity.code < 0 and identity.name < 0:
        _refuse_without_municipalities(sheet)
    starts = [
        i
        for i, row in enumerate(sheet.rows)
        if _names_someone(row, identity) and _has_figures(row, identity)
    ]
    if not starts:
        raise sheet.refusal(
            "has municipalities, but no figures beside them",
            "keep the figures in the rows of the municipalities",
        )
    first, last = (
        starts[0],
        max([starts[-1], *(i for i, row in enumerate(sheet.rows) if _names_one(row, identity))]),
    )
    while first and _belongs_to_table(sheet.rows[first - 1], identity):
        # a municipality without a figure is no heading: taken for one, it would be lost silently
        first -= 1
    headings = _heading_rows(sheet, first)
    top = headings[0] if headings else first
    titles = tuple(cell.text for row in sheet.rows[:top] for cell in row if not cell.blank)
    kept, dropped, faults = _rows_of_table(sheet, identity, headings, range(first, last + 1))
    footnotes, more = _after(sheet, last, identity.columns)
    if faults or more:
        raise IntakeRefusal([*faults, *more])
    return Layout(identity, headings, tuple(kept), titles, footnotes, tuple(dropped))


def _rows_of_table(
    sheet: Sheet, identity: Identity, headings: tuple[int, ...], places: range
) -> tuple[list[int], list[tuple[int, str, str]], list[Fault]]:
    """Return the rows of municipalities and totals, the rows dropped and why, and the faults of
    rows that name no one.
    """
    kept, dropped, faults = [], [], []
    heading_texts = {tuple(c.text for c in sheet.rows[i]) for i in headings}
    for i in places:
        row = sheet.rows[i]
        figures = _has_figures(row, identity)
        if all(cell.blank for cell in row):
            continue
        if _names_someone(row, identity) or any(
            not row[j].blank for j in identity.columns - {identity.prefecture}
        ):
            if tuple(c.text for c in row) in heading_texts:
                dropped.append((i, _text(row), "the heading, repeated"))
            elif figures or _names_one(row, identity):
                # a municipality without a figure counts: if its row were dropped, a damaged figure
                # would be lost with it
                kept.append(i)
            else:
                dropped.append((i, _text(row), "a line without figures"))
        elif figures:
            faults.append(
                sheet.fault(
                    i + 1,
                    "has figures but names no municipality",
                    "write the municipality's code or name into the row",
                )
            )
        else:
            dropped.append((i, _text(row), "a line without figures"))
    return kept, dropped, faults


def _text(row: tuple[Cell, ...]) -> str:
    return " ".join(cell.text for cell in row if not cell.blank)[:120]


def _names_someone(row: tuple[Cell, ...], identity: Identity) -> bool:
    if identity.code >= 0 and digits(row[identity.code].text):
        return True
    if identity.name >= 0 and is_municipality_name(row[identity.name].text):
        return True
    return any(is_total_label(cell.text) for cell in identity.leading(row)) or _names_several(
        row, identity
    )


def _names_several(row: tuple[Cell, ...], identity: Identity) -> bool:
    """Say whether a column of names or codes holds a total; 町村 and the name of a group
    head a column as often.
    """
    texts = (row[j].text for j in identity.columns)
    heads = ("町村", *labels_together())
    return any(is_subtotal(text) and bare_name(text) not in heads for text in texts)


def _names_one(row: tuple[Cell, ...], identity: Identity) -> bool:
    if identity.code >= 0 and digits(row[identity.code].text):
        return True
    label = row[identity.name].text if identity.name >= 0 else ""
    return is_municipality_name(label) and not is_subtotal(label) and not FOOTNOTE.match(label)


def _belongs_to_table(row: tuple[Cell, ...], identity: Identity) -> bool:
    """Say whether a row without figures is one of the table's: it names a municipality, and no
    column by a code's name or a unit.
    """
    if identity.code >= 0 and CODE_HEADING.search(row[identity.code].text):
        return False
    if any(
        IN_BRACKETS.search(cell.text) for j, cell in enumerate(row) if j not in identity.columns
    ):
        return False
    named = replace(identity, code=-1)  # a title stands in the first column
    return _names_one(row, identity) or _names_several(row, named)


def _is_figure(cell: Cell) -> bool:
    if cell.number is not None:
        return True
    try:
        return not period_of(cell.text) and read_number(cell.text).value is not None
    except ValueError:
        return (
            bool(re.match(r"[-△▲(]?[\d,.]{2,}", cell.text))
            and not period_of(cell.text)
            and not FOOTNOTE.match(cell.text)
        )


def _has_figures(row: tuple[Cell, ...], identity: Identity) -> bool:
    """Say whether a row has a figure, or a mark for a missing one, outside the columns that name
    its municipality.
    """
    naming = identity.columns
    return any(_is_figure(cell) or _is_mark(cell) for j, cell in enumerate(row) if j not in naming)


def _is_mark(cell: Cell) -> bool:
    try:
        return bool(cell.text) and read_number(cell.text).missing not in ("", "blank")
    except ValueError:
        return False


def _heading_rows(sheet: Sheet, first: int) -> tuple[int, ...]:
    """Return the rows of headings above the first municipality: up to a blank row, a title line, or
    a line that names a unit.
    """
    rows: list[int] = []
    for i in range(first - 1, max(-1, first - 1 - MOST_HEADING_ROWS), -1):
        filled = [j for j, cell in enumerate(sheet.rows[i]) if not cell.blank]
        texts = [sheet.rows[i][j].text for j in filled]
        title = len(filled) == 1 and filled[0] == 0 and bool(rows)
        if not filled or title or any(NAMED.search(text) and len(filled) <= 2 for text in texts):
            break
        rows.append(i)
    return tuple(reversed(rows))


def _after(sheet: Sheet, last: int, identity: set[int]) -> tuple[tuple[str, ...], list]:
    notes, faults = [], []
    for i in range(last + 1, len(sheet.rows)):
        row = sheet.rows[i]
        text = _text(row)
        figures = [cell for j, cell in enumerate(row) if j not in identity and _is_figure(cell)]
        if figures and not FOOTNOTE.match(text):
            faults.append(
                sheet.fault(
                    i + 1,
                    "has figures but names no municipality",
                    "write the municipality's code or name into the row, or delete the row",
                )
            )
        elif text:
            notes.append(text)
    return tuple(notes), faults


def _refuse_without_municipalities(sheet: Sheet) -> None:
    across = max(
        (
            sum(is_municipality_name(without_prefix(bare_name(c.text))[1]) for c in row)
            for row in sheet.rows
        ),
        default=0,
    )
    if across >= 2:
        raise sheet.refusal(
            "has the municipalities side by side, one in a column",
            "turn the table: one municipality in a row",
        )
    raise sheet.refusal(
        "has no column of municipality codes or names",
        "give each row the municipality's code (six digits) or its name",
    )


TOTAL = re.compile(  # of a heading without spaces, perhaps with its year
    r"(計|総数|総額|総計)$|^(total|sum)(fy)?\d*$|\d(total|sum)$", re.IGNORECASE
)


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
        if path or any(not sheet.rows[i][j].blank for i in layout.rows):
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
