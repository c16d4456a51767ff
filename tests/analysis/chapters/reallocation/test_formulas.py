"""Chapter 7: hours and money are never added, and a shortfall is not redeployed."""

import numpy as np
import pandas as pd
import pytest

from analysis.chapters.reallocation import formulas as reallocation

STAFFING = pd.DataFrame(
    {
        "item": "mean_it_staff",
        "scope": list(reallocation.SIZE_CLASSES),
        "value": [20.0, 6.0, 3.0, 1.0],
    }
)
RANGES = pd.DataFrame(
    {
        "input": ["redeployed_share", "round_productivity", "freed_decay"],
        "low": [0.2, 0.0, 0.1],
        "central": [0.5, 0.1, 0.15],
        "high": [0.8, 0.2, 0.3],
    }
)


def world(money=(-10.0, 0.0, 10.0), circle=(2.0, 2.0, np.inf)):
    return pd.DataFrame(
        {
            "money_freed": money,
            "hours_freed": [1.0, 2.0, 4.0],
            "multiplier": circle,
            "gain": 0.1,
            "decay": 0.2,
            "redeployed_share": 0.5,
        }
    )


def test_staff_follow_the_size_of_each_municipality():
    wards = pd.DataFrame({"residents": [900_000, 200_000, 199_999, 60_000]})
    table = reallocation.it_staff(wards, STAFFING).set_index("size_class")
    assert table["municipalities"].to_dict() == {
        "residents >= 200,000": 2,
        "residents 50,000-200,000": 2,
    }
    # tempting: every ward with the mean of the large municipalities, 4 x 20
    assert table["staff"].sum() == 2 * 20 + 2 * 6


def test_a_size_class_without_a_mean_is_named():
    with pytest.raises(ValueError, match="residents < 10,000"):
        reallocation.it_staff(pd.DataFrame({"residents": [5]}), STAFFING.iloc[:3])


def test_what_is_freed_by_hand():
    draws = pd.DataFrame(
        {
            "it_staff_factor": [0.5],
            "hours_per_staff": [1800.0],
            "hours_freed_share": [0.1],
            "redeployed_share": [0.4],
            "round_productivity": [0.25],
            "freed_decay": [0.2],
        }
    )
    found = reallocation.freed(
        100.0, draws, pd.DataFrame({"draw": [0], "net_saving_jpy": [-7.0]})
    ).iloc[0]
    assert (found["staff_freed"], found["hours_freed"], found["money_freed"]) == pytest.approx(
        (5.0, 9000.0, -7.0)
    )
    assert found["gain"] == pytest.approx(0.1) and found["multiplier"] == pytest.approx(2.0)


def test_only_a_gain_is_split_and_a_shortfall_is_borne_whole():
    assert reallocation.to_services(pd.Series([-8.0, 8.0]), pd.Series([0.25, 0.25])).tolist() == [
        -8.0,
        2.0,
    ]


def test_the_circle_reverses_stalls_or_turns_and_the_shares_sum_to_one():
    assert reallocation.regime(world()["money_freed"], world()["multiplier"]).tolist() == [
        "reverses",
        "stalls",
        "turns",
    ]
    shares = reallocation.regimes(world()).groupby("resource")["share"].sum()
    assert shares.to_dict() == pytest.approx({"money": 1.0, "hours": 1.0})


def test_the_conditions_name_the_value_at_which_a_round_replaces_itself():
    needed = reallocation.circle_conditions(RANGES).set_index("input")
    assert needed["needed"].to_dict() == pytest.approx(
        {"redeployed_share": 1.5, "round_productivity": 0.3, "freed_decay": 0.05}
    )
    assert not needed["within"].any()


def test_stages_keep_today_less_freed_equal_to_after():
    table = reallocation.stages(
        100.0, pd.Series([10.0, 20.0, 30.0]), world().reset_index(drop=True), 3
    ).set_index("stage")
    assert table.loc["after", "p50"] == pytest.approx(
        table.loc["today", "p50"] - table.loc["freed", "p50"]
    )


def test_steps_and_closed_form_agree():
    assert reallocation.largest_gap(world(), 25) < 1e-9


def test_inputs_that_the_ranges_lack_are_all_named():
    with pytest.raises(ValueError, match="hours_freed_share, hours_per_staff, it_staff_factor"):
        reallocation.input_draws(RANGES, pd.DataFrame(), 8, "triangular", 0.3)
