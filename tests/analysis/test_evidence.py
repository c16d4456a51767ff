"""What a forecast of 2022 may rest on: a scan of every row that entered, with dates read here and
not by the code under test.
"""

import ast
import json
from pathlib import Path

import pandas as pd
import pytest
import yaml

from analysis import evidence
from analysis.study import STUDY

STEPS = STUDY.steps

ROOT = Path(__file__).parents[2]
UNTIL = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))["scenarios"][
    "evidence_2022"
]["study.evidence_until"]
FORECAST = [step for step in STEPS if 3 <= step.chapter <= 7]


def facts(name):
    return pd.read_csv(ROOT / "data" / f"{name}.csv", dtype=str, keep_default_na=False)


RANGES, WIDE, BEHIND = (
    facts("input_ranges"),
    facts("wide_priors").set_index("input"),
    facts("parameter_evidence").assign(moves_range=lambda rows: rows["moves_range"] == "true"),
)
TABLES = {name: facts(name) for name in evidence.TABLES}
BOUNDS = ["low", "central", "high"]


def out_by_then(published_on):
    """Year, month and day as numbers, what is missing taken as late as it can be; a page without a
    date was out by no day.
    """
    if published_on == "undated":
        return False
    parts = [int(part) for part in published_on.split("-")]
    return tuple(parts + [12, 31][len(parts) - 1 :]) <= (2022, 3, 31)


def bound():
    numbers = RANGES.assign(**{name: RANGES[name].astype(float) for name in BOUNDS})
    return evidence.ranges_known_by(numbers, BEHIND, TABLES, WIDE.reset_index(), UNTIL).set_index(
        "input"
    )


def dates_of(input_name):
    rows = BEHIND[(BEHIND["input"] == input_name) & BEHIND["moves_range"]]
    return [
        TABLES[row.table].set_index("evidence_id").at[row.evidence_id, "published_on"]
        for row in rows.itertuples()
    ]


# --- the scan


def test_the_scenario_stops_in_the_month_of_the_report():
    assert UNTIL == "2022-03"


@pytest.mark.parametrize("name", RANGES["input"])
def test_no_range_of_the_forecast_rests_on_a_later_row(name):
    own, now = (
        bound().loc[name, BOUNDS].astype(float).tolist(),
        RANGES.set_index("input").loc[name, BOUNDS].astype(float).tolist(),
    )
    if all(map(out_by_then, dates_of(name))):
        assert own == now
    else:  # tempting: to keep the range and leave the later rows out of its list
        assert own == WIDE.loc[name, BOUNDS].astype(float).tolist()


def test_some_ranges_do_rest_on_later_rows_so_that_the_scan_is_no_idle_one():
    widened = [name for name in RANGES["input"] if not all(map(out_by_then, dates_of(name)))]
    assert len(widened) >= 3 and set(widened) <= set(WIDE.index)


def test_every_dated_table_that_a_forecast_opens_is_bound():
    dated = {
        path.stem
        for path in (ROOT / "data").glob("*.csv")
        if "published_on" in path.read_text(encoding="utf-8").split("\n", 1)[0].split(",")
    }
    opened = {name for step in FORECAST for name in step.inputs}
    assert dated & opened <= set(evidence.TABLES)


def test_durations_of_the_forecast_rest_on_no_later_project():
    workplan, migration = facts("workplan"), TABLES["migration_durations"]
    points = ["low_months", "mode_months", "high_months"]
    known = evidence.durations_known_by(
        workplan.assign(**{p: workplan[p].astype(float) for p in points}),
        migration,
        WIDE.reset_index().assign(**{name: WIDE[name].astype(float).to_numpy() for name in BOUNDS}),
        UNTIL,
    )
    later = set(migration.loc[~migration["published_on"].map(out_by_then), "step"])
    factors = WIDE.loc["task_duration", BOUNDS].astype(float).tolist()
    for before, after in zip(workplan.to_dict("records"), known.to_dict("records"), strict=True):
        scale = factors if later & set(before["evidence_steps"].split(";")) else [1, 1, 1]
        assert [after[p] for p in points] == pytest.approx(
            [float(before[p]) * factor for p, factor in zip(points, scale, strict=True)]
        ), before["task_id"]


def test_every_notebook_of_the_forecast_binds_its_ranges():
    """A notebook that opens the ranges asks what was known, or uses only judgements without rows
    behind them.
    """
    for step in FORECAST:
        cells = json.loads((ROOT / "notebooks" / f"{step.name}.ipynb").read_text(encoding="utf-8"))[
            "cells"
        ]
        code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
        called = {
            node.attr for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Attribute)
        }
        if "input_ranges" in step.inputs and "ranges_known_by" not in called:
            from analysis.chapters.reallocation import formulas as reallocation

            assert step.stem == "reallocation" and not set(reallocation.INPUTS) & set(
                BEHIND["input"]
            )


# --- by hand


@pytest.mark.parametrize(
    ("published_on", "known"),
    [("2022", False), ("2022-03", True), ("2022-03-31", True), ("2022-04", False), ("2021", True)],
)
def test_a_bare_year_counts_as_its_december(published_on, known):
    assert (evidence.month_known(published_on) <= UNTIL) is known


def test_rows_without_a_date_and_rows_that_no_table_holds_are_all_named():
    tables = {
        **TABLES,
        "savings_evidence": TABLES["savings_evidence"].assign(
            published_on=lambda t: t["published_on"].mask(t["evidence_id"] == "S01", " ")
        ),
    }
    behind = pd.concat(
        [BEHIND, pd.DataFrame([("x", "S99", "savings_evidence", True, "")], columns=BEHIND.columns)]
    )
    with pytest.raises(ValueError, match="no table holds: S99; without published_on: S01"):
        evidence.rows_behind(behind, tables)


def test_a_range_that_needs_a_wide_prior_and_has_none_is_named():
    numbers = RANGES.assign(**{name: RANGES[name].astype(float) for name in BOUNDS})
    needed = next(name for name in RANGES["input"] if not all(map(out_by_then, dates_of(name))))
    with pytest.raises(ValueError, match=f"no wide prior for {needed}"):
        evidence.ranges_known_by(
            numbers, BEHIND, TABLES, WIDE.drop(index=needed).reset_index(), UNTIL
        )


def test_without_a_month_nothing_changes():
    assert evidence.ranges_known_by(RANGES, BEHIND, TABLES, WIDE, None) is RANGES


def test_the_pilots_split_core_systems_only_once_their_report_was_out():
    shares = pd.DataFrame(
        {"system_group": ["core", "core", "internal"], "central": [0.75, 0.25, 1.0]}
    )
    savings = pd.DataFrame({"evidence_id": [evidence.PILOTS], "published_on": ["2022-05"]})
    assert evidence.category_shares_known_by(shares, savings, "2022-04")["central"].tolist() == [
        0.5,
        0.5,
        1.0,
    ]
    assert evidence.category_shares_known_by(shares, savings, "2022-05") is shares
