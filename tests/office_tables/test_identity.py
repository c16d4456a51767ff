"""Whose figures a row holds: by codes and names in whatever way offices write and head them, or by
the column named by hand.
"""

import pandas as pd
import pytest

from office_tables.intake import Hints, IntakeRefusal, said, understand
from office_tables.names import is_kind_of_municipality, is_municipality_name
from tests.office_tables.office_files import ROOT, csv_bytes, known_municipalities, xlsx_bytes

FILLED = {"indicator": "residents", "period": "2022-01-01", "unit": "person"}
WARDS = [
    ["131016", "東京都", "千代田区", "1000"],
    ["131024", "東京都", "中央区", "1001"],
    ["131032", "東京都", "港区", "1002"],
]
CODES = ["131016", "131024", "131032"]
HEAD = ["団体コード", "都道府県名", "団体名", "人口（人）"]


def taken(
    tmp_path,
    rows,
    columns=None,
    leave_out=(),
    table="municipality_indicators",
    fill=FILLED,
    merged=None,
):
    path = tmp_path / ("office.csv" if merged is None else "office.xlsx")
    path.write_bytes(csv_bytes(rows, "utf-8") if merged is None else xlsx_bytes(rows, merged))
    return understand(ROOT, path, table, Hints(columns or {}, {}, fill, tuple(leave_out)))[0]


def refused(tmp_path, *args, **kwargs):
    with pytest.raises(IntakeRefusal) as refusal:
        taken(tmp_path, *args, **kwargs)
    return str(refusal.value)


def values(found):
    return dict(zip(found.rows.frame["code"], found.rows.frame["value"], strict=True))


# -- headings


@pytest.mark.parametrize(
    "heading",
    [
        "全国・市区町村",
        "都道府県・市区町村",
        "対象区市町村",
        "県内市町村",
        "市区町村",
        "団体・市区町村名",
        "市町村名",
        "構成市町村",
        "都内区市町村",
        "特別区・市",
        "全国、都道府県、市区町村",
        "区市町村（団体）",
        "指定都市",
        "各区",
        "都道府県・市",
        "関係市区町村名",
        "市区町村別",
        "自治体",
        "政令指定都市・特別区",
        "回答団体名",
        "市郡区町村",
        "横浜市内の区",
    ],
)
def test_a_heading_that_names_municipalities_is_no_municipality(tmp_path, heading):
    title = ["令和4年1月1日現在", "", ""]
    found = taken(
        tmp_path,
        [title, ["団体コード", heading, "人口（人）"], *([row[0], *row[2:]] for row in WARDS)],
        fill={},
    )
    assert found.layout.headings == (1,)
    assert values(found) == {"131016": "1000", "131024": "1001", "131032": "1002"}


@pytest.mark.parametrize("heading", ["全国・市区町村", "対象区市町村", "各区", "団体名"])
def test_so_it_is_without_codes_beside_it(tmp_path, heading):
    found = taken(tmp_path, [[heading, "人口（人）"], *(row[2:] for row in WARDS)])
    assert found.layout.headings == (0,) and list(values(found)) == CODES


def test_no_known_municipality_is_taken_for_a_kind_of_municipalities():
    names = [name for _, name, _ in known_municipalities().values()]
    real = [
        "余市町",
        "十日町市",
        "四日市市",
        "廿日市市",
        "玉村町",
        "大町市",
        "村上市",
        "町田市",
        "市川市",
        "上市町",
        "下市町",
        "野々市市",
        "羽村市",
        "大村市",
        "田村市",
        "京都市",
        "西都市",
        "国東市",
        "本巣市",
        "各務原市",
        "大和村",
        "四万十町",
        "十津川村",
        "五所川原市",
        "三郷市",
        "八街市",
    ]
    assert [
        name
        for name in names + real
        if is_kind_of_municipality(name) or not is_municipality_name(name)
    ] == []


def test_a_first_municipality_without_figures_is_still_no_heading(tmp_path):
    """The tempting wrong answer: the heading swallows the first ward, and nobody hears of it."""
    found = taken(tmp_path, [HEAD, ["131016", "東京都", "千代田区", ""], *WARDS[1:]])
    assert [kind for *_, kind in found.rows.missing] == ["blank"] and found.layout.headings == (0,)


