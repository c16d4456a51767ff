"""One executed notebook as one chapter of an edition: nbconvert with a template of our own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from analysis.notebook.exhibit_output import MIME
from analysis.workbook.report.code import highlighted, plain_output
from analysis.workbook.report.edition import Edition
from analysis.workbook.report.exhibit_view import ExhibitView, code_anchor, exhibit_view
from analysis.workbook.report.finished_run import INJECTED, Chapter, tags_of
from analysis.workbook.report.lean_nbconvert import HTMLExporter, NotebookNode
from analysis.workbook.report.markdown import chapter_title, render_markdown


@dataclass(frozen=True)
class CodeCell:
    """A code cell as it ran, with what it printed; ``name`` is its stable name (papermill's own cell has a random id)."""

    name: str
    anchor: str
    source: Markup
    printed: Markup


class ChapterExporter(HTMLExporter):
    """Exports the chapters of one edition; nothing is looked up in the folders of an installed Jupyter."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        super().__init__(template_file="chapter.html.j2", template_paths=[], default_preprocessors=[], language_code=edition.lang,
                         extra_loaders=[PackageLoader("analysis.workbook.report", "template")])

    def _create_environment(self) -> Environment:
        environment = super()._create_environment()
        environment.autoescape = True
        environment.undefined = StrictUndefined
        environment.trim_blocks = environment.lstrip_blocks = True
        environment.globals = {"edition": self.edition, "word": self.edition.word, "mime": MIME, "zip": zip}
        environment.filters.update(exhibit=self._exhibit, code=self._code, markdown=self._markdown)
        return environment

    def from_notebook_node(self, nb: NotebookNode, resources: dict[str, Any] | None = None,
                           **kw: Any) -> tuple[str, dict[str, Any]]:
        """Return a notebook's HTML as the template wrote it: the cells of the edition's language.

        nbconvert would copy the notebook with all its pictures and tables three times first, and parse the HTML once more
        at the end to add placeholder alt texts, which lower-cases SVG's attribute names.
        """
        cells = [cell for cell in nb.cells if self.edition.other not in tags_of(cell)]
        title_cell = next(cell.id for cell in cells if cell.cell_type == "markdown" and chapter_title(cell.source))
        told = {**(resources or {}), "title_cell": title_cell}
        return self.template.render(nb=NotebookNode(nb, cells=cells), resources=told), told

    def chapter(self, chapter: Chapter) -> Markup:
        """Return a chapter as HTML."""
        html, _ = self.from_notebook_node(chapter.notebook, {"name": chapter.name, "title_id": f"{chapter.anchor}-title"})
        return Markup(html)

    def _exhibit(self, payload: dict[str, Any], notebook: str, cell: str) -> ExhibitView:
        return exhibit_view(payload, notebook, cell, self.edition)

    def _markdown(self, source: str, title_id: str | None = None) -> Markup:
        return render_markdown(source, self.edition, title_id)

    def _code(self, cell: NotebookNode, notebook: str) -> CodeCell:
        name = INJECTED if INJECTED in tags_of(cell) else cell.id
        printed = "".join(_printed(output) for output in cell.outputs)
        return CodeCell(name, code_anchor(notebook, name), highlighted(cell.source), plain_output(printed))


def _printed(output: NotebookNode) -> str:
    if output.output_type == "stream":
        return output.text
    return "" if MIME in output.data else output.data.get("text/plain", "") + "\n"
