"""The second reading's lines on pictures: numbers, dates and units that a reader can take in."""

from itertools import combinations

import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg

from analysis.chapters.environment.charts import plot_residents
from tests.analysis.seen import names_of_municipalities, written_anywhere
from workbook.units import axis, format_value, with_dates_written
from workbook.words.labels import chart_words


def test_e07_a_sum_below_a_hundred_million_yen_has_three_digits_in_japanese():
    assert format_value(36_630_000, "JPY/year", "ja") == "年3,660万円"
    # tempting: the last digit, which no draw is good for; and 10,000万円 for what rounds up
    assert format_value(99_970_000, "JPY", "ja") == "1億円"
    # a price per resident is a published figure and stays whole
    assert format_value(6_938, "JPY/resident", "ja") == "1人当たり6,938円"


def test_e08_a_source_names_its_day_as_its_language_does():
    source = "総務省「調査結果について」(2018-03-30)"
    assert with_dates_written(source, "ja") == "総務省「調査結果について」（2018年3月30日）"
    # fiscal years and versions are no days
    for text in ("CCS (2015-16)", "2021-2026年版", "commit (12026-05-16)"):
        assert with_dates_written(text, "en") == text


def test_e09_an_axis_is_in_the_unit_in_which_its_longest_bar_has_three_digits():
    # tempting: always billions, and bars of 0.04 with labels in millions
    assert axis("JPY/year", "en", 163e6) == (1e6, "million yen a year")
    assert axis("JPY/year", "en", -1.5e9) == (1e9, "billion yen a year")
    assert axis("JPY/year", "ja", 8.4e7) == (1e8, "億円／年")
    assert axis("JPY", "en", 5e13) == (1e9, "billion yen")


def test_l07_no_name_is_printed_over_another_for_a_hand_made_group():
    codes = ["131016", "131091", "131156", "131229", "131237"]
    trend = pd.DataFrame(
        {
            "code": codes,
            "trend_share": [0.026, 0.013, 0.007, 0.004, 0.001],
            "last_change_share": [-0.012, 0.0, 0.012, -0.001, 0.002],
        }
    )
    path = pd.DataFrame({"code": codes}).merge(pd.DataFrame({"year": [2016, 2022]}), how="cross")
    words = chart_words("environment.charts", "en", names_of_municipalities())
    figure = plot_residents(trend, path, words)
    FigureCanvasAgg(figure).draw()
    said = [(text.get_text(), text.get_window_extent()) for text in written_anywhere(figure)]
    pairs = combinations(said, 2)
    assert [(a, b) for (a, one), (b, two) in pairs if one.padded(-2).overlaps(two.padded(-2))] == []
