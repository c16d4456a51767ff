"""The words of a chapter: messages in Markdown, one file a language, read with their cases and
placeholders.

A message begins with ``## slug``, for a callout ``## slug · finding`` (or ``caveat``, ``method``).
Its text stands below; ``### name`` begins another wording of it, a case. An exhibit has a **title**
in bold, a subtitle, and ``> alternative text``; its cases may word some of the three differently. A
placeholder is ``{name:unit}``, or ``{name}`` for a noun of the group under study. ``{name:words}``
is filled by another message of the chapter, whose slug is the value; where that is None, by
nothing, and the blank before it goes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from workbook.output import LANGUAGES
from workbook.units import UNITS
from workbook.whole_files import Stamp, stamp_of

CALLOUTS = ("finding", "caveat", "method")
# the text without a heading; where a claim does not hold; where an exhibit cannot be shown
MAIN, OTHERWISE, LACK = "", "otherwise", "lack"
# in the place of a text cell, and after it
OTHER_GROUP, ALSO_OTHER_GROUP = "other-group", "also-other-group"
TITLE, SUBTITLE, ALT, TEXT = "title", "subtitle", "alt", "text"
PLACEHOLDER = re.compile(r"{([A-Za-z_][a-z0-9_]*)(?::([^{}\n]+))?}")
# units of values that are no numbers: glossary, municipalities, a message
IDENTIFIERS = {"term", "terms", "code", "words"}
_FORMULA = re.compile(r"\$\$.*?\$\$|\$[^$\n]*\$", re.DOTALL)  # TeX has braces of its own
# only a noun may begin a sentence
_VALUE_OR_NOUN = re.compile(r"{(?:[a-z_][a-z0-9_]*:[^{}\n]+|[A-Za-z_][a-z0-9_]*)}")
_SLUG = re.compile(r"[a-z][a-z0-9_-]*")
Parts = dict[str, str]


class WordsFault(ValueError):
    """The words of a chapter cannot be read, or do not fit what its notebook says; one line for
    each fault.
    """


@dataclass(frozen=True)
class Message:
    """What can be said under one slug: its parts, and those of each other case by name."""

    slug: str
    callout: str | None = None
    cases: Mapping[str, Parts] = field(default_factory=dict)

    @property
    def is_exhibit(self) -> bool:
        """Say whether it has the words of an exhibit."""
        return TITLE in self.cases.get(MAIN, {})

    def parts(self, case: str = MAIN) -> Parts:
        """Return the parts of a case; what it does not word itself is the main text's."""
        if case not in self.cases:
            raise WordsFault(
                f"{self.slug} has no case {case or 'without a heading'!r}; there are:"
                f" {', '.join(map(repr, self.cases))}"
            )
        own = self.cases[case]
        return own if TEXT in own else {**self.cases.get(MAIN, {}), **own}

    def placeholders(self) -> dict[str, str]:
        """Return the unit of every placeholder of any case by name, blank where it has none."""
        return {
            name: unit or ""
            for parts in self.cases.values()
            for text in parts.values()
            for name, unit in PLACEHOLDER.findall(text)
        }


def words_folder(root: Path) -> Path:
    """Return where a project keeps the words of its notebooks."""
    return root / "notebooks" / "words"


def words_file(root: Path, chapter: str, lang: str) -> Path:
    """Return the file of a chapter's words in one language."""
    return words_folder(root) / f"{chapter}.{lang}.md"


def read_words(path: Path) -> Mapping[str, Message]:
    """Return a file's messages by slug, in their order; `WordsFault` names every line that is at
    fault.
    """
    try:
        return _read(path, stamp_of(path))
    except FileNotFoundError:
        raise WordsFault(f"{path.name}: is missing; write the chapter's messages into it") from None


