"""Totals without system groups, and workbooks with a sheet for each year: made-up costs of three
wards, in both languages, as CSV and as Excel.
"""

from __future__ import annotations

import io
from decimal import Decimal

import openpyxl
import pytest

from office_tables.intake import Hints, IntakeRefusal, record, said, understand
from tests.office_tables.office_files import ROOT, csv_bytes, xlsx_bytes

WARDS = ("千代田区", "中央区", "港区")
THOUSANDS = {2021: (900_000, 1_100_000, 1_400_000), 2022: (950_000, 1_150_000, 1_450_000)}
TITLE = ["情報システム経費（架空の値）（単位：千円）", "", "", ""]
GROUPS = ["基幹系", "内部情報系", "コミュニケーション基盤系", "オンライン窓口", "インフラ"]
EVERY_GROUP = [*GROUPS, "データ利活用"]


def understood(tmp_path, content, name, **hints):
    path = tmp_path / name
    path.write_bytes(content)
    return understand(ROOT, path, "ict_cost", Hints(**hints))


def taken(tmp_path, rows, form="csv", **hints):
    content = csv_bytes(rows) if form == "csv" else xlsx_bytes(rows)
    return understood(tmp_path, content, f"costs.{form}", **hints)[0]


def refused(act, *arguments, **hints):
    with pytest.raises(IntakeRefusal) as refusal:
        act(*arguments, **hints)
    return str(refusal.value)


def yen(frame):
    """The costs by year and group, summed over the wards."""
    costs = frame.assign(cost_jpy=frame["cost_jpy"].map(Decimal))
    return costs.groupby(["fiscal_year", "system_group"])["cost_jpy"].sum().to_dict()


def wide(headings, *columns, title=TITLE):
    rows = [[ward, *map(str, figures)] for ward, *figures in zip(WARDS, *columns, strict=True)]
    return [title, ["団体名", *headings], *rows]


BOTH_YEARS = {("2021", "all"): 3_400_000_000, ("2022", "all"): 3_550_000_000}
OVER_YEARS = tuple(map(sum, zip(*THOUSANDS.values(), strict=True)))


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize(
    "headings",
    [
        ("令和3年度合計", "令和4年度合計"),
        ("FY2021 total", "FY2022 total"),
        ("Total (FY2021)", "Total (FY2022)"),
        ("令和3年度決算 総額", "令和4年度予算 総額"),
    ],
)
def test_a_total_for_each_year_is_taken_where_no_column_has_its_parts(tmp_path, form, headings):
    found = taken(tmp_path, wide(headings, *THOUSANDS.values()), form)
    assert yen(found.frame) == BOTH_YEARS


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("last", ["計", "合計", "Total"])
def test_a_total_over_the_years_is_left_out_and_not_counted_as_a_year(tmp_path, form, last):
    """Tempting: the last column is the largest and is headed like a cost."""
    rows = wide(("令和3年度合計", "令和4年度合計", last), *THOUSANDS.values(), OVER_YEARS)
    found = taken(tmp_path, rows, form)
    assert yen(found.frame) == BOTH_YEARS
    assert any("adds up the others, checked" in line for line in said(found))


def test_a_total_over_the_years_that_is_not_their_sum_is_refused(tmp_path):
    wrong = (OVER_YEARS[0] + 1_000, *OVER_YEARS[1:])
    rows = wide(("令和3年度合計", "令和4年度合計", "計"), *THOUSANDS.values(), wrong)
    assert "is not the sum of its columns, 1,850,000,000" in refused(taken, tmp_path, rows)


def test_years_alone_are_totals_only_if_somebody_says_so(tmp_path):
    rows = wide(("令和3年度", "令和4年度", "計"), *THOUSANDS.values(), OVER_YEARS)
    told = refused(taken, tmp_path, rows)
    assert "system_group is not clear" in told and "--fill system_group=all" in told
    found = taken(tmp_path, rows, fill={"system_group": "合計"})
    assert yen(found.frame) == BOTH_YEARS


def test_the_cost_of_a_row_of_its_own_for_each_year_is_a_total_if_somebody_says_so(tmp_path):
    rows = [["団体名", "年度", "経費（千円）"]]
    rows += [
        [ward, f"{year}年度", str(cost)]
        for year, costs in THOUSANDS.items()
        for ward, cost in zip(WARDS, costs, strict=True)
    ]
    assert "--fill system_group=all" in refused(taken, tmp_path, rows)
    assert yen(taken(tmp_path, rows, fill={"system_group": "all"}).frame) == BOTH_YEARS


