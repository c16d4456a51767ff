"""What is known of a notebook that did not run to its end."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(eq=False)  # not frozen: raising sets the traceback
class Failure(Exception):
    """A notebook raised, or its kernel ended: which one, in which cell, with which error, and the
    notebook so far.
    """

    notebook: str
    cell: str
    error: str
    so_far: Any = field(default=None, repr=False)

    def __str__(self) -> str:
        return f"notebooks/{self.notebook}.ipynb, cell {self.cell}: {self.error}"
