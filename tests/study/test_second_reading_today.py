"""What the hostile second reading asks of a decision from today (part B, line 3): dates."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.chapters.schedule import money_over_time


@pytest.mark.parametrize("first_year", [2022, 2026])
def test_b_chapter_9_appraises_over_the_fiscal_years_of_chapter_6(first_year):
    """Tempting: years that begin on the day of the decision, over dates that begin there, too: a
    decision of December would put the plan off by eight months twice.
    """
    horizon = money_over_time.Horizon(first_year, 15, 1.0, 0.01, 10, 0.5)
    terms = money_over_time.appraisal_terms(horizon, 0.04, 0.25, 1.0).iloc[0]
    assert money_over_time.Horizon.of_terms(terms) == horizon
    assert isinstance(money_over_time.Horizon.of_terms(terms).years, int)
    assert pd.Series(horizon.edges).mod(1).eq(0).all()
