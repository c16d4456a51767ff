"""The national population register, as it is published, comes in with exactly its municipalities
and its total.
"""

import functools

import pandas as pd
import pytest

from office_tables.intake import Hints, IntakeRefusal, said, understand
from tests.office_tables.office_files import (
    MUNICIPALITIES,
    NATION,
    ROOT,
    csv_bytes,
    national_register,
    register_rows,
    xlsx_bytes,
)

MERGED = ("A1:G1", "A2:A4", "B2:B4", "C2:C4", "D2:G2", "D3:F3", "G3:G4")


@functools.cache
def made():
    return national_register()


def taken(tmp_path, content, name, **kwargs):
    path = tmp_path / name
    path.write_bytes(content)
    return understand(ROOT, path, "municipality_indicators", **kwargs)[0]


def test_the_made_register_is_the_nation():
    municipalities = made()
    assert len({municipality.code for municipality in municipalities}) == MUNICIPALITIES
    assert sum(municipality.men + municipality.women for municipality in municipalities) == NATION


@pytest.mark.parametrize(
    "form",
    [
        "utf-8-sig",
        "cp932",
        "utf-16",
        "utf-8",
        "xlsx",
        "xlsx unmerged",
        "tab",
        "five digits",
        "zeros lost",
    ],
)
def test_register_comes_in_with_exactly_its_municipalities_and_its_total(tmp_path, form):
    codes = {"five digits": "five", "zeros lost": "without zero"}.get(form, "six")
    rows = register_rows(made(), codes)
    if form.startswith("xlsx"):
        content, name = xlsx_bytes(rows, () if "unmerged" in form else MERGED), "register.xlsx"
    else:
        encoding = form if form in ("utf-8-sig", "cp932", "utf-16", "utf-8") else "cp932"
        content, name = csv_bytes(rows, encoding, "\t" if form == "tab" else ","), "register.csv"
    found = taken(tmp_path, content, name)
    expected = {municipality.code: municipality.men + municipality.women for municipality in made()}
    frame = found.rows.frame
    assert dict(zip(frame["code"], pd.to_numeric(frame["value"]), strict=True)) == expected
    assert (
        set(frame["indicator"]) == {"residents"}
        and set(frame["unit"]) == {"person"}
        and set(frame["period"]) == {"2021-01-01"}
    )
    assert all(check.agrees for check in found.rows.checks)


def test_the_report_says_what_was_left_out_and_that_the_totals_agree(tmp_path):
    text = "\n".join(said(taken(tmp_path, csv_bytes(register_rows(made())), "register.csv")))
    for part in (
        "47 rows, a prefecture",
        "60 rows, a ward of a designated city",
        "encoding utf-8-sig",
        f"{NATION:,} without totals",
        "0 differ",
        "municipalities: 1,741",
        "group designated20: 20 of 20 municipalities",
        "a part of 令和3年1月1日現在 / 人口 / 計",
        "外国人住民を含む",
    ):
        assert part in text, part


#  The tempting wrong answer: the total still looks about right when one municipality is lost or one
# figure
# slips.
@pytest.mark.parametrize("damage", ["lost row", "slipped digit", "repeated row", "cut off"])
def test_a_damaged_register_is_refused_with_the_row_that_shows_it(tmp_path, damage):
    rows = register_rows(made())
    at = next(i for i, row in enumerate(rows) if row[2] == "千代田区")
    if damage == "lost row":
        del rows[at]
    elif damage == "slipped digit":
        rows[at] = [*rows[at][:5], f"{int(rows[at][5].replace(',', '')) + 10:,}", rows[at][6]]
    elif damage == "repeated row":
        rows.insert(at, rows[at])
    else:
        rows = rows[:900]
    with pytest.raises(IntakeRefusal) as refusal:
        taken(tmp_path, csv_bytes(rows), "register.csv")
    expected = {
        "lost row": "add up to",
        "slipped digit": f"cell F{at + 1}",
        "repeated row": "131016",
        "cut off": "合計",
    }[damage]
    assert expected in str(refusal.value)


def test_a_column_named_by_hand_is_taken_instead(tmp_path):
    found = taken(
        tmp_path,
        csv_bytes(register_rows(made())),
        "register.csv",
        hints=Hints(columns={"value": "男"}, fill={"indicator": "residents", "unit": "person"}),
    )
    assert pd.to_numeric(found.rows.frame["value"]).sum() == sum(
        municipality.men for municipality in made()
    )
