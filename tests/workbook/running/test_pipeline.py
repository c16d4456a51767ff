"""The headless run: it runs what is stale and nothing else, reuses what another run has, and
survives what goes wrong.
"""

from __future__ import annotations

import errno
import json
import os
import stat
import threading
from contextlib import redirect_stdout
from dataclasses import replace
from io import StringIO
from types import SimpleNamespace

import nbformat
import pytest

from tests.workbook.tiny_study import STEPS, tables_of, tiny_parameters, tiny_study, with_cell
from workbook.comparing.verify import verify
from workbook.notebook.run_folder import RunFolder
from workbook.running import finished_step, lock, pipeline, rounds
from workbook.running import status as staleness
from workbook.running.engine import execution
from workbook.running.engine.failure import Failure
from workbook.running.lock import locked
from workbook.running.rounds import How
from workbook.staleness import gathered
from workbook.staleness.keys import Keys

NAMES = [step.name for step in STEPS]
PATIENCE = 120  # seconds until a test that waits for nothing gives up; no result depends on it
cells_one_at_a_time = threading.Lock()  # they change the working folder of the whole process


def executed_here(source, parameters, engine="stock", variables=None, spent=None):
    """Execute a notebook's cells in this process: what a kernel does, without waiting for one."""
    notebook, namespace, before = nbformat.read(source, as_version=4), {}, os.getcwd()
    os.chdir(source.parent)
    os.environ.update(variables or {})
    try:
        for cell in notebook.cells:
            printed = StringIO()
            with redirect_stdout(printed):
                exec(cell.source, namespace)  # noqa: S102  a test's own notebook
            namespace.update(parameters if cell.id == "parameters" else {})
            cell.outputs = (
                [nbformat.v4.new_output("stream", text=printed.getvalue())]
                if printed.getvalue()
                else []
            )
    except Exception as fault:  # noqa: BLE001  whatever a cell raises
        raise Failure(source.stem, cell.id, f"{type(fault).__name__}: {fault}", notebook) from None
    finally:
        os.chdir(before)
    return notebook


@pytest.fixture
def study(tmp_path, monkeypatch):
    for name in ("WORKBOOK_RUN", "WORKBOOK_DRAFT"):
        monkeypatch.setenv(name, "")  # what a test's cells are told is taken back afterwards
    monkeypatch.setattr(execution, "execute", executed_here)
    monkeypatch.setattr(rounds, "write_manifest", written_without_catalog)
    return tiny_study(tmp_path)


def written_without_catalog(root, run, steps, records):
    (run / "manifest.json").write_text(json.dumps({"steps": records}))


def ran(folder, *overrides, run_id="baseline", steps=STEPS, **options):
    """Run the study and return what became of each step, by name, in the order in which they
    ended.
    """
    told = {}

    def on_step(step, state, why):
        told.pop(step.name, None)
        told[step.name] = state

    how = How(engine="stock", on_step=on_step, **options)
    pipeline.run_study(
        folder, tiny_parameters(*overrides), run_id, steps, how, Keys(folder, STEPS, folder)
    )
    return told


def executed(told):
    return [name for name, state in told.items() if state == "executed"]


def whys(folder):
    return {
        name: record["reasons"]
        for name, record in json.loads(
            (folder / "runs" / "baseline" / "manifest.json").read_text()
        )["steps"].items()
    }


def test_the_second_run_runs_nothing(study):
    assert executed(ran(study)) == NAMES
    assert tables_of(study) == {
        "answers": "n\n420\n",
        "depth": "n\n420\n",
        "drops": "n\n7\n",
        "hours": "n\n3\n4\n",
    }
    assert set(ran(study).values()) == {"fresh"}


def standings(folder):
    return staleness.status(
        Keys(folder, STEPS, folder), tiny_parameters(), folder / "runs" / "baseline"
    )


def test_a_parameter_reruns_its_own_chapter_and_what_reads_its_changed_tables(study):
    ran(study)
    assert executed(ran(study, "bread.loaves_per_sack=3")) == NAMES[2:]
    assert tables_of(study)["answers"] == "n\n21\n"
    assert whys(study)[NAMES[2]] == ["parameter loaves_per_sack: 60 -> 3"] and whys(study)[
        NAMES[3]
    ] == ["table depth changed"]


