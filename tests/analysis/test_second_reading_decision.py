"""What the hostile second reading asks of a decision from today (parts B and C), line by line."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from analysis.chapters.consolidation import formulas as consolidation
from analysis.chapters.decision import advice, outturn, stages, wards
from analysis.chapters.decision import formulas as decision
from analysis.chapters.schedule import money_over_time
from analysis.methods import calibration
from tests.analysis.chapters.schedule.test_money_over_time import a_full_year, a_plan, shipped
from workbook.words.messages import Words

ROOT = Path(__file__).parents[2]
LANGS = ("ja", "en")
DRAWS, START, YEARS, RATE = 512, 2026.0, 15, 0.04
SHARES = {"buying": 0.25, "shared_internal": 0.6, "core_renewal": 1.0}
HORIZON = money_over_time.Horizon(START, YEARS, 1.0, 0.0, 10, 1.0)
CLAIMED = np.array([0, 0, 0, 200, 300, 100])  # what the claim adds to each option
LINES = ("option", "buying", "internal", "core", "claim")


def terms(served=True, running=0.5, draws=DRAWS, start=START):
    return decision.Terms(start, YEARS, RATE, np.full(draws, running), served, SHARES)


def constant(yen, draws=DRAWS):
    return np.full(draws, float(yen))


def valued(buying=100.0, pooled=10.0, moving=20.0, agency=30.0, draws=DRAWS):
    parts = (*decision.INTERNAL, *decision.CORE)
    return decision.Valued(
        pd.DataFrame({"buying": constant(buying, draws)} | dict.fromkeys(parts, pooled)),
        pd.DataFrame(
            dict.fromkeys(parts, constant(moving, draws)) | {"agency": agency, "buying": 0.0}
        ),
    )


def components(served=True, fee=5.0, **changes):
    value = valued(**changes)
    return decision.option_components(value, value, constant(fee), terms(served))


def even(draws=DRAWS):
    return np.full(draws, 1 / draws)


def central_inputs():
    """The shipped inputs at their central values, in one draw."""
    ranges = shipped("input_ranges").set_index("input")["central"]
    return pd.DataFrame([ranges.to_dict()]).assign(fixed_cost_position=0.5)


# --- B: options from today


def test_b_leaving_as_is_is_worth_nothing_and_an_option_that_changes_nothing_likewise():
    values = decision.option_values(components(fee=0.0, buying=0.0, pooled=0.0, moving=0, agency=0))
    assert (values == 0).all(axis=None)
    assert decision.best_option(values, even()) == "stay"


def test_b_options_add_what_is_new_by_hand():
    means = decision.option_values(components()).mean()
    # half of the buying runs already: 50 is new; three internal parts, then three core ones
    assert means.to_dict() == pytest.approx(
        {
            "stay": 0,
            "widened": 50 - 5,
            "own_agency": 50 - 0.25 * 30,
            "shared_internal": 45 + 3 * (10 - 20) - 0.35 * 30,
            "core_renewal": 45 + 6 * (10 - 20) - 0.75 * 30,
            "report_plan": 50 + 6 * (10 - 20) - 30,
        }
    )


def test_b_where_no_joint_buyer_serves_the_agency_buys_for_pooled_options():
    values = decision.option_values(components(served=False)).mean()
    assert "widened" not in values
    assert values["shared_internal"] == pytest.approx(50 - 3 * 10 - 0.6 * 30)


def yearly_sum(saving, start, ramp, years=YEARS, per_year=2000):
    """A present value by small steps, without the study's formulas for dates."""
    total = 0.0
    for year in range(years):
        moments = START + year + (np.arange(per_year) + 0.5) / per_year
        running = np.clip((moments - start) / ramp, 0, 1) if ramp else moments >= start
        total += saving * running.mean() / (1 + RATE) ** year
    return total


def paid_evenly(price, begins, ends):
    yearly = price / (ends - begins)
    return yearly_sum(yearly, begins, 0) - yearly_sum(yearly, ends, 0)


