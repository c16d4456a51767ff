"""Pictures and tables of exhibits: made where they are missing, kept by what they rest on, and a
word that lacks is named.
"""

from __future__ import annotations

import json
from multiprocessing import get_context

import pytest

from analysis.colouring import shades_of
from analysis.groups import SPECIAL_WARDS
from analysis.palette import PALETTE
from tests.workbook.shown_study import CURVE, TARGET, keys_of, shown_study
from workbook.exhibits import pictures as exhibits
from workbook.exhibits.declared import Exhibit
from workbook.notebook.run_folder import RunFolder
from workbook.running import drawing
from workbook.running.drawing import FEW, Drawn
from workbook.words.labels import labels_of
from workbook.words.messages import WordsFault

CURVES = Exhibit(
    "s-curve", ("saving_curve", "published_target"), "charts.plot_saving_curve", "procurement"
)
SHADED = Exhibit("shaded", CURVES.tables, CURVES.chart, CURVES.stem)
TABLE = Exhibit("option-levers", ("option_levers",))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return shown_study(tmp_path_factory.mktemp("study"))


@pytest.fixture
def drawn(folder):
    """What is kept of the run's exhibits, nothing yet."""
    for path in (folder / "runs" / "baseline" / "drawn").glob("*"):
        path.unlink()
    return Drawn(keys_of(folder), folder / "runs" / "baseline", SPECIAL_WARDS)


def test_an_exhibit_that_is_wanted_twice_is_made_once_and_not_again(drawn):
    for _ in range(2):
        drawn.want(TABLE)
        drawn.want(CURVES)
    assert (drawn.make(), drawn.make()) == (4, 0)
    assert (
        set(drawn.picture(CURVES)) == {"ja", "en"}
        and drawn.picture(CURVES)["ja"] != drawn.picture(CURVES)["en"]
    )
    assert [table["name"] for table in drawn.tables(TABLE)] == ["option_levers"]


def test_a_table_exhibit_has_no_picture(drawn, folder):
    drawn.want(TABLE)
    assert drawn.make() == 1 and [
        path.suffix for path in (folder / "runs" / "baseline" / "drawn").iterdir()
    ] == [".json"]


def test_what_is_missing_alone_is_made_again(drawn, folder):
    drawn.want(CURVES)
    drawn.make()
    (english,) = (folder / "runs" / "baseline" / "drawn").glob("s-curve.en.*")
    before = english.read_bytes()
    english.unlink()
    assert drawn.make() == 1 and english.read_bytes() == before


def test_behind_an_exhibit_a_table_without_rows_is_left_out_and_the_exhibit_itself_is_not(
    drawn, folder
):
    run = RunFolder(folder / "runs" / "baseline")
    try:
        run.write_table("published_target", TARGET.iloc[:0])
        drawn.want(CURVES)
        drawn.make()
        assert [table["name"] for table in drawn.tables(CURVES)] == ["saving_curve"]
        run.write_table("saving_curve", CURVE.iloc[:0])
        alone = Exhibit("s-curve", ("saving_curve",))
        again = Drawn(keys_of(folder), run.path, SPECIAL_WARDS)
        again.want(alone)
        again.make()
        assert [(table["name"], table["rows"]) for table in again.tables(alone)] == [
            ("saving_curve", [])
        ]
    finally:
        run.write_table("published_target", TARGET)
        run.write_table("saving_curve", CURVE)


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
    monkeypatch.delitem(labels_of("procurement.charts"), "saving_axis")
    monkeypatch.setattr(drawing, "FEW", 0 if many else 99)
    if many:
        monkeypatch.setattr(
            "workbook.running.engine.fork_server.context", lambda modules: get_context("fork")
        )
    drawn.want(CURVES)
    with pytest.raises(
        WordsFault,
        match=(
            r"^exhibit s-curve: analysis.chapters.procurement.charts.plot_saving_curve, (ja|en):"
            r" no label 'saving_axis' in"
        ),
    ):
        drawn.make()


def test_a_letter_that_the_font_lacks_is_told_likewise(drawn, monkeypatch):
    monkeypatch.setitem(
        labels_of("procurement.charts"), "probability_axis", {"ja": "\N{GRINNING FACE}", "en": "P"}
    )
    monkeypatch.setattr(drawing, "FEW", 99)
    drawn.want(CURVES)
    with pytest.raises(WordsFault, match=r"exhibit s-curve: .*, ja: Glyph"):
        drawn.make()


def test_a_few_pieces_start_no_process(drawn, monkeypatch):
    monkeypatch.setattr(
        "workbook.running.engine.fork_server.context",
        lambda modules: pytest.fail("a process for three pieces"),
    )
    drawn.want(CURVES)
    assert drawn.make() == 3 <= FEW


@pytest.mark.parametrize(
    ("name", "colour", "again"),
    [("ink", "#101030", 0), ("modelled", "#5598c5", 0), ("ink", "#ffff00", 0)],
)
def test_a_changed_colour_draws_nothing(drawn, monkeypatch, name, colour, again):
    monkeypatch.setattr(drawing, "FEW", 99)
    sound = exhibits.drawn
    ramp = f'<path style="fill: {shades_of("modelled")[99]}"/>'
    monkeypatch.setattr(
        exhibits,
        "drawn",
        lambda exhibit, *given: sound(exhibit, *given) + (ramp if exhibit is SHADED else ""),
    )
    drawn.want(CURVES)
    drawn.want(SHADED)
    drawn.make()
    monkeypatch.setitem(PALETTE, name, colour)
    now = Drawn(drawn._keys, drawn.run, SPECIAL_WARDS)
    now.want(CURVES)
    now.want(SHADED)
    assert (now.make(), now.make()) == (again, 0)
    assert all(colour in now.picture(CURVES)[lang] for lang in ("ja", "en") if name == "ink")


def test_a_name_put_before_others_in_the_palette_draws_every_picture(drawn, monkeypatch):
    drawn.want(CURVES)
    drawn.make()
    # stand-ins are numbered by place: the newcomer moves all others
    monkeypatch.setattr("analysis.colouring.PALETTE", {"newcomer": "#123456", **PALETTE})
    again = Drawn(drawn._keys, drawn.run, SPECIAL_WARDS)
    again.want(CURVES)
    assert again.make() == 2
