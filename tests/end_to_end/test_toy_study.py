"""A bakery instead of wards: the workbook runs, compares, sweeps, publishes and audits a study that
it has never heard of, whose package is not among its own sources.

By hand: 0.5 km2, half of it fallow, at 1000 sacks for each km2 are 250 sacks. A fifth is lost in
milling; 200 sacks of 60 loaves at 400 yen bring in 4.8 million yen (5.4 and 4.2 at a loss of 10 and
30 %).
"""

from __future__ import annotations

import html
import json
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

from tests.toy_project import edit, toy_project, workbook

SUBJECT_OF_THE_OTHER_STUDY = re.compile(
    r"\bwards?\b|\bTokyo\b|\bICT\b|特別区|municipalit|団体|\banalysis\.(?!exhibit)", re.IGNORECASE
)


@pytest.fixture(scope="module")
def baked(tmp_path_factory) -> Path:
    """The toy with a finished baseline and its report; no test changes it."""
    project = toy_project(tmp_path_factory.mktemp("village") / "bakery")
    assert "are sound" in workbook(project, "check")
    assert "finished: runs/baseline" in workbook(project, "run")
    workbook(project, "report")
    return project


@pytest.fixture
def own(baked, tmp_path) -> Path:
    """A copy of it, to be changed."""
    return shutil.copytree(baked, tmp_path / "bakery")


def results(project: Path, run: str = "baseline") -> dict[str, float]:
    found = json.loads((project / "runs" / run / "results.json").read_text(encoding="utf-8"))
    return {result["id"]: result["value"] for result in found}


def page(project: Path, file: str) -> str:
    """What a reader of a page reads, and what stands in its pictures."""
    text = (project / "runs" / file).read_text(encoding="utf-8")
    seen = re.sub(r"<style.*?</style>|<script.*?</script>", "", text, flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", "", seen)))


def test_what_is_generated_in_the_toy_is_up_to_date(baked):
    assert "is up to date" in workbook(baked, "sync")


def test_the_numbers_are_those_worked_out_by_hand(baked):
    grain = pd.read_csv(baked / "runs/baseline/tables/grain.csv")
    bread = pd.read_csv(baked / "runs/baseline/tables/bread.csv").set_index("case")
    assert dict(zip(grain["field"], grain["sacks"], strict=True)) == {
        "hill_field": 150,
        "mill_field": 100,
    }
    assert bread["loaves"].to_dict() == {"low": 13_500, "central": 12_000, "high": 10_500}
    assert bread["takings_jpy"].tolist() == [5_400_000, 4_800_000, 4_200_000]
    assert results(baked) == {"grain_sacks": 250, "takings": 4_800_000}


def test_a_second_run_finds_nothing_to_do(baked):
    assert "nothing to run" in workbook(baked, "run")


def test_a_changed_choice_makes_stale_what_reads_it_and_nothing_else(own):
    edit(own / "params.yaml", "price_jpy: 400 ", "price_jpy: 200 ")
    harvest, bread, ledger = workbook(own, "status").splitlines()
    assert harvest.split() == ["01_harvest", "fresh"]
    assert "stale" in bread and "price_jpy: 400 -> 200" in bread
    assert ledger.split() == ["03_ledger", "waits", "reads", "from", "02_bread"]


def test_an_edited_formula_of_the_study_makes_its_chapter_stale(own):
    """The tempting wrong answer is `fresh`: the package is not among the workbook's sources."""
    formulas = own / "src/bakery/chapters/bread/formulas.py"
    edit(formulas, "loaves * price_jpy", "loaves * price_jpy / 2")
    harvest, bread, _ = workbook(own, "status").splitlines()
    assert harvest.split() == ["01_harvest", "fresh"]
    assert "module bakery.chapters.bread.formulas changed" in bread


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (
            "en.html",
            (
                "What the bakery makes of its own grain",
                "The fields give 250 sacks of grain.",
                "The bread brings in 4.8 million yen, and 4.2 million yen where milling",
                "The hill field gives most",
                "Milling decides 1.2 million yen of the takings",
                "The takings reach a million yen.",
                "Grain (sacks)",
                "rests on 1 assumed input",
                "share lost in milling 20%",
                "Miller 1900",
            ),
        ),
        (
            "index.html",
            (
                "パン屋は自分の穀物で何を焼けるか",
                "畑の穀物は250袋である。",
                "パンの売上げは480万円、製粉で最も多く失うときは420万円である。",
                "最も多いのは丘の畑",
                "製粉が売上げの120万円を左右する",
                "売上げは百万円に届く。",
                "穀物（袋）",
                "想定値 1 件に基づく",
            ),
        ),
        ("annex.en.html", ("share lost in milling: 20%", "Drawn and computed by (in bakery)")),
        ("annex.ja.html", ("製粉で失う割合：20%", "作図と計算（bakery内）")),
    ],
)
def test_the_report_holds_sentences_numbers_and_exhibits_of_both_chapters(baked, file, said):
    read = page(baked, f"baseline/report/{file}")
    assert [text for text in said if text not in read] == []
    source = (baked / "runs/baseline/report" / file).read_text(encoding="utf-8")
    # one exhibit is declared to stand in the annex, under the number that it has anyway
    annexed = file.startswith("annex")
    assert ('id="exhibit-fields-in-numbers"' in source) == annexed
    assert ('id="exhibit-bread-in-numbers"' in source) != annexed


