"""The toy as the study of every test of the workbook."""

from __future__ import annotations

import pytest

from tests.toy_project import with_the_toy


@pytest.fixture(scope="module", autouse=True)
def of_the_toy():
    """The workbook knows no study: what it does with any is tested on the toy."""
    with pytest.MonkeyPatch.context() as environment:
        with_the_toy(environment)
        yield
