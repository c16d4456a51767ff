"""The wards' cost game against its formula, coalition by coalition."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.methods.coalitions import coalition_sums, members
from analysis.methods.pooling_game import pooled_costs, with_coordination
from analysis.methods.stability import is_convex_saving, is_subadditive

OWN = st.lists(st.floats(0.1, 10), min_size=1, max_size=7)


def by_formula(own, phi, p, agency, kappa=0.0, gamma=1.0):
    costs, n = [], len(own)
    for mask in range(2**n):
        of_members = [own[i] for i in members(mask)]
        alone, size = sum(of_members), len(of_members)
        if size < 2:
            costs.append(alone)
            continue
        norm = max(of_members) if np.isinf(p) else sum(cost**p for cost in of_members) ** (1 / p)
        loss = kappa * ((size - 1) / (n - 1)) ** gamma * alone
        costs.append(min(alone, (1 - phi) * alone + phi * norm + agency + loss))
    return costs


@given(
    OWN,
    st.floats(0, 1),
    st.sampled_from([1.0, 2.0, 3.7, np.inf]),
    st.floats(0, 5),
    st.floats(0, 1),
    st.floats(0.5, 3),
)
def test_every_coalition_pays_by_the_formula(own, phi, p, agency, kappa, gamma):
    assert pooled_costs(own, phi, p, agency, kappa, gamma) == pytest.approx(
        by_formula(own, phi, p, agency, kappa, gamma)
    )


def test_three_municipalities_by_hand():
    # all: 0.6 x 12 + 0.4 x sqrt(9 + 16 + 25) + 1; the first two: 0.6 x 7 + 0.4 x 5 + 1 is more than
    # 7
    costs = pooled_costs([3.0, 4.0, 5.0], phi=0.4, p=2, agency_cost=1)
    assert costs[0b111] == pytest.approx(7.2 + 0.4 * 50**0.5 + 1)
    assert costs[0b011] == 7


def test_the_fixed_part_is_not_paid_once_for_a_finite_norm():
    # tempting and wrong: phi is saved but for the largest; with p = 2 two equal municipalities save
    # 29 % of it, not a half
    assert pooled_costs([1.0, 1.0], phi=1, p=2)[-1] == pytest.approx(2**0.5)
    assert pooled_costs([1.0, 1.0], phi=1, p=np.inf)[-1] == 1


def test_yen_to_the_power_of_fifty_do_not_overflow():
    own = np.array([2e9, 3e9, 5e9])
    assert pooled_costs(own, phi=1, p=50)[-1] == pytest.approx(5e9, rel=1e-3)


@given(OWN, st.floats(0, 1), st.sampled_from([1.0, 2.0, 3.7, np.inf]), st.floats(0, 5))
def test_savings_are_convex_with_agency_and_cap(own, phi, p, agency):
    costs = pooled_costs(own, phi, p, agency)
    assert is_convex_saving(costs) and is_subadditive(costs)
    assert (costs <= coalition_sums(np.array(own)) + 1e-12).all()


def test_coordination_can_make_two_halves_cheaper_than_all_together():
    costs = pooled_costs(np.ones(6), phi=0.2, p=2, kappa=0.1, gamma=2)
    assert not is_convex_saving(costs) and not is_subadditive(costs)


@given(OWN, st.floats(0, 5), st.floats(0, 1), st.floats(0.5, 3))
def test_coordination_on_top_of_a_finished_game_is_that_of_the_formula(own, agency, kappa, gamma):
    # tempting: to think that the cap at the own costs, once taken, hides what coordination is put
    # on top of
    game = with_coordination(
        pooled_costs(own, 0.6, 2.0, agency), coalition_sums(np.array(own)), kappa, gamma
    )
    assert game == pytest.approx(by_formula(own, 0.6, 2.0, agency, kappa, gamma))


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (dict(own_costs=[1, -1, np.nan], phi=0.2, p=2), r"municipalities \[1, 2\] are not"),
        (dict(own_costs=[0, 0], phi=0.2, p=2), "a cost of its own"),
        (dict(own_costs=[1, 2], phi=36, p=0.5, agency_cost=-1), "wrong: phi, p, agency_cost"),
        (dict(own_costs=[1, 2], phi=0.2, p=2, kappa=8), "kappa"),
        (dict(own_costs=np.ones(26), phi=0.2, p=2), "at most 25 players"),
    ],
)
def test_games_that_are_none_are_refused(arguments, complaint):
    with pytest.raises(ValueError, match=complaint):
        pooled_costs(**arguments)
