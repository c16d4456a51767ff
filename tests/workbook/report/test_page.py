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

import pytest
from bs4 import BeautifulSoup

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


def test_the_one_script_is_the_one_its_policy_names(text, soup):
    policy = soup.find("meta", {"http-equiv": "Content-Security-Policy"})["content"]
    (script,) = re.findall(r"<script>(.*?)</script>", text, flags=re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'; ")
    assert "base-uri 'none'; form-action 'none'" in policy
    assert not [name for tag in soup.find_all() for name in tag.attrs if name.startswith("on")]


def test_policy_stands_before_anything_it_governs(text):
    assert text.index("Content-Security-Policy") < min(
        text.index("<style>"), text.index("<script>"), text.index("<svg")
    )


def test_nothing_is_fetched(text, soup):
    assert not soup.find_all(
        ["link", "iframe", "object", "embed", "base", "form", "video", "audio"]
    )
    assert not [
        tag for tag in soup.find_all() if {"src", "srcset", "poster", "xlink:href"} & set(tag.attrs)
    ]
    assert not [
        tag["href"]
        for tag in soup.find_all(["use", "image"])
        if not tag["href"].startswith(("#", "data:image/png"))
    ]
    assert not re.findall(r"url\(\s*[\"']?(?!#|data:|[\"'])[^)]{0,40}", text)
    assert "@import" not in text


def test_the_only_links_out_are_those_an_author_wrote(soup):
    out = {
        a["href"] for a in soup.find_all("a") if not a["href"].startswith(("#", "data:text/csv"))
    }
    assert out <= {"en.html", "index.html", "https://example.org/phi"}


def test_every_id_is_unique_and_every_link_inside_lands(soup):
    ids = Counter(tag["id"] for tag in soup.find_all(id=True))
    assert ids.most_common(1)[0][1] == 1
    assert not {a["href"][1:] for a in soup.find_all("a") if a["href"].startswith("#")} - set(ids)


def test_headings_begin_at_one_and_never_skip(soup):
    levels = [int(tag.name[1]) for tag in soup.find_all(re.compile("^h[1-6]$"))]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_chapters_are_h2_and_exhibits_h3(soup):
    assert [
        section.find(re.compile("^h[1-6]$")).name for section in soup.select("section.chapter")
    ] == ["h2", "h2"]
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
        for tag in soup.find_all()
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
        "Chiyoda",
    ):
        assert english not in soup.get_text(), english
    assert "報告書の目標" in soup.find("svg", role="img").get_text()


def test_a_ward_named_like_a_script_stays_a_name(text, made_up):
    assert made_up.HOSTILE_WARD not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert text.count("<script") == 1


def test_raw_html_in_markdown_and_parameters_is_text(text):
    assert "<img" not in text
    assert "<b>bold" not in text
    assert "&lt;b&gt;bold&lt;/b&gt;" in text


def test_cross_references_name_the_exhibit_and_link_to_it(published):
    for lang, name in (("ja", "図表 4.1"), ("en", "exhibit 4.1")):
        soup = BeautifulSoup(published[lang].read_text(encoding="utf-8"), "html.parser")
        links = [a for a in soup.select(".prose a") if a["href"] == "#exhibit-costs"]
        assert [a.get_text() for a in links] == [name, name]


def test_contents_nest_the_exhibits_in_their_chapters(soup):
    chapters = soup.select("nav #contents > ol > li")
    assert [[a["href"] for a in chapter.select(":scope > ol a")] for chapter in chapters] == [
        ["#exhibit-answers"],
        ["#exhibit-costs", "#exhibit-detail"],
        [
            "#exhibit_list",
            "#results",
            "#assumptions",
            "#data",
            "#programs",
            "#checklists",
            "#parameters",
            "#standings",
            "#glossary",
            "#bibliography",
        ],
    ]


def test_every_picture_has_its_words(soup, lang, made_up):
    alt = made_up.exhibit("1.1", "x", "figure", [], {})["alt"][lang]
    assert [svg["aria-label"] for svg in soup.find_all("svg", role="img")] == [alt]
    assert all(svg.get("aria-hidden") == "true" for svg in soup.select("svg:not([role])"))


def test_code_is_closed_and_printed_text_with_it(text):
    soup = BeautifulSoup(text, "html.parser")
    folded = soup.select("details.code")
    assert len(folded) == 2 and not any(details.has_attr("open") for details in folded)
    assert "3 rows < 4" in folded[1].get_text()
    outside = soup.find("main")
    for details in folded:
        details.extract()
    assert "run.write" not in outside.get_text()


