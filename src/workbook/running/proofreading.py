"""The words of a chapter for proofreading: both languages side by side, and what needs attention.

A message that changed in one language only since both were last read together is marked, and so is
a case that no run shows.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbook.output import LANGUAGES, shown_in
from workbook.running.finished_step import EXECUTED
from workbook.steps import Step
from workbook.whole_files import digest_of, json_text, write_whole
from workbook.words.messages import Message, Words, words_folder
from workbook.words.spoken import calls_of

READ_TOGETHER = "read_together.json"


@dataclass(frozen=True)
class Reading:
    """One message: its text in every language, the language in which alone it changed, the cases
    that no run has shown.
    """

    chapter: str
    slug: str
    messages: dict[str, Message]
    changed_alone: str
    new: bool
    never_shown: tuple[str, ...]


def readings(root: Path, steps: Iterable[Step]) -> Iterator[Reading]:
    """Yield every message of some chapters, in the order of the files."""
    read = _read_together(root)
    for step in steps:
        words, shown = Words.of(root, step.name), _shown(root, step)
        # what fills another message or goes into a table is said by no cell, and seen in no run
        said = {slug for slug, _ in shown} | (_said_by_cells(root, step) if shown else set())
        for slug in words.messages[LANGUAGES[0]]:
            before = read.get(step.name, {}).get(slug)
            cases = {case for own, case in shown if own == slug} if slug in said else None
            yield _reading(step, slug, words[slug], before, cases)


def _reading(
    step: Step,
    slug: str,
    message: dict[str, Message],
    before: dict[str, str] | None,
    shown: set[str] | None,
) -> Reading:
    now = _digests(message)
    changed = [lang for lang in LANGUAGES if before and before.get(lang) != now[lang]]
    cases = message[LANGUAGES[0]].cases if shown is not None else ()
    never = tuple(case for case in cases if case not in (shown or ()))
    return Reading(
        step.name, slug, message, changed[0] if len(changed) == 1 else "", before is None, never
    )


def _digests(message: dict[str, Message]) -> dict[str, str]:
    return {lang: digest_of(dict(own.cases)) for lang, own in message.items()}


def _shown(root: Path, step: Step) -> set[tuple[str, str]]:
    """Return slug and case of everything that a run of the project has shown of a chapter."""
    found: set[tuple[str, str]] = set()
    for path in (root / "runs").glob(f"*/{EXECUTED}/{step.name}.ipynb"):
        found |= {(payload["slug"], payload["case"]) for _, payload in shown_in(path)}
    return found


def _said_by_cells(root: Path, step: Step) -> set[str]:
    """Return the messages that a cell of the notebook says, whether or not a run came to it."""
    path = root / "notebooks" / f"{step.name}.ipynb"
    if not path.exists():
        return set()
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return {call.slug for call in calls_of(cells) if call.slug and call.kind != "reason"}


def mark_read(root: Path, found: Iterable[Reading]) -> list[str]:
    """Note that these messages were read in both languages as they stand, and return their
    names.
    """
    read, names = _read_together(root), []
    for reading in found:
        read.setdefault(reading.chapter, {})[reading.slug] = _digests(reading.messages)
        names.append(f"{reading.chapter} {reading.slug}")
    ordered = {
        chapter: dict(sorted(messages.items())) for chapter, messages in sorted(read.items())
    }
    write_whole(words_folder(root) / READ_TOGETHER, json_text(ordered))
    return names


def _read_together(root: Path) -> dict[str, dict[str, dict[str, str]]]:
    path = words_folder(root) / READ_TOGETHER
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def lines_of(reading: Reading) -> Iterator[str]:
    """Yield a reading as a terminal shows it."""
    yield f"{reading.chapter} {reading.slug}{_marks(reading)}"
    cases = reading.messages[LANGUAGES[0]].cases
    for case in cases:
        yield from (
            [f"  [{case}]{' never shown' if case in reading.never_shown else ''}"] if case else []
        )
        for lang in LANGUAGES:
            parts: dict[str, Any] = reading.messages[lang].cases.get(case, {})
            yield from (f"  {lang}  {' '.join(text.split())}" for text in parts.values())
    yield ""


def _marks(reading: Reading) -> str:
    marks = [
        f"changed in {reading.changed_alone} only" if reading.changed_alone else "",
        "not read together yet" if reading.new else "",
        "main text never shown" if "" in reading.never_shown else "",
    ]
    return "".join(f"  <- {mark}" for mark in marks if mark)
