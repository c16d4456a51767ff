"""What the tests of the data room share: the folder, and any of its tables as rows of text."""

import csv
from pathlib import Path

import pytest

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture(scope="session")
def data() -> Path:
    return DATA


@pytest.fixture(scope="session")
def table():
    """Read a table as the list of its rows, every value still text."""

    def rows(name: str, folder: Path = DATA) -> list[dict[str, str]]:
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
            return list(csv.DictReader(stream))

    return rows
