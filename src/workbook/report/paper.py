"""The report on paper: a tagged PDF made by Chromium, where there is one, with page numbers in its
contents.

Chromium does not know on which page a link's target will stand (``target-counter``). So the report
is printed, the pages are read from the PDF, written into the contents, and it is printed again.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from workbook.report.faults import ReportFault

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
LONGEST_SECONDS = 120
_KEPT = re.compile(r'(data-page-of="([^"]+)">)\d*')  # for the page of an entry of the contents
# a link into another file would carry the path of the machine that printed it
_INTO_FILES = re.compile(r' href="(?!#|https?:)[^"]*"')


def browser() -> str | None:
    """Return the Chromium to print with: the one that CHROMIUM names, or one that is installed."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def printed(page: str, chromium: str) -> bytes:
    """Return a page as PDF, tagged, with an outline of its headings and the pages of its contents.

    A `ReportFault` says what Chromium complains about where it fails, and that the numbers moved
    what they number: a wrong one would be worse than none.
    """
    if not _KEPT.search(page):
        return _printed(page, chromium)
    pages = pages_of(_printed(numbered(page, {}), chromium))
    paper = _printed(numbered(page, pages), chromium)
    if pages_of(paper) != pages:
        raise ReportFault("the contents on paper: their page numbers move the pages they name")
    return paper


def numbered(page: str, pages: Mapping[str, int]) -> str:
    """Return a page with page numbers in its contents; one that is not known yet takes as much
    room.

    >>> numbered('<span data-page-of="a"></span>', {"a": 7})
    '<span data-page-of="a">7</span>'
    """
    return _KEPT.sub(lambda found: f"{found[1]}{pages.get(found[2], 99)}", page)


def pages_of(paper: bytes) -> dict[str, int]:
    """Return the page, from 1, of everything that a link in a PDF leads to, by its id."""
    from pypdf import PdfReader  # a second to import, which only paper needs

    reader = PdfReader(io.BytesIO(paper))
    return {
        name.removeprefix("/"): number + 1
        for name, place in reader.named_destinations.items()
        if (number := reader.get_destination_page_number(place)) is not None
    }


def _printed(page: str, chromium: str) -> bytes:
    with TemporaryDirectory() as folder:
        source, target = Path(folder, "report.html"), Path(folder, "report.pdf")
        source.write_text(_INTO_FILES.sub("", page), encoding="utf-8")
        asked = [
            chromium,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            f"--user-data-dir={folder}/profile",
            "--no-pdf-header-footer",
            "--generate-pdf-document-outline",
            f"--print-to-pdf={target}",
            source.as_uri(),
        ]
        try:
            subprocess.run(asked, check=True, capture_output=True, timeout=LONGEST_SECONDS)
            return target.read_bytes()
        except (OSError, subprocess.SubprocessError) as fault:
            raise ReportFault(f"{chromium} did not print the report: {fault}") from None
