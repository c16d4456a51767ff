"""Chapter 1: pooled figures, positions, late systems and the timeline."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.chapters.environment import formulas as environment
from analysis.groups import Group

DATA = Path(__file__).parents[4] / "data"
MUNICIPALITIES = {"a": "tokyo23", "b": "tokyo23", "c": "tama26", "d": "tama26", "e": "designated20"}
RESIDENTS = {"a": 100_000, "b": 900_000, "c": 200_000, "d": 100_000, "e": 1_000_000}
STAFF = {"a": 1_500, "b": 4_500, "c": 800, "d": 500, "e": 5_000}
TRUE_BORDERS = {  # pairs of wards that share a border, by English name
    "Adachi": "Kita Arakawa Sumida Katsushika",
    "Arakawa": "Kita Bunkyo Taito Sumida",
    "Bunkyo": "Toshima Kita Taito Chiyoda Shinjuku",
    "Chiyoda": "Shinjuku Taito Chuo Minato",
    "Chuo": "Taito Sumida Koto Minato",
    "Edogawa": "Katsushika Sumida Koto",
    "Itabashi": "Kita Toshima Nerima",
    "Katsushika": "Sumida",
    "Kita": "Toshima",
    "Koto": "Sumida Minato Shinagawa Ota",
    "Meguro": "Shibuya Setagaya Shinagawa Ota",
    "Minato": "Shinjuku Shibuya Shinagawa",
    "Nakano": "Nerima Toshima Shinjuku Shibuya Suginami",
    "Nerima": "Toshima Suginami",
    "Ota": "Setagaya Shinagawa",
    "Setagaya": "Suginami Shibuya",
    "Shibuya": "Shinjuku Suginami Shinagawa",
    "Shinjuku": "Toshima",
    "Sumida": "Taito",
}

TAMA_BORDERS = {  # those of the Tama cities that the map keeps
    "Akiruno": "Fussa Hachioji Ome",
    "Akishima": "Fussa Hachioji Hino",
    "Chofu": "Fuchu Koganei Komae Mitaka",
    "Fuchu": "Inagi Kokubunji Tama",
    "Fussa": "Hamura Tachikawa",
    "Hamura": "Ome",
    "Higashikurume": "Higashimurayama Kodaira Nishitokyo",
    "Higashimurayama": "Higashiyamato Kiyose",
    "Higashiyamato": "Kodaira Musashimurayama",
    "Hino": "Tama",
    "Kodaira": "Kokubunji Tachikawa",
    "Koganei": "Kokubunji Musashino",
    "Kokubunji": "Kunitachi",
    "Kunitachi": "Tachikawa",
    "Machida": "Tama",
    "Mitaka": "Musashino",
    "Musashimurayama": "Tachikawa",
    "Musashino": "Nishitokyo",
}
TAMA_ON_THE_MAP_ONLY = [
    ("Hamura", "Musashimurayama"),
    ("Akishima", "Kunitachi"),
    ("Machida", "Inagi"),
    ("Inagi", "Komae"),
    ("Kiyose", "Nishitokyo"),
    ("Higashikurume", "Koganei"),
    ("Kunitachi", "Tama"),
]


def municipalities_table():
    return pd.DataFrame(
        {
            "code": list(MUNICIPALITIES),
            "group": list(MUNICIPALITIES.values()),
            "census_population": list(RESIDENTS.values()),
            "census_population_65plus": [10_000, 270_000, 50_000, 30_000, 250_000],
            "daytime_population_ratio": [5.0, 1.0, 0.9, 0.9, np.nan],
        }
    )


def indicators_table():
    rows = []
    for code in MUNICIPALITIES:
        rows += [
            (code, "residents", f"{year}-01-01", RESIDENTS[code]) for year in range(2016, 2023)
        ]
        rows += [
            (code, "general_administration_staff", str(year), STAFF[code])
            for year in range(2021, 2025)
        ]
        rows += [
            (code, "expenditure", f"FY{year}", RESIDENTS[code] * money)
            for year, money in ((2018, 1e5), (2022, 1.4641e5))
        ]
        rows += [(code, "local_tax", "FY2020", 30.0), (code, "revenue", "FY2020", 100.0)]
    return pd.DataFrame(rows, columns=["code", "indicator", "period", "value"])


@pytest.fixture
def municipalities():
    return municipalities_table()


@pytest.fixture
def indicators():
    return indicators_table()


def test_pooled_figure_weights_by_residents_not_by_ward(municipalities, indicators):
    groups = environment.group_indicators(municipalities, indicators, 2016, 2022).set_index("group")
    # tempting: the mean of 15 and 5 staff per 1,000 residents, 10, though nine in ten residents
    # live where there are 5
    assert groups.loc["tokyo23", "staff_per_1000_residents"] == pytest.approx(
        6000 / 1_000_000 * 1000
    )
    assert groups.loc["tokyo23", "aged_share"] == pytest.approx(280_000 / 1_000_000)
    assert groups.loc["tokyo23", "daytime_ratio"] == pytest.approx(
        (5 * 100_000 + 900_000) / 1_000_000
    )


def test_spending_is_divided_by_the_residents_of_its_own_year_and_the_payment_is_marked(
    municipalities, indicators
):
    between = [
        (code, "expenditure", f"FY{year}", RESIDENTS[code] * money)
        for code in MUNICIPALITIES
        for year, money in ((2019, 1.1e5), (2020, 2.2e5), (2021, 1.2e5))
    ]
    grown = indicators.copy()
    grown.loc[(grown["code"] == "a") & (grown["period"] == "2022-01-01"), "value"] = 200_000
    path = environment.expenditure_path(
        municipalities, pd.concat([grown, pd.DataFrame(between, columns=grown.columns)])
    )
    wards = path[path["group"] == "tokyo23"].set_index("fiscal_year")
    assert wards["expenditure_per_resident_jpy"].loc[[2018, 2020]].tolist() == pytest.approx(
        [1e5, 2.2e5]
    )
    # b has not grown
    assert wards.loc[2022, "expenditure_per_resident_jpy"] == pytest.approx(
        1.4641e5 * 1_000_000 / 1_100_000
    )
    # tempting: the mean of a's 73,205 and b's 146,410, in which a ninth of the residents weigh as
    # much as the rest
    assert wards.loc[2022, ["q25_jpy", "q75_jpy"]].tolist() == pytest.approx(
        [73_205 + 0.25 * 73_205, 73_205 + 0.75 * 73_205]
    )
    assert wards.index[wards["nationwide_payment"] == "yes"].tolist() == [2020] and len(path) == 15


def test_a_group_without_daytime_figures_has_none_instead_of_zero(municipalities, indicators):
    groups = environment.group_indicators(municipalities, indicators, 2016, 2022).set_index("group")
    assert np.isnan(groups.loc["designated20", "daytime_ratio"])
    municipalities.loc[2, "daytime_population_ratio"] = np.nan
    partly = environment.group_indicators(municipalities, indicators, 2016, 2022).set_index("group")
    # tempting: the sum over the municipalities that are known
    assert np.isnan(partly.loc["tama26", "daytime_ratio"])


def test_growth_of_spending_is_taken_between_the_end_points_and_not_through_the_year_of_the_payment(
    municipalities, indicators
):
    payment = pd.DataFrame([("a", "expenditure", "FY2020", 9e12)], columns=indicators.columns)
    with_payment = pd.concat([indicators, payment])
    for rows in (indicators, with_payment):
        by_municipality = environment.municipal_indicators(
            municipalities, rows, 2016, 2022
        ).set_index("code")
        # 1.1 ** 4 = 1.4641
        assert by_municipality.loc["a", "expenditure_change_share"] == pytest.approx(0.1)
        assert by_municipality.loc["a", "expenditure_per_resident_jpy"] == pytest.approx(146_410)


def test_every_missing_municipality_and_year_is_named(municipalities, indicators):
    gone = indicators[
        ~((indicators["code"] == "b") & (indicators["period"].isin(["2017-01-01", "2023"])))
    ]
    gone = gone[~((gone["code"] == "e") & (gone["indicator"] == "revenue"))]
    with pytest.raises(
        ValueError, match="b residents 2017, b general_administration_staff 2023, e revenue 2020"
    ):
        environment.municipal_indicators(municipalities, gone, 2016, 2022)
    with pytest.raises(ValueError, match="b residents 2017"):
        environment.residents_path(municipalities, gone, 2016, 2022)


def test_trend_and_the_turn_of_the_last_year_are_both_told(municipalities, indicators):
    residents = indicators["indicator"] == "residents"
    counts = [100, 110, 121, 133.1, 146.41, 161.051, 150]
    indicators.loc[residents & (indicators["code"] == "a"), "value"] = counts
    layout = pd.DataFrame({"code": ["b", "a"], "column": [1, 2], "row": [1, 1]})
    trend = environment.residents_trend(municipalities, indicators, layout, 2016, 2022).set_index(
        "code"
    )
    assert (
        trend.loc["a", "trend_share"]
        > 0
        > trend.loc["a", "last_change_share"]
        == pytest.approx(150 / 161.051 - 1)
    )
    assert trend["rank"].to_dict() == {"a": 1, "b": 2} and trend.loc["a", "tile_column"] == 2
    assert trend.loc["a", "low"] < trend.loc["a", "trend_share"] < trend.loc["a", "high"]
    with pytest.raises(ValueError, match="no tile for wards a, b"):
        environment.residents_trend(municipalities, indicators, layout.iloc[:0], 2016, 2022)


def test_path_starts_at_one_and_has_a_row_for_each_ward_and_year(municipalities, indicators):
    path = environment.residents_path(municipalities, indicators, 2017, 2021)
    assert len(path) == 2 * 5 and set(path["code"]) == {"a", "b"}
    assert (path.loc[path["year"] == 2017, "observed_ratio"] == 1).all()


def test_staff_rank_counts_within_the_group_only(municipalities, indicators):
    staff = environment.staff_per_1000(municipalities, indicators).set_index("code")
    assert staff["staff_per_1000_residents"].to_dict() == pytest.approx(
        {"a": 15, "b": 5, "c": 4, "d": 5, "e": 5}
    )
    assert staff["rank"].to_dict() == {"a": 1, "b": 2, "c": 2, "d": 1, "e": 1}


def test_pressures_count_wards_above_half_of_the_group_and_keep_the_pressure_without_a_figure(
    municipalities, indicators
):
    by_municipality = environment.municipal_indicators(municipalities, indicators, 2016, 2022)
    positions = environment.ward_positions(
        by_municipality,
        environment.group_indicators(municipalities_table(), indicators_table(), 2016, 2022),
    )
    table = environment.pressures(positions).set_index("indicator")
    # 15 and 5 against 4 and 5
    assert table.loc["staff_per_1000_residents", "wards_above_tama26"] == 2
    # 1.0 and 0.75: an equal counts half
    assert table.loc["staff_per_1000_residents", "median_position_tama26"] == 0.875
    # 5 equals 5: not above
    assert table.loc["staff_per_1000_residents", "wards_above_designated20"] == 1
    assert pd.isna(table.loc["daytime_ratio", "wards_above_designated20"])
    assert (
        table.loc["staff_per_1000_residents", "strength"] == "between"
        and table.loc["none", "strength"] == "unknown"
    )
    assert (
        table.loc["none", "pressure"] == "specialists" and table.loc["none", "evidence"] == "none"
    )


@settings(max_examples=25)
@given(st.permutations(list(MUNICIPALITIES)), st.floats(0.1, 10))
def test_ratios_do_not_depend_on_the_order_of_municipalities_or_a_common_factor(order, factor):
    municipalities, indicators = municipalities_table(), indicators_table()
    plain = environment.group_indicators(municipalities, indicators, 2016, 2022)
    shuffled = municipalities.set_index("code").loc[order].reset_index()
    scaled = indicators.assign(value=indicators["value"] * factor)
    pd.testing.assert_frame_equal(
        environment.group_indicators(shuffled, scaled, 2016, 2022), plain, atol=1e-9
    )


def test_end_of_fiscal_year_2025_is_2026_and_undated_initiatives_come_first():
    report = pd.DataFrame(
        {
            "initiative": ["x", "y"],
            "name_ja": ["標準化", "電子化"],
            "name_en": ["X", "Y"],
            "national_date": ["2026-03-31", None],
        }
    )
    events = pd.DataFrame(
        {
            "date": ["2025-12-31", "2022-04"],
            "event_ja": ["遅れ", "開始"],
            "event_en": ["late", "start"],
        }
    )
    items = environment.initiatives(report, events)
    assert items["label_en"].tolist() == ["Y", "start", "late", "X"] and items[
        "place"
    ].tolist() == [1, 2, 3, 4]
    assert items["kind"].tolist() == ["undated", "event", "event", "deadline"]
    assert items["fiscal_year"].tolist()[1:] == pytest.approx(
        [2022.0, 2025.75 - 1 / 31 / 12, 2026.0]
    )


@pytest.mark.parametrize(
    ("group", "true_borders", "on_the_map_only"),
    [
        ("tokyo23", TRUE_BORDERS, {("Arakawa", "Katsushika")}),
        ("tama26", TAMA_BORDERS, TAMA_ON_THE_MAP_ONLY),
    ],
)
def test_tile_layout_holds_every_municipality_once_and_sets_neighbours_side_by_side(
    group, true_borders, on_the_map_only
):
    by_municipality = pd.read_csv(DATA / "municipalities.csv", dtype={"code": str})
    layout = Group.of(group, by_municipality).tiles(
        pd.read_csv(DATA / "tile_layout.csv", dtype={"code": str})
    )
    by_municipality = by_municipality.set_index("code")
    assert sorted(layout["code"]) == sorted(
        by_municipality.index[by_municipality["group"] == group]
    )
    assert not layout.duplicated(["column", "row"]).any()
    borders = {
        frozenset((ward, other))
        for ward, others in true_borders.items()
        for other in others.split()
    }
    place = {
        (tile.column, tile.row): by_municipality.loc[tile.code, "name_en"]
        for tile in layout.itertuples()
    }
    beside = {
        frozenset((name, place[step]))
        for (x, y), name in place.items()
        for step in ((x + 1, y), (x, y + 1))
        if step in place
    }
    assert beside - borders == set(map(frozenset, on_the_map_only))


def test_a_map_holds_each_ward_once_with_its_distance_from_all_wards_together(
    municipalities, indicators
):
    by_municipality, groups = (
        make(municipalities, indicators, 2016, 2022)
        for make in (environment.municipal_indicators, environment.group_indicators)
    )
    positions = environment.ward_positions(by_municipality, groups)
    layout = pd.DataFrame({"code": ["b", "a"], "column": [1, 2], "row": [1, 1]})
    mapped = environment.ward_map(positions, layout, "staff_per_1000_residents").set_index("code")
    pooled = groups.set_index("group").loc["tokyo23", "staff_per_1000_residents"]
    # tempting: the distance from the plain mean of the two wards, which is 5 for both
    assert mapped["distance"].to_dict() == pytest.approx(
        {"a": 15 - pooled, "b": 5 - pooled}
    ) and pooled != pytest.approx(10)
    assert mapped["rank"].to_dict() == {"a": 1, "b": 2} and mapped["column"].to_dict() == {
        "a": 2,
        "b": 1,
    }
    with pytest.raises(ValueError, match="no tile for wards b"):
        environment.ward_map(positions, layout[layout["code"] == "a"], "aged_share")
    with pytest.raises(
        ValueError, match="no indicator 'beauty'; there are: residents_change_share, aged_share"
    ):
        environment.ward_map(positions, layout, "beauty")
