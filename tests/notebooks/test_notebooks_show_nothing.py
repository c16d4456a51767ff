"""What the notebooks show is not in git."""

from pathlib import Path

from workbook.notebook.git_filter import notebooks_of, staged_text
from workbook.notebook.outputs import shows_something

ROOT = Path(__file__).parents[2]


def test_the_notebooks_in_this_project_s_git_show_nothing():
    assert [name for name in notebooks_of(ROOT) if shows_something(staged_text(ROOT, name))] == []
