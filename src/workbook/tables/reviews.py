"""By when each table of the data package is to be looked at again (``data/reviews.yaml``).

A study may do without; where it has the file, every published table has a date.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbook.tables.data_package import DataPackage

FILE = Path("data", "reviews.yaml")
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
ENTRY = {"by", "look_for", "tables"}


@dataclass(frozen=True, order=True)
class Review:
    """A table to be looked at by the end of a month (``YYYY-MM``), and what to look for."""

    by: str
    table: str
    look_for: str

    def overdue(self, today: dt.date) -> bool:
        """Say whether its month is over.

        >>> review = Review("2027-03", "rain", "a newer edition")
        >>> review.overdue(dt.date(2027, 3, 31)), review.overdue(dt.date(2027, 4, 1))
        (False, True)
        """
        return f"{today:%Y-%m}" > self.by


def overdue(root: Path, today: dt.date) -> list[Review]:
    """Return the tables that should have been looked at, the latest ones first.

    Raises `ValueError` with every fault of the file.
    """
    if faults := list(review_faults(root)):
        raise ValueError("\n".join(faults))
    return sorted(review for review in _reviews(_entries(root)) if review.overdue(today))


def review_faults(root: Path) -> Iterator[str]:
    """Yield what is wrong with the dates, and each published table that has none."""
    if not (root / FILE).is_file():
        return
    try:
        entries = _entries(root)
    except ValueError as fault:
        yield f"{FILE.as_posix()}: {fault}"
        return
    resources = DataPackage(root).resources
    published = [name for name, resource in resources.items() if not resource.get("local")]
    dated = Counter(review.table for review in _reviews(entries))
    for name in published:
        if name not in dated:
            yield f"{FILE.as_posix()}: {name} has no date by which it is looked at again: add it"
    for name, times in dated.items():
        if name not in published:
            yield f"{FILE.as_posix()}: data/datapackage.json publishes no table {name!r}"
        elif times > 1:
            yield f"{FILE.as_posix()}: {name} stands there {times} times: leave one date"


def _entries(root: Path) -> list[dict[str, Any]]:
    """Return the entries of the file; `ValueError` says which is none."""
    import yaml

    try:
        entries = yaml.safe_load((root / FILE).read_text(encoding="utf-8"))
    except yaml.YAMLError as fault:
        raise ValueError(f"no YAML: {' '.join(str(fault).split())}") from None
    for place, entry in enumerate(entries if isinstance(entries, list) else [entries], 1):
        if not isinstance(entry, dict) or set(entry) != ENTRY:
            raise ValueError(f"entry {place}: it has `by`, `look_for` and `tables`, and no more")
        if not MONTH.fullmatch(str(entry["by"])):
            raise ValueError(f"entry {place}: by: {entry['by']}: a month, as 2027-03")
    return entries


def _reviews(entries: list[dict[str, Any]]) -> Iterator[Review]:
    for entry in entries:
        for table in entry["tables"]:
            yield Review(str(entry["by"]), table, entry["look_for"])