def test_an_unchanged_table_stops_the_wave(study):
    """3 + 4 and 13 + 4 end in the same digit: the next chapter must not run because its upstream
    ran.
    """
    ran(study)
    (study / "data" / "rain.csv").write_text("n\n13\n4\n")
    assert executed(ran(study)) == NAMES[:1]


def test_prose_and_comments_run_nothing_and_force_runs_all(study):
    ran(study)
    with_cell(study, STEPS[0], "compute", lambda source: source + "# a remark")
    assert executed(ran(study)) == []
    assert executed(ran(study, force=True)) == NAMES


def test_a_range_runs_only_what_it_names(study):
    ran(study)
    with_cell(study, STEPS[0], "compute", lambda source: source + "\nx = 1")
    with_cell(study, STEPS[1], "compute", lambda source: source + "\nx = 1")
    assert executed(ran(study, steps=STEPS[1:3])) == [NAMES[1]]


def test_another_run_reuses_what_rests_on_the_same_and_says_from_where(study):
    ran(study)
    told = ran(study, "bread.loaves_per_sack=3", run_id="three")
    assert told == dict(zip(NAMES, ["reused", "reused", "executed", "executed"], strict=True))
    records = json.loads((study / "runs" / "three" / "manifest.json").read_text())["steps"]
    assert records[NAMES[0]]["from"] == "baseline"
    assert (
        tables_of(study, "three")["answers"] == "n\n21\n"
        and tables_of(study)["answers"] == "n\n420\n"
    )


def notebooks_of(folder, run_id, kind):
    return sorted(path.stem for path in (folder / "runs" / run_id / kind).glob("*.ipynb"))


def test_a_run_for_its_numbers_alone_is_taken_by_one_with_exhibits_and_the_other_way_round(study):
    """Tempting: to run a notebook once more to have its pictures. What it left says all that they
    are drawn from.
    """
    assert executed(ran(study, run_id="numbers", exhibits=False)) == NAMES
    assert (
        notebooks_of(study, "numbers", "executed") == NAMES
        and notebooks_of(study, "numbers", "notebooks") == []
    )
    assert (
        set(ran(study).values()) == {"reused"}
        and notebooks_of(study, "baseline", "notebooks") == NAMES
    )
    assert (
        set(ran(study, run_id="numbers").values()) == {"fresh"}
        and notebooks_of(study, "numbers", "notebooks") == NAMES
    )
    assert set(ran(study, run_id="third", exhibits=False).values()) == {"reused"}


def test_a_damaged_result_is_neither_kept_nor_reused(study):
    ran(study)
    (study / "runs" / "baseline" / "tables" / "drops.csv").write_text("n\n8\n")
    assert ran(study, run_id="other")[NAMES[0]] == "executed"
    # so that there is nothing to copy back
    (study / "runs" / "other" / "keys" / f"{NAMES[0]}.json").unlink()
    assert ran(study)[NAMES[0]] == "executed" and whys(study)[NAMES[0]] == [
        "tables/drops.csv is missing or damaged"
    ]
    assert tables_of(study)["drops"] == "n\n7\n"


def files_of(run):
    return {
        path.relative_to(run).as_posix(): path.read_bytes()
        for path in sorted(run.rglob("*"))
        if path.is_file() and path.name not in (".lock", "manifest.json")
    }


def test_a_cell_that_raises_leaves_the_step_as_it_was_and_its_notebook_elsewhere(study):
    ran(study)
    run, written = study / "runs" / "baseline", "write('tables', 'depth.csv', 'n\\n99\\n')\n"
    before = files_of(run)
    del before["ro-crate-metadata.json"]  # a run that failed is not told of as a whole
    # tempting: the table is written already when the cell raises
    with_cell(study, STEPS[2], "compute", lambda source: f"{written}raise ValueError('no snow')")
    with pytest.raises(Failure, match="cell compute: ValueError: no snow"):
        ran(study)
    after = files_of(run)
    failed = after.pop(f"failed/{NAMES[2]}.ipynb")
    assert after == before and b"no snow" in failed and tables_of(study)["depth"] == "n\n420\n"
    # nothing old passes for new
    assert [found.fresh for found in standings(study)] == [True, True, False, False]
    with_cell(
        study, STEPS[2], "compute", lambda source: "write('tables', 'depth.csv', 'n\\n420\\n')"
    )
    # its table is what it was: the findings need not run
    assert executed(ran(study)) == [NAMES[2]]
    assert not (run / "failed" / f"{NAMES[2]}.ipynb").exists()


