"""Publishing: both editions are built in full before either is written."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

from workbook.output import LANGUAGES
from workbook.report.audit_view import tell_audit
from workbook.report.bibliography import cited_works
from workbook.report.edition import Edition
from workbook.report.exhibits import exhibits_of
from workbook.report.finished_run import read_finished_run
from workbook.running.copies import beside
from workbook.tables.openness import mode_of_run
from workbook.whole_files import write_together

BIBLIOGRAPHY = Path("docs", "references.bib")


def build(
    run_folder: Path, source_notebooks: Path | None = None, bibliography: Path | None = None
) -> dict[str, Path]:
    """Build the report of a finished run and return its files by language.

    Reads ``notebooks/*.ipynb`` (executed), ``manifest.json``, ``results.json`` and ``params.yaml``
    of ``runs/<id>``; writes ``report/index.html`` (Japanese) and ``report/en.html``, each
    self-contained and the same bytes for the same run. With ``source_notebooks`` the prose comes
    from that folder. Works are looked up in ``bibliography``, by default the study's own
    ``docs/references.bib``; the appendix holds the audit of the run. A `ReportFault` names all
    faults of a kind; then nothing is written.
    """
    run_folder = Path(run_folder)
    run = read_finished_run(run_folder, source_notebooks)
    exhibits = exhibits_of(run)
    editions = [Edition(lang, exhibits, group=run.group) for lang in LANGUAGES]
    # which does without works and without what draws a page
    with beside(partial(tell_audit, run_folder, editions)) as audited:
        from workbook.report.page import render_pages

        works = cited_works(run, bibliography or run_folder.parents[1] / BIBLIOGRAPHY)
        pages = render_pages(run, [replace(edition, works=works) for edition in editions], audited)
    paths = [run_folder / "report" / edition.file for edition in editions]
    write_together(dict(zip(paths, pages, strict=True)), mode_of_run(run_folder))
    return dict(zip(LANGUAGES, paths, strict=True))
