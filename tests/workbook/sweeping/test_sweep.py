"""A sweep: every shared step once, nothing lost with a worker, the same table on somebody else's
scheduler.
"""

from __future__ import annotations

import contextlib
import csv
import dataclasses
import io
import json
import os
import shutil
import socket
import stat
import subprocess
import sys
import threading
import time
import zipfile

import psutil
import pytest
from bakery.study import STUDY

from tests.toy_project import ROOT, TOY
from tests.workbook.tiny_study import STEPS, tiny_study, with_cell
from workbook.choices import ParameterFault
from workbook.sweeping import (
    NoScheduler,
    Tls,
    Where,
    dispatch,
    grid_variants,
    sample_variants,
    scenario_variants,
    scheduler,
    sweep,
)
from workbook.sweeping.bundle import bundle_of
from workbook.sweeping.plan import plan_of
from workbook.sweeping.store import Store

SHORT = (STEPS[0], STEPS[2])  # one step that all runs share, one that each runs for itself
PARAMS = TOY / "params.yaml"


@pytest.fixture
def study(tmp_path):
    folder = tmp_path / "study"
    folder.mkdir()
    tiny_study(folder)
    with_cell(
        folder,
        STEPS[2],
        "leave",
        lambda source: source.replace(
            "'results': []",
            "'results': [{'id': 'depth', 'value': n * loaves_per_sack, 'low': None, "
            "'high': None, 'unit': 'count', 'chapter': 3}]",
        ),
    )
    return folder


def rows(outcome):
    return list(csv.DictReader(io.StringIO(outcome.table.read_text())))


# -- cells


def test_a_grid_is_every_combination_in_order():
    cells = grid_variants(PARAMS, ["bread.price_jpy=300,500", "study.fallow_share=0.2,0.4"])
    assert [tuple(cell.changes.values()) for cell in cells] == [
        (0.2, 300),
        (0.4, 300),
        (0.2, 500),
        (0.4, 500),
    ]


def test_every_fault_of_a_grid_is_told_at_once():
    with pytest.raises(ParameterFault) as faults:
        grid_variants(PARAMS, ["bread.price_jpy=300,5000", "bread.loaves_per_sack=0"])
    assert "price_jpy" in str(faults.value) and "loaves_per_sack" in str(faults.value)
    with pytest.raises(ParameterFault, match=r"section.name=a,b,c"):
        grid_variants(PARAMS, ["bread.price_jpy"])


def test_scenarios_come_with_the_baseline_they_are_held_against():
    cells = scenario_variants(PARAMS, "nothing_fallow,heavy_loaves")
    assert [cell.name for cell in cells] == ["baseline", "nothing_fallow", "heavy_loaves"]
    assert cells[2].changes == {"bread.loaves_per_sack": 50}
    assert scenario_variants(PARAMS, "all") == cells


DRAWN = ["study.fallow_share", "ledger.flour_jpy", "bread.loaves_per_sack"]


def test_a_sample_meets_every_part_of_every_range_once():
    """Plain random points would leave parts empty and meet others twice."""
    cells = sample_variants(PARAMS, 32, DRAWN)
    for key, width in zip(DRAWN[:2], (1, 10_000_001), strict=True):
        assert sorted(int(cell.changes[key] / width * 32) for cell in cells) == list(range(32))
    whole = sorted(int((cell.changes[DRAWN[2]] - 1) / 200 * 32) for cell in cells)
    assert {*whole} <= set(range(32)) and len({*whole}) > 24  # a part holds six whole numbers


@pytest.mark.parametrize(("few", "many"), [(1, 2), (5, 8), (16, 23), (50, 100)])
def test_a_longer_sample_begins_with_the_shorter_one(few, many):
    """A Latin hypercube, cut into as many parts as there are points, has other points each time."""
    points = [(cell.name, cell.changes) for cell in sample_variants(PARAMS, many, DRAWN)]
    assert [(cell.name, cell.changes) for cell in sample_variants(PARAMS, few, DRAWN)] == (
        points[:few]
    )
    assert len(points) == many


def test_what_cannot_be_sampled_is_named():
    with pytest.raises(ParameterFault) as faults:
        sample_variants(PARAMS, 3, ["study.weather", "bread.rate"])
    assert "study.weather" in str(faults.value) and "bread.rate" in str(faults.value)


# -- bundle and plan


