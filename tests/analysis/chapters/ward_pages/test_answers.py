"""The sentences that a municipality's page begins with: which wording holds, with which numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.chapters.ward_pages import answers
from tests.end_to_end.conftest import ROOT
from workbook.words.messages import Words

CHIYODA, SETAGAYA = CODES = ["131016", "131121"]
# the column of its cases, and the message that has them
SAID = {
    "worth_case": "page-worth",
    "first_case": "page-first",
    "own_case": "page-own",
    "whole_case": "page-whole",
    "books_case": "page-books",
    "for_all_case": "page-for-all",
    "published_case": "page-published",
}


def by_code(**columns):
    return pd.DataFrame({"code": CODES, **columns})


def options(best):
    means = {"stay": 0.0, "widened": 5.0, "shared_internal": 3.0}
    if best == "stay":
        means |= {"widened": -1.0, "shared_internal": -2.0}
    return pd.DataFrame(
        {
            "option": [*means],
            "yearly_mean_jpy": [*means.values()],
            "chosen": [name == best for name in means],
        }
    )


def gains(median=(4.0, 9.0), left=(-1.0, 4.0)):
    return by_code(
        gain_p10_jpy=[1.0, 2.0],
        gain_p50_jpy=median,
        gain_p90_jpy=[8.0, 18.0],
        gains_share=[0.9, 0.99],
        after_hours_jpy=left,
    )


def test_each_is_told_what_the_best_option_is_worth_to_it():
    said = answers.worth(gains(), options("widened"), [*CODES, "131024"])
    assert said["worth_case"].tolist() == ["hours", "gains", "outside"]
    setagaya = said.loc[SETAGAYA]
    assert setagaya[["gain_low_jpy", "gain_p50_jpy", "gain_high_jpy"]].tolist() == [2, 9, 18]
    assert setagaya["option"] == "widened"
    loses = answers.worth(gains(median=(0.0, -1.0)), options("widened"), CODES)
    assert loses["worth_case"].tolist() == ["loses", "loses"]


def test_where_nothing_is_better_than_today_the_next_best_is_named_as_such():
    # tempting: the option with the highest mean, which is to stay
    said = answers.worth(gains(), options("stay"), CODES)
    assert set(said["worth_case"]) == {"stay"} and set(said["option"]) == {"widened"}


def calendar(due):
    names = ["buying_list", "buying_vote", "buying_contract", "internal_vote"]
    return pd.DataFrame(
        {
            "place": [1, 2, 3, 4],
            "step_id": names,
            **{f"who_{lang}": [f"{n} who {lang}" for n in names] for lang in ("ja", "en")},
            **{f"what_{lang}": [f"{n} what {lang}" for n in names] for lang in ("ja", "en")},
            "starts": [2027.25, 2027 + 10 / 12, 2028.0, 2029.5],
            "ends": [2027 + 4 / 12, 2027 + 11 / 12, 2028 + 5 / 12, 2029 + 11 / 12],
            "due": due,
        }
    )


def test_the_first_step_is_due_by_the_last_month_of_the_calendar():
    said = answers.first(calendar([True, True, True, False]), [SETAGAYA]).loc[SETAGAYA]
    # August and March; tempting: a month less, as if the calendar gave the month after
    assert said["first_by"] == pytest.approx(2027 + 4 / 12)
    assert said["vote_by"] == pytest.approx(2027 + 11 / 12)
    assert said["first_who_en"] == "buying_list who en" and said["contract_from"] == 2028
    assert said["buyer_ja"] == "buying_contract who ja"


def test_where_nothing_is_due_nothing_is_asked():
    said = answers.first(calendar([False] * 4), CODES)
    assert said["first_case"].tolist() == ["nothing"] * 2
    # tempting: to leave out the columns, which the table declares
    assert said.drop(columns="first_case").isna().all(axis=None)
    due = answers.first(calendar([True] * 4), CODES)
    assert said.columns.tolist() == due.columns.tolist()


def test_what_is_in_hand_is_known_of_some_alone():
    late = pd.DataFrame({"code": [*CODES, "131024"], "late_businesses": [0, 9, 3]})
    commitments = pd.DataFrame(
        {
            "code": [SETAGAYA, SETAGAYA, "222101"],
            "subject_ja": [
                "内部情報系システム（財務会計）の構築",
                "庁内ネットワーク",
                "内部情報系",
            ],
            "to_year": [2028, 2031, 2027],
        }
    )
    said = answers.own_work(late, commitments)
    assert said["own_case"].to_dict() == {
        CHIYODA: "in_time",
        SETAGAYA: "bound_late",
        "131024": "late",
        "222101": "bound",
    }
    # March 2029 ends FY2028; tempting: the network's FY2031, which is no internal system
    assert said.loc[SETAGAYA, "bound_until"] == pytest.approx(2028 + 11 / 12)


def test_the_plan_is_told_as_a_gain_or_a_loss_with_the_shares_of_the_pages_rules():
    winners = pd.concat(
        by_code(
            rule=rule,
            gain_p10_jpy=[-9.0, -5.0],
            gain_p50_jpy=[-4.0, 1.0],
            gain_p90_jpy=[2.0, 7.0],
            gains_share=shares,
        )
        for rule, shares in {
            "shapley": [0.2, 0.6],
            "residents": [0.5, 0.4],
            "equal": [0, 1],
        }.items()
    )
    said = answers.whole(winners, ("shapley", "residents"))
    assert said["whole_case"].tolist() == ["loses", "gains"]
    assert said.loc[CHIYODA, ["whole_size_jpy", "whole_low_jpy", "whole_share"]].tolist() == [
        *(4, -9, 0.2)
    ]
    # tempting: over every rule, the equal one too
    assert said[["rules_low_share", "rules_high_share"]].values.tolist() == [[0.2, 0.5], [0.4, 0.6]]


def test_the_figure_that_narrows_most_is_asked_for_and_none_that_narrows_nothing():
    narrowing = pd.DataFrame(
        {
            "code": [CHIYODA, CHIYODA, SETAGAYA],
            "place": [1, 2, 1],
            "figure": ["own_cost", "price", "price"],
            "narrowing": [0.4, 0.1, 0.0],
        }
    )
    said = answers.books(narrowing)
    assert said.to_dict("index") == {CHIYODA: {"books_case": "own_cost", "narrowing": 0.4}}


def test_books_are_worth_to_all_what_they_take_off_one_answer_and_noise_is_not_said():
    left = pd.DataFrame(
        {
            "code": [CHIYODA, CHIYODA, CHIYODA, SETAGAYA],
            "answer": ["slope", "item_level", "single_ward", "slope"],
            "left": [0.66, 0.9, 0.5, 0.98],
        }
    )
    said = answers.books_for_all(left)
    assert said.index.tolist() == [CHIYODA] and said.loc[CHIYODA, "for_all_case"] == "slope"
    assert said.loc[CHIYODA, "for_all"] == pytest.approx(0.34)


def published(items=(np.nan, 50.0), years=(2020, 2026), supplied=()):
    costs = by_code(item_per_resident_jpy=items, cost_p50_jpy=[6e9, 7e9])
    budgets = pd.DataFrame(
        {
            "code": [SETAGAYA] * len(years),
            "fiscal_year": years,
            "amount_jpy": [5e9, 14e9][-len(years) :],
            "cost_per_resident_jpy": [50.0, 140.0][-len(years) :],
        }
    )
    texts = {f"{what}_{lang}": ["x"] for what in ("holds", "without") for lang in ("ja", "en")}
    scopes = pd.DataFrame({"code": [SETAGAYA], **texts})
    return answers.published(
        costs, budgets, scopes, pd.DataFrame({"code": [*supplied]}), total_jpy=66e9
    )


def test_a_published_item_stands_with_that_of_the_models_year():
    said = published()
    assert said["published_case"].tolist() == ["none", "item"]
    # 14 over 5; tempting: over the modelled 7, two scopes and two years at once
    assert said.loc[SETAGAYA, "growth"] == pytest.approx(2.8)
    assert said.loc[SETAGAYA, ["item_year", "then_year", "then_jpy"]].tolist() == [2026, 2020, 5e9]


def test_an_item_that_the_model_does_not_take_up_says_so_and_a_supplied_cost_is_no_model():
    apart = published(items=(np.nan, np.nan), years=(2026,))
    assert apart["published_case"].tolist() == ["none_by_residents", "item_apart"]
    assert published(supplied=(CHIYODA,))["published_case"].tolist() == ["supplied", "item"]


def test_one_municipality_alone_is_told_nothing_of_sharing():
    shared = pd.DataFrame({"whole_case": ["gains"] * 2}, index=CODES)
    own = pd.DataFrame({"own_case": ["late"] * 2}, index=CODES)
    alone = answers.answers([SETAGAYA], [shared], [own])
    assert alone["whole_case"].isna().all() and alone["own_case"].tolist() == ["late"]
    assert answers.answers(CODES, [shared], [own])["whole_case"].tolist() == ["gains"] * 2


def test_every_wording_is_one_that_the_code_can_choose():
    words = Words.of(ROOT, "11_ward_pages")
    said = {
        "page-worth": {"gains", "hours", "loses", "stay", "outside"},
        "page-first": {"step", "nothing"},
        "page-own": {"bound_late", "bound", "late", "in_time"},
        "page-whole": {"gains", "loses"},
        "page-books": {"own_cost", "migration", "price", "specification"},
        "page-for-all": set(answers.EVERYBODYS),
        "page-published": {"item", "item_apart", "supplied", "none", "none_by_residents"},
    }
    assert set(said) == set(SAID.values())
    assert {slug: set(words[slug]["en"].cases) for slug in said} == said
