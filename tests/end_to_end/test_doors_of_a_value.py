"""Wherever a value comes from, it is held against the same types, bounds and rules, and the refusal
says the same.
"""

from __future__ import annotations

import datetime
import json
import re
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import numpy as np
import papermill.cli
import pytest
from papermill.translators import PythonTranslator

from analysis.study import STUDY
from tests.end_to_end.conftest import copy_of_the_study
from workbook import open_run
from workbook.choices import Choices, ParameterFault, load_parameters, values_in_notebook
from workbook.choices.declaring import declared_keys, declared_sections
from workbook.sweeping import grid_variants

ROOT = Path(__file__).parents[2]
COMMITTED = ROOT / "params.yaml"
TEXT = COMMITTED.read_text(encoding="utf-8")
COMMITTED_CHOICES = Choices.read(COMMITTED)
TAMA = "[132012, 132021, 132039]"


def names_of(stem):
    """The names that a notebook's parameters cell has set."""
    return dict(COMMITTED_CHOICES.parameters().flat(stem))


def stem_of(key):
    return "procurement" if key.startswith("study.") else key.split(".")[0]


# -- the doors: each takes a value as somebody types it there, and returns what the study is run
# with ----------------------


def by_file(folder, key, text, python):
    section, name = key.split(".")
    head, rest = TEXT.split(f"\n{section}:\n", 1) if section != "study" else ("", TEXT)
    line = next(line for line in rest.split("\n") if line.startswith(f"  {name}: "))
    path = folder / "params.yaml"
    path.write_text(
        (f"{head}\n{section}:\n" if head else "") + rest.replace(line, f"  {name}: {text}", 1),
        encoding="utf-8",
    )
    return load_parameters(path).by_key()[key]


def by_scenario(folder, key, text, python):
    path = folder / "params.yaml"
    path.write_text(f"{TEXT}\n  tried:\n    {key}: {text}\n", encoding="utf-8")
    return load_parameters(path, "tried").by_key()[key]


def by_set(folder, key, text, python):
    return COMMITTED_CHOICES.parameters(overrides=[f"{key}={text}"]).by_key()[key]


def by_grid(folder, key, text, python):
    (cell,) = grid_variants(COMMITTED, [f"{key}={text}"])
    return cell.parameters.by_key()[key]


def by_edited_cell(folder, key, text, python):
    stem, name = stem_of(key), key.split(".")[1]
    return values_in_notebook("a notebook", stem, names_of(stem) | {name: python})[name]


def by_open_run(folder, key, text, python):
    """As an edited cell, through the call that stands in every notebook; a value that is taken is
    the notebook's own from then on.
    """
    stem, name = stem_of(key), key.split(".")[1]
    names = names_of(stem) | {name: python}
    run = open_run(stem, names)
    assert all(value == names[key] for key, value in run.parameters.items())
    return names[name]


def by_papermill(folder, key, text, python):
    """What papermill's command makes of ``-p name text``: its reading of the text, and the cell it
    injects.
    """
    stem, name = stem_of(key), key.split(".")[1]
    names = names_of(stem)
    injected = PythonTranslator.codify({name: papermill.cli._resolve_type(text)})
    exec(injected, names)  # noqa: S102  what papermill writes of a test's own value
    names.pop("__builtins__", None)
    return values_in_notebook("a notebook", stem, names)[name]


