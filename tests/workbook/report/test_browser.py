"""The page in a real browser: nothing fetched, nothing refused by its own policy, no sideways scrolling."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
NEEDS = "no Chromium found: the report was NOT looked at in a browser (set CHROMIUM to its path)"


@pytest.fixture(scope="module")
def browser(request):
    if not CHROMIUM:
        if os.environ.get("CI"):
            pytest.fail(NEEDS)
        with request.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
            print(f"\n{NEEDS}")
        pytest.skip(NEEDS)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=[
            "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"])
        yield opened
        opened.close()


@pytest.fixture(params=["ja", "en"])
def file(request, published) -> Path:
    return published[request.param]


@pytest.fixture
def opened(browser, file):
    """Return a function that opens the page at a width and gives it with all it asked for and complained about."""
    contexts = []

    def open_at(width: int, **settings):
        contexts.append(browser.new_context(viewport={"width": width, "height": 844}, **settings))
        page = contexts[-1].new_page()
        page.asked, page.complaints = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto(file.as_uri())
        return page
    yield open_at
    for context in contexts:
        context.close()


def scroll_width(page) -> int:
    return page.evaluate("document.documentElement.scrollWidth")


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_no_width_scrolls_sideways_even_with_everything_open(opened, width):
    page = opened(width)
    assert scroll_width(page) == width
    page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })")
    assert scroll_width(page) == width


def test_the_page_asks_for_itself_alone_and_its_policy_refuses_none_of_it(opened, file):
    page = opened(1280)
    page.wait_for_timeout(200)
    assert [address for address in page.asked if not address.startswith("data:")] == [file.as_uri()]
    assert page.complaints == []


def test_the_embedded_typeface_is_the_one_in_use(opened):
    page = opened(390)
    page.evaluate("document.fonts.ready")
    assert page.evaluate("[...document.fonts].map((font) => font.status)") == ["loaded"]


def test_text_in_charts_is_at_least_twelve_pixels_on_a_phone(opened):
    page = opened(390)
    heights = page.evaluate("""[...document.querySelectorAll('.picture svg')].flatMap((svg) => {
        const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
        return [...svg.querySelectorAll('text')].map((text) => parseFloat(getComputedStyle(text).fontSize) * scale);
    })""")
    assert heights and min(heights) >= 12


def test_one_switch_opens_all_code_and_closes_it_again(opened):
    page = opened(1280)
    switch, code = page.locator("#code-switch"), page.locator("details.code pre.listing")
    label = switch.inner_text()
    assert not code.first.is_visible()
    switch.click()
    assert all(block.is_visible() for block in code.all())
    assert switch.inner_text() != label
    switch.click()
    assert not any(block.is_visible() for block in code.all())
    assert switch.inner_text() == label


def test_without_scripts_code_and_contents_open_by_hand(opened):
    page = opened(390, java_script_enabled=False)
    assert not page.locator("#code-switch").is_visible()
    page.locator("details.code > summary").first.click()
    assert page.locator("details.code pre.listing").first.is_visible()
    page.locator("#contents > summary").click()
    assert page.locator("#contents a").first.is_visible()


def test_contents_are_closed_on_a_phone_and_open_beside_the_text(opened):
    assert not opened(390).locator("#contents a").first.is_visible()
    assert opened(1280).locator("#contents a").first.is_visible()


def test_contents_mark_the_chapter_that_is_read(opened):
    page = opened(1280)
    page.evaluate("document.getElementById('exhibit-costs').scrollIntoView()")
    page.locator("[data-chapter=chapter-04-procurement].current").wait_for()
    assert page.locator("nav [aria-current]").count() == 1


def test_the_first_tab_stop_leads_past_the_contents(opened):
    page = opened(390)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_a_csv_downloads_with_its_byte_order_mark(opened):
    page = opened(1280)
    link = page.locator("#exhibit-detail .download a")
    with page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename == "detail_ward_costs.csv"
    assert Path(download.value.path()).read_bytes().startswith(b"\xef\xbb\xbfcode,cost_jpy,")


def test_a_link_to_code_opens_what_it_points_into(opened):
    page = opened(1280)
    page.locator("#exhibit-costs details.provenance > summary").click()
    page.locator("#exhibit-costs details.provenance a").click()
    page.locator("#code-04-procurement-show-costs pre.listing").wait_for(state="visible")


def test_print_leaves_out_what_is_closed_and_what_only_a_screen_can_use(opened):
    page = opened(1280)
    page.emulate_media(media="print")
    for hidden in ("nav", "#code-switch", ".skip", ".download", "details.code", "details.provenance"):
        assert not page.locator(hidden).first.is_visible(), hidden
    assert page.locator(".picture svg").first.is_visible()
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
