"""A sentence says where its numbers are from: the tables that its cell takes them from."""

from __future__ import annotations

from workbook.report.inputs import Inputs
from workbook.report.said_from import MARK, SaidFrom, tables_behind, titles_of

ROWS = Inputs({}, {"weather": {"ja": "天気", "en": "Weather"}})


def cells(*sources: str) -> list[dict]:
    return [
        {"cell_type": "code", "id": f"cell-{place}", "source": source}
        for place, source in enumerate(sources, 1)
    ]


def behind(*sources: str) -> tuple[str, ...]:
    """The tables behind what the last of some cells says."""
    return tables_behind(cells(*sources))[f"cell-{len(sources)}"]


def test_a_number_leads_to_the_table_that_its_name_was_read_from():
    assert behind('far = run.read("ways")["km"].max()', 'run.say("far", far=far)') == ("ways",)


def test_of_two_tables_loaded_in_one_line_each_name_has_its_own():
    # tempting: every name of the line leads to both tables
    loaded = 'rain, wind = run.load("rain"), run.load("wind")'
    assert behind(loaded, 'run.say("wet", wet=rain["mm"].sum())') == ("rain",)
    assert behind(loaded, 'run.say("windy", most=wind["ms"].max())') == ("wind",)


def test_what_a_written_table_is_computed_from_is_not_named():
    # tempting: to walk on, until every sentence rests on every input
    cell = 'bread = run.write("bread", bake(run.load("flour")))'
    assert behind(cell, 'run.say("bread", loaves=bread["loaves"].sum())') == ("bread",)


def test_a_table_that_a_cell_shows_is_not_what_its_sentence_says():
    cell = 'rows = run.read("ways")\nrun.show("ways", n=len(rows))\nrun.say("first", n=first)'
    assert behind('first = run.read("days").iloc[0]', cell) == ("days",)


def test_the_nearest_table_comes_first():
    cells_ = ('a = run.load("far")', "b = f(a)", 'run.say("x", x=b, y=run.read("near"))')
    assert behind(*cells_) == ("near", "far")


def test_an_input_behind_a_result_is_that_results_matter():
    cells_ = ('a = run.load("far")', "b = f(a)", 'c = run.write("near", g(b))')
    # tempting: the option is named by what was loaded for it, not by the table that shows it
    assert behind(*cells_, 'run.say("x", x=c.max(), y=best(b))') == ("near",)
    assert behind(*cells_, 'run.say("x", x=c.max(), y=len(a))') == ("near", "far")


def test_what_most_numbers_are_taken_from_comes_first():
    cells_ = ('a, b = run.read("far"), run.read("near")', "c = a.max()")
    assert behind(*cells_, 'run.say("x", u=b.sum(), v=c, w=c + 1)') == ("far", "near")
    assert behind(*cells_, 'run.say("x", u=b.sum(), v=c)') == ("near", "far")


def test_what_only_chooses_a_wording_gives_no_number():
    said = 'run.say("x", case={"few": len(run.load("far")) < 3}, x=run.read("near").max())'
    assert behind(said) == ("near",)


def test_a_name_that_is_set_from_itself_ends():
    assert behind('a = run.load("x")', "a = a.set_index(1)", 'run.say("a", a=a)') == ("x",)


def test_a_cell_that_is_no_python_says_nothing():
    assert tables_behind(cells("%matplotlib")) == {}


def test_each_table_is_named_by_its_exhibit_its_rows_or_its_code(edition):
    written = {"unseen": "code-04-procurement-compute", "grain": "code-01-harvest-write"}
    exhibits = edition.exhibits.__class__(
        edition.exhibits.payloads, edition.exhibits.chapter_of, written
    )
    here = edition.__class__(edition.lang, exhibits)
    shown = here.exhibits.by_slug("costs")["provenance"]["tables"][0]
    said = SaidFrom({("04_bread", "say"): (shown, "weather", "unseen")})
    grown = SaidFrom({("04_bread", "say"): ("grain", "nowhere")}, titles_of(["grain"]))
    page = said.put_into(MARK.format("04_bread", "say"), ROWS, here)
    number, title = {"ja": ("図表 4.1", "天気"), "en": ("exhibit 4.1", "Weather")}[edition.lang]
    assert f'<a href="#exhibit-costs">{number}</a>' in page
    assert f'<a href="#data-weather">{title}</a>' in page
    assert '<a href="#code-04-procurement-compute">unseen</a>' in page
    assert page.count("<a ") == 3
    # tempting: the name by which the code knows the table
    called = {"ja": "畑ごとの穀物", "en": "Grain by field"}[edition.lang]
    page = grown.put_into(MARK.format("04_bread", "say"), ROWS, here)
    assert f'<a href="#code-01-harvest-write">{called}</a>' in page and page.count("<a ") == 1


def test_a_sentence_that_takes_no_table_has_no_line(edition):
    assert SaidFrom({}).put_into(MARK.format("04_bread", "say"), ROWS, edition) == ""
