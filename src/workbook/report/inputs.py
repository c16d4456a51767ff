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
from workbook.study import study
from workbook.tables.data_package import DataPackage
from workbook.tables.plain_rows import plain_rows
from workbook.units import NUMERIC_UNITS, written_date
from workbook.whole_files import checksum

EVIDENCE, CODE = "evidence_id", "code"
MOST_ROWS = 300  # a longer table is a file of figures, named and credited as a whole
_EVIDENCE = re.compile(r"\b[A-Z]\d{2,3}\b", re.ASCII)  # a kana next to a code parts it, too
# a table, and a row of it: "papers: minutes_2024"
_PLACE = re.compile(r"\b([a-z]+(?:_[a-z0-9]+)+)(?:: (\w+))?", re.ASCII)
_ADDRESS = re.compile(r"https?://[^\s<>\"'（）、。]+[^\s<>\"'（）、。.,;)]")
SOURCES = ("source", "document")  # the columns that name a row's document
_UNWRITTEN = {"text", "date", "yes/no", "mixed", "index"}
NOTHING = Markup("–")
Row = Mapping[str, str]


@dataclass(frozen=True)
class InputTable:
    """An input table as the run read it; ``key`` names the columns that tell its rows apart."""

    name: str
    title: Mapping[str, str]
    fields: tuple[Mapping[str, Any], ...]
    key: tuple[str, ...]
    rows: tuple[Row, ...]
    taken_in: bool = True  # from somebody's documents, not made for the workbook

    @property
    def place(self) -> str:
        """The id of the table in the annex."""
        return f"input-{self.name.replace('_', '-')}"

    @property
    def names_documents(self) -> bool:
        """Whether each row names its document."""
        return self.taken_in and any(field["name"] in SOURCES for field in self.fields)

    def anchor(self, place: int) -> str:
        """Return the id of a row in the annex, by its place from 1."""
        return f"{self.place}-{place}"

    def item(self, row: Row) -> str:
        """Return what tells a row apart, as the log of assumptions names it."""
        return " · ".join(row[name] for name in self.key)


@dataclass(frozen=True)
class ShownInput:
    """An input table as the template takes it: headers and rows of cells, each row with its id;
    ``record`` is the id of its line in the register of data.
    """

    name: str
    anchor: str
    record: str
    title: Markup
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Markup, ...]], ...]


