"""Weights against the analytic normal-normal case, and what they refuse."""

import numpy as np
import pytest
from scipy.special import ndtri

from analysis.methods import calibration

DRAWS = 2**13
PRIOR = ndtri((np.arange(DRAWS) + 0.5) / DRAWS)  # a standard normal, evenly


def test_normal_prior_and_normal_result_give_the_textbooks_posterior():
    # log-values N(0, 1), the log of the published result 1.0 with spread 0.5: precision 1 + 4
    weights = calibration.importance_weights(
        calibration.log_ratio_likelihood(np.exp(PRIOR), np.e, 0.5)
    )
    mean, spread = 0.8, np.sqrt(0.2)
    assert calibration.weighted_mean(PRIOR, weights) == pytest.approx(mean, abs=1e-3)
    levels = calibration.weighted_quantiles(PRIOR, weights, [0.1, 0.5, 0.9])
    assert levels == pytest.approx(mean + spread * ndtri([0.1, 0.5, 0.9]), abs=2e-3)


def test_a_result_that_says_nothing_leaves_the_prior_and_a_sharp_one_takes_its_place():
    loose, sharp = (
        calibration.importance_weights(calibration.log_ratio_likelihood(np.exp(PRIOR), 2.0, spread))
        for spread in (1e4, 0.05)
    )
    assert calibration.effective_sample_size(loose) == pytest.approx(DRAWS, rel=1e-6)
    assert np.exp(calibration.weighted_mean(PRIOR, sharp)) == pytest.approx(2.0, rel=0.01)
    assert calibration.effective_sample_size(sharp) < 0.2 * DRAWS


def test_the_order_of_draws_and_the_size_of_weights_do_not_matter():
    values, weights = PRIOR[::7], np.linspace(0.0, 1.0, len(PRIOR[::7]))
    backwards = calibration.weighted_quantiles(values[::-1], 5 * weights[::-1], [0.1, 0.9])
    assert backwards == pytest.approx(calibration.weighted_quantiles(values, weights, [0.1, 0.9]))


def test_impossible_results_are_refused():
    with pytest.raises(ValueError, match="no draw could have led"):
        calibration.importance_weights(calibration.log_ratio_likelihood([0.0, -1.0], 2.0, 0.5))
    with pytest.raises(ValueError, match="above zero"):
        calibration.log_ratio_likelihood([1.0], 0.0, 0.5)
    with pytest.raises(ValueError, match="1 weights are below zero"):
        calibration.weighted_quantiles([1.0, 2.0], [-1.0, 2.0], [0.5])
