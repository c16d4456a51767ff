"""The findings page repeats: each of its numbers is a chapter's headline result or stands in a
chapter's table.
"""

from __future__ import annotations

import json
import re

import pandas as pd
import pytest

from analysis.study import STUDY
from tests.end_to_end.conftest import outputs_of
from workbook.steps import step_named
from workbook.tables.results import result_contracts
from workbook.units import format_range, format_value

pytestmark = pytest.mark.whole
STEP = step_named("12_findings")
NUMBER = re.compile(r"−?\d[\d,]*(?:\.\d+)?")
NAMES = re.compile(
    r"P\d\d|FY\d{4}|2025年度|"
    + "|".join(
        re.escape(label)
        for term in STUDY.glossary.values()
        for label in term.values()
        if re.search(r"\d", label)
    )
)
COUNTED = {"place", "column", "row"}  # a row's place on the page, a tile's place on the map


def numbers_in(text):
    """The numbers a text writes, without those that are part of a name (P90, FY2025, a baseline's
    label).
    """
    return set(NUMBER.findall(NAMES.sub("", text)))


@pytest.fixture(scope="module")
def page(study):
    run = study / "runs" / "baseline"
    tables = {path.stem: pd.read_csv(path) for path in (run / "tables").glob("*.csv")}
    results = json.loads((run / "results.json").read_text(encoding="utf-8"))
    return outputs_of(run / "notebooks" / "12_findings.ipynb"), tables, results


def test_numbers_are_told_from_names():
    assert numbers_in("P90 by FY2025: 1,234.5% in 2 wards, −0.3") == {"1,234.5", "2", "−0.3"}


def written_from_results(results, lang):
    """Every number that a headline result can be written with: its value and its interval."""
    texts = [format_value(r["value"], r["unit"], lang) for r in results] + [
        format_range(r["low"], r["high"], r["unit"], lang) for r in results
    ]
    return set().union(*map(numbers_in, texts))


def written_from(table, name, lang):
    """Every number that a cell of a table can be written with in its column's unit."""
    units = {field.name: field.unit for field in result_contracts()[name].fields}
    return set().union(
        set(),
        *(
            numbers_in(format_value(value, units[column], lang))
            for column in table.select_dtypes("number")
            for value in table[column]
        ),
    )


def test_every_number_in_the_pages_own_tables_is_a_chapters_number(page):
    _, tables, results = page
    known = {
        value
        for name in (*STEP.reads, *STEP.optional)
        if name in tables
        for value in tables[name].select_dtypes("number").to_numpy().ravel()
    }
    known |= {result[part] for result in results for part in ("value", "low", "high")}
    layout = {"net_gain_map", "what_to_learn", "distance", "scenario_comparison"}
    for name in layout:
        own = tables[name].select_dtypes("number").drop(columns=COUNTED, errors="ignore")
        strange = [
            value
            for value in own.to_numpy().ravel()
            if value == value
            and not any(
                abs(value - other) <= 1e-9 * abs(value)
                for other in known
                if other is not None and other == other
            )
        ]
        assert own.size and strange == [], name


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_answers_write_their_headline_results_and_rivals_their_tables(page, lang):
    _, tables, results = page
    from_results = written_from_results(results, lang)
    rivals = set().union(
        *(
            written_from(tables[name], name, lang)
            for name in ("scale_models", "target_reading", "ward_comparison", "temptation")
        )
    )
    for row in tables["answers"].to_dict("records"):
        assert (
            numbers_in(row[f"answer_{lang}"]) | numbers_in(row[f"interval_{lang}"]) <= from_results
        ), row["result_id"]
        assert numbers_in(row[f"rivals_{lang}"]) <= rivals and not numbers_in(
            row[f"change_{lang}"]
        ), row["result_id"]


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_sentences_titles_and_descriptions_write_only_chapters_numbers(page, lang):
    shown, tables, results = page
    known = written_from_results(results, lang) | {str(len(results))}
    known |= {str(count) for count in tables["correspondences"]["headline"].value_counts()}
    known |= set().union(
        *(
            written_from(tables[name], name, lang)
            for name in (
                "published_target",
                "target_reading",
                "decision_options",
                "decision_learning",
                "model_turns",
                "widths_if_known",
                "variance_shares",
                "winners_losers",
            )
        )
    )
    for output in shown:
        texts = (
            [output["text"]]
            if output["kind"] == "prose"
            else [output[part] for part in ("title", "subtitle", "alt")]
        )
        for text in texts:
            assert numbers_in(text[lang]) <= known, text[lang]


def test_the_answer_on_the_target_is_the_target_readings_row(page):
    # hand check of one whole line, so that a common fault of the formatting would not hide
    _, tables, _ = page
    reading = tables["target_reading"]
    own = reading[
        (reading["baseline"] == "implied")
        & (reading["scale_model"] == "joint_cloud")
        & (reading["reading"] == "net")
    ].iloc[0]
    answer = tables["answers"].set_index("result_id").loc["target_ratio_p50", "answer_en"]
    assert (
        f"{100 * own['target_ratio_p50']:.1f}%".replace("-", "−") in answer
        and f"{100 * own['target_ratio_p95']:.0f}%" in answer
    )
