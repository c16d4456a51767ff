"""An uncertain input can be held at a value: at every door, within the evidence's range, for the
steps that take it alone, and without a change of `data/`.
"""

from __future__ import annotations

import ast
import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from papermill.translators import PythonTranslator

from analysis.study import STUDY
from workbook import open_run
from workbook.check import faults_between, faults_of_inputs
from workbook.choices import Choices, ParameterFault, load_parameters, values_in_notebook
from workbook.notebook import run as runs
from workbook.staleness.keys import Keys, cells_of, parameters_read
from workbook.sweeping import grid_variants, sample_variants
from workbook.tables.catalog import Catalog

ROOT = Path(__file__).parents[2]
COMMITTED = ROOT / "params.yaml"
CHOICES = Choices.read(COMMITTED)
RANGES = pd.read_csv(ROOT / "data" / "input_ranges.csv").set_index("input")
SIZE = RANGES.loc["transfer_size"]  # 0.2, 0.6, 1


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A copy of the project's parameters and data, in which a notebook is open."""
    shutil.copytree(ROOT / "data", tmp_path / "data")
    shutil.copy(COMMITTED, tmp_path)
    shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks")
    monkeypatch.chdir(tmp_path / "notebooks")
    monkeypatch.delenv("WORKBOOK_RUN", raising=False)
    monkeypatch.setattr(runs, "display", lambda bundle, raw: None)
    return tmp_path


def opened(name, inputs, **changes):
    step = next(step for step in STUDY.steps if step.name == name)
    return open_run(name, CHOICES.parameters().flat(step.stem) | {"inputs": inputs} | changes)


# -- doors


def by_file(folder, key, text):
    path = folder / "params.yaml"
    whole = COMMITTED.read_text(encoding="utf-8")
    path.write_text(whole.replace("\ninputs: {}\n", f"\ninputs:\n  {key}: {text}\n"), "utf-8")
    return load_parameters(path).inputs


def by_scenario(folder, key, text):
    path = folder / "params.yaml"
    whole = COMMITTED.read_text(encoding="utf-8")
    path.write_text(f"{whole}\n  tried:\n    inputs.{key}: {text}\n", "utf-8")
    return load_parameters(path, "tried").inputs


def by_set(folder, key, text):
    return CHOICES.parameters(overrides=[f"inputs.{key}={text}"]).inputs


def by_grid(folder, key, text):
    (cell,) = grid_variants(COMMITTED, [f"inputs.{key}={text}"])
    return cell.parameters.inputs


def by_edited_cell(folder, key, text):
    names = CHOICES.parameters().flat("schedule")
    value = text if text in ("low", "central", "high") else float(text)
    return values_in_notebook("nb", "schedule", names | {"inputs": {key: value}})["inputs"]


def by_papermill_text(folder, key, text):
    """What `papermill -p inputs '{…}'` hands on: a text."""
    names = CHOICES.parameters().flat("schedule") | {"inputs": f"{{{key}: {text}}}"}
    return values_in_notebook("nb", "schedule", names)["inputs"]


DOORS = (by_file, by_scenario, by_set, by_grid, by_edited_cell, by_papermill_text)


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("text", ["0.4", "1", "low", "central", "high"])
def test_every_door_takes_a_value_and_the_ends_of_the_range(tmp_path, door, text):
    value = text if text in ("low", "central", "high") else float(text)
    assert door(tmp_path, "transfer_size", text) == {"transfer_size": value}


@pytest.mark.parametrize("name", RANGES.index)
def test_every_row_of_the_table_can_be_held_and_nothing_else_moves(project, name):
    given = Catalog(project).load("input_ranges")
    held = opened("08_outturn", {name: "high"}).load("input_ranges")
    row = held.set_index("input").loc[name]
    assert row["low"] == row["central"] == row["high"] == RANGES.at[name, "high"]
    assert row["standing"] == "assumed"
    others = held["input"] != name
    pd.testing.assert_frame_equal(held[others], given[others])
    assert list(held.columns) == list(given.columns)


def test_a_wide_prior_gives_way_to_what_the_reader_set(project):
    """Evidence known by 2022 would widen the range again: the tempting wrong answer."""
    chosen = {"transfer_size": "low"}
    wide = opened("08_outturn", chosen).load("wide_priors").set_index("input")
    row = wide.loc["transfer_size"]
    # the low end of the evidence, not that of the wide prior
    assert row["low"] == row["high"] == SIZE["low"] != 0.0


@pytest.mark.parametrize("text", ["3", "0.19", "1.0001", "-1"])
def test_a_value_outside_its_range_is_refused_with_input_value_range_and_row(project, text):
    (fault,) = faults_of_inputs(
        project, CHOICES.parameters(overrides=[f"inputs.transfer_size={text}"])
    )
    row = list(RANGES.index).index("transfer_size") + 2
    for said in (
        "inputs.transfer_size",
        text,
        "0.2 to 1 share",
        f"data/input_ranges.csv, row {row}",
    ):
        assert said in str(fault)
    with pytest.raises(ParameterFault, match="is outside 0.2 to 1 share"):
        opened("04_procurement", {"transfer_size": float(text)})


