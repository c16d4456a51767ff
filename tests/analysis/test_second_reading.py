"""What a hostile second reading found false or misleading, line by line: each test would have
failed on the text or the number that it names.
"""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pandas as pd
import pytest

from analysis import evidence
from analysis.chapters.consolidation import formulas as consolidation
from analysis.chapters.findings import formulas as findings
from analysis.study import STUDY
from tests.analysis.chapters.schedule.test_money_over_time import a_plan, joint_draws
from workbook.steps import step_named
from workbook.tables.results import result_contracts
from workbook.terms import INTERVALS
from workbook.words.messages import SUBTITLE, TEXT, TITLE, Words

ROOT = Path(__file__).parents[2]
LANGS = ("ja", "en")


def message(chapter: str, slug: str, lang: str, part: str = TEXT) -> str:
    return Words.of(ROOT, chapter)[slug][lang].parts()[part]


def test_a10_a_survey_that_stops_at_thirty_per_cent_does_not_say_that_nobody_reached_half():
    pooling = pd.read_csv(ROOT / "data" / "savings_evidence.csv", encoding="utf-8-sig")
    assert evidence.groups_at_least(pooling).to_dict() == {
        "groups": 18.0,
        "level": 0.3,
        "reaching": 0.5,
    }
    for lang in LANGS:
        title = message("04_procurement", "evidence", lang, TITLE)
        assert "{groups:" in title and "{level:" in title and "{reaching:" in title
        assert "none measured" not in title and "一つもない" not in title


def test_a10_the_largest_survey_speaks_and_other_figures_are_no_surveys_of_groups():
    small, large = (
        f"share of {groups} groups with a reduction of {level}% or more"
        for groups, level in ((12, 30), (18, 20))
    )
    rows = pd.DataFrame(
        {
            "quantity": ["groups_reaching", "groups_reaching", "groups_reaching", "saving"],
            "metric": [small, large, "share of municipalities reporting some reduction", large],
            "value": [0.7, 0.4, 0.9, 0.1],
        }
    )
    assert evidence.groups_at_least(rows).tolist() == [18.0, 0.2, 0.4]


def tempted(shapley_with_loss: float) -> pd.DataFrame:
    rules = ("residents", "own_cost", "shapley")
    return pd.DataFrame(
        [
            *(
                ("as_run", rule, leaves)
                for rule, leaves in zip(rules, (1.0, 0.004, 0.0), strict=True)
            ),
            *(
                ("with_coordination", rule, leaves)
                for rule, leaves in zip(rules, (1.0, 0.9, shapley_with_loss), strict=True)
            ),
        ],
        columns=["variant", "rule", "coalition_leaves_share"],
    )


@pytest.mark.parametrize("lang", LANGS)
def test_a15_nobody_leaves_under_shapley_is_a_theorem_until_the_loss_is_counted(lang):
    words = {lang: {"rivals_sharing": message("12_findings", "rivals_sharing", lang)}}
    plain = {
        lang: {
            "rivals_sharing": own["rivals_sharing"]
            .replace(":share}", "}")
            .format_map(Municipality())
        }
        for lang, own in words.items()
    }
    both = dict.fromkeys(LANGS, plain[lang])
    said = findings._wards_that_leave(tempted(0.92), both)[lang]
    assert "92%" in said
    # tempting: the zero of the game without the loss, printed as if it had been found
    assert "0%" not in said.replace("100%", "").replace("90%", "")


class Municipality(dict):
    """Fills the noun and leaves every other placeholder as it stands."""

    def __missing__(self, name: str) -> str:
        return "wards" if name.startswith("municipalit") else f"{{{name}}}"


@pytest.mark.parametrize("lang", LANGS)
def test_a21_the_nation_with_its_prefectures_is_not_the_wards(lang):
    answer = message("12_findings", "answer_outturn", lang)
    assert (
        "{local_governments_on_time_share:share}" in answer
        and "{wards_with_late_systems:" in answer
    )
    assert ("prefectures included" if lang == "en" else "都道府県を含む全国") in answer


def test_a11_no_guide_says_which_way_delay_moves_the_present_value():
    text = (ROOT / "docs" / "methods" / "06_schedule.md").read_text(encoding="utf-8")
    assert "raises a negative present value" not in text and "falls with delay" not in text
    assert "Which of\nthem weighs more is the run's to say (table `delay`)" in text


