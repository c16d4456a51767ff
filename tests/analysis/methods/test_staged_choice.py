"""Stages against closed forms: a toy of two stages, and what must hold of any."""

from itertools import product

import numpy as np
import pytest
from scipy.special import ndtr
from scipy.stats import norm, qmc

from analysis.methods import staged_choice
from analysis.methods.staged_choice import Stage

DRAWS = 2**13
NORMAL = norm.ppf(qmc.Sobol(3, seed=7).random(DRAWS))
FLAT = np.ones(DRAWS)
NOTHING = np.zeros((DRAWS, 1))
UNKNOWN = np.zeros((DRAWS, 0))


def toy(first=-0.1, mean=-0.5, noise=1.0):
    """A first stage costs 0.1 and shows theta; the second is worth theta and noise."""
    theta = mean + NORMAL[:, 0]
    return [
        Stage(UNKNOWN, np.full(DRAWS, first), NOTHING),
        Stage(theta[:, None], theta + noise * NORMAL[:, 1], NOTHING),
    ]


def test_two_stages_reproduce_the_closed_form():
    found = staged_choice.bounds(toy(), FLAT)
    call = -0.5 * ndtr(-0.5) + norm.pdf(0.5)  # E max(0, theta)
    assert found.policy == pytest.approx(call - 0.1, abs=0.01)
    assert found.committed == 0.0  # tempting: to go by the mean, which never begins
    assert found.begun == pytest.approx((1.0, ndtr(-0.5)), abs=0.02)
    assert found.flexibility == pytest.approx(call - 0.1, abs=0.01)


def test_perfect_information_bounds_it_by_its_closed_form():
    total = np.sqrt(2.0)
    found = staged_choice.bounds(toy(first=0.0), FLAT)
    perfect = -0.5 * ndtr(-0.5 / total) + total * norm.pdf(0.5 / total)
    assert found.perfect == pytest.approx(perfect, abs=0.01) and found.policy < found.perfect


@pytest.mark.parametrize("first", [-2.0, -0.3, 0.0, 0.4])
@pytest.mark.parametrize("mean", [-2.0, 0.0, 2.0])
def test_no_stage_is_worth_less_than_nothing_and_flexibility_never_costs(first, mean):
    found = staged_choice.bounds(toy(first, mean), FLAT)
    assert found.policy >= 0 and found.flexibility >= 0
    assert found.committed <= found.policy <= found.perfect + 1e-12


def test_more_information_never_lowers_the_value():
    theta, partial = NORMAL[:, 0], NORMAL[:, 0] + NORMAL[:, 2]
    values = [
        staged_choice.bounds([Stage(known, theta, NOTHING)], FLAT).policy
        for known in (UNKNOWN, partial[:, None], np.column_stack([partial, theta]))
    ]
    assert values == sorted(values) and values[-1] == pytest.approx(norm.pdf(0), abs=0.01)


def test_a_stage_that_changes_nothing_is_worth_nothing():
    found = staged_choice.bounds([Stage(NORMAL[:, :1], np.zeros(DRAWS), NOTHING)], FLAT)
    assert (found.policy, found.perfect) == (0.0, 0.0)


def test_a_dear_way_out_lowers_the_value_and_weights_count_as_draws_do():
    theta = NORMAL[:, 0] - 0.5
    cheap, dear = (
        staged_choice.bounds([Stage(theta[:, None], theta, NOTHING - cost)], FLAT).policy
        for cost in (0.0, 0.3)
    )
    assert dear < cheap
    twice = np.where(np.arange(DRAWS) % 2, 1.0, 3.0)
    weighted = staged_choice.bounds([Stage(theta[:, None], theta, NOTHING)], twice)
    assert weighted.perfect == pytest.approx(np.average(np.maximum(theta, 0), weights=twice))


