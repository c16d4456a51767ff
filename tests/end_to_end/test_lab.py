"""A researcher's seat: real JupyterLab in a real browser opens chapter 2 and runs all of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request

import pytest

from tests.end_to_end import looks
from tests.end_to_end.conftest import copy_of_the_study
from workbook.steps import step_named

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not looks.CHROMIUM, reason="no Chromium found (set CHROMIUM)"),
]
TOKEN, SECONDS = "of-this-test-only", 180


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """The address of a JupyterLab that serves a copy of the study, and the copy's folder."""
    folder, room = (
        copy_of_the_study(tmp_path_factory.mktemp("lab")),
        tmp_path_factory.mktemp("jupyter"),
    )
    homes = {
        name: str(room / name.lower())
        for name in (
            "JUPYTER_RUNTIME_DIR",
            "JUPYTER_CONFIG_DIR",
            "JUPYTERLAB_SETTINGS_DIR",
            "JUPYTERLAB_WORKSPACES_DIR",
        )
    }
    server = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "jupyterlab",
            "--no-browser",
            "--port=0",
            f"--IdentityProvider.token={TOKEN}",
            "--ServerApp.allow_root=True",
        ],
        cwd=folder,
        env={**os.environ, **homes},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield _address(room / "jupyter_runtime_dir", server), folder
    finally:
        server.terminate()
        server.wait(30)


def _address(runtime, server):
    for _ in range(SECONDS * 5):
        assert server.poll() is None, "JupyterLab has ended by itself"
        for path in runtime.glob("jpserver-*.json"):
            url = json.loads(path.read_text())["url"]
            try:
                urllib.request.urlopen(f"{url}api?token={TOKEN}", timeout=5)
                return url
            except OSError:
                pass
        time.sleep(0.2)
    raise AssertionError("JupyterLab did not answer")


def test_chapter_2_runs_in_jupyterlab_and_its_figures_appear(lab):
    from playwright.sync_api import sync_playwright

    url, folder = lab
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=looks.CHROMIUM, args=looks.ARGUMENTS)
        page = browser.new_page(viewport={"width": 1440, "height": 1000})
        page.set_default_timeout(1000 * SECONDS)
        page.goto(f"{url}lab/tree/notebooks/02_resident_cost.ipynb?token={TOKEN}")
        # before there is one, JupyterLab asks which it should start
        until(page, lambda: kernel_is_idle(url))
        # else the kernel hears nothing
        page.wait_for_selector(
            '.jp-NotebookPanel .jp-Notebook-ExecutionIndicator[data-status="idle"]'
        )
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.wait_for_timeout(1500)  # a menu that is still unfolding takes a click for its closing
        page.locator('[data-command="runmenu:run-all"]').click()
        left = folder / "runs" / "interactive" / "steps" / "02_resident_cost.json"
        until(
            page, lambda: left.exists() and json.loads(left.read_text(encoding="utf-8"))["results"]
        )
        picture = page.locator(".jp-OutputArea-output img").first
        picture.wait_for(state="attached")
        assert picture.get_attribute("alt")
        assert "図表 2." in page.locator(".jp-OutputArea-output:has(img)").first.text_content()
        lines = page.locator(".jp-CodeCell .cm-scroller").evaluate_all(
            "found => found.map(one => one.scrollWidth - one.clientWidth)"
        )
        assert len(lines) > 3 and max(lines) <= 1, "a line of code leaves its cell"
        assert page.locator('[data-mime-type="application/vnd.jupyter.error"]').count() == 0
        browser.close()
    written = {path.stem for path in (folder / "runs" / "interactive" / "tables").glob("*.csv")}
    assert written == set(step_named("resident_cost").writes)


def kernel_is_idle(url):
    with urllib.request.urlopen(f"{url}api/sessions?token={TOKEN}", timeout=30) as answer:
        return [session["kernel"]["execution_state"] for session in json.load(answer)] == ["idle"]


def until(page, happened):
    deadline = time.monotonic() + SECONDS
    while not happened():
        assert time.monotonic() < deadline, "the notebook did not come to its end"
        # JupyterLab goes on from frame to frame, and nobody else asks this browser for one
        page.screenshot()
        page.wait_for_timeout(1000)