def recorded() -> list[tuple[str, ast.Call]]:
    """Every headline result that a notebook records, with the name of its step."""
    found = []
    for step in STUDY.steps:
        text = (ROOT / "notebooks" / f"{step.name}.ipynb").read_text(encoding="utf-8")
        for cell in json.loads(text)["cells"]:
            if cell["cell_type"] == "code":
                found += [
                    (step.name, call)
                    for call in ast.walk(ast.parse("".join(cell["source"])))
                    if isinstance(call, ast.Call) and ast.unparse(call.func) == "run.result"
                ]
    return found


def test_a7_the_range_over_a_few_readings_is_not_called_p10_to_p90():
    """A lowest and a highest value are no percentiles, whatever the page says at its top."""
    calls = recorded()
    assert len(calls) > 30
    for name, call in calls:
        ends = [ast.unparse(part) for part in (*call.args[4:6], *(k.value for k in call.keywords))]
        if any(
            end.endswith((".min()", ".max()")) or end.startswith(("min(", "max(")) for end in ends
        ):
            kind = step_named(name).interval_of(call.args[0].value)
            assert kind != "draws", (name, call.args[0].value)


def test_a7_every_interval_is_of_a_kind_that_has_a_name():
    for step in STUDY.steps:
        assert {kind for _, kind in step.intervals} <= set(INTERVALS)
        assert {result for result, _ in step.intervals} <= set(step.results)


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("ja", "2倍～3倍（対立する読み方）"),
        ("en", "2 times to 3 times (rival readings)"),
    ],
)
def test_a7_an_answer_says_of_what_its_interval_is(lang, said):
    head = pd.Series({"low": 2.0, "high": 3.0, "unit": "ratio", "interval": "rivals"})
    assert findings._interval(head, lang) == said
    none = pd.Series({"low": None, "high": None, "unit": "ratio", "interval": None})
    assert "（" not in findings._interval(none, lang) and "(" not in findings._interval(none, lang)


def test_a6_the_claim_of_a_half_is_printed_as_a_half():
    """Tempting: to solve the claim without the premium and to take the premium off afterwards."""
    plan, draws = a_plan(), joint_draws(10)
    draws["claimed_saving"] = 0.5
    phi = plan.fixed_shares(draws)
    rows = consolidation.scale_model_summary(plan, phi, draws).set_index("scale_model")
    assert (plan.premiums(draws).mean() > 0).any()
    assert rows.loc["source_report", "pooled_saving_share_p50"] == pytest.approx(0.5)
    shares = plan.spend_shares(draws)
    taken_off = plan.group_savings(phi["joint_cloud"], draws) - plan.premiums(draws)
    assert rows.loc["joint_cloud", "pooled_saving_share_p50"] == pytest.approx(
        float((shares * taken_off).sum(axis=1).median()), abs=1e-3
    )


def test_a30_no_page_prints_a_placeholder_beside_the_name_of_a_real_ward():
    """Suppliers and contract ends are dealt in turn: the file has them, no page does."""
    fields = {field.name: field for field in result_contracts()["platform_members"].fields}
    for name in ("supplier_family", "contract_end", "changes_supplier", "contract_gap_years"):
        assert fields[name].hidden, name


def test_a12_a_window_of_years_is_not_called_a_life():
    """Core systems run for some six of the years appraised, on assets written off over ten."""
    for path in [*(ROOT / "notebooks" / "words").glob("*.md"), *STUDY.chapters.glob("*/*.yaml")]:
        text = path.read_text(encoding="utf-8").lower()
        for word in ("whole life", "whole-life", "its life", "plan's life", "全期間"):
            assert word not in text, (path.name, word)


def test_a28_a_title_speaks_of_the_baseline_that_its_condition_looks_at():
    assert "どちらの基準額" not in message("12_findings", "distance", "ja", TITLE)


@pytest.mark.parametrize("lang", LANGS)
def test_a23_a_forecast_and_an_estimate_are_not_called_an_outcome(lang):
    """One "actual" is a forecast of 2019, another an estimate: later figures, not endings."""
    words = Words.of(ROOT, "08_outturn")["reference-classes"][lang].parts()
    assert "ended worse" not in words[TITLE] and "悪く終わった" not in words[TITLE]
    assert ("forecasts or estimates" if lang == "en" else "見込みや推計") in words[SUBTITLE]
