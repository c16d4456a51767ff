"""What the reader of rows settles by itself is what openpyxl would settle."""

from __future__ import annotations

from decimal import Decimal
from xml.etree import ElementTree

import pytest
from openpyxl.worksheet._reader import WorkSheetParser
from openpyxl.xml.constants import SHEET_MAIN_NS

from office_tables.excel_file import RowParser

FORMS = ["General", "000000", "yyyy-mm-dd", "#,##0"]
BOOK = {"shared_strings": ["千代田区", "１２"], "date_formats": {2}}
CELLS = {
    "a whole number": '<c r="B7"><v>1002</v></c>',
    "a number with leading zeros": '<c r="B7" s="1" t="n"><v>1002</v></c>',
    "a fraction": '<c r="B7" s="3"><v>0.1</v></c>',
    "an exponent": '<c r="B7"><v>1.5E3</v></c>',
    "a negative number": '<c r="B7" s="1"><v>-2</v></c>',
    "a day": '<c r="B7" s="2"><v>44562</v></c>',
    "a text": '<c r="B7" t="s"><v>0</v></c>',
    "a text in the cell": '<c r="B7" t="inlineStr"><is><t>中央区</t></is></c>',
    "a truth": '<c r="B7" t="b"><v>1</v></c>',
    "a fault": '<c r="B7" t="e"><v>#REF!</v></c>',
    "nothing": '<c r="B7" s="1"/>',
    "a formula": '<c r="B7"><f>A1*2</f><v>4</v></c>',
    "a formula without a value": '<c r="B7"><f>A1*2</f></c>',
    "a number further right": '<c r="AA7"><v>5</v></c>',
    "a number in another row": '<c r="B9"><v>5</v></c>',
    "a number without an address": "<c><v>5</v></c>",
}


def row_of(cell: str) -> ElementTree.Element:
    text = f'<row xmlns="{SHEET_MAIN_NS}" r="7"><c r="A7"><v>1</v></c>{cell}<c><v>3</v></c></row>'
    return ElementTree.fromstring(text)


@pytest.mark.parametrize("cell", CELLS.values(), ids=CELLS)
def test_a_cell_has_the_place_and_the_value_that_openpyxl_gives_it(cell):
    plain, ours = (
        WorkSheetParser(None, data_only=True, **BOOK),
        RowParser(FORMS.__getitem__, **BOOK),
    )
    expected = plain.parse_row(row_of(cell))[1]
    found = ours.parse_row(row_of(cell))[1]
    assert [(c.row, c.column) for c in found] == [(c["row"], c["column"]) for c in expected]
    # what is no number is written as Python writes it
    values = ["" if c["value"] is None else str(c["value"]) for c in expected]
    assert [c.raw for c in found] == values
    assert [c.form for c in found if c.raw] == [
        FORMS[c["style_id"]] for c in expected if c["value"] is not None
    ]
    assert bool(ours.formulas) == found[1].formula == ("<f>" in cell)


@pytest.mark.parametrize(
    ("cell", "text", "number"),
    [
        ("a number with leading zeros", "001002", Decimal(1002)),
        # the tempting wrong answer: the zeros of a format before a minus
        ("a negative number", "-2", Decimal(-2)),
        ("an exponent", "1500", Decimal(1500)),
        # the tempting wrong answer: the nearest binary number, 0.1000000000000000055511
        ("a fraction", "0.1", Decimal("0.1")),
        ("a day", "2022-01-01", None),
        ("a truth", "TRUE", None),
    ],
)
def test_a_cell_is_written_as_its_reader_sees_it(cell, text, number):
    found = RowParser(FORMS.__getitem__, **BOOK).parse_row(row_of(CELLS[cell]))[1][1]
    assert (found.text, found.number) == (text, number)
