"""A run of another group: what is refused before a kernel starts, which scenarios are left out,
what the report makes of it.
"""

import json
import shutil
from pathlib import Path

import nbformat
import pytest

from analysis.groups import Group
from analysis.study import STUDY
from workbook.choices import load_parameters
from workbook.output import MIME
from workbook.report.edition import Edition
from workbook.report.exhibits import Exhibits
from workbook.report.finished_run import read_finished_run
from workbook.report.publish import own_words
from workbook.running import scenarios
from workbook.tables.catalog import Catalog
from workbook.words.text_cells import as_read

ROOT = Path(__file__).parents[2]


def own_table_faults(root, parameters):
    return list(STUDY.data.own_table_faults(Catalog(root), parameters))


def chosen(*settings):
    return load_parameters(ROOT / "params.yaml", overrides=settings)


def test_shipped_groups_five_cities_two_municipalities_and_one_are_sound():
    five = "[132012, 132063, 132080, 132098, 132292]"
    for group in ("tokyo23", "tama26", "designated20", five, "[131016, 132012]", "[131016]"):
        assert own_table_faults(ROOT, chosen(f"study.group={group}")) == []


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (
            ("study.group=[142018, 142034, 132012]",),
            (
                "no row in municipalities for 142018 (nearest there: 141500 相模原市), 142034"
                " (nearest there: 141500 相模原市); write the rows"
            ),
        ),
        (("study.group=tama26", "study.participants=report12"), "report12 means special wards"),
        (
            ("study.group=[132012, 132021, 132039]", "consolidation.core_instances=4"),
            "consolidation.core_instances: 4 platforms are more than the 3 municipalities",
        ),
    ],
)
def test_what_a_group_lacks_is_said_before_anything_runs(settings, said):
    (fault,) = own_table_faults(ROOT, chosen(*settings))
    assert said in fault


def test_municipalities_of_ones_own_need_their_indicators_too(tmp_path):
    shutil.copytree(ROOT / "data", tmp_path / "data", ignore=shutil.ignore_patterns("local"))
    (tmp_path / "data" / "local").mkdir()
    municipalities = (ROOT / "data" / "municipalities.csv").read_text(encoding="utf-8")
    # any figures: only the row is looked for
    row = "142018,横須賀市,Yokosuka,own,神奈川県,100.82,64.28,388078,164787,124310,0.905\n"
    (tmp_path / "data" / "local" / "municipalities.csv").write_text(
        municipalities + row, encoding="utf-8"
    )
    (fault,) = own_table_faults(tmp_path, chosen("study.group=[142018, 132012, 132021, 132039]"))
    assert "no row in municipality_indicators for 142018" in fault


def test_scenarios_that_only_choose_between_figures_of_the_wards_are_left_out_for_another_group(
    tmp_path,
):
    shutil.copytree(ROOT / "data", tmp_path / "data", ignore=shutil.ignore_patterns("local"))
    text = (ROOT / "params.yaml").read_text(encoding="utf-8")
    (tmp_path / "params.yaml").write_text(text, encoding="utf-8")
    everything = list(scenarios.shipped(tmp_path))
    (tmp_path / "params.yaml").write_text(
        text.replace("  group: tokyo23", "  group: tama26"), encoding="utf-8"
    )
    assert [name for name in everything if name not in scenarios.shipped(tmp_path)] == [
        "mayors_2020",
        "twelve_participants",
    ]
    some = "  group: ['131016', '131024', '131032', '131041']"
    (tmp_path / "params.yaml").write_text(text.replace("  group: tokyo23", some), encoding="utf-8")
    # some of the wards have the wards' rival totals, scaled: the larger one says more than the
    # baseline
    assert [name for name in everything if name not in scenarios.shipped(tmp_path)] == [
        "twelve_participants",
    ]


WORDS = """## question

### other-group

東京の特別区ではない。

## limits

### also-other-group

{the_group}は別である。
"""


