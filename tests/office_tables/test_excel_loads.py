"""Of a workbook only the sheet that is asked for is loaded, and once: counted in loads, not in
seconds. How much is done for each cell is held against going through the file once.
"""

import io
import time
import zipfile
from xml.etree import ElementTree

import openpyxl
import pytest

from office_tables import excel_file, identity
from office_tables.intake import Hints, IntakeRefusal, broken_rules, understand
from tests.office_tables.office_files import ROOT

ROWS = [["団体名", "人口（人）"], ["千代田区", 1000], ["中央区", 1001]]


@pytest.fixture
def counted(monkeypatch):
    """Which sheets were loaded, and how many rows of each were parsed."""
    loads, rows = [], {}
    load, parser = excel_file.Book.load, excel_file.Book.parser
    monkeypatch.setattr(
        excel_file.Book, "load", lambda book, name: loads.append(name) or load(book, name)
    )

    def counting(book):
        made = parser(book)
        parse = made.parse_row
        made.parse_row = lambda row: (
            rows.__setitem__(len(loads), rows.get(len(loads), 0) + 1) or parse(row)
        )
        return made

    monkeypatch.setattr(excel_file.Book, "parser", counting)
    return loads, rows


def workbook(tmp_path, sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(tmp_path / "ages.xlsx")
    return tmp_path / "ages.xlsx"


def look(path, sheet=None):

    return understand(
        ROOT, path, "municipality_indicators", Hints(fill={"period": "2022-01-01"}), sheet
    )[0]


def test_a_choice_of_sheets_is_asked_for_without_loading_any(tmp_path, counted):
    path = workbook(tmp_path, {f"区{k}": ROWS + [["港区", 1002]] * 500 for k in range(10)})
    with pytest.raises(
        IntakeRefusal, match="has 10 sheets with something in them; name one with --sheet: 区0, 区1"
    ):
        look(path)
    assert counted == ([], {0: 10})  # a row of each


def test_the_sheet_that_is_named_is_loaded_once_and_no_other(tmp_path, counted):
    path = workbook(tmp_path, {f"区{k}": ROWS for k in range(10)})
    assert list(look(path, "区3").rows.frame["value"]) == ["1000", "1001"]
    assert counted == (["区3"], {1: 3})


def test_the_only_sheet_with_something_in_it_needs_no_name(tmp_path, counted):
    path = workbook(tmp_path, {"表": ROWS, "空": [], "空2": [[None], [None]]})
    assert len(look(path).rows.frame) == 2
    assert counted[0] == ["表"]


def test_a_refusal_after_reading_keeps_the_sheet_for_whoever_tells_the_rules(tmp_path, counted):
    path = workbook(tmp_path, {"表": [["団体名", "人口"], ["どこか", 1]]})
    with pytest.raises(IntakeRefusal) as refusal:
        look(path)
    assert refusal.value.sheet is not None and counted[0] == ["表"]


def test_what_a_file_says_of_its_own_extent_does_not_cut_rows_off(tmp_path):
    """The tempting wrong answer: a reader that trusts <dimension ref="A1:B2"/> loses every row
    below.
    """
    path, out = workbook(tmp_path, {"表": ROWS}), io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.namelist():
            new.writestr(part, old.read(part).replace(b'ref="A1:B3"', b'ref="A1:B2"'))
    path.write_bytes(out.getvalue())
    assert len(look(path).rows.frame) == 2


def test_cells_without_addresses_stand_one_behind_the_other(tmp_path):
    import re

    path, out = workbook(tmp_path, {"表": ROWS}), io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.namelist():
            content = old.read(part)
            new.writestr(
                part,
                re.sub(rb'<(c|row) r="[A-Z]*[0-9]+"', rb"<\1", content)
                if part.endswith("sheet1.xml")
                else content,
            )
    path.write_bytes(out.getvalue())
    assert list(look(path).rows.frame["value"]) == ["1000", "1001"]


def test_hidden_rows_and_columns_are_told_and_read(tmp_path):
    path = workbook(tmp_path, {"表": ROWS})
    book = openpyxl.load_workbook(path)
    book["表"].row_dimensions[3].hidden = True
    book["表"].column_dimensions["B"].hidden = True
    book.save(path)
    found = look(path)
    assert len(found.rows.frame) == 2
    assert {
        "1 hidden rows are read like the others: 3",
        "hidden columns are read like the others: B",
    } <= set(found.sheet.notes)


AGES = [f"{sex}{age}歳" for age in range(150) for sex in "男女"]
DENSE = [["団体名", *AGES], *([f"町{i}村", *range(i, i + len(AGES))] for i in range(300))]


def answered(path):
    """Refuse a file and tell the rules that it breaks, as the command does."""
    with pytest.raises(IntakeRefusal) as refusal:
        look(path)
    broken_rules(refusal.value.sheet)


def test_a_dense_sheet_is_answered_in_twice_the_time_that_its_xml_alone_takes(tmp_path):
    """As long again, on any machine, as the parser takes to build the XML; it was three times."""
    small, dense = tmp_path / "small", tmp_path / "dense"
    small.mkdir(), dense.mkdir()
    answered(workbook(small, {"表": DENSE[:3]}))  # which imports what both need
    path = workbook(dense, {"表": DENSE})
    with zipfile.ZipFile(path) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml")

    def seconds(work, *given):
        began = time.process_time()
        work(*given)
        return time.process_time() - began

    through = min(seconds(lambda: list(ElementTree.iterparse(io.BytesIO(xml)))) for _ in range(3))
    assert min(seconds(answered, path) for _ in range(2)) < 2 * through


def test_a_column_is_judged_once_though_the_table_and_the_rules_both_ask(tmp_path, monkeypatch):
    judged, rank = [], identity._code_rank
    monkeypatch.setattr(identity, "_code_rank", lambda sheet, j: judged.append(j) or rank(sheet, j))
    answered(workbook(tmp_path, {"表": DENSE[:9]}))
    assert judged == list(range(len(DENSE[0])))
