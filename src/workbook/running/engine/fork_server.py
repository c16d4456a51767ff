"""The warm process that kernels are forked from: the standard library's fork server, with the
libraries imported.

It is a process of its own, without threads, so that it may be forked at any time; it imports while
this one goes on.
"""

from __future__ import annotations

import atexit
import multiprocessing
import os
import signal
import weakref
from collections.abc import Iterable
from functools import cache
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext
from typing import Any

from workbook.running.copies import may_be_copied

GRACE_SECONDS = 5
ROOM = "workbook.running.engine"
# their import changes settings: that is for the notebook which imports them
CHANGE_SETTINGS = {"matplotlib_fontja"}
START_METHOD = "forkserver"
# What the GNU C library reads when a process starts: arrays up to 32 MB come from memory that it
# keeps. A new kernel else asks the system for each array, and has it cleared page by page.
KEPT_MEMORY = {"MALLOC_MMAP_THRESHOLD_": str(2**25), "MALLOC_TOP_PAD_": str(2**28)}
_living: weakref.WeakSet[Any] = weakref.WeakSet()


def there_is_one() -> bool:
    """Say whether this system's Python has a fork server."""
    return START_METHOD in multiprocessing.get_all_start_methods()


@cache
def _forks() -> BaseContext:
    """Return what starts processes; made on demand, because not every system has a fork server."""
    return multiprocessing.get_context(START_METHOD)


def warm_up(libraries: Iterable[str]) -> None:
    """Start the fork server unless it runs; it imports what can be imported of ``libraries`` and
    rehearses a chart.
    """
    from multiprocessing import forkserver

    # as a kernel sets it
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    # else importing the debugger warns on the terminal
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    for name, value in KEPT_MEMORY.items():
        os.environ.setdefault(name, value)
    quiet = [name for name in libraries if name.split(".")[0] not in CHANGE_SETTINGS]
    _forks().set_forkserver_preload([f"{ROOM}.like_a_kernel", *quiet, f"{ROOM}.rehearsal"])
    forkserver.ensure_running()


def context(libraries: Iterable[str]) -> multiprocessing.context.BaseContext:
    """Return what starts processes that have ``libraries`` imported already, where they can be
    forked; else what can be had.
    """
    if not may_be_copied():
        return multiprocessing.get_context()
    warm_up(libraries)
    return _forks()


def forked(target: Any, *arguments: Any) -> tuple[Any, Connection]:
    """Return a new process that runs ``target(its end of a pipe, *arguments)``, and our end of the
    pipe.
    """
    ours, theirs = _forks().Pipe()
    process = _forks().Process(target=target, args=(theirs, *arguments))
    process.start()
    theirs.close()
    _living.add(process)
    return process, ours


def end(process: Any) -> None:
    """Kill a forked process and its group, or the process alone if it has made no group yet."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        process.kill()
    process.join(GRACE_SECONDS)


@atexit.register  # runs before multiprocessing's own wait for its children
def end_all() -> None:
    """Kill whatever was forked and still lives."""
    for process in list(_living):
        if process.is_alive():
            end(process)
