"""Every claim can fail: each of its wordings is shown by some study inside its bounds, over other
choices and groups, inputs held within their ranges, and tables of a reader's own.
"""

from __future__ import annotations

import ast
import json

import numpy as np
import pandas as pd
import pytest

from analysis.chapters.decision import advice, outturn
from analysis.study import STUDY
from tests.analysis.chapters.resident_cost.test_observed_cost import file_of, made_costs
from tests.analysis.test_second_reading_decision import read, result
from tests.claims import cases_of
from tests.end_to_end.conftest import ROOT
from tests.worlds import World
from workbook.words.messages import Words

pytestmark = pytest.mark.slow
SETAGAYA = "131121"
POOLING_PAYS = {
    "high": (
        *("joint_cloud_saving", "transfer_size", "transfer_technology", "uptake_instances"),
        *("price_effect", "demand_effect", "uptake_price", "uptake_demand"),
    ),
    "low": (
        *("transition_core", "transition_other", "transition_uplift", "transition_additional"),
        *("agency_running_cost", "coordination_loss", "supplier_premium"),
    ),
}
BUYING_BARELY_PAYS = {
    "low": (
        *("price_effect", "demand_effect", "uptake_demand"),
        *("supplier_premium", "additionality_price"),
    ),
}
# joint buying as it is, so that no weight on the report's claim changes the choice
POOLING_ALONE_PAYS = {
    "high": ("joint_cloud_saving", "transfer_size", "transfer_technology"),
    "low": ("transition_core", "transition_other", "transition_additional"),
}
WHAT_POOLING_SAVES = {
    "central": (
        *("transfer_technology", "uptake_instances", "coordination_loss", "core_share_shift"),
    ),
}
NOTHING_PAYS = {
    "low": (
        *("price_effect", "demand_effect", "uptake_price", "uptake_demand"),
        "additionality_price",
    ),
    "high": ("supplier_premium", "agency_running_cost", "transition_core"),
}


def held(ends):
    """The choices that hold inputs at an end of their ranges."""
    return tuple(f"inputs.{name}={end}" for end, names in ends.items() for name in names)


def times(column, factors):
    """A change of a table that multiplies a column by what its rows are given."""

    def changed(rows):
        values = rows[column].astype(float) * factors(rows)
        return rows.assign(**{column: values.round().astype("int64")})

    return changed


def one_ward_late(rows):
    return rows.assign(delayed=rows["delayed"].where(rows["code"] == "131016", "0"))


def falling_share(rows):
    share = rows["item"] == "item_share_of_general_account"
    return rows.assign(value=rows["value"].mask(share & (rows["period"] != "FY2020"), "0.01"))


def figure_above_the_mean(rows):
    point = rows["item"] == "information_system_cost_per_resident"
    return rows.assign(value=rows["value"].mask(point, "9000"))


def supplied(group, share=1.0, years=(2023,)):
    def costs(_):
        each = {code: cost * share for code, cost in made_costs((group,)).items()}
        made = pd.concat([file_of(each, year) for year in years], ignore_index=True)
        return made.assign(cost_jpy=made["cost_jpy"].round().astype(int))

    return costs


def cheaper_large_cities(rows):
    """The survey as if those of 200,000 residents or more had paid 15 % less."""
    large = rows["scope"].str.startswith("residents >= 200,000")
    less = rows.loc[large, "value"].astype(float).sum() * 0.15
    value = rows["value"].astype(float)
    total, mean = rows["item"] == "total_cost", rows["item"] == "cost_per_resident"
    share = 1 - less / value[total].item()
    value = value.where(~large, value * 0.85).where(~(total | mean), (value * share).round())
    return rows.assign(value=value.map("{:.10g}".format))


def goods_hardly_cheaper(rows):
    """Central purchasing as if every measured saving on prices were one of 1 %."""
    measured = rows["kind"].isin(["study", "survey"]) & (rows["quantity"] == "saving")
    return rows.assign(value=rows["value"].mask(measured, "0.01"))


