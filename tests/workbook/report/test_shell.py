"""The bare page in the report's look: for what is no report, such as a comparison of two runs."""

from __future__ import annotations

import pytest
from markupsafe import Markup

from workbook.report import ReportFault
from workbook.report.shell import page_shell


def test_a_bare_page_is_whole_and_runs_nothing():
    page = page_shell("二つの実行の比較", "ja", Markup("<h2>設定値</h2>"), lead="baseline と own")
    assert page.startswith('<!DOCTYPE html>\n<html lang="ja">')
    assert "<script" not in page
    assert (
        page.index("Content-Security-Policy")
        < page.index("@font-face")
        < page.index("<h1>二つの実行の比較</h1>")
    )


def test_title_and_lead_are_escaped():
    page = page_shell("<i>a", "en", Markup("<h2>b</h2>"), lead="<script>alert(1)</script>")
    assert "<i>a" not in page and "<script>" not in page


def test_two_pages_of_one_municipality_are_the_same_bytes():
    assert page_shell("a", "en", Markup("<h2>b</h2>")) == page_shell(
        "a", "en", Markup("<h2>b</h2>")
    )


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("<h3>x</h3>", "the heading 'x' skips a level"),
        ("<h1>x</h1>", "one heading of level one"),
        ('<p id="main">x</p>', "'main' stands 2 times"),
        ('<p><a href="#gone">x</a></p>', "#gone"),
        ("<p>🍡</p>", "DANGO"),
    ],
)
def test_what_would_make_a_page_unsound_is_refused(body, said):
    with pytest.raises(ReportFault, match=said):
        page_shell("a", "en", Markup(body))
