"""The study as a whole: interactive equals headless, a scenario moves only what depends on it,
failures are named.
"""

from __future__ import annotations

import json
import subprocess
import sys

import nbformat
import pytest
from nbclient import NotebookClient

from analysis.study import STUDY
from tests.end_to_end.conftest import ROOT, copy_of_the_study, outputs_of, seen_in
from workbook import choices as params
from workbook.comparing.expected import changes
from workbook.report import build
from workbook.running import pipeline
from workbook.steps import step_named

pytestmark = pytest.mark.whole
STEPS = STUDY.steps


def tables_of(folder, run="baseline"):
    return {path.name: path.read_bytes() for path in (folder / "runs" / run / "tables").iterdir()}


def results_of(folder, run="baseline"):
    return {
        r["id"]: r
        for r in json.loads((folder / "runs" / run / "results.json").read_text(encoding="utf-8"))
    }


@pytest.fixture(scope="module")
def interactive(study):
    """Every notebook opened as it is committed and run from top to bottom with the stock kernel,
    nothing injected.
    """
    for step in STEPS:
        notebook = nbformat.read(study / "notebooks" / f"{step.name}.ipynb", as_version=4)
        NotebookClient(
            notebook,
            kernel_name="python3",
            resources={"metadata": {"path": str(study / "notebooks")}},
            extra_arguments=["--log-level=ERROR"],
        ).execute()
        nbformat.write(notebook, study / f"{step.name}.ipynb")
    return study


def test_run_all_in_jupyter_gives_the_headless_numbers(interactive):
    assert tables_of(interactive, "interactive") == tables_of(interactive)
    assert results_of(interactive, "interactive") == results_of(interactive)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_run_all_in_jupyter_says_and_shows_what_the_headless_run_does(interactive, step):
    own, run = interactive / f"{step.name}.ipynb", interactive / "runs" / "baseline"
    assert outputs_of(own) == outputs_of(run / "executed" / f"{step.name}.ipynb")
    assert seen_in(own) == seen_in(run / "notebooks" / f"{step.name}.ipynb") != []


def test_a_kernel_leaves_no_word_and_no_picture(study):
    for payload in (
        payload
        for step in STEPS
        for payload in outputs_of(study / "runs" / "baseline" / "executed" / f"{step.name}.ipynb")
    ):
        assert {"kind", "slug", "case", "values"} <= set(payload) and not {
            "text",
            "title",
            "svg",
            "tables",
        } & set(payload)


def test_no_headline_result_has_moved_since_it_was_reviewed(study):
    assert changes(ROOT, study / "runs" / "baseline") == [], (
        "if the change is meant: workbook run, then workbook accept, and say why in the commit"
    )


def test_two_builds_of_the_report_are_the_same_bytes(study):
    pages = [
        [
            path.read_bytes()
            for path in build(study / "runs" / "baseline", study / "notebooks").values()
        ]
        for _ in range(2)
    ]
    assert pages[0] == pages[1]


def test_every_declared_table_exhibit_and_result_is_there(study):
    assert set(tables_of(study)) == {f"{table}.csv" for step in STEPS for table in step.writes}
    assert set(results_of(study)) == {result for step in STEPS for result in step.results}
    for step in STEPS:
        shown = [
            o["slug"]
            for o in outputs_of(study / "runs" / "baseline" / "notebooks" / f"{step.name}.ipynb")
            if o["kind"] == "exhibit"
        ]
        assert shown == list(step.exhibits)


def test_the_quadratic_curve_meets_the_four_published_moments_within_one_per_cent(study):
    import pandas as pd

    moments = pd.read_csv(study / "runs" / "baseline" / "tables" / "national_moments.csv")
    quadratic = moments[
        (moments["form"] == "log_quadratic") & (moments["composition"] == "all_municipalities")
    ]
    survey = pd.read_csv(study / "data" / "ict_cost_survey.csv")
    assert set(quadratic["published"]) <= set(survey["value"]) and len(quadratic) == 4
    assert ((quadratic["fitted"] / quadratic["published"] - 1).abs() < 0.01).all()


