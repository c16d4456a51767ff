"""What a machine can see of the programs: language, layout, functions, tests, dependencies,
paths.
"""

from __future__ import annotations

import ast
import re
import tomllib
from typing import Any

from workbook.audit.study_files import Proof, StudyFiles
from workbook.study import study

# a place on somebody's machine
ELSEWHERE = re.compile(r"""["'](?:/(?:home|Users|tmp|root)/|[A-Za-z]:[\\/])""")
UNSEEDED = re.compile(
    r"default_rng\(\s*\)|np\.random\.(?:rand|randn|random|normal|uniform|choice|shuffle|permutation|seed)\b"
)
PINNED = re.compile(r"^([a-z0-9][a-z0-9._-]*)==\S+", re.MULTILINE | re.IGNORECASE)


def open_language(files: StudyFiles) -> Proof:
    """Say whether everything that makes data is Python."""
    notebooks = len({name for name, _ in files.notebook_cells})
    return Proof(
        bool(notebooks and files.modules),
        f"ノートブック{notebooks}本とモジュール{len(files.modules)}本はPythonである",
        f"{notebooks} notebooks and {len(files.modules)} modules are Python",
    )


def documented(files: StudyFiles) -> Proof:
    """Say which public functions lack a docstring."""
    public = files.public
    bare = [f"{module}: {node.name}" for module, node in public if not ast.get_docstring(node)]
    guides = files.there(
        "README.md", "README.ja.md", "CONTRIBUTING.md", "docs/methods", "docs/decisions"
    )
    said = f"{len(public) - len(bare)} / {len(public)}"
    more = f": {', '.join(bare[:3])}" if bare else ""
    return Proof(
        bool(public) and not bare and len(guides) == 5,
        f"説明のある公開関数 {said}{more}、案内 {', '.join(guides) or 'なし'}",
        f"public functions with a docstring {said}{more}; guides {', '.join(guides) or 'none'}",
    )


def organised(files: StudyFiles) -> Proof:
    """Say whether the folders of the layout are there, and the tests that hold it."""
    wanted = ("data", "notebooks", f"src/{study().package}", "tests", "docs", "tests/test_house.py")
    there = files.there(*wanted)
    return Proof(
        len(there) == len(wanted),
        f"{'、'.join(there) or 'なし'}（構成は試験が守る）",
        f"{', '.join(there) or 'none'} (a test holds the layout)",
    )


def functions(files: StudyFiles) -> Proof:
    """Say whether notebooks call functions and define none."""
    defined = [
        name
        for name, cell in files.notebook_cells
        if re.search(r"^\s*(def|class)\s", "".join(cell["source"]), re.MULTILINE)
    ]
    public = sum(isinstance(node, ast.FunctionDef) for _, node in files.public)
    return Proof(
        bool(files.notebook_cells) and not defined,
        f"ノートブックは関数を定義せず（定義{len(defined)}件）、公開関数{public}件を呼ぶ",
        f"notebooks define no function ({len(defined)} do) and call from {public} public ones",
    )


def standards(files: StudyFiles) -> Proof:
    """Say which agreed standards are held by tests; style as such is not measured."""
    wanted = ("CONTRIBUTING.md", "tests/test_house.py", "tests/notebooks/test_notebook_rules.py")
    there = files.there(*wanted)
    return Proof(
        len(there) == len(wanted),
        f"書き方の約束を試験が守る：{'、'.join(there) or 'なし'}。PEP 8への適合率は測っていない",
        f"tests hold the house rules: {', '.join(there) or 'none'}; how far PEP 8 is followed is"
        " not measured",
    )


