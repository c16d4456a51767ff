"""One number, one value, over a whole run: whatever a chapter says of a quantity is its headline,
or says how it differs.
"""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.chapters.findings import quantities
from analysis.study import STUDY
from tests.second_values import (
    headlines_of,
    second_values,
    shown_in,
    tables_of,
    two_values,
    unqualified,
)
from workbook.words.messages import Words

pytestmark = pytest.mark.whole


@pytest.mark.parametrize("chapter", [step.name for step in STUDY.steps])
def test_a25_a_second_value_of_a_quantity_says_how_it_differs(study, chapter):
    run, words = study / "runs" / "baseline", Words.of(study, chapter)
    values = second_values(run)
    found = [
        fault
        for said in shown_in(run / "executed" / f"{chapter}.ipynb")
        for fault in unqualified(said, words, values)
    ]
    assert found == []


def test_what_two_chapters_work_out_of_one_quantity_is_one_number(study):
    run = study / "runs" / "baseline"
    assert two_values(tables_of(run), headlines_of(run)) == {}


def test_a25_every_quantity_has_one_headline_and_every_difference_has_its_words(study):
    table = pd.read_csv(study / "runs" / "baseline" / "tables" / "correspondences.csv")
    assert (table.groupby("quantity_en")["headline"].sum() == 1).all()
    assert len(table) == sum(len(cells) for cells in quantities.QUANTITIES.values())
    # two values written alike are two all the same: the one that is no headline says why
    assert table.loc[~table["headline"], "differs_en"].ne("the headline").all()
