"""Every claim of chapters 6 to 8 holds for some results and fails for others: the condition that
the notebook itself writes, on small results on either side of it.
"""

from __future__ import annotations

import ast
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.chapters.reallocation import formulas as reallocation
from analysis.chapters.schedule import formulas as schedule

ROOT = Path(__file__).parents[2]
CHAPTERS = ("06_schedule", "07_reallocation", "08_outturn")


def conditions():
    """The condition of every claim, compiled, by chapter and slug."""
    found = {}
    for chapter in CHAPTERS:
        cells = json.loads((ROOT / "notebooks" / f"{chapter}.ipynb").read_text(encoding="utf-8"))
        for cell in cells["cells"]:
            if cell["cell_type"] == "code":
                found |= {(chapter[:2], slug): code for slug, code in _claims(cell["source"])}
    return found


def _claims(source):
    for call in ast.walk(ast.parse("".join(source))):
        if isinstance(call, ast.Call) and ast.unparse(call.func) in ("run.say", "run.show"):
            for keyword in call.keywords:
                if keyword.arg == "holds":
                    yield call.args[0].value, ast.unparse(keyword.value)


def frame(index, **columns):
    return pd.DataFrame(columns, index=index)


def learning(wait, scale, time=0.0):
    """What it is worth to wait knowing nothing, and to know scale or durations first."""
    return frame(
        ["nothing", "scale", "time"], all_wait_jpy=[wait, 0, 0], knowing_jpy=[0, scale, time]
    )


def streams(procurement):
    names = ["procurement", "infrastructure", "internal", "communication"]
    return frame(names, probability=[procurement, 0.1, 0.2, 0.3])


def circle(turns, stalls):
    keys = pd.MultiIndex.from_tuples([("money", "turns"), ("hours", "stalls")])
    return pd.Series([turns, stalls], index=keys)


def starts(rivals, claim):
    return pd.DataFrame({"scale_model": ["a", "source_report"], "start": [rivals, claim]})


def of_report(probability=0.1, factor=1.0, years=4.0):
    wave1 = {"probability": probability}
    return {"wave1": wave1, "duration_factor": factor, "allowed_years": years}


def plan(best="buying_only", npv=-1.0, never=0.6):
    return {"best": best, "whole_life": {"p50_jpy": npv}, "never": never}


def delayed(lost, after):
    before = frame([0], net_from_start_p50_jpy=[-2.0])
    return {
        "month_lost": {"p50": lost},
        "slow": {"net_from_start_p50_jpy": after},
        "delay": before,
    }


def hours(money, shortfall=True):
    world = pd.DataFrame({"money_freed": [money], "hours_freed": [1.0]})
    return {"world": world, "shortfall": shortfall}


def forecast(p90, multiple=1.6, aimed=True):
    arms = frame(["tokyo", "core_cities"], multiple=[multiple, 2.3])
    return {"aimed": aimed, "arms": arms, "forecast": {"target_ratio_p90": p90}}


def back_cast(finish=2027.0, pooled=0.9, aimed=True):
    return {
        "aimed": aimed,
        "ready": frame(["wave1"], p50=[finish], deadline=[2026.0]),
        "costs": frame(["of_the_time", "pilots"], p90=[pooled, 1.1], p50=[pooled, 1.1]),
    }


