"""What a hostile second reading found in chapters 5 and 9 and in what holds the chapters together,
line by line.
"""

from __future__ import annotations

import ast
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm, qmc

from analysis.chapters.decision import worth_knowing
from analysis.chapters.findings import learning, quantities
from analysis.chapters.organisation import drivers, net_gains
from analysis.chapters.schedule.decisions import LEARNED
from analysis.methods.appraisal import value_of_learning
from analysis.study import STUDY
from tests.second_values import SAID, unqualified
from workbook.words.messages import SUBTITLE, TEXT, Words

ROOT = Path(__file__).parents[2]
LANGS = ("ja", "en")

CODES = ["131016", "131024", "131032"]


def wards(**costs: list[float]) -> pd.DataFrame:
    """Chapter 2's table of three wards, the last of them observed."""
    return pd.DataFrame(
        {
            "code": CODES,
            "residents": [100, 200, 400],
            "cost_p10_jpy": [8.0, 16.0, 50.0],
            "cost_p50_jpy": [10.0, 20.0, 50.0],
            "cost_p90_jpy": [12.0, 24.0, 50.0],
        }
    ).assign(**{f"cost_by_{driver}_jpy": values for driver, values in costs.items()})


def own_costs() -> pd.DataFrame:
    rows = [(0, 9.0, 21.0, 50.0), (1, 11.0, 19.0, 50.0)]
    return pd.DataFrame(
        [
            (draw, code, cost)
            for draw, *costs in rows
            for code, cost in zip(CODES, costs, strict=True)
        ],
        columns=["draw", "code", "cost_jpy"],
    )


def test_a16_without_a_rival_of_chapter_2_there_is_none():
    assert drivers.rival_costs(wards(), own_costs()) == {}


def test_a16_a_rival_driver_moves_the_middle_and_keeps_spread_total_and_what_was_observed():
    (moved,) = drivers.rival_costs(wards(staff=[40.0, 20.0, 7.0]), own_costs()).values()
    table = moved.pivot(index="draw", columns="code", values="cost_jpy")
    # 4 x 9 and 1 x 21 put back on 30: tempting to rescale the observed third as well
    np.testing.assert_allclose(table.loc[0], [36 * 30 / 57, 21 * 30 / 57, 50.0])
    np.testing.assert_allclose(table.sum(axis=1), [80.0, 80.0])


def test_a16_where_two_drivers_turn_the_order_round_every_rank_is_an_interval():
    rising, falling = np.arange(1.0, 24.0), np.arange(23.0, 0.0, -1.0)
    turned = drivers.interval([rising, falling], "charge")
    assert turned["rank_low"].iloc[0] == 1 and turned["rank_high"].iloc[0] == 23
    assert drivers.order_turns(turned)
    assert not drivers.order_turns(drivers.interval([rising, rising + 0.1], "charge"))


def test_a16_the_share_of_draws_in_which_a_ward_gains_covers_every_driver():
    part = pd.DataFrame({"code": CODES[:2], "residents": [100, 200]})
    as_run, rival = (
        {"shapley": np.array(gains, float)} for gains in ([[1, -1], [1, 1]], [[-1, 1], [-1, 1]])
    )
    found = net_gains.winners_losers(part, as_run, [rival]).set_index("code")
    assert found["gains_share"].tolist() == [1.0, 0.5]
    assert found["gains_share_low"].tolist() == [0.0, 0.5]
    assert found["gains_share_high"].tolist() == [1.0, 1.0]


def message(chapter: str, slug: str, lang: str, part: str = TEXT) -> str:
    return Words.of(ROOT, chapter)[slug][lang].parts()[part]


def to_learn(worth: dict[str, float], shares: dict[str, float]) -> pd.DataFrame:
    """What to learn next, given what knowing each group is worth and inputs' shares of variance."""
    known = pd.DataFrame(
        {
            "learned": [*worth, "everything"],
            "knowing_jpy": [*worth.values(), 99.0],
            "knowing_error_jpy": 0.1,
        }
    )
    variance = pd.DataFrame(
        {
            "input": [*shares, "block_common_cost"],
            "evidence_grade": "D",
            # a block's whole has no share of its own
            "split_share": [*shares.values(), np.nan],
        }
    )
    swings = pd.DataFrame({"input": [*shares], "swing": 0.3}).astype({"input": str})
    widths = pd.DataFrame({"input": [], "width_now": [], "width_if_known": []})
    widths = widths.astype({"input": str})
    alone = pd.DataFrame({"input": [], "knowing_jpy": [], "knowing_error_jpy": []})
    alone = alone.astype({"input": str})
    groups = learning.group_of_each(LEARNED)
    return learning.what_to_learn(known, variance, swings, widths, alone, groups)


