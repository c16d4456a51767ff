"""A run's provenance for machines: an RO-Crate of the profile Process Run Crate, in its folder.

Each notebook that ran is an action, with the notebook as its instrument, what it read as objects
and what it wrote as results (https://w3id.org/ro/wfrun/process, S. Leo et al., 2024).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from workbook.citation import citation_of, name_of
from workbook.running.finished_step import EXECUTED
from workbook.running.kept_inputs import FOLDER
from workbook.running.manifest import UNKNOWN, manifest_of
from workbook.steps import Step
from workbook.tables.openness import mode_of_run
from workbook.tables.step_records import record_of
from workbook.whole_files import checksum, json_text, write_whole

METADATA = "ro-crate-metadata.json"
# the vocabulary of 1.1 is older than checksums in schema.org
CONTEXT = ["https://w3id.org/ro/crate/1.1/context", {"sha256": "http://schema.org/sha256"}]
CRATE = "https://w3id.org/ro/crate/1.1"
PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
SPDX = "https://spdx.org/licenses/"
NOT_STATED = "#licence-not-stated"
# what the manifest of an older run does not say
NOT_SAID: dict[str, Any] = {
    **dict.fromkeys(("data_package", "written_at", "commit", "python"), UNKNOWN),
    "inputs": {},
    "local_inputs": [],
    "origins": [],
}
RECORDS = ("params.yaml", "results.json", "manifest.json")
FORMATS = {
    ".csv": "text/csv",
    ".ipynb": "application/x-ipynb+json",
    ".json": "application/json",
    ".yaml": "application/yaml",
}
Entity = dict[str, Any]


def write_crate(root: Path, run: Path, steps: tuple[Step, ...]) -> None:
    """Write the crate of a run whose manifest and files are whole."""
    write_whole(run / METADATA, json_text(crate_of(root, run, steps)), mode_of_run(run))


def crate_of(root: Path, run: Path, steps: tuple[Step, ...]) -> Entity:
    """Return the metadata of a run: itself, its files with checksums, each notebook's action."""
    manifest, citation = NOT_SAID | manifest_of(run), citation_of(root)
    ran = [step for step in steps if step.name in manifest.get("steps", {})]
    files = _files(run, ran)
    actions = [_action(run, step, manifest["steps"][step.name], files) for step in ran]
    authors = [_author(entry) for entry in citation.get("authors", [])]
    licence = SPDX + citation["license"] if "license" in citation else NOT_STATED
    about = {
        "@id": "./",
        "@type": "Dataset",
        "name": f"{citation.get('title', manifest['data_package'])}: run {run.name}",
        "description": "Results of the notebooks of a study, with the choices and tables behind.",
        "datePublished": manifest["written_at"],
        "license": {"@id": licence},
        "author": [{"@id": author["@id"]} for author in authors],
        "conformsTo": {"@id": PROFILE},
        "hasPart": [{"@id": name} for name in files],
        "mentions": [{"@id": action["@id"]} for action in actions],
    }
    described = [_file(run, name, manifest) for name in files]
    own = [_own_table(name, manifest) for name in manifest["local_inputs"]]
    tools = [_notebook(step, manifest) for step in ran]
    graph = [_descriptor(), about, _profile(), _licence(licence), *authors, *described]
    return {"@context": CONTEXT, "@graph": [*graph, *own, *tools, *actions]}


def _files(run: Path, ran: list[Step]) -> list[str]:
    """Return the files of a run that its chapters read or wrote, as they stand in its folder."""
    kept = sorted((run / FOLDER).glob("*.csv"))
    tables = (f"tables/{name}.csv" for step in ran for name in (*step.writes, *step.optional))
    own = (name for step in ran for name in _left(step))
    names = [*RECORDS, *(f"{FOLDER}/{path.name}" for path in kept), *tables, *own]
    return [name for name in dict.fromkeys(names) if (run / name).is_file()]


def _left(step: Step) -> tuple[str, str]:
    return f"{EXECUTED}/{step.name}.ipynb", f"steps/{step.name}.json"


