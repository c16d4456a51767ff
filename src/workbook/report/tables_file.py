"""Every table of the report as one spreadsheet in each language, laid out as the UK Government
Analysis Function asks: a cover, contents, notes, then one table a sheet with its units.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from workbook.report.csv_file import harmless
from workbook.report.edition import Edition
from workbook.report.imprint import Imprint
from workbook.standing import STANDINGS
from workbook.units import NUMERIC_UNITS

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

LONGEST_NAME, WIDEST = 31, 60  # what a spreadsheet takes as a sheet's name; characters of a column
HEADER_ROW = 5
_UNWRITTEN = {"text", "date", "yes/no", "index", "mixed"}
Table = Mapping[str, Any]
Shown = tuple[Mapping[str, Any], Table]  # the exhibit that shows a table first, and the table


def tables_file(edition: Edition, imprint: Imprint) -> bytes:
    """Return the spreadsheet of an edition: raw numbers, the units in the headings.

    A table that several exhibits show stands once, under the first of them.
    """
    from openpyxl import Workbook

    shown, book = list(_tables(edition)), Workbook()
    cover = book.active
    assert cover is not None
    _write(cover, edition.word("cover"), _cover(edition, imprint))
    contents, notes = book.create_sheet(), book.create_sheet()
    _write(contents, edition.word("contents"), _contents(shown, edition))
    _link_contents(contents, shown)
    _write(notes, edition.word("notes"), _notes(edition))
    for exhibit, table in shown:
        _write_table(book, exhibit, table, edition)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _tables(edition: Edition) -> Iterator[Shown]:
    seen: set[str] = set()
    for payload in edition.exhibits.payloads:
        for table in payload["tables"]:
            if table["name"] not in seen:
                seen.add(table["name"])
                yield payload, table


def _write(sheet: Worksheet, name: str, rows: Iterator[list[str]]) -> None:
    from openpyxl.styles import Alignment, Font

    sheet.title = name
    for row in rows:
        sheet.append([harmless(cell) for cell in row])
    sheet["A1"].font = Font(bold=True, size=14)
    sheet.column_dimensions["A"].width = WIDEST
    sheet.column_dimensions["B"].width = WIDEST
    for cells in sheet.iter_rows():
        for cell in cells:
            cell.alignment = Alignment(wrap_text=True, vertical="top")


def _cover(edition: Edition, imprint: Imprint) -> Iterator[list[str]]:
    yield [edition.word("title")]
    yield [edition.word("tables_lead")]
    for key in ("authors", "date", "cut_off", "version"):
        yield [edition.word(key), getattr(imprint, key)]
    yield [edition.word("status"), edition.word("status_text")]
    yield [edition.word("cite"), imprint.cite]
    yield [edition.word("terms_of_use"), edition.word("licences")]


def _contents(shown: list[Shown], edition: Edition) -> Iterator[list[str]]:
    yield [edition.word("contents")]
    yield [edition.word("table"), edition.word("title_of_table"), edition.word("where")]
    for exhibit, table in shown:
        yield [_sheet_name(table), edition.chosen(table["title"]), exhibit["number"]]


def _link_contents(sheet: Worksheet, shown: list[Shown]) -> None:
    for place, (_, table) in enumerate(shown, 3):
        sheet.cell(place, 1).hyperlink = f"#'{_sheet_name(table)}'!A1"
        sheet.cell(place, 1).style = "Hyperlink"


def _notes(edition: Edition) -> Iterator[list[str]]:
    yield [edition.word("notes")]
    yield [edition.word("notes_blank")]
    for standing in STANDINGS:
        yield [edition.term(standing), edition.word(f"meaning_{standing}")]


def _sheet_name(table: Table) -> str:
    return str(table["name"])[:LONGEST_NAME]


def _write_table(
    book: Workbook, exhibit: Mapping[str, Any], table: Table, edition: Edition
) -> None:
    """Add the sheet of a table: its title, the exhibit, its standing and sources, then the rows."""
    from openpyxl.styles import Alignment, Font

    sheet, places = book.create_sheet(_sheet_name(table)), _places(table, edition)
    number = edition.word("exhibit", number=exhibit["number"])
    sources = dict.fromkeys(
        edition.source(source)
        for entry in exhibit["provenance"]["inputs"]
        for source in entry["sources"]
    )
    sheet.append([harmless(edition.chosen(table["title"]))])
    sheet.append([harmless(f"{number} {edition.plain(edition.chosen(exhibit['title']))}")])
    sheet.append([edition.word("standing"), edition.term(exhibit["standing"]["value"])])
    sheet.append([edition.word("source"), harmless(edition.word("and").join(sources))])
    columns = [table["columns"][place] for place in places]
    sheet.append([harmless(_heading(column, edition)) for column in columns])
    for row in table["rows"]:
        sheet.append([harmless(_cell(table["columns"][i], row[i], edition)) for i in places])
    sheet["A1"].font = Font(bold=True, size=14)
    for place, cell in enumerate(sheet[HEADER_ROW], 1):
        cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
        sheet.column_dimensions[cell.column_letter].width = 34 if place == 1 else 18
    sheet.freeze_panes = sheet.cell(HEADER_ROW + 1, 2)


def _places(table: Table, edition: Edition) -> list[int]:
    return [
        place
        for place, column in enumerate(table["columns"])
        if not column["name"].endswith(f"_{edition.other}")
    ]


def _heading(column: Table, edition: Edition) -> str:
    """Return a column's title with its unit, as numbers stand in the file: unscaled."""
    title, unit = edition.chosen(column["title"]) or column["name"], column["unit"]
    if unit in _UNWRITTEN or unit not in NUMERIC_UNITS:
        return str(title)
    return edition.word("unit", title=title, unit=unit)


def _cell(column: Table, value: Any, edition: Edition) -> Any:
    labels = column.get("labels") or {}
    return edition.chosen(labels[str(value)]) if str(value) in labels else value
