"""papermill's engine `warm`: nbclient unchanged, its kernel forked from a process that has imported
the libraries already.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping
from typing import Any

from jupyter_client.manager import AsyncKernelManager

from workbook.running.engine import fork_server
from workbook.running.engine.pipe_client import PipeClient
from workbook.running.engine.stock import StockEngine, spent_by
from workbook.running.engine.warm_kernel import SHUTDOWN, serve

GRACE_SECONDS = 2  # a kernel that is busy when it is to end does not read on


class ForkedKernelManager(AsyncKernelManager):
    """Starts, interrupts and ends one forked kernel as nbclient asks a kernel manager to."""

    process: Any = None
    variables: Mapping[str, str] = {}
    spent: dict[str, float]

    async def start_kernel(
        self, *, cwd: str | None = None, env: dict[str, str] | None = None, **_: Any
    ) -> None:
        """Fork a kernel that works in ``cwd``."""
        self.process, self._pipe = fork_server.forked(
            serve, cwd or os.getcwd(), {**os.environ, **(env or {}), **self.variables}
        )

    def client(self, **_: Any) -> PipeClient:
        """Return the one client of this kernel."""
        return PipeClient(self._pipe, self.process.is_alive)

    @property
    def has_kernel(self) -> bool:
        """Say whether a kernel was started."""
        return self.process is not None

    async def is_alive(self) -> bool:
        """Say whether the kernel is running."""
        return self.process is not None and self.process.is_alive()

    async def interrupt_kernel(self) -> None:
        """Interrupt the running cell and what it has started."""
        os.killpg(self.process.pid, signal.SIGINT)

    async def shutdown_kernel(self, now: bool = False, restart: bool = False) -> None:
        """End the kernel: by its own will, so that exit handlers run, or at once; then whatever it
        left running.
        """
        self.spent |= spent_by(self.process.pid)
        if not now:
            try:
                self._pipe.send((SHUTDOWN, None))
                self.process.join(GRACE_SECONDS)
            except OSError:
                pass  # gone already
        fork_server.end(self.process)

    async def cleanup_resources(self, restart: bool = False) -> None:
        """Do nothing: there are no ports and no connection file."""


class WarmEngine(StockEngine):
    """Runs a notebook in a kernel forked from the warm process."""

    manager = ForkedKernelManager
