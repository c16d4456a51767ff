"""What was understood: reported to whoever supplied the file, and kept with the table as its record
of origin.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

import pandas as pd

from office_tables.assemble import Assembled
from office_tables.fields import Assignment, Hints
from office_tables.layout import Column, Layout
from office_tables.national_rules import Broken, broken_rules, lines_of
from office_tables.numbers import MEANING
from office_tables.sheet import Sheet, letters
from workbook.choices.faults import shown

SHOWN_ROWS = 12


@dataclass(frozen=True)
class Understood:
    """A file as it was read for one table: the parts of the sheet, what fills each field, the
    rows. ``further`` are the other sheets of a workbook that has one for each year.
    """

    table: str
    sheet: Sheet
    layout: Layout
    mapping: Assignment
    rows: Assembled
    groups: tuple[str, ...] = ()
    further: tuple[Understood, ...] = ()

    @property
    def frame(self) -> pd.DataFrame:
        """The rows of all sheets."""
        frames = [self.rows.frame, *(other.frame for other in self.further)]
        return pd.concat(frames, ignore_index=True) if self.further else self.rows.frame

    @property
    def cells_missing(self) -> list[str]:
        """The cells of all sheets that hold no number, with their sheet where there are several."""
        if not self.further:
            return [cell for cell, *_ in self.rows.missing]
        return [
            f"{shown(one.sheet.name)}!{cell}"
            for one in (self, *self.further)
            for cell, *_ in one.rows.missing
        ]

    @cached_property
    def broken(self) -> list[Broken]:
        """The national rules for machine-readable tables that the sheet breaks."""
        return broken_rules(self.sheet)


def sums(understood: Understood) -> list[dict[str, Any]]:
    """Return, for each column of numbers, the sum of all rows, of the rows taken, and what the
    file's own totals say.
    """
    found = []
    for place, measure in enumerate(understood.mapping.measures):
        values = [(line, line.values[place].number) for line in understood.rows.lines]
        checks = [
            check
            for check in understood.rows.checks
            if check.line.values[place].number == check.says and check.agrees is not None
        ]
        found.append(
            {
                "column": measure.column.heading,
                "about": dict(measure.about),
                "before": sum((v for _, v in values if v is not None), Decimal(0)),
                "after": sum(
                    (v for line, v in values if v is not None and not line.why), Decimal(0)
                ),
                "totals_that_agree": len({check.line.place for check in checks if check.agrees}),
                "totals_that_differ": len(
                    {check.line.place for check in checks if check.agrees is False}
                ),
            }
        )
    return found


def said(understood: Understood) -> Iterator[str]:
    """Yield what was understood, line by line, for the user; every text from the file is made
    printable.
    """
    rows = understood.rows
    yield from _parts_of_sheet(understood)
    yield from _columns_taken(understood)
    yield from _left_out(understood)
    notes = (*understood.sheet.notes, *understood.mapping.notes, *dict.fromkeys(rows.remarks))
    yield from (f"note: {shown(text)}" for text in notes)
    yield from (f"footnote: {shown(text)}" for text in understood.layout.footnotes[:5])
    yield from _missing(rows)
    for total in sums(understood):
        yield (
            f"sum of {shown(total['column'])}: {total['before']:,f} with every row,"
            f" {total['after']:,f} without totals; {total['totals_that_agree']} totals of the file"
            f" agree, {total['totals_that_differ']} differ"
        )
    yield from lines_of(understood.broken)
    municipalities = len({line.code for line in rows.lines if not line.why})
    yield f"municipalities: {municipalities:,}; rows for {understood.table}: {len(rows.frame):,}"
    yield from understood.groups
    for other in understood.further:
        yield from said(other)
    if understood.further:
        sheets, every = len(understood.further) + 1, len(understood.frame)
        yield f"{sheets} sheets, a year each; rows for {understood.table}: {every:,}"


def _parts_of_sheet(understood: Understood) -> Iterator[str]:
    layout, details = understood.layout, understood.sheet.details
    known = [name for name in details if name in ("encoding", "delimiter", "sheet")]
    where = ", ".join(f"{name} {details[name]}" for name in known)
    yield f"read: {shown(understood.sheet.file)} ({where})"
    headings = [place + 1 for place in layout.headings]
    yield f"headings: rows {headings[0]} to {headings[-1]}" if headings else "headings: none"
    yield from (f"title: {shown(text)}" for text in layout.titles[:3])
    who = {"codes": layout.who.code, "names": layout.who.name, "prefectures": layout.who.prefecture}
    yield from (f"column {letters(j + 1)}: {what}" for what, j in who.items() if j >= 0)


def _called(column: Column) -> str:
    return f"column {letters(column.place + 1)} {shown(column.heading)}"


def _columns_taken(understood: Understood) -> Iterator[str]:
    mapping = understood.mapping
    yield from (f"{_called(column)} -> {name}" for name, column in mapping.by_row.items())
    for measure, scale in zip(mapping.measures, understood.rows.scales, strict=False):
        about = ", ".join(f"{key} {value}" for key, value in measure.about.items())
        field = f"{measure.wanted.name}{f' ({about})' if about else ''}"
        unit = f"{scale.unit} x {scale.factor:f} ({scale.where})"
        no_unit = "no unit written, taken as it stands"
        yield f"{_called(measure.column)} -> {field}, {unit if scale.unit else no_unit}"
    constants = mapping.constants.items()
    yield from (f"every row: {name} = {shown(str(value))}" for name, value in constants)


def _left_out(understood: Understood) -> Iterator[str]:
    mapping, adds_up = understood.mapping, "adds up the others, checked"
    columns = [*mapping.left_out, *((total.column, adds_up) for total in mapping.totals)]
    yield from (f"left out: {_called(column)}: {why}" for column, why in columns)
    yield from _rows_left_out(understood)


def _rows_left_out(understood: Understood) -> Iterator[str]:
    whys: dict[str, list[str]] = {}
    for line in understood.rows.lines:
        if line.why:
            whys.setdefault(line.why, []).append(f"{line.place + 1} {line.label}")
    for place, text, why in understood.layout.dropped:
        whys.setdefault(why, []).append(f"{place + 1} {text}")
    for why, lines in whys.items():
        more = f" and {len(lines) - SHOWN_ROWS} more" if len(lines) > SHOWN_ROWS else ""
        yield (
            f"left out: {len(lines)} rows, {why}:"
            f" {'; '.join(shown(line) for line in lines[:SHOWN_ROWS])}{more}"
        )


def _missing(rows: Assembled) -> Iterator[str]:
    for kind, times in Counter(kind for *_, kind in rows.missing).items():
        places = [f"{cell} ({code})" for cell, code, _, mark in rows.missing if mark == kind]
        more = f" and {times - SHOWN_ROWS} more" if times > SHOWN_ROWS else ""
        yield (
            f"without a number: {times} cells, {MEANING[kind]}:"
            f" {', '.join(places[:SHOWN_ROWS])}{more}"
        )


def groups_present(frame: pd.DataFrame, municipalities: pd.DataFrame) -> Iterator[str]:
    """Yield, for each known group of which a part is there, how many of its municipalities are, and
    which are missing.
    """
    there = set(frame["code"]) if "code" in frame else set()
    for group, members in municipalities.groupby("group"):
        lacking = members[~members["code"].isin(there)]
        if len(lacking) < len(members):
            names = ", ".join(
                f"{code} {name}"
                for code, name in lacking[["code", "name_ja"]].itertuples(index=False)
            )
            yield (
                f"group {group}: {len(members) - len(lacking)} of {len(members)}"
                f" municipalities{f'; missing: {names}' if names else ''}"
            )


def record(
    understood: Understood, content: bytes, hints: Hints, supplied_by: str, text: str
) -> dict[str, Any]:
    """Return the record of origin: which file, what was understood and decided, and the checksum of
    what was written.
    """
    further = [_of_sheet(other) for other in understood.further]
    return {
        "table": understood.table,
        "file": understood.sheet.file,
        "file_sha256": hashlib.sha256(content).hexdigest(),
        "file_bytes": len(content),
        "taken_in": datetime.now(UTC).isoformat(timespec="seconds"),
        "supplied_by": supplied_by,
        "decided_by_hand": {
            "columns": dict(hints.columns),
            "units": dict(hints.units),
            "fill": dict(hints.fill),
            "leave_out": list(hints.leave_out),
        },
        **_of_sheet(understood),
        **({"further_sheets": further} if further else {}),
        "rows": len(understood.frame),
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
    }


def _of_sheet(understood: Understood) -> dict[str, Any]:
    """Return what the record of origin says of one sheet."""
    rows, mapping = understood.rows, understood.mapping
    return {
        "read": understood.sheet.details,
        "titles": list(understood.layout.titles),
        "footnotes": list(understood.layout.footnotes),
        "columns": {
            m.column.heading: {
                "field": m.wanted.name,
                "about": dict(m.about),
                "unit": s.unit,
                "factor": str(s.factor),
            }
            for m, s in zip(mapping.measures, rows.scales, strict=True)
        },
        "by_row": {name: column.heading for name, column in mapping.by_row.items()},
        "every_row": mapping.constants,
        "columns_left_out": {column.heading: why for column, why in mapping.left_out},
        "rows_left_out": [
            {"row": line.place + 1, "label": line.label, "why": line.why}
            for line in rows.lines
            if line.why
        ],
        "without_a_number": [
            dict(zip(("cell", "code", "column", "kind"), entry, strict=True))
            for entry in rows.missing
        ],
        "sums": [
            {**total, "before": str(total["before"]), "after": str(total["after"])}
            for total in sums(understood)
        ],
        "totals_that_differ": [
            {"row": c.line.place + 1, "says": str(c.says), "adds": str(c.adds)}
            for c in rows.checks
            if c.agrees is False
        ],
        "national_rules_broken": {rule.rule: list(rule.places) for rule in understood.broken},
    }
