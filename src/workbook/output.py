"""What an exhibit's output is called, the languages it holds, and how what a notebook shows is
found: known without what draws it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

MIME = "application/vnd.analysis.exhibit+json"
LANGUAGES = ("ja", "en")


def outputs_of(notebook: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], dict[str, Any]]]:
    """Yield cell and output of everything of the workbook's own that a notebook shows."""
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            if MIME in output.get("data", {}):
                yield cell, output


def shown_in(path: Path) -> Iterator[tuple[Mapping[str, Any], dict[str, Any]]]:
    """Yield cell and payload of everything of the workbook's own that a notebook file shows."""
    for cell, output in outputs_of(json.loads(path.read_text(encoding="utf-8"))):
        yield cell, output["data"][MIME]
