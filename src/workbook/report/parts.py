"""The parts of the page that stand behind the chapters, and what each brings along.

A part is made by a function that takes a `View` and gives a `Part`, or None where the run holds
nothing for it. `MAKERS` names them in the order of the page; whoever adds a part adds its function.
"""

from __future__ import annotations

from collections.abc import Callable

from workbook.report.part import Part, View
from workbook.report.terms import terms_part

MAKERS: tuple[Callable[[View], Part | None], ...] = (terms_part,)


def parts_of(view: View) -> list[Part]:
    """Return the parts that a run has something for, in the order of the page."""
    made = (make(view) for make in MAKERS)
    return [part for part in made if part is not None]
