"""The declared result tables as far as a step's key needs them: a digest of each, and what it rests on.

`results` reads the same files as contracts; this module reads no table and waits for no library that does.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from analysis.notebook.syntax import Remembered
from analysis.notebook.whole_files import checksum, digest_of


class DeclaredTables:
    """Every result table of ``notebook/tables/*.yaml`` by name: digest of its declaration, of its lineage, and its sources."""

    def __init__(self, remembered: Remembered, folder: Path) -> None:
        self._declared: dict[str, list[Any]] = {}
        for path in sorted(folder.glob("*.yaml")):
            self._declared |= remembered.of(f"{path.name} {checksum(path)}", lambda path=path: _read(path))

    def behind(self, tables: Iterable[str]) -> set[str]:
        """Return every table, result or input, that some tables rest on under any lineage, and these tables."""
        waiting, found = list(tables), set()
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting += self._declared[name][2] if name in self._declared else []
        return found

    def declarations(self, tables: Iterable[str]) -> dict[str, str]:
        """Return the digests of these tables' declarations, and of the lineage alone for those they rest on."""
        whole = set(tables)
        return {name: self._declared[name][0 if name in whole else 1]
                for name in sorted(self.behind(whole)) if name in self._declared}

    def inputs_behind(self, tables: Iterable[str]) -> set[str]:
        """Return the input tables among all that some tables rest on."""
        return {name for name in self.behind(tables) if name not in self._declared}


def entries_of(text: str) -> list[dict[str, Any]]:
    """Return the declarations of one file of ``notebook/tables``; read by libyaml where there is one, several times faster."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(text, loader) or []   # noqa: S506  a safe loader either way


def _read(path: Path) -> dict[str, list[Any]]:
    declared = {}
    for entry in entries_of(path.read_text(encoding="utf-8")):
        lineages = [entry, *entry.get("given", {}).values()]
        lineage = [entry["how"], entry["from"], entry.get("given", {})]
        declared[entry["name"]] = [digest_of(entry), digest_of(lineage), sorted({name for own in lineages for name in own["from"]})]
    return declared
