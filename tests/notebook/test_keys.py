"""What makes a step stale: each part of its key changes for its own reason and is named by it."""

from __future__ import annotations

import json

import pytest

from analysis.notebook import distributions, keys
from analysis.notebook.keys import Keys, key_of
from analysis.notebook.reasons import reasons
from tests.workbook.tiny_study import STEPS, tiny_study, with_cell

OWN = {"core_instances": 4, "draws_log2": 17}


@pytest.fixture
def study(tmp_path):
    """Four small notebooks with one table each, as if the first two had run."""
    folder = tiny_study(tmp_path)
    for name in ("drops", "hours"):
        path = folder / "runs" / "a" / "tables" / f"{name}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("n\n1\n")
    return folder


def parts(folder, step=2, own=None, run="a"):
    return Keys(folder, STEPS, folder).parts(STEPS[step], OWN if own is None else own, folder / "runs" / run)


def changed(folder, act, **asked):
    """Return the reasons that an act gives a step, and hold the key to them."""
    before = parts(folder)
    act(folder)
    now = parts(folder, **asked)
    assert (key_of(before) == key_of(now)) == (reasons(before, now) == [])
    return reasons(before, now)


def test_nothing_changed_is_no_reason(study):
    assert changed(study, lambda folder: None) == []


def test_what_has_not_changed_is_not_parsed_again_and_what_has_is(study, monkeypatch):
    asked = []
    monkeypatch.setattr(keys, "code_digest", lambda text, apart, work_out=keys.code_digest: asked.append(text) or work_out(text, apart))

    def of(own):
        found = Keys(study, STEPS, study)
        told = found.parts(STEPS[2], own, study / "runs" / "a")
        found.remembered.save()
        return told, len(asked)
    cells = of(OWN)[1]
    assert cells > 1 and of(OWN) == (parts(study), cells)
    assert of({**OWN, "capacity": 99})[1] == 2 * cells   # an assignment to one more name may be no part of a cell now
    with_cell(study, STEPS[2], "compute", lambda source: source + "\nx = 1")
    assert of({**OWN, "capacity": 99})[1] == 2 * cells + 1


def test_prose_comments_and_values_of_the_parameter_cell_are_no_reason(study):
    def edit(folder):
        path = folder / "notebooks" / f"{STEPS[2].name}.ipynb"
        notebook = json.loads(path.read_text())
        notebook["cells"].insert(0, {"cell_type": "markdown", "id": "new", "metadata": {}, "source": ["More prose."]})
        path.write_text(json.dumps(notebook, indent=2))
        with_cell(folder, STEPS[2], "compute", lambda source: source + "\n# a remark")
        with_cell(folder, STEPS[2], "parameters", lambda source: source.replace("core_instances = 4", "core_instances = 3"))
    assert changed(study, edit) == []


def test_a_cell_is_named(study):
    assert changed(study, lambda folder: with_cell(folder, STEPS[2], "compute", lambda source: source + "\nprint(1)")) == ["cell compute changed"]


def test_a_parameter_that_no_cell_reads_is_no_reason_and_one_that_is_read_is(study):
    # tempting: all of the study's parameters; then every scenario runs every chapter
    assert changed(study, lambda folder: None, own={**OWN, "capacity": 99}) == []
    assert changed(study, lambda folder: None, own={**OWN, "core_instances": 3}) == ["parameter core_instances: 4 -> 3"]


def test_a_cell_with_magic_may_read_any_parameter(study):
    with_cell(study, STEPS[2], "compute", lambda source: source + "\n%whos")
    assert changed(study, lambda folder: None, own={**OWN, "capacity": 99}) != []


def test_code_in_the_parameter_cell_counts(study):
    edit = lambda folder: with_cell(folder, STEPS[2], "parameters", lambda source: source + "\nfactor = 2")  # noqa: E731
    assert changed(study, edit) == ["cell parameters changed"]


