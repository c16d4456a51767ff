"""The results of a sweep as Parquet: the numbers of the CSV with types and units, and nothing asked
for where pyarrow is not there.
"""

from __future__ import annotations

import csv
import io
import sys
from types import SimpleNamespace

import pandas as pd
import pytest

from tests.toy_project import TOY
from workbook.sweeping.dispatch import Home, Outcome
from workbook.sweeping.tidy import tidy_csv
from workbook.sweeping.typed import parquet, typed, units_of
from workbook.sweeping.variants import Variant

LOW = 0.1 + 0.2  # seventeen digits; the table has twelve
CHANGES = [
    {"bread.price_jpy": 300, "inputs.yeast": 0.5, "study.villages": ["north", "south"]},
    {"bread.price_jpy": 500, "inputs.yeast": "high", "study.villages": "all"},
]
RESULTS = [
    {"id": "saving", "value": 7, "low": LOW, "high": None, "unit": "JPY", "chapter": 4},
    {"id": "loaves", "value": None, "low": None, "high": None, "unit": "count", "chapter": 5},
]
COLUMNS = ["run", *CHANGES[0], "id", "value", "low", "high", "unit", "chapter"]
UNITS = {"bread.price_jpy": "JPY"}


def variants():
    return [
        Variant(f"run {place}", changes, SimpleNamespace(by_key=lambda own=changes: own))
        for place, changes in enumerate(CHANGES)
    ]


PLAN = SimpleNamespace(of_variant={"run 0": ["t"], "run 1": ["t"]})
ROWS = [
    [f"run {place}", *changes.values(), *result.values()]
    for place, changes in enumerate(CHANGES)
    for result in RESULTS
]


def home(tmp_path):
    store = SimpleNamespace(read=lambda task: None)
    found = Home(variants(), PLAN, store, before=None, results={"t": RESULTS})
    found.outcome = Outcome(tmp_path / "results.csv")
    return found


def test_each_column_has_one_type_and_the_numbers_of_the_csv():
    frame = typed(COLUMNS, ROWS, UNITS)
    assert frame.dtypes.astype(str).to_dict() == {
        "run": "string",
        "bread.price_jpy": "Int64",
        "inputs.yeast": "string",  # a value and an end's name
        "study.villages": "string",
        "id": "string",
        "value": "float64",  # whole numbers here, parts of one in the next sweep
        "low": "float64",
        "high": "float64",  # none at all
        "unit": "string",
        "chapter": "Int64",
    }
    assert frame["low"][0] == 0.3 != LOW and frame["value"].isna().tolist() == [False, True] * 2
    told = list(csv.reader(io.StringIO(tidy_csv(variants(), PLAN, {"t": RESULTS}))))
    assert told[0] == COLUMNS and [row[3] for row in told[1:]] == frame["study.villages"].tolist()
    assert frame.attrs == {"units": UNITS}


def test_a_table_without_rows_has_the_same_types():
    types = typed(COLUMNS, [], {}).dtypes.astype(str)
    assert types[["value", "chapter", "run"]].tolist() == ["float64", "Int64", "string"]


def test_the_units_are_those_that_parameters_declare():
    units = {"study.fallow_share": "share", "bread.price_jpy": "JPY"}
    assert units_of(TOY, units) == units


def test_without_pyarrow_there_is_the_csv_alone_and_no_old_parquet_stays_next_to_it(
    tmp_path, monkeypatch
):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert parquet(COLUMNS, ROWS, UNITS) is None
    (tmp_path / "results.parquet").write_bytes(b"of an earlier sweep")
    with home(tmp_path).written(UNITS):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["results.csv"]


def test_with_pyarrow_the_file_gives_back_types_numbers_and_units(tmp_path):
    pytest.importorskip("pyarrow", reason="nothing here depends on it")
    with home(tmp_path).written(UNITS):
        assert not (tmp_path / "results.parquet").exists()  # at the end, once
    read = pd.read_parquet(tmp_path / "results.parquet")
    pd.testing.assert_frame_equal(read, typed(COLUMNS, ROWS, UNITS), check_dtype=False)
    assert read["bread.price_jpy"].dtype == "Int64" and read["low"].dtype == "float64"
    assert read.attrs["units"] == UNITS
