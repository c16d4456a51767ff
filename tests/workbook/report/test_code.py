"""Code is coloured as a reader of Python expects, and not a letter of it is lost."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import pytest

from workbook.report.code import highlighted

NOTEBOOKS = sorted((Path(__file__).parents[3] / "notebooks").glob("[0-9]*.ipynb"))


def kinds(source: str) -> list[tuple[str, str]]:
    found = re.findall(
        r'<span class="code-(\w+)"[^>]*>(.*?)</span>', highlighted(source), re.DOTALL
    )
    return [(kind, html.unescape(text)) for kind, text in found]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        # tempting: what stands in a string or a remark taken for code, and the reverse
        ("a['#x'] # if 'b'", [("string", "'#x'"), ("comment", "# if 'b'")]),
        (
            "iffy = notes if x1 else 2.5e-3",
            [("keyword", "if"), ("keyword", "else"), ("number", "2.5e-3")],
        ),
        (r'rb"\" # " + 1', [("string", r'rb"\" # "'), ("number", "1")]),
        ('"""a "b"\n1""" in c', [("string", '"""a "b"\n1"""'), ("keyword", "in")]),
    ],
)
def test_strings_remarks_numbers_and_keywords_are_told_apart(source, expected):
    assert kinds(source) == expected


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_not_a_letter_of_the_studys_code_is_lost(path):
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        shown = html.unescape(re.sub("</?span[^>]*>", "", highlighted(source)))
        assert shown == source.rstrip()
