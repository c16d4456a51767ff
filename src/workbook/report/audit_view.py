"""The audit as the appendix takes it: rows for the template, and each table as a file that carries
more than the page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from workbook.audit.checklists import FRAMEWORKS, PARTS, RAP
from workbook.report.carried import carriers
from workbook.report.cells import code_anchor
from workbook.report.csv_file import csv_address
from workbook.report.drawn_on import exhibits_on, rows_with, sources_of
from workbook.report.edition import Edition
from workbook.report.facts import facts_of
from workbook.report.finished_run import FinishedRun
from workbook.report.inputs import Inputs, shown_inputs
from workbook.report.said_from import SaidFrom
from workbook.study import study
from workbook.summary import Row
from workbook.units import written_date

if TYPE_CHECKING:
    from workbook.audit.assumptions import Assumption
    from workbook.audit.books import Audit  # draws pandas in, which a page does without


@dataclass(frozen=True)
class AssumptionRow:
    """One entry of the assumptions log."""

    name: Markup
    place: str
    value: Markup
    span: Markup
    evidence: Markup
    reasoning: Markup
    weight: str
    measured: Markup
    owner: Markup


@dataclass(frozen=True)
class ProgramRow:
    """One exhibit with the way back to its program; ``cell_anchor`` leads to the code cell in the
    page.
    """

    number: Markup
    title: Markup
    notebook: str
    cell: str
    cell_anchor: str
    code: tuple[str, ...]
    tables: tuple[str, ...]


@dataclass(frozen=True)
class CheckRow:
    """One line of a checklist with its verdict and evidence."""

    part: str
    line: Markup
    verdict: str
    verdict_name: str
    evidence: Markup


@dataclass(frozen=True)
class Checklist:
    """One checklist: its title, what is counted, its lines."""

    identifier: str
    title: str
    counted: str
    rows: tuple[CheckRow, ...]


def tell_audit(run: FinishedRun, inputs: Inputs, editions: list[Edition]) -> list[dict[str, Any]]:
    """Return what each edition's annex says of the audit of a run (`told`), and where the sentences
    of both files are from, which takes the declarations of all tables, too.
    """
    from workbook.audit.books import audit

    found, said = audit(run.folder.parents[1], run.folder), SaidFrom.of(run.chapters)
    table = study().weights.carriers
    named = facts_of(run).rows(table) if table else ()
    return [told(found, inputs, named, edition) | {"said_from": said} for edition in editions]


def told(audit: Audit, inputs: Inputs, named: Sequence[Row], edition: Edition) -> dict[str, Any]:
    """Return what an edition's annex says of the audit, as the page's template has it; ``named``
    are the rows that a run names as carriers of its exhibits.
    """
    retrieved = retrieved_by_table(audit, edition)
    beside = rows_with(audit.assumptions, inputs, edition)
    return {
        "declares_data": bool(audit.data),
        "retrieved": retrieved,
        "sources_of": sources_of(inputs, documents_by_table(audit, edition), edition),
        "exhibits_on": exhibits_on(edition),
        "inputs": shown_inputs(inputs, beside, edition),
        "carried": carriers(
            edition.exhibits.payloads, audit.assumptions, named, retrieved, inputs, edition
        ),
        "assumptions": assumption_rows(audit, inputs, edition),
        "assumptions_lead": assumptions_lead(audit, edition),
        "assumptions_csv": assumptions_csv(audit),
        "programs": program_rows(audit, edition),
        "checklists": checklists(audit, edition),
    }


def assumption_rows(audit: Audit, inputs: Inputs, edition: Edition) -> list[AssumptionRow]:
    """Return the assumptions log of an edition, in the order of the audit."""
    lang = edition.lang
    return [
        AssumptionRow(
            inputs.named_row(entry.name[lang], entry.table, entry.item, edition),
            f"{entry.table} {entry.item}",
            edition.marked(entry.value[lang]),
            edition.marked(entry.range[lang]),
            inputs.cited(" ".join((entry.evidence_grade, *entry.evidence)), edition),
            inputs.reasoning(entry.reasoning, edition),
            edition.word(entry.weight),
            edition.marked(entry.measured[lang]),
            edition.marked(entry.owner[lang]),
        )
        for entry in audit.assumptions
    ]


def assumptions_lead(audit: Audit, edition: Edition) -> str:
    """Return the sentence that says what the log holds and how weights were made."""
    return edition.word(
        "assumptions_lead",
        rows=sum(entry.rows for entry in audit.assumptions),
        entries=len(audit.assumptions),
    )


LOGGED: dict[str, Callable[[Assumption], Any]] = {
    "table": lambda entry: entry.table,
    "item": lambda entry: entry.item,
    "rows": lambda entry: entry.rows,
    "name_ja": lambda entry: entry.name["ja"],
    "name_en": lambda entry: entry.name["en"],
    "value_en": lambda entry: entry.value["en"],
    "range_en": lambda entry: entry.range["en"],
    "evidence_grade": lambda entry: entry.evidence_grade,
    "evidence": lambda entry: " ".join(entry.evidence),
    "weight": lambda entry: entry.weight,
    "measured_ja": lambda entry: entry.measured["ja"],
    "measured_en": lambda entry: entry.measured["en"],
    "owner_en": lambda entry: entry.owner["en"],
    "reasoning_ja": lambda entry: entry.reasoning.get("ja", ""),
    "reasoning_en": lambda entry: entry.reasoning.get("en", ""),
}


def assumptions_csv(audit: Audit) -> str:
    """Return the address of the whole log with reasons, in both languages."""
    rows = [[of(entry) for of in LOGGED.values()] for entry in audit.assumptions]
    return csv_address({"columns": [{"name": name} for name in LOGGED], "rows": rows})


def program_rows(audit: Audit, edition: Edition) -> list[ProgramRow]:
    """Return the exhibits of a run with their programs; numbers lead to the exhibit, cells to the
    code.
    """
    rows = []
    for entry in audit.programs:
        shown = edition.exhibits.by_slug(entry.slug)
        number = (
            Markup('<a href="#{}">{}</a>').format(shown["anchor"], entry.number)
            if shown
            else Markup("{}").format(entry.number)
        )
        rows.append(
            ProgramRow(
                number,
                edition.marked(edition.plain(entry.title[edition.lang])),
                entry.notebook,
                entry.cell,
                code_anchor(entry.notebook, entry.cell),
                tuple(
                    name.removeprefix(f"{study().package}.")
                    for name in (entry.function, entry.source)
                    if name
                ),
                entry.tables,
            )
        )
    return rows


def checklists(audit: Audit, edition: Edition) -> list[Checklist]:
    """Return both checklists with what a machine has seen."""
    found = []
    for framework, title in FRAMEWORKS.items():
        rows = tuple(
            CheckRow(
                PARTS[check.line.part][edition.lang],
                edition.marked(getattr(check.line, edition.lang)),
                check.verdict,
                edition.word(check.verdict),
                edition.marked(check.evidence[edition.lang]),
            )
            for check in audit.checks
            if check.line.framework == framework
        )
        counted = edition.word("checked", **audit.counted(framework))
        if framework == RAP:
            level = audit.level_reached()
            counted += ("" if edition.lang == "ja" else " ") + (
                edition.word("reached", level=PARTS[level][edition.lang])
                if level
                else edition.word("none_reached")
            )
        found.append(
            Checklist(
                f"checklist-{framework.replace('_', '-')}", title[edition.lang], counted, rows
            )
        )
    return found


def retrieved_by_table(audit: Audit, edition: Edition) -> dict[str, Markup]:
    """Return when each input table was retrieved, by its name."""
    return {
        entry.name: edition.marked(written_date(entry.retrieved[edition.lang], edition.lang))
        for entry in audit.data
    }


def documents_by_table(audit: Audit, edition: Edition) -> dict[str, list[str]]:
    """Return the documents behind each input table, by its name; none behind a judgement or a
    reader's own table.
    """
    return {
        entry.name: [edition.source(source) for source in entry.sources]
        for entry in audit.data
        if entry.taken_in
    }
