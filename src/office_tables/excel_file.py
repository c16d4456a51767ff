"""An Excel workbook, read and never run: no formula is evaluated, no link is followed, no archive
is unpacked unmeasured.

Only the sheet that is asked for is loaded, once, row by row; of the others no more is read than
shows whether they hold anything.
"""

from __future__ import annotations

import datetime as dt
import gc
import io
import re
import warnings
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

from openpyxl.worksheet._reader import FORMULA_TAG, VALUE_TAG, WorkSheetParser, _cast_number

from office_tables.numbers import periods_in
from office_tables.sheet import Cell, IntakeRefusal, Sheet, column_of, letters, plain_text, refusal
from workbook.choices.faults import Fault, shown


class RowParser(WorkSheetParser):
    """A reader of one sheet's rows; ``form_of`` gives the number format of a style.

    Nine cells of ten hold a plain number and stand where the next one is due: those it settles by
    itself, in half of the time. Every other cell is openpyxl's to settle.
    """

    def __init__(self, form_of: Callable[[int], str], **settings: Any) -> None:
        super().__init__(None, data_only=True, **settings)
        self._form_of = form_of
        self._forms: dict[int, str] = {}
        self.formulas: dict[tuple[int, int], str] = {}

    def parse_cell(self, element: Any) -> Cell:
        """Return a cell; where nothing is stored in it, its ``raw`` is blank."""
        row, column = self.row_counter, self.col_counter + 1
        stored, style = element.findtext(VALUE_TAG), int(element.get("s", 0))
        if (
            stored
            and element.get("t", "n") == "n"
            and element.get("r") == f"{letters(column)}{row}"
            and style not in self.date_formats
        ):
            self.col_counter, value = column, _cast_number(stored)
        else:
            found = super().parse_cell(element)
            row, column, value = found["row"], found["column"], found["value"]
        formula = bool(len(element) > 1 or not stored) and self._noted(row, column, element)
        if value is None:
            return Cell(row, column, "", formula=formula)
        form = self._form(style)
        text, number = as_written(value, form)
        return Cell(row, column, text, number, form, formula, str(value))

    def _noted(self, row: int, column: int, element: Any) -> bool:
        """Keep a cell's formula, and say whether it has one."""
        formula = element.find(FORMULA_TAG)
        if formula is not None:
            self.formulas[row, column] = formula.text or ""
        return formula is not None

    def _form(self, style: int) -> str:
        if style not in self._forms:
            self._forms[style] = self._form_of(style)
        return self._forms[style]


def as_written(value: Any, form: str) -> tuple[str, Decimal | None]:
    """Return a stored value's text and number; whole numbers keep the leading zeros that their
    format shows.

    >>> as_written(1002, "000000"), as_written(0.5, "0%"), as_written(True, "General")
    (('001002', Decimal('1002')), ('0.5', Decimal('0.5')), ('TRUE', None))
    """
    if isinstance(value, bool):
        return str(value).upper(), None
    if isinstance(value, int):
        return _with_zeros(str(value), form), Decimal(value)
    if isinstance(value, float):
        number = Decimal(repr(value))
        if not value.is_integer():
            return f"{number:f}" if number.is_finite() else str(number), number
        number = number.quantize(Decimal(1)) if abs(value) < 1e20 else number
        return _with_zeros(f"{number:f}", form), number
    if isinstance(value, dt.datetime):
        return value.date().isoformat(), None
    if isinstance(value, (dt.date, dt.time, dt.timedelta)):
        return str(value), None
    return plain_text(str(value)), None


def _with_zeros(whole: str, form: str) -> str:
    """Return a whole number with the leading zeros that a format of nothing but zeros shows.

    >>> _with_zeros("1002", "000000"), _with_zeros("1002", "#,##0"), _with_zeros("-2", "000")
    ('001002', '1002', '-2')
    """
    zeros_only = not form.strip("0") and not whole.startswith("-")
    return whole.zfill(len(form)) if zeros_only else whole


LARGEST_UNPACKED = 64 * 1024 * 1024
MOST_PARTS = 2_000
MOST_CELLS = 2_000_000
EXTERNAL = re.compile(r"\[[^\]]+\][^!]*!|\b(WEBSERVICE|DDE|HYPERLINK|RTD|CALL)\s*\(", re.IGNORECASE)
AREA = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7}):\$?([A-Z]{1,3})\$?([0-9]{1,7})")
TRUE = ("1", "true")
NOTED = {"drawing", "col", "mergeCell", "hyperlink"}
SAVE_AGAIN = "open it in a spreadsheet program and save it again as .xlsx"


@dataclass
class Loaded:
    """A sheet as it is stored: its cells by row and column, and what stands around them."""

    cells: defaultdict[int, dict[int, Cell]] = field(default_factory=lambda: defaultdict(dict))
    formulas: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    spanned: int = 0  # cells of merged and linked areas
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[str] = field(default_factory=list)
    drawings: int = 0


