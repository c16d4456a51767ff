"""The first screen says what the chapters found, in their numbers, and nothing else."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.chapters.procurement.bridge import target_to_net
from analysis.summary import Summarised
from workbook.summary import Facts

CHOICES = {
    "study": {"baseline": "implied", "scale_model": "joint_cloud", "plan_years": 5},
    "schedule": {"appraisal_years": 15},
}
DRAWS = pd.DataFrame(
    {
        "gross_saving_jpy": [2e9, 8e9, 12e9],
        "transition": [9e9, 5e9, 1e9],
        "agency": [1e9, 1e9, 1e9],
    }
)
TARGET = pd.DataFrame({"value": [100e9]})
LEVELS = {"yearly_p10_jpy": 0.2e9, "yearly_p50_jpy": 0.7e9, "yearly_p90_jpy": 1.6e9}
MEAN = {"yearly_mean_jpy": 0.8e9}
ADVICE = [
    {"line": "option", "case": "widened", "trigger_jpy": 0.3e9, "accounts_years": None},
    {"line": "buying", "case": "do", "trigger_jpy": 0.3e9, "accounts_years": 2, **LEVELS, **MEAN},
    {"line": "internal", "case": "wait", "trigger_jpy": 3e9, "accounts_years": 2},
    {"line": "core", "case": "wait", "trigger_jpy": None, "accounts_years": 1},
]
STEPS = [
    {
        "step_id": f"{stage}_{name}",
        "stage": stage,
        "starts": ends - 1 / 12,
        "ends": ends,
        **{f"who_{lang}": name for lang in ("ja", "en")},
        **{f"what_{lang}": "what" for lang in ("ja", "en")},
    }
    for stage, name, ends in (
        ("buying", "list", 2026 + 4 / 12),
        ("buying", "request", 2026 + 8 / 12),
        ("buying", "vote", 2026 + 11 / 12),
        ("buying", "contract", 2027 + 5 / 12),
        ("internal", "rules", 2028 + 8 / 12),
        ("buying", "review", 2029 + 4 / 12),
        ("internal", "vote", 2029 + 11 / 12),
        ("core", "review", 2033 + 4 / 12),
        ("core", "vote", 2033 + 11 / 12),
    )
]


def readings(gross, net):
    """Return the two rows of the reading in use, each as P10, P50 and P90."""
    return [
        {
            "reading": reading,
            "baseline": "implied",
            "scale_model": "joint_cloud",
            **dict(zip(("saving_p10_jpy", "saving_p50_jpy", "saving_p90_jpy"), ends, strict=True)),
        }
        for reading, ends in (("gross", gross), ("net", net))
    ]


def facts(target=166e9, gross=(17e9, 39e9, 68e9), net=(-53e9, -9.7e9, 26e9), **tables):
    aimed = {"figure": "saving_5y", "value": target, "low": 165.5e9, "high": 166.5e9}
    rows = {
        "target_reading": readings(gross, net),
        "published_target": [aimed] if target else [],
        "decision_advice": ADVICE,
        **tables,
    }
    results = {
        "baseline_5y": {
            "value": 332e9,
            "low": 302e9,
            "high": 369e9,
            "interval": "wording",
            "standing": "derived",
        }
    }
    return Facts(results, CHOICES, lambda table: rows.get(table, ()))


def test_a4_the_way_from_the_target_ends_at_the_medians_that_every_chapter_names():
    steps = target_to_net(DRAWS, TARGET, 5, DRAWS).set_index("step")
    # by hand: medians of 8, then of -7, 3 and 11, then of -8, 2 and 10, times five years
    assert steps["after_jpy"].to_dict() == {
        "target": 100e9,
        "not_found": 40e9,
        "gross": 40e9,
        "transition": 15e9,
        "agency": 10e9,
        "net": 10e9,
    }
    # the tempting way: means add up by themselves, and the page would name two gross savings
    assert steps.at["gross", "amount_jpy"] != pytest.approx(5 * DRAWS["gross_saving_jpy"].mean())
    moves = steps.drop(["gross", "net"])["amount_jpy"]
    assert moves.sum() == pytest.approx(steps.at["net", "after_jpy"])


def test_a4_without_a_target_the_way_begins_at_the_saving_and_above_it_it_says_so():
    assert target_to_net(DRAWS, TARGET.iloc[:0], 5, DRAWS)["step"].iloc[0] == "gross"
    above = target_to_net(DRAWS, TARGET / 10, 5, DRAWS).set_index("step")
    assert (
        above.at["beyond", "amount_jpy"] == pytest.approx(30e9) and "not_found" not in above.index
    )


def test_a4_the_tiles_are_cells_of_the_tables_with_their_ends():
    summary = Summarised().of(facts())
    assert [(tile.name.slug, tile.value, tile.low, tile.high) for tile in summary.tiles] == [
        ("tile-target", 166e9, 165.5e9, 166.5e9),
        ("tile-before", 39e9, 17e9, 68e9),
        ("tile-after", -9.7e9, -53e9, 26e9),
        ("tile-buying", 0.7e9, 0.2e9, 1.6e9),
    ]
    # a yearly sum is written as one, so that nobody adds it to a sum of five years
    assert [tile.unit for tile in summary.tiles] == ["JPY", "JPY", "JPY", "JPY/year"]


@pytest.mark.parametrize(
    ("given", "case"),
    [
        ({}, "short-loss"),
        ({"net": (-1e9, 5e9, 9e9)}, "short-gain"),
        ({"gross": (90e9, 160e9, 180e9)}, "within-loss"),
        ({"gross": (90e9, 160e9, 180e9), "net": (1e9, 80e9, 99e9)}, "within-gain"),
        ({"target": None}, "no-target-loss"),
        ({"target": None, "net": (1e9, 2e9, 3e9)}, "no-target-gain"),
    ],
)
def test_a4_the_answer_is_the_one_that_holds(given, case):
    summary = Summarised().of(facts(**given))
    assert summary.answer.case == case
    assert summary.answer.values["net"] >= 0  # a loss of so much, not of minus so much


def test_a4_a_group_without_target_is_told_its_cost_instead():
    names = [tile.name.slug for tile in Summarised().of(facts(target=None)).tiles]
    assert names == ["tile-cost", "tile-before", "tile-after", "tile-buying"]


def test_a4_a_run_that_came_too_short_has_no_summary_and_a_shorter_one_less():
    assert Summarised().of(facts(target_reading=[])) is None
    assert len(Summarised().of(facts(decision_advice=[])).tiles) == 3


def test_a4_a_gain_is_refused_only_where_some_municipality_may_lose():
    def case(*shares):
        rows = [{"gains_share_low": share, "gains_share_high": share} for share in shares]
        return Summarised().of(facts(net_gain_map=rows)).also[-1].case

    assert case(0.3, 0.95) == "" and case(0.92, 0.95) == "otherwise"


def test_a4_what_nobody_decided_is_not_said_to_be_decided():
    summary = Summarised().of(facts())  # which has advice, and no calendar
    assert summary.actions == () and summary.advice is None


def test_b_the_line_that_begins_names_everybody_and_the_later_ones_who_is_next():
    actions = Summarised().of(facts(decision_steps=STEPS)).actions
    # tempting: the first and the last of joint buying, without the finance sections and the buyer
    assert [(action.what.slug, action.who["en"]) for action in actions] == [
        *(("action-buying", who) for who in ("List", "Request", "Vote", "Contract", "Review")),
        ("action-internal", "Rules"),
        ("action-core", "Review"),
    ]
    assert [action.what.case for action in actions] == [""] * 5 + ["otherwise"] * 2
    # a step that ends with March is due by March, as the table and the picture have it
    assert actions[2].what.values["by"] == pytest.approx(2026 + 11 / 12)
    # the condition stands once, behind the last step of a line, and a threshold that nobody
    # could compute is not said
    conditions = [action.condition and action.condition.values["trigger"] for action in actions]
    assert conditions == [None] * 4 + [0.3e9, 3e9, None]
    until = actions[5].condition.values
    assert until["held"] == 2 and until["then"] == pytest.approx(2029 + 11 / 12)


def test_b_who_waits_is_not_asked_to_vote():
    waiting = [{**row, "case": "wait"} for row in ADVICE]
    actions = Summarised().of(facts(decision_advice=waiting, decision_steps=STEPS)).actions
    assert len(actions) == 3 and {action.what.case for action in actions} == {"otherwise"}


@pytest.mark.parametrize(("option", "case"), [("widened", ""), ("stay", "otherwise")])
def test_b_leaving_things_as_they_are_is_not_advised_as_an_option(option, case):
    chosen = [{"option": "other", "chosen": False}, {"option": option, "chosen": True}]
    advice = Summarised().of(facts(decision_options=chosen)).advice
    assert advice.case == case and advice.values["best"] == option


def readings_of_the_result(*options):
    """Rows of the published result's readings, the first without it, with the best option each."""
    worth = {"none": 0.9e9, "additional": 0.7e9, "half": 0.5e9}
    return [
        {"reading": reading, "worth_p50_jpy": worth[reading], "option": option}
        for reading, option in zip(worth, options, strict=True)
    ]


