"""A page for each member: an exhibit whose table is read one member at a time.

A chapter declares it in its ``exhibits.yaml``; the first table of the exhibit has one row for each
member and line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Texts = Mapping[str, str]


@dataclass(frozen=True)
class Pages:
    """Which columns of the table say whose page a row belongs to (``member``), in which ``part`` of
    it, what it is about (``line``) and what it rests on (``basis``).

    The table has ``value``, ``low``, ``high``, ``unit`` and ``year`` as well. ``anchor`` begins
    the address of every page, ``choose`` is said above the list of members and ``own`` above the
    column that is left blank.
    """

    anchor: str
    member: str
    part: str
    line: str
    basis: str
    choose: Texts
    own: Texts

    @classmethod
    def declared(cls, entry: Mapping[str, Any] | None) -> Pages | None:
        """Return the pages that an exhibit's ``pages`` declares, or None where it has none."""
        return None if entry is None else cls(**entry)
