"""Chapter 9 repeats the chapters' results and adds nothing."""

import numpy as np
import pandas as pd
import pytest

from analysis.charts.words.findings import WORDS
from analysis.study import findings


def headlines(**values):
    ids = sorted({result for _, *pair in findings.QUESTIONS for result in pair})
    frame = pd.DataFrame({"value": 0.25, "low": 0.125, "high": 0.5, "unit": "share", "standing": "modelled", "exhibit": "1.1", "reason": None}, index=ids)
    for result, value in values.items():
        frame.loc[result, ["value", "low", "high"]] = value
    return frame


def test_every_answer_carries_its_results_number_in_both_languages():
    answers = findings.answers(headlines(target_ratio_p50=[0.375, 0.2, 0.625]), WORDS).set_index("result_id")
    assert "38%" in answers.loc["target_ratio_p50", "answer_ja"] and "38%" in answers.loc["target_ratio_p50", "answer_en"]
    assert answers.loc["target_ratio_p50", "interval_en"] == "20% to 62%"
    assert len(answers) == len(findings.QUESTIONS) <= 8


def test_an_undefined_result_gives_its_reason_not_a_number():
    frame = headlines(switching_phi=[np.nan, np.nan, np.nan])
    frame.at["switching_phi", "reason"] = {"ja": "届かない", "en": "never met"}
    answers = findings.answers(frame, WORDS).set_index("result_id")
    assert answers.loc["switching_phi", "answer_en"] == "Undefined: never met."
    assert answers.loc["switching_phi", "interval_ja"] == "–"


def test_a_saving_below_zero_is_not_called_a_saving():
    answers = findings.answers(headlines(run_rate_saving=[-0.5, -1.0, 0.25]), WORDS).set_index("result_id")
    assert answers.loc["run_rate_saving", "answer_en"].startswith("Nothing")
    assert "節約は残らない" in answers.loc["run_rate_saving", "answer_ja"]


def test_results_that_no_chapter_recorded_are_all_named():
    with pytest.raises(ValueError, match="finish_p50, scale_elasticity"):
        findings.answers(headlines().drop(index=["finish_p50", "scale_elasticity"]), WORDS)


def marks(high):
    return pd.DataFrame({"kind": ["target", "saving", "saving"], "name": ["target", "joint_cloud", "source_report"],
                         "value_jpy": [100.0, 40.0, 100.0], "high_jpy": [101.0, high, 110.0]})


def test_the_claims_own_reading_is_no_evidence_that_the_target_is_met():
    assert findings.evidence_falls_short(marks(high=90.0))       # the claim reaches it, by construction
    assert not findings.evidence_falls_short(marks(high=100.0))


def test_the_distance_shows_only_the_runs_own_baseline():
    readings = pd.DataFrame({"baseline": ["implied", "mayors_2020"], "scale_model": "joint_cloud", "reading": "net",
                             "saving_p10_jpy": 1.0, "saving_p50_jpy": [2.0, 3.0], "saving_p90_jpy": 4.0})
    baselines = pd.DataFrame({"baseline": ["implied", "mayors_2020"], "total_5y_jpy": [332.0, 400.0],
                              "low_5y_jpy": [301.0, np.nan], "high_5y_jpy": [369.0, np.nan]})
    target = pd.DataFrame({"value": [166.0], "low": [165.5], "high": [166.5]})
    table = findings.distance(readings, baselines, target, "mayors_2020")
    assert table.loc[table["kind"] == "saving", "value_jpy"].tolist() == [3.0]
    assert table.loc[table["name"] == "mayors_2020", ["low_jpy", "high_jpy"]].to_numpy().tolist() == [[400.0, 400.0]]
