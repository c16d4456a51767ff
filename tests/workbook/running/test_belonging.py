"""Steps of several runs in one folder are told apart before anybody reads them as one."""

from __future__ import annotations

import pytest

from tests.workbook.running.test_pipeline import NAMES, ran, study  # noqa: F401  a fixture
from tests.workbook.tiny_study import STEPS, with_cell
from workbook.running.belonging import failed, strangers
from workbook.running.engine.failure import Failure


def found(folder):
    return strangers(folder / "runs" / "baseline", STEPS)


def test_a_whole_run_and_a_run_of_the_first_chapters_belong_together(study):  # noqa: F811
    ran(study, steps=STEPS[:2])
    assert found(study) == []
    ran(study)
    assert found(study) == [] and failed(study / "runs" / "baseline") == []


def test_data_that_some_chapters_saw_and_others_did_not_are_named(study):  # noqa: F811
    ran(study)
    (study / "data" / "rain.csv").write_text("n\n5\n")
    ran(study, steps=STEPS[:1])
    assert found(study) == [
        f"{NAMES[2]}: table drops changed",
        f"{NAMES[3]}: the headline results of {NAMES[0]} changed",
    ]


def test_old_tables_that_a_failure_left_are_told_from_new_ones(study):  # noqa: F811
    ran(study)
    with_cell(study, STEPS[2], "leave", lambda source: "raise ValueError('no snow')")
    with pytest.raises(Failure):
        ran(study, "bread.loaves_per_sack=3")
    assert found(study) == [f"{NAMES[2]}: parameter loaves_per_sack: 60 -> 3"] and failed(
        study / "runs" / "baseline"
    ) == [NAMES[2]]


def test_a_step_without_a_mark_and_one_that_was_edited_by_hand_are_named(study):  # noqa: F811
    ran(study)
    (study / "runs" / "baseline" / "keys" / f"{NAMES[0]}.json").unlink()
    (study / "runs" / "baseline" / "tables" / "answers.csv").write_text("n\n1\n")
    assert found(study) == [
        f"{NAMES[0]}: not run to its end, or changed while it ran",
        f"{NAMES[3]}: tables/answers.csv is missing or damaged",
    ]


def test_a_notebook_edited_after_the_run_leaves_the_run_as_it_is(study):  # noqa: F811
    ran(study)
    with_cell(study, STEPS[2], "compute", lambda source: source + "\nx = 1")
    assert found(study) == []
