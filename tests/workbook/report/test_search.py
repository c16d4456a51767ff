"""What the search looks through is in the page or its annex, at the address it gives."""

from __future__ import annotations

import json
import re

import pytest
from bs4 import BeautifulSoup

from tests.end_to_end import looks

pytestmark = pytest.mark.whole
ANNEX = {"ja": "annex.ja.html", "en": "annex.en.html"}


@pytest.fixture(scope="module", params=["ja", "en"])
def edition(request, published):
    return request.param, published[request.param]


@pytest.fixture
def page(browser, edition):
    _, file = edition
    shown = browser.new_page(viewport={"width": 1280, "height": 844})
    shown.asked, shown.complaints = looks.watch(shown)
    shown.goto(file.as_uri())
    yield shown
    shown.close()


def test_every_address_is_that_of_what_it_names(edition):
    lang, file = edition
    soups = {
        name: BeautifulSoup(file.with_name(name or file.name).read_text("utf-8"), "html.parser")
        for name in ("", ANNEX[lang])
    }
    rows = json.loads(soups[""].select_one(".search script").string)
    assert {"term-net", "exhibit-costs", "finding-12-ledger-1", "chapter-12-ledger"} <= {
        address.partition("#")[2] for _, _, address in rows
    }
    for _, text, address in rows:
        name, _, anchor = address.partition("#")
        place = re.sub(r"\s", "", soups[name].find(id=anchor).get_text())
        assert re.sub(r"\s", "", re.split("[：:。.]", text)[0]) in place


def test_words_narrow_what_is_found_and_the_count_is_said(page, edition):
    field, status = page.locator("#search-words"), page.locator(".search [role=status]")
    field.fill({"ja": "純削減", "en": "NET sav"}[edition[0]])
    found = page.locator(".found a")
    assert {"#term-net"} <= {link.get_attribute("href") for link in found.all()}
    assert str(found.count()) in status.inner_text()
    field.fill({"ja": "純削減額 宇宙", "en": "net savanna"}[edition[0]])
    assert found.count() == 0 and status.inner_text()
    field.fill("")
    assert status.inner_text() == "" and page.locator("#contents > ol").is_visible()
    assert page.asked == [] and page.complaints == []


def test_a_piece_of_a_word_is_enough_in_japanese_and_its_beginning_in_english(page, edition):
    # tempting: "ale" finds "scale" and "male", and every search of three letters half the page
    page.locator("#search-words").fill({"ja": "減額", "en": "aving"}[edition[0]])
    assert (page.locator(".found a").count() > 0) == (edition[0] == "ja")


def test_the_keyboard_alone_searches_goes_there_and_comes_back(page, edition):
    field = page.locator("#search-words")
    field.fill({"ja": "純削減", "en": "net"}[edition[0]])
    field.press("ArrowDown")
    assert page.evaluate("document.activeElement.matches('.found a')")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.id") == "search-words"
    first = page.locator(".found a").first.get_attribute("href")
    field.press("Enter")
    assert page.evaluate("location.hash") == first
    field.press("Escape")
    assert field.input_value() == "" and page.locator(".found a").count() == 0


def test_axe_finds_nothing_while_results_stand_and_without_a_script_there_is_no_field(
    page, edition, browser
):
    page.locator("#search-words").fill({"ja": "削減", "en": "net"}[edition[0]])
    assert list(looks.axe_faults(page)) == []
    bare = browser.new_page(java_script_enabled=False)
    bare.goto(edition[1].as_uri())
    assert not bare.locator(".search").is_visible()
    bare.close()
