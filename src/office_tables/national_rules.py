"""The national rules for machine-readable statistical tables, and which of them a sheet breaks.

総務省「統計表における機械判読可能なデータの表記方法の統一ルール」（2020）: fifteen points, in words
of our own. Only what a machine can see is held; whether an abbreviated item name is understood, for
one, a reader must say.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from office_tables.identity import code_columns, find_identity, name_columns, same_names
from office_tables.layout import Layout, find_layout
from office_tables.local_codes import PREFECTURES
from office_tables.numbers import MISSING, period_of, periods_in, read_number, units_in
from office_tables.sheet import Cell, IntakeRefusal, Sheet, letters
from workbook.choices.faults import shown

LABELS = re.compile(r"コード|番号|code|連番|通番|^no\.?$|^id$|^順位$", re.IGNORECASE)


class SheetParts:
    """A sheet by its parts: headings, rows of the table, columns of numbers."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.codes, self.names = code_columns(sheet), name_columns(sheet)
        self.layout = _layout(sheet)
        self.headings, self.rows = (
            (self.layout.headings, self.layout.rows) if self.layout else _by_figures(sheet)
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
        filled = [self.sheet.rows[i][j] for i in self.rows if not self.sheet.rows[i][j].blank]
        return bool(filled) and sum(number_like(cell) for cell in filled) > len(filled) / 2

    def filled(self) -> Iterator[Cell]:
        """Yield every cell of headings and table with something in it; titles and footnotes are
        sentences.
        """
        return (
            cell
            for i in (*self.headings, *self.rows)
            for cell in self.sheet.rows[i]
            if not cell.blank
        )

    def figures(self) -> Iterator[Cell]:
        """Yield the cells of the columns of numbers."""
        return (self.sheet.rows[i][j] for i in self.rows for j in self.numbers)

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
            bool(parts.rows)
            and not parts.sheet.rows[parts.rows[0]][j].blank
            and j not in parts.identity
            and not remarks
        )
        yield from (
            cell.place
            for i in parts.rows
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
        for i in range(min((*parts.headings, *parts.rows), default=0))
        for cell in parts.sheet.rows[i]
    ]
    side_by_side = [
        cell.text for i in (*parts.headings, *parts.rows) for cell in parts.sheet.rows[i]
    ]
    if any(units_in(text) for text in above) or any(
        "単位" in text or text.lower() == "unit" for text in side_by_side
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
    if not parts.layout and parts.rows and not parts.codes and not any(parts.names):
        yield "no column of area codes or names"
    yield from (
        cell.place
        for i in parts.rows
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
    if not parts.rows:
        return
    first, last = min((*parts.headings, *parts.rows)), max(parts.rows)
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
    side_by_side = max(parts.codes, [] if same_names(parts.sheet, names) else names, key=len)
    return repeated or ([parts.column(j) for j in side_by_side] if len(side_by_side) > 1 else [])


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


SHOWN_PLACES = 6
RULES = {
    "1-1": ("ファイル形式はExcelかCSV", "the file is Excel or CSV"),
    "1-2": ("1セル1データ", "one datum in a cell"),
    "1-3": ("数値は数値属性、文字を含めない", "numbers are numbers, without characters"),
    "1-4": ("セルを結合しない", "no merged cells"),
    "1-5": ("空白や改行で体裁を整えない", "no spaces or line breaks for looks"),
    "1-6": ("項目名を省略しない", "no item name left out"),
    "1-7": ("数式は数値に直す", "values in place of formulas"),
    "1-8": ("図形などを使わない", "no drawn objects"),
    "1-9": ("単位を記す", "units are named"),
    "1-10": ("機種依存文字を使わない", "no platform-dependent characters"),
    "1-11": (
        "時間は西暦かコード、和暦には西暦を添える",
        "years are Western or codes; an era year has the Western one with it",
    ),
    "1-12": ("地域コードか地域名を記す", "area codes or full area names"),
    "1-13": ("数値の列の記号は秘匿Xと***に限る", "in columns of numbers no marks but X and ***"),
    "2-1": ("データを分断しない", "no blank row or column inside the table"),
    "2-2": ("1シートに1表", "one table on a sheet"),
}


@dataclass(frozen=True)
class Broken:
    """A rule that a sheet breaks, and where: places as a spreadsheet names them."""

    rule: str
    places: tuple[str, ...]

    def __str__(self) -> str:
        ja, en = RULES[self.rule]
        more = (
            f" and {len(self.places) - SHOWN_PLACES} more"
            if len(self.places) > SHOWN_PLACES
            else ""
        )
        return f"{self.rule} {ja} ({en}): {', '.join(self.places[:SHOWN_PLACES])}{more}"


def broken_rules(sheet: Sheet) -> list[Broken]:
    """Return the rules that a sheet breaks, in their order; every place is named.

    A sheet that holds no municipality is checked too: then the first row with a figure begins the
    table.
    """
    parts = SheetParts(sheet)
    found = {rule: tuple(dict.fromkeys(look(parts))) for rule, look in LOOKS.items()}
    return [Broken(rule, found[rule]) for rule in RULES if found[rule]]


def lines_of(broken: list[Broken]) -> list[str]:
    """Return the broken rules as a user reads them, one line a rule."""
    if not broken:
        return [
            f"national rules for machine-readable tables (2020): none of {len(RULES)} is broken, as"
            " far as a machine can see"
        ]
    return [
        f"national rules for machine-readable tables (2020): {len(broken)} of {len(RULES)} broken",
        *(f"rule {rule}" for rule in broken),
    ]
