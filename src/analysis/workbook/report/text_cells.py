"""The text cells of a notebook as the report shows them: the group's nouns in them, and its own cases in their place.

The message of a chapter's words that is called like a cell (``limits`` for ``limits-ja``) stands in the
cell's place with its case ``other-group``, and after it with ``also-other-group``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from analysis.municipalities import Group
from analysis.notebook.exhibit_output import LANGUAGES
from analysis.notebook.messages import ALSO_OTHER_GROUP, OTHER_GROUP, TEXT, Message, Words
from analysis.notebook.nouns import told
from analysis.workbook.report.cells import Cell, tags_of


def as_read(cells: list[Cell], chapter: str, group: Group, root: Path) -> list[Cell]:
    """Return a chapter's cells with its text cells as a reader of this group is to see them."""
    words = {} if group.published else Words.of(root, chapter).messages
    shown: list[Cell] = []
    for cell in cells:
        lang = next((lang for lang in LANGUAGES if lang in tags_of(cell)), None)
        if not lang or cell["cell_type"] != "markdown":
            shown.append(cell)
            continue
        message = words.get(lang, {}).get(cell["id"].rpartition("-")[0])
        shown += [{**own, "source": told(own["source"], group, lang)} for own in _for_others(cell, message)]
    return shown


def _for_others(cell: Cell, message: Message | None) -> Iterator[Cell]:
    """Yield a text cell, or what stands in its place, and what is added to it."""
    cases = message.cases if message else {}
    if OTHER_GROUP in cases:
        yield {**cell, "source": _under_its_heading(cell["source"], cases[OTHER_GROUP][TEXT])}
    else:
        yield cell
    if ALSO_OTHER_GROUP in cases:
        slug, _, lang = cell["id"].rpartition("-")
        yield {**cell, "id": f"{slug}-other-{lang}", "source": cases[ALSO_OTHER_GROUP][TEXT]}


def _under_its_heading(source: str, text: str) -> str:
    """Return a text below the heading of the cell it replaces, unless it brings its own."""
    heading = source.partition("\n")[0]
    return text if text.startswith("# ") or not heading.startswith("#") else f"{heading}\n\n{text}"
