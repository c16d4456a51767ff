"""An exhibit as the template takes it: what the reader sees, and where it is from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from workbook.report.cards import CardsView, cards_view
from workbook.report.cells import code_anchor
from workbook.report.edition import Edition
from workbook.report.finished_run import CHECKSUM_DIGITS
from workbook.report.members import MembersView, members_view
from workbook.report.panel import PanelView, panel_view
from workbook.report.svg import embedded_svg
from workbook.report.table import SHOWN_ROWS, ShownTable, shown_table
from workbook.words.binding import said_of_set_inputs

_SOURCES_NAMED = 1


@dataclass(frozen=True)
class Standing:
    """How good a number is: the identifier that picks the badge, its name, and the assumptions
    behind it.
    """

    identifier: str
    name: str
    assumptions: str


@dataclass(frozen=True)
class Origin:
    """An input table as the page credits it."""

    name: str
    title: Markup
    sources: tuple[Markup, ...]
    licence: Markup
    credit: Markup
    standing: Standing | None
    checksum: str


@dataclass(frozen=True)
class Provenance:
    """The way from a number back to its code and its data."""

    notebook: str
    cell: str
    cell_anchor: str
    computed: tuple[tuple[str, str], ...]  # each table with the anchor of the code that writes it
    origins: tuple[Origin, ...]
    parameters: tuple[tuple[str, Markup], ...]


@dataclass(frozen=True)
class ExhibitView:
    """One numbered exhibit of an edition; ``picture`` is None where the first table is the
    exhibit.
    """

    slug: str
    anchor: str
    number: str
    title: Markup
    subtitle: Markup
    picture: Markup | None
    tables: tuple[ShownTable, ...]
    standing: Standing
    sources: Markup
    provenance: Provenance
    set_inputs: tuple[Markup, ...] = ()
    panel: PanelView | None = None
    members: MembersView | None = None
    cards: CardsView | None = None


def exhibit_view(
    payload: dict[str, Any], notebook: str, cell: str, edition: Edition
) -> ExhibitView:
    """Return an exhibit that ``cell`` of ``notebook`` showed, for an edition."""
    picture = None
    if payload["form"] == "figure":
        alt = edition.plain(edition.chosen(payload["alt"]))
        picture = Markup(
            embedded_svg(payload["svg"][edition.lang], payload["anchor"], alt, edition.lang)
        )
    said = (payload.get("pages") or {}).get("says")  # its rows are what the pages begin with
    tables = tuple(
        shown_table(table, payload, edition, _limit(payload, place))
        for place, table in enumerate(payload["tables"])
        if not said or table["name"] != said
    )
    standing, provenance = payload["standing"], payload["provenance"]
    return ExhibitView(
        payload["slug"],
        payload["anchor"],
        edition.word("exhibit", number=payload["number"]),
        edition.linked(edition.chosen(payload["title"])),
        edition.linked(edition.chosen(payload["subtitle"])),
        picture,
        tables,
        standing_view(standing["value"], edition, standing.get("assumed_inputs", 0)),
        _named_sources(provenance["inputs"], edition),
        _provenance(provenance, notebook, cell, edition),
        set_by_reader(payload.get("set_inputs", []), edition),
        panel_view(payload, edition),
        members_view(payload, edition),
        cards_view(payload, edition),
    )


def _limit(payload: dict[str, Any], place: int) -> int:
    """Return how many rows to show: a table that is the exhibit is shown whole."""
    return (
        len(payload["tables"][place]["rows"])
        if payload["form"] == "table" and place == 0
        else SHOWN_ROWS
    )


def standing_view(identifier: str, edition: Edition, assumed: int = 0) -> Standing:
    """Return a badge's content."""
    key = "assumed_one" if assumed == 1 else "assumed"
    return Standing(
        identifier, edition.term(identifier), edition.word(key, count=assumed) if assumed else ""
    )


def _named_sources(inputs: list[dict[str, Any]], edition: Edition) -> Markup:
    """Return the source line's text: one source by name, documents before judgements, the rest
    counted.
    """
    documents_first = sorted(inputs, key=lambda entry: entry["standing"] == "assumed")
    unique = list(
        dict.fromkeys(
            edition.source(source) for entry in documents_first for source in entry["sources"]
        )
    )
    named = [edition.marked(source) for source in unique[:_SOURCES_NAMED]]
    if len(unique) > _SOURCES_NAMED:
        named.append(Markup(edition.word("more_sources", count=len(unique) - _SOURCES_NAMED)))
    return Markup(edition.word("and")).join(named)


def origin_view(entry: dict[str, Any], edition: Edition) -> Origin:
    """Return an input table's origin; one known by checksum alone shows its name."""
    standing = standing_view(entry["standing"], edition) if entry.get("standing") else None
    return Origin(
        entry["name"],
        edition.marked(edition.chosen(entry.get("title")) or entry["name"]),
        tuple(edition.marked(edition.source(source)) for source in entry.get("sources", ())),
        edition.marked(edition.chosen(entry.get("licence")) or "–"),
        edition.marked(edition.source(entry.get("credit"))),
        standing,
        entry["sha256"][:CHECKSUM_DIGITS],
    )


def set_by_reader(held: Iterable[Mapping[str, Any]], edition: Edition) -> tuple[Markup, ...]:
    """Return what the reader of the run has set, a sentence for each input."""
    return tuple(map(edition.marked, said_of_set_inputs(held, edition.group, edition.lang)))


def _provenance(record: dict[str, Any], notebook: str, cell: str, edition: Edition) -> Provenance:
    parameters = tuple(
        (name, edition.marked(written(value))) for name, value in record["parameters"].items()
    )
    return Provenance(
        notebook,
        cell,
        code_anchor(notebook, cell),
        tuple((name, edition.exhibits.written_in.get(name, "")) for name in record["tables"]),
        tuple(origin_view(entry, edition) for entry in record["inputs"]),
        parameters,
    )


def written(value: object) -> str:
    """Return a parameter's value as text.

    >>> written([1, 2]), written(None), written(True)
    ('1, 2', '–', 'true')
    """
    if isinstance(value, (list, tuple)):
        return ", ".join(written(item) for item in value)
    if isinstance(value, bool):
        return str(value).lower()
    return "–" if value is None else str(value)