def test_the_report_begins_with_what_the_study_says_first(baked):
    read = page(baked, "baseline/report/en.html")
    answer = "The fields give 12,000 loaves, which bring in 4.8 million yen."
    assert read.index(answer) < read.index("1 Harvest") < read.index("The fields give 250")
    for said in (
        "Takings of the year 4.8 million yen 4.2 million yen to 5.4 million yen (cases)",
        "What is lost in milling, says <the mill> (exhibit 2.2).",
        "What does the bread bring in?",
    ):
        assert said in read, said
    source = (baked / "runs/baseline/report/en.html").read_text(encoding="utf-8")
    assert "<the mill>" not in source  # what a study hands over is escaped
    told = (baked / "runs/baseline/report/summary.en.md").read_text(encoding="utf-8")
    assert answer in told and "4.2 million yen to 5.4 million yen (cases), exhibit 2.1" in told


def test_a_summary_that_cannot_be_said_is_refused_in_one_message(own):
    edit(own / "notebooks/words/summary.en.md", "{loaves:count}", "{buns:count}")
    told = workbook(own, "report", code=2)
    assert "summary.en.md: answer: no value for buns" in told and "Traceback" not in told


def test_the_tables_are_one_spreadsheet_with_units_and_sources(own):
    from openpyxl import load_workbook

    workbook(own, "report", "--tables")
    book = load_workbook(own / "runs/baseline/report/tables.en.xlsx")
    assert book.sheetnames[:5] == ["Cover", "Contents", "Notes", "grain", "bread"]
    sheet = book["bread"]
    assert [cell.value for cell in sheet[5]] == [
        "Order",
        "Case",
        "Loss (share)",
        "Loaves (count)",
        "Takings (JPY)",
    ]
    assert [cell.value for cell in sheet[7]] == [2, "central", 0.2, 12_000, 4_800_000]
    assert sheet["A4"].value == "Sources" and sheet["B4"].value
    page = (own / "runs/baseline/report/en.html").read_text(encoding="utf-8")
    assert 'href="tables.en.xlsx"' in page
    workbook(own, "report")  # which writes none, and leaves none that would be older than its page
    assert not (own / "runs/baseline/report/tables.en.xlsx").exists()


def test_a_run_from_scratch_gives_the_same_bytes(baked):
    assert "gives the same bytes" in workbook(baked, "verify")


def test_a_scenario_is_run_and_compared(own):
    workbook(own, "run", "--scenario", "nothing_fallow")
    assert results(own, "nothing_fallow") == {"grain_sacks": 500, "takings": 9_600_000}
    told = workbook(own, "compare", "baseline", "nothing_fallow", code=1)
    assert "study.fallow_share: 0.5 -> 0.0" in told and "250 -> 500 (+100.0%)" in told
    for file in ("compare.html", "compare.en.html"):
        assert not SUBJECT_OF_THE_OTHER_STUDY.findall(page(own, f"nothing_fallow/{file}"))


def left(project: Path) -> dict[str, float]:
    table = pd.read_csv(project / "runs/baseline/tables/ledger.csv")
    return table.set_index("scenario")["left_jpy"].to_dict()


