"""The notebooks say what their words have, and the words what the notebooks say."""

from pathlib import Path

from workbook.words.spoken import word_faults

ROOT = Path(__file__).parents[2]


def test_the_notebooks_of_the_study_fit_their_words():
    assert list(word_faults(ROOT)) == []