GROUPS = ("scale", "price", "cost", "time")


@pytest.mark.parametrize("most", GROUPS)
def test_a1_what_to_find_out_first_is_what_is_worth_most_to_know(most):
    """Tempting: the input with the largest share of the variance, worth nothing to know; or
    everything at once, which is no group.
    """
    worth = {group: 9.0 if group == most else 1.0 for group in GROUPS}
    found = to_learn(worth, {"transition_uplift": 0.8, "transfer_size": 0.1, "price_effect": 0.1})
    assert found.iloc[0]["learned"] == most
    assert learning.widest(found)["input"] == "transition_uplift"
    for lang in LANGS:
        assert message("12_findings", f"learned-{most}", lang)


def test_a1_what_is_worth_nothing_is_last_however_much_of_the_variance_it_carries():
    found = to_learn(
        {"scale": 2.0, "cost": 0.0}, {"transition_uplift": 0.9, "transfer_size": 0.1, "odd": 0.0}
    )
    # what no decision learns is worth no value of knowing, not a nought
    assert found["input"].tolist() == ["transfer_size", "transition_uplift", "odd"]
    assert found["learned"].tolist()[:2] == ["scale", "cost"] and np.isnan(found["knowing_jpy"][2])
    # variance and swing stand beside it as what they are
    assert found["split_share"].tolist() == [0.1, 0.9, 0.0] and (found["swing"] == 0.3).all()


def test_a1_without_any_input_there_is_no_widest():
    assert learning.widest(to_learn({"time": 0.0}, {})).isna().all()


@pytest.mark.parametrize("lang", LANGS)
def test_a2_the_value_of_knowing_an_input_is_not_that_of_knowing_the_model(lang):
    said = Words.of(ROOT, "12_findings")["check-first"][lang].parts("two-questions")[TEXT]
    assert "{learned:words}" in said and "{knowing:JPY/year}" in said
    assert "{rival:term}" in said and "{most:JPY/year}" in said
    assert ("two models" if lang == "en" else "どちらのモデル") in said


@pytest.mark.parametrize("mean", [0.0, 0.5, -1.0])
def test_line9_the_value_of_learning_agrees_with_the_normal_loss_integral(mean):
    """Raiffa and Schlaifer (1961): of m + X + Y or nothing, X normal with spread s, knowing X first
    is worth s phi(m/s) + m Phi(m/s) - max(m, 0); the Y that stays unknown adds nothing.
    """
    spread, points = 2.0, qmc.Sobol(2, seed=3).random(2**14)
    x, y = (scale * norm.ppf(points[:, i]) for i, scale in enumerate((spread, 5.0)))
    values = pd.DataFrame({"stay": 0.0, "move": mean + x + y})
    exact = spread * norm.pdf(mean / spread) + mean * norm.cdf(mean / spread) - max(mean, 0.0)
    found, error = value_of_learning(values, pd.DataFrame({"x": x}))
    assert found == pytest.approx(exact, abs=max(4 * error, 0.01))
    # tempting: to know everything (spread of x and y together) is worth more, and is another value
    together = np.hypot(spread, 5.0)
    assert found < together * norm.pdf(mean / together)


def test_a25_every_way_to_differ_can_be_held_against_the_sentences():
    ways = {
        how for cells in quantities.QUANTITIES.values() for cell in cells for how in cell.differs
    }
    assert ways == set(SAID)
    for cells in quantities.QUANTITIES.values():
        assert [bool(cell.differs) for cell in cells] == [False] + [True] * (len(cells) - 1)
    for lang in LANGS:
        for how in (*ways, "not"):
            assert message("12_findings", f"differs_{how}", lang)


VALUES = {"plan_value": {-30e9 - 0.5: (), -33e9 - 0.5: ("mean",)}}


def said(slug: str, **values: float) -> dict:
    return {"slug": slug, "case": "", "values": values}


@pytest.mark.parametrize(
    ("value", "faults"),
    # the headline may be said as it is; so may its loss; the mean may not pass for it
    [(-30e9 - 0.5, 0), (33e9 + 0.5, 2), (12.5, 0)],
)
def test_a25_a_second_value_without_its_qualifier_is_refused(value, faults):
    words = Words.of(ROOT, "12_findings")
    assert len(unqualified(said("answer_pays", npv_whole_life=value), words, VALUES)) == faults


def test_a25_a_second_value_that_says_what_it_is_passes():
    words = Words.of(ROOT, "06_schedule")
    assert unqualified(said("decisions", mean=-33e9 - 0.5), words, VALUES) == []


