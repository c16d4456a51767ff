"""Work made in a copy of this process beside this one, where a process can be copied; else in its turn, with the same results."""

from __future__ import annotations

import sys
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import current_process, get_context
from multiprocessing.connection import Connection
from typing import TypeVar

Result = TypeVar("Result")


@contextmanager
def beside(work: Callable[[], Iterator[Result]], copied: bool = True) -> Iterator[Callable[[], Result]]:
    """Yield a function that returns what ``work`` yields, one result a call; ``work`` goes on meanwhile in a copy of this process.

    The copy holds this process's memory and none of its threads, so ``work`` must not wait for what a thread of ours may hold. What it raises
    is raised by who asks, with the copy's traceback as a note. Off Linux, in a process that may have no children, or with
    ``copied`` false, it is made here, each result when it is asked for.

    >>> with beside(lambda: iter(["made meanwhile"])) as result:
    ...     result()
    'made meanwhile'
    """
    if sys.platform != "linux" or current_process().daemon or not copied:
        ready = work()
        yield lambda: next(ready)
        return
    fork = get_context("fork")
    here, there = fork.Pipe(duplex=False)
    copy = fork.Process(target=_send, args=(there, work))
    with warnings.catch_warnings():   # Python warns of idle threads, of linear algebra or of a kernel's sockets, which see to themselves on a fork
        warnings.simplefilter("ignore", DeprecationWarning)
        copy.start()
    there.close()
    try:
        yield lambda: _received(here)
    finally:
        copy.kill()   # it has sent all it had to say, or nobody waits for it any more
        copy.join()
        here.close()


def _send(there: Connection, work: Callable[[], Iterator[Result]]) -> None:
    try:
        for result in work():
            there.send(result)
    except Exception as error:   # noqa: BLE001  whoever asks raises it
        error.add_note(traceback.format_exc())
        there.send(error)


def _received(here: Connection) -> Result:
    sent = here.recv()
    if isinstance(sent, Exception):
        raise sent
    return sent
