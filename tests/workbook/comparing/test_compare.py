"""Two runs side by side: causes, results with size and sign, exhibits; nothing is said to differ
that does not.
"""

from __future__ import annotations

import json
import stat
from dataclasses import astuple

import pytest
from bakery.study import STUDY

from tests.end_to_end import looks
from workbook.comparing import Moved, as_json, as_lines, as_markdown, compare
from workbook.comparing.telling import change_in_words, figures
from workbook.report.comparison_page import page_of, write_pages
from workbook.sameness import difference

TEXTS = {"ja": "題", "en": "title"}
MIME = "application/vnd.analysis.exhibit+json"


def write_cells(path, payloads):
    """Write a notebook that shows what it is given, each in a cell of its own."""
    cells = [{"outputs": [{"data": {MIME: payload}}]} for payload in payloads]
    path.write_text(json.dumps({"cells": cells}))


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
        number="4.2",
        chapter="04_bread",
        python=None,
        said=(),
        more=(),
    ):
        """`said` are (slug, case, text, callout) of sentences, `more` slugs of other exhibits."""
        folder = tmp_path / name
        for part in ("keys", "notebooks", "executed"):
            (folder / part).mkdir(parents=True)
        result = {
            "id": "takings",
            "unit": "JPY/year",
            "value": value,
            "low": low,
            "high": None,
        }
        (folder / "results.json").write_text(json.dumps([result]))
        (folder / "params.yaml").write_text(
            f"bread: {{loaves_per_sack: {core}}}\nstudy: {{group: valley}}\n"
        )
        parts = {kind: {} for kind in ("inputs", "cells", "declarations", "packages")}
        if python:
            (folder / "manifest.json").write_text(json.dumps({"python": python}))
        (folder / "keys" / f"{chapter}.json").write_text(
            json.dumps(
                {
                    "rests_on": {
                        **parts,
                        "modules": {"bakery.chapters.bread.formulas": module},
                    }
                }
            )
        )
        payload = {
            "kind": "exhibit",
            "number": number,
            "slug": slug,
            "svg": {"ja": svg},
            "title": title,
            "subtitle": TEXTS,
            "alt": TEXTS,
            "tables": [{"rows": [list(row) for row in rows]}],
        }
        others = [{**payload, "slug": other, "number": "4.9"} for other in more]
        sentences = [
            {"kind": "prose", "text": {"ja": f"{text}。", "en": text}, "callout": callout}
            for _, _, text, callout in said
        ]
        left = [
            *(
                {"kind": "exhibit", "slug": shown["slug"], "case": ""}
                for shown in [payload, *others]
            ),
            *({"kind": "prose", "slug": own, "case": case} for own, case, _, _ in said),
        ]
        write_cells(folder / "executed" / f"{chapter}.ipynb", left)
        write_cells(folder / "notebooks" / f"{chapter}.ipynb", [payload, *others, *sentences])
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
        "every sentence is the same",
    ]


def test_a_changed_result_is_told_with_size_and_sign(run):
    found = compare(run("a"), run("b", value=1.5e9))
    assert [(moved.id, moved.change, moved.relative) for moved in found.moved] == [
        ("takings", -5e8, -0.25)
    ] and not found.same
    assert any("-25.0%" in line for line in as_lines(found))


def test_a_moved_interval_counts_though_the_value_stands(run):
    """The tempting shortcut compares values only: the uncertainty of a result is part of it."""
    assert [moved.id for moved in compare(run("a"), run("b", low=0.5e9)).moved] == ["takings"]


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
        for name, own in zip(("03_milling", "04_bread"), inputs, strict=True):
            parts = {"modules": {}, "cells": {}, "declarations": {}, "packages": {}, "inputs": own}
            (folder / "keys" / f"{name}.json").write_text(json.dumps({"rests_on": parts}))
    assert compare(before, after).causes == {}


