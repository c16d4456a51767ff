"""Nouns of the group: every text reads them from one table, and no text of a group contains another
group's noun.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
import yaml

from analysis.groups import GROUPS, PLAN_TABLES, SPECIAL_WARDS, Group
from analysis.study import STUDY
from workbook.report.words import WORDS as REPORT_WORDS
from workbook.staleness.keys import NOUNS, Keys
from workbook.words import nouns
from workbook.words.label_faults import titles_of
from workbook.words.messages import PLACEHOLDER, Words

STEPS = STUDY.steps

ROOT = Path(__file__).parents[2]
TAMA = Group("tama26", tuple(map(str, range(26))), "city")
FIVE = Group("chosen", tuple(map(str, range(5))), "city", ("tama26",))
MIXED = Group("chosen", tuple(map(str, range(4))), "municipality", ("tama26", "tokyo23"))
FOUR_WARDS = Group("chosen", tuple(map(str, range(4))), "ward", ("tokyo23",))
LANGS = ("ja", "en")
WARD = {"ja": re.compile("区"), "en": re.compile(r"\b[Ww]ards?\b")}
# What names Tokyo's wards in a study of any group, and what only looks like it.
TOKYOS = re.compile(
    r"東京の特別区|(?:特別)?区長会|市?区市?町村|区[分間域画切]|地区|Tokyo's special wards|Tokyo's"
    r" wards"
)
# names of groups that are compared
COMPARED = re.compile(r"(short|rest)_(tokyo23|tama26|designated20)")


def notebook_texts() -> Iterator[tuple[str, str, str]]:
    """Every text cell and every message that a report of another group may show."""
    for step in STEPS:
        messages = Words.of(ROOT, step.name).messages
        for lang, own in messages.items():
            yield from (
                (f"{step.name} {slug} {case}", lang, text)
                for slug, message in own.items()
                for case, parts in message.cases.items()
                for text in parts.values()
            )
        for cell in json.loads(
            (ROOT / "notebooks" / f"{step.name}.ipynb").read_text(encoding="utf-8")
        )["cells"]:
            tags = cell["metadata"].get("tags", [])
            for lang in LANGS:
                replaced = messages[lang].get(cell["id"].rpartition("-")[0])
                if lang in tags and not (replaced and "other-group" in replaced.cases):
                    yield f"{step.name} {cell['id']}", lang, "".join(cell["source"])


def word_texts() -> Iterator[tuple[str, str, str]]:
    """The labels of the charts, the report's own words (less those that another group has its own
    of) and the glossary.
    """
    for path in sorted(STUDY.chapters.glob("*/*charts.yaml")):
        own = yaml.safe_load(path.read_text(encoding="utf-8"))
        yield from (
            (f"{path.parent.name} {key}", lang, text)
            for key, texts in own.items()
            if not COMPARED.fullmatch(key)
            for lang, text in texts.items()
        )
    for lang, own in REPORT_WORDS.items():
        yield from (
            (f"report {key}", lang, text)
            for key, text in own.items()
            if f"{key}_other_group" not in own
        )
    yield from (
        (f"terms {key}", lang, text)
        for key, texts in STUDY.glossary.items()
        if key not in GROUPS
        for lang, text in texts.items()
    )


def table_texts() -> Iterator[tuple[str, str, str]]:
    """Titles and labels of every result table, the plan's own words, and what came since."""
    for path in sorted(STUDY.chapters.glob("*/tables.yaml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")):
            yield from (
                (f"{path.parent.name} {entry['name']} {name}", lang, text)
                for name, texts in titles_of(entry)
                if not name.endswith(GROUPS)
                for lang, text in texts.items()
            )
    for table in (*PLAN_TABLES, "events_since_2022"):
        frame = pd.read_csv(ROOT / "data" / f"{table}.csv", encoding="utf-8-sig", dtype=str)
        yield from (
            (f"{table} {name}", name[-2:], text)
            for name in frame
            if name.endswith(("_ja", "_en")) and name != "reasoning_ja"
            for text in frame[name].dropna()
        )


ALL = [notebook_texts, word_texts, table_texts]


@pytest.mark.parametrize("texts", ALL)
def test_no_text_calls_another_groups_municipalities_wards(texts):
    # peers may be wards
    told = [
        (place, lang, nouns.told(text.replace("{peers}", ""), TAMA, lang))
        for place, lang, text in texts()
    ]
    assert len(told) > 50
    bare = [
        (place, lang, re.sub(r"{[^{}]*}|\[\[[^\]]*\]\]", "", TOKYOS.sub("", text)))
        for place, lang, text in told
    ]
    assert [(place, text) for place, lang, text in bare if WARD[lang].search(text)] == []


