"""What continuous integration calls runs here, too: make targets, scripts of .ci, modules by name;
and the comparison with a pull request's base, on a stand-in for the workbook.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
# the same on every system; Windows has no make
BY_NAME = re.compile(r"python -m (pip install|pytest|workbook)\b")
TARGET = re.compile(r"make ([\w.-]+)((?: [A-Z]+=\S+(?: ?\}\})?)*)")
STAND_IN = """#!/bin/sh
# runs/baseline holds the commit that it was run on, as often as it was run
if [ "$1" = run ]; then
    mkdir -p runs/baseline
    git rev-parse HEAD >> runs/baseline/manifest.json
else
    echo "$4: $(tail -n 1 "$2/manifest.json") $(tail -n 1 "runs/$3/manifest.json")"
    exit "${COMPARED:-1}"
fi
"""


def commands() -> Iterator[tuple[str, str]]:
    """Every line that a step of a workflow runs, with the workflow's name."""
    for path in WORKFLOWS:
        for job in yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"].values():
            for step in job["steps"]:
                for line in step.get("run", "").splitlines():
                    yield path.name, line


def targets() -> set[str]:
    rules = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    return set(rules)


def test_a_workflow_calls_nothing_that_cannot_be_called_here():
    called = list(commands())
    assert len(called) > 5
    for name, line in called:
        plain = re.sub(r"\$\{\{.*?\}\}", "x", line)
        made, script = TARGET.fullmatch(plain), re.fullmatch(r"bash (\.ci/\w+)", plain)
        if made:
            assert made[1] in targets(), (name, line)
        elif script:
            assert (ROOT / script[1]).is_file(), (name, line)
        else:
            assert BY_NAME.match(plain), (name, line)


@pytest.mark.parametrize("target", ["pull-request", "public", "overdue", "newest"])
def test_what_only_a_workflow_would_call_is_called_by_one(target):
    assert any(re.match(rf"make {target}\b", line) for _, line in commands())


def test_every_environment_that_is_kept_is_known_by_its_lock():
    for path in WORKFLOWS:
        for key in re.findall(r"key: (packages.*)", path.read_text(encoding="utf-8")):
            assert "hashFiles('requirements.lock')" in key


def git(folder: Path, *words: str) -> str:
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    ask = ["git", *who, "-C", str(folder), *words]
    return subprocess.run(ask, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def branch(tmp_path) -> Path:
    """A branch of one commit, which main has left behind by another."""
    project = tmp_path / "project"
    (project / ".ci").mkdir(parents=True)
    shutil.copy(ROOT / ".ci" / "pull_request", project / ".ci")
    (project / ".gitignore").write_text("/build/\n/runs/\n/.venv/\n", encoding="utf-8")
    (project / "stand-in").write_text(STAND_IN, encoding="utf-8")
    ready = ".venv/.ready:\n\tmkdir -p .venv/bin\n\tcp stand-in .venv/bin/workbook\n"
    executable = "\tchmod +x .venv/bin/workbook\n\ttouch .venv/.ready\n"
    (project / "Makefile").write_text(ready + executable, encoding="utf-8")
    git(project, "init", "--quiet", "--initial-branch", "main")
    git(project, "add", "-A")
    git(project, "commit", "--quiet", "-m", "first")
    git(project, "checkout", "--quiet", "-b", "change")
    git(project, "commit", "--quiet", "--allow-empty", "-m", "the change")
    git(project, "checkout", "--quiet", "main")
    git(project, "commit", "--quiet", "--allow-empty", "-m", "what others did since")
    git(project, "checkout", "--quiet", "change")
    subprocess.run(["make", "-C", project, ".venv/.ready"], check=True, capture_output=True)
    return project


def compared(project: Path, base: str = "main", **environment: str) -> subprocess.CompletedProcess:
    named = {name: value for name, value in os.environ.items() if name != "GITHUB_STEP_SUMMARY"}
    named = {name: value for name, value in named.items() if not name.startswith("MAKE")}
    return subprocess.run(
        ["bash", ".ci/pull_request", base],
        cwd=project,
        env=named | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_branch_is_held_against_the_commit_at_which_it_left_its_base(branch, tmp_path):
    """Tempting is the tip of main: then what others did since would be told as undone here."""
    summary = tmp_path / "summary.md"
    done = compared(branch, GITHUB_STEP_SUMMARY=str(summary))
    assert done.returncode == 0, done.stderr
    first, change = git(branch, "rev-parse", "main~1"), git(branch, "rev-parse", "HEAD")
    told = f"--markdown: {first} {change}\n"
    assert summary.read_text() == (branch / "build/pull-request.md").read_text() == told
    assert (branch / "build/pull-request.json").read_text().startswith("--json: ")
    assert git(branch, "worktree", "list").count("\n") == 0  # nothing is left of the base's tree


def test_the_base_is_run_once_for_each_commit(branch):
    for _ in range(2):
        assert compared(branch).returncode == 0
    (kept,) = (branch / "build/base").glob("*/baseline/manifest.json")
    assert len(kept.read_text().splitlines()) == 1


def test_a_tree_that_a_killed_run_left_is_no_hindrance(branch):
    (branch / "build/tree/rest").mkdir(parents=True)
    assert compared(branch).returncode == 0


@pytest.mark.parametrize(("code", "ended"), [("0", 0), ("1", 0), ("2", 2)])
def test_a_difference_is_no_fault_and_a_fault_is_no_difference(branch, code, ended):
    assert bool(compared(branch, COMPARED=code).returncode) == bool(ended)


def test_a_base_that_is_not_here_is_told_with_its_remedy(branch):
    done = compared(branch, "origin/nowhere")
    assert done.returncode == 2 and "no commit in common with origin/nowhere" in done.stderr