DOORS = [by_file, by_scenario, by_set, by_grid, by_edited_cell, by_open_run, by_papermill]
doors = pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty project: parameters and the declaration of data, nothing run."""
    (tmp_path / "data").symlink_to(ROOT / "data")
    (tmp_path / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path / "notebooks")
    monkeypatch.delenv("WORKBOOK_RUN", raising=False)
    return tmp_path


# kind -> parameter, as typed in a file or on a command line, as typed in Python, what is said
KINDS = {
    "above its bound": ("study.plan_years", "99", 99, "is too large; allowed: year, 1 to 15"),
    "below its bound": ("study.plan_years", "-5", -5, "is too small; allowed: year, 1 to 15"),
    "percent for a share": (
        "study.discount_rate",
        "4",
        4,
        "is too large; allowed: share, 0 to 0.15",
    ),
    "a part of a whole number": (
        "study.plan_years",
        "2.5",
        2.5,
        "is a decimal number, not a whole number; allowed: year, 1 to 15",
    ),
    "text for a number": (
        "resident_cost.dispersion_sigma",
        "wide",
        "wide",
        "is a text, not a number; allowed: log point, 0 to 1",
    ),
    "a number with its sign": ("study.discount_rate", "4%", "4%", "is a text, not a number"),
    "yes/no for a number": (
        "study.plan_years",
        "true",
        True,
        "is a yes or no, not a whole number",
    ),
    "number for yes/no": (
        "procurement.joint_price",
        "1",
        1,
        "is a whole number, not true or false; allowed: true | false",
    ),
    "a word for true": ("procurement.joint_price", "yes", "yes", "is a text, not true or false"),
    "none where one is needed": (
        "study.plan_years",
        "null",
        None,
        "is no value, not a whole number",
    ),
    "not a number": ("study.discount_rate", "nan", float("nan"), "allowed: share, 0 to 0.15"),
    "without end": (
        "study.discount_rate",
        "1e999",
        float("inf"),
        "is not finite; allowed: share, 0 to 0.15",
    ),
    "an unknown word": (
        "study.scale_model",
        "joint_clouds",
        "joint_clouds",
        "did you mean joint_cloud?",
    ),
    "an unknown group": ("study.group", "osaka", "osaka", "is none of the choices"),
    "a month that is none": (
        "study.evidence_until",
        "2022-13",
        "2022-13",
        "is no month or year; allowed: date, YYYY-MM or YYYY or null",
    ),
    "a day for a month": (
        "study.evidence_until",
        "2022-03-31",
        datetime.date(2022, 3, 31),
        "is no month or year",
    ),
    "a year far away": ("study.evidence_until", "12022", 12022, "is no month or year"),
    "a part of a year": (
        "study.evidence_until",
        "2022.5",
        2022.5,
        "is no month or year; allowed: date, YYYY-MM or YYYY or null",
    ),
    "a date that is none": (
        "resident_cost.residents_date",
        "2020-02-30",
        "2020-02-30",
        "allowed: date, 2016-01-01 to 2022-01-01",
    ),
    "a date without a count": (
        "resident_cost.residents_date",
        "2023-01-01",
        datetime.date(2023, 1, 1),
        "allowed: date, 2016-01-01 to 2022-01-01",
    ),
    "several for one": (
        "study.plan_years",
        "[3, 4]",
        [3, 4],
        "is no single value, not a whole number",
    ),
    "a code twice": (
        "study.group",
        "[132012, 132021, 132012]",
        ["132012", "132021", "132012"],
        "names 132012 twice",
    ),
    "a wrong check digit": (
        "study.group",
        "[132012, 132020, 132039]",
        [132012, 132020, 132039],
        "'132020' (should be 132021)",
    ),
    "no municipality at all": ("study.group", "[]", [], "names nobody"),
    "a rule between two, by number": (
        "study.stored_draws_log2",
        "18",
        18,
        "is above draws_log2; store at most as many draws as are made",
    ),
    "a rule between two, by word": (
        "study.baseline",
        "own",
        "own",
        "is missing, though baseline is own; write your 5-year cost in yen",
    ),
}


@doors
@pytest.mark.parametrize("kind", KINDS)
def test_a_bad_value_is_refused_at_every_door_by_name_value_and_what_is_allowed(folder, door, kind):
    key, text, python, said = KINDS[kind]
    with pytest.raises(ParameterFault) as refused:
        door(folder, key, text, python)
    (fault,) = refused.value.faults
    assert fault.key.split(".")[0] == key.split(".")[0] and said in str(fault)
    if not kind.startswith("a rule"):
        assert fault.key == key and fault.value.strip("'") in (
            text,
            repr(python).strip("'"),
            repr(float(text)) if text in ("nan", "1e999") else text,
        )
    assert not (folder / "runs").exists()


# parameter, as typed in a file or on a command line, as typed in Python, what the study is run with
FORMS = [
    ("study.evidence_until", "2022", 2022, "2022"),
    ("study.evidence_until", "2022-03", "2022-03", "2022-03"),
    ("study.evidence_until", "null", None, None),
    ("outturn.backcast_until", "2021", 2021, "2021"),
    ("resident_cost.residents_date", "2021-01-01", datetime.date(2021, 1, 1), "2021-01-01"),
    ("study.plan_years", "5.0", 5.0, 5),
    ("study.plan_years", "7", np.int64(7), 7),
    ("procurement.joint_price", "false", False, False),
    ("study.discount_rate", "4e-2", 0.04, 0.04),
    ("schedule.core_deadline_fiscal_year", "2031", 2031, 2031.0),
    ("study.group", "tama26", "tama26", "tama26"),
    (
        "study.group",
        "[132039, 132012, 132021]",
        [132039, 132012, 132021],
        ["132012", "132021", "132039"],
    ),
]


@doors
@pytest.mark.parametrize(
    ("key", "text", "python", "wanted"), FORMS, ids=lambda value: str(value)[:30]
)
def test_every_form_is_taken_at_every_door_and_means_the_same(
    folder, door, key, text, python, wanted
):
    taken = door(folder, key, text, python)
    assert (taken, type(taken)) == (wanted, type(wanted))


def written_forms(key):
    """The values that the comment behind a parameter names, as texts."""
    section, name = key.split(".")
    field = declared_sections()[section].model_json_schema()["properties"][name]
    kinds = field.get("anyOf", [field])
    yield from (word for kind in kinds for word in kind.get("enum", []))
    yield from (
        str(kind[end])
        for kind in kinds
        for end in ("minimum", "maximum")
        if kind.get("type") in ("integer", "number")
    )
    yield from ("2022", "2022-03") if any("pattern" in kind for kind in kinds) else ()
    yield from ("null",) if {"type": "null"} in kinds else ()


@pytest.mark.parametrize("key", declared_keys())
def test_every_value_that_a_comment_names_can_be_given(key):
    """A rule may still ask for a second parameter; the value itself is never what is wrong."""
    rules = {rule.message for section in declared_sections().values() for rule in section.rules}
    rules |= {rule.message for rule in STUDY.rules_across}
    for text in (forms := list(written_forms(key))):
        try:
            COMMITTED_CHOICES.parameters(overrides=[f"{key}={text}"])
        except ParameterFault as refused:
            assert {fault.message for fault in refused.faults} <= rules
    assert forms or key.split(".")[1].startswith("joint_")  # true | false


def seconds_to_refuse(folder, codes):
    path = folder / "params.yaml"
    path.write_text(
        TEXT.replace("group: tokyo23", f"group: [{', '.join(codes)}]", 1), encoding="utf-8"
    )
    began = time.process_time()
    with pytest.raises(ParameterFault, match="study.group: .* names 131016 twice"):
        Choices.read(path).parameters("mayors_2020")
    return time.process_time() - began


def test_a_long_group_is_answered_at_once_and_in_proportion_to_its_length(tmp_path):
    """Counted code by code and once for each scenario, five thousand took 3 s and twenty thousand
    46 s.
    """
    short, long = (
        min(seconds_to_refuse(tmp_path, ["131016"] * count) for _ in range(2))
        for count in (5_000, 20_000)
    )
    assert long < 8 * short and long < 3


def test_a_grid_takes_years_and_lists_of_codes_beside_names():
    years = grid_variants(COMMITTED, ["study.evidence_until=2021,2022"])
    assert [cell.changes["study.evidence_until"] for cell in years] == ["2021", "2022"]
    groups = grid_variants(COMMITTED, [f"study.group={TAMA},tama26", "study.plan_years=3,5"])
    assert [cell.changes["study.group"] for cell in groups] == [
        ["132012", "132021", "132039"]
    ] * 2 + ["tama26"] * 2


@pytest.mark.parametrize(
    ("axis", "said"),
    [
        ("study.evidence_until=", "is no axis"),
        ("study.evidence_until", "is no axis"),
        ("study.plan_years=3,5,3", "names 3 twice"),
        ("study.group=[132012, 132021", "is not YAML"),
    ],
)
def test_an_axis_without_sound_values_is_refused(axis, said):
    with pytest.raises(ParameterFault, match=said):
        grid_variants(COMMITTED, [axis])


FOR_ANOTHER_GROUP = [  # what only the municipalities themselves can forbid
    (
        {"group": TAMA, "core_instances": "4"},
        (
            "consolidation.core_instances: 4 platforms are more than the 3 municipalities of"
            " study.group;"
            " choose at most 3"
        ),
    ),
    (
        {"group": "tama26", "participants": "report12"},
        "study.participants: report12 means special wards, and study.group is tama26; choose all",
    ),
]


@pytest.mark.parametrize(("chosen", "said"), FOR_ANOTHER_GROUP)
def test_what_does_not_fit_the_group_is_refused_when_a_notebook_opens_its_run(folder, chosen, said):
    names = (
        names_of("consolidation")
        | chosen
        | ({"core_instances": 4} if "core_instances" in chosen else {})
    )
    with pytest.raises(
        ParameterFault, match="notebooks/03_consolidation.ipynb: " + re.escape(said)
    ):
        open_run("03_consolidation", names)
    assert not (folder / "runs").exists()


@pytest.mark.parametrize(("chosen", "said"), FOR_ANOTHER_GROUP)
def test_what_does_not_fit_the_group_is_refused_before_a_run_or_a_sweep(tmp_path, chosen, said):
    study = copy_of_the_study(tmp_path)
    keys = {
        f"{'consolidation' if name.endswith('instances') else 'study'}.{name}": text
        for name, text in chosen.items()
    }
    for asked in (
        ["run", *(f"--set={key}={text}" for key, text in keys.items())],
        ["sweep", *(f"--grid={key}={text}" for key, text in keys.items())],
    ):
        ran = subprocess.run(
            [sys.executable, "-m", "workbook", *asked],
            cwd=study,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (ran.returncode, "Traceback" in ran.stderr) == (2, False) and said in ran.stderr
        assert not list((study / "runs").glob("[!.]*"))


def test_a_rule_between_two_sections_holds_where_a_notebook_knows_both():
    for stem, years in (("schedule", 9), ("procurement", 15)):
        assert values_in_notebook("a notebook", stem, names_of(stem) | {"plan_years": years})
    with pytest.raises(ParameterFault, match="plan_years: 9 is above schedule.appraisal_years"):
        values_in_notebook(
            "a notebook", "schedule", names_of("schedule") | {"plan_years": 9, "appraisal_years": 8}
        )


def test_all_faults_of_a_notebook_come_at_once_and_say_where(folder):
    names = names_of("procurement") | {"plan_years": -5, "discount_rate": 4, "baseline": "own"}
    del names["joint_demand"]
    with pytest.raises(ParameterFault) as refused:
        open_run("04_procurement", names)
    assert {fault.key for fault in refused.value.faults} == {
        "study.plan_years",
        "study.discount_rate",
        "procurement.joint_demand",
        "study.baseline_own_5y_jpy",
    }
    assert all(
        str(fault).startswith("notebooks/04_procurement.ipynb: ") for fault in refused.value.faults
    )


@pytest.mark.parametrize("value", [np.array([1, 2]), object(), {"a": 1}, b"5", [["a"]], lambda: 1])
@pytest.mark.parametrize(
    "key",
    [
        "group",
        "plan_years",
        "discount_rate",
        "evidence_until",
        "joint_price",
        "scale_model",
        "baseline_own_5y_jpy",
    ],
)
def test_whatever_python_a_cell_sets_is_refused_and_never_a_traceback(value, key):
    with pytest.raises(ParameterFault, match=key):
        values_in_notebook("a notebook", "procurement", names_of("procurement") | {key: value})


def test_a_text_of_digits_is_no_number():
    """The tempting leniency: `plan_years = "5"` would be taken in one place and multiplied as a
    text in another.
    """
    with pytest.raises(ParameterFault, match="'5' is a text, not a whole number"):
        values_in_notebook(
            "a notebook", "procurement", names_of("procurement") | {"plan_years": "5"}
        )


def test_papermills_own_command_shows_the_message_alone_and_leaves_nothing(tmp_path):
    folder = copy_of_the_study(tmp_path)
    made = folder / "out.ipynb"
    ran = subprocess.run(
        [
            sys.executable,
            "-m",
            "papermill",
            "notebooks/04_procurement.ipynb",
            str(made),
            "--cwd",
            "notebooks",
            "--no-progress-bar",
            "-p",
            "discount_rate",
            "4",
            "-p",
            "plan_years",
            "-5",
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode != 0 and not (folder / "runs").exists()
    (error,) = [
        output
        for cell in nbformat.read(made, 4).cells
        for output in cell.get("outputs", [])
        if output.output_type == "error"
    ]
    assert error.traceback == ["ParameterFault:", *error.evalue.split("\n")]
    assert "study.plan_years: -5 is too small; allowed: year, 1 to 15" in ran.stderr
    assert "study.discount_rate: 4 is too large; allowed: share, 0 to 0.15" in ran.stderr


@pytest.mark.slow
def test_papermills_own_command_runs_with_a_value_as_the_models_have_it(tmp_path):
    folder = copy_of_the_study(tmp_path)
    subprocess.run(
        [
            sys.executable,
            "-m",
            "papermill",
            "notebooks/01_environment.ipynb",
            str(folder / "out.ipynb"),
            "--cwd",
            "notebooks",
            "--no-progress-bar",
            "-p",
            "residents_from",
            "2017.0",
            "-p",
            "group",
            TAMA,
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    record = json.loads(
        (folder / "runs" / "interactive" / "steps" / "01_environment.json").read_text(
            encoding="utf-8"
        )
    )
    assert (record["parameters"]["residents_from"], record["parameters"]["group"]) == (
        2017,
        ["132012", "132021", "132039"],
    )