@lru_cache(maxsize=64)
def _read(path: Path, stamp: Stamp) -> Mapping[str, Message]:
    """Return what a file holds; ``stamp`` has an edited one read again."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as fault:
        raise WordsFault(
            f"{path.name}: byte {fault.start + 1} is not UTF-8; save the file as UTF-8"
        ) from None
    faults: list[str] = []
    messages: dict[str, Message] = {}
    for line, heading, body in _blocks(text, "## "):
        message = _message(heading, body, line, path.name, faults)
        if message.slug in messages:
            faults.append(
                f"{path.name}: line {line}: {message.slug} stands twice; keep one of the two"
            )
        messages[message.slug] = message
    if faults:
        raise WordsFault("\n".join(faults))
    return messages


def _blocks(text: str, mark: str, first: int = 1) -> Iterator[tuple[int, str, str]]:
    """Yield line, heading and body of each block that a mark begins; what stands before the first
    is left out.
    """
    heading, lines, at = None, list[str](), first
    for number, line in enumerate(text.splitlines(), first):
        if line.startswith(mark):
            if heading is not None:
                yield at, heading, "\n".join(lines)
            heading, lines, at = line.removeprefix(mark).strip(), [], number
        else:
            lines.append(line)
    if heading is not None:
        yield at, heading, "\n".join(lines)


def _message(heading: str, body: str, line: int, file: str, faults: list[str]) -> Message:
    slug, _, callout = (part.strip() for part in heading.partition("·"))
    if not _SLUG.fullmatch(slug):
        faults.append(
            f"{file}: line {line}: {slug!r} is no slug; use small letters, digits and hyphens"
        )
    if callout and callout not in CALLOUTS:
        faults.append(
            f"{file}: line {line}: unknown callout {callout!r}; write one of {', '.join(CALLOUTS)}"
        )
    cases = _cases(slug, body, line, file, faults)
    if not cases:
        faults.append(f"{file}: line {line}: {slug} has no text")
    for text in (text for parts in cases.values() for text in parts.values()):
        found = (*_brace_faults(text), *_unit_faults(text))
        faults += [f"{file}: line {line}: {slug}: {fault}" for fault in found]
    return Message(slug, callout or None, cases)


def _cases(
    slug: str, body: str, line: int, file: str, faults: list[str]
) -> dict[str, dict[str, str]]:
    main, *_ = re.split(r"^### ", body, maxsplit=1, flags=re.MULTILINE)
    cases = {MAIN: _parts(main)} if main.strip() else {}
    for number, name, own in _blocks(body, "### ", line + 1):
        if name in cases or not _SLUG.fullmatch(name) or not own.strip():
            faults.append(
                f"{file}: line {number}: the case {name!r} of {slug} is"
                f" {'there twice' if name in cases else 'no name' if own.strip() else 'empty'}"
            )
        cases[name] = _parts(own)
    return cases


def _brace_faults(text: str) -> Iterator[str]:
    bare = _VALUE_OR_NOUN.sub("", _FORMULA.sub("", text))
    for brace in re.findall(r"{[A-Z]\w*:[^{}]*}|{[^{}]*}?|}", bare):
        yield f"{brace!r} is no placeholder; write {{name:unit}}"


def _unit_faults(text: str) -> Iterator[str]:
    """Yield the placeholders whose unit nobody knows, and those that a text gives two: both would
    be written in one of them.
    """
    units: dict[str, str] = {}
    for name, unit in PLACEHOLDER.findall(text):
        if unit and unit not in UNITS | IDENTIFIERS:
            yield f"{name} has an unknown unit {unit!r}; they are listed in workbook/units.py"
        if units.setdefault(name, unit) != unit:
            yield (
                f"{name} has two units in one text, {units[name] or 'none'} and {unit or 'none'}; "
                "give the second another name"
            )


def _parts(body: str) -> Parts:
    """Return a text, or the parts of an exhibit: bold title, subtitle, quoted alternative text."""
    paragraphs = [_unwrapped(paragraph) for paragraph in re.split(r"\n\s*\n", body.strip())]
    titles = [p for p in paragraphs if re.fullmatch(r"\*\*(?:(?!\*\*).)+\*\*", p)]
    alts = [p for p in paragraphs if p.startswith("> ")]
    if not titles and not alts:
        return {TEXT: body.strip()}
    others = [p for p in paragraphs if p not in (*titles, *alts)]
    return {
        part: text
        for part, text in (
            (TITLE, " ".join(p[2:-2] for p in titles)),
            (SUBTITLE, " ".join(others)),
            (ALT, " ".join(p[2:] for p in alts)),
        )
        if text
    }


def _unwrapped(paragraph: str) -> str:
    """Return a paragraph on one line: a line break is a blank, none between Japanese letters."""
    joined = re.sub(
        r"(?<=[\u3000-\u9fff\uff00-\uffef])\n(?:> )?(?=[\u3000-\u9fff\uff00-\uffef])",
        "",
        paragraph.strip(),
    )
    return re.sub(r"\n(?:> )?", " ", joined)


@dataclass(frozen=True)
class Words:
    """A chapter's messages in every language."""

    chapter: str
    messages: Mapping[str, Mapping[str, Message]]  # by language, then slug

    @classmethod
    def of(cls, root: Path, chapter: str) -> Words:
        """Read the words of a chapter; `WordsFault` names what is wrong with any language."""
        read, faults = {}, []
        for lang in LANGUAGES:
            try:
                read[lang] = read_words(words_file(root, chapter, lang))
            except WordsFault as fault:
                faults.append(str(fault))
        if faults:
            raise WordsFault("\n".join(faults))
        return cls(chapter, read)

    def __getitem__(self, slug: str) -> dict[str, Message]:
        """Return a message in every language; one that is missing is refused with the file to write
        it into.
        """
        missing = [lang for lang in LANGUAGES if slug not in self.messages[lang]]
        if missing:
            raise WordsFault(
                "\n".join(
                    f"notebooks/words/{self.chapter}.{lang}.md: no message {slug!r}; write it there"
                    for lang in missing
                )
            )
        return {lang: self.messages[lang][slug] for lang in LANGUAGES}

    def disagreements(self) -> Iterator[str]:
        """Yield what one language has and another has not: a message, a callout, a case, a part, a
        placeholder.
        """
        first, *others = LANGUAGES
        for lang in others:
            here, there = self.messages[first], self.messages[lang]
            yield from (
                f"{slug}: in one language only" for slug in sorted(here.keys() ^ there.keys())
            )
            for slug in (slug for slug in here if slug in there):
                yield from (f"{slug}: {fault}" for fault in _differences(here[slug], there[slug]))