def test_the_switch_is_hidden_until_a_script_can_serve_it(soup):
    assert soup.find("button", id="code-switch").has_attr("hidden")


def test_standing_is_told_by_word_and_shape(soup, lang):
    badge = soup.find("figure").select_one(".source .badge")
    assert badge.get_text() == {"ja": "推計値", "en": "modelled"}[lang]
    assert badge.find("svg")
    assert (
        soup.select_one(".assumptions").get_text()
        == {"ja": "想定値 12 件に基づく", "en": "rests on 12 assumed inputs"}[lang]
    )


def test_a_number_can_be_followed_to_code_data_and_parameters(soup):
    provenance = soup.select_one("#exhibit-costs details.provenance").get_text(" ")
    for part in (
        "04_procurement",
        "show-costs",
        "analysis.chapters.procurement.charts.plot_costs",
        "ward_costs",
        "saving_curve",
        "municipality_indicators",
        "CC BY 4.0",
        "0123456789ab",
        "baseline",
        "implied",
        "3, 4",
    ):
        assert part in provenance, part
    assert "0123456789abc" not in provenance
    assert (
        soup.select_one("#exhibit-costs details.provenance a")["href"]
        == "#code-04-procurement-show-costs"
    )


def test_the_appendix_gives_headline_results_with_reasons_for_missing_ones(soup, lang):
    table = soup.find("h3", id="results").find_next("tbody")
    rows = [[cell.get_text() for cell in row.select("th, td")] for row in table.select("tr")]
    modelled = {"ja": "推計値", "en": "modelled"}[lang]
    assert (
        rows
        == {
            "ja": [
                [
                    "通年の純削減額run_rate_saving",
                    "年301億円",
                    "年120億円～550億円",
                    modelled,
                    "4.1",
                ],
                ["元が取れる時期payback_year", "期間内に回収しない。", "–", modelled, "4.2"],
            ],
            "en": [
                [
                    "full-year net savingrun_rate_saving",
                    "30 billion yen a year",
                    "12 billion yen to 55 billion yen a year",
                    modelled,
                    "4.1",
                ],
                ["date of pay-backpayback_year", "It never pays back.", "–", modelled, "4.2"],
            ],
        }[lang]
    )


def test_the_appendix_lists_every_input_even_one_behind_no_exhibit(soup):
    names = [
        row.select_one("code").get_text()
        for row in soup.find("h3", id="data").find_next("tbody").select("tr")
    ]
    assert names == ["lever_scope", "municipalities", "municipality_indicators"]


def test_the_assumptions_log_says_value_range_grade_weight_and_owner(soup, lang, made_up):
    rows = {
        row.select_one("code").get_text(): row
        for row in soup.find("h3", id="assumptions").find_next("tbody").select("tr")
    }
    cells = [cell.get_text(" ") for cell in rows["input_ranges price_effect"].select("th, td")]
    assert cells[0].startswith({"ja": "価格の効果：10%", "en": "effect on price: 10%"}[lang])
    assert (
        cells[1:3] == [{"ja": "4%～23%", "en": "4% to 23%"}[lang], "B"]
        and made_up.HOSTILE_WARD in cells[4]
    )
    # the made-up run has no sensitivity tables
    assert {"ja": "未測定", "en": "not measured"}[lang] in cells[3]
    assert len(rows) == 3 and not [
        row for row in rows.values() for cell in row.select("td") if not cell.get_text().strip()
    ]


def test_the_assumptions_log_downloads_with_its_reasons(soup):
    address = soup.find("a", download="assumptions.csv")["href"]
    rows = list(
        csv.DictReader(io.StringIO(base64.b64decode(address.partition(",")[2]).decode("utf-8-sig")))
    )
    assert {row["item"] for row in rows} >= {"price_effect"} and all(
        row["reasoning"] for row in rows
    )


def test_exhibits_lead_to_their_program_and_back(soup):
    rows = soup.find("h3", id="programs").find_next("tbody").select("tr")
    assert [[a["href"] for a in row.select("a")] for row in rows] == [
        ["#exhibit-costs", "#code-04-procurement-show-costs"],
        ["#exhibit-detail", "#code-04-procurement-show-detail"],
        ["#exhibit-answers", "#code-09-findings-show-answers"],
    ]
    assert (
        "chapters.procurement.charts.plot_costs" in rows[0].get_text()
        and "chapters.procurement" in rows[0].get_text()
    )


def test_the_checklists_say_what_is_proved_what_lacks_and_what_people_must_do(soup, lang):
    words = {"ja": ("不足", "人が確認"), "en": ("lacking", "for people")}[lang]
    for framework, lines in (("checklist-rap", 18), ("checklist-data-editors", 29)):
        verdicts = [
            row.select_one("td").get_text()
            for row in soup.find("h4", id=framework).find_next("tbody").select("tr")
        ]
        # beside a made-up run there is no README, no test, no workflow
        assert len(verdicts) == lines and set(words) <= set(verdicts)


