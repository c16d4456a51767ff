"""What is otherwise on Windows, as far as it can be here: folders with spaces and Japanese letters,
an encoding that lacks what texts are written in, files that nobody may replace while they are open,
paths that must be stored with the same separator everywhere. The toy gives its hand-made numbers.
"""

from __future__ import annotations

import ast
import json
import os
from pathlib import Path

import pytest

from tests.end_to_end.test_other_seats import elsewhere, python, takings
from tests.toy_project import ROOT, toy_project

BY_HAND = [5_400_000, 4_800_000, 4_200_000]
# A file is opened in an encoding that its line names, or not at all.
NAMED_ENCODINGS = """
import os, sys, warnings
named = r"(workbook|office_tables|bakery)\\b"
warnings.filterwarnings("error", category=EncodingWarning, module=named)
"""
# Windows refuses to replace, move or remove what a process has open, and knows no folder's handle.
HELD_WHILE_OPEN = """
import os
os.supports_dir_fd = set()
def is_open(path):
    path = os.path.realpath(path)
    for number in os.listdir("/proc/self/fd"):
        try:
            there = os.readlink("/proc/self/fd/" + number)
        except OSError:
            continue
        if there == path or there.startswith(path + os.sep):
            return True
def kept(act):
    def acting(*places, **named):
        for place in places[:2]:
            if isinstance(place, (str, os.PathLike)) and is_open(place):
                raise PermissionError(13, "it is open", os.fspath(place))
        return act(*places, **named)
    return acting
for name in ("replace", "rename", "unlink", "remove", "rmdir"):
    setattr(os, name, kept(getattr(os, name)))
"""


@pytest.mark.whole
@pytest.mark.skipif(os.name != "posix", reason="this stands in for Windows")
@pytest.mark.parametrize(
    ("folder", "more"),
    [
        ("my documents/研究 用フォルダ/特別区 の ICT", ()),
        ("bakery", (NAMED_ENCODINGS, HELD_WHILE_OPEN)),
    ],
    ids=["spaces and 日本語", "encodings and open files"],
)
def test_the_toy_is_run_reported_verified_and_swept(tmp_path, monkeypatch, folder, more):
    project = toy_project(tmp_path / folder)
    first = elsewhere(tmp_path / "seat", *more)
    if NAMED_ENCODINGS in more:  # and texts that name none are in one without Japanese letters
        named = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
        for name, value in {**named, "PYTHONWARNDEFAULTENCODING": "1"}.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("PYTHONIOENCODING", "cp932")
    for asked in ("run", "report", "verify"):
        python(project, "workbook", asked, first=first)
    assert takings(project, "baseline") == BY_HAND
    asked = "sweep --grid bread.price_jpy=200,400 --to 2"
    assert "2 runs: 1 step run" in python(project, "workbook", *asked.split(), first=first)
    page = (project / "runs/baseline/report/index.html").read_text(encoding="utf-8")
    assert "パンの売上げは480万円" in page
    _no_path_of_this_machine_is_stored(project, tmp_path)


def _no_path_of_this_machine_is_stored(project: Path, place: Path) -> None:
    """A record that names a file from the study's own folder is the same on every machine."""
    for path in (project / "runs/baseline").rglob("*.json"):
        assert str(place) not in path.read_text(encoding="utf-8"), path
    manifest = json.loads((project / "runs/baseline/manifest.json").read_text(encoding="utf-8"))
    assert "\\" not in json.dumps(manifest, ensure_ascii=False).replace('\\"', "")


SHOWN_ALONE = ("cli",)  # what a command says has the machine's own separator


def test_a_path_is_stored_with_the_same_separator_on_every_machine():
    """`str` of a path within the study has backslashes on Windows: a record, a key or a bundle
    made there would be another one.
    """
    odd = []
    for path in sorted((ROOT / "src").rglob("*.py")):
        if path.parent.name not in SHOWN_ALONE:
            tree = ast.parse(path.read_text(encoding="utf-8"))
            odd += [f"{path.relative_to(ROOT)}:{line}" for line in bare_relatives(tree)]
    assert odd == []


def bare_relatives(tree: ast.AST) -> list[int]:
    """The lines that take a path relative to another one and neither say its form nor join it."""
    parent = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "relative_to"
        and not isinstance(parent[node], ast.Attribute | ast.BinOp)
    ]


def test_a_bare_relative_path_is_found():
    found = "f'{path.relative_to(root)}', path.relative_to(root).as_posix(), a / b.relative_to(a)"
    assert bare_relatives(ast.parse(found)) == [1]