# claim -> results for which it holds, and every way in which it may fail
EITHER = {
    ("06", "opening"): (of_report(), [of_report(0.6), of_report(factor=2.0), of_report(years=6.0)]),
    ("06", "agency"): (
        {"window_months": 48, "agency_months": 35},
        [{"window_months": 48, "agency_months": months} for months in (20, 60)],
    ),
    ("06", "money-opening"): (plan(), [plan("wave_one"), plan(npv=1.0), plan(never=0.4)]),
    ("06", "sum"): (
        {"sums": frame(["wave1"], most_likely_probability=[0.1])},
        [{"sums": frame(["wave1"], most_likely_probability=[0.6])}],
    ),
    ("06", "streams"): ({"ends": streams(0.5)}, [{"ends": streams(0.25)}]),
    ("06", "distance"): ({"wave1": {"factor_even": 0.8}}, [{"wave1": {"factor_even": 1.2}}]),
    ("06", "finish-assumptions"): (
        {"rivals": pd.DataFrame({"wave1_probability": [0.1, 0.2]})},
        [{"rivals": pd.DataFrame({"wave1_probability": [0.1, 0.7]})}],
    ),
    ("06", "cumulative"): ({"never": 0.6}, [{"never": 0.4}]),
    ("06", "base"): ({"known_rise": 1.2, "rise": 1.0}, [{"known_rise": 1.2, "rise": 1.2}]),
    ("06", "delay"): (delayed(1.0, -1.0), [delayed(-1.0, -1.0), delayed(1.0, -3.0)]),
    ("06", "decisions"): ({"best": "buying_only"}, [{"best": "none"}]),
    ("06", "waiting"): (
        {"taught": learning(-10.0, 1.0)},
        [{"taught": learning(1.0, 0.0)}, {"taught": learning(-1.0, 2.0)}],
    ),
    ("06", "on-waiting"): (
        {"taught": learning(-10.0, 1.0), "best": "buying_only"},
        [
            {"taught": learning(-10.0, 1.0), "best": "none"},
            {"taught": learning(-10.0, 1.0, time=0.5), "best": "buying_only"},
            {"taught": learning(1.0, 1.0), "best": "buying_only"},
        ],
    ),
    ("06", "checks-money"): ({"tie": 1.0}, [{"tie": 1e7}]),
    ("07", "opening"): (hours(-1.0), [hours(1.0), hours(-1.0, shortfall=False)]),
    ("07", "today-and-aim"): (
        {"shortfall": True, "total": {"aim": 9, "today": 138}},
        [
            {"shortfall": False, "total": {"aim": 9, "today": 138}},
            {"shortfall": True, "total": {"aim": 6, "today": 6}},
        ],
    ),
    ("07", "on-circle"): (
        {"shares": circle(0.01, 0.9), "needed": {"needed": 0.9, "central": 0.2}},
        [
            {"shares": circle(0.2, 0.9), "needed": {"needed": 0.9, "central": 0.2}},
            {"shares": circle(0.01, 0.9), "needed": {"needed": 0.1, "central": 0.2}},
        ],
    ),
    ("07", "circle-start"): (
        {"starts": starts("open", "forwards"), "evidence": starts("open", "")[:1]},
        [
            {"starts": starts("open", "open"), "evidence": starts("open", "")[:1]},
            {"starts": starts("forwards", "forwards"), "evidence": starts("forwards", "")[:1]},
        ],
    ),
    ("08", "opening"): (
        forecast(0.9),
        [forecast(1.1), forecast(0.9, 0.7), forecast(0.9, aimed=False)],
    ),
    ("08", "late-local-governments"): (
        {"late": pd.DataFrame({"late_share": [0.1, 0.5]})},
        [{"late": pd.DataFrame({"late_share": [0.5, 0.1]})}],
    ),
    ("08", "one-arm"): (
        {"arms": frame(["core_cities"], one_arm_jpy=[-1.0])},
        [{"arms": frame(["core_cities"], one_arm_jpy=[1.0])}],
    ),
    ("08", "back-cast"): (forecast(0.4), [forecast(0.6), forecast(0.4, aimed=False)]),
    ("08", "on-back-cast"): (
        back_cast(),
        [back_cast(2025.0), back_cast(pooled=1.2), back_cast(aimed=False)],
    ),
    ("08", "known-ranges"): (
        {"then": pd.DataFrame({"widened": [True, False]})},
        [{"then": pd.DataFrame({"widened": [False, False]})}],
    ),
    ("08", "reference-classes"): (
        {"rated": pd.DataFrame({"worse": [True, True]})},
        [{"rated": pd.DataFrame({"worse": [True, False]})}],
    ),
    ("08", "judgements"): (
        {"judged": pd.DataFrame({"apart": [False, False]})},
        [{"judged": pd.DataFrame({"apart": [False, True]})}],
    ),
    ("08", "checks"): (
        {"classes": pd.DataFrame({"prudent_factor": [np.nan]})},
        [{"classes": pd.DataFrame({"prudent_factor": [1.3]})}],
    ),
}


def test_every_claim_of_the_three_chapters_is_tried():
    assert set(conditions()) == set(EITHER)


@pytest.mark.parametrize("claim", EITHER, ids="-".join)
def test_a_claim_holds_for_some_results_and_fails_for_others(claim):
    code, (holding, failing) = conditions()[claim], EITHER[claim]
    modules = {"schedule": schedule, "reallocation": reallocation}
    assert eval(code, modules | holding)
    for results in failing:
        assert not eval(code, modules | results), results
