"""Pictures and tables of exhibits: made where they are missing, kept by what they rest on, and a
word that lacks is named.
"""

from __future__ import annotations

import json
from multiprocessing import get_context

import pytest
from bakery.palette import PALETTE

from tests.workbook.shown_study import BREAD, STATES, keys_of, shown_study
from workbook.exhibits.declared import Exhibit
from workbook.groups import NoGroups
from workbook.notebook.run_folder import RunFolder
from workbook.running import drawing
from workbook.running.drawing import FEW, Drawn
from workbook.words.labels import labels_of
from workbook.words.messages import WordsFault

MARKS = Exhibit("takings-by-state", ("bread_states", "bread"), "state_charts.plot_states", "bread")
TABLE = Exhibit("bakeries", ("bakery_lines",))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return shown_study(tmp_path_factory.mktemp("study"))


@pytest.fixture
def drawn(folder):
    """What is kept of the run's exhibits, nothing yet."""
    for path in (folder / "runs" / "baseline" / "drawn").glob("*"):
        path.unlink()
    return Drawn(keys_of(folder), folder / "runs" / "baseline", NoGroups.whole)


def test_an_exhibit_that_is_wanted_twice_is_made_once_and_not_again(drawn):
    for _ in range(2):
        drawn.want(TABLE)
        drawn.want(MARKS)
    assert (drawn.make(), drawn.make()) == (4, 0)
    assert (
        set(drawn.picture(MARKS)) == {"ja", "en"}
        and drawn.picture(MARKS)["ja"] != drawn.picture(MARKS)["en"]
    )
    assert [table["name"] for table in drawn.tables(TABLE)] == ["bakery_lines"]


def test_a_table_exhibit_has_no_picture(drawn, folder):
    drawn.want(TABLE)
    assert drawn.make() == 1 and [
        path.suffix for path in (folder / "runs" / "baseline" / "drawn").iterdir()
    ] == [".json"]


def test_what_is_missing_alone_is_made_again(drawn, folder):
    drawn.want(MARKS)
    drawn.make()
    (english,) = (folder / "runs" / "baseline" / "drawn").glob("takings-by-state.en.*")
    before = english.read_bytes()
    english.unlink()
    assert drawn.make() == 1 and english.read_bytes() == before


def test_behind_an_exhibit_a_table_without_rows_is_left_out_and_the_exhibit_itself_is_not(
    drawn, folder
):
    run = RunFolder(folder / "runs" / "baseline")
    try:
        run.write_table("bread", BREAD.iloc[:0])
        drawn.want(MARKS)
        drawn.make()
        assert [table["name"] for table in drawn.tables(MARKS)] == ["bread_states"]
        run.write_table("bread_states", STATES.iloc[:0])
        alone = Exhibit("takings-by-state", ("bread_states",))
        again = Drawn(keys_of(folder), run.path, NoGroups.whole)
        again.want(alone)
        again.make()
        assert [(table["name"], table["rows"]) for table in again.tables(alone)] == [
            ("bread_states", [])
        ]
    finally:
        run.write_table("bread", BREAD)
        run.write_table("bread_states", STATES)


def test_tables_are_kept_as_plain_json_that_any_reader_takes(drawn, folder):
    drawn.want(TABLE)
    drawn.make()
    (path,) = (folder / "runs" / "baseline" / "drawn").iterdir()
    assert json.loads(path.read_text(encoding="utf-8"), parse_constant=pytest.fail) == drawn.tables(
        TABLE
    )


@pytest.mark.parametrize("many", [False, True])
def test_a_label_that_lacks_names_exhibit_chart_language_and_word(drawn, monkeypatch, many):
    """In this process and in another one."""
    monkeypatch.delitem(labels_of("bread.state_charts"), "state_axis")
    monkeypatch.setattr(drawing, "FEW", 0 if many else 99)
    if many:
        monkeypatch.setattr(
            "workbook.running.engine.fork_server.context", lambda modules: get_context("fork")
        )
    drawn.want(MARKS)
    with pytest.raises(
        WordsFault,
        match=(
            r"^exhibit takings-by-state: bakery.chapters.bread.state_charts.plot_states, (ja|en):"
            r" no label 'state_axis' in"
        ),
    ):
        drawn.make()


def test_a_letter_that_the_font_lacks_is_told_likewise(drawn, monkeypatch):
    monkeypatch.setitem(
        labels_of("bread.state_charts"), "state_axis", {"ja": "\N{GRINNING FACE}", "en": "P"}
    )
    monkeypatch.setattr(drawing, "FEW", 99)
    drawn.want(MARKS)
    with pytest.raises(WordsFault, match=r"exhibit takings-by-state: .*, ja: Glyph"):
        drawn.make()


def test_a_few_pieces_start_no_process(drawn, monkeypatch):
    monkeypatch.setattr(
        "workbook.running.engine.fork_server.context",
        lambda modules: pytest.fail("a process for three pieces"),
    )
    drawn.want(MARKS)
    assert drawn.make() == 3 <= FEW


@pytest.mark.parametrize("colour", ["#101030", "#ffff00"])
def test_a_changed_colour_draws_nothing(drawn, monkeypatch, colour):
    drawn.want(MARKS)
    drawn.make()
    monkeypatch.setitem(PALETTE, "grain", colour)
    now = Drawn(drawn._keys, drawn.run, NoGroups.whole)
    now.want(MARKS)
    assert (now.make(), now.make()) == (0, 0)
    assert all(colour in now.picture(MARKS)[lang] for lang in ("ja", "en"))


def test_a_name_put_before_others_in_the_palette_draws_every_picture(drawn, monkeypatch):
    drawn.want(MARKS)
    drawn.make()
    # stand-ins are numbered by place: the newcomer moves all others
    monkeypatch.setattr("bakery.palette.PALETTE", {"newcomer": "#123456", **PALETTE})
    again = Drawn(drawn._keys, drawn.run, NoGroups.whole)
    again.want(MARKS)
    assert again.make() == 2
