"""A panel in a real browser, on the toy's report: six states, worked out by hand in
`tests/end_to_end/test_toy_study.py` (4.8 million yen as it is, 5.4 and 4.2 by mill, half of each).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end import looks
from tests.toy_project import toy_project, workbook

pytestmark = pytest.mark.whole
TAKINGS = {
    ("as_study", "as_study"): "4.8 million yen",
    ("as_study", "half_price"): "2.4 million yen",
    ("fine_mill", "as_study"): "5.4 million yen",
    ("fine_mill", "half_price"): "2.7 million yen",
    ("coarse_mill", "as_study"): "4.2 million yen",
    ("coarse_mill", "half_price"): "2.1 million yen",
}
ENOUGH = "The bread then brings in {}, against 4.8 million yen as it is."
LITTLE = "The bread then brings in no more than {}."


@pytest.fixture(scope="module")
def report(tmp_path_factory) -> Path:
    project = toy_project(tmp_path_factory.mktemp("village") / "bakery")
    workbook(project, "run")
    workbook(project, "report")
    return project / "runs/baseline/report"


@pytest.fixture
def opened(browser, report):
    """Return a function that opens the English page at a place in it."""
    contexts = []

    def open_at(anchor: str = "", width: int = 1280, **settings):
        contexts.append(browser.new_context(viewport={"width": width, "height": 844}, **settings))
        page = contexts[-1].new_page()
        page.asked, page.complaints = looks.watch(page)
        page.goto((report / "en.html").as_uri() + anchor)
        return page

    yield open_at
    for context in contexts:
        context.close()


def answer(page) -> str:
    return page.locator(".panel [role=status]").first.inner_text()


def choose(page, lever: str, level: str) -> None:
    page.locator(f".panel select[name={lever}]").select_option(level)


def test_it_opens_on_the_studys_own_state(opened):
    page = opened()
    assert answer(page) == ENOUGH.format("4.8 million yen")
    assert page.locator(".panel .figure").inner_text() == "4.8 million yen"
    first = page.locator("#exhibit-bread-what-if tbody tr").first.inner_text()
    assert "4.8" in first  # million yen, as the column says


def test_every_state_has_its_own_sentence_and_value(opened):
    page = opened()
    for (mill, price), takings in TAKINGS.items():
        choose(page, "milling", mill)
        choose(page, "price", price)
        said = LITTLE if takings in ("2.4 million yen", "2.1 million yen") else ENOUGH
        assert answer(page) == said.format(takings)
        assert page.locator(".panel .figure").inner_text() == takings
    assert page.complaints == [] and page.asked == []


def test_a_state_stands_in_the_address_and_is_found_again(opened):
    page = opened()
    choose(page, "price", "half_price")
    address = page.evaluate("location.hash")
    assert address == "#exhibit-bread-what-if?price=half_price"
    again = opened(address)
    assert answer(again) == LITTLE.format("2.4 million yen")
    assert again.locator("#exhibit-bread-what-if").evaluate(
        "part => Math.abs(part.getBoundingClientRect().top) < innerHeight"
    )
    page.locator("[data-reset]").click()
    assert page.evaluate("location.hash") == "#exhibit-bread-what-if"
    assert answer(page) == ENOUGH.format("4.8 million yen")


def test_an_address_with_levels_that_there_are_not_opens_on_the_studys_own(opened):
    page = opened("#exhibit-bread-what-if?price=free&milling=")
    assert answer(page) == ENOUGH.format("4.8 million yen") and page.complaints == []


def test_presets_set_all_levers_and_say_that_they_hold(opened):
    page = opened()
    best, coarse = page.locator("[data-preset]").all()
    choose(page, "price", "half_price")
    coarse.click()
    assert answer(page) == ENOUGH.format("4.2 million yen")
    best.click()
    assert answer(page) == ENOUGH.format("5.4 million yen")
    assert [b.get_attribute("aria-pressed") for b in (best, coarse)] == ["true", "false"]


def test_the_keyboard_alone_is_enough(opened):
    page = opened()
    page.locator(".panel select").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    assert answer(page) == ENOUGH.format("2.7 million yen")
    for _ in range(3):  # past two presets
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert answer(page) == ENOUGH.format("4.8 million yen")


def test_without_a_script_and_on_paper_the_table_stands_alone(opened):
    still = opened(java_script_enabled=False)
    printed = opened()
    printed.emulate_media(media="print")
    for page in (still, printed):
        assert not page.locator(".panel").is_visible()
        assert page.locator("#exhibit-bread-what-if tbody tr").count() == len(TAKINGS)


@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(opened, width):
    page = opened(width=width)
    assert list(looks.axe_faults(page)) == []
    assert list(looks.sideways_faults(page)) == []