class Book:
    """The parts of a workbook: which sheets there are, and a sheet's rows when asked for."""

    def __init__(self, content: bytes) -> None:
        from openpyxl.reader.excel import ExcelReader
        from openpyxl.styles.stylesheet import apply_stylesheet

        self.reader = ExcelReader(
            io.BytesIO(content), read_only=True, data_only=True, keep_links=False
        )
        self.reader.read_manifest()
        self.reader.read_strings()
        self.reader.read_workbook()  # and no worksheet: openpyxl would look into every one
        apply_stylesheet(self.reader.archive, self.reader.wb)
        self.sheets = {
            sheet.name: (rel.target, sheet.state)
            for sheet, rel in self.reader.parser.find_sheets()
            if rel.target in self.reader.valid_files and "chartsheet" not in rel.Type
        }

    def form(self, style: int) -> str:
        """Return the number format of a style."""
        from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE

        number = self.reader.wb._cell_styles[style].numFmtId
        if number < BUILTIN_FORMATS_MAX_SIZE:
            return BUILTIN_FORMATS.get(number, "General")
        return self.reader.wb._number_formats[number - BUILTIN_FORMATS_MAX_SIZE]

    def elements(self, name: str) -> Iterator[Any]:
        """Yield the elements of a sheet's part as they end; the caller clears each row it takes."""
        xml = self.reader.archive.read(self.sheets[name][0])
        if any("<!DOCTYPE".encode(code) in xml for code in ("utf-8", "utf-16-le", "utf-16-be")):
            raise ValueError("it declares a document type, as no spreadsheet program does")
        return (element for _, element in ElementTree.iterparse(io.BytesIO(xml)))

    def parser(self) -> Any:
        """Return a reader of rows, for one sheet."""

        book = self.reader.wb
        return RowParser(
            self.form,
            shared_strings=self.reader.shared_strings,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )

    def holds_something(self, name: str) -> bool:
        """Say whether a sheet has any value; it is read as far as the first."""
        parser = self.parser()
        for element in self.elements(name):
            if _tag(element) == "row":
                if any(cell.raw for cell in parser.parse_row(element)[1]):
                    return True
                element.clear()
        return False

    def load(self, name: str) -> Loaded:
        """Return a sheet's cells and what stands around them, in one pass."""
        parser = self.parser()
        loaded = Loaded(formulas=parser.formulas)
        for element in self.elements(name):
            tag = _tag(element)
            if tag == "row":
                _take_row(loaded, parser, element)
                element.clear()
            elif tag in NOTED:
                _note(loaded, tag, element)
        return loaded


def _tag(element: Any) -> str:
    return element.tag.rpartition("}")[2]


def _take_row(loaded: Loaded, parser: Any, element: Any) -> None:
    row, cells = parser.parse_row(element)
    for cell in cells:
        if cell.raw or cell.formula:
            loaded.cells[cell.row][cell.column] = cell
    if element.get("hidden") in TRUE:
        loaded.hidden_rows.append(row)


def _note(loaded: Loaded, tag: str, element: Any) -> None:
    if tag == "drawing":
        loaded.drawings += 1
    elif tag == "col" and element.get("hidden") in TRUE:
        loaded.hidden_columns.append(letters(int(element.get("min", 1))))
    elif tag in ("mergeCell", "hyperlink"):
        area = element.get("ref", "")
        loaded.spanned += _cells_in(area)
        if tag == "mergeCell" and (corners := _corners(area)):
            loaded.merged.append(corners)


def read_excel(
    content: bytes, file: str, sheet_name: str | None = None, by_year: bool = False
) -> list[Sheet]:
    """Return the sheet of a workbook that was asked for: the only one with something in it, or the
    one named. With ``by_year`` several are returned where the name of each names a year of its own.

    A formula counts with the number that Excel stored with it; it is not evaluated. Refused: an
    archive that unpacks beyond 64 MB or is broken, a sheet beyond two million cells, several other
    sheets without a choice.
    """
    _require_safe_archive(content, file)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of every style it does not know
            book = Book(content)
            names = _chosen_sheets(book, file, sheet_name, by_year)
            with _uncollected():
                loaded = {name: book.load(name) for name in names}
    except IntakeRefusal:
        raise
    except Exception as fault:  # noqa: BLE001  a damaged part raises whatever its parser meets; all mean one thing to the user
        raise refusal(
            file, f"is a damaged Excel workbook ({shown(str(fault))})", SAVE_AGAIN
        ) from None
    return [_sheet(book, own, file, name) for name, own in loaded.items()]


