"""What source says, without how it is written; and which of our modules stand behind an import."""

import pytest

from workbook.remembered import Remembered
from workbook.staleness.syntax import Sources, code_digest, imports_of

SOURCE = '''
"""A module."""
import numpy as np

def mean(x):
    """Return the mean."""
    return np.mean(x)  # arithmetic
'''


@pytest.mark.parametrize(
    "edited",
    [
        SOURCE.replace("# arithmetic", "# the arithmetic one"),
        SOURCE.replace("Return the mean.", "Return it."),
        SOURCE.replace('"""A module."""', ""),
        SOURCE.replace("np.mean(x)", "(\n        np.mean( x )\n    )"),
        SOURCE.replace("\n\n", "\n\n\n\n"),
    ],
)
def test_a_comment_a_docstring_and_layout_change_nothing(edited):
    assert edited != SOURCE and code_digest(edited) == code_digest(SOURCE)


@pytest.mark.parametrize(
    "edited",
    [
        SOURCE.replace("np.mean", "np.median"),
        SOURCE.replace("def mean(x)", "def mean(x, y=1)"),
        SOURCE + "\nmean('a text is a value')",
        SOURCE.replace("return np.mean(x)", "return 'np.mean(x)'"),
    ],
)
def test_what_it_does_changes_the_digest(edited):
    assert code_digest(edited) != code_digest(SOURCE)


def test_a_text_that_is_no_docstring_counts():
    """Dropping every bare text would also drop the value a notebook's cell shows: only the first
    one documents.
    """
    assert code_digest("x = 1\n'one'") != code_digest("x = 1\n'two'")


def test_a_magic_counts_as_it_is_written():
    assert code_digest("%time f()") == code_digest("%time f()") != code_digest("%time g()")
    assert imports_of("%matplotlib inline\nimport analysis.study\n%time f()") == ["analysis.study"]


@pytest.fixture
def sources(tmp_path):
    """A small package: two chapters, of which one imports a method inside a function."""
    files = {
        "__init__.py": "",
        "study/__init__.py": "'''Chapters.'''",
        "methods/__init__.py": "",
        "methods/growth.py": "import scipy.stats\n",
        "study/rain.py": "def f():\n    from analysis.methods import growth\n",
        "study/snow.py": "from . import deep\nimport os, yaml\n",
        "study/deep/__init__.py": "from ..rain import f\n",
    }
    for name, text in files.items():
        path = tmp_path / "analysis" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def test_the_closure_follows_imports_inside_functions_packages_and_relative_ones(sources):
    modules, foreign = Sources(sources).closure(["analysis.study.snow"])
    assert list(modules) == [
        "analysis",
        "analysis.methods",
        "analysis.methods.growth",
        "analysis.study",
        "analysis.study.deep",
        "analysis.study.rain",
        "analysis.study.snow",
    ]
    assert foreign == {"scipy", "yaml"}  # os belongs to Python


def test_an_imported_name_brings_its_module_and_no_other(sources):
    modules, _ = Sources(sources).closure(["analysis.study.rain.f"])
    assert "analysis.study.rain" in modules and "analysis.study.snow" not in modules


def test_one_changed_module_changes_one_digest(sources):
    before, _ = Sources(sources).closure(["analysis.study.snow"])
    (sources / "analysis" / "methods" / "growth.py").write_text("import scipy.optimize\n")
    after, _ = Sources(sources).closure(["analysis.study.snow"])
    assert {name for name in after if after[name] != before[name]} == {"analysis.methods.growth"}


def test_what_is_remembered_is_not_worked_out_again_and_what_is_unused_is_forgotten(tmp_path):
    path, asked = tmp_path / "remembered.json", []
    for keys in (("a", "b"), ("b", "c"), ("a",)):
        remembered = Remembered(path)
        for key in keys:
            assert (
                remembered.of(key, lambda key=key: asked.append(key) or key.upper()) == key.upper()
            )
        remembered.save()
    assert asked == ["a", "b", "c", "a"]


def test_what_other_code_has_left_is_not_believed(tmp_path):
    """The bytes are the same; how they are read is not."""
    for maker, value in (("one", 1), ("two", 2)):
        remembered = Remembered(tmp_path / "remembered.json", maker)
        assert remembered.of("a", lambda value=value: value) == value
        remembered.save()


@pytest.mark.parametrize("content", ["", "{", "[1]", "null", '{"maker": ""}'])
def test_a_broken_memory_is_done_without(tmp_path, content):
    (tmp_path / "remembered.json").write_text(content)
    assert Remembered(tmp_path / "remembered.json").of("a", lambda: 1) == 1
