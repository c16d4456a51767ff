"""Who a run studies: what the workbook asks of a study's group, and of the study about its
groups.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Protocol

if TYPE_CHECKING:
    import pandas as pd

    from workbook.choices import Fault, Parameters
    from workbook.choices.reading import Entry
    from workbook.tables.catalog import Catalog

Load = Callable[[str], "pd.DataFrame"]


class Group(Protocol):
    """Who is studied: a frozen dataclass of texts and tuples of texts, so that JSON carries it."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def is_whole(self) -> bool:
        """Whether it is the group that the study's texts are written for."""

    @property
    def is_one(self) -> bool:
        """Whether it has one member alone, of which much cannot be said."""

    def nouns(self, lang: str) -> Mapping[str, str]:
        """What texts call it, by placeholder."""

    def agreeing(self, text: str, lang: str) -> str:
        """A filled text in which its members are singular where there is one."""

    def own_name(self, key: str, lang: str) -> str | None:
        """What it is called where a term of the glossary names it; None for every other term."""

    def has_taken_from(self, key: str) -> bool:
        """Whether a group that it is compared with has lost members to it."""


class Together(NamedTuple):
    """A row of an office's table that stands for many members at once: its code without the check
    digit, how its label begins, what a reader calls it, and the codes of its members.
    """

    code: str
    label: str
    called: str
    first: str
    last: str

    def holds(self, code: str) -> bool:
        """Say whether a code, with or without its check digit, is a member's."""
        return self.first <= code[:5] <= self.last


class Groups(Protocol):
    """What a study knows of its groups; ``names_table`` holds the names of their members,
    ``choices`` are those of the study that a run reads for its group, whatever its cells read.
    """

    @property
    def whole(self) -> Group:
        """The group that the study's texts are written for."""

    @property
    def names_table(self) -> str:
        """The table with the names of members."""

    @property
    def choices(self) -> frozenset[str]:
        """The choices that the groups read, whatever a step's cells read."""

    def of(self, chosen: Mapping[str, Any], load: Load) -> Group:
        """Return the group that the choices of the study name."""

    def of_record(self, record: Mapping[str, Any]) -> Group:
        """Return the group that a record of it (`dataclasses.asdict`, through JSON) stands for."""

    def adapted(self, table: str, frame: pd.DataFrame, group: Any, load: Load) -> pd.DataFrame:
        """Return an input table as a group has it."""

    def tables_in_words(self) -> tuple[str, ...]:
        """Return the input tables whose texts hold nouns of the group."""

    def modelled_tables(
        self, group: Any, chosen: Mapping[str, Any], inputs: Mapping[str, Any]
    ) -> frozenset[str]:
        """Return the result tables that are a model's output for a group, though declared as
        arithmetic.
        """

    def choice_faults(
        self, chosen: Mapping[str, Any], group: Any, file: str = ""
    ) -> Iterator[Fault]:
        """Yield what cannot be chosen for a group; ``chosen`` holds choices by their bare names."""

    def fitted(self, entries: Mapping[str, Entry]) -> Mapping[str, Entry]:
        """Return the entries of a parameter file as they can hold for the group that they name."""

    def together(self) -> tuple[Together, ...]:
        """Return the rows in which offices' tables add up members of a group."""

    def tells_apart(self, scenario: Parameters, baseline: Parameters, catalog: Catalog) -> bool:
        """Say whether a scenario is another run than the baseline, for its group and tables."""


@dataclass(frozen=True)
class Everyone:
    """The group of a study that knows no groups."""

    is_whole: bool = True
    is_one: bool = False

    def nouns(self, lang: str) -> Mapping[str, str]:
        """No text of such a study names it by a placeholder."""
        return {}

    def agreeing(self, text: str, lang: str) -> str:
        """Such a text counts no members."""
        return text

    def own_name(self, key: str, lang: str) -> str | None:
        """No term of the glossary names it."""
        return None

    def has_taken_from(self, key: str) -> bool:
        """There is no other group."""
        return False


class NoGroups:
    """The groups of a study that has but one, and names its members in no table."""

    whole = Everyone()
    names_table = ""
    choices: frozenset[str] = frozenset()

    def of(self, chosen: Mapping[str, Any], load: Load) -> Everyone:
        """Return the one group there is."""
        return self.whole

    def of_record(self, record: Mapping[str, Any]) -> Everyone:
        """Return the one group there is."""
        return self.whole

    def adapted(self, table: str, frame: pd.DataFrame, group: Any, load: Load) -> pd.DataFrame:
        """Return the table as it is."""
        return frame

    def tables_in_words(self) -> tuple[str, ...]:
        """Return none."""
        return ()

    def modelled_tables(
        self, group: Any, chosen: Mapping[str, Any], inputs: Mapping[str, Any]
    ) -> frozenset[str]:
        """Return none."""
        return frozenset()

    def choice_faults(
        self, chosen: Mapping[str, Any], group: Any, file: str = ""
    ) -> Iterator[Fault]:
        """Yield nothing."""
        return iter(())

    def fitted(self, entries: Mapping[str, Entry]) -> Mapping[str, Entry]:
        """Return the entries as they are."""
        return entries

    def together(self) -> tuple[Together, ...]:
        """Return none."""
        return ()

    def tells_apart(self, scenario: Parameters, baseline: Parameters, catalog: Catalog) -> bool:
        """Say whether they differ in any choice."""
        return scenario != baseline