def test_the_last_chapter_sets_the_scenarios_side_by_side_once_they_have_run(own):
    """4.8 million yen less bills of 1.8 million; twice the grain brings in 9.6 million yen, heavy
    loaves, 50 of a sack, 4 million.
    """
    assert left(own) == {"this_run": 3_000_000}
    assert "No scenario has run yet." in page(own, "baseline/report/en.html")
    workbook(own, "scenarios")
    workbook(own, "run")
    assert left(own) == {
        "baseline": 3_000_000,
        "nothing_fallow": 7_800_000,
        "heavy_loaves": 2_200_000,
    }
    workbook(own, "report")
    read = page(own, "baseline/report/en.html")
    assert "nothing fallow" in read and "No scenario has run yet." not in read


def test_where_no_chapter_reads_the_table_of_scenarios_none_is_made(own):
    edit(own / "src/bakery/chapters/ledger/chapter.py", '    optional=("scenarios",),\n', "")
    assert "no chapter of this study reads" in workbook(own, "scenarios", code=2)


def test_a_colour_of_the_palette_is_painted_over_and_draws_nothing_again(own):
    """Charts draw grain in a stand-in; the tempting wrong answer shows that to a reader."""
    shown = (own / "runs/baseline/report/en.html").read_text(encoding="utf-8")
    assert "#b8860b" in shown and "#fe0000" not in shown
    edit(own / "src/bakery/palette.py", "#b8860b", "#663399")
    drawn = sorted((path, path.stat().st_mtime_ns) for path in own.glob("runs/baseline/drawn/*"))
    workbook(own, "report")
    again = sorted((path, path.stat().st_mtime_ns) for path in own.glob("runs/baseline/drawn/*"))
    assert drawn == again != []
    assert "#663399" in (own / "runs/baseline/report/en.html").read_text(encoding="utf-8")


def test_a_sweep_runs_each_shared_chapter_once(own):
    told = workbook(own, "sweep", "--grid", "bread.price_jpy=200,400", "--workers", "1")
    assert "2 runs: 2 steps run, 3 kept from before" in told  # what the baseline has, too
    (table,) = (own / "runs/sweeps").glob("*/results.csv")
    swept = pd.read_csv(table)
    takings = swept[swept["id"] == "takings"].set_index("bread.price_jpy")["value"]
    assert takings.to_dict() == {200: 2_400_000, 400: 4_800_000}
    assert set(swept.loc[swept["id"] == "grain_sacks", "value"]) == {250}


def test_the_audit_logs_the_assumption_and_the_program_behind_each_exhibit(baked):
    found = json.loads(workbook(baked, "audit", "--json"))
    (assumption,) = found["assumptions"]
    assert (assumption["item"], assumption["value"]["en"]) == ("milling_loss", "20%")
    assert (assumption["evidence_grade"], assumption["weight"]) == ("D", "unmeasured")
    assert [program["slug"] for program in found["programs"]] == [
        "grain-by-field",
        "fields-in-numbers",
        "takings-by-loss",
        "bread-in-numbers",
        "bread-what-if",
        "bakeries",
        "takings-by-state",
        "ledger",
    ]
    assert "share lost in milling" in workbook(baked, "audit")


def test_a_study_that_nobody_has_installed_is_named_in_one_message(baked):
    (told,) = workbook(baked, "check", code=2, package=False).splitlines()
    assert told.startswith("there is no module bakery, though the study is called bakery: install")


def test_the_words_stand_side_by_side(baked):
    told = workbook(baked, "words", "02_bread")
    assert "パンの売上げは{takings:JPY}" in told and "The bread brings in {takings:JPY}" in told
    assert "02_bread takings-by-loss" in told and "01_harvest" not in told


@pytest.mark.parametrize(
    "file", ["report/index.html", "report/en.html", "notebooks/02_bread.ipynb"]
)
def test_no_page_speaks_of_the_other_study(baked, file):
    assert SUBJECT_OF_THE_OTHER_STUDY.findall("in analysis.methods, Wards of Tokyo")  # it bites
    assert SUBJECT_OF_THE_OTHER_STUDY.findall(page(baked, f"baseline/{file}")) == []
