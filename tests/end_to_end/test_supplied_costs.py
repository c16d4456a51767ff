"""A researcher's own costs in ``data/local``: the whole study runs on them, says so, and forgets
them when they are gone.
"""

from __future__ import annotations

import json
import stat

import pytest

from analysis.study import STUDY
from tests.analysis.chapters.resident_cost.test_observed_cost import file_of, made_costs
from tests.end_to_end.conftest import copy_of_the_study, outputs_of
from workbook import choices as params
from workbook.report import build
from workbook.report.words import WORDS
from workbook.running import pipeline

STEPS = STUDY.steps

pytestmark = pytest.mark.slow

# exhibits of chapter 2 that are modelled as long as nobody supplies costs
TOUCHED = ("ward-costs", "unevenness")
# in no public table: found in a report, it came from data/local
SECRET = 987_654_321


def run(folder):
    pipeline.run_study(folder, params.load_parameters(folder / "params.yaml"), "baseline")


def everything(folder):
    """Tables, headline results and what every notebook shows its reader."""
    made = folder / "runs" / "baseline"
    tables = {path.name: path.read_bytes() for path in (made / "tables").iterdir()}
    return (
        tables,
        json.loads((made / "results.json").read_text(encoding="utf-8")),
        {step.name: outputs_of(made / "notebooks" / f"{step.name}.ipynb") for step in STEPS},
    )


def left(folder):
    """Return every file of the run by its path: its bytes and its mode."""
    made = folder / "runs" / "baseline"
    files = [path for path in made.rglob("*") if path.is_file()]
    return {
        file.relative_to(made).as_posix(): (file.read_bytes(), stat.S_IMODE(file.stat().st_mode))
        for file in files
    }


@pytest.fixture(scope="module")
def runs_and_files(tmp_path_factory):
    """The baseline, the same with made costs of all wards, and again without their file.

    And the files of the first two.
    """
    folder = copy_of_the_study(tmp_path_factory.mktemp("supplied"))
    run(folder)
    before, local, files = everything(folder), folder / "data" / "local", [left(folder)]
    local.mkdir()
    supplied = file_of(
        {code: cost / 3 for code, cost in made_costs(elasticity=1.0, sigma=0.2).items()}
    )
    supplied["cost_jpy"] = supplied["cost_jpy"].round().astype(int)
    supplied.loc[0, "cost_jpy"] = SECRET
    supplied.to_csv(local / "ict_cost.csv", index=False)
    (local / "ict_cost.csv").chmod(0o600)
    run(folder)
    during, pages = (
        everything(folder),
        {
            lang: path.read_text(encoding="utf-8")
            for lang, path in build(folder / "runs" / "baseline", folder / "notebooks").items()
        },
    )
    files.append(left(folder))
    (local / "ict_cost.csv").unlink()
    run(folder)
    return (before, during, everything(folder), pages), files


@pytest.fixture
def three_runs(runs_and_files):
    """The three runs, and the pages of the second."""
    return runs_and_files[0]


def standings(run):
    return {
        shown["slug"]: shown["standing"]["value"]
        for outputs in run[2].values()
        for shown in outputs
        if shown["kind"] == "exhibit"
    }


def test_every_exhibit_of_chapter_2_on_the_wards_stands_on_supplied_figures(three_runs):
    before, during, _, _ = three_runs
    assert {standings(before)[slug] for slug in TOUCHED} == {"modelled"}
    assert "modelled" not in {standings(during)[slug] for slug in TOUCHED}
    step = next(step for step in STEPS if step.stem == "resident_cost")
    assert set(step.local_exhibits) <= set(standings(during)) and not set(
        step.local_exhibits
    ) & set(standings(before))


def test_the_whole_study_moves_and_says_that_it_rests_on_supplied_costs(three_runs):
    before, during, _, pages = three_runs
    values = [{result["id"]: result["value"] for result in run[1]} for run in (before, during)]
    assert values[0]["observed_elasticity"] is None and 0.7 < values[1]["observed_elasticity"] < 1.3
    assert {"baseline_5y", "run_rate_saving", "npv_whole_life"} <= {
        name for name in values[0] if values[0][name] != values[1][name]
    }
    for lang, page in pages.items():
        assert WORDS[lang]["confidential"] in page and str(SECRET) not in page


def test_what_own_costs_change_is_for_their_owner_alone_from_tables_to_reports(runs_and_files):
    before, during = runs_and_files[1]
    told = {
        name: mode
        for name, (content, mode) in during.items()
        if before.get(name, (b"",))[0] != content and not name.startswith((".lock", "params"))
    }
    assert {
        "tables/ward_costs.csv",
        "tables/answers.csv",
        "notebooks/12_findings.ipynb",
        "results.json",
        "steps/02_resident_cost.json",
        "manifest.json",
        "report/index.html",
        "report/en.html",
    } <= set(told)
    assert {name: mode for name, mode in told.items() if mode != 0o600} == {}
    untouched = "tables/residents_trend.csv"  # no reader loses what rests on nothing private
    assert before[untouched] == during[untouched]


def test_no_text_calls_supplied_costs_modelled(three_runs):
    during = {
        shown["slug"]: shown
        for shown in three_runs[1][2]["02_resident_cost"]
        if shown["kind"] == "exhibit"
    }
    for slug in TOUCHED:
        for part in ("title", "subtitle", "alt"):
            assert "Modelled" not in during[slug][part]["en"] and "推計値" not in during[slug][
                part
            ]["ja"].replace("推計のとき", "")


def test_taking_the_file_away_brings_back_the_baseline_byte_for_byte(three_runs):
    before, _, after, _ = three_runs
    assert after[0] == before[0] and after[1] == before[1] and after[2] == before[2]