def test_a_renamed_cell_is_no_reason_and_exchanged_cells_are(study):
    def renamed(folder):
        path = folder / "notebooks" / f"{STEPS[2].name}.ipynb"
        path.write_text(path.read_text().replace('"id": "compute"', '"id": "calculate"'))

    def exchanged(folder):
        path = folder / "notebooks" / f"{STEPS[2].name}.ipynb"
        notebook = json.loads(path.read_text())
        notebook["cells"] = [notebook["cells"][0], *reversed(notebook["cells"][1:])]
        path.write_text(json.dumps(notebook))
    assert changed(study, renamed) == []
    assert changed(study, exchanged) == ["the order of its cells changed"]


def test_a_parameter_is_told_with_both_values(study):
    assert changed(study, lambda folder: None, own={**OWN, "core_instances": 3}) == ["parameter core_instances: 4 -> 3"]


def test_the_bytes_of_a_table_count_and_its_age_does_not(study):
    table = study / "runs" / "a" / "tables" / "drops.csv"
    assert changed(study, lambda folder: (table.write_text(table.read_text()), table.touch())) == []
    assert changed(study, lambda folder: table.write_text("n\n2\n")) == ["table drops changed"]
    assert changed(study, lambda folder: table.unlink()) == ["table drops is gone"]


def test_an_input_counts_by_its_bytes_and_its_declaration(study):
    package = study / "data" / "datapackage.json"
    assert changed(study, lambda folder: (folder / "data" / "wind.csv").write_text("n\n9\n")) == []   # another step's
    assert changed(study, lambda folder: package.write_text(package.read_text().replace("Snow", "Deep snow"))) == ["input table snow changed"]
    assert changed(study, lambda folder: (folder / "data" / "snow.csv").write_text("n\n9\n")) == ["input table snow changed"]


def test_a_local_table_of_the_same_bytes_counts_because_its_standing_differs(study):
    def supply(folder):
        (folder / "data" / "local").mkdir()
        (folder / "data" / "local" / "snow.csv").write_text((folder / "data" / "snow.csv").read_text())
    assert changed(study, supply) == ["input table snow changed"]


def test_headline_results_count_for_the_step_that_reads_them(study):
    def found(value):
        (study / "runs" / "a" / "steps").mkdir(exist_ok=True)
        (study / "runs" / "a" / "steps" / f"{STEPS[0].name}.json").write_text(json.dumps({"results": [value], "other": value}))
    found(1)
    before, other = parts(study, 3), parts(study, 2)
    found(2)
    assert reasons(before, parts(study, 3)) == [f"the headline results of {STEPS[0].name} changed"]
    assert reasons(other, parts(study, 2)) == []


def test_versions_and_python_are_told(study):
    before, now = parts(study), parts(study)
    now["packages"] = {**now["packages"], "numpy": "99.0"}
    now["setting"] = {**now["setting"], "python": "3.99"}
    told = reasons(before, now)
    assert told[0].startswith("package numpy: ") and told[0].endswith(" -> 99.0") and told[1].startswith("python: 3.")


def test_many_reasons_of_a_kind_are_counted():
    before, now = {"modules": dict.fromkeys("abcde", "1")}, {"modules": dict.fromkeys("abcde", "2")}
    assert reasons(before, now) == ["module a changed", "module b changed", "module c changed", "and 2 more modules"]


def test_the_libraries_behind_our_imports_and_theirs_are_found():
    versions = distributions.versions_behind(["yaml", "seaborn", "no_such_module"])
    assert {"pyyaml", "seaborn", "matplotlib", "numpy", "pillow"} <= set(versions) and "jupyterlab" not in versions


def test_steps_that_read_headlines_follow_all_and_others_follow_their_tables(study):
    keys = Keys(study, STEPS, study)
    assert [[up.chapter for up in keys.upstream(step)] for step in STEPS] == [[], [], [1], [1, 2, 3]]


def test_the_lean_lineage_leads_to_every_input_that_the_contracts_lead_to():
    """The oracle is the reader that exhibits use; a table it knows and the key does not would go stale unseen."""
    from analysis.notebook.lineage import DeclaredTables
    from analysis.notebook.results import inputs_behind, result_contracts
    from analysis.notebook.syntax import SOURCES, Remembered

    declared = DeclaredTables(Remembered(None), SOURCES / "analysis" / "notebook" / "tables")
    assert len(result_contracts()) > 50
    for table in result_contracts():
        for present in (lambda name: True, lambda name: False):
            assert set(inputs_behind(table, present)) <= declared.inputs_behind([table])
