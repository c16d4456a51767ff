"""An Excel workbook, read and never run: no formula is evaluated, no link is followed, no archive is unpacked unmeasured."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from analysis.params.faults import Fault, shown
from analysis.workbook.intake.sheet import Cell, IntakeRefusal, Sheet, column_of, plain_text

LARGEST_UNPACKED = 64 * 1024 * 1024
MOST_PARTS = 2_000
MOST_CELLS = 2_000_000
EXTERNAL = re.compile(r"\[[^\]]+\][^!]*!|\b(WEBSERVICE|DDE|HYPERLINK|RTD|CALL)\s*\(", re.IGNORECASE)


def read_excel(content: bytes, file: str, sheet_name: str | None = None) -> Sheet:
    """Return one sheet of a workbook: the only one with something in it, or the one named.

    A formula counts with the number that Excel stored beside it; it is not evaluated. Refused: an archive that unpacks
    beyond 64 MB or is broken, a sheet beyond two million cells, several sheets without a choice.
    """
    _require_safe_archive(content, file)
    _require_bounded_ranges(content, file)
    stored, written = _opened(content, file, values=True), _opened(content, file, values=False)
    name = _chosen_sheet(stored, file, sheet_name)
    values, formulas = stored[name], written[name]
    if values.max_row * values.max_column > MOST_CELLS:
        raise IntakeRefusal([Fault(file, None, shown(name), None, f"spans {values.max_row:,} rows x {values.max_column:,} columns",
                                   f"at most {MOST_CELLS:,} cells are read: delete what lies outside the table")])
    faults: list[Fault] = []
    rows = tuple(tuple(_cell(value, formula, file, faults) for value, formula in zip(*pair, strict=True))
                 for pair in zip(values.iter_rows(), formulas.iter_rows(), strict=True))
    if faults:
        raise IntakeRefusal(faults)
    merged = tuple((area.min_row, area.min_col, area.max_row, area.max_col) for area in values.merged_cells.ranges)
    drawn = len(getattr(values, "_images", ())) + len(getattr(values, "_charts", ()))
    return Sheet(file, rows, tuple(_notes(values, rows)), tuple(sorted(merged)), "excel",
                 {"sheet": name, "objects": str(drawn + _drawings(content)), "sheets": str(len(stored.sheetnames))})


def _require_safe_archive(content: bytes, file: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as fault:
        raise IntakeRefusal([Fault(file, None, "", None, f"is no whole Excel workbook ({fault})",
                                   "save it again as .xlsx; a file cut off in transfer must be fetched anew")]) from None
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS or unpacked > LARGEST_UNPACKED:
        raise IntakeRefusal([Fault(file, None, "", None, f"unpacks to {unpacked:,} bytes in {len(parts):,} parts",
                                   f"at most {LARGEST_UNPACKED:,} are unpacked: keep one table in the workbook")])
    if any(part.flag_bits & 1 for part in parts):
        raise IntakeRefusal([Fault(file, None, "", None, "is protected by a password", "save a copy without one")])


def _require_bounded_ranges(content: bytes, file: str) -> None:
    """Refuse merged areas and links over ranges that would be filled cell by cell: one line of XML can name billions."""
    from xml.etree import ElementTree

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            cells = sum(_cells_in(element.get("ref", "")) for name in archive.namelist() if name.startswith("xl/worksheets/") and name.endswith(".xml")
                        for _, element in ElementTree.iterparse(archive.open(name)) if element.tag.rpartition("}")[2] in ("mergeCell", "hyperlink"))
    except (ElementTree.ParseError, zipfile.BadZipFile, zlib.error, OSError, ValueError, EOFError, NotImplementedError, RuntimeError) as fault:
        raise IntakeRefusal([Fault(file, None, "", None, f"is a damaged Excel workbook ({shown(str(fault))})",
                                   "open it in a spreadsheet program and save it again as .xlsx")]) from None
    if cells > MOST_CELLS:
        raise IntakeRefusal([Fault(file, None, "", None, f"has merged or linked areas of {cells:,} cells", f"at most {MOST_CELLS:,} are read: dissolve what lies outside the table")])


def _cells_in(area: str) -> int:
    """Return how many cells an area spans; 0 where it is no area.

    >>> _cells_in("A1:C2"), _cells_in("A1:XFD1048576"), _cells_in("B7")
    (6, 17179869184, 0)
    """
    match = re.fullmatch(r"\$?([A-Z]{1,3})\$?([0-9]{1,7}):\$?([A-Z]{1,3})\$?([0-9]{1,7})", area.upper())
    if not match:
        return 0
    left, top, right, bottom = (column_of(part) if part.isalpha() else int(part) for part in match.groups())
    return (abs(right - left) + 1) * (abs(bottom - top) + 1)


def _opened(content: bytes, file: str, values: bool) -> Any:
    import warnings

    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")   # openpyxl warns of every style it does not know
            return openpyxl.load_workbook(io.BytesIO(content), data_only=values, keep_links=False)
    except Exception as fault:  # noqa: BLE001  a damaged part raises whatever its parser meets; all mean one thing to the user
        raise IntakeRefusal([Fault(file, None, "", None, f"is a damaged Excel workbook ({shown(str(fault))})",
                                   "open it in a spreadsheet program and save it again as .xlsx")]) from None


def _chosen_sheet(book: Any, file: str, wanted: str | None) -> str:
    there = {sheet.title: sheet for sheet in book.worksheets}
    if wanted is not None:
        if wanted not in there:
            raise IntakeRefusal([Fault(file, None, "sheet", wanted, "is not in the workbook", f"sheets: {', '.join(map(shown, there))}")])
        return wanted
    filled = [title for title, sheet in there.items() if sheet.sheet_state == "visible" and any(c is not None for row in sheet.values for c in row)]
    if len(filled) != 1:
        said = f"has {len(filled)} sheets with something in them" if filled else "has no sheet with something in it"
        raise IntakeRefusal([Fault(file, None, "", None, said, f"name one with --sheet: {', '.join(map(shown, filled or there))}")])
    return filled[0]


def _cell(value: Any, formula: Any, file: str, faults: list[Fault]) -> Cell:
    here = (value.row, value.column)
    has_formula = formula.data_type == "f" or (isinstance(formula.value, str) and formula.value.startswith("=") and formula.data_type != "s")
    text, number = _as_written(value.value, value.number_format)
    cell = Cell(*here, text, number, value.number_format or "General", has_formula, str(value.value or ""))
    if has_formula:
        source = getattr(formula.value, "text", None) or str(formula.value)
        if EXTERNAL.search(source):
            faults.append(Fault(file, cell.row, f"cell {cell.place}", source, "takes its value from outside this workbook",
                                "put the value itself into the cell (paste as values)"))
        elif value.value is None:
            faults.append(Fault(file, cell.row, f"cell {cell.place}", source, "is a formula without a stored value; none is evaluated here",
                                "open and save the file in a spreadsheet program, or paste as values"))
    return cell


def _as_written(value: Any, form: str) -> tuple[str, Decimal | None]:
    """Return a stored value's text and number; whole numbers keep the leading zeros that their format shows."""
    if value is None:
        return "", None
    if isinstance(value, bool):
        return str(value).upper(), None
    if isinstance(value, (int, float)):
        number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
        if number.is_finite() and number == number.to_integral_value():
            number = number.quantize(Decimal(1)) if abs(number) < Decimal(10) ** 20 else number
            if re.fullmatch("0+", form or "") and number >= 0:
                return f"{int(number):0{len(form)}d}", number
        return f"{number:f}" if number.is_finite() else str(number), number
    if isinstance(value, dt.datetime):
        return value.date().isoformat(), None
    if isinstance(value, (dt.date, dt.time, dt.timedelta)):
        return str(value), None
    return plain_text(str(value)), None


def _notes(sheet: Any, rows: tuple[tuple[Cell, ...], ...]) -> Iterator[str]:
    formulas = sum(cell.formula for row in rows for cell in row)
    if formulas:
        yield f"{formulas} formula cells: the values that the spreadsheet program stored are used, none is evaluated"
    hidden = [key for key, size in sheet.row_dimensions.items() if size.hidden]
    if hidden:
        yield f"{len(hidden)} hidden rows are read like the others: {', '.join(map(str, hidden[:10]))}"
    hidden = [key for key, size in sheet.column_dimensions.items() if size.hidden]
    if hidden:
        yield f"hidden columns are read like the others: {', '.join(map(str, hidden[:10]))}"


def _drawings(content: bytes) -> int:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return sum(name.startswith("xl/drawings/drawing") for name in archive.namelist())
