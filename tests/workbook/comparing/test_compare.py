"""Two runs side by side: causes, results with size and sign, exhibits; nothing is said to differ
that does not.
"""

from __future__ import annotations

import json
import stat

import pytest

from tests.end_to_end import looks
from workbook.comparing import as_json, as_lines, compare
from workbook.report.comparison_page import page_of, write_pages
from workbook.sameness import difference

TEXTS = {"ja": "題", "en": "title"}


@pytest.fixture
def run(tmp_path):
    """Write a finished run by hand and return its folder."""

    def write(
        name,
        value=2e9,
        low=1e9,
        core=4,
        module="a",
        rows=((1.0, "x"),),
        svg="<svg/>",
        title=TEXTS,
        slug="s-curve",
    ):
        folder = tmp_path / name
        for part in ("keys", "notebooks"):
            (folder / part).mkdir(parents=True)
        result = {
            "id": "run_rate_saving",
            "unit": "JPY/year",
            "value": value,
            "low": low,
            "high": None,
        }
        (folder / "results.json").write_text(json.dumps([result]))
        (folder / "params.yaml").write_text(
            f"consolidation: {{core_instances: {core}}}\nstudy: {{group: tokyo23}}\n"
        )
        parts = {kind: {} for kind in ("inputs", "cells", "declarations", "packages")}
        (folder / "keys" / "04_procurement.json").write_text(
            json.dumps(
                {
                    "rests_on": {
                        **parts,
                        "modules": {"analysis.chapters.procurement.formulas": module},
                    }
                }
            )
        )
        payload = {
            "kind": "exhibit",
            "number": "4.2",
            "slug": slug,
            "svg": {"ja": svg},
            "title": title,
            "subtitle": TEXTS,
            "alt": TEXTS,
            "tables": [{"rows": [list(row) for row in rows]}],
        }
        cell = {"outputs": [{"data": {"application/vnd.analysis.exhibit+json": payload}}]}
        (folder / "notebooks" / "04_procurement.ipynb").write_text(json.dumps({"cells": [cell]}))
        return folder

    return write


def test_equal_runs_are_the_same_whatever_they_are_called(run):
    found = compare(run("a"), run("b"))
    assert found.same and not found.parameters and not found.causes
    assert list(as_lines(found)) == [
        "a -> b",
        "  nothing they rest on differs",
        "every headline result is the same",
        "every exhibit is the same",
    ]


def test_a_changed_result_is_told_with_size_and_sign(run):
    found = compare(run("a"), run("b", value=1.5e9))
    assert [(moved.id, moved.change, moved.relative) for moved in found.moved] == [
        ("run_rate_saving", -5e8, -0.25)
    ] and not found.same
    assert any("-25.0%" in line for line in as_lines(found))


def test_a_moved_interval_counts_though_the_value_stands(run):
    """The tempting shortcut compares values only: the uncertainty of a result is part of it."""
    assert [moved.id for moved in compare(run("a"), run("b", low=0.5e9)).moved] == [
        "run_rate_saving"
    ]


def test_digits_beyond_the_tolerance_do_not_count(run):
    near = {"value": 2e9 * (1 + 1e-12), "rows": ((1.0 + 1e-13, "x"),)}
    assert compare(run("a"), run("b", **near)).same
    assert not compare(run("c"), run("d", **near), tolerance=0).same


def test_a_value_that_became_undefined_has_no_change_and_counts(run):
    found = compare(run("a"), run("b", value=None))
    assert found.moved[0].change is None and not found.same


def test_a_table_that_one_more_step_reads_is_no_difference(run):
    before, after = run("a"), run("b")
    for folder, inputs in ((before, ({"snow": "1"}, {})), (after, ({"snow": "1"}, {"snow": "1"}))):
        for name, own in zip(("03_consolidation", "04_procurement"), inputs, strict=True):
            parts = {"modules": {}, "cells": {}, "declarations": {}, "packages": {}, "inputs": own}
            (folder / "keys" / f"{name}.json").write_text(json.dumps({"rests_on": parts}))
    assert compare(before, after).causes == {}


def test_a_run_for_its_numbers_alone_shows_no_exhibits_and_that_is_said_once(run):
    before, after = run("a"), run("b")
    (after / "notebooks" / "04_procurement.ipynb").write_text(json.dumps({"cells": []}))
    assert compare(before, after).exhibits == {"all": ["only in one"]}


