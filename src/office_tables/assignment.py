"""What fills each field of a table: what the user settled by hand, and what was found in the
sheet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from office_tables.fields import Wanted
from office_tables.headings import Column
from workbook.choices.faults import Fault


@dataclass(frozen=True)
class Hints:
    """What the user settles by hand: columns, units and constants by field, and headings to leave
    out.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    fill: Mapping[str, str] = field(default_factory=dict)
    leave_out: tuple[str, ...] = ()
    # field -> the field it follows, and how
    follows: Mapping[str, tuple[str, Mapping[str, str]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Measure:
    """A column of numbers, and what every number in it is about."""

    wanted: Wanted
    column: Column
    about: Mapping[str, str]


@dataclass
class Assignment:
    """What each field is filled from."""

    by_row: dict[str, Column] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    measures: list[Measure] = field(default_factory=list)
    left_out: list[tuple[Column, str]] = field(default_factory=list)
    # columns that add up the others: checked, then left out
    totals: list[Measure] = field(default_factory=list)
    # place of a total that is kept -> the columns it adds up
    parts: dict[int, list[Measure]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
