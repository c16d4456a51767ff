"""Where the table lies in a sheet: title lines, heading rows, rows of bodies, footnotes; refused where that is unclear."""

from __future__ import annotations

import re
from dataclasses import dataclass

from analysis.workbook.intake.bodies import digits, has_check_digit
from analysis.workbook.intake.names import HEADING_WORDS, PREFECTURES, bare_name, is_body_name, is_subtotal, without_prefix
from analysis.workbook.intake.numbers import NAMED, read_number
from analysis.workbook.intake.sheet import Cell, IntakeRefusal, Sheet
from analysis.workbook.intake.years import period_of

MOST_HEADING_ROWS = 6
CODE_HEADING = re.compile(r"コード|番号|code", re.IGNORECASE)
FOOTNOTE = re.compile(r"^(\(?\[?注|※|\*|資料|出典|出所|備考|source|note)", re.IGNORECASE)


@dataclass(frozen=True)
class Layout:
    """The parts of a sheet. Columns are places from 0; -1 where there is none. Rows are places from 0, in order."""

    code: int
    name: int
    prefecture: int
    headings: tuple[int, ...]
    body: tuple[int, ...]
    titles: tuple[str, ...]
    footnotes: tuple[str, ...]
    dropped: tuple[tuple[int, str, str], ...]   # place of the row, its text, why it is left out

    @property
    def identity(self) -> set[int]:
        """The columns that say which body a row is about."""
        return {self.code, self.name, self.prefecture} - {-1}


def find_layout(sheet: Sheet) -> Layout:
    """Return where everything stands. The first row that names a body or a total begins the table; above it are headings."""
    code, name, prefecture = _code_column(sheet), *_name_columns(sheet)
    if code < 0 and name < 0:
        _refuse_without_bodies(sheet)
    identity = {code, name, prefecture} - {-1}
    starts = [i for i, row in enumerate(sheet.rows) if _names_someone(row, code, name, prefecture) and _has_figures(row, identity)]
    if not starts:
        raise IntakeRefusal([sheet.fault(None, "has bodies, but no figures beside them", "keep the figures in the rows of the bodies")])
    first, last = starts[0], max([starts[-1], *(i for i, row in enumerate(sheet.rows) if _names_one_body(row, code, name))])
    while first and _names_someone(sheet.rows[first - 1], code, name, prefecture):
        first -= 1   # a body without a figure is no heading: taken for one, it would be lost without a word
    headings = _heading_rows(sheet, first)
    top = headings[0] if headings else first
    titles = tuple(cell.text for row in sheet.rows[:top] for cell in row if not cell.blank)
    body, dropped, faults = [], [], []
    heading_texts = {tuple(c.text for c in sheet.rows[i]) for i in headings}
    for i in range(first, last + 1):
        row = sheet.rows[i]
        if all(cell.blank for cell in row):
            continue
        if _names_someone(row, code, name, prefecture) or any(not row[j].blank for j in identity - {prefecture}):
            if tuple(c.text for c in row) in heading_texts:
                dropped.append((i, _text(row), "the heading, repeated"))
            elif _has_figures(row, identity) or _names_one_body(row, code, name):
                body.append(i)   # one body without a figure counts: dropped, a figure that was spoilt would be lost with its row
            else:
                dropped.append((i, _text(row), "a line without figures"))
        elif _has_figures(row, identity):
            faults.append(sheet.fault(i + 1, "has figures but names no body", "write the body's code or name into the row"))
        else:
            dropped.append((i, _text(row), "a line without figures"))
    footnotes, more = _after(sheet, last, identity)
    faults += more
    if faults:
        raise IntakeRefusal(faults)
    return Layout(code, name, prefecture, headings, tuple(body), titles, footnotes, tuple(dropped))


def _text(row: tuple[Cell, ...]) -> str:
    return " ".join(cell.text for cell in row if not cell.blank)[:120]


def _names_someone(row: tuple[Cell, ...], code: int, name: int, prefecture: int) -> bool:
    if code >= 0 and digits(row[code].text):
        return True
    label = row[name].text if name >= 0 else ""
    if label and bare_name(label) not in HEADING_WORDS and (is_body_name(label) or is_subtotal(label)):
        return True
    return prefecture >= 0 and (bare_name(row[prefecture].text) in PREFECTURES or is_subtotal(row[prefecture].text))