def test_the_appendix_lists_the_parameters(soup):
    rows = [
        row.get_text(" ", strip=True)
        for row in soup.find("h3", id="parameters").find_next("tbody").select("tr")
    ]
    assert rows == ["procurement.targets 3, 4", "study.baseline implied"]


def test_regions_have_names_of_their_own_and_can_take_the_focus(soup):
    regions = soup.select(".table-region[role=region]")
    names = [region.get("aria-label") or region["aria-labelledby"] for region in regions]
    assert len(set(names)) == len(names)
    assert all(region["tabindex"] == "0" for region in soup.select(".table-region"))


def test_the_embedded_typeface_comes_first_wherever_text_is_set(text):
    families = re.findall(r"font-family:\s*([^;}]+?)(?=[;}]|\"[ />])", text)
    prose = [family for family in families if "monospace" not in family]
    assert prose and all(family.strip("'\" ").startswith("Workbook Gothic") for family in prose)
    # a face for code holds ASCII; ours fills in the rest
    code = [family for family in families if "monospace" in family]
    assert all(family.rstrip().endswith('"Workbook Gothic"') for family in code)
    assert "IPAexGothic" not in text


def test_the_exhibit_list_names_every_exhibit_under_its_chapter(soup):
    listed = [[a["href"] for a in ol.select("a")] for ol in soup.select("ol.exhibit-list")]
    assert listed == [["#exhibit-answers"], ["#exhibit-costs", "#exhibit-detail"]]


def test_a_citation_leads_to_the_work_and_only_cited_works_are_listed(soup, lang):
    (cited,) = soup.select(".prose .citation")
    assert (
        cited.get_text()
        == {
            "ja": "（Littlechild & Owen 1973; Shapley 1953）",
            "en": "(Littlechild & Owen 1973; Shapley 1953)",
        }[lang]
    )
    assert [a["href"] for a in cited.select("a")] == ["#work-littlechild1973", "#work-shapley1953"]
    # the tempting way: printing the whole file, so that a reader cannot tell what the report rests
    # on
    assert [li["id"] for li in soup.select(".works li")] == [
        "work-littlechild1973",
        "work-shapley1953",
    ]
    assert soup.select_one(".works")["lang"] == "en"


def test_a_formula_is_mathml_and_needs_no_script(soup):
    (formula,) = soup.select(".formula math")
    assert formula["display"] == "block"
    assert [part.name for part in formula.select("mfrac > *")] == ["mrow", "mrow"]
    assert "$" not in soup.select_one("#chapter-04-procurement .prose").get_text()


def test_no_letter_of_a_formula_comes_from_the_mathematical_alphabets(soup):
    # the tempting way: a browser slants a lone letter by taking U+1D465 and its like, which the
    # embedded typeface lacks
    assert all(
        mi.get("mathvariant") == "normal" for mi in soup.find_all("mi") if len(mi.get_text()) == 1
    )
    assert soup.find_all("mi")


def test_the_glossary_gives_both_languages_and_the_identifier(soup, lang):
    rows = {
        row.select_one("code").get_text(): row
        for row in soup.find("h3", id="glossary").find_next("tbody").select("tr")
    }
    assert [cell.get_text() for cell in rows["core"].select("th, td")] == {
        "ja": ["基幹系", "core", "core"],
        "en": ["core", "基幹系", "core"],
    }[lang]
    assert rows["core"].select_one("td")["lang"] == {"ja": "en", "en": "ja"}[lang]


def test_the_footer_tells_version_parameters_and_checksums(soup, published):
    footer = soup.find("footer").get_text()
    run = published["ja"].parents[1]
    for name in ("params.yaml", "results.json"):
        assert f"{name} {hashlib.sha256((run / name).read_bytes()).hexdigest()[:12]}" in footer
    assert "4f1c2d3" in footer
    assert {a["href"] for a in soup.select("footer a")} == {"#parameters", "#data"}


def test_every_header_cell_of_a_table_has_its_scope(soup):
    assert {th.get("scope") for th in soup.select(".exhibit th, .appendix th")} == {"col", "row"}
    assert not [th for th in soup.find_all("th") if not th.get_text().strip()]


def test_landmarks_are_one_of_each_kind(soup):
    assert [
        len(soup.select(f"body > {name}, .columns > {name}"))
        for name in ("header", "nav", "main", "footer")
    ] == [1, 1, 1, 1]
