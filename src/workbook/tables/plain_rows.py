"""The rows of a CSV file as texts, for who must not wait for pandas."""

from __future__ import annotations

import csv
from pathlib import Path


def plain_rows(path: Path) -> list[dict[str, str]]:
    """Return each row of a table as texts by column, as they are written; a byte order mark, which
    a spreadsheet puts first, is no part of them.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "rain.csv"
    ...     _ = path.write_text("day,mm\\r\\n1,0.50\\r\\n", encoding="utf-8-sig")
    ...     plain_rows(path)
    [{'day': '1', 'mm': '0.50'}]
    """
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))
