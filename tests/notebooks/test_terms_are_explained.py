"""What the report's terms mean is said in both languages."""

from pathlib import Path

from workbook.groups import NoGroups
from workbook.output import LANGUAGES
from workbook.words.definitions import definition_faults, definitions

ROOT = Path(__file__).parents[2]


def test_the_study_explains_the_same_terms_in_both_languages():
    ours = [definitions(ROOT, NoGroups().whole, lang) for lang in LANGUAGES]
    assert len(ours[0]) >= 40
    assert [term.slug for term in ours[0]] == [term.slug for term in ours[1]]
    assert list(definition_faults(ROOT)) == []
