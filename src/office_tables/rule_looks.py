"""Where a sheet breaks a rule for machine-readable tables: one look for each rule, yielding the
places.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from office_tables.identity import same_names
from office_tables.names import PREFECTURES
from office_tables.numbers import MISSING, read_number, units_in
from office_tables.sheet import letters
from office_tables.sheet_parts import SheetParts
from office_tables.years import period_of, periods_in
from workbook.choices.faults import shown

TWO_NUMBERS = re.compile(r"\d[^\d,.\n]*[\s(（\[/／、~～][^\d]*\d")
SPACED = re.compile(r"^\s|\s$|[\r\n]|[^\x00-\xff]\s+[^\x00-\xff]")
DITTO = {"〃", "々", "同上", "同", '"', "''"}
# two encodings of one character, no other character on another machine
SAME_SHAPE = set("～－∥￠￡￢―")
SHORT_PREFECTURES = {name[:-1] for name in PREFECTURES if name != "北海道"}
ALLOWED_MARKS = {"X", "***"}
REMARKS = re.compile(r"備考|摘要|注記?$|note|remark", re.IGNORECASE)
ERA = re.compile(
    r"(?:令和|平成|昭和|大正|明治|(?<![A-Za-z])[RHS](?=[.\s]*(?:元|\d)))[.\s]*(?:元|\d{1,2})"
)


def _format(parts: SheetParts) -> Iterator[str]:
    sheet = parts.sheet
    if sheet.kind == "text" and (
        sheet.details.get("delimiter") != "comma" or not sheet.file.lower().endswith(".csv")
    ):
        yield f"{shown(sheet.file)}, cells parted by {sheet.details.get('delimiter')}"


def _several_data(parts: SheetParts) -> Iterator[str]:
    return (
        cell.place
        for cell in parts.figures()
        if cell.number is None
        and TWO_NUMBERS.search(cell.raw or cell.text)
        and not period_of(cell.text)
    )


def _characters(parts: SheetParts) -> Iterator[str]:
    """Yield numbers stored as text in a workbook, and numbers with anything but digits, point and
    minus in a text file.
    """
    for cell in parts.figures():
        try:
            read = cell.number is None and read_number(cell.text).value is not None
        except ValueError:
            read = cell.number is None and bool(re.search(r"\d", cell.text))
        if read and (
            parts.sheet.kind == "excel" or not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", cell.raw)
        ):
            yield cell.place


def _merged(parts: SheetParts) -> Iterator[str]:
    return (
        f"{letters(left)}{top}:{letters(right)}{bottom}"
        for top, left, bottom, right in parts.sheet.merged
    )


def _spaced(parts: SheetParts) -> Iterator[str]:
    return (
        cell.place for cell in parts.filled() if cell.number is None and SPACED.search(cell.raw)
    )


def _left_out(parts: SheetParts) -> Iterator[str]:
    """Yield columns of figures without a heading, headings that stand for their neighbours too,
    ditto marks, and labels left blank.
    """
    texts = [[cell.text for cell in parts.sheet.rows[i]] for i in parts.headings]
    merged = {
        (row, column)
        for top, left, bottom, right in parts.sheet.merged
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
    }
    for j in parts.numbers:
        for i, row in zip(parts.headings, texts, strict=True):
            above = any(texts[k][j] for k in range(texts.index(row)))
            if not row[j] and not above and (i + 1, j + 1) not in merged:
                yield f"{letters(j + 1)}{i + 1}"
        if not parts.headings:
            yield parts.column(j)
    for j in (j for j in range(len(parts.sheet.rows[0])) if j not in parts.numbers):
        remarks = any(REMARKS.search(row[j]) for row in texts)
        begun = (
            bool(parts.body)
            and not parts.sheet.rows[parts.body[0]][j].blank
            and j not in parts.identity
            and not remarks
        )
        yield from (
            cell.place
            for i in parts.body
            for cell in [parts.sheet.rows[i][j]]
            if cell.text in DITTO or (cell.blank and begun)
        )


def _formulas(parts: SheetParts) -> Iterator[str]:
    return (cell.place for row in parts.sheet.rows for cell in row if cell.formula)


def _objects(parts: SheetParts) -> Iterator[str]:
    if int(parts.sheet.details.get("objects", "0")):
        yield f"{parts.sheet.details['objects']} objects"


def _without_unit(parts: SheetParts) -> Iterator[str]:
    heads = {
        j: " ".join(parts.sheet.rows[i][j].text for i in parts.headings) for j in parts.numbers
    }
    above = [
        cell.text
        for i in range(min((*parts.headings, *parts.body), default=0))
        for cell in parts.sheet.rows[i]
    ]
    beside = [cell.text for i in (*parts.headings, *parts.body) for cell in parts.sheet.rows[i]]
    if any(units_in(text) for text in above) or any(
        "単位" in text or text.lower() == "unit" for text in beside
    ):
        return
    for j, heading in heads.items():
        spread = [
            units_in(parts.sheet.rows[i][k].text)
            for i in parts.headings
            for k in range(j + 1)
            if not any(parts.sheet.rows[i][m].text for m in range(k + 1, j + 1))
        ]
        if not units_in(heading) and not any(spread):
            yield parts.column(j)


def _platform_dependent(parts: SheetParts) -> Iterator[str]:
    return (
        cell.place
        for cell in parts.filled()
        if not cell.raw.isascii() and any(map(_own_to_a_platform, cell.raw))
    )


def _own_to_a_platform(character: str) -> bool:
    """Say whether a character is in the vendors' extension of JIS, or in no public standard at all.

    >>> [_own_to_a_platform(c) for c in "①㈱髙高～A"]
    [True, True, True, False, False, False]
    """
    if character in SAME_SHAPE or character.isascii():
        return False
    if 0xE000 <= ord(character) <= 0xF8FF:
        return True
    try:
        character.encode("cp932")
    except UnicodeEncodeError:
        return False
    try:
        character.encode("shift_jis")
    except UnicodeEncodeError:
        return True
    return False


def _era_alone(parts: SheetParts) -> Iterator[str]:
    for row in parts.sheet.rows:
        if not any(cell.number is None and ERA.search(cell.text) for cell in row):
            continue
        western = {period.year for cell in row for period in periods_in(ERA.sub(" ", cell.text))}
        for cell in row:
            if (
                ERA.search(cell.text)
                and not {period.year for period in periods_in(cell.text)} <= western
            ):
                yield cell.place


def _no_area(parts: SheetParts) -> Iterator[str]:
    if not parts.layout and parts.body and not parts.codes and not any(parts.names):
        yield "no column of area codes or names"
    yield from (
        cell.place
        for i in parts.body
        for cell in parts.sheet.rows[i]
        if cell.text in SHORT_PREFECTURES
    )


def _other_marks(parts: SheetParts) -> Iterator[str]:
    marks = {mark for own in MISSING.values() for mark in own} - ALLOWED_MARKS
    return (
        cell.place
        for cell in parts.figures()
        if cell.number is None and (cell.blank or cell.text in marks)
    )


def _divided(parts: SheetParts) -> Iterator[str]:
    if not parts.body:
        return
    first, last = min((*parts.headings, *parts.body)), max(parts.body)
    yield from (
        f"row {i + 1}"
        for i in range(first, last + 1)
        if all(cell.blank for cell in parts.sheet.rows[i])
    )
    used = [
        j
        for j in range(len(parts.sheet.rows[first]))
        if any(not parts.sheet.rows[i][j].blank for i in range(first, last + 1))
    ]
    yield from (parts.column(j) for j in range(used[0], used[-1]) if j not in used)


def _several_tables(parts: SheetParts) -> Iterable[str]:
    repeated = [
        f"row {i + 1}"
        for i, _, why in (parts.layout.dropped if parts.layout else ())
        if why == "the heading, repeated"
    ]
    names = parts.names[0]
    beside = max(parts.codes, [] if same_names(parts.sheet, names) else names, key=len)
    return repeated or ([parts.column(j) for j in beside] if len(beside) > 1 else [])


LOOKS: dict[str, Callable[[SheetParts], Iterable[str]]] = {
    "1-1": _format,
    "1-2": _several_data,
    "1-3": _characters,
    "1-4": _merged,
    "1-5": _spaced,
    "1-6": _left_out,
    "1-7": _formulas,
    "1-8": _objects,
    "1-9": _without_unit,
    "1-10": _platform_dependent,
    "1-11": _era_alone,
    "1-12": _no_area,
    "1-13": _other_marks,
    "2-1": _divided,
    "2-2": _several_tables,
}