def dear_to_buy(rows):
    """What it takes to buy jointly, at the high ends of its ranges."""
    dear = rows["item"].isin(["buying_fee_share", "liaison_persons", "staff_cost"])
    return rows.assign(**{end: rows[end].mask(dear, rows["high"]) for end in ("low", "central")})


def later(years, factor, only=None):
    """A change of budgets after a year."""

    def factors(rows):
        changed = rows["fiscal_year"].astype(int) > years
        if only:
            changed &= rows["system_group"] == only
        return changed.map({True: factor, False: 1.0})

    return times("amount_jpy", factors)


WORLDS = {
    "as shipped": World(),
    # other groups
    "tama": World(("study.group=tama26", "organisation.leaving_tolerance_jpy=1e10")),
    "designated cities": World(("study.group=designated20",), last=9),
    "three wards": World(("study.group=[131016,131091,131121]",)),
    "two alike": World(("study.group=[131121,131202]",), last=2),
    # other choices, inputs within their ranges
    "the claim": World(("organisation.weight_floor=0.15",), "source_report"),
    "report optimistic": World(scenario="report_optimistic"),
    "national survey": World(held(NOTHING_PAYS), "cross_section"),
    "in 2022": World(scenario="source_2022", last=9),
    "pooling pays": World(held(POOLING_PAYS)),
    "pooling alone pays": World(held(POOLING_ALONE_PAYS)),
    "no joint buying": World(
        (
            *("procurement.joint_price=false", "procurement.joint_demand=false"),
            "decision.outturn_reading=none",
        )
    ),
    "nothing learnt": World(("decision.outturn_reading=none",), last=9),
    "least favourable reading": World(("decision.outturn_reading=half",), last=9),
    "buying does not pay": World(
        held(BUYING_BARELY_PAYS), tables={"decision_terms": dear_to_buy}, last=9
    ),
    "internal systems almost pay": World(
        (*held(WHAT_POOLING_SAVES), "inputs.joint_cloud_saving=0.3", "inputs.transfer_size=0.73"),
        last=9,
    ),
    "part in scope": World(("resident_cost.in_scope_share=0.9",), last=2),
    "a small total": World(("study.baseline=own", "study.baseline_own_5y_jpy=1e10"), last=2),
    # tables of a reader's own
    "one ward late": World(tables={"ward_standardisation_delays": one_ward_late}, last=1),
    "larger items": World(tables={"observed_ict_budgets": later(0, 3.0)}, last=2),
    "items that fell": World(
        tables={"observed_ict_budgets": later(2024, 0.1), "ward_cost_points": falling_share},
        last=2,
    ),
    "a smaller platform": World(
        tables={"observed_ict_budgets": later(2020, 0.01, "platform")}, last=2
    ),
    "a dear Setagaya": World(
        tables={
            "observed_ict_budgets": times(
                "amount_jpy", lambda rows: 1 + 3 * (rows["code"] == SETAGAYA)
            ),
            "ward_cost_points": figure_above_the_mean,
        },
        last=2,
    ),
    "cheaper large cities": World(
        ("resident_cost.in_scope_share=0.8",),
        tables={"ict_cost_survey": cheaper_large_cities},
        last=2,
    ),
    "goods hardly cheaper": World(tables={"procurement_evidence": goods_hardly_cheaper}, last=4),
    "supplied": World(tables={"ict_cost": supplied("tokyo23", 1 / 3)}, last=2),
    "supplied elsewhere": World(
        ("study.group=tama26",),
        tables={"ict_cost": supplied("tama26", years=(2022, 2023))},
        last=2,
    ),
}
# what hangs on more than one study, and where both of its wordings are held
HELD_ELSEWHERE = {
    # a hair's breadth of the ranges: below, on made draws
    "09_decision": {"advice-internal", "advice-core", "on-reading"},
    # gathered runs: test_findings; which of five holds: test_check_first
    "12_findings": {"scenarios", "check-first"},
}
# said by the page of a state that a reader sets, not by the notebook
PANELS = {"10_what_if": {"what-if-answer", "what-if-member"}}
# said of each member by the cell of a table: test_answers has every wording
PAGES = {
    "11_ward_pages": {
        *("page-worth", "page-first", "page-own", "page-whole"),
        *("page-books", "page-for-all", "page-published"),
    }
}
CHAPTERS_OF_TIME = ("06_schedule", "07_reallocation", "08_outturn")  # test_claims_of_time_can_fail


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    return {name: tmp_path_factory.mktemp("world") for name in WORLDS}


