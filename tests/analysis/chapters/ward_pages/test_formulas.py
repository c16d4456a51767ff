"""Chapter 11 by hand: what a page says is another table's, and what narrows is worked out here."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.chapters.ward_pages import formulas as ward_pages

CODES = ["131016", "131121"]


def by_code(**columns):
    return pd.DataFrame({"code": CODES, **columns})


def lines():
    return [
        *ward_pages.observed_lines(
            by_code(residents=[100, 300], item_per_resident_jpy=[np.nan, 50.0]),
            by_code(staff=[10.0, 20.0]),
            by_code(expenditure_per_resident_jpy=[5e5, 4e5]),
            pd.DataFrame({"code": ["131016"], "late_businesses": [3], "progress_share": [0.5]}),
            pd.DataFrame(
                {
                    "code": ["131121", "131121", "222101"],
                    "fiscal_year": [2026, 2020, 2026],
                    "amount_jpy": [14e9, 5e9, 2e9],
                    "cost_per_resident_jpy": [140.0, 50.0, 60.0],
                }
            ),
        ),
        *ward_pages.net_lines(
            pd.concat(
                by_code(
                    rule=rule,
                    gain_p10_jpy=[-2.0, -3.0],
                    gain_p50_jpy=[-1.0, 0.0],
                    gain_p90_jpy=[1.0, 2.0],
                    gains_share=[0.2, 0.5],
                )
                for rule in (*ward_pages.RULES, "equal")
            )
        ),
    ]


def test_a_page_has_its_lines_in_order_and_leaves_out_what_is_not_published():
    table = ward_pages.ward_lines(CODES, lines())
    chiyoda = table[table["code"] == "131016"]["line"].tolist()
    assert chiyoda[:5] == ["residents", "staff", "expenditure", "late", "progress"]
    assert "ict_budget" not in chiyoda and chiyoda[5] == "net_shapley"
    setagaya = table[table["code"] == "131121"].set_index("line")
    assert "late" not in setagaya.index
    # the latest year, and the year that it is of; tempting: the first row of the table's order
    assert setagaya.loc["ict_budget", ["value", "year"]].tolist() == [14e9, 2026]
    # and that of the year whose item the model takes up
    assert setagaya.loc["ict_budget_then", ["value", "year"]].tolist() == [5e9, 2020]
    assert "ict_budget_then" not in chiyoda
    assert table["code"].isin(CODES).all() and table["place"].tolist() == [
        *range(1, len(table) + 1)
    ]


def test_net_gains_stand_by_rule_with_the_share_of_draws_behind_each():
    table = ward_pages.ward_lines(CODES, lines()).set_index(["code", "line"])
    assert table.loc[("131121", "net_residents"), ["low", "value", "high"]].tolist() == [-3, 0, 2]
    assert table.loc[("131121", "gains_residents"), "value"] == 0.5
    assert not table.index.get_level_values("line").str.endswith("equal").any()


def a_world(n=4000):
    """The first municipality's own cost is normal with a standard deviation of 10, the move of all
    with one of 8; the second has three quarters of the residents and a cost that is known."""
    spread, move = np.random.default_rng(1).normal(size=(2, n)) * [[10.0], [8.0]]
    own = pd.DataFrame(
        {
            "draw": np.repeat(np.arange(n), 2),
            "code": CODES * n,
            "cost_jpy": np.column_stack([100 + spread, np.full(n, 300.0)]).ravel(),
        }
    )
    savings = pd.DataFrame(
        {
            "draw": np.arange(n),
            "transition": 50 + move,
            "price": 5.0,
            "demand": 0.0,
            "net_saving_jpy": -50 - move,
        }
    )
    return own, savings, pd.Series([1.0, 3.0], CODES)


def test_the_figure_that_carries_the_spread_narrows_it_most():
    # shared by residents the first bears a quarter of the bill: own cost moves its gain by 0.75 x
    # 10, the move by 0.25 x 8. Tempting: the part of the variance, 93 %
    table = ward_pages.narrowing(*a_world(), CODES).set_index(["code", "place"])
    assert table.loc[("131016", 1), "figure"] == "own_cost"
    assert table.loc[("131016", 1), "narrowing"] == pytest.approx(1 - 2 / 60.25**0.5, abs=0.02)
    # the second's own cost is the same in every draw: to know it tells nothing, the move does
    other = table.loc["131121"].set_index("figure")["narrowing"]
    assert other["own_cost"] == 0
    assert other["migration"] == pytest.approx(1 - 7.5 / 92.25**0.5, abs=0.03)


def test_what_does_not_vary_and_what_has_no_part_in_it_narrows_nothing():
    table = ward_pages.narrowing(*a_world(), CODES).set_index(["code", "figure"])["narrowing"]
    assert table["131016", "price"] == table["131016", "specification"] == 0
    assert table.between(0, 1).all()


def test_three_figures_are_asked_for_the_best_first():
    asked = ward_pages.ward_lines(
        CODES, ward_pages.asked_lines(ward_pages.narrowing(*a_world(), CODES))
    )
    of_one = asked[asked["code"] == "131016"]
    assert len(of_one) == ward_pages.WORTH_ASKING
    assert of_one["value"].is_monotonic_decreasing and of_one["line"].iloc[0] == "ask_own_cost"


def test_the_shares_of_draws_in_the_text_are_those_of_the_pages_rules():
    # over what drives cost: tempting, the shares of the draws as run, 0.3 to 0.5
    winners = pd.DataFrame(
        {
            "rule": [*ward_pages.RULES, "equal"],
            "gains_share": [0.3, 0.4, 0.5, 0.01],
            "gains_share_low": [0.2, 0.4, 0.5, 0.01],
            "gains_share_high": [0.3, 0.4, 0.6, 0.9],
        }
    )
    assert ward_pages.gains_everywhere(winners) == {"low": 0.2, "high": 0.6}


def test_a16_a_page_shows_what_either_driver_makes_of_the_cost_and_a_place_with_its_interval():
    costs = by_code(
        residents=[100, 300],
        cost_p10_jpy=[8.0, 20.0],
        cost_p50_jpy=[10.0, 30.0],
        cost_p90_jpy=[12.0, 40.0],
        cost_per_resident_p10_jpy=[0.08, 0.06],
        cost_per_resident_p50_jpy=[0.1, 0.09],
        cost_per_resident_p90_jpy=[0.12, 0.14],
        cost_by_residents_jpy=[9.0, 31.0],
        cost_by_drivers_jpy=[14.0, 26.0],
        rank_low=[1, 1],
        rank_p50=[1, 2],
        rank_high=[2, 2],
    )
    table = ward_pages.ward_lines(CODES, ward_pages.modelled_lines(costs))
    first = table[table["code"] == CODES[0]].set_index("line")
    assert first.loc[["by_residents", "by_drivers"], "value"].tolist() == [9.0, 14.0]
    assert "rank" not in first.index  # no ward can be ranked by what is modelled
