"""Which assumption to check first is one answer, whatever a run finds worth knowing."""

from __future__ import annotations

import ast
import json

import pytest

from tests.end_to_end.conftest import ROOT
from workbook.words.messages import Words


def conditions():
    """The conditions of the message's cases as the notebook's cell writes them, compiled."""
    text = (ROOT / "notebooks" / "12_findings.ipynb").read_text(encoding="utf-8")
    cells = ["".join(cell["source"]) for cell in json.loads(text)["cells"]]
    (cell,) = (source for source in cells if '"check-first"' in source)
    say = ast.parse(cell).body[-1]
    assert isinstance(say, ast.Expr) and isinstance(say.value, ast.Call)
    (case,) = (word.value for word in say.value.keywords if word.arg == "case")
    return compile(ast.unparse(case), "check-first", "eval")


@pytest.mark.parametrize(
    ("learned", "worth_knowing", "turned", "said"),
    [
        ("scale", True, True, "one-question"),
        ("cost", True, True, "two-questions"),
        ("scale", True, False, "model-firm"),
        # tempting: to name the first group of a ranking in which all are worth nothing
        ("scale", False, True, "model-alone"),
        ("cost", False, False, "nothing"),
    ],
)
def test_the_case_follows_from_what_is_worth_knowing(learned, worth_knowing, turned, said):
    names = {"first": {"learned": learned}, "known_first": worth_knowing, "turned": turned}
    found = eval(conditions(), names)
    assert next(name for name, true in found.items() if true) == said
    assert set(found) == set(Words.of(ROOT, "12_findings")["check-first"]["en"].cases)
