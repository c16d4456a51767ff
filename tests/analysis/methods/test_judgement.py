"""Pooled judgements: arithmetic by hand, the classical model against independent forms of it."""

from __future__ import annotations

from itertools import product
from math import erfc, exp, factorial, log, pi, sqrt

import numpy as np
import pytest

from analysis.methods.judgement import (
    calibration,
    information,
    linear_pool,
    nearest_triangle,
    performance_weights,
)
from analysis.methods.uncertainty import SHAPES

APART = [[0, 1, 2, 3, 4], [6, 7, 8, 9, 10]]


def chi_square_3_beyond(x):
    """The tail of chi-square with three degrees of freedom, in closed form."""
    return erfc(sqrt(x / 2)) + sqrt(2 * x / pi) * exp(-x / 2)


def test_the_quantiles_of_a_linear_pool_by_hand():
    """At 4 the first expert is certain and the second says an eighth (halfway to a quartile at 5):
    F(4) = (1 + 1/8) / 2.
    """
    pool = linear_pool([[0, 1, 2, 3, 4], [3, 5, 6, 7, 9]])
    at = dict(zip(pool.values.tolist(), pool.chances.tolist(), strict=True))
    assert at[4.0] == pytest.approx((1 + 1 / 8) / 2)
    assert pool.quantile(at[4.0]) == pytest.approx(4)
    assert pool.quantile([0, 1]).tolist() == [0, 9]


def test_the_mean_of_the_experts_quantiles_is_not_the_pool():
    """The tempting wrong answer is as narrow as one expert, though they disagree entirely."""
    wrong = np.mean(APART, axis=0)[[1, 3]]
    right = linear_pool(APART).quantile([0.25, 0.75])
    assert wrong.tolist() == [4, 6] and right.tolist() == [2, 8]


def test_weights_shift_the_pool_and_an_expert_without_weight_is_not_heard():
    assert linear_pool(APART, [1, 0]).quantile(0.5) == pytest.approx(2)
    assert linear_pool(APART, [3, 1]).quantile(0.375) == pytest.approx(2)


def test_the_order_of_experts_does_not_matter():
    rng = np.random.default_rng(1)
    rows = np.sort(rng.uniform(0, 1, (5, 5)), axis=1)
    turned = linear_pool(rows[::-1]).quantile([0.1, 0.5, 0.9])
    assert turned == pytest.approx(linear_pool(rows).quantile([0.1, 0.5, 0.9]))


@pytest.mark.parametrize("row", [[0, 2, 1, 3, 4], [0, 1, 1, 3, 4]])
def test_numbers_that_do_not_rise_are_refused(row):
    with pytest.raises(ValueError, match="must rise"):
        linear_pool([row])


def test_weights_that_weigh_nothing_are_refused():
    with pytest.raises(ValueError, match="not all zero"):
        linear_pool(APART, [0, 0])


# -- Cooke's classical model


def test_calibration_by_hand():
    """All four values above the upper quartile: I = ln 4, and 2 N I = 8 ln 4."""
    marks = [[[1, 2, 3]] * 4]
    assert calibration(marks, [4, 4, 4, 4]) == pytest.approx(chi_square_3_beyond(8 * log(4)))
    assert calibration(marks, [0, 1.5, 2.5, 4])[0] == 1


def test_a_value_on_a_quartile_counts_as_not_above_it():
    marks = [[[1, 2, 3]] * 4]
    on = calibration(marks, [1, 2, 3, 4])
    assert on == pytest.approx(1)


def test_calibration_is_nearly_the_exact_chance_of_missing_by_as_much():
    """Independent of chi-square: every way in which 24 seeds of a well calibrated expert can fall,
    with its multinomial chance.
    """
    seeds, hits = 24, (2, 8, 9, 5)

    def divergence(counts):
        return sum(n / seeds * log(4 * n / seeds) for n in counts if n)

    ways = [
        (*three, seeds - sum(three))
        for three in product(range(seeds + 1), repeat=3)
        if sum(three) <= seeds
    ]

    def chance(counts):
        ways_of = factorial(seeds)
        for n in counts:
            ways_of //= factorial(n)
        return ways_of / 4**seeds

    observed = divergence(hits)
    exact = sum(chance(way) for way in ways if divergence(way) >= observed - 1e-12)
    realised = np.repeat([0.5, 1.5, 2.5, 3.5], hits)
    scored = calibration([[[1, 2, 3]] * seeds], realised)[0]
    assert scored == pytest.approx(exact, abs=0.03)
    assert scored == pytest.approx(chi_square_3_beyond(2 * seeds * observed))


def test_information_by_hand():
    """Quartiles 1, 2, 3 and value 2 of one expert: the intrinsic range is 0.8 to 3.2, the gaps 0.2,
    1, 1 and 0.2.
    """
    expected = sum(0.25 * log(0.25 * 2.4 / gap) for gap in (0.2, 1, 1, 0.2))
    assert information([[[1, 2, 3]]], [2]) == pytest.approx(expected)


def test_information_does_not_depend_on_the_unit_and_rises_with_narrowness():
    marks = np.array([[[10, 20, 30]], [[19, 20, 21]]], dtype=float)
    wide, narrow = information(marks, [20.0])
    assert narrow > wide > 0
    assert information(1000 * marks, [20_000.0]) == pytest.approx([wide, narrow])


def test_weights_are_calibration_times_information():
    """Both narrow alike; the second misses every value upwards."""
    marks = np.array([[[1, 2, 3]] * 12, [[-9, -8, -7]] * 12], dtype=float)
    realised = np.tile([0.5, 1.5, 2.5, 3.5], 3)
    by_hand = calibration(marks, realised) * information(marks, realised)
    weights = performance_weights(marks, realised)
    assert weights == pytest.approx(by_hand / by_hand.sum())
    assert weights[0] > 0.999
    assert performance_weights(marks[::-1], realised) == pytest.approx(weights[::-1])


# -- the range that a run draws from


def test_a_triangle_comes_back_from_its_own_quantiles():
    """A pool of many narrow steps of one triangle has that triangle as its nearest."""
    own = SHAPES["triangular"](np.linspace(0.001, 0.999, 401), 2.0, 3.0, 8.0)
    pool = linear_pool([own[[0, 100, 200, 300, 400]]])
    assert nearest_triangle(pool) == pytest.approx((2, 3, 8), abs=0.6)


def test_the_nearest_triangle_keeps_the_mean_of_the_pool_unless_it_is_cut():
    pool = linear_pool([[0, 0.05, 0.1, 0.3, 0.9], [0.1, 0.2, 0.4, 0.5, 0.6]])
    mean = pool.quantile((np.arange(2000) + 0.5) / 2000).mean()
    assert sum(nearest_triangle(pool)) / 3 == pytest.approx(mean, abs=0.003)
    low, mode, high = nearest_triangle(pool, 0, 1)
    assert 0 <= low <= mode <= high <= 1


def test_a_pool_in_another_unit_has_its_triangle_in_that_unit():
    rows = np.array([[0, 1, 2, 4, 9], [1, 2, 5, 6, 7]], dtype=float)
    thousandfold = nearest_triangle(linear_pool(1000 * rows))
    assert thousandfold == pytest.approx(
        [1000 * end for end in nearest_triangle(linear_pool(rows))]
    )
