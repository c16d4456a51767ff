"""Chapter 2's published budgets, worked out again from the CSV files by code of its own."""

import csv
import math
from collections import defaultdict
from pathlib import Path

import pandas as pd
import pytest

from analysis.chapters.resident_cost import formulas as rc
from analysis.chapters.resident_cost import published_budgets as pb
from analysis.data_fault import DataFault

DATA = Path(__file__).parents[4] / "data"
SETAGAYA, SHINAGAWA, FUJI = "131121", "131091", "222101"


def facts(name):
    return pd.read_csv(DATA / f"{name}.csv", dtype={"code": "str"})


def rows(name):
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def costs():
    return pb.item_costs(
        facts("observed_ict_budgets"), facts("observed_ict_items"), facts("municipality_indicators")
    )


@pytest.fixture(scope="module")
def wards():
    by_municipality = rc.residents_on(
        facts("municipalities"), facts("municipality_indicators"), "2020-01-01"
    )
    return rc.taking_part(by_municipality, facts("participants"), "tokyo23", "all")


@pytest.fixture(scope="module")
def readings(costs, wards):
    people = wards["residents"].sum()
    rivals = rc.baselines(facts("published_figures"), people, people, "implied")
    return pb.budget_readings(
        costs, facts("ward_cost_points"), facts("ict_cost_survey"), rivals, wards
    ).set_index("reading")


def by_hand():
    """Yen and residents by municipality and year: plain loops over the files."""
    yen, people = defaultdict(int), {}
    for row in rows("municipality_indicators"):
        if row["indicator"] == "residents":
            people[row["code"], int(row["period"][:4])] = float(row["value"])
    for row in rows("observed_ict_budgets"):
        if row["scope"] == "item":
            yen[row["code"], int(row["fiscal_year"])] += int(row["amount_jpy"])
    return {
        (code, year): (amount, people.get((code, min(year, 2022)), 247_887))
        for (code, year), amount in yen.items()
    }


def test_every_cost_per_resident_is_the_item_over_the_residents(costs):
    expected = by_hand()
    assert len(costs) == len(expected) == 10 + 9 + 4
    for row in costs.itertuples():
        amount, people = expected[row.code, row.fiscal_year]
        assert row.cost_per_resident_jpy == pytest.approx(amount / people)


@pytest.mark.parametrize(
    ("code", "year", "cost"),
    [
        (SETAGAYA, 2020, 5_398),
        (SHINAGAWA, 2020, 5_713),
        (SETAGAYA, 2026, 15_527),
        (FUJI, 2023, 6_632),
        (FUJI, 2024, 9_609),
    ],
)
def test_costs_that_others_have_worked_out(costs, code, year, cost):
    row = costs[(costs["code"] == code) & (costs["fiscal_year"] == year)].iloc[0]
    assert round(row["cost_per_resident_jpy"]) == cost


def test_residents_are_of_the_year_or_of_the_nearest_count_and_say_so(costs):
    on = costs.set_index(["code", "fiscal_year"])["residents_on"]
    assert on[SETAGAYA, 2018] == "2018-01-01" and on[SETAGAYA, 2026] == "2022-01-01"
    assert on[FUJI, 2023] == on[FUJI, 2026] == "2024-01-01"


def test_what_lies_outside_the_item_is_not_added(costs):
    # tempting: school ICT, which Setagaya and Fuji print and Shinagawa does not
    budgets = facts("observed_ict_budgets")
    without = budgets[budgets["scope"] == "item"]
    again = pb.item_costs(without, facts("observed_ict_items"), facts("municipality_indicators"))
    pd.testing.assert_frame_equal(again, costs)


def test_growth_counts_from_the_report_and_not_from_the_cheapest_year(costs):
    growth = pb.budget_growth(costs, facts("ward_cost_points")).set_index("code")
    assert round(growth.loc[SETAGAYA, "ratio"], 2) == 2.76
    assert round(growth.loc[SHINAGAWA, "ratio"], 2) == 2.16
    # tempting: from the cheapest year, FY2021, 3.14 times
    assert growth.loc[SETAGAYA, "from_year"] == 2022 and growth.loc[FUJI, "from_year"] == 2023
    assert growth.loc[SETAGAYA, "account_share_after"] == pytest.approx(0.033)
    assert growth.loc[[SHINAGAWA, FUJI], "account_share_after"].isna().all()