def _differences(here: Message, there: Message) -> Iterator[str]:
    if here.callout != there.callout:
        yield f"callout {here.callout} and {there.callout}"
    if set(here.cases) != set(there.cases):
        yield f"a case in one language only: {_listed(set(here.cases) ^ set(there.cases))}"
    for case in here.cases.keys() & there.cases.keys():
        if here.cases[case].keys() != there.cases[case].keys():
            yield (
                f"{case or 'main text'}:"
                f" {_listed(here.cases[case].keys() ^ there.cases[case].keys())} in one language"
                " only"
            )
    # a noun of the group may be a pronoun in one language, and a ratio may be a factor: names
    # count, units do not
    ours, theirs = (
        {name for name, unit in message.placeholders().items() if unit} for message in (here, there)
    )
    if ours != theirs:
        yield f"placeholders differ: {_listed(ours ^ theirs)}"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(name or "the main text" for name in names))


def case_of(
    message: Mapping[str, Message],
    holds: bool | None = None,
    case: Mapping[str, bool] | None = None,
) -> str:
    """Return the case that is said: the first whose condition holds, then ``otherwise`` where a
    claim does not hold.

    Else it is the text without a heading; where no claim is made, ``otherwise`` if there is one.
    Refused: a claim without another wording, wording without a condition, a case that no text has,
    and that none holds where nothing else is written.
    """
    any_language = next(iter(message.values()))
    known, slug = any_language.cases, any_language.slug
    if holds is None and case is None and OTHERWISE in known:
        raise WordsFault(f"{slug}: a claim with another wording needs `holds` or `case`")
    asked = {**(case or {}), **({} if holds is None else {OTHERWISE: not holds})}
    if unknown := [name for name in asked if name not in known]:
        raise WordsFault(
            f"{slug}: no text for the case {_listed(unknown)}; write it under ### {unknown[0]}"
        )
    said = next(
        (name for name, true in asked.items() if true),
        OTHERWISE if holds is None and OTHERWISE in known else MAIN,
    )
    if said not in known:
        raise WordsFault(
            f"{slug}: no case holds, and there is no text without a heading; write one"
        )
    return said
