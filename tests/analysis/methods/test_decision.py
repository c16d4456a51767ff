"""Options weighed under unknown scores and weights: a published example, exact areas, hand
arithmetic, refusals.

The published example is the office that Goodwin & Wright choose (Decision Analysis for Management
Judgment, 3rd ed. 2004, chapter 3): swing weights, the additive value of the offices, and the weight
at which another office takes the lead.
"""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.methods import decision

# closeness to customers, visibility, image; size, comfort, car parking
SWINGS = np.array([100, 80, 70, 30, 20, 10])
OFFICES = {
    "Addison Square": [100, 60, 100, 75, 0, 90],
    "Carlisle Walk": [80, 70, 0, 0, 10, 100],
    "Elton Street": [40, 60, 90, 100, 60, 70],
    "Gorton Square": [60, 100, 20, 50, 50, 80],
}
VALUES = np.array(list(OFFICES.values()), dtype=float)
ADDISON, CARLISLE, ELTON, GORTON = range(4)


def turnover_and_conditions():
    """The two branches of the value tree: each office's value on turnover and on working
    conditions.
    """
    return np.c_[
        VALUES[:, :3] @ SWINGS[:3] / SWINGS[:3].sum(), VALUES[:, 3:] @ SWINGS[3:] / SWINGS[3:].sum()
    ]


def area(corners):
    """Area of a polygon by the shoelace formula."""
    x, y = np.array(corners).T if len(corners) else (np.zeros(1), np.zeros(1))
    return abs(x @ np.roll(y, 1) - y @ np.roll(x, 1)) / 2


def clipped(corners, gain):
    """The part of a polygon of weights (w1, w2) in which the linear function ``gain`` of (w1, w2, 1
    - w1 - w2) is not negative.
    """
    kept = []
    for one, other in pairwise([*corners, *corners[:1]]):
        here, there = (gain @ np.r_[point, 1 - sum(point)] for point in (one, other))
        kept += [one] * int(here >= 0) + [one + (other - one) * here / (here - there)] * int(
            here * there < 0
        )
    return kept


def first_ranks_by_area(scores):
    """Share of all weightings of three criteria under which each option is the best: no sample, the
    polygons themselves.
    """
    shares = []
    for option in range(len(scores)):
        polygon = [np.array(corner, float) for corner in ([0, 0], [1, 0], [0, 1])]
        for other in np.delete(np.arange(len(scores)), option):
            polygon = clipped(polygon, scores[option] - scores[other])
        shares.append(2 * area(polygon))
    return shares


def sampled(scores, samples=40_000, **more):
    return decision.sampled_together(scores, scores, samples, seed=1, **more)


# --- published


def test_additive_value_of_the_offices_of_goodwin_and_wright():
    weights = (100 * SWINGS / SWINGS.sum()).round()
    assert weights.tolist() == [32, 26, 23, 10, 6, 3]
    values = decision.overall_values(VALUES[None], weights[None] / 100)[0]
    assert values[[ADDISON, CARLISLE, GORTON]] == pytest.approx([80.8, 47.4, 60.2])


def test_the_weight_on_turnover_at_which_the_offices_of_goodwin_and_wright_change_places():
    branches = turnover_and_conditions()
    # at a weight of 100 and of 0 on turnover
    assert branches[ELTON] == pytest.approx([60.4, 81.7], abs=0.04)
    first, second = decision.leaders_by_weight(branches, [0.81, 0.19], criterion=0)
    # and no other office on any weight
    assert (first.leaders, second.leaders) == ((ELTON,), (ADDISON,))
    assert 100 * first.stop == 100 * second.start == pytest.approx(52.1, abs=0.05)
    # "always has higher-valued benefits"
    assert (branches[GORTON] > branches[CARLISLE]).all()


def test_acceptability_of_the_offices_is_the_length_on_which_each_leads():
    # SMAA-2 on the two branches: an even weight on turnover lies below 52.1 % in 52.1 % of the
    # samples
    scores, weights = sampled(turnover_and_conditions())
    values = decision.overall_values(scores, weights)
    first = decision.rank_acceptability(values)[:, 0]
    assert first == pytest.approx([0.479, 0, 0.521, 0], abs=0.008)


# --- exact areas


@pytest.mark.parametrize("seed", range(5))
def test_first_ranks_are_the_areas_of_the_weightings_that_give_them(seed):
    scores = np.random.default_rng(seed).uniform(0, 10, (5, 3))
    exact = first_ranks_by_area(scores)
    assert sum(exact) == pytest.approx(1)
    found = decision.rank_acceptability(decision.overall_values(*sampled(scores)))[:, 0]
    assert found == pytest.approx(exact, abs=0.012)


@pytest.mark.parametrize("criteria", [2, 3, 5])
def test_options_that_are_best_in_one_criterion_each_share_the_first_rank(criteria):
    values = decision.overall_values(*sampled(np.eye(criteria)))
    assert decision.rank_acceptability(values) == pytest.approx(
        np.full((criteria, criteria), 1 / criteria), abs=0.015
    )


# --- sampling


def test_weights_are_even_over_all_weightings():
    # tempting and wrong: three even numbers divided by their sum; one weighs more than a half in 1
    # of 6 samples, not in 1 of 4
    _, weights = sampled(np.zeros((1, 3)))
    assert (weights[:, 0] > 0.5).mean() == pytest.approx(0.25, abs=0.01)
    divided = np.random.default_rng(1).uniform(size=(40_000, 3))
    assert (divided[:, 0] > divided[:, 1:].sum(axis=1)).mean() == pytest.approx(1 / 6, abs=0.01)


