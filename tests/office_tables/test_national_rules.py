"""Each national rule is broken by a file of its own, and by none that keeps it."""

import io
import zipfile

import openpyxl
import pytest

from office_tables.intake import broken_rules, lines_of, read_sheet, said, understand
from office_tables.national_rules import RULES
from tests.office_tables.office_files import (
    ROOT,
    csv_bytes,
    national_register,
    register_rows,
    xlsx_bytes,
)

HEADINGS = ["団体コード", "区名", "年度", "システム群", "費用（円）"]
CLEAN = [
    HEADINGS,
    ["131016", "千代田区", "2021年度", "基幹系", "900000000"],
    ["131024", "中央区", "2021年度", "基幹系", "1100000000"],
    ["131032", "港区", "2021年度", "基幹系", "1300000000"],
]


def changed(row, column, text):
    rows = [list(cells) for cells in CLEAN]
    rows[row][column] = text
    return rows


def broken(tmp_path, content, name="costs.csv"):
    path = tmp_path / name
    path.write_bytes(content)
    return {rule.rule: rule.places for rule in broken_rules(read_sheet(path)[0])}


def workbook(change):
    book = openpyxl.load_workbook(io.BytesIO(xlsx_bytes(CLEAN)))
    change(book.active)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_file_that_keeps_every_rule_breaks_none(tmp_path):
    assert broken(tmp_path, csv_bytes(CLEAN)) == {}
    assert broken(tmp_path, csv_bytes(CLEAN, "cp932")) == {}
    assert broken(tmp_path, xlsx_bytes(CLEAN), "costs.xlsx") == {}


@pytest.mark.parametrize(
    ("rule", "rows", "places"),
    [
        ("1-2", changed(1, 4, "900000000 (800000000)"), ("E2",)),
        ("1-2", changed(1, 4, "900\n800"), ("E2",)),
        ("1-3", changed(1, 4, "900,000,000"), ("E2",)),
        ("1-3", changed(1, 4, "△900000000"), ("E2",)),
        ("1-3", changed(1, 4, "９００"), ("E2",)),
        ("1-3", changed(1, 4, "900000000円"), ("E2",)),
        ("1-5", changed(1, 1, "千 代 田 区".replace(" ", "　")), ("B2",)),
        ("1-5", changed(0, 3, "シス\nテム群"), ("D1",)),
        ("1-6", changed(2, 2, ""), ("C3",)),
        ("1-6", changed(2, 2, "〃"), ("C3",)),
        ("1-6", changed(0, 4, ""), ("E1",)),
        ("1-9", changed(0, 4, "費用"), ("column E",)),
        ("1-10", changed(0, 4, "費用①（円）"), ("E1",)),
        ("1-10", changed(0, 4, "㈱費用（円）"), ("E1",)),
        ("1-11", changed(1, 2, "令和3年度"), ("C2",)),
        ("1-11", changed(1, 2, "R3"), ("C2",)),
        (
            "1-12",
            [[*row, "地域" if i == 0 else "東京"] for i, row in enumerate(CLEAN)],
            ("F2", "F3", "F4"),
        ),
        ("1-13", changed(1, 4, "-"), ("E2",)),
        ("1-13", changed(1, 4, ""), ("E2",)),
        ("2-1", [*CLEAN[:2], [""] * 5, *CLEAN[2:]], ("row 3",)),
        ("2-1", [[*row[:4], "", row[4]] for row in CLEAN], ("column E",)),
        ("2-2", [*CLEAN[:2], HEADINGS, *CLEAN[2:]], ("row 3",)),
        (
            "2-2",
            [[*row, *row[1:2], "1" if i else "人口（人）"] for i, row in enumerate(CLEAN)],
            ("column B", "column F"),
        ),
    ],
)
def test_a_broken_rule_is_named_with_its_places(tmp_path, rule, rows, places):
    found = broken(tmp_path, csv_bytes(rows))
    assert found.get(rule) == places, found


def test_an_era_year_with_the_western_one_beside_it_keeps_the_rule(tmp_path):
    for text in ("令和3年度（2021年度）", "2021年度"):
        assert "1-11" not in broken(tmp_path, csv_bytes(changed(1, 2, text)))
    beside = [
        [*row, "西暦" if i == 0 else "2021年度"] for i, row in enumerate(changed(1, 2, "令和3年度"))
    ]
    assert "1-11" not in broken(tmp_path, csv_bytes(beside))


@pytest.mark.parametrize("mark", ["X", "***"])
def test_the_marks_that_the_rules_name_are_kept(tmp_path, mark):
    assert "1-13" not in broken(tmp_path, csv_bytes(changed(1, 4, mark)))


def test_a_tab_separated_file_is_neither_excel_nor_csv(tmp_path):
    assert list(broken(tmp_path, csv_bytes(CLEAN, delimiter="\t"), "costs.tsv")) == ["1-1"]


