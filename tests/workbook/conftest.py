"""The toy as the study of every test of the workbook, and a browser for those that look at a page;
CI must have one.
"""

from __future__ import annotations

import os

import pytest

from tests.end_to_end import looks
from tests.toy_project import with_the_toy

NEEDS = "no Chromium found: the report was NOT looked at in a browser (set CHROMIUM to its path)"


@pytest.fixture(scope="module", autouse=True)
def of_the_toy():
    """The workbook knows no study: what it does with any is tested on the toy."""
    with pytest.MonkeyPatch.context() as environment:
        with_the_toy(environment)
        yield


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
