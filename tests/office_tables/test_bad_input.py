"""Every kind of bad input that an office file can be: refused with file, row, value and remedy, or
told and left out.
"""

import pytest

from office_tables.intake import Hints, IntakeRefusal, said, understand
from tests.office_tables.office_files import ROOT, csv_bytes

HEADINGS = ["団体コード", "区名", "年度", "システム群", "費用（千円）"]
ROWS = [
    ["131016", "千代田区", "令和3年度", "基幹系", "900,000"],
    ["131024", "中央区", "令和3年度", "基幹系", "1,100,000"],
]
RESIDENTS = ["団体コード", "市区町村名", "人口（人）"]


def outcome(tmp_path, rows, table="ict_cost", encoding="utf-8", **kwargs):
    path = tmp_path / "costs.csv"
    path.write_bytes(rows if isinstance(rows, bytes) else csv_bytes(rows, encoding))
    return understand(ROOT, path, table, **kwargs)[0]


def told(tmp_path, rows, **kwargs):
    with pytest.raises(IntakeRefusal) as refusal:
        outcome(tmp_path, rows, **kwargs)
    return str(refusal.value)


def with_row(*cells):
    return [HEADINGS, *ROWS, list(cells)]


@pytest.mark.parametrize(
    ("rows", "place", "value", "remedy"),
    [
        (
            with_row("131017", "千代田区", "令和3年度", "基幹系", "5"),
            "costs.csv:4: cell A4",
            "131017 has a wrong check digit",
            "131016 would be right",
        ),
        (
            with_row("999999", "港区", "令和3年度", "基幹系", "5"),
            "costs.csv:4: cell A4",
            "999999",
            "write the six-digit code",
        ),
        (
            with_row("131032", "千代田区", "令和3年度", "基幹系", "5"),
            "costs.csv:4: cell A4",
            "131032 is the code of 港区",
            "write the six-digit code",
        ),
        (
            with_row("131016", "千代田区", "令和3年度", "基幹系", "5"),
            "gives 2 rows for 131016",
            "rows 2, 4",
            "keep one of them",
        ),
        (
            with_row("131032", "港区", "令和3年度", "基幹系", "△5"),
            "costs.csv:4: cell E4",
            "△5 is below 0",
            "put it right",
        ),
        (
            with_row("131032", "港区", "令和3年度", "基幹系", "約5億"),
            "costs.csv:4: cell E4",
            "約5億",
            "put it right",
        ),
        (
            with_row("131032", "港区", "令和3年度", "基幹系", "NaN"),
            "costs.csv:4: cell E4",
            "NaN is no number",
            "leave the cell blank",
        ),
        (
            with_row("131032", "港区", "令和3年度", "基幹系", "#REF!"),
            "costs.csv:4: cell E4",
            "#REF! is an error of the spreadsheet",
            "put it right",
        ),
        (
            with_row("131032", "港区", "令和3年度", "基幹系", "(500)"),
            "costs.csv:4: cell E4",
            "may be a negative number or a remark",
            "write △",
        ),
        (
            with_row("131032", "港区", "令和3年度", "基幹系", "1,23"),
            "costs.csv:4: cell E4",
            "its commas do not part thousands",
            "put it right",
        ),
        (
            with_row("131032", "港区", "令和3年度", "基幹系", "5百万円"),
            "costs.csv:4: cell E4",
            "is written in 百万円, its heading says 千円",
            "put it right",
        ),
        (
            with_row("131032", "港区", "令和3年度", "基幹系", "5ドル"),
            "costs.csv:4: cell E4",
            "5ドル",
            "put it right",
        ),
        (
            with_row("131032", "港区", "第3期", "基幹系", "5"),
            "costs.csv:4: cell C4",
            "第3期 is no year",
            "--fill fiscal_year",
        ),
        (
            with_row("131032", "港区", "令和3年度", "学校系", "5"),
            "costs.csv:4: cell D4",
            "学校系 is none of core",
            "--fill system_group",
        ),
        (
            with_row("", "小さな村", "令和3年度", "基幹系", "5"),
            "costs.csv:4: cell B4",
            "小さな村",
            "write the six-digit code",
        ),
        ([[*HEADINGS[:4], "費用"], *ROWS], "cell E2", "has no unit", "--unit cost_jpy=千円"),
        ([[*HEADINGS[:4], "費用（千円、円）"], *ROWS], "費用", "names 千円 and 円", "name one"),
        ([["a", "b", "c", "d", "e"], *ROWS], "", "nothing fills the field", "--column"),
        (
            [HEADINGS, *ROWS, ["", "合計", "", "", "3,000,000"]],
            "costs.csv:4",
            "says 3,000,000,000, but its municipalities",
            "--accept-totals",
        ),
        (
            [["商品", "売上"], ["りんご", "5"]],
            "costs.csv",
            "no column of municipality codes or names",
            "give each row the municipality's code",
        ),
    ],
)
def test_a_fault_names_place_value_and_remedy(tmp_path, rows, place, value, remedy):
    said_ = told(tmp_path, rows)
    assert place in said_ and value in said_ and remedy in said_, said_


