"""The glossary: a term opens its meaning where a chapter first uses it, without a script.

Each meaning stands once, in the part of the page that lists them; a term in the text is a button
that shows it as a popover.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from re import Pattern

from markupsafe import Markup, escape

from workbook.report.edition import has_japanese
from workbook.report.part import Part, View
from workbook.report.shell import templates
from workbook.words.definitions import Definition, definitions

ANCHOR = "terms"
_SECTION = re.compile(r'(?=<section class="(?:chapter|summary|questions)\b)')
_EXPLAINED = ('<section class="chapter" ', '<section class="summary" ')
_TEXT = re.compile(r'<(p|li)(?: class="(?:subtitle|answer)")?>(.*?)(?=</\1>)', re.DOTALL)
_TAG = re.compile(r"(<[^>]*>)")
# whose texts are no place for a button
_APART = re.compile(r"<(/?)(?:a|button|code|math|svg|select|label|summary|h[1-6])\b")
# a line may be broken next to a button, but not between it and these
_OPENING = re.compile(r"(?:&quot;|&#34;|[\"（「『“‘(\[])*$")
_CLOSING = re.compile(r"(?:&#39;s)?(?:&quot;|&#34;|[\"、。・，．：；？！）」』”’),.;:?!\]])*")
_LOWER = str.maketrans({chr(code): chr(code + 32) for code in range(65, 91)})
_END = "\0"
Span = tuple[int, int]


def terms_of(view: View) -> tuple[Definition, ...]:
    """Return the terms that a study explains, as the readers of an edition see them."""
    return definitions(view.run.folder.parents[1], view.edition.group, view.edition.lang)


def terms_part(view: View) -> Part | None:
    """Return the part that lists the terms, None where a study explains none."""
    terms, edition = terms_of(view), view.edition
    if not terms:
        return None
    context = {"terms": terms, "word": edition.word, "edition": edition}
    html = templates().get_template("terms.html.j2").render(context)
    return Part(ANCHOR, edition.word("terms_question"), Markup(html))


def anchor_of(term: Definition) -> str:
    """Return the id of what a term means."""
    return f"term-{term.slug}"


def with_terms(page: str, terms: Sequence[Definition]) -> str:
    """Return a page whose chapters, and whose summary, open each term where they first use it.

    Headings, charts, tables, links and code stay as they are.
    """
    every = [(term, str(escape(text))) for term in terms for text in term.spellings]
    every.sort(key=lambda one: len(one[1]), reverse=True)  # "net present value" before its parts
    spelt = [(term, _spelling(text)) for term, text in every]
    return "".join(
        _with_terms(section, spelt) if section.startswith(_EXPLAINED) else section
        for section in _SECTION.split(page)
    )


def _spelling(text: str) -> Pattern[str]:
    """Return what finds a spelling: in letters with gaps between words, only whole words."""
    whole = "" if has_japanese(text) else r"(?![\w-])"
    return re.compile(re.escape(text.translate(_LOWER)) + whole)


def _with_terms(section: str, spelt: Sequence[tuple[Definition, Pattern[str]]]) -> str:
    places = [*_places(section), (len(section), len(section))]
    text = _END.join(section[start:end] for start, end in places)
    found = _first_uses(text.translate(_LOWER), spelt)
    for (start, end), term in sorted(found.items(), reverse=True):
        text = _opening(text, (start, end), term)
    parts, at = [], 0
    for (start, end), own in zip(places, text.split(_END), strict=True):
        parts += [section[at:start], own]
        at = end
    return "".join(parts) + section[at:]


def _places(section: str) -> Iterator[Span]:
    """Yield where texts stand that may hold a term."""
    for block in _TEXT.finditer(section):
        at, apart = block.start(2), 0
        for piece in _TAG.split(block[2]):
            if mark := _APART.match(piece):
                apart += -1 if mark[1] else 1
            elif piece and not piece.startswith("<") and not apart:
                yield at, at + len(piece)
            at += len(piece)


def _first_uses(
    text: str, spelt: Sequence[tuple[Definition, Pattern[str]]]
) -> dict[Span, Definition]:
    """Return where each term is first used; within the longer of two terms the shorter is not."""
    uses: dict[str, tuple[Span, Definition]] = {}
    for term, pattern in spelt:
        taken = [span for span, _ in uses.values()]
        spans = (found.span() for found in pattern.finditer(text) if _begins(text, found.start()))
        free = (span for span in spans if not any(a < span[1] and span[0] < b for a, b in taken))
        first = next(free, None)
        if first and (term.slug not in uses or first < uses[term.slug][0]):
            uses[term.slug] = (first, term)
    return dict(uses.values())


def _begins(text: str, at: int) -> bool:
    """Say whether a word may begin here: not within one of Latin letters."""
    before = text[at - 1 : at]
    inside = before.isascii() and (before.isalnum() or before == "-")
    return not (inside and text[at].isascii() and text[at].isalnum())


def _opening(text: str, use: Span, term: Definition) -> str:
    """Return a text with a button where a term is used, kept on one line with its punctuation."""
    start, end = use
    before, after = _OPENING.search(text[:start]), _CLOSING.match(text, end)
    first, last = (before.start() if before else start), (after.end() if after else end)
    button = (
        f'<button type="button" class="term" popovertarget="{anchor_of(term)}">'
        f"{text[start:end]}</button>"
    )
    if (first, last) != use:
        button = f'<span class="kept">{text[first:start]}{button}{text[end:last]}</span>'
    return text[:first] + button + text[last:]
