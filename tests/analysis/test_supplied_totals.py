"""Own costs that are totals, without system groups: they set the level, and nothing else asks for
more; a total next to its groups is refused.
"""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.chapters.resident_cost.observed_cost import years_left_out
from analysis.data_rules import DataRules
from tests.analysis.test_own_tables import CATALOG, WARDS, chapter, costs, of_costs


def totals(years=(2022,), codes=WARDS, yen=6e8):
    return costs(years, codes, groups=["all"], yen=yen)


def test_a_total_gives_what_its_six_groups_give():
    assert of_costs(totals()) == of_costs(totals(), WARDS) == []
    pd.testing.assert_frame_equal(chapter(totals()), chapter(costs(yen=1e8)))


def test_wards_with_groups_and_wards_with_totals_stand_side_by_side():
    mixed = pd.concat([costs(codes=WARDS[:5], yen=1e8), totals(codes=WARDS[5:])])
    assert of_costs(mixed, WARDS) == []
    assert chapter(mixed)["cost_jpy"].unique().tolist() == [6e8]


def test_a_total_next_to_its_groups_is_refused_and_not_counted_twice():
    both = pd.concat([costs(), totals(codes=WARDS[:1])])
    [said] = of_costs(both, WARDS)
    assert "both given for 131016" in said and "count twice" in said
    with pytest.raises(ValueError, match="both system groups and their total: 131016"):
        chapter(both)


def test_a_total_spares_no_other_ward_its_groups():
    frame = pd.concat([totals(codes=WARDS[:1]), costs(codes=WARDS[1:])])
    gap = frame.query("not (code == '131041' and system_group == 'data_use')")
    [said] = of_costs(gap, WARDS)
    assert "no cost given for 131041 data_use" in said
    with pytest.raises(ValueError, match="131041 data_use"):
        chapter(gap)


def test_a_total_of_nothing_is_no_cost():
    frame = pd.concat([totals(codes=WARDS[:1], yen=0.0), totals(codes=WARDS[1:])])
    assert "no cost at all for 131016" in of_costs(frame)[0]


def test_a_total_in_thousand_yen_is_as_hard_to_believe_as_its_groups():
    """250 million yen of core systems and more, written as 250,000: 4 yen a resident."""
    told = list(DataRules().implausible("ict_cost", totals(yen=6e6), CATALOG.load, ()))
    assert len(told) == 1 and "thousand yen" in told[0][1]


def test_the_years_that_enter_no_result_are_named():
    frame = totals(years=(2020, 2021, 2022))
    assert years_left_out(frame, chapter(frame)) == ["2020", "2021"]
    assert years_left_out(None, chapter(frame)) == []
