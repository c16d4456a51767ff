"""The whole study for some of the wards, down to one, for wards with cities and for three
municipalities: it runs, and what it says of them is true.
"""

from __future__ import annotations

import json
import re

import pandas as pd
import pytest

from analysis.study import STUDY
from tests.end_to_end.conftest import ROOT, copy_of_the_study, outputs_of
from workbook import choices as params
from workbook.check import faults_of
from workbook.report import build
from workbook.running import pipeline

STEPS = STUDY.steps

pytestmark = pytest.mark.slow
WARDS = (
    pd.read_csv(ROOT / "data" / "municipalities.csv", dtype={"code": str})
    .query("group == 'tokyo23'")["code"]
    .tolist()
)
GROUPS = {
    "one ward": WARDS[:1],
    "two wards": WARDS[:2],
    "one city": ["132012"],
    "four wards": WARDS[:4],
    "22 wards": WARDS[1:],
    "wards and cities": [*WARDS[:2], "132012", "132021", "132039"],
    "three wards": WARDS[:3],
    "three cities": ["132012", "132021", "011002"],
}
OPEN = set(pd.read_csv(ROOT / "data" / "observed_ict_items.csv", dtype={"code": str})["code"])
SETTINGS = ("study.draws_log2=12", "study.stored_draws_log2=10")
# what fewer municipalities than so many cannot have
SHOWN_FROM = {
    2: {"ward-map", "likeness", "ward-costs", "unevenness"},
    3: {"power", "three-or-four"},
    5: {"grouping-check"},  # on four platforms each has one of its own
}


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return copy_of_the_study(tmp_path_factory.mktemp("some"))


@pytest.fixture(scope="module", params=GROUPS)
def run(request, study):
    """One group's finished run: its codes and its folder."""
    codes = GROUPS[request.param]
    chosen = params.load_parameters(
        study / "params.yaml", overrides=[f"study.group=[{', '.join(codes)}]", *SETTINGS]
    )
    assert faults_of(study, chosen) == []  # what is called sound runs
    return codes, pipeline.run_study(study, chosen, request.param.replace(" ", "_"))


def told(folder):
    return [
        payload
        for step in STEPS
        for payload in outputs_of(folder / "notebooks" / f"{step.name}.ipynb")
    ]


def table(run, name):
    return pd.read_csv(run[1] / "tables" / f"{name}.csv", dtype={"code": str})


def test_every_exhibit_is_shown_or_said_to_be_lacking(run):
    shown = {payload["slug"] for payload in told(run[1]) if payload["kind"] == "exhibit"}
    reasons = [
        p for p in told(run[1]) if p["kind"] == "prose" and "There is no exhibit" in p["text"]["en"]
    ]
    lacked = {slug for step in STEPS for slug in step.exhibits} - shown
    some_wards, number = set(run[0]) <= set(WARDS), len(run[0])
    expected = {"budget-readings", "scope-bridge", "switching"} | (
        set() if some_wards else {"late-systems", "likeness"}
    )
    expected |= {slug for least, few in SHOWN_FROM.items() if number < least for slug in few}
    if not OPEN & set(run[0]):  # nothing to learn the worth of the next ward's books from
        expected |= {"books-worth"}
    options = table(run, "platform_options")
    if options.loc[options["chosen"], "cost_jpy"].isna().all():  # the limits forbid four platforms
        expected |= {"grouping-check"}
    if number == 1:  # of what pooling brings
        expected |= {
            slug
            for step in STEPS
            if step.of_one is not None
            for slug in set(step.exhibits) - set(step.of_one)
        }
    assert lacked == expected and len(reasons) == len(lacked)


def test_one_municipality_saves_nothing_and_is_charged_for_nothing(run):
    saved = table(run, "saving_draws")
    money = ["gross_saving_jpy", "net_saving_jpy", "transition", "agency", "price", "demand"]
    assert saved[money].any(axis=None) == (len(run[0]) > 1)
    if len(run[0]) == 1:
        (share,) = set(table(run, "cost_shares_by_rule")["share_of_own_cost_p50"])
        assert share == pytest.approx(1)


def test_some_wards_cost_what_all_wards_cost_per_resident_and_others_what_the_curve_says(run):
    baselines = table(run, "baselines").set_index("baseline")
    if set(run[0]) <= set(WARDS):  # 332 billion yen over five years for 9.57 million residents
        assert baselines.index.tolist() == ["implied", "mayors_2020"] and baselines.at[
            "implied", "cost_per_resident_jpy"
        ] == pytest.approx(6_938, abs=1)
    else:
        assert baselines.index.tolist() == ["national_curve"]
    assert set(table(run, "ward_costs")["code"]) == set(run[0])


def test_nothing_is_said_of_23_wards_of_a_target_of_theirs_or_of_nothing(run):
    texts = [
        text
        for p in told(run[1])
        for part in ("text", "title", "subtitle", "alt")
        for text in (p.get(part) or {}).values()
    ]
    assert not [
        text for text in texts if re.search(r"23区|23 wards|of the target\b|目標比|目標の\d", text)
    ]
    assert not [text for text in texts if re.search(r"\b1 (wards|cities|municipalities)\b", text)]
    assert not [text for text in texts if re.search(r"[{}]|\bnan\b|\binf\b|None(?! of )", text)]


def test_the_reader_is_told_where_the_total_comes_from(run):
    sentences = " ".join(p["text"]["en"] for p in told(run[1]) if p["kind"] == "prose")
    some_wards, several = set(run[0]) <= set(WARDS), len(run[0]) > 1
    assert ("Scaled by residents it gives" in sentences) == some_wards
    assert ("The curve fitted to the national survey" in sentences) == (not some_wards)
    # chapter 12 says it of a saving, and one alone saves nothing
    of_the_wards = "scales from the total of all Tokyo's special wards" in sentences
    assert of_the_wards == (some_wards and several)
    assert ("reads off the national curve" in sentences) == (not some_wards and several)


def test_the_report_is_built_and_results_without_a_value_have_their_reason(run, study):
    results = json.loads((run[1] / "results.json").read_text(encoding="utf-8"))
    assert {r["id"] for r in results} == {name for step in STEPS for name in step.results}
    assert all(r["reason"]["ja"] and r["reason"]["en"] for r in results if r["value"] is None)
    pages = build(run[1], study / "notebooks", study / "docs" / "references.bib")
    assert all(
        "選んだ" in path.read_text(encoding="utf-8") or lang == "en" for lang, path in pages.items()
    )
