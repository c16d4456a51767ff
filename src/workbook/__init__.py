"""What a notebook sees of the workbook: `open_run`, and the run it returns.

Both are imported when they are first asked for: code that needs only the table of steps waits for
no library.
"""

from __future__ import annotations

import os
from typing import Any

# Linear algebra in one thread, set before numpy is there: its sums are then the same on any number
# of cores.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

__all__ = ["Range", "Run", "open_run"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from workbook.notebook import run
    from workbook.words import filling

    return getattr(filling if name == "Range" else run, name)
