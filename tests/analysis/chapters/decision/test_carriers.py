"""What carries the exhibits of the decision: what is advised hangs on it, and nothing else does."""

import numpy as np
import pandas as pd
import pytest

from analysis.chapters.decision import carriers

DRAWS = 4096
TABLES = {"price": "input_ranges", "size": "input_ranges", "running": "decision_terms"}


def drawn():
    """Price and size go together, as inputs of one block do; the worth knows nothing of size."""
    normal = np.random.default_rng(1).normal(size=(DRAWS, 3))
    return pd.DataFrame(
        {
            "price": normal[:, 0],
            "size": 0.8 * normal[:, 0] + 0.6 * normal[:, 1],
            "running": normal[:, 2],
            "held": 0.1,  # whose standard deviation may be a hair above nothing
        }
    )


def test_an_input_that_only_goes_with_another_carries_nothing():
    known = drawn()
    worth = (2 * known["price"] - known["running"]).to_numpy()
    weights = carriers.weighing(known, worth)
    # by hand: four fifths and one fifth, but for the ranks
    assert weights["price"] == pytest.approx(0.8, abs=0.03)
    assert weights["running"] == pytest.approx(0.2, abs=0.03)
    # tempting: its correlation with the worth, which is high
    assert np.corrcoef(known["size"], worth)[0, 1] > 0.5 and weights["size"] < carriers.LEAST
    rows = carriers.of_worth(weights, TABLES, [("procurement_evidence", "P13")])
    assert list(rows.index) == [
        ("procurement_evidence", "P13"),
        ("input_ranges", "price"),
        ("decision_terms", "running"),
    ]


def test_another_option_is_carried_by_other_inputs():
    known = drawn()
    rows = carriers.of_worth(carriers.weighing(known, known["size"].to_numpy()), TABLES, [])
    assert list(rows.index) == [("input_ranges", "size")]


def test_what_is_worth_the_same_in_every_draw_is_carried_by_nothing():
    assert carriers.weighing(drawn(), np.zeros(DRAWS)).empty


def test_dates_hang_on_the_steps_that_are_due_and_on_the_renewals():
    steps = pd.DataFrame({"step_id": ["list", "build"], "due": [True, False]})
    rows = carriers.of_dates(steps, ["internal_renewal"])
    due = [("decision_calendar", "list"), ("decision_terms", "internal_renewal")]
    assert list(rows.index) == due
    nothing_due = carriers.of_dates(steps.assign(due=False), ["internal_renewal"])
    assert ("decision_calendar", "build") in nothing_due.index
    table = carriers.carriers_table({"a": rows, "b": nothing_due})
    assert table.groupby("exhibit").size().to_dict() == {"a": 2, "b": 3}
