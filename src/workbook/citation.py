"""What CITATION.cff says of a study: the imprint and a run's provenance name its authors alike."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

FILE = "CITATION.cff"


def citation_of(root: Path) -> dict[str, Any]:
    """Return what CITATION.cff says of the study, nothing where there is none."""
    path = root / FILE
    if not path.is_file():
        return {}
    import yaml

    return dict(yaml.safe_load(path.read_text(encoding="utf-8")) or {})


def name_of(author: Mapping[str, str]) -> str:
    """Return an author's name: a person's given and family name, an organisation's own.

    >>> name_of({"given-names": "Ada", "family-names": "Lovelace"}), name_of({"name": "A bureau"})
    ('Ada Lovelace', 'A bureau')
    """
    person = " ".join(filter(None, (author.get("given-names"), author.get("family-names"))))
    return author.get("name") or person
