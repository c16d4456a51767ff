"""Conditioning of joint draws, held against the closed form of normal vectors."""

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from analysis.methods.conditioning import conditioned_draws

MEAN = np.array([1.0, -2.0, 0.5])
COVARIANCE = np.array([[1.0, 0.6, 0.2], [0.6, 2.0, -0.3], [0.2, -0.3, 0.5]])
SEEN = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 1.0]])
NOISE = np.diag([0.1, 0.3])


def normal_given(mean, covariance, rows, observed, noise):
    """Mean and covariance of a normal vector X given H X + e = observed: the closed form."""
    weight = covariance @ rows.T @ np.linalg.inv(rows @ covariance @ rows.T + noise)
    return mean + weight @ (observed - rows @ mean), covariance - weight @ rows @ covariance


@pytest.fixture(scope="module")
def joint():
    """Draws of a normal vector and of what two noisy observations would say of it."""
    rng = np.random.default_rng(7)
    draws = rng.multivariate_normal(MEAN, COVARIANCE, 200_000)
    return draws, draws @ SEEN.T + rng.multivariate_normal(np.zeros(2), NOISE, 200_000)


def test_moved_draws_have_the_mean_and_covariance_of_the_closed_form(joint):
    observed = [2.0, -3.0]
    mean, covariance = normal_given(MEAN, COVARIANCE, SEEN, observed, NOISE)
    moved = conditioned_draws(*joint, observed)
    np.testing.assert_allclose(moved.mean(axis=0), mean, atol=0.01)
    np.testing.assert_allclose(np.cov(moved.T), covariance, atol=0.015)


def test_the_closed_form_is_bayes_theorem():
    # An independent way to the same density: prior times likelihood at two points, as a ratio.
    observed = np.array([2.0, -3.0])
    given = normal_given(MEAN, COVARIANCE, SEEN, observed, NOISE)
    here, there = np.array([1.2, -2.1, 0.3]), np.array([0.4, -1.0, 1.0])

    def logs(point):
        prior = multivariate_normal(MEAN, COVARIANCE).logpdf(point)
        return prior + multivariate_normal(SEEN @ point, NOISE).logpdf(observed)

    ratio = multivariate_normal(*given).logpdf(here) - multivariate_normal(*given).logpdf(there)
    assert ratio == pytest.approx(logs(here) - logs(there))


def test_what_was_observed_without_error_is_met_in_every_draw(joint):
    draws, _ = joint
    moved = conditioned_draws(draws, draws[:, :1], [3.0])
    np.testing.assert_allclose(moved[:, 0], 3.0)


def test_nothing_observed_changes_no_bit_of_a_draw(joint):
    draws, said = joint
    assert (conditioned_draws(draws, said[:, :0], []) == draws).all()


def test_the_same_fact_twice_counts_once(joint):
    # Tempting: to take two printings of one budget for two observations.
    draws, said = joint
    once, twice = (
        conditioned_draws(draws, said[:, columns], np.full(len(columns), 2.0))
        for columns in ([0], [0, 0])
    )
    np.testing.assert_allclose(once, twice, atol=1e-9)


def test_width_does_not_depend_on_the_value_observed(joint):
    low, high = (conditioned_draws(*joint, values) for values in ([-9.0, 0.0], [9.0, 5.0]))
    np.testing.assert_allclose(low.std(axis=0), high.std(axis=0))


def test_predictions_of_another_shape_are_refused(joint):
    draws, said = joint
    with pytest.raises(ValueError, match="200000 draws and 1 observations"):
        conditioned_draws(draws, said, [1.0])
