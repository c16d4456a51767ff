"""Words and pictures of a run: an edit of either runs nothing and draws only what rests on it."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
from base64 import b64decode
from dataclasses import asdict

import matplotlib
import matplotlib_fontja
import pytest
from bakery.study import STUDY

from tests.toy_project import ROOT, TOY
from tests.workbook.shown_study import (
    CHARTED,
    STEP,
    TABLED,
    edit,
    files_of,
    keys_of,
    leave,
    shown,
    shown_study,
    words_of,
)
from tests.workbook.villages import HILLS, Groups
from workbook.output import MIME
from workbook.running import drawing
from workbook.running.finished_step import is_illustrated
from workbook.running.illustrating import illustrate
from workbook.staleness.keys import Keys
from workbook.words.messages import WordsFault

LOSS, STATE = ([slug, f"{slug}.en", f"{slug}.ja"] for slug in CHARTED)
PICTURES = [*LOSS[1:], *STATE[1:]]
ALL = sorted([*LOSS, *STATE, "bakeries"])


@pytest.fixture
def drawn(monkeypatch):
    """What is drawn, piece by piece, by exhibit and language; here, one after the other."""
    made = []

    def make_all(pieces, run, names):
        for piece in pieces:
            made.append(f"{piece.exhibit.slug}.{piece.lang}".rstrip("."))
            drawing.make(piece, run, names)

    monkeypatch.setattr(drawing, "_make_all", make_all)
    with matplotlib.rc_context():
        # a process of its own knows no style that another test has set
        matplotlib.rcdefaults()
        matplotlib_fontja.japanize()
        yield made


@pytest.fixture(scope="module")
def looked_at(tmp_path_factory):
    """The study, looked at once; nobody edits this one."""
    folder = shown_study(tmp_path_factory.mktemp("looked-at"))
    look_at(folder)
    return folder


@pytest.fixture
def study(looked_at, tmp_path, drawn):
    """The study, looked at once; what is drawn from now on is noted."""
    return shutil.copytree(looked_at, tmp_path / "study")


def look_at(folder):
    illustrate(keys_of(folder), folder / "runs" / "baseline")


def source(folder, name):
    return folder / "src" / "bakery" / name


# -- what is shown


def test_the_notebook_that_people_open_is_illustrated_and_the_kernels_own_stays_as_it_was(
    study, monkeypatch
):
    before = files_of(study, "executed")
    prose, loss, state, pages = shown(study)
    assert (
        prose["text/markdown"] == "目標の25%にとどまる。"
        and prose[MIME]["text"]["en"] == "Only 25% of the target."
    )
    assert loss[MIME]["title"]["en"] == "takings-by-loss en 50%" and [
        table["name"] for table in state[MIME]["tables"]
    ] == ["bread_states", "bread"]
    assert (
        all(
            data[MIME]["svg"][lang].startswith("<svg")
            for data in (loss, state)
            for lang in ("ja", "en")
        )
        and "svg" not in pages[MIME]
    )
    assert (
        b64decode(re.search('base64,([^"]+)', loss["text/html"])[1]).decode()
        == loss[MIME]["svg"]["ja"]
    )
    assert "<table>" in pages["text/html"] and "hill" in {
        row[0] for row in pages[MIME]["tables"][0]["rows"]
    }
    assert files_of(study, "executed") == before and b"<svg" not in b"".join(before.values())


def test_the_language_of_a_reader_changes_what_a_viewer_shows_and_draws_nothing(
    study, drawn, monkeypatch
):
    before = [data[MIME] for data in shown(study)]
    monkeypatch.setenv("WORKBOOK_LANG", "en")
    look_at(study)
    assert shown(study)[0]["text/markdown"] == "Only 25% of the target." and drawn == []
    assert [data[MIME] for data in shown(study)] == before


def test_a_second_look_draws_nothing_and_writes_no_file_again(study, drawn):
    path = study / "runs" / "baseline" / "notebooks" / f"{STEP.name}.ipynb"
    before = path.stat().st_ino, files_of(study, "drawn")
    look_at(study)
    assert drawn == [] and (path.stat().st_ino, files_of(study, "drawn")) == before


def test_a_run_that_nobody_looked_at_has_no_notebooks_and_gets_all_at_the_first_look(study, drawn):
    """The study was drawn in processes of its own, as `workbook report` draws: the same bytes as
    one after the other, here.
    """
    run, beside, shown_before = study / "runs" / "baseline", files_of(study, "drawn"), shown(study)
    shutil.rmtree(run / "drawn")
    shutil.rmtree(run / "notebooks")
    assert not is_illustrated(run)
    look_at(study)
    assert (
        is_illustrated(run)
        and sorted(drawn) == ALL
        and files_of(study, "drawn") == beside
        and shown(study) == shown_before
    )


# -- what an edit draws


def sentence(folder):
    edit(words_of(folder, "ja"), lambda text: text.replace("にとどまる", "しかない"))


def title(folder):
    edit(
        words_of(folder, "en"), lambda text: text.replace("**takings-by-state en", "**Other states")
    )


def label(folder):
    edit(
        source(folder, "chapters/bread/charts.yaml"),
        lambda text: text.replace("Takings", "What comes in", 1),
    )


def colour(folder):
    edit(
        source(folder, "palette.py"),
        lambda text: text.replace("#b8860b", "#101030"),
    )


def size_of_a_picture(folder):
    edit(
        source(folder, "chapters/bread/charts.py"),
        lambda text: text.replace("SIZE_INCHES = (4, 2)", "SIZE_INCHES = (4, 3)"),
    )


def chart(folder):
    edit(
        source(folder, "chapters/bread/state_charts.py"),
        lambda text: text.replace("markersize=5", "markersize=6"),
    )


def remark(folder):
    edit(source(folder, "chapters/bread/charts.py"), lambda text: text + "\n# a remark\n")


def glossary(folder):
    edit(source(folder, "glossary.yaml"), lambda text: text.replace("水車の畑", "水車のはたけ", 1))


def column(folder):
    edit(
        source(folder, "chapters/bread/tables.yaml"),
        lambda text: text.replace("パン（個）", "パンの数"),
    )


def rows(folder):
    edit(
        folder / "runs" / "baseline" / "tables" / "bread_states.csv",
        lambda text: text.replace("2400000", "2300000"),
    )


def number_behind_a_table(folder):
    edit(
        folder / "runs" / "baseline" / "tables" / "bakery_lines.csv",
        lambda text: text.replace("1900", "1800"),
    )


def another_chapters_words(folder):
    edit(
        source(folder, "chapters/harvest/charts.yaml"),
        lambda text: text + "\nmore: {ja: 一つ, en: one}\n",
    )


def formula(folder):
    edit(source(folder, "chapters/bread/formulas.py"), lambda text: text + "\nMORE = 1\n")


@pytest.mark.parametrize(
    ("act", "again"),
    [
        (sentence, []),
        (title, []),
        (label, LOSS[1:]),
        (chart, STATE[1:]),
        (colour, []),
        (size_of_a_picture, PICTURES),
        (remark, []),
        (glossary, ALL),
        (column, [*LOSS, *STATE]),
        (rows, STATE),
        (number_behind_a_table, ["bakeries"]),
        (another_chapters_words, []),
        (formula, []),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_an_edit_draws_what_rests_on_it_and_nothing_else(study, drawn, act, again):
    act(study)
    look_at(study)
    assert sorted(drawn) == sorted(again)


def test_a_changed_sentence_is_read_at_the_next_look(study):
    sentence(study)
    title(study)
    look_at(study)
    assert (
        shown(study)[0]["text/markdown"] == "目標の25%しかない。"
        and shown(study)[2][MIME]["title"]["en"] == "Other states 50%"
    )


LOOK = """
import sys
from pathlib import Path
from workbook.running import drawing
from workbook.running.illustrating import illustrate
from tests.workbook.shown_study import keys_of
drawing._make_all = lambda pieces, *_: sys.exit(f"drawn: {[piece.path for piece in pieces]}")
illustrate(keys_of(Path(sys.argv[1])), Path(sys.argv[1]) / "runs" / "baseline")
"""


def test_a_changed_colour_is_seen_at_the_next_look_though_nothing_is_drawn(study):
    """In a process of its own, which imports the palette of the folder."""
    before = shown(study)[1][MIME]["svg"]["ja"]
    colour(study)
    path = os.pathsep.join([str(study / "src"), str(ROOT)])
    command = [sys.executable, "-c", LOOK, str(study)]
    subprocess.run(command, env={**os.environ, "PYTHONPATH": path}, check=True, timeout=120)
    data = shown(study)[1]
    assert "#b8860b" in before and data[MIME]["svg"]["ja"] == before.replace("#b8860b", "#101030")
    assert "#101030" in b64decode(re.search('base64,([^"]+)', data["text/html"])[1]).decode()


def test_a_changed_number_is_seen_in_table_and_picture_at_the_next_look(study):
    before = shown(study)
    rows(study)
    number_behind_a_table(study)
    look_at(study)
    now = shown(study)
    assert now[3][MIME]["tables"][0]["rows"] != before[3][MIME]["tables"][0][
        "rows"
    ] and "1800" in str(now[3][MIME]["tables"][0]["rows"])
    assert now[2][MIME]["svg"] != before[2][MIME]["svg"] and now[1] == before[1]


def test_another_group_has_pictures_of_its_own(study, drawn, monkeypatch):
    monkeypatch.setitem(vars(STUDY), "groups", Groups())
    leave(study, *CHARTED, *TABLED, group=asdict(HILLS))
    look_at(study)
    assert sorted(drawn) == ALL and shown(study)[0][MIME]["group"]["key"] == "hills"


def test_what_nobody_wants_any_more_is_taken_away(study, drawn):
    rows(study)
    look_at(study)
    # none of the old states'
    assert (
        sorted(name.rpartition(".")[0].rpartition(".")[0] for name in files_of(study, "drawn"))
        == ALL
    )
    leave(study, "takings-by-loss")
    look_at(study)
    assert (
        sorted(name.rpartition(".")[0].rpartition(".")[0] for name in files_of(study, "drawn"))
        == LOSS
    )


# -- what cannot be said


def test_every_word_that_cannot_be_said_is_named_and_nothing_is_written(study, drawn):
    before = files_of(study, "notebooks"), files_of(study, "drawn")
    rows(study)
    edit(
        words_of(study, "ja"),
        lambda text: text.replace("{ratio:share}にとどまる", "{gap:JPY}に足りない").replace(
            "## takings-by-state", "## takings-by-states"
        ),
    )
    edit(words_of(study, "en"), lambda text: text.replace("> alt bakeries", ""))
    with pytest.raises(WordsFault) as faults:
        look_at(study)
    said = str(faults.value).splitlines()
    assert [
        re.search(r"no value for gap|no message 'takings-by-state'|bakeries: has no alt", fault)[0]
        for fault in said
    ] == ["no value for gap", "no message 'takings-by-state'", "bakeries: has no alt"]
    assert (files_of(study, "notebooks"), files_of(study, "drawn")) == before and drawn == []


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda path: path.unlink(), "02_bread.ja.md: is missing"),
        (lambda path: path.write_bytes("## a\n\n税".encode("cp932")), "is not UTF-8"),
        (lambda path: path.write_text("## a\n"), "a has no text"),
    ],
)
def test_words_that_cannot_be_read_leave_what_is_shown_as_it_was(study, act, said):
    before = files_of(study, "notebooks")
    act(words_of(study, "ja"))
    with pytest.raises(WordsFault, match=re.escape(said)):
        look_at(study)
    assert files_of(study, "notebooks") == before


def test_an_exhibit_that_is_no_longer_declared_is_named(study):
    leave(study, "takings-by-loss", "gone")
    with pytest.raises(
        WordsFault,
        match=(
            r"chapters/bread/exhibits.yaml: no exhibit 'gone'; this run shows it: "
            r"`workbook run` first"
        ),
    ):
        look_at(study)


# -- who may read it


def test_what_rests_on_own_tables_is_as_private_as_they_are(study):
    run = study / "runs" / "baseline"
    for path in (run / "tables" / "bread_states.csv", run / "executed" / f"{STEP.name}.ipynb"):
        path.chmod(0o600)
    shutil.rmtree(run / "drawn")
    shutil.rmtree(run / "notebooks")
    look_at(study)
    (study / "any").touch()
    as_open, modes = (
        stat.S_IMODE((study / "any").stat().st_mode),
        {path.name: stat.S_IMODE(path.stat().st_mode) for path in (run / "drawn").iterdir()},
    )
    assert {mode for name, mode in modes.items() if name.startswith("takings-by-state")} == {0o600}
    assert {mode for name, mode in modes.items() if not name.startswith("takings-by-state")} == {
        as_open
    } and as_open != 0o600
    assert stat.S_IMODE((run / "notebooks" / f"{STEP.name}.ipynb").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "act", [sentence, title, label, colour, size_of_a_picture, chart], ids=lambda act: act.__name__
)
def test_no_edit_of_words_or_looks_makes_the_step_stale(study, act):
    shutil.copy(TOY / "notebooks" / f"{STEP.name}.ipynb", study / "notebooks")

    def parts():
        return Keys(study, (STEP,), study / "src").parts(STEP, {}, study / "runs" / "baseline")

    before = parts()
    act(study)
    assert parts() == before and len(before["modules"]) > 10


def test_a_formula_makes_the_step_stale(study):
    """The oracle of the test above: not every edit is passed over."""
    shutil.copy(TOY / "notebooks" / f"{STEP.name}.ipynb", study / "notebooks")
    before = keys_of(study).parts(STEP, {}, study / "runs" / "baseline")
    edit(source(study, "chapters/bread/formulas.py"), lambda text: text + "\nMORE = 1\n")
    assert (
        keys_of(study).parts(STEP, {}, study / "runs" / "baseline")["modules"] != before["modules"]
    )
