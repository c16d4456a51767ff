"""A user's mistake ends with exit code 2, one clear message and no traceback."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.end_to_end.conftest import copy_of_the_study


def workbook(folder, *words):
    return subprocess.run(
        [sys.executable, "-m", "workbook", *words],
        cwd=folder,
        capture_output=True,
        text=True,
    )


@pytest.fixture
def study_folder(tmp_path):
    return copy_of_the_study(tmp_path)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("run", "--scenario", "mayor_2020"), "mayors_2020"),
        (("run", "--set", "consolidation.core_instances=none"), "core_instances"),
        (("report", "nowhere"), "runs/nowhere holds no finished run"),
        (("audit", "nowhere"), "runs/nowhere holds no finished run"),
        (("intake", "absent.csv", "--rules"), "absent.csv: is no file"),
        (("intake", "absent.csv"), "--table NAME"),
        (
            ("intake", "absent.csv", "--table", "../../etc/passwd"),
            "is not declared in data/datapackage.json",
        ),
    ],
)
def test_a_mistake_in_the_command_is_told_with_its_remedy(study_folder, words, message):
    ran = workbook(study_folder, *words)
    assert (ran.returncode, "Traceback" in ran.stderr) == (2, False), ran.stderr
    assert message in ran.stderr and not (study_folder / "runs").exists()


def test_help_says_what_a_run_without_options_does(tmp_path):
    said = " ".join(workbook(tmp_path, "run", "--help").stdout.split())
    assert (
        "Without options this is the baseline, all chapters, in runs/baseline" in said
        and "in sequence" not in said
    )
    assert (
        "side by side, as many as there are cores" in said
        and "99" not in said
        and said.count("[default: (the ") == 2
    )


def test_outside_a_study_the_command_says_so(tmp_path):
    ran = workbook(tmp_path, "check")
    assert ran.returncode == 2 and "params.yaml" in ran.stderr


def test_a_run_that_cannot_be_reported_is_told_not_traced(study_folder):
    notebooks = study_folder / "runs" / "half" / "notebooks"
    notebooks.mkdir(parents=True)
    (study_folder / "runs" / "half" / "manifest.json").write_text(
        json.dumps({"run": "half"}), encoding="utf-8"
    )
    ran = workbook(study_folder, "report", "half")
    assert ran.returncode == 2 and "Traceback" not in ran.stderr and "results.json" in ran.stderr


@pytest.mark.parametrize(
    "command",
    [
        ("report", "edited"),
        ("audit", "edited"),
        ("compare", "edited", "edited"),
        ("verify", "edited"),
    ],
)
@pytest.mark.parametrize("record", ["study: [", "&a b: *a"])
def test_a_runs_own_record_that_cannot_be_read_is_told_and_never_a_difference(
    study_folder, command, record
):
    (study_folder / "runs" / "edited").mkdir(parents=True)
    (study_folder / "runs" / "edited" / "manifest.json").write_text("{}", encoding="utf-8")
    (study_folder / "runs" / "edited" / "params.yaml").write_text(record, encoding="utf-8")
    ran = workbook(study_folder, *command)
    assert (ran.returncode, "Traceback" in ran.stderr) == (
        2,
        False,
    ) and "that is the record of runs/edited" in ran.stderr


def test_a_run_whose_record_holds_what_may_not_be_chosen_is_not_repeated(study_folder):
    (study_folder / "runs" / "edited").mkdir(parents=True)
    (study_folder / "runs" / "edited" / "manifest.json").write_text("{}", encoding="utf-8")
    chosen = (
        (study_folder / "params.yaml")
        .read_text(encoding="utf-8")
        .replace("plan_years: 5 ", "plan_years: 99 ", 1)
    )
    (study_folder / "runs" / "edited" / "params.yaml").write_text(chosen, encoding="utf-8")
    ran = workbook(study_folder, "verify", "edited")
    assert (ran.returncode, "Traceback" in ran.stderr) == (
        2,
        False,
    ) and "study.plan_years: 99 is too large" in ran.stderr


def test_a_changed_table_is_refused_until_the_catalogue_is_renewed(study_folder):
    table = study_folder / "data" / "cost_shares.csv"
    table.write_text(
        table.read_text(encoding="utf-8").replace("0.22,0.4", "0.23,0.4"), encoding="utf-8"
    )
    assert "cost_shares.csv: its checksum differs" in workbook(study_folder, "check").stderr
    assert workbook(study_folder, "catalogue").stdout.strip() == "renewed: cost_shares"
    assert workbook(study_folder, "check").returncode == 0


def test_evidence_without_a_date_fails_the_check(study_folder):
    table = study_folder / "data" / "savings_evidence.csv"
    lines = table.read_text(encoding="utf-8").splitlines()
    place = lines[0].split(",").index("published_on")
    assert place == len(lines[0].split(",")) - 1
    undated = lines[1].rsplit(",", 1)[0] + ","
    table.write_text("\n".join([lines[0], undated, *lines[2:]]) + "\n", encoding="utf-8")
    workbook(study_folder, "catalogue")
    ran = workbook(study_folder, "check")
    assert (
        ran.returncode == 2
        and "savings_evidence.csv" in ran.stderr
        and "published_on" in ran.stderr
        and "Traceback" not in ran.stderr
    )


def test_status_tells_of_every_notebook_before_anything_has_run(study_folder):
    ran = workbook(study_folder, "status")
    lines = [line for line in ran.stdout.splitlines() if not line.startswith(" ")]
    assert (
        ran.returncode == 0
        and len(lines) == 12
        and all("stale  not run yet" in line for line in lines)
    )
    assert not list((study_folder / "runs").glob("[!.]*"))


def test_the_rules_are_told_of_a_file_that_fills_no_table(study_folder):
    (study_folder / "sales.csv").write_text('商品,売上（円）\nりんご,"1,200"\n', encoding="utf-8")
    ran = workbook(study_folder, "intake", "sales.csv", "--rules")
    assert (
        ran.returncode == 0
        and "rule 1-3" in ran.stdout
        and "B2" in ran.stdout
        and not (study_folder / "data" / "local").exists()
    )


def test_a_refused_file_is_told_with_the_rules_it_breaks_and_nothing_is_written(study_folder):
    (study_folder / "costs.csv").write_text(
        '団体コード,区名,年度,システム群,費用\n131016,千代田区,令和3年度,基幹系,"900,000"\n',
        encoding="utf-8",
    )
    ran = workbook(study_folder, "intake", "costs.csv", "--table", "ict_cost")
    assert (
        ran.returncode == 2
        and "has no unit" in ran.stderr
        and "rule 1-9" in ran.stderr
        and "Traceback" not in ran.stderr
    )
    assert not (study_folder / "data" / "local").exists()
