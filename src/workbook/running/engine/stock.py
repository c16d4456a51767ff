"""papermill's own engine, with the notebook at hand while it runs."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jupyter_client.manager import AsyncKernelManager

from workbook.running.engine.lean_papermill import papermill

PEAK = re.compile(r"^VmHWM:\s+(\d+) kB", re.MULTILINE)
USER_TO_CHILDREN = slice(11, 15)  # of the fields behind the command's name: four times, in ticks


def spent_by(process: int | None) -> dict[str, float]:
    """Return the most memory that a living process has held, ``peak_bytes``, and the processor's
    time that it and its ended children took, ``cpu_seconds``; nothing where the system does not say
    so.
    """
    folder = Path(f"/proc/{process}")
    try:
        peak = PEAK.search((folder / "status").read_text(encoding="utf-8"))
        ticks = (folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return {}
    seconds = sum(map(int, ticks[USER_TO_CHILDREN])) / os.sysconf("SC_CLK_TCK")
    return {"cpu_seconds": seconds} | ({"peak_bytes": int(peak[1]) * 1024} if peak else {})


class StockKernelManager(AsyncKernelManager):
    """Starts a kernel that finds some more variables in its environment."""

    variables: Mapping[str, str] = {}
    spent: dict[str, float]

    async def start_kernel(self, **options: Any) -> None:
        """Start the kernel as jupyter_client does."""
        await super().start_kernel(
            **{**options, "env": {**os.environ, **(options.get("env") or {}), **self.variables}}
        )

    async def shutdown_kernel(self, now: bool = False, restart: bool = False) -> None:
        """End the kernel as jupyter_client does, and note what it took."""
        self.spent |= spent_by(getattr(self.provisioner, "pid", None))
        await super().shutdown_kernel(now, restart)


class StockEngine(papermill.engines.NBClientEngine):
    """Runs a notebook in a kernel of its own process, as papermill and nbclient do it."""

    manager: type[AsyncKernelManager] = StockKernelManager

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        *,
        seen: list[Any] | None = None,
        variables: Mapping[str, str] | None = None,
        spent: dict[str, float] | None = None,
        **options: Any,
    ) -> Any:
        """Execute the managed notebook; it is appended to ``seen`` first, so that a failure leaves
        it to the caller.

        nbclient makes the kernel's manager itself, so the kernel's ``variables`` travel in a class
        made for this one; so does ``spent``, where it notes the memory it took at most.
        """
        if seen is not None:
            seen.append(nb_man.nb)
        manager = type(
            cls.manager.__name__,
            (cls.manager,),
            {"variables": variables or {}, "spent": {} if spent is None else spent},
        )
        return super().execute_managed_notebook(
            nb_man, kernel_name, kernel_manager_class=manager, **options
        )
