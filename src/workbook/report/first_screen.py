"""The first screen: what the study says of a run in its summary, filled, escaped and linked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markupsafe import Markup

from workbook.report.edition import Edition
from workbook.report.exhibit_view import Standing, standing_view
from workbook.report.facts import facts_of
from workbook.report.finished_run import Chapter, FinishedRun
from workbook.report.members import members_view
from workbook.report.svg import embedded_svg
from workbook.study import study
from workbook.summary import WORDS as FILE
from workbook.summary import Action, Sentence, Summary, Tile
from workbook.units import format_range, format_value
from workbook.words.filling import filled
from workbook.words.messages import (
    MAIN,
    OTHER_GROUP,
    SUBTITLE,
    TEXT,
    TITLE,
    Message,
    Words,
    WordsFault,
    words_file,
)

QUESTION = "contents-"  # how the messages begin by which the contents name a chapter


@dataclass(frozen=True)
class ShownTile:
    """A tile as the template takes it; ``link`` leads to the exhibit that shows the number."""

    name: Markup
    value: str
    interval: str
    standing: Standing
    link: Markup


@dataclass(frozen=True)
class ShownAction:
    """A line of who should do what by when, on which condition."""

    who: Markup
    what: Markup
    condition: Markup


@dataclass(frozen=True)
class Choice:
    """The members whose pages the report has, to be chosen from: what is chosen, its exhibit, and
    the address and name of each page.
    """

    choose: Markup
    exhibit: str
    pages: tuple[tuple[str, Markup], ...]


@dataclass(frozen=True)
class FirstScreen:
    """The summary as the template takes it; a part that a run has nothing for is empty."""

    answer: Markup
    tiles: tuple[ShownTile, ...]
    picture: Markup
    picture_title: Markup
    picture_note: Markup
    choice: Choice | None
    doors: tuple[Markup, ...]
    advice: Markup
    actions: tuple[ShownAction, ...]
    also: tuple[Markup, ...]
    unknown: tuple[Markup, ...]


class Teller:
    """The words of the summary in an edition, filled for the group that was studied."""

    def __init__(self, root: Path, edition: Edition) -> None:
        self.edition = edition
        there = all(words_file(root, FILE, lang).is_file() for lang in ("ja", "en"))
        self.messages: Mapping[str, Message] = (
            Words.of(root, FILE).messages[edition.lang] if there else {}
        )

    def says(self, slug: str) -> bool:
        """Say whether the study has such a message."""
        return slug in self.messages

    def text(self, sentence: Sentence, part: str = TEXT) -> str:
        """Return a message filled, by default its text; cross-references are still in it."""
        edition = self.edition
        if not self.says(sentence.slug):
            file = f"notebooks/words/{FILE}.{edition.lang}.md"
            raise WordsFault(f"{file}: no message {sentence.slug!r}; write it there")
        message = self.messages[sentence.slug]
        case = sentence.case or MAIN
        if not sentence.case and OTHER_GROUP in message.cases and not edition.group.is_whole:
            case = OTHER_GROUP
        try:
            text = message.parts(case)[part]
            return filled(text, dict(sentence.values), edition.lang, {}, edition.group)
        except WordsFault as fault:
            place = f"notebooks/words/{FILE}.{edition.lang}.md: {sentence.slug}"
            raise WordsFault(f"{place}: {fault}") from None

    def shown(self, sentence: Sentence, part: str = TEXT) -> Markup:
        """Return a message as HTML, its cross-references as links."""
        return self.edition.linked(self.text(sentence, part))


def summary_of(run: FinishedRun, teller: Teller) -> Summary | None:
    """Return what the study says of a run, None where it has no words or not enough facts."""
    return study().summary.of(facts_of(run)) if teller.messages else None


def first_screen(summary: Summary, teller: Teller) -> FirstScreen:
    """Return the first screen of an edition."""
    return FirstScreen(
        teller.shown(summary.answer),
        tuple(_tile(tile, teller) for tile in summary.tiles),
        *_picture(summary.picture, teller),
        _choice(teller.edition),
        tuple(_doors(summary.doors, teller)),
        teller.shown(summary.advice) if summary.advice else Markup(),
        tuple(_action(action, teller) for action in summary.actions),
        tuple(map(teller.shown, summary.also)),
        tuple(map(teller.shown, summary.unknown)),
    )


def _tile(tile: Tile, teller: Teller) -> ShownTile:
    edition = teller.edition
    return ShownTile(
        teller.shown(tile.name),
        format_value(tile.value, tile.unit, edition.lang),
        interval_of(tile, edition),
        standing_view(tile.standing, edition),
        edition.link(tile.exhibit),
    )


def interval_of(tile: Tile, edition: Edition) -> str:
    """Return the interval of a tile and what it is of; none where both ends are written alike."""
    ends = {format_value(end, tile.unit, edition.lang) for end in (tile.low, tile.high)}
    if None in (tile.low, tile.high) or len(ends) == 1:
        return ""
    interval = format_range(tile.low, tile.high, tile.unit, edition.lang)
    return interval + edition.word("of_what", kind=edition.term(f"interval_{tile.interval}"))


def _picture(slug: str, teller: Teller) -> tuple[Markup, Markup, Markup]:
    """Return the picture of an exhibit, its title as a link to it, and its subtitle."""
    edition = teller.edition
    payload: Mapping[str, Any] | None = edition.exhibits.by_slug(slug) if slug else None
    if payload is None or payload["form"] != "figure":
        return Markup(), Markup(), Markup()
    alt = edition.plain(edition.chosen(payload["alt"]))
    svg = embedded_svg(payload["svg"][edition.lang], f"first-{slug}", alt, edition.lang)
    title = Markup('<a href="#{}">{}</a>').format(
        payload["anchor"], edition.plain(edition.chosen(payload[TITLE]))
    )
    return Markup(svg), title, edition.linked(edition.chosen(payload[SUBTITLE]))


def _choice(edition: Edition) -> Choice | None:
    """Return the members to choose from, None where the run has no page for each."""
    for payload in edition.exhibits.payloads:
        if view := members_view(payload, edition):
            pages = tuple((page.anchor, page.name) for page in view.pages)
            return Choice(view.choose, payload["anchor"], pages)
    return None


def _doors(names: tuple[str, ...], teller: Teller) -> Iterator[Markup]:
    """Yield chapters as links by the question that each answers; one that has not run is left
    out.
    """
    held = {chapter.name[3:]: chapter for chapter in teller.edition.exhibits.chapter_of.values()}
    for name in names:
        if name in held:
            yield Markup('<a href="#{}">{}</a>').format(
                held[name].anchor, teller.shown(Sentence(question_of(held[name])))
            )


def question_of(chapter: Chapter) -> str:
    """Return the message by which the contents name a chapter."""
    return f"{QUESTION}{chapter.name[3:].replace('_', '-')}"


def _action(action: Action, teller: Teller) -> ShownAction:
    return ShownAction(
        teller.edition.marked(action.who.get(teller.edition.lang, "")),
        teller.shown(action.what),
        teller.shown(action.condition) if action.condition else Markup(),
    )
