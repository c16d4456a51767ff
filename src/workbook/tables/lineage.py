"""The declared result tables as far as a step's key needs them: a digest of each, and what it rests
on.

`results` reads the same files as contracts; this module reads no table and waits for no library
that does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from workbook.declarations import entries_of
from workbook.remembered import Remembered
from workbook.steps import Source
from workbook.study import study
from workbook.whole_files import checksum, digest_of


class DeclaredTables:
    """Every result table of the chapters' ``tables.yaml`` by name: digest of its declaration, of
    its lineage, its sources, and those of the columns that have sources of their own.
    """

    def __init__(self, remembered: Remembered, folder: Path) -> None:
        self._declared: dict[str, list[Any]] = {}
        for path in sorted(folder.glob("*/tables.yaml")):
            self._declared |= remembered.of(f"tables {checksum(path)}", partial(_read, path))

    def digest(self, table: str) -> str:
        """Return what stands for the declaration of a result table."""
        return self._declared[table][0]

    def behind(self, sources: Iterable[Source]) -> set[str]:
        """Return every table, result or input, that some sources rest on under any lineage, and
        their own tables.
        """
        waiting, found = list(sources), set()
        while waiting:
            source = waiting.pop()
            if source not in found:
                found.add(source)
                waiting += self._sources_of(source)
        return {source.table for source in found}

    def _sources_of(self, source: Source) -> list[Source]:
        if source.table not in self._declared:
            return []
        _, _, whole, by_column = self._declared[source.table]
        own = [by_column.get(column) for column in source.columns]
        known = own and None not in own
        entries = [entry for entries in own for entry in entries] if known else whole
        return [Source(table, tuple(columns)) for table, columns in entries]

    def declarations(self, sources: Iterable[Source]) -> dict[str, str]:
        """Return the digests of these tables' declarations, and of the lineage alone for those they
        rest on.
        """
        used = list(sources)
        whole = {source.table for source in used}
        return {
            name: self._declared[name][0 if name in whole else 1]
            for name in sorted(self.behind(used))
            if name in self._declared
        }

    def inputs_behind(self, sources: Iterable[Source]) -> set[str]:
        """Return the input tables among all that some sources rest on."""
        inputs = (name for name in self.behind(sources) if name not in self._declared)
        return study().ranges.with_judgements(inputs)


def _read(path: Path) -> dict[str, list[Any]]:
    declared = {}
    for entry in entries_of(path.read_text(encoding="utf-8")):
        lineages = [entry, *entry.get("given", {}).values()]
        by_column = {field["name"]: field["from"] for field in entry["fields"] if "from" in field}
        lineage = [entry["how"], entry["from"], entry.get("given", {}), by_column]
        declared[entry["name"]] = [
            digest_of(entry),
            digest_of(lineage),
            _sources(name for own in lineages for name in own["from"]),
            {column: _sources(own) for column, own in by_column.items()},
        ]
    return declared


def _sources(entries: Iterable[str | Mapping[str, list[str]]]) -> list[list[Any]]:
    return [
        [source.table, list(source.columns)]
        for source in sorted(set(map(Source.declared, entries)))
    ]
