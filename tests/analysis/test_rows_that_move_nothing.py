"""Rows that were looked at for a range and argue for no other one: they are named with the reason,
and they bind nothing.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis import evidence
from analysis.inputs import EVIDENCE
from workbook.tables.catalog import Catalog

CATALOG = Catalog(Path(__file__).parents[2])
RANGES = CATALOG.load("input_ranges")
CITED = CATALOG.load("parameter_evidence")
BEHIND = {name: CATALOG.load(name) for name in EVIDENCE}
WIDE = CATALOG.load("wide_priors")
STILL = CITED[~CITED["moves_range"]]
ENDS = ["low", "central", "high"]


@pytest.mark.parametrize(
    "name", ["uptake_instances", "uptake_price", "uptake_demand", "supplier_premium"]
)
def test_each_range_that_was_not_moved_says_what_the_rows_say_and_why(name):
    said = STILL.loc[STILL["input"] == name, "rule"]
    assert len(said) and said.str.startswith("Not moved: ").all()


def test_a_row_that_moves_nothing_widens_no_back_cast():
    """The suppliers' list is of 2026, and its range rests on rows of 2022 and before: the tempting
    wrong answer is its wide prior.
    """
    known = evidence.ranges_known_by(RANGES, CITED, BEHIND, WIDE, "2022-03").set_index("input")
    own = RANGES.set_index("input")
    for name in ("supplier_premium", "uptake_price"):
        assert known.loc[name, ENDS].tolist() == own.loc[name, ENDS].tolist()
    bearing = CITED.assign(
        moves_range=CITED["moves_range"] | (CITED["input"] == "supplier_premium")
    )
    bound = evidence.ranges_known_by(RANGES, bearing, BEHIND, WIDE, "2022-03").set_index("input")
    assert bound.at["supplier_premium", "high"] > own.at["supplier_premium", "high"]


def test_the_count_of_suppliers_is_that_of_the_list():
    suppliers = CATALOG.load("compliant_package_suppliers")["suppliers"]
    row = BEHIND["supplier_concentration"].set_index("evidence_id").loc["C10"]
    assert row["value"] == pytest.approx((suppliers <= 2).mean(), abs=5e-5)
    assert f"{(suppliers <= 2).sum()} of {len(suppliers)} functions" in row["note"]
    assert f"{(suppliers == 1).sum()} of them with one" in row["note"]
    assert f"{(suppliers >= 5).sum()} of {len(suppliers)} have five or more" in row["note"]


def test_the_spend_of_members_is_the_arithmetic_of_its_rows_and_lies_inside_the_range():
    shares = BEHIND["procurement_evidence"].set_index("evidence_id")["value"]
    analogy = shares["P22"] * shares["P07"] / shares["P06"]
    rule = STILL.set_index(["input", "evidence_id"]).at[("uptake_price", "P22"), "rule"]
    own = RANGES.set_index("input").loc["uptake_price"]
    assert shares["P22"] == pytest.approx(22 / 23, abs=5e-5)
    assert f"{analogy:.2f} here" in rule and own["low"] < analogy < own["high"]


def test_two_wards_known_in_one_system_each_are_no_table_of_23():
    systems = CATALOG.load("ward_systems").set_index("code")
    assert (systems["standing"] == "assumed").all()
    known = systems.loc[["131091", "131121"], "reasoning"]
    assert known.str.contains("One thing is known:").all()
    assert not systems.drop(index=known.index)["reasoning"].str.contains("is known:").any()