def test_the_mayors_baseline_changes_what_depends_on_it_and_nothing_else(study):
    chosen = params.load_parameters(study / "params.yaml", "mayors_2020")
    steps = tuple(step for step in STEPS if step.chapter <= 4)
    pipeline.run_study(study, chosen, "mayors_2020", steps)
    before, after = tables_of(study), tables_of(study, "mayors_2020")
    moved = {
        "baselines",
        "ward_comparison",
        "ward_costs",
        "ward_cost_draws",
        "pooling_plan",
        "scale_models",
        "migration_cost",  # as a share of a year's cost
        "fixed_share_steps",
        "instances",
        "coordination_band",
        "platform_options",
        "grouping_check",
        "target_reading",
        "saving_curve",
        "levers",
        "sensitivity",
        "switching",
        "variance_shares",
        "widths_if_known",
        "condition_map",
        "tail_sensitivity",
        "scrambling_errors",
        "saving_draws",
        "spend_reached",
        "unevenness",
        "books_worth",
        "next_books",
        "target_to_net",
        "sign_deciders",
    }
    # not among them: the bridge shows both baselines in any run, and shares of spend do not depend
    # on the spend
    unmoved = {f"{table}.csv" for step in steps for table in step.writes if table not in moved}
    assert {name for name in after if after[name] == before[name]} == unmoved
    results = results_of(study, "mayors_2020")
    assert results["baseline_5y"]["value"] == 400e9
    assert results["scale_elasticity"] == results_of(study)["scale_elasticity"]


def test_the_back_cast_of_chapter_8_is_the_forecast_of_the_scenario(study):
    """Chapter 8 evaluates the plan again instead of reading the scenario's run: both must come to
    the same.
    """
    import pandas as pd

    pipeline.run_study(
        study,
        params.load_parameters(study / "params.yaml", "evidence_2022"),
        "evidence_2022",
        tuple(step for step in STEPS if step.chapter <= 4),
    )
    forecast = pd.read_csv(study / "runs" / "evidence_2022" / "tables" / "target_reading.csv")
    back_cast = pd.read_csv(study / "runs" / "baseline" / "tables" / "back_cast_money.csv")
    levels = [f"saving_{level}_jpy" for level in ("p10", "p50", "p90")]
    own = forecast[
        (forecast["reading"] == "gross") & (forecast["baseline"] == "implied")
    ].set_index("scale_model")[levels]
    then = back_cast[back_cast["evidence"] == "of_the_time"].set_index("scale_model")[levels]
    assert len(own) == 3 and then.loc[own.index].equals(own)


def test_a_cell_that_raises_is_named_and_earlier_results_stay(tmp_path):
    folder = copy_of_the_study(tmp_path)
    path = folder / "notebooks" / "02_resident_cost.ipynb"
    notebook = nbformat.read(path, as_version=4)
    next(
        cell for cell in notebook.cells if cell.id == "open-run"
    ).source += "\nraise ValueError('no such ward')"
    nbformat.write(notebook, path)
    ran = subprocess.run(
        [sys.executable, "-m", "workbook", "run", "--to", "2"],
        cwd=folder,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 1
    assert (
        "notebooks/02_resident_cost.ipynb, cell open-run: ValueError: no such ward" in ran.stderr
        and "Traceback" not in ran.stderr
    )
    written = set(tables_of(folder))
    assert written == {f"{table}.csv" for table in step_named("environment").writes}


def test_every_fault_of_parameters_and_data_is_told_before_a_kernel_starts(tmp_path):
    folder = copy_of_the_study(tmp_path)
    text = (folder / "params.yaml").read_text(encoding="utf-8")
    (folder / "params.yaml").write_text(
        text.replace("core_instances: 4   ", "core_instances: 40  ", 1).replace(
            "plan_years: 5", "plan_yaers: 5"
        ),
        encoding="utf-8",
    )
    ran = subprocess.run(
        [sys.executable, "-m", "workbook", "check"],
        cwd=folder,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 2 and "Traceback" not in ran.stderr
    assert (
        "core_instances" in ran.stderr
        and "1 to 23" in ran.stderr
        and "plan_yaers" in ran.stderr
        and "plan_years" in ran.stderr
    )
    assert not (folder / "runs").exists()
