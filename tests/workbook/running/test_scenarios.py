"""The shipped scenarios beside the baseline: one table, its rows in the order of params.yaml, none
where one of them fails.
"""

import json
import threading

import pandas as pd
import pytest

from workbook.running import scenarios
from workbook.running.engine.failure import Failure
from workbook.running.rounds import How
from workbook.staleness import gathered
from workbook.staleness.keys import Keys
from workbook.whole_files import write_whole


def results_of(run, value):
    (run / "steps").mkdir(parents=True, exist_ok=True)
    found = {
        "id": "takings",
        "value": value,
        "low": value - 1,
        "high": value + 1,
        "unit": "JPY",
    }
    (run / "steps" / "02_bread.json").write_text(json.dumps({"results": [found]}))
    return run


@pytest.fixture
def study(toy):
    results_of(toy / "runs" / "baseline", 0.5)
    return toy


def ran_as(monkeypatch, run):
    monkeypatch.setattr(
        scenarios,
        "run_study",
        lambda root, parameters, name, steps, how: run(root / "runs" / name, name, how),
    )


def test_rows_keep_the_order_of_the_file_whichever_scenario_ends_first(study, monkeypatch):
    """Two scenarios that wait for each other end only if both run at once."""
    both, told = threading.Barrier(2, timeout=120), []
    names = list(scenarios.shipped(study))

    def run(folder, name, how):
        assert how.jobs == 1 and not how.exhibits
        if name in names[:2]:
            both.wait()
        return results_of(folder, float(names.index(name)))

    ran_as(monkeypatch, run)
    table = pd.read_csv(
        scenarios.scenario_table(study, How(jobs=2), lambda *done: told.append(done))
    )
    assert table["scenario"].tolist() == ["baseline", *names]
    assert (
        table["p50"].tolist() == [0.5, *map(float, range(len(names)))]
        and (table["p90"] - table["p10"] == 2).all()
    )
    assert told == [(place, len(names), name) for place, name in enumerate(names, 1)]


def test_where_one_scenario_fails_no_table_is_written(study, monkeypatch):
    def run(folder, name, how):
        if name == list(scenarios.shipped(study))[1]:
            raise Failure("02_bread", "compute", "ValueError: no such lever", None)
        return results_of(folder, 1.0)

    ran_as(monkeypatch, run)
    with pytest.raises(Failure, match="no such lever"):
        scenarios.scenario_table(study, How(jobs=2))
    assert not (study / "runs" / "baseline" / "tables" / "scenarios.csv").exists()


def test_the_table_says_what_it_rests_on_unless_that_changed_while_the_scenarios_ran(
    study, monkeypatch
):
    ran_as(monkeypatch, lambda folder, name, how: results_of(folder, 1.0))
    scenarios.scenario_table(study, How())
    assert gathered.why_outdated(Keys(study), study / "runs" / "baseline") == []

    def edited_meanwhile(folder, name, how):
        text = (study / "params.yaml").read_text(encoding="utf-8")
        # others read it meanwhile
        write_whole(study / "params.yaml", text.replace("price_jpy: 400 ", "price_jpy: 500 "))
        return results_of(folder, 1.0)

    ran_as(monkeypatch, edited_meanwhile)
    scenarios.scenario_table(study, How())
    assert gathered.why_outdated(Keys(study), study / "runs" / "baseline") == [
        "nothing says what they rest on"
    ]
