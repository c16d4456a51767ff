"""Other seats than Linux with make: a system that cannot copy processes, a shell without make,
conda, papermill and nbconvert by themselves. Each gives the numbers worked out by hand for the toy.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
import yaml

from tests.toy_project import ROOT, toy_project

pytestmark = pytest.mark.whole
GUIDE = (ROOT / "docs" / "without-make.md").read_text(encoding="utf-8")
# Read by every Python that is started, kernels and workers too, before anything else.
ELSEWHERE = """
import multiprocessing, multiprocessing.context, os, sys
for name in ("fork", "forkserver"):
    multiprocessing.context._concrete_contexts.pop(name)
multiprocessing.set_start_method("spawn")
multiprocessing.get_all_start_methods = lambda: ["spawn"]
sys.modules["multiprocessing.forkserver"] = None
for name in ("fork", "forkpty", "setsid", "killpg", "getpgrp", "geteuid", "mkfifo"):
    delattr(os, name)
"""
# Not for a sweep: the library behind it has Windows' own lock there, and here none but this.
WITHOUT_LOCKS = 'sys.modules["fcntl"] = None'
NOTEBOOKS = ("01_harvest", "02_bread", "03_ledger")


def python(project: Path, *words: str, first: tuple[Path, ...] = ()) -> str:
    """Return what a command of Python says in a copy of the toy; there is no make on its path."""
    places = [*first, ROOT / "src", project / "src"]
    named = {name: value for name, value in os.environ.items() if not name.startswith("WORKBOOK_")}
    ran = subprocess.run(
        [sys.executable, "-m", *words],
        cwd=project,
        env={**named, "PATH": os.devnull, "PYTHONPATH": os.pathsep.join(map(str, places))},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert ran.returncode == 0, f"{words}\n{ran.stdout}\n{ran.stderr}"
    # a kernel that ends may log how its own sockets went; what goes through our code is a fault
    traced = [line for line in ran.stderr.splitlines() if line.lstrip().startswith('File "')]
    assert [line for line in traced if any(str(place) in line for place in places)] == []
    return ran.stdout + ran.stderr


def takings(project: Path, run: str) -> list[float]:
    table = pd.read_csv(project / "runs" / run / "tables" / "bread.csv")
    return table["takings_jpy"].tolist()


def elsewhere(folder: Path, *more: str) -> tuple[Path]:
    """Return the folder from which every Python takes this machine for another one."""
    folder.mkdir()
    (folder / "sitecustomize.py").write_text("\n".join([ELSEWHERE, *more]), encoding="utf-8")
    return (folder,)


def test_where_nothing_can_be_copied_a_study_runs_verifies_and_sweeps_with_its_hand_made_numbers(
    tmp_path,
):
    project = toy_project(tmp_path / "bakery")
    bare = elsewhere(tmp_path / "bare", WITHOUT_LOCKS)
    for asked in ("check", "run", "report"):
        python(project, "workbook", asked, first=bare)
    assert takings(project, "baseline") == [5_400_000, 4_800_000, 4_200_000]
    assert "knows no locks" in python(project, "workbook", "verify", first=bare)
    asked = "sweep --grid bread.price_jpy=200,400 --to 2"
    said = python(project, "workbook", *asked.split(), first=elsewhere(tmp_path / "no_fork"))
    assert "2 runs: 1 step run, 2 kept from before" in said
    page = (project / "runs/baseline/report/en.html").read_text(encoding="utf-8")
    assert "The bread brings in 4.8 million yen" in page and "<svg" in page


@pytest.mark.parametrize(
    "command",
    [
        "papermill notebooks/{name}.ipynb {name}.ipynb --cwd notebooks --no-progress-bar",
        "nbconvert --to notebook --execute notebooks/{name}.ipynb --output-dir .",
    ],
    ids=lambda command: command.split()[0],
)
def test_papermill_and_nbconvert_alone_give_the_same_numbers_and_pages_that_can_be_read(
    tmp_path, command
):
    project = toy_project(tmp_path / "bakery")
    for name in NOTEBOOKS:
        python(project, *command.format(name=name).split())
    assert takings(project, "interactive") == [5_400_000, 4_800_000, 4_200_000]
    python(project, "nbconvert", "--to", "html", "02_bread.ipynb")
    page = (project / "02_bread.html").read_text(encoding="utf-8")
    for said in ("パンの売上げは480万円", "data:image/svg+xml", "製粉が売上げの120万円を左右する"):
        assert said in page, said


def targets() -> set[str]:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)[0].split())


def test_every_target_of_the_makefile_has_its_route_without_make():
    by_hand = dict(re.findall(r"^\| `make ([\w-]+)` \| (.+) \|$", GUIDE, re.MULTILINE))
    assert by_hand.keys() == targets()
    assert all("`" in route for route in by_hand.values())


def recipe(target: str) -> list[str]:
    """Return the commands of a target, without their place and without options of the machine."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    (lines,) = re.findall(rf"^{target}:.*\n((?:\t.+\n)+)", makefile, re.MULTILINE)
    said = {"$(BIN)/": "", "python -m ": "", "$(TESTS) ": "", "$(RESULTS) ": ""}
    for old, new in (said | {"$(COVERED)": "tests/analysis src/analysis"}).items():
        lines = lines.replace(old, new)
    return [line.strip() for line in lines.splitlines()]