def test_a_notebook_does_not_find_its_own_table_of_an_earlier_life(study):
    ran(study)
    with_cell(
        study,
        STEPS[2],
        "compute",
        lambda source: source + "\nassert (draft / 'tables' / 'depth.csv').exists()",
    )
    assert executed(ran(study)) == [NAMES[2]]
    folder = RunFolder(study / "runs" / "baseline", study / "draft", ("depth",))
    assert folder.table_path("drops").exists() and not folder.table_path("depth").exists()


@pytest.mark.parametrize("kept", range(3))
def test_a_kill_while_files_change_places_leaves_the_step_unmarked(study, monkeypatch, kept):
    """Of a step's three files so many have changed places: whatever is in the folder, no mark says
    that it is whole.
    """
    ran(study)
    moved = iter(range(kept))

    def killed(new, old):
        if next(moved, None) is None:
            raise KeyboardInterrupt
        os.rename(new, old)

    monkeypatch.setattr(finished_step.os, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        finish_a_new_draft(study)
    assert finished_step.finished(study / "runs" / "baseline", STEPS[2]) is None


def finish_a_new_draft(study):
    run = study / "runs" / "baseline"
    draft = finished_step.draft_of(run, STEPS[2])
    for name in (f"executed/{NAMES[2]}.ipynb", f"steps/{NAMES[2]}.json", "tables/depth.csv"):
        (draft / name).parent.mkdir(parents=True, exist_ok=True)
        (draft / name).write_text("new")
    finished_step.finish(run, STEPS[2], {"cells": {}})


def test_a_draft_that_a_killed_run_left_is_swept(study):
    ran(study)
    draft = study / "runs" / "baseline" / ".drafts" / f"{NAMES[0]}-1" / "tables" / "drops.csv"
    draft.parent.mkdir(parents=True)
    draft.write_text("n\n99\n")
    ran(study)
    assert not draft.exists() and tables_of(study)["drops"] == "n\n7\n"


def test_a_source_that_changes_while_its_step_runs_is_not_marked_as_finished(study, monkeypatch):
    def edited_meanwhile(source, parameters, engine="stock", variables=None, spent=None):
        notebook = executed_here(source, parameters, engine, variables)
        with_cell(study, STEPS[0], "compute", lambda text: text + "\nx = 1")
        return notebook

    monkeypatch.setattr(execution, "execute", edited_meanwhile)
    ran(study, steps=STEPS[:1])
    monkeypatch.setattr(execution, "execute", executed_here)
    assert executed(ran(study, steps=STEPS[:1])) == NAMES[:1]


@pytest.mark.parametrize("edited", ["bakery/rules.py", "data/datapackage.json"])
def test_what_a_step_imports_or_declares_and_changes_while_it_runs_is_seen_too(
    study, monkeypatch, edited
):
    """What the kernel had read when it changed, nobody knows; taken back afterwards, it must not
    pass for what the step ran with.
    """
    (study / "bakery").mkdir()
    (study / "bakery" / "__init__.py").touch()
    (study / "bakery" / "rules.py").write_text("LIMIT = 1\n")
    with_cell(
        study, STEPS[0], "compute", lambda source: f"if False:\n    import bakery.rules\n{source}"
    )
    path, before = study / edited, (study / edited).read_text()

    def edited_meanwhile(source, parameters, engine="stock", variables=None, spent=None):
        path.write_text(before.replace("LIMIT = 1", "LIMIT = 2").replace("Rain", "Rainfall"))
        return executed_here(source, parameters, engine, variables)

    monkeypatch.setattr(execution, "execute", edited_meanwhile)
    ran(study, steps=STEPS[:1])
    path.write_text(before)
    monkeypatch.setattr(execution, "execute", executed_here)
    assert (
        executed(ran(study, steps=STEPS[:1])) == NAMES[:1]
        and executed(ran(study, steps=STEPS[:1])) == []
    )


@pytest.mark.parametrize(
    "edit",
    [lambda path: path.write_text("study:\n  group: [tokyo23\n"), lambda path: path.unlink()],
    ids=["half saved", "gone"],
)
def test_params_yaml_edited_in_mid_run_changes_nothing_that_runs(study, monkeypatch, edit):
    def edited_meanwhile(source, parameters, engine="stock", variables=None, spent=None):
        if (study / "params.yaml").exists():
            edit(study / "params.yaml")
        return executed_here(source, parameters, engine, variables)

    monkeypatch.setattr(execution, "execute", edited_meanwhile)
    assert executed(ran(study)) == NAMES and tables_of(study)["answers"] == "n\n420\n"


def test_status_names_the_reason_and_who_waits_for_whom(study):
    ran(study)
    with_cell(study, STEPS[0], "compute", lambda source: source + "\nx = 1")
    found = standings(study)
    assert [(standing.reasons, standing.waits) for standing in found] == [
        (["cell compute changed"], []),
        ([], []),
        ([], NAMES[:1]),
        ([], [NAMES[0], NAMES[2]]),
    ]


def test_a_second_run_waits_for_the_first_and_then_has_nothing_to_do(study, monkeypatch):
    inside, go, waited, second = threading.Event(), threading.Event(), [], {}

    def slowly(source, parameters, engine="stock", variables=None, spent=None):
        inside.set()
        go.wait(PATIENCE)
        return executed_here(source, parameters, engine, variables)

    monkeypatch.setattr(execution, "execute", slowly)
    first = threading.Thread(target=ran, args=(study,), kwargs={"steps": STEPS[:1]})
    first.start()
    assert inside.wait(PATIENCE)

    def told_to_wait(text):
        waited.append(text)
        go.set()

    second |= ran(study, steps=STEPS[:1], on_lock=told_to_wait)
    first.join(PATIENCE)
    said = f"another run is at work in this folder (process {os.getpid()}); waiting for it"
    assert waited == [said] and set(second.values()) == {"fresh"}


def test_independent_steps_run_side_by_side_and_results_keep_their_order(study, monkeypatch):
    """The first two end only if both run at once, and the second waits for the third, which starts
    when its table is there.

    Tempting: to expect the second to end before the third begins, which is so only on a machine
    that is not busy.
    """
    both, third_runs = threading.Barrier(2, timeout=PATIENCE), threading.Event()

    def together(source, parameters, engine="stock", variables=None, spent=None):
        if source.stem in NAMES[:2]:
            both.wait()
        if source.stem == NAMES[1]:
            assert third_runs.wait(PATIENCE)
        if source.stem == NAMES[2]:
            third_runs.set()
        with cells_one_at_a_time:
            return executed_here(source, parameters, engine, variables)

    monkeypatch.setattr(execution, "execute", together)
    order = executed(ran(study, jobs=2))
    assert (order[0], set(order[1:3]), order[3:]) == (NAMES[0], {NAMES[1], NAMES[2]}, NAMES[3:])
    results = json.loads((study / "runs" / "baseline" / "results.json").read_text())
    assert [result["id"] for result in results] == ["drops"]


def test_what_runs_beside_a_failing_step_is_kept_and_nothing_new_starts(study, monkeypatch):
    both = threading.Barrier(2, timeout=PATIENCE)

    def first_fails(source, parameters, engine="stock", variables=None, spent=None):
        both.wait()
        if source.stem == NAMES[0]:
            raise Failure(source.stem, "compute", "ValueError: no rain", nbformat.v4.new_notebook())
        return executed_here(source, parameters, engine, variables)

    monkeypatch.setattr(execution, "execute", first_fails)
    with pytest.raises(Failure, match="no rain"):
        ran(study, jobs=2)
    assert set(tables_of(study)) == {"hours"}
    records = json.loads((study / "runs" / "baseline" / "manifest.json").read_text())["steps"]
    assert {name: record["status"] for name, record in records.items()} == {
        NAMES[0]: "failed",
        NAMES[1]: "executed",
    }


GATHERING = (*STEPS[:3], replace(STEPS[3], optional=("scenarios",)))


def run_with_scenarios(folder, *overrides):
    told = {}
    how = How(
        engine="stock", on_step=lambda step, state, why: told.update({step.name: (state, why)})
    )
    pipeline.run_study(
        folder,
        tiny_parameters(*overrides),
        "baseline",
        GATHERING,
        how,
        Keys(folder, GATHERING, folder),
    )
    return told


def test_outdated_scenarios_are_taken_away_before_the_last_step_reads_them(study):
    with_cell(
        study,
        STEPS[3],
        "compute",
        lambda source: (
            "old = run / 'tables' / 'scenarios.csv'\n"
            "write('tables', 'answers.csv', old.read_text() if old.exists() else 'n\\n0\\n')"
        ),
    )
    baseline, table = (
        study / "runs" / "baseline",
        study / "runs" / "baseline" / "tables" / "scenarios.csv",
    )
    run_with_scenarios(study)
    assert tables_of(study)["answers"] == "n\n0\n"
    table.write_text("n\n5\n")
    gathered.mark(baseline, gathered.rests_on(Keys(study, GATHERING, study), baseline))
    assert (
        run_with_scenarios(study)[NAMES[3]] == ("executed", ["table scenarios is new"])
        and tables_of(study)["answers"] == "n\n5\n"
    )
    assert {state for state, _ in run_with_scenarios(study).values()} == {"fresh"}
    # an assumption that only a scenario uses: nothing of the baseline's own moves, and its
    # scenarios do
    text = (study / "params.yaml").read_text()
    (study / "params.yaml").write_text(
        text.replace("bread.loaves_per_sack: 50", "bread.loaves_per_sack: 40")
    )
    own = staleness.status(Keys(study, GATHERING, study), tiny_parameters(), baseline)[3]
    assert (
        "scenarios beside it are outdated (parameter scenarios.heavy_loaves" in own.reasons[0]
        and "workbook scenarios" in own.reasons[0]
    )
    assert table.exists()  # asking changes nothing
    told = run_with_scenarios(study)
    assert told[NAMES[3]][0] == "executed" and told[NAMES[0]][0] == "fresh"
    assert not table.exists() and tables_of(study)["answers"] == "n\n0\n"
    assert {state for state, _ in run_with_scenarios(study).values()} == {"fresh"}


def test_verify_takes_the_scenarios_with_what_they_rest_on(study):
    run_with_scenarios(study)
    baseline = study / "runs" / "baseline"
    (baseline / "tables" / "scenarios.csv").write_text("n\n5\n")
    gathered.mark(baseline, gathered.rests_on(Keys(study, GATHERING, study), baseline))
    run_with_scenarios(study)
    options = (GATHERING, How(engine="stock"), False)
    assert verify(study, "baseline", *options, Keys(study, GATHERING, study)) == []
    # the same digit: the baseline's own tables stay
    (study / "data" / "rain.csv").write_text("n\n13\n4\n")
    found = verify(study, "baseline", *options, Keys(study, GATHERING, study))
    assert found == ["tables/scenarios.csv: only in the run"]


def test_a_lock_is_free_again_when_its_holder_is_gone(tmp_path):
    with pytest.raises(RuntimeError), locked(tmp_path):
        raise RuntimeError
    with locked(tmp_path, pytest.fail):
        pass


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS])
def test_a_drive_without_locks_is_told_and_the_study_runs(study, monkeypatch, number):
    def none(file, operation):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(lock.fcntl, "flock", none)
    told = []
    assert executed(ran(study, on_lock=told.append)) == NAMES
    assert len(told) == 1 and "knows no locks" in told[0] and str(study) in told[0]


