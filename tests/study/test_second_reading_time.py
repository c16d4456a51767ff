"""What the hostile second reading found false or misleading in matters of time, line by line: each
test would have failed on the text or the number that it names.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.choices import Study
from workbook.choices import load_parameters

ROOT = Path(__file__).parents[2]


def study_with(**changes):
    """The shipped choices of the study, some of them changed."""
    return Study(**(load_parameters(ROOT / "params.yaml").study.model_dump() | changes))


def test_b_the_study_decides_from_this_fiscal_year():
    assert load_parameters(ROOT / "params.yaml").study.decision_date == "2026-04"


@pytest.mark.parametrize("date", ["2022-03", "2021", "2030-04", "2030"])
def test_b_no_decision_is_dated_before_the_report_or_after_the_window(date):
    with pytest.raises(ValueError, match="is before 2022-04 or after 2030-03"):
        study_with(decision_date=date)


@pytest.mark.parametrize("date", ["2022-04", "2022", "2030-03"])
def test_b_both_ends_of_the_window_are_allowed(date):
    assert study_with(decision_date=date).decision_date == date
