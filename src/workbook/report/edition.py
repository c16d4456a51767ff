"""One language's edition of the report: its words, its cross-references, and which text is in the
other language.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup, escape

from workbook import units
from workbook.groups import Group
from workbook.report.bibliography import Work
from workbook.report.exhibits import CROSS_REFERENCE, Exhibits
from workbook.report.words import WORDS
from workbook.steps import exhibit_number
from workbook.study import study
from workbook.words.binding import is_code
from workbook.words.messages import MAIN, OTHER_GROUP, PLACEHOLDER, TEXT, Message
from workbook.words.nouns import in_language, told

_LETTERS = r"\u3001-\u3007\u300a-\u30ff\u3400-\u9fff\uf900-\ufaff\uff01-\uff9f"
JAPANESE = re.compile(rf"[{_LETTERS}](?:[{_LETTERS}\u3000\s\d]*[{_LETTERS}])?")
_ENGLISH_PHRASE = re.compile(r"[a-z]{3,} [A-Za-z]{2,}|[A-Za-z]{2,} [a-z]{3,}")


def has_japanese(text: str) -> bool:
    """Say whether a text holds Japanese letters.

    >>> has_japanese("Mito 水戸"), has_japanese("Mito –")
    (True, False)
    """
    return bool(JAPANESE.search(text))


@dataclass(frozen=True)
class Edition:
    """The report in ``lang`` (``ja`` or ``en``), with the works it cites by key and the
    study's ``own`` words by language; ``evidence`` is the id of each row of evidence by its code.
    """

    lang: str
    exhibits: Exhibits
    works: dict[str, Work] = field(default_factory=dict)
    own: Mapping[str, Mapping[str, Message]] = field(default_factory=dict)
    group: Group = field(default_factory=lambda: study().groups.whole)
    evidence: Mapping[str, str] = field(default_factory=dict)

    @property
    def other(self) -> str:
        """The other edition's language."""
        return {"ja": "en", "en": "ja"}[self.lang]

    @property
    def file(self) -> str:
        """The file name of this edition; the Japanese one is what a folder opens with."""
        return {"ja": "index.html", "en": "en.html"}[self.lang]

    @property
    def annex(self) -> str:
        """The file name of this edition's annex."""
        return f"annex.{self.lang}.html"

    def word(self, key: str, **values: Any) -> str:
        """Return one of the report's own words, filled, as the group under study reads it; the
        study's own stand before the workbook's.
        """
        message = self.own.get(self.lang, {}).get(key.replace("_", "-"))
        if message is None:
            return WORDS[self.lang][key].format(package=study().package, **values)
        other = OTHER_GROUP in message.cases and not self.group.is_whole
        text = told(message.parts(OTHER_GROUP if other else MAIN)[TEXT], self.group, self.lang)
        return PLACEHOLDER.sub(r"{\1}", text).format(**values)

    def term(self, identifier: str) -> str:
        """Return the glossary's term for an identifier, or the identifier itself."""
        return (
            in_language(identifier, self.group, self.lang)
            if identifier in study().glossary
            else identifier
        )

    def chosen(self, texts: dict[str, str] | str | None) -> str:
        """Return a text in this language; one that exists in a single language stays as it is."""
        return texts.get(self.lang) or "" if isinstance(texts, dict) else texts or ""

    def source(self, texts: dict[str, str] | str | None) -> str:
        """Return the name of a source, its day or month as this language writes it."""
        return units.with_dates_written(self.chosen(texts), self.lang)

    def reference(self, slug: str) -> str:
        """Return how running text names an exhibit or a row of evidence, without a link (for alt
        texts and contents).
        """
        if is_code(slug):
            return slug
        held = self.exhibits.by_slug(slug)
        return self.word("reference", number=held["number"] if held else exhibit_number(slug))

    def plain(self, text: str) -> str:
        """Return a text with its cross-references written out."""
        return CROSS_REFERENCE.sub(lambda match: self.reference(match[1]), text)

    def link(self, slug: str) -> Markup:
        """Return a link to an exhibit or to a row of evidence; one that is not there is named
        alone.
        """
        if slug in self.evidence:
            return Markup('<a href="#{}">{}</a>').format(self.evidence[slug], slug)
        held = self.exhibits.by_slug(slug)
        return (
            Markup('<a href="#{}">{}</a>').format(held["anchor"], self.reference(slug))
            if held
            else self.marked(self.reference(slug))
        )

    def citation(self, keys: list[str]) -> Markup:
        """Return works as running text names them, each linked to its place in the bibliography."""
        named = [
            Markup('<a href="#{}">{}</a>').format(self.works[key].anchor, self.works[key].label)
            for key in keys
        ]
        language = Markup() if self.lang == "en" else Markup(' lang="en"')
        return Markup('<span class="citation"{}>{}{}{}</span>').format(
            language, self.word("open"), Markup("; ").join(named), self.word("close")
        )

    def linked(self, text: str) -> Markup:
        """Return a plain text as HTML, escaped, with its cross-references as links."""
        slugs = CROSS_REFERENCE.findall(text)
        between = CROSS_REFERENCE.sub("\0", text).split("\0")
        links = [self.link(slug) for slug in slugs] + [Markup()]
        return Markup().join(
            part for pair in zip(map(self.marked, between), links, strict=True) for part in pair
        )

    def marked(self, text: object) -> Markup:
        """Return a text as HTML, escaped, with what is in the other language marked so for screen
        readers.
        """
        written = str(text)
        if self.lang == "en":
            return Markup(
                JAPANESE.sub(
                    lambda match: f'<span lang="ja">{match[0]}</span>', str(escape(written))
                )
            )
        if not has_japanese(written) and _ENGLISH_PHRASE.search(written):
            return Markup('<span lang="en">{}</span>').format(written)
        return escape(written)