def _action(run: Path, step: Step, record: dict[str, Any], files: list[str]) -> Entity:
    """Return the action that ran a notebook; a copied one names the run that it was copied from."""
    copied = f", copied from the run {record['from']}" if "from" in record else ""
    said = {
        "@id": f"#run-{step.name}",
        "@type": "CreateAction",
        "name": f"{step.name} was run{copied}",
        "description": "; ".join(record["reasons"]) or "what it rests on had not run here",
        "instrument": {"@id": _tool(step)},
        "object": [{"@id": name} for name in _read(run, step, files)],
        "result": [{"@id": name} for name in _wrote(step) if name in files],
        "actionStatus": f"http://schema.org/{_status(record)}",
    }
    return said | dict(_times(record))


def _status(record: dict[str, Any]) -> str:
    return "FailedActionStatus" if record["status"] == "failed" else "CompletedActionStatus"


def _times(record: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield when an action began and ended; nothing where the run did not note it."""
    if "ended_at" not in record:
        return
    yield "endTime", record["ended_at"]
    if "seconds" in record:
        began = datetime.fromisoformat(record["ended_at"]) - timedelta(seconds=record["seconds"])
        yield "startTime", began.isoformat(timespec="seconds")


def _read(run: Path, step: Step, files: list[str]) -> Iterator[str]:
    record = record_of(run, step.name)
    own = set(record.get("local_inputs", []))
    yield "params.yaml"
    for name in sorted(record.get("inputs", {})):
        kept = f"{FOLDER}/{name}.csv"
        if name in own or kept in files:
            yield _own(name) if name in own else kept
    names = (f"tables/{name}.csv" for name in (*step.reads, *step.optional))
    yield from (name for name in names if name in files)


def _wrote(step: Step) -> list[str]:
    return [*(f"tables/{name}.csv" for name in step.writes), *_left(step)]


def _tool(step: Step) -> str:
    return f"#notebook-{step.name}"


def _own(table: str) -> str:
    return f"#own-table-{table}"


def _notebook(step: Step, manifest: dict[str, Any]) -> Entity:
    return {
        "@id": _tool(step),
        "@type": "SoftwareSourceCode",
        "name": f"notebooks/{step.name}.ipynb",
        "version": manifest["commit"],
        "programmingLanguage": f"Python {manifest['python']}",
    }


def _own_table(name: str, manifest: dict[str, Any]) -> Entity:
    """Return what may be said of a researcher's own table, which is not in the run's folder."""
    return {
        "@id": _own(name),
        "@type": "CreativeWork",
        "name": name,
        "description": "A table of the researcher's own, which is not handed on with the run.",
        "sha256": manifest["inputs"][name],
    }


def _file(run: Path, name: str, manifest: dict[str, Any]) -> Entity:
    path = run / name
    said: Entity = {
        "@id": name,
        "@type": "File",
        "name": path.name,
        "encodingFormat": FORMATS[path.suffix],
        "contentSize": str(path.stat().st_size),
        "sha256": checksum(path),
    }
    if path.parent.name == FOLDER:
        said |= _origin(path.stem, manifest)
    return said


def _origin(table: str, manifest: dict[str, Any]) -> Entity:
    """Return title, sources and licence of an input table, in English, as the manifest has them."""
    origin = next((one for one in manifest["origins"] if one["name"] == table), None)
    if origin is None:
        return {}
    sources = "; ".join(source["en"] for source in origin["sources"])
    return {
        "name": origin["title"]["en"],
        "description": f"Sources: {sources}. Terms of use: {origin['licence']['en']}",
    }


def _descriptor() -> Entity:
    return {
        "@id": METADATA,
        "@type": "CreativeWork",
        "conformsTo": {"@id": CRATE},
        "about": {"@id": "./"},
    }


def _profile() -> Entity:
    return {
        "@id": PROFILE,
        "@type": "CreativeWork",
        "name": "Process Run Crate",
        "version": "0.5",
    }


def _author(entry: dict[str, str]) -> Entity:
    """Return an author of CITATION.cff: a person has a family name."""
    name = name_of(entry)
    kind = "Person" if "family-names" in entry else "Organization"
    return {"@id": entry.get("orcid", f"#{name}"), "@type": kind, "name": name}


def _licence(licence: str) -> Entity:
    name = licence.removeprefix(SPDX) if licence != NOT_STATED else "not stated"
    return {"@id": licence, "@type": "CreativeWork", "name": name}
