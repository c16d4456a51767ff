"""How much an assumption weighs in a run; a study says by which of its results (`Weights`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    import pandas as pd

GRADES = ("heavy", "middling", "light", "idle", "unmeasured")
Texts = dict[str, str]
Tables = Mapping[str, Sequence[Mapping[str, Any]]]  # result tables by name, as records


class Weight(NamedTuple):
    """A grade, what was measured, and how large that is as a share, by which assumptions of one
    grade are put in order; ``idle`` takes no part in this run, ``unmeasured`` is varied by no
    result of it.
    """

    grade: str
    measured: Texts
    amount: float = 0.0


UNMEASURED = Weight(
    "unmeasured", {"ja": "この実行では動かしていない", "en": "no result of this run varies it"}
)

SET = Weight(
    "idle", {"ja": "この実行では利用者が値を固定した", "en": "the reader has set it in this run"}
)


class Weights(Protocol):
    """What the audit asks of a study; ``tables`` names the result tables that weights come from."""

    @property
    def tables(self) -> tuple[str, ...]:
        """The result tables that weights come from."""

    @property
    def carriers(self) -> str:
        """The result table that names rows of input tables that carry an exhibit, the weightiest
        first (``exhibit``, ``table``, ``item``), for exhibits that answer another question than the
        weights do; blank where the study has none.
        """

    def weight_of(
        self, table: str, key: Mapping[str, object], tables: Tables, chosen: Mapping[str, Any]
    ) -> Weight:
        """Return the weight of the assumption that a row of an input table states."""

    def evidence(self, frames: Mapping[str, pd.DataFrame]) -> dict[str, list[str]]:
        """Return the evidence behind each uncertain input, by its identifier."""

    def names(self, frames: Mapping[str, pd.DataFrame]) -> dict[str, Texts]:
        """Return what identifiers mean that only an input table names."""

    def register(self, frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame | None:
        """Return the register of uncertain inputs, in which no row is ever changed."""


class NoWeights:
    """The weights of a study that measures none."""

    tables: tuple[str, ...] = ()
    carriers = ""

    def weight_of(
        self, table: str, key: Mapping[str, object], tables: Tables, chosen: Mapping[str, Any]
    ) -> Weight:
        """Return that it was not measured."""
        return UNMEASURED

    def evidence(self, frames: Mapping[str, pd.DataFrame]) -> dict[str, list[str]]:
        """Return none."""
        return {}

    def names(self, frames: Mapping[str, pd.DataFrame]) -> dict[str, Texts]:
        """Return none."""
        return {}

    def register(self, frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame | None:
        """There is none."""
        return None