def test_an_unknown_input_names_the_nearest_and_one_set_in_vain_who_takes_it(project):
    (fault,) = faults_of_inputs(project, CHOICES.parameters(overrides=["inputs.transfer_sise=low"]))
    assert "did you mean transfer_size?" in str(fault)
    with pytest.raises(ParameterFault, match="07_reallocation"):
        opened("04_procurement", {"round_productivity": "low"})


@pytest.mark.parametrize("text", ["true", "[1, 2]", "lowest", ".inf", "2020-01-01"])
def test_what_is_neither_a_number_nor_an_end_is_refused(text):
    with pytest.raises(ParameterFault, match="transfer_size.*low | central | high"):
        CHOICES.parameters(overrides=[f"inputs.transfer_size={text}"])


def test_a_sweep_refuses_a_point_outside_the_range_before_anything_runs(project):
    grid = grid_variants(COMMITTED, ["inputs.transfer_size=low,0.5,2"])
    faults = faults_between(project, [cell.parameters for cell in grid])
    assert len(faults) == 1 and "2.0 is outside" in faults[0]


def test_the_range_of_another_group_is_that_groups_own(project):
    """Yen assumed for the wards together are scaled to the group: so is what may be set."""
    tama = ["study.group=tama26", "inputs.agency_running_cost="]
    mid = opened("08_outturn", {"agency_running_cost": "central"}, group="tama26")
    central = mid.load("input_ranges").set_index("input").at["agency_running_cost", "central"]
    assert central < RANGES.at["agency_running_cost", "low"]
    fits = CHOICES.parameters(overrides=[tama[0], f"{tama[1]}{central}"])
    too_much = CHOICES.parameters(
        overrides=[tama[0], f"{tama[1]}{RANGES.at['agency_running_cost', 'high']}"]
    )
    assert not faults_of_inputs(project, fits) and faults_of_inputs(project, too_much)


def test_data_stay_as_they_are(project):
    before = {path: path.read_bytes() for path in (project / "data").rglob("*.csv")}
    opened("04_procurement", {"transfer_size": 0.3}).load("input_ranges")
    assert {path: path.read_bytes() for path in (project / "data").rglob("*.csv")} == before


# -- what runs again


def moved_by(*settings):
    """The steps whose own parameters a setting moves."""
    before, after = CHOICES.parameters(), CHOICES.parameters(overrides=settings)
    return {
        step.stem
        for step in STUDY.steps
        if parameters_read(cells_of(ROOT, step), before.flat(step.stem))
        != parameters_read(cells_of(ROOT, step), after.flat(step.stem))
    }


def test_only_steps_that_take_an_input_rest_on_it():
    dated = {"schedule", "outturn", "decision"}
    assert moved_by("inputs.round_productivity=low") == {"reallocation", "outturn"}
    assert moved_by("inputs.uptake_price=low") == {"procurement", "what_if", *dated}
    assert moved_by("inputs.transfer_size=low") >= {"consolidation", "procurement", "organisation"}
    assert "ward_pages" not in moved_by("inputs.transfer_size=low")


def test_a_step_declares_the_inputs_that_its_formulas_name():
    from analysis.chapters.consolidation import formulas as consolidation
    from analysis.chapters.organisation import cost_sharing, net_gains
    from analysis.chapters.procurement import formulas as procurement
    from analysis.chapters.reallocation import formulas as reallocation
    from analysis.inputs import DATED

    bought = {*consolidation.INPUTS, *procurement.INPUTS}
    shared = {*consolidation.INPUTS, *cost_sharing.INPUTS, *net_gains.INPUTS}
    named = {
        "consolidation": {*consolidation.INPUTS},
        "procurement": bought,
        "organisation": shared,
        "reallocation": {*reallocation.INPUTS},
        "what_if": bought,
        "schedule": {*DATED},
        "decision": {*DATED, "hours_per_staff"},
    }
    assert {step.stem: {*step.ranges} for step in STUDY.steps if step.ranges} == named


def test_the_reason_of_staleness_names_the_input():
    from workbook.staleness.reasons import reasons

    keys, step = Keys(ROOT), next(step for step in STUDY.steps if step.stem == "procurement")
    parts = [
        keys.parts(step, CHOICES.parameters(overrides=own).flat(step.stem), ROOT / "no-run")
        for own in ((), ("inputs.transfer_size=low",))
    ]
    assert reasons(*parts) == ["parameter inputs.transfer_size: none -> low"]


