"""What a machine can see of the programs: language, layout, functions, tests, dependencies,
paths.
"""

from __future__ import annotations

import ast
import re
import tomllib
from typing import Any

from workbook.audit.checklists import Proof, proof
from workbook.audit.study_files import StudyFiles
from workbook.study import study

# a place on one machine
ELSEWHERE = re.compile(r"""["'](?:/(?:home|Users|tmp|root)/|[A-Za-z]:[\\/])""")
UNSEEDED = re.compile(
    r"default_rng\(\s*\)|np\.random\.(?:rand|randn|random|normal|uniform|choice|shuffle|permutation|seed)\b"
)
PINNED = re.compile(r"^([a-z0-9][a-z0-9._-]*)==\S+", re.MULTILINE | re.IGNORECASE)


def open_language(files: StudyFiles) -> Proof:
    """Say whether everything that makes data is Python."""
    notebooks, modules = len({name for name, _ in files.notebook_cells}), len(files.modules)
    return proof("open_language", notebooks and modules, notebooks=notebooks, modules=modules)


def documented(files: StudyFiles) -> Proof:
    """Say which public functions lack a docstring."""
    public = files.public
    bare = [f"{module}: {node.name}" for module, node in public if not ast.get_docstring(node)]
    guides = files.there(
        "README.md", "README.ja.md", "CONTRIBUTING.md", "docs/methods", "docs/decisions"
    )
    more = f": {', '.join(bare[:3])}" if bare else ""
    said = f"{len(public) - len(bare)} / {len(public)}{more}"
    named = {"ja": ", ".join(guides) or "なし", "en": ", ".join(guides) or "none"}
    return proof("documented", public and not bare and len(guides) == 5, said=said, guides=named)


def organised(files: StudyFiles) -> Proof:
    """Say whether the folders of the layout are there, and the tests that hold it."""
    wanted = ("data", "notebooks", f"src/{study().package}", "tests", "docs", "tests/test_house.py")
    there = files.there(*wanted)
    return proof("organised", len(there) == len(wanted), there=there)


def functions(files: StudyFiles) -> Proof:
    """Say whether notebooks call functions and define none."""
    defined = [
        name
        for name, cell in files.notebook_cells
        if re.search(r"^\s*(def|class)\s", "".join(cell["source"]), re.MULTILINE)
    ]
    public = sum(isinstance(node, ast.FunctionDef) for _, node in files.public)
    holds = files.notebook_cells and not defined
    return proof("functions", holds, defined=len(defined), public=public)


def standards(files: StudyFiles) -> Proof:
    """Say which agreed standards are held by tests; style as such is not measured."""
    wanted = ("CONTRIBUTING.md", "tests/test_house.py", "tests/notebooks/test_notebook_rules.py")
    there = files.there(*wanted)
    return proof("standards", len(there) == len(wanted), there=there)


def tests(files: StudyFiles) -> Proof:
    """Count the tests, and hold the run's headline results to the reviewed ones."""
    from workbook.comparing import expected

    count = sum(
        len(re.findall(r"^\s*def test_", path.read_text(encoding="utf-8"), re.MULTILINE))
        for path in sorted((files.root / "tests").rglob("test_*.py"))
    )
    if not (expected.expected_file(files.root).is_file() and files.there_in_run("results.json")):
        return proof("tests-unreviewed", False, count=count)
    if files.run.name != "baseline":
        return proof("tests-scenario", count, count=count)
    moved = len(expected.changes(files.root, files.run))
    return proof("tests", count and not moved, count=count, moved=moved)


def dependencies(files: StudyFiles) -> Proof:
    """Say whether each locked distribution has one version and a hash."""
    lock = files.text("requirements.lock")
    pinned, entries = PINNED.findall(lock), re.split(r"\n(?=[A-Za-z0-9])", lock)
    hashed = {entry.partition("==")[0].lower() for entry in entries if "--hash=" in entry}
    bare = [name for name in pinned if name.lower() not in hashed]
    holds = pinned and not bare and files.there("environment.yml")
    return proof("dependencies", holds, pinned=len(pinned), bare=len(bare))


def packaged(files: StudyFiles) -> Proof:
    """Say whether the code is a package with a version and a command."""
    project = _project(files)
    command = ", ".join(project.get("scripts", {}))
    name, version = project.get("name", ""), project.get("version", "")
    holds = version and command
    return proof(
        "packaged", holds, name=name, version=version, command=[command] if command else []
    )


def changes(files: StudyFiles) -> Proof:
    """Say whether a changelog names the present version."""
    version = _project(files).get("version", "")
    named = version and version in files.text("CHANGELOG.md")
    return proof("changes" if named else "changes-missing", named, version=version)


def code_licence(files: StudyFiles) -> Proof:
    """Say which licence governs the code."""
    declared, text = str(_project(files).get("license", "")), files.text("LICENSE")
    name = "code_licence" if declared else "code_licence-missing"
    return proof(name, declared and text.strip(), declared=declared)


def randomness(files: StudyFiles) -> Proof:
    """Say whether any generator of random numbers starts without a seed."""
    loose = [name for name, text in files.modules.items() if UNSEEDED.search(text)]
    register = study().weights.register(files.frames)
    inputs = 0 if register is None else len(register)
    return proof("randomness", files.modules and not loose, loose=len(loose), inputs=inputs)


def paths(files: StudyFiles) -> Proof:
    """Say whether a module or a notebook names a place on one machine."""
    bound = [name for name, text in files.modules.items() if ELSEWHERE.search(text)]
    bound += [
        name for name, cell in files.notebook_cells if ELSEWHERE.search("".join(cell["source"]))
    ]
    return proof("paths", files.modules and not bound, bound=len(bound))


def _project(files: StudyFiles) -> dict[str, Any]:
    return tomllib.loads(files.text("pyproject.toml")).get("project", {})
