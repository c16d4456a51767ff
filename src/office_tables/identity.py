"""Which columns say whose figures a row holds, by code or name: found, or named by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from office_tables.local_codes import PREFECTURES, digits, has_check_digit, is_possible
from office_tables.names import (
    bare_name,
    is_kind_of_municipality,
    is_municipality_name,
    is_subtotal,
    without_prefix,
)
from office_tables.numbers import bare_heading
from office_tables.sheet import Cell, IntakeRefusal, Sheet, letters

CODE_HEADING = re.compile(r"コード|番号|code", re.IGNORECASE)
OF_MUNICIPALITIES = re.compile(r"団体|市区?町?村|区市|自治体|地域|area", re.IGNORECASE)
FIRST_ROWS = 30  # headings stand in them
JUDGED_ROWS = 4_000  # more than the nation's register has: they show what a column holds
MOSTLY = 0.8
REMEDY = (
    "name the one that counts with --column code=HEADING, "
    "or take the others away with --leave-out HEADING"
)


@dataclass(frozen=True)
class Identity:
    """The columns that name the municipality of a row, places from 0; -1 where there is none."""

    code: int = -1
    name: int = -1
    prefecture: int = -1

    @property
    def columns(self) -> set[int]:
        """Those there are."""
        return {self.code, self.name, self.prefecture} - {-1}

    def leading(self, row: tuple[Cell, ...]) -> tuple[Cell, ...]:
        """Return the cells up to the last that names a municipality: any may say total."""
        return row[: max(self.columns, default=-1) + 1]


def find_identity(sheet: Sheet, by_hand: str = "", without: Sequence[str] = ()) -> Identity:
    """Return the columns that name the municipalities: what the user named, else what the sheet
    says.

    ``by_hand`` is a heading or a column's letters, of codes or of names; it decides alone.
    ``without`` are headings of columns that are not to be read. Refused: a heading of no column or
    several, and columns that name different municipalities.
    """
    left_out = {j for heading in without for j in columns_called(sheet, heading, whole=True)}
    if by_hand:
        return _named_by_hand(sheet, by_hand, left_out)
    codes = [j for j in code_columns(sheet) if j not in left_out]
    names, prefectures = ([j for j in found if j not in left_out] for found in name_columns(sheet))
    if len(codes) > 1:
        raise _several(sheet, codes, "codes")
    if len(names) > 1 and not same_names(sheet, names):
        raise _several(sheet, names, "names: two tables side by side")
    code = codes[0] if codes else -1
    name = names[-1] if names else _headed_name(sheet, left_out | {code})
    return _with_prefecture(code, name, prefectures)


def _with_prefecture(code: int, name: int, prefectures: Sequence[int]) -> Identity:
    return Identity(code, name, next((j for j in prefectures if j != name), -1))


def _named_by_hand(sheet: Sheet, heading: str, left_out: set[int]) -> Identity:
    found = columns_called(sheet, heading)
    if len(found) != 1:
        said = f"--column code={heading} names {'several columns' if found else 'no column'}"
        there = _listed(sheet, found or range(len(sheet.rows[0])))
        raise sheet.refusal(said, f"columns: {there}")
    [place] = found
    names, prefectures = ([j for j in those if j not in left_out] for those in name_columns(sheet))
    headed = place not in names and CODE_HEADING.search(sheet_heading(sheet, place))
    if _coded(sheet, place) or headed:
        name = names[-1] if names and same_names(sheet, names) else -1
        return _with_prefecture(place, name, prefectures)
    return _with_prefecture(-1, place, prefectures)


def _coded(sheet: Sheet, place: int) -> bool:
    cells = [row[place].text for row in sheet.rows if row[place].text]
    return 2 * sum(bool(digits(text)) for text in cells) >= len(cells)


def _several(sheet: Sheet, places: Sequence[int], what: str) -> IntakeRefusal:
    said = f"has {len(places)} columns of {what} ({_listed(sheet, places)})"
    return sheet.refusal(said, REMEDY)


def _listed(sheet: Sheet, places: Sequence[int]) -> str:
    return ", ".join(f"{letters(j + 1)} {sheet_heading(sheet, j)}" for j in places)


def columns_called(sheet: Sheet, heading: str, whole: bool = False) -> list[int]:
    """Return the columns of this letter or heading; of a part of one, unless ``whole``."""
    width = range(len(sheet.rows[0]) if sheet.rows else 0)
    bare = _called(heading)
    texts = [{_called(text) for text in _heading_texts(sheet, j)} for j in width]
    return (
        [j for j in width if heading.upper() == letters(j + 1)]
        or [j for j in width if bare in texts[j]]
        or [j for j in width if not whole and any(bare in text for text in texts[j])]
    )


def _called(text: str) -> str:
    """Return a heading without its unit; 団体 is a unit as well, and yet heads columns."""
    return bare_heading(text) or text


def _heading_texts(sheet: Sheet, place: int) -> list[str]:
    """Return the texts of a column above its first figure or name; a row of one cell is a title."""
    found = []
    for row in sheet.rows[:FIRST_ROWS]:
        cell = row[place].text
        if digits(cell) or is_municipality_name(cell) or re.fullmatch(r"[-△▲]?[\d,.]+", cell):
            break
        if cell and sum(not other.blank for other in row) > 1:
            found.append(cell)
    return found


def sheet_heading(sheet: Sheet, place: int) -> str:
    """Return the lowest heading of a column: how a user would call it."""
    return next(reversed(_heading_texts(sheet, place)), "")


@lru_cache(maxsize=1)
def code_columns(sheet: Sheet) -> tuple[int, ...]:
    """Return the columns of codes: most cells are valid codes, or the heading says so.

    Of several, those of valid codes under such a heading count, then those of codes under one. The
    trap: numbers of businesses, regions or times stand under コード or 番号 as well.
    """
    ranks = [_code_rank(sheet, j) for j in range(len(sheet.rows[0]) if sheet.rows else 0)]
    best = max(ranks, default=0)
    return tuple(j for j, rank in enumerate(ranks) if rank and rank == best)


def _code_rank(sheet: Sheet, j: int) -> int:
    """Return how surely a column holds codes: 3 valid and headed so, 2 headed, 1 valid, 0 not."""
    cells = [row[j].text for row in sheet.rows[:JUDGED_ROWS] if row[j].text]
    codes = [code for text in cells if (code := digits(text))]
    headings = [text for text in cells[:20] if not digits(text) and CODE_HEADING.search(text)]
    written = [code for code in codes if code.strip("0")]
    valid = bool(written) and sum(map(_may_be_code, written)) >= MOSTLY * len(written)
    if not codes or (
        not headings and (len(codes) < 2 or not valid or len(codes) < 0.4 * len(cells))
    ):
        return 0
    numbered = any("番号" in text for text in headings)
    if numbered and not valid and not any(map(OF_MUNICIPALITIES.search, headings)):
        return 0  # a number of something else
    checked = sum(has_check_digit(code.zfill(6)) for code in codes) >= MOSTLY * len(codes)
    if not headings:
        return 1 if checked else 0
    return 3 if valid else 2


def _may_be_code(code: str) -> bool:
    """Say whether digits are a municipality's: with their check digit, or five without one."""
    return bool(code) and (has_check_digit(code.zfill(6)) or (len(code) == 5 and is_possible(code)))