@pytest.mark.parametrize("target", ["report", "lint", "test-whole", "test-all", "cover", "overdue"])
def test_the_routes_are_the_makefiles_own_commands_in_their_order(target):
    (route,) = re.findall(rf"^\| `make {target}` \| (.+) \|$", GUIDE, re.MULTILINE)
    commands = [said.removeprefix("python -m ") for said in re.findall(r"`([^`]+)`", route)]
    assert commands == recipe(target)


# What conda does for environment.yml: a Python with pip, then pip's part, in the file's own folder.
CONDA = """
set -eu
conda() {
    if [ "${*:1:3}" = "env create -f" ]; then
        name="$(sed -n 's/^name: //p' "$4")"
        "$PYTHON" -m venv "$ENVS/$name"
        echo "$LIBRARIES" > "$("$ENVS/$name/bin/python" -c \\
            'import sysconfig; print(sysconfig.get_path("purelib"))')/had-already.pth"
        (cd "$(dirname "$4")" && "$ENVS/$name/bin/pip" install --quiet --no-index $(
            sed -n 's/^      - \\(-r .*\\)/\\1/p' "$4"))
    else
        [ "$1" = activate ] && PATH="$ENVS/$2/bin:$PATH" && hash -r
    fi
}
"""


def test_the_head_of_environment_yml_sets_up_an_environment_when_it_is_followed_to_the_letter(
    tmp_path,
):
    """conda is stood in for: the libraries are had already, so that pip checks the lock against
    them and downloads nothing.
    """
    project = tmp_path / "study"
    project.mkdir()
    for name in ("environment.yml", "requirements.lock", "pyproject.toml", "README.md", "LICENSE"):
        (project / name).write_bytes((ROOT / name).read_bytes())
    (project / "src").symlink_to(ROOT / "src")
    text = (project / "environment.yml").read_text(encoding="utf-8")
    commands = re.findall(r"^#   (\S.*)$", text, re.MULTILINE)
    assert len(commands) == 2 and yaml.safe_load(text)["name"] in commands[0]
    libraries = next(path for path in sys.path if path.endswith("site-packages"))
    named = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    asked = "python -c 'import sys, workbook; print(sys.prefix, workbook.__file__)'"
    ran = subprocess.run(
        ["bash", "-c", "\n".join([CONDA, *commands, f"cd / && {asked}"])],
        cwd=project,
        env={**named, "PYTHON": sys.executable, "ENVS": str(tmp_path), "LIBRARIES": libraries},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    prefix, module = ran.stdout.splitlines()[-1].split()
    assert prefix == str(tmp_path / "analysis")
    assert Path(module).resolve() == ROOT / "src" / "workbook" / "__init__.py"
