"""The record of origin that intake leaves with a local table: where it is, and what it says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from workbook.whole_files import checksum


def origin_path(table: Path) -> Path:
    """Return where the record of a local table lies.

    >>> origin_path(Path("data/local/ict_cost.csv")).as_posix()
    'data/local/ict_cost.origin.json'
    """
    return table.with_suffix(".origin.json")


def origin_record(table: Path) -> dict[str, Any]:
    """Return the record of a local table, nothing where there is none or it cannot be read."""
    try:
        return json.loads(origin_path(table).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def unit_settled_by_hand(table: Path) -> set[str]:
    """Return the fields of a local table whose unit was named at intake; none once the table has
    been changed by hand.
    """
    try:
        record = origin_record(table)
        return (
            set(record["decided_by_hand"]["units"])
            if record["sha256"] == checksum(table)
            else set()
        )
    except (OSError, ValueError, KeyError, TypeError):
        return set()
