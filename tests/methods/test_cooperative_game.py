"""Fair shares against published games, an independent oracle of all orders and all coalitions, and their axioms."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import linprog

from analysis.methods import cooperative_game as game
from analysis.methods import nucleolus as core
from analysis.methods import stability
from analysis.methods.pooling_game import pooled_costs

TVA = np.array([0, 163520, 140826, 301607, 250096, 378821, 367370, 412584], dtype=float)  # Straffin & Heaney (1981)


def airport(runways):
    """The cost of a coalition is its largest runway (Littlechild & Owen 1973)."""
    return np.array([max((r for i, r in enumerate(runways) if mask >> i & 1), default=0) for mask in range(2 ** len(runways))], float)


def talmud(estate, claims=(100, 200, 300)):
    """Aumann & Maschler's estate as a cost game: stand-alone claims less what a coalition is sure of."""
    n = len(claims)
    worth = [max(0, estate - sum(d for i, d in enumerate(claims) if not mask >> i & 1)) for mask in range(2**n)]
    return np.array([estate * bin(mask).count("1") - worth[mask] for mask in range(2**n)], float)


def in_all_orders(costs):
    """Shapley's value as its definition has it: what each player adds, over every order of arrival."""
    n = int(np.log2(len(costs)))
    added = np.zeros(n)
    for order in permutations(range(n)):
        mask = 0
        for player in order:
            added[player] += costs[mask | 1 << player] - costs[mask]
            mask |= 1 << player
    return added / len(list(permutations(range(n))))


def lexicographic(costs):
    """The nucleolus by brute force: linear programs over all coalitions, fixing at each level those tight at every optimum."""
    n, full = int(np.log2(len(costs))), len(costs) - 1
    rows = np.array([[mask >> i & 1 for i in range(n)] for mask in range(len(costs))], float)
    fixed, value, free = [full], [costs[full]], list(range(1, full))
    while np.linalg.matrix_rank(rows[fixed]) < n:
        upper = np.hstack([rows[free], -np.ones((len(free), 1))])
        equal = np.hstack([rows[fixed], np.zeros((len(fixed), 1))])
        level = linprog([0] * n + [1], upper, costs[free], equal, value, bounds=(None, None)).fun
        tight = [mask for mask in free if -linprog(rows[mask], rows[free], costs[free] + level + 1e-9, rows[fixed], value,
                                                   bounds=(None, None)).fun * -1 > costs[mask] + level - 1e-6]
        fixed, value, free = [*fixed, *tight], [*value, *(costs[tight] + level)], [m for m in free if m not in tight]
    return np.linalg.lstsq(rows[fixed], np.array(value), rcond=None)[0]


games = st.integers(3, 5).flatmap(lambda n: arrays(float, 2**n, elements=st.integers(0, 50).map(float))).map(
    lambda costs: np.concatenate([[0.0], costs[1:]]))


def test_the_airport_game_of_littlechild_and_owen():
    costs = airport([8, 11, 13, 18])
    assert game.shapley_value(costs) == pytest.approx([2, 3, 4, 9])
    assert core.nucleolus(costs).charges == pytest.approx([3.25, 3.25, 3.25, 8.25])


@pytest.mark.parametrize(("estate", "shares"), [(100, [100 / 3] * 3), (200, [50, 75, 75]), (300, [50, 100, 150])])
def test_the_talmuds_three_wives(estate, shares):
    assert estate - core.nucleolus(talmud(estate)).charges == pytest.approx(shares)


def test_the_tennessee_valley_authority():
    # Straffin & Heaney (1981), thousand dollars: Shapley 117,829, 100,756.5, 193,998.5
    assert game.shapley_value(TVA) == pytest.approx([117829, 100756.5, 193998.5])
    remaining = game.separable_costs_remaining_benefits(TVA)
    assert remaining.sum() == pytest.approx(412584) and stability.in_core(TVA, remaining)


@given(games)
def test_shapley_is_the_mean_over_all_orders(costs):
    assert game.shapley_value(costs) == pytest.approx(in_all_orders(costs), abs=1e-9)


@given(games, games)
def test_shapley_is_efficient_and_additive(one, other):
    size = min(len(one), len(other))
    one, other = one[:size], other[:size]
    assert game.shapley_value(one).sum() == pytest.approx(one[-1], abs=1e-9)
    assert game.shapley_value(one + other) == pytest.approx(game.shapley_value(one) + game.shapley_value(other), abs=1e-9)


@given(st.lists(st.floats(1, 100), min_size=3, max_size=7), st.floats(0, 1), st.sampled_from([2.0, 3.0, np.inf]))
def test_a_convex_saving_has_its_shapley_value_in_the_core(own, phi, p):
    costs = pooled_costs(own, phi, p, body_cost=0.0)
    assert stability.is_convex_saving(costs, 1e-7)
    assert stability.in_core(costs, game.shapley_value(costs), 1e-7 * costs[-1])


@given(arrays(float, 16, elements=st.integers(1, 40).map(float)))
def test_the_nucleolus_is_that_of_brute_force_and_carries_its_proof(costs):
    costs[0] = 0
    found = core.nucleolus(costs)
    assert found.charges == pytest.approx(lexicographic(costs), abs=1e-5)
    assert found.charges.sum() == pytest.approx(costs[-1])


def test_a_player_who_adds_nothing_pays_nothing_and_equals_pay_alike():
    costs = airport([0, 5, 5])
    assert game.shapley_value(costs) == pytest.approx([0, 2.5, 2.5])
    assert core.nucleolus(costs).charges == pytest.approx([0, 2.5, 2.5])


def test_sharing_by_size_can_drive_a_small_body_out():
    # Tempting: everybody pays by residents. The large body then pays more than alone, and leaves.
    costs = airport([8, 11, 13, 18])
    charges = game.proportional_shares(costs[-1], [1, 1, 1, 97])
    assert stability.in_core(costs, charges)
    charges = game.proportional_shares(costs[-1], [97, 1, 1, 1])
    assert stability.stand_alone_violations(costs, charges).any() or not stability.in_core(costs, charges)
    excess, mask = stability.largest_excess(costs, charges)
    assert excess == pytest.approx(17.46 - 8) and mask == 1


def test_more_than_25_bodies_are_refused_and_the_sample_is_named():
    with pytest.raises(ValueError, match="sampled_shapley"):
        game.shapley_value(np.zeros(2**26, dtype=np.float32))


@pytest.mark.parametrize("costs", [[0.0, 1.0, 2.0], [1.0, 1.0, 1.0, 2.0], [0.0, 1.0, np.nan, 2.0]])
def test_what_is_no_game_is_refused(costs):
    with pytest.raises(ValueError):
        game.shapley_value(costs)
