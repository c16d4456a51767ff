"""The second reading's lines on claims: what is searched exists."""

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


def test_no_claim_is_searched_whose_total_would_be_endless(ranges, distance):
    # held inputs leave the claim among the heaviest; at nothing claimed the total is infinite
    heaviest = pd.DataFrame({"input": ["claimed_saving"]})
    asked = risk.switching_candidates(ranges, heaviest, pd.Series([0.1, 0.2]), 10.0)
    claim = asked.set_index("input").loc["claimed_saving"]
    assert claim["floor"] == pytest.approx(claim["central"] / risk.LARGEST_SPEND)
    central = ranges.set_index("input")["central"].astype(float).to_frame().T
    draws = central.assign(fixed_cost_position=0.5, claimed_saving=claim["floor"])
    assert np.isfinite(distance.ratios(draws.reset_index(drop=True)).to_numpy()).all()
