"""A finished run as the report reads it: executed notebooks, manifest, headline results,
parameters.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workbook.choices import values_of
from workbook.groups import Group
from workbook.output import MIME
from workbook.report.cells import INJECTED, Cell, read_cells, tags_of
from workbook.report.faults import require_none
from workbook.staleness.keys import said_by
from workbook.study import study
from workbook.words.text_cells import as_read

CHECKSUM_DIGITS = 12


@dataclass(frozen=True)
class Chapter:
    """One executed notebook, by its file name without suffix (``04_procurement``)."""

    name: str
    cells: list[Cell]

    @property
    def anchor(self) -> str:
        """The id of the chapter in the page."""
        return f"chapter-{self.name.replace('_', '-')}"

    @property
    def behind(self) -> str:
        """The id of what stands behind the chapter in the annex."""
        return f"behind-{self.name.replace('_', '-')}"

    def finding(self, place: int) -> str:
        """Return the id of a finding by its place in the chapter, from 1."""
        return f"finding-{self.name.replace('_', '-')}-{place}"

    def with_cells(self, cells: list[Cell]) -> Chapter:
        """Return the chapter with other cells."""
        return Chapter(self.name, cells)


@dataclass(frozen=True)
class FinishedRun:
    """Everything the report shows, read once for both editions; ``checksums`` are those of its
    record files.
    """

    name: str
    chapters: tuple[Chapter, ...]
    manifest: dict[str, Any]
    results: list[dict[str, Any]]
    parameters: dict[str, Any]
    checksums: dict[str, str]
    group: Group = field(default_factory=lambda: study().groups.whole)
    folder: Path = Path()

    @property
    def commit(self) -> str:
        """The commit the run was made from, short; ``+changes`` where files differed from it."""
        commit, plus, changes = str(self.manifest.get("commit") or "").partition("+")
        return commit[:CHECKSUM_DIGITS] + plus + changes


def read_finished_run(folder: Path, source_notebooks: Path | None = None) -> FinishedRun:
    """Return a run's records with its chapters in the order of their numbers.

    With ``source_notebooks`` the prose is taken from there, so that a changed sentence needs no new
    run. Refused, all at once: records that are missing, cells that raised, a source notebook whose
    code cells are not those that ran.
    """
    records = {name: folder / name for name in ("manifest.json", "results.json", "params.yaml")}
    paths = sorted((folder / "notebooks").glob("*.ipynb"))
    require_none(
        [f"{folder.name}: {name} is missing" for name, path in records.items() if not path.exists()]
        + ([] if paths else [f"{folder.name}: notebooks/ holds no executed notebook"])
    )
    chapters = tuple(Chapter(path.stem, read_cells(path)) for path in paths)
    require_none(fault for chapter in chapters for fault in _errors(chapter))
    if source_notebooks is not None:
        chapters = _in_the_words_of(chapters, source_notebooks)
    group = _group_of(chapters)
    if source_notebooks is not None:  # a run's own notebooks have been written for its readers
        root = source_notebooks.parent
        chapters = tuple(_as_read_by(chapter, group, root) for chapter in chapters)
    read = {name: path.read_bytes() for name, path in records.items()}
    checksums = {
        name: hashlib.sha256(read[name]).hexdigest()[:CHECKSUM_DIGITS]
        for name in ("params.yaml", "results.json")
    }
    return FinishedRun(
        folder.name,
        chapters,
        json.loads(read["manifest.json"]),
        json.loads(read["results.json"]),
        values_of(read["params.yaml"].decode("utf-8"), f"runs/{folder.name}/params.yaml"),
        checksums,
        group,
        folder,
    )


def _in_the_words_of(chapters: tuple[Chapter, ...], sources: Path) -> tuple[Chapter, ...]:
    """Return the chapters with the prose of their source notebooks, whose code must be what ran."""
    require_none(fault for chapter in chapters for fault in _code_faults(chapter, sources))
    return tuple(_with_prose_of(chapter, sources / f"{chapter.name}.ipynb") for chapter in chapters)


def _group_of(chapters: tuple[Chapter, ...]) -> Group:
    """Return the municipalities that the run studied: what it showed says so where they are not the
    whole.
    """
    shown = (
        output.get("data", {}).get(MIME, {})
        for chapter in chapters
        for cell in chapter.cells
        for output in cell.get("outputs", [])
    )
    told = next((payload["group"] for payload in shown if "group" in payload), None)
    groups = study().groups
    return groups.of_record(told) if told else groups.whole


def _as_read_by(chapter: Chapter, group: Group, root: Path) -> Chapter:
    """Return the chapter with its text cells as a reader of this group is to see them."""
    return chapter.with_cells(as_read(chapter.cells, chapter.name, group, root))


def _errors(chapter: Chapter) -> list[str]:
    return [
        f"{chapter.name}, cell {cell['id']}: {output['ename']}: {output['evalue']}"
        for cell in chapter.cells
        for output in cell.get("outputs", [])
        if output["output_type"] == "error"
    ]


def _code_faults(chapter: Chapter, sources: Path) -> list[str]:
    """Return why a source notebook's prose cannot stand around the results of the cells that
    ran.
    """
    source = sources / f"{chapter.name}.ipynb"
    if not source.exists():
        return [f"{chapter.name}: the notebook {source.name} is missing beside the run"]
    now, ran = (said_by(cells) for cells in (read_cells(source), _ran(chapter)))
    names = [name for name in {**ran, **now} if now.get(name) != ran.get(name)]
    # what a cell is called does not matter, what it does and when does
    if list(now.values()) == list(ran.values()):
        return []
    return [
        f"{chapter.name}: the notebook's code cells are not those that ran "
        f"({', '.join(names) or 'their order'}); run it again"
    ]


def _ran(chapter: Chapter) -> list[Cell]:
    """Return the code cells that the source notebook had when it ran."""
    return [
        cell
        for cell in chapter.cells
        if cell["cell_type"] == "code" and INJECTED not in tags_of(cell)
    ]


def _with_prose_of(chapter: Chapter, source: Path) -> Chapter:
    """Return the chapter with the source's text cells around the code cells that ran, matched in
    their order.
    """
    following = iter(_ran(chapter))
    cells = [
        next(following) if cell["cell_type"] == "code" else cell for cell in read_cells(source)
    ]
    for injected in (cell for cell in chapter.cells if INJECTED in tags_of(cell)):
        cells.insert(_place_of_injected(cells), injected)
    return chapter.with_cells(cells)


def _place_of_injected(cells: list[Cell]) -> int:
    return 1 + next((i for i, cell in enumerate(cells) if "parameters" in tags_of(cell)), -1)
