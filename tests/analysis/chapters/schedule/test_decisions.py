"""Decisions by hand: options are sums of parts, waiting and learning are differences of them."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.chapters.schedule import decisions

TERMS = pd.DataFrame(
    {
        "system_group": [
            "core",
            "internal",
            "communication",
            "online_counter",
            "infrastructure",
            "data_use",
        ],
        "spend_share": [0.45, 0.15, 0.08, 0.04, 0.23, 0.05],
        "instances": [4, 1, 1, 1, 1, 1],
    }
)
PARTS = ("buying", *decisions.REST, "core", "core_one", "agency")
SHARES = decisions.agency_shares(TERMS, 0.2, 23, True)


def values_of(**parts):
    """Net present values of the parts in one draw or several; those not named are zero."""
    length = max(np.size(value) for value in parts.values())
    return pd.DataFrame(
        {part: np.broadcast_to(parts.get(part, 0.0), length) for part in PARTS}
    ).astype(float)


def random_parts(seed=0, draws=512):
    return pd.DataFrame(np.random.default_rng(seed).normal(size=(draws, len(PARTS))), columns=PARTS)


# --- hand arithmetic


def test_options_add_their_parts_and_their_share_of_the_agency():
    values = decisions.option_values(
        values_of(
            buying=10,
            internal=3,
            infrastructure=2,
            communication=1,
            data_use=-1,
            core=-8,
            core_one=-12,
            agency=-5,
        ),
        SHARES,
    )
    assert values.iloc[0].to_dict() == pytest.approx(
        {
            "none": 0,
            "buying_only": 10 - 1,
            "wave_one": 16 - 5 * (0.2 + 0.8 * 0.46),
            "core_chosen": 15 - 8 - 5,
            "core_one": 15 - 12 - 5,
        }
    )


def test_the_table_states_value_regret_and_how_often_an_option_is_best():
    table = decisions.decision_table(
        pd.DataFrame({"none": [0.0, 0.0], "buying_only": [4.0, -2.0]})
    ).set_index("option")
    assert table["npv_mean_jpy"].to_dict() == {"none": 0, "buying_only": 1}
    assert table["regret_mean_jpy"].to_dict() == {"none": 2, "buying_only": 1}
    assert table["best_share"].to_dict() == {"none": 0.5, "buying_only": 0.5}


def test_joint_buying_that_starts_now_is_not_put_off_with_the_rest():
    now, later = values_of(buying=10, core=20, agency=-5), values_of(buying=1, core=15, agency=-4)
    waited = decisions.waiting_values(now, later, SHARES).iloc[0]
    assert waited["buying_only"] == pytest.approx(10 - 1)
    assert waited["core_chosen"] == pytest.approx(10 - 1 + 15 - 0.8 * 4)
    assert waited["none"] == 0


def test_waiting_without_learning_costs_what_is_forgone():
    values = pd.DataFrame({"none": 0.0, "buying_only": np.full(512, 9.0)})
    known = pd.DataFrame(
        np.random.default_rng(1).normal(size=(512, 24)),
        columns=[c for group in decisions.LEARNED.values() for c in group],
    )
    table = decisions.learning_table(values, values / 3, values, known).set_index("learned")
    assert table["all_wait_jpy"].to_dict() == pytest.approx(dict.fromkeys(table.index, -6.0))
    assert (table["pooling_waits_jpy"] == 0).all() and (table["knowing_jpy"] == 0).all()
    assert table.loc[["nothing", "everything"], "knowing_error_jpy"].isna().all()


# --- the tempting wrong answers


def test_the_least_regret_is_the_highest_mean_not_the_most_often_best():
    # tempting: to choose what wins in most draws; here it wins twice by little and loses once by
    # much
    table = decisions.decision_table(
        pd.DataFrame({"none": [0.0, 0.0, 0.0], "buying_only": [1.0, 1.0, -9.0]})
    ).set_index("option")
    assert (
        table["best_share"].idxmax() == "buying_only"
        and table["regret_mean_jpy"].idxmin() == "none"
    )


def test_the_later_of_two_losses_is_no_gain():
    # tempting: the whole plan loses less when it waits, so to wait is worth something; to do
    # nothing loses nothing
    now, later = values_of(core=np.full(512, -10.0)), values_of(core=np.full(512, -6.0))
    values, waits = (decisions.option_values(parts, SHARES) for parts in (now, later))
    known = pd.DataFrame(
        np.random.default_rng(1).normal(size=(512, 24)),
        columns=[c for group in decisions.LEARNED.values() for c in group],
    )
    assert (decisions.learning_table(values, waits, waits, known)["all_wait_jpy"] == 0).all()


# --- invariances


@given(st.floats(0, 1))
def test_no_wait_is_no_change(share):
    parts, shares = random_parts(), decisions.agency_shares(TERMS, share, 23, True)
    pd.testing.assert_frame_equal(
        decisions.waiting_values(parts, parts, shares),
        decisions.option_values(parts, shares),
    )


def test_knowing_more_is_never_worth_less_than_nothing_nor_more_than_everything():
    parts = random_parts()
    values, known = (
        decisions.option_values(parts, SHARES),
        pd.DataFrame(
            np.random.default_rng(2).normal(size=(512, 24)),
            columns=[c for group in decisions.LEARNED.values() for c in group],
        ),
    )
    worth = decisions.learning_table(values, values, values, known).set_index("learned")[
        "knowing_jpy"
    ]
    assert (worth >= 0).all() and (worth <= worth["everything"]).all()


def test_every_input_belongs_to_one_group_at_most():
    columns = [column for group in decisions.LEARNED.values() for column in group]
    assert len(columns) == len(set(columns))


def test_the_whole_agency_comes_with_the_whole_plan():
    assert (
        SHARES[["core_chosen", "core_one"]].tolist() == pytest.approx([1, 1])
        and SHARES["none"] == 0
    )