@dataclass(frozen=True)
class Inputs:
    """The input tables of a run that are as it read them; a table of a researcher's own, or one
    that has changed since, is not shown. ``titles`` are those of all that it took, shown or not.
    """

    tables: Mapping[str, InputTable]
    titles: Mapping[str, Mapping[str, str]]

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
        """The table that a column refers to, by the column: the one that it alone tells apart; of
        several the one that holds the ranges.
        """
        last = self.tables.get(study().ranges.table)
        return {
            table.key[0]: table.name
            for table in (*self.tables.values(), *([last] if last else []))
            if len(table.key) == 1 and table.key[0] not in (CODE, EVIDENCE)
        }

    def cited(self, text: str, edition: Edition) -> Markup:
        """Return a text as HTML; its codes of evidence, its tables and its addresses are links.

        A link is put in only where it leads somewhere.
        """
        parts, at = [], 0
        for start, end, target in sorted(self._targets(text)):
            if start < at:
                continue
            parts.append(edition.marked(text[at:start]))
            parts.append(Markup('<a href="{}">{}</a>').format(target, text[start:end]))
            at = end
        return Markup().join([*parts, edition.marked(text[at:])])

    def _targets(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Yield what of a text leads somewhere: from where to where, and the address."""
        for found in _ADDRESS.finditer(text):
            yield *found.span(), found[0]
        for found in _EVIDENCE.finditer(text):
            if found[0] in self.evidence:
                yield *found.span(), f"#{self.evidence[found[0]]}"
        for found in _PLACE.finditer(text):
            if table := self.tables.get(found[1]):
                row = self.anchors.get((table.name, found[2] or ""))
                yield found.start(), found.end(0 if row else 1), f"#{row or table.place}"

    def taken_in(self, name: str) -> bool:
        """Say whether a table is from somebody's documents: one made for the workbook is none."""
        return name not in self.tables or self.tables[name].taken_in

    def credited(self, name: str, text: str, edition: Edition) -> Markup:
        """Return a source of a table as `cited`; where it has no address, and no row of the table
        names its own, it says so.
        """
        table, cited = self.tables.get(name), self.cited(text, edition)
        return cited if table and table.names_documents else or_absent(cited, edition)

    def named_row(self, text: str, table: str, item: str, edition: Edition) -> Markup:
        """Return what a row is called as a link to it; the bare name where it is not shown."""
        anchor = self.anchors.get((table, item))
        return _linked(text, anchor, edition) if anchor else edition.marked(text)

    def named_table(self, text: str, name: str, edition: Edition) -> Markup:
        """Return what a table is called as a link to its rows, where they are shown, or to its
        line in the register of data.
        """
        table = self.tables.get(name)
        return _linked(text, table.place if table else record_of(name), edition)

    def reasoning(self, texts: Mapping[str, str], edition: Edition) -> Markup:
        """Return a reason in the page's language as `cited`; one that is given in English alone is
        marked as English, for whoever has it read out.
        """
        if edition.lang in texts or not texts:
            return self.cited(texts.get(edition.lang, ""), edition)
        return Markup('<span lang="en">{}</span>').format(self.cited(texts["en"], edition))


def record_of(name: str) -> str:
    """Return the id of a table's line in the register of data."""
    return f"data-{name.replace('_', '-')}"


def _linked(text: str, anchor: str, edition: Edition) -> Markup:
    return Markup('<a href="#{}">{}</a>').format(anchor, edition.marked(text))


def or_absent(cited: Markup, edition: Edition) -> Markup:
    """Return a source that leads somewhere as it is, another with the word that no address of it
    is on record.
    """
    if "<a " in cited:
        return cited
    absent = Markup('{} <span class="absent">{}</span>')
    return absent.format(cited, edition.word("no_address"))


def inputs_of(run: FinishedRun) -> Inputs:
    """Return the input tables of a run."""
    root = run.folder.parents[1]
    resources = DataPackage(root).resources_if_there()
    read = {table.name: table for entry in resources for table in _read(root, run, entry)}
    taken = set(run.manifest.get("inputs", {}))
    titles = {entry["name"]: _title(entry) for entry in resources if entry["name"] in taken}
    return Inputs(read, titles)


def _title(entry: Mapping[str, Any]) -> dict[str, str]:
    return {"ja": entry.get("title_ja") or entry["title"], "en": entry["title"]}


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
            _title(entry),
            tuple(entry["schema"]["fields"]),
            (key,) if isinstance(key, str) else tuple(key),
            rows,
            "retrieved" in entry,
        )


def shown_inputs(
    inputs: Inputs, beside: Mapping[str, Markup], edition: Edition
) -> list[ShownInput]:
    """Return every input table of an edition, in the order of the data package; ``beside`` names
    the rows that stand with a row, by its id.
    """
    return [_shown(table, inputs, beside, edition) for table in inputs.tables.values()]


def _shown(
    table: InputTable, inputs: Inputs, beside: Mapping[str, Markup], edition: Edition
) -> ShownInput:
    fields = _shown_fields(table, edition)
    rows = [
        (table.anchor(place), tuple(_cell(row, field, table, inputs, edition) for field in fields))
        for place, row in enumerate(table.rows, 1)
    ]
    columns = [_header(field, edition) for field in fields]
    if any(anchor in beside for anchor, _ in rows):
        columns.insert(1, edition.word("rows_with"))
        rows = [
            (anchor, (first, beside.get(anchor, NOTHING), *rest)) for anchor, (first, *rest) in rows
        ]
    return ShownInput(
        table.name,
        table.place,
        record_of(table.name),
        edition.marked(table.title[edition.lang]),
        tuple(columns),
        tuple(rows),
    )


def _shown_fields(table: InputTable, edition: Edition) -> list[Mapping[str, Any]]:
    """Return the fields of an edition: what names a row first, then its document, which a wide
    table would hide at its far end.
    """
    fields = [field for field in table.fields if not field["name"].endswith(f"_{edition.other}")]
    return sorted(fields, key=lambda one: (one is not fields[0]) + (one["name"] not in SOURCES))


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
        return NOTHING
    other = inputs.named.get(name)
    if other and other != table.name and (anchor := inputs.anchors.get((other, text))):
        return Markup('<a href="#{}">{}</a>').format(anchor, text)
    if name == "standing":
        return edition.marked(edition.term(text))
    if name.endswith("_on") or field.get("unit") == "date":
        return edition.marked(written_date(edition.term(text), edition.lang))
    cited = inputs.cited(text, edition)
    if name in SOURCES and table.names_documents and not _has_address(row):
        return or_absent(cited, edition)
    return cited


def _has_address(row: Row) -> bool:
    return any(_ADDRESS.search(text or "") for text in row.values())
