"""The tests of the workbook know no study either: they take the toy, or something made up."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.test_house import (
    ROOT,
    literal_faults,
    names_of_the_study,
    parsed,
    place_faults,
    places_of_the_study,
    run_in_earnest,
)
from tests.toy_project import with_the_toy
from workbook.study import NAMED_BY, study

TESTS = sorted((ROOT / "tests" / "workbook").rglob("*.py"))
# Made-up studies, what looks at any page, and the rules of any notebook; the rest is the study's.
MAY_IMPORT = (
    "tests.workbook",
    "tests.toy_project",
    "tests.end_to_end.looks",
    "tests.notebooks.test_notebook_rules",
)
# Tables of the study whose names are plain words.
PLAIN_WORDS = {"answers", "targets"}
# Fixtures that hold the real study.
OF_THE_STUDY = ("copied_study", "copy_of_the_study")


def imported_by_a_test(tree: ast.AST) -> Iterator[str]:
    for node in run_in_earnest(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def study_faults(text: str, test: str, names: set[str], places: set[str]) -> Iterator[str]:
    """Yield what a test of the workbook takes from the real study: imports, names, places."""
    tree = ast.parse(text)
    for name in imported_by_a_test(tree):
        foreign = name.startswith("tests.") and not name.startswith(MAY_IMPORT)
        if name.split(".")[0] == "analysis" or foreign:
            yield f"{test} imports {name}"
    taken = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    yield from (f"{test} takes {name}" for name in OF_THE_STUDY if name in taken)
    yield from literal_faults(tree, test, names)
    yield from place_faults(text, test, places)


def test_no_test_of_the_workbook_knows_the_study():
    names, places = names_of_the_study() - PLAIN_WORDS, places_of_the_study()
    assert len(TESTS) > 60
    assert [
        fault
        for path in TESTS
        for fault in study_faults(path.read_text(encoding="utf-8"), path.name, names, places)
    ] == []


@pytest.mark.parametrize(
    "text",
    [
        "from analysis.study import STUDY",
        "def test_x():\n    import analysis.groups",
        "from tests.worlds import world",
        "from tests.end_to_end.conftest import copy_of_the_study",
        "def test_x(copied_study):\n    pass",
        "STEP = '04_procurement'",
        "TABLE = 'data/ict_cost.csv'",
        "GROUP = 'tama26'",
        "CODE = '131016'",
        "# as in Chiyoda",
    ],
)
def test_the_rule_bites(text):
    assert list(study_faults(text, "t", names_of_the_study(), places_of_the_study()))


def test_the_rule_lets_the_toy_through():
    text = "from bakery.study import STUDY\nfrom tests.toy_project import TOY\nSTEP = '02_bread'\n"
    assert not list(study_faults(text, "t", names_of_the_study(), places_of_the_study()))


def test_every_test_of_the_workbook_works_with_the_toy(monkeypatch):
    """The fixture that all of them have by themselves names it."""
    conftest = parsed(ROOT / "tests" / "workbook" / "conftest.py")
    (fixture,) = (
        node
        for node in ast.walk(conftest)
        if isinstance(node, ast.FunctionDef) and node.name == "of_the_toy"
    )
    assert "autouse=True" in ast.unparse(fixture.decorator_list[0])
    assert with_the_toy.__name__ in {
        node.id for node in ast.walk(fixture) if isinstance(node, ast.Name)
    }
    with_the_toy(monkeypatch)
    assert NAMED_BY == "WORKBOOK_STUDY" and study().package == "bakery"
