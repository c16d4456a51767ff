"""Rows of an office's table that add up the members of a group: the study says which they are."""

from __future__ import annotations

import pytest

from office_tables import municipalities, names
from office_tables.municipalities import CITY_WARD, PREFECTURE, not_one
from workbook.groups import NoGroups, Together

CITIES = Together("14900", "県央三市", "the three cities together", "14212", "14214")


class Groups(NoGroups):
    """A group of three cities of Kanagawa, with a row of its own in offices' tables."""

    def together(self):
        return (CITIES,)


@pytest.fixture
def of_other_groups(monkeypatch):
    """The intake under a study that has another group, and none of special wards."""
    other = type("Other", (), {"groups": Groups()})
    monkeypatch.setattr(municipalities, "study", lambda: other)
    monkeypatch.setattr(names, "study", lambda: other)


def test_the_code_of_the_special_wards_together_is_no_municipality():
    assert not_one("131008") == "the special wards together"


@pytest.mark.usefixtures("of_other_groups")
def test_a_study_names_the_rows_that_add_up_its_own_groups():
    assert not_one("149004") == "the three cities together"
    assert names.is_subtotal("県央三市") and not names.is_subtotal("厚木市")
    assert CITIES.holds("142123") and not CITIES.holds("141003")


# The tempting wrong answer: a number from 101 is a ward of a designated city, as in Yokohama.
@pytest.mark.usefixtures("of_other_groups")
@pytest.mark.parametrize(
    ("code", "found"),
    [("131016", ""), ("131237", ""), ("141011", CITY_WARD), ("141003", ""), ("140007", PREFECTURE)],
)
def test_a_special_ward_is_a_municipality_whatever_is_studied(code, found):
    assert not_one(code) == found
