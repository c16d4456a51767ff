"""One run at a time in a run's folder: a second one waits, and a killed one leaves no lock behind."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:   # Windows has no flock: there, whoever starts two runs at once keeps them apart
    fcntl = None  # type: ignore[assignment]


@contextmanager
def locked(folder: Path, on_wait: Callable[[str], None] = lambda holder: None) -> Iterator[None]:
    """Hold a folder's lock; ``on_wait`` is told who holds it when that is somebody else, and then it is waited for."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("a+", encoding="utf-8") as file:
        if fcntl:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                file.seek(0)
                on_wait(file.read().strip())
                fcntl.flock(file, fcntl.LOCK_EX)
        file.truncate(0)
        file.write(f"process {os.getpid()}")
        file.flush()
        yield
