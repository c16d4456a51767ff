"""Markdown is shown, never run; its headings fit under the page's own."""

from __future__ import annotations

import pytest

from workbook.report import ReportFault
from workbook.report.edition import Edition
from workbook.report.exhibits import Exhibits
from workbook.report.markdown import render_markdown


def test_headings_sink_by_one_and_the_first_title_is_named(edition):
    html = render_markdown("# A\n\n## B\n\n# C", edition, "chapter-title")
    assert html.split("\n")[:3] == ['<h2 id="chapter-title">A</h2>', "<h3>B</h3>", "<h2>C</h2>"]


def test_raw_html_is_text(edition):
    html = render_markdown("<script>alert(1)</script>\n\na <b onclick=x>b</b>", edition)
    assert "<script" not in html and "<b" not in html and "&lt;script&gt;" in html


def test_a_link_that_would_run_code_is_disarmed(edition):
    assert "javascript:" not in render_markdown("[x](javascript:alert(1))", edition)


def test_an_image_is_refused(edition):
    with pytest.raises(ReportFault, match="run.show"):
        render_markdown("![x](https://example.org/x.png)", edition)


def test_a_cross_reference_in_code_is_left_alone(edition):
    assert "<code>[[costs]]</code>" in render_markdown("`[[costs]]`", edition)


def test_a_formula_that_cannot_be_read_is_refused_by_its_text(edition):
    for tex in (r"x_", r"\nosuchcommand x"):
        with pytest.raises(ReportFault, match=r"cannot be read") as fault:
            render_markdown(f"$${tex}$$", edition)
        assert tex.split("{")[0].lstrip("\\").split()[0] in str(fault.value)


def test_a_dollar_amount_is_no_formula(edition):
    assert "math" not in render_markdown("It costs $5 and later $6.", edition)


def test_signs_of_order_are_written_as_in_japan(edition):
    # IPAex Gothic holds ≦ and not ≤
    assert "≦" in render_markdown(r"$x \le 1$", edition)


def test_lines_of_japanese_join_without_a_gap():
    # the tempting way: a line break in the source shows as a space between two characters
    edition = Edition("ja", Exhibits((), {}))
    assert render_markdown("目標と\n比べる。", edition) == "<p>目標と比べる。</p>\n"
    assert render_markdown("- 一\n- 二", edition).count("<li>") == 2
    assert "one\ntwo" in render_markdown("one\ntwo", edition)


def test_text_of_the_other_language_is_marked_in_each_edition():
    japanese, english = (Edition(lang, Exhibits((), {})) for lang in ("ja", "en"))
    assert (
        english.marked("Brookham（川村）& co") == 'Brookham<span lang="ja">（川村）</span>&amp; co'
    )
    assert (
        japanese.marked("Statistics of the Valley")
        == '<span lang="en">Statistics of the Valley</span>'
    )
    assert japanese.marked("総務省 FY2021") == "総務省 FY2021"
    assert japanese.marked("CC BY 4.0 <x>") == "CC BY 4.0 &lt;x&gt;"
