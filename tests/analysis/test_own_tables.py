"""What the chapters ask of own tables: said in words before a run, for the very tables at which a
run would stop.
"""

import pandas as pd
import pytest

from analysis.chapters.resident_cost.formulas import residents_on
from analysis.chapters.resident_cost.observed_cost import GROUPS, observed_municipalities
from analysis.data_rules import DataRules
from analysis.methods.panel import complete_panel
from analysis.own_tables import LOOKED_UP, unmet_conditions
from tests.office_tables.office_files import ROOT
from workbook.running.scenarios import shipped
from workbook.tables.catalog import Catalog

CATALOG = Catalog(ROOT)
MUNICIPALITIES, INDICATORS = CATALOG.load("municipalities"), CATALOG.load("municipality_indicators")
WARDS = sorted(MUNICIPALITIES.loc[MUNICIPALITIES["group"] == "tokyo23", "code"])


def costs(years=(2022,), codes=WARDS, groups=GROUPS, yen=1e8):
    return pd.DataFrame(
        [(code, year, group, yen) for code in codes for year in years for group in groups],
        columns=["code", "fiscal_year", "system_group", "cost_jpy"],
    )


def of_costs(frame, taking_part=()):
    return list(unmet_conditions("ict_cost", frame, None, MUNICIPALITIES, taking_part))


def of_indicators(frame):
    return list(unmet_conditions("municipality_indicators", frame, INDICATORS, MUNICIPALITIES))


def chapter(frame):
    """Run what chapter 2 makes of supplied costs."""
    by_municipality = residents_on(MUNICIPALITIES, INDICATORS, "2020-01-01")
    part = by_municipality[by_municipality["code"].isin(WARDS)]
    return observed_municipalities(
        frame, MUNICIPALITIES, by_municipality, part, CATALOG.load("participants")
    )


def test_a_whole_table_of_costs_is_fit_and_the_chapter_takes_it():
    assert of_costs(costs()) == of_costs(costs(), WARDS) == []
    assert len(chapter(costs())) == 23


def test_one_missing_group_is_named_with_its_ward():
    frame = costs().query("not (code == '131041' and system_group == 'data_use')")
    [said] = of_costs(frame)
    assert (
        said == "fiscal year 2022: no cost given for 131041 data_use: write 0 where a municipality"
        " spends"
        " nothing"
    )
    with pytest.raises(ValueError, match="131041 data_use"):
        chapter(frame)


def test_a_column_of_the_next_year_is_named_once_and_not_ward_by_ward():
    frame = pd.concat([costs(), costs([2023], groups=["core"])])
    [said] = of_costs(frame)
    assert said.startswith(
        "fiscal year 2023: no municipality has a cost of internal, communication, online_counter"
    )
    assert of_costs(frame, WARDS) == [said]
    with pytest.raises(ValueError, match="ict_cost: fiscal year 2023"):
        chapter(frame)


def test_an_older_year_with_gaps_stops_no_run_that_takes_the_later_one():
    frame = pd.concat([costs([2021], groups=["core"]), costs()])
    assert of_costs(frame, WARDS) == []
    assert set(chapter(frame)["fiscal_year"]) == {2022}
    assert "fiscal year 2021" in of_costs(frame)[0]  # another run may take it


def test_wards_that_no_year_holds_are_named_for_a_run_and_left_open_without_one():
    frame = costs(codes=WARDS[1:])
    assert of_costs(frame) == []
    [said] = of_costs(frame, WARDS)
    assert "2022 lacks 131016" in said
    with pytest.raises(ValueError, match="2022 lacks 131016"):
        chapter(frame)


def test_a_municipality_without_any_cost_and_an_unknown_one_are_named():
    free = costs().assign(cost_jpy=lambda t: t["cost_jpy"].where(t["code"] != "131016", 0.0))
    assert of_costs(free)[0].startswith("fiscal year 2022: no cost at all for 131016")
    with pytest.raises(ValueError, match="no cost at all: 131016"):
        chapter(free)
    strange = costs(codes=[*WARDS, "133035"])
    assert "133035" in of_costs(strange)[0]
    with pytest.raises(ValueError, match="unknown municipalities 133035"):
        chapter(strange)


def test_the_published_indicators_are_fit_and_so_are_more_years_of_them():
    assert of_indicators(INDICATORS) == []
    later = INDICATORS[INDICATORS["period"] == "2022-01-01"].assign(period="2023-01-01")
    assert of_indicators(pd.concat([INDICATORS, later])) == []


