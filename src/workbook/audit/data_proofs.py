"""What a machine can see of the data: sources, terms, dates, codebook, and that nothing
confidential is in the package.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from workbook.audit.data_log import made_here
from workbook.audit.study_files import Proof, StudyFiles


def _each(files: StudyFiles, holds: Callable[[dict[str, Any]], object], ja: str, en: str) -> Proof:
    """Return the proof that something holds for every declared table, naming those for which it
    does not.
    """
    lacking = [name for name, resource in files.resources.items() if not holds(resource)]
    whole = f"{len(files.resources) - len(lacking)} / {len(files.resources)}"
    return Proof(
        bool(files.resources) and not lacking,
        f"{ja} {whole}{_named(lacking, '、')}",
        f"{en} {whole}{_named(lacking, ', ')}",
    )


def _named(names: Iterable[str], mark: str) -> str:
    names = list(names)
    return f" ({mark.join(names[:4])})" if names else ""


def external(files: StudyFiles) -> Proof:
    """Count the tables of facts from elsewhere and those made here."""
    own = [name for name, resource in files.resources.items() if made_here(resource)]
    local = [name for name, resource in files.resources.items() if resource.get("local")]
    facts = len(files.resources) - len(own) - len(local)
    return Proof(
        bool(files.resources),
        f"外部の事実{facts}表、本ワークブックの判断{len(own)}表、利用者の値{len(local)}表",
        f"{facts} tables of facts from elsewhere, {len(own)} made here, {len(local)} for a"
        " researcher's own figures",
    )


def licence(files: StudyFiles) -> Proof:
    """Say which tables name no terms."""
    return _each(
        files,
        lambda r: r.get("licenses") and r["licenses"][0].get("title"),
        "利用条件のある表",
        "tables with their terms",
    )


def availability(files: StudyFiles) -> Proof:
    """Say which tables are in the package and which are never part of it."""
    local = [name for name, resource in files.resources.items() if resource.get("local")]
    return Proof(
        bool(files.resources),
        f"同梱{len(files.resources) - len(local)}表、"
        f"非公表{len(local)}表（{'、'.join(local) or 'なし'}）",
        f"{len(files.resources) - len(local)} tables are in the package, {len(local)} are not"
        f" public ({', '.join(local) or 'none'})",
    )


def sources(files: StudyFiles) -> Proof:
    """Say which tables lack a source, a format or a date of retrieval."""
    return _each(
        files,
        lambda r: (
            r.get("local")
            or (_sourced(r) and r.get("format") and (r.get("retrieved") or made_here(r)))
        ),
        "出典・形式・取得時期のある表",
        "tables with source, format and date of retrieval",
    )


def _sourced(resource: dict[str, Any]) -> bool:
    return bool(resource.get("sources")) and all(
        str(source.get("title", "")).strip() for source in resource["sources"]
    )


def summary(files: StudyFiles) -> Proof:
    """Say which tables data/README.md does not name."""
    readme = files.text("data/README.md")
    return _each(
        files,
        lambda r: r["name"] in readme,
        "data/README.mdが挙げる表",
        "tables named in data/README.md",
    )


def codebook(files: StudyFiles) -> Proof:
    """Say which tables have a field without title, unit or description."""
    return _each(
        files,
        lambda r: all(
            field.get(part)
            for field in r["schema"]["fields"]
            for part in ("title", "title_ja", "unit", "description")
        ),
        "全項目に説明のある表",
        "tables whose every field is described",
    )


def confidential(files: StudyFiles) -> Proof:
    """Say whether own figures are kept out of git, and whether this run used any."""
    ignored, used = (
        "/data/local/" in files.text(".gitignore"),
        files.manifest.get("local_inputs", []),
    )
    return Proof(
        ignored and not used,
        f"data/localはgitの外{'' if ignored else 'にない'}、"
        f"この実行が使った所有データ：{'、'.join(used) or 'なし'}",
        f"git {'ignores' if ignored else 'does not ignore'} data/local; own tables used by this"
        f" run: {', '.join(used) or 'none'}",
    )


def stand_in(files: StudyFiles) -> Proof:
    """Say whether the run went through without the tables that cannot be shared."""
    local = [name for name, resource in files.resources.items() if resource.get("local")]
    without = [name for name in local if name not in files.manifest.get("inputs", {})]
    return Proof(
        bool(local) and without == local,
        f"{'、'.join(without) or 'なし'}がなくても推計で全章が動く",
        f"all chapters run on modelled figures without {', '.join(without) or 'nothing left out'}",
    )


def cited(files: StudyFiles) -> Proof:
    """Say which tables, or rows of a table, name no source."""
    bare = [
        name
        for name, frame in files.frames.items()
        if "source" in frame
        and (frame["source"].isna() | (frame["source"].astype("str").str.strip() == "")).any()
    ]
    found = _each(
        files,
        lambda r: r.get("local") or (_sourced(r) and r["name"] not in bare),
        "出典のある表",
        "tables with their sources",
    )
    rows = sum(len(frame) for frame in files.frames.values() if "source" in frame)
    return Proof(
        found.holds,
        f"{found.ja}、行ごとの出典{rows}行",
        f"{found.en}; {rows} rows name their own source",
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
    found = _each(
        files,
        lambda r: (
            _key(r)
            and r["name"] not in shared
            and all(field.get("unit") for field in r["schema"]["fields"])
        ),
        "主キーと単位を持つ入力表",
        "input tables with a key and units",
    )
    written = len(list((files.run / "tables").glob("*.csv")))
    return Proof(
        found.holds and written > 0,
        f"{found.ja}、契約を確かめて書いた結果表{written}件",
        f"{found.en}; {written} result tables were written under a contract",
    )


def _key(resource: dict[str, Any]) -> tuple[str, ...]:
    key = resource["schema"].get("primaryKey", ())
    return (key,) if isinstance(key, str) else tuple(key)
