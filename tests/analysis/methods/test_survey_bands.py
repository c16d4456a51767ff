"""Bands of a survey by hand, and the two typical municipalities of a bin under hypothesis."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.methods.survey_bands import moment_weights, published_moments, size_nodes

BINS = pd.DataFrame(
    {
        "residents_from": [0, 1_000, 5_000],
        "residents_below": [1_000, 5_000, 9_000],
        "municipalities": [3, 2, 1],
        "residents": [1_500, 6_000, 8_000],
    }
)
KINDS = {"mean_cost": "mean", "band_total": "total"}


def survey(*rows):
    return pd.DataFrame(rows, columns=["item", "scope", "value", "unit"])


def bin_of(sizes):
    return pd.DataFrame(
        {
            "municipalities": [len(sizes)],
            "residents": [sum(sizes)],
            "mean_log_residents": [np.log(sizes).mean()],
        }
    )


def weights(nodes, statistic, low=0.0, high=np.inf):
    moments = pd.DataFrame(
        {"statistic": [statistic], "residents_from": [low], "residents_below": [high]}
    )
    return moment_weights(pd.DataFrame(nodes, columns=["residents", "municipalities"]), moments)[0]


# --- hand arithmetic


def test_bands_are_read_from_the_survey_s_wording():
    read = published_moments(
        survey(
            ("mean_cost", "residents < 1,000 (3 municipalities)", 90, "JPY/resident/year"),
            ("mean_cost", "residents 1,000-5,000 (2 municipalities)", 40, "JPY/resident/year"),
            ("band_total", "residents >= 1,000 (3 municipalities)", 280_000, "JPY"),
        ),
        KINDS,
        BINS,
    )
    assert read["moment"].tolist() == ["mean_0_1000", "mean_1000_5000", "total_1000_inf"]
    assert read["residents"].tolist() == [1_500, 6_000, 14_000]
    assert read["per_resident"].tolist() == [90, 40, 20]


def test_other_items_of_the_survey_are_left_out():
    rows = survey(
        ("mean_cost", "residents < 1,000 (3 municipalities)", 90, "JPY"),
        ("groups", "cloud groups", 62, "group"),
    )
    assert len(published_moments(rows, KINDS, BINS)) == 1


def test_a_mean_counts_municipalities_and_a_total_counts_residents():
    nodes = [(100, 3), (1_000, 1)]
    assert weights(nodes, "mean").tolist() == [0.75, 0.25]
    assert weights(nodes, "total").tolist() == [300, 1_000]


def test_a_municipality_taken_out_leaves_its_band_and_no_other():
    nodes = [(100, 2), (1_000, 2), (1_000, -1)]
    assert weights(nodes, "total", low=500) @ np.ones(3) == 1_000
    assert weights(nodes, "mean", high=500).tolist() == [1, 0, 0]


def test_the_lower_edge_of_a_band_is_inside_and_the_upper_edge_is_not():
    assert weights([(1_000, 1), (5_000, 1)], "total", 1_000, 5_000).tolist() == [1_000, 0]


# --- the tempting wrong answer


def test_one_municipality_of_mean_size_understates_what_small_municipalities_cost():
    # Cost per resident F/N over sizes 1,000 and 4,000. Tempting: a single municipality of the mean
    # size 2,500.
    nodes = size_nodes(bin_of([1_000, 4_000]))
    mean_cost = (nodes["municipalities"] / nodes["residents"]).sum() / nodes["municipalities"].sum()
    assert mean_cost == pytest.approx((1 / 1_000 + 1 / 4_000) / 2)
    assert mean_cost > 1.5 / 2_500


# --- refusals


def test_every_band_whose_municipalities_differ_from_the_bins_is_named():
    rows = survey(
        ("mean_cost", "residents < 1,000 (4 municipalities)", 90, "JPY"),
        ("band_total", "residents >= 1,000 (3 municipalities)", 1, "JPY"),
        ("band_total", "residents < 5,000 (6 municipalities)", 1, "JPY"),
    )
    with pytest.raises(ValueError, match=r"mean_0_1000 \(4, not 3\), total_0_5000 \(6, not 5\)$"):
        published_moments(rows, KINDS, BINS)


def test_every_wording_that_is_not_understood_is_named():
    rows = survey(
        ("mean_cost", "villages", 90, "JPY"), ("mean_cost", "residents < 1,000", 1, "JPY")
    )
    with pytest.raises(ValueError, match="bands not understood: villages, residents < 1,000"):
        published_moments(rows, KINDS, BINS)


def test_bins_that_no_municipalities_can_fill_are_named():
    impossible = pd.DataFrame(
        {
            "municipalities": [2, 2, 2],
            "residents": [200, 150, 100],
            "mean_log_residents": np.log([100.0] * 3),
        }
    )
    with pytest.raises(ValueError, match=r"rows \[1, 2\]"):
        size_nodes(impossible)


def test_a_moment_without_a_municipality_is_named():
    with pytest.raises(ValueError, match=r"moments \[0\]"):
        weights([(100, 1)], "mean", low=500)


# --- invariance


@given(st.lists(st.floats(1, 4e6), min_size=1, max_size=30))
def test_two_typical_municipalities_keep_number_mean_and_mean_log(sizes):
    nodes = size_nodes(bin_of(sizes))
    assert nodes["municipalities"].sum() == len(sizes)
    assert (nodes["municipalities"] * nodes["residents"]).sum() == pytest.approx(
        sum(sizes), rel=1e-5
    )
    assert np.average(np.log(nodes["residents"]), weights=nodes["municipalities"]) == pytest.approx(
        np.log(sizes).mean(), abs=1e-9
    )
