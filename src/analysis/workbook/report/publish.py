"""Publishing: both editions are built in full before either is written."""

from __future__ import annotations

from pathlib import Path

from analysis.notebook.exhibits import LANGUAGES
from analysis.notebook.whole_files import write_whole
from analysis.workbook.report.edition import Edition
from analysis.workbook.report.exhibits import exhibits_of
from analysis.workbook.report.finished_run import read_finished_run
from analysis.workbook.report.page import render_page


def build(run_folder: Path, source_notebooks: Path | None = None) -> dict[str, Path]:
    """Build the report of a finished run and return its files by language.

    Reads ``notebooks/*.ipynb`` (executed), ``manifest.json``, ``results.json`` and ``params.yaml`` of ``runs/<id>``; writes
    ``report/index.html`` (Japanese) and ``report/en.html``, each self-contained and the same bytes for the same run. With
    ``source_notebooks`` the prose comes from that folder. A `ReportFault` names all faults of a kind; then nothing is written.
    """
    run = read_finished_run(Path(run_folder), source_notebooks)
    exhibits = exhibits_of(run)
    pages = {edition.file: render_page(run, edition) for edition in (Edition(lang, exhibits) for lang in LANGUAGES)}
    paths = {name: Path(run_folder) / "report" / name for name in pages}
    for name, page in pages.items():
        write_whole(paths[name], page)
    return dict(zip(LANGUAGES, paths.values(), strict=True))
