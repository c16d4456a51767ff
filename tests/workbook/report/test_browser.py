"""The page in a real browser: nothing fetched, nothing cut, nothing that a keyboard or a screen
reader cannot reach.
"""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path

import pytest
from markupsafe import Markup
from matplotlib.image import imread

from tests.end_to_end import looks
from workbook.report.font import font_path
from workbook.report.shell import page_shell

# widens the first table that is in sight: one may be folded
WIDER = """(width) => {
    const tables = [...document.querySelectorAll('.exhibit table')];
    tables.find((table) => table.checkVisibility()).style.width = width;
}"""

pytestmark = pytest.mark.whole


@pytest.fixture(params=["ja", "en"])
def file(request, published) -> Path:
    return published[request.param]


@pytest.fixture
def opened(browser, file):
    """Return a function that opens the page, or the annex behind it, at a width and gives it with
    all it asked for and complained about.
    """
    contexts = []

    def open_at(width: int, annex: bool = False, **settings):
        contexts.append(browser.new_context(viewport={"width": width, "height": 844}, **settings))
        page = contexts[-1].new_page()
        page.asked, page.complaints = looks.watch(page)
        behind = {"index.html": "annex.ja.html", "en.html": "annex.en.html"}[file.name]
        page.goto((file.with_name(behind) if annex else file).as_uri())
        return page

    yield open_at
    for context in contexts:
        context.close()


@pytest.mark.parametrize("annex", [False, True])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_no_violation_and_nothing_left_to_review(opened, width, annex):
    page = opened(width, annex)
    looks.open_all(page)
    assert list(looks.axe_faults(page)) == []


def test_axe_finds_nothing_on_a_bare_page_either(browser, tmp_path):
    path = tmp_path / "compare.html"
    body = (
        '<h2 id="a">設定値</h2><div class="table-region" role="region" aria-labelledby="a"'
        ' tabindex="0"><table><thead><tr><th scope="col">項目</th><th'
        ' scope="col">値</th></tr></thead><tbody><tr><th scope="row">基盤の数</th><td'
        ' class="number">4</td></tr></tbody></table></div>'
    )
    path.write_text(
        page_shell("二つの実行の比較", "ja", Markup(body), lead="baseline と own"), encoding="utf-8"
    )
    page = browser.new_page()
    page.goto(path.as_uri())
    assert list(looks.axe_faults(page)) == []
    page.close()


def test_axe_is_really_looking(opened):
    page = opened(390)
    page.evaluate("document.querySelector('.picture svg').removeAttribute('aria-label')")
    page.evaluate("document.querySelector('.subtitle').style.color = '#bbb'")
    found = " ".join(looks.axe_faults(page))
    assert "svg-img-alt" in found and "color-contrast" in found


@pytest.mark.parametrize("width", looks.WIDTHS)
def test_no_width_scrolls_sideways_even_with_everything_open(opened, width):
    page = opened(width)
    assert list(looks.sideways_faults(page)) == []
    looks.open_all(page)
    assert list(looks.sideways_faults(page)) == []


def test_the_page_asks_for_itself_alone_and_its_policy_refuses_none_of_it(opened):
    page = opened(1280)
    page.wait_for_timeout(200)
    assert page.asked == []
    assert page.complaints == []


def test_the_embedded_typeface_is_the_one_in_use(opened):
    page = opened(390)
    page.evaluate("document.fonts.ready")
    assert page.evaluate("[...document.fonts].map((font) => font.status)") == ["loaded"]


