"""The page as a file: self-contained, sound for those who navigate by ids and headings, one
language at a time.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import itertools
import re
from collections import Counter
from urllib.parse import unquote_to_bytes

import pytest
from bs4 import BeautifulSoup

DATA = '<script type="application/json">'  # which a browser does not run
JAPANESE = re.compile(r"[\u3001-\u30ff\u3400-\u9fff]")


@pytest.fixture(scope="module", params=["ja", "en"])
def lang(request):
    return request.param


@pytest.fixture(scope="module")
def text(published, lang):
    return published[lang].read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def soup(text):
    """Return the page parsed once; who alters it works on a copy."""
    return BeautifulSoup(text, "html.parser")


@pytest.fixture(scope="module")
def annex(published, lang):
    """Return the annex parsed once."""
    page = published[lang].with_name(f"annex.{lang}.html").read_text(encoding="utf-8")
    return BeautifulSoup(page, "html.parser")


@pytest.fixture(scope="module", params=["report", "annex"])
def either(published, lang, request):
    """Return the text of each file in turn: what makes a page sound is asked of both."""
    path = published[lang]
    path = path if request.param == "report" else path.with_name(f"annex.{lang}.html")
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def parsed(either):
    return BeautifulSoup(either, "html.parser")


def test_the_one_script_is_the_one_its_policy_names(either, parsed):
    policy = parsed.find("meta", {"http-equiv": "Content-Security-Policy"})["content"]
    (script,) = re.findall(r"<script>(.*?)</script>", either, flags=re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'; ")
    assert "base-uri 'none'; form-action 'none'" in policy
    assert not [name for tag in parsed.find_all() for name in tag.attrs if name.startswith("on")]


def test_policy_stands_before_anything_it_governs(either):
    assert either.index("Content-Security-Policy") < min(
        either.index("<style>"), either.index("<script>"), either.index("<svg")
    )


def test_nothing_is_fetched(either, parsed):
    assert not parsed.find_all(
        ["link", "iframe", "object", "embed", "base", "form", "video", "audio"]
    )
    assert not [
        tag
        for tag in parsed.find_all()
        if {"src", "srcset", "poster", "xlink:href"} & set(tag.attrs)
    ]
    assert not [
        tag["href"]
        for tag in parsed.find_all(["use", "image"])
        if not tag["href"].startswith(("#", "data:image/png"))
    ]
    assert not re.findall(r"url\(\s*[\"']?(?!#|data:|[\"'])[^)]{0,40}", either)
    assert "@import" not in either


def test_the_only_links_out_are_those_an_author_wrote(parsed):
    out = {
        a["href"].partition("#")[0]
        for a in parsed.find_all("a")
        if not a["href"].startswith(("#", "data:text/csv"))
    }
    files = {"en.html", "index.html", "annex.ja.html", "annex.en.html"}
    assert out <= {*files, "https://example.org/phi"}


def test_every_link_into_the_other_file_lands_there(published, lang, parsed):
    links = [a["href"].split("#") for a in parsed.find_all("a") if ".html#" in a["href"]]
    assert links
    for file, anchor in links:
        page = published[lang].with_name(file).read_text(encoding="utf-8")
        assert f' id="{anchor}"' in page, (file, anchor)


def test_every_id_is_unique_and_every_link_inside_lands(parsed):
    ids = Counter(tag["id"] for tag in parsed.find_all(id=True))
    assert ids.most_common(1)[0][1] == 1
    assert not {a["href"][1:] for a in parsed.find_all("a") if a["href"].startswith("#")} - set(ids)


def test_headings_begin_at_one_and_never_skip(parsed):
    levels = [int(tag.name[1]) for tag in parsed.find_all(re.compile("^h[1-6]$"))]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_chapters_are_h2_and_exhibits_h3(soup):
    assert [
        section.find(re.compile("^h[1-6]$")).name for section in soup.select("section.chapter")
    ] == ["h2", "h2", "h2", "h2"]
    assert {
        figure.find("figcaption").find(re.compile("^h[1-6]$")).name
        for figure in soup.find_all("figure")
    } == {"h3"}


def test_english_page_holds_japanese_only_where_it_says_so(published):
    soup = BeautifulSoup(published["en"].read_text(encoding="utf-8"), "html.parser")
    for tag in soup.find_all(["style", "script"]):
        tag.decompose()
    for tag in soup.find_all(lang="ja"):
        tag.decompose()
    assert not JAPANESE.findall(soup.get_text())
    assert not [
        value
        for tag in soup.find_all(download=False)  # a file has the columns of both languages
        for value in tag.attrs.values()
        if JAPANESE.search(str(value))
    ]


def test_japanese_page_shows_no_english_half(published):
    text = published["ja"].read_text(encoding="utf-8")
    soup = BeautifulSoup(text, "html.parser")
    assert soup.html["lang"] == "ja"
    for english in (
        "Procurement: how far",
        "The net saving",
        "Does it halve?",
        "Hatched bars",
        "Exhibit 4.1",
        "Millham",
    ):
        assert english not in soup.get_text(), english
    assert "報告書の目標" in soup.find("svg", role="img").get_text()


def test_a_ward_named_like_a_script_stays_a_name(either, made_up):
    assert made_up.HOSTILE_NAME not in either
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in either
    assert either.replace(DATA, "").count("<script") == 1


def test_raw_html_in_markdown_and_parameters_is_text(either, text):
    assert "<img" not in either
    assert "<b>bold" not in either
    assert "&lt;b&gt;bold&lt;/b&gt;" in text


def test_cross_references_name_the_exhibit_and_link_to_it(published):
    for lang, name in (("ja", "図表 4.1"), ("en", "exhibit 4.1")):
        soup = BeautifulSoup(published[lang].read_text(encoding="utf-8"), "html.parser")
        links = [a for a in soup.select(".prose a") if a["href"] == "#exhibit-costs"]
        assert [a.get_text() for a in links] == [name, name]


def listed(page):
    return [
        [a["href"] for a in chapter.select(":scope > ol a")]
        for chapter in page.select("nav #contents > ol > li")
    ]


def test_contents_nest_the_exhibits_in_their_chapters(soup):
    assert listed(soup) == [["#exhibit-costs", "#exhibit-detail"], ["#exhibit-answers"], [], []]


def test_contents_of_the_annex_end_with_its_registers(annex):
    assert listed(annex) == [
        [],
        [],
        [
            "#exhibit_list",
            "#results",
            "#assumptions",
            "#data",
            "#programs",
            "#checklists",
            "#parameters",
            "#glossary",
            "#bibliography",
        ],
    ]


def test_every_picture_has_its_words(soup, lang, made_up):
    alt = made_up.exhibit("1.1", "x", "figure", [], {})["alt"][lang]
    assert [svg["aria-label"] for svg in soup.find_all("svg", role="img")] == [alt]
    assert all(svg.get("aria-hidden") == "true" for svg in soup.select("svg:not([role])"))


def test_code_is_closed_and_printed_text_with_it(annex, soup):
    assert not soup.select("details.code")
    copied = BeautifulSoup(str(annex), "html.parser")
    folded = copied.select("details.code")
    assert len(folded) == 2 and not any(details.has_attr("open") for details in folded)
    assert "3 rows < 4" in folded[0].get_text()
    outside = copied.find("main")
    for details in folded:
        details.extract()
    assert "run.write" not in outside.get_text()


def test_the_switch_is_hidden_until_a_script_can_serve_it(annex):
    assert annex.find("button", id="code-switch").has_attr("hidden")


def test_standing_is_told_by_word_and_shape(soup, lang):
    badge = soup.find("figure").select_one(".source .badge")
    assert badge.get_text() == {"ja": "推計値", "en": "modelled"}[lang]
    assert badge.find("svg")
    assert (
        soup.select_one(".assumptions").get_text()
        == {"ja": "想定値 12 件に基づく", "en": "rests on 12 assumed inputs"}[lang]
    )


def test_a_number_can_be_followed_to_its_inputs_its_arithmetic_and_its_parameters(soup, lang):
    details = soup.select_one("#exhibit-costs details.provenance")
    told = details.get_text(" ")
    for part in ("04_bread", "show-costs", "oven_costs", "loaf_curve", "implied", "3, 4"):
        assert part in told, part
    links = {a.get_text(): a["href"] for a in details.select("a")}
    # the tempting way: the cell that draws, where nothing is computed
    assert links["oven_costs"] == f"annex.{lang}.html#code-04-bread-compute"
    title = {"ja": "団体別指標", "en": "Indicators per municipality"}[lang]
    assert links[title] == f"annex.{lang}.html#data-field-records"


def test_the_appendix_gives_headline_results_with_reasons_for_missing_ones(annex, lang):
    table = annex.find("h3", id="results").find_next("tbody")
    rows = [[cell.get_text() for cell in row.select("th, td")] for row in table.select("tr")]
    modelled = {"ja": "推計値", "en": "modelled"}[lang]
    assert (
        rows
        == {
            "ja": [
                [
                    "パンの売上げtakings",
                    "年301億円",
                    "年120億円～550億円",
                    modelled,
                    "4.1",
                ],
                ["穀物の袋数grain_sacks", "期間内に回収しない。", "–", modelled, "4.2"],
            ],
            "en": [
                [
                    "takings from breadtakings",
                    "30 billion yen a year",
                    "12 billion yen to 55 billion yen a year",
                    modelled,
                    "4.1",
                ],
                ["sacks of graingrain_sacks", "It never pays back.", "–", modelled, "4.2"],
            ],
        }[lang]
    )


def test_the_appendix_lists_every_input_even_one_behind_no_exhibit(annex):
    names = [
        row.select_one("code").get_text()
        for row in annex.find("h3", id="data").find_next("tbody").select("tr")
    ]
    assert names == ["field_records", "fields", "mill_scope"]


def test_the_assumptions_log_says_value_range_grade_weight_and_owner(annex, lang, made_up):
    rows = {
        row.select_one("code").get_text(): row
        for row in annex.find("h3", id="assumptions").find_next("tbody").select("tr")
    }
    cells = [cell.get_text(" ") for cell in rows["assumptions milling_loss"].select("th, td")]
    assert len(cells[3]) > 40  # the reason stands in the page, not in the file alone
    del cells[3]
    assert cells[0].startswith(
        {"ja": "製粉で失う割合：20%", "en": "share lost in milling: 20%"}[lang]
    )
    assert (
        cells[1:3] == [{"ja": "10%～30%", "en": "10% to 30%"}[lang], "D"]
        and made_up.HOSTILE_NAME in cells[4]
    )
    # the made-up run has no sensitivity tables
    assert {"ja": "未測定", "en": "not measured"}[lang] in cells[3]
    assert len(rows) == 3 and not [
        row for row in rows.values() for cell in row.select("td") if not cell.get_text().strip()
    ]


def test_the_assumptions_log_downloads_with_its_reasons(annex):
    address = annex.find("a", download="assumptions.csv")["href"]
    content = unquote_to_bytes(address.partition(",")[2]).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content)))
    assert {row["item"] for row in rows} >= {"milling_loss"} and all(
        row["reasoning_en"] for row in rows
    )


def test_exhibits_lead_to_their_program_and_back(annex, published, lang):
    report = published[lang].name
    rows = annex.find("h3", id="programs").find_next("tbody").select("tr")
    assert [[a["href"] for a in row.select("a")] for row in rows] == [
        [f"{report}#exhibit-costs", "#code-04-bread-show-costs"],
        [f"{report}#exhibit-detail", "#code-04-bread-show-detail"],
        [f"{report}#exhibit-answers", "#code-12-ledger-show-answers"],
    ]
    assert (
        "chapters.bread.charts.plot_costs" in rows[0].get_text()
        and "chapters.bread" in rows[0].get_text()
    )


def test_the_checklists_say_what_is_proved_what_lacks_and_what_people_must_do(annex, lang):
    words = {"ja": ("不足", "人が確認"), "en": ("lacking", "for people")}[lang]
    for framework, lines in (("checklist-rap", 18), ("checklist-data-editors", 29)):
        verdicts = [
            row.select_one("td").get_text()
            for row in annex.find("h4", id=framework).find_next("tbody").select("tr")
        ]
        # beside a made-up run there is no README, no test, no workflow
        assert len(verdicts) == lines and set(words) <= set(verdicts)


def test_the_appendix_lists_the_parameters(annex):
    rows = [
        row.get_text(" ", strip=True)
        for row in annex.find("h3", id="parameters").find_next("tbody").select("tr")
    ]
    assert rows == ["bread.targets 3, 4", "study.baseline implied"]


def test_regions_have_names_of_their_own_and_can_take_the_focus(parsed):
    regions = parsed.select(".table-region[role=region]")
    names = [region.get("aria-label") or region["aria-labelledby"] for region in regions]
    assert len(set(names)) == len(names)
    assert all(region["tabindex"] == "0" for region in parsed.select(".table-region"))


def test_the_embedded_typeface_comes_first_wherever_text_is_set(either):
    families = re.findall(r"font-family:\s*([^;}]+?)(?=[;}]|\"[ />])", either)
    prose = [family for family in families if "monospace" not in family]
    assert prose and all(family.strip("'\" ").startswith("Workbook Gothic") for family in prose)
    # a face for code holds ASCII; ours fills in the rest
    code = [family for family in families if "monospace" in family]
    assert all(family.rstrip().endswith('"Workbook Gothic"') for family in code)
    assert "IPAexGothic" not in either


def test_the_exhibit_list_names_every_exhibit_under_its_chapter(annex, published, lang):
    report = published[lang].name
    named = [[a["href"] for a in ol.select("a")] for ol in annex.select("ol.exhibit-list")]
    assert named == [
        [f"{report}#exhibit-costs", f"{report}#exhibit-detail"],
        [f"{report}#exhibit-answers"],
    ]


def test_a_citation_leads_to_the_work_and_only_cited_works_are_listed(soup, annex, lang):
    (cited,) = soup.select(".prose .citation")
    assert (
        cited.get_text()
        == {
            "ja": "（Littlechild & Owen 1973; Shapley 1953）",
            "en": "(Littlechild & Owen 1973; Shapley 1953)",
        }[lang]
    )
    assert [a["href"].partition("#")[2] for a in cited.select("a")] == [
        "work-littlechild1973",
        "work-shapley1953",
    ]
    # the tempting way: printing the whole file, so that a reader cannot tell what the report rests
    # on
    assert [li["id"] for li in annex.select(".works li")] == [
        "work-littlechild1973",
        "work-shapley1953",
    ]
    assert annex.select_one(".works")["lang"] == "en"


def test_a_formula_is_mathml_and_needs_no_script(soup):
    (formula,) = soup.select(".formula math")
    assert formula["display"] == "block"
    assert [part.name for part in formula.select("mfrac > *")] == ["mrow", "mrow"]
    assert "$" not in soup.select_one("#chapter-04-bread .prose").get_text()


def test_no_letter_of_a_formula_comes_from_the_mathematical_alphabets(soup):
    # the tempting way: a browser slants a lone letter by taking U+1D465 and its like, which the
    # embedded typeface lacks
    assert all(
        mi.get("mathvariant") == "normal" for mi in soup.find_all("mi") if len(mi.get_text()) == 1
    )
    assert soup.find_all("mi")


def test_the_glossary_gives_both_languages_and_the_identifier(annex, lang):
    rows = {
        row.select_one("code").get_text(): row
        for row in annex.find("h3", id="glossary").find_next("tbody").select("tr")
    }
    assert [cell.get_text() for cell in rows["mill_field"].select("th, td")] == {
        "ja": ["水車の畑", "mill field", "mill_field"],
        "en": ["mill field", "水車の畑", "mill_field"],
    }[lang]
    assert rows["mill_field"].select_one("td")["lang"] == {"ja": "en", "en": "ja"}[lang]


def test_the_footer_tells_version_parameters_and_checksums(soup, published):
    footer = soup.find("footer").get_text()
    run = published["ja"].parents[1]
    for name in ("params.yaml", "results.json"):
        assert f"{name} {hashlib.sha256((run / name).read_bytes()).hexdigest()[:12]}" in footer
    assert "4f1c2d3" in footer
    links = {a["href"].partition("#")[2] for a in soup.select("footer a")}
    assert links == {"parameters", "data"}


def test_every_header_cell_of_a_table_has_its_scope(parsed):
    assert {th.get("scope") for th in parsed.select(".exhibit th, .appendix th")} == {"col", "row"}
    assert not [th for th in parsed.find_all("th") if not th.get_text().strip()]


def test_landmarks_are_one_of_each_kind(parsed):
    assert [
        len(parsed.select(f"body > {name}, .columns > {name}"))
        for name in ("header", "nav", "main", "footer")
    ] == [1, 1, 1, 1]
