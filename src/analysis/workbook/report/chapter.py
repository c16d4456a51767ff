"""One executed notebook as one chapter of an edition."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from markupsafe import Markup

from analysis.notebook.exhibit_output import MIME
from analysis.workbook.report.cells import INJECTED, Cell, code_anchor, tags_of
from analysis.workbook.report.code import highlighted, plain_output
from analysis.workbook.report.edition import Edition
from analysis.workbook.report.exhibit_view import exhibit_view
from analysis.workbook.report.finished_run import Chapter
from analysis.workbook.report.markdown import chapter_title, render_markdown
from analysis.workbook.report.shell import templates


@dataclass(frozen=True)
class CodeCell:
    """A code cell as it ran, with what it printed; ``name`` is its stable name (papermill's own cell has a random id)."""

    name: str
    anchor: str
    source: Markup
    printed: Markup


def code_cells(chapter: Chapter) -> list[CodeCell]:
    """Return the code of a chapter, the same in both languages."""
    return [_code_cell(cell, chapter.name) for cell in chapter.cells if cell["cell_type"] == "code"]


def render_chapter(chapter: Chapter, code: list[CodeCell], edition: Edition) -> Markup:
    """Return a chapter as HTML: its cells of the edition's language, then the code behind them."""
    cells = [cell for cell in chapter.cells if edition.other not in tags_of(cell)]
    title_cell = next((cell["id"] for cell in cells if cell["cell_type"] == "markdown" and chapter_title(cell["source"])), None)
    return Markup(templates().get_template("chapter.html.j2").render(
        name=chapter.name, cells=cells, code=code, title_cell=title_cell, title_id=f"{chapter.anchor}-title", mime=MIME, edition=edition, word=edition.word,
        markdown=partial(render_markdown, edition=edition), exhibit=partial(exhibit_view, edition=edition)))


def _code_cell(cell: Cell, notebook: str) -> CodeCell:
    name = INJECTED if INJECTED in tags_of(cell) else cell["id"]
    printed = "".join(_printed(output) for output in cell["outputs"])
    return CodeCell(name, code_anchor(notebook, name), highlighted(cell["source"]), plain_output(printed))


def _printed(output: dict[str, Any]) -> str:
    if output["output_type"] == "stream":
        return "".join(output["text"])
    return "" if MIME in output["data"] else "".join(output["data"].get("text/plain", "")) + "\n"
