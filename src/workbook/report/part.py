"""A part of the page behind the chapters, and what it is made from."""

from __future__ import annotations

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
