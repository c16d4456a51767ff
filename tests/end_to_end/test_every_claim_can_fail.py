"""Every claim of chapters 5 and 9 can fail: over a few runs with other choices inside their bounds,
each of its wordings is shown.
"""

from __future__ import annotations

import pytest

from tests.claims import never_shown
from tests.end_to_end.conftest import copy_of_the_study
from workbook import choices as params
from workbook.running import pipeline

pytestmark = pytest.mark.slow
FEW_DRAWS = ("study.draws_log2=12", "study.stored_draws_log2=10")
OTHER_CHOICES = {
    "claim": ("study.scale_model=source_report", "organisation.weight_floor=0.15"),
    "twelve": ("study.scale_model=cross_section", "study.participants=report12"),
    "tama26": ("study.group=tama26", "organisation.leaving_tolerance_jpy=1e10"),
}
# what hangs on more than a run's choices, and where both of its wordings are held
HELD_ELSEWHERE = {
    "05_organisation": {"shares-map"},  # chapter 2's rival drivers: test_second_reading_sharing
    "12_findings": {"scenarios", "next", "what-to-learn"},  # gathered runs; test_findings, a1
}


@pytest.fixture(scope="module")
def runs(study, tmp_path_factory):
    """The finished baseline and the runs with other choices."""
    found = [study / "runs" / "baseline"]
    for name, chosen in OTHER_CHOICES.items():
        folder = copy_of_the_study(tmp_path_factory.mktemp(name))
        parameters = params.load_parameters(folder / "params.yaml", overrides=[*chosen, *FEW_DRAWS])
        found.append(pipeline.run_study(folder, parameters, name))
    return found


@pytest.mark.parametrize("chapter", HELD_ELSEWHERE)
def test_line8_each_wording_of_a_claim_is_shown_by_some_run(study, runs, chapter):
    left = never_shown(study, chapter, runs)
    assert set(left) <= HELD_ELSEWHERE[chapter], left