def test_parts_are_shares_of_the_item_and_add_up(costs):
    parts = pb.budget_parts(facts("observed_ict_budgets"), costs)
    sums = parts.groupby(["code", "fiscal_year"])["share"].sum()
    assert sums.tolist() == pytest.approx([1.0] * len(sums))
    of_2020 = parts[(parts["code"] == SETAGAYA) & (parts["fiscal_year"] == 2020)]
    percent = (100 * of_2020.set_index("system_group")["share"]).round(1).to_dict()
    assert percent == {
        "platform": 36.4,
        "core": 24.4,
        "development": 9.5,
        "departmental": 26.3,
        "centre": 3.4,
    }
    # an item that nobody broke down has no parts; tempting: one part of 100 %
    assert SHINAGAWA not in set(parts["code"]) and (FUJI, 2023) not in sums.index


def test_the_slope_between_two_wards_is_the_ratio_of_logs(costs, wards):
    slope = pb.ward_slope(costs, wards["code"]).set_index("fiscal_year")
    hand = by_hand()
    assert slope.index.tolist() == list(range(2018, 2027))
    for year in slope.index:
        (large, many), (small, few) = hand[SETAGAYA, year], hand[SHINAGAWA, year]
        expected = math.log(large / small) / math.log(many / few)
        assert slope.loc[year, "elasticity"] == pytest.approx(expected)
    assert slope.loc[[2018, 2020, 2022], "elasticity"].round(2).tolist() == [1.0, 0.93, 0.89]
    # tempting: those three years, a steady fall; in the others it lies on both sides of one
    assert slope["elasticity"].min() < 0.8 and slope["elasticity"].max() > 1.1


def test_a_city_outside_the_wards_enters_no_slope(costs, wards):
    slope = pb.ward_slope(costs, wards["code"])
    assert (slope["municipalities"] == 2).all()
    assert pb.ward_slope(costs, [SETAGAYA]).empty


def test_several_wards_are_taken_together_by_their_residents(readings):
    item = readings.loc["item"]
    assert round(item["cost_per_resident_jpy"]) == 5_494 and item["municipalities"] == 2
    # tempting: the mean of the two, 5,556
    assert round(item["cost_per_resident_jpy"]) != round((5_398 + 5_713) / 2)


def test_the_report_s_total_lies_between_one_item_and_all_ict(readings):
    per_resident = readings["cost_per_resident_jpy"]
    assert round(per_resident["implied"]) == 6_938 and round(per_resident["whole_ict"]) == 13_624
    assert per_resident["item"] < per_resident["implied"] < per_resident["whole_ict"]
    assert readings.loc["item", "against_implied"] == pytest.approx(0.79, abs=0.005)
    billions = (readings["all_wards_jpy"] / 1e9).round(1)
    assert (billions["item"], billions["implied"], billions["whole_ict"]) == (52.6, 66.4, 130.4)
    assert readings["place"].tolist() == sorted(readings["place"])


def test_all_ict_is_about_twice_the_item_of_the_same_ward_and_year(costs):
    times = pb.whole_to_item(costs, facts("ward_cost_points"))
    assert times == pytest.approx(5_500_000 / 2_483_627)


def test_a_municipality_that_no_row_describes_is_refused_with_the_remedy():
    items = facts("observed_ict_items")
    with pytest.raises(DataFault, match=f"no row describes the item of {FUJI}; add it there"):
        pb.item_costs(
            facts("observed_ict_budgets"),
            items[items["code"] != FUJI],
            facts("municipality_indicators"),
        )
    with pytest.raises(DataFault, match=f"no residents are counted for {FUJI}"):
        pb.item_costs(
            facts("observed_ict_budgets"),
            items.assign(residents=float("nan")),
            facts("municipality_indicators"),
        )


def test_the_order_of_rows_and_one_row_for_many_change_nothing(costs):
    budgets = facts("observed_ict_budgets")
    inside = budgets[budgets["scope"] == "item"]
    whole = inside.groupby(["code", "fiscal_year", "scope"], as_index=False)["amount_jpy"].sum()
    for other in (budgets.sample(frac=1, random_state=1), whole):
        again = pb.item_costs(other, facts("observed_ict_items"), facts("municipality_indicators"))
        pd.testing.assert_frame_equal(again, costs)


def test_a_third_ward_enters_by_its_rows_alone(costs, wards):
    budgets, items = facts("observed_ict_budgets"), facts("observed_ict_items")
    third = "131130"  # Shibuya
    like = budgets[budgets["code"] == SHINAGAWA].assign(code=third)
    described = items[items["code"] == SHINAGAWA].assign(code=third, name_en="Shibuya")
    more = pb.item_costs(
        pd.concat([budgets, like]),
        pd.concat([items, described]),
        facts("municipality_indicators"),
    )
    assert len(more) == len(costs) + 9
    assert (pb.ward_slope(more, wards["code"])["municipalities"] == 3).all()
