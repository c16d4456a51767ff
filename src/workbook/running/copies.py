"""Work done next to other work, in a child process where one can be forked; what it imports stays
in the child.
"""

from __future__ import annotations

import sys
import threading
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import current_process, get_all_start_methods, get_context
from multiprocessing.connection import Connection
from typing import Any, TypeVar

Made = TypeVar("Made")


def may_be_copied() -> bool:
    """Say whether this process can be copied: on Linux, and not where it may not have children."""
    forks = sys.platform == "linux" and "fork" in get_all_start_methods()
    return forks and not current_process().daemon


@contextmanager
def beside(work: Callable[[], Made], despite_threads: bool = False) -> Iterator[Callable[[], Made]]:
    """Yield a function that waits for what ``work`` returns and gives it; it is asked once.

    The work is done in a copy of this process, unless other threads of ours are at it: a copy would
    find their locks closed and nobody to open them; ``despite_threads`` says that the work waits
    for none of them. Else, off Linux, and in a process that may have no children, it is done when
    it is asked for.
    What it raises is raised in the caller.

    >>> with beside(lambda: "done in the meantime") as result:
    ...     result()
    'done in the meantime'
    """
    if not may_be_copied() or (threading.active_count() > 1 and not despite_threads):
        yield work
        return
    fork = get_context("fork")
    here, there = fork.Pipe(duplex=False)
    copy = fork.Process(target=_send, args=(there, work))
    # Python warns of the idle threads of numpy's linear algebra, which sees to itself on a fork
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        copy.start()
    there.close()
    try:
        yield lambda: _received(here)
    finally:
        copy.kill()  # it has sent its result, or no one waits for it any more
        copy.join()
        here.close()


def _send(there: Connection, work: Callable[[], Made]) -> None:
    try:
        there.send(work())
    except Exception as error:  # noqa: BLE001  the caller raises it
        error.add_note(traceback.format_exc())
        there.send(error)


def _received(here: Connection) -> Any:
    sent = here.recv()
    if isinstance(sent, Exception):
        raise sent
    return sent