@pytest.fixture(scope="module")
def shown(folders):
    """The cases that each message was said in over all worlds, by chapter and slug."""
    cases: dict[str, dict[str, set[str]]] = {step.name: {} for step in STUDY.steps}
    for name, world in WORLDS.items():
        for chapter, said in world.said(folders[name]).items():
            for slug, case in said.items():
                cases[chapter].setdefault(slug, set()).add(case)
    return cases


@pytest.mark.parametrize(
    "chapter", [step.name for step in STUDY.steps if step.name not in CHAPTERS_OF_TIME]
)
def test_line8_each_wording_of_a_claim_is_shown_by_some_study(chapter, shown):
    left = {
        slug: missing
        for slug, cases in cases_of(ROOT, chapter).items()
        if (missing := cases - shown[chapter].get(slug, set()))
    }
    elsewhere = set().union(*(held.get(chapter, set()) for held in (HELD_ELSEWHERE, PANELS, PAGES)))
    assert set(left) <= elsewhere, left


def test_line8_each_answer_of_the_panel_is_that_of_some_state(shown, folders):
    assert shown["10_what_if"]  # the worlds have run
    states = pd.read_csv(folders["as shipped"] / "run" / "tables" / "what_if_states.csv")
    members = pd.read_csv(folders["as shipped"] / "run" / "tables" / "what_if_members.csv")
    words = Words.of(ROOT, "10_what_if")
    assert set(states["verdict"]) == set(words["what-if-answer"]["en"].cases) - {""}
    taking_part = members.groupby("participants")["code"].agg(set)
    assert taking_part["report12"] < taking_part["as_study"]  # some are outside, some are not


@pytest.mark.parametrize("stage", ["internal", "core"])
def test_line8_a_stage_may_gain_in_the_median_and_lose_on_average(stage):
    added = {name: np.ones(3) for name in ("buying", "internal", "core")}
    added[stage] = np.array([-9.0, 1, 1])
    lines = advice.advice_table(
        "widened", np.ones(3), added, dict.fromkeys(added, 1.0), 0.1, np.full(3, 1 / 3), 2.0
    ).set_index("line")
    line = {stage: {"value": lines.at[stage, "yearly_p50_jpy"]}}
    assert lines.at[stage, "yearly_mean_jpy"] < 0 < line[stage]["value"]
    cases = eval(
        case_of("09_decision", f"advice-{stage}"),
        {"chosen": "widened", "lines": lines, "line": line},
    )
    assert [case for case, true in cases.items() if true][:1] == ["gains"]


@pytest.mark.parametrize(
    ("own", "cost", "case"),
    [("additional", 0.3, "favours"), ("half", 0.3, ""), ("additional", 0.5, "turns")],
)
def test_line8_another_reading_of_the_published_result_may_turn_the_choice(own, cost, case):
    held = result()
    in_favour, alike, _ = outturn.favour(read(held, own, cost))
    known = {"result": held, "outturn_reading": own, "in_favour": in_favour, "alike": alike}
    cases = eval(case_of("09_decision", "on-reading"), known)
    assert next((name for name, true in cases.items() if true), "") == case
    assert eval(case_of("09_decision", "on-reading"), known | {"outturn_reading": "none"})["silent"]


def case_of(chapter, slug):
    """The cases of a message as its notebook writes them, compiled."""
    notebook = json.loads((ROOT / "notebooks" / f"{chapter}.ipynb").read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code" and f'"{slug}"' in "".join(cell["source"]):
            for call in ast.walk(ast.parse("".join(cell["source"]))):
                if isinstance(call, ast.Call) and ast.unparse(call.func) == "run.say":
                    (case,) = (word.value for word in call.keywords if word.arg == "case")
                    return compile(ast.unparse(case), slug, "eval")
    raise KeyError(slug)
