"""Words read again: what changed in one language alone, what is new, and which wordings no run has
shown.
"""

from __future__ import annotations

import json

import pytest

from workbook.output import MIME
from workbook.running.proofreading import lines_of, mark_read, readings
from workbook.steps import Step

STEP = Step("04_bread", inputs=(), reads=(), writes=(), exhibits=())
TEXT = "## opening\n\nIt saves.\n\n### otherwise\n\nIt costs.\n\n## closing\n\nThat is all.\n"


@pytest.fixture
def project(tmp_path):
    folder = tmp_path / "notebooks" / "words"
    folder.mkdir(parents=True)
    for lang in ("ja", "en"):
        (folder / f"04_bread.{lang}.md").write_text(TEXT, encoding="utf-8")
    mark_read(tmp_path, readings(tmp_path, [STEP]))
    return tmp_path


def changed(project, lang, before, after):
    path = project / "notebooks" / "words" / f"04_bread.{lang}.md"
    path.write_text(path.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")


def marks(project):
    return {
        reading.slug: (reading.changed_alone, reading.new) for reading in readings(project, [STEP])
    }


def test_what_was_read_together_is_not_marked(project):
    assert marks(project) == {"opening": ("", False), "closing": ("", False)}


@pytest.mark.parametrize(
    ("before", "after"), [("It saves.", "It saves much."), ("It costs.", "It costs a lot.")]
)
def test_a_message_that_changed_in_one_language_alone_is_marked_until_it_is_read(
    project, before, after
):
    changed(project, "en", before, after)
    assert marks(project)["opening"] == ("en", False)
    mark_read(
        project, (reading for reading in readings(project, [STEP]) if reading.slug == "opening")
    )
    assert marks(project)["opening"] == ("", False)


def test_a_message_that_changed_in_both_is_not_marked(project):
    for lang in ("ja", "en"):
        changed(project, lang, "It saves.", "It saves much.")
    assert marks(project)["opening"] == ("", False)


def test_a_message_that_nobody_has_read_in_both_is_new(project):
    for lang in ("ja", "en"):
        changed(project, lang, "## closing", "## ending")
    assert marks(project)["ending"] == ("", True)


def test_a_wording_that_no_run_has_shown_is_named_and_one_of_a_message_never_said_is_not(project):
    path = project / "runs" / "baseline" / "executed" / "04_bread.ipynb"
    path.parent.mkdir(parents=True)
    shown = {
        "output_type": "display_data",
        "data": {MIME: {"kind": "prose", "slug": "opening", "case": "otherwise", "values": {}}},
    }
    path.write_text(
        json.dumps(
            {"cells": [{"cell_type": "code", "outputs": [shown]}, {"cell_type": "markdown"}]}
        )
    )
    found = {reading.slug: reading for reading in readings(project, [STEP])}
    assert found["opening"].never_shown == ("",) and found["closing"].never_shown == ()
    said = list(lines_of(found["opening"]))
    assert said == [
        "04_bread opening  <- main text never shown",
        "  ja  It saves.",
        "  en  It saves.",
        "  [otherwise]",
        "  ja  It costs.",
        "  en  It costs.",
        "",
    ]


def test_a_message_that_a_cell_says_and_no_run_came_to_is_named_too(project):
    # tempting: to ask only of messages that some run has said
    shown = {"kind": "prose", "slug": "opening", "case": "", "values": {}}
    cell = {"cell_type": "code", "outputs": [{"data": {MIME: shown}}]}
    notebook = {
        "cells": [
            {"cell_type": "code", "source": ['run.say("opening", holds=True)\n']},
            {"cell_type": "code", "source": ['if late:\n    run.say("closing")\n']},
        ]
    }
    for path, content in (
        ("runs/baseline/executed/04_bread.ipynb", {"cells": [cell]}),
        ("notebooks/04_bread.ipynb", notebook),
    ):
        (project / path).parent.mkdir(parents=True, exist_ok=True)
        (project / path).write_text(json.dumps(content))
    found = {reading.slug: reading.never_shown for reading in readings(project, [STEP])}
    assert found == {"opening": ("otherwise",), "closing": ("",)}