def left_at_the_end(price, begins, moved, life=10):
    """What a move and its renewal are still worth when the appraisal ends, on a straight line."""
    end = START + YEARS
    again = price * np.clip((end - begins - life) / (moved - begins), 0, 1)
    left = price * np.clip((moved + life - end) / life, 0, 1)
    left += again * np.clip((moved + 2 * life - end) / life, 0, 1)
    return left / (1 + RATE) ** (YEARS - 1)


def test_b_option_values_by_independent_code_at_central_values():
    inputs, plan = central_inputs(), a_plan()
    worth = a_full_year(draws=inputs, plan=plan)
    # joint buying from the tables alone: each cell keeps (1 - price)(1 - demand) where they act,
    # and joint contracts leave two of four suppliers
    of = inputs.iloc[0]
    premium = of["supplier_premium"] * (1 / 2 - 1 / 4)
    price = (of["price_effect"] * of["additionality_price"] - premium) * of["uptake_price"]
    demand = of["demand_effect"] * of["uptake_demand"] * of["additionality_demand"]
    shares = shipped("cost_shares").set_index("system_group")["central"]
    acts = shipped("lever_scope").set_index(["lever", "system_group", "cost_category"])["acts"]
    buying = sum(
        66.4e9
        * shares[row.system_group]
        * row.central
        * (
            1
            - (1 - price * acts["price", row.system_group, row.cost_category])
            * (1 - demand * acts["demand", row.system_group, row.cost_category])
        )
        for row in shipped("category_shares").itertuples()
    )
    dates = pd.DataFrame({"buying": [2027.25], "agency": [2028.5]})
    for stream, moved in (("internal", 2031.5), ("communication", 2031.0), ("core", 2034.0)):
        dates[f"{stream}_contract"], dates[f"{stream}_cutover"] = moved - 2, moved - 1
        dates[stream] = moved
    dates[["infrastructure_contract", "infrastructure_cutover", "infrastructure"]] = (
        2028,
        2029,
        2030,
    )
    flows = money_over_time.dated_flows(worth, dates, HORIZON)
    one = terms(draws=1)
    fee = decision.fee_value(
        HORIZON.grown(66.4e9),
        of[["uptake_price"]].to_numpy(float),
        dates["buying"],
        HORIZON,
        one,
        np.array([0.011]),
    )
    value = decision.valued(flows, RATE)
    found = decision.option_values(decision.option_components(value, value, fee, one)).iloc[0]
    new = 0.5 * yearly_sum(buying, 2027.25, 1.0)
    spent = 0.5 * yearly_sum(66.4e9 * of["uptake_price"] * 0.011, 2027.25, 1.0)
    assert found["widened"] == pytest.approx(new - spent, rel=1e-4)
    agency = yearly_sum(of["agency_running_cost"], 2028.5, 0)
    assert found["own_agency"] == pytest.approx(new - 0.25 * agency, rel=1e-3)
    pooled = 0.0
    for part in decision.INTERNAL:
        moved, saved = dates[part][0], worth.saving[part][0]
        once, twice = worth.moving[part][0], worth.doubled[part][0]
        begins, first = dates[f"{part}_contract"][0], dates[f"{part}_cutover"][0]
        pooled += yearly_sum(saved, moved, 1.0) + left_at_the_end(once, begins, moved)
        pooled -= paid_evenly(once, begins, moved) + paid_evenly(once, begins + 10, moved + 10)
        pooled -= yearly_sum(twice, first, 0) - yearly_sum(twice, moved, 0)
    expected = new - spent + pooled - 0.35 * agency
    assert found["shared_internal"] == pytest.approx(expected, rel=1e-3)


def test_b_margins_and_chances_are_paired_by_draw():
    noise = np.random.default_rng(1).normal(size=DRAWS) * 1e9
    values = pd.DataFrame({"stay": 0.0, "widened": noise + 2e9, "own_agency": noise + 1e9})
    second, ahead, share = decision.margin(values, even())
    # tempting: the difference of two ranges, which would be wide
    assert second == "own_agency" and share == pytest.approx(1.0)
    assert ahead == pytest.approx(dict.fromkeys(("mean", "p10", "p50", "p90"), 1e9))


