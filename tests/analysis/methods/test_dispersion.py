"""Inequality indices against a published example, a pairwise oracle and the properties that define
them.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from analysis.methods import dispersion

PUBLISHED = [541, 1463, 2445, 3438, 4437, 5401, 6392, 8304, 11904, 22261]
INDICES = [
    dispersion.gini,
    dispersion.theil_t,
    dispersion.theil_l,
    dispersion.atkinson,
    dispersion.variation,
]
costs = st.integers(2, 8).flatmap(
    lambda n: st.tuples(
        arrays(float, n, elements=st.floats(1, 1e4)), arrays(float, n, elements=st.floats(1, 100))
    )
)


def pairwise_gini(values, weights):
    """Half the mean relative difference over all pairs of residents."""
    shares = weights / weights.sum()
    differences = np.abs(values[:, None] - values[None, :])
    return float(shares @ differences @ shares / (2 * (shares @ values)))


def test_the_published_ten_incomes():
    equal = np.ones(10)
    assert dispersion.gini(PUBLISHED, equal) == pytest.approx(0.4620911, abs=1e-7)
    assert dispersion.theil_t(PUBLISHED, equal) == pytest.approx(0.3623412, abs=1e-7)
    assert dispersion.theil_l(PUBLISHED, equal) == pytest.approx(0.4335946, abs=1e-7)


@given(costs)
def test_gini_is_the_mean_difference_over_all_pairs(drawn):
    assert dispersion.gini(*drawn) == pytest.approx(pairwise_gini(*drawn), abs=1e-9)


@pytest.mark.parametrize("index", INDICES)
@given(costs, st.floats(0.01, 100))
def test_doubling_every_cost_changes_nothing(index, drawn, factor):
    values, weights = drawn
    assert index(values * factor, weights) == pytest.approx(index(values, weights), abs=1e-8)


@pytest.mark.parametrize("index", INDICES)
@given(costs)
def test_counting_every_resident_twice_changes_nothing(index, drawn):
    values, weights = drawn
    assert index(np.tile(values, 2), np.tile(weights, 2)) == pytest.approx(
        index(values, weights), abs=1e-8
    )


@pytest.mark.parametrize("index", INDICES)
def test_a_transfer_from_dear_to_cheap_lowers_the_index(index):
    assert index([90.0, 210.0, 400.0], [1, 1, 1]) < index([80.0, 210.0, 410.0], [1, 1, 1])


def test_residents_count_not_municipalities():
    # Tempting: one municipality, one vote. The small costly municipality would then weigh as much
    # as the large one.
    assert dispersion.gini([100.0, 200.0], [9, 1]) != pytest.approx(
        float(dispersion.gini([100.0, 200.0], [1, 1])), abs=0.05
    )


@pytest.mark.parametrize(
    ("values", "weights"), [([1.0, np.nan], [1, 1]), ([1.0, -2.0], [1, 1]), ([1.0, 2.0], [1, -1])]
)
def test_values_that_are_no_costs_are_refused(values, weights):
    with pytest.raises(ValueError):
        dispersion.theil_t(values, weights)
