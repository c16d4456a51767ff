"""Chapter 2 without any open book, and with one more ward's: the whole notebook, run headless."""

from __future__ import annotations

import csv
import os
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from analysis.chapters.resident_cost import formulas as rc
from tests.end_to_end.conftest import ROOT, copy_of_the_study, seen_in

pytestmark = pytest.mark.whole

NERIMA = "131202"


def workbook(folder, *arguments):
    done = subprocess.run(
        [sys.executable, "-m", "workbook", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"WORKBOOK_STUDY": "analysis"},
    )
    assert done.returncode == 0, done.stdout + done.stderr


def chapter_2_of(folder, change):
    """Run chapters 1 and 2 on changed rows of the three tables of open books."""
    copy_of_the_study(folder)
    (folder / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    for name in ("observed_ict_budgets", "observed_ict_items", "ward_cost_points"):
        file = folder / "data" / f"{name}.csv"
        head, *rows = csv.reader(file.read_text(encoding="utf-8").splitlines())
        with file.open("w", encoding="utf-8", newline="") as lines:
            csv.writer(lines, lineterminator="\n").writerows([head, *change(name, head, rows)])
    workbook(folder, "catalogue")
    workbook(folder, "run", "--to", "2")
    return folder / "runs" / "baseline"


def read(run, name):
    return pd.read_csv(run / "tables" / f"{name}.csv", dtype={"code": "str"})


def without_books(name, head, rows):
    return [row for row in rows if name == "ward_cost_points" and row[1] != "whole_ict_cost_year"]


def with_nerima(name, head, rows):
    changed = {"code": NERIMA, "fiscal_year": "2020", "amount_jpy": "5200000000"}
    changed |= {"name_ja": "練馬区", "name_en": "Nerima"}
    if name == "ward_cost_points":
        return rows
    more = [changed.get(column, value) for column, value in zip(head, rows[0], strict=True)]
    return [*rows, more]


def test_without_the_rows_the_former_modelled_branch_stands(tmp_path):
    run = chapter_2_of(tmp_path, without_books)
    municipalities, indicators, named, register = (
        pd.read_csv(ROOT / "data" / f"{name}.csv", dtype={"code": "str"})
        for name in ("municipalities", "municipality_indicators", "participants", "input_register")
    )
    by_municipality = rc.residents_on(municipalities, indicators, "2020-01-01")
    wards = rc.taking_part(by_municipality, named, "tokyo23", "all")
    total = read(run, "baselines").query("in_use")["annual_jpy"].item()
    draws = rc.ward_cost_draws(
        wards, total, read(run, "scale_envelope"), 0.25, register, 17, "triangular"
    )
    former, now = rc.ward_costs(wards, draws), read(run, "ward_costs")
    for column in former.columns.drop(["code", "residents"]):
        np.testing.assert_allclose(now[column], former[column], rtol=1e-10)
    seen = "".join(map(str, seen_in(run / "notebooks" / "02_resident_cost.ipynb")))
    # what the notebook says, in Japanese, of open books
    assert "推計値。棒は" in seen and "条件付けた推計値" not in seen
    assert "費目の予算を公表している" not in seen
    assert read(run, "books_worth").empty and read(run, "published_budgets").empty


def test_with_one_more_ward_s_rows_everything_follows(tmp_path):
    run = chapter_2_of(tmp_path, with_nerima)
    costs = read(run, "ward_costs").set_index("code")
    assert costs["item_per_resident_jpy"].notna().sum() == 3
    assert len(read(run, "next_books")["code"].unique()) == 20
    slope = read(run, "ward_slope").set_index("fiscal_year")["municipalities"]
    assert slope[2020] == 3 and slope[2022] == 2
    readings = read(run, "budget_readings").set_index("reading")
    assert readings.loc["item", "municipalities"] == 3