def test_a_chapter_that_only_one_run_has_is_no_cause(run):
    # a scenario runs without the findings: tempting to list every cell of theirs as changed
    before, after = run("a"), run("b")
    parts = {
        "modules": {"analysis.chapters.findings.formulas": "1"},
        "cells": {"say": "1"},
        "declarations": {},
        "packages": {},
        "inputs": {},
    }
    (before / "keys" / "12_findings.json").write_text(json.dumps({"rests_on": parts}))
    assert compare(before, after).causes == {}


def test_causes_are_named_by_kind(run):
    found = compare(run("a"), run("b", core=3, module="b"))
    assert found.parameters == {"consolidation.core_instances": (4, 3)} and found.causes == {
        "modules": ["analysis.chapters.procurement.formulas"]
    }
    assert found.same  # a cause without a consequence


@pytest.mark.parametrize(
    ("changed", "differs"),
    [
        ({"rows": ((2.0, "x"),)}, ["table"]),
        ({"rows": ((1.0, "y"),)}, ["table"]),
        ({"rows": ((1.0, "x"), (2.0, "y"))}, ["table"]),
        ({"svg": "<svg><g/></svg>"}, ["figure"]),
        ({"title": {"ja": "別", "en": "other"}}, ["text"]),
    ],
)
def test_what_differs_of_an_exhibit_is_named(run, changed, differs):
    assert compare(run("a"), run("b", **changed)).exhibits == {"4.2 s-curve": differs}


def test_an_exhibit_of_one_run_only_is_named(run):
    assert compare(run("a"), run("b", slug="levers")).exhibits == {
        "4.2 s-curve": ["only in one"],
        "4.2 levers": ["only in one"],
    }


def test_the_machine_readable_form_says_the_same(run):
    record = json.loads(as_json(compare(run("a"), run("b", value=1.5e9, core=3))))
    assert (record["same"], record["moved"][0]["change"], record["parameters"]) == (
        False,
        -5e8,
        {"consolidation.core_instances": [4, 3]},
    )


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_page_says_it_in_both_languages_and_escapes_what_runs_hold(run, lang):
    page = page_of(compare(run("a"), run("b", value=1.5e9, core=3, slug="<b>x</b>")), lang)
    assert (
        f'<html lang="{lang}">' in page
        and "consolidation.core_instances" in page
        and "−25.0%" in page
        and {"ja": "通年の純削減額", "en": "full-year net saving"}[lang] in page
    )
    assert "&lt;b&gt;x&lt;/b&gt;" in page and "<b>x</b>" not in page and "<script" not in page


@pytest.mark.parametrize(
    ("before", "after", "tolerance", "told"),
    [
        ("a\n", "a\n", None, None),
        ("1.0\n", "1.00\n", None, "line 1: 1.0 -> 1.00"),
        ("1.0\n", "1.00\n", 1e-9, None),
        ("a\nb\n", "a\n", 1e-9, "2 lines -> 1 lines"),
        ("a\r\n", "a\n", None, "line ends"),
        ("0.0\n", "-0.0\n", 1e-9, None),
        ("x=1e-3", "x=0.001", 1e-9, None),
        ("x=1", "x=2", 1e-9, "line 1: x=1 -> x=2"),
    ],
)
def test_texts_differ_by_bytes_or_by_numbers(before, after, tolerance, told):
    assert difference(before, after, tolerance) == told


@pytest.mark.parametrize("private", ["before", "after"])
def test_the_pages_are_as_private_as_the_stricter_of_both_runs(run, private):
    runs = {"before": run("a"), "after": run("b", value=1.5e9)}
    (runs[private] / "notebooks" / "04_procurement.ipynb").chmod(0o600)
    pages = write_pages(compare(*runs.values()), *runs.values())
    assert {stat.S_IMODE(path.stat().st_mode) for path in pages.values()} == {0o600}


@pytest.mark.whole
@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_page_is_sound_in_a_browser_at_every_width_and_asks_for_nothing(run, browser, lang):
    before, after = run("a"), run("b", value=1.5e9, core=3, module="b" * 90, rows=((2.0, "x"),))
    pages = write_pages(compare(before, after), before, after)
    page = browser.new_page(viewport={"width": 390, "height": 844})
    asked, complaints = looks.watch(page)
    page.goto(pages[lang].as_uri())
    faults = list(looks.axe_faults(page))
    for width in looks.WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        faults += looks.sideways_faults(page)
    page.close()
    assert (faults, asked, complaints) == ([], [], [])
