"""The headline results of the baseline are those that were reviewed last."""

import pytest

from analysis.workbook.expected import changes
from tests.end_to_end.conftest import ROOT

pytestmark = pytest.mark.xdist_group("study")


def test_no_headline_result_has_moved_since_it_was_reviewed(study):
    assert changes(ROOT, study / "runs" / "baseline") == [], "if the change is meant: workbook run, then workbook accept, and say why in the commit"
