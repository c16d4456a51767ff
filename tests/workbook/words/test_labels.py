"""Labels as data: what is wrong with them is said before anything runs, and an edit draws one
chapter's pictures and runs nothing.
"""

import ast
import shutil

import pytest
import yaml
from bakery.study import STUDY

from tests.toy_project import TOY
from workbook.exhibits.declared import exhibits_of
from workbook.groups import NoGroups
from workbook.running.drawing import Drawn
from workbook.staleness.keys import Keys
from workbook.words.label_faults import keys_asked, label_faults, text_faults
from workbook.words.labels import labels_of

STEPS = STUDY.steps


def test_labels_and_titles_as_shipped_have_no_fault():
    assert list(label_faults()) == []


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ({"ja": "団体"}, "write a text in each of ja, en"),
        ({"ja": "団体", "en": "Municipality", "fr": "Commune"}, "nothing else"),
        ({"ja": "団体", "en": " "}, "en: blank"),
        ({"ja": "はい", "en": True}, "en: blank, or no text; quote it"),  # YAML's yes
        ({"ja": "{n}団体", "en": "{m} municipalities"}, "in one language only: m, n"),
        ("Municipality", "write a text in each of ja, en"),
    ],
)
def test_a_text_that_a_language_lacks_or_fills_otherwise_is_a_fault(texts, said):
    (fault,) = text_faults(texts)
    assert said in fault


@pytest.fixture
def chapters(tmp_path):
    shutil.copytree(STUDY.chapters, tmp_path / "chapters")
    return tmp_path / "chapters"


def test_a_label_that_a_chart_asks_for_and_nobody_wrote_is_named(chapters):
    path = chapters / "bread" / "charts.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("takings_axis:", "takings_axes:"), encoding="utf-8"
    )
    (fault,) = label_faults(chapters)
    assert fault.startswith("chapters/bread/charts.py: line ") and "'takings_axis'" in fault


def test_keys_are_read_from_every_way_a_chart_spells_them():
    tree = ast.parse(
        'words["a"]; words["b" if x else "c"]; words[f"d_{x}_e"]; words[row.name]; other["f"]'
    )
    assert [pattern.pattern for _, pattern in keys_asked(tree)] == ["a", "b", "c", "d_.+_e"]


def pieces(keys, run):
    """The file of every picture, by its chapter and exhibit."""
    drawn = Drawn(keys, run, NoGroups.whole)
    return {
        (slug, exhibit.charts): drawn._piece(exhibit, "en").path.name
        for step in STEPS
        for slug, exhibit in exhibits_of(step.stem).items()
        if exhibit.chart
    }


def test_a_changed_label_makes_no_step_stale_and_draws_only_the_pictures_of_its_charts(tmp_path):
    shutil.copytree(TOY / "src", tmp_path / "src")
    before = Keys(TOY, sources=tmp_path / "src")
    drawn, step = pieces(before, tmp_path), STEPS[1]
    parts = before.parts(step, {}, tmp_path)
    path = tmp_path / "src" / "bakery" / "chapters" / "bread" / "charts.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("en: Takings", "en: What comes in"),
        encoding="utf-8",
    )
    after = before.read_again()
    changed = {place for place, name in pieces(after, tmp_path).items() if name != drawn[place]}
    assert changed == {("takings-by-loss", "bread.charts")} < drawn.keys()
    assert after.parts(step, {}, tmp_path) == parts


def test_a_label_is_read_again_once_it_has_been_edited(tmp_path):
    path = tmp_path / "tiny.yaml"
    path.write_text(yaml.safe_dump({"a": {"ja": "一", "en": "one"}}), encoding="utf-8")
    assert labels_of("tiny", tmp_path)["a"]["en"] == "one"
    path.write_text(yaml.safe_dump({"a": {"ja": "二つ", "en": "two"}}), encoding="utf-8")
    assert labels_of("tiny", tmp_path)["a"]["en"] == "two"
