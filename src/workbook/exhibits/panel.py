"""A panel: an exhibit whose reader sets a few levers and sees what the run worked out for them.

A chapter declares it in its ``exhibits.yaml``. Its states are an ordinary table of the run, one row
for each combination of the levers' levels; the page looks them up and works nothing out
(`panel_states`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Texts = Mapping[str, str]


@dataclass(frozen=True)
class Tile:
    """One large figure of a panel, with the columns of its interval, if it has one."""

    title: Texts
    value: str
    low: str = ""
    high: str = ""


@dataclass(frozen=True)
class Preset:
    """A state with a name: levels that are set, and a column that is to be largest, if any."""

    title: Texts
    set: Mapping[str, str]
    best: str = ""


@dataclass(frozen=True)
class Members:
    """Whose share of a state can be asked for: a table of shares by ``code``, for each level of the
    lever ``by``, and the columns that are shared.
    """

    title: Texts
    table: str
    by: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Panel:
    """A panel as its chapter declares it: names of columns of its table of ``states``.

    ``units`` says in which unit a reader sees what stands in another: yen where a title says that
    they are a year's.
    """

    states: str
    levers: tuple[str, ...]
    case: str
    tiles: tuple[Tile, ...]
    bars: tuple[str, ...] = ()
    bars_title: Texts | None = None
    presets: tuple[Preset, ...] = ()
    members: Members | None = None
    units: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def declared(cls, entry: Mapping[str, Any] | None) -> Panel | None:
        """Return the panel that an exhibit's ``panel`` declares, or None where it has none."""
        if entry is None:
            return None
        members = entry.get("members")
        return cls(
            entry["states"],
            tuple(entry["levers"]),
            entry["case"],
            tuple(Tile(**tile) for tile in entry["tiles"]),
            tuple(entry.get("bars", ())),
            entry.get("bars_title"),
            tuple(Preset(**preset) for preset in entry.get("presets", ())),
            Members(**{**members, "values": tuple(members["values"])}) if members else None,
            entry.get("units", {}),
        )

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables that it shows."""
        return (self.states, *([self.members.table] if self.members else ()))

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of its states whose values a reader sees, each once."""
        of_tiles = [name for t in self.tiles for name in (t.value, t.low, t.high) if name]
        return tuple(dict.fromkeys([*of_tiles, *self.bars]))