def _sheet(book: Book, loaded: Loaded, file: str, name: str) -> Sheet:
    with _uncollected():
        rows = _rectangle(loaded, file, name)
    return Sheet(
        file,
        rows,
        tuple(_notes(loaded)),
        tuple(sorted(loaded.merged)),
        "excel",
        {"sheet": name, "objects": str(loaded.drawings), "sheets": str(len(book.sheets))},
    )


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the collector still: cells make no cycles, and it would walk through all of them
    again.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _require_safe_archive(content: bytes, file: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as fault:
        raise refusal(
            file,
            f"is no whole Excel workbook ({fault})",
            "save it again as .xlsx; a file cut off in transfer must be fetched again",
        ) from None
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS or unpacked > LARGEST_UNPACKED:
        raise refusal(
            file,
            f"unpacks to {unpacked:,} bytes in {len(parts):,} parts",
            f"at most {LARGEST_UNPACKED:,} are unpacked: keep one table in the workbook",
        )
    if any(part.flag_bits & 1 for part in parts):
        raise refusal(file, "is protected by a password", "save a copy without one")


def _chosen_sheets(book: Book, file: str, wanted: str | None, by_year: bool) -> list[str]:
    if wanted is not None:
        if wanted not in book.sheets:
            raise refusal(
                file,
                "is not in the workbook",
                f"sheets: {', '.join(map(shown, book.sheets))}",
                key="sheet",
                value=wanted,
            )
        return [wanted]
    filled = [
        name
        for name, (_, state) in book.sheets.items()
        if state == "visible" and book.holds_something(name)
    ]
    years = [year for name in filled if (year := year_named(name))]
    if by_year and 1 < len(filled) == len(set(years)):
        return filled
    if len(filled) != 1:
        said = (
            f"has {len(filled)} sheets with something in them"
            if filled
            else "has no sheet with something in it"
        )
        remedy = f"name one with --sheet: {', '.join(map(shown, filled or book.sheets))}"
        if by_year and years:
            remedy += "; they are read together only where each is named for a year of its own"
        raise refusal(file, said, remedy)
    return filled


def year_named(name: str) -> int | None:
    """Return the one year that a sheet's name names, None where it names none or several.

    >>> year_named("令和４年度"), year_named("R4決算"), year_named("R3-R4"), year_named("集計")
    (2022, 2022, None, None)
    """
    years = {period.year for period in periods_in(plain_text(name))}
    return years.pop() if len(years) == 1 else None


def _corners(area: str) -> tuple[int, int, int, int] | None:
    match = AREA.fullmatch(area.upper())
    if not match:
        return None
    left, top, right, bottom = (
        column_of(part) if part.isalpha() else int(part) for part in match.groups()
    )
    return min(top, bottom), min(left, right), max(top, bottom), max(left, right)


def _cells_in(area: str) -> int:
    """Return how many cells an area spans; 0 where it is no area.

    >>> _cells_in("A1:C2"), _cells_in("A1:XFD1048576"), _cells_in("B7")
    (6, 17179869184, 0)
    """
    corners = _corners(area)
    return (corners[2] - corners[0] + 1) * (corners[3] - corners[1] + 1) if corners else 0


def _rectangle(loaded: Loaded, file: str, name: str) -> tuple[tuple[Cell, ...], ...]:
    height, width = max(loaded.cells, default=0), max(map(max, loaded.cells.values()), default=0)
    if max(height * width, loaded.spanned) > MOST_CELLS:
        said = (
            f"spans {height:,} rows x {width:,} columns"
            if height * width > MOST_CELLS
            else f"has merged or linked areas of {loaded.spanned:,} cells"
        )
        raise refusal(
            file,
            said,
            f"at most {MOST_CELLS:,} cells are read: delete what lies outside the table",
            key=shown(name),
        )
    rows = tuple(
        tuple(held.get(j) or Cell(i, j, "") for j in range(1, width + 1))
        for i, held in ((i, loaded.cells.get(i, {})) for i in range(1, height + 1))
    )
    if faults := list(_foreign_values(rows, loaded, file)):
        raise IntakeRefusal(faults)
    return rows


def _foreign_values(
    rows: tuple[tuple[Cell, ...], ...], loaded: Loaded, file: str
) -> Iterator[Fault]:
    """Yield formulas that look outside the workbook, and those without a stored value."""
    for (row, column), text in sorted(loaded.formulas.items()):
        cell, source = rows[row - 1][column - 1], f"={text}"
        if EXTERNAL.search(source):
            yield Fault(
                file,
                "takes its value from outside this workbook",
                "put the value itself into the cell (paste as values)",
                line=row,
                key=f"cell {cell.place}",
                value=source,
            )
        elif not cell.raw:
            yield Fault(
                file,
                "is a formula without a stored value; none is evaluated here",
                "open and save the file in a spreadsheet program, or paste as values",
                line=row,
                key=f"cell {cell.place}",
                value=source,
            )


def _notes(loaded: Loaded) -> Iterator[str]:
    if loaded.formulas:
        yield (
            f"{len(loaded.formulas)} formula cells: the values that the spreadsheet program stored"
            " are used, none is evaluated"
        )
    if loaded.hidden_rows:
        yield (
            f"{len(loaded.hidden_rows)} hidden rows are read like the others:"
            f" {', '.join(map(str, loaded.hidden_rows[:10]))}"
        )
    if loaded.hidden_columns:
        yield f"hidden columns are read like the others: {', '.join(loaded.hidden_columns[:10])}"
