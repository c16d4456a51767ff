"""Which wordings of each claim were shown over several runs: a claim whose other wording is never
shown cannot fail, and is a statement.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tests.second_values import shown_in
from workbook.words.messages import LACK, OTHER_GROUP, read_words, words_file

NO_CLAIM = {LACK, OTHER_GROUP, "also-other-group"}


def cases_of(root: Path, chapter: str) -> dict[str, set[str]]:
    """Return the wordings of each claim of a chapter by slug, the main one as an empty name."""
    return {
        slug: cases
        for slug, message in read_words(words_file(root, chapter, "en")).items()
        if len(cases := set(message.cases) - NO_CLAIM) > 1
    }


def never_shown(root: Path, chapter: str, runs: Iterable[Path]) -> dict[str, set[str]]:
    """Return the wordings of each claim that none of the finished runs shows."""
    shown: dict[str, set[str]] = {}
    for run in runs:
        for one in shown_in(run / "executed" / f"{chapter}.ipynb"):
            shown.setdefault(one["slug"], set()).add(one["case"])
    return {
        slug: left
        for slug, cases in cases_of(root, chapter).items()
        if (left := cases - shown.get(slug, set()))
    }
