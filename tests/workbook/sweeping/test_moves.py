"""Which parameter moves which result: against arithmetic by hand and a function whose shares are
known.
"""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from scipy.stats import qmc

from workbook.sweeping.moves import moves, summarised


def tidy(values, **parameters):
    count = len(values)
    return pd.DataFrame(
        {
            "run": [f"r{place}" for place in range(count)],
            **parameters,
            "id": "saving",
            "value": values,
            "low": None,
            "high": None,
            "unit": "JPY",
            "chapter": 4,
        }
    )


def test_the_main_effects_of_a_grid_are_those_worked_out_by_hand():
    """y = 3a + b + ab on {0, 1} x {0, 1}: 0, 1, 3, 5. The means over b are 0.5 and 4, over a 1.5
    and 3; the squares about the mean of 2.25 add up to 14.75, 2 x 2 x 1.75^2 = 12.25 of them by a.
    """
    a, b = np.array(list(itertools.product((0, 1), repeat=2))).T
    found = moves(tidy(3 * a + b + a * b, a=a, b=b), sampled=False).set_index("parameter")
    assert found["share"].to_dict() == pytest.approx({"a": 12.25 / 14.75, "b": 2.25 / 14.75})
    assert found.loc["a", ["at_first", "at_last"]].tolist() == [0.5, 4.0]


def test_a_sample_gives_the_published_shares_of_the_ishigami_function():
    """First-order indices 0.3139, 0.4424 and 0 (a = 7, b = 0.1). A correlation would give the
    second parameter, which acts in a wave, nothing.
    """
    x = (qmc.Sobol(3, rng=1).random_base2(11) - 0.5) * 2 * np.pi
    y = np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
    found = moves(tidy(y, x1=x[:, 0], x2=x[:, 1], x3=x[:, 2]), sampled=True)
    assert found["share"].tolist() == pytest.approx([0.3139, 0.4424, 0.0], abs=0.04)


def test_what_moves_nothing_has_no_share_in_a_small_sample():
    """Fifty runs in five bins give chance alone a share of 4 / 49; it is taken off."""
    draw = np.random.default_rng(3)
    shares = [
        moves(tidy(draw.normal(size=50), idle=draw.random(50)), sampled=True)["share"].item()
        for _ in range(200)
    ]
    assert np.mean(shares) < 0.05 and np.median(shares) < 0.02


def test_neither_the_order_of_the_runs_nor_a_result_that_stays_matters():
    draw = np.random.default_rng(5)
    x = draw.random(40)
    table = tidy(2 * x, x=x, fixed=1)
    still = tidy([1.0] * 40, x=x, fixed=1).assign(id="still")
    found = moves(pd.concat([table, still]), sampled=True)
    pd.testing.assert_frame_equal(found, moves(table.sample(frac=1, random_state=1), sampled=True))
    assert found["parameter"].tolist() == ["x"]


def test_the_lines_name_the_strongest_and_the_picture_is_the_same_bytes_twice(tmp_path):
    a, b = np.array(list(itertools.product((0, 1), repeat=2))).T
    tidy(3 * a + b, **{"study.a": a, "study.b": b}).to_csv(tmp_path / "results.csv", index=False)
    (line,), made = summarised(tmp_path / "results.csv", sampled=False)
    assert line == "saving: study.a, 90% of the spread, 0.5 to 3.5 JPY"
    before = [path.read_bytes() for path in made]
    summarised(tmp_path / "results.csv", sampled=False)
    assert [path.read_bytes() for path in made] == before and len(made) == 2
    assert b"study.a" in before[1]


def test_runs_that_move_nothing_are_said_to(tmp_path):
    tidy([1.0, 1.0], a=[1, 2]).to_csv(tmp_path / "results.csv", index=False)
    lines, made = summarised(tmp_path / "results.csv", sampled=False)
    assert lines == ["no result moves over these runs"] and len(made) == 1
