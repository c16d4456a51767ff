"""The terms that the report explains: how its texts write each, what it means, and an example.

They stand in ``notebooks/words/terms.*.md``, one message a term: in bold its spellings, divided by
`` / ``, the first being its name; then what it means; quoted, an example.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from workbook.groups import Group
from workbook.output import LANGUAGES
from workbook.words.messages import (
    ALT,
    SUBTITLE,
    TITLE,
    Message,
    Words,
    WordsFault,
    read_words,
    words_file,
)
from workbook.words.nouns import told

FILE, DIVIDES = "terms", " / "
PARTS = {TITLE: "name in bold", SUBTITLE: "meaning", ALT: "example, quoted"}


@dataclass(frozen=True)
class Definition:
    """A term as the readers of one language see it; its name is the first of its spellings."""

    slug: str
    spellings: tuple[str, ...]
    meaning: str
    example: str

    @property
    def name(self) -> str:
        """What the term is called."""
        return self.spellings[0]


def definitions(root: Path, group: Group, lang: str) -> tuple[Definition, ...]:
    """Return the terms of a study in their order, none where it explains none."""
    path = words_file(root, FILE, lang)
    messages = read_words(path).values() if path.is_file() else ()
    return tuple(_definition(message, group, lang) for message in messages)


def _definition(message: Message, group: Group, lang: str) -> Definition:
    name, meaning, example = (told(message.parts()[part], group, lang) for part in PARTS)
    return Definition(message.slug, tuple(name.split(DIVIDES)), meaning, example)


def definition_faults(root: Path) -> Iterator[str]:
    """Yield what a term lacks, what one language alone explains, and a spelling of two terms."""
    if not any(words_file(root, FILE, lang).is_file() for lang in LANGUAGES):
        return
    try:
        words = Words.of(root, FILE)
    except WordsFault as fault:
        yield from str(fault).splitlines()
        return
    yield from (f"notebooks/words/{FILE}: {fault}" for fault in words.disagreements())
    for lang, messages in words.messages.items():
        for lack in (*_lacking(messages), *_shared(messages)):
            yield f"notebooks/words/{FILE}.{lang}.md: {lack}"


def _lacking(messages: Mapping[str, Message]) -> Iterator[str]:
    for slug, message in messages.items():
        for part, called in PARTS.items():
            if part not in message.parts():
                yield f"{slug}: no {called}; write it there"


def _shared(messages: Mapping[str, Message]) -> Iterator[str]:
    spelt = Counter(
        spelling
        for message in messages.values()
        for spelling in set(message.parts().get(TITLE, "").split(DIVIDES))
    )
    for spelling, count in spelt.items():
        if count > 1:
            yield f"{spelling!r} is a spelling of {count} terms; keep it with one of them"