def _names_one_body(row: tuple[Cell, ...], code: int, name: int) -> bool:
    if code >= 0 and digits(row[code].text):
        return True
    label = row[name].text if name >= 0 else ""
    return is_body_name(label) and not is_subtotal(label) and not FOOTNOTE.match(label)


def _is_figure(cell: Cell) -> bool:
    if cell.number is not None:
        return True
    try:
        return not period_of(cell.text) and read_number(cell.text).value is not None
    except ValueError:
        return bool(re.match(r"[-△▲(]?[\d,.]{2,}", cell.text)) and not period_of(cell.text) and not FOOTNOTE.match(cell.text)


def _has_figures(row: tuple[Cell, ...], identity: set[int]) -> bool:
    """Say whether a row has a figure, or a mark for a missing one, outside the columns that name its body."""
    others = [cell for j, cell in enumerate(row) if j not in identity]
    return any(_is_figure(cell) for cell in others) or sum(_is_mark(cell) for cell in others) > 0


def _is_mark(cell: Cell) -> bool:
    try:
        return bool(cell.text) and read_number(cell.text).missing not in ("", "blank")
    except ValueError:
        return False


def code_columns(sheet: Sheet) -> list[int]:
    """Return the columns of codes: most cells are valid codes, or the heading says so; headed ones alone where there are any."""
    found = []
    for j in range(len(sheet.rows[0]) if sheet.rows else 0):
        cells = [row[j].text for row in sheet.rows if row[j].text]
        codes = [digits(text) for text in cells if digits(text)]
        valid = sum(has_check_digit(code.zfill(6)) for code in codes)
        headed = any(CODE_HEADING.search(text) for text in cells[:20] if not digits(text))
        if codes and (headed or (len(codes) >= 2 and valid >= 0.8 * len(codes) and len(codes) >= 0.4 * len(cells))):
            found.append((j, headed))
    return [j for j, headed in found if headed] or [j for j, _ in found]


def _code_column(sheet: Sheet) -> int:
    columns = code_columns(sheet)
    if len(columns) > 1:
        raise IntakeRefusal([sheet.fault(None, f"has {len(columns)} columns of codes", "put one table into the sheet, one body in a row")])
    return columns[0] if columns else -1


def name_columns(sheet: Sheet) -> tuple[list[int], list[int]]:
    """Return the columns of names and those of prefectures."""
    names, prefectures = [], []
    for j in range(len(sheet.rows[0]) if sheet.rows else 0):
        bare = [bare_name(row[j].text) for row in sheet.rows if row[j].text]
        called = sum(is_body_name(text) and text not in PREFECTURES for text in bare)
        lands = sum(text in PREFECTURES for text in bare)
        if called and called >= 0.3 * len(bare):
            names.append(j)
        elif lands and lands >= 0.3 * len(bare):
            prefectures.append(j)
    return names, prefectures


def _name_columns(sheet: Sheet) -> tuple[int, int]:
    """Return the column of names and that of prefectures; two columns of names are two tables side by side, and refused."""
    names, prefectures = name_columns(sheet)
    if len(names) > 1:
        raise IntakeRefusal([sheet.fault(None, f"has {len(names)} columns of names: two tables side by side",
                                         "put one table into the sheet, one body in a row")])
    name = names[0] if names else _headed_name(sheet)
    return name, prefectures[0] if prefectures and prefectures[0] != name else -1


def _headed_name(sheet: Sheet) -> int:
    """Return the column whose heading says that it holds names, written in whatever form."""
    for row in sheet.rows[:30]:
        for j, cell in enumerate(row):
            if bare_name(cell.text) in HEADING_WORDS - {"都道府県", "市", "町", "村", "区", "計"}:
                return j
    return -1


def _heading_rows(sheet: Sheet, first: int) -> tuple[int, ...]:
    """Return the rows of headings above the first body: up to a blank row, a title line, or a line that names a unit."""
    rows = []
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
            faults.append(sheet.fault(i + 1, "has figures but names no body", "write the body's code or name into the row, or delete the row"))
        elif text:
            notes.append(text)
    return tuple(notes), faults


def _refuse_without_bodies(sheet: Sheet) -> None:
    across = max((sum(is_body_name(without_prefix(bare_name(c.text))[1]) for c in row) for row in sheet.rows), default=0)
    if across >= 2:
        raise IntakeRefusal([sheet.fault(None, "has the bodies side by side, one in a column", "turn the table: one body in a row")])
    raise IntakeRefusal([sheet.fault(None, "has no column of municipality codes or names",
                                     "give each row the body's code (six digits) or its name")])
