"""A chapter in the order in which an official reads it: the question, the answer, what is shown,
what it does not show, and how we know; what stands in the annex goes there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from workbook.output import MIME
from workbook.report.cells import Cell
from workbook.report.own_output import is_own

# how the ids of these text cells begin
METHOD, LIMITS = "method-", "limits-"
READ, NOT_SHOWN, KNOWN, ANNEX = "read", "not_shown", "known", "annex"


@dataclass(frozen=True)
class Piece:
    """One thing that a chapter shows: a text cell, an exhibit or sentence of the run (``payload``),
    or an ``output`` of a researcher's own; ``place`` says where in the report it stands.
    """

    place: str
    cell: Cell
    payload: dict[str, Any] | None = None
    output: dict[str, Any] | None = None


def pieces_of(cells: list[Cell]) -> Iterator[Piece]:
    """Yield what the cells of a chapter show, in their order, each with its place.

    A sentence that stands behind an exhibit of the annex, before the next exhibit or text, is said
    of it and goes with it; a finding or a caveat is the chapter's, and stays.
    """
    behind_annexed = False
    for cell in cells:
        if cell["cell_type"] == "markdown":
            behind_annexed = False
            yield Piece(_place_of_text(cell["id"]), cell)
            continue
        for output in cell.get("outputs", []):
            payload = output.get("data", {}).get(MIME)
            if payload is None:
                if is_own(output):
                    yield Piece(READ, cell, output=output)
                continue
            if payload["kind"] == "exhibit":
                behind_annexed = bool(payload.get("annex"))
            yield Piece(_place_of_payload(payload, behind_annexed), cell, payload)


def findings_of(cells: list[Cell]) -> list[dict[str, Any]]:
    """Return the findings of a chapter, in their order."""
    payloads = (piece.payload for piece in pieces_of(cells) if piece.payload)
    return [payload for payload in payloads if payload.get("callout") == "finding"]


def _place_of_text(cell: str) -> str:
    if cell.startswith(METHOD):
        return KNOWN
    return NOT_SHOWN if cell.startswith(LIMITS) else READ


def _place_of_payload(payload: dict[str, Any], behind_annexed: bool) -> str:
    if payload["kind"] == "exhibit":
        return ANNEX if payload.get("annex") else READ
    if payload.get("callout") == "method":
        return KNOWN
    return ANNEX if behind_annexed and not payload.get("callout") else READ
