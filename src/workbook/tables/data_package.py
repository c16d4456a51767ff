"""The data package of a project: which tables it declares and which file holds each; nothing here
reads a table.

A file of the same name in ``data/local`` takes a table's place.
"""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path
from typing import Any


class TableFault(ValueError):
    """A table breaks its contract; the message names file, row, column and value of every fault."""


class DataPackage:
    """The declarations in ``data/datapackage.json`` and the files behind them."""

    def __init__(self, root: Path) -> None:
        self.folder = root / "data"

    @cached_property
    def package(self) -> dict[str, Any]:
        """The parsed ``datapackage.json``."""
        return json.loads((self.folder / "datapackage.json").read_text(encoding="utf-8"))

    @cached_property
    def resources(self) -> dict[str, dict[str, Any]]:
        """Every declared input table by name."""
        return {resource["name"]: resource for resource in self.package["resources"]}

    def resources_if_there(self) -> list[dict[str, Any]]:
        """Return every declared input table in order, none for a project without a data package."""
        there = (self.folder / "datapackage.json").is_file()
        return self.package["resources"] if there else []

    def resource(self, name: str) -> dict[str, Any]:
        """Return a table's declaration; an undeclared name is refused."""
        if name not in self.resources:
            raise TableFault(f"data/datapackage.json declares no table {name!r}")
        return self.resources[name]

    def path(self, name: str) -> Path:
        """Return the file a table is read from: the local one where there is one."""
        local = self.folder / "local" / f"{name}.csv"
        return local if local.exists() else self.folder / self.resource(name)["path"]

    def is_local(self, name: str) -> bool:
        """Say whether a table is read from ``data/local``."""
        return self.path(name).parent.name == "local"

    def has(self, name: str) -> bool:
        """Say whether a table is declared and its file exists: a local-only table may be absent,
        and an older run may have read one that has another name by now.
        """
        return name in self.resources and self.path(name).exists()
