"""The saving of n municipalities on k platforms: its parts, its inverse and the number of platforms
it prefers.
"""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from analysis.methods import pooling

steady = settings(deadline=None)  # a busy machine is no failure
SHARES = st.floats(0.01, 1.0)
MUNICIPALITIES = st.integers(3, 60)


# --- the parts


def test_four_platforms_of_23_save_by_hand():
    fixed = 0.36 * (1 - 4 / 23)
    coordination = 0.08 * (4.75 / 22) ** 1.5
    premium = 0.05 * (1 / 4 - 1 / 6)
    result = pooling.saving_share(4, 23, 0.36, 0.08, 1.5, 0.05, suppliers_today=6)
    assert result == pytest.approx(fixed - coordination - premium)


def test_one_platform_loses_the_whole_of_kappa():
    assert pooling.coordination_loss(23, 23, 0.08, 1.7) == pytest.approx(0.08)


def test_phi_alone_is_not_the_saving():
    # tempting and wrong: all on one platform saves phi; one stand-alone cost in n remains
    assert pooling.saving_share(1, 10, 0.4, 0, 1) == pytest.approx(0.36)


@steady
@given(
    n=MUNICIPALITIES,
    phi=SHARES,
    kappa=SHARES,
    gamma=st.floats(1, 2),
    prem=SHARES,
    suppliers=st.floats(1, 20),
)
def test_a_municipality_alone_saves_nothing_whatever_the_market(
    n, phi, kappa, gamma, prem, suppliers
):
    assert pooling.saving_share(n, n, phi, kappa, gamma, prem, suppliers) == 0


@steady
@given(n=MUNICIPALITIES, kappa=SHARES, gamma=st.floats(1, 2), data=st.data())
def test_larger_groups_lose_more_to_coordination(n, kappa, gamma, data):
    small, large = sorted(data.draw(st.lists(st.floats(1, n), min_size=2, max_size=2)))
    losses = pooling.coordination_loss([small, large], n, kappa, gamma)
    assert 0 <= losses[0] <= losses[1] <= kappa * (1 + 1e-12)


def test_as_many_platforms_as_suppliers_today_carry_no_premium():
    assert pooling.premium([5, 1], 23, 5, 0.05) == pytest.approx([0, 0.04])


def test_arguments_broadcast_draws_by_groups():
    phi = np.linspace(0.1, 0.5, 7)[:, None]
    table = pooling.saving_share(np.array([1, 3.5, 23]), 23, phi, 0.08, 1.5, 0.05, 5)
    assert table.shape == (7, 3)
    assert table[6, 1] == pytest.approx(pooling.saving_share(3.5, 23, 0.5, 0.08, 1.5, 0.05, 5))


# --- solving for phi


def test_joint_clouds_of_6_members_at_30_percent_imply_a_phi_near_37_percent():
    # (.30 + .08 (5.1/22)**1.5) / (5.1/6.1)
    assert pooling.fixed_share(0.30, 6.1, 23, 0.08, 1.5) == pytest.approx(0.36950, abs=1e-5)
    ends = pooling.fixed_share(0.30, 6.1, 23, np.array([0.02, 0.20]), np.array([2, 1]))
    assert ends == pytest.approx([0.36011, 0.41428], abs=1e-5)


def test_leaving_out_coordination_understates_phi():
    # tempting and wrong: .30 / (1 - 1/6.1) takes the net saving for the gross one
    assert pooling.fixed_share(0.30, 6.1, 23, 0.08, 1.5) > 0.30 / (1 - 1 / 6.1) + 0.01


@steady
@given(
    net=st.floats(0, 0.5),
    n=MUNICIPALITIES,
    kappa=st.floats(0, 0.2),
    gamma=st.floats(1, 2),
    data=st.data(),
)
def test_fixed_share_undoes_the_saving(net, n, kappa, gamma, data):
    k = data.draw(st.floats(1, n / 1.5))
    phi = pooling.fixed_share(net, n / k, n, kappa, gamma)
    assume(phi <= pooling.LARGEST_FIXED_SHARE)
    assert pooling.saving_share(k, n, phi, kappa, gamma) == pytest.approx(net, abs=1e-12)


def test_claim_over_two_groups_by_hand():
    # weights .6 on 1 platform and .4 on 4 of 23: pooled part .6 x 22/23 + .4 x 19/23
    expected = 0.5 / (0.6 * 22 / 23 + 0.4 * 19 / 23)
    assert pooling.fixed_share_of_claim(0.5, [0.6, 0.4], [1, 4], 23) == pytest.approx(expected)


