"""The audit made beside the pages, where this process can be copied: what draws pandas in stays in the copy."""

from __future__ import annotations

import sys
import threading
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from analysis.workbook.report.audit_view import told
from analysis.workbook.report.edition import Edition

Told = dict[str, Any]


@contextmanager
def audited(run_folder: Path, editions: list[Edition]) -> Iterator[list[Callable[[], Told]]]:
    """Yield for each edition a function that gives what its appendix says of the run's audit (`audit_view.told`).

    They wait for it and are asked once each, in the order of the editions. The audit is made in a copy of this process, unless
    other threads of ours are at work: a copy would find their locks closed for ever. What it raises is raised by who asks.
    """
    if sys.platform != "linux" or threading.active_count() > 1:
        ready = _told(run_folder, editions)
        yield [lambda: next(ready)] * len(editions)
        return
    fork = get_context("fork")
    here, there = fork.Pipe(duplex=False)
    copy = fork.Process(target=_send, args=(there, run_folder, editions))
    with warnings.catch_warnings():   # Python warns of the idle threads of numpy's linear algebra, which sees to itself on a fork
        warnings.simplefilter("ignore", DeprecationWarning)
        copy.start()
    there.close()
    try:
        yield [lambda: _received(here)] * len(editions)
    finally:
        copy.kill()   # it has sent all it had to say, or nobody waits for it any more
        copy.join()


def _told(run_folder: Path, editions: list[Edition]) -> Iterator[Told]:
    from analysis.workbook.audit.books import audit

    found = audit(run_folder.parents[1], run_folder)
    yield from (told(found, edition) for edition in editions)


def _send(there: Connection, run_folder: Path, editions: list[Edition]) -> None:
    try:
        for said in _told(run_folder, editions):
            there.send(said)
    except Exception as error:   # noqa: BLE001  whoever asks raises it
        error.add_note(traceback.format_exc())
        there.send(error)


def _received(here: Connection) -> Told:
    sent = here.recv()
    if isinstance(sent, Exception):
        raise sent
    return sent