def finished(root, group):
    """A run's folder with one notebook whose text cells other groups read otherwise."""
    texts = [
        ("title-ja", "# 1 {the_group}", "ja"),
        ("title-en", "# 1 {The_group}", "en"),
        ("question-ja", "## 問い\n\n{all_municipalities}だけ", "ja"),
        ("limits-ja", "{local_residents}の数", "ja"),
    ]
    cells = [
        nbformat.v4.new_markdown_cell(text, metadata={"tags": [lang]}, id=name)
        for name, text, lang in texts
    ]
    payload = {"kind": "prose", "text": {"ja": "一", "en": "one"}, "callout": None} | (
        {"group": group} if group else {}
    )
    cells.append(
        nbformat.v4.new_code_cell(
            "x", id="say", outputs=[nbformat.v4.new_output("display_data", {MIME: payload})]
        )
    )
    folder = root / "runs" / "made"
    for place in (root, folder):
        (place / "notebooks").mkdir(parents=True)
        nbformat.write(
            nbformat.v4.new_notebook(cells=cells), place / "notebooks" / "01_environment.ipynb"
        )
    (root / "notebooks" / "words").mkdir()
    for lang in ("ja", "en"):
        (root / "notebooks" / "words" / f"01_environment.{lang}.md").write_text(
            WORDS, encoding="utf-8"
        )
    for name, content in (
        ("manifest.json", "{}"),
        ("results.json", "[]"),
        ("params.yaml", "study: {}\n"),
    ):
        (folder / name).write_text(content)
    return read_finished_run(folder, root / "notebooks")


@pytest.mark.parametrize(
    ("group", "texts"),
    [
        (None, ["# 1 特別区", "# 1 The special wards", "## 問い\n\n23区だけ", "区民の数"]),
        (
            {"key": "tama26", "codes": ["1"] * 26, "noun": "city", "split": [], "gone": []},
            [
                "# 1 多摩26市",
                "# 1 The 26 Tama cities",
                "## 問い\n\n東京の特別区ではない。",
                "住民の数",
                "多摩26市は別である。",
            ],
        ),
    ],
)
def test_the_report_shows_the_text_that_is_for_the_group_with_its_nouns(tmp_path, group, texts):
    run = finished(tmp_path, json.loads(json.dumps(group)))
    assert [
        cell["source"] for cell in run.chapters[0].cells if cell["cell_type"] == "markdown"
    ] == texts


@pytest.mark.parametrize(
    ("key", "lang", "said"),
    [
        ("title", "ja", "多摩26市ICT"),
        ("title", "en", "in the 26 Tama cities"),
        ("lead", "ja", "東京の特別区のICTを共同化すれば"),
        ("lead", "en", "Tokyo's special wards would cut"),
    ],
)
def test_the_reports_own_words_name_the_group_and_whose_study_it_carries_over(key, lang, said):
    own = own_words(ROOT / "notebooks")
    tama = Group("tama26", tuple(map(str, range(26))), "city")
    assert said in Edition(lang, Exhibits((), {}), own=own, group=tama).word(key)
    of_the_wards = Edition(lang, Exhibits((), {}), own=own).word(key)
    assert "多摩" not in of_the_wards and "Tama" not in of_the_wards


def test_one_municipality_reads_the_question_and_not_what_is_said_of_pooling():
    cells = [
        {"id": f"{slug}-en", "cell_type": "markdown", "source": slug, "metadata": {"tags": ["en"]}}
        for slug in ("question", "method")
    ] + [{"id": "mine", "cell_type": "markdown", "source": "my own", "metadata": {}}]

    def read(codes, chapter):
        group = Group("chosen", codes)
        return [cell["id"] for cell in as_read(cells, chapter, group, ROOT)]

    assert read(("131016",), "05_organisation") == ["question-en", "mine"]
    assert read(("131016",), "02_resident_cost") == ["question-en", "method-en", "mine"]
    assert "method-en" in read(("131016", "131024"), "05_organisation")
