"""`workbook new` in the toy: what it writes is sound, has nine parts and runs; a name that is taken
is refused, and nothing is written.

By hand: the toy's first table has two rows, so that a new chapter's amount is 2 at a factor of 1.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.notebooks.test_notebook_rules import order_faults, pair_faults
from tests.toy_project import toy_project, workbook


@pytest.fixture
def project(tmp_path) -> Path:
    return toy_project(tmp_path / "bakery")


@pytest.fixture(scope="module")
def untouched(tmp_path_factory) -> Path:
    return toy_project(tmp_path_factory.mktemp("village") / "bakery")


def results(project: Path) -> dict[str, float]:
    text = (project / "runs/baseline/results.json").read_text(encoding="utf-8")
    return {result["id"]: result["value"] for result in json.loads(text)}


def cells_of(project: Path, name: str) -> list[dict]:
    path = project / "notebooks" / f"{name}.ipynb"
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


def files_of(project: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(project)): path.read_bytes()
        for path in project.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_a_new_chapter_is_sound_has_nine_parts_and_runs(project, monkeypatch):
    workbook(project, "new", "chapter", "farm_shop")
    monkeypatch.setenv("CI", "1")  # where a parameters cell that is out of date is a fault
    assert "are sound" in workbook(project, "check")
    assert workbook(project, "sync").split() == ["written:", "params.schema.json"]
    cells = cells_of(project, "04_farm_shop")
    assert [*order_faults(cells), *pair_faults(cells)] == []
    workbook(project, "run")
    assert results(project)["farm_shop"] == 2
    workbook(project, "report")
    assert "4 Farm shop" in (project / "runs/baseline/report/en.html").read_text(encoding="utf-8")


def test_its_section_stands_before_the_scenarios_and_their_comment(project):
    choices = project / "params.yaml"
    text = choices.read_text(encoding="utf-8")
    choices.write_text(text.replace("scenarios:", "# Overlays.\nscenarios:"), encoding="utf-8")
    workbook(project, "new", "chapter", "market")
    after = choices.read_text(encoding="utf-8")
    assert after.index("price_jpy") < after.index("market:") < after.index("# Overlays.")
    assert "# Overlays.\nscenarios:" in after


def test_a_new_exhibit_shows_the_chapters_table_behind_the_others(project):
    workbook(project, "new", "exhibit", "bread", "loaves")
    assert "are sound" in workbook(project, "check")
    shown = [cell["id"] for cell in cells_of(project, "02_bread") if cell["id"].startswith("show")]
    assert shown == [
        "show-takings-by-loss",
        "show-bread-in-numbers",
        "show-bread-what-if",
        "show-bakeries",
        "show-takings-by-state",
        "show-loaves",
    ]
    workbook(project, "run")
    programs = json.loads(workbook(project, "audit", "--json"))["programs"]
    (own,) = (one for one in programs if one["slug"] == "loaves")
    assert (own["number"], own["tables"]) == ("2.6", ["bread"])


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("chapter", "bread"), "there is a section of params.yaml bread already"),
        (("chapter", "scenarios"), "there is a section of params.yaml scenarios already"),
        (("chapter", "grain"), "there is a result table grain already"),
        (("chapter", "fields"), "there is an input table fields already"),
        (("chapter", "grain_by_field"), "there is an exhibit grain_by_field already"),
        (("chapter", "Farm shop"), "'Farm shop' is no name: write small letters"),
        (("chapter", "class"), "'class' is no name"),
        (("exhibit", "bread", "bread_in_numbers"), "02_bread has an exhibit bread-in-numbers"),
        (("exhibit", "bread", "grain_by_field"), "01_harvest has an exhibit grain-by-field"),
        (("exhibit", "bread", "opening"), "02_bread has a message opening already"),
        (
            ("exhibit", "barn", "hay"),
            "no notebook 'barn'; there are: 01_harvest, 02_bread, 03_ledger",
        ),
    ],
)
def test_a_name_that_is_taken_is_refused_in_one_message(untouched, asked, said):
    before = files_of(untouched)
    (told,) = workbook(untouched, "new", *asked, code=2).splitlines()
    assert told.startswith(said)
    assert files_of(untouched) == before
