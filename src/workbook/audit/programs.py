"""From each exhibit to the program that makes it: notebook, cell, drawing function, tables and
where they were computed.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbook.output import shown_in
from workbook.study import study

Texts = dict[str, str]


@dataclass(frozen=True)
class Program:
    """One exhibit of a run; ``function`` is '' where the table itself is the exhibit. ``source`` is
    the module that computes it.
    """

    number: str
    slug: str
    title: Texts
    notebook: str
    cell: str
    function: str
    source: str
    tables: tuple[str, ...]
    inputs: tuple[str, ...]
    standing: str


def programs_of(run: Path) -> list[Program]:
    """Return every exhibit that a run's notebooks show, by its number."""
    found = [
        _program(payload, path.stem, cell.get("id", ""))
        for path in sorted((run / "notebooks").glob("*.ipynb"))
        for cell, payload in shown_in(path)
        if payload["kind"] == "exhibit"
    ]
    return sorted(found, key=lambda program: tuple(map(int, program.number.split("."))))


def _program(payload: dict[str, Any], notebook: str, cell: str) -> Program:
    provenance = payload["provenance"]
    return Program(
        payload["number"],
        payload["slug"],
        payload["title"],
        notebook,
        cell,
        provenance.get("function") or "",
        f"{study().package}.chapters.{notebook[3:]}",
        tuple(provenance["tables"]),
        tuple(entry["name"] for entry in provenance["inputs"]),
        payload["standing"]["value"],
    )
