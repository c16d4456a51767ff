"""Whose figures a row holds: one body by its code or its name, or the reason why the row is left
out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from office_tables.bodies import (
    PLACES,
    Register,
    city_of_ward,
    code_by_name,
    digits,
    full_code,
    kind_of_code,
    reading_of_codes,
)
from office_tables.layout import Layout
from office_tables.names import (
    PREFECTURES,
    bare_name,
    is_body_name,
    is_subtotal,
    is_total_label,
    without_prefix,
)
from office_tables.sheet import Cell, Sheet
from workbook.choices.faults import Fault


class RowBody(NamedTuple):
    """A row of figures: its place, what it calls itself, the code of its body, its prefecture, and
    why it is left out ('' if it is not).
    """

    place: int
    label: str
    code: str
    prefecture: str
    why: str


class RowBodies:
    """Settles the rows of a sheet one by one; what cannot be settled stands in ``faults``, what was
    noticed in ``remarks``.
    """

    def __init__(self, sheet: Sheet, layout: Layout, register: Register) -> None:
        self.sheet, self.layout, self.who, self.register = sheet, layout, layout.who, register
        self.faults: list[Fault] = []
        self.remarks: list[str] = []

    def _cell(self, place: int, column: int) -> Cell | None:
        return self.sheet.rows[place][column] if column >= 0 else None

    def settled(self) -> Iterator[RowBody]:
        """Yield each row of figures whose body, or whose being left out, is settled."""
        rows = self.layout.body
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
        alone = self._tokyo_alone(names)
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
            yield RowBody(i, label, code, self._prefecture(i), why)

    def _label(self, i: int) -> str:
        """Return what a row calls itself: a total by whichever leading column says so, where it
        names no body.
        """
        row = self.sheet.rows[i]
        own = [
            row[j].text
            for j in (self.who.name, self.who.prefecture, self.who.code)
            if j >= 0 and row[j].text.strip("-－― ")
        ]
        if not (own and is_body_name(own[0])) and not (
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

    def _tokyo_alone(self, names: Sequence[str]) -> bool:
        found = {
            self.register.prefecture_of[self.register.code_of[bare]]
            for name in names
            if (bare := without_prefix(bare_name(name))[1]) in self.register.code_of
        }
        return (
            found == {"東京都"}
            and sum(bare_name(name) in self.register.code_of for name in names) > 1
        )

    def _settled(
        self, i: int, label: str, reading: str, cities: Sequence[str], alone: bool
    ) -> tuple[str, str]:
        """Return (code, why left out) of a row; '' for why where the row is one body."""
        name = bare_name(label)
        code_text = self._cell(i, self.who.code).text if self.who.code >= 0 else ""
        subtotal = is_subtotal(label) and not digits(label)
        if digits(code_text).strip("0"):
            code = full_code(code_text, reading)
            kind = kind_of_code(code)
            if kind == "body" and not subtotal:
                self._agree(code, name, self._prefecture(i))
                return code, ""
            return code, PLACES.get(kind, "a total of several bodies")
        if subtotal:
            return "", "a total of several bodies"
        if city_of_ward(without_prefix(name)[1], cities):
            return "", "a ward of a designated city"
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
        return f"write the six-digit code of the body, or its registered name{both}"

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
