"""What all tests share: hypothesis without a deadline, because two cores under load are no measure
of a function; the toy study, and a copy of the real one; a browser for those that look at a page,
which CI must have.
"""

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import settings

from tests.end_to_end import looks
from tests.toy_project import toy_project, with_the_toy

ROOT = Path(__file__).parents[1]
NEEDS = "no Chromium found: the report was NOT looked at in a browser (set CHROMIUM to its path)"

collect_ignore = ["toy"]  # a project of its own, which its tests start from the command line

# the parent keeps what hypothesis chooses itself under CI
settings.register_profile("house", settings(), deadline=None)
settings.load_profile("house")


@pytest.fixture
def toy(tmp_path, monkeypatch):
    """A copy of the toy, which this process and all that it starts take for the study."""
    with_the_toy(monkeypatch)
    return toy_project(tmp_path / "bakery")


@pytest.fixture
def copied_study(tmp_path):
    """The folder of a copy: parameters, notebooks and published data, which a test may change."""
    shutil.copytree(ROOT / "data", tmp_path / "data", ignore=shutil.ignore_patterns("local"))
    shutil.copytree(
        ROOT / "notebooks",
        tmp_path / "notebooks",
        ignore=shutil.ignore_patterns(".ipynb_checkpoints"),
    )
    shutil.copy(ROOT / "params.yaml", tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def playwright(request):
    if not looks.CHROMIUM:
        if os.environ.get("CI"):
            pytest.fail(NEEDS)
        with request.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
            print(f"\n{NEEDS}")
        pytest.skip(NEEDS)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def browser(playwright):
    opened = playwright.chromium.launch(executable_path=looks.CHROMIUM, args=looks.ARGUMENTS)
    yield opened
    opened.close()