def test_a_machine_with_a_japanese_font_shows_the_same_pixels_as_one_without(
    playwright, file, tmp_path
):
    # the tempting way: to look at the page where such a font is installed, and never see the boxes
    # others get
    seen = []
    for fonts in ("", f"<dir>{font_path().parent}</dir>"):
        config = tmp_path / f"fonts{len(seen)}.conf"
        config.write_text(
            '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM'
            ' "fonts.dtd"><fontconfig><dir>/usr/share/fonts/truetype/'
            f"dejavu</dir>{fonts}<cachedir>{tmp_path}/cache</cachedir></fontconfig>",
            encoding="utf-8",
        )
        browser = playwright.chromium.launch(
            executable_path=looks.CHROMIUM,
            args=looks.ARGUMENTS,
            env={**os.environ, "FONTCONFIG_FILE": str(config)},
        )
        page = browser.new_page(viewport={"width": 390, "height": 844})
        page.goto(file.as_uri())
        looks.open_all(page)
        page.evaluate("document.fonts.ready")
        seen.append(page.screenshot(full_page=True))
        browser.close()
    one, other = (imread(io.BytesIO(picture)) for picture in seen)
    assert one.shape == other.shape
    # two looks at one machine differ, too: by one of 255 steps of grey at an edge, or in a line
    # where two pieces of a tall page meet; a letter is black on white and a dozen rows high
    assert (abs(one - other) > 1.5 / 255).any(axis=(1, 2)).sum() <= 2


def test_text_in_charts_is_at_least_twelve_pixels_on_a_phone_and_never_cut(opened):
    page = opened(390)
    assert page.locator(".picture svg text").count() > 5
    assert [*looks.small_text_faults(page), *looks.clipped_text_faults(page)] == []


def test_one_switch_opens_all_code_and_closes_it_again(opened):
    page = opened(1280, annex=True)
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
    page = opened(390, annex=True, java_script_enabled=False)
    assert not page.locator("#code-switch").is_visible()
    page.locator("details.code > summary").first.click()
    assert page.locator("details.code pre.listing").first.is_visible()
    page.locator("#contents > summary").click()
    assert page.locator("#contents a").first.is_visible()


def test_a_term_opens_and_closes_by_keyboard_without_scripts(opened):
    page = opened(390, java_script_enabled=False)
    term, meaning = page.locator("#chapter-04-bread button.term"), page.locator("#term-net")
    term.focus()
    page.keyboard.press("Enter")
    assert meaning.evaluate("(part) => part.matches(':popover-open')")
    box = meaning.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390 and box["y"] + box["height"] <= 844
    page.keyboard.press("Tab")  # what was opened comes next, wherever it stands in the page
    assert meaning.locator("button").evaluate("(part) => part === document.activeElement")
    page.keyboard.press("Escape")
    assert term.evaluate("(part) => part === document.activeElement")
    assert not meaning.evaluate("(part) => part.matches(':popover-open')")


def test_contents_are_closed_on_a_phone_and_open_beside_the_text(opened):
    assert not opened(390).locator("#contents a").first.is_visible()
    assert opened(1280).locator("#contents a").first.is_visible()


def test_contents_mark_the_chapter_that_is_read(opened):
    page = opened(1280)
    page.evaluate("document.getElementById('exhibit-costs').scrollIntoView()")
    page.locator("[data-chapter=chapter-04-bread].current").wait_for()
    assert page.locator("nav [aria-current]").count() == 1


def test_a_phone_keeps_the_contents_at_hand_and_names_the_chapter(opened):
    page = opened(390)
    page.evaluate("document.getElementById('exhibit-costs').scrollIntoView()")
    page.locator("#reading", has_text="4 ").wait_for()
    assert page.evaluate("document.querySelector('nav').getBoundingClientRect().top") == 0
    # what a link leads to must not lie under the bar
    assert page.evaluate(
        "document.getElementById('exhibit-costs').getBoundingClientRect().top"
    ) >= page.evaluate("document.querySelector('nav').getBoundingClientRect().bottom")
    page.locator("#contents > summary").click()
    page.keyboard.press("Escape")
    assert not page.locator("#contents a").first.is_visible()


