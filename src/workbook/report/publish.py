"""Publishing: both editions, each with its annex, are built in full before any file is written."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from workbook.output import LANGUAGES
from workbook.report.audit_view import tell_audit
from workbook.report.bibliography import cited_works
from workbook.report.edition import Edition
from workbook.report.exhibits import exhibits_of
from workbook.report.faults import ReportFault
from workbook.report.files import PDF, TABLES, paper_of, spreadsheet_of
from workbook.report.finished_run import FinishedRun, read_finished_run
from workbook.report.imprint import imprint_of
from workbook.report.inputs import inputs_of
from workbook.report.paper import browser, printed
from workbook.report.tables_file import tables_file
from workbook.running.copies import beside
from workbook.tables.openness import mode_of_run
from workbook.whole_files import write_together
from workbook.words.messages import Message, WordsFault, read_words

BIBLIOGRAPHY = Path("docs", "references.bib")


def build(
    run_folder: Path,
    source_notebooks: Path | None = None,
    bibliography: Path | None = None,
    also: Collection[str] = (),
) -> dict[str, Path]:
    """Build the report of a finished run and return its files by language.

    Reads ``notebooks/*.ipynb`` (executed), ``manifest.json``, ``results.json`` and ``params.yaml``
    of ``runs/<id>``; writes ``report/index.html`` (Japanese) and ``report/en.html`` with an annex
    each, every file self-contained and the same bytes for the same run. With ``source_notebooks``
    the prose comes from that folder. Works are looked up in ``bibliography``, by default the
    study's own ``docs/references.bib``; the annex holds the audit of the run. A `ReportFault` names
    all faults of a kind; then nothing is written. Beside them stands the summary as Markdown, and,
    where ``also`` asks for them, the report as PDF (`PDF`) and its tables as a spreadsheet
    (`TABLES`); without a Chromium a PDF is refused.
    """
    run_folder, chromium = Path(run_folder), browser()
    if PDF in also and not chromium:
        raise ReportFault("no Chromium to print with: install one, or name it in CHROMIUM")
    run = read_finished_run(run_folder, source_notebooks)
    exhibits = exhibits_of(run)
    own = own_words(source_notebooks or run_folder.parents[1] / "notebooks")
    inputs = inputs_of(run)
    editions = [
        Edition(lang, exhibits, own=own, group=run.group, evidence=inputs.evidence)
        for lang in LANGUAGES
    ]
    # which does without works and without what draws a page
    with beside(partial(tell_audit, run, inputs, editions)) as audited:
        from workbook.report.page import render_pages

        works = cited_works(run, bibliography or run_folder.parents[1] / BIBLIOGRAPHY)
        editions = [replace(edition, works=works) for edition in editions]
        try:
            pages = render_pages(run, inputs, editions, audited, also)
            files = {**_pages(editions, pages), **_summaries(run, editions)}
        except WordsFault as fault:  # the summary's words, which no notebook says
            raise ReportFault(str(fault)) from None
    files |= _beside(run, editions, files, also, chromium or "")
    folder = run_folder / "report"
    write_together({folder / name: text for name, text in files.items()}, mode_of_run(run_folder))
    for name in {of(edition) for of in (paper_of, spreadsheet_of) for edition in editions}:
        if name not in files:  # one of an earlier report would say something else
            (folder / name).unlink(missing_ok=True)
    return {edition.lang: folder / edition.file for edition in editions}


def _pages(editions: list[Edition], pages: list[str]) -> dict[str, str | bytes]:
    names = [name for edition in editions for name in (edition.file, edition.annex)]
    return dict(zip(names, pages, strict=True))


def _summaries(run: FinishedRun, editions: list[Edition]) -> dict[str, str | bytes]:
    """Return the summary of each edition as Markdown, none where the run has none."""
    from workbook.report.first_screen import Teller, summary_of
    from workbook.report.summary_file import summary_text

    found: dict[str, str | bytes] = {}
    for edition in editions:
        teller = Teller(run.folder.parents[1], edition)
        if summary := summary_of(run, teller):
            text = summary_text(summary, teller, imprint_of(run, edition))
            found[f"summary.{edition.lang}.md"] = text
    return found


def _beside(
    run: FinishedRun,
    editions: list[Edition],
    pages: Mapping[str, str | bytes],
    also: Collection[str],
    chromium: str,
) -> dict[str, str | bytes]:
    """Return what was asked for beside the pages."""
    found: dict[str, str | bytes] = {}
    for edition in editions:
        if PDF in also:
            found[paper_of(edition)] = printed(str(pages[edition.file]), chromium)
        if TABLES in also:
            found[spreadsheet_of(edition)] = tables_file(edition, imprint_of(run, edition))
    return found


def own_words(notebooks: Path) -> dict[str, Mapping[str, Message]]:
    """Return what a study calls its report and says ahead of it, by language; a study may do
    without.
    """
    files = {lang: notebooks / "words" / f"report.{lang}.md" for lang in LANGUAGES}
    return {lang: read_words(path) for lang, path in files.items() if path.exists()}
