"""The record of origin that intake leaves beside a local table: where it lies, and what it says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def origin_path(table: Path) -> Path:
    """Return where the record of a local table lies.

    >>> origin_path(Path("data/local/ict_cost.csv")).as_posix()
    'data/local/ict_cost.origin.json'
    """
    return table.with_suffix(".origin.json")


def origin_record(table: Path) -> dict[str, Any]:
    """Return the record beside a local table, nothing where there is none or it cannot be read."""
    try:
        return json.loads(origin_path(table).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