@pytest.mark.parametrize(("half", "case"), [("widened", "read"), ("own_agency", "turns")])
def test_b_the_least_favourable_reading_stands_with_the_advice(half, case):
    rows = readings_of_the_result("stay", "widened", half)
    chosen = [{"option": "widened", "chosen": True}]
    advice = Summarised().of(facts(decision_options=chosen, buying_outturn=rows)).advice
    # what is best without the figure is no reading of it
    assert (advice.case, advice.values["least"]) == (case, 0.5e9)


def test_c3_what_to_check_first_is_what_would_be_worth_most_to_know():
    def row(learned, knowing, name, alone, share):
        return {
            "learned": learned,
            "knowing_jpy": knowing,
            "input": name,
            "alone_jpy": alone,
            "split_share": share,
        }

    rows = [
        row("cost", 9e6, "moving", 0.0, 0.3),  # tempting: it widens the answer most
        row("scale", 2e8, "size", 1e6, 0.1),
        row("scale", 2e8, "clouds", 6e7, 0.1),
        row("terms", 0.0, None, None, None),
    ]
    first = Summarised().of(facts(what_to_learn=rows)).also[0]
    assert (first.slug, first.case, first.values["input"]) == ("also-check", "scale", "clouds")
    nothing = [{**one, "knowing_jpy": 0.0, "alone_jpy": 0.0} for one in rows]
    assert Summarised().of(facts(what_to_learn=nothing)).also[0].case == "otherwise"


@pytest.mark.parametrize(
    ("low", "high", "case"), [(3, 5, ""), (1, 3, ""), (5, 7, "otherwise"), (4, 4, "one")]
)
def test_e_the_reports_own_number_of_core_platforms_is_named_and_judged(low, high, case):
    given = facts(targets=[{"system_group": "core", "target_low": 3, "target_high": 4}])
    given.results["best_instances_core"] = {"value": low, "low": low, "high": high}
    said = Summarised().of(given).also[0]
    assert said.case == case and said.values["report"] == {"low": 3, "high": 4}


def test_the_rival_reading_of_the_saving_stands_on_the_first_screen():
    rival = [
        {**row, "scale_model": "cross_section", "saving_p50_jpy": value}
        for row, value in zip(readings((0,) * 3, (0,) * 3), (4e9, -50e9), strict=True)
    ]
    own = readings((17e9, 39e9, 68e9), (-53e9, -9.7e9, 26e9))
    scale = Summarised().of(facts(target_reading=[*own, *rival])).unknown[1]
    assert (scale.values["gross"], scale.values["net"]) == (4e9, -50e9)
    assert scale.values["model"] == "cross_section" and scale.case == ""
    assert Summarised().of(facts()).unknown[1].case == "otherwise"
