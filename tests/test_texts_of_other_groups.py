"""Under another group no text calls its bodies wards: every text of the study is retold, and what must stay is named as Tokyo's."""

import json
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
import yaml

from analysis.municipalities import GROUPS, Group
from analysis.notebook.messages import MAIN, OTHER_GROUP, PLACEHOLDER, Words
from analysis.terms import TERMS
from analysis.workbook.report.finished_run import OF_OTHERS, OF_THE_WARDS
from analysis.workbook.report.words import WORDS as REPORT_WORDS

ROOT = Path(__file__).parents[1]
TAMA = Group("tama26", tuple(map(str, range(26))), "city")
LEFT = {"ja": re.compile("区"), "en": re.compile(r"\b[Ww]ards?\b")}
KEPT = re.compile(r"東京の特別区|(?:特別)?区長会|ほかの特別区|市?区市?町村|区[分間域画切]|地区|\{\w+\}|Tokyo's special wards|Tokyo's wards")
SHORT_NAMES = re.compile(r"(short|rest)_(tokyo23|tama26|designated20)")   # of groups that are compared: they keep their own


def cells(name: Path) -> list[dict]:
    return json.loads(name.read_text(encoding="utf-8"))["cells"]


def notebook_texts() -> Iterator[tuple[str, str, str]]:
    """Every text of the notebooks that a report of another group may show: place, language, text."""
    for path in sorted((ROOT / "notebooks").glob("[0-9]*.ipynb")):
        for cell in cells(path):
            tags = cell["metadata"].get("tags", [])
            if cell["cell_type"] == "markdown" and OF_THE_WARDS not in tags:
                yield f"{path.stem} {cell['id']}", "ja" if "ja" in tags else "en", "".join(cell["source"])
        for lang, messages in Words.of(ROOT, path.stem).messages.items():
            yield from ((f"{path.stem} {slug}", lang, PLACEHOLDER.sub(r"{\1}", text))
                        for slug, message in messages.items() for case, parts in message.cases.items()
                        if not (case == MAIN and OTHER_GROUP in message.cases) for text in parts.values())


def word_texts() -> Iterator[tuple[str, str, str]]:
    """The labels of the charts, the report's own words (less those that another group has its own of) and the glossary."""
    chapters = {path.stem: import_module(f"analysis.charts.words.{path.stem}").WORDS
                for path in (ROOT / "src" / "analysis" / "charts" / "words").glob("[a-z]*.py")} | {"report": REPORT_WORDS}
    for chapter, words in chapters.items():
        for lang, own in words.items():
            yield from ((f"{chapter} {key}", lang, text) for key, text in own.items()
                        if f"{key}_other_group" not in own and not SHORT_NAMES.fullmatch(key))
    yield from ((f"terms {key}", lang, text) for key, texts in TERMS.items() if key not in GROUPS for lang, text in texts.items())


def table_texts() -> Iterator[tuple[str, str, str]]:
    """Titles and labels of every result table."""
    for path in (ROOT / "src" / "analysis" / "notebook" / "tables").glob("*.yaml"):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")):
            titles = [entry["title"], *(field["title"] for field in entry["fields"])]
            titles += [label for field in entry["fields"] for label in field.get("labels", {}).values()]
            yield from ((f"{path.stem} {entry['name']}", lang, text) for texts in titles for lang, text in texts.items())


@pytest.mark.parametrize("texts", [notebook_texts, word_texts, table_texts])
def test_no_text_calls_another_groups_bodies_wards(texts):
    told = [(place, lang, TAMA.retold(text, lang)) for place, lang, text in texts()]
    assert len(told) > 50
    assert [(place, text) for place, lang, text in told if LEFT[lang].search(KEPT.sub("", text))] == []


@pytest.mark.parametrize("texts", [notebook_texts, word_texts, table_texts])
def test_retelling_breaks_no_placeholder(texts):
    # tempting: to retell {ward} too, so that the value it stands for is not found
    for place, lang, text in texts():
        assert sorted(re.findall(r"\{\w+\}", TAMA.retold(text, lang))) == sorted(re.findall(r"\{\w+\}", text)), place


def test_a_text_cell_for_some_groups_only_has_its_counterpart():
    for path in sorted((ROOT / "notebooks").glob("[0-9]*.ipynb")):
        tags = [cell["metadata"].get("tags", []) for cell in cells(path)]
        for lang in ("ja", "en"):
            of_wards, of_others = (sum(mark in own and lang in own for own in tags) for mark in (OF_THE_WARDS, OF_OTHERS))
            assert of_others >= of_wards, f"{path.stem}: a reader of another group would miss a part"
