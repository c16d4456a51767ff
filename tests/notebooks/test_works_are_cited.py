"""Whoever code and method notes name as an author stands in the bibliography."""

from __future__ import annotations

import calendar
import re
from pathlib import Path

from workbook.report.bibliography import works_of

ROOT = Path(__file__).parents[2]
NAME = r"(?:Van |HM |O')?[A-Z][A-Za-zÀ-ž]+(?:-[A-Z][a-z]+)?"
YEAR = r"\(?((?:19|20)\d{2})\)?"
NAMED = re.compile(
    rf"(?P<first>{NAME})(?:(?:, {NAME})*,? (?:and|&) {NAME}| et al\.)?,? {YEAR}(?=[);,:. ]|$)",
    re.MULTILINE,
)
NO_AUTHOR = {
    *calendar.month_name[1:],
    "FY",
    "In",
    "Of",
    "From",
    "Until",
    "Since",
    "By",
    "Survey",
    "Report",
    "The",
    "Figures",
    "Year",
}


def test_every_work_named_in_code_and_method_notes_stands_in_the_bibliography():
    works = works_of((ROOT / "docs" / "references.bib").read_text(encoding="utf-8")).values()
    known = {
        (re.split(r" & | et al\.", work.label.rpartition(" ")[0])[0], work.label[-4:])
        for work in works
    }
    sources = [*(ROOT / "src").rglob("*.py"), *(ROOT / "docs" / "methods").glob("*.md")]
    named = {
        (match["first"], match[2], path.name)
        for path in sources
        for match in NAMED.finditer(re.sub(r"\s+", " ", path.read_text(encoding="utf-8")))
        if match["first"].split()[-1] not in NO_AUTHOR
    }
    assert len(named) > 40
    assert sorted(entry for entry in named if entry[:2] not in known) == []
