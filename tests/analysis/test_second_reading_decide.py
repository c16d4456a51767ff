"""What chapters 9, 11 and 12 must say alike: one choice, one flip weight, one value of knowing, and
no ranking of municipalities that rests on one driver (lines 1, 2, 3, 16 and 25).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.chapters.decision import formulas as decision
from analysis.chapters.decision import wards, worth_knowing
from analysis.chapters.findings.chapter import CHAPTER as FINDINGS
from analysis.chapters.findings.quantities import QUANTITIES
from analysis.chapters.schedule.chapter import CHAPTER as SCHEDULE
from analysis.methods import calibration

DRAWS = 4096


def even(draws=DRAWS):
    return np.full(draws, 1 / draws)


def normal(draws=DRAWS, seed=5):
    return np.random.default_rng(seed).normal(size=draws)


def test_a3_chapter_12_takes_its_decision_from_chapter_9_alone():
    assert {"decision_options", "decision_advice", "decision_learning"} <= set(FINDINGS.reads)
    assert "evppi" not in FINDINGS.reads
    # the options of chapter 6 are there for the table of correspondences, as second values
    from_six = [
        cell for cells in QUANTITIES.values() for cell in cells if cell.table == "decisions"
    ]
    assert from_six and all(cell.differs for cell in from_six)
    assert not {"model_turns", "model_worth", "learning_by_input"} & set(SCHEDULE.writes)


def test_a25_the_decision_its_margin_and_its_flip_weight_have_a_headline():
    for quantity, result in (
        ("decision", "decision_value"),
        ("margin", "decision_margin"),
        ("flip_weight", "decision_flip_weight"),
    ):
        head = QUANTITIES[quantity][0]
        assert (head.table, head.column, head.differs) == ("results", result, ())


def test_a2_the_weight_that_flips_is_one_however_it_is_asked_for():
    rng = np.random.default_rng(2)
    for _ in range(200):
        own, claim = rng.normal(size=(2, 5)) + np.array([[0.0] * 5, [0, 0, 1, 2, 3]])
        means = pd.DataFrame([own, claim], ["joint_cloud", "source_report"], list("abcde"))
        stretches = decision.claim_stretches(means.iloc[0], means.iloc[1])
        turn = worth_knowing.model_turns(means, "joint_cloud", 0.0).iloc[0]
        if len(stretches) == 1:
            assert np.isnan(turn["flip_weight"])
        else:
            assert turn["flip_weight"] == pytest.approx(stretches["to_weight"].iloc[0])
            assert turn["option"] == stretches["option"].iloc[1]


def test_a2_a_rival_scale_model_moves_what_pools_and_nothing_else():
    options = ("stay", "widened", "shared_internal", "report_plan")
    components = {
        model: {
            option: pd.DataFrame({"buying": [1.0, 3.0], "pooling": [pooled, pooled]})
            for option in options
        }
        for model, pooled in (("joint_cloud", 10.0), ("source_report", 50.0))
    }
    terms = decision.Terms(2026.0, 1, 0.0, np.zeros(2), True, {})  # one year: a sum is its level
    means = decision.means_by_model(components, "joint_cloud", even(2), terms)
    assert means.loc["joint_cloud"].tolist() == [12.0] * 4
    assert means.loc["source_report"].tolist() == [12.0, 12.0, 52.0, 52.0]


def test_a1_knowing_is_worth_what_it_changes_under_the_weights_of_the_outturn():
    """Of nothing or m + X, X normal: s phi(m/s) + m Phi(m/s) - max(m, 0) (Raiffa and Schlaifer).
    Weights that turn the draws of a standard normal into those of mean 1 give m = 1.
    """
    x, noise = normal(2**15, 3), normal(2**15, 4)
    weights = calibration.importance_weights(x)  # density of mean 1 over that of mean 0, but for e
    values = pd.DataFrame({"stay": 0.0, "move": x})
    known = pd.DataFrame({"x": x, "noise": noise})
    equal = worth_knowing.equally(weights, values, known)
    table = worth_knowing.learning_table(*equal, {"scale": ["x"], "time": ["noise"]})
    worth = table.set_index("learned")["knowing_jpy"]
    exact = 0.24197 + 0.84134 - 1.0
    assert worth["everything"] == pytest.approx(exact, abs=0.01)
    assert worth["scale"] == pytest.approx(exact, abs=0.03)
    # tempting: the draws as they are, of which knowing is worth phi(0)
    assert worth["scale"] < 0.5 * 0.39894
    # what does not enter is not told from nothing
    assert worth["time"] == 0
    alone = worth_knowing.learning_by_input(*equal, ["noise", "x"])
    assert alone["input"].tolist() == ["x", "noise"] and alone["knowing_jpy"].iloc[1] == 0


def test_equal_draws_keep_every_mean_of_the_weighted_ones():
    values = normal()
    weights = np.exp(-0.5 * (values - 1) ** 2)
    rows = calibration.equal_draws(weights)
    assert values[rows].mean() == pytest.approx(
        calibration.weighted_mean(values, weights), abs=0.01
    )
    assert (np.diff(rows) >= 0).all() and len(rows) == DRAWS
    with pytest.raises(ValueError, match="1 weights are below zero"):
        calibration.equal_draws([1.0, -1.0])


def test_the_error_of_a_median_is_that_of_the_normal():
    # the median of n normal draws has an error of 1.2533 / sqrt(n)
    found = [decision.error_of_median(normal(seed=seed), even()) for seed in range(40)]
    assert np.mean(found) == pytest.approx(1.2533 / np.sqrt(DRAWS), rel=0.1)


def test_a16_a_gain_is_shown_over_every_driver_and_who_loses_under_one_counts():
    parts = pd.DataFrame({"buying": np.full(64, 100.0), "agency": np.full(64, -40.0)})
    parts = parts.assign(fee=0.0, moving=0.0)
    terms = decision.Terms(2026.0, 1, 0.0, np.zeros(64), True, {})
    people = np.array([50.0, 50.0])
    splits = [np.full((64, 2), share) for share in ((0.5, 0.5), (0.9, 0.1))]
    (own, paid), (rival, _) = (wards.gains_by_draw(parts, one, people, terms) for one in splits)
    members = pd.DataFrame({"code": ["a", "b"], "residents": [50, 50]})
    table = wards.ward_table(members, own, paid, even(64), 0.0, [rival])
    # 50 - 20 each; by the other driver 90 - 20 and 10 - 20
    assert table["gain_p50_jpy"].tolist() == [30.0, 30.0]
    assert table["gain_driver_low_jpy"].tolist() == [30.0, -10.0]
    assert table["gain_driver_high_jpy"].tolist() == [70.0, 30.0]
    # tempting: nobody loses, because nobody does as drawn
    assert [wards.losing(gain, even(64)) for gain in (own, rival)] == [0, 1]
