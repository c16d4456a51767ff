"""Which wordings a claim has: one whose other wording no study can show cannot fail, and is a
statement.
"""

from __future__ import annotations

from pathlib import Path

from workbook.words.messages import LACK, OTHER_GROUP, read_words, words_file

NO_CLAIM = {LACK, OTHER_GROUP, "also-other-group"}


def cases_of(root: Path, chapter: str) -> dict[str, set[str]]:
    """Return the wordings of each claim of a chapter by slug, the main one as an empty name."""
    return {
        slug: cases
        for slug, message in read_words(words_file(root, chapter, "en")).items()
        if len(cases := set(message.cases) - NO_CLAIM) > 1
    }
