"""A day at the keyboard, with real kernels: what JupyterLab prints of the age of tables is true
after every step.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Empty

import pytest
from jupyter_client.manager import start_new_kernel

from tests.end_to_end.conftest import ROOT, copy_of_the_study

pytestmark = pytest.mark.slow
SECONDS = 120
TO_THE_TABLES = (
    "parameters",
    "open-run",
    "inputs",
    "inputs-ranges",
    "compute-target",
    "compute-purchase",
    "compute-draws",
    "compute-tables",
)
FEW = {
    "draws_log2: 17": "draws_log2: 10",
    "stored_draws_log2: 13": "stored_draws_log2: 8",
    "verdict_draws_log2: 8": "verdict_draws_log2: 5",
}


class Seat:
    """A notebook that is open in JupyterLab: its cells run one by one in a kernel that lives on."""

    def __init__(self, folder: Path, name: str, names_cells: bool = True) -> None:
        self.path, self.names_cells = folder / "notebooks" / f"{name}.ipynb", names_cells
        self.seen = ""  # what its outputs showed so far
        environment = {
            **os.environ,
            "PYTHONPATH": str(folder / "src"),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        self.manager, self.client = start_new_kernel(cwd=str(self.path.parent), env=environment)

    def close(self) -> None:
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)

    def cells(self) -> dict[str, str]:
        return {
            cell["id"]: "".join(cell["source"])
            for cell in json.loads(self.path.read_text())["cells"]
            if cell["cell_type"] == "code"
        }

    def edit(self, cell: str, change: Callable[[str], str], save: bool = True) -> str:
        """Change a cell and return its new source; without ``save`` JupyterLab has not written it
        yet.
        """
        notebook = json.loads(self.path.read_text())
        own = next(found for found in notebook["cells"] if found["id"] == cell)
        source = change("".join(own["source"]))
        assert source != "".join(own["source"])
        own["source"] = source.splitlines(keepends=True)
        if save:
            self.path.write_text(json.dumps(notebook, ensure_ascii=False, indent=1) + "\n")
        return source

    def run(self, *names: str, source: str | None = None) -> str:
        """Run cells, all of them where none is named, and return what they printed and raised."""
        cells = self.cells()
        return "".join(self._execute(name, source or cells[name]) for name in (names or cells))

    def _execute(self, name: str, source: str) -> str:
        content = {
            "code": source,
            "silent": False,
            "store_history": True,
            "user_expressions": {},
            "allow_stdin": False,
            "stop_on_error": True,
        }
        message = self.client.session.msg(
            "execute_request", content, metadata={"cellId": name} if self.names_cells else {}
        )
        self.client.shell_channel.send(message)
        said = ""
        while True:
            try:
                answer = self.client.get_iopub_msg(timeout=SECONDS)
            except Empty:
                raise AssertionError(f"cell {name} did not come to its end: {said}") from None
            if answer["parent_header"].get("msg_id") != message["header"]["msg_id"]:
                continue
            if answer["msg_type"] == "stream":
                said += answer["content"]["text"]
            if answer["msg_type"] == "display_data":
                self.seen += json.dumps(answer["content"]["data"], ensure_ascii=False)
            if answer["msg_type"] == "error":
                said += f"{answer['content']['ename']}: {answer['content']['evalue']}\n"
            if answer["msg_type"] == "status" and answer["content"]["execution_state"] == "idle":
                return said


@pytest.fixture(scope="module")
def study(tmp_path_factory) -> Path:
    """A copy of the study with its modules, few draws, and chapters 2 and 3 run by hand."""
    folder = copy_of_the_study(tmp_path_factory.mktemp("study"))
    shutil.copytree(ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__"))
    for file in (folder / "params.yaml", *(folder / "notebooks").glob("*.ipynb")):
        text = file.read_text(encoding="utf-8")
        for many, few in FEW.items():
            text = text.replace(f" {many}", f" {few}").replace(
                f'"{many}'.replace(": ", " = "), f'"{few}'.replace(": ", " = ")
            )
        file.write_text(text, encoding="utf-8")
    for name in ("01_environment", "02_resident_cost", "03_consolidation"):
        seat = Seat(folder, name)
        assert "WARNING" not in (said := seat.run()) and "Error" not in said, said
        seat.close()
    return folder


@pytest.fixture
def at(study) -> Iterator[Callable[..., Seat]]:
    """Opens notebooks, and closes their kernels in the end; what was edited stands as it was
    again.
    """
    seats, kept = (
        [],
        {
            path: path.read_bytes()
            for path in [
                *study.rglob("*.py"),
                *study.glob("notebooks/*.ipynb"),
                *study.glob("notebooks/words/*.md"),
                study / "params.yaml",
            ]
        },
    )

    def opened(name: str, **how) -> Seat:
        seats.append(Seat(study, name, **how))
        return seats[-1]

    yield opened
    for seat in seats:
        seat.close()
    for path, content in kept.items():
        path.write_bytes(content)


def edited(study: Path, module: str, before: str, after: str) -> None:
    replaced(study / "src" / "analysis" / f"{module}.py", before, after)


def replaced(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


def asked_by_chapter_5(at) -> str:
    """Return what chapter 5 is told of the tables of chapter 4."""
    seat = at("05_organisation")
    said = seat.run("parameters", "open-run", "inputs")
    assert "Error" not in said, said
    return said


def test_a_day_in_chapter_4(study, at):
    seat = at("04_procurement")
    assert "WARNING" not in (said := seat.run()) and "Error" not in said, said
    assert "WARNING" not in asked_by_chapter_5(at)  # nothing was edited: nothing is said

    # a formula is edited; the kernel takes it without a restart, and until its cells ran the tables
    # are older than it
    edited(
        study,
        "chapters/procurement/formulas",
        "def published_target(",
        "print('the new code')\n\n\ndef published_target(",
    )
    assert "module analysis.chapters.procurement.formulas changed" in asked_by_chapter_5(at)
    assert "the new code" in seat.run("inputs")
    assert (
        "has not run since module analysis.chapters.procurement.formulas changed"
        in asked_by_chapter_5(at)
    )
    seat.run()
    assert "WARNING" not in asked_by_chapter_5(at)

    # a cell that only shows is edited and run again: it replaces what it showed, and no table is
    # older
    seat.edit("show-levers", lambda source: source + "\nlooked_at = True")
    assert "WARNING" not in asked_by_chapter_5(at)
    assert "Error" not in seat.run("show-levers") and "Error" not in seat.run("show-levers")
    assert "WARNING" not in asked_by_chapter_5(at)

    # a result is recorded twice by a cell that runs twice: it stands once
    seat.run("results")
    results = json.loads(
        (study / "runs" / "interactive" / "steps" / "04_procurement.json").read_text()
    )["results"]
    assert len({result["id"] for result in results}) == len(results) == 6


def test_an_edited_sentence_shows_when_its_cell_runs_again_and_no_table_is_older(study, at):
    seat = at("04_procurement")
    seat.run()
    assert "最も効くのは何か" not in seat.seen
    words = study / "notebooks" / "words" / "04_procurement.ja.md"
    replaced(words, "## levers\n\n**", "## levers\n\n**最も効くのは何か。")
    assert "WARNING" not in asked_by_chapter_5(at)
    seat.seen = ""
    assert "Error" not in seat.run("show-levers")
    assert "最も効くのは何か" in seat.seen and "<img" in seat.seen
    assert "WARNING" not in asked_by_chapter_5(at)

    # what cannot be read is named with its file; once mended the cell shows again
    replaced(words, "## levers\n", "## Levers\n")
    assert "04_procurement.ja.md" in (said := seat.run("show-levers")) and "Levers" in said
    replaced(words, "## Levers\n", "## levers\n")
    assert "Error" not in seat.run("show-levers")


def test_a_cell_behind_an_edited_one_is_named_until_it_has_run(study, at):
    seat = at("04_procurement")
    seat.run()
    seat.edit("compute-draws", lambda source: source + "\nsavings = dict(savings)")
    seat.run("compute-draws")
    assert "cell compute-tables has not run since cell compute-draws changed" in asked_by_chapter_5(
        at
    )
    seat.run()
    assert "WARNING" not in asked_by_chapter_5(at)


def test_run_all_works_after_a_failed_cell_and_the_tables_of_a_failed_one_are_old(study, at):
    seat = at("04_procurement")
    source = seat.edit("compute-tables", lambda source: source + "\nraise ValueError('on purpose')")
    assert "on purpose" in seat.run(*TO_THE_TABLES)
    assert "cell compute-tables has not run as it stands" in asked_by_chapter_5(at)
    seat.edit(
        "compute-tables", lambda source: source.replace("\nraise ValueError('on purpose')", "")
    )
    assert "Error" not in (said := seat.run()), said
    assert "WARNING" not in asked_by_chapter_5(at)
    assert "on purpose" in source


def test_a_module_that_cannot_be_loaded_goes_on_as_it_was_and_is_named(study, at):
    seat = at("04_procurement")
    seat.run()
    edited(
        study, "chapters/procurement/formulas", "def published_target(", "def published_target(("
    )
    said = seat.run("compute-draws")
    assert (
        "analysis.chapters.procurement.formulas was edited, but cannot be loaded (SyntaxError"
        in said
        and said.count("WARNING") == 1
    )
    assert "formulas was edited, but could not be loaded" in asked_by_chapter_5(at)


def test_a_constant_reaches_the_modules_that_imported_it_by_name(study, at):
    # tempting: IPython's own autoreload; it leaves the old value in every module that said `from x
    # import CONSTANT`
    seat = at("04_procurement")
    seat.run("parameters", "open-run")
    edited(study, "methods/uncertainty", "COMMON_CAUSES = ", "COMMON_CAUSES = 1, ")
    assert seat.run("probe", source="print(spread.COMMON_CAUSES[0])") == "1\n"


@pytest.mark.parametrize("names_cells", [True, False])
def test_an_edit_that_ran_before_it_was_saved_is_no_reason(study, at, names_cells):
    seat = at("04_procurement", names_cells=names_cells)
    seat.run()
    source = seat.edit("show-levers", lambda source: source + "\nlooked_at = True", save=False)
    seat.run("show-levers", source=source)
    seat.edit("show-levers", lambda old: source)  # saved at last
    assert "WARNING" not in asked_by_chapter_5(at)


def test_another_value_in_this_notebook_makes_tables_of_the_old_one_old(study, at):
    at("04_procurement").run()
    seat = at("05_organisation")
    seat.edit("parameters", lambda source: source.replace('group = "tokyo23"', 'group = "tama26"'))
    assert "parameter group: tokyo23 -> tama26" in seat.run("parameters", "open-run", "inputs")