def test_the_first_tab_stop_leads_past_the_contents(opened):
    page = opened(390)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_the_keyboard_reaches_everything_that_can_be_used(opened):
    page = opened(1280)
    usable = page.evaluate(
        """[...document.querySelectorAll('a[href], button, summary, [tabindex="0"]')]
        .filter((part) => part.checkVisibility({ contentVisibilityAuto: true })).length"""
    )
    reached = page.evaluate("new Promise((done) => { window.reached = new Set(); done(0); })")
    for _ in range(usable + 5):
        page.keyboard.press("Tab")
        reached = page.evaluate(
            """(() => { const part = document.activeElement;
            if (part !== document.body) window.reached.add(part);
            return window.reached.size; })()"""
        )
        if reached == usable:
            break
    assert reached == usable > 20


def test_what_has_the_focus_is_never_hidden_under_the_bar(opened):
    page = opened(390)
    for _ in range(40):
        page.keyboard.press("Shift+Tab")
        covered = page.evaluate(
            """(() => { const part = document.activeElement, nav = document.querySelector('nav');
            const outside = part === document.body || nav.contains(part);
            if (outside || part.className === 'skip') return false;
            const bar = nav.getBoundingClientRect();
            const box = part.getBoundingClientRect();
            return box.bottom <= bar.bottom && bar.top === 0; })()"""
        )
        assert not covered, page.evaluate("document.activeElement.outerHTML.slice(0, 120)")


def test_downloads_parse_and_hold_the_rows_of_the_run(opened, made_up):
    page = opened(1280)
    link = page.locator("#exhibit-detail .download a")
    with page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename == "detail_oven_costs.csv"
    content = Path(download.value.path()).read_bytes()
    assert content.startswith(b"\xef\xbb\xbfcode,cost_jpy,")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    table = made_up.cost_table()
    assert rows[0] == [column["name"] for column in table["columns"]]
    assert [float(row[1]) for row in rows[1:]] == [row[1] for row in table["rows"]]
    assert rows[1][4] == "'=1+1"  # what a spreadsheet would run is text


def test_a_link_to_code_opens_what_it_points_into_in_the_annex(opened):
    page = opened(1280)
    page.locator("#exhibit-costs details.provenance > summary").click()
    page.locator("#exhibit-costs details.provenance a", has_text="show-costs").click()
    page.locator("#code-04-bread-show-costs pre.listing").wait_for(state="visible")
    assert "/annex." in page.url


def test_print_leaves_out_what_is_closed_and_what_only_a_screen_can_use(opened):
    page = opened(1280)
    page.emulate_media(media="print")
    for hidden in (
        "nav",
        "#code-switch",
        ".skip",
        ".download",
        "details.code",
        "details.provenance",
    ):
        assert not page.locator(hidden).first.is_visible(), hidden
    assert page.locator(".picture svg").first.is_visible()
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_paper_cuts_no_exhibit(opened):
    assert list(looks.print_faults(opened(1280))) == []


def test_an_exhibit_too_wide_for_paper_is_found(opened):
    page = opened(1280)
    page.evaluate(WIDER, "900px")
    assert any("exhibit-" in fault for fault in looks.print_faults(page))


def test_a_heading_of_what_is_only_on_the_screen_is_found(opened):
    page = opened(1280, annex=True)
    page.evaluate("document.querySelectorAll('.on-screen').forEach((line) => line.remove())")
    assert any("on paper nothing stands under" in fault for fault in looks.print_faults(page))


def test_on_a_phone_no_formula_is_cut_and_one_that_is_would_be_found(opened):
    page = opened(390)
    assert list(looks.hidden_formula_faults(page)) == []
    page.evaluate("""document.querySelector('main').insertAdjacentHTML('afterbegin',
        '<div class="formula"><div style="width: 900px">c(S)</div></div>')""")
    assert any("900 pixels" in fault for fault in looks.hidden_formula_faults(page))


def test_at_a_desk_no_column_is_out_of_sight_and_one_that_is_would_be_found(opened):
    page = opened(1280)
    assert list(looks.hidden_column_faults(page)) == []
    page.evaluate(WIDER, "1900px")
    assert any("1900 pixels" in fault for fault in looks.hidden_column_faults(page))
