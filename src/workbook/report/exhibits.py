"""The exhibits of a run by slug, and the cross-references ``[[slug]]`` that point at them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from workbook.output import LANGUAGES, MIME
from workbook.report.cells import code_anchor
from workbook.report.faults import require_none
from workbook.report.finished_run import Chapter, FinishedRun
from workbook.standing import STANDINGS
from workbook.study import study
from workbook.words.binding import is_code

CROSS_REFERENCE = re.compile(r"\[\[([^\[\]\n]+)\]\]")
_WRITES = re.compile(r"run\.write\(\s*\"(\w+)\"")
_ANCHOR = re.compile(r"[a-z][a-z0-9-]*")


@dataclass(frozen=True)
class Exhibits:
    """Every exhibit of a run, in the order in which the report shows them."""

    payloads: tuple[dict[str, Any], ...]
    chapter_of: dict[str, Chapter]
    written_in: dict[str, str] = field(default_factory=dict)  # the code cell of each result table
    results: dict[str, dict[str, Any]] = field(default_factory=dict)  # the headline results by id

    def by_slug(self, slug: str) -> dict[str, Any] | None:
        """Return the exhibit of a slug, if the run holds it."""
        return next((payload for payload in self.payloads if payload["slug"] == slug), None)

    def by_name(self, name: str) -> dict[str, Any] | None:
        """Return the exhibit of a slug or a number; headline results name their exhibit by
        number.
        """
        return next(
            (payload for payload in self.payloads if name in (payload["slug"], payload["number"])),
            None,
        )

    def of_chapter(self, chapter: Chapter) -> list[dict[str, Any]]:
        """Return a chapter's exhibits in order."""
        return [
            payload
            for payload in self.payloads
            if self.chapter_of[payload["slug"]].name == chapter.name
        ]


def exhibits_of(run: FinishedRun) -> Exhibits:
    """Return the exhibits of a run; every one that could not be published soundly is refused by
    name, all at once.
    """
    found = [
        (chapter, payload)
        for chapter in run.chapters
        for payload in payloads_of(chapter)
        if payload["kind"] == "exhibit"
    ]
    payloads = tuple(payload for _, payload in found)
    slugs = {payload["slug"] for payload in payloads} | _of_other_chapters(run)
    require_none(
        [fault for payload in payloads for fault in _faults_of(payload)]
        + [
            f"two exhibits share the {part} {name!r}"
            for part in ("slug", "anchor", "number")
            for name, count in Counter(payload[part] for payload in payloads).items()
            if count > 1
        ]
        + [fault for chapter in run.chapters for fault in _unknown_slugs(chapter, slugs)]
    )
    chapter_of = {payload["slug"]: chapter for chapter, payload in found}
    results = {result["id"]: result for result in run.results}
    return Exhibits(payloads, chapter_of, _written_in(run), results)


def _written_in(run: FinishedRun) -> dict[str, str]:
    """Return the anchor of the code that writes each result table."""
    return {
        table: code_anchor(chapter.name, cell["id"])
        for chapter in run.chapters
        for cell in chapter.cells
        if cell["cell_type"] == "code"
        for table in _WRITES.findall(cell["source"])
    }


def _of_other_chapters(run: FinishedRun) -> set[str]:
    """Return what the chapters that have not run would show: a run that stops early may name it,
    without a link.
    """
    held = {chapter.name for chapter in run.chapters}
    return {slug for step in study().steps if step.name not in held for slug in step.numbered}


def payloads_of(chapter: Chapter) -> Iterator[dict[str, Any]]:
    """Yield what a chapter shows its reader, exhibits and prose alike."""
    for cell in chapter.cells:
        for output in cell.get("outputs", []):
            if MIME in output.get("data", {}):
                yield output["data"][MIME]


def _faults_of(payload: dict[str, Any]) -> Iterator[str]:
    name = f"exhibit {payload['number']} {payload['slug']}"
    needed = ("title", "subtitle", "alt") if payload["form"] == "figure" else ("title", "subtitle")
    for part in (*needed, *(["svg"] if payload["form"] == "figure" else [])):
        for lang in LANGUAGES:
            if not (payload.get(part) or {}).get(lang, "").strip():
                yield f"{name}: no {'alt text' if part == 'alt' else part} in {lang}"
    if not _ANCHOR.fullmatch(payload["anchor"]):
        yield f"{name}: the anchor {payload['anchor']!r} is not of letters, digits and hyphens"
    if payload["form"] == "table" and not payload["tables"]:
        yield f"{name}: a table exhibit without a table"
    if payload["standing"]["value"] not in STANDINGS:
        yield f"{name}: unknown standing {payload['standing']['value']!r}"


def _unknown_slugs(chapter: Chapter, known: set[str]) -> Iterator[str]:
    texts = [
        (cell["id"], cell["source"]) for cell in chapter.cells if cell["cell_type"] == "markdown"
    ]
    for payload in payloads_of(chapter):
        parts = [payload.get(part) or {} for part in ("text", "title", "subtitle", "alt")]
        texts += [(payload.get("slug", "prose"), text) for part in parts for text in part.values()]
    for place, text in texts:
        for slug in CROSS_REFERENCE.findall(text):
            if slug not in known and not is_code(slug):
                yield f"{chapter.name}, {place}: [[{slug}]] names no exhibit of this run"
