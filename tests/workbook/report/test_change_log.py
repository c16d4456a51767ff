"""The change log of the annex: in the reader's language where the study keeps one."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from workbook.report.appendix import change_log


@pytest.fixture
def run(tmp_path):
    """A run of a study that keeps its log in English."""
    log = "# Changelog\n\nHow to read it.\n\n## 0.2.0\n\n### Rolls\n\n- Rye rolls < wheat rolls.\n"
    (tmp_path / "CHANGELOG.md").write_text(log, encoding="utf-8")
    return SimpleNamespace(folder=tmp_path / "runs" / "baseline")


def test_the_log_stands_below_the_heading_of_its_section(run, edition):
    shown = change_log(run, edition)
    assert '<h4 id="' in shown or "<h4>" in shown
    assert "<h5" in shown and "Rye rolls &lt; wheat rolls." in shown
    assert "How to read it" not in shown


def test_a_log_in_english_alone_says_so_to_a_screen_reader(run, edition):
    assert change_log(run, edition).startswith('<div class="changes" lang="en">')


def test_a_log_in_the_readers_language_is_preferred(run, edition, tmp_path):
    own = tmp_path / f"CHANGELOG.{edition.lang}.md"
    own.write_text("# 履歴\n\n## 0.2.0\n\n- ライ麦のパン。\n", encoding="utf-8")
    shown = change_log(run, edition)
    assert f'lang="{edition.lang}"' in shown and "ライ麦のパン" in shown and "Rye" not in shown


def test_a_study_without_a_log_shows_none(run, edition, tmp_path):
    (tmp_path / "CHANGELOG.md").unlink()
    assert not change_log(run, edition)
