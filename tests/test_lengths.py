"""How long a function may be: one that does not fit a screen does several things."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.test_house import MODULES, SOURCE

# Lines of code of the longest function of each package: those of its docstring, its signature and
# its comments do not count. It may only get shorter.
LONGEST = {"workbook": 30, "office_tables": 38, "analysis": 51}


def functions_of(text: str) -> Iterator[tuple[str, int]]:
    """Yield the name of each function of a module with its lines of code."""
    lines = text.splitlines()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) is not None else node.body
            told = lines[body[0].lineno - 1 : node.end_lineno] if body else []
            yield node.name, sum(bool(line.split("#")[0].strip()) for line in told)


@pytest.mark.parametrize("package", LONGEST)
def test_no_function_is_longer_than_the_longest_of_its_package(package):
    own = [path for path in MODULES if path.relative_to(SOURCE).parts[0] == package]
    found = {
        f"{path.stem}.{name}": length
        for path in own
        for name, length in functions_of(path.read_text(encoding="utf-8"))
    }
    assert {name: length for name, length in found.items() if length > LONGEST[package]} == {}
    assert max(found.values()) == LONGEST[package], "shorter now: lower the limit"


def test_signature_docstring_comments_and_blank_lines_do_not_count():
    first = "def f(\n    a=1,\n    b=2,\n):\n    'Say.'\n    # why\n    x = a\n\n    return x\n"
    text = first + '\n\ndef g():\n    """Alone.\n\n    More.\n    """\n'
    assert dict(functions_of(text)) == {"f": 2, "g": 0}
