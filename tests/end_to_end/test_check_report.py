"""The look at a finished report: a sound one passes, and each fault it is there for is found."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

from workbook.steps import Step

SCRIPT = Path(__file__).with_name("check_report.py")
STEPS = (Step("04_procurement", (), (), (), ("levers", "s-curve"), ("baseline_5y",)),)
PAGE = """<html><head><style>@font-face {src: url(data:font/woff;base64,AA)}</style></head><body>
<a href="https://example.org/source">source</a><a href="#exhibit-levers">4.1</a><code>@import url(http://example.org/)</code>
<figure id="exhibit-levers"><img src="data:image/png;base64,AA"></figure>\
<figure id="exhibit-s-curve"><svg><use href="#mark"/></svg></figure></body></html>"""
ANNEX = "<html><body><p id='data'>data</p></body></html>"
MIME = "application/vnd.analysis.exhibit+json"
WORDS = {"ja": "文", "en": "text"}
SHOWN = {
    "kind": "exhibit",
    "form": "figure",
    "title": WORDS,
    "subtitle": WORDS,
    "alt": WORDS,
    "svg": {"ja": "<svg/>", "en": "<svg/>"},
    "tables": [{"name": "levers"}],
}
SAID = {"kind": "prose", "text": {"ja": "述べた", "en": "said"}}
RESULT = {
    "id": "baseline_5y",
    "value": 332e9,
    "low": 301.8e9,
    "high": 368.9e9,
    "interval": "wording",
    "unit": "JPY",
    "standing": "derived",
    "chapter": 4,
    "exhibit": "4.1",
    "reason": None,
}


@pytest.fixture(scope="module")
def check_report():
    spec = importlib.util.spec_from_file_location("check_report", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def run(tmp_path):
    """Write the smallest run that is fit to be published."""

    def write(name: str, content: object) -> None:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            content if isinstance(content, str) else json.dumps(content), encoding="utf-8"
        )

    write(
        "notebooks/04_procurement.ipynb",
        {
            "cells": [
                {
                    "cell_type": "code",
                    "id": "compute",
                    "source": ["1"],
                    "execution_count": 1,
                    "outputs": [],
                },
                *(
                    shown(name, payload)
                    for name, payload in (("show-levers", SHOWN), ("say-it", SAID))
                ),
            ]
        },
    )
    write("results.json", [RESULT])
    write("tables/published_target.csv", "figure,value\nsaving_5y,166000000000\n")
    write(
        "tables/baselines.csv",
        "baseline,residents,total_5y_jpy\nimplied,9570609,332000000000\nmayors_2020,9570609,400000000000\n",
    )
    for name in ("index.html", "en.html"):
        write(f"report/{name}", PAGE)
    for name in ("annex.ja.html", "annex.en.html"):
        write(f"report/{name}", ANNEX)
    return tmp_path


def shown(cell: str, payload: dict[str, object]) -> dict[str, object]:
    output = {"output_type": "display_data", "data": {MIME: payload}, "metadata": {}}
    return {
        "cell_type": "code",
        "id": cell,
        "source": ["1"],
        "execution_count": 2,
        "outputs": [output],
    }


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_sound_run_has_no_fault(check_report, run):
    """Links a reader may click, and addresses shown as text, do not reach outside by themselves."""
    assert check_report.faults_of(run, STEPS) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (
            "report/en.html",
            "exhibit-levers",
            "exhibit-other",
            "report/en.html: the exhibit levers is missing",
        ),
        (
            "report/index.html",
            "data:image/png",
            "https://example.org/a.png?",
            "reaches outside the page: <img src=",
        ),
        (
            "report/index.html",
            "data:image/png",
            "//example.org/a.png?",
            "reaches outside the page: <img src=",
        ),
        (
            "report/index.html",
            "data:font/woff",
            "fonts/a.woff?",
            "reaches outside the page: url(fonts/a.woff",
        ),
        (
            "report/index.html",
            "@font-face",
            "@import 'a.css'; @font-face",
            "reaches outside the page: @import",
        ),
        (
            "report/index.html",
            "<style>",
            '<link rel="stylesheet" href="http://example.org/a.css"><style>',
            "reaches outside the page: <link href=",
        ),
        (
            "report/index.html",
            '"#mark"',
            '"http://example.org/#mark"',
            "reaches outside the page: <use href=",
        ),
        (
            "report/index.html",
            "</body>",
            "x" * 2_000_000,
            "is the most an office network should carry",
        ),
        (
            "report/annex.en.html",
            "</body>",
            "x" * 6_000_000,
            "is the most an office network should carry",
        ),
        ("report/en.html", "#exhibit-levers", "#exhibit-gone", "the link #exhibit-gone leads"),
        ("report/en.html", "#exhibit-levers", "annex.en.html#gone", "annex.en.html#gone leads"),
        ("report/en.html", "#exhibit-levers", "other.html", "the link other.html leads nowhere"),
        ("results.json", "332000000000.0", "NaN", "not finite"),
        ("results.json", "332000000000.0", "null", "null without a reason"),
        ("results.json", "332000000000.0", "332000000.0", "outside the published"),
        ("results.json", "baseline_5y", "baseline", "baseline_5y is declared and missing"),
        ("results.json", '"reason"', '"why"', "has the fields"),
        ("results.json", "301800000000.0", "401800000000.0", "low above its high"),
        ("results.json", "]", "", "JSONDecodeError"),
        (
            "tables/published_target.csv",
            "166000000000",
            "83000000000",
            "published: 1.655e+11 to 1.665e+11",
        ),
        ("tables/baselines.csv", "9570609", "957060", "residents of implied is [957060.0]"),
        ("tables/baselines.csv", "implied", "own", "is missing"),
        (
            "notebooks/04_procurement.ipynb",
            '"outputs": []',
            '"outputs": [{"output_type": "error", "ename": "E", "evalue": "v"}]',
            "compute raised E: v",
        ),
        (
            "notebooks/04_procurement.ipynb",
            '"en": "said"',
            '"en": ""',
            "say-it shows no text in en",
        ),
        (
            "notebooks/04_procurement.ipynb",
            '"subtitle"',
            '"subtitled"',
            "show-levers shows no subtitle in ja",
        ),
        ("notebooks/04_procurement.ipynb", '"svg"', '"png"', "show-levers shows no svg in ja"),
        (
            "notebooks/04_procurement.ipynb",
            '"tables": [{"name": "levers"}]',
            '"tables": []',
            "show-levers shows no table",
        ),
        (
            "notebooks/04_procurement.ipynb",
            '"execution_count": 1',
            '"execution_count": null',
            "did not run",
        ),
    ],
)
def test_each_fault_is_found_and_named(check_report, run, file, old, new, said):
    replace(run / file, old, new)
    faults = check_report.faults_of(run, STEPS)
    assert any(said in fault for fault in faults), faults


def test_missing_parts_are_named_together(check_report, run):
    for name in (
        "report/en.html",
        "notebooks/04_procurement.ipynb",
        "results.json",
        "tables/baselines.csv",
    ):
        (run / name).unlink()
    assert len(check_report.faults_of(run, STEPS)) == 4


def test_a_study_without_steps_is_not_called_sound(check_report, run):
    assert check_report.faults_of(run, ()) == ["notebook/steps.py: no step is declared"]


def test_the_script_ends_with_1_and_prints_the_faults(tmp_path):
    ended = subprocess.run(
        [sys.executable, str(SCRIPT), str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(SCRIPT.parents[2] / "src")},
    )
    assert ended.returncode == 1
    assert "fault: report/index.html: is missing" in ended.stderr
    assert (
        subprocess.run(
            [sys.executable, str(SCRIPT)],
            capture_output=True,
            check=False,
            env={"PYTHONPATH": str(SCRIPT.parents[2] / "src")},
        ).returncode
        == 2
    )
