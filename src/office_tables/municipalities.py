"""Whose figures a row holds: one municipality by its code or its name, each checked against the
other, or the reason why the row is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from office_tables.layout import Layout
from office_tables.local_codes import PREFECTURES, digits, full_code, reading_of_codes
from office_tables.names import (
    bare_name,
    is_municipality_name,
    is_subtotal,
    is_total_label,
    without_prefix,
)
from office_tables.sheet import Cell, Sheet
from workbook.choices.faults import Fault
from workbook.study import study

# local parts of designated cities; other numbers below 200 are their wards
CITY_CODES = {"100", "130", "140", "150"}
NO_CITY = "13"  # the one prefecture that has municipalities below 200 and no designated city
# cities of the same name in two prefectures
HOMONYMS = {"府中市": "東京都 or 広島県", "伊達市": "北海道 or 福島県"}
PREFECTURE = "a prefecture"
CITY_WARD = "a ward of a designated city"
TOTAL_ROW = "a total of several municipalities"


@dataclass(frozen=True)
class Register:
    """The municipalities whose names are known here: code by bare name, and bare name by code."""

    code_of: dict[str, str]
    name_of: dict[str, str]
    prefecture_of: dict[str, str]

    @classmethod
    def of(cls, municipalities: pd.DataFrame) -> Register:
        """Return the register of the table ``municipalities`` (code, name_ja, prefecture_ja)."""
        names = {
            code: bare_name(name)
            for code, name in municipalities[["code", "name_ja"]].itertuples(index=False)
        }
        return cls(
            {name: code for code, name in names.items()},
            names,
            dict(municipalities[["code", "prefecture_ja"]].itertuples(index=False)),
        )


def not_one(code: str) -> str:
    """Return what a six-digit code names instead of one municipality, '' where it names one.

    >>> not_one("130001"), not_one("011011"), not_one("011002")
    ('a prefecture', 'a ward of a designated city', '')
    """
    if code[2:5] == "000":
        return PREFECTURE
    for group in study().groups.together():
        if code[:5] == group.code:
            return group.called
    in_city = code[2] == "1" and code[2:5] not in CITY_CODES and code[:2] != NO_CITY
    return CITY_WARD if in_city else ""


def city_of_ward(name: str, known: Iterable[str]) -> str:
    """Return the designated city whose ward a bare name is, '' if it is none of ``known``.

    >>> city_of_ward("札幌市中央区", ["札幌市"]), city_of_ward("中央区", ["札幌市"])
    ('札幌市', '')
    """
    return next(
        (city for city in known if name.startswith(city) and name != city and name.endswith("区")),
        "",
    )


def code_by_name(text: str, prefecture: str, register: Register, alone: str) -> tuple[str, str]:
    """Return (code, remark) of a municipality named without a code; a `ValueError` says why the
    name settles nothing.

    ``prefecture`` is what the row names; ``alone`` the one in which all names of the file lie, if
    they lie in one.
    """
    inside, name = without_prefix(bare_name(text))
    named = inside or bare_name(prefecture)
    code, remark = register.code_of.get(name, ""), ""
    if not code:
        stems = [known for known in register.code_of if known[:-1] == name]
        if len(stems) != 1:
            raise ValueError("is no municipality known here by its name")
        code, remark = register.code_of[stems[0]], f"{text} is read as {stems[0]}"
    if named in PREFECTURES and named != register.prefecture_of[code]:
        raise ValueError(f"lies in {named}, the one known here in {register.prefecture_of[code]}")
    if named not in PREFECTURES and name in HOMONYMS and alone != register.prefecture_of[code]:
        raise ValueError(f"is the name of two cities: {HOMONYMS[name]}")
    return code, remark


def not_municipalities(codes: pd.Series) -> Iterator[str]:
    """Yield what is wrong with codes that name no single municipality, with the row of a file under
    one header.

    >>> print(*not_municipalities(pd.Series(["141003", "141004", "130001"])), sep="\\n")
    row 3: code 141004 has a wrong check digit; 141003 would be right
    row 4: code 130001 is that of a prefecture; take the row out
    """
    for place, code in codes.items():
        try:
            named = not_one(full_code(code, "six"))
        except ValueError as fault:
            yield f"row {place + 2}: code {code} {fault}"
            continue
        if named:
            yield f"row {place + 2}: code {code} is that of {named}; take the row out"


class MunicipalityRow(NamedTuple):
    """A row of figures: its place, what it calls itself, the code of its municipality, its
    prefecture, and why it is left out ('' if it is not).
    """

    place: int
    label: str
    code: str
    prefecture: str
    why: str


class MunicipalityRows:
    """Settles the rows of a sheet one by one; what cannot be settled stands in ``faults``, what was
    noticed in ``remarks``.
    """

    def __init__(self, sheet: Sheet, layout: Layout, register: Register) -> None:
        self.sheet, self.layout, self.who, self.register = sheet, layout, layout.who, register
        self.faults: list[Fault] = []
        self.remarks: list[str] = []

    def _cell(self, place: int, column: int) -> Cell | None:
        return self.sheet.rows[place][column] if column >= 0 else None

    def settled(self) -> Iterator[MunicipalityRow]:
        """Yield each row of figures whose municipality, or whose being left out, is settled."""
        rows = self.layout.rows
        codes = [(i, digits(self._cell(i, self.who.code).text)) for i in rows if self.who.code >= 0]
        written = [(i, code) for i, code in codes if code and code.strip("0")]
        reading = (
            reading_of_codes(
                [code for _, code in written], [self._prefecture(i) for i, _ in written]
            )
            if written
            else "six"
        )
        if written and not reading:
            self.faults.append(
                self.sheet.fault(
                    None,
                    "has codes of five digits that may be JIS codes or six digits without their"
                    " leading zero",
                    "write six digits as text, or add the prefecture or the names",
                    "codes",
                )
            )
            return
        names = [self._label(i) for i in rows]
        cities = [name for name in map(bare_name, names) if name.endswith("市")]
        alone = self._alone(names)
        for i, label in zip(rows, names, strict=True):
            try:
                code, why = self._settled(i, label, reading, cities, alone)
            except ValueError as fault:
                cell = (
                    self._cell(i, self.who.code)
                    if self.who.code >= 0 and self._cell(i, self.who.code).text
                    else self._cell(i, self.who.name)
                )
                self.faults.append(self.sheet.fault(cell or i + 1, str(fault), self._remedy()))
                continue
            yield MunicipalityRow(i, label, code, self._prefecture(i), why)

    def _label(self, i: int) -> str:
        """Return what a row calls itself: a total by whichever leading column says so, where it
        names no municipality.
        """
        row = self.sheet.rows[i]
        own = [
            row[j].text
            for j in (self.who.name, self.who.prefecture, self.who.code)
            if j >= 0 and row[j].text.strip("-－― ")
        ]
        if not (own and is_municipality_name(own[0])) and not (
            self.who.code >= 0 and digits(row[self.who.code].text)
        ):
            totals = [cell.text for cell in self.who.leading(row) if is_total_label(cell.text)]
            own = (
                [text for text in own if is_subtotal(text) and text not in PREFECTURES][:1]
                or totals
                or own
            )
        return own[0] if own else ""

    def _prefecture(self, i: int) -> str:
        cell = self._cell(i, self.who.prefecture)
        name = bare_name(cell.text) if cell else ""
        return name if name in PREFECTURES else ""

    def _alone(self, names: Sequence[str]) -> str:
        """Return the prefecture of all names, '' where there are several or too few to say."""
        bare = [without_prefix(bare_name(name))[1] for name in names]
        codes = self.register.code_of
        found = {self.register.prefecture_of[codes[name]] for name in bare if name in codes}
        many = sum(bare_name(name) in codes for name in names) > 1
        return found.pop() if many and len(found) == 1 else ""

    def _settled(
        self, i: int, label: str, reading: str, cities: Sequence[str], alone: str
    ) -> tuple[str, str]:
        """Return (code, why left out) of a row; '' for why where the row is one municipality."""
        name = bare_name(label)
        code_text = self._cell(i, self.who.code).text if self.who.code >= 0 else ""
        subtotal = is_subtotal(label) and not digits(label)
        if digits(code_text).strip("0"):
            code = full_code(code_text, reading)
            why = not_one(code) or (TOTAL_ROW if subtotal else "")
            if not why:
                self._agree(code, name, self._prefecture(i))
            return code, why
        if subtotal:
            return "", TOTAL_ROW
        if city_of_ward(without_prefix(name)[1], cities):
            return "", CITY_WARD
        if not digits(code_text) and code_text.strip("-－― 0"):
            raise ValueError("is no code of five or six digits")
        code, remark = code_by_name(label, self._prefecture(i), self.register, alone)
        self.remarks += [remark] if remark else []
        return code, ""

    def _remedy(self) -> str:
        both = (
            ", or name the column that counts with --column code=HEADING"
            if self.who.code >= 0 and self.who.name >= 0
            else ""
        )
        return f"write the six-digit code of the municipality, or its registered name{both}"

    def _agree(self, code: str, name: str, prefecture: str) -> None:
        inside, bare = without_prefix(name)
        known = self.register.name_of.get(code)
        if (
            known
            and bare
            and not digits(bare)
            and bare not in PREFECTURES
            and bare not in (known, known[:-1])
        ):
            raise ValueError(f"is the code of {known}, the row says {name}")
        land = PREFECTURES[int(code[:2]) - 1]
        if (inside or prefecture) not in ("", land):
            raise ValueError(f"lies in {land}, the row says {inside or prefecture}")
