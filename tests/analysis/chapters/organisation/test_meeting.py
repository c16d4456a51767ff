"""Chapter 5, the table for a meeting: running cost and what is left once all is paid are two
columns, not one.
"""

import numpy as np
import pandas as pd
import pytest

from analysis.chapters.organisation import cost_sharing, meeting, net_gains
from analysis.methods.drawn_games import DrawnGames

PART = pd.DataFrame({"code": ["131016", "131024"], "residents": [100, 300]})
NAMED = pd.DataFrame({"code": ["131024"], "role": ["proposer"]})
OWN = np.array([[30.0, 40.0], [60.0, 80.0], [90.0, 120.0]])  # on one platform five sevenths of it


def table(net=((5.0, -20.0), (7.0, -10.0), (-9.0, 30.0))):
    game = DrawnGames(OWN, *(np.full(3, value) for value in (1.0, 0.0, 0.0, 1.0)), 2)
    charges = cost_sharing.quick_charges(game, np.array([100.0, 300.0]))
    shares = cost_sharing.cost_shares(
        PART, game, charges, {rule: paid[0] for rule, paid in charges.items()}, OWN[0]
    )
    after = net_gains.winners_losers(PART, {"shapley": np.array(net)}).sample(
        frac=1, random_state=3
    )
    return meeting.meeting_table(PART, NAMED, game, shares, after).set_index("code")


def test_running_cost_falls_where_a_ward_ends_up_paying_more():
    # tempting and wrong: one gain for both; the second ward saves 20 of 80 to run its systems and
    # loses 10 once it has moved
    row = table().loc["131024"]
    assert row["gain_jpy"] == 20 and row["net_gain_jpy"] == -10
    assert row["net_gains_share"] == pytest.approx(1 / 3)


def test_each_ward_has_its_own_cost_charge_and_role():
    found = table()
    assert found["role"].to_dict() == {"131016": "none", "131024": "proposer"}
    assert found["own_cost_jpy"].tolist() == [60, 80] and found[
        "charge_jpy"
    ].tolist() == pytest.approx([40, 60])
    assert found["charge_by_residents_jpy"].tolist() == pytest.approx([25, 75]) and found[
        "dearer_by_residents_share"
    ].tolist() == [0, 0]
    assert found["charge_per_resident_jpy"].tolist() == pytest.approx([0.4, 0.2])


def test_the_map_has_a_tile_for_every_ward_and_for_no_other():
    layout = pd.DataFrame(
        {"code": ["131024", "131016", "131032"], "column": [2, 1, 3], "row": [1, 1, 1]}
    )
    spans = pd.DataFrame({"charge_per_resident_low": [0.3, 0.2]})
    tiles = meeting.charge_map(table().reset_index(), layout, spans).set_index("code")
    assert tiles.loc["131016", "charge_per_resident_low"] == 0.3
    assert set(tiles.index) == {"131016", "131024"} and tiles.loc["131024", "column"] == 2
    assert tiles["charge_per_resident_jpy"].tolist() == pytest.approx(
        table().loc[tiles.index, "charge_per_resident_jpy"].tolist()
    )
