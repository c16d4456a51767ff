"""Files as Japanese offices make them, written for the tests: the national population register, and
others by hand.
"""

from __future__ import annotations

import csv
import io
import itertools
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from office_tables.local_codes import PREFECTURES, check_digit

ROOT = Path(__file__).parents[2]
NATION, MUNICIPALITIES = 127_907_086, 1_741
KANA = "あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわ"
BLANK_ROW = ["", "", "", "", "", "", ""]


@dataclass(frozen=True)
class Municipality:
    """One municipality of the made register, with the designated city's wards or the county it
    belongs to.
    """

    code: str
    prefecture: str
    name: str
    men: int
    women: int
    households: int
    county: str = ""
    wards: int = 0


def known_municipalities() -> dict[str, tuple[str, str, str]]:
    """Return (prefecture, name, group) by code, of the 69 municipalities that the data package
    names.
    """
    with (ROOT / "data" / "municipalities.csv").open(encoding="utf-8") as stream:
        return {
            row["code"]: (row["prefecture_ja"], row["name_ja"], row["group"])
            for row in csv.DictReader(stream)
        }


def coded(prefecture: int, local: int) -> str:
    five = f"{prefecture:02d}{local:03d}"
    return five + check_digit(five)


def national_register() -> list[Municipality]:
    """Return 1,741 municipalities with made-up figures that add up to 127,907,086 residents,
    ordered by code.
    """
    known, names = (
        known_municipalities(),
        ("".join(pair) for pair in itertools.product(KANA, repeat=3)),
    )
    wanted = {code: (land, name, group) for code, (land, name, group) in known.items()}
    place = itertools.cycle(range(1, 48))
    used = {code[:5] for code in wanted}
    while len(wanted) < MUNICIPALITIES:
        prefecture = next(place)
        number = sum(code[:2] == f"{prefecture:02d}" for code in wanted)
        local = (
            next(
                n
                for n in range(227 if prefecture == 13 else 201 + number // 2, 999)
                if f"{prefecture:02d}{n:03d}" not in used
            )
            if number % 2
            else next(n for n in range(301 + number, 999) if f"{prefecture:02d}{n:03d}" not in used)
        )
        code = coded(prefecture, local)
        used.add(code[:5])
        wanted[code] = (
            PREFECTURES[prefecture - 1],
            next(names) + ("市" if local < 300 else "町" if local % 2 else "村"),
            "",
        )
    shares = np.random.default_rng(9).lognormal(10.3, 1.2, MUNICIPALITIES)
    residents = np.maximum(
        300, np.floor(shares / shares.sum() * (NATION - 300 * MUNICIPALITIES)).astype(int) + 300
    )
    residents[np.argmax(residents)] += NATION - residents.sum()
    return [
        Municipality(
            code,
            land,
            name,
            int(n) // 2 - 17,
            int(n) - int(n) // 2 + 17,
            int(n) // 2 + 9,
            _county(code) if code[2] in "3456789" else "",
            3 if group == "designated20" else 0,
        )
        for (code, (land, name, group)), n in zip(sorted(wanted.items()), residents, strict=True)
    ]


def _county(code: str) -> str:
    if code[:2] == "13":
        return "島しょ"
    return KANA[(int(code[2:5]) - 300) // 20 % len(KANA)] + "ろ郡"


def register_rows(municipalities: list[Municipality], code_of: str = "six") -> list[list[str]]:
    """Return the register's rows as published: title, three rows of headings, the nation,
    prefectures, wards, counties, islands.
    """
    rows = [
        ["【総計】　住民基本台帳人口・世帯数（市区町村別）", *BLANK_ROW[1:]],
        ["団体コード", "都道府県名", "市区町村名", "令和３年１月１日現在", "", "", ""],
        ["", "", "", "人口", "", "", "世帯数"],
        ["", "", "", "男", "女", "計", ""],
        ["-", "合計", "-", *_figures(municipalities)],
    ]
    for prefecture, of_land in itertools.groupby(
        municipalities, key=lambda municipality: municipality.prefecture
    ):
        of_land = list(of_land)
        rows.append(
            [
                _shown(coded(PREFECTURES.index(prefecture) + 1, 0), code_of),
                prefecture,
                "-",
                *_figures(of_land),
            ]
        )
        for county, members in itertools.groupby(
            of_land, key=lambda municipality: municipality.county
        ):
            members = list(members)
            if county:
                rows.append(["-", prefecture, county, *_figures(members)])
            for municipality in members:
                rows.append(
                    [
                        _shown(municipality.code, code_of),
                        prefecture,
                        municipality.name,
                        *_figures([municipality]),
                    ]
                )
                rows += _ward_rows(municipality, code_of)
    return [
        *rows,
        ["（注）１　外国人住民を含む。", *BLANK_ROW[1:]],
        ["　　　２　男女の別は推計である。", *BLANK_ROW[1:]],
    ]


def _ward_rows(municipality: Municipality, code_of: str) -> list[list[str]]:
    local, rows = int(municipality.code[2:5]), []
    for k in range(municipality.wards):
        share = [
            n // municipality.wards + (n % municipality.wards if k == 0 else 0)
            for n in (municipality.men, municipality.women, municipality.households)
        ]
        ward = Municipality(
            coded(int(municipality.code[:2]), local + 1 + k),
            municipality.prefecture,
            f"{municipality.name}{'中北南'[k]}区",
            *share,
        )
        rows.append(
            [_shown(ward.code, code_of), municipality.prefecture, ward.name, *_figures([ward])]
        )
    return rows


def _shown(code: str, how: str) -> str:
    return {"six": code, "five": code[:5], "without zero": code.lstrip("0")}[how]


def _figures(municipalities: list[Municipality]) -> list[str]:
    men, women, households = (
        sum(getattr(municipality, name) for municipality in municipalities)
        for name in ("men", "women", "households")
    )
    return [f"{n:,}" for n in (men, women, men + women, households)]


def csv_bytes(rows: list[list[str]], encoding: str = "utf-8-sig", delimiter: str = ",") -> bytes:
    """Return rows as a CSV file's bytes."""
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return stream.getvalue().encode(encoding)


def xlsx_bytes(
    rows: list[list[object]],
    merged: tuple[str, ...] = (),
    formats: dict[str, str] | None = None,
    title: str = "Sheet1",
) -> bytes:
    """Return rows as a workbook's bytes; texts of digits and commas become numbers, as in an
    office's file.
    """
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for i, row in enumerate(rows, 1):
        for j, value in enumerate(row, 1):
            text = value if not isinstance(value, str) else value.replace(",", "")
            number = (
                int(text) if isinstance(text, str) and text.isascii() and text.isdigit() else value
            )
            sheet.cell(i, j, number if number != "" else None)
    for area in merged:
        sheet.merge_cells(area)
    for place, form in (formats or {}).items():
        sheet[place].number_format = form
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
