"""What an office's table calls the members of a group together, the study says and not the intake:
the same words mean something else where another study is at work.
"""

from __future__ import annotations

import pytest

from office_tables.municipalities import not_one
from office_tables.names import is_kind_of_municipality, is_subtotal
from tests.toy_project import with_the_toy

OF_THE_WARDS = ("特別区", "特別二十三区")
OF_THE_HILLS = "山村"  # the toy's


def test_the_study_says_which_rows_add_up_a_group():
    assert all(map(is_subtotal, OF_THE_WARDS)) and not is_subtotal(OF_THE_HILLS)
    assert (not_one("131008"), not_one("209007")) == ("the special wards together", "")


def test_another_study_has_rows_of_its_own(monkeypatch):
    with_the_toy(monkeypatch)
    assert is_subtotal(OF_THE_HILLS) and not any(map(is_subtotal, OF_THE_WARDS))
    assert (not_one("209007"), not_one("131008")) == ("the hill villages together", "")


@pytest.mark.parametrize("heading", ["{}", "各{}", "{}名"])
def test_a_group_heads_a_column_where_the_study_knows_it(monkeypatch, heading):
    wards, hills = heading.format(OF_THE_WARDS[0]), heading.format(OF_THE_HILLS)
    assert is_kind_of_municipality(wards) and not is_kind_of_municipality(hills)
    with_the_toy(monkeypatch)
    assert is_kind_of_municipality(hills) and not is_kind_of_municipality(wards)