# -- codes


def test_codes_of_the_statistics_bureau_are_those_of_the_municipalities(tmp_path):
    """R and five digits; a town that is known by no name comes in by its code: 13303 + check digit
    5.
    """
    rows = [
        ["SSDSE-A-2099", "Prefecture", "Municipality", "A1101"],
        ["", "", "年度", "2020"],
        ["地域コード", "都道府県", "市区町村", "総人口"],
        ["R00000", "全国", "全国", "33003"],
        ["R13000", "東京都", "東京都", "33003"],
        *([f"R{row[0][:5]}", *row[1:]] for row in WARDS),
        ["R13303", "東京都", "瑞穂町", "30000"],
    ]
    hints = {**FILLED, "period": "2020-01-01"}
    expected = {"131016": "1000", "131024": "1001", "131032": "1002", "133035": "30000"}
    assert values(taken(tmp_path, rows, {"value": "D"}, fill=hints)) == expected
    assert values(taken(tmp_path, rows, {"value": "総人口", "code": "A"}, fill=hints)) == expected
    assert (
        values(
            taken(
                tmp_path,
                [[text.lower() if text.startswith("R1") else text for text in row] for row in rows],
                {"value": "D"},
                fill=hints,
            )
        )
        == expected
    )


def test_a_bureau_code_beside_another_name_is_refused(tmp_path):
    assert "is the code of 中央区" in refused(
        tmp_path, [HEAD, ["R13102", *WARDS[0][1:]], *WARDS[1:]]
    )


@pytest.mark.parametrize(
    ("head", "numbers"),
    [
        ("地域コード", ["1001", "1002", "1003"]),
        ("事業番号", ["131017", "200000", "990001"]),
        ("整理番号", ["1001", "1002", "1003"]),
        ("地域コード", ["001", "002", "003"]),
        ("time_code", ["2020000000"] * 3),
    ],
)
def test_other_numbers_beside_the_codes_are_no_codes_of_municipalities_and_no_figures(
    tmp_path, head, numbers
):
    rows = [[head, *HEAD], *([number, *row] for number, row in zip(numbers, WARDS, strict=True))]
    found = taken(tmp_path, rows)
    assert found.layout.who.code == 1 and list(values(found)) == CODES
    assert any(
        column.heading == head and why == "a code, no figure"
        for column, why in found.mapping.left_out
    )


def test_numbers_of_businesses_in_place_of_codes_leave_the_names_to_speak(tmp_path):
    rows = [
        ["事業番号", *HEAD[2:]],
        *(
            [number, *row[2:]]
            for number, row in zip(["201001", "201002", "201003"], WARDS, strict=True)
        ),
    ]
    assert list(values(taken(tmp_path, rows))) == CODES


# -- named by hand


NEIGHBOURS = [
    ["団体名", "人口（人）", "隣接団体"],
    ["千代田区", "1000", "131024"],
    ["中央区", "1001", "131032"],
    ["港区", "1002", "131016"],
]


def test_codes_of_neighbours_are_refused_with_the_option_that_settles_it(tmp_path):
    told = refused(tmp_path, NEIGHBOURS)
    assert (
        "office.csv:2: cell C2: 131024 is the code of 中央区, the row says 千代田区" in told
        and "--column code=HEADING" in told
    )


@pytest.mark.parametrize("called", ["団体名", "A", "a"])
def test_the_column_of_municipalities_named_by_hand_decides_alone(tmp_path, called):
    found = taken(tmp_path, NEIGHBOURS, {"code": called})
    assert values(found) == {"131016": "1000", "131024": "1001", "131032": "1002"}


def test_codes_named_by_hand_are_held_against_the_names_beside_them(tmp_path):
    assert "is the code of 中央区" in refused(tmp_path, NEIGHBOURS, {"code": "隣接団体"})


@pytest.mark.parametrize(
    ("called", "told"),
    [
        ("区名", "names no column; columns: A 団体名, B 人口(人), C 隣接団体"),
        ("団体", "names several columns; columns: A 団体名, C 隣接団体"),
    ],
)
def test_a_heading_of_no_column_or_of_several_is_refused_with_those_there_are(
    tmp_path, called, told
):
    assert told in refused(tmp_path, NEIGHBOURS, {"code": called})


