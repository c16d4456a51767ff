"""How open a step's results are: as its strictest own table, or an earlier step's."""

from __future__ import annotations

import json
import stat

import pytest
from bakery.study import STUDY

from tests.workbook.villages import Groups
from workbook.steps import Step
from workbook.tables.data_package import DataPackage
from workbook.tables.openness import mode_of_run, mode_of_step
from workbook.whole_files import OPEN

MAKES = Step("02_flour", inputs=("cost",), reads=(), writes=("costs",), exhibits=())
READS = Step("03_milling", inputs=("plan",), reads=("costs",), writes=("terms",), exhibits=())
SUMS = Step(
    "12_ledger", inputs=(), reads=(), writes=("answers",), exhibits=(), reads_headlines=True
)
GATHERS = Step("08_market", inputs=(), reads=(), writes=("back",), exhibits=(), optional=("costs",))


@pytest.fixture
def project(tmp_path):
    resources = [
        {"name": "cost", "path": "local/cost.csv", "local": True},
        *({"name": name, "path": f"{name}.csv"} for name in ("plan", "fields")),
    ]
    (tmp_path / "data" / "local").mkdir(parents=True)
    (tmp_path / "data" / "datapackage.json").write_text(
        json.dumps({"name": "x", "resources": resources})
    )
    for name in ("plan", "fields"):
        file_of(tmp_path / "data" / f"{name}.csv", 0o600)  # a published table forbids nothing
    return tmp_path


def file_of(path, mode):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    path.chmod(mode)


def mode(project, step, *runs):
    return mode_of_step(step, DataPackage(project), *(runs or [project / "runs" / "baseline"]))


def test_without_own_tables_everything_is_open(project):
    assert {mode(project, step) for step in (MAKES, READS, SUMS, GATHERS)} == {OPEN}


def test_a_step_is_as_private_as_its_own_table(project):
    file_of(project / "data" / "local" / "cost.csv", 0o640)
    assert mode(project, MAKES) == 0o640 and mode(project, READS) == OPEN


class Named(Groups):
    """Groups whose members are named in a table."""

    names_table = "fields"


def test_the_strictest_of_several_own_tables_counts(project, monkeypatch):
    monkeypatch.setitem(vars(STUDY), "groups", Named())
    file_of(project / "data" / "local" / "cost.csv", 0o600)
    file_of(project / "data" / "local" / "fields.csv", 0o644)
    assert (
        mode(project, MAKES) == 0o600 and mode(project, READS) == 0o644
    )  # the names of members are everywhere


@pytest.mark.parametrize(
    ("step", "left"),
    [
        (READS, "tables/costs.csv"),
        (GATHERS, "tables/costs.csv"),
        (SUMS, "steps/02_flour.json"),
    ],
)
def test_what_another_step_made_hands_its_mode_on(project, step, left):
    """The tempting way asks for a step's own local inputs alone: then chapter 3 opens chapter 2."""
    file_of(project / "runs" / "baseline" / left, 0o600)
    assert mode(project, step) == 0o600


def test_what_follows_a_step_does_not_bind_it(project):
    """Its own record, made from a table that is gone, would keep it private for ever."""
    file_of(project / "runs" / "baseline" / "steps" / "12_ledger.json", 0o600)
    assert mode(project, SUMS) == OPEN


def test_a_table_that_may_come_from_either_run_counts_in_both(project):
    runs = [project / "runs" / "interactive", project / "runs" / "baseline"]
    file_of(runs[1] / "tables" / "costs.csv", 0o600)
    assert mode(project, READS, *runs) == 0o600 and mode(project, READS, runs[0]) == OPEN


def test_a_run_is_as_private_as_its_strictest_step(project):
    run = project / "runs" / "baseline"
    file_of(run / "steps" / "01_harvest.json", 0o644)
    assert mode_of_run(run) == 0o644
    file_of(run / "executed" / "02_flour.ipynb", 0o600)
    assert (
        mode_of_run(run) == 0o600
        and stat.S_IMODE((run / "steps" / "01_harvest.json").stat().st_mode) == 0o644
    )


def test_a_table_that_the_package_does_not_declare_is_not_there(tmp_path):
    """A run from before a table's renaming has it on record. Tempting: to ask for its path."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "datapackage.json").write_text('{"resources": []}', encoding="utf-8")
    assert not DataPackage(tmp_path).has("named_otherwise_then")
