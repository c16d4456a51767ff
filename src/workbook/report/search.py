"""What the search of the page looks through: titles, findings, terms and members, each with its
address.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from workbook.output import LANGUAGES
from workbook.report.arrangement import findings_of
from workbook.report.edition import Edition
from workbook.report.finished_run import Chapter, FinishedRun
from workbook.report.members import members_view
from workbook.report.terms import anchor_of
from workbook.words.definitions import Definition

_MARKS = re.compile(r"[*`$]|\s*\[@[^\]]*\]")  # of Markdown, which nobody looks for


@dataclass(frozen=True)
class Found:
    """Something to be found: what it is, what it says, where it stands."""

    kind: str
    text: str
    address: str


def search_index(
    run: FinishedRun, edition: Edition, titles: Sequence[str], terms: Sequence[Definition]
) -> Markup:
    """Return everything that can be found, as JSON that may stand in HTML: rows of kind, text and
    address. ``titles`` are those of the run's chapters.
    """
    rows = [[found.kind, found.text, found.address] for found in _all(run, edition, titles, terms)]
    text = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c"))


def _all(
    run: FinishedRun, edition: Edition, titles: Sequence[str], terms: Sequence[Definition]
) -> Iterator[Found]:
    for chapter, title in zip(run.chapters, titles, strict=True):
        yield Found("", title, f"#{chapter.anchor}")
        yield from _exhibits(chapter, edition)
        yield from _findings(chapter, edition)
    for term in terms:
        text = f"{term.name}{edition.word('colon')}{term.meaning}"
        yield Found(edition.word("term_kind"), text, f"#{anchor_of(term)}")
    yield from _members(edition)


def _exhibits(chapter: Chapter, edition: Edition) -> Iterator[Found]:
    for payload in edition.exhibits.of_chapter(chapter):
        file = edition.annex if payload.get("annex") else ""
        title = edition.plain(edition.chosen(payload["title"]))
        kind = edition.word("exhibit", number=payload["number"])
        yield Found(kind, title, f"{file}#{payload['anchor']}")


def _findings(chapter: Chapter, edition: Edition) -> Iterator[Found]:
    for place, payload in enumerate(findings_of(chapter.cells), 1):
        text = _MARKS.sub("", edition.plain(payload["text"][edition.lang]))
        yield Found(edition.word("finding"), text, f"#{chapter.finding(place)}")


def _members(edition: Edition) -> Iterator[Found]:
    """Yield the page of each member; a name is found in either language."""
    for payload in edition.exhibits.payloads:
        if view := members_view(payload, edition):
            for page in view.pages:
                names = _names(payload, page.code)
                text = " ".join(dict.fromkeys((names[edition.lang], names[edition.other])))
                yield Found(edition.word("page_kind"), text, f"#{page.anchor}")


def _names(payload: dict[str, Any], code: str) -> dict[str, str]:
    """Return what a member is called in every language."""
    columns = payload["tables"][0]["columns"]
    members = next(one for one in columns if one["name"] == payload["pages"]["member"])
    return dict((members.get("labels") or {}).get(code, dict.fromkeys(LANGUAGES, code)))