def test_a_run_for_its_numbers_alone_shows_no_exhibits_and_that_is_said_once(run):
    before, after = run("a"), run("b")
    (after / "notebooks" / "04_bread.ipynb").unlink()
    found = compare(before, after)
    assert found.exhibits == {"all": ["only in one"]} and not found.texts


def test_a_chapter_that_only_one_run_has_is_no_cause(run):
    # a scenario runs without the ledger: tempting to list every cell of theirs as changed
    before, after = run("a"), run("b")
    parts = {
        "modules": {"bakery.chapters.ledger.formulas": "1"},
        "cells": {"say": "1"},
        "declarations": {},
        "packages": {},
        "inputs": {},
    }
    (before / "keys" / "12_ledger.json").write_text(json.dumps({"rests_on": parts}))
    assert compare(before, after).causes == {}


def test_causes_are_named_by_kind(run):
    found = compare(run("a"), run("b", core=3, module="b"))
    assert found.parameters == {"bread.loaves_per_sack": (4, 3)} and found.causes == {
        "modules": ["bakery.chapters.bread.formulas"]
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
    found = compare(run("a"), run("b", slug="levers"))
    assert found.exhibits == {"4.2 s-curve": ["gone"], "4.2 levers": ["new"]} and not found.texts


def test_an_inserted_exhibit_leaves_the_later_ones_what_they_are(run):
    """Tempting to match by number: then every later exhibit would be new and gone."""
    found = compare(run("a"), run("b", number="4.3", more=("levers",)))
    assert found.exhibits == {"4.9 levers": ["new"]}


def test_a_renumbered_chapter_is_the_same_chapter(run):
    sentence = (("opening", "", "All is well", None),)
    before = run("a", said=sentence)
    found = compare(before, run("b", chapter="05_bread", number="5.2", said=sentence))
    assert found.same and not found.causes


def test_a_sentence_is_shown_before_and_after_and_a_claim_that_flipped_is_named(run):
    before = run("a", said=[("pays", "", "It saves 2", None), ("opening", "", "Fine", None)])
    after = run(
        "b", said=[("pays", "otherwise", "It costs 1", None), ("opening", "", "Good", None)]
    )
    found = compare(before, after)
    assert [(said.place, said.flipped) for said in found.texts] == [
        ("bread: pays", True),
        ("bread: opening", False),
    ]
    lines = list(as_lines(found))
    start = lines.index("  bread: pays: holds -> otherwise")
    assert lines[start + 3 : start + 5] == ["    en - It saves 2", "    en + It costs 1"]
    assert "1 claim flipped" in as_markdown(found) and "- en: It saves 2" in as_markdown(found)


def test_a_claim_flips_in_runs_for_their_numbers_alone_too(run):
    runs = run("a", said=[("pays", "", "x", None)]), run("b", said=[("pays", "lack", "y", None)])
    for folder in runs:
        (folder / "notebooks" / "04_bread.ipynb").unlink()
    found = compare(*runs)
    assert [said.place for said in found.flipped] == ["bread: pays"] and not found.same


def test_of_a_claim_that_flipped_no_text_is_shown_where_one_run_has_no_words(run):
    """Tempting is the one text that is there: it would read as taken out."""
    before = run("a", said=[("pays", "", "It saves", None)])
    after = run("b", said=[("pays", "otherwise", "It costs", None)])
    (after / "notebooks" / "04_bread.ipynb").unlink()
    told = "\n".join(as_lines(compare(before, after)))
    assert "bread: pays: holds -> otherwise" in told and "It saves" not in told


def test_a_caveat_that_only_the_second_run_shows_is_a_new_warning(run):
    old, new = ("old", "", "Careful", "caveat"), ("thin", "", "Few rows", "caveat")
    found = compare(run("a", said=[old]), run("b", said=[old, new]))
    assert found.warnings == ["bread: thin: Few rows"]
    assert compare(run("c", said=[old, new]), run("d", said=[old])).warnings == []


def test_what_a_cell_warned_of_is_a_new_warning(run):
    before, after = run("a"), run("b")
    path = after / "executed" / "04_bread.ipynb"
    notebook = json.loads(path.read_text())
    stream = {"output_type": "stream", "name": "stderr", "text": ["RuntimeWarning: overflow\n"]}
    notebook["cells"][0]["outputs"].append(stream)
    path.write_text(json.dumps(notebook))
    found = compare(before, after)
    assert found.warnings == ["bread: RuntimeWarning: overflow"] and not found.same


def test_what_a_renamed_notebook_has_left_is_no_chapter(run):
    before, after = run("a"), run("b")
    for folder in (before, after):
        (folder / "manifest.json").write_text(json.dumps({"steps": {"04_bread": {}}}))
    write_cells(after / "executed" / "03_bread.ipynb", [{"kind": "prose", "slug": "x"}])
    write_cells(after / "notebooks" / "03_bread.ipynb", [{"kind": "prose", "text": TEXTS}])
    assert compare(before, after).same


@pytest.mark.parametrize(
    ("versions", "modules", "line"),
    [
        (("3.11.7", "3.12.1"), None, "Python 3.11.7 -> 3.12.1: between two versions"),
        (("3.11.7", "3.11.9"), ["bakery.chapters.bread.formulas"], "Python 3.11.7 -> 3.11"),
    ],
)
def test_another_python_is_one_line(run, versions, modules, line):
    """Syntax trees are written otherwise by each minor version: every module would differ."""
    before, after = (
        run(name, module=version, python=version)
        for name, version in zip("ab", versions, strict=True)
    )
    found = compare(before, after)
    assert found.causes.get("modules") == modules
    assert next(text for text in as_lines(found) if "Python" in text).strip().startswith(line)


def test_a_package_is_told_with_both_versions(run):
    before, after = run("a"), run("b")
    for folder, version in ((before, "2.4.6"), (after, "2.5.0")):
        mark = folder / "keys" / "04_bread.json"
        record = json.loads(mark.read_text())
        record["rests_on"]["packages"] = {"numpy": version}
        mark.write_text(json.dumps(record))
    assert "  package numpy: 2.4.6 -> 2.5.0" in as_lines(compare(before, after))


def rows_kept(folder, text, sha):
    """Have a run have read a table, and keep it."""
    mark = folder / "keys" / "04_bread.json"
    record = json.loads(mark.read_text())
    record["rests_on"]["inputs"] = {"snow": sha}
    mark.write_text(json.dumps(record))
    (folder / "inputs").mkdir()
    (folder / "inputs" / "snow.csv").write_text(text)


def test_rows_of_an_input_table_are_shown_by_their_key(run, tmp_path):
    """The tempting diff compares line by line: a row put in front would change every line."""
    (tmp_path / "data").mkdir()
    schema = {"name": "snow", "path": "snow.csv", "schema": {"primaryKey": ["place"]}}
    (tmp_path / "data" / "datapackage.json").write_text(json.dumps({"resources": [schema]}))
    before, after = run("runs/a"), run("runs/b")
    rows_kept(before, "place,cm,source\nhill,3,x\nmill,4,x\nvale,5,x\n", "1")
    rows_kept(after, "place,cm,source\ntop,9,x\nhill,3,x\nmill,6,x\n", "2")
    found = compare(before, after)
    assert [astuple(row) for row in found.rows["snow"]] == [
        ("mill", "cm", "4", "6"),
        ("vale", "", "vale, 5, x", None),
        ("top", "", None, "top, 9, x"),
    ]
    assert "    mill, cm: 4 -> 6" in as_lines(found)
    assert "| row | mill, `cm` | 4 | 6 |" in as_markdown(found)


def test_rows_that_nothing_names_are_told_whole(run):
    before, after = run("a"), run("b")
    rows_kept(before, "n\n3\n3\n4\n", "1")
    rows_kept(after, "n\n3\n4\n5\n", "2")
    assert [astuple(row)[2:] for row in compare(before, after).rows["snow"]] == [
        ("3", None),
        (None, "5"),
    ]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (2e9, -1e9, "fell below zero"),
        (-2e9, 1e9, "rose above zero"),
        (-2e9, -3e9, "50.0% further below zero"),
        (-2e9, -1e9, "50.0% nearer to zero"),
        (2e9, 3e9, "+50.0%"),
        (2e9, 0.0, "-100.0%"),
        (2e9, 2.0001e9, "+<0.1%"),
        (2e9, 2e9, "its range moved"),
        (None, None, "its range moved"),
        (None, 2e9, ""),
    ],
)
def test_a_sign_is_told_in_words(before, after, told):
    """By hand; tempting is one rule for all: from 2 to −1 would be −150 %, which says nothing."""
    assert change_in_words(Moved("made_up", "JPY", before, after)) == told


