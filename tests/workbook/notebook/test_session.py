"""Which cells of a living notebook are behind, and why: by hand-made notes of what ran when."""

from __future__ import annotations

import pytest

from workbook.notebook.session import Now, behind
from workbook.staleness.keys import CodeCell, said_by_cell

CELLS = {
    "parameters": CodeCell("rate = 2", True),
    "open": CodeCell("from analysis import costs\nrun = open_run('x', globals())"),
    "inputs": CodeCell("spend = run.load('spend')"),
    "compute": CodeCell("saving = costs.saved(spend, rate)"),
    "write": CodeCell("run.write('savings', saving)"),
    "show": CodeCell("top = saving.max()\nrun.show('savings', ['savings'])"),
}


def noted(**changes):
    """Return the notes of a whole run in order, one second a cell, and what is different in
    them.
    """
    notes = {
        name: {
            "does": said_by_cell(cell),
            "touched": {"spend": "a"} if name == "inputs" else {},
            "at": at,
            "since": at,
        }
        for at, (name, cell) in enumerate(CELLS.items(), 1)
    }
    return {
        name: {**note, **changes.get(name, {})}
        for name, note in notes.items()
        if changes.get(name, {}) is not None
    }


def reasons(notes, reloaded=None, cells=None, state="a"):
    modules = {"analysis.costs": ["analysis.costs", "analysis.sums"]}
    now = Now(
        cells or CELLS,
        lambda names: [module for name in names for module in modules.get(name, [])],
        lambda table: state,
    )
    return behind(notes, reloaded or {}, now)


def test_a_notebook_run_from_top_to_bottom_is_not_behind():
    assert reasons(noted()) == []


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"compute": {"at": 9, "since": 9}}, ["cell write has not run since cell compute changed"]),
        ({"compute": {"at": 9}}, []),  # run again as it was
        # it gives nothing to a cell that leaves something
        ({"show": {"at": 9, "since": 9}}, []),
        ({"show": None}, []),
        ({"write": None}, ["cell write has not run as it stands"]),
        ({"compute": {"does": "other"}}, ["cell compute has not run as it stands"]),
        (
            {"inputs": {"at": 9, "since": 9}},
            [
                "cell compute has not run since cell inputs changed",
                "cell write has not run since cell inputs changed",
            ],
        ),
        (
            {
                "inputs": {"at": 9, "since": 9},
                "compute": {"at": 10, "since": 10},
                "write": {"at": 11, "since": 11},
            },
            [],
        ),
    ],
)
def test_a_cell_is_behind_what_it_rests_on_and_nothing_else(changes, told):
    assert reasons(noted(**changes)) == told


def test_a_module_counts_for_the_cells_that_name_it_or_what_it_brings():
    assert reasons(noted(), reloaded={"analysis.sums": 6}) == [
        "cell compute has not run since module analysis.sums changed"
    ]
    assert reasons(noted(), reloaded={"analysis.other": 6}) == []
    again = {name: {"at": at, "since": at} for at, name in enumerate(("compute", "write"), 7)}
    assert reasons(noted(**again), reloaded={"analysis.sums": 6}) == []


def test_a_table_counts_in_the_state_in_which_its_cell_read_it():
    assert reasons(noted(), state="b")[0] == "cell inputs has not run since table spend changed"


def test_a_cell_under_another_name_counts_by_what_it_did():
    # VS Code has names of its own for cells; papermill and nbconvert name none
    notes = {f"vscode:{name}": note for name, note in noted().items()}
    assert reasons(notes) == []
    notes["vscode:compute"] = {**notes["vscode:compute"], "does": "other"}
    assert reasons(notes) == ["cell compute has not run as it stands"]


def test_a_cell_that_was_taken_back_after_another_version_ran_has_not_run_as_it_stands():
    notes = noted(compute={"does": "other", "at": 9})
    notes["a digest"] = noted()["compute"]
    assert reasons(notes) == ["cell compute has not run as it stands"]


@pytest.mark.parametrize(
    "change",
    ["spend['x'] = 1", "spend.insert(0, 'x', 1)", "spend.x = 1", "spend += 1", "%run other"],
)
def test_what_is_changed_in_place_is_given_anew(change):
    cells = {
        **dict(list(CELLS.items())[:3]),
        "change": CodeCell(change),
        **dict(list(CELLS.items())[3:]),
    }
    notes = noted() | {
        "change": {"does": said_by_cell(cells["change"]), "touched": {}, "at": 9, "since": 9}
    }
    assert "cell compute has not run since cell change changed" in reasons(notes, cells=cells)


def test_a_variable_of_a_comprehension_ties_no_cells_together():
    cells = {**CELLS, "list": CodeCell("run.write('more', [saving for saving in top])")}
    notes = noted() | {
        "list": {"does": said_by_cell(cells["list"]), "touched": {}, "at": 9, "since": 9}
    }
    assert reasons(notes | {"compute": {**notes["compute"], "at": 8}}, cells=cells) == []
