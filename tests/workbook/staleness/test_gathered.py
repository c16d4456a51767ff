"""The gathered table of scenarios goes out of date with whatever its scenarios rest on, and with
nothing else.
"""

from __future__ import annotations

import json

import pytest

from workbook.staleness import gathered
from workbook.staleness.keys import Keys


@pytest.fixture
def study(toy):
    table = toy / "runs" / "baseline" / "tables" / "scenarios.csv"
    table.parent.mkdir(parents=True)
    table.write_text("place\n1\n")
    return toy


def baseline(study):
    return study / "runs" / "baseline"


def outdated(study):
    return gathered.why_outdated(Keys(study), baseline(study))


def marked(study):
    gathered.mark(baseline(study), gathered.rests_on(Keys(study), baseline(study)))


def replace(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def in_cell(study, notebook, cell, more):
    path = study / "notebooks" / f"{notebook}.ipynb"
    record = json.loads(path.read_text(encoding="utf-8"))
    (own,) = (found for found in record["cells"] if found["id"] == cell)
    own["source"] = ["".join(own["source"]) + more]
    path.write_text(json.dumps(record), encoding="utf-8")


def own_fields(study):
    (study / "data" / "local").mkdir()
    (study / "data" / "local" / "fields.csv").write_text(
        "field,km2,standing,source\nmill_field,0.4,supplied,measured\n"
    )


CHANGES = {
    "a parameter": (
        lambda s: replace(s / "params.yaml", "price_jpy: 400 ", "price_jpy: 500 "),
        "parameter bread.price_jpy: 400 -> 500",
    ),
    "a scenario": (
        lambda s: replace(
            s / "params.yaml",
            "bread.loaves_per_sack: 50",
            "bread.loaves_per_sack: 40",
        ),
        ("parameter scenarios.heavy_loaves: bread.loaves_per_sack=50 -> bread.loaves_per_sack=40"),
    ),
    "an assumption": (
        lambda s: replace(s / "data" / "assumptions.csv", "assumed", "Assumed"),
        "input table assumptions changed",
    ),
    "own figures": (own_fields, "input table fields changed"),
    "a formula": (
        lambda s: in_cell(s, "02_bread", "compute-states", "\nx = 1"),
        "cell 02_bread/compute-states changed",
    ),
    "the table": (
        lambda s: (baseline(s) / "tables" / "scenarios.csv").write_text("place\n2\n"),
        "tables/scenarios.csv was changed by hand",
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_the_scenarios_rest_on_makes_their_table_outdated_and_is_named(study, change):
    marked(study)
    assert outdated(study) == []
    CHANGES[change][0](study)
    assert outdated(study) == [CHANGES[change][1]]


@pytest.mark.parametrize(
    "change",
    [
        lambda s: replace(s / "params.yaml", "# The choices of the bakery.", "# Choices."),
        lambda s: in_cell(s, "02_bread", "method-en", "\nMore words."),
        # a headless run takes params.yaml's
        lambda s: in_cell(s, "02_bread", "parameters", "\nprice_jpy = 9"),
        # it shows the scenarios, they do not run it
        lambda s: in_cell(s, "03_ledger", "compute", "\nx = 1"),
    ],
)
def test_words_and_the_chapter_that_shows_them_leave_the_scenarios_as_they_are(study, change):
    marked(study)
    change(study)
    assert outdated(study) == []


def test_a_table_of_which_nothing_says_what_it_rests_on_is_outdated_and_none_is_not(study):
    assert outdated(study) == ["nothing says what they rest on"]
    gathered.take_away(baseline(study))
    assert outdated(study) == [] and not list(baseline(study).rglob("scenarios.*"))