def tests(files: StudyFiles) -> Proof:
    """Count the tests, and hold the run's headline results to the reviewed ones."""
    from workbook.comparing.expected import changes, expected_file

    count = sum(
        len(re.findall(r"^\s*def test_", path.read_text(encoding="utf-8"), re.MULTILINE))
        for path in sorted((files.root / "tests").rglob("test_*.py"))
    )
    if not expected_file(files.root).is_file() or not (files.run / "results.json").is_file():
        return Proof(
            False,
            f"試験の関数{count}件、点検済みの結果なし",
            f"{count} test functions, no reviewed results",
        )
    if files.run.name != "baseline":
        return Proof(
            count > 0,
            f"試験の関数{count}件。点検済みの結果はbaselineのもので、この実行とは比べない",
            f"{count} test functions; the reviewed results are the baseline's, this run is not held"
            " against them",
        )
    moved = changes(files.root, files.run)
    return Proof(
        count > 0 and not moved,
        f"試験の関数{count}件、点検済みの結果と異なる主な結果{len(moved)}件",
        f"{count} test functions; {len(moved)} headline results differ from the reviewed ones",
    )


def dependencies(files: StudyFiles) -> Proof:
    """Say whether each locked distribution has one version and a hash."""
    lock = files.text("requirements.lock")
    pinned, entries = PINNED.findall(lock), re.split(r"\n(?=[A-Za-z0-9])", lock)
    hashed = {entry.partition("==")[0].lower() for entry in entries if "--hash=" in entry}
    bare = [name for name in pinned if name.lower() not in hashed]
    return Proof(
        bool(pinned) and not bare and bool(files.there("environment.yml")),
        f"requirements.lockに{len(pinned)}件、版とハッシュ付き（ハッシュなし{len(bare)}件）",
        f"requirements.lock: {len(pinned)} distributions with version and hash ({len(bare)}"
        " without)",
    )


def packaged(files: StudyFiles) -> Proof:
    """Say whether the code is a package with a version and a command."""
    project = _project(files)
    command = ", ".join(project.get("scripts", {}))
    return Proof(
        bool(project.get("version") and command),
        f"{project.get('name', '')} {project.get('version', '')}、命令 {command or 'なし'}",
        f"{project.get('name', '')} {project.get('version', '')}, command {command or 'none'}",
    )


def changes(files: StudyFiles) -> Proof:
    """Say whether a changelog tells of the present version."""
    version = _project(files).get("version", "")
    told = bool(version) and version in files.text("CHANGELOG.md")
    return Proof(
        told,
        f"CHANGELOG.mdは版{version}を{'述べる' if told else '述べない'}",
        f"CHANGELOG.md {'tells' if told else 'does not tell'} of version {version}",
    )


def code_licence(files: StudyFiles) -> Proof:
    """Say which licence governs the code."""
    declared, text = str(_project(files).get("license", "")), files.text("LICENSE")
    return Proof(
        bool(declared and text.strip()),
        f"LICENSE、{declared or '宣言なし'}",
        f"LICENSE, {declared or 'none declared'}",
    )


def randomness(files: StudyFiles) -> Proof:
    """Say whether any generator of random numbers starts without a seed."""
    loose = [name for name, text in files.modules.items() if UNSEEDED.search(text)]
    register = study().weights.register(files.frames)
    inputs = 0 if register is None else len(register)
    return Proof(
        bool(files.modules) and not loose,
        f"種を定めない乱数{len(loose)}件。不確実な入力{inputs}件は、それぞれ台帳に次元を持つ",
        f"{len(loose)} generators without a seed; each of {inputs} uncertain inputs has its"
        " dimension in the register",
    )


def paths(files: StudyFiles) -> Proof:
    """Say whether a module or a notebook names a place on somebody's machine."""
    bound = [name for name, text in files.modules.items() if ELSEWHERE.search(text)]
    bound += [
        name for name, cell in files.notebook_cells if ELSEWHERE.search("".join(cell["source"]))
    ]
    return Proof(
        bool(files.modules) and not bound,
        f"特定の機械の場所を指す箇所{len(bound)}件",
        f"{len(bound)} modules or notebooks name a place on one machine",
    )


def _project(files: StudyFiles) -> dict[str, Any]:
    return tomllib.loads(files.text("pyproject.toml")).get("project", {})