@lru_cache(maxsize=1)
def name_columns(sheet: Sheet) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the columns of names and those of prefectures."""
    names, prefectures = [], []
    for j in range(len(sheet.rows[0]) if sheet.rows else 0):
        cells = (row[j] for row in sheet.rows[:JUDGED_ROWS])
        bare = [bare_name(cell.text) for cell in cells if cell.text and cell.number is None]
        called = sum(is_municipality_name(text) and text not in PREFECTURES for text in bare)
        lands = sum(text in PREFECTURES for text in bare)
        if called and called >= 0.3 * len(bare):
            names.append(j)
        elif lands and lands >= 0.3 * len(bare):
            prefectures.append(j)
    return tuple(names), tuple(prefectures)


def same_names(sheet: Sheet, places: Sequence[int]) -> bool:
    """Say whether columns of names call every row by one name: 神奈川県 横浜市 next to 横浜市.

    With figures between them they are two tables side by side, whatever they say.
    """
    first, last = min(places, default=0), max(places, default=0)
    between = [cell.text for row in sheet.rows for cell in row[first:last]]
    if any(re.fullmatch(r"[\d,.]+", text) and not _may_be_code(digits(text)) for text in between):
        return False
    texts = (
        [row[j].text for j in places if is_municipality_name(row[j].text)] for row in sheet.rows
    )
    return all(len({without_prefix(bare_name(text))[1] for text in row}) <= 1 for row in texts)


def _headed_name(sheet: Sheet, left_out: set[int]) -> int:
    """Return the column whose heading says that it holds names, written in whatever form."""
    for row in sheet.rows[:FIRST_ROWS]:
        if sum(not cell.blank for cell in row) < 2:
            continue  # a title
        for j, cell in enumerate(row):
            bare = bare_name(cell.text)
            of_prefectures = bare.removesuffix("名") == "都道府県"
            if (
                j not in left_out
                and len(bare) > 1
                and is_kind_of_municipality(bare)
                and not of_prefectures
            ):
                return j
    return -1


def filled_down(sheet: Sheet, identity: Identity) -> Sheet:
    """Return the sheet with every text that is merged over several rows standing in each of them.

    A municipality's name merged over its six rows names all six. A number is not repeated, unless
    it is a code: merged over two municipalities it would be counted twice.
    """
    tall = list(_tall(sheet, identity))
    if not tall:
        return sheet
    rows = [list(row) for row in sheet.rows]
    for top, left, bottom in tall:
        first = rows[top - 1][left - 1]
        for i in range(top, min(bottom, len(rows))):
            rows[i][left - 1] = first._replace(row=i + 1)
    return replace(sheet, rows=tuple(map(tuple, rows)))


def _tall(sheet: Sheet, identity: Identity) -> Iterator[tuple[int, int, int]]:
    first = next(
        (
            i
            for i, row in enumerate(sheet.rows)
            if any(_says_whom(row[j].text) for j in identity.columns)
        ),
        len(sheet.rows),
    )
    for top, left, bottom, _ in sheet.merged:
        if bottom > top > first and left <= len(sheet.rows[0]):
            cell = sheet.rows[top - 1][left - 1]
            if not cell.blank and (cell.number is None or left - 1 in identity.columns):
                yield top, left, bottom


def _says_whom(text: str) -> bool:
    return bool(digits(text)) or is_municipality_name(text) or is_subtotal(text)
