"""What a text counts in words, as "three readings", is as many as the code has of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from analysis.chapters.consolidation.formulas import SCALE_MODELS
from analysis.chapters.decision import advice
from analysis.chapters.decision import formulas as decision
from analysis.chapters.decision import outturn as published
from analysis.chapters.organisation import charts as organisation
from analysis.chapters.procurement import formulas as procurement
from analysis.chapters.schedule import formulas as schedule
from analysis.chapters.ward_pages import formulas as ward_pages
from analysis.chapters.what_if import formulas as what_if

ROOT = Path(__file__).parents[2]
ENGLISH = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9}
JAPANESE = {kanji: number for number, kanji in enumerate("二三四五六七八九", 2)}
NOUNS = {
    "reading": ("readings", "読み方"),
    "way": ("ways", "通りに読"),
    "model": ("models", "規模効果"),
    "curve": ("curves", "曲線"),
    "lever": ("levers", "手段"),
    "option": ("options", "選択肢"),
    "rule": ("rules", "分け方"),
    "criterion": ("criteria", "項目"),
    "combination": ("combinations", "組合せ"),
    "line": ("lines", "行の助言"),
    "uptake": ("uptakes", "参加率"),
    "answer": ("answers", "答え"),
}
COUNTED = {
    "en": re.compile(
        rf"\b(?P<number>{'|'.join(ENGLISH)}) (?:rival |scale )?"
        rf"(?P<noun>{'|'.join(english for english, _ in NOUNS.values())})\b",
        re.IGNORECASE,
    ),
    "ja": re.compile(
        rf"(?P<number>[{''.join(JAPANESE)}])(?:つの|本の)?"
        rf"(?P<noun>{'|'.join(japanese for _, japanese in NOUNS.values())})"
    ),
}
EVIDENCE = len([model for model in SCALE_MODELS if model != procurement.CLAIM])
CRITERIA = pd.read_csv(ROOT / "data" / "form_criteria.csv")["criterion"].nunique()
UPTAKES = pd.read_csv(ROOT / "data" / "input_register.csv")["input"].str.startswith("uptake_").sum()
QUESTIONS = (ROOT / "notebooks/words/12_findings.en.md").read_text("utf-8").count("## question_")
# how many there are, by the number of the chapter and what is counted
HELD = {
    "02": {"reading": {2}},  # of the total: as published and by scope
    "03": {"reading": {EVIDENCE, len(SCALE_MODELS)}, "way": {len(SCALE_MODELS)}},
    "04": {
        "model": {len(SCALE_MODELS)},
        "curve": {len(SCALE_MODELS)},
        "lever": {len(procurement.LEVERS)},
    },
    "05": {"rule": {len(organisation.RULES)}, "criterion": {CRITERIA}},
    "06": {"combination": {len(schedule.SHAPES) * len(schedule.COMMON_CAUSES)}},
    "09": {
        "option": {len(decision.OPTIONS)},
        "reading": {len(published.READINGS) - 1},  # without the one that uses no figure
        "line": {len(advice.LINES)},
    },
    "10": {"lever": {len(what_if.LEVERS)}, "uptake": {UPTAKES}},
    "11": {"rule": {len(ward_pages.RULES)}},
    "12": {"reading": {len(SCALE_MODELS)}, "model": {EVIDENCE}, "answer": {QUESTIONS}},
}
EXAMPLES = ("two levers of 10 %",)  # of arithmetic, not of the study


def texts() -> Iterator[tuple[str, str, str]]:
    """Chapter, language and text of words, method notes and text cells."""
    for path in sorted((ROOT / "notebooks" / "words").glob("[0-9]*.md")):
        yield path.name[:2], path.stem.rpartition(".")[2], path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "docs" / "methods").glob("[0-9]*.md")):
        yield path.name[:2], "en", path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "notebooks").glob("[0-9]*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            for lang in {"ja", "en"} & set(cell["metadata"].get("tags", [])):
                yield path.name[:2], lang, "".join(cell["source"])


def miscounted(chapter: str, lang: str, text: str) -> list[str]:
    """What a text of a chapter counts that the code has another number of, or none."""
    for example in EXAMPLES:
        text = text.replace(example, "")
    place = 0 if lang == "en" else 1
    named = {words[place]: what for what, words in NOUNS.items()}
    numbers = ENGLISH if lang == "en" else JAPANESE
    return [
        found[0]
        for found in COUNTED[lang].finditer(text)
        if numbers[found["number"].lower()]
        not in HELD.get(chapter, {}).get(named[found["noun"].lower()], set())
    ]


@pytest.mark.parametrize(
    ("chapter", "lang", "text", "found"),
    [
        ("09", "en", "so four readings stand side by side", ["four readings"]),
        ("09", "ja", "四つの読み方を並べる", ["四つの読み方"]),
        ("03", "en", "Three rival readings of phi", []),
        ("03", "ja", "三通りに読む", []),
        ("04", "en", "two levers of 10 % save 19 %, three levers", []),
        # tempting: to let pass what nobody has counted
        ("01", "en", "three readings", ["three readings"]),
    ],
)
def test_a_count_that_the_code_does_not_have_is_seen(chapter, lang, text, found):
    assert miscounted(chapter, lang, text) == found


def test_every_text_counts_what_the_code_has():
    seen = [(chapter, fault) for chapter, *told in texts() for fault in miscounted(chapter, *told)]
    assert seen == []
    assert sum(len(COUNTED[lang].findall(text)) for _, lang, text in texts()) > 20
