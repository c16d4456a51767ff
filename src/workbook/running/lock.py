"""One run at a time in a run's folder: a second one waits, and a killed one leaves no lock
behind.
"""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

try:
    import fcntl
except ImportError:
    fcntl = None  # type: ignore[assignment]  # Windows has none
try:
    import msvcrt
except ImportError:
    msvcrt = None  # type: ignore[assignment]  # only Windows has it

PATIENCE_SECONDS = 0.5  # Windows wakes nobody up who waits for a lock
OUT_OF_THE_WAY = 1 << 30  # Windows lets nobody read a locked byte: not one of the holder's name
NO_LOCKS = {errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL}  # a shared drive's answers
WAITING = "another run is at work in this folder ({holder}); waiting for it"
UNLOCKED = "{folder}: this drive knows no locks: start no second run there until this one has ended"


@contextmanager
def locked(folder: Path, tell: Callable[[str], None] = lambda text: None) -> Iterator[None]:
    """Hold a folder's lock.

    ``tell`` is called when another run holds it, with that run's process, and when there are no
    locks.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("a+", encoding="utf-8") as file:
        try:
            _hold(file, tell)
        except OSError as fault:
            if fault.errno not in NO_LOCKS:
                raise
            tell(UNLOCKED.format(folder=folder))
        file.truncate(0)
        file.write(f"process {os.getpid()}")
        file.flush()
        yield


def _hold(file: IO[str], tell: Callable[[str], None]) -> None:
    try:
        _take(file)
    except BlockingIOError:
        file.seek(0)
        tell(WAITING.format(holder=file.read().strip()))
        _wait_for(file)


def _take(file: IO[str]) -> None:
    """Take a file's lock; `BlockingIOError` where another process has it."""
    if fcntl:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    elif msvcrt:
        os.lseek(file.fileno(), OUT_OF_THE_WAY, os.SEEK_SET)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        except PermissionError as fault:
            raise BlockingIOError(*fault.args) from None
    else:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))


def _wait_for(file: IO[str]) -> None:
    if fcntl:
        fcntl.flock(file, fcntl.LOCK_EX)
        return
    while True:
        time.sleep(PATIENCE_SECONDS)
        try:
            return _take(file)
        except BlockingIOError:
            continue
