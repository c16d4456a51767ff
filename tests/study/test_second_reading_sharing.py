"""What a hostile second reading found in chapters 5 and 9 and in what holds the chapters together,
line by line.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.chapters.organisation import drivers, net_gains

CODES = ["131016", "131024", "131032"]


def wards(**costs: list[float]) -> pd.DataFrame:
    """Chapter 2's table of three wards, the last of them observed."""
    return pd.DataFrame(
        {
            "code": CODES,
            "residents": [100, 200, 400],
            "cost_p10_jpy": [8.0, 16.0, 50.0],
            "cost_p50_jpy": [10.0, 20.0, 50.0],
            "cost_p90_jpy": [12.0, 24.0, 50.0],
        }
    ).assign(**{f"cost_by_{driver}_jpy": values for driver, values in costs.items()})


def own_costs() -> pd.DataFrame:
    rows = [(0, 9.0, 21.0, 50.0), (1, 11.0, 19.0, 50.0)]
    return pd.DataFrame(
        [
            (draw, code, cost)
            for draw, *costs in rows
            for code, cost in zip(CODES, costs, strict=True)
        ],
        columns=["draw", "code", "cost_jpy"],
    )


def test_a16_without_a_rival_of_chapter_2_there_is_none():
    assert drivers.rival_costs(wards(), own_costs()) == {}


def test_a16_a_rival_driver_moves_the_middle_and_keeps_spread_total_and_what_was_observed():
    (moved,) = drivers.rival_costs(wards(staff=[40.0, 20.0, 7.0]), own_costs()).values()
    table = moved.pivot(index="draw", columns="code", values="cost_jpy")
    # 4 x 9 and 1 x 21 put back on 30: tempting to rescale the observed third as well
    np.testing.assert_allclose(table.loc[0], [36 * 30 / 57, 21 * 30 / 57, 50.0])
    np.testing.assert_allclose(table.sum(axis=1), [80.0, 80.0])


def test_a16_where_two_drivers_turn_the_order_round_every_rank_is_an_interval():
    rising, falling = np.arange(1.0, 24.0), np.arange(23.0, 0.0, -1.0)
    turned = drivers.interval([rising, falling], "charge")
    assert turned["rank_low"].iloc[0] == 1 and turned["rank_high"].iloc[0] == 23
    assert drivers.order_turns(turned)
    assert not drivers.order_turns(drivers.interval([rising, rising + 0.1], "charge"))


def test_a16_the_share_of_draws_in_which_a_ward_gains_covers_every_driver():
    part = pd.DataFrame({"code": CODES[:2], "residents": [100, 200]})
    as_run, rival = (
        {"shapley": np.array(gains, float)} for gains in ([[1, -1], [1, 1]], [[-1, 1], [-1, 1]])
    )
    found = net_gains.winners_losers(part, as_run, [rival]).set_index("code")
    assert found["gains_share"].tolist() == [1.0, 0.5]
    assert found["gains_share_low"].tolist() == [0.0, 0.5]
    assert found["gains_share_high"].tolist() == [1.0, 1.0]
