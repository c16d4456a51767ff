"""Cards: an exhibit whose table is read one question at a time.

A chapter declares it in its ``exhibits.yaml``; the first table of the exhibit has one row for each
question and names the headline result that answers it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Cards:
    """Which columns of the table hold what a card shows; those of texts end in a language.

    ``result`` names the headline result whose value and range are drawn, ``exhibit`` the number of
    the exhibit that a card leads to.
    """

    question: str
    answer: str
    interval: str
    rivals: str
    change: str
    exhibit: str
    result: str

    @classmethod
    def declared(cls, entry: Mapping[str, Any] | None) -> Cards | None:
        """Return the cards that an exhibit's ``cards`` declares, or None where it has none."""
        return None if entry is None else cls(**entry)
