"""Chapter 12 repeats the chapters' results and adds nothing."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.chapters.findings import formulas as findings
from analysis.groups import SPECIAL_WARDS
from workbook.steps import step_named
from workbook.words.filling import words_of_tables
from workbook.words.messages import Words

ROOT = Path(__file__).parents[4]
STEP = step_named("findings")
WORDS = words_of_tables(Words.of(ROOT, STEP.name), STEP.table_words, SPECIAL_WARDS)


def headlines(**values):
    ids = sorted(findings._named_results(WORDS) | set(findings.SHARING.values()))
    frame = pd.DataFrame(
        {
            "value": 0.25,
            "low": 0.125,
            "high": 0.5,
            "interval": "draws",
            "unit": "share",
            "standing": "modelled",
            "exhibit": "1.1",
            "reason": None,
        },
        index=ids,
    )
    for result, value in values.items():
        frame.loc[result, ["value", "low", "high"]] = value
    return frame


def test_every_answer_carries_its_results_number_in_both_languages():
    answers = findings.answers(
        headlines(target_ratio_p50=[0.375, 0.2, 0.625]), {}, WORDS
    ).set_index("result_id")
    assert (
        "38%" in answers.loc["target_ratio_p50", "answer_ja"]
        and "38%" in answers.loc["target_ratio_p50", "answer_en"]
    )
    assert answers.loc["target_ratio_p50", "interval_en"] == "20% to 62% (P10 to P90)"
    assert len(answers) == len(findings.QUESTIONS) <= 8


def test_an_undefined_result_gives_its_reason_not_a_number():
    frame = headlines(npv_whole_life=[np.nan, np.nan, np.nan])
    frame.at["npv_whole_life", "reason"] = {"ja": "届かない", "en": "never met"}
    answers = findings.answers(frame, {}, WORDS).set_index("result_id")
    assert answers.loc["npv_whole_life", "answer_en"] == "Undefined: never met."
    assert answers.loc["npv_whole_life", "interval_ja"] == "–"


def test_a_saving_below_zero_is_not_called_a_saving():
    answers = findings.answers(
        headlines(pooled_saving_share=[-0.5, -1.0, 0.25]), {}, WORDS
    ).set_index("result_id")
    assert answers.loc["pooled_saving_share", "answer_en"].startswith("Nothing")
    assert "費用は減らない" in answers.loc["pooled_saving_share", "answer_ja"]


@pytest.mark.parametrize(
    ("result", "value", "begins"),
    [
        ("target_ratio_p50", 1.2, "Yes"),
        (
            "target_ratio_p50",
            0.3,
            "No, not in the median: the net",
        ),  # tempting: "30 %" alone is no answer
        ("target_ratio_p50", -0.1, "No, not in the median: once all"),
        ("npv_whole_life", 3.0, "Yes"),
        ("npv_whole_life", -3.0, "No"),
        ("ward_to_national_ratio", 1.5, "Yes"),
        ("ward_to_national_ratio", 0.5, "No"),
        ("probability_by_fy2025", 0.6, "Probably:"),
        ("probability_by_fy2025", 0.4, "Probably not"),
    ],
)
def test_an_answer_answers_its_question(result, value, begins):
    answers = findings.answers(headlines(**{result: value}), {}, WORDS).set_index("result_id")
    assert answers.loc[result, "answer_en"].startswith(begins)


@pytest.mark.parametrize(("own", "begins"), [(0.125, "In proportion"), (1.0, "By residents")])
def test_the_answer_on_sharing_names_the_rule_that_fewer_would_leave(own, begins):
    tempted = pd.DataFrame(
        {
            "variant": ["as_run", "as_run", "with_coordination"],
            "rule": ["residents", "own_cost", "own_cost"],
            "coalition_leaves_share": [1.0, own, 0.0],
        }
    )
    sides = {"sharing": findings.sharing_side(tempted)}
    answers = findings.answers(headlines(), {}, WORDS, sides).set_index("result_id")
    said = answers.loc["municipalities_worse_off_per_resident", "answer_en"]
    assert said.startswith(begins)


def test_results_that_no_chapter_recorded_are_all_named():
    with pytest.raises(ValueError, match="finish_p50, scale_elasticity"):
        findings.answers(headlines().drop(index=["finish_p50", "scale_elasticity"]), {}, WORDS)


def test_no_sentence_types_a_number_of_its_own():
    sentences = [
        re.sub(r"{\w+}|P95", "", text)
        for own in WORDS.values()
        for key, text in own.items()
        if key.startswith("answer_")
    ]
    typed = [text for text in sentences if any(letter.isdigit() for letter in text)]
    assert not typed


def test_rivals_stand_beside_where_evidence_is_contested():
    models = pd.DataFrame(
        {"scale_model": findings.RIVAL_MODELS, "pooled_saving_share_p50": [-0.04, 0.07, 0.45]}
    )
    readings = pd.DataFrame(
        {
            "baseline": "implied",
            "reading": ["net", "net", "net"],
            "scale_model": findings.RIVAL_MODELS,
            "target_ratio_p50": [-0.2, 0.1, 0.7],
        }
    )
    wards = pd.DataFrame(
        {"baseline": ["implied", "mayors_2020"], "ratio": [2.0, 3.0], "in_use": [True, False]}
    )
    tempted = pd.DataFrame(
        {
            "variant": ["as_run"] * 3 + ["with_coordination"] * 2,
            "rule": ["residents", "own_cost", "shapley", "own_cost", "shapley"],
            "coalition_leaves_share": [1.0, 0.125, 0.0, 0.75, 0.9],
        }
    )
    rivals = findings.rival_answers(
        models, readings, wards, tempted, "joint_cloud", "implied", WORDS
    )
    # tempting: the run's own reading among its rivals
    assert (
        "7%" not in rivals["pooling"]["en"]
        and "45%" in rivals["pooling"]["en"]
        and "−4%" in rivals["pooling"]["ja"]
    )
    assert "70%" in rivals["target"]["en"] and rivals["cost_level"]["ja"].endswith("3倍")
    # tempting: the zero of the Shapley value without the loss, which is a theorem
    assert "own cost 12%; with the coordination loss" in rivals["sharing"]["en"]
    assert "own cost 75%, by Shapley value 90%" in rivals["sharing"]["en"]
    assert "シャープレイ値90%" in rivals["sharing"]["ja"] and "0%、" not in rivals["sharing"]["en"]


def test_scenarios_of_another_answer_are_left_out():
    own = headlines()
    rows = (
        own.rename(columns={"low": "p10", "value": "p50", "high": "p90"})
        .rename_axis("result_id")
        .reset_index()[["result_id", "p10", "p50", "p90"]]
    )
    table = pd.concat(
        [rows.assign(scenario="baseline"), rows.assign(scenario="kind", p50=7.0)], ignore_index=True
    )
    assert (
        findings.of_this_answer(table, own) is table and findings.of_this_answer(None, own) is None
    )
    # tempting: to look at the medians alone, or to take last week's baseline for this one
    for column in ("low", "value", "high"):
        moved = own.copy()
        moved.loc["npv_whole_life", column] = 12345.0
        assert findings.of_this_answer(table, moved) is None
    assert findings.of_this_answer(table[table["result_id"] != "npv_whole_life"], own) is None


def test_scenarios_stand_in_their_order_and_this_run_alone_until_they_have_run():
    rows = [
        (name, result, shift + value)
        for shift, name in enumerate(("baseline", "kind"))
        for result, value in (
            ("target_ratio_p50", 0.1),
            ("npv_whole_life", 5.0),
            ("probability_by_fy2025", 0.25),
            ("municipalities_worse_off_per_resident", 9.0),
            ("most_tempted_excess", 3.0),
            ("largest_shapley_share", 0.2),
            ("participants_only_saving", 2.0),
        )
    ]
    gathered = pd.DataFrame(rows, columns=["scenario", "result_id", "p50"]).assign(p10=0.0, p90=9.0)
    table = findings.scenario_comparison(gathered, headlines())
    assert table["scenario"].tolist() == ["baseline", "kind"] and table[
        "target_ratio_p50"
    ].tolist() == [0.1, 1.1]
    assert table["worse_off_p50"].tolist() == [9.0, 10.0] and table["worse_off_p90"].tolist() == [
        9.0,
        9.0,
    ]
    assert table["most_tempted_excess_jpy"].tolist() == [3.0, 4.0] and table[
        "participants_only_saving_jpy"
    ].tolist() == [2.0, 3.0]
    alone = findings.scenario_comparison(None, headlines(npv_whole_life=[3.0, 1.0, 4.0]))
    assert alone["scenario"].tolist() == ["this_run"] and alone["npv_p50_jpy"].tolist() == [3.0]


def marks(high):
    return pd.DataFrame(
        {
            "kind": ["target", "saving", "saving"],
            "name": ["target", "joint_cloud", "source_report"],
            "value_jpy": [100.0, 40.0, 100.0],
            "high_jpy": [101.0, high, 110.0],
        }
    )


def test_the_claims_own_reading_is_no_evidence_that_the_target_is_met():
    # the claim reaches it, by construction
    assert findings.evidence_falls_short(marks(high=90.0))
    assert not findings.evidence_falls_short(marks(high=100.0))


def test_the_distance_shows_only_the_runs_own_baseline():
    readings = pd.DataFrame(
        {
            "baseline": ["implied", "mayors_2020"],
            "scale_model": "joint_cloud",
            "reading": "net",
            "saving_p10_jpy": 1.0,
            "saving_p50_jpy": [2.0, 3.0],
            "saving_p90_jpy": 4.0,
        }
    )
    baselines = pd.DataFrame(
        {
            "baseline": ["implied", "mayors_2020"],
            "total_5y_jpy": [332.0, 400.0],
            "low_5y_jpy": [301.0, np.nan],
            "high_5y_jpy": [369.0, np.nan],
        }
    )
    target = pd.DataFrame({"value": [166.0], "low": [165.5], "high": [166.5]})
    table = findings.distance(readings, baselines, target, "mayors_2020", 5)
    assert table.loc[table["kind"] == "saving", "value_jpy"].tolist() == [3.0]
    assert table.loc[
        table["name"] == "mayors_2020", ["low_jpy", "high_jpy"]
    ].to_numpy().tolist() == [[400.0, 400.0]]
    longer = findings.distance(readings, baselines, target * 2, "mayors_2020", 10)
    # by hand: twice the years, twice the cost; tempting: five-year bars beside ten-year savings
    assert longer["value_jpy"].tolist() == [664.0, 800.0, 332.0, 3.0]
    assert longer["low_jpy"].tolist() == [602.0, 800.0, 331.0, 1.0]
