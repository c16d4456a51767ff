"""The input tables row by row, as the annex shows them: each row has an anchor, each code of a
piece of evidence and each named document leads to its row, each address to its page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from markupsafe import Markup

from workbook.report.edition import Edition
from workbook.report.finished_run import FinishedRun
from workbook.tables.data_package import DataPackage
from workbook.tables.plain_rows import plain_rows
from workbook.units import NUMERIC_UNITS, written_date
from workbook.whole_files import checksum

EVIDENCE, CODE = "evidence_id", "code"
MOST_ROWS = 300  # a longer table is a file of figures, named and credited as a whole
_EVIDENCE = re.compile(r"\b[A-Z]\d{2,3}\b", re.ASCII)  # a kana next to a code parts it, too
_ADDRESS = re.compile(r"https?://[^\s<>\"'（）、。]+[^\s<>\"'（）、。.,;)]")
_UNWRITTEN = {"text", "date", "yes/no", "mixed", "index"}
Row = Mapping[str, str]


@dataclass(frozen=True)
class InputTable:
    """An input table as the run read it; ``key`` names the columns that tell its rows apart."""

    name: str
    title: Mapping[str, str]
    fields: tuple[Mapping[str, Any], ...]
    key: tuple[str, ...]
    rows: tuple[Row, ...]

    def anchor(self, place: int) -> str:
        """Return the id of a row in the annex, by its place from 1."""
        return f"input-{self.name.replace('_', '-')}-{place}"

    def item(self, row: Row) -> str:
        """Return what tells a row apart, as the log of assumptions names it."""
        return " · ".join(row[name] for name in self.key)


@dataclass(frozen=True)
class ShownInput:
    """An input table as the template takes it: headers and rows of cells, each row with its id."""

    name: str
    anchor: str
    title: Markup
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Markup, ...]], ...]


@dataclass(frozen=True)
class Inputs:
    """The input tables of a run that are as it read them; a table of a researcher's own, or one
    that has changed since, is not shown.
    """

    tables: Mapping[str, InputTable]

    @cached_property
    def anchors(self) -> Mapping[tuple[str, str], str]:
        """The id of each row by table and what tells it apart."""
        return {
            (table.name, table.item(row)): table.anchor(place)
            for table in self.tables.values()
            for place, row in enumerate(table.rows, 1)
        }

    @cached_property
    def evidence(self) -> Mapping[str, str]:
        """The id of the row of each piece of evidence, by its code."""
        return {
            row[EVIDENCE]: table.anchor(place)
            for table in self.tables.values()
            if table.key == (EVIDENCE,) or EVIDENCE not in table.key
            for place, row in enumerate(table.rows, 1)
            if row.get(EVIDENCE)
        }

    @cached_property
    def named(self) -> Mapping[str, str]:
        """The table that a column refers to, by the column: the one that it alone tells apart."""
        return {
            table.key[0]: table.name
            for table in self.tables.values()
            if len(table.key) == 1 and table.key[0] not in (CODE, EVIDENCE)
        }

    def cited(self, text: str, edition: Edition) -> Markup:
        """Return a text as HTML, its codes of evidence and its addresses as links.

        A link is put in only where it leads somewhere.
        """
        marks = [
            (found.start(), found.end(), self.evidence[found[0]], "#")
            for found in _EVIDENCE.finditer(text)
            if found[0] in self.evidence
        ]
        marks += [(found.start(), found.end(), found[0], "") for found in _ADDRESS.finditer(text)]
        parts, at = [], 0
        for start, end, target, mark in sorted(marks):
            if start < at:
                continue
            parts.append(edition.marked(text[at:start]))
            parts.append(Markup('<a href="{}{}">{}</a>').format(mark, target, text[start:end]))
            at = end
        return Markup().join([*parts, edition.marked(text[at:])])

    def reasoning(self, texts: Mapping[str, str], edition: Edition) -> Markup:
        """Return a reason in the page's language as `cited`; one that is given in English alone is
        marked as English, for whoever has it read out.
        """
        if edition.lang in texts or not texts:
            return self.cited(texts.get(edition.lang, ""), edition)
        return Markup('<span lang="en">{}</span>').format(self.cited(texts["en"], edition))


def inputs_of(run: FinishedRun) -> Inputs:
    """Return the input tables of a run."""
    root = run.folder.parents[1]
    resources = DataPackage(root).resources_if_there()
    read = {table.name: table for entry in resources for table in _read(root, run, entry)}
    return Inputs(read)


def _read(root: Path, run: FinishedRun, entry: Mapping[str, Any]) -> Iterator[InputTable]:
    """Yield the table of a resource, if the run read this very file and it is short enough."""
    path = root / "data" / entry["path"]
    said = run.manifest.get("inputs", {}).get(entry["name"])
    if not path.is_file() or not said or said != checksum(path):
        return
    rows = tuple(plain_rows(path))
    key = entry["schema"].get("primaryKey") or []
    if key and len(rows) <= MOST_ROWS:
        yield InputTable(
            entry["name"],
            {"ja": entry.get("title_ja") or entry["title"], "en": entry["title"]},
            tuple(entry["schema"]["fields"]),
            (key,) if isinstance(key, str) else tuple(key),
            rows,
        )


def shown_inputs(inputs: Inputs, edition: Edition) -> list[ShownInput]:
    """Return every input table of an edition, in the order of the data package."""
    return [_shown(table, inputs, edition) for table in inputs.tables.values()]


def _shown(table: InputTable, inputs: Inputs, edition: Edition) -> ShownInput:
    fields = [field for field in table.fields if not field["name"].endswith(f"_{edition.other}")]
    rows = tuple(
        (
            table.anchor(place),
            tuple(_cell(row, field, table, inputs, edition) for field in fields),
        )
        for place, row in enumerate(table.rows, 1)
    )
    return ShownInput(
        table.name,
        f"input-{table.name.replace('_', '-')}",
        edition.marked(table.title[edition.lang]),
        tuple(_header(field, edition) for field in fields),
        rows,
    )


def _header(field: Mapping[str, Any], edition: Edition) -> str:
    title = {"ja": field.get("title_ja"), "en": field.get("title")}[edition.lang] or field["name"]
    unit = field.get("unit", "text")
    if unit in _UNWRITTEN or unit not in NUMERIC_UNITS:
        return str(title)
    return edition.word("unit", title=title, unit=unit)


def _cell(
    row: Row, field: Mapping[str, Any], table: InputTable, inputs: Inputs, edition: Edition
) -> Markup:
    name, text = field["name"], row.get(field["name"]) or ""
    if not text:
        return Markup("–")
    other = inputs.named.get(name)
    if other and other != table.name and (anchor := inputs.anchors.get((other, text))):
        return Markup('<a href="#{}">{}</a>').format(anchor, text)
    if name == "standing":
        return edition.marked(edition.term(text))
    if name.endswith("_on") or field.get("unit") == "date":
        return edition.marked(written_date(edition.term(text), edition.lang))
    return inputs.cited(text, edition)
