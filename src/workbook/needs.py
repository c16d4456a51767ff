"""How much memory a run takes, as the study knows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from workbook.choices import Parameters


class Need(NamedTuple):
    """The most bytes that one step holds, the choice that this rests on most, as ``section.name``,
    and what was chosen, in words.
    """

    peak_bytes: float
    choice: str
    chosen: str


class Needs(Protocol):
    """What the workbook asks of a study before it runs."""

    def of_a_step(self, parameters: Parameters, group: Any) -> Need:
        """Return what the largest step takes for a group."""


class NoNeeds:
    """The needs of a study that fits on any machine."""

    def of_a_step(self, parameters: Parameters, group: Any) -> Need:
        """Return nothing."""
        return Need(0, "", "")


NO_NEEDS = NoNeeds()
