"""papermill's own engine, with the notebook at hand while it runs."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from jupyter_client.manager import AsyncKernelManager

from workbook.running.engine.lean_papermill import papermill


class StockKernelManager(AsyncKernelManager):
    """Starts a kernel that finds some more variables in its environment."""

    variables: Mapping[str, str] = {}

    async def start_kernel(self, **options: Any) -> None:
        """Start the kernel as jupyter_client does."""
        await super().start_kernel(
            **{**options, "env": {**os.environ, **(options.get("env") or {}), **self.variables}}
        )


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
        **options: Any,
    ) -> Any:
        """Execute the managed notebook; it is appended to ``seen`` first, so that a failure leaves
        it to the caller.

        nbclient makes the kernel's manager itself, so the kernel's ``variables`` travel in a class
        made for this one.
        """
        if seen is not None:
            seen.append(nb_man.nb)
        manager = type(cls.manager.__name__, (cls.manager,), {"variables": variables or {}})
        return super().execute_managed_notebook(
            nb_man, kernel_name, kernel_manager_class=manager, **options
        )
