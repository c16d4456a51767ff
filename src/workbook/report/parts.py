"""The parts of the page that stand behind the chapters, and what each brings along.

A part is made by a function that takes a `View` and gives a `Part`, or None where the run holds
nothing for it. `MAKERS` names them in the order of the page; whoever adds a part adds its function.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from markupsafe import Markup

from workbook.report.edition import Edition
from workbook.report.finished_run import FinishedRun
from workbook.summary import Facts


@dataclass(frozen=True)
class View:
    """What a part is made from: the run, its facts, and the edition it is made for."""

    run: FinishedRun
    facts: Facts
    edition: Edition


@dataclass(frozen=True)
class Part:
    """A part of the page: a section ``anchor`` whose ``html`` begins with a heading of level two.

    ``question`` is how the contents name it. ``entry`` is what stands of it on the first screen (a
    choice that leads into it). Its script joins the page's one script, which runs under its hash;
    its style joins the style sheet. Ids in ``html`` begin with the anchor.
    """

    anchor: str
    question: str
    html: Markup
    entry: Markup = field(default_factory=Markup)
    script: str = ""
    style: str = ""


MAKERS: tuple[Callable[[View], Part | None], ...] = ()


def parts_of(view: View) -> list[Part]:
    """Return the parts that a run has something for, in the order of the page."""
    made = (make(view) for make in MAKERS)
    return [part for part in made if part is not None]
