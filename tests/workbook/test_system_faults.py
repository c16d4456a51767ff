"""Where the system says no, a command ends with one message, code 2 and nothing half-written."""

from __future__ import annotations

import ctypes
import json
import os
import subprocess
import sys

import pytest

from tests.toy_project import toy_project, with_the_toy
from tests.workbook.tiny_study import write_notebook
from workbook.choices import load_parameters
from workbook.running.engine.execution import execute
from workbook.staleness.keys import Keys
from workbook.study import study
from workbook.system_faults import refusal, sentence_of

resource = pytest.importorskip("resource", reason="Windows has no such limits")

PR_CAPBSET_DROP, OVERRIDES = (
    24,
    (1, 2),
)  # of Linux: what lets root write and read where the modes forbid it


def workbook(folder, *words, before=None, **environment):
    return subprocess.run(
        [sys.executable, "-m", "workbook", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
        preexec_fn=before,
    )


def refused(ran, *said):
    last = ran.stderr.strip().splitlines()[-1]
    assert (ran.returncode, "Traceback" in ran.stderr) == (2, False), ran.stderr
    assert all(part in last for part in said), last
    return True


def as_anybody():
    """Let modes bind this process though it is root's."""
    if os.geteuid() == 0:
        assert not any(ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, override) for override in OVERRIDES)


def finished(folder, name, value):
    """Write a finished run by hand: one result, no exhibit."""
    run = folder / "runs" / name
    run.mkdir(parents=True)
    result = {
        "id": "takings",
        "unit": "JPY",
        "value": value,
        "low": None,
        "high": None,
        "standing": "modelled",
        "exhibit": "2.1",
    }
    for file, record in (
        ("results.json", [result]),
        ("manifest.json", {"steps": {}, "local_inputs": []}),
    ):
        (run / file).write_text(json.dumps(record))
    (run / "params.yaml").write_text(
        (folder / "params.yaml").read_text(encoding="utf-8").partition("\nscenarios:")[0],
        encoding="utf-8",
    )
    keys, parameters = Keys(folder), load_parameters(folder / "params.yaml")
    (run / "keys").mkdir()
    for step in study().steps:  # fresh, so that a command comes as far as its first file
        parts = keys.parts(step, parameters.flat(step.stem), run)
        (run / "keys" / f"{step.name}.json").write_text(
            json.dumps({"rests_on": parts, "files": {}})
        )


WRITING = {
    "run": "run --force",
    "stock": "run --engine stock",
    "sync": "sync",
    "verify": "verify",
    "scenarios": "scenarios",
    "accept": "accept",
    "compare": "compare baseline other",
    "sweep": "sweep --grid study.fallow_share=0.1,0.2 --to 1",
}
READING = {
    "status": ("status", 0),
    "check": ("check", 0),
    "json": ("compare baseline other --json", 1),
}
IN_TURN = """
import json, sys
from typer.testing import CliRunner
from workbook.cli import app
for words in sys.argv[1:]:
    ended = CliRunner().invoke(app, words.split())
    print(json.dumps([ended.exit_code, ended.stderr, repr(ended.exception)]))
"""


@pytest.fixture(scope="module", autouse=True)
def in_the_toy():
    """This process takes the toy for the study."""
    with pytest.MonkeyPatch.context() as environment:
        with_the_toy(environment)
        yield


@pytest.fixture(scope="module")
def in_a_sealed_folder(tmp_path_factory):
    """How every command ends in a study that nobody may write to; each has something to write."""
    folder = toy_project(tmp_path_factory.mktemp("village") / "sealed")
    for name, value in (("baseline", 2e9), ("other", 1e9)):
        finished(folder, name, value)
    (folder / "tests" / "expected").mkdir(parents=True)
    (folder / "params.yaml").write_text(
        (folder / "params.yaml").read_text(encoding="utf-8").replace(" #", "  #"), encoding="utf-8"
    )
    before, folders = (
        sorted(folder.rglob("*")),
        [folder, *(path for path in folder.rglob("*") if path.is_dir())],
    )
    for path in folders:
        path.chmod(0o555)
    asked = {**WRITING, **{name: words for name, (words, _) in READING.items()}}
    ran = subprocess.run(
        [sys.executable, "-c", IN_TURN, *asked.values()],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=as_anybody,
    )
    assert sorted(folder.rglob("*")) == before
    for path in folders:
        path.chmod(0o755)
    return str(folder), dict(zip(asked, map(json.loads, ran.stdout.splitlines()), strict=True))