def test_b_at_renewal_no_stream_cuts_over_before_it_and_a_late_one_is_not_hastened():
    dates = pd.DataFrame({"agency": [2028.0], "buying": [2027.0]})
    for stream, cutover in zip((*decision.INTERNAL, "core"), (2029, 2032, 2030, 2031), strict=True):
        dates[f"{stream}_contract"], dates[f"{stream}_cutover"] = cutover - 1.0, float(cutover)
        dates[stream] = cutover + 1.0
    put_off = decision.at_renewal(dates, {"internal": 2031.0, "core": 2035.0}).iloc[0]
    assert put_off["internal_cutover"] == 2031 and put_off["internal"] == 2032
    assert put_off["communication_cutover"] == 2032 and put_off["core_contract"] == 2034
    assert put_off["agency"] == 2028  # one stream is not put off, so the agency is not, either
    later = decision.after_accounts(put_off.to_frame().T)
    assert later["core_contract"].item() == pytest.approx(2033 + 1)


def test_b_the_budget_round_is_the_next_one_whose_summer_is_still_ahead():
    assert decision.next_round(decision.starts_on("2026-08")) == 2027.0
    steps = advice.calendar_table(
        shipped("decision_calendar"),
        {"decision": 2026.0, "internal_renewal": 2031.0, "accounts": 2033.0},
        "widened",
        "widened",
    ).set_index("step_id")
    assert steps.loc["buying_vote", ["starts", "ends"]].tolist() == pytest.approx(
        [2026 + 10 / 12, 2026 + 11 / 12]
    )
    assert steps.at["buying_contract", "starts"] == 2027.0
    assert steps["due"].sum() == 5 and not steps.at["core_review", "due"]
    assert (steps["ends"] > steps["starts"]).all()
    # what is to be done in July and August is due by August, not by the September after it
    named = steps.loc["buying_list", ["starts", "ends"]].tolist()
    assert named == pytest.approx([2026 + 3 / 12, 2026 + 4 / 12])


def test_b_a_published_commitment_binds_its_own_group_alone():
    commitments = pd.read_csv(
        ROOT / "data" / "ict_commitments.csv", dtype={"code": str}, encoding="utf-8-sig"
    )
    assert advice.bound_until(commitments, ("131121",)) == 2028
    assert np.isnan(advice.bound_until(commitments, ("131016", "222101")))


# --- C 2: joint buying held against its outturn


def result(served=True, log_sd=0.5, observed=0.84e9):
    buying = np.exp(np.linspace(20.5, 23.0, DRAWS))
    return outturn.Outturn(observed, buying, constant(0.7), constant(0.5), log_sd, served)


def read(held, own="additional", cost=0.3):
    """The readings of a published result for a choice between leaving things as they are and what
    is new of joint buying, at a cost of a part of its median.
    """
    new = held.buying * (1 - held.running_share)
    yearly = pd.DataFrame({"stay": 0.0, "widened": new - cost * np.median(new)})
    return outturn.readings_table(held, own, yearly, "widened")


def test_c2_the_published_result_pulls_joint_buying_towards_it_and_the_prior_stands_beside():
    table = read(result()).set_index("reading")
    prior, used = table.loc["none"], table.loc["additional"]
    assert prior["effective_draws"] == pytest.approx(DRAWS)
    assert used["effective_draws"] < prior["effective_draws"]
    before, after = (abs(np.log(row["expected_p50_jpy"] / 0.84e9)) for row in (prior, used))
    assert after < before and used["own"] and not prior["own"]
    # a figure that is half the metropolis' says less was saved here, as one that is not additional
    assert table.at["half", "saving_p50_jpy"] < used["saving_p50_jpy"]
    assert table.at["gross", "saving_p50_jpy"] < used["saving_p50_jpy"]


def test_c2_weights_meet_the_conjugate_posterior():
    spread, log_sd = 0.4, 0.3
    evenly = (np.arange(4096) + 0.5) / 4096
    from scipy.special import ndtri

    logs = 21 + spread * ndtri(evenly)
    flat = np.ones(4096)
    held = outturn.Outturn(np.exp(20.5), np.exp(logs), flat, flat, log_sd, True)
    precision = spread**-2 + log_sd**-2
    mean = (21 * spread**-2 + 20.5 * log_sd**-2) / precision
    found = calibration.weighted_mean(logs, held.weights("additional"))
    assert found == pytest.approx(mean, abs=1e-3)


