"""Stages against closed forms: a toy of two stages, and what must hold of any."""

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


def test_too_few_draws_are_refused():
    with pytest.raises(ValueError, match="too few"):
        staged_choice.bounds([Stage(np.ones((8, 1)), np.ones(8), np.zeros((8, 1)))], np.ones(8))