def test_a_run_that_sets_an_input_has_a_folder_of_its_own_and_null_takes_it_back(tmp_path):
    assert CHOICES.run_id() == "baseline"
    named = {
        CHOICES.run_id(overrides=[f"inputs.transfer_size={at}"]) for at in ("low", "0.3", "0.30")
    }
    assert len(named) == 2 and "baseline" not in named
    path = tmp_path / "params.yaml"
    whole = COMMITTED.read_text(encoding="utf-8")
    path.write_text(
        f"{whole}\n  a:\n    inputs.transfer_size: low\n  b:\n    extends: a\n"
        "    inputs.transfer_size: null\n",
        "utf-8",
    )
    assert load_parameters(path, "a").inputs and not load_parameters(path, "b").inputs


def test_papermills_own_parameters_reach_the_notebook(project):
    """`papermill -y 'inputs: {transfer_size: low}'` writes a cell that opens with the input."""
    cell = PythonTranslator.codify({"inputs": {"transfer_size": "low"}})
    given = ast.literal_eval(cell.partition("inputs = ")[2])
    namespace = CHOICES.parameters().flat("procurement") | {"inputs": given}
    ranges = open_run("04_procurement", namespace).load("input_ranges").set_index("input")
    assert ranges.at["transfer_size", "high"] == SIZE["low"]
    record = json.loads((project / "runs/interactive/steps/04_procurement.json").read_text())
    assert record["parameters"]["inputs.transfer_size"] == "low"


def test_a_sample_is_drawn_over_the_evidences_range():
    drawn = sample_variants(COMMITTED, 20, ["inputs.transfer_size"])
    at = [one.parameters.inputs["transfer_size"] for one in drawn]
    assert SIZE["low"] <= min(at) < 0.24 and 0.96 < max(at) <= SIZE["high"]
    with pytest.raises(ParameterFault, match="did you mean transfer_size"):
        sample_variants(COMMITTED, 20, ["inputs.transfer_sise"])


# -- what is named


def test_an_exhibit_names_the_inputs_that_a_step_behind_it_takes_and_no_other():
    from workbook.tables.set_inputs import reached_by

    both = ["transfer_size", "round_productivity"]
    assert reached_by(["scale_models"], both) == ["transfer_size"]
    assert reached_by(["circle_map"], both) == ["round_productivity"]
    assert reached_by(["ward_costs"], both) == []
    # through a chapter that reads no table of ranges itself
    assert "transfer_size" in reached_by(["pooling_draws", "saving_draws"], both)


def test_both_languages_name_the_input_its_value_and_its_range():
    from workbook.study import study
    from workbook.words.binding import said_of_set_inputs

    held = [{"input": "uptake_price", "value": 0.4, "low": 0.3, "high": 0.9, "unit": "share"}]
    group = study().groups.whole
    (en,), (ja,) = (said_of_set_inputs(held, group, lang) for lang in ("en", "ja"))
    assert en == "Set by the reader: uptake of joint buying is held at 40% (evidence: 30% to 90%)."
    assert all(said in ja for said in ("共同調達の利用率", "40%", "30%", "90%"))


def test_what_a_run_holds_is_read_from_its_own_choices(project):
    from workbook.tables.set_inputs import held_in_run

    chosen = CHOICES.parameters(overrides=["inputs.transfer_size=low"]).model_dump()
    (held,) = held_in_run(chosen, Catalog(project)).values()
    assert held == (SIZE["low"], SIZE["low"], SIZE["high"], "share")
    assert held_in_run(CHOICES.parameters().model_dump(), Catalog(project)) == {}


def test_a_set_input_is_idle_in_the_log_and_its_neighbours_keep_their_weight():
    from workbook.audit.assumptions import _weight

    tables = {"sensitivity": [{"input": "price_effect", "swing": 0.2}]}
    set_one, other = (
        _weight("input_ranges", {"input": "price_effect"}, tables, {"inputs": inputs})
        for inputs in ({"price_effect": 0.2}, {"transfer_size": 0.2})
    )
    assert (set_one.grade, other.grade) == ("idle", "heavy")


def test_where_no_productivity_or_share_is_left_no_value_would_do():
    from analysis.chapters.reallocation.formulas import circle_conditions

    rows = RANGES.reset_index()
    nothing = rows.assign(
        **{
            end: rows[end].mask(rows["input"] == "round_productivity", 0.0)
            for end in ("low", "central", "high")
        }
    )
    needed = circle_conditions(nothing).set_index("input")["needed"]
    assert pd.isna(needed["redeployed_share"])  # whatever is put back, nothing comes of it
    assert needed["freed_decay"] == 0.0 and needed["round_productivity"] == 0.15 / 0.5


def test_a_sample_over_the_inputs_draws_every_one_over_its_own_range():
    drawn = sample_variants(COMMITTED, 4, ["inputs", "study.discount_rate", "inputs.transfer_size"])
    names = {f"inputs.{name}" for name in RANGES.index}
    for cell in drawn:
        assert set(cell.changes) == {*names, "study.discount_rate"}
        for name, value in cell.parameters.inputs.items():
            assert RANGES.at[name, "low"] <= value <= RANGES.at[name, "high"]