def test_the_bundle_is_named_by_its_bytes_and_leaves_own_tables_at_home(study):
    (study / "data" / "local").mkdir()
    (study / "data" / "local" / "rain.csv").write_text("n\n1\n")
    (study / "notebooks" / "words").mkdir()
    (study / "notebooks" / "words" / "01_harvest.ja.md").write_text("## one\n\n一\n")
    one, other = bundle_of(study, local=False), bundle_of(study, local=False)
    assert one == other and one.name != bundle_of(study, local=True).name
    names = zipfile.ZipFile(io.BytesIO(one.content)).namelist()
    assert {
        "params.yaml",
        "data/rain.csv",
        "src/workbook/units.py",
        f"notebooks/{STEPS[0].name}.ipynb",
        "notebooks/words/01_harvest.ja.md",
        "src/bakery/chapters/bread/exhibits.yaml",
    } <= set(names)
    assert not [name for name in names if "local" in name.split("/")]


def test_sixty_runs_over_one_chapter_share_what_comes_before_it(study):
    cells = grid_variants(
        PARAMS,
        [
            "bread.price_jpy=" + ",".join(map(str, range(101, 116))),
            "bread.loaves_per_sack=10,20,30,40",
        ],
    )
    for name in ("notebooks", "data"):
        shutil.rmtree(study / name)
        shutil.copytree(TOY / name, study / name)
    plan = plan_of(study, cells, STUDY.steps[:2], TOY / "src")
    ran = [task.step.chapter for task in plan.tasks.values()]
    assert len(cells) == 60 and [ran.count(chapter) for chapter in (1, 2)] == [1, 60]


def test_a_task_is_known_by_all_it_rests_on(study):
    cells = grid_variants(PARAMS, ["bread.loaves_per_sack=3"])
    before = plan_of(study, cells, STEPS, study).of_variant
    with_cell(study, STEPS[0], "compute", lambda source: source + "\nx = 1")
    after = plan_of(study, cells, STEPS, study).of_variant
    changed = [
        one != other
        for (one, other) in zip(
            *(next(iter(found.values())) for found in (before, after)), strict=True
        )
    ]
    # the step, not its neighbour, and all that follows
    assert changed == [True, False, True, True]


def test_a_message_that_goes_into_tables_makes_its_task_another_one(study):
    """Tempting: to leave words out of a task as they are left out of a step; then a kept table has
    the old words.
    """
    cells = grid_variants(PARAMS, ["bread.loaves_per_sack=3"])
    steps = (*STEPS[:2], dataclasses.replace(STEPS[2], table_words=("answer_",)), STEPS[3])
    (study / "notebooks" / "words").mkdir()

    def tasks(answer, sentence):
        for lang in ("ja", "en"):
            (study / "notebooks" / "words" / f"{STEPS[2].name}.{lang}.md").write_text(
                f"## answer_one\n\n{answer}\n\n## opening\n\n{sentence}\n"
            )
        return next(iter(plan_of(study, cells, steps, study).of_variant.values()))

    before = tasks("One.", "So much.")
    assert tasks("One.", "A little.") == before
    assert [one != other for one, other in zip(before, tasks("Two.", "So much."), strict=True)] == [
        False,
        False,
        True,
        True,
    ]


@pytest.mark.parametrize("content", [b"", b"{}", b"\x1f\x8b\x08 half"])
def test_a_damaged_result_is_run_again(tmp_path, content):
    store = Store(tmp_path)
    store.keep("a", {"tables/x.csv": "n\n1\n"})
    assert store.read("a") == {"tables/x.csv": "n\n1\n"}
    (tmp_path / "a.json.gz").write_bytes(content)
    assert store.read("a") is None


# -- the whole way


@pytest.mark.whole
def test_a_sweep_gives_one_tidy_table_runs_shared_steps_once_and_goes_on_where_it_was_broken_off(
    study,
):
    cells = grid_variants(study / "params.yaml", ["bread.loaves_per_sack=3,5"])
    first = sweep(study, "a", cells, SHORT, Where(workers=2))
    assert [
        (row["run"], row["bread.loaves_per_sack"], row["id"], row["value"]) for row in rows(first)
    ] == [
        ("bread.loaves_per_sack=3", "3", "drops", "7"),
        ("bread.loaves_per_sack=3", "3", "depth", "21"),
        ("bread.loaves_per_sack=5", "5", "drops", "7"),
        ("bread.loaves_per_sack=5", "5", "depth", "35"),
    ]
    assert (len(first.ran), first.failed) == (3, {})
    (study / "any").mkdir()
    (study / "any" / "file").touch()  # as open as the umask says
    assert set(modes_below(study / "runs" / "sweeps")) == set(modes_below(study / "any"))
    sorted((study / "runs" / "sweeps" / "tasks").iterdir())[0].unlink()
    again = sweep(study, "b", cells, SHORT, Where(workers=1))
    assert (len(again.ran), len(again.kept)) == (1, 2) and rows(again) == rows(first)


