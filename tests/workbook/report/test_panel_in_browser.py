"""A panel, and a page for each member, in a real browser, on the toy's report.

Six states, worked out by hand in `tests/end_to_end/test_toy_study.py`: 4.8 million yen as it is,
5.4 and 4.2 by mill, half of each. Two bakeries share them by their two ovens and one.
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


def test_a_page_opens_from_the_list_from_a_link_and_alone(opened):
    page = opened()
    shown = page.locator(".member-page[open]")
    assert page.locator(".member-page").first.is_visible() is False and shown.count() == 0
    page.locator("[data-members] select").select_option("hill")
    assert shown.count() == 1 and "1.6 million yen" in shown.inner_text()
    assert page.evaluate("location.hash") == "#bakery-hill"
    linked = opened("#bakery-mill")
    assert linked.locator("[data-members] select").input_value() == "mill"
    assert linked.locator("#bakery-mill").is_visible()
    linked.locator("[data-members] select").select_option("")
    assert linked.locator(".member-page[open]").count() == 0


@pytest.mark.parametrize("width", [390, 1280])
def test_who_follows_an_address_lands_on_the_pages_heading(opened, width):
    page = opened("#bakery-hill", width=width)
    heading = page.locator("#bakery-hill h4")
    where = """(heading) => {
        const { left, top } = heading.getBoundingClientRect();
        return document.elementFromPoint(left + 5, top + 5) === heading
            && document.activeElement === heading && top < innerHeight / 3;
    }"""
    page.wait_for_timeout(100)
    assert heading.evaluate(where)
    # again by the same link, from the end of the page
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.evaluate(
        """document.body.insertAdjacentHTML("beforeend", "<a href='#bakery-hill'>x</a>");
        document.body.lastElementChild.click();"""
    )
    page.wait_for_timeout(100)
    assert heading.evaluate(where)


def test_a_page_says_what_it_rests_on_and_leaves_room(opened):
    page = opened("#bakery-mill")
    ovens, takings = page.locator("#bakery-mill tbody tr:not(.part)").all()
    assert ovens.locator("td").all_inner_texts() == ["2 (FY1900)", "", "counted on the spot", ""]
    assert takings.locator("td").all_inner_texts() == [
        "3.2 million yen",
        "2.8 million yen to 3.6 million yen",
        "shared by ovens",
        "",
    ]
    # the column for a reader's own figure is as high as the table
    assert page.locator("#bakery-mill thead th").last.inner_text() == "Your own"


def test_without_a_script_every_page_opens_by_its_name(opened):
    page = opened(java_script_enabled=False)
    assert page.locator(".member-page").count() == 2
    page.locator(".member-page summary", has_text="Hill Bakery").click()
    assert page.locator("#bakery-hill").is_visible()
    assert not page.locator("[data-members] select").is_visible()


def test_the_chosen_page_is_printed_on_one_sheet_and_no_other(opened):
    page = opened("#bakery-hill")
    page.emulate_media(media="print")
    assert page.locator("#bakery-hill").is_visible()
    assert not page.locator("#bakery-mill").is_visible()
    assert not page.locator("[data-members] select").is_visible()
    tall = page.locator(".member-page[open]").bounding_box()["height"]
    assert tall < (looks.A4_MM[1] - 2 * looks.MARGIN_MM[1]) * looks.PIXELS_PER_MM
