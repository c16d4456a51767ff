"""The advice under every shipped scenario: no "by when" that is past, and five lines whose number,
range, trigger and wording are those of the run's own tables.
"""

from __future__ import annotations

import json
import re
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import yaml

from analysis.chapters.decision import advice
from analysis.study import STUDY
from analysis.summary import Summarised
from tests.end_to_end.conftest import ROOT, copy_of_the_study
from tests.second_values import shown_in
from workbook.choices import load_parameters
from workbook.report.facts import facts_of
from workbook.running import pipeline
from workbook.units import month_begins
from workbook.words.messages import Words

CHAPTER = "09_decision"
STEPS = tuple(step for step in STUDY.steps if step.name <= CHAPTER)
SCENARIOS = (
    "baseline",
    *yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))["scenarios"],
)
# the report's own view, and its claim taken as given: the advice least like the baseline's
QUICK = ("source_2022", "source_report")
FEW_DRAWS = ("study.draws_log2=12", "study.stored_draws_log2=10")
DATED = re.compile(r"\{(\w+):fiscal_year\}")


class Advised:
    """A finished run as far as the advice goes: its tables, what chapter 9 said, its first screen.

    Facts of the first screen are read as the report reads them.
    """

    def __init__(self, folder, parameters):
        self.folder, self.parameters = folder, parameters
        self.said = shown_in(folder / "executed" / f"{CHAPTER}.ipynb")
        results = json.loads((folder / "results.json").read_text(encoding="utf-8"))
        chosen = yaml.safe_load((folder / "params.yaml").read_text(encoding="utf-8"))
        run = SimpleNamespace(results=results, parameters=chosen, folder=folder)
        self.screen = Summarised().of(facts_of(run))

    @property
    def decided(self):
        return month_begins(self.parameters.study.decision_date)

    def table(self, name):
        return pd.read_csv(self.folder / "tables" / f"{name}.csv")

    def dates(self):
        """Every date that the first screen's actions and chapter 9 print, by where it stands."""
        of_chapter, of_screen = (Words.of(ROOT, name) for name in (CHAPTER, "summary"))
        said = [(of_chapter, one["slug"], one["case"], one["values"]) for one in self.said]
        said += [
            (of_screen, action.what.slug, action.what.case, action.what.values)
            for action in self.screen.actions
        ]
        return {
            (slug, case, name): values[name]
            for words, slug, case, values in said
            for name in DATED.findall(" ".join(words[slug]["en"].parts(case).values()))
        }


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return copy_of_the_study(tmp_path_factory.mktemp("advice"))


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(name, marks=pytest.mark.whole if name in QUICK else pytest.mark.slow)
        for name in SCENARIOS
    ],
)
def advised(request, folder):
    parameters = load_parameters(folder / "params.yaml", request.param, FEW_DRAWS)
    return Advised(pipeline.run_study(folder, parameters, request.param, STEPS), parameters)


def cut_off():
    """The month after which nothing of the data is, as a decimal fiscal year."""
    package = json.loads((ROOT / "data" / "datapackage.json").read_text(encoding="utf-8"))
    return month_begins(max(entry.get("retrieved", "") for entry in package["resources"]))


def test_b_no_by_when_is_past(advised):
    """From today no date lies before the data end; as seen from 2022 none before that decision."""
    dates, own = advised.dates(), load_parameters(ROOT / "params.yaml").study.decision_date
    today = advised.parameters.study.decision_date == own
    first = cut_off() if today else advised.decided
    assert len(dates) >= 8 and min(dates.values()) >= first, dates
    assert advised.table("decision_steps")["starts"].min() >= max(first, advised.decided)
    # 2022 is the report's own view, and no other scenario decides from a day that is over
    assert today or advised.decided == month_begins("2022-04")


def test_b_five_lines_with_number_range_and_trigger_under_every_scenario(advised):
    lines = advised.table("decision_advice").set_index("line")
    assert tuple(lines.index) == advice.LINES
    ends = [f"yearly_{level}_jpy" for level in ("p10", "p50", "p90")]
    yearly = lines.drop("claim")
    assert yearly[ends].notna().all(axis=None)
    assert (yearly[ends].diff(axis=1).iloc[:, 1:].to_numpy() >= 0).all()
    # tempting: no trigger where pooling loses, as under the survey's reading of scale
    assert yearly["trigger_jpy"].notna().all()
    said = {one["slug"]: one for one in advised.said}
    for line, row in yearly.drop("option").iterrows():
        values = said[f"advice-{line}"]["values"]
        assert values["value"] == pytest.approx(row["yearly_p50_jpy"])
        assert list(values["range"].values()) == pytest.approx([row[ends[2]], row[ends[0]]])
        assert values["trigger"] == pytest.approx(row["trigger_jpy"], nan_ok=True)


def test_b_the_wording_of_each_line_follows_from_the_runs_own_tables(advised):
    options = advised.table("decision_options").set_index("option")
    lines = advised.table("decision_advice").set_index("line")
    means = options["yearly_mean_jpy"]
    chosen = options.index[options["chosen"]].item()
    assert means[chosen] == pytest.approx(means.max()) and lines.at["option", "case"] == chosen
    for stage, wanted in advice.WANTED.items():
        assert (lines.at[stage, "case"] == "do") == (chosen in wanted), stage
    stretches = advised.table("claim_stretches")
    assert (lines.at["claim", "case"] == "flips") == (len(stretches) > 1)
    steps = advised.table("decision_steps")
    assert steps.loc[steps["due"], "stage"].isin(lines.index[lines["case"] == "do"]).all()
    said = {one["slug"]: one["case"] for one in advised.said}
    assert (
        (said["advice-option"] == "stay") == (chosen == "stay") == ("otherwise" == said["opening"])
    )
    for stage in ("internal", "core"):
        does = said[f"advice-{stage}"] in ("do", "plan")
        assert does == (lines.at[stage, "case"] == "do")


def test_b_at_its_trigger_a_stage_would_just_pay_under_every_scenario(advised):
    """What a stage adds rises in proportion to its saving and costs the same: at the trigger the
    mean of what it adds is nothing.
    """
    lines = advised.table("decision_advice").set_index("line")
    parts = advised.table("decision_parts").pivot(
        index="option", columns="component", values="mean_jpy"
    )
    vehicle = "widened" if "widened" in parts.index else "own_agency"
    before = {"buying": "stay", "internal": vehicle, "core": "shared_internal"}
    after = {"buying": vehicle, "internal": "shared_internal", "core": "core_renewal"}
    full = {
        one["slug"].removeprefix("advice-"): one["values"]["full"]
        for one in advised.said
        if one["slug"] in ("advice-internal", "advice-core")
    }
    for stage, saving in full.items():
        step = parts.loc[after[stage]] - parts.loc[before[stage]]
        times = lines.at[stage, "trigger_jpy"] / saving
        at_trigger = step.sum() + step["pooling"] * (times - 1)
        assert at_trigger == pytest.approx(0.0, abs=1e-6 * np.abs(step).max()), stage
