"""A table on the page reads as its reader expects; its file is the run's own table, made harmless
for spreadsheets.
"""

from __future__ import annotations

import csv
import io
import math
from urllib.parse import unquote_to_bytes

from hypothesis import given
from hypothesis import strategies as st

from workbook.report.csv_file import csv_bytes, harmless
from workbook.report.table import common_decimals, shown_table


def cells(table, made_up, edition):
    shown = shown_table(table, made_up.exhibit("4.1", "costs", "table", [table], {}), edition)
    return [str(c.header) for c in shown.columns], [
        [str(cell) for cell in row] for row in shown.rows
    ]


def one_column(made_up, kind, unit, values, name="x"):
    return {
        "name": "t",
        "title": {"ja": "表", "en": "Table"},
        "columns": [made_up.column(name, kind, unit, "列", "Column")],
        "rows": [[value] for value in values],
    }


def test_units_stand_in_the_header_and_numbers_share_their_decimals(made_up, edition):
    headers, rows = cells(made_up.cost_table(), made_up, edition)
    assert (
        headers
        == {
            "ja": ["団体", "費用（億円／年）", "削減率（%）", "完了", "備考"],
            "en": ["Ward", "Cost (billion yen a year)", "Saving (%)", "Finish", "Note"],
        }[edition.lang]
    )
    assert [row[1] for row in rows] == {
        "ja": ["12", "36", "108", "324", "972"],
        "en": ["1.2", "3.6", "10.8", "32.4", "97.2"],
    }[edition.lang]
    assert [row[2] for row in rows] == ["3.1", "6.2", "9.3", "12.4", "15.5"]
    assert rows[0][3] == {"ja": "2026年1月", "en": "January 2026"}[edition.lang]


def test_codes_show_as_names_and_hostile_names_as_text(made_up, edition):
    _, rows = cells(made_up.cost_table(), made_up, edition)
    assert rows[0][0] == {"ja": "水車村", "en": "Millham"}[edition.lang]
    assert rows[4][0] == "&lt;script&gt;alert(1)&lt;/script&gt;"


def test_small_money_keeps_its_own_unit_rather_than_becoming_nought(made_up, edition):
    # the tempting way: 12,000 yen on a scale of 億円 or billion yen reads 0.00
    headers, rows = cells(one_column(made_up, "number", "JPY", [12_000.0, 3e11]), made_up, edition)
    assert headers == [{"ja": "列", "en": "Column"}[edition.lang]]
    assert (
        rows
        == {"ja": [["1.2万円"], ["3,000億円"]], "en": [["12,000 yen"], ["300 billion yen"]]}[
            edition.lang
        ]
    )


def test_counts_are_whole_and_years_are_named(made_up, edition):
    assert cells(one_column(made_up, "integer", "draw", [1, 1200]), made_up, edition)[1] == [
        ["1"],
        ["1,200"],
    ]
    assert cells(one_column(made_up, "integer", "fiscal_year", [2025]), made_up, edition)[1] == [
        [{"ja": "2025年度", "en": "FY2025"}[edition.lang]]
    ]


def test_missing_values_show_a_dash(made_up, edition):
    for kind, unit in (
        ("number", "share"),
        ("number", "JPY"),
        ("string", "text"),
        ("number", "fiscal_year"),
    ):
        assert cells(one_column(made_up, kind, unit, [None]), made_up, edition)[1] == [["–"]], (
            kind,
            unit,
        )


def test_mixed_units_are_read_from_the_row(made_up, edition):
    table = {
        "name": "t",
        "title": {"ja": "表", "en": "Table"},
        "rows": [[0.5, "share"], [3e9, "JPY"]],
        "columns": [
            made_up.column("value", "number", "mixed", "値", "Value"),
            made_up.column("unit", "string", "text", "単位", "Unit"),
        ],
    }
    assert cells(table, made_up, edition)[1] == [
        ["50%"],
        [{"ja": "30億円", "en": "3 billion yen"}[edition.lang]],
    ]
    table["rows"].append([4.0, "m GBP"])  # a unit no cell names stays in its column
    assert [row[1] for row in cells(table, made_up, edition)[1]] == ["share", "JPY", "m GBP"]


