"""A whole IPython kernel whose messages travel over one pipe instead of five sockets; this is the
forked child's side.

IPython, ipykernel and what they send are unchanged: only where messages come from and go to is
ours. Nothing here is imported before the fork except by the fork server, so that a kernel is ready
as soon as it is forked.
"""

from __future__ import annotations

import asyncio
import atexit
import inspect
import logging
import os
import random
import select
import signal
import sys
import threading
from multiprocessing.connection import Connection
from types import SimpleNamespace
from typing import Any

from ipykernel.ipkernel import IPythonKernel
from ipykernel.zmqshell import ZMQInteractiveShell
from jupyter_client.session import Session
from tornado.ioloop import IOLoop

from workbook.running.engine.captured_stream import CapturedStream

SHUTDOWN = "shutdown"


class PipeSession(Session):
    """Writes each message to the pipe as the bytes that would have gone to a socket, led by the
    channel it belongs to.
    """

    def to(self, pipe: Connection) -> PipeSession:
        """Send through ``pipe`` from now on, from this process alone: what a cell forks has no
        voice of its own.
        """
        self._pipe, self._writing, self._owner = pipe, threading.Lock(), os.getpid()
        return self

    def send(
        self,
        stream: Any,
        msg_or_type: Any,
        content: Any = None,
        parent: Any = None,
        ident: Any = None,
        buffers: Any = None,
        track: bool = False,
        header: Any = None,
        metadata: Any = None,
    ) -> dict[str, Any] | None:
        """Send a message, or make and send one, as `Session.send` does; returns it."""
        if os.getpid() != self._owner:
            return None
        message = (
            msg_or_type
            if isinstance(msg_or_type, dict)
            else self.msg(
                msg_or_type, content=content, parent=parent, header=header, metadata=metadata
            )
        )
        channel = b"shell" if message["msg_type"].endswith("_reply") else b"iopub"
        parts = [
            self.pack(message[part]) for part in ("header", "parent_header", "metadata", "content")
        ]
        raw = [bytes(memoryview(buffer).cast("B")) for buffer in buffers or []]
        with self._writing:
            self._pipe.send([channel, *parts, *raw])
        return message


class PipeKernel(IPythonKernel):
    """The IPython kernel without sockets: one request at a time, no subshells, no debugger."""

    _supports_kernel_subshells = False

    def _abort_queues(self, subshell_id: str | None = None) -> None:
        """Nothing waits behind a cell that raised: the client sends the next request when it has
        the reply.
        """

    async def answer(self, kind: str, message: dict[str, Any]) -> None:
        """Handle one request from busy to idle, as ipykernel's dispatcher does."""
        self.set_parent([b""], message, channel="shell")
        self._publish_status("busy", "shell")
        self.pre_handler_hook()
        try:
            result = self.shell_handlers[kind](None, [b""], message)
            if inspect.isawaitable(result):
                await result
        except KeyboardInterrupt:
            self.log.error("KeyboardInterrupt caught in kernel.")
        finally:
            self.post_handler_hook()
        sys.stdout.flush()
        sys.stderr.flush()
        self._publish_status("idle", "shell")


def serve(pipe: Connection, folder: str, environment: dict[str, str]) -> None:
    """Be a kernel until the pipe says shutdown; when the other end goes without a word, end at once
    with all children.
    """
    status = 1
    try:
        _settle(folder, environment)
        threading.Thread(target=_end_with, args=(pipe.fileno(),), daemon=True).start()
        asyncio.run(_answer_all(pipe))
        status = 0
    finally:
        atexit._run_exitfuncs()
        os._exit(status)


def _settle(folder: str, environment: dict[str, str]) -> None:
    """Look like a process that was started for this notebook."""
    import numpy

    # a group of its own: an interrupt reaches what a cell has started, and nothing else
    os.setsid()
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.path[:] = _search_path(sys.path, environment.get("PYTHONPATH", ""))
    sys.argv = [""]
    # between cells; a running cell takes the interrupt
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    numpy.random.seed()  # noqa: NPY002  forks share the legacy state; a seeded generator is the notebook's own affair
    random.seed()


def _search_path(inherited: list[str], python_path: str) -> list[str]:
    """Return where a stock kernel looks for modules: without the folder of the parent's script,
    with its own before the libraries.

    >>> _search_path(["/bin", "/python311.zip", "/lib", "/site-packages"], "")
    ['/python311.zip', '/lib', '', '/site-packages']
    """
    given = python_path.split(os.pathsep)
    first = next(
        (place for place, path in enumerate(inherited) if path in given or path.endswith(".zip")), 0
    )
    kept = [path for path in inherited[first:] if path]
    libraries = next(
        (
            place
            for place, path in enumerate(kept)
            if os.path.basename(path) in ("site-packages", "dist-packages")
        ),
        len(kept),
    )
    return [*kept[:libraries], "", *kept[libraries:]]


def _end_with(pipe: int) -> None:
    """Wait in a thread until the pipe's other end is gone; then no one wants this kernel any
    more.
    """
    poll = select.poll()
    poll.register(pipe, 0)  # a hang-up is reported whatever one asks for
    poll.poll()
    if not _leaving.is_set():
        os.killpg(os.getpgrp(), signal.SIGKILL)


_leaving = threading.Event()


async def _answer_all(pipe: Connection) -> None:
    kernel = _kernel(PipeSession(key=b"").to(pipe))
    loop, ready = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(pipe.fileno(), ready.set)
    while True:
        await ready.wait()
        ready.clear()
        while pipe.poll():
            kind, message = pipe.recv()
            if kind == SHUTDOWN:
                _leaving.set()
                return
            # a cell that awaits gives the loop to others, not to a waiting request
            loop.remove_reader(pipe.fileno())
            await kernel.answer(kind, message)
            loop.add_reader(pipe.fileno(), ready.set)


def _kernel(session: PipeSession) -> PipeKernel:
    """Return a kernel whose streams, displays and inline figures are those of a stock one."""
    import ipykernel.debugger
    from matplotlib_inline.backend_inline import _enable_matplotlib_integration

    ipykernel.debugger._is_debugpy_available = False
    sys.stdout, sys.stderr = (
        CapturedStream("stdout", 1, session),
        CapturedStream("stderr", 2, session),
    )
    kernel = PipeKernel(
        session=session, shell_class=ZMQInteractiveShell, log=logging.getLogger("kernel")
    )
    kernel.io_loop = IOLoop.current()
    kernel.shell_channel_thread = SimpleNamespace(parent_thread=threading.main_thread())
    kernel.shell.history_manager.enabled = False
    kernel.shell.displayhook.session = session
    sys.displayhook = kernel.shell.displayhook
    kernel.shell.enable_gui = lambda gui=None: None
    _enable_matplotlib_integration()
    return kernel
