"""The input tables: read from ``data/``, held to the data package, with their origin.

A file of the same name in ``data/local`` takes a table's place; its standing is then ``supplied``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from workbook.tables.contracts import Contract
from workbook.tables.data_package import DataPackage, TableFault
from workbook.tables.kept_tables import KeptTables
from workbook.tables.plain_rows import plain_rows
from workbook.whole_files import Stamp, checksum, stamp_of

SUPPLIED = {"ja": "利用者が提供", "en": "supplied by the user"}
NOT_PUBLISHED = {
    "ja": "非公表（権利は提供者に属する）",
    "en": "not published; rights stay with whoever supplies it",
}


@dataclass(frozen=True)
class Origin:
    """Where an input table comes from, as every exhibit that rests on it says."""

    name: str
    title: dict[str, str]
    sources: tuple[dict[str, str], ...]
    licence: dict[str, str]
    credit: dict[str, str] | None
    standing: str
    sha256: str
    local: bool
    assumed_rows: int


class Catalog(DataPackage):
    """The data package of a project folder, its tables read and checked."""

    @cached_property
    def _kept(self) -> KeptTables:
        return KeptTables()

    def load(self, name: str) -> pd.DataFrame:
        """Return a table, checked against its contract and, unless it is local, against its
        checksum.
        """
        path = self.path(name)
        if not path.exists():
            raise TableFault(f"{path.name}: the table {name!r} is missing from {path.parent}")
        return self._kept.read(path, lambda: self._checked(path, self.resource(name)))

    def published(self, name: str) -> pd.DataFrame | None:
        """Return the published table whose place a local one of this name takes; None where it
        takes no table's place.
        """
        resource = self.resource(name)
        if resource.get("local"):
            return None
        return self._checked(self.folder / resource["path"], resource)

    def _checked(self, path: Path, resource: dict[str, Any]) -> pd.DataFrame:
        declared = resource.get("hash", "").removeprefix("sha256:")
        if path.parent.name != "local" and checksum(path) != declared:
            raise TableFault(
                f"data/{path.name}: its checksum differs from the catalogue; "
                "if the change is meant, review it and run `workbook catalogue`"
            )
        return Contract.of_input(resource).parse(path, f"{path.parent.name}/{path.name}")

    def origin(self, name: str) -> Origin:
        """Return where a table comes from and how good it is."""
        path, resource = self.path(name), self.resource(name)
        local = path.parent.name == "local"
        sha256, assumed_rows = _looked_at(path, stamp_of(path))
        sources = (SUPPLIED,) if local else tuple(map(titles, resource["sources"]))
        licence = NOT_PUBLISHED if local else titles(resource["licenses"][0])
        return Origin(
            name,
            titles(resource),
            sources,
            licence,
            None if local else resource.get("credit"),
            "supplied" if local else resource["standing"],
            sha256,
            local,
            0 if local else assumed_rows,
        )


def titles(entry: dict[str, Any]) -> dict[str, str]:
    """Return an entry's title in both languages; where it has no Japanese one, the one it has."""
    return {"ja": entry.get("title_ja", entry["title"]), "en": entry["title"]}


@lru_cache(maxsize=256)
def _looked_at(path: Path, stamp: Stamp) -> tuple[str, int]:
    """Return a file's checksum and how many of its rows are assumed; every exhibit asks, the file
    answers once.
    """
    return checksum(path), sum(row.get("standing") == "assumed" for row in plain_rows(path))
