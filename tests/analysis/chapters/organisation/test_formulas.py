"""Chapter 5, the agency: forms that cannot do the work are out, ranks are shares of samples, ties
stay ties.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.chapters.organisation import formulas as organisation

DATA = Path(__file__).parents[4] / "data"
CRITERIA = ("set_up", "control")


def some_forms(**contracts):
    """Forms by identifier, each marked as able to contract or not; all of them employ."""
    rows = [
        (form, f"{form} ja", f"{form} en", "yes", "yes", can, "") for form, can in contracts.items()
    ]
    return pd.DataFrame(
        rows,
        columns=[
            "form",
            "name_ja",
            "name_en",
            "in_report",
            "own_staff",
            "contracts_in_own_name",
            "precedent",
        ],
    )


def some_scores(**by_form):
    """One (low, high) per criterion and form."""
    rows = [
        (form, criterion, *ends, "", "")
        for form, scores in by_form.items()
        for criterion, ends in zip(CRITERIA, scores, strict=True)
    ]
    return pd.DataFrame(
        rows, columns=["form", "criterion", "low", "high", "article_ja", "article_en"]
    )


def shipped(name):
    return pd.read_csv(DATA / f"{name}.csv")


def test_a_form_that_cannot_contract_is_out_however_well_it_scores():
    # Tempting wrong answer: weigh it with a low score; its cheap set-up would then carry it to the
    # top.
    forms = some_forms(union="yes", council="no")
    ranked = organisation.form_acceptability(
        forms, some_scores(union=[(1, 1), (1, 1)], council=[(10, 10), (10, 10)]), 0.0
    )
    assert ranked["form"].tolist() == ["union", "council"]
    assert ranked["lacks"].tolist()[1] == "contracts_in_own_name"
    assert ranked.set_index("form").loc["union", "rank_1_share"] == 1
    assert pd.isna(ranked.set_index("form").loc["council", "rank_1_share"])


def test_a_knocked_out_form_needs_no_scores_but_an_able_one_does():
    forms = some_forms(union="yes", company="yes", council="no", foundation="yes")
    scores = some_scores(union=[(1, 2), (3, 4)])
    with pytest.raises(ValueError, match="company, foundation"):
        organisation.form_acceptability(forms, scores, 0.0)
    assert (
        len(organisation.form_acceptability(some_forms(union="yes", council="no"), scores, 0.0))
        == 2
    )


def test_first_ranks_split_where_the_weights_do():
    # Union 0 on set-up and 10 on control, company 10 and 5: ahead iff 10 w > 10 (1 - w) + 5 w, so
    # w_control > 2/3: a third of the samples.
    scores = some_scores(union=[(0, 0), (10, 10)], company=[(10, 10), (5, 5)])
    ranked = organisation.form_acceptability(
        some_forms(union="yes", company="yes"), scores, 0.0
    ).set_index("form")
    assert ranked.loc["union", "rank_1_share"] == pytest.approx(1 / 3, abs=0.01)
    assert ranked.loc["company", "rank_1_share"] == pytest.approx(2 / 3, abs=0.01)


def test_forms_that_are_alike_are_told_as_tied_and_not_in_an_order():
    scores = some_scores(
        union=[(3, 7), (3, 7)], company=[(3, 7), (3, 7)], foundation=[(0, 1), (0, 1)]
    )
    ranked = organisation.form_acceptability(
        some_forms(union="yes", company="yes", foundation="yes"), scores, 0.0
    ).set_index("form")
    assert (
        ranked.loc["union", "tied_en"] == "company en"
        and ranked.loc["company", "tied_ja"] == "union ja"
    )
    assert pd.isna(ranked.loc["foundation", "tied_en"])


def test_a_floor_that_leaves_no_freedom_is_the_verdict_of_equal_weights():
    scores = some_scores(union=[(0, 0), (10, 10)], company=[(6, 6), (5, 5)])
    ranked = organisation.form_acceptability(
        some_forms(union="yes", company="yes"), scores, 0.5
    ).set_index("form")
    # (6 + 5) / 2 against (0 + 10) / 2
    assert ranked["rank_1_share"].to_dict() == {"company": 1, "union": 0}


def test_the_lead_flips_at_the_weight_where_two_forms_meet():
    # Control weighs w: union 10 w, company 10 (1 - w) + 5 w; they meet at w = 2/3.
    scores = some_scores(union=[(0, 0), (8, 12)], company=[(9, 11), (5, 5)])  # mid-range 10 and 10
    flips = organisation.form_flips(some_forms(union="yes", company="yes", council="no"), scores)
    control = flips[flips["criterion"] == "control"]
    assert control["leader"].tolist() == ["company", "union"]
    assert control["to_weight"].iloc[0] == pytest.approx(2 / 3)
    assert flips["equal_weight"].unique().tolist() == [0.5]


@pytest.mark.parametrize("weight_floor", [0.0, 0.15])
def test_ranks_of_the_shipped_forms_sum_to_all_samples_and_councils_are_out(weight_floor):
    ranked = organisation.form_acceptability(
        shipped("legal_forms"), shipped("form_criteria"), weight_floor
    )
    able = ranked[ranked["lacks"].isna()]
    assert set(ranked["form"]) - set(able["form"]) == {"voluntary_council", "statutory_council"}
    np.testing.assert_allclose(
        able[["rank_1_share", "rank_2_share", "rank_3_share", "lower_share"]].sum(axis=1), 1
    )


def test_stretches_of_weight_leave_no_gap_and_do_not_overlap():
    flips = organisation.form_flips(shipped("legal_forms"), shipped("form_criteria"))
    for _, stretches in flips.groupby("criterion"):
        assert (
            stretches["from_weight"].tolist() == [0, *stretches["to_weight"][:-1]]
            and stretches["to_weight"].iloc[-1] == 1
        )


def test_each_duty_of_the_report_is_tested_by_something_that_is_scored_or_knocks_out():
    duties, criteria = shipped("agency_duties"), shipped("form_criteria")
    tested = set(";".join(duties["tested_by"]).split(";"))
    assert tested <= set(criteria["criterion"]) | set(organisation.KNOCK_OUTS)
    assert set(criteria["criterion"]) | set(organisation.KNOCK_OUTS) <= tested
    assert organisation.duties(duties)["kind"].value_counts().to_dict() == {
        "duty": 3,
        "requirement": 3,
    }