def test_another_fault_of_a_lock_is_not_taken_for_a_drive_without_locks(tmp_path, monkeypatch):
    def broken(file, operation):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(lock.fcntl, "flock", broken)
    with pytest.raises(OSError, match="Input/output"), locked(tmp_path, pytest.fail):
        pass


def modes_of(folder, *names):
    return {stat.S_IMODE((folder / "runs" / "baseline" / name).stat().st_mode) for name in names}


def own_rain(study, mode=0o600):
    own = study / "data" / "local" / "rain.csv"
    own.parent.mkdir()
    own.write_text("n\n1\n")
    own.chmod(mode)


def test_notebooks_and_marks_of_own_tables_are_as_private_as_they_are(study):
    own_rain(study)
    ran(study)
    assert modes_of(
        study, f"executed/{NAMES[0]}.ipynb", f"notebooks/{NAMES[0]}.ipynb", "results.json"
    ) == {0o600}
    assert modes_of(study, f"keys/{NAMES[0]}.json") == {0o600}
    others = f"notebooks/{NAMES[1]}.ipynb", f"keys/{NAMES[1]}.json", "params.yaml"
    (study / "any").touch()  # as open as the umask says
    assert modes_of(study, *others) == modes_of(study, "../../any")


def test_a_failed_notebook_of_own_tables_is_private_too(study):
    """It shows what its cells showed before one of them raised."""
    own_rain(study)
    with_cell(study, STEPS[0], "leave", lambda source: "print(n)\n1 / 0")
    with pytest.raises(Failure, match="ZeroDivisionError"):
        ran(study, steps=STEPS[:1])
    assert modes_of(study, f"failed/{NAMES[0]}.ipynb") == {0o600}


