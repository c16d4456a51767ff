"""The report on paper: a tagged PDF made by Chromium, where there is one."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from workbook.report.faults import ReportFault

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
LONGEST_SECONDS = 120
# a link into another file would carry the path of the machine that printed it
_INTO_FILES = re.compile(r' href="(?!#|https?:)[^"]*"')


def browser() -> str | None:
    """Return the Chromium to print with: the one that CHROMIUM names, or one that is installed."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def printed(page: str, chromium: str) -> bytes:
    """Return a page as PDF, tagged and with an outline of its headings.

    A `ReportFault` says what Chromium complains about where it fails.
    """
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
