"""Rows that add up other rows: left out of the table, and used to prove that nothing in it is
missing or wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from office_tables.names import MEAN, PREFECTURES, TOTAL_WORDS, bare_name
from office_tables.values import Value


@dataclass(frozen=True)
class Line:
    """One row of figures: its place in the sheet, what it calls itself, its code where it is one
    body, its values in order.
    """

    place: int
    label: str
    code: str
    prefecture: str
    why: str  # '' for a body of the table; otherwise why the row is left out
    values: tuple[Value, ...]
    # what else a row of a long table is about: only rows about the same are added up
    about: tuple[str, ...] = ()


@dataclass(frozen=True)
class Check:
    """A row of totals against the bodies it adds up: ``says`` and ``adds`` are None where a member
    gives no number.
    """

    line: Line
    members: str
    says: Decimal | None
    adds: Decimal | None
    agrees: bool | None


def check_totals(lines: Sequence[Line]) -> Iterator[Check]:
    """Yield a check for each row of totals and each column: against the bodies that it may stand
    for.

    A grand total and a prefecture say whom they cover. A county, islands or a subtotal cover their
    neighbours: the rows before or after them; either may agree. Sums may differ by what rounding
    explains: half of the last place, row by row.
    """
    bodies = [line for line in lines if not line.why]
    for line in lines:
        if not line.why or MEAN.search(bare_name(line.label)):
            continue
        candidates = {
            name: [m for m in members if _about_the_same(line, m)]
            for name, members in _covered(line, lines, bodies).items()
        }
        candidates = {name: members for name, members in candidates.items() if members}
        for place, value in enumerate(line.values):
            if value.number is not None and candidates:
                checks = [
                    _checked(line, name, members, place) for name, members in candidates.items()
                ]
                yield next(
                    (c for c in checks if c.agrees),
                    next((c for c in checks if c.agrees is None), checks[0]),
                )


def _about_the_same(total: Line, member: Line) -> bool:
    """Say whether a total covers a row of a long table: what the total leaves blank (a year, a
    label) it adds up.
    """
    return all(own in ("", theirs) for own, theirs in zip(total.about, member.about, strict=True))


def _checked(line: Line, name: str, members: Sequence[Line], place: int) -> Check:
    says, parts = line.values[place], [member.values[place] for member in members]
    if any(part.number is None and part.missing not in ("none",) for part in parts):
        return Check(line, name, says.number, None, None)
    adds = sum((part.number or Decimal(0) for part in parts), Decimal(0))
    slack = says.step + sum((part.step for part in parts), Decimal(0))
    return Check(line, name, says.number, adds, abs(adds - says.number) <= slack)


def _covered(line: Line, lines: Sequence[Line], bodies: Sequence[Line]) -> dict[str, list[Line]]:
    """Return the sets of bodies that a row of totals may add up, by what they are called; a ward
    adds up to no one.
    """
    label = bare_name(line.label)
    if line.why == "a ward of a designated city":
        return {}
    land = line.prefecture if line.code or line.prefecture in PREFECTURES else ""
    if label.removesuffix("計") in PREFECTURES or (line.code and line.code[2:5] == "000"):
        land = (
            line.code[:2] if line.code else f"{PREFECTURES.index(label.removesuffix('計')) + 1:02d}"
        )
        return {"bodies of the prefecture": [b for b in bodies if b.code[:2] == land]}
    if line.code[:5] == "13100" or label.startswith("特別区"):
        return {"special wards": [b for b in bodies if "13101" <= b.code[:5] <= "13123"]}
    if TOTAL_WORDS.match(label) and not land:
        return {
            "all bodies": list(bodies),
            "rows since the last total": _neighbours(line, lines, -1),
        }
    return {
        "rows before": _neighbours(line, lines, -1),
        "rows after": _neighbours(line, lines, 1),
        "all bodies": list(bodies),
    }


def _neighbours(line: Line, lines: Sequence[Line], step: int) -> list[Line]:
    here, found = lines.index(line) + step, []
    while 0 <= here < len(lines) and (
        not lines[here].why or lines[here].why == "a ward of a designated city"
    ):
        if not lines[here].why:
            found.append(lines[here])
        here += step
    return found