def test_e_stat_s_own_layout_comes_in_as_it_is_and_by_hand(tmp_path):
    head = [
        "tab_code",
        "表章項目",
        "cat01_code",
        "男女",
        "area_code",
        "全国・市区町村",
        "time_code",
        "時間軸（年次）",
        "unit",
        "value",
        "annotation",
    ]
    rows = [
        head,
        *(
            [
                "020",
                "人口",
                "0",
                "総数",
                row[0][:5],
                f"東京都{row[2]}",
                "2020000000",
                "2020年",
                "人",
                row[3],
                "",
            ]
            for row in WARDS
        ),
    ]
    for columns in (
        {},
        {"value": "value"},
        {"value": "value", "code": "area_code"},
        {"value": "value", "code": "全国・市区町村"},
    ):
        found = taken(tmp_path, rows, columns, fill={})
        assert values(found) == {"131016": "1000", "131024": "1001", "131032": "1002"}, columns
        assert set(found.rows.frame["period"]) == {"2020"} and set(
            found.rows.frame["indicator"]
        ) == {"residents"}


# -- several columns of names


TWO_NAMES = [
    ["団体", "都道府県名", "市区町村名", "人口（人）"],
    *([f"東京都 {row[2]}", *row[1:]] for row in WARDS),
]


@pytest.mark.parametrize(
    "rest",
    [
        {},
        {"leave_out": ["団体"]},
        {"leave_out": ["市区町村名"]},
        {"columns": {"code": "団体"}},
        {"columns": {"code": "市区町村名"}},
    ],
)
def test_one_name_written_twice_is_one_name(tmp_path, rest):
    assert values(taken(tmp_path, TWO_NAMES, **rest)) == {
        "131016": "1000",
        "131024": "1001",
        "131032": "1002",
    }


@pytest.mark.parametrize(
    "hints", [{"columns": {"code": "団体"}}, {"leave_out": ["人口"]}, {"leave_out": ["団体別"]}]
)
def test_a_title_above_the_names_is_no_heading_of_theirs(tmp_path, hints):
    """The tempting wrong answer: the title holds the word as well, and the column of names is left
    out with it.
    """
    rows = [
        ["団体別人口の表"],
        ["団体名", "基本人口（人）", "人口"],
        *([row[2], row[3], "5"] for row in WARDS),
    ]
    if hints == {"leave_out": ["団体別"]}:
        assert "--leave-out: 団体別 names no column" in refused(tmp_path, rows, **hints)
    else:
        found = taken(
            tmp_path, rows, {"value": "B", **hints.get("columns", {})}, hints.get("leave_out", ())
        )
        assert list(values(found).values()) == ["1000", "1001", "1002"]


OTHERS = [
    ["団体名", "人口（人）", "連携団体"],
    ["千代田区", "1000", "中央区"],
    ["中央区", "1001", "港区"],
    ["港区", "1002", "千代田区"],
]


def test_two_names_that_differ_are_refused_until_one_is_named_or_left_out(tmp_path):
    told = refused(tmp_path, OTHERS)
    assert (
        "A 団体名, C 連携団体" in told and "--column code=HEADING" in told and "--leave-out" in told
    )
    assert list(values(taken(tmp_path, OTHERS, {"code": "団体名"}))) == CODES
    assert list(values(taken(tmp_path, OTHERS, leave_out=["連携団体"]))) == CODES


def test_two_tables_side_by_side_are_refused_even_with_the_same_names(tmp_path):
    rows = [
        ["区名", "人口（人）", "区名", "世帯数"],
        *([row[2], row[3], row[2], "5"] for row in WARDS),
    ]
    assert "two tables side by side" in refused(tmp_path, rows)


# -- days of the survey


@pytest.mark.parametrize("heading", ["調査年月日", "基準日", "年月日", "集計時点", "調査日"])
def test_a_column_of_days_is_the_period(tmp_path, heading):
    rows = [
        [
            "全国地方公共団体コード",
            "地域コード",
            "都道府県名",
            "市区町村名",
            heading,
            "総人口（人）",
            "備考",
        ],
        *(
            [row[0], f"00{i}", row[1], row[2], "2022/1/1", row[3], ""]
            for i, row in enumerate(WARDS)
        ),
    ]
    found = taken(tmp_path, rows, fill={"indicator": "residents"})
    assert set(found.rows.frame["period"]) == {"2022-01-01"} and values(found)["131016"] == "1000"


