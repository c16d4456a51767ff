"""The books of a run: its assumptions, data, exhibits and checklists, read together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from workbook.audit import code_proofs, data_proofs, run_proofs
from workbook.audit.assumptions import Assumption, assumptions_of
from workbook.audit.checklists import LINES, RAP, Line, Proof
from workbook.audit.data_log import DataEntry, data_log, owner_of
from workbook.audit.programs import Program
from workbook.audit.study_files import StudyFiles
from workbook.choices import values_of
from workbook.groups import Group
from workbook.ranges import SECTION
from workbook.study import study
from workbook.tables.results import result_contracts
from workbook.words.nouns import told_in_all

PROVED, LACKING, PEOPLE = "proved", "lacking", "people"
VERDICTS = (PROVED, LACKING, PEOPLE)


@dataclass(frozen=True)
class Checked:
    """A line of a checklist: ``proved`` by a machine, ``lacking`` what it would need, or left to
    ``people``; and the evidence.
    """

    line: Line
    verdict: str
    evidence: dict[str, str]


@dataclass(frozen=True)
class Audit:
    """Everything the audit says of one run; a study without a data package has no assumptions and
    no data.
    """

    run: str
    assumptions: tuple[Assumption, ...]
    data: tuple[DataEntry, ...]
    programs: tuple[Program, ...]
    checks: tuple[Checked, ...]

    def counted(self, framework: str) -> dict[str, int]:
        """Return how many lines of a checklist have each verdict."""
        return {
            verdict: sum(
                check.verdict == verdict
                for check in self.checks
                if check.line.framework == framework
            )
            for verdict in VERDICTS
        }

    def level_reached(self) -> str:
        """Return the highest level of the pipeline up to which nothing is lacking that a machine
        can prove, '' for none.
        """
        levels = list(dict.fromkeys(line.part for line in LINES if line.framework == RAP))
        lacking = {
            check.line.part
            for check in self.checks
            if check.line.framework == RAP and check.verdict == LACKING
        }
        sound = [
            level for place, level in enumerate(levels) if not lacking & set(levels[: place + 1])
        ]
        return sound[-1] if sound else ""


def audit(root: Path, run: Path) -> Audit:
    """Return the audit of a finished run of a study.

    Assumptions are grouped where rows say the same with the same reasons; their weights come from
    the run's own sensitivity tables. Nothing is written, no clock is read: the same files give the
    same audit.
    """
    files = StudyFiles(root, run)
    results = {name: files.results(name) for name in study().weights.tables}
    owners = {name: owner_of(files.package, name) for name in files.resources}
    chosen = _chosen(run)
    group = _group(files, chosen)
    assumptions = [
        replace(entry, name=told_in_all(entry.name, group))
        for entry in assumptions_of(
            files.frames, files.resources, results, chosen, owners, _names(files)
        )
    ]
    data = data_log(files.package, files.manifest) if files.has_package else []
    return Audit(
        run.name,
        tuple(assumptions),
        tuple(data),
        files.programs,
        tuple(_checked(line, files) for line in LINES),
    )


def _chosen(run: Path) -> dict[str, Any]:
    path = run / "params.yaml"
    if not path.is_file():
        return {}
    choices = values_of(path.read_text(encoding="utf-8"), "params.yaml")
    held = choices.get(SECTION)
    return {**choices.get("study", {}), **({SECTION: held} if held else {})}


def _group(files: StudyFiles, chosen: Mapping[str, Any]) -> Group:
    """Who the run studied: the whole where neither its choices nor its tables say."""
    groups = study().groups
    known = chosen and groups.names_table in files.frames
    return groups.of(chosen, files.frames.__getitem__) if known else groups.whole


def _names(files: StudyFiles) -> dict[str, dict[str, str]]:
    """Return what identifiers are called: labels of result tables, what the study adds,
    terms of the glossary, the last first.
    """
    labels = {
        value: texts
        for contract in result_contracts().values()
        for field in contract.fields
        for value, texts in field.labels.items()
    }
    return {**labels, **study().weights.names(files.frames), **study().glossary}


def _checked(line: Line, files: StudyFiles) -> Checked:
    if not line.proof:
        return Checked(line, PEOPLE, {"ja": line.people_ja, "en": line.people_en})
    holds, *texts = PROOFS[line.proof](files)
    return Checked(line, PROVED if holds else LACKING, dict(zip(("ja", "en"), texts, strict=True)))


def _proofs(*modules: Any) -> dict[str, Callable[[StudyFiles], Proof]]:
    names = {line.proof for line in LINES if line.proof}
    return {
        name: getattr(module, name) for module in modules for name in names if hasattr(module, name)
    }


PROOFS = _proofs(code_proofs, data_proofs, run_proofs)
