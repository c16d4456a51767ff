"""The exhibits of each chapter: what is declared can be drawn from what the step has, and is what
the step shows.
"""

from __future__ import annotations

import inspect
import json
import re
from importlib import import_module
from pathlib import Path

import pytest

from analysis.study import STUDY
from workbook.exhibits.declared import exhibits_of
from workbook.staleness.syntax import slugs_shown
from workbook.tables.results import result_contracts
from workbook.words.labels import labels_of

STEPS = STUDY.steps

ROOT = Path(__file__).parents[2]
EXHIBITS = [(step, exhibit) for step in STEPS for exhibit in exhibits_of(step.stem).values()]
CHARTS = sorted({exhibit.function for _, exhibit in EXHIBITS if exhibit.chart})
each_step = pytest.mark.parametrize("step", STEPS, ids=[step.stem for step in STEPS])


def cells(step):
    notebook = json.loads((ROOT / "notebooks" / f"{step.name}.ipynb").read_text(encoding="utf-8"))
    return ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]


@each_step
def test_every_exhibit_that_has_a_number_is_declared_and_the_other_way_round(step):
    assert set(exhibits_of(step.stem)) == set(step.numbered) and len(step.numbered) == len(
        set(step.numbered)
    )


def test_no_slug_stands_for_two_exhibits_of_the_study():
    slugs = [exhibit.slug for _, exhibit in EXHIBITS]
    assert len(slugs) == len(set(slugs)) > 60


@each_step
def test_every_table_of_an_exhibit_is_written_or_read_whole_by_its_step(step):
    had = {
        *step.writes,
        *(table for table in (*step.reads, *step.optional) if not step.columns_read(table)),
    }
    assert {
        table for exhibit in exhibits_of(step.stem).values() for table in exhibit.tables
    } <= had & set(result_contracts())


@each_step
def test_a_notebook_shows_or_lacks_every_exhibit_of_its_chapter_and_no_other(step):
    assert set().union(*map(slugs_shown, cells(step))) == set(step.numbered)


@pytest.mark.parametrize("chart", CHARTS)
def test_a_chart_takes_the_tables_of_its_exhibit_in_their_order_and_then_the_words(chart):
    exhibit = next(exhibit for _, exhibit in EXHIBITS if exhibit.function == chart)
    plot = getattr(import_module(exhibit.module), exhibit.plot)
    parameters = [*inspect.signature(plot).parameters.values()]
    required = [parameter for parameter in parameters if parameter.default is parameter.empty]
    counts = {len(exhibit.tables) for _, exhibit in EXHIBITS if exhibit.function == chart}
    assert counts == {len(required) - 1} and parameters[len(required) - 1].name == "words"
    assert labels_of(exhibit.charts)


@pytest.mark.parametrize(
    ("step", "exhibit"), EXHIBITS, ids=[exhibit.slug for _, exhibit in EXHIBITS]
)
def test_an_exhibit_has_a_table_and_none_twice(step, exhibit):
    assert exhibit.tables and len(set(exhibit.tables)) == len(exhibit.tables)


def test_the_readme_names_the_exhibits_of_each_chapter_in_order():
    rows = re.findall(
        r"(?m)^\| (\d\d) (\w+) \|.*\| ([^|]*) \|$", (ROOT / "README.md").read_text("utf-8")
    )
    named = {f"{chapter}_{name}": tuple(slugs.split(" · ")) for chapter, name, slugs in rows}
    # a chapter that somebody adds has no row yet
    assert len(named) >= 12
    assert named == {step.name: tuple(step.numbered) for step in STEPS if step.name in named}
