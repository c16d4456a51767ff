"""Chapter 4, spread, by hand: what two effects and a cost carry, and what knowing one of them
leaves.
"""

import numpy as np
import pandas as pd
import pytest

from analysis.chapters.procurement import spread
from tests.analysis.chapters.procurement.test_risk import RANGES, REGISTER, draws, ratios, redraw


def test_correlation_widens_the_tail_and_a_flat_shape_widens_it_more():
    tail = spread.tail_sensitivity(ratios, redraw, RANGES, REGISTER, 12)
    gross = tail[tail["reading"] == "gross"].set_index(["prior_shape", "correlation"])[
        "target_ratio_p95"
    ]
    assert gross["triangular"].is_monotonic_increasing
    assert (gross["uniform"] > gross["triangular"]).all()
    assert len(tail) == 2 * 2 * 3


def test_the_error_of_scramblings_shrinks_with_more_draws():
    few, many = (
        spread.scrambling_errors(ratios, redraw, RANGES, REGISTER, k, "triangular", 0.3).set_index(
            "result"
        )
        for k in (7, 12)
    )
    assert (
        many.loc["target_ratio_p50", "standard_error"]
        < few.loc["target_ratio_p50", "standard_error"]
    )
    assert many["draws"].unique().tolist() == [4096]
    assert spread.fewer_draws(17) == 15
    assert spread.fewer_draws(10) == 10  # never below what keeps the inputs apart


def test_shares_of_variance_of_independent_inputs_are_their_variances_over_the_sum():
    # triangular variance (a2 + b2 + c2 - ab - ac - bc)/18: .04222, .04667, .00722; their sum .09611
    table = spread.variance_shares(ratios, RANGES, REGISTER, 12, "triangular", 0.0).set_index(
        "input"
    )
    assert table.loc[["effect_a", "effect_b", "cost_a"], "share"].tolist() == pytest.approx(
        [0.4393, 0.4855, 0.0751], abs=0.02
    )
    assert table.loc["block_common_effect", "share"] == pytest.approx(0.9249, abs=0.03)
    assert "unread" not in table.index


def test_a_block_is_one_group_and_its_members_split_it():
    # tempting: to add the parts of a block, which leaves out what its members share
    table = spread.variance_shares(ratios, RANGES, REGISTER, 12, "triangular", 0.5).set_index(
        "input"
    )
    whole, parts = table.loc["block_common_effect"], table.loc[["effect_a", "effect_b"]]
    assert table.loc["common_effect", "share"] > parts["share"].max()
    assert parts["split_share"].sum() == pytest.approx(whole["share"])
    assert (whole["part"], whole["evidence_grade"]) == ("whole", "D")  # the weakest of C and D
    assert table["place"].tolist() == list(range(1, len(table) + 1))


def test_variance_needs_every_factor_in_the_register():
    with pytest.raises(ValueError, match="common_effect, effect_b"):
        spread.variance_shares(
            ratios,
            RANGES,
            REGISTER[~REGISTER["input"].isin(["common_effect", "effect_b"])],
            8,
            "triangular",
            0.3,
        )


def test_knowing_an_input_leaves_what_the_others_spread():
    variance = pd.DataFrame(
        {"input": ["effect_a", "cost_a", "block"], "split_share": [0.4, 0.1, np.nan]}
    )
    table = spread.widths_if_known(ratios, draws(12), variance).set_index("input")
    alone = draws(12)
    rest = alone["effect_b"] - alone["cost_a"]
    assert table.loc["effect_a", "width_if_known"] == pytest.approx(
        rest.quantile(0.9) - rest.quantile(0.1), rel=1e-3
    )
    assert (
        table.loc["effect_a", "width_if_known"]
        < table.loc["cost_a", "width_if_known"]
        < table.loc["cost_a", "width_now"]
    )
    # a block is no input that could be measured
    assert list(table.index) == ["effect_a", "cost_a"]


def test_a_saving_that_never_varies_has_no_variance_to_share_out():
    def ratios(draws):
        return pd.DataFrame({"gross": 0.0, "net": 0.0}, index=draws.index)

    table = spread.variance_shares(ratios, RANGES, REGISTER, 10, "triangular", 0.3)
    assert table.empty and {"input", "split_share", "place"} <= set(table)
    assert spread.widths_if_known(ratios, pd.DataFrame({"a": [0.0, 1.0]}), table).empty
