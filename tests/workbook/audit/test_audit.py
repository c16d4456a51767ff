"""The books of a run of the toy, made by hand: no empty cell that could have been filled, and no
proof of what is not there.
"""

from __future__ import annotations

import json

import pytest
import yaml
from bakery.study import STUDY

from tests.toy_project import toy_project
from workbook.audit import books, telling
from workbook.audit.checklists import FRAMEWORKS, LINES, PARTS
from workbook.output import MIME

SHOWN = {
    "kind": "exhibit",
    "number": "2.1",
    "slug": "takings-by-loss",
    "title": {"ja": "題", "en": "A title"},
    "standing": {"value": "modelled"},
    "provenance": {
        "function": "bakery.chapters.bread.charts.plot_takings",
        "tables": ["bread"],
        "inputs": [{"name": "assumptions"}],
    },
}


@pytest.fixture(scope="module")
def bakery(of_the_toy, tmp_path_factory):
    """A copy of the toy with a run that shows one exhibit."""
    root = toy_project(tmp_path_factory.mktemp("village") / "bakery")
    run = root / "runs" / "baseline"
    (run / "notebooks").mkdir(parents=True)
    output = {"output_type": "display_data", "metadata": {}, "data": {MIME: SHOWN}}
    cell = {
        "cell_type": "code",
        "id": "show-takings-by-loss",
        "metadata": {},
        "source": [],
        "execution_count": 1,
        "outputs": [output],
    }
    notebook = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (run / "notebooks" / "02_bread.ipynb").write_text(json.dumps(notebook))
    (run / "params.yaml").write_text(yaml.safe_dump({"study": {"fallow_share": 0.5}}))
    (run / "results.json").write_text("[]")
    done = {"status": "executed", "reasons": ["not run yet"], "seconds": 1.0}
    manifest = {"commit": "4f1c2d3", "inputs": {}, "local_inputs": []}
    manifest["steps"] = {step.name: done for step in STUDY.steps}
    (run / "manifest.json").write_text(json.dumps(manifest))
    return root


@pytest.fixture(scope="module")
def found(bakery):
    return books.audit(bakery, bakery / "runs" / "baseline")


def test_the_assumption_is_logged_with_its_range_its_grade_and_its_reason(found):
    (loss,) = found.assumptions
    assert (loss.table, loss.item, loss.rows) == ("assumptions", "milling_loss", 1)
    assert (loss.value["en"], loss.range["en"], loss.evidence_grade) == ("20%", "10% to 30%", "D")
    assert loss.weight == "unmeasured" and "weighed the bran" in loss.reasoning["en"]


def test_an_exhibit_leads_to_notebook_cell_function_and_tables(found):
    (program,) = found.programs
    assert (program.slug, program.number) == ("takings-by-loss", "2.1")
    assert "02_bread" in str(program) and "plot_takings" in str(program)


def test_both_tables_stand_in_the_data_log_with_their_checksum(bakery, found):
    package = json.loads((bakery / "data" / "datapackage.json").read_text(encoding="utf-8"))
    hashes = {own["name"]: own["hash"].removeprefix("sha256:") for own in package["resources"]}
    assert {entry.name: entry.sha256 for entry in found.data} == hashes


def test_every_line_of_a_checklist_has_a_framework_a_part_and_both_languages():
    assert {line.framework for line in LINES} == set(FRAMEWORKS)
    assert {line.part for line in LINES} == set(PARTS)
    assert all(line.ja and line.en and (line.proof or line.people_en) for line in LINES)


def test_a_folder_of_a_village_proves_no_licence_and_no_tests(found):
    """Tempting: to find them in the folder that the tests run in."""
    told = json.loads(telling.as_json(found))
    assert "lacking" in {check["verdict"] for check in told["checks"]}


def test_json_holds_the_one_assumption_and_reads_back(found):
    told = json.loads(telling.as_json(found))
    assert [entry["item"] for entry in told["assumptions"]] == ["milling_loss"]
