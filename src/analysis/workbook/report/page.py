"""One edition as one self-contained HTML file: chapters, contents, appendix, style, script and typeface."""

from __future__ import annotations

from typing import Any

from analysis.terms import STANDINGS
from analysis.workbook.report import appendix
from analysis.workbook.report.edition import Edition
from analysis.workbook.report.exhibit_view import standing_view
from analysis.workbook.report.exporter import ChapterExporter
from analysis.workbook.report.faults import ReportFault
from analysis.workbook.report.finished_run import Chapter, FinishedRun, tags_of
from analysis.workbook.report.markdown import chapter_title
from analysis.workbook.report.shell import dress, packaged_script

PARTS = ("exhibit_list", "results", "data", "parameters", "standings", "glossary", "bibliography")   # of the appendix


def render_page(run: FinishedRun, edition: Edition) -> str:
    """Return an edition's page, which still lacks its typeface (`shell.with_typeface`); the same run, the same text."""
    exporter = ChapterExporter(edition)
    return exporter.environment.get_template("page.html.j2").render(_context(run, edition, exporter))


def _context(run: FinishedRun, edition: Edition, exporter: ChapterExporter) -> dict[str, Any]:
    return {
        "run": run, "lang": edition.lang, "title": edition.word("title"), **dress(packaged_script()),
        "scenario": run.manifest.get("scenario") or run.manifest.get("run") or run.name,
        "local_tables": appendix.local_tables(run, edition),
        "contents": [(chapter, title_of(chapter, edition), edition.exhibits.of_chapter(chapter)) for chapter in run.chapters],
        "chapters": [(chapter, exporter.chapter(chapter)) for chapter in run.chapters],
        "parts": [part for part in PARTS if part != "bibliography" or edition.works],
        "results": appendix.result_rows(run, edition), "data": appendix.data_rows(run, edition),
        "parameters": appendix.parameter_rows(run.parameters, edition), "terms": appendix.term_rows(edition),
        "standings": [standing_view(identifier, edition) for identifier in STANDINGS],
    }


def title_of(chapter: Chapter, edition: Edition) -> str:
    """Return a chapter's title: its first heading of level one in the edition's language."""
    for cell in chapter.notebook.cells:
        if cell.cell_type == "markdown" and edition.other not in tags_of(cell) and (title := chapter_title(cell.source)):
            return edition.plain(title)
    raise ReportFault(f"{chapter.name}: no heading of level one in {edition.lang}")