def test_what_only_a_workbook_can_break(tmp_path):
    assert broken(tmp_path, workbook(lambda sheet: sheet.merge_cells("A3:B3")), "costs.xlsx")[
        "1-4"
    ] == ("A3:B3",)
    text = broken(tmp_path, workbook(lambda sheet: sheet.cell(2, 5, "900,000,000")), "costs.xlsx")
    assert text["1-3"] == ("E2",)
    formula = workbook(lambda sheet: sheet.cell(2, 5, "=1+1"))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(formula)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.namelist():
            new.writestr(
                part,
                old.read(part)
                .replace(b"</f><v />", b"</f><v>2</v>")
                .replace(b"</f><v></v>", b"</f><v>2</v>"),
            )
    assert broken(tmp_path, out.getvalue(), "costs.xlsx")["1-7"] == ("E2",)

    def with_chart(sheet):
        from openpyxl.chart import BarChart

        sheet.add_chart(BarChart(), "H2")

    assert broken(tmp_path, workbook(with_chart), "costs.xlsx")["1-8"]


def test_the_register_as_published_breaks_what_it_breaks(tmp_path):
    found = broken(tmp_path, csv_bytes(register_rows(national_register()[:60])))
    assert set(found) == {"1-3", "1-6", "1-9", "1-11"} and found["1-9"] == (
        "column D",
        "column E",
        "column F",
        "column G",
    )


def test_a_sheet_without_municipalities_is_looked_at_too(tmp_path):
    found = broken(tmp_path, csv_bytes([["商品", "売上"], ["りんご", "1,200"], ["みかん", "900"]]))
    assert found["1-3"] == ("B2",) and found["1-12"] == ("no column of area codes or names",)


@pytest.mark.parametrize(
    "content", [b"a", b"\xef\xbb\xbf,,,\n", "ただの文章\n".encode(), b"1\n2\n3\n"]
)
def test_a_sheet_that_is_hardly_one_brings_no_traceback(tmp_path, content):
    assert isinstance(broken(tmp_path, content), dict)


def test_the_listing_names_number_wording_and_places(tmp_path):
    path = tmp_path / "costs.csv"
    path.write_bytes(csv_bytes([[*row] for row in changed(1, 4, "900,000,000")]))
    lines = lines_of(broken_rules(read_sheet(path)[0]))
    assert (
        lines[0].endswith("1 of 15 broken")
        and "1-3" in lines[1]
        and RULES["1-3"][0] in lines[1]
        and "E2" in lines[1]
    )
    shown = list(said(understand(ROOT, path, "ict_cost")[0]))
    assert set(lines) <= set(shown)  # the same listing when the file is taken in
    assert lines_of([])[0].endswith("as far as a machine can see")


def test_all_fifteen_rules_have_a_wording_in_both_languages():
    assert len(RULES) == 15 and all(ja and en for ja, en in RULES.values())


@pytest.mark.parametrize(
    "headings",
    [
        ["都道府県", "総人口（人）", "15〜64歳人口（人）"],
        ["都道府県", "総人口（人）", "生産年齢人口（人）"],
        ["都道府県", "0歳（人）", "1歳（人）"],
        ["都道府県", "4月（人）", "5月（人）"],
        ["都道府県", "第1四半期（人）", "65歳以上（人）"],
        ["都道府県", "10万人以上（人）", "20-24歳（人）"],
    ],
)
def test_digits_in_a_heading_accuse_no_one(tmp_path, headings):
    """The tempting wrong answer: 15〜64歳人口 is taken for a figure, so the table has no headings
    and C1 holds characters.
    """
    assert (
        broken(tmp_path, csv_bytes([headings, ["北海道", "500", "300"], ["青森県", "100", "60"]]))
        == {}
    )
    assert broken(tmp_path, csv_bytes([headings, ["北海道", "500", "300"]])) == {}


def test_figures_with_characters_are_still_told_below_a_heading_with_digits(tmp_path):
    rows = [["都道府県", "15〜64歳人口（人）"], ["北海道", "500人"], ["青森県", "約60"]]
    assert broken(tmp_path, csv_bytes(rows))["1-3"] == ("B2", "B3")


@pytest.mark.parametrize(
    "rows",
    [
        [
            ["地域コード", "都道府県", "総人口（人）"],
            ["R01000", "北海道", "500"],
            ["R02000", "青森県", "100"],
        ],
        [
            ["地域コード", "市区町村", "総人口（人）"],
            ["R13101", "千代田区", "500"],
            ["R13102", "中央区", "100"],
        ],
        [
            ["tab_code", "area_code", "全国・市区町村", "unit", "value"],
            ["020", "13101", "東京都千代田区", "人", "1"],
            ["020", "13102", "東京都中央区", "人", "2"],
        ],
        [
            ["No.", "団体コード", "団体名", "人口（人）"],
            ["1", "131016", "千代田区", "1"],
            ["2", "131024", "中央区", "2"],
        ],
        [
            ["団体コード", "地域コード", "団体名", "人口（人）"],
            ["131016", "1001", "千代田区", "1"],
            ["131024", "1002", "中央区", "2"],
        ],
        [
            ["団体", "市区町村名", "人口（人）"],
            ["東京都千代田区", "千代田区", "1"],
            ["東京都中央区", "中央区", "2"],
        ],
    ],
)
def test_codes_numbers_of_a_list_and_a_name_written_twice_are_no_figures_and_no_second_table(
    tmp_path, rows
):
    assert broken(tmp_path, csv_bytes(rows)) == {}