@given(st.integers(1, 8), st.floats(0, 1), st.integers(0, 99))
def test_every_weighting_has_the_floor_and_sums_to_one(criteria, part, seed):
    floor = part / criteria
    _, weights = decision.sampled_together(
        np.zeros((2, criteria)), np.ones((2, criteria)), 20, seed, floor
    )
    assert (weights >= floor - 1e-12).all() and weights.sum(axis=1) == pytest.approx(np.ones(20))


def test_scores_stay_within_their_ranges_and_are_drawn_anew_for_each_option():
    low, high = np.array([[0, 5.0], [2, 2]]), np.array([[1, 5.0], [4, 9]])
    scores, _ = decision.sampled_together(low, high, 4000, seed=2)
    assert (scores >= low).all() and (scores <= high).all()
    assert scores.mean(axis=0) == pytest.approx((low + high) / 2, abs=0.1)
    assert abs(np.corrcoef(scores[:, 0, 0], scores[:, 1, 0])[0, 1]) < 0.05


# --- ranks and ties

SCORES = st.integers(0, 999).map(lambda seed: np.random.default_rng(seed).uniform(0, 10, (4, 3)))


@given(SCORES, st.permutations(range(4)), st.lists(st.floats(-50, 50), min_size=3, max_size=3))
def test_ranks_follow_the_options_and_know_no_origin_of_a_scale(scores, order, shift):
    values = decision.overall_values(*sampled(scores, 200))
    table = decision.rank_acceptability(values)
    assert table.sum(axis=1) == pytest.approx(np.ones(4))
    assert decision.rank_acceptability(values[:, order]) == pytest.approx(table[order])
    assert decision.rank_acceptability(
        decision.overall_values(*sampled(scores + shift, 200))
    ) == pytest.approx(table)


@given(SCORES)
def test_an_option_that_is_worse_in_everything_never_comes_first(scores):
    worse = np.vstack([scores, scores[0] - 0.1])
    ahead = decision.shares_ahead(decision.overall_values(*sampled(worse, 200)))
    assert (
        ahead[0, 4] == 1
        and decision.rank_acceptability(decision.overall_values(*sampled(worse, 200)))[4, 0] == 0
    )


def test_two_options_alike_are_both_first_and_nobody_second():
    # tempting and wrong: to order them by their place in the table
    assert decision.ranks([[7.0, 7.0 + 1e-12, 5.0]]).tolist() == [[1, 1, 3]]


def test_an_option_ahead_in_exactly_the_decisive_share_is_still_tied():
    values = np.repeat([[1.0, 0.0], [0.0, 1.0]], [6, 4], axis=0)
    assert decision.tied(values, 0.6).tolist() == [[False, True], [True, False]]
    assert not decision.tied(values, 0.59).any()


@given(SCORES, st.integers(0, 2))
def test_stretches_of_weight_name_who_leads_in_their_middle(scores, criterion):
    weights = np.array([0.5, 0.3, 0.2])
    stretches = decision.leaders_by_weight(scores, weights, criterion)
    assert stretches[0].start == 0 and stretches[-1].stop == 1
    assert all(
        one.stop == other.start and one.leaders != other.leaders
        for one, other in pairwise(stretches)
    )
    for start, stop, leaders in stretches:
        moved = weights * (1 - (start + stop) / 2) / (1 - weights[criterion])
        moved[criterion] = (start + stop) / 2
        assert np.argmax(scores @ moved) in leaders


# --- refusals


def test_what_is_neither_met_nor_unmet_is_refused_with_every_cell():
    meets = pd.DataFrame(
        {"contracts": [True, None], "employs": ["perhaps", False]}, index=["foundation", "council"]
    )
    with pytest.raises(ValueError, match="foundation employs, council contracts"):
        decision.lacking(meets)


@pytest.mark.parametrize(
    ("low", "high", "floor", "complaint"),
    [
        ([[0, 1]], [[1]], 0, r"not \(1, 2\) and \(1, 1\)"),
        ([0, 1], [1, 2], 0, r"\(options, criteria\), not \(2,\)"),
        ([[2, 0], [0, 3]], [[1, 1], [1, 2]], 0, "option 0 criterion 0, option 1 criterion 1"),
        ([[np.nan, 0]], [[1, 1]], 0, "option 0 criterion 0"),
        ([[0, 0]], [[1, 1]], 0.6, r"lies in 0..0.5, not 0.6"),
        ([[0, 0]], [[1, 1]], -0.1, r"not -0.1"),
    ],
)
def test_ranges_and_floors_that_are_none_are_refused(low, high, floor, complaint):
    with pytest.raises(ValueError, match=complaint):
        decision.sampled_together(low, high, 10, 1, floor)


@pytest.mark.parametrize(
    ("scores", "weights", "complaint"),
    [
        ([[1.0, 2.0]], [[0.5, 0.5]], r"do not fit: \(1, 2\)"),
        ([[[1.0, 2.0]]], [[1.0]], r"weights \(1, 1\) do not fit"),
        (
            [[[1.0, 2.0]]] * 3,
            [[0.5, 0.5], [0.7, 0.7], [1.2, -0.2]],
            "2 samples do not, the first 1",
        ),
    ],
)
def test_scores_and_weights_that_do_not_fit_are_refused(scores, weights, complaint):
    with pytest.raises(ValueError, match=complaint):
        decision.overall_values(scores, weights)


@pytest.mark.parametrize("decisive", [0.49, 1.01])
def test_a_share_that_decides_nothing_or_never_is_refused(decisive):
    with pytest.raises(ValueError, match=f"0.5..1, not {decisive}"):
        decision.tied([[1.0, 2.0]], decisive)


def test_a_weight_that_is_all_there_is_cannot_be_varied():
    with pytest.raises(ValueError, match="beside criterion 1, none has any weight"):
        decision.leaders_by_weight([[1.0, 2.0]], [0, 1], criterion=1)
