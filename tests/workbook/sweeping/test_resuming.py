"""What a sweep leaves when it is broken off, and what it takes from what is finished already."""

from __future__ import annotations

import csv
import os
import random
import signal
import subprocess
import sys
import time

import pytest

from tests.toy_project import ROOT, toy_project, workbook
from tests.workbook.tiny_study import STEPS, tiny_study, with_cell
from workbook.running.pipeline import How, run_study
from workbook.staleness.keys import Keys
from workbook.steps import Step
from workbook.sweeping import Where, grid_variants, sweep
from workbook.sweeping.costs import cost_lines
from workbook.sweeping.order import Order
from workbook.sweeping.plan import Task

ONE = Where(workers=1)


@pytest.fixture
def study(tmp_path):
    folder = tmp_path / "study"
    folder.mkdir()
    tiny_study(folder)
    return folder


def points(folder, values="3,5"):
    return grid_variants(folder / "params.yaml", [f"bread.loaves_per_sack={values}"])


def tables(outcome):
    return outcome.table.read_bytes()


# -- which task goes next


def chain(*links):
    step = Step("01_x", (), (), (), ())
    return {name: Task(name, step, {}, tuple(upstream), "") for name, upstream in links}


def test_what_follows_goes_before_what_begins_so_that_whole_runs_end_early():
    order = Order(chain(("a", ""), ("b", ""), ("c", "a"), ("d", "ac"), ("e", "b")), ())
    gone = []
    while task := order.take():
        gone.append(task.id)
        order.ended(task.id)
    assert gone == ["a", "c", "d", "b", "e"]


def test_what_reads_of_a_lost_task_is_lost_and_nothing_else():
    order = Order(chain(("a", ""), ("b", ""), ("c", "ab"), ("d", "c"), ("e", "b")), ("b",))
    assert order.lost("a") == {"a", "c", "d"}


# -- what runs have finished


@pytest.mark.whole
def test_a_sweep_takes_what_a_run_has_finished_and_its_table_is_the_same(study, tmp_path):
    alone = tables(sweep(study, "alone", points(study), STEPS[:3], ONE))
    (study / "runs").rename(tmp_path / "away")
    five = points(study)[1].parameters
    run_study(study, five, "five", STEPS[:3], How(exhibits=False), Keys(study, STEPS[:3]))
    found = sweep(study, "found", points(study), STEPS[:3], ONE)
    # of the four steps only the third of the other point is left to run
    assert (len(found.kept), len(found.ran)) == (3, 1) and tables(found) == alone


@pytest.mark.whole
def test_what_a_run_made_of_other_tables_is_not_taken(study):
    """Tempting: a step is the same when its own code, data and parameters are."""
    three = points(study)[0].parameters
    run_study(study, three, "old", STEPS[:3], How(exhibits=False), Keys(study, STEPS[:3]))
    with_cell(study, STEPS[0], "compute", lambda source: source.replace("n % 10", "n % 10 + 1"))
    found = sweep(study, "new", points(study, "3"), STEPS[:3], ONE)
    # the first has another cell, the third reads its table; the second is as it was
    assert (len(found.kept), len(found.ran)) == (1, 2)


# -- broken off


@pytest.mark.whole
def test_a_sweep_that_is_broken_off_leaves_the_table_of_what_was_done(study):
    def stop(done, total, step):
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sweep(study, "a", points(study, "3,4,5,6"), STEPS[:1] + STEPS[2:3], ONE, stop)
    (table,) = (study / "runs" / "sweeps").glob("*/results.csv")
    left = list(csv.DictReader(table.read_text().splitlines()))
    assert {row["run"] for row in left} == {
        f"bread.loaves_per_sack={value}" for value in (3, 4, 5, 6)
    }
    again = sweep(study, "a", points(study, "3,4,5,6"), STEPS[:1] + STEPS[2:3], ONE)
    assert len(again.kept) >= 3 and len(again.kept) + len(again.ran) == 5


def started(project, *words):
    places = os.pathsep.join([str(ROOT / "src"), str(project / "src")])
    return subprocess.Popen(
        [sys.executable, "-m", "workbook", *words],
        cwd=project,
        env={**os.environ, "PYTHONPATH": places},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


@pytest.mark.slow
def test_a_sweep_killed_at_random_and_started_again_gives_the_same_bytes(tmp_path):
    words = ("sweep", "--grid", "bread.price_jpy=200,300,400,500,600,700", "--workers", "2")
    clean, killed = toy_project(tmp_path / "clean"), toy_project(tmp_path / "killed")
    workbook(clean, *words)
    kept, draw = killed / "runs" / "sweeps" / "tasks", random.Random(26)
    for before in (1, 3, 5):  # so many tasks are home when it is killed, and a little later
        process = started(killed, *words)
        while process.poll() is None and len(list(kept.glob("*.gz"))) < before:
            time.sleep(0.05)
        time.sleep(draw.random())
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        (table,) = (killed / "runs" / "sweeps").glob("*/results.csv")
        assert table.read_text().startswith("run,bread.price_jpy,id")
    workbook(killed, *words)
    (one,), (other,) = ((at / "runs/sweeps").glob("*/results.csv") for at in (clean, killed))
    assert one.read_bytes() == other.read_bytes() and one.parent.name == other.parent.name


# -- what it would cost


def files_below(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.whole
def test_a_dry_run_reads_what_runs_have_finished_where_it_is_and_writes_nothing(study):
    """Tempting: to take it home first, as the sweep itself does, and count what is there then."""
    five = points(study)[1].parameters
    run_study(study, five, "five", STEPS[:3], How(exhibits=False), Keys(study, STEPS[:3]))
    before = files_below(study)
    told = list(cost_lines(study, points(study), STEPS[:3], ONE))
    assert files_below(study) == before and not (study / "runs" / "sweeps").exists()
    # the third step reads a table of the first, which stands in that run alone
    assert told[0] == "2 runs: 1 steps to run, 3 are there"


@pytest.mark.whole
def test_a_dry_run_counts_what_is_missing_and_runs_nothing(study):
    told = list(cost_lines(study, points(study), STEPS[:3], ONE))
    assert told[0] == "2 runs: 4 steps to run, 0 are there"
    assert told[-2] == ("no run has left the time of these: 01_harvest, 02_harvest, 03_bread")
    sweep(study, "a", points(study), STEPS[:3], ONE)
    told = list(cost_lines(study, points(study, "3,5,7,8"), STEPS[:3], Where(workers=2)))
    assert told[0] == "4 runs: 2 steps to run, 4 are there"
    assert told[1].startswith("03_bread                 2 times, ") and "MB each" in told[1]
    assert "2 worker(s); a worker holds" in told[-1]
