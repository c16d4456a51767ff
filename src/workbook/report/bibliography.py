"""The works that a report cites: read from one BibTeX file, named in the text, listed at its
end.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from workbook.report.exhibits import payloads_of
from workbook.report.faults import ReportFault, require_none

if TYPE_CHECKING:
    from pybtex.database import Entry

    from workbook.report.finished_run import FinishedRun

_KEY = r"@[a-z]+[0-9]{4}[a-z]?"
CITATION = re.compile(rf"\[({_KEY}(?:;\s*{_KEY})*)\]")
_NEEDED = {
    "article": "journal",
    "book": "publisher",
    "incollection": "booktitle",
    "inproceedings": "booktitle",
    "techreport": "institution",
    "misc": "howpublished",
}


@dataclass(frozen=True)
class Work:
    """One work: how the text names it (``Littlechild & Owen 1973``) and how the list describes
    it.
    """

    key: str
    label: str
    entry: Markup

    @property
    def anchor(self) -> str:
        """The id of the work in the list."""
        return f"work-{self.key}"


def keys_in(text: str) -> Iterator[str]:
    """Yield the keys that a text cites.

    >>> list(keys_in("shared alike [@shapley1953; @owen1972], not [[forms]]"))
    ['shapley1953', 'owen1972']
    """
    for cited in CITATION.findall(text):
        yield from (key.strip().removeprefix("@") for key in cited.split(";"))


def cited_works(run: FinishedRun, file: Path) -> dict[str, Work]:
    """Return the works that a run's prose cites, by key, in the order of the list (first author,
    year).

    Refused, all at once: a key that the file lacks, an entry without author, title, year or place
    of publication.
    """
    places = {
        key: f"{chapter.name}, {place}"
        for chapter in run.chapters
        for place, text in _texts(chapter)
        for key in keys_in(text)
    }
    if not places:
        return {}
    if not file.exists():
        raise ReportFault(
            f"{file.parent.name}/{file.name} is missing, and these cite works:"
            f" {', '.join(places.values())}"
        )
    works = works_of(file.read_text(encoding="utf-8"), places)
    require_none(
        f"{place}: [@{key}] names no work of {file.name}"
        for key, place in places.items()
        if key not in works
    )
    return works


def _texts(chapter: object) -> Iterator[tuple[str, str]]:
    yield from (
        (cell["id"], cell["source"]) for cell in chapter.cells if cell["cell_type"] == "markdown"
    )
    yield from (
        ("prose", text)
        for payload in payloads_of(chapter)
        for text in (payload.get("text") or {}).values()
    )


def works_of(bibtex: str, cited: Container[str] | None = None) -> dict[str, Work]:
    r"""Return the works of a BibTeX text by key, sorted as a list of references is: all, or those
    that are cited.

    >>> names = r"author={Gini, Corrado}, title={Variabilit{\`a}}, publisher={Cuppini}"
    >>> works_of(f"@book{{gini1912, {names}, year=1912}}")["gini1912"]
    ... # doctest: +NORMALIZE_WHITESPACE
    Work(key='gini1912', label='Gini 1912',
         entry=Markup('Gini, C. (1912). <cite>Variabilità</cite>. Cuppini.'))
    """
    from pybtex.database import BibliographyDataError, parse_string
    from pybtex.scanner import PybtexSyntaxError

    try:
        entries = parse_string(bibtex, "bibtex").entries
    except (PybtexSyntaxError, BibliographyDataError) as fault:
        raise ReportFault(f"references.bib: {fault}") from None
    require_none(fault for key, entry in entries.items() for fault in _faults_of(key, entry))
    works = [
        Work(key, _label(entry), _described(entry))
        for key, entry in entries.items()
        if cited is None or key in cited
    ]
    return {work.key: work for work in sorted(works, key=lambda work: work.label.lower())}


def _faults_of(key: str, entry: Entry) -> Iterator[str]:
    if entry.type not in _NEEDED:
        yield f"references.bib: {key} is of the unknown kind {entry.type!r}"
    for field in ("title", "year", *([_NEEDED[entry.type]] if entry.type in _NEEDED else [])):
        if not entry.fields.get(field, "").strip():
            yield f"references.bib: {key} has no {field}"
    if not entry.persons.get("author"):
        yield f"references.bib: {key} has no author"
    if not re.fullmatch(_KEY, f"@{key}"):
        yield f"references.bib: the key {key!r} is not a name and a year in small letters"


def _label(entry: Entry) -> str:
    names = [
        plain(" ".join([*person.prelast_names, *person.last_names]))
        for person in entry.persons["author"]
    ]
    who = f"{names[0]} et al." if len(names) > 2 else " & ".join(names)
    return f"{who} {entry.fields['year']}"


def _described(entry: Entry) -> Markup:
    """Return an entry of the list: authors (year). Title. Journal or book, volume(number), pages.
    Publisher.
    """
    field = {name: plain(value) for name, value in entry.fields.items()}
    people = [_person(person) for person in entry.persons["author"]]
    authors = people[0] if len(people) == 1 else f"{', '.join(people[:-1])} & {people[-1]}"
    own = (
        Markup("<cite>{}</cite>").format
        if entry.type in ("book", "techreport", "misc")
        else Markup("{}").format
    )
    parts = [Markup("{} ({}).").format(authors, field["year"]), own(field["title"]) + "."]
    if host := field.get("journal") or field.get("booktitle"):
        numbered = f" {field['volume']}" if "volume" in field else ""
        numbered += f"({field['number']})" if "number" in field else ""
        pages = f", {field['pages']}" if "pages" in field else ""
        parts.append(
            Markup("{}<cite>{}</cite>{}{}.").format(
                "" if "journal" in field else "In ", host, numbered, pages
            )
        )
    edition = f"{field['edition']} ed. " if "edition" in field else ""
    publisher = field.get("publisher") or field.get("institution") or field.get("howpublished")
    if publisher and publisher != authors:
        parts.append(Markup("{}{}.").format(edition, publisher))
    return Markup(" ").join(parts)


def _person(person: object) -> str:
    family = plain(" ".join([*person.prelast_names, *person.last_names]))
    given = " ".join(f"{plain(name)[0]}." for name in [*person.first_names, *person.middle_names])
    return f"{family}, {given}" if given else family


def plain(tex: str) -> str:
    r"""Return a BibTeX field as plain text: accents as letters, no braces, dashes for ranges.

    >>> plain(r"{SMAA-2}: G{\'o}mez \& Neto, 16--37")
    'SMAA-2: Gómez & Neto, 16–37'
    """
    from pybtex.richtext import Text

    return str(Text.from_latex(tex))
