"""Files that would do harm are refused or made harmless; formulas and links are never evaluated."""

import hashlib
import io
import json
import zipfile

import pytest

from office_tables import excel_file
from office_tables.intake import IntakeRefusal, said, take_in, understand
from tests.office_tables.office_files import ROOT, csv_bytes, xlsx_bytes

HEADINGS = ["団体コード", "区名", "年度", "システム群", "費用（千円）"]
ROWS = [
    ["131016", "千代田区", "令和3年度", "基幹系", 900_000],
    ["131024", "中央区", "令和3年度", "基幹系", 1_100_000],
]


def refused(tmp_path, content, name="costs.xlsx", table="ict_cost", **kwargs):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(IntakeRefusal) as refusal:
        understand(ROOT, tmp_path / name, table, **kwargs)
    return str(refusal.value)


def taken(tmp_path, content, name="costs.xlsx", **kwargs):
    (tmp_path / name).write_bytes(content)
    return understand(ROOT, tmp_path / name, "ict_cost", **kwargs)[0]


def with_formula(formula, stored=None):
    """Return a workbook whose cell E2 holds a formula, with the value that a spreadsheet program
    stored beside it.
    """
    content = xlsx_bytes([HEADINGS, [*ROWS[0][:4], formula], ROWS[1]])
    if stored is None:
        return content
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.namelist():
            data = old.read(part)
            new.writestr(
                part,
                data.replace(b"</f><v />", b"</f><v>%s</v>" % stored).replace(
                    b"</f><v></v>", b"</f><v>%s</v>" % stored
                ),
            )
    return out.getvalue()


def test_a_zip_bomb_is_measured_and_not_unpacked(tmp_path):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (excel_file.LARGEST_UNPACKED + 1))
    assert len(out.getvalue()) < 100_000
    assert "unpacks to 67,108,865 bytes" in refused(tmp_path, out.getvalue())


def test_a_sheet_that_spans_a_million_rows_is_refused(tmp_path):
    import openpyxl

    book = openpyxl.Workbook()
    book.active["A1"], book.active["XFD1048576"] = "団体コード", 1
    out = io.BytesIO()
    book.save(out)
    assert "1,048,576 rows x 16,384 columns" in refused(tmp_path, out.getvalue())