# -- totals and merged cells


@pytest.mark.parametrize(
    "row",
    [
        ["合計", "", "", "3003"],
        ["", "合計", "", "3003"],
        ["", "", "合計", "3003"],
        ["計", "", "", "3003"],
        ["総数", "東京都", "", "3003"],
        ["特別区計", "", "", "3003"],
        ["特別区平均", "", "", "1001"],
        ["", "", "23区平均", "1001"],
        ["平均", "", "", "1001"],
        ["-", "-", "都心3区", "3003"],
        ["3区計", "", "", "3003"],
    ],
)
def test_a_total_or_a_mean_is_left_out_whichever_leading_column_says_so(tmp_path, row):
    for rows in ([HEAD, *WARDS, row], [HEAD, row, *WARDS]):
        found = taken(tmp_path, rows)
        assert list(values(found)) == CODES
        assert any(
            line.startswith("left out: 1 rows, a total of several municipalities")
            for line in said(found)
        )


def test_a_total_in_a_column_of_numbers_in_front_is_one(tmp_path):
    rows = [
        ["No.", *HEAD],
        *([str(i), *row] for i, row in enumerate(WARDS, 1)),
        ["合計", "", "", "", "3003"],
    ]
    assert list(values(taken(tmp_path, rows))) == CODES


def test_a_total_in_the_code_column_is_proof_like_any_other(tmp_path):
    assert "says 3,004, but its municipalities" in refused(
        tmp_path, [HEAD, *WARDS, ["合計", "", "", "3004"]]
    )


def test_a_label_total_in_front_of_a_municipality_leaves_the_municipality_a_municipality(tmp_path):
    rows = [["区分", *HEAD], *(["計", *row] for row in WARDS)]
    assert list(values(taken(tmp_path, rows))) == CODES


def test_a_figure_without_any_name_is_still_refused(tmp_path):
    assert "office.csv:5: has figures but names no municipality" in refused(
        tmp_path, [HEAD, *WARDS, ["", "", "", "7"]]
    )


GROUPS = [
    "基幹系",
    "内部情報系",
    "コミュニケーション基盤系",
    "オンライン窓口",
    "インフラ",
    "データ利活用",
]


def merged_costs(cells=("A", "B")):
    rows = [["団体コード", "区名", "年度", "区分", "決算額（千円）"]]
    for place, ward in enumerate(WARDS):
        rows += [
            [
                *([ward[0], ward[2], "令和4年度"] if k == 0 else ["", "", ""]),
                group,
                str(900_000 + place),
            ]
            for k, group in enumerate(GROUPS)
        ]
    return rows, tuple(
        f"{column}{2 + 6 * place}:{column}{7 + 6 * place}" for place in range(3) for column in cells
    )


def test_a_name_merged_over_its_rows_names_them_all_and_so_does_a_year(tmp_path):
    rows, merged = merged_costs(("A", "B", "C"))
    frame = taken(tmp_path, rows, table="ict_cost", fill={}, merged=merged).rows.frame
    assert len(frame) == 18 and set(frame["fiscal_year"]) == {"2022"}
    assert pd.to_numeric(frame["cost_jpy"]).sum() == 6 * (900_000 + 900_001 + 900_002) * 1000


def test_names_that_are_blank_and_not_merged_are_refused_row_by_row(tmp_path):
    rows, _ = merged_costs()
    told = refused(tmp_path, rows, table="ict_cost", fill={}, merged=())
    assert told.count("has figures but names no municipality") == 15


def test_a_number_merged_over_two_municipalities_is_not_counted_twice(tmp_path):
    rows = [HEAD, *WARDS[:2], ["131032", "東京都", "港区", ""]]
    found = taken(tmp_path, rows, merged=("D3:D4",))
    assert list(values(found)) == CODES[:2] and [kind for *_, kind in found.rows.missing] == [
        "blank"
    ]


def test_a_mean_merged_over_the_leading_columns_is_left_out(tmp_path):
    rows = [HEAD, *WARDS, ["特別区平均", "", "", "1001"]]
    assert list(values(taken(tmp_path, rows, merged=("A5:C5",)))) == CODES
