"""The result tables: their contracts, and what each rests on down to the input tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

from workbook.declarations import entries_of
from workbook.standing import worst_standing
from workbook.steps import Source
from workbook.study import study
from workbook.tables.catalog import Catalog, Origin
from workbook.tables.contracts import Contract
from workbook.whole_files import Stamp, stamp_of

_seen: dict[Path, Stamp] = {}  # the declarations that this process has read, as they were


def refresh_declarations() -> None:
    """Have the declarations read again where a file was edited while the process lives."""
    if any(not path.exists() or stamp_of(path) != stamp for path, stamp in _seen.items()):
        _seen.clear()
        _declared.cache_clear()


def result_contracts() -> dict[str, Contract]:
    """Return the contract of every result table by name; a name declared twice is refused."""
    return _declared(study().chapters)


@cache
def _declared(chapters: Path) -> dict[str, Contract]:
    contracts: dict[str, Contract] = {}
    paths = sorted(chapters.glob("*/tables.yaml"))
    _seen.update((path, stamp_of(path)) for path in paths)
    for path in paths:
        for entry in entries_of(path.read_text(encoding="utf-8")):
            if entry["name"] in contracts:
                raise ValueError(
                    f"{path.parent.name}/{path.name}: the result table {entry['name']!r} is"
                    " declared twice"
                )
            contracts[entry["name"]] = Contract.of_result(entry)
    return contracts


def inputs_behind(source: Source, present: Callable[[str], bool]) -> tuple[str, ...]:
    """Return the input tables that a table, or some of its columns, rest on, through any number of
    result tables, in name order.
    """
    contract = result_contracts().get(source.table)
    if contract is None:
        return tuple(sorted(study().ranges.with_judgements([source.table])))
    behind = contract.lineage(present, source.columns).sources
    return tuple(sorted({name for other in behind for name in inputs_behind(other, present)}))


def standing_of(
    source: Source, origins: dict[str, Origin], modelled: frozenset[str] = frozenset()
) -> str:
    """Return the standing of a table, or of some of its columns: a model's output is ``modelled``,
    arithmetic is ``derived`` or its worst part.

    What only carries other tables' rows (``how: carried``) is as good as the worst of them.
    ``modelled`` names tables that are arithmetic for the study's whole group and a model's output
    for the group under study.
    """
    contract = result_contracts().get(source.table)
    if contract is None:
        return origins[source.table].standing
    lineage = contract.lineage(origins.__contains__, source.columns)
    if lineage.how == "model" or source.table in modelled:
        return "modelled"
    parts = [standing_of(other, origins, modelled) for other in lineage.sources]
    return worst_standing(parts if lineage.how == "carried" else ["derived", *parts])


def origins_behind(tables: Iterable[str], catalog: Catalog) -> dict[str, Origin]:
    """Return the origin of every input table behind the given tables, by name; absent local tables
    are left out.
    """
    names = sorted({name for table in tables for name in inputs_behind(Source(table), catalog.has)})
    return {name: catalog.origin(name) for name in names if catalog.has(name)}
