"""Where a file's rows go: beside those of an earlier file or in their place, every row counted, the
chapters' needs held.
"""

import json
import shutil

import pandas as pd
import pytest
from typer.testing import CliRunner

from analysis.chapters.resident_cost.observed_cost import GROUPS
from tests.office_tables.office_files import ROOT, csv_bytes, known_municipalities
from workbook.cli import app
from workbook.tables.origin_record import unit_settled_by_hand

WARDS = {
    code: name for code, (_, name, group) in known_municipalities().items() if group == "tokyo23"
}
HEADINGS = [
    "基幹系",
    "内部情報系",
    "コミュニケーション基盤系",
    "オンライン窓口",
    "インフラ",
    "データ利活用",
]
PUBLISHED = pd.read_csv(ROOT / "data" / "municipality_indicators.csv", dtype=str)


@pytest.fixture
def study(tmp_path, monkeypatch):
    shutil.copytree(ROOT / "data", tmp_path / "data", ignore=shutil.ignore_patterns("local"))
    shutil.copy(ROOT / "params.yaml", tmp_path)
    (tmp_path / "notebooks").symlink_to(ROOT / "notebooks")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def intake(study, rows, *options, table="ict_cost"):
    (study / "office.csv").write_bytes(csv_bytes(rows, "cp932"))
    done = CliRunner().invoke(app, ["intake", "office.csv", "--table", table, *options])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


def local(study, table="ict_cost"):
    path = study / "data" / "local" / f"{table}.csv"
    return pd.read_csv(path, dtype=str) if path.exists() else None


def costs(wards=tuple(WARDS), headings=HEADINGS, year="令和4年度", cell=None, extra=None):
    """An office's table of costs; ``cell`` puts a text into the last group of the fourth ward,
    ``extra`` a column behind.
    """
    rows = [
        [f"{year} 経費"],
        ["団体コード", "区名", *(f"{h}（千円）" for h in headings), *([extra] if extra else [])],
    ]
    for place, code in enumerate(wards):
        figures = [f"{900_000 + place}"] * len(headings) + (["950000"] if extra else [])
        if cell is not None and place == 3:
            figures[len(headings) - 1] = cell
        rows.append([code, WARDS[code], *figures])
    return rows


def residents(
    wards=tuple(WARDS), title="令和5年1月1日 住民基本台帳人口", heading="人口（人）", number=500_000
):
    return [
        [title],
        ["団体コード", "区名", heading],
        *([code, WARDS[code], str(number)] for code in wards),
    ]


def test_a_dash_in_a_cost_is_refused_by_ward_group_and_cell_and_nothing_is_written(study):
    code, said = intake(study, costs(cell="-"))
    assert code == 2
    assert (
        "131041 data_use" in said
        and "H6" in said
        and "write 0" in said
        and "nothing was written" in said
    )
    assert local(study) is None


@pytest.mark.parametrize("mark", ["", "***", "…", "不明"])
def test_any_mark_for_a_missing_cost_is_refused_alike_and_a_zero_is_not(study, mark):
    assert intake(study, costs(cell=mark))[0] == 2
    assert intake(study, costs(cell="0"))[0] == 0
    assert len(local(study)) == 23 * 6


def test_a_column_of_the_next_fiscal_year_is_refused_until_it_is_left_out(study):
    rows = costs(extra="令和5年度基幹系（千円）")
    code, said = intake(study, rows)
    assert code == 2 and "fiscal year 2023: no municipality has a cost of internal" in said
    assert intake(study, rows, "--leave-out", "令和5年度基幹系")[0] == 0
    assert set(local(study)["fiscal_year"]) == {"2022"}


def test_a_look_says_what_would_be_refused_and_is_none(study):
    code, said = intake(study, costs(cell="-"), "--look")
    assert (
        code == 0
        and "to be settled before it is taken in: office.csv: ict_cost: fiscal year 2022" in said
    )
    assert local(study) is None


def test_two_files_of_one_table_make_it_together(study):
    """Offices of two divisions: the first gives three groups, the second the others."""
    code, said = intake(study, costs(headings=HEADINGS[:3]))
    assert code == 2 and "--incomplete" in said
    assert (
        intake(study, costs(headings=HEADINGS[:3]), "--incomplete", "--unit", "cost_jpy=千円")[0]
        == 0
    )
    assert len(local(study)) == 69
    code, said = intake(study, costs(headings=HEADINGS[3:]), "--add")
    assert code == 0 and "138 rows: 69 of this file, 69 kept of the local table" in said
    assert set(local(study)["system_group"]) == set(GROUPS)
    record = json.loads((study / "data/local/ict_cost.origin.json").read_text(encoding="utf-8"))
    assert record["rows_kept_from_local"] == 69 and record["added_to"]["rows"] == 69
    assert unit_settled_by_hand(study / "data/local/ict_cost.csv") == {"cost_jpy"}


def test_rows_given_again_take_the_place_of_the_old_ones_and_are_counted(study):
    intake(study, costs())
    half = tuple(WARDS)[:10]
    code, said = intake(
        study,
        [row if i < 2 else [*row[:2], *["1000000"] * 6] for i, row in enumerate(costs(half))],
        "--add",
    )
    assert (
        code == 0
        and "138 rows: 60 of this file, 78 kept of the local table" in said
        and "60 old rows give way" in said
    )
    table = local(study)
    assert (table.loc[table["code"].isin(half), "cost_jpy"] == "1000000000").all()
    assert "gone:" not in said