@steady
@given(
    claim=st.floats(0, 0.6),
    n=st.integers(6, 60),
    kappa=st.floats(0, 0.2),
    gamma=st.floats(1, 2),
    prem=st.floats(0, 0.15),
    core=st.floats(0.05, 0.95),
)
def test_phi_of_a_claim_gives_the_claim_back(claim, n, kappa, gamma, prem, core):
    weights, instances = np.array([core, 1 - core]), np.array([3.5, 1])
    phi = pooling.fixed_share_of_claim(
        claim, weights, instances, n, kappa, gamma, prem, suppliers_today=5
    )
    assume(phi <= pooling.LARGEST_FIXED_SHARE)
    saving = pooling.saving_share(instances, n, phi, kappa, gamma, prem, 5)
    assert np.sum(weights * saving) == pytest.approx(claim, abs=1e-12)


def test_phi_of_a_claim_takes_draws_of_weights_and_of_the_claim():
    weights = np.array([[0.4, 0.6], [0.5, 0.5], [0.6, 0.4]])
    claims, kappa = np.array([0.45, 0.5, 0.55]), np.array([0.02, 0.08, 0.2])
    phi = pooling.fixed_share_of_claim(claims, weights, [3.5, 1], 23, kappa[:, None], 1.5, 0.05, 5)
    alone = [
        pooling.fixed_share_of_claim(claims[i], weights[i], [3.5, 1], 23, kappa[i], 1.5, 0.05, 5)
        for i in range(3)
    ]
    assert phi == pytest.approx(alone)


def test_groups_may_differ_in_what_coordination_costs():
    # one platform of 23 each; the second group has no rules to align: (.5 + .5 x .08) / (22/23)
    phi = pooling.fixed_share_of_claim(0.5, [0.5, 0.5], [1, 1], 23, kappa=[0.08, 0.0])
    assert phi == pytest.approx(0.54 * 23 / 22)


def test_mean_number_of_platforms_hides_where_the_spend_is():
    # tempting and wrong: pool everything at the mean of 1 and 12 platforms, though nine tenths of
    # spend stay at 12
    spread = pooling.fixed_share_of_claim(0.3, [0.1, 0.9], [1, 12], 23)
    assert spread > pooling.fixed_share_of_claim(0.3, [1.0], [6.5], 23) * 1.3


def test_a_claim_out_of_reach_needs_more_than_all_spend():
    assert pooling.fixed_share_of_claim(0.55, [0.5, 0.5], [1, 23], 23) > 1


def test_fixed_costs_of_23_wards_are_one_percent_of_their_spend():
    # 23 x 35 million over 66.4 billion yen a year
    assert pooling.cross_section_share(35e6, 23, 66.4e9) == pytest.approx(0.012123, abs=1e-6)
    # tempting and wrong: the five-year total of 332 billion
    assert pooling.cross_section_share(35e6, 23, 332e9) < 0.003


# --- the best number of platforms


def enumerated_best(phi, n, kappa, prem):
    """Every k with the largest saving under linear coordination, by trying all of them."""
    k = np.arange(1, n + 1)
    saving = pooling.saving_share(k, n, phi, kappa, 1, prem, suppliers_today=n)
    return set(k[np.isclose(saving, saving.max(), rtol=0, atol=1e-12)])


def price_of_sharing(n, kappa, prem):
    return kappa * n / (n - 1) + prem


def test_band_for_three_or_four_platforms_of_23():
    assert pooling.coordination_band(0.36, 23) == pytest.approx((0.094, 0.313), abs=5e-4)


@steady
@given(
    n=st.integers(10, 60),
    phi=SHARES,
    kappa=st.floats(0, 1),
    prem=st.floats(0, 0.5),
    ends=st.tuples(st.integers(1, 4), st.integers(1, 4)).map(sorted),
)
def test_band_agrees_with_trying_every_number_of_platforms(n, phi, kappa, prem, ends):
    low, high = ends
    lower, upper = pooling.coordination_band(phi, n, low, high)
    a = price_of_sharing(n, kappa, prem)
    assume(min(abs(a - lower), abs(a - upper)) > 1e-9)
    inside = lower < a < upper
    assert inside == bool(enumerated_best(phi, n, kappa, prem) & set(range(low, high + 1)))


