"""One edition as one self-contained HTML file: chapters, contents, appendix, style, script and typeface."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections import Counter
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

from markupsafe import Markup

from analysis.terms import STANDINGS
from analysis.workbook.report import appendix
from analysis.workbook.report.edition import Edition
from analysis.workbook.report.exhibit_view import standing_view
from analysis.workbook.report.exporter import ChapterExporter
from analysis.workbook.report.faults import ReportFault, require_none
from analysis.workbook.report.finished_run import Chapter, FinishedRun, tags_of
from analysis.workbook.report.font import FAMILY, font_face
from analysis.workbook.report.markdown import chapter_title


def render_page(run: FinishedRun, edition: Edition) -> str:
    """Return an edition's page; the same run gives the same text.

    Refused: characters that the typeface lacks, an id used twice, a heading that skips a level, a link into nowhere.
    """
    exporter = ChapterExporter(edition)
    template = exporter.environment.get_template("page.html.j2")
    context = _context(run, edition, exporter)
    bare = template.render(context, font_face="")
    require_none(_faults(bare))
    return template.render(context, font_face=Markup(font_face(html.unescape(bare))))


def _context(run: FinishedRun, edition: Edition, exporter: ChapterExporter) -> dict[str, Any]:
    script = _packaged("script.js")
    return {
        "run": run, "policy": content_security_policy(script), "script": Markup(script),
        "style": Markup(_packaged("style.css").replace("REPORT_FONT", f'"{FAMILY}"')),
        "scenario": run.manifest.get("scenario") or run.manifest.get("run") or run.name,
        "local_tables": appendix.local_tables(run, edition),
        "contents": [(chapter, title_of(chapter, edition), edition.exhibits.of_chapter(chapter)) for chapter in run.chapters],
        "chapters": [(chapter, exporter.chapter(chapter)) for chapter in run.chapters],
        "results": appendix.result_rows(run, edition), "data": appendix.data_rows(run, edition),
        "parameters": appendix.parameter_rows(run.parameters, edition),
        "standings": [standing_view(identifier, edition) for identifier in STANDINGS],
    }


def _packaged(name: str) -> str:
    return files("analysis.workbook.report").joinpath("template", name).read_text(encoding="utf-8")


def content_security_policy(script: str) -> str:
    """Return a policy under which the page fetches nothing and runs one script, known by its hash.

    >>> content_security_policy("").rpartition(" ")[2]
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
    """
    digest = base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
    return ("default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; "
            f"form-action 'none'; script-src 'sha256-{digest}'")


def title_of(chapter: Chapter, edition: Edition) -> str:
    """Return a chapter's title: its first heading of level one in the edition's language."""
    for cell in chapter.notebook.cells:
        if cell.cell_type == "markdown" and edition.other not in tags_of(cell) and (title := chapter_title(cell.source)):
            return edition.plain(title)
    raise ReportFault(f"{chapter.name}: no heading of level one in {edition.lang}")


def _faults(page: str) -> Iterator[str]:
    """Yield what would make the page unsound for those who navigate by ids and headings."""
    ids = Counter(re.findall(r'\sid="([^"]*)"', page))
    yield from (f"the id {name!r} stands {count} times in the page" for name, count in ids.items() if count > 1)
    yield from (f"a link to #{name}, which is nowhere in the page"
                for name in sorted(set(re.findall(r'<a [^>]*href="#([^"]*)"', page)) - set(ids)))
    headings = [(int(level), text) for level, text in re.findall(r"<h([1-6])[^>]*>(.*?)</h\1>", page, flags=re.DOTALL)]
    if sum(level == 1 for level, _ in headings) != 1:
        yield "the page must have one heading of level one"
    for (before, _), (level, text) in zip(headings, headings[1:], strict=False):
        if level > before + 1:
            yield f"the heading {Markup(text).striptags()!r} skips a level"
