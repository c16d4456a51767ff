"""Publishing: both editions, each with its annex, are built in full before any file is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from workbook.output import LANGUAGES
from workbook.report.audit_view import tell_audit
from workbook.report.bibliography import cited_works
from workbook.report.edition import Edition
from workbook.report.exhibits import exhibits_of
from workbook.report.faults import ReportFault
from workbook.report.finished_run import read_finished_run
from workbook.running.copies import beside
from workbook.tables.openness import mode_of_run
from workbook.whole_files import write_together
from workbook.words.messages import Message, WordsFault, read_words

BIBLIOGRAPHY = Path("docs", "references.bib")


def build(
    run_folder: Path, source_notebooks: Path | None = None, bibliography: Path | None = None
) -> dict[str, Path]:
    """Build the report of a finished run and return its files by language.

    Reads ``notebooks/*.ipynb`` (executed), ``manifest.json``, ``results.json`` and ``params.yaml``
    of ``runs/<id>``; writes ``report/index.html`` (Japanese) and ``report/en.html`` with an annex
    each, every file self-contained and the same bytes for the same run. With ``source_notebooks``
    the prose comes from that folder. Works are looked up in ``bibliography``, by default the
    study's own ``docs/references.bib``; the annex holds the audit of the run. A `ReportFault` names
    all faults of a kind; then nothing is written.
    """
    run_folder = Path(run_folder)
    run = read_finished_run(run_folder, source_notebooks)
    exhibits = exhibits_of(run)
    own = own_words(source_notebooks or run_folder.parents[1] / "notebooks")
    editions = [Edition(lang, exhibits, own=own, group=run.group) for lang in LANGUAGES]
    # which does without works and without what draws a page
    with beside(partial(tell_audit, run, editions)) as audited:
        from workbook.report.page import render_pages

        works = cited_works(run, bibliography or run_folder.parents[1] / BIBLIOGRAPHY)
        try:
            pages = render_pages(
                run, [replace(edition, works=works) for edition in editions], audited
            )
        except WordsFault as fault:  # the summary's words, which no notebook says
            raise ReportFault(str(fault)) from None
    names = [name for edition in editions for name in (edition.file, edition.annex)]
    paths = [run_folder / "report" / name for name in names]
    write_together(dict(zip(paths, pages, strict=True)), mode_of_run(run_folder))
    return {edition.lang: run_folder / "report" / edition.file for edition in editions}


def own_words(notebooks: Path) -> dict[str, Mapping[str, Message]]:
    """Return what a study calls its report and says ahead of it, by language; a study may do
    without.
    """
    files = {lang: notebooks / "words" / f"report.{lang}.md" for lang in LANGUAGES}
    return {lang: read_words(path) for lang, path in files.items() if path.exists()}
