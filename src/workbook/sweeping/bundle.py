"""Everything that workers need of the project in one file, named by its bytes."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from workbook.notebook.outputs import without_outputs
from workbook.staleness.syntax import SOURCES
from workbook.study import study
from workbook.whole_files import mode_behind
from workbook.words.messages import words_folder

# the earliest time a zip can hold: the same project gives the same bytes
LONG_AGO = (1980, 1, 1, 0, 0, 0)
LOCAL = "data/local/"
OWN = ("workbook", "office_tables")  # the packages of the workbook
NAMES_THE_STUDY = '[tool.workbook]\nstudy = "{}"\n'
KINDS = ("*.py", "*.yaml", "*.json", "*.j2", "*.css", "*.js", "*.csv", "*.bib")


@dataclass(frozen=True)
class Bundle:
    """A zip of the study's package and the workbook's, of notebooks, tables and parameters;
    ``name`` comes from its sha256.

    ``mode`` is that of what is made from it: the strictest of the researcher's own tables in it.
    """

    name: str
    content: bytes
    mode: int


def bundle_of(root: Path, local: bool) -> Bundle:
    """Return the bundle of a project; a researcher's own tables in ``data/local`` are in it only
    when ``local`` says so.
    """
    buffer, files = io.BytesIO(), sorted(_files(root, local))
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (_project_file(), *((name, _content(path)) for name, path in files)):
            archive.writestr(zipfile.ZipInfo(name, LONG_AGO), content, zipfile.ZIP_DEFLATED)
    mode = mode_behind(path for name, path in files if name.startswith(LOCAL))
    return Bundle(hashlib.sha256(buffer.getvalue()).hexdigest()[:16], buffer.getvalue(), mode)


def _project_file() -> tuple[str, str]:
    """What names the study to a worker, who may have installed another one."""
    return "pyproject.toml", NAMES_THE_STUDY.format(study().package)


def _content(path: Path) -> str | bytes:
    """Return what goes out of a file: what a notebook shows, perhaps own figures, does not."""
    if path.suffix == ".ipynb":
        return without_outputs(path.read_text(encoding="utf-8"))
    return path.read_bytes()


def _files(root: Path, local: bool) -> Iterator[tuple[str, Path]]:
    yield "params.yaml", root / "params.yaml"
    yield from ((f"notebooks/{path.name}", path) for path in (root / "notebooks").glob("*.ipynb"))
    yield from ((f"notebooks/words/{path.name}", path) for path in words_folder(root).glob("*.md"))
    for path in (root / "data").rglob("*"):
        name = path.relative_to(root).as_posix()
        wanted = path.is_file() and path.suffix in (".csv", ".json")
        if wanted and (local or not name.startswith(LOCAL)):
            yield name, path
    yield from _sources()


def _sources() -> Iterator[tuple[str, Path]]:
    """Yield the files of the study's package, wherever it is, and of the workbook's."""
    places = ((study().sources, study().package.split(".")[0]), *((SOURCES, own) for own in OWN))
    for folder, package in places:
        for kind in KINDS:
            for path in (folder / package).rglob(kind):
                yield f"src/{path.relative_to(folder).as_posix()}", path
