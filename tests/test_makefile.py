"""The Makefile's set-up: one message for a wrong Python, and no stamp unless everything was
installed.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture
def make(tmp_path):
    """Run make in a bare copy of the project with a stand-in for Python; nothing is downloaded."""
    for name in ("Makefile", "requirements.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / name)

    def run(target: str, python: str, *more: str) -> subprocess.CompletedProcess[str]:
        stand_in = tmp_path / "stand-in"
        stand_in.write_text(f"#!/bin/sh\n{python}\n", encoding="utf-8")
        stand_in.chmod(0o755)
        environment = {
            key: value for key, value in os.environ.items() if not key.startswith("MAKE")
        }
        return subprocess.run(
            ["make", target, f"PYTHON={stand_in}", *more],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            env=environment,
        )

    return run


def test_a_wrong_python_is_refused_with_one_message(make, tmp_path):
    ended = make("test", "exit 1")
    said = [line for line in ended.stderr.splitlines() if not line.startswith("make")]
    assert ended.returncode == 2 and len(said) == 1
    assert "is not Python 3.11 or newer with venv" in said[0] and "PYTHON=" in said[0]
    assert not (tmp_path / ".venv").exists()


def test_a_set_up_that_fails_leaves_no_stamp(make, tmp_path):
    half = (
        '[ "$1" = -m ] && mkdir -p .venv/bin && printf "#!/bin/sh\\nexit 1\\n" > .venv/bin/python'
        " && chmod +x .venv/bin/python; exit 0"
    )
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / ".ready").touch()
    os.utime(tmp_path / ".venv" / ".ready", (0, 0))  # a stamp older than the lock
    assert make("test", half).returncode == 2
    assert (tmp_path / ".venv" / "bin" / "python").exists() and not (
        tmp_path / ".venv" / ".ready"
    ).exists()


def test_the_lab_opens_the_flow_and_asks_the_network_for_nothing(make):
    plan = make("lab", "exit 0", "-n").stdout
    settings = json.loads(plan[plan.index("'{") + 1 : plan.index("}' >") + 1].replace("\\\n", ""))
    assert settings["@jupyterlab/docmanager-extension:plugin"]["defaultViewers"] == {
        "markdown": "Markdown Preview"
    }
    assert settings["@jupyterlab/apputils-extension:notification"] == {
        "fetchNews": "false",
        "checkForUpdates": False,
    }
    assert plan.index("workbook sync") < plan.index("jupyter lab README.md")


@pytest.mark.parametrize(
    "target",
    [
        *("report", "lint", "check", "test", "test-whole", "test-all", "cover", "lab"),
        *("pull-request", "public", "overdue", "newest"),
    ],
)
def test_every_target_sets_up_once_even_when_several_run_side_by_side(make, target):
    plan = make(target, "exit 0", "report", "test", "-j2", "-n").stdout
    assert plan.count("--require-hashes") == 1
    assert "sudo" not in plan and "apt" not in plan
