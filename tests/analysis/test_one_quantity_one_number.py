"""One quantity has one number wherever it stands: the same draws, the same statistic."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.chapters.decision.outturn import Outturn, on_all_draws, readings_table
from analysis.chapters.procurement.bridge import target_to_net
from tests.second_values import AGAIN, two_values

NET = -3.3e9
HEADLINES = pd.DataFrame({"value": [NET]}, index=["run_rate_saving"])


def tables(after_move: float, buying: float) -> dict[str, pd.DataFrame]:
    """What chapters 8, 9 and 10 have, the last with these two values."""
    return {
        "both_arms": pd.DataFrame(
            {"source_id": ["report_level", "tokyo"], "net_p50_jpy": [NET, -1.8e9]}
        ),
        "what_if_single": pd.DataFrame(
            {
                "level": ["as_study", "after_move", "buying_only"],
                "net_p50_jpy": [NET, after_move, 1.2e9],
                "gross_p50_jpy": [7.6e9, 9.2e9, buying],
            }
        ),
        "buying_outturn": pd.DataFrame({"reading": ["none"], "saving_p50_jpy": [3.0e9]}),
    }


def test_a_quantity_on_fewer_draws_in_one_of_two_chapters_is_named_with_both_numbers():
    assert two_values(tables(-1.8e9, 3.0e9), HEADLINES) == {}
    # tempting: both are written as a loss of 1.8 billion yen a year, and are two numbers
    found = two_values(tables(-1.83e9, 3.012e9), HEADLINES)
    assert found == {
        "net saving, Tokyo's level": (-1.8e9, -1.83e9),
        "joint buying alone": (3.0e9, 3.012e9),
    }
    assert set(found) < set(AGAIN)


def test_what_a_run_does_not_have_in_both_places_is_no_second_value():
    without = tables(-1.8e9, 3.0e9)
    rows = without["what_if_single"]
    without["what_if_single"] = rows[rows["level"] == "as_study"]
    assert two_values(without, HEADLINES) == {}


def test_the_saving_without_the_published_figure_is_that_of_all_draws_and_the_rest_stays():
    few = Outturn(1.0, np.array([2.0, 6.0]), np.ones(2), np.full(2, 0.5), 0.4, True)
    many = few.over(pd.Series([2.0, 3.0, 9.0]), pd.Series([1.0] * 3), pd.Series([0.5] * 3))
    assert many.observed("half") == few.observed("half") == 0.5
    worth = pd.DataFrame({"stay": [0.0, 0.0], "widened": [1.0, 3.0]})
    stored = readings_table(few, "additional", worth, "widened")
    table = on_all_draws(stored, many).set_index("reading")
    assert stored["saving_p50_jpy"].iloc[0] != 3  # tempting: the median of the stored draws
    assert table.at["none", "saving_p50_jpy"] == 3.0
    # whoever agrees best with the figure weighs most: a saving of 2, half of which ran
    assert table.at["additional", "saving_p50_jpy"] < 3
    rest = ["effective_draws", "option", "worth_mean_jpy", "worth_p50_jpy"]
    assert table[rest].to_dict("list") == stored.set_index("reading")[rest].to_dict("list")


def test_the_way_from_the_target_shows_what_a_rival_reading_would_leave_and_how_often_it_loses():
    draws = pd.DataFrame(
        {"gross_saving_jpy": [6.0, 8.0, 16.0], "transition": [15.0, 5.0, 5.0], "agency": [1.0] * 3}
    )
    rival = draws.assign(gross_saving_jpy=[1.0, 2.0, 3.0])
    steps = target_to_net(draws, pd.DataFrame({"value": [100.0]}), 5, rival).set_index("step")
    # by hand: -10, 2 and 10 a year are left, and -15, -4 and -3 under the rival
    assert steps.at["net", "loss_share"] == pytest.approx(1 / 3)
    assert steps.at["gross", "loss_share"] == 0
    assert steps.at["gross", "rival_jpy"] == 10 and steps.at["net", "rival_jpy"] == -20
    # tempting: the difference of the medians, 2 less 5 and 1, which is no draw's
    assert steps.at["transition", "rival_jpy"] == -15
    assert steps.loc[["target", "not_found"], ["loss_share", "rival_jpy"]].isna().all(axis=None)
