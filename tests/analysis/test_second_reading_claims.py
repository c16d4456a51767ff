"""The second reading's lines on claims: a headline rests on the draws of all headlines, and what is
searched exists.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.chapters.consolidation import formulas as consolidation
from analysis.chapters.procurement import formulas as procurement
from analysis.chapters.procurement import purchase_tables, risk
from tests.worlds import World

DATA = Path(__file__).parents[2] / "data"
DRAWS_LOG2 = 12  # those of the world; it keeps fewer


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """The tables of chapters 1 to 4, by name."""
    folder = tmp_path_factory.mktemp("four")
    World(last=4).said(folder)
    return lambda name: pd.read_csv(folder / "run" / "tables" / f"{name}.csv")


@pytest.fixture(scope="module")
def ranges():
    return pd.read_csv(DATA / "input_ranges.csv")


@pytest.fixture(scope="module")
def distance(run):
    plan = consolidation.Pooling.of_tables(run("pooling_terms"), run("pooling_plan"))
    purchase = purchase_tables.purchase_of(run("purchase_cells"), run("purchase_plan"))
    target_jpy = run("published_target")["value"].item()
    return procurement.Distance(plan, purchase, "joint_cloud", target_jpy)


# --- A 25: one set of draws


def test_a25_at_its_switching_value_the_median_of_all_draws_meets_the_target(run, ranges, distance):
    # tempting: the draws that tables keep, a sixteenth of those behind every other headline
    register = pd.read_csv(DATA / "input_register.csv")
    draws = consolidation.joint_draws(ranges, register, DRAWS_LOG2, "triangular", 0.3)
    met = run("switching").dropna(subset="switching_value")
    assert set(met["input"]) == {"fixed_share", "spend_ratio"}
    for row in met.itertuples():
        medians = distance.ratios(draws.assign(**{row.input: row.switching_value})).median()
        assert medians[row.reading] == pytest.approx(1, abs=2e-4)
    conditions = run("condition_map").set_index(["fixed_share", "carried_over"])
    whole = distance.ratios(draws.assign(fixed_share=1.0)).median()
    assert conditions.loc[(1.0, 1.0), "ratio_net"] == pytest.approx(whole["net"])


def test_no_claim_is_searched_whose_total_would_be_endless(ranges, distance):
    # held inputs leave the claim among the heaviest; at nothing claimed the total is infinite
    heaviest = pd.DataFrame({"input": ["claimed_saving"]})
    asked = risk.switching_candidates(ranges, heaviest, pd.Series([0.1, 0.2]), 10.0)
    claim = asked.set_index("input").loc["claimed_saving"]
    assert claim["floor"] == pytest.approx(claim["central"] / risk.LARGEST_SPEND)
    central = ranges.set_index("input")["central"].astype(float).to_frame().T
    draws = central.assign(fixed_cost_position=0.5, claimed_saving=claim["floor"])
    assert np.isfinite(distance.ratios(draws.reset_index(drop=True)).to_numpy()).all()
