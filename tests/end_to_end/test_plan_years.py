"""A plan of seven years: whatever the report says of its length, it says seven."""

from __future__ import annotations

import json
import re

import pytest

from tests.end_to_end.conftest import copy_of_the_study, outputs_of
from workbook import choices as params
from workbook.running import pipeline

pytestmark = pytest.mark.slow
SEVEN = ("procurement.plan_years=7", "study.draws_log2=12", "study.stored_draws_log2=10")
FIVE = re.compile(r"(?i)\b(?:five|5)[- ](?:full )?years?\b|(?<!\d)5年(?:間|分)|五年")
# the length of the plan is chapter 4's; what is published over five years is named as published
CHAPTERS = ("04_procurement", "09_findings")


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = copy_of_the_study(tmp_path_factory.mktemp("seven"))
    chosen = params.load_parameters(folder / "params.yaml", overrides=list(SEVEN))
    return pipeline.run_study(folder, chosen, "seven")


def told(run, chapter):
    """Every text of a chapter: messages, pictures, titles, text cells."""
    notebook = run / "notebooks" / f"{chapter}.ipynb"
    for payload in outputs_of(notebook):
        shown = {
            key: value for key, value in payload.items() if key not in ("provenance", "tables")
        }
        yield json.dumps(shown, ensure_ascii=False)
        yield from (
            json.dumps(
                [table["title"], [column["title"] for column in table["columns"]]],
                ensure_ascii=False,
            )
            for table in payload.get("tables", ())
        )
    yield from (
        "".join(cell["source"])
        for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        if cell["cell_type"] == "markdown"
    )


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_no_text_says_five_of_a_plan_of_seven_years(run, chapter):
    texts = list(told(run, chapter))
    assert len(texts) > 15
    assert [found[0] for text in texts if (found := FIVE.search(text))] == []


def test_the_plan_is_said_to_last_seven_years_in_both_languages(run):
    texts = "\n".join(told(run, "04_procurement"))
    assert "over 7 years" in texts and "7年間" in texts
