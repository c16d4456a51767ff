"""Which figure of joint buying is which: means add up, and each sum is the one it is called."""

import numpy as np
import pandas as pd
import pytest

from analysis.chapters.decision.bridge import buying_bridge
from analysis.chapters.decision.formulas import COMPONENTS, Terms
from analysis.chapters.decision.outturn import Outturn

BUYING = np.array([1.0, 2.0, 9.0])
RUNNING = np.array([0.5, 0.25, 1 / 3])
WEIGHTS = np.array([0.5, 0.25, 0.25])


class Weighted(Outturn):
    """A published result by which draws have the weights of this page."""

    def weights(self, reading):
        return WEIGHTS if reading == "additional" else np.full(3, 1 / 3)


def bridge(running=RUNNING, fee=-0.4, agency=0.0):
    terms = Terms(2027.0, 1, 0.0, running, True, {})
    parts = pd.DataFrame(0.0, range(3), list(COMPONENTS))
    # of what is new nine tenths are left once it is spread over the appraisal
    parts["buying"] = 0.9 * BUYING * (1 - running)
    parts["fee"], parts["agency"] = fee, agency
    whole = Weighted(0.0, BUYING, np.ones(3), running, 1.0, True)
    return buying_bridge(whole, "additional", parts, WEIGHTS, terms).set_index("step")


def test_by_hand_from_the_whole_to_what_widening_is_worth():
    mean = bridge()["mean_jpy"].to_dict()
    # weighted: 0.5 + 0.5 + 2.25; new: 0.25 + 0.375 + 1.5; even draws: 12 / 3
    expected = {"prior": 4.0, "published": -0.75, "full": 3.25, "running": -1.125}
    expected |= {"additional": 2.125, "later": -0.2125, "cost": -0.4, "worth": 1.5125}
    assert mean == pytest.approx(expected)


def test_means_add_up_and_medians_are_those_of_the_sums_alone():
    table = bridge(agency=-0.2)
    mean = table["mean_jpy"]
    for whole, moves, sum_of in (
        ("prior", ["published"], "full"),
        ("full", ["running"], "additional"),
        ("additional", ["later", "cost"], "worth"),
    ):
        assert mean[whole] + mean[moves].sum() == pytest.approx(mean[sum_of])
    sums = table["p50_jpy"].notna()
    assert table.index[sums].tolist() == ["prior", "full", "additional", "worth"]
    # tempting: a median between the sums, taken as the difference of theirs
    assert table.loc["running", ["p10_jpy", "p50_jpy", "p90_jpy"]].isna().all()


def test_where_nobody_buys_jointly_yet_all_of_it_is_additional():
    table = bridge(running=np.zeros(3))
    assert table.at["running", "mean_jpy"] == 0
    assert table.at["additional", "mean_jpy"] == table.at["full", "mean_jpy"]