def test_a25_a_cell_that_names_more_than_one_row_is_refused():
    rows = pd.DataFrame({"option": ["wait", "wait"], "npv_p50_jpy": [1.0, 2.0]})
    cell = quantities.Cell("decisions", "npv_p50_jpy", "JPY", 6, {"option": "wait"})
    with pytest.raises(ValueError, match="decisions: 2 rows where"):
        quantities.value_of(cell, {"decisions": rows}, pd.DataFrame(), {})
    assert quantities.value_of(cell, {"decisions": rows.head(0)}, pd.DataFrame(), {}) is None


def test_d_what_no_law_was_read_for_stays_assumed_and_says_what_is_to_verify():
    forms = pd.read_csv(ROOT / "data" / "legal_forms.csv").set_index("form")
    criteria = pd.read_csv(ROOT / "data" / "form_criteria.csv")
    assert (criteria["standing"] == "assumed").all()
    # the article on councils was read and does not say what knocks a council out
    for form in ("company", "voluntary_council", "statutory_council"):
        assert forms.at[form, "standing"] == "assumed" and "to verify" in forms.at[form, "note"]
    for lang, word in (("en", "unofficial copies"), ("ja", "非公式の写し")):
        said = [message("05_organisation", "duties", lang, SUBTITLE)]
        said += [message("05_organisation", "forms", lang, SUBTITLE)]
        assert [word in text for text in said] == [True, False]  # once, on the exhibit


def ranges_said() -> list[tuple[str, str, str]]:
    """Chapter, message and placeholder of every range that a notebook from chapter 3 on says."""
    found = []
    for step in STUDY.steps:
        text = (ROOT / "notebooks" / f"{step.name}.ipynb").read_text(encoding="utf-8")
        cells = [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
        for cell in cells if step.chapter > 2 else ():
            for call in ast.walk(ast.parse("".join(cell["source"]))):
                if isinstance(call, ast.Call) and ast.unparse(call.func) in ("run.say", "run.show"):
                    found += [
                        (step.name, call.args[0].value, keyword.arg)
                        for keyword in call.keywords
                        if ast.unparse(keyword.value).startswith("Range(")
                    ]
    return found


@pytest.mark.parametrize("lang", LANGS)
def test_line3_every_range_says_of_what_it_is_one(lang):
    """P10 to P90 of the draws, or what was varied: shape and correlation of the draws, or from one
    municipality to the next.
    """
    said_so = {
        "en": ("P10", "shape and correlation", "depending on the {municipality}"),
        "ja": ("P10", "形と相関", "{municipality}により"),
    }[lang]
    ranges = ranges_said()
    assert len(ranges) > 5
    for chapter, slug, name in ranges:
        texts = Words.of(ROOT, chapter)[slug][lang]
        for case in texts.cases:
            text = " ".join(texts.parts(case).values())
            assert f"{{{name}:" not in text or any(x in text for x in said_so), (slug, case)


def test_line8_the_lowest_charge_and_a_theorem_are_no_claims():
    """Without coordination no Shapley value can tempt anybody and no charge is negative: what
    cannot fail is said as what it is.
    """
    for lang, theorem in (("en", "a theorem"), ("ja", "定理である")):
        texts = Words.of(ROOT, "05_organisation")
        assert "otherwise" not in texts["checks"][lang].cases
        assert theorem in texts["rival-readings"][lang].parts()[SUBTITLE]


MEANS = pd.DataFrame(
    {
        "joint_cloud": (0.0, 20.0, -30.0),
        "source_report": (0.0, 20.0, 120.0),
        "cross_section": (0.0, 15.0, -90.0),
    },
    index=["stay", "widened", "report_plan"],
).T


def test_a2_knowing_which_model_is_right_is_worth_what_it_would_change_in_the_choice():
    # the plan overtakes at w with 20 = -30 + 150 w, a third; there the best under either model is
    # worth 2/3 x 20 + 1/3 x 120, and the choice 20
    turns = worth_knowing.model_turns(MEANS, "joint_cloud", worth=10.0).set_index("rival")
    turn = turns.loc["source_report"]
    assert turn["flip_weight"] == pytest.approx(1 / 3) and turn["option"] == "report_plan"
    assert turn["most_jpy"] == pytest.approx(2 / 3 * 20 + 1 / 3 * 120 - 20)
    # 100 w is worth more than 10 from a tenth on
    assert turn["above_weight"] == pytest.approx(0.101)
    worth = worth_knowing.model_worth(MEANS, "joint_cloud").set_index(["rival", "weight"])[
        "knowing_jpy"
    ]
    # tempting: a rival that disagrees by much is worth much to know; it chooses the same
    assert (worth["cross_section"] == 0).all()
    assert worth["source_report"][0.0] == worth["source_report"][1.0] == 0
    assert turns.loc["cross_section"].isna().all()
