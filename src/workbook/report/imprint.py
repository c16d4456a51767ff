"""The imprint: who made the report, in which version, on what day, from data up to when."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbook.citation import citation_of, name_of
from workbook.report.edition import Edition
from workbook.report.finished_run import FinishedRun
from workbook.tables.data_package import DataPackage
from workbook.units import format_value, written_date

UNKNOWN = "unknown"
BASELINE = "baseline"


@dataclass(frozen=True)
class Imprint:
    """What stands under the title; a part that nobody wrote down is blank."""

    authors: str
    version: str
    date: str
    cut_off: str
    year: str
    licence: str
    cite: str


def imprint_of(run: FinishedRun, edition: Edition) -> Imprint:
    """Return the imprint of an edition from CITATION.cff, the data package and the manifest.

    The day is that of the commit the run was made from, so that the same run has the same page;
    data go up to the last month in which a table of the run was retrieved.
    """
    root = run.folder.parents[1]
    citation = citation_of(root)
    day = str(run.manifest.get("committed_on") or UNKNOWN).replace(UNKNOWN, "")
    authors = edition.word("and").join(map(name_of, citation.get("authors", [])))
    version = _version(run, citation, edition)
    title, year = edition.word("title"), day[:4] or str(citation.get("date-released", ""))[:4]
    cite = edition.word("citation", authors=authors, year=year, title=title, version=version)
    return Imprint(
        authors,
        version,
        written_date(day, edition.lang),
        written_date(_cut_off(root, run), edition.lang),
        year,
        str(citation.get("license", "")),
        cite if authors else "",
    )


def _version(run: FinishedRun, citation: dict[str, Any], edition: Edition) -> str:
    """Return the version in words: number, commit, and whose assumptions were used."""
    scenario = str(run.manifest.get("scenario") or run.name)
    parts = [
        edition.word("version_number", number=citation["version"]) if "version" in citation else "",
        edition.word("version_commit", commit=run.commit) if run.commit else "",
        edition.word("as_in_study")
        if scenario == BASELINE
        else edition.word("other_assumptions", scenario=scenario + _set_inputs(run, edition)),
    ]
    return edition.word("and").join(filter(None, parts))


def _set_inputs(run: FinishedRun, edition: Edition) -> str:
    """Return which inputs the run holds at which value, nothing where it holds none."""
    held = run.manifest.get("set_inputs") or {}
    said = [
        edition.word(
            "held_at",
            input=edition.term(name),
            value=format_value(one["value"], one["unit"], edition.lang),
        )
        for name, one in held.items()
    ]
    return "".join(said)


def _cut_off(root: Path, run: FinishedRun) -> str:
    resources = DataPackage(root).resources_if_there()
    used = set(run.manifest.get("inputs", {}))
    return max(
        (str(entry.get("retrieved", "")) for entry in resources if entry["name"] in used),
        default="",
    )
