"""The data log: where every input table comes from, under which terms, since when, and whether it
is still the file that was reviewed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbook.study import study
from workbook.tables.catalog import NOT_PUBLISHED, SUPPLIED, titles
from workbook.tables.data_package import DataPackage
from workbook.tables.origin_record import origin_record
from workbook.whole_files import checksum

Texts = dict[str, str]
MADE_HERE = {
    "ja": "取得なし（本ワークブックで作成）",
    "en": "not retrieved: made for this workbook",
}
NOT_RECORDED = {"ja": "記録なし", "en": "not recorded"}
NONE_SUPPLIED = {"ja": "提供なし", "en": "none supplied"}
NOBODY = {"ja": "記名なし", "en": "nobody named"}


@dataclass(frozen=True)
class DataEntry:
    """One input table. ``sha256`` is that of the file the run read; '' where a local-only table was
    not supplied.
    """

    name: str
    title: Texts
    sources: tuple[Texts, ...]
    licence: Texts
    credit: Texts
    retrieved: Texts
    sha256: str
    standing: str
    rows: int
    local: bool
    owner: Texts
    chapters: tuple[int, ...]
    # the checksum is the one that the data package declares; a local table has none to keep
    reviewed: bool
    # from documents of others; not judged here, nor a reader's own
    taken_in: bool


def data_log(package: DataPackage, manifest: Mapping[str, Any]) -> list[DataEntry]:
    """Return one entry for each table of the package, in its order."""
    return [_entry(package, name, manifest) for name in package.resources]


def _entry(package: DataPackage, name: str, manifest: Mapping[str, Any]) -> DataEntry:
    resource, path, there = package.resource(name), package.path(name), package.has(name)
    local = there and package.is_local(name)
    sha = str(manifest.get("inputs", {}).get(name) or (checksum(path) if there else ""))
    own = local or bool(resource.get("local"))
    return DataEntry(
        name,
        titles(resource),
        (SUPPLIED,) if own else tuple(map(titles, resource.get("sources", ()))),
        NOT_PUBLISHED if own else titles(resource["licenses"][0]),
        _pair(resource.get("credit")),
        _retrieved(resource, path, local, there),
        sha,
        "supplied" if own else resource["standing"],
        _rows(path) if there else 0,
        own,
        owner_of(package, name),
        tuple(step.chapter for step in study().steps if name in step.inputs),
        not there or own or sha == resource.get("hash", "").removeprefix("sha256:"),
        not own and "retrieved" in resource,
    )


def _pair(texts: Any) -> Texts:
    return {lang: (texts or {}).get(lang, "–") for lang in ("ja", "en")}


def _retrieved(resource: dict[str, Any], path: Path, local: bool, there: bool) -> Texts:
    if local:
        taken_in = str(origin_record(path).get("taken_in", ""))[:10]
        return (
            {"ja": taken_in, "en": taken_in}
            if taken_in
            else {"ja": "手で置いた（日付の記録なし）", "en": "put there by hand, no date recorded"}
        )
    if not there:
        return NONE_SUPPLIED
    if date := resource.get("retrieved"):
        return {"ja": date, "en": date}
    return MADE_HERE if made_here(resource) else NOT_RECORDED


def made_here(resource: Mapping[str, Any]) -> bool:
    """Say whether a table's content is this workbook's own: under its own licence, taken from no
    publisher.
    """
    return resource["licenses"][0].get("name") == "Apache-2.0"


def owner_of(package: DataPackage, name: str) -> Texts:
    """Return who answers for a table: who supplied it, else the contributors that the table or the
    package names.
    """
    if package.has(name) and package.is_local(name):
        supplied_by = str(origin_record(package.path(name)).get("supplied_by", ""))
        return {"ja": supplied_by, "en": supplied_by} if supplied_by else NOBODY
    people = package.resource(name).get("contributors") or package.package.get("contributors") or []
    named = [titles(person) for person in people]
    return (
        {
            lang: ("、" if lang == "ja" else ", ").join(person[lang] for person in named)
            for lang in ("ja", "en")
        }
        if named
        else NOBODY
    )


def _rows(path: Path) -> int:
    import csv

    with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        return max(0, sum(1 for _ in csv.reader(stream)) - 1)
