"""The first screen as a Markdown file: the same words, for mail and for machines."""

from __future__ import annotations

from collections.abc import Iterator

from workbook.report.edition import Edition
from workbook.report.first_screen import Teller, interval_of
from workbook.report.imprint import Imprint
from workbook.summary import Sentence, Summary, Tile
from workbook.units import format_value


def summary_text(summary: Summary, teller: Teller, imprint: Imprint) -> str:
    """Return the summary of an edition; exhibits are named by number."""
    return "\n".join(_lines(summary, teller, imprint)).strip() + "\n"


def _lines(summary: Summary, teller: Teller, imprint: Imprint) -> Iterator[str]:
    edition = teller.edition
    yield from (f"# {edition.word('title')}", "")
    named = (
        ("authors", imprint.authors),
        ("date", imprint.date),
        ("cut_off", imprint.cut_off),
        ("version", imprint.version),
        ("status", edition.word("status_text")),
    )
    yield from (
        f"- {edition.word(key)}{edition.word('colon')}{text}" for key, text in named if text
    )
    yield from ("", _plain(summary.answer, teller), "")
    yield from (f"- {_tile(tile, teller)}" for tile in summary.tiles)
    if summary.advice:
        yield from ("", _plain(summary.advice, teller), "")
    for action in summary.actions:
        said = filter(None, (action.what, action.condition))
        between = " " if edition.lang == "en" else ""
        texts = between.join(_plain(sentence, teller) for sentence in said)
        yield f"- {action.who[edition.lang]}{edition.word('colon')}{texts}"
    for heading, sentences in (("also", summary.also), ("unknown", summary.unknown)):
        if sentences:
            yield from ("", f"## {edition.word(heading)}", "")
            yield from (f"- {_plain(sentence, teller)}" for sentence in sentences)
    yield from ("", imprint.cite)


def _plain(sentence: Sentence, teller: Teller) -> str:
    return teller.edition.plain(teller.text(sentence))


def _tile(tile: Tile, teller: Teller) -> str:
    edition: Edition = teller.edition
    value = format_value(tile.value, tile.unit, edition.lang)
    parts = [value, interval_of(tile, edition), edition.reference(tile.exhibit)]
    said = edition.word("and").join(filter(None, parts))
    return f"{_plain(tile.name, teller)}{edition.word('colon')}{said}"
