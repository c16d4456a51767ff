"""What makes a step stale: each part of its key changes for its own reason and is named by it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from bakery.study import STUDY

from tests.workbook.tiny_study import STEPS, tiny_study, with_cell
from workbook.output import LANGUAGES
from workbook.remembered import Remembered
from workbook.staleness import distributions, keys
from workbook.staleness.keys import Keys, key_of
from workbook.staleness.reasons import reasons
from workbook.steps import Source
from workbook.tables.lineage import DeclaredTables
from workbook.tables.results import inputs_behind, result_contracts

OWN = {"fallow_share": 0.5, "loaves_per_sack": 60, "price_jpy": 400}  # of the third step


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
    return Keys(folder, STEPS, folder).parts(
        STEPS[step], OWN if own is None else own, folder / "runs" / run
    )


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
    monkeypatch.setattr(
        keys,
        "code_digest",
        lambda text, work_out=keys.code_digest: asked.append(text) or work_out(text),
    )

    def of(own):
        found = Keys(study, STEPS, study)
        told = found.parts(STEPS[2], own, study / "runs" / "a")
        found.remembered.save()
        return told, len(asked)

    cells = of(OWN)[1]
    assert cells > 1 and of(OWN) == (parts(study), cells)
    # with one more parameter the cell that sets them may say nothing now
    assert of({**OWN, "capacity": 99})[1] == cells + 1
    with_cell(study, STEPS[2], "compute", lambda source: source + "\nx = 1")
    assert of({**OWN, "capacity": 99})[1] == cells + 2


def test_prose_comments_and_values_of_the_parameter_cell_are_no_reason(study):
    def edit(folder):
        path = folder / "notebooks" / f"{STEPS[2].name}.ipynb"
        notebook = json.loads(path.read_text())
        notebook["cells"].insert(
            0, {"cell_type": "markdown", "id": "new", "metadata": {}, "source": ["More prose."]}
        )
        path.write_text(json.dumps(notebook, indent=2))
        with_cell(folder, STEPS[2], "compute", lambda source: source + "\n# a remark")
        with_cell(
            folder,
            STEPS[2],
            "parameters",
            lambda source: source.replace("loaves_per_sack = 60", "loaves_per_sack = 3"),
        )

    assert changed(study, edit) == []


def test_a_cell_is_named(study):
    assert changed(
        study,
        lambda folder: with_cell(folder, STEPS[2], "compute", lambda source: source + "\nprint(1)"),
    ) == ["cell compute changed"]


def test_a_parameter_that_no_cell_reads_is_no_reason_and_one_that_is_read_is(study):
    # tempting: all of the study's parameters; then every scenario runs every chapter
    assert changed(study, lambda folder: None, own={**OWN, "capacity": 99}) == []
    assert changed(study, lambda folder: None, own={**OWN, "loaves_per_sack": 3}) == [
        "parameter loaves_per_sack: 60 -> 3"
    ]


def test_a_cell_with_magic_may_read_any_parameter(study):
    with_cell(study, STEPS[2], "compute", lambda source: source + "\n%whos")
    assert changed(study, lambda folder: None, own={**OWN, "capacity": 99}) != []


@pytest.mark.parametrize("code", ["factor = 2", "loaves_per_sack = 2 * fallow_share", "import os"])
def test_code_in_the_parameter_cell_counts(study, code):
    def edit(folder):
        with_cell(folder, STEPS[2], "parameters", lambda source: f"{source}\n{code}")

    assert "cell parameters changed" in changed(study, edit)


@pytest.mark.parametrize("tagged", [False, True])
def test_a_parameter_set_anywhere_but_in_the_parameters_cell_counts(study, tagged):
    # tempting: every assignment to a parameter's name is left out; then a constant in a compute
    # cell passes as fresh
    def compute(folder, value):
        with_cell(
            folder,
            STEPS[2],
            "compute",
            lambda source: f"loaves_per_sack = {value}\n" + source.partition("\n")[2],
        )
        if tagged:  # papermill overrides the first cell of this tag, no second one
            path = folder / "notebooks" / f"{STEPS[2].name}.ipynb"
            path.write_text(
                path.read_text().replace(
                    '"id": "compute", "metadata": {}',
                    '"id": "compute", "metadata": {"tags": ["parameters"]}',
                )
            )

    compute(study, 4)
    assert changed(study, lambda folder: compute(folder, 3)) == ["cell compute changed"]


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
    assert changed(study, lambda folder: None, own={**OWN, "loaves_per_sack": 3}) == [
        "parameter loaves_per_sack: 60 -> 3"
    ]


def test_the_bytes_of_a_table_count_and_its_age_does_not(study):
    table = study / "runs" / "a" / "tables" / "drops.csv"
    assert changed(study, lambda folder: (table.write_text(table.read_text()), table.touch())) == []
    assert changed(study, lambda folder: table.write_text("n\n2\n")) == ["table drops changed"]
    assert changed(study, lambda folder: table.unlink()) == ["table drops is gone"]


def test_an_input_counts_by_its_bytes_and_its_declaration(study):
    package = study / "data" / "datapackage.json"
    # another step's
    assert changed(study, lambda folder: (folder / "data" / "wind.csv").write_text("n\n9\n")) == []
    assert changed(
        study, lambda folder: package.write_text(package.read_text().replace("Snow", "Deep snow"))
    ) == ["input table snow changed"]
    assert changed(study, lambda folder: (folder / "data" / "snow.csv").write_text("n\n9\n")) == [
        "input table snow changed"
    ]


def test_a_local_table_of_the_same_bytes_counts_because_its_standing_differs(study):
    def supply(folder):
        (folder / "data" / "local").mkdir()
        (folder / "data" / "local" / "snow.csv").write_text(
            (folder / "data" / "snow.csv").read_text()
        )

    assert changed(study, supply) == ["input table snow changed"]


def test_headline_results_count_for_the_step_that_reads_them(study):
    def found(value):
        (study / "runs" / "a" / "steps").mkdir(exist_ok=True)
        (study / "runs" / "a" / "steps" / f"{STEPS[0].name}.json").write_text(
            json.dumps({"results": [value], "other": value})
        )

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
    assert (
        told[0].startswith("package numpy: ")
        and told[0].endswith(" -> 99.0")
        and told[1].startswith("python: 3.")
    )


def test_many_reasons_of_a_kind_are_counted():
    before, now = {"modules": dict.fromkeys("abcde", "1")}, {"modules": dict.fromkeys("abcde", "2")}
    assert reasons(before, now) == [
        "module a changed",
        "module b changed",
        "module c changed",
        "and 2 more modules",
    ]


def test_the_libraries_behind_our_imports_and_theirs_are_found():
    versions = distributions.versions_behind(["yaml", "seaborn", "no_such_module"])
    assert {"pyyaml", "seaborn", "matplotlib", "numpy", "pillow"} <= set(
        versions
    ) and "jupyterlab" not in versions


def test_steps_that_read_headlines_follow_all_and_others_follow_their_tables(study):
    keys = Keys(study, STEPS, study)
    assert [[up.chapter for up in keys.upstream(step)] for step in STEPS] == [
        [],
        [],
        [1],
        [1, 2, 3],
    ]


def test_the_lean_lineage_leads_to_every_input_that_the_contracts_lead_to():
    """The oracle is the reader that exhibits use; a table it knows and the key does not would go
    stale unseen.
    """
    declared = DeclaredTables(Remembered(None), STUDY.chapters)
    assert {"grain", "bread", "ledger"} < result_contracts().keys()
    for table in result_contracts():
        for present in (lambda name: True, lambda name: False):
            assert set(inputs_behind(Source(table), present)) <= declared.inputs_behind(
                [Source(table)]
            )


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ("n,spread\n1,8\n2,8\n", []),
        ("n,spread\n1,9\n3,9\n", ["table drops changed"]),
        ("spread,n\n0,1\n0,2\n", []),
    ],
)
def test_a_table_read_for_some_of_its_columns_counts_by_those(study, table, reason):
    drops = study / "runs" / "a" / "tables" / "drops.csv"
    drops.write_text("n,spread\n1,9\n2,9\n")
    steps = (*STEPS[:2], replace(STEPS[2], columns=(Source("drops", ("n",)),)), STEPS[3])

    def own():
        return Keys(study, steps, study).parts(steps[2], OWN, study / "runs" / "a")

    before = own()
    drops.write_text(table)
    assert reasons(before, own()) == reason


def test_what_carries_two_columns_of_a_model_rests_on_what_they_were_carried_from():
    # tempting: the whole table, so that a year is "modelled" and rests on the fields
    ovens = Source("bakery_lines", ("bakery", "year"))
    assert inputs_behind(ovens, lambda table: False) == ("assumptions",)
    assert set(inputs_behind(Source("bakery_lines"), lambda table: False)) == {
        "fields",
        "assumptions",
    }
    assert inputs_behind(
        Source("bakery_lines", ("year", "value")), lambda table: False
    ) == inputs_behind(Source("bakery_lines"), lambda table: False)
    declared = DeclaredTables(Remembered(None), STUDY.chapters)
    assert declared.inputs_behind([ovens]) == {"assumptions"}


# -- words and looks

WRITTEN = (
    "## answer_one\n\n{n:count}\n\n### other-group\n\nElsewhere {n:count}\n\n## no-snow\n\nnone"
    " fell\n\n## opening\n\nSo much.\n"
)


def words_of(folder, lang="en"):
    return folder / "notebooks" / "words" / f"{STEPS[2].name}.{lang}.md"


@pytest.fixture
def with_words(study):
    """The third step writes one message into its table and another one into its results, and says a
    third.
    """
    words_of(study).parent.mkdir()
    for lang in LANGUAGES:
        words_of(study, lang).write_text(WRITTEN)
    steps = (
        *STEPS[:2],
        replace(STEPS[2], table_words=("answer_",), reasons=("no-snow",)),
        STEPS[3],
    )
    return lambda: Keys(study, steps, study).parts(steps[2], OWN, study / "runs" / "a")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{n:count}\n\n###", "Of {n:count}\n\n###", ["message answer_one changed"]),
        # tempting: the main text alone; then another group's table stays old
        ("Elsewhere", "In town", ["message answer_one changed"]),
        ("none fell", "no snow fell", ["message no-snow changed"]),
        (
            "## answer_one",
            "## answer_two",
            ["message answer_one is gone", "message answer_two is new"],
        ),
        ("So much.", "A little.", []),
        ("## opening", "\n\n## opening", []),
    ],
)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_message_counts_where_it_is_written_into_tables_or_results_and_nowhere_else(
    study, with_words, old, new, said, lang
):
    before = with_words()
    for other in LANGUAGES if "##" in old and "two" in new else (lang,):
        words_of(study, other).write_text(WRITTEN.replace(old, new, 1))
    now = with_words()
    assert reasons(before, now) == said and (key_of(before) == key_of(now)) == (said == [])


@pytest.mark.parametrize(
    "act",
    [lambda path: path.unlink(), lambda path: path.write_text("## answer_one\n\n{n\n")],
    ids=["gone", "half saved"],
)
def test_words_that_cannot_be_read_make_the_step_stale_and_stop_nobody_who_asks(
    study, with_words, act
):
    before = with_words()
    act(words_of(study))
    told = reasons(before, with_words())
    assert f"message in notebooks/words/{STEPS[2].name}, which cannot be read, is new" in told


def test_words_of_a_step_that_writes_none_need_not_be_there(study):
    assert parts(study)["words"] == {}


def test_the_language_of_the_reader_is_no_reason(study, monkeypatch):
    monkeypatch.setenv("WORKBOOK_LANG", "ja")
    assert changed(study, lambda folder: monkeypatch.setenv("WORKBOOK_LANG", "en")) == []


def test_the_tables_of_an_exhibit_are_a_reason_and_its_chart_is_none(study):
    """The standing and the sources that a notebook leaves follow the tables."""
    declared = study / "bakery" / "chapters" / STEPS[2].stem / "exhibits.yaml"
    declared.parent.mkdir(parents=True)
    declared.write_text("one: {tables: [depth], chart: m.plot}\n")
    assert (
        changed(
            study, lambda folder: declared.write_text("one: {tables: [depth], chart: m.other}\n")
        )
        == []
    )
    assert changed(
        study, lambda folder: declared.write_text("one: {tables: [depth, drops]}\n")
    ) == [f"the declaration of the exhibits of {STEPS[2].stem} changed"]


OPENED = (
    "from workbook.words import binding\ndef show():\n    from workbook.exhibits import pictures\n"
)
CHART = "from bakery.theme import INK\nCOLOUR = 1\n"


@pytest.fixture
def with_charts(study):
    """Sources in which what a notebook opens draws a chart when somebody looks at it."""
    for name, text in (
        ("bakery/__init__", ""),
        ("bakery/theme", "INK = 1\n"),
        ("bakery/charts", CHART),
        ("workbook/__init__", ""),
        ("workbook/notebook/__init__", ""),
        ("workbook/notebook/run", OPENED),
        ("workbook/words/__init__", ""),
        ("workbook/words/binding", "X = 1\n"),
        ("workbook/exhibits/__init__", ""),
        ("workbook/exhibits/pictures", "from bakery import charts\n"),
    ):
        (study / f"{name}.py").parent.mkdir(parents=True, exist_ok=True)
        (study / f"{name}.py").write_text(text)
    with_cell(
        study, STEPS[2], "compute", lambda source: f"from workbook.notebook import run\n{source}"
    )
    return study


@pytest.mark.parametrize(
    "module",
    ["bakery/charts", "bakery/theme", "workbook/words/binding", "workbook/exhibits/pictures"],
)
def test_what_draws_and_words_an_exhibit_is_no_reason(with_charts, module):
    path = with_charts / f"{module}.py"
    assert (
        changed(with_charts, lambda folder: path.write_text(path.read_text() + "MORE = 1\n")) == []
    )


def test_a_library_that_only_charts_import_is_no_reason(with_charts):
    assert "matplotlib" not in parts(with_charts)["packages"]
    (with_charts / "bakery" / "charts.py").write_text("import matplotlib\n")
    assert "matplotlib" not in parts(with_charts)["packages"]
    (with_charts / "workbook" / "notebook" / "run.py").write_text("import matplotlib\n")
    assert "matplotlib" in parts(with_charts)["packages"]


def test_a_chart_that_a_cell_draws_itself_is_a_reason(with_charts):
    """A researcher's own figure is in what the kernel leaves: nobody draws it later."""
    with_cell(
        with_charts,
        STEPS[2],
        "compute",
        lambda source: f"from bakery import charts\n{source}",
    )
    path = with_charts / "bakery" / "charts.py"
    assert changed(
        with_charts, lambda folder: path.write_text(path.read_text() + "MORE = 1\n")
    ) == ["module bakery.charts changed"]