def test_the_same_file_added_twice_changes_nothing(study):
    intake(study, costs())
    before = local(study)
    assert intake(study, costs(), "--add")[0] == 0
    assert before.equals(local(study))


def test_what_replacing_drops_is_counted_in_words_and_in_the_record(study):
    intake(
        study,
        residents(title="令和5年1月1日 人口"),
        "--keep-published",
        table="municipality_indicators",
    )
    code, said = intake(
        study,
        residents(title="令和6年1月1日 人口"),
        "--keep-published",
        "--replace",
        table="municipality_indicators",
    )
    assert code == 0 and "gone: 23 rows" in said and "--add" in said
    record = json.loads(
        (study / "data/local/municipality_indicators.origin.json").read_text(encoding="utf-8")
    )
    assert record["rows_gone"] == 23


def test_own_values_that_go_back_to_the_published_ones_count_as_gone(study):
    """The tempting wrong answer: the key is still there, so nothing was lost."""
    intake(
        study,
        residents(title="令和4年1月1日 人口"),
        "--keep-published",
        table="municipality_indicators",
    )
    _, said = intake(
        study,
        residents(title="令和6年1月1日 人口"),
        "--keep-published",
        "--replace",
        table="municipality_indicators",
    )
    assert "gone: 23 rows" in said


def test_a_register_of_a_second_year_beside_the_first_keeps_every_town(study):
    towns = [["133035", "瑞穂町", "30000"], ["133612", "大島町", "7000"]]
    intake(
        study,
        residents(title="令和5年1月1日 人口") + towns,
        "--keep-published",
        table="municipality_indicators",
    )
    _, said = intake(
        study, residents(title="令和6年1月1日 人口"), "--add", table="municipality_indicators"
    )
    table = local(study, "municipality_indicators")
    assert len(table) == len(PUBLISHED) + 25 + 23 and "gone" not in said
    assert len(table[table["code"] == "133035"]) == 1


def test_the_published_rows_stay_as_they_are_written(study):
    intake(study, residents(), "--keep-published", table="municipality_indicators")
    table = local(study, "municipality_indicators")
    kept = table[table["period"] != "2023-01-01"].reset_index(drop=True)
    key = ["code", "indicator", "period"]
    assert (
        kept.sort_values(key)
        .reset_index(drop=True)
        .equals(PUBLISHED.sort_values(key).reset_index(drop=True))
    )


def test_a_table_there_already_is_refused_with_both_ways_on(study):
    intake(study, costs())
    code, said = intake(study, costs())
    assert code == 2 and "--add" in said and "--replace" in said
    assert "choose one" in intake(study, costs(), "--add", "--replace")[1]


def test_adding_to_a_broken_table_is_refused_and_replacing_it_is_not(study):
    intake(study, costs())
    path = study / "data" / "local" / "ict_cost.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace(",core,", ",kernel,"), encoding="utf-8"
    )
    code, said = intake(study, costs(), "--add")
    assert code == 2 and "kernel" in said and "put it right first" in said
    assert intake(study, costs(), "--replace")[0] == 0


def test_adding_where_nothing_lies_is_taking_in(study):
    assert intake(study, costs(), "--add")[0] == 0
    assert len(local(study)) == 138


def test_a_short_table_in_place_of_the_published_one_is_refused_with_its_remedy(study):
    code, said = intake(study, residents(), table="municipality_indicators")
    assert (
        code == 2
        and "takes the place of 1,242 published rows" in said
        and "--keep-published" in said
    )
    assert local(study, "municipality_indicators") is None


@pytest.mark.parametrize(
    ("title", "heading", "options", "period"),
    [
        ("令和4年1月1日住民基本台帳人口", "令和4年人口（人）", (), "2022-01-01"),
        ("住民基本台帳人口（2022年1月1日現在）", "2022年人口（人）", (), "2022-01-01"),
        ("住民基本台帳人口（各年1月1日現在）", "令和4年人口（人）", (), "2022-01-01"),
        ("住民基本台帳人口", "令和4年人口（人）", ("--fill", "period=2022-01-01"), "2022-01-01"),
    ],
)
def test_a_year_takes_the_day_that_the_title_names(study, title, heading, options, period):
    code, said = intake(
        study,
        residents(title=title, heading=heading),
        "--keep-published",
        *options,
        table="municipality_indicators",
    )
    assert code == 0, said
    table = local(study, "municipality_indicators")
    assert set(table.loc[table["value"] == "500000", "period"]) == {period} and len(table) == len(
        PUBLISHED
    )


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--fill", "period=2022"),
        ("--fill", "period=令和4年"),
        ("--fill", "period=令和4年度"),
        ("--fill", "period=2022-10-01"),
    ],
)
def test_a_year_without_its_day_is_refused_with_the_right_spelling(study, options):
    rows = residents(title="住民基本台帳人口", heading="令和4年人口（人）")
    code, said = intake(study, rows, "--keep-published", *options, table="municipality_indicators")
    assert code == 2 and "--fill period=2022-01-01" in said
    assert local(study, "municipality_indicators") is None


def test_a_day_of_another_year_is_not_lent_to_a_heading(study):
    rows = residents(title="令和5年1月1日公表", heading="令和4年人口（人）")
    code, said = intake(study, rows, "--keep-published", table="municipality_indicators")
    assert code == 2 and "residents of 2022 (23 municipalities)" in said
