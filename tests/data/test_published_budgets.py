"""The budgets of Setagaya, Shinagawa and Fuji add up as their documents print them, and each figure
says where it was read.
"""

import re
from collections import Counter, defaultdict

import pytest

SETAGAYA, SHINAGAWA, FUJI = "131121", "131091", "222101"
TABLES = ("observed_ict_items", "observed_ict_budgets", "ict_budget_by_expense", "ict_commitments")


def item_by_year(rows, code):
    """Thousand yen of a municipality's item by fiscal year."""
    sums = defaultdict(int)
    for row in rows:
        if row["code"] == code and row["scope"] == "item":
            sums[int(row["fiscal_year"])] += int(row["amount_jpy"]) // 1000
    return dict(sums)


def outside(rows, code, year, scope):
    return sum(
        int(row["amount_jpy"]) // 1000
        for row in rows
        if (row["code"], row["fiscal_year"], row["scope"]) == (code, str(year), scope)
    )


def test_the_rows_of_setagaya_add_up_to_the_printed_item(table):
    item = item_by_year(table("observed_ict_budgets"), SETAGAYA)
    assert sorted(item) == list(range(2017, 2027))
    # the budget book of FY2026, page 321, and the figures the ward's totals give for FY2020
    assert (item[2020], item[2026]) == (4_952_889, 14_226_086)
    by_expense = table("ict_budget_by_expense")
    assert sum(int(row["amount_jpy"]) for row in by_expense) == item[2026] * 1000
    # tempting: school ICT and the counters of the number system counted in
    assert outside(table("observed_ict_budgets"), SETAGAYA, 2026, "school_ict") > 0


def test_the_first_year_of_setagaya_is_a_prior_year_column_and_says_so(table):
    rows = [row for row in table("observed_ict_budgets") if row["code"] == SETAGAYA]
    prior = {row["fiscal_year"] for row in rows if "prior year" in row["place"]}
    assert prior == {"2017"}


def test_supplementary_budgets_lead_on_from_the_initial_budgets_of_shinagawa(table):
    rows = table("observed_ict_budgets")
    item = item_by_year(rows, SHINAGAWA)
    assert sorted(item) == list(range(2018, 2027))
    assert (item[2020] + 9_215, item[2023] + 4_400) == (2_304_107, 3_651_899)
    # tempting: the item as raised in the year; only what was voted first is compared
    assert {row["basis"] for row in rows} == {"initial_budget"}


def test_the_programmes_of_fuji_add_up_to_what_its_books_print(table):
    rows = table("observed_ict_budgets")
    item = item_by_year(rows, FUJI)
    assert item == {2023: 1_644_013, 2024: 2_381_923, 2025: 2_551_719, 2026: 2_260_059}
    promotion = {
        row["fiscal_year"]: int(row["amount_jpy"]) // 1000
        for row in rows
        if row["code"] == FUJI and row["system_group"] == "promotion"
    }
    assert (item[2024] - promotion["2024"], item[2026] - promotion["2026"]) == (
        2_333_488,
        2_235_456,
    )
    assert outside(rows, FUJI, 2024, "revenue") == 684_193


def test_no_total_stands_beside_its_parts(table):
    # a row that repeats the item's name is the whole item: it must be alone in its year
    rows = [row for row in table("observed_ict_budgets") if row["scope"] == "item"]
    years = Counter((row["code"], row["fiscal_year"]) for row in rows)
    whole = [row for row in rows if row["programme_ja"] == row["item_ja"]]
    assert whole and all(years[row["code"], row["fiscal_year"]] == 1 for row in whole)


def test_what_is_read_here_rests_on_a_listed_document(table):
    documents = {row["document"] for row in table("budget_documents")}
    used = {
        row["document"]
        for name in (*TABLES, "ward_it_staff", "ict_programme_costs")
        for row in table(name)
    }
    assert used == documents
    minutes = [row for row in table("observed_ict_budgets") if row["code"] == SHINAGAWA]
    assert all(re.search(r"\d{4}-\d\d-\d\d, voice \d+: https://", row["place"]) for row in minutes)


def test_an_item_is_described_once_for_every_municipality_that_publishes_one(table):
    described = [row["code"] for row in table("observed_ict_items")]
    assert sorted(described) == sorted({row["code"] for row in table("observed_ict_budgets")})
    counted = {
        row["code"] for row in table("municipality_indicators") if row["indicator"] == "residents"
    }
    own = {row["code"] for row in table("observed_ict_items") if row["residents"]}
    # residents stand in one place: here only where the indicators have no count
    assert own == set(described) - counted


@pytest.mark.parametrize(("form", "municipalities"), [("joint", 312), ("single", 475)])
def test_clouds_by_size_add_up_to_the_printed_number(form, municipalities, table):
    rows = [row for row in table("cloud_adoption_2016") if row["form"] == form]
    assert sum(int(row["municipalities"]) for row in rows) == municipalities


def test_the_share_of_the_general_account_follows_from_the_printed_totals(table):
    points = {row["evidence_id"]: row for row in table("ward_cost_points")}
    item = item_by_year(table("observed_ict_budgets"), SETAGAYA)
    assert float(points["W13"]["value"]) == pytest.approx(item[2026] / 431_353_010, abs=5e-5)
    assert float(points["W12"]["value"]) < float(points["W13"]["value"]) / 2


def test_limits_of_setagayas_internal_systems_are_the_printed_ones(table):
    limits = {
        row["subject_ja"]: int(row["limit_jpy"]) // 1000
        for row in table("ict_commitments")
        if row["code"] == SETAGAYA
    }
    internal = [amount for subject, amount in limits.items() if "内部情報系" in subject]
    assert sorted(internal) == [1_084_046, 1_798_476]


def test_suppliers_are_as_many_as_their_names(table):
    for row in table("compliant_package_suppliers"):
        assert int(row["suppliers"]) == len(row["names_ja"].split("; ")), row["business_ja"]
        assert int(row["packages"]) >= int(row["suppliers"])
