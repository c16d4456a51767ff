"""What notebooks show stays out of git: one command sets up a filter, which git must not miss."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.toy_project import ROOT, TOY
from workbook.check import stored_outputs
from workbook.notebook.git_filter import notebooks_of, staged_text, unfiltered, unfiltered_note
from workbook.notebook.outputs import without_outputs
from workbook.tables.data_package import DataPackage

PROGRAM = "src/workbook/notebook/outputs.py"
NOTEBOOK, COPY = "notebooks/02_flour.ipynb", "mine/copy.ipynb"
SECRET = "987,654,321"


@pytest.fixture
def clone(tmp_path, monkeypatch):
    """A new clone with two notebooks that hold outputs, one of them not in notebooks/."""
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    folder = tmp_path / "a clone's folder"
    for name in ("Makefile", ".gitattributes", PROGRAM):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    git(folder, "init", "-q")
    for name in (NOTEBOOK, COPY):
        (folder / name).parent.mkdir(parents=True)
        run_in_jupyter(folder / name)
    return folder


def git(folder, *words, check=True):
    return subprocess.run(
        ["git", "-c", "user.name=a", "-c", "user.email=a@b.invalid", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=check,
    )


def run_in_jupyter(path):
    cell = {
        "cell_type": "code",
        "id": "a",
        "metadata": {},
        "source": ["print(cost)"],
        "execution_count": 1,
        "outputs": [{"output_type": "stream", "name": "stdout", "text": [SECRET]}],
    }
    path.write_text(
        json.dumps(
            {
                "cells": [cell],
                "metadata": {"widgets": {"x": SECRET}},
                "nbformat": 4,
                "nbformat_minor": 5,
            }
        )
    )


def make_filter(folder):
    subprocess.run(["make", "filter"], cwd=folder, capture_output=True, check=True)


def staged(folder):
    return {
        name
        for name in (NOTEBOOK, COPY)
        if SECRET in git(folder, "show", f":{name}", check=False).stdout
    }


def test_a_clone_without_the_filter_is_told_of_every_notebook_that_shows_something(clone):
    assert unfiltered(clone)
    found = list(stored_outputs(clone))
    assert (
        len(found) == 2
        and all("make filter" in fault for fault in found)
        and NOTEBOOK in found[1]
        and COPY in found[0]
    )


def test_with_the_filter_a_notebook_may_hold_outputs_and_git_leaves_them_out(clone):
    make_filter(clone)
    assert not unfiltered(clone) and list(stored_outputs(clone)) == []
    git(clone, "add", "-A")
    assert staged(clone) == set() and SECRET in (clone / NOTEBOOK).read_text()
    assert "print(cost)" in staged_text(clone, NOTEBOOK)


def test_outputs_that_were_staged_before_are_a_fault_until_they_are_staged_again(clone):
    git(clone, "add", "-A")
    git(clone, "commit", "-qm", "too much")
    make_filter(clone)
    assert staged(clone) == {NOTEBOOK, COPY}
    assert [fault.split(":")[0] for fault in stored_outputs(clone)] == [
        COPY,
        NOTEBOOK,
    ]  # the filter alone does not take them out
    git(clone, "add", "--renormalize", NOTEBOOK, COPY)
    assert staged(clone) == set() and list(stored_outputs(clone)) == []


def test_the_filter_does_without_the_environment_and_runs_in_another_work_tree(clone):
    make_filter(clone)
    git(clone, "add", "-A")
    git(clone, "commit", "-qm", "x")
    git(clone, "worktree", "add", "-q", "../other")
    other = clone.parent / "other"
    assert not (other / ".venv").exists() and not unfiltered(other)
    run_in_jupyter(other / NOTEBOOK)
    git(other, "add", "-A")
    assert staged(other) == set()


@pytest.mark.parametrize("harm", ["program gone", "no notebook"])
def test_where_the_filter_cannot_run_git_refuses_to_store_a_notebook(clone, harm):
    """A filter that is not required lets git store the file as it is, with exit code 0."""
    make_filter(clone)
    if harm == "program gone":
        (clone / PROGRAM).unlink()
    else:
        (clone / NOTEBOOK).write_text(f"{SECRET} is no notebook")
    assert git(clone, "add", NOTEBOOK, check=False).returncode != 0 and staged(clone) == set()


def test_a_filter_that_may_fail_in_silence_is_no_filter(clone):
    """As `make lab` set it up once: git asks it, and goes on without it."""
    git(
        clone,
        "config",
        "filter.without-outputs.clean",
        ".venv/bin/python -m workbook.notebook.outputs",
    )
    assert unfiltered(clone)


def test_a_project_below_the_top_of_its_repository_is_filtered_too(tmp_path, clone):
    top = tmp_path / "top"
    top.mkdir()
    shutil.rmtree(clone / ".git")
    project = Path(shutil.move(clone, top / "pro ject"))
    git(top, "init", "-q")
    make_filter(project)
    git(top, "add", "-A")
    assert (
        staged_text(project, NOTEBOOK)
        and SECRET not in staged_text(project, NOTEBOOK)
        and not unfiltered(project)
    )


def test_outside_git_nothing_is_said(clone):
    shutil.rmtree(clone / ".git")
    make_filter(clone)
    assert not unfiltered(clone) and notebooks_of(clone) == [] and list(stored_outputs(clone)) == []


def test_a_run_on_own_tables_is_told_once_and_only_where_git_would_store_what_it_shows(clone):
    resources = [
        {"name": "cost", "path": "local/cost.csv", "local": True},
        {"name": "plan", "path": "plan.csv"},
    ]
    (clone / "data" / "local").mkdir(parents=True)
    (clone / "data" / "datapackage.json").write_text(
        json.dumps({"name": "x", "resources": resources})
    )
    assert (
        unfiltered_note(DataPackage(clone)) is None
    )  # a table that is declared as one's own is not there yet
    (clone / "data" / "local" / "cost.csv").write_text("n\n1\n")
    note = unfiltered_note(DataPackage(clone))
    assert "make filter" in note and len(note.splitlines()) == 1
    make_filter(clone)
    assert unfiltered_note(DataPackage(clone)) is None


def test_what_another_python_says_of_itself_is_no_change():
    """JupyterLab writes its kernel's version when it saves: two researchers with two Pythons would
    change the same lines for ever.
    """
    path = TOY / "notebooks" / "01_harvest.ipynb"
    committed = path.read_text(encoding="utf-8")
    saved = []
    for version in ("3.11.7", "3.12.1"):
        notebook = json.loads(committed)
        notebook["metadata"]["kernelspec"]["display_name"] = f"Python {version} (ipykernel)"
        notebook["metadata"]["language_info"] |= {"version": version, "pygments_lexer": "ipython3"}
        saved.append(without_outputs(json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"))
    assert saved == [committed, committed]
    other = json.loads(committed)
    other["metadata"]["language_info"] = {"name": "R", "version": "4"}
    text = json.dumps(other)
    assert without_outputs(text) == text  # another language is no detail of a machine
