"""A user's mistake ends with exit code 2, one clear message and no traceback."""

from __future__ import annotations

import json

import pytest

from tests.toy_project import edit, ran, toy_project


@pytest.fixture
def bakery(tmp_path):
    return toy_project(tmp_path / "bakery")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("run", "--scenario", "nothing_falow"), "nothing_fallow"),
        (("run", "--set", "bread.price_jpy=none"), "bread.price_jpy"),
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
def test_a_mistake_in_the_command_is_told_with_its_remedy(bakery, words, message):
    ended = ran(bakery, *words)
    assert (ended.returncode, "Traceback" in ended.stderr) == (2, False), ended.stderr
    assert message in ended.stderr and not (bakery / "runs").exists()


def test_help_says_what_a_run_without_options_does(bakery):
    said = " ".join(ran(bakery, "run", "--help").stdout.split())
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
    ended = ran(tmp_path, "check", package=False)
    assert ended.returncode == 2 and "params.yaml" in ended.stderr


def test_a_run_that_cannot_be_reported_is_told_not_traced(bakery):
    notebooks = bakery / "runs" / "half" / "notebooks"
    notebooks.mkdir(parents=True)
    (bakery / "runs" / "half" / "manifest.json").write_text(
        json.dumps({"run": "half"}), encoding="utf-8"
    )
    ended = ran(bakery, "report", "half")
    assert (
        ended.returncode == 2 and "Traceback" not in ended.stderr and "results.json" in ended.stderr
    )


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
    bakery, command, record
):
    (bakery / "runs" / "edited").mkdir(parents=True)
    (bakery / "runs" / "edited" / "manifest.json").write_text("{}", encoding="utf-8")
    (bakery / "runs" / "edited" / "params.yaml").write_text(record, encoding="utf-8")
    ended = ran(bakery, *command)
    assert (ended.returncode, "Traceback" in ended.stderr) == (
        2,
        False,
    ) and "that is the record of runs/edited" in ended.stderr


def test_a_run_whose_record_holds_what_may_not_be_chosen_is_not_repeated(bakery):
    (bakery / "runs" / "edited").mkdir(parents=True)
    (bakery / "runs" / "edited" / "manifest.json").write_text("{}", encoding="utf-8")
    chosen = (
        (bakery / "params.yaml")
        .read_text(encoding="utf-8")
        .replace("price_jpy: 400 ", "price_jpy: 9000 ", 1)
    )
    (bakery / "runs" / "edited" / "params.yaml").write_text(chosen, encoding="utf-8")
    ended = ran(bakery, "verify", "edited")
    assert (ended.returncode, "Traceback" in ended.stderr) == (
        2,
        False,
    ) and "bread.price_jpy: 9000 is too large" in ended.stderr


def test_a_changed_table_is_refused_until_the_catalogue_is_renewed(bakery):
    edit(bakery / "data" / "fields.csv", "mill_field,0.2", "mill_field,0.25")
    assert "fields.csv: its checksum differs" in ran(bakery, "check").stderr
    assert ran(bakery, "catalogue").stdout.strip() == "renewed: fields"
    assert ran(bakery, "check").returncode == 0


def test_a_required_value_that_is_blank_fails_the_check(bakery):
    edit(bakery / "data" / "fields.csv", "mill_field,0.2", "mill_field,")
    ran(bakery, "catalogue")
    ended = ran(bakery, "check")
    assert ended.returncode == 2 and "Traceback" not in ended.stderr
    assert "fields.csv" in ended.stderr and "km2" in ended.stderr


def test_status_tells_of_every_notebook_before_anything_has_run(bakery):
    ended = ran(bakery, "status")
    lines = [line for line in ended.stdout.splitlines() if not line.startswith(" ")]
    assert (
        ended.returncode == 0
        and len(lines) == 3
        and all("stale  not run yet" in line for line in lines)
    )
    assert not list((bakery / "runs").glob("[!.]*"))


def test_the_rules_are_told_of_a_file_that_fills_no_table(bakery):
    (bakery / "sales.csv").write_text('商品,売上（円）\nりんご,"1,200"\n', encoding="utf-8")
    ended = ran(bakery, "intake", "sales.csv", "--rules")
    assert (
        ended.returncode == 0
        and "rule 1-3" in ended.stdout
        and "B2" in ended.stdout
        and not (bakery / "data" / "local").exists()
    )


def test_a_refused_file_is_told_with_the_rules_it_breaks_and_nothing_is_written(bakery):
    (bakery / "land.csv").write_text('field,km2\nmill_field,"1,200"\n', encoding="utf-8")
    ended = ran(bakery, "intake", "land.csv", "--table", "fields")
    assert ended.returncode == 2 and "Traceback" not in ended.stderr
    assert "rule 1-3" in ended.stderr and "nothing was written" in ended.stderr
    assert not (bakery / "data" / "local").exists()