@pytest.mark.parametrize("case", [{"served": False}, {}])
def test_c2_nothing_is_learnt_by_those_it_does_not_serve_or_by_choice(case):
    held = result(**case)
    weights = held.weights("additional" if case else "none")
    assert weights == pytest.approx(even())
    rows = read(held)
    assert len(rows) == (1 if case else 4)
    assert outturn.favour(rows)[1]


def test_c2_what_is_advised_is_valued_and_chosen_again_under_every_reading():
    """Tempting: the choice under the run's own reading, with the others' saving beside it."""
    rows = read(result()).set_index("reading")
    assert rows.at["none", "worth_p50_jpy"] > rows.at["additional", "worth_p50_jpy"]
    in_favour, alike, least = outturn.favour(rows.reset_index())
    assert in_favour and least == rows["worth_p50_jpy"].min()
    assert alike == (rows.loc["additional":, "option"].nunique() == 1)
    assert not outturn.favour(read(result(), own="half"))[0]
    # where joint buying costs more, the least favourable reading alone speaks against it
    costly = read(result(), cost=0.5).set_index("reading")
    assert costly["option"].to_dict() == {
        "none": "widened",
        "additional": "widened",
        "gross": "widened",
        "half": "stay",
    }
    assert not outturn.favour(costly.reset_index())[1]


def test_c2_a_run_without_joint_buying_has_no_outturn_to_be_held_against():
    held = outturn.Outturn(1e9, constant(0), constant(0.7), constant(0.5), 0.5, True)
    assert held.weights("additional") == pytest.approx(even())


def test_c2_the_groups_part_of_the_figure_is_by_residents_and_years():
    municipalities = pd.DataFrame({"code": ["131016", "132012", "141003"]})
    residents = pd.Series({"131016": 300.0, "132012": 100.0, "141003": 1e6})
    evidence = pd.DataFrame({"evidence_id": ["P13"], "value": [2.0e9]})
    stated = pd.Series({"outturn_years": 2.0, "outturn_metropolis_share": 0.5})
    yearly = outturn.observed_a_year(evidence, municipalities, residents, ("131016",), stated)
    assert yearly == pytest.approx(2e9 / 2 * 0.5 * 0.75)
    assert outturn.served(municipalities, ("131016", "132012"))
    assert not outturn.served(municipalities, ("131016", "141003"))
    with pytest.raises(Exception, match="no row P13"):
        outturn.observed_a_year(evidence.iloc[:0], municipalities, residents, ("131016",), stated)


# --- stages


def programme(exit_share=0.5, spread=30.0):
    rng = np.random.default_rng(3)
    internal = 15 + spread * rng.normal(size=DRAWS)
    value = valued()
    for part in decision.INTERNAL:
        value.saving[part] = internal / 3 + 15
    for part in decision.CORE:
        value.saving[part] = internal + 10
    flows = SimpleNamespace(
        saving={part: np.outer(internal, np.ones(YEARS)) / 3 for part in decision.INTERNAL},
        cost={"agency": np.ones((DRAWS, YEARS))},
        renewal={},
        left_value=lambda part, rate: 0.0,
    )
    moving = pd.DataFrame(dict.fromkeys(decision.INTERNAL, constant(20)))
    leaving = stages.leaving_value(flows, moving, constant(START + 5), terms(), exit_share)
    signals = {"buying": rng.normal(size=DRAWS), "internal": internal}
    return stages.programme(components(), value, signals, leaving, terms())


def test_stages_no_row_is_worth_less_than_its_fixed_course_and_none_more_than_knowing_all():
    programmes = {
        cost: programme(share) for cost, share in (("low", 0.2), ("central", 0.5), ("high", 1))
    }
    here = stages.Staged(programmes, even())
    table = stages.stage_table(here, [here, here], terms())
    assert (table["flexibility_jpy"] >= 0).all()
    assert (table["policy_jpy"] <= table["perfect_jpy"] + 1e-9).all()
    assert (table["committed_jpy"] >= 0).all()
    begun = table[table["entry"] == "begun"].set_index("exit_cost")["policy_jpy"]
    assert begun["low"] >= begun["central"] >= begun["high"]


