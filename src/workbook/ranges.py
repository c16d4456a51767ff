"""Where a study keeps its uncertain inputs, and what a run may set of them: each is a row of a
table of ranges, and a reader may hold it at one value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from workbook.steps import Step

SECTION = "inputs"  # of params.yaml, and the name that a notebook's parameters cell gives them
HEAD = f"{SECTION}."
ENDS = ("low", "central", "high")
Chosen = Mapping[str, "float | str"]  # input -> value, or an end of its range


@dataclass(frozen=True)
class Ranges:
    """The tables whose rows are inputs: ``input``, ``low``, ``central``, ``high``, ``unit``.

    ``table`` says how far each may be set; a study without one lets none be set. ``others`` hold
    other ranges of the same inputs, which a set value overrules as well. ``judgements`` is a
    researcher's own table, whose rows give some inputs another range (`judged`).
    """

    table: str = ""
    others: tuple[str, ...] = ()
    judgements: str = ""

    def judged(self, ranges: pd.DataFrame, judgements: pd.DataFrame) -> pd.DataFrame:
        """Return the table of ranges as the judgements have it; a study says how."""
        return ranges

    def with_judgements(self, tables: Iterable[str]) -> set[str]:
        """Return some tables, and the judgements where the table of ranges is one of them.

        >>> sorted(Ranges("winds", judgements="sailors").with_judgements(["winds", "rain"]))
        ['rain', 'sailors', 'winds']
        """
        names = set(tables)
        return names | {self.judgements} if self.judgements and self.table in names else names

    def name_in(self, key: str) -> str | None:
        """Return the input that a dotted key names, None where it is no input's.

        >>> Ranges("winds").name_in("inputs.gust"), Ranges("winds").name_in("study.gust")
        ('gust', None)
        """
        return key.removeprefix(HEAD) if self.table and key.startswith(HEAD) else None

    def taken_by(self, step: Step) -> bool:
        """Say whether a step loads the table of ranges."""
        return bool(self.table) and self.table in step.inputs

    def taken(self, step: Step, chosen: Chosen) -> dict[str, float | str]:
        """Return those of the chosen inputs that a step takes."""
        return {
            name: value
            for name, value in chosen.items()
            if self.taken_by(step) and (not step.ranges or name in step.ranges)
        }


NO_RANGES = Ranges()  # of a study that lets none be set


def by_key(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return a step's parameters by name, each set input under its dotted key.

    >>> by_key({"rate": 2, "inputs": {"gust": "low"}})
    {'rate': 2, 'inputs.gust': 'low'}
    """
    others = {name: value for name, value in parameters.items() if name != SECTION}
    return others | {HEAD + name: value for name, value in parameters.get(SECTION, {}).items()}


def from_keys(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return the set inputs among parameters as `by_key` has them.

    >>> from_keys({"rate": 2, "inputs.gust": "low"})
    {'gust': 'low'}
    """
    return {name.removeprefix(HEAD): value for name, value in parameters.items() if HEAD in name}
