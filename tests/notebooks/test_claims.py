"""What a notebook says has its words, and its words are said; a claim has its condition."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from analysis.notebook.messages import LACK, MAIN, OTHER_GROUP, OTHERWISE, Message, Words
from analysis.notebook.steps import STEPS, Step
from tests.notebooks.test_notebook_rules import ROOT, SPOKEN, Cell, code, run_calls, source_of


def message_faults(cells: list[Cell], words: Words, step: Step) -> Iterator[str]:
    """Yield what a notebook says that its words have not, and what they have that nothing says."""
    trees = [ast.parse(source_of(cell)) for cell in cells if cell["cell_type"] == "code"]
    calls = [
        (name, call.args[0].value, call)
        for tree in trees
        for name, call in run_calls(tree)
        if name in SPOKEN
    ]
    for lang, messages in words.messages.items():
        for name, slug, call in calls:
            if slug in messages:
                yield from (
                    f"{slug} ({lang}): {fault}" for fault in call_faults(name, call, messages[slug])
                )
            else:
                yield f"{slug} ({lang}): is said and has no message"
        known = {slug for _, slug, _ in calls} | {
            slug for slug in messages if named_elsewhere(slug, trees, step)
        }
        yield from (
            f"{slug} ({lang}): no call says this message" for slug in messages.keys() - known
        )


def named_elsewhere(slug: str, trees: list[ast.Module], step: Step) -> bool:
    """Say whether a message is a fragment, a reason or a text of a table: code names those."""
    if slug.startswith(step.table_words):
        return True
    texts = {
        node.value
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return (
        slug in texts
        or any(slug.startswith(text) and text.endswith("_") for text in texts)
        or f'"{slug}"' in study_sources()
    )


def call_faults(name: str, call: ast.Call, message: Message) -> Iterator[str]:
    """Yield where a call and a message do not fit.

    A claim carries its condition, and has another wording for where that fails.
    """
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    if (name in ("show", "lack")) != (message.is_exhibit or LACK in message.cases):
        yield "an exhibit is shown, a sentence said"
    if name == "lack":
        yield from [] if LACK in message.cases else ["has no wording for what is lacking"]
        return
    named = given.get("case")
    asked = {OTHERWISE} & message.cases.keys() if "holds" in given else set()
    if isinstance(named, ast.Dict):
        asked |= {key.value for key in named.keys}
    if "holds" in given and OTHERWISE not in message.cases:
        yield "claims something, and has no wording for where it does not hold"
    yield from (f"has no wording {case!r}" for case in sorted(asked - message.cases.keys()))
    wordings = message.cases.keys() - {MAIN, LACK, OTHER_GROUP} - ({OTHERWISE} if named else set())
    yield from (f"nothing decides whether {case!r} is said" for case in sorted(wordings - asked))


@cache
def study_sources() -> str:
    """Return all modules of study, which name the fragments of some sentences."""
    return "".join(
        path.read_text(encoding="utf-8")
        for path in sorted((ROOT / "src" / "analysis" / "study").glob("*.py"))
    )


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_every_claim_has_a_condition_and_another_wording_and_every_message_is_said(step):
    cells = json.loads((ROOT / "notebooks" / f"{step.name}.ipynb").read_text(encoding="utf-8"))[
        "cells"
    ]
    assert list(message_faults(cells, Words.of(ROOT, step.name), step)) == []


WORDINGS = """## plain
Text.
## claim
Text.
### otherwise
Other.
## cases
### none
Text.
### otherwise
Other.
## shown
**Title**

> Alternative text
### lack
Why not.
## undecided
### low
Text.
## fragment
Text.
"""


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("run.say('plain', holds=x)", "no wording for where it does not hold"),
        ("run.say('claim')", "nothing decides whether 'otherwise'"),
        ("run.say('cases', case={'none': x, 'many': y})", "no wording 'many'"),
        ("run.say('cases', holds=x)", "nothing decides whether 'none'"),
        ("run.say('shown')", "an exhibit is shown"),
        ("run.show('plain')", "an exhibit is shown"),
        ("run.lack('claim')", "an exhibit is shown"),
        ("run.say('absent')", "has no message"),
        ("run.say('undecided')", "nothing decides whether 'low'"),
        ("run.say('plain')", "no call says this message"),
    ],
)
def test_the_rules_for_claims_bite(source, said, tmp_path):
    assert any(said in fault for fault in said_with(source, tmp_path))


def test_the_rules_for_claims_let_what_is_decided_pass(tmp_path):
    said = (
        "run.say('plain')\nrun.say('claim', holds=x)\nrun.say('cases', case={'none': x})\n"
        "run.show('shown')\nrun.lack('shown')\n"
        "run.say('undecided', case={'low': x})\n"
        "run.result('a', None, 'share', 'shown', reason='fragment')"
    )
    assert said_with(said, tmp_path) == []


def said_with(source: str, folder: Path) -> list[str]:
    """Return the faults of a cell against the wordings above."""
    (folder / "notebooks" / "words").mkdir(parents=True)
    for lang in ("ja", "en"):
        (folder / "notebooks" / "words" / f"04_procurement.{lang}.md").write_text(
            WORDINGS, encoding="utf-8"
        )
    return list(
        message_faults(
            [code("a", source)],
            Words.of(folder, "04_procurement"),
            Step("04_procurement", (), (), (), ()),
        )
    )
