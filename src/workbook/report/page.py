"""One edition as two self-contained HTML files: the report that is read, and the annex behind
it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from typing import Any

from markupsafe import Markup, escape

from workbook.report import appendix
from workbook.report.carried import MARK, Carrier, with_reason_once
from workbook.report.cells import tags_of
from workbook.report.edition import Edition
from workbook.report.exhibit_view import standing_view
from workbook.report.exporter import ChapterExporter, CodeCell, Exported, code_cells
from workbook.report.facts import facts_of
from workbook.report.faults import ReportFault
from workbook.report.files import files_of, linked_across
from workbook.report.finished_run import Chapter, FinishedRun
from workbook.report.first_screen import (
    FirstScreen,
    Teller,
    first_screen,
    question_of,
    summary_of,
)
from workbook.report.font import FAMILY
from workbook.report.imprint import imprint_of
from workbook.report.inputs import Inputs
from workbook.report.markdown import chapter_title
from workbook.report.part import Part, View
from workbook.report.parts import parts_of
from workbook.report.search import search_index
from workbook.report.shell import css_text, dress, packaged_script, templates, with_typeface
from workbook.report.terms import terms_of, with_terms
from workbook.running.copies import beside
from workbook.standing import STANDINGS
from workbook.summary import Sentence
from workbook.words.definitions import Definition

# of the annex
REGISTERS = (
    "exhibit_list",
    "results",
    "assumptions",
    "inputs",
    "data",
    "programs",
    "checklists",
    "parameters",
    "glossary",
    "change_log",
    "bibliography",
)
Audited = Callable[[], list[dict[str, Any]]]


@dataclass(frozen=True)
class Item:
    """A line of the contents below a chapter: an exhibit with its number, or a register."""

    anchor: str
    title: Markup
    number: str = ""


@dataclass(frozen=True)
class Entry:
    """A line of the contents: a chapter or part by its title, and by the question it answers."""

    anchor: str
    title: Markup
    question: Markup
    items: tuple[Item, ...] = ()


@dataclass(frozen=True)
class Material:
    """What both files of an edition are made of."""

    edition: Edition
    exported: list[Exported]
    teller: Teller
    parts: list[Part]
    terms: tuple[Definition, ...]
    first: FirstScreen | None


def render_pages(
    run: FinishedRun,
    inputs: Inputs,
    editions: list[Edition],
    audited: Audited,
    beside_them: Collection[str] = (),
) -> list[str]:
    """Return the report and the annex of each edition, one after the other; the same run, the same
    text. ``beside_them`` says what else is written, and is named in their heads.

    ``audited`` gives what the annex of each says of the audit (`audit_view.told`); it is asked
    when the chapters are done.
    """
    code = [code_cells(chapter) for chapter in run.chapters]
    for name in templates().list_templates(["j2"]):
        templates().get_template(name)  # compiled before the copy is made, which has it then
    exporter, (here, there) = ChapterExporter(), editions
    with beside(partial(_material, run, exporter, code, there)) as others:
        made = [_material(run, exporter, code, here), others()]
    pages: list[str] = []
    for material, audit in zip(made, audited(), strict=True):
        pages += _files(run, inputs, material, audit, beside_them)
    return with_typeface(pages)


def _material(
    run: FinishedRun, exporter: ChapterExporter, code: list[list[CodeCell]], edition: Edition
) -> Material:
    exported = [
        exporter.chapter(chapter, cells, edition)
        for chapter, cells in zip(run.chapters, code, strict=True)
    ]
    teller = Teller(run.folder.parents[1], edition)
    summary = summary_of(run, teller)
    first = first_screen(summary, teller) if summary else None
    view = View(run, facts_of(run), edition)
    return Material(edition, exported, teller, parts_of(view), terms_of(view), first)


def _files(
    run: FinishedRun,
    inputs: Inputs,
    material: Material,
    audit: dict[str, Any],
    beside_them: Collection[str],
) -> list[str]:
    """Return both files of an edition, with links from each into the other."""
    edition = material.edition
    shared = {**_shared(run, edition, audit), "files_there": files_of(edition, beside_them)}
    contexts = {
        edition.file: ("page.html.j2", _of_report(run, material)),
        edition.annex: ("annex.html.j2", _of_annex(run, material, audit)),
    }
    pages = {
        file: templates().get_template(template).render({**shared, **own})
        for file, (template, own) in contexts.items()
    }
    pages[edition.file] = with_terms(pages[edition.file], material.terms)
    said = audit["said_from"]
    return linked_across(
        {
            file: said.put_into(_with_carriers(text, audit["carried"], edition), inputs, edition)
            for file, text in pages.items()
        }
    )


def _with_carriers(text: str, carried: dict[str, list[Carrier]], edition: Edition) -> str:
    """Return a page with what carries each exhibit in the place kept for it; a reason is written
    out where the page first gives it.
    """
    template = templates().get_template("carried.html.j2")
    given: dict[str, str] = {}  # the exhibit that writes a reason out

    def put(found: re.Match[str]) -> str:
        rows = [
            with_reason_once(entry, found[1], given, edition) for entry in carried.get(found[1], [])
        ]
        context = {"carriers": rows, "word": edition.word, "edition": edition}
        return template.render(context) if rows else ""

    return re.sub(re.escape(MARK).replace(r"\{\}", "([a-z0-9-]+)"), put, text)


def _shared(run: FinishedRun, edition: Edition, audit: dict[str, Any]) -> dict[str, Any]:
    return {
        "run": run,
        "edition": edition,
        "word": edition.word,
        "lang": edition.lang,
        "title": edition.word("title"),
        "running_head": css_text(edition.word("title")),
        "family": Markup(f'"{FAMILY}"'),
        "imprint": imprint_of(run, edition),
        "changes": appendix.change_log(run, edition),
        "local_tables": appendix.local_tables(run, edition),
        "standings": [standing_view(identifier, edition) for identifier in STANDINGS],
        **audit,
    }


def _of_report(run: FinishedRun, material: Material) -> dict[str, Any]:
    """Return what the report alone needs."""
    edition, parts = material.edition, material.parts
    chapters = list(zip(run.chapters, (one.read for one in material.exported), strict=True))
    titles = [title_of(chapter, edition) for chapter in run.chapters]
    script = "\n".join([packaged_script(), *(part.script for part in parts if part.script)])
    return {
        **dress(script, "\n".join(part.style for part in parts if part.style)),
        "first": material.first,
        "search": search_index(run, edition, titles, material.terms),
        "parts": parts,
        "chapters": chapters,
        "contents": [*_chapter_entries(run, material, annexed=False), *_part_entries(material)],
        "other_page": edition.annex,
        "other_page_name": edition.word("annex"),
    }


def _of_annex(run: FinishedRun, material: Material, audit: dict[str, Any]) -> dict[str, Any]:
    """Return what the annex alone needs."""
    edition = material.edition
    titles = {chapter.name: title_of(chapter, edition) for chapter in run.chapters}
    registers = _registers(run, edition, audit)
    listed = Entry(
        "appendix",
        Markup(edition.word("appendix")),
        Markup(edition.word("appendix")),
        tuple(Item(_anchor(name), Markup(edition.word(_named(name)))) for name in registers),
    )
    return {
        **dress(packaged_script()),
        "search": "",
        "chapters": list(zip(run.chapters, (one.behind for one in material.exported), strict=True)),
        "chapter_titles": titles,
        "contents": [*_chapter_entries(run, material, annexed=True), listed],
        "other_page": edition.file,
        "other_page_name": edition.word("title"),
        "registers": registers,
        "exhibit_list": [
            (titles[chapter.name], edition.exhibits.of_chapter(chapter)) for chapter in run.chapters
        ],
        "results": appendix.result_rows(run, edition),
        "data": appendix.data_rows(run, edition),
        "parameters": appendix.parameter_rows(run.parameters, edition),
        "terms": appendix.term_rows(edition),
    }


def _named(register: str) -> str:
    return {"inputs": "inputs_by_row"}.get(register, register)


def _anchor(register: str) -> str:
    return {"change_log": "change-log"}.get(register, register)


def _chapter_entries(run: FinishedRun, material: Material, annexed: bool) -> list[Entry]:
    """Return the chapters as the contents of a file list them, with the exhibits that stand in
    it.
    """
    edition, entries = material.edition, []
    for chapter in run.chapters:
        title = edition.marked(title_of(chapter, edition))
        items = tuple(
            Item(
                payload["anchor"],
                edition.marked(edition.plain(payload["title"][edition.lang])),
                payload["number"],
            )
            for payload in edition.exhibits.of_chapter(chapter)
            if bool(payload.get("annex")) == annexed
        )
        anchor = chapter.behind if annexed else chapter.anchor
        entries.append(Entry(anchor, title, _question(chapter, title, material.teller), items))
    return entries


def _question(chapter: Chapter, title: Markup, teller: Teller) -> Markup:
    """Return the question by which the contents name a chapter: the study's, or its title."""
    slug = question_of(chapter)
    return teller.shown(Sentence(slug)) if teller.says(slug) else title


