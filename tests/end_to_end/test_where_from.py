"""Whoever doubts a number of the report clicks down to a document, or to the word that no address
of it is on record.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urldefrag

import pytest
from bs4 import BeautifulSoup, Tag

from tests.end_to_end import looks
from tests.end_to_end.check_report import ANNEXES
from workbook.report import build

pytestmark = pytest.mark.whole
NUMBERS = 10
AT_MOST = 6  # clicks from a row to a document
DOCUMENT = 'a[href^="http"], .absent'
LEADING_ON = '.drawn-on > a[href^="#data-"], td:nth-of-type(1) a[href^="#input-"]'


@pytest.fixture(scope="module", params=["index.html", "en.html"])
def report(request, study) -> Path:
    build(study / "runs" / "baseline", study / "notebooks")
    return study / "runs" / "baseline" / "report" / request.param


@pytest.fixture(scope="module")
def main(report) -> BeautifulSoup:
    return read(report)


@pytest.fixture(scope="module")
def annex(report) -> BeautifulSoup:
    return read(report.with_name(ANNEXES[report.name]))


def read(path: Path) -> BeautifulSoup:
    """A page that knows its parts by their ids: to look for one takes as long as to read it."""
    page = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
    page.by_id = {part["id"]: part for part in page.find_all(id=True)}
    return page


def target(link: Tag, *pages: BeautifulSoup) -> Tag | None:
    """What a link inside the report leads to."""
    name = urldefrag(link["href"]).fragment
    return next((page.by_id[name] for page in pages if name in page.by_id), None)


def ends(row: Tag, annex: BeautifulSoup, left: int = AT_MOST) -> bool:
    """Whether a row leads to a document, by itself or by a row that it names."""
    if row.select_one(DOCUMENT):
        return True
    links = row.select('a[href^="#input-"], a[href^="#data-"]') if left else []
    rows = [target(link, annex) for link in links]
    return any(ends(other, annex, left - 1) for other in rows if other is not None)


def test_each_table_of_the_register_leads_to_its_rows_and_they_lead_back(annex):
    tables = annex.select("details.input")
    assert len(tables) > 40
    for table in tables:
        record = target(table.select_one(".drawn-on a"), annex)
        assert record["id"].startswith("data-")
        assert target(record.select_one("th a"), annex) is table


def test_each_input_of_a_range_names_its_evidence_and_the_evidence_names_it(annex):
    pairs = [
        (row["id"], urldefrag(link["href"]).fragment)
        for row in annex.select("#input-input-ranges tbody tr")
        for link in row.select("td:nth-of-type(1) a")
    ]
    assert len(pairs) > 40
    for ours, theirs in pairs:
        back = annex.by_id[theirs].select("td:nth-of-type(1) a")
        assert ours in {urldefrag(link["href"]).fragment for link in back}, (ours, theirs)


def test_each_row_of_somebodys_document_leads_to_it_or_says_that_it_has_no_address(annex):
    headed = {"Source", "Document", "出典", "資料"}
    for table in annex.select("details.input"):
        heads = [head.get_text() for head in table.select("thead th")]
        if headed & set(heads) and record_is_taken_in(table, annex):
            lost = [row["id"] for row in table.select("tbody tr") if not ends(row, annex)]
            assert lost == []


def record_is_taken_in(table: Tag, annex: BeautifulSoup) -> bool:
    """Whether the table is from somebody's documents: then it says when they were read."""
    record = target(table.select_one(".drawn-on a"), annex)
    return bool(re.search(r"\d{4}", record.select("td")[2].get_text()))


def numbers_in(callout: Tag) -> bool:
    """Whether a callout gives a number of its own: that of an exhibit it refers to is none."""
    texts = [part.get_text() for part in callout.select("p:not(.callout-name, .source)")]
    return bool(re.search(r"\d", re.sub(r"(exhibit|図表) \d+\.\d+", "", " ".join(texts))))


def test_each_finding_and_caveat_with_a_number_says_where_it_is_from(main, annex):
    numbered = [one for one in main.select(".chapter .callout:not(.method)") if numbers_in(one)]
    assert len(numbered) > 30
    assert [one.get_text()[:80] for one in numbered if not one.select("p.source a")] == []
    for link in main.select(".chapter .callout p.source a, .chapter .prose p.source a"):
        assert target(link, main, annex) is not None, link


def test_each_exhibit_is_carried_by_rows_that_end_at_a_document_or_at_a_judgement(main, annex):
    exhibits = main.select("figure.exhibit")
    assert len(exhibits) > 25
    for exhibit in exhibits:
        carriers = exhibit.select(".carriers > li")
        assert carriers, exhibit["id"]
        for carrier in carriers:
            row = target(carrier.select_one("strong a"), annex)
            assert row is not None, (exhibit["id"], carrier)
            judged = carrier.select_one(".badge.assumed")
            assert judged or ends(row, annex), (exhibit["id"], carrier.get_text())


def doubted(page) -> Iterator[tuple[str, object]]:
    """The tiles of the summary, then the first finding of each chapter in turn."""
    tiles = page.locator(".summary .tiles li")
    yield from ((f".summary .tiles li >> nth={n}", ".tile-foot a") for n in range(tiles.count()))
    for name in page.eval_on_selector_all(".chapter", "(all) => all.map((one) => one.id)"):
        finding = f"#{name} .callout.finding >> nth=0"
        if page.locator(finding).count():
            yield finding, 'p.source a[href*="#exhibit-"] >> nth=0'


def clicked_down(page, place: str, link: str) -> list[str]:
    """Click from a number to its exhibit, to an input that carries it, and on to a document;
    return the way.
    """
    page.locator(place).locator(link).click()
    exhibit = page.locator("figure:target")
    way = [exhibit.get_attribute("id")]
    exhibit.locator("details.provenance > summary").click()
    documents = exhibit.locator(".carriers li:not(:has(.badge.assumed)) strong a")
    (documents.first if documents.count() else exhibit.locator(".carriers strong a").first).click()
    for _ in range(AT_MOST):
        row = page.locator(":target")
        way.append(row.get_attribute("id"))
        document, on = row.locator(DOCUMENT), row.locator(LEADING_ON)
        if document.count():
            assert document.first.is_visible()
            return [*way, document.first.inner_text()]
        if not on.count():  # a judgement without any evidence: its reason stands in the row
            return [*way, *re.findall("assumed|想定値", row.inner_text())]
        on.first.click()
    return way


def test_ten_numbers_are_followed_to_a_document_by_clicking(report, browser):
    page = browser.new_page(viewport={"width": 1280, "height": 844})
    page.goto(report.as_uri())
    followed = list(itertools.islice(doubted(page), NUMBERS))
    assert len(followed) == NUMBERS
    for place, link in followed:
        page.goto(report.as_uri())
        said = " ".join(page.locator(place).inner_text().split())
        assert re.search(r"\d", said)
        way = clicked_down(page, place, link)
        print(f"{said[:60]} -> {' -> '.join(way)}")
        assert re.match("https?:|[（(]|assumed|想定値", way[-1]), way
    page.close()


@pytest.mark.parametrize("width", [390, 1280])
def test_no_term_opens_over_the_text_that_uses_it(report, browser, width):
    page = browser.new_page(viewport={"width": width, "height": 844})
    page.goto(report.as_uri())
    assert list(looks.covered_term_faults(page)) == []
    page.close()
