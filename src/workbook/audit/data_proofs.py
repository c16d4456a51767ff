"""What a machine can see of the data: sources, terms, dates, codebook, and that nothing
confidential is in the package.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from workbook.audit.checklists import COMMAS, Proof, proof
from workbook.audit.data_log import made_here
from workbook.audit.study_files import StudyFiles

Resource = dict[str, Any]


def _each(
    name: str,
    files: StudyFiles,
    holds: Callable[[Resource], object],
    also: bool = True,
    **values: Any,
) -> Proof:
    """Return the proof that something holds for every declared table, naming those for which it
    does not.
    """
    lacking = [own for own, resource in files.resources.items() if not holds(resource)]
    count = f"{len(files.resources) - len(lacking)} / {len(files.resources)}"
    whole = {
        lang: count + (f" ({comma.join(lacking[:4])})" if lacking else "")
        for lang, comma in COMMAS.items()
    }
    return proof(name, files.resources and not lacking and also, whole=whole, **values)


def _local(files: StudyFiles) -> list[str]:
    return [name for name, resource in files.resources.items() if resource.get("local")]


def external(files: StudyFiles) -> Proof:
    """Count the tables of facts from elsewhere and those made here."""
    own, local = sum(map(made_here, files.resources.values())), len(_local(files))
    facts = len(files.resources) - own - local
    return proof("external", files.resources, facts=facts, own=own, local=local)


def licence(files: StudyFiles) -> Proof:
    """Say which tables name no terms."""
    return _each("licence", files, lambda r: r.get("licenses") and r["licenses"][0].get("title"))


def availability(files: StudyFiles) -> Proof:
    """Say which tables are in the package and which are never part of it."""
    local = _local(files)
    there = len(files.resources) - len(local)
    return proof("availability", files.resources, there=there, absent=len(local), local=local)


def sources(files: StudyFiles) -> Proof:
    """Say which tables lack a source, a format or a date of retrieval."""

    def dated(r: Resource) -> object:
        return _sourced(r) and r.get("format") and (r.get("retrieved") or made_here(r))

    return _each("sources", files, lambda r: r.get("local") or dated(r))


def _sourced(resource: Resource) -> bool:
    return bool(resource.get("sources")) and all(
        str(source.get("title", "")).strip() for source in resource["sources"]
    )


def summary(files: StudyFiles) -> Proof:
    """Say which tables data/README.md does not name."""
    readme = files.text("data/README.md")
    return _each("summary", files, lambda r: r["name"] in readme)


def codebook(files: StudyFiles) -> Proof:
    """Say which tables have a field without title, unit or description."""
    parts = ("title", "title_ja", "unit", "description")
    return _each(
        "codebook",
        files,
        lambda r: all(field.get(part) for field in r["schema"]["fields"] for part in parts),
    )


def confidential(files: StudyFiles) -> Proof:
    """Say whether own figures are kept out of git, and whether this run used any."""
    ignored = "/data/local/" in files.text(".gitignore")
    used = files.manifest.get("local_inputs", [])
    name = "confidential" if ignored else "confidential-stored"
    return proof(name, ignored and not used, used=used)


def stand_in(files: StudyFiles) -> Proof:
    """Say whether the run went through without the tables that cannot be shared."""
    local = _local(files)
    without = [name for name in local if name not in files.manifest.get("inputs", {})]
    name = "stand_in" if without else "stand_in-nothing"
    return proof(name, local and without == local, without=without)


def cited(files: StudyFiles) -> Proof:
    """Say which tables, or rows of a table, name no source."""
    named = {name: frame["source"] for name, frame in files.frames.items() if "source" in frame}
    bare = [
        name
        for name, column in named.items()
        if (column.isna() | (column.astype("str").str.strip() == "")).any()
    ]
    return _each(
        "cited",
        files,
        lambda r: r.get("local") or (_sourced(r) and r["name"] not in bare),
        rows=sum(map(len, named.values())),
    )


def tidy(files: StudyFiles) -> Proof:
    """Say whether each table has a key that no two rows share: one row for one observation, one
    unit for a column or a row.
    """
    shared = [
        name
        for name, frame in files.frames.items()
        if frame.duplicated(list(_key(files.resources[name]))).any()
    ]

    def keyed(r: Resource) -> object:
        units = all(field.get("unit") for field in r["schema"]["fields"])
        return _key(r) and r["name"] not in shared and units

    written = len(list((files.run / "tables").glob("*.csv")))
    return _each("tidy", files, keyed, also=written > 0, written=written)


def _key(resource: Resource) -> tuple[str, ...]:
    key = resource["schema"].get("primaryKey", ())
    return (key,) if isinstance(key, str) else tuple(key)
