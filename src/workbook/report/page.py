"""One edition as one self-contained HTML file: chapters, contents, appendix, style, script and
typeface.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from markupsafe import Markup

from workbook.report import appendix
from workbook.report.cells import tags_of
from workbook.report.edition import Edition
from workbook.report.exhibit_view import standing_view
from workbook.report.exporter import ChapterExporter, CodeCell, code_cells
from workbook.report.faults import ReportFault
from workbook.report.finished_run import Chapter, FinishedRun
from workbook.report.markdown import chapter_title
from workbook.report.shell import dress, packaged_script, templates, with_typeface
from workbook.running.copies import beside
from workbook.standing import STANDINGS

# of the appendix
PARTS = (
    "exhibit_list",
    "results",
    "assumptions",
    "data",
    "programs",
    "checklists",
    "parameters",
    "standings",
    "glossary",
    "bibliography",
)


def render_pages(
    run: FinishedRun, editions: list[Edition], audited: Callable[[], list[dict[str, Any]]]
) -> list[str]:
    """Return the page of each edition; the same run, the same text.

    ``audited`` gives what the appendix of each says of the audit (`audit_view.told`); it is asked
    when the chapters are done.
    """
    code = [code_cells(chapter) for chapter in run.chapters]
    for name in templates().list_templates(["j2"]):
        templates().get_template(name)  # compiled before the copy is made, which has it then
    exporter, (here, there) = ChapterExporter(), editions
    with beside(partial(_chapters, run, exporter, code, there)) as others:
        chapters = [_chapters(run, exporter, code, here), others()]
    page = templates().get_template("page.html.j2")
    return with_typeface(
        [
            page.render(_context(run, edition, shown, audit))
            for edition, shown, audit in zip(editions, chapters, audited(), strict=True)
        ]
    )


def _chapters(
    run: FinishedRun, exporter: ChapterExporter, code: list[list[CodeCell]], edition: Edition
) -> list[Markup]:
    return [
        exporter.chapter(chapter, cells, edition)
        for chapter, cells in zip(run.chapters, code, strict=True)
    ]


def _context(
    run: FinishedRun, edition: Edition, chapters: list[Markup], audit: dict[str, Any]
) -> dict[str, Any]:
    return {
        "run": run,
        "edition": edition,
        "word": edition.word,
        "lang": edition.lang,
        "title": edition.word("title"),
        **dress(packaged_script()),
        "scenario": run.manifest.get("scenario") or run.manifest.get("run") or run.name,
        "local_tables": appendix.local_tables(run, edition),
        "contents": [
            (chapter, title_of(chapter, edition), edition.exhibits.of_chapter(chapter))
            for chapter in run.chapters
        ],
        "chapters": list(zip(run.chapters, chapters, strict=True)),
        **audit,
        "parts": _parts(edition, audit["declares_data"]),
        "results": appendix.result_rows(run, edition),
        "data": appendix.data_rows(run, edition),
        "parameters": appendix.parameter_rows(run.parameters, edition),
        "terms": appendix.term_rows(edition),
        "standings": [standing_view(identifier, edition) for identifier in STANDINGS],
    }


def _parts(edition: Edition, declares_data: bool) -> list[str]:
    """Return the parts of the appendix: works where any is cited; assumptions and checklists where
    the study declares its data.
    """
    left_out = set() if edition.works else {"bibliography"}
    return [
        part
        for part in PARTS
        if part not in left_out | (set() if declares_data else {"assumptions", "checklists"})
    ]


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
