"""What a study declares of itself: all that the workbook may know of it.

A study is a package with a module ``study`` that holds one `Study`, called ``STUDY``; each chapter
is a folder of its subpackage ``chapters``. The project's ``pyproject.toml`` names the package
(``[tool.workbook] study``), or the environment does (``WORKBOOK_STUDY``) for a worker that has only
the sources.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbook.colours import Colours, NoColours
from workbook.data_rules import DataRules, NoDataRules
from workbook.declarations import entries_of
from workbook.groups import Groups, NoGroups
from workbook.needs import NO_NEEDS, Needs
from workbook.ranges import NO_RANGES, Ranges
from workbook.summary import NoSummary, Summarised
from workbook.terms import TERMS
from workbook.weights import NoWeights, Weights

if TYPE_CHECKING:
    from workbook.choices.declaring import Rule, Section
    from workbook.steps import Step

NAMED_BY, INSTALLED_AS = "WORKBOOK_STUDY", "workbook.study"
OF_ALL_CHAPTERS = "study"  # the section of choices that every chapter sees
Texts = Mapping[str, str]


class NoStudy(LookupError):
    """Nothing says which study is meant."""


@dataclass(frozen=True)
class Study:
    """A study: its package, and what only it can answer.

    ``groups`` knows who can be studied (`NoGroups` where a study has but one), ``data`` what its
    chapters ask of the tables, ``ranges`` the inputs that a reader may set, ``weights`` how much
    its assumptions weigh, ``needs`` how much memory a run takes, ``colours`` what its charts are
    drawn in, ``summary`` what the report begins with.
    """

    package: str
    groups: Groups = NoGroups()
    data: DataRules = NoDataRules()
    ranges: Ranges = NO_RANGES
    weights: Weights = NoWeights()
    needs: Needs = NO_NEEDS
    colours: Colours = NoColours()
    summary: Summarised = NoSummary()

    @cached_property
    def folder(self) -> Path:
        """The folder of the study's package."""
        return Path(str(import_module(self.package).__file__)).parent

    @property
    def sources(self) -> Path:
        """The folder that the study's package is imported from."""
        return self.folder.resolve().parents[self.package.count(".")]

    @property
    def chapters(self) -> Path:
        """The folder of the chapters."""
        return self.folder / "chapters"

    @cached_property
    def glossary(self) -> dict[str, Texts]:
        """The term of each identifier in every language: the workbook's own, the study's, then each
        chapter's.
        """
        files = [self.folder / "glossary.yaml", *sorted(self.chapters.glob("*/terms.yaml"))]
        found: dict[str, Texts] = dict(TERMS)
        for file in files:
            if file.is_file():
                found |= entries_of(file.read_text(encoding="utf-8"))
        return found

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The steps in the order in which they run: one for each folder of ``chapters``, by the
        number of its notebook, those that repeat everybody's results last.
        """
        places = sorted(self.chapters.glob("*/chapter.py"))
        chapters = [self._of_chapter(place.parent.name, "chapter").CHAPTER for place in places]
        return tuple(sorted(chapters, key=lambda step: (step.reads_headlines, step.name)))

    @cached_property
    def sections(self) -> dict[str, type[Section]]:
        """The declared choices by section: those of all chapters first, then each chapter's."""
        shared = {OF_ALL_CHAPTERS: import_module(f"{self.package}.choices").CHOICES}
        return shared | {
            step.stem: self._of_chapter(step.stem, "choices").CHOICES for step in self.steps
        }

    @cached_property
    def rules_across(self) -> tuple[Rule, ...]:
        """The rules between choices of two sections, by their dotted keys."""
        return import_module(f"{self.package}.choices").RULES_ACROSS

    def _of_chapter(self, stem: str, module: str) -> Any:
        return import_module(f"{self.package}.chapters.{stem}.{module}")


def study() -> Study:
    """Return the study that the environment names, or the project around the folder that this
    process began in, or, where neither does, the one that is installed.

    Whoever names another one in the environment works with that from then on: what is kept of a
    study is kept by its package. Raises `NoStudy` where there is none, or more than one, or where
    it is not installed.
    """
    return _declared_in(os.environ.get(NAMED_BY) or _found())


@cache
def _found() -> str:
    return _named_around(Path.cwd().resolve()) or _installed()


@cache
def _declared_in(package: str) -> Study:
    try:
        return import_module(f"{package}.study").STUDY
    except ModuleNotFoundError as fault:
        if not f"{package}.study.".startswith(f"{fault.name}."):
            raise
        raise NoStudy(
            f"there is no module {fault.name}, though the study is called {package}: install the"
            " study, or name the folder of its package in PYTHONPATH"
        ) from None


def _named_around(here: Path) -> str:
    for folder in (here, *here.parents):
        file = folder / "pyproject.toml"
        if file.is_file():
            tool = tomllib.loads(file.read_text(encoding="utf-8")).get("tool", {})
            if "workbook" in tool:
                return str(tool["workbook"]["study"])
    return ""


def _installed() -> str:
    found = sorted({entry.value for entry in entry_points(group=INSTALLED_AS)})
    if len(found) == 1:
        return found[0]
    raise NoStudy(
        f"{len(found)} studies are installed ({', '.join(found) or 'none'}) and none is named:"
        " start inside the folder whose pyproject.toml says [tool.workbook] study"
    )
