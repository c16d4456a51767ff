"""The report speaks both languages to the same extent."""

from __future__ import annotations

import re
from importlib.resources import files

from tests.workbook.villages import VALLEY
from workbook.report.edition import has_japanese
from workbook.report.words import WORDS
from workbook.standing import STANDINGS
from workbook.words.nouns import told


def places(text):
    """What is to be filled, apart from the nouns of the group: one language may do without them."""
    return set(re.findall(r"{(\w+)}", told(text, VALLEY, "en")))


def test_both_languages_have_the_same_words_with_the_same_places_to_fill():
    # said again in a language that needs it
    for_others = {key for words in WORDS.values() for key in words if key.endswith("_other_group")}
    assert WORDS["ja"].keys() - for_others == WORDS["en"].keys() - for_others
    assert {key.removesuffix("_other_group") for key in for_others} <= WORDS["en"].keys()
    assert not [
        key
        for key in WORDS["ja"].keys() & WORDS["en"].keys()
        if places(WORDS["ja"][key]) != places(WORDS["en"][key])
    ]


def test_each_standing_is_explained():
    assert all(f"meaning_{standing}" in WORDS["ja"] for standing in STANDINGS)


def test_no_template_holds_a_word_of_a_language():
    folder = files("workbook.report").joinpath("template")
    assert not [
        path.name for path in folder.iterdir() if has_japanese(path.read_text(encoding="utf-8"))
    ]


def test_every_word_is_used():
    package = files("workbook.report")
    folders = (package, package.joinpath("template"), files("workbook.audit"))
    sources = [path for folder in folders for path in folder.iterdir() if path.is_file()]
    text = "\n".join(
        path.read_text(encoding="utf-8") for path in sources if path.name != "words.py"
    )
    unused = [key for key in WORDS["en"] if not re.search(rf"['\"]{key}['\"]", text)]
    assert [
        key
        for key in unused
        if key not in ("finding", "caveat", "method")
        and not key.startswith("meaning_")
        and not key.endswith("_other_group")
    ] == []