@pytest.mark.whole
def test_a_run_that_fails_is_named_and_the_others_go_on(study):
    with_cell(
        study, STEPS[2], "compute", lambda source: "assert loaves_per_sack != 5, 'five'\n" + source
    )
    steps = (STEPS[0], STEPS[2], STEPS[3])
    outcome = sweep(
        study,
        "a",
        grid_variants(study / "params.yaml", ["bread.loaves_per_sack=5"]),
        steps,
        Where(workers=1),
    )
    assert len(outcome.failed) == 1 and "cell compute: AssertionError: five" in next(
        iter(outcome.failed)
    )
    # what follows the failed step is not tried
    assert [row["id"] for row in rows(outcome)] == ["drops"] and len(outcome.ran) == 1


@pytest.mark.slow
def test_a_worker_killed_in_mid_sweep_loses_nothing(study, monkeypatch):
    with_cell(study, STEPS[2], "compute", lambda source: "import time\ntime.sleep(0.5)\n" + source)
    cells = grid_variants(
        study / "params.yaml", ["bread.loaves_per_sack=" + ",".join(map(str, range(1, 9)))]
    )
    clean = sweep(study, "clean", cells, STEPS[:3], Where(workers=2))
    shutil.rmtree(study / "runs" / "sweeps" / "tasks")
    killed = []

    def kill_one(done, total, step):
        if done == 4 and not killed:
            worker = next(
                child
                for child in psutil.Process().children()
                if "spawn_main" in " ".join(child.cmdline())
            )
            worker.kill()
            killed.append(worker.pid)

    outcome = sweep(study, "killed", cells, STEPS[:3], Where(workers=2), on_task=kill_one)
    assert killed and outcome.failed == {} and rows(outcome) == rows(clean)


def certificates(folder):
    """An authority, and a certificate of its own that a scheduler, workers and a client share."""
    if not shutil.which("openssl"):
        pytest.skip("no openssl to make certificates with")
    asked = "openssl req -newkey rsa:2048 -nodes -subj /CN={0} -keyout {0}.key -out {0}.{1} {2}"
    for command in (
        asked.format("authority", "pem", "-x509 -days 2"),
        asked.format("own", "csr", ""),
        "openssl x509 -req -in own.csr -CA authority.pem -CAkey authority.key -CAcreateserial"
        " -days 2 -out own.pem",
    ):
        subprocess.run(command.split(), cwd=folder, check=True, capture_output=True)
    return Tls(folder / "authority.pem", folder / "own.pem", folder / "own.key")


@pytest.fixture(params=["tcp", "tls"])
def elsewhere(tmp_path, request):
    """A scheduler and two workers in other processes, in another folder, that do not know the
    project: its sources are taken from their path, where the editable install has put them.
    """
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(
        f"import sys\nsys.path[:] = [path for path in sys.path if path != {str(ROOT / 'src')!r}]\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    unknown = [sys.executable, "-c", "import workbook"]
    assert subprocess.run(unknown, env=environment, cwd="/", capture_output=True).returncode
    address, tls = f"{request.param}://127.0.0.1:{free_port()}", Tls()
    options = ["--no-dashboard"]
    if request.param == "tls":
        tls = certificates(folder)
        files = (tls.authority, tls.certificate, tls.key)
        for option, file in zip(("ca-file", "cert", "key"), files, strict=True):
            options += [f"--tls-{option}", str(file)]
    asked = (["scheduler", "--host", address], *([["worker", address, "--nthreads", "1"]] * 2))
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "dask", *words, *options], cwd=folder, env=environment, **quiet
        )
        for words in asked
    ]
    yield Where(address, tls=tls)
    for process in started:
        process.terminate()
    for process in started:
        process.wait(20)


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@pytest.mark.slow
def test_a_scheduler_in_another_process_and_folder_gives_the_same_table(study, elsewhere):
    cells = grid_variants(study / "params.yaml", ["bread.loaves_per_sack=3,5"])
    here = sweep(study, "here", cells, STEPS[:3], Where(workers=1))
    shutil.rmtree(study / "runs" / "sweeps" / "tasks")
    deadline = time.monotonic() + 30
    while True:
        try:
            there = sweep(study, "there", cells, STEPS[:3], elsewhere)
            break
        except NoScheduler:
            assert time.monotonic() < deadline
    assert len(there.ran) == 4 and rows(there) == rows(here)


