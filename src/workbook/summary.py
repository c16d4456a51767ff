"""What a study puts on the first screen of its report, and the facts of a run that it is taken
from.

Every sentence stands in ``notebooks/words/summary.*.md``; a study names it by its slug, says which
of its cases holds, and hands over bare values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

Row = Mapping[str, Any]
WORDS = "summary"  # how the files of its words begin


@dataclass(frozen=True)
class Facts:
    """What a finished run holds: headline results by id, choices by section, and the rows of a
    result table, none where the run wrote no such table; a number is a number, a blank None.
    """

    results: Mapping[str, Row]
    choices: Mapping[str, Mapping[str, Any]]
    rows: Callable[[str], Sequence[Row]]

    def row(self, table: str, **where: Any) -> Row | None:
        """Return the first row of a table with these values, None where there is none.

        >>> facts = Facts({}, {}, {"bread": [{"case": "low", "loaves": 3}]}.get)
        >>> facts.row("bread", case="low"), facts.row("bread", case="high")
        ({'case': 'low', 'loaves': 3}, None)
        """
        found = (row for row in self.rows(table) if all(row.get(k) == v for k, v in where.items()))
        return next(found, None)

    def value(self, result: str) -> Any:
        """Return the value of a headline result, None where it has none."""
        return self.results.get(result, {}).get("value")


@dataclass(frozen=True)
class Sentence:
    """A message of the summary with its values; ``case`` names the wording that holds."""

    slug: str
    values: Mapping[str, Any] = field(default_factory=dict)
    case: str = ""


@dataclass(frozen=True)
class Tile:
    """One number of the first screen: a message names it, an ``exhibit`` shows it.

    ``interval`` is one of `workbook.terms.INTERVALS`; where the value is None the tile has a dash.
    """

    name: Sentence
    value: float | None
    unit: str
    exhibit: str
    standing: str
    low: float | None = None
    high: float | None = None
    interval: str = "draws"


@dataclass(frozen=True)
class Action:
    """Who (by language) should do what by when, and the condition that would stop or widen it,
    where there is one.
    """

    who: Mapping[str, str]
    what: Sentence
    condition: Sentence | None = None


@dataclass(frozen=True)
class Summary:
    """The first screen: the answer in one sentence, tiles, the exhibit whose ``picture`` is shown,
    what is advised and who should do what, further sentences, and what is not known; ``doors`` are
    the chapters (``decision``) that a reader should find at once.
    """

    answer: Sentence
    tiles: tuple[Tile, ...] = ()
    picture: str = ""
    doors: tuple[str, ...] = ()
    advice: Sentence | None = None
    actions: tuple[Action, ...] = ()
    also: tuple[Sentence, ...] = ()
    unknown: tuple[Sentence, ...] = ()


class Summarised(Protocol):
    """What a study knows of its own summary."""

    def of(self, facts: Facts) -> Summary | None:
        """Return the summary of a run; None where it has come too short for one."""


class NoSummary:
    """The summary of a study that has none: its report begins with its title and its lead."""

    def of(self, facts: Facts) -> Summary | None:
        """Return None."""
        return None