def test_a_year_with_groups_and_another_with_a_total_alone_come_in_side_by_side(tmp_path):
    share = [tuple(cost // 6 for cost in THOUSANDS[2021])] * 6
    headings = [f"令和3年度 {group}" for group in EVERY_GROUP]
    sums = [sum(costs) for costs in zip(*share, strict=True)]
    rows = wide(
        [*headings, "令和3年度 計", "令和4年度 計"],
        *share,
        sums,
        THOUSANDS[2022],
        title=[*TITLE, *[""] * 5],
    )
    found = yen(taken(tmp_path, rows).frame)
    assert found[("2022", "all")] == 3_550_000_000
    assert ("2021", "all") not in found and len(found) == 7


def long(system_groups, cost=100_000):
    rows = [["団体名", "年度", "システム群", "費用（千円）"]]
    return rows + [
        [ward, "令和3年度", group, str(costs)]
        for ward in WARDS
        for group, costs in zip(system_groups, [cost] * 6 + [6 * cost], strict=False)
    ]


@pytest.mark.parametrize("total", ["計", "合計", "Total"])
def test_a_row_of_the_total_next_to_its_groups_is_proof_and_not_counted_twice(tmp_path, total):
    found = taken(tmp_path, long([*EVERY_GROUP, total]))
    assert sum(yen(found.frame).values()) == 3 * 600_000_000
    assert ("2021", "all") not in yen(found.frame)
    assert "3 totals over system_group are left out" in "\n".join(said(found))


def test_a_row_of_a_total_that_its_groups_do_not_add_up_to_is_refused_with_its_ward(tmp_path):
    rows = long([*EVERY_GROUP, "計"])
    rows[7][3] = "700000"
    told = refused(taken, tmp_path, rows)
    assert "131016 2021 a total of 700,000,000, but its parts add up to 600,000,000" in told


def book(**sheets):
    found = openpyxl.Workbook()
    found.remove(found.active)
    for name, rows in sheets.items():
        sheet = found.create_sheet(name)
        for row in rows:
            sheet.append([int(cell) if cell.isdigit() else cell or None for cell in row])
    stream = io.BytesIO()
    found.save(stream)
    return stream.getvalue()


def of_year(year, heading="合計", title=TITLE):
    return wide((heading,), THOUSANDS[year], title=title)


@pytest.mark.parametrize(
    "names", [("令和3年度", "令和4年度"), ("FY2021", "FY2022"), ("Ｒ３年度決算", "Ｒ４年度予算")]
)
def test_a_sheet_for_each_year_is_read_by_itself_and_no_year_is_added_to_another(tmp_path, names):
    content = book(**dict(zip(names, map(of_year, THOUSANDS), strict=True)))
    found, content = understood(tmp_path, content, "costs.xlsx")
    assert yen(found.frame) == BOTH_YEARS
    lines = list(said(found))
    assert lines[-1] == "2 sheets, a year each; rows for ict_cost: 6"
    assert [line for line in lines if line.startswith("sum of")] == [
        f"sum of 合計: {total:,} with every row, {total:,} without totals; 0 totals of the file"
        " agree, 0 differ"
        for total in BOTH_YEARS.values()
    ]
    kept = record(found, content, Hints(), "", "")
    assert kept["rows"] == 6 and len(kept["further_sheets"]) == 1


def test_sheets_of_groups_come_in_as_well(tmp_path):
    parts = {
        f"令和{year - 2018}年度": wide(EVERY_GROUP, *[THOUSANDS[year]] * 6) for year in THOUSANDS
    }
    found, _ = understood(tmp_path, book(**parts), "costs.xlsx")
    assert len(found.frame) == 36 and sum(yen(found.frame).values()) == 6 * 6_950_000_000


def test_a_sheet_that_adds_up_the_years_keeps_the_others_from_being_read_together(tmp_path):
    """Tempting: to take the sheets of years and pass over the one that is not a year's, or to count
    it as one.
    """
    sheets = {"令和3年度": of_year(2021), "令和4年度": of_year(2022)}
    content = book(**sheets, 集計=wide(("合計",), OVER_YEARS))
    told = refused(understood, tmp_path, content, "costs.xlsx")
    assert "has 3 sheets" in told and "--sheet" in told and "a year of its own" in told


def test_a_sheet_copied_for_the_next_year_with_the_old_title_is_refused(tmp_path):
    old = ["令和3年度 情報システム経費（単位：千円）", "", "", ""]
    sheets = {"令和3年度": of_year(2021, title=old), "令和4年度": of_year(2022, title=old)}
    told = refused(understood, tmp_path, book(**sheets), "costs.xlsx")
    assert "costs.xlsx, sheet 令和4年度" in told and "names another year than the title" in told


def test_the_faults_of_all_sheets_come_at_once_each_with_its_sheet(tmp_path):
    sheets = {f"令和{year - 2018}年度": of_year(year) for year in THOUSANDS}
    for rows in sheets.values():
        rows[3][1] = "約5億"
    told = refused(understood, tmp_path, book(**sheets), "costs.xlsx")
    assert all(f"costs.xlsx, sheet {name}:4: cell B4" in told for name in sheets)


def test_one_year_by_hand_does_not_fit_sheets_of_several(tmp_path):
    content = book(令和3年度=of_year(2021), 令和4年度=of_year(2022))
    told = refused(understood, tmp_path, content, "costs.xlsx", fill={"fiscal_year": "2022"})
    assert "--fill fiscal_year" in told and "--sheet" in told


def test_a_year_in_short_that_does_not_say_it_is_a_fiscal_one_is_refused(tmp_path):
    content = book(R3=of_year(2021), R4=of_year(2022))
    told = refused(understood, tmp_path, content, "costs.xlsx")
    assert told.count("does not say that it is a fiscal year") == 2
