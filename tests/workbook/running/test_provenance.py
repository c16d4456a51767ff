"""Where a run comes from, as people and machines may read it: right, or honestly unknown."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.toy_project import ROOT, edit, toy_project, workbook
from workbook.running.manifest import commit_of, committed_on
from workbook.whole_files import checksum

# what the profile Process Run Crate, version 0.5, calls a must; its own validator (roc-validator
# 0.13) passes the same crates, but would hold the lock to an old rich and asks the network
PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
NO_NETWORK = """
import socket
def refuse(self, address, *more):
    if self.family != socket.AF_UNIX and address[0] not in ("127.0.0.1", "localhost", "::1"):
        raise OSError(f"somebody asked the network for {address}")
    return connect(self, address, *more)
connect, socket.socket.connect = socket.socket.connect, refuse
"""


def git(folder: Path, *words: str) -> str:
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    ask = ["git", *who, "-C", str(folder), *words]
    return subprocess.run(ask, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def stored(tmp_path) -> Path:
    """A toy in git, with two commits."""
    project = toy_project(tmp_path / "bakery")
    git(project, "init", "--quiet")
    git(project, "add", "-A")
    git(project, "commit", "--quiet", "-m", "first")
    git(project, "commit", "--quiet", "--allow-empty", "-m", "second")
    return project


def test_a_commit_is_named_and_a_change_after_it_too(stored):
    head = git(stored, "rev-parse", "HEAD")
    assert commit_of(stored) == head and len(committed_on(stored)) == 10
    edit(stored / "params.yaml", "price_jpy: 400 ", "price_jpy: 300 ")
    assert commit_of(stored) == f"{head}+changes"


def test_a_shallow_clone_names_the_same_commit(stored, tmp_path):
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "--quiet", "--depth", "1", stored.as_uri(), str(shallow))
    assert git(shallow, "rev-list", "--count", "HEAD") == "1"
    assert (commit_of(shallow), committed_on(shallow)) == (commit_of(stored), committed_on(stored))


def test_somebody_elses_repository_around_a_study_is_not_its_commit(stored):
    """Tempting: git answers wherever a folder above it is stored, as where a home folder is."""
    unpacked = toy_project(stored / "unpacked")
    assert commit_of(unpacked) == committed_on(unpacked) == "unknown"


def test_a_repository_without_a_commit_and_a_folder_without_one_are_unknown(tmp_path):
    project = toy_project(tmp_path / "bakery")
    assert commit_of(project) == "unknown"
    git(project, "init", "--quiet")
    git(project, "add", "-A")
    assert commit_of(project) == committed_on(project) == "unknown"


@pytest.fixture(scope="module")
def alone(tmp_path_factory) -> Path:
    """The toy with a run and its report, made without git, without network, by somebody whose home
    cannot be written to.
    """
    folder = tmp_path_factory.mktemp("alone")
    project = toy_project(folder / "bakery")
    (folder / "sitecustomize.py").write_text(NO_NETWORK, encoding="utf-8")
    kept = {name: os.environ[name] for name in ("LANG", "LC_ALL", "TMPDIR") if name in os.environ}
    places = [str(folder), str(ROOT / "src"), str(project / "src")]
    named = {"HOME": "/dev/null/home", "PATH": "", "PYTHONPATH": os.pathsep.join(places)}
    for command in ("run", "report"):
        ask = [sys.executable, "-m", "workbook", command]
        done = subprocess.run(ask, cwd=project, env=kept | named, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
    return project


def test_without_git_network_and_home_the_run_is_whole_and_its_commit_unknown(alone):
    run = alone / "runs/baseline"
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["commit"] == manifest["committed_on"] == "unknown"
    assert [step["status"] for step in manifest["steps"].values()] == ["executed", "executed"]
    assert "unknown" not in (run / "results.json").read_text(encoding="utf-8")
    shown = [path.read_text(encoding="utf-8") for path in (run / "executed").iterdir()]
    assert not any('"stderr"' in text for text in shown)  # nothing of the home in the report


def crate_of(project: Path) -> dict[str, dict]:
    text = (project / "runs/baseline/ro-crate-metadata.json").read_text(encoding="utf-8")
    graph = json.loads(text)["@graph"]
    assert len({entity["@id"] for entity in graph}) == len(graph)
    return {entity["@id"]: entity for entity in graph}


def named(value: object) -> list[str]:
    """The ids that a property names."""
    entries = value if isinstance(value, list) else [value]
    return [entry["@id"] for entry in entries if isinstance(entry, dict)]


def test_a_run_is_a_process_run_crate(alone):
    crate = crate_of(alone)
    descriptor, root = crate["ro-crate-metadata.json"], crate["./"]
    assert named(descriptor["about"]) == ["./"]
    assert named(descriptor["conformsTo"]) == ["https://w3id.org/ro/crate/1.1"]
    assert named(root["conformsTo"]) == [PROFILE] and crate[PROFILE]["@type"] == "CreativeWork"
    assert all(root[must] for must in ("name", "description", "datePublished", "license"))
    outside = {"https://w3id.org/ro/crate/1.1"}
    for entity in crate.values():
        for name in (name for value in entity.values() for name in named(value)):
            assert name in crate or name in outside, (entity["@id"], name)


def test_each_notebook_is_an_action_with_its_tool_what_it_read_and_what_it_wrote(alone):
    crate = crate_of(alone)
    actions = [crate[name] for name in named(crate["./"]["mentions"])]
    assert [action["@type"] for action in actions] == ["CreateAction", "CreateAction"]
    for action in actions:
        (tool,) = named(action["instrument"])
        assert crate[tool]["@type"] == "SoftwareSourceCode"
        assert action["startTime"] <= action["endTime"]
        assert action["actionStatus"].endswith("/CompletedActionStatus")
    harvest, bread = actions
    assert "inputs/fields.csv" in named(harvest["object"])
    assert set(named(harvest["result"])) & set(named(bread["object"])) == {"tables/grain.csv"}


def test_every_file_of_the_crate_is_there_with_its_checksum(alone):
    crate, run = crate_of(alone), alone / "runs/baseline"
    files = {name: entity for name, entity in crate.items() if entity["@type"] == "File"}
    assert set(files) == set(named(crate["./"]["hasPart"]))
    for name, entity in files.items():
        assert entity["sha256"] == checksum(run / name), name
    there = {path.relative_to(run).as_posix() for path in run.glob("tables/*.csv")}
    assert there == {name for name in files if name.startswith("tables/")}


def test_an_own_table_is_named_and_not_handed_on_and_a_failed_run_has_no_crate(alone, tmp_path):
    own = shutil.copytree(alone, tmp_path / "bakery")
    (own / "data/local").mkdir()
    fields = (own / "data/fields.csv").read_text(encoding="utf-8").replace("0.3", "0.4")
    (own / "data/local/fields.csv").write_text(fields, encoding="utf-8")
    workbook(own, "run")
    crate = crate_of(own)
    assert "inputs/fields.csv" not in crate and crate["#own-table-fields"]["sha256"]
    formulas = own / "src/bakery/chapters/bread/formulas.py"
    edit(formulas, "import pandas as pd\n", "import pandas as pd\n\n1 / 0\n")
    workbook(own, "run", code=1)
    assert not (own / "runs/baseline/ro-crate-metadata.json").exists()