@pytest.mark.parametrize("n", [3, 4])
@pytest.mark.parametrize("kappa", [0.01, 0.1, 0.3, 0.6, 1.0])
def test_band_of_three_or_four_municipalities_has_no_upper_end(n, kappa):
    lower, upper = pooling.coordination_band(0.36, n)
    inside = bool(enumerated_best(0.36, n, kappa, 0.0) & {3, 4})
    assert np.isinf(upper) and inside == (price_of_sharing(n, kappa, 0.0) > lower)


def test_the_square_root_rule_alone_would_miss_the_bounds_of_the_band():
    # tempting and wrong: "3 is best" from sqrt(n A/phi) = 3 on, that is A = 9 phi/n; 3 already wins
    # from 6 phi/n on
    assert 6 * 0.36 / 23 < 0.10 < 9 * 0.36 / 23
    assert (
        enumerated_best(0.36, 23, kappa=0.10 * 22 / 23, prem=0) == {3}
        and pooling.coordination_band(0.36, 23, 3, 3)[0] < 0.10
    )


def test_one_municipality_alone_saves_nothing_and_loses_nothing_to_others():
    # tempting: (m - 1)/(n - 1), nought by nought, which would make all of it not a number
    assert pooling.saving_share(1, 1, 0.4, 0.1, 1, prem=0.05, suppliers_today=4) == 0
    assert pooling.coordination_loss(1, 1, 0.1, 1) == 0
    assert pooling.cross_section_share(35e6, 1, 700e6) == pytest.approx(0.05)


# --- refusals


@pytest.mark.parametrize(
    ("call", "culprits"),
    [
        (lambda: pooling.members([0, 3, 24, 30], 23), "instances outside 1..23: 0, 24, 30"),
        (lambda: pooling.members(1, 0), "municipalities outside 1..inf: 0"),
        (lambda: pooling.members([4, 9], [5, 8]), r"instances outside 1..\(5 to 8\): 9"),
        (lambda: pooling.coordination_loss([0.5, 2], 23, 0.1, 1), "members outside 1..23: 0.5"),
        (lambda: pooling.coordination_loss(2, 23, [8, 20], 1), "kappa outside 0..1: 8, 20"),
        (lambda: pooling.coordination_loss(2, 23, 0.1, -1), "gamma outside 0..inf: -1"),
        (lambda: pooling.premium(2, 23, 0, 0.1), "suppliers_today outside 1..inf: 0"),
        (lambda: pooling.premium(2, 23, 4, 5), "prem outside 0..1: 5"),
        (
            lambda: pooling.saving_share(2, 23, [36, -0.1, 0.3], 0.1, 1),
            "phi outside 0..2: -0.1, 36",
        ),
        (lambda: pooling.saving_share(2, 23, np.nan, 0.1, 1), "phi outside 0..2: nan"),
        (lambda: pooling.saving_share(2, 23, 0.3, 0.1, 1, prem=0.05), "needs suppliers_today"),
        (lambda: pooling.fixed_share(30, 6.1, 23, 0.1, 1), "net_saving outside -1..1: 30"),
        (lambda: pooling.fixed_share(0.3, 1, 23, 0.1, 1), "members outside .*: 1"),
        (
            lambda: pooling.fixed_share_of_claim(0.5, [0.5, 0.4], [1, 4], 23),
            "sum of weights outside .*: 0.9",
        ),
        (
            lambda: pooling.fixed_share_of_claim(0.5, [1.5, -0.5], [1, 4], 23),
            "weights outside 0..1: -0.5, 1.5",
        ),
        (
            lambda: pooling.fixed_share_of_claim(0.5, [0.5, 0.5], [23, 23], 23),
            "spend-weighted 1 - k/n outside .*: 0",
        ),
        (
            lambda: pooling.cross_section_share(35e6, 23, 66.4e6),
            "fixed_cost_jpy outside 0..2886956.52174: 35000000",
        ),
        (lambda: pooling.coordination_band(0.3, 23, 4, 3), "high outside 4..inf: 3"),
        (lambda: pooling.coordination_band(0.3, 2), "low outside 1..2: 3"),
        (lambda: pooling.coordination_band(0.3, 23, 0, 3), "low outside 1..3: 0"),
    ],
)
def test_values_that_cannot_be_are_refused_by_value(call, culprits):
    with pytest.raises(ValueError, match=culprits):
        call()
