"""The client of a warm kernel: the part of jupyter_client that nbclient uses, over one pipe; this
is the parent's side.

nbclient waits for the shell channel and for iopub in two tasks of one loop. The task that finds the
pipe readable sorts all its messages into both queues and wakes every waiter; a reader is never left
registered on a descriptor that is closed.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from multiprocessing.connection import Connection
from queue import Empty
from typing import Any

from jupyter_client.session import Session, extract_dates, json_unpacker


class PipeChannel:
    """One of the two queues of messages; `get_msg` is all that nbclient asks of it."""

    def __init__(self, client: PipeClient) -> None:
        self._client, self.waiting = client, deque()

    async def get_msg(self, timeout: float | None = None) -> dict[str, Any]:
        """Return the next message; `Empty` is raised when none comes within ``timeout`` seconds."""
        await self._client.until(lambda: bool(self.waiting), timeout)
        return self.waiting.popleft()

    def send(self, message: dict[str, Any]) -> None:
        """Send a message that another part made (a widget)."""
        self._client.send(message["header"]["msg_type"], message)


class PipeClient:
    """Sends requests into a kernel's pipe and sorts what comes back."""

    allow_stdin = False

    def __init__(self, pipe: Connection, alive: Callable[[], bool]) -> None:
        self._pipe, self.is_alive = pipe, alive
        self.session = Session(key=b"")
        self.shell_channel, self.iopub_channel = PipeChannel(self), PipeChannel(self)
        self._open, self._waiters = True, set()

    def start_channels(self) -> None:
        """Do nothing: the pipe is there before the kernel is."""

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Do nothing: a request waits in the pipe until the kernel reads it."""

    def stop_channels(self) -> None:
        """Close the pipe."""
        self._pipe.close()
        self._open = False

    def execute(
        self,
        code: str,
        silent: bool = False,
        store_history: bool = True,
        user_expressions: Any = None,
        allow_stdin: bool | None = None,
        stop_on_error: bool = True,
    ) -> str:
        """Ask for code to be run and return the request's id."""
        return self._request(
            "execute_request",
            {
                "code": code,
                "silent": silent,
                "store_history": store_history,
                "user_expressions": user_expressions or {},
                "allow_stdin": False,
                "stop_on_error": stop_on_error,
            },
        )

    def kernel_info(self) -> str:
        """Ask for the kernel's name and language and return the request's id."""
        return self._request("kernel_info_request", {})

    def _request(self, kind: str, content: dict[str, Any]) -> str:
        message = self.session.msg(kind, content)
        self.send(kind, message)
        return message["header"]["msg_id"]

    def send(self, kind: str, message: dict[str, Any]) -> None:
        """Send a request; a kernel that is gone is found by the task that waits for the reply."""
        try:
            self._pipe.send((kind, message))
        except OSError:
            self._open = False

    async def until(self, satisfied: Callable[[], bool], timeout: float | None) -> None:
        """Wait until what a waiter looks for has been sorted in; `Empty` is raised after
        ``timeout`` seconds.
        """
        loop = asyncio.get_running_loop()
        deadline = None if timeout is None else loop.time() + timeout
        self._sort()
        while not satisfied():
            wait = None if deadline is None else deadline - loop.time()
            if wait is not None and wait <= 0:
                raise Empty
            await self._readable(loop, wait)
            self._sort()

    async def _readable(self, loop: asyncio.AbstractEventLoop, wait: float | None) -> None:
        """Wait until there is something to read, or another task has read it, or time is up."""
        waiter = loop.create_future()
        self._waiters.add(waiter)
        # a pipe that is gone stays readable; then only time, or nbclient, ends the wait
        if self._open:
            loop.add_reader(self._pipe.fileno(), self._wake)
        try:
            await asyncio.wait([waiter], timeout=wait)
        finally:
            self._waiters.discard(waiter)
            if self._open and not self._waiters:
                loop.remove_reader(self._pipe.fileno())

    def _wake(self) -> None:
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)

    def _sort(self) -> None:
        """Sort all that has come into the two queues, and wake every task that waits."""
        came = False
        try:
            while self._open and self._pipe.poll():
                channel, *parts = self._pipe.recv()
                queue = self.shell_channel if channel == b"shell" else self.iopub_channel
                queue.waiting.append(_message(parts))
                came = True
        except (EOFError, OSError):
            self._gone()
        if came:
            self._wake()

    def _gone(self) -> None:
        """Stop watching a pipe whose kernel is gone: its descriptor would stay readable."""
        self._open = False
        asyncio.get_running_loop().remove_reader(self._pipe.fileno())


def _message(parts: list[bytes]) -> dict[str, Any]:
    header, parent, metadata, content = map(json_unpacker, parts[:4])
    header = extract_dates(header)
    return {
        "header": header,
        "parent_header": extract_dates(parent),
        "metadata": metadata,
        "content": content,
        "msg_id": header["msg_id"],
        "msg_type": header["msg_type"],
        "buffers": [memoryview(raw) for raw in parts[4:]],
    }
