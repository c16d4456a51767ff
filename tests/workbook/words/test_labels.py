"""Labels as data: what is wrong with them is said before anything runs, and an edit draws one
chapter's pictures and runs nothing.
"""

import ast
import shutil
from pathlib import Path

import pytest
import yaml

from analysis.groups import SPECIAL_WARDS
from analysis.study import STUDY
from workbook.exhibits.declared import exhibits_of
from workbook.running.drawing import Drawn
from workbook.staleness.keys import Keys
from workbook.steps import step_named
from workbook.words.label_faults import keys_asked, label_faults, text_faults
from workbook.words.labels import labels_of

STEPS = STUDY.steps

ROOT = Path(__file__).parents[3]


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
    path = chapters / "procurement" / "charts.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("ratio_axis:", "ratio_axes:"), encoding="utf-8"
    )
    (fault,) = label_faults(chapters)
    assert fault.startswith("chapters/procurement/charts.py: line ") and "'ratio_axis'" in fault


def test_keys_are_read_from_every_way_a_chart_spells_them():
    tree = ast.parse(
        'words["a"]; words["b" if x else "c"]; words[f"d_{x}_e"]; words[row.name]; other["f"]'
    )
    assert [pattern.pattern for _, pattern in keys_asked(tree)] == ["a", "b", "c", "d_.+_e"]


def pieces(keys, run):
    """The file of every picture, by its chapter and exhibit."""
    drawn = Drawn(keys, run, SPECIAL_WARDS)
    return {
        (slug, exhibit.charts): drawn._piece(exhibit, "en").path.name
        for step in STEPS
        for slug, exhibit in exhibits_of(step.stem).items()
        if exhibit.chart
    }


def test_a_changed_label_makes_no_step_stale_and_draws_only_the_pictures_of_its_charts(tmp_path):
    shutil.copytree(ROOT / "src", tmp_path / "src")
    before = Keys(ROOT, sources=tmp_path / "src")
    drawn, step = pieces(before, tmp_path), step_named("04_procurement")
    parts = before.parts(step, {}, tmp_path)
    path = tmp_path / "src" / "analysis" / "chapters" / "procurement" / "charts.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("en: target", "en: aim"), encoding="utf-8"
    )
    after = before.read_again()
    changed = {place for place, name in pieces(after, tmp_path).items() if name != drawn[place]}
    assert (
        changed == {place for place in drawn if place[1] == "procurement.charts"}
        and len(changed) > 2
    )
    assert after.parts(step, {}, tmp_path) == parts


def test_a_label_is_read_again_once_it_has_been_edited(tmp_path):
    path = tmp_path / "tiny.yaml"
    path.write_text(yaml.safe_dump({"a": {"ja": "一", "en": "one"}}), encoding="utf-8")
    assert labels_of("tiny", tmp_path)["a"]["en"] == "one"
    path.write_text(yaml.safe_dump({"a": {"ja": "二つ", "en": "two"}}), encoding="utf-8")
    assert labels_of("tiny", tmp_path)["a"]["en"] == "two"
