"""One executed notebook as one chapter of an edition: nbconvert with a template of our own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from workbook.report.arrangement import ANNEX, KNOWN, NOT_SHOWN, READ, Piece, findings_of, pieces_of
from workbook.report.cells import INJECTED, Cell, code_anchor, tags_of
from workbook.report.code import highlighted, plain_output
from workbook.report.edition import Edition
from workbook.report.exhibit_view import exhibit_view
from workbook.report.exhibits import CROSS_REFERENCE
from workbook.report.finished_run import Chapter
from workbook.report.lean_nbconvert import HTMLExporter, NotebookNode
from workbook.report.markdown import chapter_title, render_markdown
from workbook.report.own_output import OwnOutput, own_output
from workbook.report.said_from import MARK
from workbook.report.shell import templates

PLACES = (READ, NOT_SHOWN, KNOWN, ANNEX)


@dataclass(frozen=True)
class CodeCell:
    """A code cell as it ran, with what it printed; ``name`` is its stable name (papermill's own
    cell has a random id).
    """

    name: str
    anchor: str
    source: Markup
    printed: Markup


@dataclass(frozen=True)
class Exported:
    """A chapter as HTML: what is read in the report, and what stands behind it in the annex."""

    read: Markup
    behind: Markup


class ChapterExporter(HTMLExporter):
    """Exports chapters in either language; nothing is looked up in the folders of an installed
    Jupyter.
    """

    def __init__(self) -> None:
        super().__init__(
            template_file="chapter.html.j2", template_paths=[], default_preprocessors=[]
        )

    def _create_environment(self) -> Environment:
        return templates()

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """Return a notebook's HTML as the template wrote it, with what ``resources`` name for it.

        nbconvert would copy the notebook with all its pictures and tables three times first, and
        parse the HTML once more at the end to add placeholder alt texts, which lower-cases SVG's
        attribute names.
        """
        named = dict(resources or {})
        template = templates().get_template(named.pop("file", "chapter.html.j2"))
        return template.render(cells=nb.cells, **named), named

    def chapter(self, chapter: Chapter, code: list[CodeCell], edition: Edition) -> Exported:
        """Return a chapter as HTML in an edition: what stands in the report, and what stands in
        its annex with the code behind both.
        """
        cells = [cell for cell in chapter.cells if edition.other not in tags_of(cell)]
        by_place: dict[str, list[Piece]] = {place: [] for place in PLACES}
        for piece in pieces_of(cells):
            by_place[piece.place].append(piece)
        own = [piece.output for piece in by_place[READ] if piece.output]
        resources = {
            **by_place,
            "name": chapter.name,
            "code": code,
            "title_cell": _title_cell(cells),
            "title_id": f"{chapter.anchor}-title",
            "edition": edition,
            "anchor": partial(_anchor, chapter, findings_of(cells)),
            "said_from": partial(_said_from, chapter, edition),
            "own": partial(_own_output, chapter, edition, own),
            "word": edition.word,
            "markdown": partial(render_markdown, edition=edition),
            "exhibit": partial(exhibit_view, edition=edition),
        }
        notebook = NotebookNode(cells=cells)
        read, _ = self.from_notebook_node(notebook, {**resources, "file": "chapter.html.j2"})
        behind, _ = self.from_notebook_node(notebook, {**resources, "file": "behind.html.j2"})
        return Exported(Markup(read), Markup(behind))


def _title_cell(cells: list[Cell]) -> str | None:
    """Return the id of the cell that holds the chapter's title, None where there is none."""
    texts = (cell for cell in cells if cell["cell_type"] == "markdown")
    return next((cell["id"] for cell in texts if chapter_title(cell["source"])), None)


def _anchor(chapter: Chapter, findings: list[dict[str, Any]], piece: Piece) -> str:
    """Return the id of a finding, which the search leads to; blank of anything else."""
    places = (i for i, payload in enumerate(findings, 1) if payload is piece.payload)
    return next(map(chapter.finding, places), "")


def _said_from(chapter: Chapter, edition: Edition, piece: Piece) -> Markup:
    """Return the place for where the numbers of a sentence are from; blank of one without any."""
    said = CROSS_REFERENCE.sub("", (piece.payload or {})["text"][edition.lang])
    numbered = any(letter.isdigit() for letter in said)
    return Markup(MARK.format(chapter.name, piece.cell["id"]) if numbered else "")


def _own_output(
    chapter: Chapter, edition: Edition, own: list[dict[str, Any]], piece: Piece
) -> OwnOutput:
    """Return what a researcher's own code shows; their numbers, for links, run through the
    chapter.
    """
    place = next(i for i, output in enumerate(own, 1) if output is piece.output)
    return own_output(piece.output or {}, chapter.name, piece.cell["id"], place, edition)


def code_cells(chapter: Chapter) -> list[CodeCell]:
    """Return the code of a chapter, the same in both languages."""
    return [_code_cell(cell, chapter.name) for cell in chapter.cells if cell["cell_type"] == "code"]


def _code_cell(cell: Cell, notebook: str) -> CodeCell:
    name = INJECTED if INJECTED in tags_of(cell) else cell["id"]
    printed = "".join(_printed(output) for output in cell["outputs"])
    return CodeCell(
        name, code_anchor(notebook, name), highlighted(cell["source"]), plain_output(printed)
    )


def _printed(output: dict[str, Any]) -> str:
    return "".join(output["text"]) if output["output_type"] == "stream" else ""
