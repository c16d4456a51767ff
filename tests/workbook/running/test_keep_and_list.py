"""A run kept to compare with, the list of runs, and chapters taken over by a run that begins later:
on the bakery, whose takings are 4.8 million yen at 400 yen a loaf and 3.6 at 300.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.toy_project import edit, toy_project, workbook


@pytest.fixture(scope="module")
def baked(tmp_path_factory) -> Path:
    project = toy_project(tmp_path_factory.mktemp("village") / "bakery")
    workbook(project, "run")
    return project


@pytest.fixture
def own(baked, tmp_path) -> Path:
    return shutil.copytree(baked, tmp_path / "bakery")


def test_what_stood_before_a_change_is_kept_with_its_words_and_its_data(own):
    """Tempting is a copy that compare brings up to date: then a changed sentence is the same."""
    edit(own / "params.yaml", "price_jpy: 400 ", "price_jpy: 300 ")
    words = own / "notebooks/words/01_harvest.en.md"
    edit(words, "sacks of grain.\n", "sacks of good grain.\n")
    edit(own / "data/fields.csv", "hill_field,0.3", "hill_field,0.4")
    workbook(own, "catalogue")
    assert "kept: runs/before" in workbook(own, "run", "--keep", "before")
    told = workbook(own, "compare", "before", "baseline", code=1)
    assert "bread.price_jpy: 400 -> 300" in told
    assert "    hill_field, km2: 0.3 -> 0.4" in told
    assert "en - The fields give 250 sacks of grain." in told
    assert "en + The fields give 300 sacks of good grain." in told
    again = workbook(own, "compare", "baseline", "before", "--markdown", code=1)
    assert "+ en: The fields give 250 sacks of grain." in again  # nothing was drawn anew


def test_keeping_a_fresh_run_runs_nothing_and_the_copy_is_the_same(own):
    told = workbook(own, "run", "--keep", "before")
    assert "kept: runs/before" in told and "nothing to run" in told
    workbook(own, "compare", "before", "baseline")
    workbook(own, "run", "--keep", "before")  # a standing name: the older copy goes
    assert "is not built again" in workbook(own, "report", "before", code=2)


@pytest.mark.parametrize("name", ["baseline", "nothing_fallow", "baseline-0a1b2c", "../x", "own"])
def test_a_name_that_a_run_has_or_could_have_is_refused(own, name):
    shutil.copytree(own / "runs/baseline", own / "runs/own")  # a run that nobody kept
    before = sorted(path.name for path in (own / "runs").iterdir())
    assert f"--keep {name}: " in workbook(own, "run", "--keep", name, code=2)
    assert sorted(path.name for path in (own / "runs").iterdir()) == before


def test_nothing_is_kept_where_nothing_has_run(own):
    shutil.rmtree(own / "runs")
    assert "`workbook run` first" in workbook(own, "run", "--keep", "before", code=2)
    assert "no run yet" in workbook(own, "runs")


def test_own_tables_are_not_copied_into_a_run(own):
    """Whoever hands a run's folder on would hand confidential figures on with it."""
    (own / "data/local").mkdir()
    fields = (own / "data/fields.csv").read_text(encoding="utf-8").replace("0.3", "0.4")
    (own / "data/local/fields.csv").write_text(fields, encoding="utf-8")
    workbook(own, "run")
    assert sorted(path.name for path in (own / "runs/baseline/inputs").iterdir()) == [
        "assumptions.csv"
    ]


def test_runs_are_listed_by_what_they_changed(own):
    workbook(own, "run", "--scenario", "nothing_fallow")
    workbook(own, "run", "--keep", "before")
    baseline, before, scenario = workbook(own, "runs").splitlines()
    assert baseline.startswith("baseline ") and "fresh" in baseline
    assert "as the study stands" in baseline and "kept of baseline" in before
    assert scenario.startswith("nothing_fallow ") and scenario.endswith("study.fallow_share=0.0")
    edit(own / "data/fields.csv", "hill_field,0.3", "hill_field,0.4")
    formulas = own / "src/bakery/chapters/bread/formulas.py"
    formulas.write_text(formulas.read_text(encoding="utf-8") + "\n\nNEW = 1\n", encoding="utf-8")
    listed = workbook(own, "runs")
    assert listed.count("table fields") == 3 and listed.count("code of chapter 2\n") == 2
    assert "stale: 2 of 2 chapters" in listed


def test_a_new_run_that_begins_later_takes_the_earlier_chapters_over(own):
    told = workbook(own, "run", "--set", "bread.price_jpy=300", "--from", "2")
    assert "as in runs/baseline" in told and "02_bread" in told
    (run,) = (path for path in (own / "runs").iterdir() if path.name.startswith("baseline-"))
    results = json.loads((run / "results.json").read_text(encoding="utf-8"))
    assert [result["value"] for result in results] == [250, 3_600_000]


def test_what_a_renamed_notebook_left_in_a_run_is_no_chapter_of_its_report(own):
    """As after a renumbering: the run holds 03_bread from before, and no notebook has that name."""
    run = own / "runs/baseline"
    for kind in ("executed", "notebooks"):
        shutil.copy(run / kind / "02_bread.ipynb", run / kind / "03_bread.ipynb")
    workbook(own, "report")  # that of before is taken away
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    manifest["steps"]["03_bread"] = manifest["steps"]["02_bread"]
    (run / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    said = workbook(own, "report", code=2)
    assert "renamed or removed (03_bread): `workbook run` first" in said
    workbook(own, "run")  # nothing is stale, and yet the record is renewed
    workbook(own, "report")


def test_a_run_is_compared_with_a_folder_elsewhere(own, tmp_path):
    elsewhere = shutil.copytree(own / "runs/baseline", tmp_path / "theirs" / "baseline")
    files = sorted(path.name for path in elsewhere.rglob("*"))
    assert "every sentence is the same" in workbook(own, "compare", str(elsewhere), "baseline")
    workbook(own, "compare", "runs/baseline", str(elsewhere))
    assert sorted(path.name for path in elsewhere.rglob("*")) == files  # nothing is written there
    (elsewhere / "results.json").unlink()
    said = workbook(own, "compare", str(elsewhere), "baseline", code=2)
    assert "results.json is missing" in said


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("manifest.json", '{"steps": 1}'),
        ("keys/01_harvest.json", "{}"),
        ("executed/01_harvest.ipynb", "no json"),
        ("results.json", '[{"value": 1}]'),
        ("inputs/fields.csv", "\x00\n"),
    ],
)
def test_exit_code_1_says_that_runs_differ_and_nothing_else(own, tmp_path, file, text):
    """A damaged run, whatever is wrong with it, is a mistake (2): a script must not take it for a
    difference, nor for none.
    """
    theirs = shutil.copytree(own / "runs/baseline", tmp_path / "theirs")
    (theirs / file).write_text(text, encoding="utf-8")
    if file.startswith("inputs"):
        mark = theirs / "keys/01_harvest.json"
        mark.write_text(mark.read_text(encoding="utf-8").replace('"fields": "', '"fields": "0'))
        workbook(own, "compare", str(theirs), "baseline")  # rows cannot be told, and that is all
    else:
        workbook(own, "compare", str(theirs), "baseline", code=2)
