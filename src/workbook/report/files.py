"""The files of a report, and links from one into the other."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from re import Match

from workbook.report.edition import Edition

_LINK = re.compile(r'(<a [^>]*href=")#([^"]*)"')
_ID = re.compile(r'\sid="([^"]*)"')


@dataclass(frozen=True)
class File:
    """A file that stands beside the report, by what a reader calls it; ``lang`` where it is in the
    other language.
    """

    file: str
    name: str
    lang: str = ""


PDF, TABLES = "pdf", "tables"  # what is written beside the pages where it is asked for


def paper_of(edition: Edition) -> str:
    """Return the file name of an edition on paper."""
    return f"report.{edition.lang}.pdf"


def spreadsheet_of(edition: Edition) -> str:
    """Return the file name of an edition's tables."""
    return f"tables.{edition.lang}.xlsx"


def files_of(edition: Edition, beside: Collection[str] = ()) -> list[File]:
    """Return the files of a report as the head of each names them."""
    return [
        File(edition.file, edition.word("report")),
        File(edition.annex, edition.word("annex")),
        *([File(paper_of(edition), edition.word("pdf"))] if PDF in beside else []),
        *([File(spreadsheet_of(edition), edition.word("spreadsheet"))] if TABLES in beside else []),
        File(edition.word("other_file"), edition.word("other_language"), edition.other),
    ]


def linked_across(pages: Mapping[str, str]) -> list[str]:
    """Return pages, by file, with links to an id of another page leading into its file.

    A link to an id that no page has stays as it is, and is refused with the page.

    >>> linked_across({"a.html": '<a href="#x">1</a>', "b.html": '<p id="x">2</p>'})[0]
    '<a href="b.html#x">1</a>'
    """
    ids = {file: set(_ID.findall(text)) for file, text in pages.items()}
    return [_linked(file, text, ids) for file, text in pages.items()]


def _linked(file: str, text: str, ids: Mapping[str, set[str]]) -> str:
    def put(found: Match[str]) -> str:
        holders = [other for other in ids if found[2] in ids[other]]
        if found[2] in ids[file] or not holders:
            return found[0]
        return f'{found[1]}{holders[0]}#{found[2]}"'

    return _LINK.sub(put, text)
