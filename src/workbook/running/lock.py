"""One run at a time in a run's folder: a second one waits, and a killed one leaves no lock
behind.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

try:
    import fcntl
# Windows has no flock: there, two runs at once must be kept apart by whoever starts them
except ImportError:
    fcntl = None  # type: ignore[assignment]  # Windows has none

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
    if not fcntl:
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        tell(WAITING.format(holder=file.read().strip()))
        fcntl.flock(file, fcntl.LOCK_EX)
