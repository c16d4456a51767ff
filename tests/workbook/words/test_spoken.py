"""Words and notebooks held against each other: each kind of fault is named with its message and its
cell.
"""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tests.toy_project import TOY
from workbook.steps import Step
from workbook.words.spoken import word_faults

STEP = Step(
    "04_bread", inputs=(), reads=(), writes=(), exhibits=("costs",), table_words=("answer_",)
)
CODE = {
    "say-opening": 'run.say("opening", holds=low < high, saving=saving)',
    "show-costs": 'run.show("costs", ward=top, basis="basis-own" if own else f"basis_{kind}")',
    "results": 'run.result("saving", None, "JPY", "costs", reason="no-costs")',
}
WORDS = """## opening · finding

It saves {saving:JPY}.

### otherwise

It costs {saving:JPY}.

## costs

**{ward:code} spends most**

Yen a year. {basis:words}

> Bars.

## basis-own

Own figures.

## basis_model

Modelled.

## no-costs

no costs are known

## answer_cost

{saving:JPY}
"""


@pytest.fixture
def project(tmp_path):
    """Returns a function that writes the notebook and its words, changed, and gives the faults of
    both.
    """

    def faults(code=(), en=(), both=(), step=STEP):
        cells = dict(CODE)
        for name, before, after in code:
            assert before in cells[name]
            cells[name] = cells[name].replace(before, after)
        texts = {"ja": WORDS, "en": WORDS}
        for before, after in (*both, *en):
            assert before in texts["en"]
            texts["en"] = texts["en"].replace(before, after)
        for before, after in both:
            texts["ja"] = texts["ja"].replace(before, after)
        (tmp_path / "notebooks" / "words").mkdir(parents=True, exist_ok=True)
        for lang, text in texts.items():
            (tmp_path / "notebooks" / "words" / f"04_bread.{lang}.md").write_text(
                text, encoding="utf-8"
            )
        notebook = {
            "cells": [
                {"cell_type": "code", "id": name, "metadata": {}, "source": source}
                for name, source in cells.items()
            ]
        }
        (tmp_path / "notebooks" / "04_bread.ipynb").write_text(json.dumps(notebook))
        return [
            fault.removeprefix("notebooks/words/04_bread: ")
            for fault in word_faults(tmp_path, (step,))
        ]

    return faults


def test_words_that_fit_have_no_fault(project):
    assert project() == []


@pytest.mark.parametrize(
    ("code", "both", "told"),
    [
        (
            [("say-opening", '"opening"', "slug")],
            [],
            [
                "cell say-opening names no message: write its slug out",
                "opening: no cell says it; delete it, or say it",
            ],
        ),
        (
            [("say-opening", '"opening"', '"openning"')],
            [],
            [
                (
                    "openning: cell say-opening says it, and no message has this slug; write it, or"
                    " correct the slug"
                ),
                "opening: no cell says it; delete it, or say it",
            ],
        ),
        (
            [("say-opening", ", saving=saving", "")],
            [],
            ["opening: cell say-opening gives no value for saving"],
        ),
        (
            [("say-opening", "saving=saving", "saving=saving, gap=1")],
            [],
            ["opening: no text uses gap, which cell say-opening gives"],
        ),
        (
            [("say-opening", "holds=low < high, ", "")],
            [],
            [
                "opening: it has another wording, and cell say-opening gives no condition: `holds`"
                " or `case`"
            ],
        ),
        (
            [("say-opening", "holds=low < high", 'case={"wild": low}')],
            [],
            ["opening: no text for the case wild, which cell say-opening names"],
        ),
        (
            [],
            [("### otherwise", "### rarely")],
            [
                (
                    "opening: cell say-opening claims it on a condition; write what is said"
                    " otherwise under ### otherwise"
                ),
                "opening: no cell names the case rarely",
            ],
        ),
        (
            [("say-opening", "run.say", "run.show")],
            [],
            ["opening: cell say-opening shows it, and its text is no exhibit"],
        ),
        (
            [("show-costs", "run.show", "run.lack")],
            [],
            ["costs: cell show-costs lacks the exhibit; write why under ### lack"],
        ),
        (
            [("show-costs", '"basis-own" if own else f"basis_{kind}"', "None")],
            [],
            [
                "basis-own: no cell says it; delete it, or say it",
                "basis_model: no cell says it; delete it, or say it",
            ],
        ),
        (
            [("results", ', reason="no-costs"', "")],
            [],
            ["no-costs: no cell says it; delete it, or say it"],
        ),
        (
            [],
            [("Own figures.", "Own figures {gap:share}.")],
            ["costs: cell show-costs gives no value for gap"],
        ),
    ],
)
def test_each_kind_of_fault_is_named_with_message_and_cell(project, code, both, told):
    assert project(code, both=both) == told


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("## no-costs\n\nno costs are known\n\n", "", "no-costs: in one language only"),
        (" · finding", "", "opening: callout finding and None"),
        (
            "### otherwise\n\nIt costs {saving:JPY}.\n",
            "",
            "opening: a case in one language only: otherwise",
        ),
        ("\n> Bars.\n", "", "costs: main text: alt in one language only"),
        ("It saves {saving:JPY}", "It saves {saved:JPY}", "opening: placeholders differ: saved"),
    ],
)
def test_what_one_language_has_alone_is_named(project, before, after, told):
    assert told in project(en=[(before, after)])


def test_a_pair_of_faults_is_named_at_once(project):
    assert (
        len(
            project(
                [("say-opening", ", saving=saving", ""), ("results", ', reason="no-costs"', "")]
            )
        )
        == 2
    )


def test_a_step_that_tells_little_of_one_municipality_needs_the_reason_in_words(project):
    little = replace(STEP, of_one=("costs",))
    assert project(step=little) == [
        "alone: no text says what one municipality alone lacks; write it"
    ]
    reason = ("## answer_cost", "## alone\n\none pools with nobody\n\n## answer_cost")
    assert project(both=[reason], step=little) == []
    assert project(both=[reason]) == ["alone: no cell says it; delete it, or say it"]


def test_the_notebooks_of_the_toy_fit_their_words():
    assert list(word_faults(TOY)) == []
