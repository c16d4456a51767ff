"""An audit and an edition made beside the other give the same two pages, and what goes wrong on
either side is said as ever.
"""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest
from nbformat.v4 import new_markdown_cell

from workbook.report import ReportFault, build

ALONE = """
import sys
from pathlib import Path
from workbook.running import copies as beside
from workbook.report import ReportFault, build

fork = beside.get_context
beside.get_context = lambda kind: (print("copied"), fork(kind))[1]
try:
    build(Path(sys.argv[1]))
except ReportFault as fault:
    print(fault)
"""


def built_alone(folder, script=ALONE):
    return subprocess.run(
        [sys.executable, "-c", script, str(folder)],
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
    ).stdout


@pytest.fixture(autouse=True)
def one_after_another(monkeypatch):
    """In this process one comes after the other, as beside threads of ours."""
    monkeypatch.setattr(threading, "active_count", lambda: 2)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux copies a process")
def test_a_copy_of_the_process_renders_the_same_page(altered):
    folder = altered()
    one_by_one = {lang: path.read_bytes() for lang, path in build(folder).items()}
    assert built_alone(folder) == "copied\n" * 2
    assert {
        lang: (folder / "report" / name).read_bytes()
        for lang, name in (("ja", "index.html"), ("en", "en.html"))
    } == one_by_one


def without_english_title(cells):
    cells["04_bread"] = [cell for cell in cells["04_bread"] if "# 4 Procurement" not in cell.source]


def with_an_image_in_english(cells):
    cells["04_bread"].append(
        new_markdown_cell("![](https://example.org/a.png)", metadata={"tags": ["en"]}, id="image")
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [(without_english_title, "in en"), (with_an_image_in_english, "an image in markdown")],
)
def test_a_fault_of_the_second_edition_is_said_in_the_same_words_and_nothing_is_written(
    altered, change, said
):
    folder = altered(change)
    with pytest.raises(ReportFault) as alone:
        build(folder)
    assert said in str(alone.value)
    assert (
        built_alone(folder).splitlines()[-1] == str(alone.value)
        and not (folder / "report").exists()
    )


def test_a_fault_of_the_first_edition_leaves_no_process_behind(altered):
    def without_japanese_title(cells):
        cells["04_bread"] = [cell for cell in cells["04_bread"] if "# 4 調達" not in cell.source]

    folder = altered(without_japanese_title)
    assert "in ja" in built_alone(folder) and not (folder / "report").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux copies a process")
def test_an_audit_that_fails_in_the_copy_is_raised_here_with_its_traceback_and_nothing_is_written(
    altered,
):
    folder = altered()
    failing = ALONE.replace(
        "try:",
        "from workbook.report import audit_view\n"
        "audit_view.told = lambda audit, inputs, named, edition: 1 / 0\ntry:",
    ).replace("ReportFault as fault:", "ZeroDivisionError as fault:")
    printed = built_alone(folder, failing + "    print(*fault.__notes__)\n")
    assert (
        printed.startswith("copied\ncopied\ndivision by zero\nTraceback")
        and "in tell_audit" in printed
        and not (folder / "report").exists()
    )
