"""No text types a number beside a unit: a count, a parameter or a result is a placeholder, so that
it follows the run.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from analysis.groups import GROUPS
from analysis.study import STUDY
from workbook.report.words import WORDS as REPORT_WORDS
from workbook.words.label_faults import titles_of

ROOT = Path(__file__).parents[2]
WORDS = "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|hundred"
TYPED = {
    "en": re.compile(
        rf"\b(?:[2-9]|\d\d[\d,.]*|(?i:{WORDS}))[- ](?:full |fiscal |named |special )?"
        r"(?:years?|months?|days?|weeks?|wards?|municipalities|cities|municipalit\w+|platforms?|draws|inputs)\b"
    ),
    "ja": re.compile(
        r"(?:[2-9]|\d\d[\d,.]*|[二三四五六七八九十]+)(?:年間|年分|か年|か月|区|市|団体|基(?!幹|準|本|礎|盤)|都市|自治体|標本)"
    ),
}
# Facts of a source, a law or a method, which no run changes: (language, text around the number).
LEGITIMATE = {
    # names of groups, of a source's count
    "ja": (
        "62区市町村",
        "二十三区",
        "多摩26市",
        "20の指定都市",
        # the report's aim, classes of a map, a scenario's name
        "3～4基",
        "2基",
        "5基以上",
        "基幹系3基",
        # real cases; up to where all coalitions are searched
        "実例は3団体",
        "4市6町",
        "25団体まで",
        "5年間の基準額",
        "5年間の総額",
        "5年間の削減額",
    ),  # published over five years
    "en": (
        "62 municipalities",
        "26 Tama cities",
        "20 designated cities",
        "The real case moved three municipalities",
        "up to 25 municipalities",
        "three inputs of the circle",
        "Two platforms",
        "two platforms",
        "baseline over five years",
        "Total over 5 years",
        "saving over five years",
    ),
}


def word_files() -> Iterator[tuple[str, str, str]]:
    for path in sorted((ROOT / "notebooks" / "words").glob("*.md")):
        lang = path.stem.rpartition(".")[2]
        yield from (
            (f"{path.parent.name} line {line}", lang, text)
            for line, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        )


def text_cells() -> Iterator[tuple[str, str, str]]:
    """The cells as they stand: they speak of the special wards, so they may call them by their
    number.
    """
    for path in sorted((ROOT / "notebooks").glob("[0-9]*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            tags = cell["metadata"].get("tags", [])
            yield from (
                (
                    f"{path.stem} {cell['id']}",
                    lang,
                    re.sub("23区|23 wards|[Tt]wo wards", "", "".join(cell["source"])),
                )
                for lang in ("ja", "en")
                if lang in tags
            )


def labels() -> Iterator[tuple[str, str, str]]:
    for path in sorted(STUDY.chapters.glob("*/*charts.yaml")):
        for key, texts in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            yield from ((f"{path.parent.name} {key}", lang, text) for lang, text in texts.items())


def titles() -> Iterator[tuple[str, str, str]]:
    for path in sorted(STUDY.chapters.glob("*/tables.yaml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")):
            for name, texts in titles_of(entry):
                if name.endswith(GROUPS):  # what a group that is compared is called
                    continue
                yield from (
                    (f"{path.parent.name} {entry['name']} {name}", lang, text)
                    for lang, text in texts.items()
                )


def terms() -> Iterator[tuple[str, str, str]]:
    yield from (
        (key, lang, text) for key, texts in STUDY.glossary.items() for lang, text in texts.items()
    )
    yield from (
        (key, lang, text) for lang, own in REPORT_WORDS.items() for key, text in own.items()
    )


def typed(lang: str, text: str) -> list[str]:
    """The numbers that a text types beside a unit, with it."""
    bare = re.sub(r"{[^{}]*}|\$[^$]*\$", "", text)
    for known in LEGITIMATE[lang]:
        bare = bare.replace(known, "")
    return [found[0] for found in TYPED[lang].finditer(bare)]


@pytest.mark.parametrize(
    ("lang", "text", "found"),
    [
        ("en", "over five years", ["five years"]),
        ("en", "the five-year cost", ["five-year"]),
        ("en", "12 wards only", ["12 wards"]),
        ("en", "over {years:year}, FY2022, in 2026", []),
        ("en", "Tokyo and 62 municipalities", []),
        ("ja", "5年間の費用", ["5年間"]),
        ("ja", "12区だけ", ["12区"]),
        ("ja", "三つの市", []),
        ("ja", "五か月", ["五か月"]),
        ("ja", "{years:year}間、2025年度、十基幹", []),
    ],
)
def test_a_typed_number_is_seen_in_figures_and_in_words(lang, text, found):
    assert typed(lang, text) == found


@pytest.mark.parametrize("texts", [word_files, text_cells, labels, titles, terms])
def test_no_text_types_a_number_beside_a_unit(texts):
    told = list(texts())
    assert len(told) > 30
    assert [(place, found) for place, lang, text in told if (found := typed(lang, text))] == []


def test_english_quotes_are_those_that_the_typeface_draws_narrow():
    # tempting: the curly ones, which a Japanese typeface draws as wide as a kanji
    texts = {
        path.name: path.read_text("utf-8") for path in (ROOT / "notebooks/words").glob("*.en.md")
    }
    assert len(texts) > 12
    assert [name for name, text in texts.items() if set("“”‘’") & set(text)] == []
