"""What the notebooks of a run show: exhibits by their slug, every sentence with its case, warnings.

Chapters and exhibits are known by their names: a number moves when another one is inserted.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workbook.output import shown_in
from workbook.running.finished_step import EXECUTED, ILLUSTRATED
from workbook.running.manifest import step_records

Payload = dict[str, Any]
PARTS = ("title", "subtitle", "alt")  # the texts of an exhibit
CAVEAT, LACK = "caveat", "lack"


@dataclass(frozen=True)
class Text:
    """What a run says in one place: the case of its message, and the text by language, which a run
    for its numbers alone has not. Of an exhibit's texts only the title has a case.
    """

    case: str
    text: dict[str, str]
    warns: bool = False
    of_exhibit: bool = False


@dataclass(frozen=True)
class Shown:
    """What a run shows: exhibits and texts by their names, and what its cells warned of."""

    exhibits: dict[str, Payload] = field(default_factory=dict)
    texts: dict[str, Text] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


def chapter_of(stem: str) -> str:
    """Return the name of a chapter without its number.

    >>> chapter_of("04_procurement")
    'procurement'
    """
    return re.sub(r"^\d+_", "", stem)


def shown_by(run: Path) -> Shown:
    """Return what the chapters of a run show; what a renamed notebook has left is no chapter."""
    shown = Shown()
    for path in chapters_of(run):
        chapter, bound = chapter_of(path.stem), run / ILLUSTRATED / path.name
        left = [payload for _, payload in shown_in(path)]
        read = [payload for _, payload in shown_in(bound)] if bound.exists() else [{} for _ in left]
        shown.texts.update(_texts(chapter, left, read))
        shown.warnings.extend(f"{chapter}: {line}" for line in _warned(path))
        exhibits = [payload for payload in read if payload.get("kind") == "exhibit"]
        shown.exhibits.update({payload["slug"]: payload for payload in exhibits})
    return shown


def chapters_of(run: Path) -> Iterator[Path]:
    """Yield the notebooks that ran, in order: those of the manifest, where it names any."""
    named = step_records(run)
    for path in sorted((run / EXECUTED).glob("*.ipynb")):
        if not named or path.stem in named:
            yield path


def _texts(chapter: str, left: list[Payload], read: list[Payload]) -> Iterator[tuple[str, Text]]:
    """Yield every text of a chapter by its name; one that is said again is numbered."""
    said: Counter[str] = Counter()
    for payload, bound in zip(left, read, strict=True):
        slug, case = payload["slug"], payload.get("case", "")
        said[slug] += 1
        name = f"{chapter}: {slug}" + (f" ({said[slug]})" if said[slug] > 1 else "")
        if payload["kind"] == "exhibit":
            for part, own in zip(PARTS, (case, "", ""), strict=True):
                yield f"{name}, {part}", Text(own, bound.get(part, {}), of_exhibit=True)
        else:
            warns = payload["kind"] == LACK or bound.get("callout") == CAVEAT
            yield name, Text(case, bound.get("text", {}), warns)


def _warned(path: Path) -> Iterator[str]:
    """Yield what the cells of a notebook wrote to the error stream, line by line."""
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        for output in cell.get("outputs", []):
            if output.get("name") == "stderr":
                yield from filter(str.strip, "".join(output["text"]).splitlines())