def test_stages_leaving_ends_later_savings_and_costs_part_of_the_move():
    flows = SimpleNamespace(
        saving={part: np.full((1, YEARS), 10.0) for part in decision.INTERNAL},
        cost={"agency": np.full((1, YEARS), 100.0)},
        renewal={},
        left_value=lambda part, rate: 0.0,
    )
    moving = pd.DataFrame([dict.fromkeys(decision.INTERNAL, 20.0)])
    known = START + YEARS - 1  # one year is left: 30 saved, 0.35 x 100 for the agency
    found = stages.leaving_value(flows, moving, np.array([known]), terms(draws=1), 0.5)
    assert found == pytest.approx([(-(30 - 35) - 0.5 * 60) / 1.04 ** (YEARS - 1)])


# --- the advice


def flipped(**factors):
    """The baseline of a made-up group, some components of every option times a factor."""
    parts = components()
    for frame in parts.values():
        for name, factor in factors.items():
            frame[name] *= factor
    return parts


def advised(parts):
    values = decision.option_values(parts)
    means = pd.DataFrame({option: frame.mean() for option, frame in parts.items()}).T
    chosen = decision.best_option(values, even())
    pays_from = advice.break_even(means, dict.fromkeys(LINES[1:4], 60.0), terms())
    stretches = decision.claim_stretches(values.mean(), values.mean() + CLAIMED)
    return advice.advice_table(
        chosen,
        values[chosen].to_numpy(),
        advice.increments(values, terms()),
        pays_from,
        advice.flip_weight(stretches),
        even(),
        2.0,
    ).set_index("line")


@pytest.mark.parametrize(
    ("factors", "cases"),
    [
        ({}, ["widened", "do", "wait", "wait", "flips"]),
        ({"buying": 0.01}, ["stay", "wait", "wait", "wait", "flips"]),
        ({"pooling": 6.0}, ["core_renewal", "do", "do", "do", "firm"]),
        ({"fee": 3.0}, ["own_agency", "do", "wait", "wait", "flips"]),
    ],
)
def test_b_the_advice_changes_by_itself_with_its_inputs(factors, cases):
    lines = advised(flipped(**factors))
    assert lines["case"].tolist() == cases


def test_b_at_its_trigger_a_stage_just_pays():
    parts = components()
    trigger = advised(parts).loc["internal", "trigger_jpy"]
    at_trigger = flipped(pooling=trigger / 60.0)
    added = advice.increments(decision.option_values(at_trigger), terms())["internal"]
    assert added == pytest.approx(np.zeros(DRAWS), abs=1e-9)


def test_b_at_its_factor_the_choice_flips_and_not_before():
    means = pd.DataFrame({option: frame.mean() for option, frame in components().items()}).T
    for row in decision.flip_factors(means).query("flips").itertuples():
        for nudge, chosen in ((0.999, 0), (1.001, 1)):
            factor = 1 + (row.factor - 1) * nudge
            changed = means.assign(**{row.component: means[row.component] * factor}).sum(axis=1)
            assert (decision.leader(changed) == row.option) == bool(chosen), row
    assert (
        not decision.flip_factors(means * [1, 1, 1, 0, 1])
        .set_index("component")
        .at["moving", "flips"]
    )


