"""The two editions rendered at once, where this process can be copied for the second."""

from __future__ import annotations

import sys
import threading
import warnings
from multiprocessing import get_context
from multiprocessing.connection import Connection

from analysis.workbook.audit.books import Audit
from analysis.workbook.report.edition import Edition
from analysis.workbook.report.faults import ReportFault
from analysis.workbook.report.finished_run import FinishedRun
from analysis.workbook.report.page import render_page


def render_pages(run: FinishedRun, editions: list[Edition], audit: Audit) -> list[str]:
    """Return the pages of some editions, in their order, still without typeface; a `ReportFault` of any is raised here.

    The last is rendered in a copy of this process, which shares all that was read, unless other threads of ours are at
    work: a copy would find their locks closed for ever.
    """
    if sys.platform != "linux" or threading.active_count() > 1 or len(editions) < 2:
        return [render_page(run, edition, audit) for edition in editions]
    fork = get_context("fork")
    here, there = fork.Pipe(duplex=False)
    copy = fork.Process(target=_send, args=(there, run, editions[-1], audit))
    with warnings.catch_warnings():   # Python warns of the idle threads of numpy's linear algebra, which sees to itself on a fork
        warnings.simplefilter("ignore", DeprecationWarning)
        copy.start()
    there.close()
    try:
        pages = [render_page(run, edition, audit) for edition in editions[:-1]]
        page = here.recv()
    finally:
        copy.kill()   # it has sent its page, or nobody waits for it any more
        copy.join()
    if isinstance(page, ReportFault):
        raise page
    return [*pages, page]


def _send(there: Connection, run: FinishedRun, edition: Edition, audit: Audit) -> None:
    try:
        page: str | ReportFault = render_page(run, edition, audit)
    except ReportFault as fault:
        page = fault
    there.send(page)