def test_a_copy_for_another_run_is_as_private_as_what_it_is_a_copy_of(study):
    ran(study, steps=STEPS[:1])
    for path in (study / "runs" / "baseline").rglob("*.*"):
        path.chmod(0o640 if path.parent.name == "tables" else 0o600)
    assert ran(study, run_id="other", steps=STEPS[:1]) == {NAMES[0]: "reused"}
    files = (study / "runs" / "other").glob("*/*.*")
    copied = {path.parent.name: stat.S_IMODE(path.stat().st_mode) for path in files}
    assert copied == {
        "tables": 0o640,
        "executed": 0o600,
        "notebooks": 0o600,
        "steps": 0o600,
        "keys": 0o600,
    }


def test_scraps_of_a_killed_run_are_swept(study):
    ran(study)
    scrap = study / "runs" / "baseline" / "tables" / ".unfinished-drops.csv.x1"
    scrap.write_text("n\n")
    ran(study)
    assert not scrap.exists()


def test_a_full_disk_is_told_and_leaves_no_finished_step(study, monkeypatch):
    def full(path, content, mode):
        raise OSError(28, "No space left on device", str(path))

    ran(study, steps=STEPS[:1])
    with_cell(study, STEPS[0], "compute", lambda source: source + "\nx = 1")
    monkeypatch.setattr(finished_step, "write_whole", full)
    with pytest.raises(OSError, match="No space left"):
        ran(study, steps=STEPS[:1])
    assert finished_step.finished(study / "runs" / "baseline", STEPS[0]) is None


