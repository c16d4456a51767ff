"""The text cells of a notebook as its readers see them: with the group's nouns and own cases.

The message of a chapter's words that is called like a cell (``limits`` for ``limits-ja``) stands
in the cell's place with its case ``other-group``, and after it with ``also-other-group``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from workbook.groups import Group
from workbook.output import LANGUAGES
from workbook.steps import step_named
from workbook.words.messages import ALSO_OTHER_GROUP, OTHER_GROUP, TEXT, Message, Words
from workbook.words.nouns import told

Cell = dict[str, Any]


def as_read(cells: list[Cell], chapter: str, group: Group, root: Path) -> list[Cell]:
    """Return a chapter's cells with its text cells as a reader of this group is to see them.

    Those that mean nothing of one member alone (`Step.of_one`) are left out for one.
    """
    words = {} if group.is_whole else Words.of(root, chapter).messages
    alone = step_named(chapter) if group.is_one else None
    return [
        own
        for cell in cells
        if not (alone and _language(cell)) or alone.tells_of(_slug(cell), group)
        for own in _as_read(cell, words, group)
    ]


def _as_read(
    cell: Cell, words: Mapping[str, Mapping[str, Message]], group: Group
) -> Iterator[Cell]:
    """Yield a cell as it is, a text cell of a language with the group's nouns and cases."""
    lang = _language(cell)
    if not lang:
        yield cell
        return
    text = {**cell, "source": "".join(cell["source"])}
    message = words.get(lang, {}).get(_slug(cell))
    yield from (
        {**own, "source": told(own["source"], group, lang)} for own in _for_others(text, message)
    )


def _language(cell: Cell) -> str | None:
    """Return the language of a text cell of the study's, none of any other cell."""
    tags = cell["metadata"].get("tags", []) if cell["cell_type"] == "markdown" else []
    return next((lang for lang in LANGUAGES if lang in tags), None)


def _slug(cell: Cell) -> str:
    return cell["id"].rpartition("-")[0]


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
