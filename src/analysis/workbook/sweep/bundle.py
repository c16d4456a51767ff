"""Everything that workers need of the project in one file, named by its bytes."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from analysis.notebook.syntax import SOURCES

LONG_AGO = (1980, 1, 1, 0, 0, 0)   # the earliest time a zip can hold: the same project gives the same bytes
KINDS = ("*.py", "*.yaml", "*.json", "*.j2", "*.css", "*.js", "*.csv", "*.bib")


@dataclass(frozen=True)
class Bundle:
    """A zip of sources, notebooks, tables and parameters; ``name`` is made of its sha256."""

    name: str
    content: bytes


def bundle_of(root: Path, local: bool, sources: Path = SOURCES) -> Bundle:
    """Return the bundle of a project; a researcher's own tables in ``data/local`` are in it only when ``local`` says so."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, path in sorted(_files(root, local, sources)):
            archive.writestr(zipfile.ZipInfo(name, LONG_AGO), path.read_bytes(), zipfile.ZIP_DEFLATED)
    return Bundle(hashlib.sha256(buffer.getvalue()).hexdigest()[:16], buffer.getvalue())


def _files(root: Path, local: bool, sources: Path) -> Iterator[tuple[str, Path]]:
    yield "params.yaml", root / "params.yaml"
    yield from ((f"notebooks/{path.name}", path) for path in (root / "notebooks").glob("*.ipynb"))
    for path in (root / "data").rglob("*"):
        name = path.relative_to(root).as_posix()
        if path.is_file() and path.suffix in (".csv", ".json") and (local or not name.startswith("data/local/")):
            yield name, path
    for kind in KINDS:
        yield from ((f"src/{path.relative_to(sources).as_posix()}", path) for path in (sources / "analysis").rglob(kind))