def test_a_copy_of_a_step_that_vanishes_is_not_marked(study):
    ran(study)
    source = finished_step.finished(study / "runs" / "baseline", STEPS[0])
    missing = SimpleNamespace(
        run=source.run,
        step=source.step,
        parts=source.parts,
        files={**source.files, "tables/gone.csv": "0"},
    )
    assert not finished_step.copy(missing, study / "runs" / "new")
    assert finished_step.finished(study / "runs" / "new", STEPS[0]) is None
    before = files_of(study / "runs" / "baseline")
    assert not finished_step.copy(missing, study / "runs" / "baseline")
    assert files_of(study / "runs" / "baseline") == before  # what stood there stays, marked


def verified(folder, numeric=False):
    return verify(
        folder, "baseline", STEPS, How(engine="stock"), numeric, Keys(folder, STEPS, folder)
    )


def test_a_sound_run_is_verified_and_leaves_nothing_behind(study):
    ran(study, "bread.loaves_per_sack=3")
    assert verified(study) == [] and not (study / "runs" / ".verify").exists()


def test_a_table_gathered_from_other_runs_is_there_for_the_second_run_too(study):
    with_cell(
        study,
        STEPS[1],
        "compute",
        lambda source: (
            "write('tables', 'hours.csv', (run / 'tables' / 'gathered.csv').read_text())\n"
        ),
    )
    gathered = study / "runs" / "baseline" / "tables" / "gathered.csv"
    gathered.parent.mkdir(parents=True)
    gathered.write_text("n\n1\n")
    ran(study)
    assert verified(study) == []


def test_a_table_that_chance_made_is_named_by_verify(study):
    with_cell(
        study,
        STEPS[1],
        "compute",
        lambda source: (
            "import secrets\nwrite('tables', 'hours.csv', f'n\\n{secrets.randbits(60)}\\n')\n"
        ),
    )
    ran(study)
    found = verified(study)
    assert (
        len(found) == 1
        and found[0].startswith("tables/hours.csv: line 2: ")
        and (study / "runs" / ".verify").exists()
    )


def test_digits_of_another_machine_pass_only_the_numeric_comparison(study):
    ran(study)
    table = study / "runs" / "baseline" / "tables" / "answers.csv"
    table.write_text("n\n420.0000000000001\n")
    assert len(verified(study)) == 1 and verified(study, numeric=True) == []
