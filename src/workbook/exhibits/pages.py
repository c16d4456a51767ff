"""A page for each member: an exhibit whose table is read one member at a time.

A chapter declares it in its ``exhibits.yaml``; the first table of the exhibit has one row for each
member and line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Texts = Mapping[str, str]


@dataclass(frozen=True)
class Pages:
    """Which columns of the table say whose page a row belongs to (``member``), in which ``part`` of
    it, what it is about (``line``) and what it rests on (``basis``).

    The table has ``value``, ``low``, ``high``, ``unit`` and ``year`` as well. ``anchor`` begins
    the address of every page, ``choose`` is said above the list of members and ``own`` above the
    column that is left blank. ``shown_in`` names the exhibit that a basis leads to.

    ``says`` names a table of the exhibit with one row for each member, from which the sentences
    above the lines are filled: `Run.show` hands over a message for each of its columns that hold
    the case that is said, blank where nothing is. Two columns ``…_low…`` and ``…_high…`` are
    one value too, ``…_range…``; of a text each language takes its own column.
    """

    anchor: str
    member: str
    part: str
    line: str
    basis: str
    choose: Texts
    own: Texts
    says: str = ""
    shown_in: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def declared(cls, entry: Mapping[str, Any] | None) -> Pages | None:
        """Return the pages that an exhibit's ``pages`` declares, or None where it has none."""
        return None if entry is None else cls(**entry)