def test_a_negative_number_has_one_minus_and_a_whole_one_no_decimals(made_up, edition):
    # the tempting way: a hyphen where decimals are common and a true minus where they are not
    for values, shown in (
        ([-53e9, 26e9], {"ja": ["−530", "260"], "en": ["−53", "26"]}),
        ([-9.66e9, 112e9], {"ja": ["−97", "1,120"], "en": ["−9.66", "112"]}),
    ):
        assert [
            row[0]
            for row in cells(one_column(made_up, "number", "JPY", values), made_up, edition)[1]
        ] == shown[edition.lang]
    assert cells(one_column(made_up, "integer", "month", [-3]), made_up, edition)[1] == [["−3"]]
    assert cells(one_column(made_up, "number", "instance", [7.0, 11.0]), made_up, edition)[1] == [
        ["7"],
        ["11"],
    ]


def test_a_column_of_one_language_appears_in_that_language_only(made_up, edition):
    headers, rows = cells(made_up.answers_table(), made_up, edition)
    assert headers[0] == {"ja": "問い", "en": "Question"}[edition.lang]
    assert len(headers) == 4
    assert rows[0][0] == {"ja": "半分になるか。", "en": "Does it halve?"}[edition.lang]


def test_a_long_table_shows_sixty_rows_and_its_file_holds_all(made_up, edition):
    table = made_up.long_table(75)
    shown = shown_table(table, made_up.exhibit("4.1", "costs", "figure", [table], {}), edition)
    assert (len(shown.rows), shown.total) == (60, 75)
    content = unquote_to_bytes(shown.csv.partition(",")[2])
    assert content.startswith(b"\xef\xbb\xbf")
    assert len(content.decode("utf-8-sig").splitlines()) == 76


def test_a_file_keeps_both_languages_and_raw_numbers(made_up):
    lines = list(csv.reader(io.StringIO(csv_bytes(made_up.answers_table()).decode("utf-8-sig"))))
    assert lines[0] == [
        "question_ja",
        "question_en",
        "answer_ja",
        "answer_en",
        "chance_share",
        "standing",
    ]
    assert lines[1][4:] == ["0.052", "modelled"]


def test_a_formula_in_a_cell_is_made_a_text_and_a_negative_number_stays_a_number(made_up):
    content = csv_bytes(made_up.cost_table()).decode("utf-8-sig")
    assert "'=1+1" in content and ",=1+1" not in content
    assert harmless(-1.5) == -1.5


@given(st.one_of(st.text(), st.integers(), st.floats(allow_nan=False), st.none()))
def test_no_cell_of_a_file_starts_like_a_formula_unless_it_is_a_number(value):
    written = harmless(value)
    assert not isinstance(written, str) or not written.startswith(
        ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
    )
    assert isinstance(value, str) or written == value


@given(st.lists(st.floats(1e-6, 1e12), min_size=1, max_size=20))
def test_common_decimals_never_hide_a_value(values):
    decimals = common_decimals(values)
    if decimals is not None:
        assert all(
            math.isclose(float(f"{value:.{decimals}f}"), value, rel_tol=0.051) for value in values
        )


def test_a_hidden_column_is_in_the_file_but_not_on_the_page(made_up, edition):
    table = one_column(made_up, "string", "text", ["shown"])
    table["columns"].append({**table["columns"][0], "name": "result_id", "hidden": True})
    table["rows"] = [[*row, "kept for tracing"] for row in table["rows"]]
    headers, rows = cells(table, made_up, edition)
    assert len(headers) == 1 and rows == [["shown"]]


def test_a_header_does_not_repeat_the_unit_that_its_title_says(made_up, edition):
    table = one_column(made_up, "integer", "municipality", [935])
    table["columns"][0]["title"] = {"ja": "遅れる団体", "en": "Late municipalities"}
    assert cells(table, made_up, edition)[0] == [
        {"ja": "遅れる団体", "en": "Late municipalities"}[edition.lang]
    ]
    assert cells(one_column(made_up, "integer", "municipality", [935]), made_up, edition)[0] == [
        {"ja": "列（団体）", "en": "Column (municipalities)"}[edition.lang]
    ]


def test_a_cell_that_is_a_month_or_a_day_is_written_out_and_a_fiscal_year_is_not(made_up, edition):
    values = ["2018-04", "2026-03-31", "2018-19", "CCS 2018-04"]
    _, rows = cells(one_column(made_up, "string", "text", values), made_up, edition)
    written = {
        "ja": ["2018年4月", "2026年3月31日", "2018-19", "CCS 2018-04"],
        "en": ["April 2018", "31 March 2026", "2018-19", "CCS 2018-04"],
    }
    assert [row[0] for row in rows] == written[edition.lang]
