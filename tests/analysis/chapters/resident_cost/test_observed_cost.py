"""Chapter 2 on supplied costs: what is taken from the file, what is refused, and that known costs
come back.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.chapters.resident_cost import formulas as rc
from analysis.chapters.resident_cost import observed_cost as oc

DATA = Path(__file__).parents[4] / "data"
SHARES = {
    "core": 0.5,
    "internal": 0.15,
    "communication": 0.1,
    "online_counter": 0.05,
    "infrastructure": 0.15,
    "data_use": 0.05,
}


def facts(name):
    return pd.read_csv(DATA / f"{name}.csv", dtype={"code": "str"})


MUNICIPALITIES, NAMED = facts("municipalities"), facts("participants")
BY_MUNICIPALITY = rc.residents_on(MUNICIPALITIES, facts("municipality_indicators"), "2020-01-01")
WARDS = rc.taking_part(BY_MUNICIPALITY, NAMED, "tokyo23", "all")


def file_of(costs, year=2023):
    """The supplied table for yearly costs by code, divided over the six system groups."""
    return pd.DataFrame(
        [
            (code, year, group, cost * share)
            for code, cost in costs.items()
            for group, share in SHARES.items()
        ],
        columns=["code", "fiscal_year", "system_group", "cost_jpy"],
    )


def made_costs(groups=("tokyo23",), elasticity=0.9, sigma=0.0, daytime=0.1):
    """Yearly costs by code with a known elasticity of size and of the daytime ratio."""
    facts_of = MUNICIPALITIES[MUNICIPALITIES["group"].isin(groups)]
    residents = facts_of["code"].map(BY_MUNICIPALITY.set_index("code")["residents"])
    scatter = sigma * np.random.default_rng(7).standard_normal(len(facts_of))
    costs = np.exp(
        10
        + elasticity * np.log(residents)
        + daytime * np.log(facts_of["daytime_population_ratio"].fillna(1))
        + scatter
    )
    return dict(zip(facts_of["code"], costs, strict=True))


def observed_from(supplied, part=WARDS):
    return oc.observed_municipalities(supplied, MUNICIPALITIES, BY_MUNICIPALITY, part, NAMED)


@pytest.fixture(scope="module")
def observed():
    return observed_from(file_of(made_costs(("tokyo23", "tama26"), sigma=0.2)))


@pytest.fixture(scope="module")
def samples(observed):
    return oc.samples(observed, WARDS)


# --- what is taken from the file


def test_groups_add_up_to_the_municipality_and_divide_by_its_residents():
    row = (
        observed_from(file_of(dict.fromkeys(WARDS["code"], 1000000000.0)))
        .set_index("code")
        .loc["131130"]
    )
    assert row["cost_jpy"] == pytest.approx(1e9)
    assert row["cost_per_resident_jpy"] == pytest.approx(1e9 / row["residents"])
    assert row["named"] and row["kind"] == "tokyo23" and row["fiscal_year"] == 2023


def test_the_latest_year_that_holds_every_ward_is_used():
    # tempting: the latest year in the file, in which most wards have not reported yet
    costs = made_costs()
    late = {code: cost for code, cost in costs.items() if code < "131100"}
    assert set(
        observed_from(pd.concat([file_of(costs, 2021), file_of(costs, 2022), file_of(late, 2023)]))[
            "fiscal_year"
        ]
    ) == {2022}


def test_twelve_wards_are_enough_where_twelve_take_part():
    twelve = rc.taking_part(BY_MUNICIPALITY, NAMED, "tokyo23", "report12")
    costs = {code: cost for code, cost in made_costs().items() if code in set(twelve["code"])}
    rows = observed_from(file_of(costs), twelve)
    assert len(rows) == 12
    total = oc.group_total_jpy(rows, twelve, WARDS["residents"].sum(), 5, None)
    rivals = rc.baselines(
        facts("published_figures"),
        WARDS["residents"].sum(),
        twelve["residents"].sum(),
        "own",
        total,
    )
    assert rivals.set_index("baseline").loc["own", "annual_jpy"] == pytest.approx(
        sum(costs.values())
    )


def test_municipalities_outside_the_group_do_not_enter_its_total(observed):
    wards = observed[observed["code"].isin(WARDS["code"])]
    assert oc.group_total_jpy(observed, WARDS, WARDS["residents"].sum(), 5, None) == pytest.approx(
        5 * wards["cost_jpy"].sum()
    )
    assert len(observed) == 49


def test_without_a_file_every_table_is_empty_and_the_typed_total_counts():
    nothing = observed_from(None)
    none = oc.samples(nothing, WARDS)
    for table in (
        nothing,
        oc.unevenness_parts(nothing),
        oc.lorenz(nothing),
        oc.cost_function(none),
        oc.specifications(none),
        oc.ward_influence(none),
    ):
        assert len(table) == 0 and len(table.columns) >= 4
    assert oc.group_total_jpy(nothing, WARDS, 1.0, 5, 3e11) == 3e11
    assert oc.group_total_jpy(nothing, WARDS, 1.0, 5, None) is None
    assert oc.central_elasticity(oc.cost_function(none)).isna().all()


def test_ward_costs_carry_the_cost_itself_in_the_columns_of_the_modelled_ones(observed):
    costs = oc.ward_costs(observed, WARDS)
    modelled = rc.ward_costs(WARDS, np.ones((2, 23)))
    assert set(costs) == set(modelled) and costs["code"].tolist() == modelled["code"].tolist()
    assert (costs["cost_p10_jpy"] == costs["cost_p90_jpy"]).all()
    assert (costs["cost_p50_jpy"] / costs["residents"]).tolist() == pytest.approx(
        costs["cost_per_resident_p50_jpy"].tolist()
    )


# --- refusals


def test_wards_without_costs_are_all_named():
    costs = made_costs()
    del costs["131016"], costs["131237"]
    with pytest.raises(ValueError, match="2023 lacks 131016, 131237"):
        observed_from(file_of(costs))


def test_a_missing_system_group_is_refused_and_not_taken_for_zero():
    # tempting: to add up what is there; the ward then looks cheap
    supplied = file_of(made_costs())
    gap = (supplied["code"] == "131130") & supplied["system_group"].isin(["core", "data_use"])
    with pytest.raises(ValueError, match="131130 core, data_use .write 0"):
        observed_from(supplied[~gap])


def test_unknown_municipalities_and_municipalities_without_any_cost_are_named():
    with pytest.raises(ValueError, match="unknown municipalities 131999"):
        observed_from(file_of({**made_costs(), "131999": 1.0}))
    with pytest.raises(ValueError, match="no cost at all: 131024"):
        observed_from(file_of({**made_costs(), "131024": 0.0}))


def test_a_file_and_a_typed_total_contradict_each_other(observed):
    with pytest.raises(ValueError, match="keep one"):
        oc.group_total_jpy(observed, WARDS, 1.0, 5, 3e11)


# --- known costs come back


@pytest.mark.parametrize("elasticity", [0.85, 1.0, 1.15])
def test_without_scatter_every_model_and_specification_finds_the_elasticity(elasticity):
    wards = observed_from(file_of(made_costs(elasticity=elasticity, daytime=0.0)))
    table = oc.specifications(oc.samples(wards, WARDS))
    assert len(table) == 32 and table["elasticity"].tolist() == pytest.approx(
        [elasticity] * 32, abs=1e-9
    )


def test_daytime_crowd_left_out_bends_the_elasticity():
    # tempting: size alone; Chiyoda is small and has a crowd by day, so cost seems to fall with size
    wards = observed_from(file_of(made_costs(elasticity=1.0, sigma=1e-6, daytime=0.2)))
    table = oc.cost_function(oc.samples(wards, WARDS)).set_index(["model", "term", "method"])[
        "estimate"
    ]
    assert table["size_only", oc.SIZE, "hc3"] < 0.95
    assert table["controls", oc.SIZE, "hc3"] == pytest.approx(1.0, abs=1e-4)
    assert table["controls", "log_daytime_ratio", "hc3"] == pytest.approx(0.2, abs=1e-4)


def test_the_headline_is_the_bootstrap_interval_of_the_wards_by_the_model_named_beforehand(samples):
    table = oc.cost_function(samples)
    slope = oc.central_elasticity(table)
    row = table[
        (table["sample"] == "wards") & (table["model"] == "controls") & (table["method"] == "wild")
    ].iloc[0]
    assert (
        slope.tolist() == row[["estimate", "low", "high"]].tolist()
        and slope["low"] < slope["estimate"] < slope["high"]
    )
    assert (0 < table["p_value_one"].dropna()).all() and set(
        table.loc[table["p_value_one"].notna(), "term"]
    ) == {oc.SIZE}


def test_other_municipalities_join_in_a_sample_of_their_own_with_a_level_of_their_own(samples):
    assert {name: len(sample) for name, sample in samples.items()} == {"wards": 23, "all": 49}
    terms = oc.cost_function(samples).groupby("sample")["term"].agg(set)
    assert "level_tokyo23" in terms["all"] and not any(
        term.startswith("level") for term in terms["wards"]
    )


def test_a_lone_municipality_of_another_kind_sets_no_level_by_itself():
    costs = made_costs() | dict(list(made_costs(("tama26",)).items())[:2])
    assert set(oc.samples(observed_from(file_of(costs)), WARDS)) == {"wards"}


def test_every_combination_of_choices_is_there_once_and_the_last_leaves_out_chiyoda(samples):
    table = oc.specifications(samples)
    choices = ["sample", "density", "daytime", "squared", "weighted", "all_municipalities"]
    assert (
        len(table) == 64
        and not table.duplicated(choices).any()
        and table["elasticity"].is_monotonic_increasing
    )
    wards = table[table["sample"] == "wards"].set_index(choices[1:])
    influence = oc.ward_influence(samples).set_index("code")
    assert influence["leverage"].idxmax() == "131016"
    assert wards.loc[(True, True, False, False, False), "elasticity"] == pytest.approx(
        influence.loc["131016", "elasticity_without"]
    )
    assert set(wards.xs(False, level="all_municipalities")["municipalities"]) == {22}


def test_leverage_is_known_before_any_cost_and_is_that_of_the_fit(samples):
    before = oc.size_leverage(WARDS, MUNICIPALITIES).set_index("code")
    assert before["leverage"].to_dict() == pytest.approx(
        oc.ward_influence(samples).set_index("code")["leverage"].to_dict()
    )
    assert before.loc["131016"].round(2).tolist() == [0.39, 0.82]  # Chiyoda
    assert before.sum().tolist() == pytest.approx([2, 4])  # as many as there are terms


# --- unevenness


def test_indices_of_modelled_costs_return_the_spread_put_in():
    # tempting: to call this an observation of the wards
    scatter = np.exp(0.25 * np.random.default_rng(1).standard_normal((4_000, 23)))
    table = oc.unevenness(WARDS, WARDS["residents"].to_numpy() * scatter).set_index("index")
    assert table.loc["variation", "p50"] == pytest.approx(0.25, abs=0.02)


def test_blocks_of_draws_leave_every_index_as_it_is_over_all_of_them():
    # tempting: blocks of equal size only; the draws of the last would be lost
    costs = np.random.default_rng(2).lognormal(size=(2 * oc.ROWS_AT_ONCE + 3, 23))
    table, residents = (
        oc.unevenness(WARDS, costs).set_index("index"),
        WARDS["residents"].to_numpy(float),
    )
    for name, index in oc.INDICES.items():
        assert (
            table.loc[name].tolist()
            == np.quantile(index(costs / residents, residents), [0.1, 0.5, 0.9]).tolist()
        )


def test_observed_costs_have_one_value_an_index(observed):
    wards = oc.ward_costs(observed, WARDS)
    table = oc.unevenness(WARDS, wards[["cost_p50_jpy"]].to_numpy().T)
    assert (table["p10"] == table["p90"]).all() and len(table) == 7
    curve = oc.lorenz(observed[observed["code"].isin(WARDS["code"])])
    gini = 1 - 2 * np.trapezoid([0, *curve["cost_share"]], [0, *curve["residents_share"]])
    assert gini == pytest.approx(table.set_index("index").loc["gini", "p50"])


def test_parts_are_between_the_named_wards_and_the_others_and_need_both(observed):
    wards = observed[observed["code"].isin(WARDS["code"])]
    parts = oc.unevenness_parts(
        wards.assign(cost_per_resident_jpy=np.where(wards["named"], 2.0, 1.0))
    ).set_index("index")
    assert parts["between"].tolist() == pytest.approx(parts["total"].tolist())
    assert oc.unevenness_parts(wards[wards["named"]]).empty


def test_one_ward_is_uneven_with_nobody():
    part = pd.DataFrame({"code": ["131016"], "residents": [67_000.0]})
    table = oc.unevenness(part, np.full((4, 1), 5e8))
    assert table.empty and table.columns.tolist() == ["index", "p10", "p50", "p90"]
