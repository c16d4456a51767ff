"""The form of docs/guides, followed: its example runs through the whole study and moves it, the
report says whose judgement it is, and nothing of it is open to others.
"""

from __future__ import annotations

import json
import re
import stat

import pandas as pd
import pytest

from tests.end_to_end.conftest import ROOT, copy_of_the_study
from workbook import choices as params
from workbook.report import build
from workbook.report.words import WORDS
from workbook.running import pipeline

GUIDES = ROOT / "docs" / "guides"
EXPECTED = json.loads(
    (ROOT / "tests" / "expected" / "headline_results.json").read_text(encoding="utf-8")
)


@pytest.fixture(scope="module")
def judged_run(tmp_path_factory):
    folder = copy_of_the_study(tmp_path_factory.mktemp("judged"))
    (folder / "data" / "local").mkdir()
    own = folder / "data" / "local" / "judgements.csv"
    own.write_bytes((GUIDES / "judgements-example.csv").read_bytes())
    own.chmod(0o600)
    pipeline.run_study(folder, params.load_parameters(folder / "params.yaml"), "baseline")
    return folder


def results(folder):
    found = json.loads((folder / "runs/baseline/results.json").read_text(encoding="utf-8"))
    return {one["id"]: one["value"] for one in found}


@pytest.mark.whole
def test_a_judgement_moves_the_headline_and_no_result_that_does_not_rest_on_it(judged_run):
    public = {name: entry["value"] for name, entry in EXPECTED.items()}
    own = results(judged_run)
    assert own["run_rate_saving"] < public["run_rate_saving"]
    assert own["baseline_5y"] == public["baseline_5y"]


@pytest.mark.whole
def test_the_report_says_whose_judgement_it_is_and_is_confidential(judged_run):
    made = judged_run / "runs" / "baseline"
    pages = build(made, judged_run / "notebooks", judged_run / "docs" / "references.bib")
    text = "".join(path.read_text(encoding="utf-8") for path in made.glob("report/*.html"))
    assert pages and WORDS["en"]["confidential"] in text
    assert "Judgements of 4 experts take the place of assumed ranges (inputs judged: 1" in text
    assert "Judgements of experts supplied by a researcher" in text
    table = made / "tables" / "pooling_draws.csv"
    assert stat.S_IMODE(table.stat().st_mode) == 0o600
    assert stat.S_IMODE((made / "tables" / "residents_path.csv").stat().st_mode) & 0o044


@pytest.mark.whole
def test_the_numbers_of_the_guide_are_those_of_the_run(judged_run):
    line = pd.read_csv(judged_run / "runs/baseline/tables/judged_inputs.csv").iloc[0]
    guide = (GUIDES / "expert-judgement.en.md").read_text(encoding="utf-8")
    for value in (line["pool_p10"], line["pool_p90"], line["pool_p25"], line["pool_p75"]):
        assert f"{value:.2f}" in guide
    assert f"median is {line['pool_p50']:.2f}" in guide
    assert ", ".join(f"{line[end]:.2f}" for end in ("low", "central", "high")) in guide


def test_the_example_of_the_guide_is_what_the_form_shows_in_both_languages():
    example = pd.read_csv(GUIDES / "judgements-example.csv")
    for lang in ("en", "ja"):
        text = (GUIDES / f"expert-judgement.{lang}.md").read_text(encoding="utf-8")
        rows = re.findall(r"^\| (example-\d) \| (.*) \|$", text, re.MULTILINE)
        shown = [[float(cell) for cell in cells.split(" | ")] for _, cells in rows]
        assert shown == example.iloc[:, 2:7].to_numpy().tolist()