def with_part(change):
    """Return a workbook whose sheet is changed as XML."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(xlsx_bytes([HEADINGS, *ROWS]))) as old,
        zipfile.ZipFile(out, "w") as new,
    ):
        for part in old.namelist():
            new.writestr(
                part, change(old.read(part)) if part.endswith("sheet1.xml") else old.read(part)
            )
    return out.getvalue()


@pytest.mark.parametrize(
    ("before", "more"),
    [
        (b"</sheetData>", b'<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'),
        (b"</sheetData>", b'<mergeCells><mergeCell ref="A1:XF&#68;1048576"/></mergeCells>'),
        (
            b"</sheetData>",
            b'<hyperlinks><hyperlink ref="A1:XFD1048576" location="x"/></hyperlinks>',
        ),
    ],
)
def test_an_area_of_billions_of_cells_in_one_line_is_refused_before_it_is_filled(
    tmp_path, before, more
):
    content = with_part(lambda xml: xml.replace(before, before + more))
    assert len(content) < 20_000 and "merged or linked areas of 17,179,869,184 cells" in refused(
        tmp_path, content
    )


def test_an_archive_that_lies_about_its_size_is_not_unpacked_beyond_it(tmp_path):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "xl/worksheets/sheet1.xml", b"<a>" + b"0" * (excel_file.LARGEST_UNPACKED + 1)
        )
    lying = bytearray(out.getvalue())
    # the uncompressed size in the directory and in the local header
    for signature, place in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        start = lying.index(signature) + place
        lying[start : start + 4] = (100).to_bytes(4, "little")
    assert "damaged Excel workbook" in refused(tmp_path, bytes(lying))


def test_a_text_file_of_nothing_but_commas_is_counted_and_not_read(tmp_path):
    assert "has 3,000,000 cells" in refused(tmp_path, b"," * 3_000_000, "costs.csv")


def test_a_sheet_named_like_a_script_is_shown_as_text(tmp_path):
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(xlsx_bytes([HEADINGS, *ROWS], title="<script>x")))
    book.create_sheet("\u202eother")["A1"] = 1
    out = io.BytesIO()
    book.save(out)
    told = refused(tmp_path, out.getvalue())
    # a terminal shows tags as they are; what turns its text round is written out
    assert "<script>x" in told and "\u202e" not in told


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04 not an archive", xlsx_bytes([HEADINGS, *ROWS])[:-400], b"PK\x03\x04"]
)
def test_a_broken_or_cut_archive_is_refused(tmp_path, content):
    assert "no whole Excel workbook" in refused(tmp_path, content)


def test_an_archive_that_is_no_workbook_is_refused(tmp_path):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert "damaged Excel workbook" in refused(tmp_path, out.getvalue())


def test_an_entity_bomb_in_the_sheet_is_refused(tmp_path):
    bomb = (
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "'
        + b"x" * 100
        + b'"><!ENTITY c "&b;&b;&b;">]>'
    )
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(xlsx_bytes([HEADINGS, *ROWS]))) as old,
        zipfile.ZipFile(out, "w") as new,
    ):
        for part in old.namelist():
            new.writestr(
                part, bomb + old.read(part) if part.endswith("sheet1.xml") else old.read(part)
            )
    assert "damaged Excel workbook" in refused(tmp_path, out.getvalue())


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "..\\ict_cost",
        "/tmp/x",
        "ict_cost/../municipalities",
        "<script>",
        "ict_cost\x00",
        "",
    ],
)
def test_a_path_in_the_table_name_names_no_table(tmp_path, name):
    assert "is not declared in data/datapackage.json" in refused(
        tmp_path, csv_bytes([HEADINGS, *ROWS]), "costs.csv", name
    )


def test_a_formula_counts_with_its_stored_value_and_is_not_evaluated(tmp_path):
    found = taken(tmp_path, with_formula("=400000+500000", b"123456"))
    assert found.rows.frame["cost_jpy"].tolist() == ["123456000", "1100000000"]
    assert any("1 formula cells" in line for line in said(found))


def test_a_formula_without_a_stored_value_is_refused_by_its_cell(tmp_path):
    assert "costs.xlsx:2: cell E2: =400000+500000 is a formula without a stored value" in refused(
        tmp_path, with_formula("=400000+500000")
    )


@pytest.mark.parametrize(
    "formula",
    [
        "=[1]Sheet1!$A$1",
        "='[budget.xlsx]R3'!B2",
        '=WEBSERVICE("http://example.invalid")',
        '=DDE("a","b","c")',
    ],
)
def test_a_link_out_of_the_workbook_is_never_followed(tmp_path, formula):
    assert "takes its value from outside this workbook" in refused(
        tmp_path, with_formula(formula, b"900000")
    )


def test_text_that_begins_like_a_formula_stays_text_in_a_csv(tmp_path):
    said_ = refused(tmp_path, csv_bytes([HEADINGS, [*ROWS[0][:4], "=1+1"], ROWS[1]]), "costs.csv")
    assert "cell E2 (費用(千円)): =1+1 is no number" in said_


def test_html_and_control_characters_in_names_do_not_reach_the_screen_as_they_are(tmp_path):
    rows = [
        HEADINGS,
        ["131016", "<script>alert(1)</script>", *ROWS[0][2:]],
        ROWS[1],
        ["合計", "\x1b[31m計\u202e", "令和3年度", "基幹系", "2,000,000"],
    ]
    assert "U+001B" in refused(tmp_path, csv_bytes(rows), "costs.csv")
    rows[3][1] = "計\u202e"
    assert "\u202e" not in refused(tmp_path, csv_bytes(rows), "costs.csv")


def test_names_from_the_file_are_not_written_into_the_table(tmp_path):
    rows = [[*HEADINGS, "備考"], *([*row, "<img src=x onerror=alert(1)>"] for row in ROWS)]
    found = taken(tmp_path, csv_bytes(rows), "costs.csv")
    assert "<" not in found.rows.frame.to_csv()


def test_a_name_that_differs_from_its_code_is_refused(tmp_path):
    rows = [HEADINGS, ["131016", "<b>港区", *ROWS[0][2:]], ROWS[1]]
    assert "is the code of 千代田区" in refused(tmp_path, csv_bytes(rows), "costs.csv")


def test_nothing_is_half_written_and_the_record_of_origin_names_the_file(tmp_path, monkeypatch):
    (tmp_path / "data").mkdir()
    for name in ("datapackage.json", "municipalities.csv"):
        (tmp_path / "data" / name).write_bytes((ROOT / "data" / name).read_bytes())
    path = tmp_path / "costs.csv"
    path.write_bytes(csv_bytes([HEADINGS, *ROWS], "cp932"))
    from office_tables.intake import Hints, Placing

    found, content = understand(tmp_path, path, "ict_cost")
    with pytest.raises(IntakeRefusal, match="no municipality has a cost of internal"):
        take_in(tmp_path, path, found, content, Hints())
    assert not (tmp_path / "data/local").exists()
    target, _ = take_in(
        tmp_path, path, found, content, Hints(), "<総務課>", Placing(incomplete=True)
    )
    assert target.read_text(encoding="utf-8").splitlines()[1] == "131016,2021,core,900000000"
    assert (
        json.loads((tmp_path / "data/local/ict_cost.origin.json").read_text(encoding="utf-8"))[
            "file_sha256"
        ]
        == hashlib.sha256(content).hexdigest()
    )
    assert target.stat().st_mode & 0o077 == 0
    with pytest.raises(IntakeRefusal, match="is there already"):
        take_in(tmp_path, path, found, content, Hints())
    assert sorted(p.name for p in (tmp_path / "data/local").iterdir()) == [
        "ict_cost.csv",
        "ict_cost.origin.json",
    ]


@pytest.mark.parametrize("figure", ["", "未定"])
def test_a_first_municipality_without_a_figure_is_not_taken_for_a_heading(tmp_path, figure):
    """The tempting wrong answer: the heading grows by a row, and the first ward is lost without a
    word.
    """
    rows = [
        ["団体コード", "区名", "基幹系（千円）", "内部情報系（千円）"],
        ["131016", "千代田区", figure, figure],
        ["131024", "中央区", 1_100_000, 300_000],
    ]
    if figure:
        assert "cell C2" in refused(
            tmp_path, csv_bytes([["令和3年度決算"], [], *rows]), "costs.csv"
        ).replace("cell C4", "cell C2")
    else:
        found = taken(tmp_path, csv_bytes([["令和3年度決算"], [], *rows]), "costs.csv")
        assert [kind for *_, kind in found.rows.missing] == [
            "blank",
            "blank",
        ] and found.layout.headings == (2,)
