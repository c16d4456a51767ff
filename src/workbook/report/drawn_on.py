"""The way on from an input: the exhibits that draw on its table, and the rows that stand with a
row as an uncertain input and the evidence it is held against.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from markupsafe import Markup

from workbook.report.edition import Edition
from workbook.report.inputs import Inputs
from workbook.study import study

if TYPE_CHECKING:
    from workbook.audit.assumptions import Assumption

Links = Mapping[str, Markup]


def exhibits_on(edition: Edition) -> Links:
    """Return the exhibits that draw on each input table, by its name, each a link by its number."""
    found: dict[str, list[Markup]] = {}
    for payload in edition.exhibits.payloads:
        link = Markup('<a href="#{}">{}</a>').format(payload["anchor"], payload["number"])
        for entry in payload["provenance"]["inputs"]:
            found.setdefault(entry["name"], []).append(link)
    return {name: _listed(links, edition) for name, links in found.items()}


def rows_with(log: Iterable[Assumption], inputs: Inputs, edition: Edition) -> Links:
    """Return the rows that stand with a row, by the row's id: the evidence behind an uncertain
    input, and the inputs that a piece of evidence bears on.
    """
    found: dict[str, list[Markup]] = {}
    for entry in log:
        anchor = inputs.anchors.get((entry.table, entry.item))
        if anchor is None or entry.table in study().ranges.others:
            continue
        for code in (code for code in entry.evidence if code in inputs.evidence):
            there, link = inputs.evidence[code], Markup('<a href="#{}">{}</a>')
            found.setdefault(anchor, []).append(link.format(there, code))
            named = edition.marked(entry.name[edition.lang])
            found.setdefault(there, []).append(link.format(anchor, named))
    return {anchor: _listed(links, edition) for anchor, links in found.items()}


def sources_of(inputs: Inputs, named: Mapping[str, Iterable[str]], edition: Edition) -> Links:
    """Return the sources of each table, by its name, as HTML, one a line: with their addresses, and
    where there is neither an address nor a row that has one, with the word that none is on record.
    """
    return {
        name: Markup("<br>").join(inputs.credited(name, text, edition) for text in texts)
        for name, texts in named.items()
    }


def _listed(links: list[Markup], edition: Edition) -> Markup:
    return Markup(edition.word("and")).join(links)
