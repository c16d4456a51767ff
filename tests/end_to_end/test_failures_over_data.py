"""A notebook that data stopped names the table and its rows; `check` finds them before a kernel
starts.
"""

from __future__ import annotations

import json
import shutil
from itertools import product
from pathlib import Path

import pandas as pd
import pytest

from analysis.chapters.environment import formulas as environment
from analysis.chapters.resident_cost import observed_cost
from analysis.data_fault import DataFault
from workbook import check
from workbook.choices import load_parameters
from workbook.cli.failures import failure_lines
from workbook.running.engine.failure import Failure

ROOT = Path(__file__).parents[2]


@pytest.fixture
def study(copied_study):
    (copied_study / "data" / "local").mkdir()
    return copied_study


def own_costs(study, codes, leave_out=()):
    rows = [
        f"{code},2022,{group},{100_000_000 + place}"
        for place, (code, group) in enumerate(product(codes, observed_cost.GROUPS))
        if (code, group) not in leave_out
    ]
    table = study / "data" / "local" / "ict_cost.csv"
    table.write_text(
        "\n".join(["code,fiscal_year,system_group,cost_jpy", *rows]) + "\n", encoding="utf-8"
    )


def wards():
    municipalities = pd.read_csv(ROOT / "data" / "municipalities.csv", dtype={"code": str})
    return municipalities.loc[municipalities["group"] == "tokyo23", "code"].tolist()


def faults(study, *settings):
    return check.faults_of(study, load_parameters(study / "params.yaml", overrides=settings))


def test_a_blank_among_own_costs_is_found_by_check(study):
    own_costs(study, wards(), leave_out={(wards()[3], "data_use")})
    (fault,) = faults(study)
    assert (
        fault.startswith("data/local/ict_cost.csv: ")
        and f"{wards()[3]} data_use" in fault
        and "write 0" in fault
    )


def test_own_costs_are_held_against_the_municipalities_that_take_part(study):
    own_costs(study, wards()[:12])
    assert faults(study, f"study.group=[{', '.join(wards()[:12])}]") == []
    (fault,) = faults(study)
    assert wards()[12] in fault and "every municipality taking part" in fault


def test_too_few_own_costs_for_the_regressions_are_told_before_the_run(study):
    own_costs(study, wards()[:8])
    (fault,) = faults(study, f"study.group=[{', '.join(wards()[:8])}]")
    assert "8 municipalities take part" in fault and "9 or more" in fault
    own_costs(study, wards()[:9])
    assert faults(study, f"study.group=[{', '.join(wards()[:9])}]") == []


def test_so_many_own_costs_are_what_the_regressions_ask_for():
    municipalities = pd.DataFrame(
        {
            "code": wards()[:9],
            "kind": "chosen",
            "residents": [60_000 * 1.3**n for n in range(9)],
            "density": [9.0, 15, 12, 18, 20, 11, 17, 10, 14],
            "daytime_ratio": [1.2, 0.9, 2.1, 1.4, 0.8, 1.1, 0.95, 1.6, 1.3],
        }
    )
    municipalities["cost_jpy"] = municipalities["residents"] * [
        6_000.0,
        7_000,
        6_500,
        8_000,
        7_500,
        6_200,
        6_900,
        7_700,
        7_100,
    ]
    assert len(observed_cost.specifications({"wards": municipalities})) == 32
    # eight, of which one is left out in turn
    with pytest.raises(ValueError, match="7 municipalities are too few"):
        observed_cost.specifications({"wards": municipalities.iloc[:8]})


def test_the_chapters_name_the_table_that_stops_them():
    municipalities = pd.DataFrame({"code": wards()[:2], "group": "tokyo23"})
    with pytest.raises(
        DataFault, match=r"^municipality_indicators: without a value: 131016 residents 2020"
    ):
        environment.residents_path(
            municipalities,
            pd.DataFrame(columns=["code", "indicator", "period", "value"], dtype=str),
            2020,
            2022,
        )


def test_a_failure_over_data_names_file_rows_and_remedy_and_no_cell_to_mend(study):
    own_costs(study, wards())
    lines = failure_lines(
        study,
        Failure(
            "02_resident_cost",
            "compute-level",
            "DataFault: ict_cost: no cost given for 131041 data_use",
        ),
    )
    assert lines[0] == "failed: data/local/ict_cost.csv: no cost given for 131041 data_use"
    assert (
        "mend the table" in lines[1]
        and "compute-level" in lines[1]
        and "mend the cell" not in " ".join(lines)
    )
    published = failure_lines(
        study,
        Failure("01_environment", "inputs", "DataFault: tile_layout: no tile for wards 131016"),
    )
    assert published[0] == "failed: data/tile_layout.csv: no tile for wards 131016"
    contract = failure_lines(
        study,
        Failure(
            "02_resident_cost",
            "inputs",
            "TableFault: local/ict_cost.csv: column cost_jpy: blank in row 3",
        ),
    )
    assert contract[0] == "failed: data/local/ict_cost.csv: column cost_jpy: blank in row 3"


def test_any_other_failure_names_the_cell_and_own_tables_that_it_may_come_from(study):
    broken = Failure("02_resident_cost", "compute-level", "KeyError: '131016'")
    assert failure_lines(study, broken) == [
        "failed: notebooks/02_resident_cost.ipynb, cell compute-level: KeyError: '131016'",
        "mend the cell",
    ]
    own_costs(study, wards())
    assert "data/local/ict_cost.csv" in failure_lines(study, broken)[1]
    assert (
        "data/local" not in failure_lines(study, Failure("08_outturn", "inputs", "KeyError: 1"))[1]
    )


def test_published_tables_are_sound_and_every_own_copy_of_one_is(study):
    package = json.loads((study / "data" / "datapackage.json").read_text(encoding="utf-8"))
    for resource in package["resources"]:
        if not resource.get("local"):
            shutil.copy(study / "data" / resource["path"], study / "data" / "local")
    assert faults(study) == []
