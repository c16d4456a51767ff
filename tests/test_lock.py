"""The environment: one lock for pip and conda users, no registry named anywhere, one licence."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
ENTRY = re.compile(
    r"^(?P<requirement>[A-Za-z0-9][^\\\n]*?) \\\n(?P<hashes>(?: +--hash=sha256:[0-9a-f]{64}(?:"
    r" \\)?\n)+)",
    re.MULTILINE,
)
# Written so that this file does not match itself.
REGISTRY = re.compile(
    r"py[p]i\.org|python[h]osted|npm[j]s\.(?:org|com)|anaconda[.]org|deb[i]an\.org|conda\.anaconda[.]",
    re.IGNORECASE,
)
INDEX_OPTION = re.compile(
    r"--(?:default-|extra-)?index(?:-url)?["
    r" =]|--find-link[s]|(?:PIP|UV)_(?:EXTRA_|DEFAULT_)?IND[E]X|\[\[tool\.uv\.in[d]ex"
)


def locked() -> dict[str, list[Requirement]]:
    """Return the locked requirements by canonical name; a name may be locked once per Python
    version.
    """
    entries: dict[str, list[Requirement]] = {}
    for match in ENTRY.finditer(LOCK):
        requirement = Requirement(match["requirement"])
        entries.setdefault(canonicalize_name(requirement.name), []).append(requirement)
    return entries


def declared() -> list[Requirement]:
    """Return what the project needs: to run, with every extra, and to be built."""
    extras = PROJECT["project"].get("optional-dependencies", {}).values()
    return [
        Requirement(line)
        for lines in (
            PROJECT["project"]["dependencies"],
            PROJECT["build-system"]["requires"],
            *extras,
        )
        for line in lines
    ]


def committed_texts() -> dict[str, str]:
    """Return every text file that is, or is about to be, in the repository."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    texts = {}
    for name in filter(None, listing.split("\0")):
        content = (ROOT / name).read_bytes() if (ROOT / name).is_file() else b""
        if b"\0" not in content:
            texts[name] = content.decode("utf-8")
    assert {"requirements.lock", "Makefile", ".ci/run", "tests/test_lock.py"} <= set(texts)
    return texts


def deptry(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "deptry", "--no-ansi", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_what_is_imported_is_declared_and_what_is_declared_is_used_or_has_its_reason():
    found = deptry(ROOT, "src", "notebooks", "benchmarks", "tests")
    assert found.returncode == 0, found.stderr


def test_the_study_imports_nothing_that_only_its_tests_have():
    found = deptry(
        ROOT,
        "src",
        "notebooks",
        "benchmarks",
        "--optional-dependencies-dev-groups",
        "test",
        "--ignore",
        "DEP002",
    )
    assert found.returncode == 0, found.stderr


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("import yaml, attrs", "'attrs' imported but"),
        ("import yaml, no_such_library", "'no_such_library' imported but"),
        ("x = 1", "'pyyaml' defined as a dependency but not used"),
    ],
)
def test_the_search_for_undeclared_and_unused_libraries_finds_them(tmp_path, source, said):
    (tmp_path / "pyproject.toml").write_text(
        '[project]\nname = "made-up"\nversion = "1"\ndependencies = ["pyyaml"]\n', encoding="utf-8"
    )
    (tmp_path / "made_up.py").write_text(f"{source}\n", encoding="utf-8")
    found = deptry(tmp_path, ".")
    assert found.returncode == 1 and said in found.stderr


@pytest.mark.parametrize("requirement", declared(), ids=str)
def test_every_declared_dependency_is_locked_within_its_bounds(requirement):
    entries = locked().get(canonicalize_name(requirement.name), [])
    assert entries, (
        f"{requirement} is not in requirements.lock: compile the lock anew (CONTRIBUTING.md)"
    )
    for entry in entries:
        assert requirement.specifier.contains(next(iter(entry.specifier)).version)


def test_every_locked_line_has_one_exact_version_and_hashes():
    """A line without a hash would be taken from anywhere; pip then refuses the whole file, uv
    likewise.
    """
    names = re.findall(r"^[A-Za-z0-9].*$", LOCK, re.MULTILINE)
    assert len(names) == sum(map(len, locked().values())) > 100
    for entries in locked().values():
        for entry in entries:
            assert [spec.operator for spec in entry.specifier] == ["=="] and entry.url is None, str(
                entry
            )


def test_the_lock_serves_every_python_the_project_allows():
    lowest = Version(next(iter(SpecifierSet(PROJECT["project"]["requires-python"]))).version)
    for name, entries in locked().items():
        for python in (f"{lowest}.0", "3.12.4", "3.13.1", "3.14.0"):
            fitting = [
                e
                for e in entries
                if e.marker is None
                or e.marker.evaluate(
                    {"python_full_version": python, "python_version": python.rpartition(".")[0]}
                )
            ]
            assert len(fitting) <= 1, (
                f"{name}: {len(fitting)} versions at once under Python {python}"
            )


def test_conda_users_get_python_pip_and_the_lock_and_nothing_else():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    assert set(environment) == {"name", "dependencies"}
    python, pip, from_pip = environment["dependencies"]
    assert pip == "pip" and from_pip == {"pip": ["-r requirements.lock"]}
    assert Requirement(python).name == "python"
    assert Requirement(python).specifier == SpecifierSet(PROJECT["project"]["requires-python"])


def test_the_makefile_asks_for_the_python_that_the_project_asks_for():
    lowest = Version(next(iter(SpecifierSet(PROJECT["project"]["requires-python"]))).version)
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert f"sys.version_info < ({lowest.major}, {lowest.minor})" in makefile
    assert f"not Python {lowest} or newer" in makefile


def test_no_committed_file_names_a_registry_or_an_index():
    """The lock and the commands must work against whatever mirror an office allows."""
    named = [
        f"{name}: {match.group()}"
        for name, text in committed_texts().items()
        for pattern in (REGISTRY, INDEX_OPTION)
        for match in pattern.finditer(text)
    ]
    assert named == []


def test_the_search_for_registries_finds_them():
    assert REGISTRY.search("https://py" + "pi.org/simple") and REGISTRY.search(
        "registry.npm" + "js.org"
    )
    assert INDEX_OPTION.search("pip install --ind" + "ex-url x") and INDEX_OPTION.search(
        "UV_IND" + "EX=x"
    )


def test_the_licence_is_the_one_that_is_declared_everywhere():
    assert "Apache License" in (ROOT / "LICENSE").read_text(encoding="utf-8")
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert PROJECT["project"]["license"] == citation["license"] == "Apache-2.0"
    assert PROJECT["project"]["version"] == citation["version"]


def test_generated_and_confidential_files_stay_out_of_git():
    for name in (
        "runs/baseline/results.json",
        "data/local/ict_cost.csv",
        ".venv/.ready",
        "notebooks/.ipynb_checkpoints/x.ipynb",
    ):
        assert (
            subprocess.run(
                ["git", "check-ignore", "--quiet", "--no-index", name], cwd=ROOT, check=False
            ).returncode
            == 0
        ), name
    for name in ("data/municipalities.csv", "notebooks/04_procurement.ipynb", "params.schema.json"):
        assert (
            subprocess.run(
                ["git", "check-ignore", "--quiet", "--no-index", name], cwd=ROOT, check=False
            ).returncode
            == 1
        ), name