def test_a_date_moves_by_months():
    """By hand: from August to April 2037 are four months; tempting are per cent of a year's number,
    −0.0 %, and a year that both dates share said once.
    """
    moved = Moved("payback_year", "fiscal_year", 2037 + 4 / 12, 2037.0)
    assert figures(moved) == "August 2037 -> April 2037 (4 months earlier)"
    assert change_in_words(moved, "ja") == "4か月早くなった"


@pytest.mark.parametrize(
    ("lang", "down", "up"),
    [
        ("en", "a net saving became a net loss", "a net loss became a net saving"),
        ("ja", "純削減が純損失に転じた", "純損失が純削減に転じた"),
    ],
)
def test_a_saving_that_became_a_loss_is_told_in_the_studys_words(monkeypatch, lang, down, up):
    of_sign = {
        "takings_above_zero": {"ja": "純削減", "en": "a net saving"},
        "takings_below_zero": {"ja": "純損失", "en": "a net loss"},
    }
    monkeypatch.setitem(vars(STUDY), "glossary", STUDY.glossary | of_sign)
    assert change_in_words(Moved("takings", "JPY/year", 2e9, -1e9), lang) == down
    assert change_in_words(Moved("takings", "JPY/year", -2e9, 1e9), lang) == up


def test_markdown_takes_no_text_of_a_run_for_markup(run):
    found = compare(run("a"), run("b", slug="<b>x|y</b>", said=[("s", "", "```\n<i>", "caveat")]))
    text = as_markdown(found)
    assert "<b>" not in text and "&lt;b>x|y" in text
    assert text.count("```") % 2 == 1  # the one inside a line begins no block
    assert all(
        not line.startswith("```") or line in ("```", "```diff") for line in text.splitlines()
    )


def test_markdown_puts_what_was_not_accepted_first(run):
    text = as_markdown(compare(run("a"), run("b", value=1.5e9)), ["takings: 2 -> 1.5"])
    first = text.index("Moved without `workbook accept`")
    assert 0 < first < text.index("### Headline results") and "- takings: 2 -> 1.5" in text
    assert "| takings from bread (`takings`) | 2 billion yen a year |" in text


def test_the_machine_readable_form_says_the_same(run):
    record = json.loads(as_json(compare(run("a"), run("b", value=1.5e9, core=3))))
    assert (record["same"], record["moved"][0]["change"], record["parameters"]) == (
        False,
        -5e8,
        {"bread.loaves_per_sack": [4, 3]},
    )


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_page_says_it_in_both_languages_and_escapes_what_runs_hold(run, lang):
    page = page_of(compare(run("a"), run("b", value=1.5e9, core=3, slug="<b>x</b>")), lang)
    assert (
        f'<html lang="{lang}">' in page
        and "bread.loaves_per_sack" in page
        and "−25.0%" in page
        and {"ja": "パンの売上げ", "en": "takings from bread"}[lang] in page
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
    (runs[private] / "notebooks" / "04_bread.ipynb").chmod(0o600)
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