def test_b_the_weight_on_the_claim_is_where_two_means_cross():
    own = pd.Series({"stay": 0.0, "widened": 2.0, "report_plan": -6.0})
    claim = pd.Series({"stay": 0.0, "widened": 2.0, "report_plan": 10.0})
    rows = decision.claim_stretches(own, claim)
    assert rows["option"].tolist() == ["widened", "report_plan"]
    assert advice.flip_weight(rows) == pytest.approx(0.5)  # -6 + 16 w = 2
    assert np.isnan(advice.flip_weight(decision.claim_stretches(own, own)))


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("line", LINES)
def test_b_each_line_of_the_advice_has_a_number_a_source_and_a_trigger(lang, line):
    text = Words.of(ROOT, "09_decision")[f"advice-{line}"][lang].parts()
    for case in text.values():
        assert "[[" in case
        if line not in ("option", "claim"):
            assert "{trigger:JPY/year}" in case and "{range:JPY/year}" in case
            assert "{value:JPY/year}" in case or "{loss:JPY/year}" in case
        assert not re.search(r"\d", re.sub(r"\{[^}]*\}|\[\[[^\]]*\]\]|P[19]0", "", case))


# --- C 10: who gains and who pays, and beyond cash


def test_c10_gains_of_all_add_up_to_the_option_and_small_ones_pay_the_same_staff_time():
    parts = components()["shared_internal"]
    costs = pd.DataFrame(
        {"draw": [0, 0, 1, 1], "code": ["a", "b"] * 2, "cost_jpy": [1.0, 3.0, 2.0, 2.0]}
    )
    spend = wards.spend_shares(costs, ["a", "b"], DRAWS)
    gains, paid = wards.gains_by_draw(parts, spend, np.array([100.0, 100.0]), terms())
    assert gains.sum(axis=1) == pytest.approx(parts.sum(axis=1) * terms().level)
    assert spend[:3].tolist() == [[0.25, 0.75], [0.5, 0.5], [0.25, 0.75]]
    members = pd.DataFrame({"code": ["a", "b"], "residents": [100, 100]})
    table = wards.ward_table(members, gains, paid, even(), 1.0)
    assert (table["gain_p50_jpy"] - table["after_hours_jpy"]).tolist() == [1.0, 1.0]
    assert paid[0].sum() == pytest.approx(-parts[list(wards.PAID)].iloc[0].sum() * terms().level)


def test_c10_a_tax_is_no_cost_of_the_economy_and_hours_are_no_cash():
    table = wards.appraisal_table(
        {"stay": components()["stay"], "widened": components(fee=11.0)["widened"]},
        even(),
        terms(),
        0.1,
        2.0,
        {},
        {"stay": 0, "widened": 0},
    ).set_index("option")
    row = table.loc["widened"]
    assert row["tax_jpy"] == pytest.approx(1.0 * terms().level)
    assert row["economic_jpy"] == pytest.approx(row["cash_jpy"] + row["tax_jpy"] - 2.0)
    assert table.loc["stay"].eq(0).all() or (table.loc["stay", "economic_jpy"] == 0)


# --- the tables behind it


@pytest.mark.parametrize("table", ["decision_terms", "decision_calendar"])
def test_b_terms_and_calendar_are_assumed_with_their_reasons(table):
    rows = shipped(table)
    assert (rows["standing"] == "assumed").all() and rows["evidence_grade"].isin(list("ABCD")).all()
    assert rows["reasoning"].str.len().gt(40).all() and rows["reasoning"].str.endswith(".").all()
    known = set().union(
        *(shipped(name)["evidence_id"] for name in ("procurement_evidence", "migration_durations"))
    )
    named = set(re.findall(r"\b[DP]\d\d\b", " ".join(rows["reasoning"])))
    assert named and named <= known


def test_b_every_range_is_ordered_and_what_is_drawn_stays_within_it():
    held = shipped("decision_terms").set_index("item")
    assert (held["low"] <= held["central"]).all() and (held["central"] <= held["high"]).all()
    drawn = decision.drawn_terms(held, 1024, "triangular")
    for item in decision.DRAWN:
        assert drawn[item].between(held.at[item, "low"], held.at[item, "high"]).all()
    longer = decision.drawn_terms(held, 2048, "triangular")
    assert longer.iloc[:1024].equals(drawn)
    assert abs(np.corrcoef(drawn.to_numpy().T) - np.eye(len(decision.DRAWN))).max() < 0.15


def test_b_no_stage_asks_for_groups_of_systems_that_chapter_three_does_not_know():
    assert {*decision.INTERNAL, *decision.CORE} == set(consolidation.GROUPS)
