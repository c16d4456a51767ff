"""papermill's own engine, with the notebook at hand while it runs."""

from __future__ import annotations

from typing import Any

from analysis.workbook.engine.lean_papermill import papermill


class StockEngine(papermill.engines.NBClientEngine):
    """Runs a notebook in a kernel of its own process, as papermill and nbclient do it."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, *, seen: list[Any] | None = None, **options: Any) -> Any:
        """Execute the managed notebook; it is appended to ``seen`` first, so that a failure leaves it to whoever asked."""
        if seen is not None:
            seen.append(nb_man.nb)
        return super().execute_managed_notebook(nb_man, kernel_name, **options)