@pytest.mark.parametrize(
    ("indicator", "period", "other", "right"),
    [
        ("residents", "2022-01-01", "2022", "2022-01-01"),
        ("residents", "2022-01-01", "FY2022", "2022-01-01"),
        ("residents", "2022-01-01", "2022-10-01", "2022-01-01"),
        ("expenditure", "FY2022", "2022", "FY2022"),
        ("general_administration_staff", "2022", "FY2022", "2022"),
        ("general_administration_staff", "2022", "2022-04-01", "2022"),
    ],
)
def test_a_year_spelled_otherwise_than_published_is_named_with_the_right_spelling(
    indicator, period, other, right
):
    rows = INDICATORS[
        (INDICATORS["indicator"] == indicator) & (INDICATORS["period"] == period)
    ].assign(period=other)
    beside = pd.concat([INDICATORS, rows], ignore_index=True)
    spelled, twice = of_indicators(beside)
    assert f"{indicator} of {other} (69 municipalities)" in spelled
    assert f"--fill period={right}" in spelled
    assert f"{indicator} of 2022 stands twice for 69 municipalities" in twice
    with pytest.raises(ValueError, match="given twice"):
        complete_panel(beside, MUNICIPALITIES["code"], {indicator: [2022]})


def test_a_short_table_in_place_of_the_long_one_is_refused_with_what_it_lacks():
    short = INDICATORS[(INDICATORS["period"] == "2022-01-01") & INDICATORS["code"].isin(WARDS)]
    [said] = of_indicators(short)
    assert "takes the place of 1,242 published rows" in said
    assert "residents 2016-01-01 (69 municipalities)" in said
    assert "residents 2022-01-01 (46 municipalities)" in said
    assert "--keep-published" in said


def test_one_row_less_is_named_by_its_code():
    [said] = of_indicators(INDICATORS.iloc[1:])
    assert "lacks residents 2016-01-01 (131016)" in said


def test_another_unit_and_a_value_of_zero_are_named():
    place = INDICATORS.index[0]
    assert (
        "is in JPY: write it in person"
        in of_indicators(
            INDICATORS.assign(unit=INDICATORS["unit"].mask(INDICATORS.index == place, "JPY"))
        )[0]
    )
    zero = INDICATORS.assign(value=INDICATORS["value"].mask(INDICATORS.index == place, 0.0))
    assert "residents is not above 0 for 131016 2016-01-01" in of_indicators(zero)[0]


@pytest.mark.parametrize("name", LOOKED_UP)
def test_a_table_that_the_chapters_look_up_by_key_must_hold_every_key(name):
    published = CATALOG.load(name)
    assert list(unmet_conditions(name, published, published, MUNICIPALITIES)) == []
    [said] = unmet_conditions(name, published.iloc[1:], published, MUNICIPALITIES)
    assert str(published.iloc[0][LOOKED_UP[name][-1]]) in said


def test_the_order_of_rows_changes_nothing():
    frame = pd.concat([costs([2023], groups=["core"]), costs()]).sample(frac=1, random_state=1)
    assert of_costs(frame) == of_costs(frame.sort_values(["code", "fiscal_year"]))


def test_with_own_costs_no_scenario_is_named_for_a_public_total_that_it_does_not_use(copied_study):
    everything = shipped(copied_study)
    (copied_study / "data" / "local").mkdir()
    (copied_study / "data" / "local" / "ict_cost.csv").write_text(
        "code,fiscal_year,system_group,cost_jpy\n131016,2022,core,1\n"
    )
    left_out = [name for name in everything if name not in shipped(copied_study)]
    assert left_out == ["mayors_2020"]


@pytest.mark.parametrize(
    ("years", "said"),
    [
        ((2022,), []),
        ((2022, 2021), ["holds fiscal years 2021, 2022, of which"]),
    ],
)
def test_of_several_years_it_is_said_that_one_counts(copied_study, years, said):
    """The tempting silence: a researcher who adds a year waits in vain for a number to move."""
    (copied_study / "data" / "local").mkdir()
    rows = [f"131024,{year},core,1000000000\n" for year in years]
    path = copied_study / "data" / "local" / "ict_cost.csv"
    path.write_text("code,fiscal_year,system_group,cost_jpy\n" + "".join(rows), encoding="utf-8")
    remarks = [text.partition(": ")[2] for text in DataRules().remarks(Catalog(copied_study))]
    assert len(remarks) == len(said)
    assert all(map(str.startswith, remarks, said))
