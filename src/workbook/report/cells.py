"""A notebook's cells as the report reads them: plain JSON, which nbformat would take half a second
to import and to copy.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

INJECTED = "injected-parameters"

Cell = dict[str, Any]


def read_cells(notebook: Path) -> list[Cell]:
    """Return the cells of a notebook, the source of each in one piece."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return [{**cell, "source": "".join(cell["source"])} for cell in cells]


def tags_of(cell: Cell) -> list[str]:
    """Return a cell's tags."""
    return cell["metadata"].get("tags", [])


def code_anchor(notebook: str, cell: str) -> str:
    """Return the id of a code cell in the page.

    >>> code_anchor("04_procurement", "show-levers")
    'code-04-procurement-show-levers'
    """
    return f"code-{notebook.replace('_', '-')}-{cell}"
