"""How the report asks to be cited is what the citation file says."""

from __future__ import annotations

import pytest
import yaml

from tests.toy_project import ROOT, TOY
from workbook.report.edition import Edition
from workbook.report.exhibits import Exhibits
from workbook.report.finished_run import FinishedRun
from workbook.report.imprint import imprint_of
from workbook.report.publish import own_words


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_line_to_cite_names_authors_year_title_and_version_of_the_citation_file(lang):
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    manifest = {"committed_on": "2031-05-04", "commit": "4f1c2d3"}
    run = FinishedRun("baseline", (), manifest, [], {}, {}, folder=ROOT / "runs" / "baseline")
    edition = Edition(lang, Exhibits((), {}), own=own_words(TOY / "notebooks"))
    imprint = imprint_of(run, edition)
    expected = [author["name"] for author in citation["authors"]]
    expected += ["2031", edition.word("title"), str(citation["version"]), "4f1c2d3"]
    assert [part for part in expected if part not in imprint.cite] == []
    assert imprint.licence == citation["license"]
