"""Panels are complete or refused, by name."""

import pandas as pd
import pytest

from analysis.methods.panel import complete_panel


def observations(rows):
    return pd.DataFrame(rows, columns=["code", "indicator", "period", "value"])


LONG = observations(
    [
        ("a", "staff", "2021", 3.0),
        ("a", "money", "FY2018", 5.0),
        ("b", "staff", "2021", 4.0),
        ("b", "money", "FY2018", 6.0),
    ]
)


def test_dates_years_and_fiscal_years_are_all_read_as_the_year_they_begin_in():
    rows = LONG.replace({"period": {"2021": "2021-01-01"}})
    panel = complete_panel(rows, ["b", "a"], {"staff": [2021], "money": [2018]})
    assert panel.index.tolist() == ["b", "a"]
    assert panel["staff", 2021].tolist() == [4, 3] and panel["money", 2018].tolist() == [6, 5]


def test_every_missing_cell_is_named_together_with_every_cell_given_twice():
    rows = pd.concat(
        [LONG, observations([("a", "staff", "2021", 9.0), ("b", "staff", "2022", None)])]
    )
    with pytest.raises(
        ValueError,
        match=(
            "without a value: a staff 2022, b staff 2022, c staff 2021, c staff 2022; given twice:"
            " a staff 2021"
        ),
    ):
        complete_panel(rows, ["a", "b", "c"], {"staff": [2021, 2022]})


def test_a_long_list_of_faults_says_how_many_are_left_out():
    with pytest.raises(ValueError, match="z staff 29 and 10 more"):
        complete_panel(LONG, ["z"], {"staff": range(40)})


def test_what_is_not_asked_for_changes_nothing():
    extra = pd.concat(
        [
            LONG,
            observations(
                [
                    ("a", "other", "2021", 1.0),
                    ("z", "staff", "2021", 1.0),
                    ("z", "staff", "2021", 2.0),
                ]
            ),
        ]
    )
    wanted = {"staff": [2021]}
    pd.testing.assert_frame_equal(
        complete_panel(extra, ["a", "b"], wanted), complete_panel(LONG, ["a", "b"], wanted)
    )
