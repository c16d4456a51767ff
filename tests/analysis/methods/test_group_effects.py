"""A hierarchical normal model against its analytic case, a published example, and temptations."""

import numpy as np
import pytest

from analysis.methods.group_effects import Passed, group_effects

# Rubin (1981): coaching in eight schools; Gelman et al., Bayesian Data Analysis, table 5.2
SCHOOLS = [28, 8, -3, 7, -1, 1, 18, 12]
ERRORS = [15, 10, 16, 11, 9, 11, 10, 18]


def test_with_a_known_spread_it_is_the_analytic_normal_normal_model():
    effects, errors, tau = np.array([0.2, 0.35, 0.5]), np.array([0.05, 0.1, 0.02]), 0.12
    precision = 1 / (tau**2 + errors**2)
    found = group_effects(effects=effects, errors=errors, spreads=(tau, tau)).moments()
    assert found["mean"] == pytest.approx((precision @ effects) / precision.sum(), abs=1e-6)
    assert found["mean_error"] == pytest.approx(precision.sum() ** -0.5, rel=1e-4)
    assert found["new_group"] == pytest.approx((tau**2 + 1 / precision.sum()) ** 0.5, rel=1e-4)


def test_eight_schools_as_published():
    """Gelman et al. (2013, section 5.5): mean about 8, its deviation about 5, most of the spread
    below 10, and a spread of 0 as likely as any.
    """
    found = group_effects(effects=SCHOOLS, errors=ERRORS, means=(-40.0, 60.0), spreads=(0.0, 60.0))
    moments = found.moments()
    assert moments["mean"] == pytest.approx(8.0, abs=0.3)
    assert moments["mean_error"] == pytest.approx(5.2, abs=0.4)
    of_spread = found.weight.sum(axis=0)
    assert of_spread[found.spread < 10].sum() == pytest.approx(0.83, abs=0.05)
    assert of_spread.argmax() <= 3


def test_one_new_group_is_not_the_mean_of_all_groups():
    """Tempting: the error of the mean of many groups as the spread of the next one."""
    few, many = (
        group_effects([Passed(n, n // 2, 0.3)], spreads=(0.12, 0.12)).moments() for n in (18, 1800)
    )
    assert many["mean_error"] < few["mean_error"] / 5
    assert many["new_group"] > 0.115


def test_counts_at_one_mark_do_not_tell_the_spread():
    """The survey asks whether groups passed 30 %: any spread fits it as well as any other, and a
    second mark would tell.
    """
    one, two = [Passed(180, 90, 0.3)], [Passed(1800, 900, 0.3), Passed(1800, 1514, 0.2)]
    fits = [
        np.log(group_effects(one, spreads=(tau, tau)).weight.max() * tau) for tau in (0.06, 0.24)
    ]
    assert fits[0] == pytest.approx(fits[1], abs=0.05)
    assert group_effects(two).moments()["spread"] == pytest.approx(0.1, rel=0.1)


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({}, "nothing is observed"),
        ({"effects": [0.1], "errors": []}, "1 effects, but 0 errors"),
        ({"effects": [0.1], "errors": [0.0]}, "above 0"),
        ({"counts": [Passed(3, 4, 0.3)]}, "more passed"),
    ],
)
def test_what_cannot_be_is_refused(settings, named):
    with pytest.raises(ValueError, match=named):
        group_effects(**settings)
