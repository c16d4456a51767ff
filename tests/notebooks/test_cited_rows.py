"""A row of evidence that a text cites is in the data, in both languages alike."""

from __future__ import annotations

import csv
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
CITED = re.compile(r"\[\[([A-Z]\d{2,3})\]\]")


def cited_in(lang: str) -> dict[str, list[str]]:
    """The codes that each file of words cites, in their order."""
    files = sorted((ROOT / "notebooks" / "words").glob(f"*.{lang}.md"))
    return {file.name[:2]: CITED.findall(file.read_text(encoding="utf-8")) for file in files}


def codes() -> set[str]:
    found = set()
    for path in (ROOT / "data").glob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = csv.DictReader(lines)
            if rows.fieldnames and "source" in rows.fieldnames:
                found |= {row.get("evidence_id", "") for row in rows}
    return found


def test_each_cited_row_is_in_the_data():
    cited = {code for texts in cited_in("en").values() for code in texts}
    assert {"D11", "S12"} <= cited
    assert cited <= codes()


def test_both_languages_cite_the_same_rows():
    assert cited_in("ja") == cited_in("en")
