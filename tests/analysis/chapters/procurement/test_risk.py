"""Chapter 4, risk, by hand: a saving of two inputs and a cost, whose spread and switching values
can be worked out.
"""

import numpy as np
import pandas as pd
import pytest

from analysis.chapters.procurement import risk
from analysis.methods.uncertainty import draw_inputs, joint_uniforms

RANGES = pd.DataFrame(
    [
        ("effect_a", "effect", 0.0, 0.4, 1.0, "share", "C"),
        ("effect_b", "effect", 0.0, 0.2, 1.0, "share", "D"),
        ("cost_a", "none", 0.1, 0.2, 0.5, "JPY", "B"),
        ("unread", "none", 0.0, 0.5, 1.0, "share", "A"),
    ],
    columns=["input", "block", "low", "central", "high", "unit", "evidence_grade"],
)
REGISTER = pd.DataFrame(
    {"input": ["common_effect", "fixed_cost_position", *RANGES["input"]], "dimension": range(6)}
)


def ratios(draws):
    """Gross: the two effects added; net: less the cost. A given fixed share takes the place of the
    first.
    """
    gross = (
        draws["fixed_share"] * draws.get("spend_ratio", 1.0)
        if "fixed_share" in draws
        else (draws["effect_a"] + draws["effect_b"]) * draws.get("spend_ratio", 1.0)
    )
    return pd.DataFrame(
        {"gross": gross, "net": gross - draws["cost_a"] * 10 / draws.get("asset_life_years", 10.0)}
    )


def redraw(ranges, register, log2_points, shape, correlation, replicate=0):
    return draw_inputs(ranges, register, log2_points, shape, correlation, replicate).join(
        joint_uniforms(register, ["fixed_cost_position"], log2_points, replicate)
    )


def draws(log2_points=10):
    return redraw(RANGES, REGISTER, log2_points, "triangular", 0.0)


def test_one_at_a_time_moves_one_input_and_leaves_the_rest_where_they_were():
    ends = risk.ends_of(RANGES)
    settings = risk.one_at_a_time(ends, ends.loc["central"])
    assert settings.loc[("effect_a", "high"), ["effect_a", "effect_b", "cost_a"]].tolist() == [
        1.0,
        0.2,
        0.2,
    ]
    assert settings.loc[("around", "around")].tolist() == [0.4, 0.2, 0.2, 0.5, 0.5]
    assert len(settings) == 1 + 2 * 5  # the position of the fixed cost is an input too


def test_the_tornado_is_widest_first_and_leaves_out_what_moves_nothing():
    table = risk.tornado(ratios, RANGES)
    assert table["input"].tolist() == ["effect_a", "effect_b", "cost_a"]
    assert table["swing"].tolist() == pytest.approx([1.0, 1.0, 0.4])
    assert table["ratio_central"].tolist() == pytest.approx([0.4] * 3)
    assert table.loc[2, ["ratio_at_low", "ratio_at_high"]].tolist() == pytest.approx([0.5, 0.1])
    assert risk.weak_among(table) == 2


def test_the_favourable_corner_follows_inputs_whose_better_end_hangs_on_others():
    # tempting: each input's better end with the rest central, where uptake costs; at the corner it
    # pays
    ranges = pd.DataFrame(
        {
            "input": ["effect", "uptake"],
            "low": [0.0, 0.5],
            "central": [0.1, 0.8],
            "high": [1.0, 1.0],
        }
    )
    corner = risk.favourable_corner(
        lambda at: pd.DataFrame(
            {"gross": at["effect"], "net": at["uptake"] * (at["effect"] - 0.4)}
        ),
        ranges,
    )
    assert corner["net"].iloc[0] == pytest.approx(0.6)


def asked(*heaviest):
    return risk.switching_candidates(
        RANGES, pd.DataFrame({"input": heaviest}), pd.Series([0.1, 0.2, 0.3]), 10.0
    )


def test_candidates_are_searched_within_what_can_be_imagined():
    table = asked("cost_a", "effect_a").set_index("input")
    assert table.index.tolist() == [
        "fixed_share",
        "cost_a",
        "effect_a",
        "asset_life_years",
        "spend_ratio",
    ]
    assert table.loc["effect_a", ["floor", "ceiling"]].tolist() == [0, 1]
    # a cost: from nothing to its high end
    assert table.loc["cost_a", ["floor", "ceiling"]].tolist() == [0, 0.5]


def test_the_switching_value_meets_the_target_at_the_median():
    sample = draws(12)
    table = risk.switching_values(
        ratios, sample, asked("effect_a"), pd.DataFrame({"gross": [2.0], "net": [1.9]})
    )
    value = risk.value_that_meets(table, "net", "fixed_share")
    assert value is None  # phi alone reaches 1 gross, never 1 net of the cost
    assert risk.value_that_meets(table, "gross", "fixed_share") == pytest.approx(1.0, abs=1e-4)
    times = risk.value_that_meets(table, "net", "spend_ratio")
    assert ratios(sample.assign(spend_ratio=times))["net"].median() == pytest.approx(1, abs=1e-3)
    assert risk.inputs_that_meet(table, "net") == ["effect_a", "spend_ratio"]


def test_costs_are_not_asked_of_the_gross_saving():
    table = risk.switching_values(
        ratios, draws(), asked("cost_a"), pd.DataFrame({"gross": [2.0], "net": [1.9]})
    )
    assert "cost_a" in table.loc[table["reading"] == "net", "input"].tolist()
    assert not {"cost_a", "asset_life_years"} & set(table.loc[table["reading"] == "gross", "input"])
    assert table.groupby("reading")["input"].last().tolist() == ["all_favourable"] * 2


def test_the_map_sees_the_product_of_its_conditions_only():
    table = risk.condition_map(ratios, draws()).set_index(["fixed_share", "carried_over"])[
        "ratio_gross"
    ]
    assert table[1.0, 0.2] == pytest.approx(0.2)
    assert table[0.2, 1.0] == pytest.approx(table[1.0, 0.2])
    assert table[0.0, 1.0] == 0


def test_whole_transfer_reads_the_map_where_all_is_carried_over():
    at = pd.DataFrame({"transfer_technology": [0.5, 0.5, 0.5], "transfer_size": [0.5, 0.5, 0.5]})
    # phi before it was carried over: 0.2, 0.4, 0.6
    today = risk.condition_today(pd.Series([0.05, 0.1, 0.15]), at)
    assert today.set_index("condition")["p50"].tolist() == pytest.approx([0.4, 0.25])
    assert risk.whole_transfer(
        risk.condition_map(ratios, draws()), today, "gross"
    ) == pytest.approx(0.4)


def test_readings_without_a_value_are_none_not_nought():
    table = pd.DataFrame(
        {"reading": ["net"], "input": ["fixed_share"], "switching_value": [np.nan]}
    )
    assert risk.value_that_meets(table, "net", "fixed_share") is None
    assert risk.inputs_that_meet(table, "net") == []
