"""Standard output and error of a kernel: what Python writes, what C code and child processes write,
in one stream of messages.
"""

from __future__ import annotations

import codecs
import io
import os
import select
import threading
import time
from typing import Any

FLUSH_SECONDS = 0.2  # as ipykernel's own stream


class CapturedStream(io.TextIOBase):
    """Takes the place of ``sys.stdout`` or ``sys.stderr`` and of the file descriptor behind it."""

    encoding, errors = "utf-8", "strict"

    def __init__(self, name: str, descriptor: int, session: Any) -> None:
        self.name, self._descriptor, self._session, self._owner = (
            name,
            descriptor,
            session,
            os.getpid(),
        )
        self._texts: list[str] = []
        self._at, self._lock = time.monotonic(), threading.RLock()
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self.parent_header: dict[str, Any] = {}
        self._pipe, writing = os.pipe()
        os.set_blocking(self._pipe, False)
        os.dup2(writing, descriptor)
        os.close(writing)
        threading.Thread(target=self._take_what_comes, daemon=True).start()

    def fileno(self) -> int:
        """Return the descriptor that child processes inherit."""
        return self._descriptor

    def isatty(self) -> bool:
        """Say that nobody sits at a terminal."""
        return False

    def writable(self) -> bool:
        """Say that it can be written to."""
        return True

    def set_parent(self, parent: dict[str, Any]) -> None:
        """Name the request that caused what is written from now on."""
        self.parent_header = parent.get("header", parent)

    def write(self, text: str) -> int:
        """Take text; it is sent with the next flush, at the latest when the cell ends."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        if os.getpid() != self._owner:  # a fork of the kernel: its parent reads the descriptor
            os.write(self._descriptor, text.encode("utf-8"))
            return len(text)
        with self._lock:
            self._drain()  # what a child has written stands before what is written after it
            self._texts.append(text)
        if time.monotonic() - self._at > FLUSH_SECONDS:
            self.flush()
        return len(text)

    def flush(self) -> None:
        """Send what has been written, by Python and through the descriptor, in its order."""
        if os.getpid() != self._owner:
            return
        with self._lock:
            self._at = time.monotonic()
            self._drain()
            text = "".join(self._texts)
            self._texts.clear()
            if text:
                self._session.send(
                    None,
                    "stream",
                    {"name": self.name, "text": text},
                    parent={"header": self.parent_header},
                )

    def _drain(self) -> None:
        """Move what stands in the pipe behind what Python wrote; call it with the lock held."""
        try:
            while raw := os.read(self._pipe, 1 << 16):
                self._texts.append(self._decoder.decode(raw))
        except BlockingIOError:
            return

    def _take_what_comes(self) -> None:
        """Keep the pipe from filling while a cell waits for a child that writes more than a pipe
        holds.
        """
        while True:
            select.select([self._pipe], [], [])
            time.sleep(0.001)  # a flush that is under way takes it first
            with self._lock:
                self._drain()