@pytest.mark.skipif(os.name != "posix", reason="modes bind nobody here")
@pytest.mark.parametrize("command", WRITING)
def test_in_a_folder_that_may_not_be_written_every_command_says_so(in_a_sealed_folder, command):
    folder, ended = in_a_sealed_folder
    code, said, exception = ended[command]
    assert (code, exception) == (2, "SystemExit(2)")
    assert all(
        part in said.splitlines()[-1] for part in (folder, "Permission denied", "work in a copy")
    ), said


@pytest.mark.skipif(os.name != "posix", reason="modes bind nobody here")
@pytest.mark.parametrize("command", READING)
def test_what_writes_nothing_works_in_such_a_folder(in_a_sealed_folder, command):
    assert in_a_sealed_folder[1][command][:2] == [READING[command][1], ""]


@pytest.fixture
def study_folder(tmp_path):
    return toy_project(tmp_path / "bakery")


def test_a_quota_is_told_and_leaves_no_part_of_a_file(study_folder):
    """A limit on the size of files stands for a full disk: both refuse in the same way."""
    ran = workbook(
        study_folder,
        "run",
        "--to",
        "1",
        before=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100)),
    )
    assert refused(ran, "params.yaml: File too large", "make room")
    assert [path.name for path in (study_folder / "runs").rglob("*") if path.is_file()] == [".lock"]


def test_a_comparison_that_ends_with_1_has_found_a_difference_and_nothing_else(study_folder):
    for name, value in (("a", 2e9), ("b", 2e9), ("c", 1e9), ("damaged", 1e9), ("half", 1e9)):
        finished(study_folder, name, value)
    (study_folder / "runs" / "damaged" / "results.json").write_text('[{"id": "tak')
    (study_folder / "runs" / "half" / "results.json").unlink()
    assert [workbook(study_folder, "compare", "a", other).returncode for other in ("b", "c")] == [
        0,
        1,
    ]
    assert refused(
        workbook(study_folder, "compare", "a", "damaged"), "runs/damaged", "workbook run"
    )
    assert refused(workbook(study_folder, "compare", "half", "a"), "results.json")


def test_a_terminal_that_lacks_a_letter_is_told_with_its_remedy(study_folder):
    for name, value in (("a", 2e9), ("b", None)):  # a value that is undefined is told by a dash
        finished(study_folder, name, value)
    ran = workbook(study_folder, "compare", "a", "b", PYTHONIOENCODING="cp932")
    assert refused(ran, "2013", "cp932", "PYTHONIOENCODING=utf-8") and ran.stdout == ""
    assert workbook(study_folder, "compare", "a", "b", PYTHONIOENCODING="utf-8").returncode == 1


def test_results_on_own_figures_are_not_taken_into_git(study_folder):
    finished(study_folder, "baseline", 2e9)
    (study_folder / "runs" / "baseline" / "manifest.json").write_text(
        json.dumps({"steps": {}, "local_inputs": ["fields"]})
    )
    assert (
        refused(workbook(study_folder, "accept"), "fields", "data/local")
        and not (study_folder / "tests").exists()
    )


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (13, "work in a copy"),
        (30, "work in a copy"),
        (28, "make room"),
        (122, "make room"),
        (27, "make room"),
        (5, "again"),
    ],
)
def test_every_no_has_its_file_reason_and_remedy(number, said):
    text = sentence_of(OSError(number, os.strerror(number), "runs/x.csv"))
    assert text.startswith(f"runs/x.csv: {os.strerror(number)}: ") and said in text


@pytest.mark.parametrize(
    ("raised", "blamed"),
    [
        ("OSError: [Errno 28] No space left on device", "the system"),
        ("PermissionError: [Errno 13] Permission denied: '/x/y.csv'", "the system"),
        ("FileNotFoundError: [Errno 2] No such file or directory: 'mine.csv'", "the cell"),
        ("ValueError: no rain", "the cell"),
    ],
)
def test_a_cell_is_not_blamed_for_what_the_system_refuses(raised, blamed):
    assert (refusal(RuntimeError(), raised) is None) == (blamed == "the cell")


def test_a_cell_that_waits_too_long_is_to_blame_itself():
    """nbclient's own time-out is an OSError by its family."""
    assert (
        refusal(TimeoutError("cell timed out")) is None
        and refusal(PermissionError(13, "Permission denied", "x")) is not None
    )


def test_a_full_disk_that_a_cell_meets_is_not_told_as_a_fault_of_the_cell(tmp_path):
    """The tempting message says to mend the cell: no edit of it makes room."""
    path = tmp_path / "01_harvest.ipynb"
    cell = "raise OSError(28, 'No space left on device', 'x.csv')"
    write_notebook(path, {"parameters": "", "a": cell})
    with pytest.raises(OSError, match="No space left") as fault:
        execute(path, {})
    assert (fault.value.errno, fault.value.filename) == (28, "x.csv")
