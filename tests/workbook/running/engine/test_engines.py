"""The warm engine gives what the stock engine gives: outputs, errors, deaths and time-outs
alike.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest

from tests.workbook.running.engine import awkward
from tests.workbook.tiny_study import write_notebook
from workbook.running.copies import may_be_copied
from workbook.running.engine import execution, fork_server
from workbook.running.engine.failure import Failure

pytestmark = [pytest.mark.skipif(not may_be_copied(), reason="kernels cannot be forked here")]
ENGINES = ("stock", "warm")
SAME = [
    (r"0x[0-9a-f]+", "0x"),
    (r"ipykernel_\d+", "ipykernel"),
    (r"pid=\d+", "pid"),
    (r"/tmp/[^ \"']*?/\d+\.py", "CELL"),
    (r"\x1b\[[0-9;]*m", ""),
]


@pytest.fixture(scope="module", autouse=True)
def forks():
    fork_server.warm_up([])


def plain(value):
    """Return an output without addresses, process numbers and colours."""
    text = json.dumps(value, ensure_ascii=True, sort_keys=True)
    for pattern, same in SAME:
        text = re.sub(pattern.replace("\\x1b", r"\\u001b"), same, text)
    return json.loads(text)


def notebook_of(folder: Path, *cells: str, name: str = "01_harvest") -> Path:
    path = folder / "notebooks" / f"{name}.ipynb"
    path.parent.mkdir(exist_ok=True)
    write_notebook(
        path,
        {"parameters": "seed = 1", **{f"cell-{place}": cell for place, cell in enumerate(cells)}},
    )
    return path


@pytest.fixture(scope="module")
def awkward_notebooks(tmp_path_factory):
    """The awkward notebook as each engine leaves it: it ends with a cell that raises and one that
    never runs.
    """
    folder = tmp_path_factory.mktemp("awkward")
    path = folder / "notebooks" / "01_harvest.ipynb"
    path.parent.mkdir()
    write_notebook(path, awkward.CELLS)
    notebook = json.loads(path.read_text())
    for cell in notebook["cells"]:
        if cell["id"] in awkward.RAISING:
            cell["metadata"]["tags"] = ["raises-exception"]
    path.write_text(json.dumps(notebook))
    left = {}
    with pytest.MonkeyPatch.context() as patch:
        # a stock kernel that sees it does not read its file descriptors
        patch.delenv("PYTEST_CURRENT_TEST", raising=False)
        patch.delenv("PYTHONPATH", raising=False)  # the toy's, which no cell here needs
        for engine in ENGINES:
            with pytest.raises(Failure, match="cell raises: RuntimeError: stop") as failed:
                execution.execute(path, {"seed": 2}, engine)
            left[engine] = failed.value.so_far
    return left


@pytest.mark.parametrize("cell", [*awkward.CELLS, "injected-parameters"])
def test_both_engines_leave_the_same_cell(awkward_notebooks, cell):
    stock, warmed = (
        next(found for found in awkward_notebooks[engine].cells if found.id == cell)
        for engine in ENGINES
    )
    assert plain(warmed) == plain(stock)


def test_both_engines_leave_the_same_notebook_around_its_cells(awkward_notebooks):
    stock, warmed = (awkward_notebooks[engine] for engine in ENGINES)
    assert warmed.metadata == stock.metadata and len(warmed.cells) == len(stock.cells)


@pytest.mark.parametrize(
    ("cell", "error"),
    [
        ("import os; os.kill(os.getpid(), 9)", "DeadKernelError"),
        ("import ctypes; ctypes.string_at(0)", "DeadKernelError"),
        ("import os; os._exit(3)", "DeadKernelError"),
        ("import sys; sys.exit(1)", "SystemExit: 1"),
    ],
)
def test_a_kernel_that_dies_or_leaves_is_told_alike_and_its_cell_is_named(tmp_path, cell, error):
    path = notebook_of(tmp_path, "x = 1", cell, "print('after')")
    for engine in ENGINES:
        with pytest.raises(Failure, match=error) as failed:
            execution.execute(path, {"seed": 1}, engine)
        assert failed.value.cell == "cell-1"


# a busy stock kernel takes five seconds to end
BOTH = [pytest.param("stock", marks=pytest.mark.slow), "warm"]


@pytest.mark.parametrize("engine", BOTH)
def test_a_cell_that_outlasts_its_time_is_told_alike(tmp_path, engine):
    path = notebook_of(tmp_path, "import time", "time.sleep(60)")
    with pytest.raises(Failure, match="CellTimeoutError"):
        execution.execute(path, {"seed": 1}, engine, execution_timeout=1)


@pytest.mark.parametrize("engine", BOTH)
def test_an_interrupt_reaches_the_cell_and_the_notebook_goes_on(tmp_path, engine):
    path = notebook_of(
        tmp_path,
        "import time\ntry:\n    time.sleep(60)\nexcept KeyboardInterrupt:\n   "
        " print('interrupted')",
        "print('after')",
    )
    notebook = execution.execute(
        path, {"seed": 1}, engine, execution_timeout=1, interrupt_on_timeout=True
    )
    assert [cell.outputs[0].text for cell in notebook.cells[-2:]] == ["interrupted\n", "after\n"]


def test_exit_handlers_run_and_what_a_cell_left_running_ends_with_its_kernel(tmp_path):
    path = notebook_of(
        tmp_path,
        "import atexit, pathlib, subprocess\natexit.register(lambda:"
        " pathlib.Path('left').write_text('by its own will'))",
        "print(subprocess.Popen(['sleep', '600']).pid)",
    )
    notebook = execution.execute(path, {"seed": 1}, "warm")
    assert (path.parent / "left").read_text() == "by its own will"
    sleeper = int(notebook.cells[-1].outputs[0].text)
    assert until(
        lambda: (
            not Path(f"/proc/{sleeper}").exists()
            or "Z" in Path(f"/proc/{sleeper}/stat").read_text().split()[2]
        )
    )


def test_forks_do_not_share_their_random_numbers(tmp_path):
    path = notebook_of(
        tmp_path, "import random, numpy\nprint(random.random(), numpy.random.random())"
    )
    drawn = [
        execution.execute(path, {"seed": 1}, "warm").cells[-1].outputs[0].text.split()
        for _ in range(2)
    ]
    assert not set(drawn[0]) & set(drawn[1])


def test_twenty_kernels_follow_each_other_without_a_stall(tmp_path):
    """A reader left on a closed pipe, or a wake-up lost between two waiters, costs four seconds now
    and then.
    """
    path, slowest = notebook_of(tmp_path, "print(1)", "2", "print(3)"), 0.0
    for _ in range(20):
        began = time.perf_counter()
        execution.execute(path, {"seed": 1}, "warm")
        slowest = max(slowest, time.perf_counter() - began)
    assert slowest < 3


@pytest.mark.whole
def test_a_kernel_ends_at_once_when_whoever_started_it_is_killed(tmp_path):
    path = notebook_of(
        tmp_path,
        "import os, pathlib,"
        " time\npathlib.Path('pid').write_text(str(os.getpid()))\ntime.sleep(600)",
    )
    code = (
        "import sys, pathlib\nfrom workbook.running.engine import execution, fork_server\nif"
        " __name__ == '__main__':\n    fork_server.warm_up([])\n   "
        " execution.execute(pathlib.Path(sys.argv[1]), {'seed': 1}, 'warm')\n"
    )
    runner = tmp_path / "runner.py"
    runner.write_text(code)
    parent = subprocess.Popen(
        [sys.executable, str(runner), str(path)], env={**os.environ, "PYTHONWARNINGS": "ignore"}
    )
    assert until(lambda: (path.parent / "pid").exists() and (path.parent / "pid").read_text())
    parent.kill()
    parent.wait()
    assert until(lambda: not Path(f"/proc/{(path.parent / 'pid').read_text()}").exists())


def until(happened, seconds: float = 30) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if happened():
            return True
        time.sleep(0.02)
    return False


def test_a_failing_notebook_is_kept_as_far_as_it_came(tmp_path):
    path = notebook_of(tmp_path, "print('kept')", "1 / 0")
    with pytest.raises(Failure) as failed:
        execution.execute(path, {"seed": 1}, "warm")
    assert (
        str(failed.value)
        == "notebooks/01_harvest.ipynb, cell cell-1: ZeroDivisionError: division by zero"
    )
    nbformat.validate(failed.value.so_far)
    assert "kept" in nbformat.writes(failed.value.so_far)