def test_thousand_yen_read_as_yen_is_refused_by_what_a_resident_would_cost(tmp_path):
    small = [
        [*HEADINGS[:4], "費用（円）"],
        *([*row[:4], row[4].replace(",000", "", 1)] for row in ROWS),
    ]
    assert "are they in thousand yen?" in told(tmp_path, small)
    assert outcome(tmp_path, small, hints=Hints(units={"cost_jpy": "円"})).rows.frame[
        "cost_jpy"
    ].tolist() == ["900", "1100"]


@pytest.mark.parametrize(
    "row",
    [
        ["", "合計", "", "", "2,000,000"],
        ["130001", "東京都", "令和3年度", "基幹系", "2,000,000"],
        ["131008", "特別区部", "令和3年度", "基幹系", "2,000,000"],
    ],
)
def test_subtotals_are_left_out_told_and_used_as_proof(tmp_path, row):
    found = outcome(tmp_path, [HEADINGS, *ROWS, row])
    assert found.rows.frame["code"].tolist() == ["131016", "131024"]
    assert any(line.startswith("left out: 1 rows") and row[1] in line for line in said(found))


def test_a_county_and_islands_are_no_municipality(tmp_path):
    rows = [
        RESIDENTS,
        ["", "西多摩郡", "30,000"],
        ["133035", "瑞穂町", "30,000"],
        ["", "島しょ", "7,000"],
        ["133612", "大島町", "7,000"],
    ]
    found = outcome(
        tmp_path,
        rows,
        table="municipality_indicators",
        hints=Hints(fill={"indicator": "residents", "period": "2021-01-01", "unit": "person"}),
    )
    assert found.rows.frame["code"].tolist() == ["133035", "133612"]


def test_negative_residents_are_refused(tmp_path):
    said_ = told(
        tmp_path,
        [RESIDENTS, ["131016", "千代田区", "-66,680"]],
        table="municipality_indicators",
        hints=Hints(fill={"indicator": "residents", "period": "2021-01-01", "unit": "person"}),
    )
    assert "cell C2" in said_ and "-66,680" in said_


def test_missing_members_of_a_group_are_named(tmp_path):
    assert any(
        "group tokyo23: 2 of 23 municipalities; missing: 131032 港区" in line
        for line in said(outcome(tmp_path, [HEADINGS, *ROWS]))
    )


@pytest.mark.parametrize(
    ("content", "said_"),
    [
        (csv_bytes([HEADINGS, *ROWS], "euc_jp"), "is not UTF-8, UTF-16 or CP932"),
        (
            csv_bytes([HEADINGS, *ROWS])[:-4] + b"\xe5",
            "a file that ends in mid-character is truncated",
        ),
        (csv_bytes([HEADINGS, *ROWS]) + b'"1310', "a file that ends inside one is truncated"),
        (b"", "is empty"),
        (b"\x00" * 40, "which no text has"),
    ],
)
def test_a_file_of_another_encoding_or_cut_off_is_refused(tmp_path, content, said_):
    assert said_ in told(tmp_path, content)


def test_every_fault_comes_at_once(tmp_path):
    rows = [
        HEADINGS,
        ["131017", "千代田区", "令和3年度", "基幹系", "5"],
        ["131024", "中央区", "令和3年度", "基幹系", "x5"],
        ["131032", "港区", "令和3年度", "基幹系", "6"],
        ["999999", "どこか", "令和3年度", "基幹系", "7"],
    ]
    assert all(cell in told(tmp_path, rows) for cell in ("cell A2", "cell A5"))
    rows = [
        HEADINGS,
        ["131016", "千代田区", "令和3年度", "学校系", "5"],
        ["131024", "中央区", "令和3年度", "基幹系", "x5"],
        ["131032", "港区", "第3期", "基幹系", "6"],
    ]
    assert all(cell in told(tmp_path, rows) for cell in ("cell D2", "cell E3", "cell C4"))