SAID_BY_OTHERS = {
    "a web server": b"HTTP/1.1 400 Bad Request\r\n\r\n",
    "a shell": b"SSH-2.0-OpenSSH_9.2\r\n",
    "zeros": bytes(64),
    "nothing": b"",
}


@pytest.fixture
def answering():
    """Return a function that says bytes, or nothing, to whoever connects; it gives the address."""
    with contextlib.ExitStack() as opened:

        def serve(said):
            server = opened.enter_context(socket.create_server(("127.0.0.1", 0)))
            thread = threading.Thread(target=answer, args=(server, said))
            thread.start()
            opened.callback(thread.join)
            opened.callback(server.shutdown, socket.SHUT_RDWR)  # ends the wait for the next one
            return f"tcp://127.0.0.1:{server.getsockname()[1]}"

        def answer(server, said):
            with contextlib.suppress(OSError):
                while True:
                    opened.enter_context(server.accept()[0]).sendall(said)

        yield serve


def refused_scheduler(study, address):
    cells, began = one_cell(study), time.monotonic()
    with pytest.raises(NoScheduler) as told:
        sweep(study, "a", cells, STEPS[:1], Where(address))
    assert time.monotonic() - began < 15  # a wide margin: other tests keep the machine busy
    assert not (study / "runs").exists() and len(str(told.value).splitlines()) == 1
    assert address in str(told.value) and "tcp://HOST:PORT" in str(told.value)
    return str(told.value)


def one_cell(study):
    return grid_variants(study / "params.yaml", ["bread.loaves_per_sack=3"])


@pytest.mark.parametrize(
    "address",
    [
        "garbage",
        "http://example.invalid:8786",
        "tcp://",
        "tcp://127.0.0.1:x",
        "tls://127.0.0.1:1",
        "inproc://x",
    ],
)
def test_an_address_that_is_none_is_told_before_anything_is_written(study, address):
    refused_scheduler(study, address)


def test_a_scheduler_that_is_not_there_is_told(study, monkeypatch):
    monkeypatch.setattr(scheduler, "PATIENCE_SECONDS", 1)
    assert "nothing within 1 seconds" in refused_scheduler(study, f"tcp://127.0.0.1:{free_port()}")


@pytest.mark.parametrize("who", SAID_BY_OTHERS)
def test_whoever_else_answers_is_no_scheduler(study, answering, monkeypatch, who):
    """What a web server says, read as the length of a message, asks for three exabytes."""
    monkeypatch.setattr(scheduler, "PATIENCE_SECONDS", 1)
    refused_scheduler(study, answering(SAID_BY_OTHERS[who]))


# -- own tables ----------------------------------------------------------------------------------


def with_own_rain(study, mode):
    own = study / "data" / "local" / "rain.csv"
    own.parent.mkdir()
    own.write_text("n\n1\n")
    own.chmod(mode)


def test_what_a_sweep_makes_of_own_tables_is_as_private_as_they_are(study, monkeypatch):
    mode = 0o640
    with_own_rain(study, mode)
    seen, plan = [], dispatch.plan_of

    def looking(project, *rest, **named):
        seen.extend(modes_below(project))
        return plan(project, *rest, **named)

    monkeypatch.setattr(dispatch, "plan_of", looking)
    sweep(study, "a", one_cell(study), STEPS[:1], Where(workers=1))
    assert set(seen) == {mode} and len(seen) > 100  # unpacked for the plan, and gone since
    assert set(modes_below(study / "runs" / "sweeps")) == {mode}
    assert not list((study / "runs" / "sweeps").glob(".*"))


def modes_below(folder):
    return [stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*") if path.is_file()]


def test_what_a_notebook_shows_of_own_tables_stays_at_home_too(study):
    before = bundle_of(study, local=False)
    notebook = json.loads((study / "notebooks" / f"{STEPS[0].name}.ipynb").read_text())
    for cell in notebook["cells"]:
        cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["987,654,321"]}]
    (study / "notebooks" / f"{STEPS[0].name}.ipynb").write_text(json.dumps(notebook, indent=1))
    archive = zipfile.ZipFile(io.BytesIO(bundle_of(study, local=False).content))
    assert not any(b"987,654,321" in archive.read(name) for name in archive.namelist())
    assert archive.namelist() == zipfile.ZipFile(io.BytesIO(before.content)).namelist()
