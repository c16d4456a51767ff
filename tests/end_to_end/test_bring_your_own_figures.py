"""docs/bring-your-own-figures.md, followed: the sheet it shows comes in as it says, and the study
would run on it.
"""

from __future__ import annotations

import json
import re
import shlex
import shutil

import pandas as pd
import pytest
from typer.testing import CliRunner

from tests.end_to_end.conftest import ROOT, copy_of_the_study
from workbook.cli import app

TEXT = (ROOT / "docs" / "bring-your-own-figures.md").read_text(encoding="utf-8")
COMMANDS = [
    shlex.split(line)
    for block in re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL)
    for line in block.splitlines()
]
SAID = re.search(r"```text\n(.*?)```", TEXT, re.DOTALL)[1].splitlines()


def office_sheet() -> str:
    """The sheet of the walk-through with all its rows: the costs of each next ward are a little
    higher.
    """
    title, headings, first = re.search(r"```csv\n(.*?)```", TEXT, re.DOTALL)[1].splitlines()
    wards = pd.read_csv(ROOT / "data" / "municipalities.csv", dtype=str).query(
        "group == 'tokyo23'"
    )["name_ja"]
    steps = (37_000, 11_000, 5_000, 500, 13_000, 0)
    start = [int(text.replace(",", "")) for text in re.findall(r'"([\d,]+)"', first)]
    rows = [
        [cost + place * step for cost, step in zip(start, steps, strict=True)]
        for place in range(len(wards))
    ]
    named = [
        *zip(wards, rows, strict=True),
        ("計", [sum(column) for column in zip(*rows, strict=True)]),
    ]
    return (
        "\n".join(
            [
                title,
                headings,
                *(
                    f"{name}," + ",".join(f'"{cost:,}"' for cost in costs) + ","
                    for name, costs in named
                ),
            ]
        )
        + "\n"
    )


@pytest.fixture(scope="module")
def taken_in(tmp_path_factory):
    """What each command of the walk-through said, and the folder it was given in."""
    folder = copy_of_the_study(tmp_path_factory.mktemp("own"))
    shutil.copy(ROOT / "params.schema.json", folder)
    (folder / "office.csv").write_text(office_sheet(), encoding="cp932")
    said = []
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(folder)
        for program, *arguments in COMMANDS:
            assert program == "workbook"
            done = CliRunner().invoke(app, arguments)
            assert done.exit_code == 0, (arguments, done.output)
            said.append(done.output)
            if "--look" in arguments:
                assert not (folder / "data" / "local").exists()
    return said, folder


def test_what_was_understood_is_what_the_text_says(taken_in):
    looked = taken_in[0][0].splitlines()
    assert len(SAID) > 5 and [line for line in SAID if line not in looked] == []


def test_every_yen_of_the_sheet_arrives_and_no_total_is_counted_twice(taken_in):
    _, folder = taken_in
    costs = pd.read_csv(folder / "data" / "local" / "ict_cost.csv", dtype={"code": str})
    assert costs["cost_jpy"].sum() == 1000 * sum(
        23 * start + 253 * step
        for start, step in (
            (900_000, 37_000),
            (200_000, 11_000),
            (100_000, 5_000),
            (30_000, 500),
            (300_000, 13_000),
        )
    )
    assert len(costs) == 138 and set(costs["fiscal_year"]) == {2022}
    origin = json.loads(
        (folder / "data" / "local" / "ict_cost.origin.json").read_text(encoding="utf-8")
    )
    assert origin["supplied_by"] == "information section" and origin["read"]["encoding"] == "cp932"
