"""Hundreds of office files made at random, whole and damaged: no traceback, and no number that the
file does not say.
"""

import csv
import functools
import re
import unicodedata
from dataclasses import dataclass, replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from office_tables.intake import IntakeRefusal, understand
from office_tables.text_file import OPEN_END
from tests.office_tables.office_files import ROOT, csv_bytes, xlsx_bytes

GROUPS = {
    "基幹系": "core",
    "内部情報系": "internal",
    "インフラ": "infrastructure",
    "データ利活用": "data_use",
}
UNITS = {"円": 1, "千円": 1_000, "百万円": 1_000_000}
FULL = str.maketrans("0123456789,", "０１２３４５６７８９，")
JUNK = st.text(
    st.sampled_from("0123456789,.△▲-－+円千%人xX*…注()（）１２　 =<>&'\"区計R令和年\n"), max_size=9
)
quick = settings(
    max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
thorough = settings(quick, max_examples=500)


@functools.cache
def wards():
    with (ROOT / "data" / "municipalities.csv").open(encoding="utf-8") as stream:
        return [
            (row["code"], row["name_ja"])
            for row in csv.DictReader(stream)
            if row["group"] == "tokyo23"
        ]


@dataclass(frozen=True)
class Made:
    """A file's rows before they are saved, where its figures stand, and what each of them says in
    yen.
    """

    rows: list[list[str]]
    first: int  # row of the first municipality
    figures: dict[tuple[int, int], tuple[str, str]]  # (row, column) -> (code, system group)
    yen: dict[tuple[str, str], int]
    factor: int
    totals: bool


class Taken(dict):
    """What came in, {(code, group): yen}, with what was noticed while the file was read."""

    def __init__(self, values, notes):
        super().__init__(values)
        self.notes = notes


def styled(number, style):
    """Write a number as offices do."""
    text = f"{number:,}" if "," in style else str(number)
    return text.translate(FULL) if "full" in style else f" {text}　" if "spaces" in style else text


@st.composite
def office_files(draw):
    """A wide or a long table of costs with titles, headings, units, number styles and totals drawn
    at random.
    """
    municipalities = draw(st.lists(st.sampled_from(wards()), min_size=2, max_size=5, unique=True))
    labels = draw(st.lists(st.sampled_from(list(GROUPS)), min_size=2, max_size=3, unique=True))
    unit, style = (
        draw(st.sampled_from(list(UNITS))),
        draw(st.sampled_from(["plain", ",", "full,", "spaces,", "full"])),
    )
    year, totals, coded = (
        draw(st.sampled_from(["令和3年度", "R3年度", "2021年度", "令和３年度"])),
        draw(st.booleans()),
        draw(st.booleans()),
    )
    whole = {
        (code, label): draw(st.integers(150, 4_000)) * 1_000_000 // UNITS[unit]
        for code, _ in municipalities
        for label in labels
    }
    yen = {(code, GROUPS[label]): n * UNITS[unit] for (code, label), n in whole.items()}
    head = [[f"ICT経費（{year}決算）"], []] if draw(st.booleans()) else []
    names = ["団体コード", "区名"] if coded else ["区名"]
    figures = {}
    if draw(st.booleans()):  # wide: one column for each system group
        rows = [
            *(head or [[f"{year}　ICT経費"], []]),
            [
                *names,
                *(f"{label}（{unit}）" for label in labels),
                *([f"計（{unit}）"] if totals else []),
            ],
        ]
        for code, name in municipalities:
            for j, label in enumerate(labels):
                figures[len(rows), len(names) + j] = (code, GROUPS[label])
            own = [whole[code, label] for label in labels]
            rows.append(
                [
                    *([code] if coded else []),
                    name,
                    *(styled(n, style) for n in [*own, *([sum(own)] if totals else [])]),
                ]
            )
        first = len(rows) - len(municipalities)
        if totals:
            sums = [sum(whole[code, label] for code, _ in municipalities) for label in labels]
            rows.append(
                [*([""] if coded else []), "合計", *(styled(n, style) for n in [*sums, sum(sums)])]
            )
    else:
        rows = [*head, [*names, "年度", "システム群", f"費用（{unit}）"]]
        first = len(rows)
        for code, name in municipalities:
            for label in labels:
                figures[len(rows), len(names) + 2] = (code, GROUPS[label])
                rows.append(
                    [
                        *([code] if coded else []),
                        name,
                        year,
                        label,
                        styled(whole[code, label], style),
                    ]
                )
        if totals:
            rows.append(
                [*([""] if coded else []), "合計", "", "", styled(sum(whole.values()), style)]
            )
    if draw(st.booleans()):
        rows.append(["（注）消費税を含む。"])
    return Made(rows, first, figures, yen, UNITS[unit], totals)


def taken(folder, content, name):
    """Return what a file gives as {(code, group): yen}, or the refusal; anything else raised is a
    traceback.
    """
    path = folder / name
    path.write_bytes(content)
    try:
        found = understand(ROOT, path, "ict_cost")[0]
    except IntakeRefusal as refusal:
        assert refusal.faults and all(
            str(fault).isprintable() and str(fault).startswith(name) for fault in refusal.faults
        )
        return refusal
    return Taken(
        {
            (row.code, row.system_group): Decimal(row.cost_jpy)
            for row in found.rows.frame.itertuples()
        },
        notes=found.sheet.notes,
    )


def saved(made, form):
    if form == "xlsx":
        return xlsx_bytes(
            [
                [unicodedata.normalize("NFKC", cell).strip() if cell else "" for cell in row]
                for row in made.rows
            ]
        ), "costs.xlsx"
    return csv_bytes(made.rows, form.split()[0], "\t" if "tab" in form else ","), "costs.csv"


FORMS = st.sampled_from(["utf-8", "utf-8-sig", "cp932", "utf-16", "utf-8 tab", "cp932 tab", "xlsx"])


def stated(text, made):
    """Read a figure once more, by a reader of its own: yen, None where the cell says that there is
    none, or the word ``unclear``.

    Strict on purpose: what offices write beside the number (a footnote's mark, a sign, a unit) is
    taken off in one way only.
    """
    # a footnote's raised digit is none of the number
    text = re.sub(r"(?<=[0-9０-９])[²①](?![0-9０-９])", "※1", text)
    if re.search("[²①½]", text):
        return "unclear"
    plain = (
        " ".join(unicodedata.normalize("NFKC", text).split())
        .replace("−", "-")
        .replace("―", "-")
        .replace("ー", "-")
        .replace("－", "-")
    )
    if plain in ("", "-", "--", "---", "...", "..", "x", "X", "*", "**", "***", "×"):
        return None
    plain = re.sub(
        r"( *([(\[〔]? *注 *\d{0,2} *[)\]〕]?|※ *\d{0,2}|\* *\d{1,2}| \d{1,2}\)))$|^※ *", "", plain
    ).strip()
    match = re.fullmatch(
        r"([-+△▲]?) *([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(\.[0-9]+)? *(円|千円|百万円)?", plain
    )
    if not match or (match[4] and UNITS[match[4]] != made.factor):
        return "unclear"
    number = Decimal(match[2].replace(",", "") + (match[3] or "")) * made.factor
    return "unclear" if match[1] in tuple("-△▲") and number else number


def whole_files(folder, made, form):
    content, name = saved(made, form)
    found = taken(folder, content, name)
    assert not isinstance(found, IntakeRefusal), str(found)
    assert found == made.yen


def damaged_cells(folder, made, form, place, text, how):
    """One cell is overwritten, or a row lost, doubled or swapped: what comes in is what the figures
    say, or nothing does.
    """
    rows = [list(row) for row in made.rows]
    municipality = [
        i for i in range(made.first, len(rows)) if any(i == row for row, _ in made.figures)
    ]
    i = municipality[place % len(municipality)]
    columns = sorted(j for row, j in made.figures if row == i)
    expected = dict(made.yen)
    if how == "cell":
        rows[i][columns[place % len(columns)]] = text
        says = stated(text, made)
        key = made.figures[i, columns[place % len(columns)]]
        expected.pop(key) if says is None else expected.update({key: says})
    elif how == "lost":
        for j in columns:
            expected.pop(made.figures[i, j])
        del rows[i]
    elif how == "doubled":
        rows.insert(i, list(rows[i]))
    else:
        rows[i], rows[municipality[0]] = rows[municipality[0]], rows[i]
    content, name = saved(replace(made, rows=rows), form)
    found = taken(folder, content, name)
    if isinstance(found, IntakeRefusal):
        return
    assert how != "doubled", "a municipality that is there twice came in"
    assert how != "lost" or not made.totals, "a row that the totals miss was not missed"
    assert not (
        made.totals and expected != made.yen and None not in [expected.get(key) for key in made.yen]
    ), "a number that its totals deny came in"
    assert found == expected


def damaged_bytes(folder, made, form, place, byte, cut):
    """A byte is overwritten, or the file cut off: a table with totals gives its own numbers or
    none, and a cut is told.
    """
    content, name = saved(made, form)
    place %= len(content)
    content = content[:place] if cut else content[:place] + bytes([byte]) + content[place + 1 :]
    found = taken(folder, content, name)
    if isinstance(found, IntakeRefusal) or (found == made.yen and not cut):
        return
    if cut:
        assert name == "costs.csv" and (
            OPEN_END in found.notes or set(found.items()) <= set(made.yen.items())
        )
    elif made.totals:
        assert set(found.values()) <= set(map(Decimal, made.yen.values()))


PLACES, BYTES = st.integers(0, 10**6), st.integers(0, 255)
DAMAGE = st.sampled_from(["cell", "cell", "cell", "lost", "doubled", "swapped"])


@quick
@given(office_files(), FORMS)
def test_a_whole_file_gives_exactly_its_numbers(tmp_path_factory, made, form):
    whole_files(tmp_path_factory.getbasetemp(), made, form)


@quick
@given(office_files(), FORMS, PLACES, JUNK, DAMAGE)
def test_a_damaged_cell_or_row_changes_no_number_silently(
    tmp_path_factory, made, form, place, text, how
):
    damaged_cells(tmp_path_factory.getbasetemp(), made, form, place, text, how)


@quick
@given(office_files(), FORMS, PLACES, BYTES, st.booleans())
def test_damaged_bytes_bring_no_traceback(tmp_path_factory, made, form, place, byte, cut):
    damaged_bytes(tmp_path_factory.getbasetemp(), made, form, place, byte, cut)


@pytest.mark.slow
@thorough
@given(office_files(), FORMS, PLACES, JUNK, DAMAGE)
def test_five_hundred_files_with_a_damaged_cell_or_row(
    tmp_path_factory, made, form, place, text, how
):
    whole_files(tmp_path_factory.getbasetemp(), made, form)
    damaged_cells(tmp_path_factory.getbasetemp(), made, form, place, text, how)


@pytest.mark.slow
@thorough
@given(office_files(), FORMS, PLACES, BYTES, st.booleans())
def test_five_hundred_files_with_damaged_bytes(tmp_path_factory, made, form, place, byte, cut):
    damaged_bytes(tmp_path_factory.getbasetemp(), made, form, place, byte, cut)


@quick
@given(st.binary(max_size=400), st.sampled_from(["costs.csv", "costs.xlsx", "costs.txt"]))
def test_bytes_of_no_kind_bring_no_traceback(tmp_path_factory, content, name):
    assert isinstance(taken(tmp_path_factory.getbasetemp(), content, name), IntakeRefusal)