@pytest.mark.parametrize("texts", ALL)
def test_no_text_of_the_wards_contains_a_noun_of_cities(texts):
    # tempting: a text written for another group that the wards are shown, too
    told = [
        (place, nouns.told(text, SPECIAL_WARDS, lang))
        for place, lang, text in texts()
        if "other-group" not in place
    ]
    assert [place for place, text in told if re.search(r"選んだ\d|\d chosen", text)] == []


def test_every_noun_of_a_text_stands_in_the_table():
    known = {lang: set(SPECIAL_WARDS.nouns(lang)) for lang in LANGS}
    asked = {
        (place, name)
        for step in STEPS
        for lang, own in Words.of(ROOT, step.name).messages.items()
        for slug, message in own.items()
        for case, parts in message.cases.items()
        for text in parts.values()
        for name, unit in PLACEHOLDER.findall(text)
        if not unit
        and (place := f"{step.name} {slug}")
        and name[0].lower() + name[1:] not in known[lang]
        and "$$" not in text
    }
    assert asked == set()


@pytest.mark.parametrize("group", [SPECIAL_WARDS, TAMA, FIVE, MIXED, FOUR_WARDS])
def test_every_group_has_every_noun_in_both_languages(group):
    for lang in LANGS:
        own = group.nouns(lang)
        assert own.keys() == SPECIAL_WARDS.nouns(lang).keys()
        assert all(text.strip() and "{" not in text for text in own.values())


@pytest.mark.parametrize(
    ("group", "lang", "told"),
    [
        (SPECIAL_WARDS, "ja", "特別区：23区の区、区民、{n}"),
        (TAMA, "ja", "多摩26市：26市の市、住民、{n}"),
        (FIVE, "ja", "選んだ5市：5市の市、住民、{n}"),
        (MIXED, "ja", "選んだ4団体：4団体の団体、住民、{n}"),
        (FOUR_WARDS, "ja", "選んだ4区：4区の区、区民、{n}"),
        (SPECIAL_WARDS, "en", "The special wards: 23 wards, a ward's, {n}"),
        (FIVE, "en", "The 5 chosen cities: 5 cities, a city's, {n}"),
        (MIXED, "en", "The 4 chosen municipalities: 4 municipalities, a municipality's, {n}"),
    ],
)
def test_nouns_are_filled_and_nothing_else_is(group, lang, told):
    text = {
        "ja": "{the_group}：{all_municipalities}の{municipality}、{local_residents}、{n}",
        "en": "{The_group}: {all_municipalities}, a {municipality}'s, {n}",
    }[lang]
    assert nouns.told(text, group, lang) == told


def test_a_comparison_group_keeps_its_own_name_and_says_when_it_has_lost_members():
    assert (
        nouns.in_language("tokyo23", TAMA, "ja") == "特別区"
        and nouns.in_language("tama26", TAMA, "en") == "26 Tama cities"
    )
    assert (
        nouns.in_language("tama26", FIVE, "en") == "other Tama cities"
        and nouns.in_language("chosen", FIVE, "ja") == "選んだ5市"
    )


def test_who_reads_the_glossary_raw_meets_no_noun():
    # rival models and baselines are written into a table by name, without a group
    shown = [
        STUDY.glossary[key][lang]
        for key in ("cross_section", "joint_cloud", "source_report", "implied", "mayors_2020")
        for lang in LANGS
    ]
    assert [text for text in shown if "{" in text] == []


def test_the_nouns_make_the_steps_stale_that_write_them_and_no_other():
    keys = Keys(ROOT)
    said = {step.name for step in STEPS if NOUNS in dict(keys._words_written(step))}
    plan = {step.name for step in STEPS if set(step.inputs) & set(PLAN_TABLES)}
    assert plan == {
        "03_consolidation",
        "05_organisation",
        "06_schedule",
        "08_outturn",
        "09_decision",
    }
    # 04's reason names the group
    assert plan | {"04_procurement", "12_findings"} <= said and "07_reallocation" not in said


def test_cells_for_other_groups_stand_in_the_words_alone():
    for path in sorted((ROOT / "notebooks").glob("[0-9]*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        titles = [
            cell
            for cell in cells
            if cell["cell_type"] == "markdown" and "".join(cell["source"]).startswith("# ")
        ]
        assert [sum(lang in cell["metadata"]["tags"] for cell in titles) for lang in LANGS] == [
            1,
            1,
        ], path.stem
        assert not [
            cell["id"]
            for cell in cells
            if {"wards", "other_groups"} & set(cell["metadata"].get("tags", []))
        ]