def _part_entries(material: Material) -> list[Entry]:
    """Return the parts behind the chapters as the contents list them, the imprint last."""
    about = material.edition.word("about")
    named = [(part.anchor, part.question) for part in material.parts] + [("about", about)]
    return [Entry(anchor, escape(text), escape(text)) for anchor, text in named]


def _registers(run: FinishedRun, edition: Edition, audit: dict[str, Any]) -> list[str]:
    """Return the registers of the annex: works where any is cited; assumptions and checklists where
    the study declares its data; the change log where there is one.
    """
    left_out = set() if edition.works else {"bibliography"}
    left_out |= set() if audit["declares_data"] else {"assumptions", "checklists"}
    left_out |= set() if audit["inputs"] else {"inputs"}
    left_out |= set() if appendix.change_log(run, edition) else {"change_log"}
    return [register for register in REGISTERS if register not in left_out]


def title_of(chapter: Chapter, edition: Edition) -> str:
    """Return a chapter's title: its first heading of level one in the edition's language."""
    for cell in chapter.cells:
        if (
            cell["cell_type"] == "markdown"
            and edition.other not in tags_of(cell)
            and (title := chapter_title(cell["source"]))
        ):
            return edition.plain(title)
    raise ReportFault(f"{chapter.name}: no heading of level one in {edition.lang}")
