"""Chapter 1 on standardisation: late systems, likeness of wards and its tree, the delay in the
nation.
"""

from itertools import product
from pathlib import Path

import pandas as pd
import pytest

from analysis.chapters.environment import standardisation

DATA = Path(__file__).parents[4] / "data"


@pytest.fixture
def delays():
    late = {("a", "戸籍"): 1, ("a", "就学"): 1, ("b", "就学"): 1}
    rows = [
        (code, business, late.get((code, business), 0), "yes")
        for code, business in product("abc", ("戸籍", "就学", "生活保護", "児童手当"))
    ]
    rows += [(code, "固定資産税", 0, "no") for code in "abc"]
    return pd.DataFrame(rows, columns=["code", "business_ja", "delayed", "applicable"])


def test_inapplicable_business_has_no_place_and_no_part_in_likeness(delays):
    late = standardisation.late_systems(delays)
    tax = late[late["business_ja"] == "固定資産税"]
    assert tax["business_position"].isna().all() and (tax["business_en"] == "Fixed asset tax").all()
    pair = standardisation.ward_likeness(delays).set_index(["code", "other_code"])
    # tempting: all five businesses, so that a tax which no ward levies makes every pair more alike
    # (4 of 5)
    assert (
        pair.loc[("a", "b"), "likeness_share"] == 3 / 4
        and pair.loc[("a", "c"), "likeness_share"] == 2 / 4
    )
    assert pair["both_late"].to_dict() == {("a", "b"): 1, ("a", "c"): 0, ("b", "c"): 0}


def test_places_run_from_one_along_both_margins(delays):
    late = standardisation.late_systems(delays)
    assert sorted(late["ward_position"].unique()) == [1, 2, 3]
    assert sorted(late["business_position"].dropna().unique()) == [1, 2, 3, 4]
    # between the ward that is never late and the one late most
    assert late.set_index("code").loc["b", "ward_position"].iloc[0] == 2


def test_unnamed_business_and_missing_cells_are_all_named(delays):
    broken = delays.replace({"business_ja": {"生活保護": "新業務"}}).drop(index=[0, 6])
    with pytest.raises(ValueError, match="新業務.*a 戸籍.*b 新業務"):
        standardisation.late_systems(broken)


def test_lateness_stands_beside_the_published_total(delays):
    progress = pd.DataFrame(
        {"code": list("abc"), "delayed_systems": [2, 1, 9], "step_progress": [0.5, 0.6, 0.7]}
    )
    lateness = standardisation.ward_lateness(delays, progress).set_index("code")
    assert lateness["late_businesses"].tolist() == [2, 1, 0] and lateness[
        "published_late"
    ].tolist() == [2, 1, 9]


def test_every_standardised_business_of_the_data_has_an_english_name():
    data = pd.read_csv(DATA / "ward_standardisation_delays.csv", dtype={"code": str})
    assert set(data["business_ja"]) == set(standardisation.BUSINESSES)
    assert len(set(standardisation.BUSINESSES.values())) == 21


def test_the_tree_joins_the_most_alike_first_and_all_wards_last(delays):
    # a is late in two of four, b in one of those two, c in none: a-b and b-c agree in 3 of 4, a-c
    # in 2 of 4
    tree = standardisation.likeness_tree(delays)
    assert tree["municipalities"].tolist() == [2, 3]
    # the last joint is the mean of 3/4 and 2/4
    assert tree["likeness_share"].tolist() == [0.75, 0.625]
    # side by side in the order of the grid
    assert tree.loc[0, "right"] - tree.loc[0, "left"] == 1


def test_the_tree_of_the_wards_stands_in_the_order_of_the_grid():
    delays = pd.read_csv(DATA / "ward_standardisation_delays.csv", dtype={"code": str})
    tree, likeness = standardisation.likeness_tree(delays), standardisation.ward_likeness(delays)
    places = (
        standardisation.late_systems(delays)
        .drop_duplicates("code")
        .set_index("code")["ward_position"]
    )
    assert (
        len(tree) == 22
        and tree["municipalities"].max() == 23
        and tree["likeness_share"].is_monotonic_decreasing
    )
    closest = tree.iloc[0]
    pair = [places[places == place].index[0] for place in (closest["left"], closest["right"])]
    own = likeness.set_index(["code", "other_code"])["likeness_share"]
    assert own[tuple(sorted(pair))] == closest["likeness_share"] == own.max()


def test_wards_are_counted_at_the_last_national_date_only():
    history = pd.DataFrame(
        {
            "as_of": ["2025-04-30", "2025-12-31"],
            "municipalities_with_delayed_systems": [25, 50],
            "municipalities": [100, 100],
        }
    )
    lateness = pd.DataFrame({"code": list("abcd"), "late_businesses": [0, 3, 1, 2]})
    table = standardisation.national_delay(history, lateness)
    assert table[["scope", "as_of", "late_share"]].values.tolist() == [
        ["nation", "2025-04-30", 0.25],
        ["nation", "2025-12-31", 0.5],
        ["tokyo23", "2025-12-31", 0.75],
    ]
