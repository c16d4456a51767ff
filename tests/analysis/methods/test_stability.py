"""Who would leave, and whether a cost game is subadditive or its savings convex, against plain
enumeration.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.methods import stability
from analysis.methods.coalitions import coalition_sizes, members

# Littlechild & Owen (1973)
AIRPORT = [0, 8, 11, 11, 13, 13, 13, 13, 18, 18, 18, 18, 18, 18, 18, 18]


@st.composite
def charged_games(draw):
    """Costs of 2 to 6 players with many ties, and charges that pay the cost of all."""
    n = draw(st.integers(2, 6))
    rng = np.random.default_rng(draw(st.integers(0, 9999)))
    costs, charges = rng.integers(0, 12, 2**n).astype(float), rng.integers(-2, 8, n).astype(float)
    costs[0], costs[-1] = 0, charges.sum()
    return costs, charges


def excesses(costs, charges):
    return {
        mask: sum(charges[i] for i in members(mask)) - costs[mask]
        for mask in range(1, len(costs) - 1)
    }


# --- charges


@given(charged_games())
def test_the_most_tempted_coalition_is_that_of_the_plain_list(case):
    costs, charges = case
    listed = excesses(costs, charges)
    worst = stability.most_tempted(costs, charges)
    assert worst.excess == max(listed.values())
    assert worst.mask == min(mask for mask, excess in listed.items() if excess == worst.excess)
    assert worst.members == members(worst.mask)
    assert stability.largest_excess(costs, charges) == (worst.excess, worst.mask)


def test_nobody_above_the_own_cost_does_not_keep_all_in():
    # tempting and wrong: the stand-alone test alone; 4.5 each is below 8, 11, 13, 18, but three pay
    # 13.5 instead of 13
    charges = [4.5, 4.5, 4.5, 4.5]
    assert all(charge < AIRPORT[1 << player] for player, charge in enumerate(charges))
    assert stability.most_tempted(AIRPORT, charges) == (7, 0.5, (0, 1, 2))


def test_the_most_tempted_coalition_is_found_beyond_one_block_of_coalitions():
    costs = coalition_sizes(18).astype(float)
    costs[(1 << 17) + (1 << 16)] = 1.5  # two players who pay 1.5 instead of 2, in the last blocks
    assert stability.most_tempted(costs, np.ones(18)) == ((1 << 17) + (1 << 16), 0.5, (16, 17))


@pytest.mark.parametrize("test", [stability.largest_excess, stability.most_tempted])
def test_every_test_of_charges_refuses_what_it_cannot_judge(test):
    for costs, charges, complaint in (
        ([0, 6, 6, 8], [4, 3], "do not pay"),
        ([0, 6, 6, 8], [8], "shape"),
        ([0, 6], [6], "at least two"),
        ([0, 6, np.nan, 8], [4, 4], "not finite"),
    ):
        with pytest.raises(ValueError, match=complaint):
            test(costs, charges)


# --- games


def test_convexity_by_hand():
    assert stability.is_convex_saving(AIRPORT)
    # the third adds 5 to two and 4 to one
    assert not stability.is_convex_saving([0, 6, 6, 10, 6, 10, 10, 15])


@given(st.integers(2, 6), st.integers(0, 9999))
def test_convexity_agrees_with_the_definition_over_all_pairs_of_coalitions(n, seed):
    rng = np.random.default_rng(seed)
    costs = np.sqrt(coalition_sizes(n)) * 6 + rng.integers(0, 2, 2**n)
    costs[0] = 0
    pairs = [(one, other) for one in range(2**n) for other in range(2**n)]
    submodular = all(costs[a | b] + costs[a & b] <= costs[a] + costs[b] + 1e-9 for a, b in pairs)
    assert stability.is_convex_saving(costs) == submodular


@given(st.integers(2, 6), st.integers(0, 9999))
def test_subadditivity_agrees_with_the_definition_over_all_disjoint_pairs(n, seed):
    rng = np.random.default_rng(seed)
    costs = rng.integers(4, 9, 2**n).astype(float) * np.sqrt(coalition_sizes(n))
    losses = [
        costs[a | b] - costs[a] - costs[b]
        for a in range(1, 2**n)
        for b in range(1, 2**n)
        if not a & b
    ]
    verdict = stability.is_subadditive(costs)
    assert bool(verdict) == (max(losses) <= 1e-9 * costs.max())
    if verdict:
        assert verdict.ground == "all pairs" and verdict.pairs == len(losses) / 2
    else:
        left, right = verdict.pair
        assert verdict.ground == "counterexample" and not left & right
        assert (
            verdict.loss == pytest.approx(costs[left | right] - costs[left] - costs[right])
            and verdict.loss > 0
        )


def by_size(cost_of_size):
    return np.asarray(cost_of_size, float)[coalition_sizes(len(cost_of_size) - 1)]


def test_beyond_13_players_convex_savings_are_a_proof():
    verdict = stability.is_subadditive(by_size(np.sqrt(np.arange(16))))
    assert verdict and (verdict.ground, verdict.pairs) == ("convex savings", 0)


def test_beyond_13_players_what_passes_the_sample_is_not_called_proved():
    # pairs share a room: subadditive, and not convex
    verdict = stability.is_subadditive(by_size(np.ceil(np.arange(15) / 2)), draws=4096)
    # singles, splits, draws
    assert verdict and verdict.ground == "sample" and verdict.pairs == 15 * (2**13 - 1) + 4096


@pytest.mark.parametrize(("broken", "found_by"), [(14, "joining all"), (7, "random pairs")])
def test_beyond_13_players_a_loss_by_joining_is_found(broken, found_by):
    sizes = np.ceil(np.arange(15) / 2)
    sizes[broken] += 0.5 if broken == 14 else 1  # seven as three and four: 5 instead of 4
    verdict = stability.is_subadditive(by_size(sizes))
    left, right = verdict.pair
    assert not verdict and verdict.ground == "counterexample", found_by
    assert (left | right).bit_count() == broken and not left & right and verdict.loss > 0