@pytest.mark.parametrize("noise", [0.5, 1.0, 2.0])
@pytest.mark.parametrize("mean", [-1.0, -0.5, 0.3])
def test_the_closed_form_lies_between_the_bounds_over_scramblings(mean, noise):
    """E max(0, theta) of a normal theta; each bound within four standard errors of scramblings."""
    exact = mean * ndtr(mean) + norm.pdf(mean)
    found = []
    for seed in range(8):
        normal = norm.ppf(qmc.Sobol(2, seed=seed).random(2**11))
        theta = mean + normal[:, 0]
        stage = Stage(theta[:, None], theta + noise * normal[:, 1], np.zeros((2**11, 1)))
        one = staged_choice.bounds([stage], np.ones(2**11))
        found.append((one.policy, one.perfect))
    (policy, perfect), error = np.mean(found, axis=0), np.std(found, axis=0, ddof=1) / np.sqrt(8)
    assert policy - 4 * error[0] <= exact <= perfect + 4 * error[1]
    assert policy == pytest.approx(exact, abs=0.02) and perfect > exact + 0.02


def tree(weights):
    """Three stages over signals of two values each, with a way out that depends on the draw.

    Every combination of signals and of an outcome that nobody sees stands in both halves.
    """
    first, second, unseen = np.array(list(product((-1.0, 1.0), repeat=3))).T
    draws = [np.tile(values, 2**6) for values in (first, second, unseen)]
    first, second, unseen = draws
    size = len(first)
    return [
        Stage(np.zeros((size, 0)), np.full(size, -0.2), np.zeros((size, 1))),
        Stage(first[:, None], 0.3 * first + 0.2 * unseen, np.zeros((size, 1))),
        Stage(
            np.column_stack([first, second]),
            0.5 * first * second - 0.1 + 0.7 * unseen,
            np.column_stack([np.zeros(size), 0.1 - 0.4 * first]),
        ),
    ], np.tile(weights, 2**6)


def by_enumeration(stages, weights):
    """The worth of the best policy, by backward induction over the values of the signals: nothing
    is fitted.
    """
    later = np.zeros(len(weights))
    for stage in reversed(stages):
        ways = np.column_stack([stage.worth + later, stage.stops])
        _, seen = np.unique(stage.signals, axis=0, return_inverse=True)
        chosen = np.empty(len(later))
        for value in np.unique(seen.ravel()):
            at = seen.ravel() == value
            means = np.average(ways[at], axis=0, weights=weights[at])
            chosen[at] = ways[at, means.argmax()]
        later = chosen
    return np.average(later, weights=weights)


@pytest.mark.parametrize("seed", range(6))
def test_three_stages_meet_backward_induction_over_a_tree(seed):
    """Signals of two values each make the quadratic exact, so that nothing is left to the fit."""
    stages, weights = tree(np.random.default_rng(seed).uniform(0.5, 2.0, 8))
    exact, found = by_enumeration(stages, weights), staged_choice.bounds(stages, weights)
    assert found.policy == pytest.approx(max(exact, found.committed))
    assert found.committed <= found.policy <= found.perfect
    assert exact < found.perfect  # what nobody sees would be worth knowing


def test_a_signal_that_blurs_another_adds_nothing_and_a_sharper_one_never_less():
    theta = NORMAL[:, 0] - 0.3
    values = [
        staged_choice.bounds([Stage(known, theta, NOTHING)], FLAT).policy
        for known in (
            UNKNOWN,
            (theta + 2 * NORMAL[:, 1])[:, None],
            (theta + 0.5 * NORMAL[:, 1])[:, None],
            theta[:, None],
            np.column_stack([theta, NORMAL[:, 1]]),
        )
    ]
    # the last knows nothing more: it may lose by the fit, and by no more than that
    assert values[:4] == sorted(values[:4]) and values[4] == pytest.approx(values[3], abs=0.005)
    # by hand: theta given theta + s noise is normal with variance 1 / (1 + s^2)
    for spread, value in ((2.0, values[1]), (0.5, values[2])):
        sd = 1 / np.sqrt(1 + spread**2)
        exact = -0.3 * ndtr(-0.3 / sd) + sd * norm.pdf(0.3 / sd)
        assert value == pytest.approx(exact, abs=0.01)


def test_too_few_draws_are_refused():
    with pytest.raises(ValueError, match="too few"):
        staged_choice.bounds([Stage(np.ones((8, 1)), np.ones(8), np.zeros((8, 1)))], np.ones(8))
